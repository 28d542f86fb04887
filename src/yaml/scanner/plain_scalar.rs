//! Scalars without quotes, and the white space inside scalars.

use super::super::text::{is_blank, is_break, is_space_or_end};
use super::super::token::TokenKind;
use super::{Result, Scanner};

/// White space inside a scalar, and what it turns into when the scalar goes on.
#[derive(Default)]
pub(super) struct Gap {
    blanks: String,
    /// Whether the line ended; blanks do not count then.
    broken: bool,
    first_break: Option<char>,
    more_breaks: String,
}

impl Gap {
    /// A gap that starts after a line break which does not count, if there was one.
    pub(super) fn after(escaped_break: bool) -> Self {
        Self {
            broken: escaped_break,
            ..Self::default()
        }
    }

    /// Adds to `value` what the gap counts for: a single line break is a space, more of them one
    /// less than there are; the line breaks that only Unicode knows stay.
    pub(super) fn flush(&mut self, value: &mut String) {
        if !self.broken {
            value.push_str(&self.blanks);
        } else if self.first_break == Some('\n') && self.more_breaks.is_empty() {
            value.push(' ');
        } else {
            value.extend(self.first_break.filter(|&c| c != '\n'));
            value.push_str(&self.more_breaks);
        }
        *self = Self::default();
    }

    fn is_empty(&self) -> bool {
        !self.broken && self.blanks.is_empty()
    }

    pub(super) fn add_blank(&mut self, c: char) {
        if !self.broken {
            self.blanks.push(c);
        }
    }

    pub(super) fn add_break(&mut self, c: char) {
        if self.broken {
            self.more_breaks.push(c);
        } else {
            self.broken = true;
            self.first_break = Some(c);
        }
    }
}

impl Scanner {
    pub(super) fn fetch_plain_scalar(&mut self) -> Result<()> {
        self.note_key()?;
        self.simple_key_allowed = false;
        let start = self.mark;
        let indent = self.indent.map_or(0, |indent| indent + 1);
        let mut value = String::new();
        let mut gap = Gap::default();
        let mut end_line = self.mark.line;
        while !self.at_document_marker() && self.at(0) != '#' {
            while !self.at_end_of_plain()? {
                if !gap.is_empty() {
                    gap.flush(&mut value);
                }
                value.push(self.take());
                end_line = self.mark.line;
            }
            if !is_blank(self.at(0)) && !is_break(self.at(0)) {
                break;
            }
            self.scan_plain_gap(&mut gap, indent)?;
            if !self.in_flow() && self.mark.column < indent {
                break;
            }
        }
        if gap.broken {
            self.simple_key_allowed = true;
        }
        self.push(TokenKind::Scalar { value, plain: true }, start);
        if let Some(token) = self.queue.back_mut() {
            token.end_line = end_line;
        }
        Ok(())
    }

    /// Whether a plain scalar cannot go on with the character that stands here.
    fn at_end_of_plain(&self) -> Result<bool> {
        let c = self.at(0);
        let ends_word = is_space_or_end(self.at(1));
        if self.in_flow() && c == ':' && !ends_word {
            return Err(self.fail("found unexpected ':'"));
        }
        Ok(is_space_or_end(c)
            || (c == ':' && ends_word)
            || (self.in_flow() && matches!(c, ',' | '?' | '[' | ']' | '{' | '}')))
    }

    fn scan_plain_gap(&mut self, gap: &mut Gap, indent: usize) -> Result<()> {
        loop {
            let c = self.at(0);
            if is_blank(c) {
                if gap.broken && c == '\t' && self.mark.column < indent {
                    return Err(self.fail("found a tab character that violate indentation"));
                }
                gap.add_blank(c);
                self.skip();
            } else if is_break(c) {
                let c = self.take_break();
                gap.add_break(c);
            } else {
                return Ok(());
            }
        }
    }
}
