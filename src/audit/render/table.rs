//! A report for people.

use std::fmt::Write as _;

use super::super::report::{ProjectReport, Report};

/// The report as lines, worst findings first.
pub fn table(report: &Report) -> String {
    let mut text = String::new();
    for project in &report.projects {
        one(&mut text, project);
    }
    text
}

fn one(text: &mut String, project: &ProjectReport) {
    for finding in &project.findings {
        let place = &finding.place;
        let file = [project.name.as_str(), place.file.as_str()];
        let file = file.iter().filter(|part| !part.is_empty());
        let file = file.copied().collect::<Vec<_>>().join("/");
        let _ = writeln!(
            text,
            "{:<8} {}:{}: {} [{}]",
            finding.severity, file, place.line, finding.message, finding.rule.code
        );
        for detail in &finding.details {
            let _ = writeln!(text, "         {detail}");
        }
        if !finding.remedy.is_empty() {
            let _ = writeln!(text, "         → {}", finding.remedy);
        }
    }
    for unchecked in &project.unchecked {
        let _ = writeln!(
            text,
            "unknown  {} {}: {}",
            unchecked.check, unchecked.package, unchecked.reason
        );
    }
}
