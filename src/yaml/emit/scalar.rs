//! The bytes of scalars: escapes, line breaks and folding.

use std::fmt::Write as _;

use super::super::text::is_break;
use super::style::{Style, is_printable};

/// A line is broken at the first space met past this column, so lines may be longer.
const BEST_WIDTH: usize = 80;

/// A text being written, and the column it is at, in characters.
#[derive(Default)]
pub(super) struct ScalarWriter {
    text: String,
    column: usize,
}

impl ScalarWriter {
    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// Writes text without line breaks as it is.
    pub(super) fn put(&mut self, text: &str) {
        self.text.push_str(text);
        self.column += text.chars().count();
    }

    /// Ends the line, unless a scalar already did.
    pub(super) fn end_line(&mut self) {
        if self.column > 0 {
            self.put_char('\n');
        }
    }

    /// Writes spaces up to the column `indent`.
    pub(super) fn pad(&mut self, indent: usize) {
        while self.column < indent {
            self.put_char(' ');
        }
    }

    /// Writes a scalar; lines of it after the first are indented by `indent`.
    pub(super) fn write(&mut self, text: &str, indent: usize) {
        match Style::of(text) {
            Style::Plain => self.write_plain(text, indent),
            Style::SingleQuoted => self.write_single_quoted(text, indent),
            Style::DoubleQuoted => self.write_double_quoted(text, indent),
            Style::Literal => self.write_literal(text, indent),
        }
    }

    fn write_plain(&mut self, text: &str, indent: usize) {
        let mut after_space = false;
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            if c == ' ' && self.may_fold(after_space) && !rest.as_str().starts_with(' ') {
                self.fold(indent);
            } else {
                self.put_char(c);
            }
            after_space = c == ' ';
        }
    }

    fn write_single_quoted(&mut self, text: &str, indent: usize) {
        self.put_char('\'');
        let mut after_space = false;
        let mut after_break = false;
        for (at, c) in text.char_indices() {
            if c == ' ' {
                let inside = at > 0 && at < text.len() - 1;
                let last = !text[at + 1..].starts_with(' ');
                if inside && last && self.may_fold(after_space) {
                    self.fold(indent);
                } else {
                    self.put_char(c);
                }
            } else if is_break(c) {
                // Only U+2028 and U+2029 come here: they end the line, and an indent follows.
                self.put_char(c);
            } else {
                if after_break {
                    self.pad(indent);
                }
                if c == '\'' {
                    self.put_char('\'');
                }
                self.put_char(c);
            }
            after_space = c == ' ';
            after_break = is_break(c);
        }
        self.put_char('\'');
    }

    fn write_double_quoted(&mut self, text: &str, indent: usize) {
        self.put_char('"');
        // yaml.v2 looks for a byte order mark at the start of the text instead of the place.
        let escape_all = text.starts_with('\u{FEFF}');
        let mut after_space = false;
        for (at, c) in text.char_indices() {
            let inside = at > 0 && at < text.len() - 1;
            if escape_all || !is_printable(c) || is_break(c) || c == '"' || c == '\\' {
                self.put_escaped(c);
                after_space = false;
            } else if c == ' ' && inside && self.may_fold(after_space) {
                self.fold(indent);
                if text[at + 1..].starts_with(' ') {
                    self.put_char('\\');
                }
                after_space = true;
            } else {
                self.put_char(c);
                after_space = c == ' ';
            }
        }
        self.put_char('"');
    }

    fn write_literal(&mut self, text: &str, indent: usize) {
        self.put_char('|');
        if text.starts_with(|c| c == ' ' || is_break(c)) {
            self.put_char('2');
        }
        let mut from_end = text.chars().rev();
        let ends_with_break = from_end.next().is_some_and(is_break);
        if !ends_with_break {
            self.put_char('-');
        } else if from_end.next().is_none_or(is_break) {
            self.put_char('+');
        }
        self.put_char('\n');
        let mut after_break = true;
        for c in text.chars() {
            if after_break && !is_break(c) {
                self.pad(indent);
            }
            self.put_char(c);
            after_break = is_break(c);
        }
    }

    fn may_fold(&self, after_space: bool) -> bool {
        self.column > BEST_WIDTH && !after_space
    }

    /// Breaks the line in place of a space.
    fn fold(&mut self, indent: usize) {
        self.put_char('\n');
        self.pad(indent);
    }

    fn put_escaped(&mut self, c: char) {
        let short = match c {
            '\0' => '0',
            '\x07' => 'a',
            '\x08' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\x0B' => 'v',
            '\x0C' => 'f',
            '\r' => 'r',
            '\x1B' => 'e',
            '"' | '\\' => c,
            '\u{85}' => 'N',
            '\u{A0}' => '_',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            _ => return self.put_code(c),
        };
        self.put_char('\\');
        self.put_char(short);
    }

    fn put_code(&mut self, c: char) {
        let mut escape = String::new();
        let code = u32::from(c);
        let written = match code {
            ..=0xFF => write!(escape, "\\x{code:02X}"),
            0x100..=0xFFFF => write!(escape, "\\u{code:04X}"),
            _ => write!(escape, "\\U{code:08X}"),
        };
        written.expect("writing to a string cannot fail");
        self.put(&escape);
    }

    fn put_char(&mut self, c: char) {
        self.text.push(c);
        self.column = if is_break(c) { 0 } else { self.column + 1 };
    }
}
