//! Known vulnerabilities of Go itself: its standard library and its tools.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::database::Database;
use super::finding::{fixed_versions, ids, severity, use_lines};
use super::ranges::{self, Facts, Verdict};
use super::reach::{Extent, Reach, systems};
use super::record::{Affected, Import, Record};
use super::semver::Semver;
use super::standard;
use crate::audit::finding::{Check, Checked, Finding, Place, Severity, Unchecked};
use crate::audit::rules;
use crate::audit::subject::{Subject, Usage};

/// How the database names Go's own modules.
const LIBRARY: &str = "stdlib";
const TOOLS: &str = "toolchain";

/// A full version of Go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoVersion {
    /// As Go spells it, without `go` before it.
    text: String,
    /// The same in the form that records have.
    semver: String,
}

impl GoVersion {
    /// Reads `1.19.3`, `go1.19.3` or `1.19rc1`. `1.19` is the first release of its name; from 1.21 on
    /// such a name is no release.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().strip_prefix("go").unwrap_or(text.trim());
        let end = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.');
        let (numbers, rest) = text.split_at(end.unwrap_or(text.len()));
        let parts: Vec<_> = numbers.split('.').collect();
        let minor: u64 = parts.get(1)?.parse().ok()?;
        let core = match parts.len() {
            2 if minor >= 21 && rest.is_empty() => return None,
            2 => format!("{numbers}.0"),
            3 => numbers.to_owned(),
            _ => return None,
        };
        let prerelease = ["rc", "beta"].into_iter().find_map(|word| {
            let number = rest.strip_prefix(word)?;
            number
                .parse::<u32>()
                .ok()
                .map(|number| format!("-{word}.{number}"))
        });
        if !rest.is_empty() && prerelease.is_none() {
            return None;
        }
        let semver = core + &prerelease.unwrap_or_default();
        Semver::parse(&semver)?;
        Some(Self {
            text: text.to_owned(),
            semver,
        })
    }
}

/// The note that Go itself was not looked at.
pub fn go_not_checked() -> Finding {
    let message = "what is known of Go itself was not looked at".to_owned();
    Finding::new(&rules::GO_NOT_CHECKED, "", Place::lock(0), message)
        .with_remedy("name the version that builds the project: `--go-version 1.19.3`")
}

/// Looks for known vulnerabilities of the version of Go that builds the project.
pub fn vulnerable_go(subject: &Subject, database: &mut Database, go: &GoVersion) -> Checked {
    let mut checked = Checked::default();
    if database.records(LIBRARY).is_empty() {
        let reason = format!("the database has no records of Go's standard library (`{LIBRARY}`)");
        checked.unchecked.push(unchecked(reason));
    }
    let mut unused = Vec::new();
    let reached = subject.usage.as_ref().map(Reached::of);
    for module in [LIBRARY, TOOLS] {
        for record in database.records(module) {
            let record = match record {
                Ok(record) if record.is_withdrawn => continue,
                Ok(record) => record,
                Err(reason) => {
                    checked.unchecked.push(unchecked(reason));
                    continue;
                }
            };
            match judged(&record, module, go, reached.as_ref()) {
                Some(Ok(finding)) => checked.findings.push(finding),
                Some(Err(reason)) => checked.unchecked.push(unchecked(reason)),
                None => {}
            }
        }
    }
    checked.findings.retain(|finding| {
        let is_unused = finding.severity == Severity::Note;
        if is_unused {
            unused.push(finding.subject.clone());
        }
        !is_unused
    });
    checked.findings.extend(summed_up(go, &unused));
    checked
}

fn unchecked(reason: String) -> Unchecked {
    Unchecked::new(Check::Vulnerabilities, "", reason)
}

/// What a record says of the version: a finding, a note where no code uses what is affected, why nobody
/// knows, or nothing.
fn judged(
    record: &Arc<Record>,
    module: &str,
    go: &GoVersion,
    reached: Option<&Reached>,
) -> Option<Result<Finding, String>> {
    let facts = Facts {
        version: Some(&go.semver),
        is_release: true,
        ..Facts::default()
    };
    let mut worst: Option<(&Affected, Extent)> = None;
    let mut unknown = None;
    let entries = record.affected.iter();
    for affected in entries.filter(|affected| affected.module == module) {
        match ranges::judge(affected, &facts) {
            Verdict::Affected(_) => {
                let extent = extent(affected, module, reached);
                if worst
                    .as_ref()
                    .is_none_or(|(_, known)| known.reach < extent.reach)
                {
                    worst = Some((affected, extent));
                }
            }
            Verdict::Unknown(reason) => unknown = Some(reason),
            Verdict::Spared => {}
        }
    }
    match (worst, unknown) {
        (Some((affected, extent)), _) => Some(Ok(finding(record, go, affected, (module, &extent)))),
        (None, Some(why)) => Some(Err(format!(
            "{} may apply to Go {}: {why}",
            ids(record),
            go.text
        ))),
        (None, None) => None,
    }
}

