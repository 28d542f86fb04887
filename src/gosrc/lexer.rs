//! The tokens of Go source, each with its place. Pure; allocates nothing per token.
//!
//! Owned here: comments, literals, identifiers, and the semicolons that Go puts at line ends.
//! Refused here: numbers are not checked, operators come byte by byte, and nothing is known of
//! Go's grammar. What Go's own scanner refuses (a NUL, bytes that are not UTF-8, a literal or
//! comment without end) is an error here too, wherever it stands.

use std::ops::Range;

use super::error::SyntaxError;
use super::keywords::is_keyword;
use super::line_directive;

/// A place in the source, in bytes.
pub type Span = Range<usize>;

/// The kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `// ...` without its line end, or `/* ... */`.
    Comment,
    /// A name or a keyword.
    Word,
    /// A number of any base.
    Number,
    /// `'x'`
    Character,
    /// `"..."`
    Interpreted,
    /// A string in backquotes.
    Raw,
    /// `;`, or a line end (or the end of the file) that stands for one; then the span is empty.
    Semicolon,
    /// One byte of an operator, or a bracket, comma or point. `++` and `--` come whole.
    Operator,
    /// The end of the file.
    End,
}

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Where it is.
    pub span: Span,
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads tokens one by one.
#[derive(Debug)]
pub struct Lexer<'a> {
    source: &'a [u8],
    offset: usize,
    /// Whether a line end here would stand for a semicolon.
    statement_may_end: bool,
}

impl<'a> Lexer<'a> {
    /// Starts at the beginning of a file, after the byte order mark if there is one.
    pub fn new(source: &'a [u8]) -> Self {
        Self {
            source,
            offset: if source.starts_with(BYTE_ORDER_MARK) {
                BYTE_ORDER_MARK.len()
            } else {
                0
            },
            statement_may_end: false,
        }
    }

