//! A report for people: by project and package, worst first, with what to do.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::super::change::Changes;
use super::super::component::Component;
use super::super::finding::{Check, Finding, Severity};
use super::super::policy::FILE;
use super::super::report::{ProjectReport, Report, Verdict};
use super::super::rules;
use super::{Facts, folded, since, text, unknown};

/// Lines are broken to fit in this many columns, unless a word is longer.
const WIDTH: usize = 80;
/// How far what belongs to a finding is set in.
const INDENT: usize = 12;
const BOLD: &str = "\x1b[1m";

pub(super) fn table(report: &Report, facts: &Facts) -> String {
    let mut page = Page {
        text: String::new(),
        color: facts.color,
    };
    match report.projects.as_slice() {
        [project] => {
            let is_told = !project.findings.is_empty()
                || !project.unchecked.is_empty()
                || project.since.is_some();
            if is_told && !project.name.is_empty() {
                page.heading(&format!("== {}", text::named(project)));
            }
            page.project(project);
        }
        _ => folded::folded(&mut page, report),
    }
    let _ = writeln!(page.text, "{}", summary(report, facts));
    page.text
}

pub(super) struct Page {
    text: String,
    color: bool,
}

impl Page {
    fn painted(&self, text: &str, color: &str) -> String {
        if self.color && !color.is_empty() {
            format!("{color}{text}\x1b[m")
        } else {
            text.to_owned()
        }
    }

    pub(super) fn heading(&mut self, text: &str) {
        let text = self.painted(&text::harmless(text), BOLD);
        let _ = writeln!(self.text, "{text}");
    }

    fn project(&mut self, project: &ProjectReport) {
        self.since(project);
        let mut packages: Vec<&str> = Vec::new();
        for finding in project.findings.iter().filter(|found| !is_listed(found)) {
            if !packages.contains(&finding.package.as_str()) {
                packages.push(&finding.package);
            }
        }
        for package in packages {
            let mut components = project.components.iter();
            let component = components.find(|component| component.name() == package);
            match package {
                "" => self.heading(text::title(project)),
                package => self.package(package, component),
            }
            let of_it = project.findings.iter().filter(|found| !is_listed(found));
            for finding in of_it.filter(|finding| finding.package == package) {
                let place = format!("at {}", text::spot(project, finding));
                self.finding(finding, &place, finding.details.iter().map(String::as_str));
            }
            self.end();
        }
        self.unchecked(project);
    }

    /// What could not be looked at, each reason once.
    fn unchecked(&mut self, project: &ProjectReport) {
        if project.unchecked.is_empty() {
            return;
        }
        self.heading("could not be checked");
        for unknown in unknown::together(project.unchecked.iter().map(|each| (0, each))) {
            let what = match unknown.packages.as_slice() {
                [("", _)] => unknown.check.name().to_owned(),
                [(package, _)] => format!("{} of {package}", unknown.check),
                all => format!("{} of {} dependencies", unknown.check, all.len()),
            };
            self.unknown(&what, unknown.reason);
            let is_one = unknown.packages.len() == 1;
            for (package, subjects) in &unknown.packages {
                match (is_one, subjects.is_empty()) {
                    (true, true) => {}
                    (true, false) => self.line(&unknown::listed(subjects)),
                    (false, true) => self.line(package),
                    (false, false) => {
                        self.line(&format!("{package}: {}", unknown::listed(subjects)));
                    }
                }
            }
        }
        self.end();
    }

    /// What has changed since an earlier glide.lock, those changes that nothing is wrong with a line each.
    fn since(&mut self, project: &ProjectReport) {
        let Some(changes) = &project.since else {
            return;
        };
        self.heading(&since::since(changes));
        for finding in project.findings.iter().filter(|found| is_listed(found)) {
            self.wrapped("  ", &finding.message, (2, 4));
        }
        self.text.push('\n');
    }

    /// The same of one project among several, if anything has changed.
    pub(super) fn since_in(&mut self, project: &ProjectReport) {
        let is_told = project.since.as_ref().is_some_and(Changes::is_any);
        if is_told {
            self.heading(&format!("== {}", text::named(project)));
            self.since(project);
        }
    }

    fn package(&mut self, name: &str, component: Option<&Component>) {
        let Some(component) = component else {
            return self.heading(name);
        };
        let commit = match component.commit() {
            Some(commit) => commit.get(..12).unwrap_or(commit),
            None => &component.pin.entry.version,
        };
        let version = match &component.version {
            Some(version) => format!("{version}, {commit}"),
            None => commit.to_owned(),
        };
        let tests = if component.pin.for_tests {
            ", for tests"
        } else {
            ""
        };
        self.heading(&format!("{name} ({version}{tests})"));
        if !component.chain.is_empty() {
            let chain = component.chain.join(" → ");
            self.wrapped("  ", &format!("imported by {chain}"), (2, 4));
        }
    }

