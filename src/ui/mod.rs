//! How messages and questions look on standard error: the only module that writes to a stream besides `main`'s
//! results.
//!
//! The lines are Glide's (`[INFO]`, a tab, the text). Colours only where standard error is a
//! terminal; text from outside cannot move the cursor or ring the bell.

mod progress;
mod prompt;
mod recording;

use std::io::{self, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

pub use recording::Recording;

use crate::error::Failure;
use crate::report::{Level, Output, Question, Questions, Reporter, Task};
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
}

/// Writes to standard error.
pub struct Terminal {
    style: Style,
    screen: Screen,
    failed: AtomicBool,
}

impl Terminal {
    /// A reporter in this style.
    pub fn new(style: Style) -> Self {
        Self {
            style,
            screen: Screen::new(style.progress),
            failed: AtomicBool::new(false),
        }
    }

    /// Shows why the run has failed: what, because of what, and what may help.
    pub fn failure(&self, failure: &Failure) {
        self.log(Level::Error, &failure.render());
    }

    /// Writes a message behind its label.
    fn write(&self, (label, color): (&str, &str), message: &str) {
        let message = harmless(message);
        let line = if self.style.color && !color.is_empty() {
            format!("{color}{label}\x1b[m\t{message}\n")
        } else {
            format!("{label}\t{message}\n")
        };
        self.screen.above(|| {
            // Standard error may be closed; there is nowhere left to say so.
            let _ = io::stderr().lock().write_all(line.as_bytes());
        });
    }
}

impl Questions for Terminal {
    fn ask(&self, question: &Question<'_>) -> usize {
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
        let label = match level {
            Level::Debug if !self.style.debug || self.style.quiet => return,
            Level::Info if self.style.quiet => return,
            Level::Debug => ("[DEBUG]", ""),
            Level::Info => INFO,
            Level::Warn => ("[WARN]", "\x1b[0;33m"),
            Level::Error => ("[ERROR]", "\x1b[0;31m"),
        };
        if level == Level::Error {
            self.failed.store(true, Ordering::Relaxed);
        }
        self.write(label, message);
    }

    fn task(&self, what: &str, total: usize) -> Box<dyn Task> {
        self.screen.task(what, total)
    }

    fn had_error(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }
}

/// The text with control characters made visible, line breaks and tabs kept, so that nothing that
/// comes from a remote can drive the terminal.
pub fn harmless(text: &str) -> String {
    let hostile = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if !text.contains(hostile) {
        return text.to_owned();
    }
    text.chars()
        .fold(String::with_capacity(text.len()), |mut safe, character| {
            if hostile(character) {
                safe.extend(character.escape_unicode());
            } else {
                safe.push(character);
            }
            safe
        })
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
