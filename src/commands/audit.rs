//! `audit`: what is wrong with glide.lock, vendor/ and what they pin.
//!
//! Reads the projects, asks for what the checks need, runs them, and gives back one report.

mod code;
mod projects;
mod vendor;
mod writing;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

pub(super) use code::ProjectCode;
use projects::Decided;
pub use writing::Writing;

use super::network::Network;
use super::project::{self, Project};
use super::{Context, Outcome, parallel};
use crate::audit::render::{Facts, Format};
use crate::audit::{
    self, Check, Checked, Component, Day, Histories, History, Manifest, Pinned, ProjectReport,
    Report, Severity, Subject, Unchecked, Verdict,
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
    /// The checks to run, in order; none for those of the policy, or all.
    pub checks: Vec<Check>,
    /// Folders of projects; the project around the working folder where there are none.
    pub paths: Vec<PathBuf>,
    /// Whether every project below these folders, or the working folder, is looked at.
    pub workspace: bool,
    /// The policy for all projects; each one's own where there is none.
    pub policy: Option<PathBuf>,
    /// The mildest severity that makes the audit fail; the policy's where there is none.
    pub floor: Option<Severity>,
    /// An earlier report, what stands in which does not count.
    pub baseline: Option<PathBuf>,
    /// How the report is written.
    pub written: Writing,
}

impl AuditOptions {
    /// Tells the names of checks from paths. (`./drift` is a folder of that name.)
    pub fn sorted_out(words: &[String]) -> (Vec<Check>, Vec<PathBuf>) {
        let is_check = |word: &&String| Check::parse(word).is_some();
        let (checks, paths): (Vec<_>, Vec<_>) = words.iter().partition(is_check);
        let checks = checks.iter().filter_map(|word| Check::parse(word));
        let mut checks: Vec<_> = checks.collect();
        checks.sort_unstable();
        checks.dedup();
        (checks, paths.into_iter().map(PathBuf::from).collect())
    }
}

/// Audits and gives back the report. Whatever keeps it from being made ends in the code of what could
/// not be checked.
pub fn audit(context: &Context<'_>, options: &AuditOptions) -> Result<Outcome, Failure> {
    audited(context, options).map_err(|failure| failure.with_code(Verdict::Unknown.exit_code()))
}

fn audited(context: &Context<'_>, options: &AuditOptions) -> Result<Outcome, Failure> {
    let baseline = writing::baseline(context, options.baseline.as_deref())?;
    let snapshot = options.written.snapshot(&context.settings.build)?;
    let projects = projects::projects(context, options)?;
    let policies = projects::policies(context, options.policy.as_deref(), &projects)?;
    let checks = checks(options, &policies);
    let network = Network::new(context.settings, Policy::Remember);
    let mirrors = project::mirrors(&context.settings.home)?;
    let remotes = network.remotes()?;
    let mut report = Report {
        checks: checks.clone(),
        projects: Vec::new(),
    };
    for (name, project) in projects {
        let examined = match subject(&project, &name, (&network, &mirrors)) {
            Ok(subject) => examined(
                context,
                subject,
                (&checks, options.written.format, &remotes),
            ),
            Err(failure) => unreadable(name, checks[0], &failure),
        };
        report.projects.push(examined);
    }
    let mut floor = options.floor;
    for (decided, sharing) in &policies {
        floor = floor.or(decided.policy.floor);
        audit::apply(
            &decided.policy,
            &decided.file,
            sharing,
            &mut report,
            today(),
        );
    }
    if let Some(baseline) = baseline {
        baseline.apply(&mut report);
    }
    let facts = Facts {
        floor: floor.unwrap_or(Severity::Low),
        now: context.settings.source_date_epoch.unwrap_or_else(now),
        color: context.settings.color_output && options.written.output.is_none(),
        snapshot,
    };
    options.written.write(context, &report, &facts)
}

/// The checks that are asked for: on the command line, else by a policy, else all.
fn checks(options: &AuditOptions, policies: &[(Decided, Vec<usize>)]) -> Vec<Check> {
    if !options.checks.is_empty() {
        return options.checks.clone();
    }
    let mut wanted = policies
        .iter()
        .filter_map(|(decided, _)| decided.policy.checks.clone());
    match wanted.next().filter(|checks| !checks.is_empty()) {
        Some(mut checks) => {
            checks.extend(wanted.flatten());
            checks.sort_unstable();
            checks.dedup();
            checks
        }
        None => Check::ALL.to_vec(),
    }
}

/// The report of a project that cannot be audited.
fn unreadable(name: String, check: Check, failure: &Failure) -> ProjectReport {
    let unchecked = Unchecked {
        check,
        package: String::new(),
        reason: failure.render(),
    };
    ProjectReport {
        name,
        unchecked: vec![unchecked],
        ..ProjectReport::default()
    }
}

/// The day that it is, in UTC.
fn today() -> Day {
    Day::of_unix(now())
}

/// The moment that it is, in seconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let seconds = since.map_or(0, |since| since.as_secs());
    i64::try_from(seconds).unwrap_or(0)
}

/// Reads a project.
fn subject(
    project: &Project,
    name: &str,
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
        name: name.to_owned(),
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
    (checks, format, remotes): (&[Check], Format, &Remotes),
) -> ProjectReport {
    let mut found = Checked::default();
    let about_code = [Check::Drift, Check::Vulnerabilities];
    if format.tells_edges() || about_code.iter().any(|check| checks.contains(check)) {
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
        components: Component::all(&subject),
        name: subject.name,
        findings: found.findings,
        unchecked: found.unchecked,
        ..ProjectReport::default()
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
