//! Changing a mirrors.yaml. One that is in Glide's own form stays in it, to the byte.

use crate::model::NoRoots;

use super::super::error::Error;
use super::super::mirrors::{Mirror, Mirrors};
use super::draft::Draft;
use super::layout::{Entry, Layout, List};
use super::style::{Style, scalar};
use super::{Edited, lines};

/// What is to become of a mirrors.yaml.
#[derive(Clone, Copy, Debug)]
pub enum MirrorChange<'a> {
    /// The mirror is added, or takes the place of all with the same original.
    Set(&'a Mirror),
    /// All mirrors of this original go.
    Remove(&'a str),
}

/// Changes the text of a mirrors.yaml.
///
/// A new mirror stands where Glide would sort it in, if the others are sorted, else at the end.
pub fn edit_mirrors(bytes: &[u8], change: MirrorChange<'_>) -> Result<Edited, Error> {
    let current = Mirrors::parse(bytes)?;
    let wanted = change.apply(&current, place_of);
    let glides = change.apply(&current, at_end);
    let whole = || Edited {
        text: glides.to_yaml(),
        comments_lost: bytes.contains(&b'#'),
    };
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Ok(whole());
    };
    if bytes.is_empty() || text == current.to_yaml() {
        return Ok(whole());
    }
    let (mark, text) = match text.strip_prefix('\u{FEFF}') {
        Some(rest) => ("\u{FEFF}", rest),
        None => ("", text),
    };
    for edit in [in_place, anew] {
        let mut draft = Draft::new(text, &NoRoots);
        if edit(&mut draft, &current, change).is_none() {
            continue;
        }
        let read = Mirrors::parse(draft.text.as_bytes());
        if read.is_ok_and(|read| read.repos == wanted.repos || read.repos == sorted(&glides)) {
            return Ok(Edited {
                text: format!("{mark}{}", draft.text),
                comments_lost: draft.comments_lost,
            });
        }
    }
    Ok(whole())
}

fn sorted(mirrors: &Mirrors) -> Vec<Mirror> {
    mirrors.sorted().into_iter().cloned().collect()
}

impl MirrorChange<'_> {
    /// The mirrors after the change, a new one at its `place`.
    fn apply(self, current: &Mirrors, place: fn(&[Mirror], &Mirror) -> usize) -> Mirrors {
        let mut repos = current.repos.clone();
        match self {
            Self::Remove(original) => repos.retain(|mirror| mirror.original != original),
            Self::Set(new) if places(&repos, &new.original).is_empty() => {
                repos.insert(place(&repos, new), new.clone());
            }
            Self::Set(new) => {
                for place in places(&repos, &new.original) {
                    repos[place] = new.clone();
                }
            }
        }
        Mirrors::of(repos)
    }
}

/// Where the mirrors of an original stand.
fn places(repos: &[Mirror], original: &str) -> Vec<usize> {
    let all = repos.iter().enumerate();
    all.filter(|(_, mirror)| mirror.original == original)
        .map(|(place, _)| place)
        .collect()
}

/// Where Glide puts a new mirror before it sorts, which counts where two compare as equal.
fn at_end(repos: &[Mirror], _: &Mirror) -> usize {
    repos.len()
}

/// Where a new mirror belongs.
fn place_of(repos: &[Mirror], new: &Mirror) -> usize {
    if !repos.is_sorted_by_key(Mirror::sort_key) {
        return repos.len();
    }
    let key = new.sort_key();
    repos.partition_point(|mirror| mirror.sort_key() <= key)
}

fn in_place(draft: &mut Draft<'_>, current: &Mirrors, change: MirrorChange<'_>) -> Option<()> {
    let repos = &current.repos;
    match change {
        MirrorChange::Remove(original) => {
            draft.remove(List::Mirrors, original)?;
            draft.tidy(List::Mirrors, !repos.is_empty())
        }
        MirrorChange::Set(new) => {
            let found = places(repos, &new.original);
            if found.is_empty() {
                return insert(draft, place_of(repos, new), new);
            }
            for place in found {
                set(draft, place, (&repos[place], new))?;
            }
            Some(())
        }
    }
}

