//! From nodes to typed values, with the leniency and the strictness of yaml.v2's decoder.
//!
//! A wrong type is noted and reading goes on, so that one run tells all of them; what cannot be
//! read around (an unknown anchor, a tag that lies) ends it. Aliases are followed under a
//! budget, so that a text of a few lines cannot stand for gigabytes.

use std::collections::HashSet;

use super::base64::binary_text;
use super::error::{Error, Problem};
use super::node::{Content, Document, Node, NodeId};
use super::resolve::{Kind, resolve};

type Result<T> = std::result::Result<T, Error>;

const LONG_TAG: &str = "tag:yaml.org,2002:";
/// How many nodes and bytes may be read through aliases; far more than any real file needs.
const ALIAS_BUDGET: usize = 1 << 20;
/// How many aliases and mappings may lie in each other while reading.
const DEEPEST: usize = 100;

/// A struct that is filled key by key. A key may come twice (the last wins) or by way of `<<`.
pub trait Fields: Default {
    /// What it is called in messages: "a dependency".
    const NAME: &'static str;

    /// Reads `value` into the field `key`; keys that it does not know are to be ignored.
    fn field(&mut self, key: &str, value: NodeId, decoder: &mut Decoder<'_>) -> Result<()>;
}

/// Reads typed values out of a document.
///
/// Methods return `None` where the node is of another type; that is noted, and [`Decoder::finish`]
/// tells it.
#[derive(Debug)]
pub struct Decoder<'d> {
    document: &'d Document,
    problems: Vec<Problem>,
    /// The anchors whose aliases are being followed.
    following: HashSet<String>,
    depth: usize,
    spent: usize,
}

/// What a scalar turned out to be.
enum Scalar {
    Null,
    Text(String),
    Other(String),
}

/// A mapping with no field that is known, for values that are read and dropped.
#[derive(Default)]
struct Nothing;

impl Fields for Nothing {
    const NAME: &'static str = "a time";

    fn field(&mut self, _: &str, _: NodeId, _: &mut Decoder<'_>) -> Result<()> {
        Ok(())
    }
}

impl<'d> Decoder<'d> {
    /// A decoder of `document`.
    pub fn new(document: &'d Document) -> Self {
        Self {
            document,
            problems: Vec::new(),
            following: HashSet::new(),
            depth: 0,
            spent: 0,
        }
    }

    /// The noted problems as an error, if there are any.
    pub fn finish(self) -> Result<()> {
        if self.problems.is_empty() {
            Ok(())
        } else {
            Err(Error::of(self.problems))
        }
    }

    /// An error at the node, for callers that find more to say than the wrong type.
    pub fn error_at(&self, id: NodeId, message: impl Into<String>) -> Error {
        Error::at(self.document.node(id).line, message)
    }

    /// Reads a text: any scalar, as it is written; null is the empty text.
    pub fn text(&mut self, id: NodeId) -> Result<Option<String>> {
        self.followed(id, |this, id| {
            Ok(match this.scalar(id)? {
                Some(Scalar::Null) => Some(String::new()),
                Some(Scalar::Text(text) | Scalar::Other(text)) => Some(text),
                None => this.mismatch(id, "a text"),
            })
        })
    }

    /// Reads a list of texts; `Some(None)` for null.
    pub fn texts(&mut self, id: NodeId) -> Result<Option<Option<Vec<String>>>> {
        self.list(id, "a list of texts", Self::text)
    }

    /// Reads a list, item by item; `Some(None)` for null.
    pub fn list<T>(
        &mut self,
        id: NodeId,
        name: &str,
        mut item: impl FnMut(&mut Self, NodeId) -> Result<Option<T>>,
    ) -> Result<Option<Option<Vec<T>>>> {
        self.followed(id, |this, id| match &this.document.node(id).content {
            Content::Sequence(ids) => {
                let mut items = Vec::new();
                for &id in ids {
                    items.extend(item(this, id)?);
                }
                Ok(Some(Some(items)))
            }
            Content::Scalar { .. } if matches!(this.scalar(id)?, Some(Scalar::Null)) => {
                Ok(Some(None))
            }
            _ => Ok(this.mismatch(id, name)),
        })
    }

