//! Cuts the text into tokens, and finds keys and blocks that nothing announces.
//!
//! A key is known as one only when its `:` comes, so tokens wait in a queue until no key can start
//! before them. Which places can start a key, and how far its `:` may be (the same line, 1024
//! characters), decides much of what is refused: these rules are yaml.v2's.

mod block_scalar;
mod flow_scalar;
mod keys;
mod markup;
mod plain_scalar;

use std::collections::VecDeque;

use keys::SimpleKey;

use super::error::Error;
use super::text::{END, is_break, is_break_or_end, is_space_or_end};
use super::token::{Mark, Token, TokenKind};

/// The result of a scanning step.
type Result<T> = std::result::Result<T, Error>;

/// A text being cut into tokens.
pub(super) struct Scanner {
    text: Vec<char>,
    mark: Mark,
    queue: VecDeque<Token>,
    /// How many tokens have left the queue; a token's number is its place among all of them.
    taken: usize,
    /// The column of the innermost block; none outside of all blocks.
    indent: Option<usize>,
    outer_indents: Vec<Option<usize>>,
    /// Where a key may have started: one place for the block level and one for each flow level.
    simple_keys: Vec<Option<SimpleKey>>,
    simple_key_allowed: bool,
}

impl Scanner {
    pub(super) fn new(text: Vec<char>) -> Self {
        Self {
            text,
            mark: Mark::default(),
            queue: VecDeque::new(),
            taken: 0,
            indent: None,
            outer_indents: Vec::new(),
            simple_keys: vec![None],
            simple_key_allowed: true,
        }
    }

    /// The next token, which stays where it is.
    pub(super) fn peek(&mut self) -> Result<&Token> {
        while self.needs_more()? {
            self.fetch()?;
        }
        Ok(&self.queue[0])
    }

    /// The next token, which is taken out.
    pub(super) fn next(&mut self) -> Result<Token> {
        self.peek()?;
        self.taken += 1;
        Ok(self.queue.pop_front().expect("peek leaves a token"))
    }

    /// Whether the first token of the queue may yet turn out to be preceded by a key.
    fn needs_more(&mut self) -> Result<bool> {
        if self.queue.is_empty() {
            return Ok(true);
        }
        self.drop_stale_keys()?;
        let head = self.taken;
        Ok(self
            .simple_keys
            .iter()
            .flatten()
            .any(|key| key.token == head))
    }

    fn fetch(&mut self) -> Result<()> {
        self.skip_to_token();
        self.drop_stale_keys()?;
        self.close_blocks(Some(self.mark.column));
        let c = self.at(0);
        let ends_word = is_space_or_end(self.at(1));
        let in_flow = self.in_flow();
        match c {
            END => self.fetch_stream_end(),
            '%' if self.mark.column == 0 => self.fetch_directive(),
            _ if self.at_document_marker() => self.fetch_document_marker(),
            '[' => self.fetch_flow_start(TokenKind::FlowSequenceStart),
            '{' => self.fetch_flow_start(TokenKind::FlowMappingStart),
            ']' => self.fetch_flow_end(TokenKind::FlowSequenceEnd),
            '}' => self.fetch_flow_end(TokenKind::FlowMappingEnd),
            ',' => self.fetch_flow_entry(),
            '-' if ends_word => self.fetch_block_entry(),
            '?' if in_flow || ends_word => self.fetch_key(),
            ':' if in_flow || ends_word => self.fetch_value(),
            '*' | '&' => self.fetch_anchor(),
            '!' => self.fetch_tag(),
            '|' | '>' if !in_flow => self.fetch_block_scalar(),
            '\'' | '"' => self.fetch_quoted_scalar(),
            '\t' | '|' | '>' | '%' | '@' | '`' => {
                Err(self.fail("found character that cannot start any token"))
            }
            _ => self.fetch_plain_scalar(),
        }
    }

    /// Skips blanks, comments and line breaks. A tab is not skipped where it could be an indent.
    fn skip_to_token(&mut self) {
        loop {
            let tabs = self.in_flow() || !self.simple_key_allowed;
            while self.at(0) == ' ' || (tabs && self.at(0) == '\t') {
                self.skip();
            }
            self.skip_comment();
            if !is_break(self.at(0)) {
                return;
            }
            self.take_break();
            if !self.in_flow() {
                self.simple_key_allowed = true;
            }
        }
    }

    /// Skips to the end of the line if a comment starts here.
    fn skip_comment(&mut self) {
        if self.at(0) == '#' {
            while !is_break_or_end(self.at(0)) {
                self.skip();
            }
        }
    }

    fn fetch_stream_end(&mut self) -> Result<()> {
        if self.mark.column != 0 {
            self.mark.column = 0;
            self.mark.line += 1;
        }
        self.close_blocks(None);
        self.forget_key()?;
        self.simple_key_allowed = false;
        self.push(TokenKind::StreamEnd, self.mark);
        Ok(())
    }

    fn fetch_document_marker(&mut self) -> Result<()> {
        self.close_blocks(None);
        self.forget_key()?;
        self.simple_key_allowed = false;
        let kind = match self.at(0) {
            '-' => TokenKind::DocumentStart,
            _ => TokenKind::DocumentEnd,
        };
        let start = self.mark;
        (0..3).for_each(|_| self.skip());
        self.push(kind, start);
        Ok(())
    }

    /// Whether `---` or `...` stands here, alone at the start of a line.
    fn at_document_marker(&self) -> bool {
        let c = self.at(0);
        self.mark.column == 0
            && (c == '-' || c == '.')
            && self.at(1) == c
            && self.at(2) == c
            && is_space_or_end(self.at(3))
    }

    fn in_flow(&self) -> bool {
        self.simple_keys.len() > 1
    }

    /// The character `ahead` places on; [`END`] past the end.
    fn at(&self, ahead: usize) -> char {
        let at = self.mark.index + ahead;
        self.text.get(at).copied().unwrap_or(END)
    }

    /// Moves past a character that is no line break.
    fn skip(&mut self) {
        self.mark.index += 1;
        self.mark.column += 1;
    }

    /// Moves past a character that is no line break, and returns it.
    fn take(&mut self) -> char {
        let c = self.at(0);
        self.skip();
        c
    }

    /// Moves past a line break and returns it as it counts: `\n`, or the two that Unicode has.
    fn take_break(&mut self) -> char {
        let c = self.at(0);
        let length = if c == '\r' && self.at(1) == '\n' {
            2
        } else {
            1
        };
        self.mark.index += length;
        self.mark.line += 1;
        self.mark.column = 0;
        match c {
            '\u{2028}' | '\u{2029}' => c,
            _ => '\n',
        }
    }

    fn push(&mut self, kind: TokenKind, start: Mark) {
        self.queue.push_back(Token {
            kind,
            start,
            end_line: self.mark.line,
            end: self.mark.index,
        });
    }

    fn fail(&self, message: &str) -> Error {
        Error::at(self.mark.line, message)
    }
}