/// Writes the list as Glide would.
fn anew(draft: &mut Draft<'_>, current: &Mirrors, change: MirrorChange<'_>) -> Option<()> {
    draft.clear(List::Mirrors)?;
    for mirror in change.apply(current, at_end).sorted() {
        draft.append(List::Mirrors, mirror.to_record())?;
    }
    draft.tidy(List::Mirrors, true)
}

fn insert(draft: &mut Draft<'_>, place: usize, new: &Mirror) -> Option<()> {
    let layout = draft.layout()?;
    let Some(next) = layout.block(List::Mirrors).get(place) else {
        return draft.append(List::Mirrors, new.to_record());
    };
    let lines = Style::of(&layout, List::Mirrors).entry(new.to_record());
    let text = lines::insert(layout.text, next.block.start, &lines);
    draft.text = text;
    Some(())
}

/// Makes the mirror at a place, which is `current`, what it is to be.
fn set(draft: &mut Draft<'_>, place: usize, (current, new): (&Mirror, &Mirror)) -> Option<()> {
    let mut text = Some(draft.text.clone());
    for (key, is, shall) in [
        ("repo", &current.repo, &new.repo),
        ("vcs", &current.vcs, &new.vcs),
    ] {
        if is != shall {
            text = text.and_then(|text| with_value(&text, place, (key, shall)));
        }
    }
    if let Some(text) = text {
        draft.text = text;
        return Some(());
    }
    let layout = draft.layout()?;
    let entry = layout.block(List::Mirrors).get(place)?;
    let style = Style {
        column: entry.column,
        ..Style::of(&layout, List::Mirrors)
    };
    let lost = layout.text[entry.lines.clone()].contains('#');
    let lines = style.entry(new.to_record());
    let text = lines::splice(layout.text, entry.lines.clone(), &lines);
    draft.text = text;
    draft.comments_lost |= lost;
    Some(())
}

/// The text with another value of a key in the mirror at a place, without the key where the
/// value is empty.
fn with_value(text: &str, place: usize, (name, new): (&str, &str)) -> Option<String> {
    let layout = Layout::read(text, &NoRoots)?;
    let entry = layout.block(List::Mirrors).get(place)?;
    if text[layout.span(entry.node)].starts_with('{') {
        return None;
    }
    let keys = layout.entries(entry.node)?;
    let Some((_, key, value)) = keys.iter().rfind(|(key, _, _)| *key == name) else {
        return with_key(&layout, entry, (name, new));
    };
    let span = layout.span(*value);
    let shown = &text[span.clone()];
    if shown.contains('\n') || shown.starts_with(['&', '*', '!', '|', '>']) {
        return None;
    }
    if new.is_empty() {
        lines::column(text, key.start)?;
        let lines = lines::start(text, key.start)..lines::end_if_last(text, span.end)?;
        let has_comment = text[span.end..lines.end].contains('#');
        return (!has_comment).then(|| lines::splice(text, lines, ""));
    }
    let space = if span.is_empty() { " " } else { "" };
    let value = scalar(new)?;
    Some(lines::splice(text, span, &format!("{space}{value}")))
}

/// The text with one more key, behind all others.
fn with_key(layout: &Layout<'_>, entry: &Entry, (name, value): (&str, &str)) -> Option<String> {
    let text = layout.text;
    let keys = layout.entries(entry.node)?;
    let ends = keys.iter().map(|(_, key, value)| {
        let end = layout.span(*value).end;
        end.max(key.end + 1)
    });
    let at = lines::end_if_last(text, ends.max()?)?;
    let indent = entry.column + layout.span(entry.node).start - entry.dash;
    let mut line = String::new();
    let style = Style::of(layout, List::Mirrors);
    style.push(&mut line, indent, &format!("{name}: {}", scalar(value)?));
    Some(lines::insert(text, at, &line))
}

#[cfg(test)]
mod tests;
