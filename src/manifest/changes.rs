//! What tells two locks of a project apart, entry by entry.

use std::collections::BTreeMap;
use std::fmt;

use super::lock::{Lock, LockedDependency};

/// The differences between a lock and a newer one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Entries that are not the same in both, by name.
    pub list: Vec<Change>,
    /// How many are.
    pub unchanged: usize,
}

/// An entry that is not the same in both locks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The root of the repository.
    pub name: String,
    /// The entry in the older lock, if it has one.
    pub old: Option<LockedDependency>,
    /// The entry in the newer lock, if it has one.
    pub new: Option<LockedDependency>,
    /// Whether it moved from `imports` to `testImports`, or back.
    pub changes_list: bool,
}

impl Lock {
    /// What a newer lock says otherwise. Where one has a name twice, the first counts.
    pub fn changes(&self, newer: &Self) -> Changes {
        let mut entries: BTreeMap<&str, [Option<(&LockedDependency, bool)>; 2]> = BTreeMap::new();
        for (at, lock) in [self, newer].into_iter().enumerate() {
            let imports = lock.imports.iter().map(|entry| (entry, false));
            let tests = lock.test_imports.iter().map(|entry| (entry, true));
            for (entry, for_tests) in imports.chain(tests) {
                let pair = entries.entry(&entry.name).or_default();
                pair[at].get_or_insert((entry, for_tests));
            }
        }
        let all = entries.len();
        let changed = entries.into_iter().filter(|(_, [old, new])| old != new);
        let list: Vec<_> = changed
            .map(|(name, [old, new])| Change {
                name: name.to_owned(),
                changes_list: old.zip(new).is_some_and(|(old, new)| old.1 != new.1),
                old: old.map(|(entry, _)| entry.clone()),
                new: new.map(|(entry, _)| entry.clone()),
            })
            .collect();
        Changes {
            unchanged: all - list.len(),
            list,
        }
    }
}

impl Change {
    /// Whether it is another version, and not only told of in other words.
    pub fn is_of_version(&self) -> bool {
        let version =
            |entry: &Option<LockedDependency>| entry.as_ref().map(|entry| entry.version.clone());
        version(&self.old) != version(&self.new)
    }
}

impl fmt::Display for Change {
    /// A line, as `github.com/a/b: 0123… → 4567…`. Passwords in addresses are not hidden.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.name;
        match (&self.old, &self.new) {
            (None, None) => write!(f, "{name}: nothing"),
            (None, Some(new)) => write!(f, "{name}: added at {}", new.version),
            (Some(old), None) => write!(f, "{name}: removed, was at {}", old.version),
            (Some(old), Some(new)) => {
                let mut parts = Vec::new();
                let mut part = |what: &str, (old, new): (String, String)| {
                    if old != new {
                        let quoted = |text: String| match text.as_str() {
                            "" => "none".to_owned(),
                            text => text.to_owned(),
                        };
                        parts.push(format!("{what}{} → {}", quoted(old), quoted(new)));
                    }
                };
                part("", (old.version.clone(), new.version.clone()));
                part("repo ", (old.repo.clone(), new.repo.clone()));
                part("vcs ", (old.vcs.clone(), new.vcs.clone()));
                part("os ", (old.os.join(", "), new.os.join(", ")));
                part("arch ", (old.arch.join(", "), new.arch.join(", ")));
                let packages = |entry: &LockedDependency| {
                    let mut packages = entry.subpackages.clone();
                    packages.sort();
                    packages
                };
                let (before, after) = (packages(old), packages(new));
                for package in after.iter().filter(|package| !before.contains(package)) {
                    parts.push(format!("package {package} added"));
                }
                for package in before.iter().filter(|package| !after.contains(package)) {
                    parts.push(format!("package {package} removed"));
                }
                if self.changes_list {
                    parts.push("for tests only in one of them".to_owned());
                }
                if parts.is_empty() {
                    parts.push("the same in other words".to_owned());
                }
                write!(f, "{name}: {}", parts.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(entries: &str) -> Lock {
        Lock::parse(format!("hash: x\nimports:\n{entries}").as_bytes()).unwrap()
    }

    #[track_caller]
    fn check(old: &str, new: &str, unchanged: usize, lines: &[&str]) {
        let changes = lock(old).changes(&lock(new));
        let told: Vec<_> = changes.list.iter().map(Change::to_string).collect();
        assert_eq!(
            (told, changes.unchanged),
            (
                lines.iter().map(|line| (*line).to_owned()).collect(),
                unchanged
            )
        );
    }

    #[test]
    fn each_difference_is_told() {
        let same = "- name: a.b/same\n  version: '1'\n";
        check(same, same, 1, &[]);
        check(
            &format!("{same}- name: a.b/gone\n  version: '1'\n- name: a.b/moved\n  version: '1'\n"),
            &format!("{same}- name: a.b/moved\n  version: '2'\n- name: a.b/come\n  version: '3'\n"),
            1,
            &[
                "a.b/come: added at 3",
                "a.b/gone: removed, was at 1",
                "a.b/moved: 1 → 2",
            ],
        );
        check(
            "- name: a.b/x\n  version: '1'\n  repo: https://h/x\n  subpackages: [p, q]\n",
            "- name: a.b/x\n  version: '1'\n  vcs: hg\n  os: [linux]\n  subpackages: [q, r]\n",
            0,
            &[
                "a.b/x: repo https://h/x → none, vcs none → hg, os none → linux, package r added, package p removed",
            ],
        );
        check(
            "- name: a.b/x\n  version: '1'\n",
            "\ntestImports:\n- name: a.b/x\n  version: '1'\n",
            0,
            &["a.b/x: for tests only in one of them"],
        );
        check(
            "- name: a.b/x\n  version: '1'\n- name: a.b/x\n  version: '2'\n",
            "- name: a.b/x\n  version: '1'\n",
            1,
            &[],
        );
    }

    #[test]
    fn versions_are_told_from_words() {
        let changes = lock("- name: a.b/x\n  version: '1'\n- name: a.b/y\n  version: '1'\n")
            .changes(&lock(
                "- name: a.b/x\n  version: '2'\n- name: a.b/y\n  version: '1'\n  vcs: hg\n",
            ));
        let of_version: Vec<_> = changes.list.iter().map(Change::is_of_version).collect();
        assert_eq!(of_version, [true, false]);
    }
}
