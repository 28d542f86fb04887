//! What a remote has, as a value, and what names mean in a clone of it; pure.
//!
//! Names are read as Git reads them in a clone that has just been made: the default branch is the
//! only local one, the others are `origin/NAME`, tags are all there. Syntax beyond names
//! (`v1~2`, `HEAD^{}`) is taken apart in `revision`.

use std::collections::BTreeSet;

use super::protocol::Ref;
use super::revision::{self, Meaning};
use crate::vcs::ObjectId;

/// The branches and tags of a remote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refs {
    /// The commit that is checked out in a fresh clone.
    pub head: Option<ObjectId>,
    /// The branch of that name's commit; none where `HEAD` is detached.
    pub default_branch: Option<String>,
    /// All branches and their tips, in byte order.
    pub branches: Vec<(String, ObjectId)>,
    /// All tags and the commits that they lead to, in byte order.
    pub tags: Vec<(String, ObjectId)>,
}

/// Whether a name is what Glide calls a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is one.
    Yes,
    /// It is none.
    No,
    /// Branches and tags do not tell: it may be an abbreviated commit id, or be written in a
    /// way that leads through history (`v1~2`) or into a commit's files (`v1:README`).
    NeedsHistory,
}

impl Refs {
    /// Sorts out what a remote has said. Names that Git refuses are dropped, as `git fetch` does.
    pub(super) fn of(advertised: &[Ref]) -> Self {
        let commit = |tip: &Ref| tip.peeled.unwrap_or(tip.id);
        let below = |prefix: &str| {
            let mut found: Vec<_> = advertised
                .iter()
                .filter(|tip| is_valid(&tip.name))
                .filter_map(|tip| Some((tip.name.strip_prefix(prefix)?.to_owned(), commit(tip))))
                .collect();
            found.sort();
            found.dedup_by(|one, other| one.0 == other.0);
            found
        };
        let branches = below("refs/heads/");
        let head = advertised.iter().find(|tip| tip.name == "HEAD");
        let default_branch = head.and_then(|head| match &head.target {
            Some(target) => {
                let name = target.strip_prefix("refs/heads/")?;
                tip(&branches, name).map(|_| name.to_owned())
            }
            None => guess(&branches, head.id),
        });
        Self {
            head: head.map(commit),
            default_branch,
            branches,
            tags: below("refs/tags/"),
        }
    }

    /// The commit that `git checkout NAME` takes in a fresh full clone, as far as branches and
    /// tags tell.
    ///
    /// A local branch comes before a tag, a tag before a branch that is not local; a branch whose
    /// name could be an abbreviated commit id is taken for the branch. What tags lead to is
    /// believed to be a commit. `None` where history would have to be known, too.
    pub fn commit(&self, name: &str) -> Option<ObjectId> {
        if self.default_branch.as_deref() == Some(name) {
            return tip(&self.branches, name);
        }
        match revision::meaning(self, name) {
            Meaning::Commit(id) | Meaning::Id(id) => Some(id),
            Meaning::Other => None,
            Meaning::Nothing | Meaning::Unknown => tip(&self.branches, name),
        }
    }

    /// Whether a branch or tag leads to the commit.
    pub fn has_tip(&self, commit: ObjectId) -> bool {
        let mut tips = self.branches.iter().chain(&self.tags);
        self.head == Some(commit) || tips.any(|(_, tip)| *tip == commit)
    }

    /// Whether `git rev-parse --verify NAME` or `git show-ref NAME` succeeds in a fresh full
    /// clone.
    ///
    /// What looks like an option is none here, and a time in braces (`HEAD@{yesterday}`) means
    /// nothing, though Git's answer would be another.
    pub fn is_reference(&self, name: &str) -> Answer {
        if name.starts_with('-') {
            return Answer::No;
        }
        match revision::verified(self, name) {
            _ if self.is_shown(name) => Answer::Yes,
            Meaning::Nothing => Answer::No,
            Meaning::Unknown => Answer::NeedsHistory,
            Meaning::Commit(_) | Meaning::Id(_) | Meaning::Other => Answer::Yes,
        }
    }

    /// The names that a range chooses from, in Glide's order: branches, then tags.
    ///
    /// Glide cuts them from lines of `git show-ref`, from the first `origin/` on for branches and
    /// from the first `tags/` on for tags. So `HEAD` is among the branches, and odd names come
    /// twice.
    pub fn names(&self) -> Vec<&str> {
        let branches = self.shown().filter_map(|shown| match shown {
            Shown::Tracking(name) => Some(name),
            Shown::Local(name) | Shown::Tag(name) => after(name, "origin/"),
        });
        let tags = self.shown().filter_map(|shown| match shown {
            Shown::Tag(name) => Some(name),
            Shown::Local(name) | Shown::Tracking(name) => after(name, "tags/"),
        });
        branches.chain(tags).collect()
    }

