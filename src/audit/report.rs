//! All that an audit found, and what it comes to.

use std::collections::BTreeSet;

use super::change::Changes;
use super::component::Component;
use super::finding::{Check, Finding, Severity, Unchecked};

/// What one run of `audit` found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The checks that ran, in order.
    pub checks: Vec<Check>,
    /// The projects, in the order of their paths.
    pub projects: Vec<ProjectReport>,
}

/// What was found in one project.
#[derive(Clone, Debug, Default)]
pub struct ProjectReport {
    /// The project's folder as the person names it; empty for the working folder.
    pub name: String,
    /// Its import path, where glide.yaml tells it.
    pub package: String,
    /// The checks that ran for it, in order.
    pub checks: Vec<Check>,
    /// What it pins, and what is known of that.
    pub components: Vec<Component>,
    /// What is wrong, worst first.
    pub findings: Vec<Finding>,
    /// What could not be looked at.
    pub unchecked: Vec<Unchecked>,
    /// The mildest severity of its findings that makes the audit fail, where its policy says so.
    pub floor: Option<Severity>,
    /// How much has changed since an earlier glide.lock, where that was asked and could be told.
    pub since: Option<Changes>,
    /// How many findings the policy has set aside.
    pub set_aside: usize,
    /// The exceptions of its policy, by their places there, that its licences need.
    pub excepted: BTreeSet<usize>,
    /// How many findings stand in the baseline, and do not count for that.
    pub in_baseline: usize,
}

/// What an audit comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing was found, and everything was looked at.
    Clean,
    /// Something was found, whatever else could not be looked at.
    Findings,
    /// Nothing was found, but not everything could be looked at.
    Unknown,
}

impl Verdict {
    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Findings => "findings",
            Self::Unknown => "unknown",
        }
    }

    /// The exit code: 0, 1 or 2.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Unknown => 2,
        }
    }
}

impl Report {
    /// The mildest of the projects' floors.
    pub fn mildest_floor(&self) -> Severity {
        let floors = self.projects.iter().map(|project| project.floor);
        let floors = floors.map(|floor| floor.unwrap_or(Severity::Low));
        floors.min().unwrap_or(Severity::Low)
    }

    /// What it comes to, where findings milder than a project's own floor, or else `floor`, do not count;
    /// notes never do.
    pub fn verdict(&self, floor: Severity) -> Verdict {
        let fails = |project: &ProjectReport| {
            let floor = project.floor.unwrap_or(floor).max(Severity::Low);
            let mut findings = project.findings.iter();
            findings.any(|finding| finding.severity >= floor)
        };
        if self.projects.iter().any(fails) {
            Verdict::Findings
        } else if self
            .projects
            .iter()
            .any(|project| !project.unchecked.is_empty())
        {
            Verdict::Unknown
        } else {
            Verdict::Clean
        }
    }
}

impl ProjectReport {
    /// Puts the worst first; alike ones in the order of their places.
    pub fn sort(&mut self) {
        self.findings.sort_by(|one, other| {
            let key = |finding: &Finding| {
                (
                    std::cmp::Reverse(finding.severity),
                    finding.rule.check,
                    finding.place.clone(),
                    finding.key(),
                )
            };
            key(one).cmp(&key(other))
        });
        self.unchecked.sort_by(|one, other| {
            let key = |unknown: &'_ Unchecked| {
                let subjects = unknown.subjects.clone();
                (
                    unknown.check,
                    unknown.package.clone(),
                    unknown.reason.clone(),
                    subjects,
                )
            };
            key(one).cmp(&key(other))
        });
        self.unchecked.dedup();
    }
}
