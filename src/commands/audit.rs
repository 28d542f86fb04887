//! `audit`: what is wrong with glide.lock, vendor/ and what they pin.
//!
//! Reads the projects, asks for what the checks need, runs them, and gives back one report.

mod code;
mod database;
mod download;
mod licences;
mod past;
mod projects;
mod reading;
mod shared;
mod since;
mod trees;
mod vendor;
mod versions;
mod vulnerabilities;
mod writing;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

pub(super) use code::ProjectCode;
pub(super) use download::now;
use licences::Licences;
pub(super) use past::Pasts;
use projects::{Decided, Projects};
pub(super) use reading::subject;
use shared::Shared;
use since::Since;
pub(super) use trees::Trees;
use versions::PinnedVersions;
use vulnerabilities::Advisories;
pub use writing::Writing;

use super::network::Network;
use super::{Context, Outcome, parallel, project};
use crate::audit::advisories::GoVersion;
use crate::audit::render::Facts;
use crate::audit::{
    self, Check, Checked, Component, Day, Identities, Policy, ProjectReport, Report, Severity,
    Subject, Unchecked, Verdict,
};
use crate::discover;
use crate::error::Failure;
use crate::live::Remotes;
use crate::vcs::Freshness;

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
    /// The vulnerability database: a zip file, a folder or an address; the Go project's own where there
    /// is none.
    pub database: Option<String>,
    /// The version of Go that builds the projects, if it is to be checked.
    pub go: Option<GoVersion>,
    /// The revision of the projects' repositories, what has changed since which is told.
    pub since: Option<String>,
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
    let Projects { found, unread } = projects::projects(context, options)?;
    let policies = projects::policies(context, options.policy.as_deref(), &found)?;
    let checks = checks(options, &policies, found.len());
    let mut settings = context.settings.clone();
    settings.net.offline = options.offline;
    let network = Network::new(&settings, discover::Policy::Remember);
    let mirrors = project::mirrors(&context.settings.home)?;
    let since = options.since.as_deref();
    let since = since.map(|revision| Since::new(revision, &checks, &mirrors));
    let since = since.transpose()?;
    let mut read = Vec::new();
    for (name, project) in found {
        let subject = reading::subject(&project, &name, (&network, &mirrors));
        read.push(subject.map_err(|failure| unreadable(name, checks[0], &failure)));
    }
    let remotes = network.remotes()?;
    let pasts = pasts(context, (options, &checks), &remotes, read.iter().flatten());
    if let Some(lacking) = pasts.lacking() {
        context.reporter.warn(lacking);
    }
    let advisories = checks.contains(&Check::Vulnerabilities);
    let auditor = Auditor {
        context,
        checks: &checks,
        are_named: !options.checks.is_empty(),
        tells_edges: options.written.format.tells_edges(),
        remotes: &remotes,
        pasts: &pasts,
        advisories: advisories.then(|| Advisories::open(context, &network, options)),
        licences: Licences::open(&network.cache),
        since,
        shared: Arc::new(Shared::new(options.offline)),
    };
    let mut projects = auditor.all(&read, &policies);
    let unread = unread.into_iter();
    projects.extend(unread.map(|(name, failure)| unreadable(name, checks[0], &failure)));
    auditor.licences.keep();
    let mut report = Report {
        projects,
        checks: checks.clone(),
    };
    for (Decided { policy, file }, sharing) in &policies {
        // The policy of one project decides nothing for the others.
        for project in sharing.iter().filter(|_| options.floor.is_none()) {
            report.projects[*project].floor = policy.floor;
        }
        audit::apply(policy, file, sharing, &mut report, today());
    }
    if let Some(baseline) = baseline {
        baseline.apply(&mut report);
    }
    let facts = Facts {
        floor: options.floor.unwrap_or_else(|| report.mildest_floor()),
        now: context
            .settings
            .source_date_epoch
            .unwrap_or_else(download::now),
        color: context.settings.color_output && options.written.output.is_none(),
        snapshot,
    };
    options.written.write(context, &report, &facts)
}