    /// The bytes of a token.
    pub fn text(&self, token: &Token) -> &'a [u8] {
        &self.source[token.span.clone()]
    }

    /// The next token, comments included; after [`Kind::End`] it is that again.
    pub fn next_token(&mut self) -> Result<Token, SyntaxError> {
        if let Some(semicolon) = self.skip_blanks() {
            return Ok(semicolon);
        }
        let start = self.offset;
        let Some(&first) = self.source.get(start) else {
            return Ok(self.end_of_file());
        };
        let kind = match first {
            b'/' if matches!(self.peek(1), Some(b'/' | b'*')) => return self.comment(),
            b'"' => self.quoted(b'"', "string literal")?,
            b'\'' => self.quoted(b'\'', "rune literal")?,
            b'`' => self.raw()?,
            b'0'..=b'9' => self.number(),
            b'.' if self.peek(1).is_some_and(|byte| byte.is_ascii_digit()) => self.number(),
            b'_' | b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => self.word()?,
            b';' => {
                self.offset += 1;
                Kind::Semicolon
            }
            _ => self.operator()?,
        };
        let token = Token {
            kind,
            span: start..self.offset,
        };
        self.statement_may_end = self.can_end_statement(&token);
        // Go's scanner is one character ahead, even where nobody asks for another token.
        if self.peek(0).is_some_and(|byte| !byte.is_ascii()) {
            let next = self.character()?;
            self.check_text(self.offset, self.offset + next.len_utf8())?;
        }
        Ok(token)
    }

    /// The next token that is not a comment.
    pub fn next_code(&mut self) -> Result<Token, SyntaxError> {
        loop {
            let token = self.next_token()?;
            if token.kind != Kind::Comment {
                return Ok(token);
            }
        }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.source.get(self.offset + ahead).copied()
    }

    fn error(&self, offset: usize, message: impl Into<String>) -> SyntaxError {
        SyntaxError::at(self.source, offset, message)
    }

    /// Passes over blanks up to a line end that stands for a semicolon, which is returned.
    fn skip_blanks(&mut self) -> Option<Token> {
        while let Some(byte @ (b' ' | b'\t' | b'\r' | b'\n')) = self.peek(0) {
            if byte == b'\n' && self.statement_may_end {
                return Some(self.line_end());
            }
            self.offset += 1;
        }
        None
    }

    fn line_end(&mut self) -> Token {
        self.statement_may_end = false;
        Token {
            kind: Kind::Semicolon,
            span: self.offset..self.offset,
        }
    }

    fn end_of_file(&mut self) -> Token {
        if self.statement_may_end {
            return self.line_end();
        }
        Token {
            kind: Kind::End,
            span: self.offset..self.offset,
        }
    }

    /// A comment. One with a line end in it stands for a line end too; where that stands for a
    /// semicolon, the semicolon comes first.
    fn comment(&mut self) -> Result<Token, SyntaxError> {
        let start = self.offset;
        let rest = &self.source[start..];
        let mut length = if rest[1] == b'/' {
            rest.iter()
                .position(|byte| *byte == b'\n')
                .unwrap_or(rest.len())
        } else {
            let close = rest[2..].windows(2).position(|pair| pair == b"*/");
            2 + 2 + close.ok_or_else(|| self.error(start, "comment not terminated"))?
        };
        if self.statement_may_end && rest[..length].contains(&b'\n') {
            return Ok(self.line_end());
        }
        self.check_text(start, start + length)?;
        // The carriage return of a line end of two bytes is no part of a comment.
        if rest[1] == b'/' && rest[..length].ends_with(b"\r") {
            length -= 1;
        }
        line_directive::check(&self.source[start..start + length], self.begins_line(start))
            .map_err(|(place, message)| self.error(start + place, message))?;
        self.offset += length;
        Ok(Token {
            kind: Kind::Comment,
            span: start..self.offset,
        })
    }

    fn begins_line(&self, offset: usize) -> bool {
        offset == 0 || self.source[offset - 1] == b'\n'
    }

    /// A string with escapes or a rune; `what` names it in errors.
    fn quoted(&mut self, quote: u8, what: &str) -> Result<Kind, SyntaxError> {
        let start = self.offset;
        self.offset += 1;
        let mut characters = 0;
        loop {
            match self.peek(0) {
                None | Some(b'\n') => {
                    return Err(self.error(start, format!("{what} not terminated")));
                }
                Some(b'\\') => {
                    self.offset += self.escape(quote)?;
                    characters += 1;
                }
                Some(byte) => {
                    self.offset += 1;
                    if byte == quote {
                        break;
                    }
                    // The bytes of one character after its first are 10xxxxxx.
                    characters += usize::from(byte & 0xc0 != 0x80);
                }
            }
        }
        self.check_text(start, self.offset)?;
        if quote == b'"' {
            return Ok(Kind::Interpreted);
        }
        if characters != 1 {
            return Err(self.error(start, "illegal rune literal"));
        }
        Ok(Kind::Character)
    }

    /// The length of the escape that starts here.
    fn escape(&self, quote: u8) -> Result<usize, SyntaxError> {
        let digits = match self.peek(1) {
            Some(b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v' | b'\\') => return Ok(2),
            Some(byte) if byte == quote => return Ok(2),
            Some(b'0'..=b'7') => return self.escape_digits(1, 3, 8),
            Some(b'x') => 2,
            Some(b'u') => 4,
            Some(b'U') => 8,
            _ => return Err(self.error(self.offset + 1, "unknown escape sequence")),
        };
        self.escape_digits(2, digits, 16)
    }

    fn escape_digits(&self, from: usize, digits: usize, base: u32) -> Result<usize, SyntaxError> {
        let mut value = 0;
        for ahead in from..from + digits {
            let digit = self
                .peek(ahead)
                .and_then(|byte| char::from(byte).to_digit(base));
            let Some(digit) = digit else {
                let message = "illegal character in escape sequence";
                return Err(self.error(self.offset + ahead, message));
            };
            // Eight hex digits fill 32 bits exactly.
            value = value * base + digit;
        }
        let fits = if digits < 4 {
            value <= 255
        } else {
            char::from_u32(value).is_some()
        };
        if !fits {
            let message = "escape sequence is invalid Unicode code point";
            return Err(self.error(self.offset + 1, message));
        }
        Ok(from + digits)
    }

    fn raw(&mut self) -> Result<Kind, SyntaxError> {
        let start = self.offset;
        let close = self.source[start + 1..]
            .iter()
            .position(|byte| *byte == b'`');
        let close = close.ok_or_else(|| self.error(start, "raw string literal not terminated"))?;
        self.offset = start + 1 + close + 1;
        self.check_text(start, self.offset)?;
        Ok(Kind::Raw)
    }

    fn number(&mut self) -> Kind {
        let mut previous = 0;
        while let Some(byte) = self.peek(0) {
            let sign_of_exponent =
                matches!(byte, b'+' | b'-') && matches!(previous, b'e' | b'E' | b'p' | b'P');
            if !(byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_') || sign_of_exponent) {
                break;
            }
            previous = byte;
            self.offset += 1;
        }
        Kind::Number
    }

    fn word(&mut self) -> Result<Kind, SyntaxError> {
        let start = self.offset;
        while let Some(byte) = self.peek(0) {
            if byte.is_ascii_alphanumeric() || byte == b'_' {
                self.offset += 1;
            } else if byte.is_ascii() {
                break;
            } else {
                let letter = self.character()?;
                let fits = letter.is_alphabetic() || (self.offset > start && letter.is_numeric());
                if !fits && self.offset > start {
                    break;
                }
                if !fits {
                    let message = format!("illegal character {letter:?}");
                    return Err(self.error(self.offset, message));
                }
                self.offset += letter.len_utf8();
            }
        }
        Ok(Kind::Word)
    }

    /// The character that starts here.
    fn character(&self) -> Result<char, SyntaxError> {
        let bytes = &self.source[self.offset..self.source.len().min(self.offset + 4)];
        let valid = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
        };
        let first = valid.chars().next();
        first.ok_or_else(|| self.error(self.offset, "illegal UTF-8 encoding"))
    }

    fn operator(&mut self) -> Result<Kind, SyntaxError> {
        let byte = self.source[self.offset];
        match byte {
            0 => return Err(self.error(self.offset, "illegal character NUL")),
            b'+' | b'-' if self.peek(1) == Some(byte) => self.offset += 2,
            b'!'
            | b'%'
            | b'&'
            | b'('..=b'/'
            | b':'
            | b'<'..=b'>'
            | b'['
            | b']'
            | b'^'
            | b'{'..=b'~' => {
                self.offset += 1;
            }
            _ => {
                let message = format!("illegal character {:?}", char::from(byte));
                return Err(self.error(self.offset, message));
            }
        }
        Ok(Kind::Operator)
    }

    /// Refuses what Go refuses even in comments and strings.
    fn check_text(&self, start: usize, end: usize) -> Result<(), SyntaxError> {
        let bytes = &self.source[start..end];
        if let Some(nul) = bytes.iter().position(|byte| *byte == 0) {
            return Err(self.error(start + nul, "illegal character NUL"));
        }
        let text = std::str::from_utf8(bytes)
            .map_err(|error| self.error(start + error.valid_up_to(), "illegal UTF-8 encoding"))?;
        match text.find('\u{feff}') {
            Some(mark) => Err(self.error(start + mark, "illegal byte order mark")),
            None => Ok(()),
        }
    }

    fn can_end_statement(&self, token: &Token) -> bool {
        match token.kind {
            Kind::Word => match self.text(token) {
                b"break" | b"continue" | b"fallthrough" | b"return" => true,
                word => !is_keyword(word),
            },
            Kind::Number | Kind::Character | Kind::Interpreted | Kind::Raw => true,
            Kind::Operator => matches!(self.text(token), b")" | b"]" | b"}" | b"++" | b"--"),
            Kind::Comment | Kind::Semicolon | Kind::End => false,
        }
    }
}