    /// The tags that Glide finds for a commit, in its order: names of tags, and of branches that
    /// have `tags/` in them.
    pub fn tags_of(&self, commit: ObjectId) -> Vec<&str> {
        let found = self.shown().filter_map(|shown| match shown {
            Shown::Tag(name) if tip(&self.tags, name) == Some(commit) => Some(name),
            Shown::Local(name) | Shown::Tracking(name)
                if self.branch_or_head(name) == Some(commit) =>
            {
                after(name, "tags/")
            }
            _ => None,
        });
        found.collect()
    }

    /// What a full name of the clone's leads to.
    pub(super) fn full(&self, name: &str) -> Option<ObjectId> {
        if name == "HEAD" {
            return self.head;
        }
        if let Some(tag) = name.strip_prefix("refs/tags/") {
            return tip(&self.tags, tag);
        }
        if let Some(branch) = name.strip_prefix("refs/remotes/origin/") {
            return self.branch_or_head(branch);
        }
        let local = name.strip_prefix("refs/heads/")?;
        let is_local = self.default_branch.as_deref() == Some(local);
        is_local.then(|| tip(&self.branches, local)).flatten()
    }

    /// A branch; `HEAD` is the default one.
    fn branch_or_head(&self, name: &str) -> Option<ObjectId> {
        let name = match name {
            "HEAD" => self.default_branch.as_deref()?,
            name => name,
        };
        tip(&self.branches, name)
    }

    /// Whether `git show-ref` knows the name: it has to be the end of a full one, whole
    /// components.
    fn is_shown(&self, name: &str) -> bool {
        let ends = |full: &str| {
            let before = full.strip_suffix(name);
            !name.is_empty()
                && before.is_some_and(|before| before.is_empty() || before.ends_with('/'))
        };
        self.shown().any(|shown| ends(&shown.full()))
    }

    /// The lines of `git show-ref`, in its order.
    fn shown(&self) -> impl Iterator<Item = Shown<'_>> {
        let local = self.default_branch.as_deref();
        let mut tracking: BTreeSet<&str> = self
            .branches
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        // A branch that is called `HEAD` gives way to the default branch's second name.
        tracking.remove("HEAD");
        tracking.extend(local.map(|_| "HEAD"));
        let tags = self.tags.iter().map(|(name, _)| Shown::Tag(name));
        let branches = tracking.into_iter().map(Shown::Tracking);
        local
            .map(Shown::Local)
            .into_iter()
            .chain(branches)
            .chain(tags)
    }
}

/// One line of `git show-ref`, without what all of its kind begin with.
#[derive(Clone, Copy)]
enum Shown<'a> {
    Local(&'a str),
    Tracking(&'a str),
    Tag(&'a str),
}

impl Shown<'_> {
    fn full(self) -> String {
        match self {
            Self::Local(name) => format!("refs/heads/{name}"),
            Self::Tracking(name) => format!("refs/remotes/origin/{name}"),
            Self::Tag(name) => format!("refs/tags/{name}"),
        }
    }
}

/// What stands behind the first `part` of a name.
fn after<'a>(name: &'a str, part: &str) -> Option<&'a str> {
    name.split_once(part).map(|(_, rest)| rest)
}

fn tip(refs: &[(String, ObjectId)], name: &str) -> Option<ObjectId> {
    let found = refs.binary_search_by(|(known, _)| known.as_str().cmp(name));
    found.ok().map(|index| refs[index].1)
}

/// The branch that a clone takes for the default one where the remote does not name it.
fn guess(branches: &[(String, ObjectId)], head: ObjectId) -> Option<String> {
    if tip(branches, "master") == Some(head) {
        return Some("master".to_owned());
    }
    let same = branches.iter().find(|(_, id)| *id == head);
    same.map(|(name, _)| name.clone())
}

/// Whether Git takes this for a ref's full name (`git check-ref-format`).
fn is_valid(name: &str) -> bool {
    let component = |part: &str| {
        !part.is_empty() && !part.starts_with('.') && part.strip_suffix(".lock").is_none()
    };
    let forbidden = |c: char| c.is_ascii_control() || " ~^:?*[\\".contains(c);
    name.split('/').all(component)
        && !name.contains(forbidden)
        && !name.contains("..")
        && !name.contains("@{")
        && !name.ends_with('.')
}

#[cfg(test)]
mod tests;
