//! The order of pre-releases.

use std::cmp::Ordering;

/// Whether the `semver` crate takes a pre-release, and orders it, as Masterminds does.
///
/// It does not for numbers with a sign, leading zeros, or more than 64 bits.
pub(super) fn is_ordinary(text: &str) -> bool {
    text.split('.').all(|part| match part.parse::<i64>() {
        Ok(number) => number >= 0 && number.to_string() == part,
        Err(_) => part.bytes().any(|byte| !byte.is_ascii_digit()),
    })
}

/// Compares two pre-releases; the empty one, which is none, is the highest.
///
/// Not an order: of two spellings of one number (`1`, `01`) each comes before the other.
pub(super) fn compare(one: &str, other: &str) -> Ordering {
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
            (Some(one), Some(other)) => compare_parts(one, other),
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// Numbers come before words; a number too large for 64 bits is a word.
fn compare_parts(one: &str, other: &str) -> Ordering {
    if one == other {
        return Ordering::Equal;
    }
    match (one.parse::<i64>(), other.parse::<i64>()) {
        (Ok(one), Ok(other)) if one > other => Ordering::Greater,
        (Ok(_), _) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) => one.cmp(other),
    }
}
