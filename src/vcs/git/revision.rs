//! Git's syntax for revisions (`gitrevisions`), as far as branches and tags decide it; pure.

use super::refs::Refs;
use crate::vcs::ObjectId;

/// What a revision stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Nothing, whatever history has.
    Nothing,
    /// A branch's, tag's or `HEAD`'s commit.
    Commit(ObjectId),
    /// A whole id; nobody has looked whether it is there.
    Id(ObjectId),
    /// Something that is there and no commit.
    Other,
    /// History, or a commit's files, decide.
    Unknown,
}

/// More operators than this are in no revision that means something; each costs a step inward.
const MAX_OPERATORS: usize = 100;

/// What `git rev-parse --verify` makes of a name.
pub(super) fn verified(refs: &Refs, name: &str) -> Meaning {
    if name.contains("..") && !name.contains(':') && !name.contains("^{/") {
        // A range, which is more than one revision.
        return Meaning::Nothing;
    }
    meaning(refs, name.strip_prefix('^').unwrap_or(name))
}

/// What a revision stands for in a fresh full clone.
pub(super) fn meaning(refs: &Refs, name: &str) -> Meaning {
    if name.matches(['^', '~']).count() > MAX_OPERATORS {
        return Meaning::Nothing;
    }
    if let Some(rest) = name.strip_prefix(':') {
        return in_the_index(rest);
    }
    let whole = object(refs, name);
    if whole != Meaning::Nothing {
        return whole;
    }
    let Some((revision, path)) = split_path(name) else {
        return Meaning::Nothing;
    };
    match object(refs, revision) {
        Meaning::Nothing => Meaning::Nothing,
        Meaning::Commit(_) if path.is_empty() => Meaning::Other,
        _ => Meaning::Unknown,
    }
}

/// `:/text` is a commit by its message; `:path` and `:0:path` are files, and no file of a clone is
/// in the midst of being merged, which the other numbers ask for.
fn in_the_index(rest: &str) -> Meaning {
    match rest.as_bytes() {
        [] | [b'1'..=b'3', b':', ..] | [b'0', b':'] => Meaning::Nothing,
        _ => Meaning::Unknown,
    }
}

/// Splits `revision:path` at the first colon that is not in braces.
fn split_path(name: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    for (at, byte) in name.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b':' if depth == 0 => return Some((&name[..at], &name[at + 1..])),
            _ => {}
        }
    }
    None
}

/// A revision without a path.
fn object(refs: &Refs, name: &str) -> Meaning {
    let base = name.trim_end_matches(|c: char| c.is_ascii_digit());
    if let Some(start) = base.strip_suffix(['~', '^']) {
        let steps = match &name[base.len()..] {
            "" => Some(1),
            digits => digits.parse::<u32>().ok(),
        };
        return match (object(refs, start), steps) {
            (Meaning::Nothing | Meaning::Other, _) | (_, None) => Meaning::Nothing,
            (Meaning::Commit(id), Some(0)) => Meaning::Commit(id),
            _ => Meaning::Unknown,
        };
    }
    if let Some(inner) = name.strip_suffix('}')
        && let Some((start, kind)) = inner.rsplit_once("^{")
    {
        return peeled(object(refs, start), kind);
    }
    let plain = plain(refs, name);
    if plain == Meaning::Nothing && abbreviation(name).is_some() {
        return Meaning::Unknown;
    }
    plain
}

/// `revision^{kind}`.
fn peeled(of: Meaning, kind: &str) -> Meaning {
    match (of, kind) {
        (Meaning::Nothing, _) => Meaning::Nothing,
        (Meaning::Commit(id), "" | "commit" | "object") => Meaning::Commit(id),
        (Meaning::Commit(_), "tree") => Meaning::Other,
        (_, "" | "commit" | "object" | "tree" | "tag" | "blob") => Meaning::Unknown,
        (_, text) if text.starts_with('/') => Meaning::Unknown,
        _ => Meaning::Nothing,
    }
}

/// An id or a name.
fn plain(refs: &Refs, name: &str) -> Meaning {
    if let Some(id) = ObjectId::parse(name) {
        return Meaning::Id(id);
    }
    let found = match name.strip_suffix('}').and_then(|it| it.rsplit_once("@{")) {
        Some((base, inner)) => logged(refs, base, inner),
        None => named(refs, name),
    };
    found.map_or(Meaning::Nothing, Meaning::Commit)
}

/// `name@{inner}`: a branch's upstream, or its newest state. A fresh clone has no older one, and
/// keeps states of what is checked out only.
fn logged(refs: &Refs, base: &str, inner: &str) -> Option<ObjectId> {
    let local = refs.default_branch.as_deref();
    let is_head = matches!(base, "" | "@" | "HEAD");
    if !is_head && local != Some(base) {
        return None;
    }
    let upstream = ["u", "upstream", "push"];
    if upstream
        .iter()
        .any(|known| inner.eq_ignore_ascii_case(known))
    {
        return refs.full(&format!("refs/remotes/origin/{}", local?));
    }
    let newest = !inner.is_empty() && inner.bytes().all(|byte| byte == b'0');
    match newest {
        true if is_head => refs.head,
        true => refs.full(&format!("refs/heads/{base}")),
        false => None,
    }
}

/// A name, looked for where Git looks, in its order.
fn named(refs: &Refs, name: &str) -> Option<ObjectId> {
    let name = if name == "@" { "HEAD" } else { name };
    let places = [
        name.to_owned(),
        format!("refs/{name}"),
        format!("refs/tags/{name}"),
        format!("refs/heads/{name}"),
        format!("refs/remotes/{name}"),
        format!("refs/remotes/{name}/HEAD"),
    ];
    places.iter().find_map(|full| refs.full(full))
}

/// The abbreviated id in a name: the whole of it, or what `git describe` puts behind `-g`.
pub(super) fn abbreviation(name: &str) -> Option<&str> {
    let is_short = |text: &str| {
        (4..40).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    if is_short(name) {
        return Some(name);
    }
    let (_, described) = name.rsplit_once("-g")?;
    is_short(described).then_some(described)
}
