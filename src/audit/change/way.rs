//! Which way a pin went, by the history of its repository.

use super::super::history::History;
use crate::vcs::ObjectId;

/// How a pin got from one commit to another.
pub(super) enum Way {
    /// By so many commits to one that came later.
    Ahead(usize),
    /// By so many commits to one that came before.
    Back(usize),
    /// To one that is neither.
    Aside {
        /// How many commits it has no longer.
        left: usize,
        /// How many it has now.
        gained: usize,
    },
    /// Nothing leads to the old one any more.
    OldIsLost,
    /// Nothing leads to the new one, which is for the check of provenance to judge.
    NewIsAbsent,
    /// Nobody can tell, and why.
    Unknown(String),
}

/// How a pin got from the old commit to the new one.
pub(super) fn way(history: &dyn History, old: &str, new: &str) -> Way {
    for version in [old, new] {
        if ObjectId::parse(version).is_none() {
            let shown = if version.is_empty() {
                "nothing"
            } else {
                version
            };
            return Way::Unknown(format!(
                "whether it went back: `{shown}` is no commit, and may be another one each day"
            ));
        }
    }
    let (old, new) = (&old.to_ascii_lowercase(), &new.to_ascii_lowercase());
    let whole = history.is_whole();
    match (history.holds(old), history.holds(new)) {
        (true, true) => {
            let count = |from: &str, to: &str| history.distance(from, to).unwrap_or_default();
            if history.is_ancestor(old, new) {
                Way::Ahead(count(old, new))
            } else if history.is_ancestor(new, old) {
                Way::Back(count(new, old))
            } else {
                Way::Aside {
                    left: count(new, old),
                    gained: count(old, new),
                }
            }
        }
        (_, false) if whole => Way::NewIsAbsent,
        (false, true) if whole => Way::OldIsLost,
        _ => Way::Unknown(
            "whether it went back: not all of its history can be had, and not both commits are in what can"
                .to_owned(),
        ),
    }
}
