//! Where things stand in the text of a glide.yaml or a mirrors.yaml.
//!
//! Only what people commonly write is found: a block mapping with lists of block mappings. For anything
//! else there is no layout, and the file cannot be edited in place.

use std::ops::Range;

use crate::model::Roots;
use crate::yaml::{self, Document, NodeId};

use super::super::normalise::split_name;
use super::lines;

/// One of the lists: two of a glide.yaml, one of a mirrors.yaml.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    Imports,
    TestImports,
    Mirrors,
}

impl List {
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Imports => "import",
            Self::TestImports => "testImport",
            Self::Mirrors => "repos",
        }
    }

    fn of(key: &str) -> Option<Self> {
        let all = [Self::Imports, Self::TestImports, Self::Mirrors];
        all.into_iter().find(|list| list.key() == key)
    }

    /// The key by which its entries are told apart.
    fn name_key(self) -> &'static str {
        match self {
            Self::Imports | Self::TestImports => "package",
            Self::Mirrors => "original",
        }
    }
}

/// A text and what stands where in it; all places are bytes.
pub(super) struct Layout<'t> {
    pub(super) text: &'t str,
    document: Option<Document>,
    /// The byte at which each character starts, and the end.
    bytes: Vec<usize>,
    /// The indent of the outermost keys.
    pub(super) column: usize,
    pub(super) imports: Option<Listed>,
    pub(super) test_imports: Option<Listed>,
    pub(super) mirrors: Option<Listed>,
    /// The end of the outermost mapping, at the start of a line.
    pub(super) end: usize,
}

/// A list and its key.
#[derive(Clone)]
pub(super) struct Listed {
    pub(super) key: Range<usize>,
    /// Where the value stands, from right behind the colon.
    pub(super) value: Range<usize>,
    pub(super) form: Form,
}

#[derive(Clone)]
pub(super) enum Form {
    /// Nothing, null or `[]`.
    Empty,
    /// Something in brackets, an alias, a list whose items share lines, or no list of ours.
    Other,
    Block(Vec<Entry>),
}

/// An item of a list.
#[derive(Clone)]
pub(super) struct Entry {
    /// The root of the repository; the address that a mirror stands in for.
    pub(super) root: String,
    /// Its name as it is written.
    pub(super) package: String,
    pub(super) node: NodeId,
    pub(super) dash: usize,
    /// How far the dash is indented.
    pub(super) column: usize,
    /// From the first comment that belongs to it to the last; whole lines.
    pub(super) block: Range<usize>,
    /// The same without these comments.
    pub(super) lines: Range<usize>,
}

impl<'t> Layout<'t> {
    pub(super) fn read(text: &'t str, roots: &dyn Roots) -> Option<Self> {
        let mut layout = Self {
            text,
            document: yaml::parse(text.as_bytes()).ok()?,
            bytes: text
                .char_indices()
                .map(|(at, _)| at)
                .chain([text.len()])
                .collect(),
            column: 0,
            imports: None,
            test_imports: None,
            mirrors: None,
            end: text.len(),
        };
        let Some(document) = &layout.document else {
            return Some(layout);
        };
        let keys = document.entries(document.root())?;
        let first = layout.span(keys.first()?.0);
        layout.column = lines::column(text, first.start)?;
        let mut end = 0;
        let (mut imports, mut test_imports, mut mirrors) = (None, None, None);
        for &(key, value) in keys {
            let list = List::of(document.scalar(key)?);
            let here = layout.listed((key, list), value, roots)?;
            end = end.max(lines::end_if_last(text, here.value.end)?);
            if let Form::Block(entries) = &here.form {
                end = end.max(entries.last().map_or(0, |entry| entry.block.end));
            }
            match list {
                Some(List::Imports) => imports = Some(here),
                Some(List::TestImports) => test_imports = Some(here),
                Some(List::Mirrors) => mirrors = Some(here),
                None => {}
            }
        }
        layout.end = end;
        layout.imports = imports;
        layout.test_imports = test_imports;
        layout.mirrors = mirrors;
        Some(layout)
    }