fn finding(
    record: &Record,
    go: &GoVersion,
    affected: &Affected,
    (module, extent): (&str, &Extent),
) -> Finding {
    let message = format!(
        "Go {} is vulnerable: {} ({})",
        go.text,
        record.summary,
        ids(record)
    );
    let severity = match extent.reach {
        _ if module == TOOLS => Severity::Medium,
        Reach::Unused => Severity::Note,
        reach => severity(record, affected, reach),
    };
    let mut finding = Finding::new(&rules::VULNERABLE_GO, "", Place::lock(0), message)
        .about(record.id.as_str())
        .of_severity(severity);
    finding.aliases.clone_from(&record.aliases);
    finding.details = use_lines(extent);
    if module == TOOLS {
        finding.details.pop();
        let line = "in Go's own tools, which every build runs";
        finding.details.push(line.to_owned());
    }
    if !record.url.is_empty() {
        finding.details.push(record.url.clone());
    }
    let fixed = fixed_versions(affected, Some(&go.semver));
    let remedy = match fixed.first() {
        None => "no version of Go is known that mends it".to_owned(),
        Some(first) => format!("build with Go {} or later", spelled(first)),
    };
    finding.with_remedy(remedy)
}

/// A version as Go spells it: `1.20.0-rc.1` is 1.20rc1, `1.20.0-0` the first of 1.20.
fn spelled(semver: &str) -> String {
    match semver.split_once('-') {
        None => semver.to_owned(),
        Some((core, "0")) => core.to_owned(),
        Some((core, rest)) => {
            let core = core.strip_suffix(".0").unwrap_or(core);
            format!("{core}{}", rest.replace('.', ""))
        }
    }
}

/// The standard packages that are built in, and whether for tests only.
struct Reached {
    production: BTreeSet<String>,
    all: BTreeSet<String>,
    usage: Usage,
}

impl Reached {
    fn of(usage: &Usage) -> Self {
        let used = usage.standard.iter();
        let production = used.filter(|(_, used)| !used.for_tests);
        Self {
            production: standard::closure(production.map(|(path, _)| path.as_str())),
            all: standard::closure(usage.standard.keys().map(String::as_str)),
            usage: usage.clone(),
        }
    }

    fn of_package(&self, path: &str) -> Reach {
        if self.production.contains(path) {
            Reach::Production
        } else if self.all.contains(path) {
            Reach::Tests
        } else if standard::is_known(path) {
            Reach::Unused
        } else {
            // A later version of Go has packages that others may import there.
            Reach::Assumed
        }
    }
}

fn extent(affected: &Affected, module: &str, reached: Option<&Reached>) -> Extent {
    let imports: Vec<&Import> = affected.imports.iter().collect();
    let of_package = |import: &&Import| match reached {
        _ if module == TOOLS => Reach::Assumed,
        Some(reached) => reached.of_package(&import.path),
        None => Reach::Assumed,
    };
    let mut found: Vec<_> = imports
        .iter()
        .map(|import| (of_package(import), *import))
        .collect();
    let worst = found.iter().map(|(reach, _)| *reach).max();
    let worst = worst.unwrap_or(Reach::Assumed);
    found.retain(|(reach, _)| *reach == worst);
    let first = found.first().map(|(_, import)| import.path.clone());
    let chain = first.zip(reached).and_then(|(path, reached)| {
        let mut chain = reached.usage.standard.get(&path)?.chain.clone();
        chain.push(path);
        Some(chain)
    });
    let packages = found.iter();
    Extent {
        reach: worst,
        packages: packages
            .map(|(_, import)| (import.path.clone(), import.symbols.clone()))
            .collect(),
        chain: chain.unwrap_or_default(),
        systems: systems(&imports),
    }
}

/// One note for all that is known of packages which no code uses.
fn summed_up(go: &GoVersion, unused: &[String]) -> Option<Finding> {
    let count = unused.len();
    (count > 0).then(|| {
        let message = format!(
            "of Go {} {count} more vulnerabilities are known, in packages that no code uses",
            go.text
        );
        Finding::new(&rules::VULNERABLE_GO, "", Place::lock(0), message)
            .of_severity(Severity::Note)
            .about("unused")
            .with_detail(unused.join(", "))
    })
}
