//! Versions as the go command reads them: strings that begin with `v`, their order, and pseudo-versions,
//! which stand for commits.
//!
//! Answers to `golang.org/x/mod/semver` and `golang.org/x/mod/module`, not to Glide. Numbers may be
//! longer than any integer, so they are compared as they are written.

use std::cmp::Ordering;

/// A version, taken apart.
#[derive(Clone, Copy)]
struct Parts<'a> {
    numbers: [&'a str; 3],
    /// How many numbers are written; the others are zero.
    written: usize,
    /// Without its `-`; empty where there is none.
    prerelease: &'a str,
    /// With its `+`; empty where there is none.
    build: &'a str,
}

impl<'a> Parts<'a> {
    fn read(version: &'a str) -> Option<Self> {
        let rest = version.strip_prefix('v')?;
        let (rest, build) = match rest.find('+') {
            Some(at) => (&rest[..at], Some(&rest[at..])),
            None => (rest, None),
        };
        let (core, prerelease) = match rest.split_once('-') {
            Some((core, prerelease)) => (core, Some(prerelease)),
            None => (rest, None),
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
        let has_suffix = prerelease.is_some() || build.is_some();
        let is_bad = |part: &str| part.len() > 1 && part.starts_with('0') && is_number(part);
        let is_sound = (written == 3 || !has_suffix)
            && prerelease
                .is_none_or(|text| text.split('.').all(|part| is_word(part) && !is_bad(part)))
            && build.is_none_or(|text| text[1..].split('.').all(is_word));
        is_sound.then_some(Self {
            numbers,
            written,
            prerelease: prerelease.unwrap_or_default(),
            build: build.unwrap_or_default(),
        })
    }
}

/// Whether a text is digits and nothing else.
pub fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text can stand between the points of a pre-release.
pub fn is_word(text: &str) -> bool {
    let is_sound = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    !text.is_empty() && text.bytes().all(is_sound)
}

/// Whether the text is a version; `v1` and `v1.2` are, too.
pub fn is_valid(version: &str) -> bool {
    Parts::read(version).is_some()
}

/// The version with all three numbers and without what follows a `+`; `None` for what is none.
pub fn canonical(version: &str) -> Option<String> {
    let parts = Parts::read(version)?;
    let end = version.len() - parts.build.len();
    Some(version[..end].to_owned() + ["", ".0.0", ".0", ""][parts.written])
}

/// The major version with its `v`.
pub fn major(version: &str) -> Option<&str> {
    let parts = Parts::read(version)?;
    version.get(..=parts.numbers[0].len())
}

/// The pre-release without its `-`; empty for a release, and for what is no version.
pub fn prerelease(version: &str) -> &str {
    Parts::read(version).map_or("", |parts| parts.prerelease)
}

/// What a version has after the three numbers and the pre-release, with its `+`; empty where there
/// is nothing.
pub fn build(version: &str) -> &str {
    Parts::read(version).map_or("", |parts| parts.build)
}

/// The order of versions, which does not look behind a `+`; what is no version comes first.
pub fn compare(one: &str, other: &str) -> Ordering {
    match (Parts::read(one), Parts::read(other)) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Less,
        (Some(_), None) => Ordering::Greater,
        (Some(one), Some(other)) => {
            let pairs = one.numbers.iter().zip(other.numbers);
            pairs
                .map(|(one, other)| compare_numbers(one, other))
                .find(|order| order.is_ne())
                .unwrap_or_else(|| compare_prereleases(one.prerelease, other.prerelease))
        }
    }
}

/// The order of numbers of any length; zeros in front, which Go itself refuses, do not count.
pub fn compare_numbers(one: &str, other: &str) -> Ordering {
    let (one, other) = (one.trim_start_matches('0'), other.trim_start_matches('0'));
    one.len().cmp(&other.len()).then_with(|| one.cmp(other))
}