    pub(super) fn list(&self, list: List) -> Option<&Listed> {
        match list {
            List::Imports => self.imports.as_ref(),
            List::TestImports => self.test_imports.as_ref(),
            List::Mirrors => self.mirrors.as_ref(),
        }
    }

    /// The items of a list; none where it cannot be edited item by item.
    pub(super) fn block(&self, list: List) -> &[Entry] {
        match self.list(list) {
            Some(Listed {
                form: Form::Block(entries),
                ..
            }) => entries,
            _ => &[],
        }
    }

    /// Where a node stands, without the white space behind it.
    pub(super) fn span(&self, id: NodeId) -> Range<usize> {
        let Some(document) = &self.document else {
            return 0..0;
        };
        let span = document.span(id);
        let place = |at: usize| self.bytes.get(at).copied().unwrap_or(self.text.len());
        let (start, end) = (place(span.start), place(span.end));
        start..start + self.text[start..end].trim_end().len()
    }

    /// The keys and values of the outermost mapping.
    pub(super) fn keys(&self) -> Option<Vec<(&str, Range<usize>, NodeId)>> {
        match &self.document {
            Some(document) => self.entries(document.root()),
            None => Some(Vec::new()),
        }
    }

    /// The keys and values of a mapping.
    pub(super) fn entries(&self, id: NodeId) -> Option<Vec<(&str, Range<usize>, NodeId)>> {
        let document = self.document.as_ref()?;
        let entries = document.entries(id)?.iter();
        entries
            .map(|&(key, value)| Some((document.scalar(key)?, self.span(key), value)))
            .collect()
    }

    /// The items of a list.
    pub(super) fn items(&self, id: NodeId) -> Option<&[NodeId]> {
        self.document.as_ref()?.items(id)
    }

    /// The dash before an item of a block list.
    pub(super) fn dash(&self, item: NodeId) -> Option<usize> {
        let before = self.text[..self.span(item).start].trim_end_matches([' ', '\r', '\n']);
        before.ends_with('-').then(|| before.len() - 1)
    }

    fn listed(
        &self,
        (key, list): (NodeId, Option<List>),
        value: NodeId,
        roots: &dyn Roots,
    ) -> Option<Listed> {
        let key = self.span(key);
        let span = self.span(value);
        let colon = key.end + self.text[key.end..].find(':')? + 1;
        let value_end = span.end.max(colon);
        let shown = &self.text[span.clone()];
        let form = match (self.items(value), list) {
            (Some([]), _) => Form::Empty,
            (None, _) if matches!(shown, "" | "~" | "null") => Form::Empty,
            (Some(items), Some(list)) if !shown.starts_with(['[', '!', '&']) => {
                let floor = lines::end(self.text, colon);
                let entries = self.block_entries((list, items), floor, roots);
                entries.map_or(Form::Other, Form::Block)
            }
            _ => Form::Other,
        };
        Some(Listed {
            key,
            value: colon..value_end,
            form,
        })
    }

    fn block_entries(
        &self,
        (list, items): (List, &[NodeId]),
        mut floor: usize,
        roots: &dyn Roots,
    ) -> Option<Vec<Entry>> {
        let mut entries = Vec::new();
        for &node in items {
            let dash = self.dash(node)?;
            let column = lines::column(self.text, dash)?;
            let first = lines::start(self.text, dash);
            let end = lines::end_if_last(self.text, self.span(node).end)?;
            let top = lines::above_comments(self.text, first, column, floor);
            floor = lines::past_deeper_comments(self.text, end, column);
            let document = self.document.as_ref()?;
            let mut keys = document.entries(node).unwrap_or_default().iter();
            let named = keys.rfind(|(key, _)| document.scalar(*key) == Some(list.name_key()));
            let package = named.and_then(|&(_, value)| document.scalar(value));
            let package = package.unwrap_or_default().to_owned();
            entries.push(Entry {
                root: match list {
                    List::Imports | List::TestImports => split_name(&package, roots).0,
                    List::Mirrors => package.clone(),
                },
                package,
                node,
                dash,
                column,
                block: top..floor,
                lines: first..end,
            });
        }
        Some(entries)
    }
}
