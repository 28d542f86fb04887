//! How entries of a glide.yaml or mirrors.yaml are laid out, and new ones in the same way.

use crate::yaml::{self, Record, Value};

use super::layout::{Entry, Layout, List};
use super::lines;

/// Indents and line breaks of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Style {
    /// Before the dash of an entry.
    pub(super) column: usize,
    /// Between the dash and the first key.
    pub(super) gap: usize,
    /// Of the dashes of `subpackages` against their key.
    pub(super) deeper: usize,
    pub(super) line_break: &'static str,
}

impl Style {
    /// As the list has it, else the other list, else as Glide writes.
    pub(super) fn of(layout: &Layout<'_>, list: List) -> Self {
        let (mine, others) = match list {
            List::Imports => (layout.block(list), layout.block(List::TestImports)),
            List::TestImports => (layout.block(list), layout.block(List::Imports)),
            List::Mirrors => (layout.block(list), &[][..]),
        };
        let model = mine.last().or(others.last());
        let column = model.map_or(layout.column, |entry| entry.column);
        let nested = |entry: &Entry| deeper(layout, entry);
        Self {
            column,
            gap: model.and_then(|entry| gap(layout, entry)).unwrap_or(1),
            deeper: mine
                .iter()
                .chain(others)
                .find_map(nested)
                .unwrap_or(column.saturating_sub(layout.column)),
            line_break: lines::line_break(layout.text),
        }
    }

    /// Where the keys of an entry stand.
    pub(super) fn keys(self) -> usize {
        self.column + 1 + self.gap
    }

    /// An entry, in whole lines.
    pub(super) fn entry(self, record: Record) -> String {
        let mut is_item = vec![];
        for (_, value) in &record {
            is_item.push(false);
            if let Value::Texts(texts) = value {
                is_item.extend(texts.iter().map(|_| true));
            }
        }
        let text = yaml::write(&vec![("list", Value::Records(vec![Some(record)]))]);
        let written: Vec<&str> = text.lines().skip(1).collect();
        let mut styled = String::new();
        if written.len() != is_item.len() {
            // Some text takes several lines, whose indent counts.
            for line in written {
                self.push(&mut styled, self.column, line);
            }
            return styled;
        }
        for (place, (line, is_item)) in written.into_iter().zip(is_item).enumerate() {
            let bare = line.get(2..).unwrap_or(line);
            if place == 0 {
                let first = format!("-{:gap$}{bare}", "", gap = self.gap);
                self.push(&mut styled, self.column, &first);
            } else {
                let deeper = if is_item { self.deeper } else { 0 };
                self.push(&mut styled, self.keys() + deeper, bare);
            }
        }
        styled
    }

    /// Adds a line.
    pub(super) fn push(self, text: &mut String, indent: usize, line: &str) {
        text.extend(std::iter::repeat_n(' ', indent));
        text.push_str(line);
        text.push_str(self.line_break);
    }
}

/// A text as a scalar on one line, if it can be one.
pub(super) fn scalar(text: &str) -> Option<String> {
    let written = yaml::write(&vec![("x", Value::Text(text.to_owned()))]);
    let value = written.strip_prefix("x: ")?.strip_suffix('\n')?;
    (!value.contains('\n')).then(|| value.to_owned())
}

/// The spaces between the dash and the first key.
fn gap(layout: &Layout<'_>, entry: &Entry) -> Option<usize> {
    let between = layout
        .text
        .get(entry.dash + 1..layout.span(entry.node).start)?;
    let spaces = between.bytes().all(|byte| byte == b' ');
    (spaces && !between.is_empty()).then_some(between.len())
}

/// How much deeper than its key the first list inside an entry stands.
fn deeper(layout: &Layout<'_>, entry: &Entry) -> Option<usize> {
    let entries = layout.entries(entry.node)?;
    entries.into_iter().find_map(|(_, _, value)| {
        let first = layout.items(value)?.first()?;
        let dash = lines::column(layout.text, layout.dash(*first)?)?;
        let keys = entry.column + 1 + gap(layout, entry)?;
        dash.checked_sub(keys)
    })
}
