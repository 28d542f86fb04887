//! Merging two glide.locks by what they say, given the one that both came from.
//!
//! Pure: three locks in, one out, with the entries apart on which the two sides disagree. An entry is what
//! its name is; whether it is an import or a test import is a property of it, so that one side may move it
//! while the other side adds a sub-package. The pin (version, repository, system) is one property: half of
//! it from either side would be a commit that nobody chose.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::Classify;

use super::lock::{Lock, LockedDependency};

/// Whose version of a file something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// What both sides came from.
    Base,
    /// What is merged into.
    Ours,
    /// What is merged.
    Theirs,
}

impl Side {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Base => "base",
            Self::Ours => "ours",
            Self::Theirs => "theirs",
        }
    }
}

/// An entry and the list that it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The entry, its sub-packages sorted, each once.
    pub entry: LockedDependency,
    /// Whether it stands in `testImports`.
    pub tests: bool,
}

/// An entry on which the two sides disagree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The root of the repository.
    pub name: String,
    /// What it was before; `None` where it was not there, or nobody knows.
    pub base: Option<Placed>,
    /// What it is on our side, if it is there.
    pub ours: Option<Placed>,
    /// What it is on their side, if it is there.
    pub theirs: Option<Placed>,
}

/// The hashes of glide.yaml on both sides of a merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenHash {
    /// What it was before, where somebody knows.
    pub base: Option<String>,
    /// Ours.
    pub ours: String,
    /// Theirs.
    pub theirs: String,
}

/// What came of a merge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merge {
    /// All that could be agreed on.
    pub lock: Lock,
    /// The hashes of both sides, where each made its lock for a glide.yaml of its own: that of the merged one
    /// is another, which has to be found out. The lock has ours.
    pub open_hash: Option<OpenHash>,
    /// What could not, by name. None of it is in the lock.
    pub disagreements: Vec<Disagreement>,
    /// The names whose entries came from our side alone: added, moved or changed there.
    pub from_ours: Vec<String>,
    /// The same for theirs.
    pub from_theirs: Vec<String>,
    /// The names that only our side removed.
    pub removed_by_ours: Vec<String>,
    /// The same for theirs.
    pub removed_by_theirs: Vec<String>,
}

/// A lock that cannot be merged, since it contradicts itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} has `{name}` twice, at `{first}` and at `{second}`", side.name())]
pub struct RepeatedEntry {
    /// Which lock it is.
    pub side: Side,
    /// The root of the repository.
    pub name: String,
    /// The version that stands first.
    pub first: String,
    /// The version that stands later.
    pub second: String,
}

impl Classify for RepeatedEntry {
    fn hints(&self) -> Vec<String> {
        vec!["`glide-rs update` makes glide.lock anew".to_owned()]
    }
}

/// Merges two locks. Without a base nothing counts as removed: what either side has is there.
pub fn merge(base: Option<&Lock>, ours: &Lock, theirs: &Lock) -> Result<Merge, RepeatedEntry> {
    let before = base.map(|base| entries(base, Side::Base)).transpose()?;
    let before = before.unwrap_or_default();
    let (our, their) = (entries(ours, Side::Ours)?, entries(theirs, Side::Theirs)?);
    let mut merge = Merge::default();
    let names: BTreeSet<&String> = our
        .keys()
        .chain(their.keys())
        .chain(before.keys())
        .collect();
    for name in names {
        merge.add(name, [&before, &our, &their].map(|side| side.get(name)));
    }
    merge.lock.sort();
    let hash = three_way(base.map(|base| &base.hash), &ours.hash, &theirs.hash);
    merge.open_hash = hash.is_none().then(|| OpenHash {
        base: base.map(|base| base.hash.clone()),
        ours: ours.hash.clone(),
        theirs: theirs.hash.clone(),
    });
    merge.lock.hash.clone_from(hash.unwrap_or(&ours.hash));
    let moment = three_way(
        base.map(|base| &base.updated),
        &ours.updated,
        &theirs.updated,
    );
    merge.lock.updated = *moment.unwrap_or(&ours.updated.later(theirs.updated));
    Ok(merge)
}

impl Merge {
    /// Whether nothing is left to be decided.
    pub fn is_settled(&self) -> bool {
        self.disagreements.is_empty() && self.open_hash.is_none()
    }

    /// Settles which glide.yaml the lock was made for.
    pub fn settle_hash(&mut self, hash: String) {
        self.open_hash = None;
        self.lock.hash = hash;
    }

    /// Takes one side's word wherever the two disagree.
    pub fn decide(&mut self, side: Side) {
        for disagreement in std::mem::take(&mut self.disagreements) {
            let chosen = match side {
                Side::Base => disagreement.base,
                Side::Ours => disagreement.ours,
                Side::Theirs => disagreement.theirs,
            };
            self.put(chosen);
        }
        self.lock.sort();
    }

