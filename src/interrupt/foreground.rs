//! A command that runs in our place: it gets what is sent to us, and we end as it ends.
//!
//! It stays in the process group that we were started in, so that the terminal takes both for one job: Ctrl-C,
//! Ctrl-\ and Ctrl-Z reach it without us. Only what another process has sent to us is passed on.
//!
//! Whether such a signal was sent to us alone or to the whole group, which has the command in it, nobody tells.
//! So that it does not come twice, we leave the group where that can be done: where no terminal and no shell
//! at one goes by groups, and somebody else has made it, as the script of a build service or `timeout` does.
//! What is sent to the group then reaches the command by itself, and what is sent to us is for us alone.

use std::io;
use std::process::{Child, Command};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::process::{
    Pid, Resource, Rlimit, Signal, WaitId, WaitIdOptions, getpgrp, getpid, kill_process, setpgid,
    setrlimit, waitid,
};
use signal_hook::consts::{SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};
use signal_hook::iterator::exfiltrator::origin::Origin;

use super::{Ended, Interrupt};
use crate::fsx;

/// What would end us while a command runs, besides what is always listened to.
const MORE: [i32; 4] = [SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2];

/// The command that runs, if one does.
#[derive(Debug, Default)]
pub(super) struct Foreground {
    /// Held while it is started; empty again before its number may become another process's.
    process: Mutex<Option<Pid>>,
    started: AtomicBool,
}

impl Foreground {
    fn process(&self) -> MutexGuard<'_, Option<Pid>> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a signal that is for the command; false where none runs.
    pub(super) fn takes(&self, origin: &Origin) -> bool {
        // From the terminal it comes to the whole group: to the command as well, once there is one.
        let for_us_alone = origin.process.is_some() || !self.started.load(Ordering::SeqCst);
        let process = self.process();
        let Some(id) = *process else {
            return false;
        };
        if let Some(signal) = Signal::from_named_raw(origin.signal).filter(|_| for_us_alone) {
            // It may have ended just now.
            let _ = kill_process(id, signal);
        }
        true
    }
}

impl Interrupt {
    /// Runs a command to its end, with our streams and in our process group; signals to us are
    /// passed on to it.
    pub fn run(&self, command: &mut Command) -> io::Result<Ended> {
        self.listen();
        let ignored = ignored();
        if let Some(Some(handle)) = self.heard.listening.get() {
            for signal in MORE {
                // What `nohup` and shells have had ignored must stay so, for the command too.
                if ignored & (1 << (signal - 1)) == 0 {
                    // Where it cannot be listened to it ends us, and what we leave is swept later.
                    let _ = handle.add_signal(signal);
                }
            }
        }
        let mut process = self.heard.foreground.process();
        if self.requested.load(Ordering::SeqCst) {
            return Ok(Ended::NotStarted);
        }
        let child = command.spawn()?;
        *process = Some(Pid::from_child(&child));
        self.heard.foreground.started.store(true, Ordering::SeqCst);
        drop(process);
        leave_group();
        self.heard.foreground.wait(child)
    }
}

impl Foreground {
    fn wait(&self, mut child: Child) -> io::Result<Ended> {
        let id = WaitId::Pid(Pid::from_child(&child));
        // Not reaped at once: until nothing more is sent to it, its number must stay its own.
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        let status = loop {
            match waitid(id.clone(), options) {
                Err(rustix::io::Errno::INTR) => {}
                other => break other,
            }
        };
        self.process().take();
        self.started.store(false, Ordering::SeqCst);
        let reaped = child.wait();
        let status = status?.ok_or(io::ErrorKind::Interrupted)?;
        reaped?;
        if let Some(signal) = status.terminating_signal() {
            return Ok(Ended::Signal(signal));
        }
        // The system keeps eight bits.
        let code = status.exit_status().unwrap_or_default() & 0xFF;
        Ok(Ended::Code(u8::try_from(code).unwrap_or(u8::MAX)))
    }
}

