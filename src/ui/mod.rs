//! How messages and questions look on standard error: the only module that writes to a stream besides `main`'s
//! results.
//!
//! The lines are Glide's (`[INFO]`, a tab, the text). Colours only where standard error is a
//! terminal; text from outside cannot move the cursor or ring the bell. Programs are told by records
//! instead ([`events`]), on standard error in place of the lines, or in a file beside them.

mod events;
mod progress;
mod prompt;
mod recording;
mod summary;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

pub use recording::Recording;

use crate::error::Failure;
use crate::report::{Event, Level, Output, Question, Questions, Reporter, Task, Traffic};
use events::{Record, Records};
use progress::Screen;

/// The label of what is told by the way, and its colour.
const INFO: (&str, &str) = ("[INFO]", "\x1b[0;32m");

/// Data goes out in pieces of this many bytes.
const PIECE: usize = 32 << 10;

/// What is shown, and how.
#[derive(Clone, Copy, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four switches that do not depend on each other"
)]
pub struct Style {
    /// Drop messages below warnings.
    pub quiet: bool,
    /// Show debugging messages.
    pub debug: bool,
    /// Colour the labels.
    pub color: bool,
    /// Draw progress.
    pub progress: bool,
    /// In which form messages are written.
    pub form: Form,
}

/// Whether terminals here take escape sequences; a console of Windows is asked to.
pub fn understands_escapes() -> bool {
    #[cfg(windows)]
    return anstyle_query::windows::enable_ansi_colors().unwrap_or(true);
    #[cfg(not(windows))]
    true
}

/// In which form messages are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// Lines for people.
    #[default]
    Text,
    /// Records for programs.
    Json,
}

/// Writes to standard error.
pub struct Terminal {
    style: Style,
    screen: Screen,
    failed: AtomicBool,
    /// In place of lines.
    records: Option<Records>,
    /// Besides whatever stands on standard error, in the file that is named.
    kept: Option<(Records, String)>,
}

impl Terminal {
    /// A reporter in this style.
    pub fn new(style: Style) -> Self {
        Self {
            style,
            screen: Screen::new(style.progress, style.color),
            failed: AtomicBool::new(false),
            records: (style.form == Form::Json).then(|| Records::new(Box::new(io::stderr()))),
            kept: None,
        }
    }

    /// The same, which writes records to a file of this name, too.
    #[must_use]
    pub fn keeping(mut self, name: String, file: Box<dyn io::Write + Send>) -> Self {
        self.kept = Some((Records::new(file), name));
        self
    }

    /// Tells what is going to run.
    pub fn start(&self, command: &str) {
        self.record(&Record::start(command));
    }

    /// Shows why the run has failed: what, because of what, and what may help.
    pub fn failure(&self, failure: &Failure) {
        self.failed.store(true, Ordering::Relaxed);
        self.record(&Record::failure(failure));
        self.line(Level::Error, &failure.render());
    }

    /// Tells that the run is over; nothing is drawn any more. Records that come later are left out.
    pub fn finish(&self, code: u8, took: Duration) {
        self.screen.close();
        self.record(&Record::finish(code, took));
    }

    /// Does something, such as stopping for a while, with nothing drawn.
    pub fn without_progress(&self, act: impl FnOnce()) {
        let _hold = self.screen.hold();
        act();
    }

    /// Writes a record to wherever there are any.
    fn record(&self, record: &Record<'_>) {
        if let Some(records) = &self.records {
            // Standard error may be closed; there is nowhere left to say so.
            let _ = records.write(record);
        }
        if let Some((records, name)) = &self.kept
            && let Err(error) = records.write(record)
        {
            self.log(Level::Error, &format!("cannot write to `{name}`: {error}"));
        }
    }

    /// Writes a message as a line, where there are lines, and it matters enough.
    fn line(&self, level: Level, message: &str) {
        let label = match level {
            _ if self.records.is_some() || !self.shows(level) => return,
            Level::Debug => ("[DEBUG]", ""),
            Level::Info => INFO,
            Level::Warn => ("[WARN]", "\x1b[0;33m"),
            Level::Error => ("[ERROR]", "\x1b[0;31m"),
        };
        self.write(label, message);
    }

