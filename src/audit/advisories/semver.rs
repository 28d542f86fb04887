//! The order of Go's versions, written without their `v`.
//!
//! Unlike [`crate::version::go`], whose order this is, it takes what databases and old tags write:
//! no `v`, numbers left out, zeros in front of those of a pre-release.

use std::cmp::Ordering;

use crate::version::go::{compare_numbers, compare_prereleases, is_number, is_word};

/// A version, taken apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Semver<'a> {
    numbers: [&'a str; 3],
    /// Empty where there is none.
    prerelease: &'a str,
}

impl<'a> Semver<'a> {
    /// Reads `1.2.3`, `1.2.3-rc.1+incompatible`, also with a `v` before it; numbers that are left out
    /// are zero.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let (text, build) = match text.split_once('+') {
            Some((text, build)) => (text, Some(build)),
            None => (text, None),
        };
        let (core, prerelease) = match text.split_once('-') {
            Some((core, prerelease)) => (core, Some(prerelease)),
            None => (text, None),
        };
        let mut numbers = ["0"; 3];
        let mut written = 0;
        for number in core.split('.') {
            *numbers.get_mut(written)? = number;
            written += 1;
            let is_padded = number.len() > 1 && number.starts_with('0');
            if !is_number(number) || is_padded {
                return None;
            }
        }
        let suffixes_are_sound = prerelease.is_none_or(|text| text.split('.').all(is_word))
            && build.is_none_or(|text| text.split('.').all(is_word))
            && (written == 3 || prerelease.or(build).is_none());
        suffixes_are_sound.then_some(Self {
            numbers,
            prerelease: prerelease.unwrap_or_default(),
        })
    }

    /// The first number.
    pub(super) fn major(&self) -> &'a str {
        self.numbers[0]
    }

    /// The version in full, without a `v` and without what follows a `+`.
    pub(super) fn canonical(&self) -> String {
        let mut text = self.numbers.join(".");
        if !self.prerelease.is_empty() {
            text.push('-');
            text.push_str(self.prerelease);
        }
        text
    }

    /// The abbreviated commit id, where the version is one that stands for a commit.
    pub(super) fn commit(&self) -> Option<&'a str> {
        let (before, commit) = self.prerelease.rsplit_once('-')?;
        let time = before.rsplit(['.', '-']).next()?;
        let is_hex = commit.bytes().all(|byte| byte.is_ascii_hexdigit());
        (is_hex && commit.len() == 12 && time.len() == 14 && is_number(time)).then_some(commit)
    }

    /// Which of two versions is the later.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        let pairs = self.numbers.iter().zip(other.numbers);
        pairs
            .map(|(one, other)| compare_numbers(one, other))
            .find(|order| order.is_ne())
            .unwrap_or_else(|| compare_prereleases(self.prerelease, other.prerelease))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_stand_in_gos_order() {
        let ascending = [
            "0.0.0-20180101000000-aaaaaaaaaaaa",
            "0.0.0-20200124225646-8b5121be2f68",
            "0.0.0",
            "0.1.0-0",
            "0.1.0-0.20200124225646-8b5121be2f68",
            "0.1.0-2",
            "0.1.0-10",
            "0.1.0-alpha",
            "0.1.0-alpha.0.20200124225646-8b5121be2f68",
            "0.1.0-alpha.1",
            "0.1.0-beta",
            "0.1.0",
            "0.1.1-0.20200124225646-8b5121be2f68",
            "0.1.1",
            "0.9.0",
            "0.10.0",
            "2.0.0+incompatible",
            "18446744073709551616.0.0",
            "28446744073709551616.0.0",
        ];
        for (at, one) in ascending.iter().enumerate() {
            for (other_at, other) in ascending.iter().enumerate() {
                let (one, other) = (Semver::parse(one).unwrap(), Semver::parse(other).unwrap());
                assert_eq!(one.compare(&other), at.cmp(&other_at), "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn what_is_no_version_is_none() {
        for text in [
            "",
            "v",
            "V1.0.0",
            "1.2.3.4",
            "1.02.3",
            "1.2-rc",
            "1.2.3-",
            "1.2.3+",
            "x",
            "1..2",
            "-1",
            "1.2.3-a..b",
            "1.2.3 ",
            "1.2.3-é",
        ] {
            assert!(Semver::parse(text).is_none(), "{text}");
        }
    }

    #[track_caller]
    fn check_commit(version: &str, expected: Option<&str>) {
        assert_eq!(Semver::parse(version).unwrap().commit(), expected);
    }

    #[test]
    fn a_pseudo_version_names_its_commit() {
        check_commit("0.0.0-20200124225646-8b5121be2f68", Some("8b5121be2f68"));
        check_commit("1.2.4-0.20200124225646-8b5121be2f68", Some("8b5121be2f68"));
        check_commit(
            "1.2.3-pre.0.20200124225646-8b5121be2f68+incompatible",
            Some("8b5121be2f68"),
        );
        check_commit("1.2.3-8b5121be2f68", None);
        check_commit("1.2.3", None);
    }
}
