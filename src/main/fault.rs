//! Panics: what is told of one, and how it ends the program where nothing unwinds.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::{self, Write as _};
use std::panic::PanicHookInfo;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use glide_rs::error::{Classify, Kind};
use glide_rs::gotool;
use glide_rs::ui::{Form, last_words};
use glide_rs::vcs;

/// The exit code after a panic, as Rust has it.
const EXIT_CODE: u8 = 101;

/// A panic.
#[derive(Debug, thiserror::Error)]
#[error("glide-rs cannot go on: {message} ({place}, in the thread `{thread}`)")]
struct Fault {
    message: String,
    place: String,
    thread: String,
}

impl Classify for Fault {
    fn kind(&self) -> Kind {
        Kind::Internal
    }
}

impl Fault {
    fn of(panic: &PanicHookInfo<'_>) -> Self {
        let payload = panic.payload();
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        let place = panic.location().map(ToString::to_string);
        let thread = std::thread::current();
        Self {
            message: text.unwrap_or("it does not say why").to_owned(),
            place: place.unwrap_or_else(|| "somewhere".to_owned()),
            thread: thread.name().unwrap_or("without a name").to_owned(),
        }
    }
}

/// Has the first panic told as a failure, in the form of all messages. Nothing is locked for that: the one who
/// panics may hold any lock.
///
/// With `ends`, that is the end. Where panics do not unwind, as in the program that is given away, no guard runs,
/// so what other processes would notice is done here: the programs that were started end, and the exit code is
/// that of a panic, without a core dump. What is left besides is what SIGKILL leaves, with which the next run
/// deals.
pub(super) fn tell_panics(form: Form, started: Instant, ends: bool) {
    let told = AtomicBool::new(false);
    std::panic::set_hook(Box::new(move |panic| {
        // What others make of it, as a thread that waited for this one, says no more.
        if !told.swap(true, Ordering::SeqCst) {
            let finish = ends.then(|| (EXIT_CODE, started.elapsed()));
            let mut text = last_words(form, &Fault::of(panic).into(), finish);
            // The program that is given away has no tables for it.
            if cfg!(panic = "unwind") && form == Form::Text {
                let trace = Backtrace::capture();
                if trace.status() == BacktraceStatus::Captured {
                    text.push_str(&trace.to_string());
                }
            }
            // Nobody is left to be told that standard error is closed.
            let _ = io::stderr().write_all(text.as_bytes());
        }
        if ends {
            end();
        }
    }));
}

#[expect(
    clippy::exit,
    clippy::disallowed_methods,
    reason = "there is nothing to return to"
)]
fn end() {
    vcs::end_programs();
    gotool::end_program();
    std::process::exit(i32::from(EXIT_CODE));
}

#[cfg(test)]
mod tests {
    #![allow(clippy::disallowed_methods, reason = "the rules are about the program")]

    use std::ffi::OsStr;
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;
    use std::process::{Command, Output};

    use super::*;
    use glide_rs::gotool::Go;

    /// A `go` that tells its number and does not end by itself.
    const GO: &str = "#!/bin/sh\necho $$ > ready\nexec sleep 1000\n";

    /// Panics while a program runs; its working folder is one that [`run`] has made.
    fn panic_beside_a_program(form: Form) {
        tell_panics(form, Instant::now(), true);
        std::thread::spawn(|| {
            let go = Go::new(OsStr::new("go"), Some(Path::new("./go"))).unwrap();
            go.install(Path::new("."), "x")
        });
        // A pipe with a name: this waits until the program runs.
        let id = fs::read_to_string("ready").unwrap();
        fs::write("id", id).unwrap();
        let worker = std::thread::Builder::new().name("worker".to_owned());
        let worker = worker.spawn(|| panic!("the {} \x1b[2J of it", "end"));
        let _ = worker.unwrap().join();
        unreachable!("the hook ends the process");
    }

    #[test]
    #[ignore = "it ends its process; the others run it in one of its own"]
    fn in_text() {
        panic_beside_a_program(Form::Text);
    }

    #[test]
    #[ignore = "it ends its process; the others run it in one of its own"]
    fn in_records() {
        panic_beside_a_program(Form::Json);
    }

    #[test]
    #[ignore = "it panics; another runs it in a process of its own"]
    fn unwinding() {
        tell_panics(Form::Text, Instant::now(), false);
        std::panic::catch_unwind(|| panic!("first")).unwrap_err();
        std::panic::catch_unwind(|| panic!("second")).unwrap_err();
    }

    /// Runs one of those above by itself, beside a `go` of ours.
    fn run(name: &str) -> (Output, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let go = folder.path().join("go");
        fs::write(&go, GO).unwrap();
        fs::set_permissions(&go, fs::Permissions::from_mode(0o755)).unwrap();
        let made = Command::new("mkfifo")
            .arg(folder.path().join("ready"))
            .status();
        assert!(made.unwrap().success());
        let name = format!("fault::tests::{name}");
        let mut command = Command::new(std::env::current_exe().unwrap());
        let command = command.args([&*name, "--exact", "--ignored", "--nocapture"]);
        let command = command
            .env("RUST_BACKTRACE", "0")
            .current_dir(folder.path());
        (command.output().unwrap(), folder)
    }

    /// Insists on the exit code of a panic, and that the program does not run any more.
    fn ended((output, folder): (Output, tempfile::TempDir)) -> String {
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(101), "{told}");
        let id = fs::read_to_string(folder.path().join("id")).unwrap();
        let runs = Command::new("kill")
            .args(["-0", id.trim()])
            .output()
            .unwrap();
        assert!(!runs.status.success(), "{id} has been left behind");
        told
    }

    #[test]
    fn a_panic_ends_what_was_started_and_asks_to_be_reported() {
        let told = ended(run("in_text"));
        let expected =
            "[ERROR]\tglide-rs cannot go on: the end \\u{1b}[2J of it (src/main/fault.rs:";
        assert!(told.starts_with(expected), "{told}");
        let rest = ", in the thread `worker`)\n\thint: this is a fault of glide-rs; please report it with this message\n";
        assert!(told.ends_with(rest), "{told}");
    }

    #[test]
    fn to_programs_it_is_a_failure_and_the_end() {
        let told = ended(run("in_records"));
        let [failure, finish] = told.lines().collect::<Vec<_>>()[..] else {
            panic!("{told}");
        };
        let start = r#"{"event":"failure","kind":"internal","message":"glide-rs cannot go on: the end \u001b[2J"#;
        assert!(failure.starts_with(start), "{told}");
        let start = r#"{"event":"finish","exit_code":101,"milliseconds":"#;
        assert!(finish.starts_with(start), "{told}");
    }

    #[test]
    fn where_panics_unwind_the_first_is_told_and_nothing_ends() {
        let (output, _folder) = run("unwinding");
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{told}");
        assert_eq!(
            told.matches("glide-rs cannot go on: first (").count(),
            1,
            "{told}"
        );
        assert!(!told.contains("second"), "{told}");
    }
}