    fn add(&mut self, name: &str, [base, ours, theirs]: [Option<&Placed>; 3]) {
        let settled = match (ours, theirs) {
            _ if ours == theirs => Some(ours.cloned()),
            _ if base == theirs => {
                let list = if ours.is_some() {
                    &mut self.from_ours
                } else {
                    &mut self.removed_by_ours
                };
                list.push(name.to_owned());
                Some(ours.cloned())
            }
            _ if base == ours => {
                let list = if theirs.is_some() {
                    &mut self.from_theirs
                } else {
                    &mut self.removed_by_theirs
                };
                list.push(name.to_owned());
                Some(theirs.cloned())
            }
            (Some(ours), Some(theirs)) => both_changed(base, ours, theirs).map(Some),
            // Gone on one side, another one on the other.
            _ => None,
        };
        match settled {
            Some(settled) => self.put(settled),
            None => self.disagreements.push(Disagreement {
                name: name.to_owned(),
                base: base.cloned(),
                ours: ours.cloned(),
                theirs: theirs.cloned(),
            }),
        }
    }

    fn put(&mut self, placed: Option<Placed>) {
        let Some(placed) = placed else {
            return;
        };
        let lock = &mut self.lock;
        let list = if placed.tests {
            &mut lock.test_imports
        } else {
            &mut lock.imports
        };
        list.push(placed.entry);
    }
}

/// The value that a merge has: that of both sides, or that of the one which changed it.
fn three_way<'a, T: PartialEq>(base: Option<&T>, ours: &'a T, theirs: &'a T) -> Option<&'a T> {
    if ours == theirs || base == Some(theirs) {
        Some(ours)
    } else if base == Some(ours) {
        Some(theirs)
    } else {
        None
    }
}

/// The entry that both sides have, and each otherwise, property by property.
fn both_changed(base: Option<&Placed>, ours: &Placed, theirs: &Placed) -> Option<Placed> {
    let before = base.map(|base| &base.entry);
    let (our, their) = (&ours.entry, &theirs.entry);
    let pin =
        |entry: &'_ LockedDependency| [&entry.version, &entry.repo, &entry.vcs].map(String::clone);
    let (old, mine, other) = (before.map(pin), pin(our), pin(their));
    let [version, repo, vcs] = three_way(old.as_ref(), &mine, &other)?.clone();
    let arch = three_way(before.map(|entry| &entry.arch), &our.arch, &their.arch)?.clone();
    let os = three_way(before.map(|entry| &entry.os), &our.os, &their.os)?.clone();
    // Added to both lists: what the code imports, its tests may import, too.
    let tests = three_way(base.map(|base| &base.tests), &ours.tests, &theirs.tests);
    let name = our.name.clone();
    let subpackages = merged_set(
        before.map_or(&[], |entry| &entry.subpackages),
        &our.subpackages,
        &their.subpackages,
    );
    Some(Placed {
        entry: LockedDependency {
            name,
            version,
            repo,
            vcs,
            subpackages,
            arch,
            os,
        },
        tests: tests.copied().unwrap_or(false),
    })
}

/// What both have, and what one has and the other has not removed; sorted.
fn merged_set(base: &[String], ours: &[String], theirs: &[String]) -> Vec<String> {
    let all: BTreeSet<&String> = ours.iter().chain(theirs).collect();
    let stays = |item: &&String| {
        let in_both = ours.contains(item) && theirs.contains(item);
        in_both || !base.contains(item)
    };
    all.into_iter().filter(stays).cloned().collect()
}

/// The entries of a lock by name.
fn entries(lock: &Lock, side: Side) -> Result<BTreeMap<String, Placed>, RepeatedEntry> {
    let mut found: BTreeMap<String, Placed> = BTreeMap::new();
    let imports = lock.imports.iter().map(|entry| (entry, false));
    let test_imports = lock.test_imports.iter().map(|entry| (entry, true));
    for (entry, tests) in imports.chain(test_imports) {
        let mut entry = entry.clone();
        entry.subpackages.sort();
        entry.subpackages.dedup();
        let Some(first) = found.get(&entry.name) else {
            found.insert(entry.name.clone(), Placed { entry, tests });
            continue;
        };
        // A test import that is an import as well is left out by the writer, too.
        let is_the_same = first.entry == entry;
        let is_left_out = tests && !first.tests && first.entry.version == entry.version;
        if !is_the_same && !is_left_out {
            return Err(RepeatedEntry {
                side,
                name: entry.name,
                first: first.entry.version.clone(),
                second: entry.version,
            });
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
