//! Lines at the bottom of a terminal that change in place, as the control sequences that do it.
//!
//! Between two frames the cursor rests at the beginning of the first line. A terminal that is resized
//! moves its lines, and the cursor with them, so the next frame begins in the right place without
//! knowing what the terminal has done, and clears whatever is below. Nothing is cleared before it is
//! written over, and the cursor is never hidden, so that there is nothing to flicker or to put right.

use std::fmt::Write as _;

/// Clears from the cursor to the end of the line.
const CLEAR_LINE: &str = "\x1b[K";
/// Clears from the cursor to the end of the screen.
const CLEAR_BELOW: &str = "\x1b[J";

/// What is drawn at the moment.
#[derive(Debug, Default)]
pub(super) struct Canvas {
    drawn: Vec<String>,
    size: (usize, usize),
}

impl Canvas {
    /// What turns the old lines into these; nothing where they are the same. Each has to be narrower than
    /// the terminal, which has to be higher than there are lines.
    pub(super) fn draw(&mut self, lines: Vec<String>, size: (usize, usize)) -> String {
        if lines.is_empty() {
            return self.erase();
        }
        if lines == self.drawn && size == self.size {
            return String::new();
        }
        (self.drawn, self.size) = (lines, size);
        self.frame()
    }

    /// What writes a text that stays above the lines.
    pub(super) fn above(&mut self, text: &str) -> String {
        if self.drawn.is_empty() {
            return text.to_owned();
        }
        format!("\r{CLEAR_BELOW}{text}{}", self.frame())
    }

    /// What removes the lines.
    pub(super) fn erase(&mut self) -> String {
        if self.drawn.is_empty() {
            return String::new();
        }
        self.drawn.clear();
        format!("\r{CLEAR_BELOW}")
    }

    fn frame(&self) -> String {
        let between = format!("{CLEAR_LINE}\r\n");
        let mut out = format!("\r{}{CLEAR_BELOW}\r", self.drawn.join(&between));
        if self.drawn.len() > 1 {
            write!(out, "\x1b[{}A", self.drawn.len() - 1).expect("a string takes all");
        }
        out
    }
}
