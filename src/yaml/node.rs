//! What a text says, before anybody asks what it means.

use std::collections::HashMap;
use std::ops::Range;

/// The first document of a text, as a tree whose nodes are held in one list.
#[derive(Debug, Default)]
pub struct Document {
    nodes: Vec<Node>,
    /// The last definition of each anchor: an alias may stand before it.
    anchors: HashMap<String, NodeId>,
    root: NodeId,
}

/// A node of one [`Document`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NodeId(usize);

/// A scalar, list, mapping or alias.
#[derive(Debug)]
pub(super) struct Node {
    /// The line it starts on, from 0.
    pub(super) line: usize,
    /// Where it stands in the text; an empty node has the place right behind what announces it.
    pub(super) span: Range<usize>,
    /// A scalar's tag with its handle resolved; empty when there is none.
    pub(super) tag: String,
    pub(super) content: Content,
}

/// What a node holds.
#[derive(Debug)]
pub(super) enum Content {
    Scalar {
        value: String,
        /// Whether the value decides what it is (plain, or tagged `!`), as opposed to a text.
        implicit: bool,
    },
    Sequence(Vec<NodeId>),
    Mapping(Vec<(NodeId, NodeId)>),
    Alias(String),
}

impl Document {
    pub(super) fn add(&mut self, node: Node) -> NodeId {
        self.nodes.push(node);
        NodeId(self.nodes.len() - 1)
    }

    /// Gives the node its content. Only scalars keep a tag: yaml.v2 forgets those of lists and
    /// mappings.
    pub(super) fn fill(&mut self, id: NodeId, content: Content) {
        let node = &mut self.nodes[id.0];
        if !matches!(content, Content::Scalar { .. }) {
            node.tag.clear();
        }
        node.content = content;
    }

    pub(super) fn set_span(&mut self, id: NodeId, span: Range<usize>) {
        self.nodes[id.0].span = span;
    }

    pub(super) fn set_root(&mut self, root: NodeId) {
        self.root = root;
    }

    pub(super) fn set_anchor(&mut self, name: String, id: NodeId) {
        self.anchors.insert(name, id);
    }

    pub(super) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0]
    }

    pub(super) fn anchor(&self, name: &str) -> Option<NodeId> {
        self.anchors.get(name).copied()
    }

    /// The document's one node.
    pub fn root(&self) -> NodeId {
        self.root
    }

    /// Where a node stands in the text, in characters behind a byte order mark. White space at its
    /// end, and comments in it, may be part of it.
    pub fn span(&self, id: NodeId) -> Range<usize> {
        self.node(id).span.clone()
    }

    /// The line that a node starts on, counted from 1.
    pub fn line(&self, id: NodeId) -> usize {
        self.node(id).line + 1
    }

    /// The keys and values of a mapping, as they are written; `None` for another node.
    pub fn entries(&self, id: NodeId) -> Option<&[(NodeId, NodeId)]> {
        match &self.node(id).content {
            Content::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    /// The items of a list; `None` for another node.
    pub fn items(&self, id: NodeId) -> Option<&[NodeId]> {
        match &self.node(id).content {
            Content::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// The text of a scalar; `None` for another node.
    pub fn scalar(&self, id: NodeId) -> Option<&str> {
        match &self.node(id).content {
            Content::Scalar { value, .. } => Some(value),
            _ => None,
        }
    }

    /// The keys of the outermost mapping, as they are written; none for another kind of document.
    pub fn top_keys(&self) -> impl Iterator<Item = &str> {
        let entries = self.entries(self.root).unwrap_or_default();
        entries.iter().filter_map(|&(key, _)| self.scalar(key))
    }
}
