//! Hyphen ranges: `1.2 - 1.4` stands for `>= 1.2, <= 1.4`.

use super::grammar::{Parts, in_wildcard, is_space};

/// Writes every hyphen range in `text` as two comparisons.
///
/// This is done on the text, before it is split at `||` and `,`, because Glide's library does so: a
/// bar passes for part of a number, so `1||2 - 3` becomes `>= 1||2, <= 3`.
pub(super) fn spell_out(text: &str) -> String {
    let mut spelled = text.to_owned();
    let mut rest = text;
    while !rest.is_empty() {
        if let Some((found, [low, high])) = range_at_start(rest) {
            // The first place with this text is meant, which need not be the one just found.
            spelled = spelled.replacen(found, &format!(">= {low}, <= {high}"), 1);
            rest = &rest[found.len()..];
        } else {
            let mut characters = rest.chars();
            characters.next();
            rest = characters.as_str();
        }
    }
    spelled
}

/// The hyphen range, with the white space around it, that `text` begins with; and its two ends.
fn range_at_start(text: &str) -> Option<(&str, [&str; 2])> {
    let (low, rest) = version(text.trim_start_matches(is_space))?;
    let rest = some_space(rest)?.strip_prefix('-')?;
    let (high, rest) = version(some_space(rest)?)?;
    let rest = rest.trim_start_matches(is_space);
    Some((&text[..text.len() - rest.len()], [low, high]))
}

/// The text of the version that `text` begins with, and what follows it.
fn version(text: &str) -> Option<(&str, &str)> {
    let (_, rest) = Parts::cut(text, in_wildcard)?;
    Some((&text[..text.len() - rest.len()], rest))
}

/// What follows the white space that `text` must begin with.
fn some_space(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(is_space);
    (rest.len() < text.len()).then_some(rest)
}
