//! A text while it is being changed. After every step it is read anew, so that no place is stale.

use crate::model::Roots;
use crate::yaml::Record;

use super::super::dependency::Dependency;
use super::amend::amend;
use super::layout::{Entry, Form, Layout, List};
use super::lines;
use super::style::Style;
use super::texts::with_texts;

/// A glide.yaml's text on its way. A step that cannot be taken is `None` and changes nothing.
pub(super) struct Draft<'r> {
    pub(super) text: String,
    pub(super) comments_lost: bool,
    roots: &'r dyn Roots,
}

impl<'r> Draft<'r> {
    pub(super) fn new(text: &str, roots: &'r dyn Roots) -> Self {
        Self {
            text: text.to_owned(),
            comments_lost: false,
            roots,
        }
    }

    pub(super) fn layout(&self) -> Option<Layout<'_>> {
        Layout::read(&self.text, self.roots)
    }

    /// Adds an entry at the end of a list.
    pub(super) fn append(&mut self, list: List, entry: Record) -> Option<()> {
        self.append_all(list, [entry])
    }

    /// Adds entries at the end of a list, in one step however many they are.
    pub(super) fn append_all(
        &mut self,
        list: List,
        entries: impl IntoIterator<Item = Record>,
    ) -> Option<()> {
        let layout = self.layout()?;
        let style = Style::of(&layout, list);
        let lines: String = entries
            .into_iter()
            .map(|entry| style.entry(entry))
            .collect();
        if !lines.is_empty() {
            self.text = appended(&layout, list, &lines)?;
        }
        Some(())
    }

    /// Adds texts at the end of `ignore` or `excludeDirs`.
    pub(super) fn add_texts(&mut self, key: &str, added: &[String]) -> Option<()> {
        if added.is_empty() {
            return Some(());
        }
        let layout = self.layout()?;
        let at = match &layout.imports {
            // Right before the list, with what is said about that.
            Some(imports) => {
                let start = lines::start(layout.text, imports.key.start);
                let top = lines::above_comments(layout.text, start, layout.column, 0);
                if top == 0 { start } else { top }
            }
            None => place_of_key(&layout, List::Imports)?,
        };
        self.text = with_texts(&layout, key, added, at)?;
        Some(())
    }

    /// Removes all entries of a root, with the comments that belong to them.
    pub(super) fn remove(&mut self, list: List, root: &str) -> Option<()> {
        loop {
            let layout = self.layout()?;
            let (Form::Block(_) | Form::Empty) = layout.list(list)?.form else {
                return None;
            };
            let Some(entry) = only(layout.block(list), root).next() else {
                return Some(());
            };
            let block = lines::with_gap(&self.text, entry.block.clone());
            self.text = lines::splice(&self.text, block, "");
        }
    }

    /// Takes an entry from `testImport` to the end of `import`, as it is written.
    pub(super) fn move_to_imports(&mut self, root: &str) -> Option<()> {
        let layout = self.layout()?;
        let entry = alone(layout.block(List::TestImports), root)?;
        let style = Style::of(&layout, List::Imports);
        let moved = shifted(
            &self.text[entry.block.clone()],
            (entry.column, style.column),
            style,
        );
        let block = lines::with_gap(&self.text, entry.block.clone());
        let cut = lines::splice(&self.text, block, "");
        let layout = Layout::read(&cut, self.roots)?;
        self.text = appended(&layout, List::Imports, &moved)?;
        Some(())
    }

    /// Changes an entry from what it was to what it is to be.
    pub(super) fn amend(
        &mut self,
        list: List,
        current: &Dependency,
        wanted: &Dependency,
    ) -> Option<()> {
        let mut current = current.clone();
        while current != *wanted {
            let Some(text) = self.amended(list, &current, wanted) else {
                let (text, comments_lost) = self.rewritten(list, wanted)?;
                self.text = text;
                self.comments_lost |= comments_lost;
                return Some(());
            };
            self.text = text;
            if current.reference == wanted.reference {
                let place = current.subpackages.len();
                let added = wanted.subpackages.get(place)?;
                current.subpackages.push(added.clone());
            } else {
                current.reference.clone_from(&wanted.reference);
            }
        }
        Some(())
    }

    /// The text with one step done from `current` to `wanted`, where the entry stands.
    fn amended(&self, list: List, current: &Dependency, wanted: &Dependency) -> Option<String> {
        let layout = self.layout()?;
        let style = Style::of(&layout, list);
        let entry = alone(layout.block(list), &wanted.name)?;
        amend((&layout, style), entry, (current, wanted))
    }

    /// The text with all entries of the root made one, and whether comments got lost.
    fn rewritten(&self, list: List, wanted: &Dependency) -> Option<(String, bool)> {
        let layout = self.layout()?;
        let entries: Vec<_> = only(layout.block(list), &wanted.name).collect();
        let (first, others) = entries.split_first()?;
        let style = Style {
            column: first.column,
            ..Style::of(&layout, list)
        };
        let mut text = self.text.clone();
        // From the last one, so that the places of those before stay what they are.
        for other in others.iter().rev() {
            text = lines::splice(&text, other.lines.clone(), "");
        }
        let text = lines::splice(&text, first.lines.clone(), &style.entry(wanted.to_record()));
        let mut gone = entries.iter().map(|entry| &self.text[entry.lines.clone()]);
        Some((text, gone.any(|lines| lines.contains('#'))))
    }

    /// Empties a list, however it is written.
    pub(super) fn clear(&mut self, list: List) -> Option<()> {
        let layout = self.layout()?;
        let Some(listed) = layout.list(list) else {
            return Some(());
        };
        let end = layout.block(list).last().map_or(listed.value.end, |entry| {
            // The line break stays with the key.
            let lines = &self.text[..entry.block.end];
            lines.trim_end_matches(['\r', '\n']).len()
        });
        let gone = listed.value.start..end.max(listed.value.end);
        self.comments_lost |= self.text[gone.clone()].contains('#');
        self.text = lines::splice(&self.text, gone, "");
        Some(())
    }

    /// Puts right what a list without entries looks like: `[]`, and no `testImport`.
    pub(super) fn tidy(&mut self, list: List, had_entries: bool) -> Option<()> {
        let layout = self.layout()?;
        let Some(listed) = layout.list(list).filter(|_| had_entries) else {
            return Some(());
        };
        if !matches!(listed.form, Form::Empty) || !listed.value.is_empty() {
            return Some(());
        }
        let at = listed.value.start;
        self.text = match list {
            List::Imports | List::Mirrors => lines::splice(&self.text, at..at, " []"),
            List::TestImports => {
                let start = lines::start(&self.text, listed.key.start);
                let top = lines::above_comments(&self.text, start, layout.column, 0);
                // What stands at the top of the file is about the file.
                let top = if top == 0 { start } else { top };
                let lines = top..lines::end_if_last(&self.text, at)?;
                let lines = lines::with_gap(&self.text, lines);
                lines::splice(&self.text, lines, "")
            }
        };
        Some(())
    }
}

