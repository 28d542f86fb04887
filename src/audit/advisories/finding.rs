//! A vulnerability of a pin as a finding: how bad, how known, and what to do.

use std::sync::Arc;

use super::cvss;
use super::names::{Candidate, Kinship};
use super::ranges::{self, How};
use super::reach::{Extent, Reach};
use super::record::{Affected, Event, Range, Record, shown};
use super::semver::Semver;
use super::versions::{Confidence, Version, Versions, tagged};
use crate::audit::finding::{Finding, Place, Severity};
use crate::audit::rules;
use crate::audit::subject::Pinned;

/// How many names are listed before the rest is counted.
const LISTED: usize = 5;

/// What one entry of a record says of a pin.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    pub(super) candidate: Candidate,
    /// Which entry of the record.
    pub(super) at: usize,
    pub(super) version: Version,
    pub(super) how: How,
    pub(super) extent: Extent,
}

/// The finding for a record; `hits` are not empty.
pub(super) fn finding(
    pin: &Pinned,
    record: &Arc<Record>,
    hits: &[Hit],
    versions: &dyn Versions,
) -> Option<Finding> {
    let hit = hits.iter().max_by_key(|hit| hit.extent.reach)?;
    let affected = record.affected.get(hit.at)?;
    let name = &pin.entry.name;
    let is_fork = hit.candidate.kinship == Kinship::ForkOf;
    let rule = if is_fork {
        &rules::FORK_VULNERABLE
    } else {
        &rules::VULNERABLE
    };
    let is_spared = spared_by_own_numbers(pin, affected, versions);
    let mut severity = severity(record, affected, hit.extent.reach);
    if is_spared.is_some() {
        severity = Severity::Low.min(severity);
    }
    let message = format!(
        "{name} {} is vulnerable: {} ({})",
        shown_version(pin, &hit.version),
        record.summary,
        ids(record)
    );
    let mut finding = Finding::new(rule, name, Place::lock(pin.line), message)
        .about(record.id.as_str())
        .of_severity(severity);
    finding.aliases.clone_from(&record.aliases);
    finding.details = details(pin, record, hit);
    finding.details.extend(is_spared);
    Some(finding.with_remedy(remedy(pin, affected, hit, versions)))
}

/// The id and the CVE number.
pub(super) fn ids(record: &Record) -> String {
    let cve = record
        .aliases
        .iter()
        .find(|alias| alias.starts_with("CVE-"));
    match cve {
        Some(cve) => format!("{}, {cve}", record.id),
        None => record.id.clone(),
    }
}

fn shown_version(pin: &Pinned, version: &Version) -> String {
    match version {
        Version::Known { text, .. } => format!("v{text}"),
        _ => format!("at {}", short(&pin.entry.version)),
    }
}

/// An abbreviated commit id.
pub(super) fn short(commit: &str) -> &str {
    commit.get(..12).unwrap_or(commit)
}

/// How bad it is.
pub(super) fn severity(record: &Record, affected: &Affected, reach: Reach) -> Severity {
    let mut scores = record.scores.iter().chain(&affected.scores);
    let is_critical = record.level == "CRITICAL"
        || scores
            .any(|vector| cvss::base_score(vector).is_some_and(|score| score >= cvss::CRITICAL));
    match (reach, is_critical) {
        (Reach::Production | Reach::Assumed, true) => Severity::Critical,
        (Reach::Production | Reach::Assumed, false) => Severity::High,
        (Reach::Tests, true) => Severity::Medium,
        (Reach::Tests, false) | (Reach::Unused, _) => Severity::Low,
    }
}

fn details(pin: &Pinned, record: &Record, hit: &Hit) -> Vec<String> {
    let mut lines = Vec::new();
    lines.push(confidence(hit));
    match hit.candidate.kinship {
        Kinship::Own => {}
        Kinship::Renamed => lines.push(format!("it is also known as {}", hit.candidate.module)),
        Kinship::Source => lines.push(format!("it comes from {}", hit.candidate.module)),
        Kinship::ForkOf => lines.push(format!(
            "it comes from {}, a fork of {} (or a mirror): its versions are taken for those of the original",
            super::names::path_of(&pin.entry.repo),
            hit.candidate.module
        )),
    }
    lines.extend(use_lines(&hit.extent));
    if record.is_unreviewed {
        lines.push("the database has not reviewed the record".to_owned());
    }
    if !record.url.is_empty() {
        lines.push(record.url.clone());
    }
    lines
}

/// How it is known that the commit is affected.
fn confidence(hit: &Hit) -> String {
    let module = &hit.candidate.module;
    match (hit.how, &hit.version) {
        (How::Ancestry, _) => {
            "known by ancestry: the commit comes after the one that introduced it".to_owned()
        }
        (How::All, _) => format!("the record says that every version of {module} is affected"),
        (
            How::Version,
            Version::Known {
                confidence: Confidence::PseudoVersion,
                text,
            },
        ) => {
            format!("known by the commit's place between releases, which is v{text}")
        }
        (How::Version, _) => "known by the tag that leads to the commit".to_owned(),
    }
}

