//! Literal (`|`) and folded (`>`) scalars.

use super::super::text::{END, is_blank, is_break, is_break_or_end};
use super::super::token::TokenKind;
use super::{Result, Scanner};

/// What becomes of the line breaks at the end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomping {
    /// `-`: none stays.
    Strip,
    /// Nothing said: one stays.
    Clip,
    /// `+`: all stay.
    Keep,
}

impl Scanner {
    pub(super) fn fetch_block_scalar(&mut self) -> Result<()> {
        self.forget_key()?;
        self.simple_key_allowed = true;
        let start = self.mark;
        let literal = self.take() == '|';
        let (chomping, increment) = self.scan_block_header()?;
        let mut indent = increment.map(|increment| self.indent.unwrap_or(0) + increment);
        let mut breaks = String::new();
        self.scan_block_breaks(&mut indent, &mut breaks)?;
        let value = self.scan_block_lines(literal, chomping, indent, breaks)?;
        self.push(
            TokenKind::Scalar {
                value,
                plain: false,
            },
            start,
        );
        Ok(())
    }

    /// Reads the rest of the first line: an indent digit and a chomping sign, in either order.
    fn scan_block_header(&mut self) -> Result<(Chomping, Option<usize>)> {
        let mut chomping = Chomping::Clip;
        let mut increment = None;
        for _ in 0..2 {
            match self.at(0) {
                '+' if chomping == Chomping::Clip => chomping = Chomping::Keep,
                '-' if chomping == Chomping::Clip => chomping = Chomping::Strip,
                '0' if increment.is_none() => {
                    return Err(self.fail("found an indentation indicator equal to 0"));
                }
                c @ '1'..='9' if increment.is_none() => {
                    increment = c.to_digit(10).map(|digit| digit as usize);
                }
                _ => break,
            }
            self.skip();
        }
        while is_blank(self.at(0)) {
            self.skip();
        }
        self.skip_comment();
        if !is_break_or_end(self.at(0)) {
            return Err(self.fail("did not find expected comment or line break"));
        }
        if is_break(self.at(0)) {
            self.take_break();
        }
        Ok((chomping, increment))
    }

    fn scan_block_lines(
        &mut self,
        literal: bool,
        chomping: Chomping,
        mut indent: Option<usize>,
        mut breaks: String,
    ) -> Result<String> {
        let mut value = String::new();
        let mut line_break: Option<char> = None;
        let mut after_blank = false;
        while indent == Some(self.mark.column) && self.at(0) != END {
            let blank = is_blank(self.at(0));
            // A folded line break between two lines that do not start with a blank is a space.
            if !literal && !after_blank && !blank && line_break == Some('\n') {
                if breaks.is_empty() {
                    value.push(' ');
                }
            } else {
                value.extend(line_break);
            }
            value.push_str(&breaks);
            breaks.clear();
            after_blank = blank;
            while !is_break_or_end(self.at(0)) {
                value.push(self.take());
            }
            line_break = is_break(self.at(0)).then(|| self.take_break());
            self.scan_block_breaks(&mut indent, &mut breaks)?;
        }
        if chomping != Chomping::Strip {
            value.extend(line_break);
        }
        if chomping == Chomping::Keep {
            value.push_str(&breaks);
        }
        Ok(value)
    }

    /// Skips indents and empty lines; settles the indent by the first line if it is not known.
    fn scan_block_breaks(&mut self, indent: &mut Option<usize>, breaks: &mut String) -> Result<()> {
        let mut deepest = 0;
        loop {
            let is_before = |column: usize| indent.is_none_or(|indent| column < indent);
            while is_before(self.mark.column) && self.at(0) == ' ' {
                self.skip();
            }
            deepest = deepest.max(self.mark.column);
            if is_before(self.mark.column) && self.at(0) == '\t' {
                return Err(
                    self.fail("found a tab character where an indentation space is expected")
                );
            }
            if !is_break(self.at(0)) {
                break;
            }
            breaks.push(self.take_break());
        }
        let least = self.indent.map_or(1, |indent| indent + 1);
        indent.get_or_insert(deepest.max(least));
        Ok(())
    }
}