/// The entries of a root.
fn only<'a>(entries: &'a [Entry], root: &'a str) -> impl Iterator<Item = &'a Entry> {
    entries.iter().filter(move |entry| entry.root == root)
}

/// The entry of a root, if there is just one.
fn alone<'a>(entries: &'a [Entry], root: &'a str) -> Option<&'a Entry> {
    let mut found = only(entries, root);
    found.next().filter(|_| found.next().is_none())
}

/// The text with lines put at the end of a list, which is made where there is none.
fn appended(layout: &Layout<'_>, list: List, new: &str) -> Option<String> {
    let text = layout.text;
    let style = Style::of(layout, list);
    let Some(listed) = layout.list(list) else {
        let mut lines = String::new();
        style.push(&mut lines, layout.column, &format!("{}:", list.key()));
        return Some(lines::insert(
            text,
            place_of_key(layout, list)?,
            &(lines + new),
        ));
    };
    match &listed.form {
        Form::Other => None,
        Form::Block(entries) => Some(lines::insert(text, entries.last()?.block.end, new)),
        Form::Empty => {
            let at = listed.value.start;
            let text = lines::splice(text, listed.value.clone(), "");
            let at = lines::end_if_last(&text, at)?;
            Some(lines::insert(&text, at, new))
        }
    }
}

/// Where the key of a list that is not there would stand: `import` before `testImport`, which comes
/// right behind it, else at the end.
fn place_of_key(layout: &Layout<'_>, list: List) -> Option<usize> {
    match list {
        List::Imports => match &layout.test_imports {
            Some(tests) => {
                let start = lines::start(layout.text, tests.key.start);
                let top = lines::above_comments(layout.text, start, layout.column, 0);
                Some(if top == 0 { start } else { top })
            }
            None => Some(layout.end),
        },
        List::TestImports => match &layout.imports {
            Some(imports) => match &imports.form {
                Form::Block(entries) => Some(entries.last()?.block.end),
                _ => lines::end_if_last(layout.text, imports.value.end),
            },
            None => Some(layout.end),
        },
        List::Mirrors => Some(layout.end),
    }
}

/// Whole lines, their indent changed from one column to another.
fn shifted(lines: &str, (from, to): (usize, usize), style: Style) -> String {
    let mut shifted = String::new();
    for line in lines.split_inclusive('\n') {
        let less = from.saturating_sub(to);
        let spaces = line.len() - line.trim_start_matches(' ').len();
        if !line.trim().is_empty() {
            shifted.extend(std::iter::repeat_n(' ', to.saturating_sub(from)));
        }
        shifted.push_str(&line[less.min(spaces)..]);
    }
    if !shifted.ends_with('\n') {
        shifted.push_str(style.line_break);
    }
    shifted
}
