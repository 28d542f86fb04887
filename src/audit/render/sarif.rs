//! SARIF 2.1.0, as code scanning reads it: results at lines of glide.lock, and what could not be looked
//! at as notifications.
//!
//! Written by hand: of the format's 900 pages this needs one, and tests hold it against the schema.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::super::finding::{Finding, Severity, Unchecked};
use super::super::report::{ProjectReport, Report};
use super::super::rules::{RULES, Rule};
use super::{PROGRAM, VERSION, text};
use crate::model::sha256_hex;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// The folder that paths in the report begin in.
const BASE: &str = "%SRCROOT%";
/// The id of notifications of what could not be looked at.
const COULD_NOT_CHECK: &str = "could-not-check";

pub(super) fn sarif(report: &Report) -> Value {
    let of = |project: &'_ ProjectReport| {
        let findings = project.findings.iter();
        findings
            .map(|finding| result(project, finding))
            .collect::<Vec<_>>()
    };
    let results: Vec<_> = report.projects.iter().flat_map(of).collect();
    let rules: Vec<_> = RULES.iter().map(|rule| self::rule(rule)).collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": PROGRAM,
                "version": VERSION,
                "semanticVersion": VERSION,
                "rules": rules,
                "notifications": [{
                    "id": COULD_NOT_CHECK,
                    "shortDescription": {"text": "Something could not be looked at"},
                    "fullDescription": {
                        "text": "Something could not be looked at, so nobody knows whether it is right."
                    },
                }],
            }},
            "originalUriBaseIds": {
                BASE: {"description": {"text": "The folder in which the audit ran."}}
            },
            "invocations": [invocation(report)],
            "columnKind": "utf16CodeUnits",
            "results": results,
        }],
    })
}

fn rule(rule: &Rule) -> Value {
    json!({
        "id": rule.code,
        "name": pascal_case(rule.code),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.help},
        "help": {"text": rule.help, "markdown": rule.help},
        "defaultConfiguration": {"level": level(rule.severity)},
        "properties": {
            "tags": ["security", "supply-chain", rule.check.name()],
            "precision": "very-high",
            "security-severity": score(rule.severity),
        },
    })
}

fn result(project: &ProjectReport, finding: &Finding) -> Value {
    let index = RULES.iter().position(|rule| rule.code == finding.rule.code);
    let mut lines = vec![finding.message.clone()];
    lines.extend(finding.details.iter().cloned());
    if !finding.remedy.is_empty() {
        lines.push(format!("What to do: {}", finding.remedy));
    }
    let mut components = project.components.iter();
    let component = components.find(|component| component.name() == finding.package);
    let name = format!("{}\n{}", project.name, finding.key());
    json!({
        "ruleId": finding.rule.code,
        "ruleIndex": index,
        "level": level(finding.severity),
        "message": {"text": message(&lines.join("\n"))},
        "locations": [location(&text::place(project, finding), finding.place.line)],
        "partialFingerprints": {"glideRsKey/v1": sha256_hex(name.as_bytes())},
        "properties": {
            "key": finding.key(),
            "project": text::title(project),
            "package": finding.package,
            "version": component.map_or("", |component| component.shown_version()),
            "severity": finding.severity.name(),
            "security-severity": score(finding.severity),
            "aliases": finding.aliases,
        },
    })
}

fn invocation(report: &Report) -> Value {
    let of = |project: &'_ ProjectReport| {
        let unchecked = project.unchecked.iter();
        unchecked
            .map(|unchecked| notification(project, unchecked))
            .collect::<Vec<_>>()
    };
    let notifications: Vec<_> = report.projects.iter().flat_map(of).collect();
    json!({
        "executionSuccessful": notifications.is_empty(),
        "toolExecutionNotifications": notifications,
    })
}

fn notification(project: &ProjectReport, unchecked: &Unchecked) -> Value {
    let about = match unchecked.package.as_str() {
        "" => text::title(project),
        package => package,
    };
    let mut words = format!(
        "{} of {about} could not be checked: {}",
        unchecked.check, unchecked.reason
    );
    if !unchecked.subjects.is_empty() {
        let _ = write!(words, " ({})", unchecked.subjects.join(", "));
    }
    json!({
        "descriptor": {"id": COULD_NOT_CHECK, "index": 0},
        "level": "error",
        "message": {"text": message(&words)},
        "locations": [location(&text::path(project, "glide.lock"), 0)],
    })
}

/// A place. A path that leaves the folder in which the audit ran has no base.
fn location(path: &str, line: usize) -> Value {
    let uri = text::encoded(path, "/");
    let artifact = match uri.strip_prefix('/') {
        Some(absolute) => json!({"uri": format!("file:///{absolute}")}),
        None => json!({"uri": uri, "uriBaseId": BASE}),
    };
    let physical = match line {
        0 => json!({"artifactLocation": artifact}),
        line => json!({"artifactLocation": artifact, "region": {"startLine": line}}),
    };
    json!({"physicalLocation": physical})
}

/// A message. Brackets mean links in it, which no name from outside shall make.
fn message(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('[', "\\[")
        .replace(']', "\\]")
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Note | Severity::Low => "note",
        Severity::Medium => "warning",
        Severity::High | Severity::Critical => "error",
    }
}

/// The score that code scanning makes the same severity of.
fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "0.0",
        Severity::Low => "2.0",
        Severity::Medium => "5.5",
        Severity::High => "8.0",
        Severity::Critical => "9.5",
    }
}

fn pascal_case(code: &str) -> String {
    let words = code.split('-').map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        format!("{}{rest}", first.to_ascii_uppercase())
    });
    words.collect()
}
