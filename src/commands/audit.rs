//! `audit`: what is wrong with glide.lock, vendor/ and what they pin.
//!
//! Reads the projects, asks for what the checks need, runs them, and gives back one report.

mod code;
mod past;
mod projects;
mod vendor;

use std::path::{Path, PathBuf};
use std::time::SystemTime;

pub(super) use code::ProjectCode;
use past::Pasts;
use projects::Decided;

use super::network::Network;
use super::project::{self, Project};
use super::{Context, Outcome, parallel};
use crate::audit::{
    self, Check, Checked, Day, Manifest, Policy, ProjectReport, Report, Severity, Subject,
    Unchecked, Verdict,
};
use crate::discover;
use crate::error::Failure;
use crate::fsx;
use crate::live::Remotes;
use crate::manifest::{Lock, Mirrors};
use crate::vcs::Freshness;
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
    /// Whether nobody is asked: what the cache holds has to do.
    pub offline: bool,
    /// The mildest severity that makes the audit fail; the policy's where there is none.
    pub floor: Option<Severity>,
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
    let projects = projects::projects(context, options)?;
    let policies = projects::policies(context, options.policy.as_deref(), &projects)?;
    let checks = checks(options, &policies);
    let network = Network::new(context.settings, discover::Policy::Remember);
    let mirrors = project::mirrors(&context.settings.home)?;
    let remotes = network.remotes()?;
    let mut read = Vec::new();
    for (name, project) in projects {
        let subject = subject(&project, &name, (&network, &mirrors));
        read.push(subject.map_err(|failure| unreadable(name, checks[0], &failure)));
    }
    let pins = read.iter().flatten().flat_map(|subject| &subject.pins);
    let needs_pasts = |check: &Check| {
        matches!(
            check,
            Check::Drift | Check::Provenance | Check::Vulnerabilities
        )
    };
    let pins = pins.filter(|_| checks.iter().any(needs_pasts));
    let freshness = match options.offline {
        true => Freshness::Offline,
        false => Freshness::Ask,
    };
    let pasts = Pasts::ask(context, &remotes, freshness, pins);
    let nothing = Policy::default();
    let examined = read.into_iter().enumerate().map(|(at, read)| {
        let policy = policies.iter().find(|(_, sharing)| sharing.contains(&at));
        let policy = policy.map_or(&nothing, |(decided, _)| &decided.policy);
        let world = (&remotes, &pasts, policy);
        read.map_or_else(
            |told| told,
            |subject| examined(context, subject, (&checks, world)),
        )
    });
    let mut report = Report {
        projects: examined.collect(),
        checks: checks.clone(),
    };
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
    Ok(Outcome {
        output: audit::render::table(&report).into_bytes(),
        code: report.verdict(floor.unwrap_or(Severity::Low)).exit_code(),
    })
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
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let seconds = since.map_or(0, |since| since.as_secs());
    Day::of_unix(i64::try_from(seconds).unwrap_or(0))
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
    (checks, (remotes, pasts, policy)): (&[Check], (&Remotes, &Pasts<'_>, &Policy)),
) -> ProjectReport {
    let mut found = Checked::default();
    if checks.contains(&Check::Drift) || checks.contains(&Check::Vulnerabilities) {
        found
            .unchecked
            .extend(trace(context, &mut subject, remotes));
    }
    for check in checks {
        match check {
            Check::Drift => found.extend(audit::drift(&subject, pasts)),
            Check::Integrity => {
                let state = vendor::vendor_state(context, &subject, remotes);
                found.extend(audit::integrity(&subject, &state));
            }
            Check::Provenance => found.extend(audit::provenance(&subject, pasts, policy)),
            Check::Vulnerabilities | Check::Licences | Check::Policy => {}
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