    fn shows(&self, level: Level) -> bool {
        match level {
            Level::Debug => self.style.debug && !self.style.quiet,
            Level::Info => !self.style.quiet,
            Level::Warn | Level::Error => true,
        }
    }

    /// Writes a message behind its label.
    fn write(&self, (label, color): (&str, &str), message: &str) {
        let message = harmless(message);
        let line = if self.style.color && !color.is_empty() {
            format!("{color}{label}\x1b[m\t{message}\n")
        } else {
            format!("{label}\t{message}\n")
        };
        self.screen.above(&line);
    }
}

impl Questions for Terminal {
    fn ask(&self, question: &Question<'_>) -> usize {
        let _hold = self.screen.hold();
        let mut say = |line: &str| self.write(INFO, line);
        prompt::ask(question, &mut io::stdin().lock(), &mut say)
    }
}

impl Output for Terminal {
    fn open(&self) -> Box<dyn io::Write + '_> {
        Box::new(io::BufWriter::with_capacity(PIECE, io::stdout().lock()))
    }
}

impl Reporter for Terminal {
    fn log(&self, level: Level, message: &str) {
        if level == Level::Error {
            self.failed.store(true, Ordering::Relaxed);
        }
        if self.shows(level) {
            self.record(&Record::log(level, message));
        }
        self.line(level, message);
    }

    fn event(&self, event: &Event<'_>) {
        self.record(&Record::from(event));
        match event {
            Event::Changed { name, old, new } => {
                let line = summary::change(name, old.as_ref(), new.as_ref());
                self.line(Level::Info, &line);
            }
            Event::Summary(told) => {
                if let Some(line) = summary::summary(told) {
                    self.line(Level::Info, &line);
                }
            }
            Event::Started(phase) => self.screen.started(*phase),
            Event::Finished(phase, _) => self.screen.finished(*phase),
            // Those that people are to read of have been logged.
            Event::Fetched { .. }
            | Event::VendorWritten { .. }
            | Event::Conflict { .. }
            | Event::Problem { .. } => {}
        }
    }

    fn task(&self, what: &str, total: usize) -> Box<dyn Task> {
        self.screen.task(what, total)
    }

    fn traffic(&self) -> Arc<dyn Traffic> {
        self.screen.traffic()
    }

    fn had_error(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }
}

/// A failure as it is written in a form, with the end of the run if it is that; for those who cannot wait for a
/// [`Terminal`].
pub fn last_words(form: Form, failure: &Failure, finish: Option<(u8, Duration)>) -> String {
    match form {
        Form::Text => format!("[ERROR]\t{}\n", harmless(&failure.render())),
        Form::Json => {
            let finish = finish.map(|(code, took)| Record::finish(code, took));
            let records = [Some(Record::failure(failure)), finish];
            let records = records.iter().flatten();
            records.filter_map(Record::line).collect()
        }
    }
}

/// The text with control characters made visible, line breaks and tabs kept, so that nothing that
/// comes from a remote can drive the terminal.
pub fn harmless(text: &str) -> String {
    if !text.contains(is_hostile) {
        return text.to_owned();
    }
    text.chars()
        .fold(String::with_capacity(text.len()), |mut safe, character| {
            if is_hostile(character) {
                safe.extend(character.escape_unicode());
            } else {
                safe.push(character);
            }
            safe
        })
}

/// Whether a character could drive a terminal.
fn is_hostile(character: char) -> bool {
    (character.is_control() && character != '\n' && character != '\t')
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remote_text_cannot_drive_the_terminal() {
        assert_eq!(
            harmless("a\x1b[2Jb\u{202e}\u{9b}"),
            "a\\u{1b}[2Jb\\u{202e}\\u{9b}"
        );
        assert_eq!(harmless("a\n\tb é"), "a\n\tb é");
    }
}
