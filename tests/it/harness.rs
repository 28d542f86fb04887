//! The harness itself: a comparison that sees nothing would make every case pass.

use serde_json::json;

use crate::support::case::{differences, mask};

#[track_caller]
#[expect(
    clippy::needless_pass_by_value,
    reason = "tables read better without `&`"
)]
fn check(want: serde_json::Value, got: serde_json::Value, lines: &[&str]) {
    let (want, got) = (want.as_object().unwrap(), got.as_object().unwrap());
    assert_eq!(differences(want, got), lines);
}

#[test]
fn differences_are_told_one_a_line() {
    check(json!({"exit": 0}), json!({"exit": 0, "lock": "x"}), &[]);
    check(json!({"exit": 1}), json!({"exit": 3}), &[]);
    check(
        json!({"exit": 1}),
        json!({"exit": 0}),
        &["exit: want 1, got 0"],
    );
    check(
        json!({"exit": 1}),
        json!({"exit": "timeout"}),
        &["exit: want 1, got \"timeout\""],
    );
    check(
        json!({"exit": 1}),
        json!({"exit": 101}),
        &["exit: want 1, got 101"],
    );
    check(
        json!({"lock": null}),
        json!({"lock": "a"}),
        &["lock: want null, got \"a\""],
    );
    check(
        json!({"lock": "a\nb\n"}),
        json!({"lock": "a\nc\n"}),
        &["lock: line 2: want Some(\"b\"), got Some(\"c\")"],
    );
    check(
        json!({"vendor": {"a": "644 x", "b": "644 y"}}),
        json!({"vendor": {"a": "755 x", "c": "644 y"}}),
        &[
            "vendor: a: want \"644 x\", got \"755 x\"",
            "vendor: b: want \"644 y\", got nothing",
            "vendor: c: want nothing, got \"644 y\"",
        ],
    );
    check(
        json!({}),
        json!({"yaml": "x"}),
        &["yaml: glide.yaml was changed"],
    );
    check(
        json!({"contains": {"lock": ["b"]}, "lacks": {"lock": ["a"]}}),
        json!({"lock": "a"}),
        &[
            "lock: contains \"b\" does not hold",
            "lock: lacks \"a\" does not hold",
        ],
    );
}

#[test]
fn the_time_in_a_lock_is_masked() {
    assert_eq!(
        mask("hash: x\nupdated: 2020\nimports: []\n"),
        "hash: x\nupdated: MASKED\nimports: []\n"
    );
}
