//! The names of a repository: what `hg` prints, what is remembered of it, and what may be asked.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::clone::Clone as CachedClone;
use super::{Error, full_id};
use crate::vcs::CommitNote;
use crate::vcs::external;

/// The branch that a fresh clone stands at, unless there is the bookmark `@`.
const DEFAULT_BRANCH: &str = "default";

/// Tags, branches and the default, at one time.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Names {
    /// Where a fresh clone stands; `None` where there is no commit at all.
    default: Option<String>,
    /// Name and commit, in the order of `hg tags`: the newest first, `tip` before all.
    tags: Vec<(String, String)>,
    /// Name and commit, in the order of `hg branches`, closed ones left out.
    branches: Vec<(String, String)>,
}

impl Names {
    /// Reads what `hg` prints, in the templates of `clone`. Names with white space, of which Glide
    /// sees the first word, are passed over: neither can be a version.
    pub(super) fn parse(tags: &str, branches: &str, default: &str) -> Option<Self> {
        let mut names = Self::default();
        let mut head = None;
        for line in tags.lines() {
            let (id, name) = line.split_once(' ')?;
            // An empty repository has a `tip` that is no commit.
            names.tags.extend(pair(name, id));
        }
        for line in branches.lines() {
            let mut parts = line.splitn(3, ' ');
            let (id, closed, name) = (parts.next()?, parts.next()?, parts.next()?);
            if name == DEFAULT_BRANCH {
                head = full_id(id);
            }
            if closed == "False" {
                names.branches.extend(pair(name, id));
            }
        }
        let (id, bookmark) = default.lines().next()?.split_once(' ')?;
        let first = full_id(id);
        names.default = match bookmark {
            "@" => first,
            _ => head.or(first),
        };
        Some(names)
    }

    /// The same names, with another default.
    pub(super) fn with_default(self, default: Option<String>) -> Self {
        Self { default, ..self }
    }

    pub(super) fn default_commit(&self) -> Option<&str> {
        self.default.as_deref()
    }

    /// Whether exports may differ: the newest tag before a commit stands in `.hg_archival.txt`.
    pub(super) fn tags_differ(&self, other: &Self) -> bool {
        let real = |names: &Self| -> Vec<_> {
            let tags = names.tags.iter().filter(|(name, _)| name != "tip");
            tags.cloned().collect()
        };
        real(self) != real(other)
    }

    /// As text: `default ID`, `tag ID NAME`, `branch ID NAME`, a line each.
    pub(super) fn write(&self) -> Vec<u8> {
        let default = self.default.iter().map(|id| format!("default {id}\n"));
        let line = |kind: &'static str| {
            move |(name, id): &(String, String)| format!("{kind} {id} {name}\n")
        };
        let tags = self.tags.iter().map(line("tag"));
        let branches = self.branches.iter().map(line("branch"));
        let text: String = default.chain(tags).chain(branches).collect();
        text.into_bytes()
    }

    /// The same for those who do not care for Mercurial's ways: no `tip`, in byte order.
    pub(super) fn plain(&self) -> crate::vcs::Names {
        let mut plain = crate::vcs::Names {
            head: self.default.clone(),
            default_branch: None,
            branches: self.branches.clone(),
            tags: self.tags.clone(),
            moved_to: None,
        };
        plain.tags.retain(|(name, _)| name != "tip");
        plain.branches.sort();
        plain.tags.sort();
        plain
    }

    /// Reads what [`Names::write`] wrote.
    pub(super) fn read(text: &[u8]) -> Option<Self> {
        let mut names = Self::default();
        for line in std::str::from_utf8(text).ok()?.lines() {
            let mut words = line.split(' ');
            let (kind, id) = (words.next()?, full_id(words.next()?)?);
            match (kind, words.next()) {
                ("default", None) => names.default = Some(id),
                ("tag", Some(name)) => names.tags.push((name.to_owned(), id)),
                ("branch", Some(name)) => names.branches.push((name.to_owned(), id)),
                _ => return None,
            }
        }
        Some(names)
    }
}

fn pair(name: &str, id: &str) -> Option<(String, String)> {
    let sound = !name.is_empty() && !name.contains(char::is_whitespace);
    Some((name.to_owned(), full_id(id)?)).filter(|_| sound)
}

/// The names that a remote has, and what they stand for.
#[derive(Debug)]
pub struct Refs {
    clone: CachedClone,
    names: Names,
    /// What was asked already; starting `hg` takes a tenth of a second.
    asked: Mutex<HashMap<String, Option<String>>>,
}

