//! Scalars in quotes.

use super::super::text::{END, is_blank, is_break, is_space_or_end};
use super::super::token::TokenKind;
use super::plain_scalar::Gap;
use super::{Result, Scanner};

impl Scanner {
    pub(super) fn fetch_quoted_scalar(&mut self) -> Result<()> {
        self.note_key()?;
        self.simple_key_allowed = false;
        let start = self.mark;
        let quote = self.take();
        let mut value = String::new();
        loop {
            if self.at_document_marker() {
                return Err(self.fail("found unexpected document indicator"));
            }
            if self.at(0) == END {
                return Err(self.fail("found unexpected end of stream"));
            }
            let escaped_break = self.scan_quoted_word(quote, &mut value)?;
            let mut gap = Gap::after(escaped_break);
            if self.at(0) == quote {
                break;
            }
            self.scan_quoted_gap(&mut gap);
            gap.flush(&mut value);
        }
        self.skip();
        self.push(
            TokenKind::Scalar {
                value,
                plain: false,
            },
            start,
        );
        Ok(())
    }

    /// Reads up to white space or the closing quote; whether it ended with an escaped line break.
    fn scan_quoted_word(&mut self, quote: char, value: &mut String) -> Result<bool> {
        while !is_space_or_end(self.at(0)) {
            match self.at(0) {
                '\'' if quote == '\'' && self.at(1) == '\'' => {
                    value.push('\'');
                    self.skip();
                    self.skip();
                }
                c if c == quote => break,
                '\\' if quote == '"' && is_break(self.at(1)) => {
                    self.skip();
                    self.take_break();
                    return Ok(true);
                }
                '\\' if quote == '"' => value.push(self.scan_escape()?),
                _ => value.push(self.take()),
            }
        }
        Ok(false)
    }

    fn scan_quoted_gap(&mut self, gap: &mut Gap) {
        loop {
            let c = self.at(0);
            if is_blank(c) {
                gap.add_blank(c);
                self.skip();
            } else if is_break(c) {
                let c = self.take_break();
                gap.add_break(c);
            } else {
                return;
            }
        }
    }

    /// Reads a backslash and what it escapes. `\/`, which YAML 1.2 added, is unknown here.
    fn scan_escape(&mut self) -> Result<char> {
        let digits = match self.at(1) {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => {
                let c = simple_escape(self.at(1))
                    .ok_or_else(|| self.fail("found unknown escape character"))?;
                self.skip();
                self.skip();
                return Ok(c);
            }
        };
        self.skip();
        self.skip();
        let mut code: u32 = 0;
        for ahead in 0..digits {
            let digit = self
                .at(ahead)
                .to_digit(16)
                .ok_or_else(|| self.fail("did not find expected hexdecimal number"))?;
            code = (code << 4) | digit;
        }
        let c = char::from_u32(code)
            .ok_or_else(|| self.fail("found invalid Unicode character escape code"))?;
        (0..digits).for_each(|_| self.skip());
        Ok(c)
    }
}

fn simple_escape(c: char) -> Option<char> {
    Some(match c {
        '0' => '\0',
        'a' => '\x07',
        'b' => '\x08',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\x0B',
        'f' => '\x0C',
        'r' => '\r',
        'e' => '\x1B',
        ' ' | '"' | '\'' | '\\' => c,
        'N' => '\u{85}',
        '_' => '\u{A0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        _ => return None,
    })
}
