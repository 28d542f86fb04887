//! `audit`: what is wrong with glide.lock, vendor/ and what they pin.
//!
//! Reads the projects, asks for what the checks need, runs them, and gives back one report.

mod code;
mod vendor;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use code::ProjectCode;

use super::network::Network;
use super::project::{self, Project};
use super::{Context, Outcome, parallel};
use crate::audit::{
    self, Check, Checked, Histories, History, Manifest, Pinned, ProjectReport, Report, Severity,
    Subject, Unchecked, Verdict,
};
use crate::discover::Policy;
use crate::error::Failure;
use crate::fsx;
use crate::live::Remotes;
use crate::manifest::{Lock, Mirrors};
use crate::vcs::git::Want;

/// What `audit` is asked to do.
#[derive(Clone, Debug, Default)]
pub struct AuditOptions {
    /// The checks to run, in order.
    pub checks: Vec<Check>,
    /// Folders of projects; the project around the working folder where there are none.
    pub paths: Vec<PathBuf>,
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

/// Audits and gives back the report. Whatever keeps it from being made ends in the code of what could
/// not be checked.
pub fn audit(context: &Context<'_>, options: &AuditOptions) -> Result<Outcome, Failure> {
    let report = report(context, options)
        .map_err(|failure| failure.with_code(Verdict::Unknown.exit_code()))?;
    Ok(Outcome {
        output: audit::render::table(&report).into_bytes(),
        code: report.verdict(Severity::Low).exit_code(),
    })
}

fn report(context: &Context<'_>, options: &AuditOptions) -> Result<Report, Failure> {
    let network = Network::new(context.settings, Policy::Remember);
    let mirrors = project::mirrors(&context.settings.home)?;
    let mut report = Report {
        checks: options.checks.clone(),
        projects: Vec::new(),
    };
    for (name, project) in projects(context, &options.paths)? {
        let subject = subject(&project, name, (&network, &mirrors))?;
        let remotes = network.remotes()?;
        let checks = &options.checks;
        report
            .projects
            .push(examined(context, subject, (checks, &remotes)));
    }
    Ok(report)
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

/// Finds out what the code uses; gives back what of it could not be read.
fn trace(context: &Context<'_>, subject: &mut Subject, remotes: &Remotes) -> Vec<Unchecked> {
    let Some(manifest) = &subject.manifest else {
        return Vec::new();
    };
    let config = &manifest.config;
    let code = ProjectCode::new(context.settings, &subject.folder, config, Some(remotes));
    let missing = subject.pins.iter().filter(|pin| !code.is_in_vendor(pin));
    let missing: Vec<_> = missing.collect();
    parallel::map(&missing, context.settings.fetches, |pin| {
        let want = Want::parse(&pin.entry.version);
        // Whoever reads it is told what went wrong.
        drop(remotes.obtain(&pin.entry.name, &pin.remote, &want));
    });
    match audit::usage(&code, &subject.pins) {
        Ok((usage, unread)) => {
            subject.usage = Some(usage);
            unread
        }
        Err(reason) => vec![Unchecked {
            check: Check::Drift,
            package: String::new(),
            reason,
        }],
    }
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// Runs the checks over a project.
fn examined(
    context: &Context<'_>,
    mut subject: Subject,
    (checks, remotes): (&[Check], &Remotes),
) -> ProjectReport {
    let mut found = Checked::default();
    if checks.contains(&Check::Drift) || checks.contains(&Check::Vulnerabilities) {
        found
            .unchecked
            .extend(trace(context, &mut subject, remotes));
    }
    for check in checks {
        match check {
            Check::Drift => found.extend(audit::drift(&subject, &NoHistories)),
            Check::Integrity => {
                let state = vendor::vendor_state(context, &subject, remotes);
                found.extend(audit::integrity(&subject, &state));
            }
            Check::Provenance | Check::Vulnerabilities | Check::Licences | Check::Policy => {}
        }
    }
    let manifest = subject.manifest.as_ref();
    let mut report = ProjectReport {
        package: manifest.map_or_else(String::new, |manifest| manifest.config.package.clone()),
        name: subject.name,
        pins: subject.pins,
        findings: found.findings,
        unchecked: found.unchecked,
        set_aside: 0,
    };
    report.sort();
    report
}

/// Nobody knows any history.
struct NoHistories;

impl Histories for NoHistories {
    fn of(&self, _: &Pinned) -> Result<Arc<dyn History>, String> {
        Err("its history is not known".to_owned())
    }
}
