//! Changing a glide.yaml's or a mirrors.yaml's text so that it stays what the person wrote.
//!
//! Comments, order, quotes, indents, empty lines and line ends stay; only the lines change that have
//! to. Comments right above an entry that are not indented deeper than its dash, and those right below
//! it that are, belong to it: they go and move with it.
//!
//! Nothing is taken on trust: what an edit leads to is read again and has to be what was wanted. Where it
//! is not (anchors, brackets, merges), the list is written anew, and where that is not either, the whole
//! file, both as Glide would. Pure, save for [`Roots`]. (Glide always writes the whole file.)

mod amend;
mod draft;
mod layout;
mod lines;
mod mirrors;
mod style;
#[cfg(test)]
mod tests;
mod texts;

use std::collections::HashMap;

use crate::model::Roots;

use super::config::Config;
use super::dependency::Dependency;
use super::error::Error;
use draft::Draft;
use layout::List;
pub use mirrors::{MirrorChange, edit_mirrors};

/// A file's new text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// The text.
    pub text: String,
    /// Whether comments got lost, since the text could not be changed in place.
    pub comments_lost: bool,
}

/// Changes the text of a glide.yaml so that it says what `wanted` says.
pub fn edit(bytes: &[u8], wanted: &Config, roots: &dyn Roots) -> Result<Edited, Error> {
    let current = Config::read(bytes, roots)?;
    let whole = || Edited {
        text: wanted.to_yaml(),
        comments_lost: bytes.contains(&b'#'),
    };
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Ok(whole());
    };
    let (mark, text) = match text.strip_prefix('\u{FEFF}') {
        Some(rest) => ("\u{FEFF}", rest),
        None => ("", text),
    };
    let is_right = |draft: &Draft<'_>| {
        let read = Config::read(draft.text.as_bytes(), roots);
        read.is_ok_and(|read| read.to_yaml() == wanted.to_yaml())
    };
    let pairs = [
        (List::Imports, &current.imports, &wanted.imports),
        (
            List::TestImports,
            &current.test_imports,
            &wanted.test_imports,
        ),
    ];
    let texts = [
        ("ignore", wanted.ignore.strip_prefix(&*current.ignore)),
        (
            "excludeDirs",
            wanted.exclude_dirs.strip_prefix(&*current.exclude_dirs),
        ),
    ];
    let add_texts = |draft: &mut Draft<'_>| {
        let mut all = texts.iter();
        all.try_for_each(|(key, added)| draft.add_texts(key, (*added)?))
    };
    for change in [in_place, anew] {
        let mut draft = Draft::new(text, roots);
        let changed = change(&mut draft, pairs).and_then(|()| add_texts(&mut draft));
        if changed.is_some() && is_right(&draft) {
            return Ok(Edited {
                text: format!("{mark}{}", draft.text),
                comments_lost: draft.comments_lost,
            });
        }
    }
    Ok(whole())
}

/// A list, what it holds and what it is to hold.
type Pairs<'a> = [(List, &'a Vec<Dependency>, &'a Vec<Dependency>); 2];

/// Changes each entry where it stands.
fn in_place(draft: &mut Draft<'_>, pairs: Pairs<'_>) -> Option<()> {
    let [_, (_, tests_before, tests)] = pairs;
    let (tested, will_test) = (by_name(tests_before), by_name(tests));
    for (list, before, after) in pairs {
        let (stay, come) = after.split_at(in_order(before, after));
        let (was, staying) = (by_name(before), by_name(stay));
        let gone = before.iter().map(|entry| entry.name.as_str());
        for name in gone.filter(|name| !staying.contains_key(name)) {
            draft.remove(list, name)?;
        }
        for entry in stay {
            draft.amend(list, was.get(entry.name.as_str())?, entry)?;
        }
        let mut new = Vec::new();
        for entry in come {
            let name = entry.name.as_str();
            let moves = list == List::Imports && !will_test.contains_key(name);
            let old = tested.get(name).filter(|_| moves);
            if let Some(old) = old {
                draft.append_all(list, new.drain(..))?;
                // What moves takes its comments along.
                if draft.move_to_imports(name).is_some() {
                    draft.amend(list, old, entry)?;
                    continue;
                }
            }
            new.push(entry.to_record());
        }
        draft.append_all(list, new)?;
        draft.tidy(list, !before.is_empty())?;
    }
    Some(())
}

/// Writes the lists that differ anew.
fn anew(draft: &mut Draft<'_>, pairs: Pairs<'_>) -> Option<()> {
    for (list, before, after) in pairs {
        if before != after {
            draft.clear(list)?;
            draft.append_all(list, after.iter().map(Dependency::to_record))?;
            draft.tidy(list, !before.is_empty())?;
        }
    }
    Some(())
}

/// How many entries at the start of `after` are in `before`, in the same order.
fn in_order(before: &[Dependency], after: &[Dependency]) -> usize {
    let mut rest = before.iter();
    let mut is_next = |entry: &Dependency| rest.any(|old| old.name == entry.name);
    let come = after.iter().position(|entry| !is_next(entry));
    come.unwrap_or(after.len())
}

/// The entries by their names; of several with one name the first.
fn by_name(list: &[Dependency]) -> HashMap<&str, &Dependency> {
    let named = list.iter().rev().map(|entry| (entry.name.as_str(), entry));
    named.collect()
}
