//! Runs a program of the user's: found on `PATH`, no shell, nothing to read, ended with the run.

use std::ffi::OsStr;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Command, Stdio};

use super::children::{RUNNING, Running};
use super::{Error, address};
use crate::http::{mask, mask_text};

/// More than this no answer has that is worth reading.
const LONGEST_OUTPUT: u64 = 64 << 20;
/// So much of what a program complains about is looked at.
const LONGEST_COMPLAINT: u64 = 64 << 10;
/// So much of it is shown.
const SHOWN: usize = 300;

/// A program and the environment that it is run in, on top of our own.
#[derive(Clone, Debug)]
pub(in crate::vcs) struct Program {
    /// Its name on `PATH`.
    pub(in crate::vcs) name: &'static str,
    /// Another name that it goes by, where there is none of the first.
    pub(in crate::vcs) alias: Option<&'static str>,
    /// The package that has it, for those who lack it.
    pub(in crate::vcs) package: &'static str,
    /// Variables that are set.
    pub(in crate::vcs) set: Vec<(&'static str, String)>,
    /// Variables that are taken away.
    pub(in crate::vcs) unset: &'static [&'static str],
    /// Whether it must not be started for what is not on this machine.
    pub(in crate::vcs) offline: bool,
}

/// What a run gave.
#[derive(Debug)]
pub(in crate::vcs) struct Ran {
    /// The exit code; `None` if a signal ended it.
    pub(in crate::vcs) code: Option<i32>,
    /// Its standard output.
    pub(in crate::vcs) output: Vec<u8>,
    /// The beginning of its standard error.
    complaint: Vec<u8>,
}

impl Program {
    /// Fails where the program would leave this machine for an address, and must not.
    pub(in crate::vcs) fn may_ask(&self, address: &str) -> Result<(), Error> {
        if self.offline && !address::is_local(address) {
            return Err(Error::Offline {
                remote: mask(address),
            });
        }
        Ok(())
    }

