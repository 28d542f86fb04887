//! Changing an entry where it stands.

use super::super::dependency::Dependency;
use super::layout::{Entry, Layout};
use super::lines;
use super::style::{Style, scalar};

/// The text with `entry`, which was read as `current`, changed to `wanted`; `None` where that would
/// take more than sub-packages added at the end or another version.
pub(super) fn amend(
    (layout, style): (&Layout<'_>, Style),
    entry: &Entry,
    (current, wanted): (&Dependency, &Dependency),
) -> Option<String> {
    let rest = Dependency {
        reference: wanted.reference.clone(),
        subpackages: wanted.subpackages.clone(),
        ..current.clone()
    };
    // A sub-package in the name stands behind the listed ones, also behind new ones.
    if rest != *wanted || entry.package != entry.root {
        return None;
    }
    if current.reference == wanted.reference {
        let added = wanted.subpackages.strip_prefix(&*current.subpackages)?;
        add_subpackage((layout, style), entry, added.first()?)
    } else {
        set_version((layout, style), entry, &wanted.reference)
    }
}

fn add_subpackage(
    (layout, style): (&Layout<'_>, Style),
    entry: &Entry,
    name: &str,
) -> Option<String> {
    let text = layout.text;
    let value = scalar(name)?;
    let keys = layout.entries(entry.node)?;
    let Some((_, key, listed)) = keys.iter().rfind(|(key, _, _)| *key == "subpackages") else {
        let above = ["package", "version", "ref", "repo", "vcs"];
        let above = keys.iter().filter(|(key, _, _)| above.contains(key));
        let end = above.map(|(_, _, value)| layout.span(*value).end).max()?;
        let at = lines::end_if_last(text, end)?;
        let keys = lines::column(text, entry.dash)? + layout.span(entry.node).start - entry.dash;
        let mut new = String::new();
        style.push(&mut new, keys, "subpackages:");
        style.push(&mut new, keys + style.deeper, &format!("- {value}"));
        return Some(lines::insert(text, at, &new));
    };
    let span = layout.span(*listed);
    let shown = &text[span.clone()];
    let in_brackets = |value: &str| !value.contains([',', '[', ']', '{', '}']);
    match layout.items(*listed) {
        Some([]) if in_brackets(&value) => Some(lines::splice(text, span, &format!("[{value}]"))),
        Some([.., end]) if shown.starts_with('[') && in_brackets(&value) => {
            let at = layout.span(*end).end;
            Some(lines::splice(text, at..at, &format!(", {value}")))
        }
        Some([.., end]) if !shown.starts_with(['[', '&', '!']) => {
            let column = lines::column(text, layout.dash(*end)?)?;
            let at = lines::end_if_last(text, layout.span(*end).end)?;
            let mut new = String::new();
            style.push(&mut new, column, &format!("- {value}"));
            Some(lines::insert(text, at, &new))
        }
        None if shown.is_empty() => {
            let at = lines::end_if_last(text, key.end + 1)?;
            let keys = lines::column(text, key.start)?;
            let mut new = String::new();
            style.push(&mut new, keys + style.deeper, &format!("- {value}"));
            Some(lines::insert(text, at, &new))
        }
        _ => None,
    }
}

fn set_version(
    (layout, style): (&Layout<'_>, Style),
    entry: &Entry,
    reference: &str,
) -> Option<String> {
    let text = layout.text;
    let value = scalar(reference)?;
    let keys = layout.entries(entry.node)?;
    let of = |name: &str| keys.iter().rfind(|(key, _, _)| *key == name);
    let filled = |name: &str| of(name).filter(|(_, _, value)| !layout.span(*value).is_empty());
    let place = filled("version").or(filled("ref")).or(of("version"));
    if let Some((_, _, old)) = place {
        let span = layout.span(*old);
        let space = if span.is_empty() { " " } else { "" };
        return Some(lines::splice(text, span, &format!("{space}{value}")));
    }
    let (_, _, package) = of("package")?;
    let at = lines::end_if_last(text, layout.span(*package).end)?;
    let keys = lines::column(text, entry.dash)? + layout.span(entry.node).start - entry.dash;
    let mut new = String::new();
    style.push(&mut new, keys, &format!("version: {value}"));
    Some(lines::insert(text, at, &new))
}