impl Refs {
    pub(super) fn new(clone: CachedClone, names: Names) -> Self {
        Self {
            clone,
            names,
            asked: Mutex::default(),
        }
    }
}

impl external::Refs for Refs {
    /// The commit that a fresh clone stands at; `None` in an empty repository.
    fn default_commit(&self) -> Option<&str> {
        self.names.default_commit()
    }

    /// The open branches, in the order of `hg branches`.
    fn branches(&self) -> Vec<String> {
        first_of(&self.names.branches)
    }

    /// The tags, in the order of `hg tags`: `tip` first, then the newest commit's.
    fn tags(&self) -> Vec<String> {
        first_of(&self.names.tags)
    }

    /// Those of all commits whose ids begin so, save `tip`, which moves.
    fn tags_of(&self, commit: &str) -> Vec<String> {
        let tags = self.names.tags.iter();
        let tags = tags.filter(|(name, id)| name != "tip" && id.starts_with(commit));
        tags.map(|(name, _)| name.clone()).collect()
    }

    /// The full id of the commit that a tag, branch, bookmark, number or (beginning of an) id
    /// stands for. Unlike Glide's, this takes no expressions: `1 - 2` is a range.
    fn commit(&self, name: &str) -> Result<Option<String>, Error> {
        if matches!(name, "" | ".") {
            return Ok(self.names.default.clone());
        }
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = asked.get(name) {
            return Ok(known.clone());
        }
        let _reading = self.clone.place.lock_shared()?;
        let found = self.clone.commit(name)?;
        asked.insert(name.to_owned(), found.clone());
        Ok(found)
    }

    fn describe(&self, name: &str) -> Result<Option<CommitNote>, Error> {
        let _reading = self.clone.place.lock_shared()?;
        self.clone.note(name)
    }
}

fn first_of(pairs: &[(String, String)]) -> Vec<String> {
    pairs.iter().map(|(name, _)| name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(digit: char) -> String {
        digit.to_string().repeat(40)
    }

    fn names(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[track_caller]
    fn check(branches: &str, default: &str, expected: Option<char>) {
        let lines = branches.split_whitespace().map(|branch| {
            let (name, rest) = branch.split_once('=').unwrap();
            let (digit, closed) = rest.split_at(1);
            let closed = if closed == "-" { "True" } else { "False" };
            format!("{} {closed} {name}\n", digit.repeat(40))
        });
        let branches: String = lines.collect();
        let names = Names::parse("", &branches, &format!("{default}\n")).unwrap();
        assert_eq!(names.default, expected.map(id), "{branches} {default}");
    }

    #[test]
    fn a_fresh_clone_stands_at_a_bookmark_or_the_default_branch_or_the_tip() {
        check("next=3 default=2", &format!("{} ", id('3')), Some('2'));
        check("next=3 default=2-", &format!("{} ", id('3')), Some('2'));
        check("next=3", &format!("{} ", id('3')), Some('3'));
        let both = format!("{} @\n{} ", id('1'), id('3'));
        check("next=3 default=2", &both, Some('1'));
        check("default=3", &format!("{} @", id('3')), Some('3'));
        check("", &format!("{} ", id('0')), None);
    }

    #[test]
    fn lists_keep_their_order_and_leave_out_what_is_closed_or_no_word() {
        let tags = format!("{} tip\n{} my tag\n{} v1.0\n", id('3'), id('2'), id('1'));
        let branches = format!("{0} False next\n{0} True old\n{0} False a b\n", id('3'));
        let parsed = Names::parse(&tags, &branches, &format!("{} ", id('3'))).unwrap();
        let shown: Vec<_> = parsed.tags.iter().map(|(name, _)| name.clone()).collect();
        assert_eq!(shown, names("tip v1.0"));
        let shown: Vec<_> = parsed
            .branches
            .iter()
            .map(|(name, _)| name.clone())
            .collect();
        assert_eq!(shown, names("next"));
        assert_eq!(Names::read(&parsed.write()), Some(parsed.clone()));
        let moved = format!("{} tip\n{} v1.0\n", id('4'), id('1'));
        let moved = Names::parse(&moved, &branches, &format!("{} ", id('3'))).unwrap();
        assert!(moved != parsed && !moved.tags_differ(&parsed));
        assert!(moved.tags_differ(&Names::default()));
    }

    #[test]
    fn what_is_no_list_is_refused() {
        for text in ["garbled", "tag x y", "tag", "default 1"] {
            assert_eq!(Names::read(text.as_bytes()), None, "{text}");
        }
        assert_eq!(Names::parse("x", "", ""), None);
    }
}