/// The checks that are asked for: on the command line, else by the policy of each project, else all.
fn checks(
    options: &AuditOptions,
    policies: &[(Decided, Vec<usize>)],
    projects: usize,
) -> Vec<Check> {
    if !options.checks.is_empty() {
        return options.checks.clone();
    }
    let decided: usize = policies.iter().map(|(_, sharing)| sharing.len()).sum();
    let of_policies = policies
        .iter()
        .map(|(decided, _)| decided.policy.checks_or_all());
    let of_others: &[Check] = if decided < projects { &Check::ALL } else { &[] };
    let wanted = of_policies.chain([of_others]).flatten().copied();
    let wanted: BTreeSet<_> = wanted.collect();
    wanted.into_iter().collect()
}

/// Asks for the histories that these checks need.
fn pasts<'a, 's>(
    context: &Context<'_>,
    (options, checks): (&AuditOptions, &[Check]),
    remotes: &'a Remotes,
    subjects: impl Iterator<Item = &'s Subject>,
) -> Pasts<'a> {
    let needed = checks.iter().any(|check| {
        matches!(
            check,
            Check::Drift | Check::Provenance | Check::Vulnerabilities
        )
    });
    let freshness = if options.offline {
        Freshness::Offline
    } else {
        Freshness::Ask
    };
    let pins = subjects
        .flat_map(|subject| &subject.pins)
        .filter(|_| needed);
    Pasts::ask(context, remotes, freshness, pins)
}

/// The report of a project that cannot be audited.
fn unreadable(name: String, check: Check, failure: &Failure) -> ProjectReport {
    ProjectReport {
        name,
        unchecked: vec![Unchecked::new(check, "", failure.render())],
        ..ProjectReport::default()
    }
}

/// The day that it is, in UTC.
fn today() -> Day {
    Day::of_unix(download::now())
}

/// What all projects are examined with.
struct Auditor<'a> {
    context: &'a Context<'a>,
    checks: &'a [Check],
    /// Whether the command line names them, so that no policy does.
    are_named: bool,
    /// Whether the report shows who needs whom.
    tells_edges: bool,
    remotes: &'a Remotes,
    pasts: &'a Pasts<'a>,
    advisories: Option<Advisories>,
    licences: Licences,
    since: Option<Since<'a>>,
    /// What projects know of the same commits.
    shared: Arc<Shared>,
}

