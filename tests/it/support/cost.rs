//! What a program costs: time, processor time, memory. For benchmarks.

use std::fs;
use std::io::Read as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// What one run took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    /// From start to end.
    pub(crate) time: Duration,
    /// Of all its threads and of the programs that it waited for, in user and system mode.
    pub(crate) processor: Duration,
    /// The peak of resident memory, in bytes.
    pub(crate) memory: u64,
}

/// Runs a command to its end, which has to be a good one.
pub(crate) fn run(command: &mut Command) -> Cost {
    run_to(command, &[0])
}

/// Runs a command to its end, with one of these exit codes.
#[expect(clippy::zombie_processes, reason = "it is waited for, by another call")]
pub(crate) fn run_to(command: &mut Command, good: &[i32]) -> Cost {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null());
    let started = Instant::now();
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let watcher = thread::spawn(move || {
        let mut memory = 0;
        while let Some(peak) = peak_of(&status) {
            memory = memory.max(peak);
            thread::sleep(Duration::from_millis(1));
        }
        memory
    });
    let mut said = String::new();
    let mut stderr = child.stderr.take().unwrap();
    stderr.read_to_string(&mut said).unwrap();
    let (status, processor) = wait(&child);
    let time = started.elapsed();
    let code = ExitStatus::from_raw(status).code();
    let is_good = code.is_some_and(|code| good.contains(&code));
    assert!(is_good, "{command:?}: {code:?} {said}");
    let memory = watcher.join().unwrap();
    Cost {
        time,
        processor,
        memory,
    }
}

/// The peak of a running process, from the operating system's own account. (That of a process that
/// has ended counts what it was started from as well.)
fn peak_of(status: &Path) -> Option<u64> {
    let text = fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib * 1024)
}

/// Waits for a child; gives its raw status and the processor time that it took.
fn wait(child: &Child) -> (i32, Duration) {
    let id = i32::try_from(child.id()).unwrap();
    let mut status = 0;
    #[expect(
        unsafe_code,
        reason = "the standard library tells nothing of a child's costs"
    )]
    // SAFETY: the two places are ours and large enough; all zeros are a `rusage`.
    let (waited, usage) = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        (libc::wait4(id, &raw mut status, 0, &raw mut usage), usage)
    };
    assert_eq!(waited, id, "nobody else waits for it");
    let duration = |time: libc::timeval| {
        let seconds = Duration::from_secs(time.tv_sec.try_into().unwrap());
        seconds + Duration::from_micros(time.tv_usec.try_into().unwrap())
    };
    (status, duration(usage.ru_utime) + duration(usage.ru_stime))
}

/// The least of several runs, each after `prepare`; the most of their memory.
pub(crate) fn best(
    rounds: usize,
    mut prepare: impl FnMut(),
    mut one: impl FnMut() -> Cost,
) -> Cost {
    let mut costs = Vec::new();
    for _ in 0..rounds {
        prepare();
        costs.push(one());
    }
    let costs = || costs.iter();
    Cost {
        time: costs().map(|cost| cost.time).min().unwrap(),
        processor: costs().map(|cost| cost.processor).min().unwrap(),
        memory: costs().map(|cost| cost.memory).max().unwrap(),
    }
}

/// For showing.
pub(crate) fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// For showing.
#[allow(
    clippy::cast_precision_loss,
    reason = "no figure here has so many digits"
)]
pub(crate) fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// Bytes that do not compress.
pub(crate) fn noise(length: usize, seed: u32) -> Vec<u8> {
    let mut state = seed;
    let next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        u8::try_from(state & 0xff).unwrap()
    };
    std::iter::repeat_with(next).take(length).collect()
}
