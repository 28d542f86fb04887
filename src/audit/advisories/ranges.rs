//! Whether a commit is affected, by a record's ranges and lists; pure.

use super::record::{Affected, Event, Range};
use super::semver::Semver;
use crate::audit::history::History;

/// What is known of the commit.
#[derive(Clone, Copy, Default)]
pub(super) struct Facts<'a> {
    /// Its version as Go has it, without the `v`.
    pub(super) version: Option<&'a str>,
    /// Whether that is a release: a tag that leads to the commit.
    pub(super) is_release: bool,
    /// The commit's full id.
    pub(super) commit: &'a str,
    /// The tags that lead to it, where they are known.
    pub(super) tags: Option<&'a [String]>,
    /// Its repository's history, where it is known.
    pub(super) history: Option<&'a dyn History>,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is, and how that is known.
    Affected(How),
    /// It is not.
    Spared,
    /// Nobody knows.
    Unknown(&'static str),
}

/// How it is known that a commit is affected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// By its version.
    Version,
    /// By its ancestors.
    Ancestry,
    /// All versions are.
    All,
}

const NO_VERSION: &str = "its version is not known";
const NO_HISTORY: &str = "the history of its repository is not known";
const NOT_HELD: &str = "the commits that the record names are not in its repository";
const NO_ORDER: &str = "the record's versions have an order that is not known";
const NOT_LISTED: &str = "the record lists releases, and the commit is none";

/// Judges what a record says of one package.
pub(super) fn judge(affected: &Affected, facts: &Facts<'_>) -> Verdict {
    let ranges = &affected.ranges;
    if ranges.is_empty() && affected.versions.is_empty() {
        return Verdict::Affected(How::All);
    }
    let mut by_version = None;
    let mut others = Vec::new();
    for range in ranges {
        match range {
            Range::Semver(events) => {
                let verdict = by_semver(events, facts.version);
                by_version = Some(worse(by_version, verdict));
            }
            Range::Git(_, events) => others.push(by_ancestry(events, facts)),
            Range::Ecosystem if affected.versions.is_empty() => {
                others.push(Verdict::Unknown(NO_ORDER));
            }
            Range::Ecosystem => {}
        }
    }
    if !affected.versions.is_empty() {
        others.push(by_list(&affected.versions, facts));
    }
    // Lists and commits say the same once more: what they leave open counts only where versions
    // decide nothing.
    if by_version == Some(Verdict::Spared) {
        others.retain(|verdict| matches!(verdict, Verdict::Affected(_)));
    }
    others
        .into_iter()
        .fold(by_version, |worst, verdict| Some(worse(worst, verdict)))
        .unwrap_or(Verdict::Spared)
}

fn worse(one: Option<Verdict>, other: Verdict) -> Verdict {
    match (one, other) {
        (Some(Verdict::Affected(how)), _) | (_, Verdict::Affected(how)) => Verdict::Affected(how),
        (Some(Verdict::Unknown(why)), _) | (_, Verdict::Unknown(why)) => Verdict::Unknown(why),
        _ => Verdict::Spared,
    }
}

fn by_semver(events: &[Event], version: Option<&str>) -> Verdict {
    let is_all = |event: &Event| matches!(event, Event::Introduced(at) if at == "0");
    if events.iter().all(is_all) {
        return Verdict::Affected(How::All);
    }
    match version.and_then(Semver::parse) {
        None => Verdict::Unknown(NO_VERSION),
        Some(version) if contains(events, &version) => Verdict::Affected(How::Version),
        Some(_) => Verdict::Spared,
    }
}

