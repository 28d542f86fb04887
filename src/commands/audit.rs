//! `audit`: what is wrong with glide.lock, vendor/ and what they pin.
//!
//! Reads the projects, asks for what the checks need, runs them, and gives back one report.

mod database;
mod download;
mod vulnerabilities;

use std::path::{Path, PathBuf};

use vulnerabilities::Advisories;

use super::network::Network;
use super::project::{self, Project};
use super::{Context, Outcome};
use crate::audit::advisories::GoVersion;
use crate::audit::{self, Check, Checked, Manifest, ProjectReport, Report, Severity, Subject};
use crate::discover::Policy;
use crate::error::Failure;
use crate::fsx;
use crate::manifest::{Lock, Mirrors};

/// What `audit` is asked to do.
#[derive(Clone, Debug, Default)]
pub struct AuditOptions {
    /// The checks to run, in order.
    pub checks: Vec<Check>,
    /// Folders of projects; the project around the working folder where there are none.
    pub paths: Vec<PathBuf>,
    /// The vulnerability database: a zip file, a folder or an address; the Go project's own where there
    /// is none.
    pub database: Option<String>,
    /// The version of Go that builds the projects, if it is to be checked.
    pub go: Option<GoVersion>,
}

impl AuditOptions {
    /// Tells the names of checks from paths; without any such name all checks run. (`./drift` is a
    /// folder of that name.)
    pub fn sorted_out(words: &[String]) -> (Vec<Check>, Vec<PathBuf>) {
        let is_check = |word: &&String| Check::parse(word).is_some();
        let (checks, paths): (Vec<_>, Vec<_>) = words.iter().partition(is_check);
        let mut checks: Vec<_> = checks
            .iter()
            .filter_map(|word| Check::parse(word))
            .collect();
        checks.sort_unstable();
        checks.dedup();
        if checks.is_empty() {
            checks = Check::ALL.to_vec();
        }
        (checks, paths.into_iter().map(PathBuf::from).collect())
    }
}

/// Audits and gives back the report.
pub fn audit(context: &Context<'_>, options: &AuditOptions) -> Result<Outcome, Failure> {
    let network = Network::new(context.settings, Policy::Remember);
    let mirrors = project::mirrors(&context.settings.home)?;
    let mut report = Report {
        checks: options.checks.clone(),
        projects: Vec::new(),
    };
    let wants_advisories = options.checks.contains(&Check::Vulnerabilities);
    let mut advisories = wants_advisories.then(|| {
        Advisories::open(
            context,
            &network,
            options.database.as_deref(),
            options.go.clone(),
        )
    });
    for (name, project) in projects(context, &options.paths)? {
        let subject = subject(&project, name, (&network, &mirrors))?;
        let mut found = examined(&subject, &options.checks);
        if let Some(advisories) = &mut advisories {
            let checked = advisories.check(context, &subject, &network.remotes()?);
            found.findings.extend(checked.findings);
            found.unchecked.extend(checked.unchecked);
            found.sort();
        }
        report.projects.push(found);
    }
    Ok(Outcome {
        output: audit::render::table(&report).into_bytes(),
        code: report.verdict(Severity::Low).exit_code(),
    })
}

/// The projects to look at, with the names that reports give them.
fn projects(context: &Context<'_>, paths: &[PathBuf]) -> Result<Vec<(String, Project)>, Failure> {
    if paths.is_empty() {
        return Ok(vec![(String::new(), Project::find(context)?)]);
    }
    let projects = paths.iter().map(|path| {
        let folder = context.settings.folder.join(path);
        let manifest = folder.join(&context.settings.yaml);
        (path.display().to_string(), Project { folder, manifest })
    });
    Ok(projects.collect())
}

/// Reads a project.
fn subject(
    project: &Project,
    name: String,
    (network, mirrors): (&Network, &Mirrors),
) -> Result<Subject, Failure> {
    let lock_path = project.lock_path();
    let lock_text = fsx::read(&lock_path).map_err(Failure::from)?;
    let lock = Lock::parse(&lock_text).map_err(|error| {
        let what = format!("Could not load {}", lock_path.display()); // Glide text
        Failure::from(error).about(what)
    })?;
    let manifest = match fsx::read_if_exists(&project.manifest)? {
        None => None,
        Some(text) => Some(Manifest {
            file: file_name(&project.manifest),
            config: project.config_of(&text, network)?,
            text,
        }),
    };
    Ok(Subject {
        name,
        folder: project.folder.clone(),
        manifest,
        pins: Subject::pins(&lock, &lock_text, mirrors),
        lock,
        lock_text,
        usage: None,
    })
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// Runs the checks over a project.
fn examined(subject: &Subject, checks: &[Check]) -> ProjectReport {
    let mut found = Checked::default();
    for check in checks {
        if *check == Check::Drift {
            found.extend(audit::drift(subject));
        }
    }
    let package = subject.manifest.as_ref();
    let mut report = ProjectReport {
        name: subject.name.clone(),
        package: package.map_or_else(String::new, |manifest| manifest.config.package.clone()),
        pins: subject.pins.clone(),
        findings: found.findings,
        unchecked: found.unchecked,
        set_aside: 0,
    };
    report.sort();
    report
}
