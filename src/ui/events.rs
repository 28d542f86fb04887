//! Messages as records: one JSON object a line, as docs/src/events.md describes them.
//!
//! Fields are never taken away or given another meaning within a schema; new events and new fields may
//! come. The number of the schema stands in the first record.

use std::fmt::Write as _;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;

use super::is_hostile;
use crate::error::{Failure, Kind};
use crate::report::{Counts, Event, Level, Version};

/// The number of the schema that records keep to.
const SCHEMA: u32 = 1;

/// A record.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub(super) enum Record<'a> {
    /// The first one.
    Start {
        schema: u32,
        version: &'a str,
        command: &'a str,
    },
    /// A message for people.
    Log {
        level: &'a str,
        text: &'a str,
    },
    PhaseStarted {
        phase: &'a str,
    },
    PhaseFinished {
        phase: &'a str,
        milliseconds: u64,
    },
    Fetched {
        name: &'a str,
        version: &'a str,
        from_cache: bool,
        bytes: Option<u64>,
    },
    Conflict {
        name: &'a str,
        held: Claim<'a>,
        asked: Claim<'a>,
        chosen: &'a str,
    },
    Changed {
        name: &'a str,
        old: Option<Pinned<'a>>,
        new: Option<Pinned<'a>>,
    },
    VendorWritten {
        dependencies: usize,
        files: usize,
        kept: usize,
    },
    Summary {
        dependencies: usize,
        fetched: usize,
        #[serde(flatten)]
        changes: Option<Changes>,
        milliseconds: u64,
    },
    /// One of several things that are wrong.
    Problem {
        name: Option<&'a str>,
        #[serde(flatten)]
        told: Told<'a>,
    },
    /// Why the run fails.
    Failure(Told<'a>),
    /// The last one.
    Finish {
        exit_code: u8,
        milliseconds: u64,
    },
}

/// What is wrong.
#[derive(Serialize)]
pub(super) struct Told<'a> {
    kind: &'a str,
    message: String,
    causes: Vec<String>,
    hints: &'a [String],
    place: Option<Placed<'a>>,
}

/// Where in a file it is.
#[derive(Serialize)]
struct Placed<'a> {
    file: &'a str,
    line: Option<usize>,
}

/// A version that is asked for, and who asks.
#[derive(Serialize)]
pub(super) struct Claim<'a> {
    version: &'a str,
    by: &'a [&'a str],
}

/// A version of a dependency.
#[derive(Serialize)]
pub(super) struct Pinned<'a> {
    version: &'a str,
    tag: Option<&'a str>,
    date: Option<&'a str>,
}

/// What became of versions.
#[derive(Serialize)]
pub(super) struct Changes {
    updated: usize,
    added: usize,
    removed: usize,
    unchanged: usize,
}

impl<'a> Record<'a> {
    pub(super) fn start(command: &'a str) -> Self {
        Self::Start {
            schema: SCHEMA,
            version: env!("CARGO_PKG_VERSION"),
            command,
        }
    }

    pub(super) fn log(level: Level, text: &'a str) -> Self {
        let level = match level {
            Level::Debug => "debug",
            Level::Info => "info",
            Level::Warn => "warning",
            Level::Error => "error",
        };
        Self::Log { level, text }
    }

    pub(super) fn failure(failure: &'a Failure) -> Self {
        Self::Failure(Told::from(failure))
    }

    pub(super) fn finish(exit_code: u8, took: Duration) -> Self {
        let milliseconds = milliseconds(took);
        Self::Finish {
            exit_code,
            milliseconds,
        }
    }

    /// The record as a line. What could drive a terminal that shows it is escaped.
    pub(super) fn line(&self) -> Option<String> {
        let json = serde_json::to_string(self).ok()?;
        let mut line = String::with_capacity(json.len() + 1);
        for character in json.chars() {
            if is_hostile(character) {
                // Such characters stand in strings only, and all of them fit.
                write!(line, "\\u{:04x}", u32::from(character)).expect("a string takes all");
            } else {
                line.push(character);
            }
        }
        line.push('\n');
        Some(line)
    }
}

impl<'a> From<&'a Event<'_>> for Record<'a> {
    fn from(event: &'a Event<'_>) -> Self {
        match event {
            Event::Started(phase) => Self::PhaseStarted {
                phase: phase.name(),
            },
            Event::Finished(phase, took) => Self::PhaseFinished {
                phase: phase.name(),
                milliseconds: milliseconds(*took),
            },
            Event::Fetched {
                name,
                version,
                from_cache,
                bytes,
            } => Self::Fetched {
                name,
                version,
                from_cache: *from_cache,
                bytes: *bytes,
            },
            Event::Conflict {
                name,
                held,
                asked,
                chosen,
            } => Self::Conflict {
                name,
                held: Claim::from(*held),
                asked: Claim::from(*asked),
                chosen,
            },
            Event::Problem { name, failure } => Self::Problem {
                name: *name,
                told: Told::from(*failure),
            },
            Event::Changed { name, old, new } => Self::Changed {
                name,
                old: old.as_ref().map(Pinned::from),
                new: new.as_ref().map(Pinned::from),
            },
            Event::VendorWritten {
                dependencies,
                files,
                kept,
            } => Self::VendorWritten {
                dependencies: *dependencies,
                files: *files,
                kept: *kept,
            },
            Event::Summary(summary) => Self::Summary {
                dependencies: summary.dependencies,
                fetched: summary.fetched,
                changes: summary.changes.map(Changes::from),
                milliseconds: milliseconds(summary.took),
            },
        }
    }
}