/// The order of pre-releases; an empty one, which is a release, comes last.
pub fn compare_prereleases(one: &str, other: &str) -> Ordering {
    match (one.is_empty(), other.is_empty()) {
        (true, true) => return Ordering::Equal,
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    let (mut ones, mut others) = (one.split('.'), other.split('.'));
    loop {
        let order = match (ones.next(), others.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(one), Some(other)) => match (is_number(one), is_number(other)) {
                (true, true) => compare_numbers(one, other),
                (true, false) => Ordering::Less,
                (false, true) => Ordering::Greater,
                (false, false) => one.cmp(other),
            },
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// Whether a version is one that stands for a commit: it ends in a time of 14 digits and the commit's
/// abbreviated id, after a base as the go command writes it for them.
pub fn is_pseudo(version: &str) -> bool {
    is_valid(version) && pseudo_tail(version).is_some()
}

/// The commit's abbreviated id in a pseudo-version.
pub fn pseudo_revision(version: &str) -> Option<&str> {
    let parts = Parts::read(version)?;
    let (_, revision) = pseudo_tail(version)?;
    revision.strip_suffix(parts.build)
}

/// The time in a pseudo-version, and what follows.
fn pseudo_tail(version: &str) -> Option<(&str, &str)> {
    let parts = Parts::read(version)?;
    if parts.written != 3 || parts.prerelease.is_empty() {
        return None;
    }
    let (before, revision) = parts.prerelease.rsplit_once('-')?;
    let start = before.rfind(['.', '-']).map_or(0, |at| at + 1);
    let (base, time) = before.split_at(start);
    // `vX.0.0-TIME`, `vX.Y.Z-0.TIME` or `vX.Y.Z-PRE.0.TIME`
    let is_first = base.is_empty() && parts.numbers[1..] == ["0", "0"];
    let is_sound = (is_first || base == "0." || base.ends_with(".0."))
        && time.len() == 14
        && is_number(time)
        && !revision.is_empty()
        && revision.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let at = version.len() - parts.build.len() - revision.len();
    is_sound.then_some((time, &version[at..]))
}

/// The pseudo-version of a commit: `base` is the highest version before it, `major` (`v2`; empty for
/// `v0`) counts where there is none, `seconds` is its committer's time since 1970, `id` its full id.
pub fn pseudo(major: &str, base: Option<&str>, seconds: i64, id: &str) -> String {
    let short = id.get(..12).unwrap_or(id);
    let segment = format!("{}-{short}", timestamp(seconds));
    let (build, base) = match base {
        None => ("", None),
        Some(base) => (build(base), canonical(base)),
    };
    let Some(base) = base else {
        let major = if major.is_empty() { "v0" } else { major };
        return format!("{major}.0.0-{segment}");
    };
    if !prerelease(&base).is_empty() {
        return format!("{base}.0.{segment}{build}");
    }
    let (front, patch) = base.rsplit_once('.').unwrap_or((&base, "0"));
    format!("{front}.{}-0.{segment}{build}", plus_one(patch))
}

/// The next number, however long it is.
fn plus_one(number: &str) -> String {
    let kept = number.trim_end_matches('9');
    let zeros = "0".repeat(number.len() - kept.len());
    match kept.as_bytes().split_last() {
        None => format!("1{zeros}"),
        Some((last, _)) => {
            let front = &kept[..kept.len() - 1];
            format!("{front}{}{zeros}", char::from(last + 1))
        }
    }
}

/// A time in UTC as pseudo-versions have it: `20060102150405`.
pub fn timestamp(seconds: i64) -> String {
    const DAY: i64 = 86_400;
    let (days, second) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
    let (year, month, day) = date(days);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}")
}

/// Year, month and day of a day counted from 1970-01-01, in the Gregorian calendar: years are counted
/// from March on, so that the day that is too many ends one.
fn date(days: i64) -> (i64, i64, i64) {
    const CENTURIES: i64 = 146_097; // days in 400 years
    let days = days + 719_468; // from 0000-03-01
    let (era, day) = (days.div_euclid(CENTURIES), days.rem_euclid(CENTURIES));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests;