impl Auditor<'_> {
    /// Examines all projects, a few at a time; those that could not be read have their report already.
    fn all(
        &self,
        read: &[Result<Subject, ProjectReport>],
        policies: &[(Decided, Vec<usize>)],
    ) -> Vec<ProjectReport> {
        let nothing = Policy::default();
        let first = read.iter().position(Result::is_ok);
        let places: Vec<usize> = (0..read.len()).collect();
        parallel::map(&places, self.context.settings.writers, |&at| {
            let policy = policies.iter().find(|(_, sharing)| sharing.contains(&at));
            let policy = policy.map_or(&nothing, |(decided, _)| &decided.policy);
            let once = self.advisories.as_ref().filter(|_| first == Some(at));
            let once = once.map_or_else(Checked::default, |all| all.once().clone());
            match &read[at] {
                Ok(subject) => self.examine(subject.clone(), policy, once),
                Err(told) => told.clone(),
            }
        })
    }

    /// Runs the checks over a project, to add to what is told of it in any case.
    fn examine(&self, mut subject: Subject, policy: &Policy, mut found: Checked) -> ProjectReport {
        let trees = Trees::new(subject.folder.join("vendor"), Some(self.remotes));
        let trees = trees.sharing(&self.shared);
        let checks = if self.are_named {
            self.checks
        } else {
            policy.checks_or_all()
        };
        let needs_usage = |check: &&Check| {
            matches!(
                check,
                Check::Drift | Check::Vulnerabilities | Check::Licences
            )
        };
        let asker = checks.iter().find(needs_usage);
        if self.tells_edges || asker.is_some() {
            let mut unread = self.trace(&mut subject, &trees);
            if asker == Some(&Check::Licences) {
                // Which folders' licences count is all that it was asked for.
                for unread in &mut unread {
                    unread.check = Check::Licences;
                }
            }
            found.unchecked.extend(unread);
        }
        let identities = if self.tells_edges || checks.contains(&Check::Licences) {
            self.licences.identify(self.context, &subject, &trees)
        } else {
            Identities::new()
        };
        let (mut excepted, mut since) = (BTreeSet::new(), None);
        for check in checks {
            found.extend(match check {
                Check::Drift => audit::drift(&subject, self.pasts),
                Check::Integrity => {
                    let state =
                        vendor::vendor_state(self.context, &subject, (self.remotes, &self.shared));
                    audit::integrity(&subject, &state)
                }
                Check::Provenance => {
                    let mut checked = audit::provenance(&subject, self.pasts, policy);
                    if let Some(earlier) = &self.since {
                        let (changes, told) = earlier.changes(&subject, self.pasts);
                        checked.extend(told);
                        since = changes;
                    }
                    checked
                }
                Check::Vulnerabilities => match &self.advisories {
                    Some(advisories) => advisories.check(&subject, (self.pasts, &trees)),
                    None => Checked::default(),
                },
                Check::Licences => {
                    let (checked, needed) =
                        audit::licences(&subject, &identities, &policy.licences, today());
                    excepted = needed;
                    checked
                }
                Check::Policy => Checked::default(),
            });
        }
        let manifest = subject.manifest.as_ref();
        let mut report = ProjectReport {
            package: manifest.map_or_else(String::new, |manifest| manifest.config.package.clone()),
            components: self.components(&subject, &trees, &identities),
            excepted,
            checks: checks.to_vec(),
            since,
            name: subject.name,
            findings: found.findings,
            unchecked: found.unchecked,
            ..ProjectReport::default()
        };
        report.sort();
        report
    }

    /// What is pinned, with the versions that histories give it, and its licences.
    fn components(
        &self,
        subject: &Subject,
        trees: &Trees<'_>,
        identities: &Identities,
    ) -> Vec<Component> {
        let versions = PinnedVersions {
            pasts: self.pasts,
            trees,
        };
        let mut components = Component::all(subject);
        for component in &mut components {
            component.version = versions.of_go(&component.pin);
            let identified = identities
                .get(component.name())
                .and_then(|known| known.as_ref().ok());
            component.licence = identified.and_then(|known| known.expression.clone());
        }
        components
    }

    /// Finds out what the code uses; gives back what of it could not be read.
    fn trace(&self, subject: &mut Subject, trees: &Trees<'_>) -> Vec<Unchecked> {
        let Some(manifest) = &subject.manifest else {
            return Vec::new();
        };
        let settings = self.context.settings;
        let code = ProjectCode::new(settings, &subject.folder, &manifest.config, trees);
        let missing = subject
            .pins
            .iter()
            .filter(|pin| trees.in_vendor(pin).is_none() && !trees.shared().has(pin));
        let missing: Vec<_> = missing.collect();
        // Whoever reads them is told what went wrong.
        parallel::map(&missing, settings.fetches, |pin| drop(trees.checkout(pin)));
        match audit::usage(&code, &subject.pins) {
            Ok((mut usage, mut unread)) => {
                if self.checks.contains(&Check::Drift) {
                    let of = (&usage, &manifest.config);
                    let (listed, more) = audit::listed(&code, &subject.pins, of);
                    usage.listed = listed;
                    usage.listed_unread = !more.is_empty();
                    unread.extend(more);
                }
                subject.usage = Some(usage);
                unread
            }
            Err(reason) => vec![Unchecked::new(Check::Drift, "", reason)],
        }
    }
}
