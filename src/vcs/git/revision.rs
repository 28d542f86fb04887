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

/// A step from a commit to one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// `~n`: to the first parent, so many times.
    Back(u32),
    /// `^n`: to that parent; 0 is the commit itself.
    Parent(u32),
}

impl Step {
    /// Where it leads, if there is such a commit.
    pub(super) fn from<C: Copy>(self, commit: C, parents: impl Fn(C) -> Vec<C>) -> Option<C> {
        match self {
            Self::Back(times) => (0..times).try_fold(commit, |at, _| parents(at).first().copied()),
            Self::Parent(0) => Some(commit),
            Self::Parent(number) => parents(commit).get(number as usize - 1).copied(),
        }
    }
}

/// A revision that leads back from another one: that one, and the steps from it.
pub(super) fn ancestry(name: &str) -> Option<(&str, Vec<Step>)> {
    let (mut start, mut steps) = (name, Vec::new());
    loop {
        let peeled = start.strip_suffix("^{}");
        if let Some(peeled) = peeled.or_else(|| start.strip_suffix("^{commit}")) {
            start = peeled;
            continue;
        }
        let base = start.trim_end_matches(|c: char| c.is_ascii_digit());
        let Some(before) = base.strip_suffix(['~', '^']) else {
            break;
        };
        let number = match &start[base.len()..] {
            "" => 1,
            digits => digits.parse().ok()?,
        };
        let is_back = base.ends_with('~');
        let step = if is_back { Step::Back } else { Step::Parent };
        steps.push(step(number));
        start = before;
        if steps.len() > MAX_OPERATORS {
            return None;
        }
    }
    steps.reverse();
    (!steps.is_empty() && !start.is_empty()).then_some((start, steps))
}

/// Whether the commits behind the names may tell what this stands for.
pub(super) fn needs_history(name: &str) -> bool {
    abbreviation(name).is_some() || ancestry(name).is_some()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_back_are_taken_from_the_end() {
        use Step::{Back, Parent};
        for (name, start, steps) in [
            ("v1.0.0~1", "v1.0.0", vec![Back(1)]),
            ("HEAD^", "HEAD", vec![Parent(1)]),
            ("@~", "@", vec![Back(1)]),
            ("a/b~3^2^{}", "a/b", vec![Back(3), Parent(2)]),
            ("1234abc^0~10", "1234abc", vec![Parent(0), Back(10)]),
            ("v1^{commit}^", "v1", vec![Parent(1)]),
        ] {
            assert_eq!(ancestry(name), Some((start, steps)), "{name}");
        }
        let many = format!("v1{}", "^".repeat(1000));
        for name in [
            "v1.0.0",
            "v1.0.0^{}",
            "^1.2.3",
            "~1.2",
            "^1",
            "~",
            "v1~99999999999",
            "",
            &many,
        ] {
            assert_eq!(ancestry(name), None, "{name}");
        }
    }

    #[test]
    fn a_step_goes_to_a_parent_that_is_there() {
        // 4 merges 3 into 2, and 1 is the first.
        let parents = |commit: u32| match commit {
            4 => vec![2, 3],
            2 | 3 => vec![1],
            _ => Vec::new(),
        };
        for (step, from, to) in [
            (Step::Back(0), 4, Some(4)),
            (Step::Back(1), 4, Some(2)),
            (Step::Back(2), 4, Some(1)),
            (Step::Back(3), 4, None),
            (Step::Back(u32::MAX), 4, None),
            (Step::Parent(0), 4, Some(4)),
            (Step::Parent(2), 4, Some(3)),
            (Step::Parent(3), 4, None),
        ] {
            assert_eq!(step.from(from, parents), to, "{step:?}");
        }
    }
}
