//! A single version.

use std::cmp::Ordering;

use super::grammar::Parts;
use super::prerelease;

/// A version as Glide reads it: `v1`, `1.2`, `01.2.3-rc.1+build` are versions, `V1` and `1.2.3.4` not.
#[derive(Clone, Debug)]
pub struct Version {
    original: String,
    /// All of it, save for a pre-release that the crate would refuse or order otherwise.
    plain: semver::Version,
    /// Such a pre-release.
    odd_prerelease: Option<String>,
}

/// Why digits and what stands in their place are no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NumberError {
    /// There is something else than digits.
    NotDigits,
    /// Go's `int64` cannot hold it.
    TooLarge,
}

impl Version {
    /// Reads a version, if `text` is one.
    pub fn parse(text: &str) -> Option<Self> {
        let (parts, rest) = Parts::cut(text, |byte| byte.is_ascii_digit())?;
        if !rest.is_empty() {
            return None;
        }
        Self::from_parts(text, &parts).ok()
    }

    /// The version made of `parts`, where absent numbers are 0, that is spelled `original`.
    pub(super) fn from_parts(original: &str, parts: &Parts<'_>) -> Result<Self, NumberError> {
        let [major, minor, patch] = parts.numbers;
        let mut plain = semver::Version::new(number(major)?, number(minor)?, number(patch)?);
        plain.build = semver::BuildMetadata::new(parts.metadata).unwrap_or_default();
        let text = parts.prerelease;
        let ordinary = prerelease::is_ordinary(text).then(|| semver::Prerelease::new(text).ok());
        let odd_prerelease = match ordinary.flatten() {
            Some(ordinary) => {
                plain.pre = ordinary;
                None
            }
            None => (!text.is_empty()).then(|| text.to_owned()),
        };
        Ok(Self {
            original: original.to_owned(),
            plain,
            odd_prerelease,
        })
    }

    /// The version as it was spelled.
    pub fn original(&self) -> &str {
        &self.original
    }

    /// The first number.
    pub fn major(&self) -> u64 {
        self.plain.major
    }

    /// The second number, 0 where it is not given.
    pub fn minor(&self) -> u64 {
        self.plain.minor
    }

    /// The third number, 0 where it is not given.
    pub fn patch(&self) -> u64 {
        self.plain.patch
    }

    /// What follows the hyphen; empty if there is none.
    pub fn prerelease(&self) -> &str {
        let plain = self.plain.pre.as_str();
        self.odd_prerelease.as_deref().unwrap_or(plain)
    }

    /// What follows the plus sign; empty if there is none.
    pub fn metadata(&self) -> &str {
        self.plain.build.as_str()
    }

    /// The version in full, without a `v` before it.
    pub fn canonical(&self) -> String {
        let [major, minor, patch] = self.numbers();
        let mut text = format!("{major}.{minor}.{patch}");
        for (sign, rest) in [('-', self.prerelease()), ('+', self.metadata())] {
            if !rest.is_empty() {
                text.push(sign);
                text.push_str(rest);
            }
        }
        text
    }

    /// Whether there is a pre-release.
    pub fn is_prerelease(&self) -> bool {
        !self.prerelease().is_empty()
    }

    /// Compares two versions; spelling and metadata do not count.
    ///
    /// Not an order, hence no `Ord`: of `1.0.0-1` and `1.0.0-01` each is less than the other.
    pub fn compare(&self, other: &Self) -> Ordering {
        if self.odd_prerelease.is_none() && other.odd_prerelease.is_none() {
            return self.plain.cmp_precedence(&other.plain);
        }
        let by_number = self.numbers().cmp(&other.numbers());
        by_number.then_with(|| prerelease::compare(self.prerelease(), other.prerelease()))
    }

    /// Major, minor and patch.
    pub(super) fn numbers(&self) -> [u64; 3] {
        [self.major(), self.minor(), self.patch()]
    }
}

fn number(digits: &str) -> Result<u64, NumberError> {
    if digits.bytes().any(|byte| !byte.is_ascii_digit()) {
        return Err(NumberError::NotDigits);
    }
    if digits.is_empty() {
        return Ok(0);
    }
    let number: i64 = digits.parse().map_err(|_| NumberError::TooLarge)?;
    Ok(number.unsigned_abs())
}