    /// Reads a value that is made from text; null is the default.
    pub fn parsed<T: Default>(
        &mut self,
        id: NodeId,
        parse: impl Fn(&str) -> std::result::Result<T, String>,
    ) -> Result<Option<T>> {
        self.followed(id, |this, id| {
            if let Content::Mapping(_) = this.document.node(id).content {
                // Go's time is a struct, though one without keys.
                this.fields(id, &mut Nothing)?;
                return Ok(None);
            }
            match this.scalar(id)? {
                Some(Scalar::Null) => Ok(Some(T::default())),
                Some(Scalar::Text(text)) => match parse(&text) {
                    Ok(value) => Ok(Some(value)),
                    Err(message) => Err(this.error_at(id, message)),
                },
                _ => Ok(this.mismatch(id, Nothing::NAME)),
            }
        })
    }

    /// Reads a record into `record`; `~` empties it.
    pub fn record<R: Fields>(&mut self, id: NodeId, record: &mut R) -> Result<Option<()>> {
        self.followed(id, |this, id| match &this.document.node(id).content {
            Content::Mapping(_) => this.fields(id, record).map(Some),
            Content::Scalar { .. } if matches!(this.scalar(id)?, Some(Scalar::Null)) => {
                *record = R::default();
                Ok(Some(()))
            }
            _ => Ok(this.mismatch(id, R::NAME)),
        })
    }

    /// Reads a record that Go holds by pointer: nothing at all and `null` are no record
    /// (`Some(None)`), while `~` is an empty one.
    pub fn record_or_null<R: Fields>(&mut self, id: NodeId) -> Result<Option<Option<R>>> {
        self.followed(id, |this, id| {
            let node = this.document.node(id);
            if is_no_pointer(node) {
                return Ok(match this.scalar(id)? {
                    Some(Scalar::Null) => Some(None),
                    _ => this.mismatch(id, R::NAME),
                });
            }
            let mut record = R::default();
            let read = this.record(id, &mut record)?;
            Ok(read.map(|()| Some(record)))
        })
    }

    fn fields<R: Fields>(&mut self, id: NodeId, record: &mut R) -> Result<()> {
        let document = self.document;
        let Content::Mapping(entries) = &document.node(id).content else {
            return Ok(());
        };
        for &(key, value) in entries {
            if is_merge(document.node(key)) {
                self.merge(value, record)?;
            } else if let Some(key) = self.text(key)? {
                record.field(&key, value, self)?;
            }
        }
        Ok(())
    }

    /// Reads what `<<` names: a mapping, or a list of mappings of which the first has the last word.
    fn merge<R: Fields>(&mut self, id: NodeId, record: &mut R) -> Result<()> {
        let document = self.document;
        match &document.node(id).content {
            Content::Sequence(ids) => {
                for &id in ids.iter().rev() {
                    self.merge_one(id, record)?;
                }
                Ok(())
            }
            _ => self.merge_one(id, record),
        }
    }

    fn merge_one<R: Fields>(&mut self, id: NodeId, record: &mut R) -> Result<()> {
        let node = self.document.node(id);
        let target = match &node.content {
            Content::Alias(name) => self.document.anchor(name).map(|id| self.document.node(id)),
            _ => Some(node),
        };
        if target.is_some_and(|node| !matches!(node.content, Content::Mapping(_))) {
            let message = "map merge requires map or sequence of maps as the value";
            return Err(self.error_at(id, message));
        }
        self.followed(id, |this, id| this.fields(id, record).map(Some))?;
        Ok(())
    }

    /// Calls `read` with what the node is an alias of, or the node itself.
    fn followed<T>(
        &mut self,
        id: NodeId,
        read: impl FnOnce(&mut Self, NodeId) -> Result<Option<T>>,
    ) -> Result<Option<T>> {
        if self.depth == DEEPEST {
            return Err(self.error_at(id, "aliases are nested too deep"));
        }
        let Content::Alias(name) = &self.document.node(id).content else {
            self.spend(id)?;
            self.depth += 1;
            let value = read(self, id);
            self.depth -= 1;
            return value;
        };
        let Some(target) = self.document.anchor(name) else {
            return Err(self.error_at(id, format!("unknown anchor '{name}' referenced")));
        };
        if !self.following.insert(name.clone()) {
            return Err(self.error_at(id, format!("anchor '{name}' value contains itself")));
        }
        self.depth += 1;
        let value = self.followed(target, read);
        self.depth -= 1;
        self.following.remove(name);
        value
    }

