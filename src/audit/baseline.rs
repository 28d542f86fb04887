//! An earlier report as a baseline: what stands in it is known, and only what is new counts.
//!
//! The report is one that `--format json` wrote. Findings are told by their project and key, so words,
//! lines and severities may change. What could not be looked at is never set aside.

use std::collections::HashSet;

use serde::Deserialize;

use super::render::SCHEMA;
use super::report::Report;

/// A baseline that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// It is no JSON, or no report.
    #[error("it is no report of `audit --format json`: {0}")]
    Malformed(String),
    /// It is a report of another version of the program.
    #[error("it has schema {0}, and this version reads schema {SCHEMA}")]
    Schema(u64),
}

/// The findings of an earlier report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    known: HashSet<(String, String)>,
}

#[derive(Deserialize)]
struct Version {
    schema: u64,
}

#[derive(Deserialize)]
struct Document {
    projects: Vec<Project>,
}

#[derive(Deserialize)]
struct Project {
    name: String,
    findings: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    key: String,
}

impl Baseline {
    /// More bytes than any report has; what is larger is no report.
    pub const LARGEST: u64 = 256 << 20;

    /// Reads a report.
    pub fn parse(bytes: &[u8]) -> Result<Self, BaselineError> {
        let malformed = |error: serde_json::Error| BaselineError::Malformed(error.to_string());
        let Version { schema } = serde_json::from_slice(bytes).map_err(malformed)?;
        if schema != SCHEMA {
            return Err(BaselineError::Schema(schema));
        }
        let document: Document = serde_json::from_slice(bytes).map_err(malformed)?;
        let known = document.projects.into_iter().flat_map(|project| {
            let name = project.name;
            let findings = project.findings.into_iter();
            findings.map(move |entry| (name.clone(), entry.key))
        });
        Ok(Self {
            known: known.collect(),
        })
    }

    /// Sets aside the findings that stand in it.
    pub fn apply(&self, report: &mut Report) {
        for project in &mut report.projects {
            let name = &project.name;
            let before = project.findings.len();
            project
                .findings
                .retain(|finding| !self.known.contains(&(name.clone(), finding.key())));
            project.in_baseline += before - project.findings.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::{Finding, Place};
    use super::super::report::ProjectReport;
    use super::super::rules;
    use super::*;

    fn report(findings: &[(&str, &str)]) -> Report {
        let finding = |(package, subject): &(&str, &str)| {
            let place = Place::lock(1);
            Finding::new(&rules::LEFT_OVER, package, place, "it is so".to_owned()).about(*subject)
        };
        let project = ProjectReport {
            name: "here".to_owned(),
            findings: findings.iter().map(finding).collect(),
            ..ProjectReport::default()
        };
        Report {
            projects: vec![project],
            ..Report::default()
        }
    }

    #[track_caller]
    fn check(text: &str, expected: (usize, usize)) {
        let baseline = Baseline::parse(text.as_bytes()).unwrap();
        let mut report = report(&[("h/a", ""), ("h/a", "x"), ("h/b", "")]);
        baseline.apply(&mut report);
        let project = &report.projects[0];
        assert_eq!((project.findings.len(), project.in_baseline), expected);
    }

    #[test]
    fn only_what_is_new_is_left() {
        let known = |project: &str, key: &str| {
            format!(
                r#"{{"schema": 1, "more": [], "projects": [{{"name": "{project}", "findings": [{{"key": "{key}", "message": ""}}]}}]}}"#
            )
        };
        check(&known("here", "left-over h/a "), (2, 1));
        check(&known("here", "left-over h/a x"), (2, 1));
        check(&known("here", "left-over h/c "), (3, 0));
        check(&known("there", "left-over h/a "), (3, 0));
        check(r#"{"schema": 1, "projects": []}"#, (3, 0));
    }

    #[test]
    fn what_is_no_report_is_refused() {
        let deep = "[".repeat(100_000);
        for (text, words) in [
            ("", "it is no report"),
            ("{}", "missing field `schema`"),
            (r#"{"schema": 1}"#, "missing field `projects`"),
            (r#"{"schema": 2, "other": 1}"#, "it has schema 2"),
            (r#"{"schema": "1", "projects": []}"#, "it is no report"),
            ("\u{0}\u{1b}[2J", "it is no report"),
            (&deep, "it is no report"),
        ] {
            let error = Baseline::parse(text.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(words), "{text:.20}: {error}");
        }
    }
}
