//! What the core may say while it works. The core never prints: it is handed a [`Reporter`].
//!
//! Results are returned as values; this is for log lines and progress, both of which end up on
//! standard error. Workers never log; the coordinating thread does, in a fixed order, so that
//! the text of a run is the same with one worker and with twenty.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::error::Failure;

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

    /// Takes note of something that has happened, from any thread. What people are to read of it is either
    /// logged as well or made out of it here.
    fn event(&self, _event: &Event<'_>) {}

    /// Who watches what comes from remotes; nobody does unless there is something to see.
    fn traffic(&self) -> Arc<dyn Traffic> {
        Arc::new(Unwatched)
    }

    /// Whether an `Error` was logged.
    fn had_error(&self) -> bool;
}

/// Something that has happened, for those who show, count or record it.
#[derive(Clone, Debug)]
pub enum Event<'a> {
    /// A part of the run begins.
    Started(Phase),
    /// It is over, well or not, after so long.
    Finished(Phase, Duration),
    /// A dependency is in the cache.
    Fetched {
        /// Its name.
        name: &'a str,
        /// The commit or revision.
        version: &'a str,
        /// Whether it was there before this run.
        from_cache: bool,
        /// How many bytes have come for it in this run; `None` where nobody has counted them.
        bytes: Option<u64>,
    },
    /// A dependency is at another version than before; told once the files say so, in the order of names.
    Changed {
        /// Its name.
        name: &'a str,
        /// Where it was; `None` where it is new.
        old: Option<Version>,
        /// Where it is; `None` where it is gone.
        new: Option<Version>,
    },
    /// vendor/ has been put in place.
    VendorWritten {
        /// How many dependencies were written anew.
        dependencies: usize,
        /// How many files these have.
        files: usize,
        /// How many files were taken over from the old vendor/.
        kept: usize,
    },
    /// Two ask for different versions of a dependency, which cannot both be had.
    Conflict {
        /// Its name.
        name: &'a str,
        /// The version that stood, and who had asked for it.
        held: (&'a str, &'a [&'a str]),
        /// The version that somebody else asks for, and who that is.
        asked: (&'a str, &'a [&'a str]),
        /// Which of the two it is from now on.
        chosen: &'a str,
    },
    /// One of several things that are wrong, of which the run fails once all have been told.
    Problem {
        /// The dependency or package that it is about, if it is about one.
        name: Option<&'a str>,
        /// What is wrong.
        failure: &'a Failure,
    },
    /// What a run that fills vendor/ comes to.
    Summary(Summary),
}

/// A part of a run that takes its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Finding a version for everything.
    Resolve,
    /// Getting commits into the cache.
    Fetch,
    /// Writing vendor/ and the files that change with it.
    Write,
}

impl Phase {
    /// The name in records.
    pub fn name(self) -> &'static str {
        match self {
            Self::Resolve => "resolve",
            Self::Fetch => "fetch",
            Self::Write => "write",
        }
    }
}

/// A version of a dependency, as far as the cache tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Version {
    /// The commit or revision, as in glide.lock.
    pub commit: String,
    /// A tag that leads to it.
    pub tag: Option<String>,
    /// The day that it was made, as `2006-01-02`.
    pub date: Option<String>,
}

/// What a run that fills vendor/ comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many dependencies are installed.
    pub dependencies: usize,
    /// How many of them came from remotes in this run.
    pub fetched: usize,
    /// What became of versions, where these were looked for anew.
    pub changes: Option<Counts>,
    /// How long it took to find versions, where that was done.
    pub resolve: Option<Duration>,
    /// How long it took to write vendor/; `None` where it was right already.
    pub write: Option<Duration>,
    /// How long all of it took.
    pub took: Duration,
}

/// How many dependencies are at other versions than before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// At another version.
    pub updated: usize,
    /// New.
    pub added: usize,
    /// Gone.
    pub removed: usize,
    /// At the same version.
    pub unchanged: usize,
}

/// A part of a run under way; it is over when this is dropped.
pub struct Timed<'a> {
    reporter: &'a dyn Reporter,
    phase: Phase,
    started: Instant,
}

impl Timed<'_> {
    /// Ends it; tells how long it took.
    pub fn end(self) -> Duration {
        self.started.elapsed()
    }
}

impl Drop for Timed<'_> {
    fn drop(&mut self) {
        let event = Event::Finished(self.phase, self.started.elapsed());
        self.reporter.event(&event);
    }
}

/// A number of things, by the name of one or of many.
pub fn counted(count: usize, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {many}"),
    }
}

/// A piece of work under way, shown until dropped.
pub trait Task: Send + Sync {
    /// One more step is done; `label` names it.
    fn step(&self, label: &str);
}

/// Watches what comes from remotes while it comes, on any thread.
pub trait Traffic: Send + Sync {
    /// A remote is being asked, until the value is dropped. `from` is its address, secrets masked.
    fn download(&self, from: &str) -> Box<dyn Download>;

    /// A program that is about to start may ask the person at the terminal: until the value is dropped
    /// nothing is drawn there.
    fn hold(&self) -> Box<dyn Hold>;
}

/// What one remote sends.
pub trait Download: Send + Sync {
    /// So many more bytes have come. Called for every piece, so it has to cost next to nothing.
    fn received(&self, bytes: u64);
}

/// While this lives, the terminal belongs to somebody else.
pub trait Hold: Send + Sync {}

/// Counts what comes, and passes it on to whoever watches.
pub struct Metered {
    watched: Arc<dyn Traffic>,
    bytes: Arc<AtomicU64>,
}

impl Metered {
    /// Nothing has come yet.
    pub fn new(watched: Arc<dyn Traffic>) -> Self {
        Self {
            watched,
            bytes: Arc::default(),
        }
    }

    /// How many bytes have come.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }
}

impl Traffic for Metered {
    fn download(&self, from: &str) -> Box<dyn Download> {
        Box::new(MeteredDownload {
            watched: self.watched.download(from),
            bytes: Arc::clone(&self.bytes),
        })
    }

    fn hold(&self) -> Box<dyn Hold> {
        self.watched.hold()
    }
}

struct MeteredDownload {
    watched: Box<dyn Download>,
    bytes: Arc<AtomicU64>,
}

impl Download for MeteredDownload {
    fn received(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.watched.received(bytes);
    }
}

/// Watches nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unwatched;

impl Traffic for Unwatched {
    fn download(&self, _from: &str) -> Box<dyn Download> {
        Box::new(Self)
    }

    fn hold(&self) -> Box<dyn Hold> {
        Box::new(Self)
    }
}

impl Download for Unwatched {
    fn received(&self, _bytes: u64) {}
}

impl Hold for Unwatched {}

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

    /// Tells one of several things that are wrong: as a line, and typed.
    pub fn problem(&self, name: Option<&str>, failure: &Failure) {
        self.error(failure.render());
        self.event(&Event::Problem { name, failure });
    }
}

/// Begins a part of the run.
pub fn timed(reporter: &dyn Reporter, phase: Phase) -> Timed<'_> {
    reporter.event(&Event::Started(phase));
    Timed {
        reporter,
        phase,
        started: Instant::now(),
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
    failed: AtomicBool,
}

struct NoTask;

impl Task for NoTask {
    fn step(&self, _label: &str) {}
}

impl Reporter for Silent {
    fn log(&self, level: Level, _message: &str) {
        if level == Level::Error {
            self.failed.store(true, Ordering::Relaxed);
        }
    }

    fn task(&self, _what: &str, _total: usize) -> Box<dyn Task> {
        Box::new(NoTask)
    }

    fn had_error(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }
}