/// Ends this process by a signal, as a command of ours has ended, so that whoever waits for us is
/// told the same. Comes back, with the exit code that shells have for it, only where that cannot be.
pub fn end_by(signal: i32) -> u8 {
    // The first process of a container cannot be ended by a signal of its own.
    if std::process::id() != 1 {
        let nothing = Rlimit {
            current: Some(0),
            maximum: Some(0),
        };
        // The command has left its core, if it had one; ours would take its place.
        let _ = setrlimit(Resource::Core, nothing);
        let _ = signal_hook::low_level::emulate_default_handler(signal);
    }
    u8::try_from(128 + signal).unwrap_or(u8::MAX)
}

/// Leaves the process group, now that the command is in it, unless a terminal or a shell at one goes by it.
fn leave_group() {
    let stat = fsx::read(std::path::Path::new("/proc/self/stat")).unwrap_or_default();
    if getpgrp() != getpid() && !may_have_terminal(&String::from_utf8_lossy(&stat)) {
        // Where it cannot be left, as by the first process of a session, all is as before.
        let _ = setpgid(None, None);
    }
}

/// Whether a process may have a terminal, by what `/proc` has of it. (`proc_pid_stat(5)`)
fn may_have_terminal(stat: &str) -> bool {
    // The name is in brackets, and may have any of them in it.
    let fields = stat
        .rsplit_once(')')
        .map(|(_, rest)| rest.split_whitespace());
    // After it: the state, the parent, the group, the session, the terminal.
    let terminal = fields.and_then(|mut fields| fields.nth(4));
    terminal != Some("0")
}

/// The signals that this process was told to ignore when it was started, a bit each; none where the
/// system does not say.
fn ignored() -> u64 {
    let status = fsx::read(std::path::Path::new("/proc/self/status")).unwrap_or_default();
    ignored_in(&String::from_utf8_lossy(&status))
}

/// Whether this process was told to ignore a signal when it was started.
pub(super) fn is_ignored(signal: i32) -> bool {
    ignored() & (1 << (signal - 1)) != 0
}

fn ignored_in(status: &str) -> u64 {
    let mut lines = status.lines();
    let mask = lines.find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignored_signals_are_bits() {
        let status = "Name:\tx\nSigBlk:\t0000000000000003\nSigIgn:\t0000000000001001\n";
        assert_eq!(ignored_in(status), 1 << 12 | 1);
        assert_eq!(ignored_in("SigIgn:\tx\n") | ignored_in(""), 0);
    }

    #[test]
    fn terminals_are_numbers() {
        for (stat, expected) in [
            ("7 (a) S 1 7 7 0 -1 4194304", false),
            ("7 (a) S 1 7 7 34816 7 4194304", true),
            ("7 (0) 0 (x) S 1 7 7 34816 7", true),
            ("7 (a) 9 9 9 9) S 1 7 7 0 -1", false),
            ("7 (a) S 1 7", true),
            ("", true),
        ] {
            assert_eq!(may_have_terminal(stat), expected, "{stat}");
        }
    }

    #[test]
    fn a_command_is_waited_for() {
        let run = |script: &str| {
            let mut command = Command::new("sh");
            Interrupt::default()
                .run(command.args(["-c", script]))
                .unwrap()
        };
        assert_eq!(run("exit 0"), Ended::Code(0));
        assert_eq!(run("exit 255"), Ended::Code(255));
        assert_eq!(run("kill -KILL $$"), Ended::Signal(9));
        let interrupt = Interrupt::default();
        assert!(interrupt.run(&mut Command::new("/nowhere/at/all")).is_err());
        interrupt.requested().store(true, Ordering::SeqCst);
        let ended = interrupt.run(&mut Command::new("/nowhere/at/all"));
        assert_eq!(ended.unwrap(), Ended::NotStarted);
    }
}