/// Which packages are affected, and who uses them.
pub(super) fn use_lines(extent: &Extent) -> Vec<String> {
    let mut lines = Vec::new();
    for (path, symbols) in extent.packages.iter().take(LISTED) {
        let path = shown(path);
        lines.push(if symbols.is_empty() {
            format!("in {path}")
        } else {
            format!("in {path}: {}", listed(symbols))
        });
    }
    if extent.packages.len() > LISTED {
        lines.push(format!(
            "and in {} more packages",
            extent.packages.len() - LISTED
        ));
    }
    if !extent.systems.is_empty() {
        lines.push(format!("on {} only", extent.systems.join(", ")));
    }
    lines.push(match extent.reach {
        Reach::Unused => "no code uses what is affected".to_owned(),
        Reach::Tests => "only tests use it".to_owned(),
        Reach::Assumed => "it is not known whether the code uses it".to_owned(),
        Reach::Production if extent.chain.is_empty() => "the code uses it".to_owned(),
        Reach::Production => format!("used by {}", extent.chain.join(" → ")),
    });
    lines
}

fn listed(names: &[String]) -> String {
    let first: Vec<_> = names.iter().take(LISTED).map(|name| shown(name)).collect();
    match names.len().saturating_sub(LISTED) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

/// A line, where the project's own release numbers say that the pinned release is not affected.
fn spared_by_own_numbers(
    pin: &Pinned,
    affected: &Affected,
    versions: &dyn Versions,
) -> Option<String> {
    if affected.own_ranges.is_empty() {
        return None;
    }
    let Version::Known { text, .. } = tagged(&versions.tags(pin)?, "", None) else {
        return None;
    };
    let version = Semver::parse(&text)?;
    let is_inside = affected
        .own_ranges
        .iter()
        .any(|range| ranges::contains(range, &version));
    (!is_inside).then(|| {
        format!("by the project's own release numbers {text} is not affected, which the database cannot tell")
    })
}

/// What to pin instead.
fn remedy(pin: &Pinned, affected: &Affected, hit: &Hit, versions: &dyn Versions) -> String {
    let version = match &hit.version {
        Version::Known { text, .. } => Some(text.as_str()),
        _ => None,
    };
    let fixed = fixed_versions(affected, version);
    let Some(first) = fixed.first() else {
        return "no version is known that mends it: stop using it, or ignore the id with a reason"
            .to_owned();
    };
    let pinned = wanted(pin, &hit.candidate.folder, first, versions);
    let others: Vec<_> = fixed.iter().skip(1).take(LISTED).collect();
    let also = if others.is_empty() {
        String::new()
    } else {
        let others: Vec<_> = others.iter().map(|other| format!("v{other}")).collect();
        format!(" (also mended in {})", others.join(", "))
    };
    format!(
        "put `version: {pinned}` or a later one into glide.yaml and run `glide-rs update`{also}"
    )
}

/// What glide.yaml has to say for a version: its tag, or the commit that it stands for.
fn wanted(pin: &Pinned, folder: &str, version: &str, versions: &dyn Versions) -> String {
    if let Some(commit) = Semver::parse(version).and_then(|version| version.commit()) {
        return commit.to_owned();
    }
    let in_folder = |tag: String| match folder {
        "" => tag,
        folder => format!("{folder}/{tag}"),
    };
    let plain = in_folder(version.to_owned());
    if versions.has_tag(pin, &plain) {
        return plain;
    }
    in_folder(format!("v{version}"))
}

/// The versions that mend it, those later than `version` where it is known, lowest first.
pub(super) fn fixed_versions(affected: &Affected, version: Option<&str>) -> Vec<String> {
    let ranges = affected.ranges.iter().filter_map(|range| match range {
        Range::Semver(events) => Some(events),
        Range::Git(..) | Range::Ecosystem => None,
    });
    let mended_by = |events: &Vec<Event>| -> Vec<String> {
        let fixed = events.iter().filter_map(|event| match event {
            Event::Fixed(at) => Some(Semver::parse(at)?.canonical()),
            _ => None,
        });
        fixed.collect()
    };
    let mut fixed: Vec<String> = ranges.flat_map(mended_by).collect();
    if fixed.is_empty() {
        fixed = affected.own_ranges.iter().flat_map(mended_by).collect();
    }
    fixed.retain(
        |fixed| match (version.and_then(Semver::parse), Semver::parse(fixed)) {
            (Some(version), Some(fixed)) => fixed.compare(&version).is_gt(),
            _ => true,
        },
    );
    fixed.sort_by(
        |one, other| match (Semver::parse(one), Semver::parse(other)) {
            (Some(one), Some(other)) => one.compare(&other),
            _ => one.cmp(other),
        },
    );
    fixed.dedup();
    fixed
}