    /// Runs it in `folder`, which must exist, to its end.
    pub(in crate::vcs) fn run<A: AsRef<OsStr>>(
        &self,
        folder: &Path,
        arguments: impl IntoIterator<Item = A>,
    ) -> Result<Ran, Error> {
        let arguments: Vec<A> = arguments.into_iter().collect();
        let names = std::iter::once(self.name).chain(self.alias);
        for name in names {
            match RUNNING.start(&mut self.command(name, folder, &arguments)) {
                Ok(running) => return finish(&running).map_err(|error| self.failed(error)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(self.failed(error)),
            }
        }
        Err(Error::NotInstalled {
            program: self.name,
            package: self.package,
        })
    }

    fn command<A: AsRef<OsStr>>(&self, name: &str, folder: &Path, arguments: &[A]) -> Command {
        let mut command = Command::new(name);
        command
            .args(arguments)
            .current_dir(folder)
            .envs(self.set.iter().map(|(name, value)| (*name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for name in self.unset {
            command.env_remove(name);
        }
        command
    }

    fn failed(&self, source: io::Error) -> Error {
        Error::Run {
            program: self.name,
            source,
        }
    }
}

fn finish(running: &Running<'_>) -> io::Result<Ran> {
    let pipes = {
        let mut child = running.child();
        child.stdout.take().zip(child.stderr.take())
    };
    let (mut stdout, mut stderr) = pipes.ok_or_else(|| io::Error::other("it has no pipes"))?;
    let mut output = Vec::new();
    let complaint = std::thread::scope(|scope| {
        let complaint = scope.spawn(move || {
            let mut kept = Vec::new();
            (&mut stderr)
                .take(LONGEST_COMPLAINT)
                .read_to_end(&mut kept)?;
            // The rest is read too, so that the program does not wait for a reader.
            io::copy(&mut stderr, &mut io::sink())?;
            io::Result::Ok(kept)
        });
        let read = (&mut stdout).take(LONGEST_OUTPUT).read_to_end(&mut output);
        let more = read.and_then(|_| stdout.read(&mut [0]));
        match more {
            Ok(0) => {}
            // It must have ended before the other thread can be waited for.
            Ok(_) => {
                running.kill();
                return Err(io::Error::other("it says more than can be taken in"));
            }
            Err(error) => {
                running.kill();
                return Err(error);
            }
        }
        complaint
            .join()
            .unwrap_or_else(|_| Err(io::Error::other("its complaints cannot be read")))
    })?;
    Ok(Ran {
        code: running.wait()?.code(),
        output,
        complaint,
    })
}

impl Ran {
    /// Whether the program says that all went well.
    pub(in crate::vcs) fn succeeded(&self) -> bool {
        self.code == Some(0)
    }

    /// All that it complained about, as far as it was kept.
    pub(in crate::vcs) fn complaints(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.complaint)
    }

    /// The line of its complaints that tells most, fit to be shown: the first that begins with
    /// `marker`, else the last.
    pub(in crate::vcs) fn said(&self, marker: &str) -> String {
        let text = self.complaints();
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let line = match lines.clone().find(|line| line.starts_with(marker)) {
            Some(line) => Some(line.strip_prefix(marker).unwrap_or(line).trim()),
            None => lines.next_back(),
        };
        match (line, self.code) {
            (Some(line), _) => {
                let shown: String = line.chars().take(SHOWN).collect();
                mask_text(&shown).replace(char::is_control, "?")
            }
            (None, Some(code)) => format!("it ended with exit code {code}"),
            (None, None) => "it was killed".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(name: &'static str) -> Program {
        Program {
            name,
            alias: None,
            package: "the-package",
            set: vec![("GREETING", "hello".to_owned())],
            unset: &["HOME"],
            offline: false,
        }
    }

    #[test]
    fn output_code_and_complaints_are_caught_and_nothing_can_be_read() {
        let script = "cat; echo $GREETING ${HOME-none}; echo noise >&2; echo 'abort: https://me:hush@h/x \u{1b}[31m' >&2; exit 3";
        let ran = program("sh").run(Path::new("/"), ["-c", script]).unwrap();
        assert_eq!(
            (ran.code, ran.output.as_slice()),
            (Some(3), &b"hello none\n"[..])
        );
        assert_eq!(ran.said("abort:"), "https://me:***@h/x ?[31m");
        assert!(ran.complaints().starts_with("noise\n"));
    }

    #[test]
    fn a_program_that_is_not_there_is_named_with_its_package() {
        let error = program("no-such-program-anywhere")
            .run(Path::new("/"), [""; 0])
            .unwrap_err();
        let failure = crate::error::Failure::from(error).render();
        assert!(failure.contains("`no-such-program-anywhere`"), "{failure}");
        assert!(failure.contains("apt-get install the-package"), "{failure}");
    }

    #[test]
    fn the_other_name_is_tried_where_there_is_none_of_the_first() {
        let mut program = program("no-such-program-anywhere");
        program.alias = Some("sh");
        let ran = program.run(Path::new("/"), ["-c", "exit 7"]).unwrap();
        assert_eq!(ran.code, Some(7));
    }

    #[test]
    fn a_program_without_a_word_is_told_of_by_its_code() {
        let ran = program("sh").run(Path::new("/"), ["-c", "exit 7"]).unwrap();
        assert_eq!(ran.said("abort:"), "it ended with exit code 7");
    }

    #[test]
    fn offline_nothing_beyond_this_machine_is_asked() {
        let mut program = program("sh");
        assert!(program.may_ask("https://h/x").is_ok());
        program.offline = true;
        for local in ["/srv/x", "file:///srv/x", "file://localhost/srv/x"] {
            assert!(program.may_ask(local).is_ok(), "{local}");
        }
        for remote in ["https://me:hush@h/x", "ssh://h/x", "svn+ssh://h/x"] {
            let error = program.may_ask(remote).unwrap_err().to_string();
            assert!(
                error.contains("offline") && !error.contains("hush"),
                "{error}"
            );
        }
    }

    #[test]
    fn endless_output_ends_the_program() {
        let error = program("sh")
            .run(Path::new("/"), ["-c", "exec yes"])
            .unwrap_err();
        assert!(matches!(error, Error::Run { .. }), "{error}");
    }
}
