//! What Masterminds/semver and Go's sort answered, row by row; and what is told in words.

mod answers;
mod properties;

use super::{Constraint, ConstraintError, Version, nearest, pick};
use crate::error::Classify as _;

#[track_caller]
fn constraint(text: &str) -> Constraint {
    Constraint::parse(text).unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

#[track_caller]
fn check_pick(names: &[&str], range: &str, expected: Option<&str>) {
    let picked = pick(names.iter().copied(), &constraint(range));
    assert_eq!(picked, expected, "{range:?} of {names:?}");
}

#[test]
fn the_highest_name_that_meets_the_range_is_picked() {
    let names = ["develop", "1.9.0", "v1.10.0", "v1.2.0", "v2.0.0-rc.1"];
    check_pick(&names, "^1.0.0", Some("v1.10.0"));
    check_pick(&names, "^1.0.0, < 1.10", Some("1.9.0"));
    check_pick(&names, "~1.2.0 || ~1.3", Some("v1.2.0"));
    check_pick(&names, ">= 2.0.0", None);
    check_pick(&names, ">= 2.0.0-0", Some("v2.0.0-rc.1"));
    check_pick(&names, "1.2 - 1.9.5", Some("1.9.0"));
    check_pick(&[], "*", None);
}

#[test]
fn of_few_spellings_of_one_version_the_first_is_picked() {
    check_pick(&["1.0", "1.0.0", "v1", "v1.0.0"], "^1", Some("1.0"));
    check_pick(&["v1", "1.0", "1.0.0"], "^1", Some("v1"));
    check_pick(&["0.1", "1.0.0+b", "1.0.0+a"], "^1", Some("1.0.0+b"));
}

#[test]
fn a_hyphen_range_swallows_bars_beside_it() {
    let range = constraint("1||2.1.0 - 3");
    let check = |version, expected| {
        let version = Version::parse(version).unwrap();
        assert_eq!(range.matches(&version), expected, "{version:?}");
    };
    // As if it were `>= 1 || 2.1.0, <= 3`.
    check("1.5.0", true);
    check("2.5.0", true);
    check("9.0.0", true);
    check("0.5.0", false);
}

#[track_caller]
fn check_error(text: &str, message: &str, hints: usize) {
    let error = Constraint::parse(text).expect_err("no range");
    assert_eq!(error.to_string(), message);
    assert_eq!(error.hints().len(), hints);
}

#[test]
fn what_is_no_range_is_named() {
    check_error(">=1.0 <2.0", "improper constraint: >=1.0 <2.0", 1);
    check_error("^1, master", "improper constraint:  master", 1);
    check_error("^1 ||", "improper constraint: ", 1);
    let too_large = "improper constraint: ^9223372036854775808: a number is too large";
    check_error("^9223372036854775808", too_large, 0);
}

#[test]
fn a_range_beyond_all_measure_is_refused() {
    let long = format!("{}-1 - 1", "1-".repeat(1 << 20));
    let error = Constraint::parse(&long).expect_err("too long");
    assert_eq!(error, ConstraintError::TooLong(long.len()));
    assert!(Constraint::parse(&"^1||".repeat(1000)[..3998]).is_ok());
}

#[track_caller]
fn check_nearest(names: &[&str], range: &str, expected: &[&str]) {
    let found = nearest(names.iter().copied(), &constraint(range), 3);
    assert_eq!(found, expected, "{range:?} of {names:?}");
}

#[test]
fn the_nearest_names_are_the_newest_of_those_beside_the_range() {
    let names = [
        "master", "v0.9.0", "v1.0.0", "v1.1.0", "v1.2.0", "v2.0.0", "v3.0.0",
    ];
    check_nearest(&names, "^1.4.0", &["v1.2.0", "v1.1.0", "v1.0.0"]);
    check_nearest(&names, "^4", &["v3.0.0", "v2.0.0", "v1.2.0"]);
    check_nearest(&names, "1.0.5", &["v1.2.0", "v1.1.0", "v1.0.0"]);
    check_nearest(&["v2", "2.0.0", "v2.1.0-rc"], "^2.1", &["v2.1.0-rc", "v2"]);
    check_nearest(&["master"], "^1", &[]);
}