    /// Counts what is read by way of aliases.
    fn spend(&mut self, id: NodeId) -> Result<()> {
        if self.following.is_empty() {
            return Ok(());
        }
        self.spent += match &self.document.node(id).content {
            Content::Scalar { value, .. } => 16 + value.len(),
            _ => 16,
        };
        if self.spent > ALIAS_BUDGET {
            return Err(self.error_at(id, "document contains excessive aliasing"));
        }
        Ok(())
    }

    /// What the scalar is; `None` for another node.
    fn scalar(&self, id: NodeId) -> Result<Option<Scalar>> {
        let node = self.document.node(id);
        let Content::Scalar { value, implicit } = &node.content else {
            return Ok(None);
        };
        let text = value.clone();
        let name = match node.tag.strip_prefix(LONG_TAG) {
            _ if node.tag.is_empty() && !implicit => return Ok(Some(Scalar::Text(text))),
            _ if node.tag.is_empty() => "",
            Some("binary") => {
                let text = binary_text(value).map_err(|message| self.error_at(id, message))?;
                return Ok(Some(Scalar::Text(text)));
            }
            Some(name @ ("str" | "bool" | "int" | "float" | "null")) => name,
            // A tag that nobody knows leaves a text as it is.
            _ => return Ok(Some(Scalar::Text(text))),
        };
        let kind = if name == "str" {
            Kind::Text
        } else {
            resolve(value)
        };
        if !name.is_empty() && &kind.tag()[2..] != name {
            let found = kind.tag();
            return Err(self.error_at(id, format!("cannot decode {found} `{value}` as a !!{name}")));
        }
        Ok(Some(match kind {
            Kind::Null => Scalar::Null,
            Kind::Text => Scalar::Text(text),
            _ => Scalar::Other(text),
        }))
    }

    /// Notes that the node is not what was wanted.
    fn mismatch<T>(&mut self, id: NodeId, wanted: &str) -> Option<T> {
        let node = self.document.node(id);
        let found = match &node.content {
            Content::Sequence(_) => "!!seq".to_owned(),
            Content::Mapping(_) => "!!map".to_owned(),
            Content::Scalar { value, implicit } => {
                let kind = if *implicit {
                    resolve(value)
                } else {
                    Kind::Text
                };
                let tag = match node.tag.strip_prefix(LONG_TAG) {
                    Some(name) => format!("!!{name}"),
                    None if node.tag.is_empty() => kind.tag().to_owned(),
                    None => node.tag.clone(),
                };
                format!("{tag} `{}`", shortened(value))
            }
            Content::Alias(name) => format!("alias `{name}`"),
        };
        self.problems.push(Problem {
            line: node.line + 1,
            message: format!("cannot unmarshal {found} into {wanted}"),
        });
        None
    }
}

/// Whether Go leaves the pointer alone that should come to hold the node.
fn is_no_pointer(node: &Node) -> bool {
    match &node.content {
        Content::Scalar { value, implicit } if node.tag.is_empty() => {
            value == "null" || (value.is_empty() && *implicit)
        }
        Content::Scalar { .. } => node.tag.strip_prefix(LONG_TAG) == Some("null"),
        _ => false,
    }
}

fn is_merge(node: &Node) -> bool {
    match &node.content {
        Content::Scalar { value, implicit } => {
            value == "<<" && (*implicit || node.tag.strip_prefix(LONG_TAG) == Some("merge"))
        }
        _ => false,
    }
}

/// A value as messages show it: its start is enough to find it.
fn shortened(value: &str) -> String {
    if value.len() <= 10 {
        return value.to_owned();
    }
    let end = (0..=7).rev().find(|&at| value.is_char_boundary(at));
    format!("{}...", &value[..end.unwrap_or(0)])
}
