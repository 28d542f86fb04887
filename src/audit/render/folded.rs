//! Many projects in one table: by dependency, worst first, and what is wrong with it in all of them at
//! once, so that 300 projects that share a dependency tell of it once.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::super::finding::{Check, Finding, Severity};
use super::super::report::{ProjectReport, Report};
use super::table::{Page, counted, counts, is_listed};
use super::text;
use super::unknown::{self, Unknown};

/// How many places of a finding are told.
const PLACES: usize = 3;
/// How many dependencies that could not be checked are named for each reason.
const UNKNOWN: usize = 20;
/// How many projects are listed.
const PROJECTS: usize = 20;

type Placed<'a> = (&'a ProjectReport, &'a Finding);
/// What has to be the same for findings to be told at once.
type Key<'a> = (Reverse<Severity>, Check, &'static str, &'a str);

/// What is wrong with one dependency.
#[derive(Default)]
struct Section<'a> {
    findings: BTreeMap<Key<'a>, Vec<Placed<'a>>>,
}

impl Section<'_> {
    /// The worst comes first, then what concerns the most projects.
    fn rank(&self) -> (Option<Reverse<Severity>>, Reverse<usize>) {
        let worst = self.findings.keys().next();
        let widest = self.findings.values().map(Vec::len).max();
        (worst.map(|key| key.0), Reverse(widest.unwrap_or_default()))
    }
}

pub(super) fn folded(page: &mut Page, report: &Report) {
    let mut sections: BTreeMap<&str, Section<'_>> = BTreeMap::new();
    for project in &report.projects {
        page.since_in(project);
        for finding in project.findings.iter().filter(|found| !is_listed(found)) {
            let section = sections.entry(&finding.package).or_default();
            let rule = finding.rule;
            let key = (
                Reverse(finding.severity),
                rule.check,
                rule.code,
                finding.subject.as_str(),
            );
            section
                .findings
                .entry(key)
                .or_default()
                .push((project, finding));
        }
    }
    let mut sections: Vec<_> = sections.into_iter().collect();
    sections.sort_by_key(|(name, section)| (section.rank(), *name));
    let pinned = pinned(report);
    for (package, section) in &sections {
        heading(page, package, pinned.get(package));
        for places in section.findings.values() {
            told(page, package, places);
        }
        page.end();
    }
    unchecked(page, report);
    projects(page, report);
}

/// By how many projects, and at which versions, each dependency is pinned.
fn pinned(report: &Report) -> BTreeMap<&str, (usize, BTreeSet<&str>)> {
    let mut found: BTreeMap<&str, (usize, BTreeSet<&str>)> = BTreeMap::new();
    for project in &report.projects {
        let mut here = BTreeSet::new();
        for component in &project.components {
            let (projects, versions) = found.entry(component.name()).or_default();
            *projects += usize::from(here.insert(component.name()));
            versions.insert(&component.pin.entry.version);
        }
    }
    found
}

fn heading(page: &mut Page, package: &str, pinned: Option<&(usize, BTreeSet<&str>)>) {
    match (package, pinned) {
        ("", _) => page.heading("the projects themselves"),
        (package, Some((projects, versions))) => page.heading(&format!(
            "{package} (pinned by {}, {})",
            counted(*projects, "project", "projects"),
            match versions.len() {
                1 => "all at one commit".to_owned(),
                count => format!("at {count} commits"),
            }
        )),
        (package, None) => page.heading(package),
    }
}

/// Tells a finding with all projects that it is in. Its words are those of the first one; what does not
/// hold in the others is left out.
fn told(page: &mut Page, package: &str, places: &[Placed<'_>]) {
    let (_, first) = places[0];
    let details = first.details.iter().filter(|detail| {
        let mut others = places.iter();
        others.all(|(_, finding)| finding.details.contains(detail))
    });
    let spots: Vec<_> = places
        .iter()
        .map(|(project, finding)| text::spot(project, finding))
        .collect();
    let spots = unknown::some_of(spots.iter().map(String::as_str), PLACES);
    let versions = places.iter().filter_map(|(project, _)| {
        let mut components = project.components.iter();
        let component = components.find(|component| component.name() == package);
        component.map(|component| component.pin.entry.version.as_str())
    });
    let versions: BTreeSet<_> = versions.collect();
    let place = match (places.len(), versions.len()) {
        (1, _) => format!("at {spots}"),
        (count, 0 | 1) => format!("in {count} projects: {spots}"),
        (count, commits) => format!("in {count} projects, at {commits} commits: {spots}"),
    };
    page.finding(first, &place, details.map(String::as_str));
}

fn unchecked(page: &mut Page, report: &Report) {
    let all = report
        .projects
        .iter()
        .enumerate()
        .flat_map(|(at, project)| {
            let unchecked = project.unchecked.iter();
            unchecked.map(move |unchecked| (at, unchecked))
        });
    let unknown = unknown::together(all);
    if unknown.is_empty() {
        return;
    }
    page.heading("could not be checked");
    for unknown in &unknown {
        page.unknown(&what(unknown, report), unknown.reason);
        let names: BTreeSet<_> = unknown.packages.iter().map(|(name, _)| *name).collect();
        let names: Vec<_> = names.into_iter().filter(|name| !name.is_empty()).collect();
        if names.len() > 1 {
            page.line(&unknown::some_of(names.into_iter(), UNKNOWN));
        }
    }
    page.end();
}

/// `drift of 12 dependencies in 40 projects`.
fn what(unknown: &Unknown<'_>, report: &Report) -> String {
    let names: BTreeSet<_> = unknown.packages.iter().map(|(name, _)| *name).collect();
    let of = match (unknown.named(), names.len()) {
        (0, _) => String::new(),
        (_, 1) => format!(" of {}", names.first().copied().unwrap_or_default()),
        (_, count) => format!(" of {count} dependencies"),
    };
    let whole = match unknown.projects.as_slice() {
        [one] => (report.projects.get(*one)).map_or_else(String::new, text::named),
        all => format!("{} projects", all.len()),
    };
    format!("{}{of} in {whole}", unknown.check)
}

/// The projects with the worst findings.
fn projects(page: &mut Page, report: &Report) {
    let worth_telling =
        |project: &&ProjectReport| !project.findings.is_empty() || !project.unchecked.is_empty();
    let mut projects: Vec<_> = report.projects.iter().filter(worth_telling).collect();
    let rank = |project: &ProjectReport| {
        let of = |severity| {
            let findings = project.findings.iter();
            Reverse(
                findings
                    .filter(|finding| finding.severity == severity)
                    .count(),
            )
        };
        Severity::ALL.map(of)
    };
    projects.sort_by_cached_key(|project| {
        let mut worst = rank(project);
        worst.reverse();
        (worst, Reverse(project.unchecked.len()))
    });
    if projects.is_empty() {
        return;
    }
    page.heading("projects");
    for project in projects.iter().take(PROJECTS) {
        let mut parts = counts(&project.findings);
        match project.unchecked.len() {
            0 => {}
            count => parts.push(format!("{count} could not be checked")),
        }
        page.item(&format!("{}: {}", text::named(project), parts.join(", ")));
    }
    if let more @ 1.. = projects.len().saturating_sub(PROJECTS) {
        page.item(&format!("{more} more (`--format json` lists all)"));
    }
    page.end();
}
