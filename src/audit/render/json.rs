//! All that is known, in a schema of the program's own, which docs/src/audit.md describes.

use serde_json::{Value, json};

use super::super::change::Changes;
use super::super::component::Component;
use super::super::finding::{Check, Finding, Severity, Unchecked};
use super::super::report::{ProjectReport, Report};
use super::{Facts, PROGRAM, VERSION, text};

/// The version of the schema. Fields may be added to one version; none is taken away or changes what
/// it means.
pub const SCHEMA: u64 = 1;

pub(super) fn json(report: &Report, facts: &Facts) -> Value {
    let checks = report.checks.iter().copied().map(Check::name);
    let projects = report.projects.iter();
    let projects = projects.map(|it| project(it, facts.floor));
    json!({
        "schema": SCHEMA,
        "tool": {"name": PROGRAM, "version": VERSION},
        "created": text::moment(facts.now),
        "checks": checks.collect::<Vec<_>>(),
        "floor": facts.floor.name(),
        "verdict": report.verdict(facts.floor).name(),
        "counts": counts(report),
        "projects": projects.collect::<Vec<_>>(),
    })
}

fn counts(report: &Report) -> Value {
    let projects = &report.projects;
    let findings = projects.iter().flat_map(|project| &project.findings);
    let findings: Vec<_> = findings.map(|finding| finding.severity).collect();
    let of = |wanted: Severity| findings.iter().filter(|found| **found == wanted).count();
    let mut counts: serde_json::Map<_, _> = Severity::ALL
        .into_iter()
        .map(|severity| (severity.name().to_owned(), json!(of(severity))))
        .collect();
    let mut add = |name: &str, count: fn(&ProjectReport) -> usize| {
        let sum: usize = projects.iter().map(count).sum();
        counts.insert(name.to_owned(), json!(sum));
    };
    add("unchecked", |project| project.unchecked.len());
    add("set_aside", |project| project.set_aside);
    add("in_baseline", |project| project.in_baseline);
    Value::Object(counts)
}

fn project(project: &ProjectReport, floor: Severity) -> Value {
    let findings = project.findings.iter();
    let findings = findings.map(|finding| self::finding(project, finding));
    json!({
        "name": project.name,
        "package": project.package,
        "checks": project.checks.iter().copied().map(Check::name).collect::<Vec<_>>(),
        "floor": project.floor.unwrap_or(floor).name(),
        "pins": project.components.iter().map(pin).collect::<Vec<_>>(),
        "findings": findings.collect::<Vec<_>>(),
        "unchecked": project.unchecked.iter().map(unchecked).collect::<Vec<_>>(),
        "since": project.since.as_ref().map(since),
        "set_aside": project.set_aside,
        "in_baseline": project.in_baseline,
    })
}

fn since(changes: &Changes) -> Value {
    json!({
        "revision": changes.revision,
        "commit": changes.commit,
        "is_new": changes.is_new,
        "added": changes.added,
        "removed": changes.removed,
        "moved": changes.moved,
        "back": changes.back,
        "aside": changes.aside,
        "sources": changes.sources,
    })
}

fn pin(component: &Component) -> Value {
    let pin = &component.pin;
    json!({
        "name": pin.entry.name,
        "commit": pin.entry.version,
        "version": component.version,
        "licence": component.licence,
        "repository": component.repository(),
        "vcs": pin.entry.vcs,
        "line": pin.line,
        "for_tests": pin.for_tests,
        "direct": component.direct,
        "chain": component.chain,
        "requires": component.requires,
        "purl": text::purl(component),
    })
}

fn finding(project: &ProjectReport, finding: &Finding) -> Value {
    let mut components = project.components.iter();
    let component = components.find(|component| component.name() == finding.package);
    json!({
        "key": finding.key(),
        "rule": finding.rule.code,
        "check": finding.rule.check.name(),
        "severity": finding.severity.name(),
        "package": finding.package,
        "version": component.map(Component::shown_version),
        "subject": finding.subject,
        "state": finding.state,
        "aliases": finding.aliases,
        "place": {"file": text::place(project, finding), "line": finding.place.line},
        "message": finding.message,
        "details": finding.details,
        "remedy": finding.remedy,
    })
}

fn unchecked(unchecked: &Unchecked) -> Value {
    json!({
        "check": unchecked.check.name(),
        "package": unchecked.package,
        "subjects": unchecked.subjects,
        "reason": unchecked.reason,
    })
}