impl<'a> From<&'a Failure> for Told<'a> {
    fn from(failure: &'a Failure) -> Self {
        let place = failure.place.as_ref();
        Self {
            kind: match failure.kind {
                Kind::User => "user",
                Kind::Network => "network",
                Kind::Internal => "internal",
            },
            message: failure.to_string(),
            causes: failure.causes(),
            hints: &failure.hints,
            place: place.map(|place| Placed {
                file: &place.file,
                line: place.line,
            }),
        }
    }
}

impl<'a> From<(&'a str, &'a [&'a str])> for Claim<'a> {
    fn from((version, by): (&'a str, &'a [&'a str])) -> Self {
        Self { version, by }
    }
}

impl<'a> From<&'a Version> for Pinned<'a> {
    fn from(version: &'a Version) -> Self {
        Self {
            version: &version.commit,
            tag: version.tag.as_deref(),
            date: version.date.as_deref(),
        }
    }
}

impl From<Counts> for Changes {
    fn from(counts: Counts) -> Self {
        Self {
            updated: counts.updated,
            added: counts.added,
            removed: counts.removed,
            unchanged: counts.unchanged,
        }
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Where records go: each as one piece, nothing behind the last one.
pub(super) struct Records {
    out: Mutex<Box<dyn Write + Send>>,
    /// Whether no more are to come: the last one is out, or nobody takes them.
    over: AtomicBool,
}

impl Records {
    pub(super) fn new(out: Box<dyn Write + Send>) -> Self {
        Self {
            out: Mutex::new(out),
            over: AtomicBool::new(false),
        }
    }

    /// Writes a record. The first failure comes back, and nothing is written after it; that a reader has
    /// gone away is none.
    pub(super) fn write(&self, record: &Record<'_>) -> std::io::Result<()> {
        let Some(line) = record.line() else {
            return Ok(());
        };
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        let is_last = matches!(record, Record::Finish { .. });
        if self.over.fetch_or(is_last, Ordering::Relaxed) {
            return Ok(());
        }
        let written = out.write_all(line.as_bytes()).and_then(|()| out.flush());
        if written.is_err() {
            self.over.store(true, Ordering::Relaxed);
        }
        written.or_else(|error| match error.kind() {
            std::io::ErrorKind::BrokenPipe => Ok(()),
            _ => Err(error),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::Arc;

    use super::*;

    /// Keeps what is written; fails from the given piece on.
    #[derive(Clone)]
    struct Kept(Arc<Mutex<Vec<String>>>, Option<(usize, io::ErrorKind)>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let mut kept = self.0.lock().unwrap();
            if let Some((_, kind)) = self.1.filter(|(from, _)| kept.len() >= *from) {
                return Err(kind.into());
            }
            kept.push(String::from_utf8(bytes.to_vec()).unwrap());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn records(failing: Option<(usize, io::ErrorKind)>) -> (Records, Kept) {
        let kept = Kept(Arc::default(), failing);
        (Records::new(Box::new(kept.clone())), kept)
    }

    #[test]
    fn hostile_text_is_escaped_and_comes_back_whole() {
        let text = "a\x1b[2J\u{9b}31m\u{202e}\"\n\u{7f}é";
        let line = Record::log(Level::Warn, text).line().unwrap();
        assert_eq!(
            line,
            "{\"event\":\"log\",\"level\":\"warning\",\"text\":\"a\\u001b[2J\\u009b31m\\u202e\\\"\\n\\u007fé\"}\n"
        );
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(value["text"], text);
    }

    #[test]
    fn threads_do_not_cut_each_others_lines_and_nothing_follows_the_last() {
        let (records, kept) = records(None);
        std::thread::scope(|scope| {
            for number in 0..8 {
                let (records, text) = (&records, number.to_string().repeat(1000));
                scope.spawn(move || {
                    for _ in 0..50 {
                        records.write(&Record::log(Level::Info, &text)).unwrap();
                    }
                });
            }
        });
        let finish = Record::finish(1, Duration::from_millis(1500));
        records.write(&finish).unwrap();
        records.write(&Record::log(Level::Info, "late")).unwrap();
        records.write(&finish).unwrap();
        let kept = kept.0.lock().unwrap().concat();
        let lines: Vec<&str> = kept.lines().collect();
        assert_eq!(lines.len(), 401);
        for line in &lines {
            serde_json::from_str::<serde_json::Value>(line).unwrap();
        }
        assert_eq!(
            lines[400],
            "{\"event\":\"finish\",\"exit_code\":1,\"milliseconds\":1500}"
        );
    }

    #[test]
    fn a_full_disk_is_told_once_and_a_reader_that_left_not_at_all() {
        let line = Record::log(Level::Info, "x");
        let (full, _) = records(Some((1, io::ErrorKind::StorageFull)));
        full.write(&line).unwrap();
        assert!(full.write(&line).is_err());
        full.write(&line).unwrap();
        let (left, kept) = records(Some((1, io::ErrorKind::BrokenPipe)));
        for _ in 0..3 {
            left.write(&line).unwrap();
        }
        assert_eq!(kept.0.lock().unwrap().len(), 1);
    }
}
