//! Directives, anchors, aliases and tags.

use super::super::text::{is_blank, is_break, is_break_or_end, is_space_or_end, is_word};
use super::super::token::TokenKind;
use super::{Result, Scanner};

impl Scanner {
    pub(super) fn fetch_directive(&mut self) -> Result<()> {
        self.close_blocks(None);
        self.forget_key()?;
        self.simple_key_allowed = false;
        let start = self.mark;
        self.skip();
        let name = self.take_word();
        if name.is_empty() {
            return Err(self.fail("could not find expected directive name"));
        }
        if !is_space_or_end(self.at(0)) {
            return Err(self.fail("found unexpected non-alphabetical character"));
        }
        let kind = match name.as_str() {
            "YAML" => self.scan_version()?,
            "TAG" => self.scan_tag_directive()?,
            _ => return Err(self.fail("found unknown directive name")),
        };
        self.skip_blanks();
        self.skip_comment();
        if !is_break_or_end(self.at(0)) {
            return Err(self.fail("did not find expected comment or line break"));
        }
        self.push(kind, start);
        if is_break(self.at(0)) {
            self.take_break();
        }
        Ok(())
    }

    fn scan_version(&mut self) -> Result<TokenKind> {
        self.skip_blanks();
        let major = self.scan_version_number()?;
        if self.at(0) != '.' {
            return Err(self.fail("did not find expected digit or '.' character"));
        }
        self.skip();
        let minor = self.scan_version_number()?;
        Ok(TokenKind::VersionDirective { major, minor })
    }

    fn scan_version_number(&mut self) -> Result<u32> {
        let mut number = None;
        for length in 0.. {
            let Some(digit) = self.at(0).to_digit(10) else {
                break;
            };
            if length == 2 {
                return Err(self.fail("found extremely long version number"));
            }
            number = Some(number.unwrap_or(0) * 10 + digit);
            self.skip();
        }
        number.ok_or_else(|| self.fail("did not find expected version number"))
    }

    fn scan_tag_directive(&mut self) -> Result<TokenKind> {
        self.skip_blanks();
        let handle = self.scan_tag_handle()?;
        // Also for the handle `!` alone, over which yaml.v2 stumbles with an index out of range.
        if handle.len() < 2 || !handle.ends_with('!') {
            return Err(self.fail("did not find expected '!'"));
        }
        if !is_blank(self.at(0)) {
            return Err(self.fail("did not find expected whitespace"));
        }
        self.skip_blanks();
        let prefix = self.scan_tag_uri(None)?;
        if !is_space_or_end(self.at(0)) {
            return Err(self.fail("did not find expected whitespace or line break"));
        }
        Ok(TokenKind::TagDirective { handle, prefix })
    }

    pub(super) fn fetch_anchor(&mut self) -> Result<()> {
        self.note_key()?;
        self.simple_key_allowed = false;
        let start = self.mark;
        let is_alias = self.take() == '*';
        let name = self.take_word();
        let next = self.at(0);
        let ends = is_space_or_end(next) || "?:,]}%@`".contains(next);
        if name.is_empty() || !ends {
            return Err(self.fail("did not find expected alphabetic or numeric character"));
        }
        let kind = if is_alias {
            TokenKind::Alias(name)
        } else {
            TokenKind::Anchor(name)
        };
        self.push(kind, start);
        Ok(())
    }

    pub(super) fn fetch_tag(&mut self) -> Result<()> {
        self.note_key()?;
        self.simple_key_allowed = false;
        let start = self.mark;
        let (handle, suffix) = if self.at(1) == '<' {
            self.skip();
            self.skip();
            let uri = self.scan_tag_uri(None)?;
            if self.at(0) != '>' {
                return Err(self.fail("did not find the expected '>'"));
            }
            self.skip();
            (String::new(), uri)
        } else {
            self.scan_short_tag()?
        };
        if !is_space_or_end(self.at(0)) {
            return Err(self.fail("did not find expected whitespace or line break"));
        }
        self.push(TokenKind::Tag { handle, suffix }, start);
        Ok(())
    }

    /// Reads `!`, `!suffix` or `!handle!suffix`.
    fn scan_short_tag(&mut self) -> Result<(String, String)> {
        let handle = self.scan_tag_handle()?;
        if handle.len() > 1 && handle.ends_with('!') {
            let suffix = self.scan_tag_uri(None)?;
            return Ok((handle, suffix));
        }
        let suffix = self.scan_tag_uri(Some(&handle[1..]))?;
        if suffix.is_empty() {
            // The tag `!` alone has no handle to look up.
            return Ok((String::new(), "!".to_owned()));
        }
        Ok(("!".to_owned(), suffix))
    }

    fn scan_tag_handle(&mut self) -> Result<String> {
        if self.at(0) != '!' {
            return Err(self.fail("did not find expected '!'"));
        }
        let mut handle = String::from(self.take());
        handle.push_str(&self.take_word());
        if self.at(0) == '!' {
            handle.push(self.take());
        }
        Ok(handle)
    }

    /// Reads what may stand in a tag; `head` is what has been read of it, which may be nothing.
    fn scan_tag_uri(&mut self, head: Option<&str>) -> Result<String> {
        let mut uri = head.unwrap_or_default().as_bytes().to_vec();
        let mut read_any = head.is_some();
        loop {
            let c = self.at(0);
            if c == '%' {
                uri.push(self.scan_uri_escape()?);
            } else if is_word(c) || ";/?:@&=+$,.!~*'()[]".contains(c) {
                uri.extend(u8::try_from(c).ok());
                read_any = true;
                self.skip();
            } else {
                break;
            }
        }
        // yaml.v2 does not count escapes, so a tag of escapes alone is none.
        if !read_any {
            return Err(self.fail("did not find expected tag URI"));
        }
        String::from_utf8(uri).map_err(|_| self.fail("found an incorrect UTF-8 octet"))
    }

    fn scan_uri_escape(&mut self) -> Result<u8> {
        let digit = |ahead| self.at(ahead).to_digit(16);
        let (Some(high), Some(low)) = (digit(1), digit(2)) else {
            return Err(self.fail("did not find URI escaped octet"));
        };
        (0..3).for_each(|_| self.skip());
        u8::try_from(high * 16 + low).map_err(|_| self.fail("did not find URI escaped octet"))
    }

    fn take_word(&mut self) -> String {
        let mut word = String::new();
        while is_word(self.at(0)) {
            word.push(self.take());
        }
        word
    }

    fn skip_blanks(&mut self) {
        while is_blank(self.at(0)) {
            self.skip();
        }
    }
}
