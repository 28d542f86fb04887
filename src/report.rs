//! What the core may say while it works. The core never prints: it is handed a [`Reporter`].
//!
//! Results are returned as values; this is for log lines and progress, both of which end up on
//! standard error. Workers never log; the coordinating thread does, in a fixed order, so that
//! the text of a run is the same with one worker and with twenty.

/// How much a log line matters; `--quiet` drops `Info`, only `--debug` shows `Debug`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Shown with `--debug` only.
    Debug,
    /// Progress in words, dropped by `--quiet`.
    Info,
    /// Something that the person should look at; the run goes on.
    Warn,
    /// Something failed; the run ends with an exit code other than 0.
    Error,
}

/// Takes log lines and shows progress.
pub trait Reporter: Send + Sync {
    /// Logs one message. The text may come from outside: implementations make terminal escapes
    /// visible instead of passing them on.
    fn log(&self, level: Level, message: &str);

    /// Starts showing progress over `total` steps of `what`; it ends when the guard is dropped.
    fn task(&self, what: &str, total: usize) -> Box<dyn Task>;

    /// Whether an `Error` was logged.
    fn had_error(&self) -> bool;
}

/// A piece of work under way, shown until dropped.
pub trait Task: Send + Sync {
    /// One more step is done; `label` names it.
    fn step(&self, label: &str);
}

/// Asks the person who started the run.
pub trait Questions: Send + Sync {
    /// The place of the answer among the choices; the default where nobody answers.
    fn ask(&self, question: &Question<'_>) -> usize;
}

/// Something to be decided by a person. The text may come from outside.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// What is asked, in lines.
    pub text: &'a str,
    /// The answers there are, each in all its spellings; case does not count.
    pub choices: &'a [&'a [&'a str]],
    /// Which of them it is where there is no answer.
    pub default: usize,
}

impl dyn Reporter + '_ {
    /// Logs at [`Level::Debug`].
    pub fn debug(&self, message: impl AsRef<str>) {
        self.log(Level::Debug, message.as_ref());
    }

    /// Logs at [`Level::Info`].
    pub fn info(&self, message: impl AsRef<str>) {
        self.log(Level::Info, message.as_ref());
    }

    /// Logs at [`Level::Warn`].
    pub fn warn(&self, message: impl AsRef<str>) {
        self.log(Level::Warn, message.as_ref());
    }

    /// Logs at [`Level::Error`], which decides the exit code.
    pub fn error(&self, message: impl AsRef<str>) {
        self.log(Level::Error, message.as_ref());
    }
}

/// Takes data for standard output as it comes, where it may be more than can be held.
pub trait Output: Send + Sync {
    /// Where to write it. What is written has gone out once the writer has been flushed.
    fn open(&self) -> Box<dyn std::io::Write + '_>;
}

/// A reporter that says nothing and only remembers whether there was an error.
#[derive(Debug, Default)]
pub struct Silent {
    failed: std::sync::atomic::AtomicBool,
}

struct NoTask;

impl Task for NoTask {
    fn step(&self, _label: &str) {}
}

impl Reporter for Silent {
    fn log(&self, level: Level, _message: &str) {
        if level == Level::Error {
            self.failed
                .store(true, std::sync::atomic::Ordering::Relaxed);
        }
    }

    fn task(&self, _what: &str, _total: usize) -> Box<dyn Task> {
        Box::new(NoTask)
    }

    fn had_error(&self) -> bool {
        self.failed.load(std::sync::atomic::Ordering::Relaxed)
    }
}
