//! From tokens to the tree of the first document.
//!
//! The grammar is yaml.v2's, oddities included: a missing node is an empty scalar, an empty key in a
//! bracketed list swallows its colon, and what follows the first document must at least start
//! like another one.

mod flow;

use std::collections::HashMap;

use super::error::Error;
use super::node::{Content, Document, Node, NodeId};
use super::scanner::Scanner;
use super::text;
use super::token::{Mark, Token, TokenKind};

type Result<T> = std::result::Result<T, Error>;

/// How deep lists and mappings may lie in each other. yaml.v2 has no limit but its memory; ours
/// keeps hostile texts from using up the stack.
const DEEPEST: usize = 100;

/// Reads the first document; `None` where there is none (an empty text, or only comments).
pub fn parse(bytes: &[u8]) -> std::result::Result<Option<Document>, Error> {
    let mut parser = Parser {
        scanner: Scanner::new(text::decode(bytes)?),
        document: Document::default(),
        handles: HashMap::new(),
        depth: 0,
        end: 0,
    };
    Ok(parser.parse_stream()?.then_some(parser.document))
}

struct Parser {
    scanner: Scanner,
    document: Document,
    /// What the tag handles of the document stand for.
    handles: HashMap<String, String>,
    depth: usize,
    /// Where the last token that stands in the text ended.
    end: usize,
}

/// Where a node stands, which decides what may stand there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// A block, where lists need an indent of their own.
    Block,
    /// A key or value of a block mapping, where `-` may stand at the mapping's own indent.
    BlockEntry,
    /// Inside brackets.
    Flow,
}

/// What may stand before a node's content.
#[derive(Default)]
struct Properties {
    anchor: Option<String>,
    tag: String,
}

impl Parser {
    /// Reads the first document and checks that the stream goes on or ends properly.
    fn parse_stream(&mut self) -> Result<bool> {
        let starts_bare = match self.peek()? {
            TokenKind::StreamEnd => return Ok(false),
            TokenKind::VersionDirective { .. }
            | TokenKind::TagDirective { .. }
            | TokenKind::DocumentStart => false,
            _ => true,
        };
        let root = if starts_bare {
            self.parse_directives()?;
            self.parse_node(Place::Block)?
        } else {
            self.parse_document_start()?;
            self.parse_document_content()?
        };
        self.document.set_root(root);
        while *self.peek()? == TokenKind::DocumentEnd {
            self.take()?;
        }
        if *self.peek()? != TokenKind::StreamEnd {
            self.parse_document_start()?;
        }
        Ok(true)
    }

    fn parse_document_start(&mut self) -> Result<()> {
        self.parse_directives()?;
        match self.peek()? {
            TokenKind::DocumentStart => self.take().map(drop),
            _ => Err(self.fail("did not find expected <document start>")),
        }
    }

    fn parse_document_content(&mut self) -> Result<NodeId> {
        match self.peek()? {
            TokenKind::VersionDirective { .. }
            | TokenKind::TagDirective { .. }
            | TokenKind::DocumentStart
            | TokenKind::DocumentEnd
            | TokenKind::StreamEnd => {
                let line = self.mark()?.line;
                Ok(self.add_empty(line))
            }
            _ => self.parse_node(Place::Block),
        }
    }

    fn parse_directives(&mut self) -> Result<()> {
        self.handles.clear();
        let mut has_version = false;
        loop {
            match self.peek()?.clone() {
                TokenKind::VersionDirective { .. } if has_version => {
                    return Err(self.fail("found duplicate %YAML directive"));
                }
                TokenKind::VersionDirective { major: 1, minor: 1 } => has_version = true,
                TokenKind::VersionDirective { .. } => {
                    return Err(self.fail("found incompatible YAML document"));
                }
                TokenKind::TagDirective { handle, prefix } => {
                    if self.handles.insert(handle, prefix).is_some() {
                        return Err(self.fail("found duplicate %TAG directive"));
                    }
                }
                _ => break,
            }
            self.take()?;
        }
        for (handle, prefix) in [("!", "!"), ("!!", "tag:yaml.org,2002:")] {
            let handle = self.handles.entry(handle.to_owned());
            handle.or_insert_with(|| prefix.to_owned());
        }
        Ok(())
    }

    fn parse_node(&mut self, place: Place) -> Result<NodeId> {
        if self.depth == DEEPEST {
            return Err(self.fail("lists and mappings are nested too deep"));
        }
        self.depth += 1;
        let start = self.mark()?.index;
        let node = self.parse_shallow(place);
        self.depth -= 1;
        let node = node?;
        self.document.set_span(node, start..self.end.max(start));
        Ok(node)
    }

