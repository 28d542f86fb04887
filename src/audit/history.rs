//! What checks ask about a repository's history.

mod recorded;

pub use recorded::Recorded;

use std::sync::Arc;

use super::subject::Pinned;

/// The commits of a repository that its branches and tags lead to. Commits are named by their full ids
/// (revision numbers, for systems that count).
pub trait History: Send + Sync {
    /// The tags and the commits that they lead to, in byte order.
    fn tags(&self) -> &[(String, String)];

    /// The branches and their tips, in byte order.
    fn branches(&self) -> &[(String, String)];

    /// The tip of the default branch.
    fn head(&self) -> Option<&str>;

    /// Whether some branch or tag leads to the commit.
    fn holds(&self, commit: &str) -> bool;

    /// Whether `ancestor` is `commit`, or one of those before it.
    fn is_ancestor(&self, ancestor: &str, commit: &str) -> bool;

    /// When the commit was made (its committer's time), in seconds since 1970.
    fn time(&self, commit: &str) -> Option<i64>;

    /// How many commits lead to `to` and not to `from`.
    fn distance(&self, from: &str, to: &str) -> Option<usize>;

    /// The tags on the commit and before it, in the order of all tags.
    fn tags_up_to(&self, commit: &str) -> Vec<&(String, String)> {
        let tags = self.tags().iter();
        tags.filter(|(_, tagged)| self.is_ancestor(tagged, commit))
            .collect()
    }

    /// Whether all commits are known, so that what is not held is not there.
    fn is_whole(&self) -> bool {
        true
    }

    /// Whether some branch or tag led to the commit when the repository was asked at an earlier time,
    /// and none does now: history was rewritten, or a branch removed.
    fn has_lost(&self, _commit: &str) -> bool {
        false
    }
}

/// The histories of pinned repositories.
pub trait Histories: Sync {
    /// The history of a pin's repository; why there is none to be had.
    fn of(&self, pin: &Pinned) -> Result<Arc<dyn History>, String>;
}

/// A history in memory, for tests: commits with their parents.
#[cfg(test)]
#[derive(Default)]
pub(crate) struct Sketch {
    /// Id, time, parents.
    pub(crate) commits: Vec<(String, i64, Vec<String>)>,
    pub(crate) tags: Vec<(String, String)>,
    pub(crate) branches: Vec<(String, String)>,
    pub(crate) head: Option<String>,
}

#[cfg(test)]
impl Sketch {
    fn behind(&self, commit: &str) -> std::collections::BTreeSet<String> {
        let mut found = std::collections::BTreeSet::new();
        let mut open = vec![commit.to_owned()];
        while let Some(next) = open.pop() {
            let known = self.commits.iter().find(|(id, ..)| *id == next);
            if let Some((id, _, parents)) = known
                && found.insert(id.clone())
            {
                open.extend(parents.iter().cloned());
            }
        }
        found
    }
}

#[cfg(test)]
impl History for Sketch {
    fn tags(&self) -> &[(String, String)] {
        &self.tags
    }

    fn branches(&self) -> &[(String, String)] {
        &self.branches
    }

    fn head(&self) -> Option<&str> {
        self.head.as_deref()
    }

    fn holds(&self, commit: &str) -> bool {
        let mut tips = self.tags.iter().chain(&self.branches);
        tips.any(|(_, tip)| self.behind(tip).contains(commit))
    }

    fn is_ancestor(&self, ancestor: &str, commit: &str) -> bool {
        self.behind(commit).contains(ancestor)
    }

    fn time(&self, commit: &str) -> Option<i64> {
        let known = self.commits.iter().find(|(id, ..)| id == commit);
        known.map(|(_, time, _)| *time)
    }

    fn distance(&self, from: &str, to: &str) -> Option<usize> {
        let before = self.behind(from);
        let after = self.behind(to);
        (!before.is_empty() && !after.is_empty()).then(|| after.difference(&before).count())
    }
}
