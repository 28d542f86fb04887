//! Records and what their ranges mean.

use std::sync::Arc;

use super::super::ranges::{Facts, How, Verdict, judge};
use super::super::record::Record;
use crate::audit::Sketch;
use crate::audit::history::History;

/// A record with one affected entry, whose inside is given.
fn record(affected: &str) -> Result<Record, String> {
    let package = r#""package": {"ecosystem": "Go", "name": "example.com/m"}"#;
    let text = format!(r#"{{"id": "X-1", "affected": [{{{package}, {affected}}}]}}"#);
    Record::parse(text.as_bytes())
}

fn semver(events: &str) -> String {
    format!(r#""ranges": [{{"type": "SEMVER", "events": [{events}]}}]"#)
}

#[track_caller]
fn check(affected: &str, version: &str, expected: bool) {
    let record = record(affected).unwrap();
    let facts = Facts {
        version: Some(version),
        is_release: true,
        ..Facts::default()
    };
    let verdict = judge(&record.affected[0], &facts);
    assert_eq!(
        matches!(verdict, Verdict::Affected(_)),
        expected,
        "{version}: {verdict:?}"
    );
}

#[test]
fn events_count_in_the_order_of_versions() {
    let range = semver(
        r#"{"fixed": "1.2.0"}, {"introduced": "2.0.0"}, {"fixed": "2.1.0"}, {"introduced": "1.0.0"}"#,
    );
    check(&range, "0.9.0", false);
    check(&range, "1.0.0-rc.1", false);
    check(&range, "1.0.0", true);
    check(&range, "1.2.0-rc.1", true);
    check(&range, "1.2.0", false);
    check(&range, "1.9.0", false);
    check(&range, "2.0.5+incompatible", true);
    check(&range, "2.1.0", false);
}

#[test]
fn a_last_affected_version_is_affected() {
    let range = semver(r#"{"introduced": "0"}, {"last_affected": "1.2.3"}"#);
    check(&range, "0.0.0-20150101000000-aaaaaaaaaaaa", true);
    check(&range, "1.2.3", true);
    check(&range, "1.2.4-0.20200124225646-8b5121be2f68", false);
}

#[test]
fn a_limit_bounds_what_is_looked_at() {
    let range = semver(r#"{"introduced": "1.0.0"}, {"limit": "1.5.0"}"#);
    check(&range, "1.4.9", true);
    check(&range, "1.5.0", false);
    let range = semver(r#"{"introduced": "1.0.0"}, {"limit": "*"}"#);
    check(&range, "99.0.0", true);
}

#[test]
fn without_ranges_and_versions_all_are_affected() {
    check(r#""ranges": [], "versions": null"#, "1.0.0", true);
    check(r#""ranges": null"#, "1.0.0", true);
}

#[test]
fn listed_versions_are_affected() {
    let listed = r#""versions": ["1.0.0", "v1.1.0"], "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}]"#;
    check(listed, "1.0.0", true);
    check(listed, "1.1.0", true);
    check(listed, "1.2.0", false);
    let both = r#""versions": ["3.0.0"], "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "2.0.0"}]}]"#;
    check(both, "3.0.0", true);
    check(both, "2.0.0", false);
}

/// `r` the root, `b` brings the fault, `f` mends it, `t` is the tip; `s` is a side branch from `b`.
fn history() -> Arc<dyn History> {
    let commit = |id: &str, parents: &[&str]| {
        let parents = parents.iter().map(|parent| (*parent).to_owned());
        (id.to_owned(), 0, parents.collect())
    };
    Arc::new(Sketch {
        commits: vec![
            commit("r", &[]),
            commit("b", &["r"]),
            commit("c", &["b"]),
            commit("f", &["c"]),
            commit("t", &["f"]),
            commit("s", &["b"]),
        ],
        branches: vec![
            ("main".to_owned(), "t".to_owned()),
            ("side".to_owned(), "s".to_owned()),
        ],
        ..Sketch::default()
    })
}

#[track_caller]
fn check_git(events: &str, commit: &str, expected: Option<bool>) {
    let range =
        format!(r#""ranges": [{{"type": "GIT", "repo": "https://x/y", "events": [{events}]}}]"#);
    let record = record(&range).unwrap();
    let history = history();
    let facts = Facts {
        commit,
        history: Some(&*history),
        ..Facts::default()
    };
    let found = match judge(&record.affected[0], &facts) {
        Verdict::Affected(how) => {
            assert_eq!(how, How::Ancestry);
            Some(true)
        }
        Verdict::Spared => Some(false),
        Verdict::Unknown(_) => None,
    };
    assert_eq!(found, expected, "{commit}");
}

#[test]
fn commits_are_judged_by_their_ancestors() {
    let range = r#"{"introduced": "b"}, {"fixed": "f"}"#;
    for (commit, expected) in [
        ("r", Some(false)),
        ("b", Some(true)),
        ("c", Some(true)),
        ("f", Some(false)),
        ("t", Some(false)),
        ("s", Some(true)),
        ("elsewhere", None),
    ] {
        check_git(range, commit, expected);
    }
    check_git(r#"{"introduced": "0"}, {"fixed": "f"}"#, "r", Some(true));
    check_git(
        r#"{"introduced": "0"}, {"last_affected": "c"}"#,
        "c",
        Some(true),
    );
    check_git(
        r#"{"introduced": "0"}, {"last_affected": "c"}"#,
        "f",
        Some(false),
    );
    check_git(r#"{"introduced": "b"}, {"limit": "f"}"#, "s", Some(false));
    check_git(r#"{"introduced": "b"}, {"limit": "f"}"#, "c", Some(true));
    // Brought back after it was mended.
    check_git(
        r#"{"introduced": "b"}, {"fixed": "c"}, {"introduced": "f"}"#,
        "t",
        Some(true),
    );
    check_git(r#"{"introduced": "of-a-fork"}, {"fixed": "f"}"#, "c", None);
}

#[test]
fn what_is_known_without_history_are_the_commits_that_are_named() {
    let range = r#""ranges": [{"type": "GIT", "repo": "x", "events": [{"introduced": "b"}, {"fixed": "f"}]}]"#;
    let record = record(range).unwrap();
    for (commit, expected) in [("b", Some(true)), ("f", Some(false)), ("c", None)] {
        let facts = Facts {
            commit,
            ..Facts::default()
        };
        let found = match judge(&record.affected[0], &facts) {
            Verdict::Affected(_) => Some(true),
            Verdict::Spared => Some(false),
            Verdict::Unknown(_) => None,
        };
        assert_eq!(found, expected, "{commit}");
    }
}

#[track_caller]
fn check_refused(affected: &str, expected: &str) {
    let error = record(affected).unwrap_err();
    assert!(error.contains(expected), "{error}");
}

#[test]
fn what_decides_must_be_understood() {
    check_refused(&semver(r#"{"introduced": "1.x"}"#), "`1.x` is no version");
    check_refused(
        &semver(r#"{"introduced": "0"}, {"repaired": "1"}"#),
        "repaired",
    );
    check_refused(
        &semver(r#"{"introduced": "0", "fixed": "1.0.0"}"#),
        "not one thing",
    );
    check_refused(&semver(r#"{"introduced": "0"}, {}"#), "not one thing");
    check_refused(&semver(r#"{"fixed": "1.0.0"}"#), "where it begins");
    check_refused(&semver(""), "where it begins");
    check_refused(
        r#""ranges": [{"type": "MOON", "events": [{"introduced": "0"}]}]"#,
        "`MOON` is no known kind",
    );
    check_refused(r#""ranges": {}"#, "expected a sequence");
    check_refused(&semver(r#"{"introduced": 0}"#), "expected a string");
}

#[test]
fn what_decides_nothing_may_be_anything() {
    let text = r#"{"id": "X-1", "schema_version": "9", "new": {"a": [1]}, "aliases": null, "summary": " a\n\u001b[31m  b ",
        "withdrawn": null, "affected": [{"package": {"ecosystem": "npm", "name": "x"},
        "ranges": [{"type": "MOON", "events": []}]}]}"#;
    let record = Record::parse(text.as_bytes()).unwrap();
    assert_eq!(record.summary, "a [31m b");
    assert!(record.affected.is_empty() && !record.is_withdrawn);
    let withdrawn = r#"{"id": "X-2", "withdrawn": "2024-01-01T00:00:00Z", "affected": [{"package":
        {"ecosystem": "Go", "name": "x"}, "ranges": [{"type": "MOON", "events": []}]}]}"#;
    assert!(Record::parse(withdrawn.as_bytes()).unwrap().is_withdrawn);
}
