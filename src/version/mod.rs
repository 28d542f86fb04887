//! Glide's version grammar: what a version is, what a range means, which name a range picks. Pure.
//!
//! Answers to Masterminds/semver v1 and to the part of Glide's `repo/vcs.go` that tries a range on
//! branches and tags, down to which of several spellings of one version wins. The `semver` crate holds
//! and orders what both know alike; its own requirements are another language and are not used.

mod constraint;
pub mod go;
mod grammar;
mod hyphen;
mod prerelease;
mod release;

#[cfg(test)]
mod tests;

pub use constraint::{Constraint, ConstraintError};
pub use release::Version;

use crate::model::go_sort;

/// The name among `names` that a range picks, in its own spelling: the highest version that meets it.
///
/// Glide passes all branches, then all tags, each in byte order. Where several names spell the
/// highest version, the order of `names` decides, through the sort of Go's library.
pub fn pick<'a>(
    names: impl IntoIterator<Item = &'a str>,
    constraint: &Constraint,
) -> Option<&'a str> {
    let mut versions = newest_first(names).into_iter();
    let picked = versions.find(|(version, _)| constraint.matches(version));
    picked.map(|(_, name)| name)
}

/// The name among `names` that is the highest version, pre-releases included; the first of several
/// that spell it.
pub fn latest<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut latest: Option<Version> = None;
    let mut found = None;
    for name in names {
        let Some(version) = Version::parse(name) else {
            continue;
        };
        if latest
            .as_ref()
            .is_none_or(|latest| version.compare(latest).is_gt())
        {
            latest = Some(version);
            found = Some(name);
        }
    }
    found
}

/// The names whose versions are nearest to those that `constraint` names, at most `limit` of them,
/// newest first: what to show when a range picks nothing.
pub fn nearest<'a>(
    names: impl IntoIterator<Item = &'a str>,
    constraint: &Constraint,
    limit: usize,
) -> Vec<&'a str> {
    let mut versions = newest_first(names);
    versions.dedup_by(|later, kept| later.0.compare(&kept.0).is_eq());
    let distance = |(place, (version, name))| (constraint.distance(&version), place, name);
    let mut nearest: Vec<_> = versions.into_iter().enumerate().map(distance).collect();
    nearest.sort_unstable();
    nearest.truncate(limit);
    nearest.sort_unstable_by_key(|(_, place, _)| *place);
    nearest.into_iter().map(|(_, _, name)| name).collect()
}

/// The names that are versions, highest first, in the order that Glide tries them.
fn newest_first<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<(Version, &'a str)> {
    let names = names.into_iter();
    let mut versions: Vec<_> = names
        .filter_map(|name| Some((Version::parse(name)?, name)))
        .collect();
    go_sort(&mut versions, |(one, _), (other, _)| {
        other.compare(one).is_lt()
    });
    versions
}
