//! What could not be looked at, for people: each reason once, with all that it keeps from being checked.

use super::super::finding::{Check, Unchecked};

/// How many things of one repository are named.
const SUBJECTS: usize = 5;

/// What one check could not look at for one reason.
pub(super) struct Unknown<'a> {
    pub(super) check: Check,
    pub(super) reason: &'a str,
    /// The repositories in the order in which they came, each with what of it; the empty name is a project.
    pub(super) packages: Vec<(&'a str, &'a [String])>,
    /// The projects that have told it, by their places.
    pub(super) projects: Vec<usize>,
}

impl Unknown<'_> {
    /// The repositories that it is about, without projects.
    pub(super) fn named(&self) -> usize {
        let packages = self.packages.iter();
        packages.filter(|(name, _)| !name.is_empty()).count()
    }
}

/// Puts together what has the same check and reason. The list tells of each entry in which project, by
/// its place, it was told.
pub(super) fn together<'a>(all: impl Iterator<Item = (usize, &'a Unchecked)>) -> Vec<Unknown<'a>> {
    let mut places = std::collections::HashMap::new();
    let mut found: Vec<Unknown<'a>> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for (project, unchecked) in all {
        let reason = unchecked.reason.as_str();
        let at = *places.entry((unchecked.check, reason)).or_insert_with(|| {
            found.push(Unknown {
                check: unchecked.check,
                reason,
                packages: Vec::new(),
                projects: Vec::new(),
            });
            found.len() - 1
        });
        let unknown = &mut found[at];
        if unknown.projects.last() != Some(&project) {
            unknown.projects.push(project);
        }
        if seen.insert((at, &unchecked.package, &unchecked.subjects)) {
            let package = (unchecked.package.as_str(), unchecked.subjects.as_slice());
            unknown.packages.push(package);
        }
    }
    found
}

/// `GO-1, GO-2 and 7 more`.
pub(super) fn listed(subjects: &[String]) -> String {
    some_of(subjects.iter().map(String::as_str), SUBJECTS)
}

/// The first of some words, and how many more there are.
pub(super) fn some_of<'a>(words: impl ExactSizeIterator<Item = &'a str>, most: usize) -> String {
    let count = words.len();
    // One more is as short as its number.
    let shown = if count <= most + 1 { count } else { most };
    let words: Vec<_> = words.take(shown).collect();
    match count - shown {
        0 => words.join(", "),
        more => format!("{} and {more} more", words.join(", ")),
    }
}