/// Whether a version lies in a range. Events count in the order of their versions, those of one version
/// as they are written.
pub(super) fn contains(events: &[Event], version: &Semver<'_>) -> bool {
    // `0` is before every version, pre-releases of 0.0.0 too.
    let lowest = |text: &str| text == "0";
    let mut ordered: Vec<_> = events.iter().collect();
    ordered.sort_by(|one, other| {
        let (one, other) = (one.at(), other.at());
        match (lowest(one), lowest(other)) {
            (true, true) => std::cmp::Ordering::Equal,
            (true, false) => std::cmp::Ordering::Less,
            (false, true) => std::cmp::Ordering::Greater,
            (false, false) => match (Semver::parse(one), Semver::parse(other)) {
                (Some(one), Some(other)) => one.compare(&other),
                _ => std::cmp::Ordering::Equal,
            },
        }
    });
    let reached =
        |at: &str| lowest(at) || Semver::parse(at).is_some_and(|at| version.compare(&at).is_ge());
    let passed =
        |at: &str| lowest(at) || Semver::parse(at).is_some_and(|at| version.compare(&at).is_gt());
    let mut is_affected = false;
    let (mut limits, mut is_below_one) = (0, false);
    for event in ordered {
        match event {
            Event::Introduced(at) if reached(at) => is_affected = true,
            Event::Fixed(at) if reached(at) => is_affected = false,
            Event::LastAffected(at) if passed(at) => is_affected = false,
            Event::Limit(at) => {
                limits += 1;
                is_below_one |= at == "*" || !reached(at);
            }
            _ => {}
        }
    }
    is_affected && (limits == 0 || is_below_one)
}

/// A commit is affected from one that introduces the fault on, up to any that mends it since.
fn by_ancestry(events: &[Event], facts: &Facts<'_>) -> Verdict {
    let commit = facts.commit;
    let Some(history) = facts.history else {
        return by_name(events, commit);
    };
    if !history.holds(commit) {
        return Verdict::Unknown(NO_HISTORY);
    }
    let is_behind = |ancestor: &str, commit: &str| {
        ancestor == "0" || (history.holds(ancestor) && history.is_ancestor(ancestor, commit))
    };
    let mut is_open = false;
    let mut limits = Vec::new();
    for event in events {
        match event {
            Event::Introduced(at) if at != "0" && !history.holds(at) => is_open = true,
            Event::Limit(at) => limits.push(at),
            _ => {}
        }
    }
    let is_before = |limit: &String| limit == "*" || (limit != commit && is_behind(commit, limit));
    if !limits.is_empty() && !limits.into_iter().any(is_before) {
        return Verdict::Spared;
    }
    let is_mended = |since: &str| {
        events.iter().any(|event| match event {
            Event::Fixed(at) => is_behind(since, at) && is_behind(at, commit),
            Event::LastAffected(at) => {
                at != commit && is_behind(since, at) && is_behind(at, commit)
            }
            Event::Introduced(_) | Event::Limit(_) => false,
        })
    };
    let affects = |event: &Event| match event {
        Event::Introduced(at) => is_behind(at, commit) && !is_mended(at),
        _ => false,
    };
    if events.iter().any(affects) {
        Verdict::Affected(How::Ancestry)
    } else if is_open {
        Verdict::Unknown(NOT_HELD)
    } else {
        Verdict::Spared
    }
}

/// Where no history is known, the commits that the record itself names can be told.
fn by_name(events: &[Event], commit: &str) -> Verdict {
    match events.iter().find(|event| event.at() == commit) {
        Some(Event::Introduced(_) | Event::LastAffected(_)) => Verdict::Affected(How::Ancestry),
        Some(Event::Fixed(_) | Event::Limit(_)) => Verdict::Spared,
        None => Verdict::Unknown(NO_HISTORY),
    }
}

fn by_list(versions: &[String], facts: &Facts<'_>) -> Verdict {
    let bare = |text: &str| text.strip_prefix('v').unwrap_or(text).to_owned();
    let listed = |name: &str| versions.iter().any(|version| bare(version) == bare(name));
    let tags = facts.tags.unwrap_or_default();
    if tags.iter().any(|tag| listed(tag)) || facts.version.is_some_and(listed) {
        return Verdict::Affected(How::Version);
    }
    match (facts.version, facts.is_release) {
        (Some(_), true) => Verdict::Spared,
        (Some(_), false) => Verdict::Unknown(NOT_LISTED),
        (None, _) => Verdict::Unknown(NO_VERSION),
    }
}
