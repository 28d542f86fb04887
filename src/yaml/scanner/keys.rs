//! Indents, keys that may have started, and the tokens that depend on them.

use super::super::token::{Mark, Token, TokenKind};
use super::{Result, Scanner};

/// A place where a key may have started; its `:` has not come yet.
#[derive(Clone, Copy)]
pub(super) struct SimpleKey {
    /// The number of the key's first token.
    pub(super) token: usize,
    mark: Mark,
    /// Whether it must be a key, because it stands at the block's indent.
    required: bool,
}

/// How many characters may lie between the start of a key and its `:`.
const LONGEST_KEY: usize = 1024;

impl Scanner {
    /// Drops keys whose `:` can no longer come: it must be on the same line, and near.
    pub(super) fn drop_stale_keys(&mut self) -> Result<()> {
        for level in 0..self.simple_keys.len() {
            let Some(key) = self.simple_keys[level] else {
                continue;
            };
            if key.mark.line < self.mark.line || key.mark.index + LONGEST_KEY < self.mark.index {
                self.drop_key(level)?;
            }
        }
        Ok(())
    }

    /// Notes that a key may start with the next token.
    pub(super) fn note_key(&mut self) -> Result<()> {
        if !self.simple_key_allowed {
            return Ok(());
        }
        self.forget_key()?;
        let key = SimpleKey {
            token: self.taken + self.queue.len(),
            mark: self.mark,
            required: !self.in_flow() && self.indent == Some(self.mark.column),
        };
        self.simple_keys.pop();
        self.simple_keys.push(Some(key));
        Ok(())
    }

    /// Drops the key of the current level.
    pub(super) fn forget_key(&mut self) -> Result<()> {
        self.drop_key(self.simple_keys.len() - 1)
    }

    fn drop_key(&mut self, level: usize) -> Result<()> {
        match self.simple_keys[level].take() {
            Some(key) if key.required => Err(self.fail("could not find expected ':'")),
            _ => Ok(()),
        }
    }

    /// Opens a block at `column` unless one is open there; its token goes before token `number`.
    fn open_block(&mut self, kind: TokenKind, start: Mark, number: usize) {
        if self.in_flow() || self.indent.is_some_and(|indent| indent >= start.column) {
            return;
        }
        self.outer_indents.push(self.indent);
        self.indent = Some(start.column);
        self.insert(kind, start, number);
    }

    /// Closes the blocks that are deeper than `column`; all of them where there is none.
    pub(super) fn close_blocks(&mut self, column: Option<usize>) {
        if self.in_flow() {
            return;
        }
        while self.indent > column {
            self.push(TokenKind::BlockEnd, self.mark);
            self.indent = self.outer_indents.pop().unwrap_or_default();
        }
    }

    fn insert(&mut self, kind: TokenKind, start: Mark, number: usize) {
        let token = Token {
            kind,
            start,
            end_line: start.line,
            end: start.index,
        };
        self.queue.insert(number - self.taken, token);
    }

    fn next_number(&self) -> usize {
        self.taken + self.queue.len()
    }

    pub(super) fn fetch_flow_start(&mut self, kind: TokenKind) -> Result<()> {
        self.note_key()?;
        self.simple_keys.push(None);
        self.simple_key_allowed = true;
        self.push_indicator(kind);
        Ok(())
    }

    pub(super) fn fetch_flow_end(&mut self, kind: TokenKind) -> Result<()> {
        self.forget_key()?;
        if self.in_flow() {
            self.simple_keys.pop();
        }
        self.simple_key_allowed = false;
        self.push_indicator(kind);
        Ok(())
    }

    pub(super) fn fetch_flow_entry(&mut self) -> Result<()> {
        self.forget_key()?;
        self.simple_key_allowed = true;
        self.push_indicator(TokenKind::FlowEntry);
        Ok(())
    }

    pub(super) fn fetch_block_entry(&mut self) -> Result<()> {
        // Inside brackets it is an error too, but the parser can say what was expected instead.
        if !self.in_flow() {
            if !self.simple_key_allowed {
                return Err(self.fail("block sequence entries are not allowed in this context"));
            }
            self.open_block(TokenKind::BlockSequenceStart, self.mark, self.next_number());
        }
        self.forget_key()?;
        self.simple_key_allowed = true;
        self.push_indicator(TokenKind::BlockEntry);
        Ok(())
    }

    pub(super) fn fetch_key(&mut self) -> Result<()> {
        if !self.in_flow() {
            if !self.simple_key_allowed {
                return Err(self.fail("mapping keys are not allowed in this context"));
            }
            self.open_block(TokenKind::BlockMappingStart, self.mark, self.next_number());
        }
        self.forget_key()?;
        self.simple_key_allowed = !self.in_flow();
        self.push_indicator(TokenKind::Key);
        Ok(())
    }

    pub(super) fn fetch_value(&mut self) -> Result<()> {
        let level = self.simple_keys.len() - 1;
        if let Some(key) = self.simple_keys[level].take() {
            self.insert(TokenKind::Key, key.mark, key.token);
            self.open_block(TokenKind::BlockMappingStart, key.mark, key.token);
            self.simple_key_allowed = false;
        } else {
            if !self.in_flow() {
                if !self.simple_key_allowed {
                    return Err(self.fail("mapping values are not allowed in this context"));
                }
                self.open_block(TokenKind::BlockMappingStart, self.mark, self.next_number());
            }
            self.simple_key_allowed = !self.in_flow();
        }
        self.push_indicator(TokenKind::Value);
        Ok(())
    }

    fn push_indicator(&mut self, kind: TokenKind) {
        let start = self.mark;
        self.skip();
        self.push(kind, start);
    }
}
