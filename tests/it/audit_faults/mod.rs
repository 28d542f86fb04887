//! Small worlds with one planted fault each, or none: every fault is found, with the right code, place, package
//! and severity, and nothing else is.
//!
//! Each world is a project with its glide.yaml, glide.lock, code and vendor/, against repositories that are
//! served; the program itself audits it.

mod case;
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

use glide_rs::audit::RULES;

use case::Case;
use run::{play, rule_of};

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
    let lines = all.iter().flat_map(|case| case.findings.iter().chain(&case.offline));
    let planted: BTreeSet<_> = lines.map(|line| rule_of(line)).collect();
    let missing: Vec<_> = RULES
        .iter()
        .filter(|rule| !planted.contains(rule.code))
        .map(|rule| rule.code)
        .collect();
    assert!(missing.is_empty(), "planted nowhere: {missing:?}");
    let clean = all.iter().filter(|case| case.is_clean()).count();
    assert!(all.len() >= 120 && clean >= 30, "{} worlds, {clean} clean", all.len());
}