    fn parse_shallow(&mut self, place: Place) -> Result<NodeId> {
        let line = self.mark()?.line;
        if matches!(self.peek()?, TokenKind::Alias(_)) {
            let TokenKind::Alias(name) = self.take()?.kind else {
                unreachable!("the token that was looked at is the one that is taken")
            };
            return Ok(self.add(line, String::new(), Content::Alias(name)));
        }
        let properties = self.parse_properties()?;
        let bare = properties.anchor.is_none() && properties.tag.is_empty();
        let implicit = properties.tag.is_empty() || properties.tag == "!";
        let kind = self.peek()?.clone();
        // The anchor is noted before the content, so that the last one to start is the one it names.
        let empty = Content::Scalar {
            value: String::new(),
            implicit: properties.tag.is_empty(),
        };
        let id = self.add(line, properties.tag, empty);
        if let Some(anchor) = properties.anchor {
            self.document.set_anchor(anchor, id);
        }
        let content = match kind {
            TokenKind::Scalar { value, plain } => {
                self.take()?;
                let tagged = !self.document.node(id).tag.is_empty();
                let implicit = implicit && (plain || tagged);
                Content::Scalar { value, implicit }
            }
            TokenKind::BlockEntry if place == Place::BlockEntry => self.parse_indentless()?,
            TokenKind::FlowSequenceStart => self.parse_flow_sequence()?,
            TokenKind::FlowMappingStart => self.parse_flow_mapping()?,
            TokenKind::BlockSequenceStart if place != Place::Flow => self.parse_block_sequence()?,
            TokenKind::BlockMappingStart if place != Place::Flow => self.parse_block_mapping()?,
            _ if bare => return Err(self.fail("did not find expected node content")),
            _ => return Ok(id),
        };
        self.document.fill(id, content);
        Ok(id)
    }

    /// Reads an anchor and a tag, in either order.
    fn parse_properties(&mut self) -> Result<Properties> {
        let mut properties = Properties::default();
        let mut tag = None;
        for _ in 0..2 {
            match self.peek()? {
                TokenKind::Anchor(_) if properties.anchor.is_none() => {
                    if let TokenKind::Anchor(name) = self.take()?.kind {
                        properties.anchor = Some(name);
                    }
                }
                TokenKind::Tag { .. } if tag.is_none() => tag = Some(self.take()?),
                _ => break,
            }
        }
        if let Some(token) = tag {
            properties.tag = self.resolve_tag(token)?;
        }
        Ok(properties)
    }

    fn resolve_tag(&self, token: Token) -> Result<String> {
        let TokenKind::Tag { handle, suffix } = token.kind else {
            return Ok(String::new());
        };
        if handle.is_empty() {
            return Ok(suffix);
        }
        match self.handles.get(&handle) {
            Some(prefix) => Ok(format!("{prefix}{suffix}")),
            None => Err(Error::at(token.start.line, "found undefined tag handle")),
        }
    }

    fn parse_block_sequence(&mut self) -> Result<Content> {
        self.take()?;
        let mut items = Vec::new();
        loop {
            let end_line = self.end_line()?;
            match self.peek()? {
                TokenKind::BlockEntry => {}
                TokenKind::BlockEnd => break,
                _ => return Err(self.fail("did not find expected '-' indicator")),
            }
            self.take()?;
            items.push(match self.peek()? {
                TokenKind::BlockEntry | TokenKind::BlockEnd => self.add_empty(end_line),
                _ => self.parse_node(Place::Block)?,
            });
        }
        self.take()?;
        Ok(Content::Sequence(items))
    }

    /// Reads a list whose `-` stand at the indent of the mapping around it: no token ends it.
    fn parse_indentless(&mut self) -> Result<Content> {
        let mut items = Vec::new();
        while *self.peek()? == TokenKind::BlockEntry {
            let end_line = self.end_line()?;
            self.take()?;
            items.push(match self.peek()? {
                TokenKind::BlockEntry | TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => {
                    self.add_empty(end_line)
                }
                _ => self.parse_node(Place::Block)?,
            });
        }
        Ok(Content::Sequence(items))
    }

    fn parse_block_mapping(&mut self) -> Result<Content> {
        self.take()?;
        let mut entries = Vec::new();
        loop {
            match self.peek()? {
                TokenKind::Key => {}
                TokenKind::BlockEnd => break,
                _ => return Err(self.fail("did not find expected key")),
            }
            let key = self.parse_block_entry()?;
            let line = self.mark()?.line;
            let value = if *self.peek()? == TokenKind::Value {
                self.parse_block_entry()?
            } else {
                self.add_empty(line)
            };
            entries.push((key, value));
        }
        self.take()?;
        Ok(Content::Mapping(entries))
    }

    /// Reads what follows the `?` or `:` of a block mapping.
    fn parse_block_entry(&mut self) -> Result<NodeId> {
        let end_line = self.take()?.end_line;
        match self.peek()? {
            TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => Ok(self.add_empty(end_line)),
            _ => self.parse_node(Place::BlockEntry),
        }
    }

    fn add(&mut self, line: usize, tag: String, content: Content) -> NodeId {
        let span = self.end..self.end;
        self.document.add(Node {
            line,
            span,
            tag,
            content,
        })
    }

    fn add_empty(&mut self, line: usize) -> NodeId {
        let content = Content::Scalar {
            value: String::new(),
            implicit: true,
        };
        self.add(line, String::new(), content)
    }

    fn take(&mut self) -> Result<Token> {
        let token = self.scanner.next()?;
        // Blocks end where the next token starts, beyond white space and comments.
        if token.kind != TokenKind::BlockEnd {
            self.end = token.end;
        }
        Ok(token)
    }

    fn peek(&mut self) -> Result<&TokenKind> {
        self.scanner.peek().map(|token| &token.kind)
    }

    fn mark(&mut self) -> Result<Mark> {
        self.scanner.peek().map(|token| token.start)
    }

    fn end_line(&mut self) -> Result<usize> {
        self.scanner.peek().map(|token| token.end_line)
    }

    /// An error at the token that was looked at.
    fn fail(&mut self, message: &str) -> Error {
        match self.mark() {
            Ok(mark) => Error::at(mark.line, message),
            Err(error) => error,
        }
    }
}