    /// A finding where it stands, with what else there is to tell.
    pub(super) fn finding<'a>(
        &mut self,
        finding: &Finding,
        place: &str,
        details: impl Iterator<Item = &'a str>,
    ) {
        let severity = finding.severity;
        let label = self.painted(&format!("{:<9}", severity.name()), color(severity));
        let words = format!("{} [{}]", finding.message, finding.rule.code);
        self.wrapped(&format!("  {label} "), &words, (INDENT, INDENT));
        let indent = " ".repeat(INDENT);
        self.wrapped(&indent, place, (INDENT, INDENT + 3));
        for detail in details {
            self.wrapped(&indent, detail, (INDENT, INDENT));
        }
        if !finding.remedy.is_empty() {
            self.wrapped(
                &indent,
                &format!("→ {}", finding.remedy),
                (INDENT, INDENT + 2),
            );
        }
    }

    /// Something that could not be looked at, and why.
    pub(super) fn unknown(&mut self, what: &str, reason: &str) {
        self.item(what);
        for line in reason.lines() {
            self.wrapped(&" ".repeat(INDENT), line.trim(), (INDENT, INDENT));
        }
    }

    /// A line of what belongs to the heading.
    pub(super) fn item(&mut self, words: &str) {
        self.wrapped("  ", words, (2, 4));
    }

    /// A line of what belongs to a finding.
    pub(super) fn line(&mut self, words: &str) {
        self.wrapped(&" ".repeat(INDENT), words, (INDENT, INDENT + 2));
    }

    /// The end of what belongs to a heading.
    pub(super) fn end(&mut self) {
        self.text.push('\n');
    }

    /// Writes words behind `first`, which shows as many columns as are told first; further lines are
    /// set in as far as is told second.
    fn wrapped(&mut self, first: &str, words: &str, (mut column, indent): (usize, usize)) {
        self.text.push_str(first);
        let mut fresh = true;
        for word in words.split_whitespace() {
            let word = text::harmless(word);
            let width = word.chars().count();
            if !fresh && column + 1 + width > WIDTH {
                self.text.push('\n');
                self.text.push_str(&" ".repeat(indent));
                column = indent;
                fresh = true;
            }
            if !fresh {
                self.text.push(' ');
                column += 1;
            }
            self.text.push_str(&word);
            column += width;
            fresh = false;
        }
        self.text.push('\n');
    }
}

/// Whether it is told with what has changed, and not with its package.
pub(super) fn is_listed(finding: &Finding) -> bool {
    finding.severity == Severity::Note && rules::is_of_change(finding.rule)
}

fn color(severity: Severity) -> &'static str {
    match severity {
        Severity::Note | Severity::Low => "",
        Severity::Medium => "\x1b[0;33m",
        Severity::High => "\x1b[0;31m",
        Severity::Critical => "\x1b[1;31m",
    }
}

/// What the report comes to, in a line.
pub fn summary(report: &Report, facts: &Facts) -> String {
    let projects = &report.projects;
    let verdict = report.verdict(facts.floor);
    let mut parts = Vec::new();
    if let Some(found) = found(report) {
        parts.push(found);
    }
    let sum = |count: fn(&ProjectReport) -> usize| projects.iter().map(count).sum::<usize>();
    for (count, words) in [
        (
            sum(|project| project.unchecked.len()),
            "could not be checked".to_owned(),
        ),
        (
            sum(|project| project.set_aside),
            format!("set aside by {FILE}"),
        ),
        (
            sum(|project| project.in_baseline),
            "in the baseline".to_owned(),
        ),
    ] {
        if count > 0 {
            parts.push(format!("{count} {words}"));
        }
    }
    let pins = sum(|project| project.components.len());
    let looked_at = || {
        let checks = report.checks.iter().copied().map(Check::name);
        let checks: Vec<_> = checks.collect();
        let pins = counted(pins, "dependency", "dependencies");
        let several = match projects.len() {
            1 => String::new(),
            _ => format!(" of {}", counted(projects.len(), "project", "projects")),
        };
        format!("{pins}{several} ({})", checks.join(", "))
    };
    let rest = parts.join("; ");
    match verdict {
        Verdict::Findings => rest,
        Verdict::Unknown => format!("not known to be clean: {rest}"),
        Verdict::Clean if rest.is_empty() => format!("clean: {}", looked_at()),
        Verdict::Clean => format!("clean: {}; {rest}", looked_at()),
    }
}

/// `2 high, 1 low in 1 project`.
fn found(report: &Report) -> Option<String> {
    let with_any = report.projects.iter();
    let projects = with_any.filter(|project| !project.findings.is_empty());
    let projects = projects.count();
    let counts = counts(report.projects.iter().flat_map(|project| &project.findings));
    (projects > 0).then(|| {
        let projects = counted(projects, "project", "projects");
        format!("{} in {projects}", counts.join(", "))
    })
}

/// `2 high`, `1 low`.
pub(super) fn counts<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Vec<String> {
    let mut counts: BTreeMap<Severity, usize> = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.severity).or_default() += 1;
    }
    let counts = counts.iter().rev();
    let counts = counts.map(|(severity, count)| match (severity, count) {
        (Severity::Note, 2..) => format!("{count} notes"),
        _ => format!("{count} {severity}"),
    });
    counts.collect()
}

pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {many}"),
    }
}
