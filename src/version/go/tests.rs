//! The order of versions, and the forms of pseudo-versions.

use std::cmp::Ordering;

use super::*;

/// Lowest first; those on a line are equal.
const ORDER: &[&[&str]] = &[
    &[
        "",
        "x",
        "1.0.0",
        "v",
        "v1.",
        "v01.0.0",
        "v1-pre",
        "v1.2+meta",
        "v1.2.3.4",
        "v1.0.0-",
        "v1.0.0-01",
    ],
    &["v0", "v0.0.0"],
    &["v1.0.0-1"],
    &["v1.0.0-2"],
    &["v1.0.0-10"],
    &["v1.0.0-99999999999999999999999"],
    &["v1.0.0-0a", "v1.0.0-0a+b"],
    &["v1.0.0-alpha"],
    &["v1.0.0-alpha.1"],
    &["v1.0.0-alpha.beta"],
    &["v1.0.0-beta"],
    &["v1.0.0-beta.2"],
    &["v1.0.0-beta.11"],
    &["v1.0.0-rc.1"],
    &["v1", "v1.0", "v1.0.0", "v1.0.0+meta", "v1.0.0+incompatible"],
    &["v1.0.1-0.20060102150405-abcdefabcdef"],
    &["v1.0.1-0.20070102150405-abcdefabcdef"],
    &["v1.0.1-pre"],
    &["v1.0.1-pre.0.20060102150405-abcdefabcdef"],
    &["v1.0.1-pre.1"],
    &["v1.0.1"],
    &["v1.2", "v1.2.0"],
    &["v1.10.0"],
    &["v2.0.0-20060102150405-abcdefabcdef"],
    &["v2.0.0+incompatible"],
    &["v18446744073709551616.0.0"],
];

#[test]
fn versions_are_ordered_as_the_go_command_orders_them() {
    let placed = ORDER.iter().enumerate();
    let all: Vec<_> = placed
        .flat_map(|(at, line)| line.iter().map(move |text| (at, *text)))
        .collect();
    for (at, one) in &all {
        assert_eq!(is_valid(one), *at > 0, "{one}");
        for (other_at, other) in &all {
            let expected: Ordering = at.cmp(other_at);
            assert_eq!(compare(one, other), expected, "{one} {other}");
        }
    }
}

#[test]
fn parts_of_versions() {
    let check = |version: &str, expected: [&str; 4]| {
        let canonical = canonical(version).unwrap_or_default();
        let major = major(version).unwrap_or_default();
        let found = [
            canonical.as_str(),
            major,
            prerelease(version),
            build(version),
        ];
        assert_eq!(found, expected, "{version}");
    };
    check("v1", ["v1.0.0", "v1", "", ""]);
    check("v1.2", ["v1.2.0", "v1", "", ""]);
    check("v12.2.3", ["v12.2.3", "v12", "", ""]);
    check(
        "v1.2.3-a.b-c+d-e.f",
        ["v1.2.3-a.b-c", "v1", "a.b-c", "+d-e.f"],
    );
    check("v2.0.0+incompatible", ["v2.0.0", "v2", "", "+incompatible"]);
    for none in [
        "1.2.3",
        "v1.2.x",
        "v1.2.3+",
        "v1.2.3-a..b",
        "v1.2.3-a_b",
        "v1.2.3 ",
        "v-1.0.0",
    ] {
        check(none, ["", "", "", ""]);
    }
}

#[test]
fn pseudo_versions_are_told_from_others() {
    // Those of https://go.dev/ref/mod#pseudo-versions, and real ones.
    for (version, revision) in [
        ("v0.0.0-20191109021931-daa7c04131f5", "daa7c04131f5"),
        ("v1.2.4-0.20191109021931-daa7c04131f5", "daa7c04131f5"),
        ("v1.2.3-pre.0.20191109021931-daa7c04131f5", "daa7c04131f5"),
        (
            "v2.2.4-0.20191109021931-daa7c04131f5+incompatible",
            "daa7c04131f5",
        ),
        ("v10.0.0-20191109021931-daa7c04131f5", "daa7c04131f5"),
        ("v1.2.3-a-b.0.20191109021931-daa7c04131f5", "daa7c04131f5"),
    ] {
        assert!(is_pseudo(version), "{version}");
        assert_eq!(pseudo_revision(version), Some(revision));
    }
    for other in [
        "v1.2.3",
        "v1.2.3-20191109021931-daa7c04131f5",
        "v1.0.0-2019110902193-daa7c04131f5",
        "v1.0.0-20191109021931",
        "v1.0.0-pre.20191109021931-daa7c04131f5",
        "v1.0.0-10.20191109021931-daa7c04131f5",
        "v0.0.0-20191109021931-daa7c_4131f5",
        "0.0.0-20191109021931-daa7c04131f5",
        "v1.2.3+0.20191109021931-daa7c04131f5",
    ] {
        assert!(!is_pseudo(other), "{other}");
        assert_eq!(pseudo_revision(other), None);
    }
}

#[test]
fn pseudo_versions_are_written_in_their_three_forms() {
    let check = |major: &str, base: &str, expected: &str| {
        let base = (!base.is_empty()).then_some(base);
        let id = "daa7c04131f5b3ac5a4e1b3a0c1f2e3d4c5b6a79";
        assert_eq!(pseudo(major, base, 1_573_265_971, id), expected);
    };
    check("", "", "v0.0.0-20191109021931-daa7c04131f5");
    check("v3", "", "v3.0.0-20191109021931-daa7c04131f5");
    check("", "v1.2.3", "v1.2.4-0.20191109021931-daa7c04131f5");
    check("", "v1.2.3-pre", "v1.2.3-pre.0.20191109021931-daa7c04131f5");
    check(
        "",
        "v1.2.9+meta",
        "v1.2.10-0.20191109021931-daa7c04131f5+meta",
    );
    check("", "v1.2", "v1.2.1-0.20191109021931-daa7c04131f5");
    let carried = "v1.0.100000000000000000000-0.20191109021931-daa7c04131f5";
    check("", "v1.0.99999999999999999999", carried);
    check("", "v1.0.1099", "v1.0.1100-0.20191109021931-daa7c04131f5");
}

#[test]
fn times_are_those_of_the_calendar() {
    for (seconds, expected) in [
        (0, "19700101000000"),
        (-1, "19691231235959"),
        (951_782_400, "20000229000000"),
        (4_107_542_399, "21000228235959"),
        (4_107_542_400, "21000301000000"),
        (1_456_790_399, "20160229235959"),
        (1_483_228_799, "20161231235959"),
        (253_402_300_799, "99991231235959"),
        (-62_167_219_200, "00000101000000"),
    ] {
        assert_eq!(timestamp(seconds), expected);
    }
}
