//! Small worlds with one planted fault each, or none: every fault is found, with the right code, place, package
//! and severity, and nothing else is.
//!
//! Each world is a project with its glide.yaml, glide.lock, code and vendor/, against repositories that are
//! served; the program itself audits it.

mod case;
mod compare;
mod drift;
mod integrity;
mod kit;
mod licences;
mod policy;
mod provenance;
mod repositories;
mod run;
mod vulnerabilities;

use std::collections::BTreeSet;
use std::fs;

use glide_rs::audit::RULES;

use case::Case;
use compare::{rule_of, unknown};
use kit::Kit;
use run::{World, play, troubles};

#[test]
fn drift_is_found() {
    play(drift::cases());
}

#[test]
fn damage_to_vendor_is_found() {
    play(integrity::cases());
}

#[test]
fn doubtful_origins_are_found() {
    play(provenance::cases());
}

#[test]
fn vulnerabilities_are_found() {
    play(vulnerabilities::cases());
}

#[test]
fn licences_are_found() {
    play(licences::cases());
}

#[test]
fn policies_and_baselines_are_followed() {
    play(policy::cases());
}

fn all() -> Vec<Case> {
    let all = [
        drift::cases(),
        integrity::cases(),
        provenance::cases(),
        vulnerabilities::cases(),
        licences::cases(),
        policy::cases(),
    ];
    all.into_iter().flatten().collect()
}

#[test]
fn every_rule_is_planted_and_many_worlds_are_clean() {
    let all = all();
    let names: BTreeSet<_> = all.iter().map(|case| case.name).collect();
    assert_eq!(names.len(), all.len(), "a name stands twice");
    let lines = all
        .iter()
        .flat_map(|case| case.findings.iter().chain(&case.offline));
    let planted: BTreeSet<_> = lines.map(|line| rule_of(line)).collect();
    let missing: Vec<_> = RULES
        .iter()
        .filter(|rule| !planted.contains(rule.code))
        .map(|rule| rule.code)
        .collect();
    // What has changed since a revision takes two of them: their worlds stand with its other tests.
    let of_changes = include_str!("../audit_since.rs");
    let missing: Vec<_> = missing
        .into_iter()
        .filter(|code| !of_changes.contains(code))
        .collect();
    assert!(missing.is_empty(), "planted nowhere: {missing:?}");
    let clean = all.iter().filter(|case| case.is_clean()).count();
    assert!(
        all.len() >= 120 && clean >= 30,
        "{} worlds, {clean} clean",
        all.len()
    );
}

/// A comparison that sees nothing would take every world for right.
#[test]
fn a_world_that_is_not_as_planted_is_noticed() {
    const MORE: &str = "vendor/github.com/acme/log/more.go";
    let changed = |name| Case::installed(name).write(MORE, "package log\n");
    let troubles = troubles(vec![
        Case::installed("right"),
        Case::installed("a fault that is not there").finds("low hash-missing - glide.lock:1"),
        changed("a fault that was not planted"),
        changed("another line").finds(
            "high file-added github.com/acme/log glide.lock:5 vendor/github.com/acme/log/more.go",
        ),
        changed("another code of exit")
            .finds("high file-added github.com/acme/log glide.lock:4 vendor/github.com/acme/log/more.go")
            .exits(0),
        Case::installed("nothing that could not be looked at").unchecked("drift", "-", ""),
        Case::installed("nothing ignored").set_aside(1),
    ]);
    let names = |how: &str| -> Vec<_> {
        let names = troubles.iter().filter_map(|trouble| {
            let (name, rest) = trouble
                .strip_prefix("== ")?
                .split_once(&format!("{how} ("))?;
            rest.split_once(')')
                .is_some_and(|(at, _)| at.parse::<usize>().is_ok())
                .then_some(name)
        });
        names.collect()
    };
    let mut wrong = vec![
        "a fault that is not there",
        "a fault that was not planted",
        "another code of exit",
        "another line",
        "nothing ignored",
        "nothing that could not be looked at",
    ];
    assert_eq!(names(""), wrong, "{troubles:#?}");
    assert_eq!(names(" (offline)"), wrong, "{troubles:#?}");
    // Many projects share one code.
    wrong.retain(|name| *name != "another code of exit");
    assert_eq!(names(" (among all)"), wrong, "{troubles:#?}");
}

#[test]
fn without_a_network_what_was_never_fetched_is_unknown_and_what_was_is_clean() {
    let kit = Kit::new();
    let check = |at: usize, case: Case, expected: &[&str]| {
        let world = World::new(&kit, at, case);
        world.make().unwrap();
        let home = kit.sandbox.root().join(format!("home-{at}"));
        fs::create_dir(&home).unwrap();
        kit.server.take_requests();
        let cold = world.audit_at(&home, &["--offline"]);
        assert_eq!(cold.exit, Some(2), "{cold:?}");
        assert_eq!(unknown(&cold), expected, "{cold:?}");
        assert!(kit.server.take_requests().is_empty());
        let first = world.audit_at(&home, &[]).success();
        assert!(!kit.server.take_requests().is_empty());
        let warm = world.audit_at(&home, &["--offline"]).success();
        assert!(kit.server.take_requests().is_empty());
        for output in [first, warm] {
            assert!(unknown(&output).is_empty(), "{output:?}");
        }
    };
    let pins = [
        "github.com/acme/check",
        "github.com/acme/log",
        "github.com/acme/text",
    ];
    let of = |check: &str| pins.map(|pin| format!("{check} {pin}"));
    let ranges = ["drift github.com/acme/log", "drift github.com/acme/text"].map(str::to_owned);
    let expect = |lists: &[&[String]]| -> Vec<String> {
        let mut lines = lists.concat();
        lines.sort();
        lines.dedup();
        lines
    };
    let installed = expect(&[&ranges, &of("integrity"), &of("provenance")]);
    let installed: Vec<_> = installed.iter().map(String::as_str).collect();
    check(0, Case::installed("vendor is there"), &installed);
    let bare = expect(&[&of("drift"), &of("licences"), &of("provenance")]);
    let bare: Vec<_> = bare.iter().map(String::as_str).collect();
    check(1, Case::app("vendor is not there"), &bare);
}
