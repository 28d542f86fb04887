//! Rows that the originals answered: `fixtures/semver.json` is chosen by hand, `fixtures/version`
//! random, from Masterminds/semver v1 as Glide has it and the `sort` of Go 1.19.

use std::cmp::Ordering;

use serde::Deserialize;

use super::super::{Constraint, ConstraintError, Version, newest_first, pick};
use crate::model::go_sort;

/// How a version is read.
#[derive(Deserialize)]
struct Parsed {
    #[serde(rename = "in")]
    text: String,
    #[serde(default)]
    error: bool,
    #[serde(default)]
    major: u64,
    #[serde(default)]
    minor: u64,
    #[serde(default)]
    patch: u64,
    #[serde(default)]
    pre: String,
    #[serde(default)]
    meta: String,
}

/// Which versions meet a range. `others` are known not to.
#[derive(Deserialize)]
struct Checked {
    constraint: String,
    #[serde(default)]
    error: bool,
    #[serde(default)]
    about: Option<String>,
    #[serde(default)]
    matches: Option<Vec<String>>,
    #[serde(default)]
    others: Vec<String>,
}

/// The order in which names are tried, and the first that meets the range; empty for none.
#[derive(Deserialize)]
struct Picked {
    names: Vec<String>,
    order: Vec<String>,
    constraint: String,
    pick: String,
}

/// How keys are sorted, by their places; `odd` where the comparison is not consistent.
#[derive(Deserialize)]
struct Sorted {
    keys: Vec<u32>,
    order: Vec<usize>,
    #[serde(default)]
    odd: bool,
}

#[derive(Deserialize)]
struct ByHand {
    versions: Vec<Parsed>,
    constraints: Vec<Checked>,
}

fn by_hand() -> ByHand {
    let text = include_str!("../../../fixtures/semver.json");
    serde_json::from_str(text).expect("the fixture is as above")
}

fn rows<'a, Row: Deserialize<'a>>(lines: &'a str) -> Vec<Row> {
    let rows: Vec<_> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}")))
        .collect();
    assert!(rows.len() >= 30, "the rows are there");
    rows
}

#[track_caller]
fn version(text: &str) -> Version {
    Version::parse(text).unwrap_or_else(|| panic!("{text:?} is a version"))
}

fn check_parsed(row: &Parsed) {
    let Some(version) = Version::parse(&row.text) else {
        assert!(row.error, "{:?} is a version", row.text);
        return;
    };
    assert!(!row.error, "{:?} is no version", row.text);
    assert_eq!(version.original(), row.text);
    let numbers = [version.major(), version.minor(), version.patch()];
    assert_eq!(numbers, [row.major, row.minor, row.patch], "{:?}", row.text);
    assert_eq!(version.prerelease(), row.pre);
    assert_eq!(version.is_prerelease(), !row.pre.is_empty());
    assert_eq!(version.metadata(), row.meta);
}

fn check_range(row: &Checked, others: &[&str]) {
    let Some(matches) = row.matches.as_ref().filter(|_| !row.error) else {
        let error = Constraint::parse(&row.constraint).expect_err(&row.constraint);
        if let (ConstraintError::Improper(text), Some(about)) = (&error, &row.about) {
            assert!(about == text || about == "constraint Parser Error");
        }
        return;
    };
    let range = super::constraint(&row.constraint);
    for text in others {
        let expected = matches.iter().any(|wanted| wanted == text);
        let found = range.matches(&version(text));
        assert_eq!(found, expected, "{:?} and {text:?}", row.constraint);
    }
}

#[test]
fn versions_chosen_by_hand_are_read_as_the_original_reads_them() {
    by_hand().versions.iter().for_each(check_parsed);
}

#[test]
fn random_versions_are_read_as_the_original_reads_them() {
    let rows: Vec<Parsed> = rows(include_str!("../../../fixtures/version/parse.jsonl"));
    rows.iter().for_each(check_parsed);
}

#[test]
fn ranges_chosen_by_hand_take_the_versions_that_the_original_takes() {
    let rows = by_hand();
    let good = rows.versions.iter().filter(|row| !row.error);
    let versions: Vec<_> = good.map(|row| row.text.as_str()).collect();
    assert_eq!((rows.constraints.len(), versions.len()), (100, 53));
    for row in &rows.constraints {
        check_range(row, &versions);
    }
}

#[test]
fn random_ranges_take_the_versions_that_the_original_takes() {
    let rows: Vec<Checked> = rows(include_str!("../../../fixtures/version/checks.jsonl"));
    for row in &rows {
        let matches = row.matches.iter().flatten();
        let all: Vec<_> = matches.chain(&row.others).map(String::as_str).collect();
        check_range(row, &all);
    }
}

#[test]
fn versions_compare_as_in_the_original() {
    let rows = include_str!("../../../fixtures/version/comparisons.jsonl");
    for (one, other, expected) in self::rows::<(String, String, i8)>(rows) {
        let found = version(&one).compare(&version(&other));
        assert_eq!(found, expected.cmp(&0), "{one} and {other}");
    }
    assert_eq!(version("1-1").compare(&version("1-01")), Ordering::Less);
    assert_eq!(version("1-01").compare(&version("1-1")), Ordering::Less);
}

#[test]
fn names_are_tried_in_the_order_in_which_glide_tries_them() {
    let rows: Vec<Picked> = rows(include_str!("../../../fixtures/version/picks.jsonl"));
    for row in &rows {
        let names = || row.names.iter().map(String::as_str);
        let sorted = newest_first(names()).into_iter();
        let order: Vec<_> = sorted.map(|(_, name)| name).collect();
        assert_eq!(order, row.order);
        let picked = pick(names(), &super::constraint(&row.constraint));
        assert_eq!(picked.unwrap_or_default(), row.pick);
    }
}

#[test]
fn equal_items_end_where_go_leaves_them() {
    let rows: Vec<Sorted> = rows(include_str!("../../../fixtures/version/sorts.jsonl"));
    for row in &rows {
        let mut places: Vec<_> = (0..row.keys.len()).collect();
        go_sort(&mut places, |one, other| {
            let (one, other) = (row.keys[*one], row.keys[*other]);
            let inconsistent = row.odd && one % 7 == 0 && other % 7 == 0 && one / 10 == other / 10;
            inconsistent || one < other
        });
        assert_eq!(places, row.order, "{:?}", row.keys);
    }
}
