//! Lists and mappings in brackets.

use super::super::node::{Content, NodeId};
use super::super::token::TokenKind;
use super::{Parser, Place, Result};

impl Parser {
    pub(super) fn parse_flow_sequence(&mut self) -> Result<Content> {
        self.take()?;
        let mut items = Vec::new();
        while *self.peek()? != TokenKind::FlowSequenceEnd {
            if !items.is_empty() {
                if *self.peek()? != TokenKind::FlowEntry {
                    return Err(self.fail("did not find expected ',' or ']'"));
                }
                self.take()?;
            }
            match self.peek()? {
                TokenKind::FlowSequenceEnd => break,
                TokenKind::Key => items.push(self.parse_flow_pair()?),
                _ => items.push(self.parse_node(Place::Flow)?),
            }
        }
        self.take()?;
        Ok(Content::Sequence(items))
    }

    /// Reads `key: value` as an item of a bracketed list: a mapping of one entry.
    fn parse_flow_pair(&mut self) -> Result<NodeId> {
        let start = self.take()?;
        let key = match self.peek()? {
            TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowSequenceEnd => {
                // yaml.v2 drops the token that shows that the key is missing.
                let end_line = self.take()?.end_line;
                self.add_empty(end_line)
            }
            _ => self.parse_node(Place::Flow)?,
        };
        let mut line = self.mark()?.line;
        let mut value = None;
        if *self.peek()? == TokenKind::Value {
            line = self.take()?.start.line;
            value = match self.peek()? {
                TokenKind::FlowEntry | TokenKind::FlowSequenceEnd => None,
                _ => Some(self.parse_node(Place::Flow)?),
            };
        }
        let value = value.unwrap_or_else(|| self.add_empty(line));
        let content = Content::Mapping(vec![(key, value)]);
        let id = self.add(start.start.line, String::new(), content);
        self.document.set_span(id, start.start.index..self.end);
        Ok(id)
    }

    pub(super) fn parse_flow_mapping(&mut self) -> Result<Content> {
        self.take()?;
        let mut entries = Vec::new();
        while *self.peek()? != TokenKind::FlowMappingEnd {
            if !entries.is_empty() {
                if *self.peek()? != TokenKind::FlowEntry {
                    return Err(self.fail("did not find expected ',' or '}'"));
                }
                self.take()?;
            }
            match self.peek()? {
                TokenKind::FlowMappingEnd => break,
                TokenKind::Key => {
                    self.take()?;
                    let key = self.parse_flow_key()?;
                    let value = self.parse_flow_value()?;
                    entries.push((key, value));
                }
                _ => {
                    let key = self.parse_node(Place::Flow)?;
                    let line = self.mark()?.line;
                    entries.push((key, self.add_empty(line)));
                }
            }
        }
        self.take()?;
        Ok(Content::Mapping(entries))
    }

    fn parse_flow_key(&mut self) -> Result<NodeId> {
        let line = self.mark()?.line;
        match self.peek()? {
            TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowMappingEnd => {
                Ok(self.add_empty(line))
            }
            _ => self.parse_node(Place::Flow),
        }
    }

    fn parse_flow_value(&mut self) -> Result<NodeId> {
        if *self.peek()? == TokenKind::Value {
            self.take()?;
            if !matches!(
                self.peek()?,
                TokenKind::FlowEntry | TokenKind::FlowMappingEnd
            ) {
                return self.parse_node(Place::Flow);
            }
        }
        let line = self.mark()?.line;
        Ok(self.add_empty(line))
    }
}
