//! Runs the user's `go`: no shell, nothing to read, ended when dropped. It is given folders as they
//! stand below vendor/, never a word that could be an option.

use std::ffi::OsStr;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::error::Classify;

/// So much of what it says is kept.
const LONGEST_OUTPUT: u64 = 64 << 10;

/// Why `go` did not run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is none.
    #[error("the program `{name}` is not there")]
    NotInstalled {
        /// How it is called.
        name: String,
    },
    /// It cannot be run.
    #[error("cannot run `{}`", program.display())]
    Run {
        /// Where it is.
        program: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

impl Classify for Error {
    fn hints(&self) -> Vec<String> {
        match self {
            Self::NotInstalled { .. } => vec![
                "install Go (Debian, Ubuntu: `apt-get install golang-go`), or set \
                 `GLIDE_GO_EXECUTABLE` to its program"
                    .to_owned(),
            ],
            Self::Run { .. } => Vec::new(),
        }
    }
}

/// The program.
#[derive(Debug)]
pub struct Go {
    program: PathBuf,
}

/// How a run went.
#[derive(Debug)]
pub struct Ran {
    /// Whether all went well.
    pub succeeded: bool,
    /// The beginning of what it said, on either stream.
    pub said: String,
}

/// The one that runs, so that it can be ended from elsewhere.
static RUNNING: Mutex<Option<Child>> = Mutex::new(None);

/// The pause between two looks at a program that has closed its output and still runs.
const PAUSE: Duration = Duration::from_millis(2);

fn running() -> MutexGuard<'static, Option<Child>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends what runs: for the end of the process.
pub fn end_program() {
    if let Some(mut child) = running().take() {
        // Both fail only where it has ended and has been waited for.
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// A child that is ended, and waited for, when dropped.
struct Running;

impl Running {
    fn start(command: &mut Command) -> io::Result<Self> {
        let mut place = running();
        *place = Some(command.spawn()?);
        Ok(Self)
    }

    /// Waits for its end. It is lent to others meanwhile.
    fn succeeded() -> io::Result<bool> {
        loop {
            match running().as_mut().map(Child::try_wait).transpose()? {
                Some(None) => {}
                ended => return Ok(ended.flatten().is_some_and(|status| status.success())),
            }
            std::thread::sleep(PAUSE);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        end_program();
    }
}

impl Go {
    /// The program at that place, which is called `name`.
    pub fn new(name: &OsStr, program: Option<&Path>) -> Result<Self, Error> {
        match program {
            Some(program) => Ok(Self {
                program: program.to_owned(),
            }),
            None => Err(Error::NotInstalled {
                name: name.display().to_string(),
            }),
        }
    }

    /// Builds and installs the packages at `path` below the vendor/ of a project.
    pub fn install(&self, project: &Path, path: &str) -> Result<Ran, Error> {
        let package = format!("./vendor/{path}");
        self.run(project, &["install", &package])
            .map_err(|source| Error::Run {
                program: self.program.clone(),
                source,
            })
    }

    fn run(&self, folder: &Path, arguments: &[&str]) -> io::Result<Ran> {
        let (mut output, input) = io::pipe()?;
        let mut command = Command::new(&self.program);
        command
            .args(arguments)
            .current_dir(folder)
            .env("PWD", folder)
            .stdin(Stdio::null())
            .stdout(input.try_clone()?)
            .stderr(input);
        let _running = Running::start(&mut command)?;
        // Its ends of the pipe must be the only ones, or reading would not come to an end.
        drop(command);
        let mut said = Vec::new();
        (&mut output).take(LONGEST_OUTPUT).read_to_end(&mut said)?;
        // The rest is read too, so that the program does not wait for a reader.
        let more = io::copy(&mut output, &mut io::sink())? > 0;
        let said = String::from_utf8_lossy(&said);
        let end = if more { "\n(there is more)" } else { "" };
        Ok(Ran {
            succeeded: Running::succeeded()?,
            said: format!("{}{end}", said.trim_end()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_streams_are_heard_and_the_end_is_told() {
        let shell = Go::new(OsStr::new("sh"), Some(Path::new("/bin/sh"))).unwrap();
        let run = |script| shell.run(Path::new("/"), &["-c", script]).unwrap();
        let ran = run("cat; echo one; echo two >&2; exit 3");
        assert_eq!((ran.succeeded, ran.said.as_str()), (false, "one\ntwo"));
        assert!(run("exit 0").succeeded);
        let ran = run("yes | head -c 1000000");
        assert!(ran.succeeded && ran.said.ends_with("y\n(there is more)"));
        // Somebody else can end it; one at a time runs, so here and not in a test of its own.
        let ender = std::thread::spawn(|| {
            while running().is_none() {
                std::thread::sleep(PAUSE);
            }
            end_program();
        });
        assert!(!run("exec sleep 600").succeeded);
        ender.join().unwrap();
    }

    #[test]
    fn a_program_that_is_not_there_is_told_with_a_way_out() {
        let error = Go::new(OsStr::new("goapp"), None).unwrap_err();
        let failure = crate::error::Failure::from(error).render();
        assert!(failure.contains("`goapp`"), "{failure}");
        assert!(failure.contains("apt-get install golang-go"), "{failure}");
        let gone = Go::new(OsStr::new("go"), Some(Path::new("/nowhere/go"))).unwrap();
        let error = gone.install(Path::new("/"), "x").unwrap_err();
        assert!(matches!(error, Error::Run { .. }), "{error}");
    }
}
