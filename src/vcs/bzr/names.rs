//! The names of a branch: what `bzr` prints, what is remembered of it, and what may be asked.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::Error;
use super::branch::Branch;
use super::revision::{self, FromEnd};
use crate::vcs::CommitNote;
use crate::vcs::external::Refs;

/// The newest revision and the tags, at one time.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Names {
    /// Number and id; `None` where there is no revision at all.
    tip: Option<(u64, String)>,
    /// Name and number, in the order of `bzr tags`.
    tags: Vec<(String, String)>,
}

impl Names {
    /// Reads what `bzr revision-info` and `bzr tags` print. Tags with white space, of which Glide sees
    /// the first word, are passed over, and those of revisions that the branch does not have: neither
    /// can be a version.
    pub(super) fn parse(tip: &str, tags: &str) -> Option<Self> {
        let (number, id) = tip.trim_end().split_once(' ')?;
        let number: u64 = number.parse().ok()?;
        let pairs = tags.lines().filter_map(|line| {
            let mut words = line.split_whitespace();
            let (name, number, rest) = (words.next()?, words.next()?, words.next());
            let number = revision::number(number).filter(|_| rest.is_none())?;
            line.starts_with(name).then(|| (name.to_owned(), number))
        });
        Some(Self {
            tip: (number > 0).then(|| (number, id.to_owned())),
            tags: pairs.collect(),
        })
    }

    /// The newest revision's number.
    pub(super) fn tip(&self) -> Option<u64> {
        self.tip.as_ref().map(|(number, _)| *number)
    }

    /// The newest revision's number and id.
    pub(super) fn tip_and_id(&self) -> Option<(u64, &str)> {
        self.tip.as_ref().map(|(number, id)| (*number, id.as_str()))
    }

    /// Whether there is a revision of that number.
    pub(super) fn has(&self, number: u64) -> bool {
        (1..=self.tip().unwrap_or(0)).contains(&number)
    }

    /// The number of a revision that is counted from the end.
    pub(super) fn counted_back(&self, place: FromEnd) -> Option<u64> {
        let tip = self.tip()?;
        match tip.checked_sub(place.count - 1) {
            Some(number) if number > 0 => Some(number),
            _ => place.is_clamped.then_some(1),
        }
    }

    /// The number of the revision that a tag stands for.
    pub(super) fn tag(&self, name: &str) -> Option<&str> {
        let found = self.tags.iter().find(|(tag, _)| tag == name);
        found.map(|(_, number)| number.as_str())
    }

    /// As text: `tip NUMBER ID` and `tag NUMBER NAME`, a line each.
    pub(super) fn write(&self) -> Vec<u8> {
        let tip = self.tip.iter();
        let tip = tip.map(|(number, id)| format!("tip {number} {id}\n"));
        let tags = self.tags.iter();
        let tags = tags.map(|(name, number)| format!("tag {number} {name}\n"));
        tip.chain(tags).collect::<String>().into_bytes()
    }

    /// Reads what [`Names::write`] wrote.
    pub(super) fn read(text: &[u8]) -> Option<Self> {
        let mut names = Self::default();
        for line in std::str::from_utf8(text).ok()?.lines() {
            let mut words = line.splitn(3, ' ');
            let (kind, number, name) = (words.next()?, words.next()?, words.next()?);
            match kind {
                "tip" => names.tip = Some((number.parse().ok()?, name.to_owned())),
                "tag" => names.tags.push((name.to_owned(), number.to_owned())),
                _ => return None,
            }
        }
        Some(names)
    }
}

/// The names that a remote has, and what they stand for.
#[derive(Debug)]
pub(super) struct BranchRefs {
    branch: Branch,
    names: Names,
    default: Option<String>,
    /// What was asked already; starting `bzr` takes a tenth of a second.
    asked: Mutex<HashMap<String, Option<String>>>,
}

impl BranchRefs {
    pub(super) fn new(branch: Branch, names: Names) -> Self {
        Self {
            branch,
            default: names.tip().map(|number| number.to_string()),
            names,
            asked: Mutex::default(),
        }
    }
}

impl Refs for BranchRefs {
    fn default_commit(&self) -> Option<&str> {
        self.default.as_deref()
    }

    fn tags(&self) -> Vec<String> {
        let tags = self.names.tags.iter();
        tags.map(|(name, _)| name.clone()).collect()
    }

    fn tags_of(&self, commit: &str) -> Vec<String> {
        let tags = self.names.tags.iter();
        let tags = tags.filter(|(_, number)| number == commit);
        tags.map(|(name, _)| name.clone()).collect()
    }

    /// The number of the revision that a number, tag, id or date stands for.
    fn commit(&self, name: &str) -> Result<Option<String>, Error> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = asked.get(name) {
            return Ok(known.clone());
        }
        let _reading = self.branch.place.lock_shared()?;
        let found = self.branch.find(&self.names, name)?;
        asked.insert(name.to_owned(), found.clone());
        Ok(found)
    }

    fn describe(&self, name: &str) -> Result<Option<CommitNote>, Error> {
        let _reading = self.branch.place.lock_shared()?;
        self.branch.describe(&self.names, name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_keep_their_order_and_leave_out_what_can_be_no_version() {
        let tags = "v1.10.0             3\nv1.2.0              1.1.2\nfar away            2\n\
            gone                ?\nlost                ???\na\nb                   1\n      2\n";
        let names = Names::parse("3 me@h-1\n", tags).unwrap();
        let shown: Vec<_> = names.tags.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(shown, ["v1.10.0", "v1.2.0", "b"]);
        assert_eq!(names.tag("v1.2.0"), Some("1.1.2"));
        assert_eq!(names.tip_and_id(), Some((3, "me@h-1")));
        assert_eq!(Names::read(&names.write()), Some(names));
    }

    #[test]
    fn an_empty_branch_has_nothing() {
        let names = Names::parse("0 null:\n", "").unwrap();
        assert_eq!(names, Names::default());
        let from_end = |count| FromEnd {
            count,
            is_clamped: true,
        };
        assert_eq!(
            (names.has(0), names.counted_back(from_end(1))),
            (false, None)
        );
        assert_eq!(Names::read(&names.write()), Some(names));
    }

    #[test]
    fn places_from_the_end_are_numbers() {
        let names = Names::parse("3 x\n", "").unwrap();
        for (count, is_clamped, expected) in [
            (1, false, Some(3)),
            (3, false, Some(1)),
            (4, false, None),
            (4, true, Some(1)),
            (u64::MAX, true, Some(1)),
        ] {
            assert_eq!(names.counted_back(FromEnd { count, is_clamped }), expected);
        }
    }

    #[test]
    fn what_is_no_list_is_refused() {
        for text in ["garbled", "tag x", "tip x y", "other 1 x"] {
            assert_eq!(Names::read(text.as_bytes()), None, "{text}");
        }
        for tip in ["", "x", "x y", "?"] {
            assert_eq!(Names::parse(tip, ""), None, "{tip}");
        }
    }
}
