//! `--locked`: whether glide.lock does for glide.yaml and the code, or why not.
//!
//! `install` is told in two steps: what can be seen in the project before anything is fetched, and what the
//! pinned code imports once it is in the cache, before vendor/ changes. Neither hangs on what the cache
//! held before. A glide.yaml that has the hash of glide.lock asks for what it asked for when the lock was
//! made, so nobody is asked what its versions mean; with another hash the remotes are, or, offline, the
//! cache, and then what cannot be told counts against the lock. What the lock has too much of is told
//! and no reason to fail. `update` is told by comparing the lock that it would write.

use std::sync::Arc;

use super::audit::{Pasts, ProjectCode, Trees, subject};
use super::network::Network;
use super::project::{Opened, Project};
use super::{Context, parallel};
use crate::audit::{
    self, Code, Finding, Histories, History, Owner, Package, Pinned, Severity, Subject, Unchecked,
    Usage,
};
use crate::discover::Policy;
use crate::error::{Failure, Place};
use crate::http::mask_text;
use crate::live::Remotes;
use crate::manifest::{Dependency, Lock};
use crate::vcs::Freshness;

/// What there is to do where a lock will not do.
const COMMIT: &str = "run `glide-rs update` and commit glide.lock";

/// A lock that has to do as it is.
pub(super) struct Locked<'a> {
    context: &'a Context<'a>,
    opened: &'a Opened,
    subject: Subject,
    /// Whether what only tests need counts.
    tests: bool,
}

/// The failure where there is no lock.
pub(super) fn missing(project: &Project) -> Failure {
    let path = project.lock_path();
    let message = format!(
        "there is no `{}`, and `--locked` lets none be made",
        path.display()
    );
    Failure::user(message).with_hint(COMMIT)
}

/// Fails where a lock that was found anew says anything that the project's does not.
pub(super) fn unchanged(
    context: &Context<'_>,
    project: &Project,
    new: &Lock,
) -> Result<(), Failure> {
    if !project.has_lock() {
        return Err(missing(project));
    }
    let old = project.lock()?;
    let is_same = old.fingerprint().ok() == new.fingerprint().ok();
    if is_same {
        return Ok(());
    }
    let changes = old.changes(new).list;
    let told = changes.iter().map(|change| {
        let text = mask_text(&change.to_string());
        Reason::new(Some(&change.name), text)
    });
    let mut reasons: Vec<Reason> = told.collect();
    if old.hash != new.hash {
        let name = &context.settings.yaml;
        let text = format!("glide.lock was not made from {name} as it is now");
        reasons.push(Reason::new(None, text));
    }
    if reasons.is_empty() {
        // An entry that stands twice, as a merge may leave it.
        let text = "glide.lock lists the same in another way".to_owned();
        reasons.push(Reason::new(None, text));
    }
    fail_for(context, "an update would change glide.lock", &reasons)
}

impl<'a> Locked<'a> {
    /// Fails where the project itself shows that its lock will not do. Nothing is fetched but, where
    /// glide.yaml has changed, the histories of repositories whose versions may have.
    pub(super) fn check(
        context: &'a Context<'a>,
        opened: &'a Opened,
        tests: bool,
    ) -> Result<Self, Failure> {
        let (network, mirrors) = (&opened.network, &opened.mirrors);
        let subject = subject(&opened.project, "", (network, mirrors))?;
        let mut locked = Self {
            context,
            opened,
            subject,
            tests,
        };
        let trees = Trees::in_cache(None);
        let own = Own(code(context, opened, &trees));
        (locked.subject.usage, _) = locked.usage(&own)?;
        let is_same = locked.subject.lock.hash == opened.config.hash();
        let checked = if is_same {
            audit::drift(&locked.subject, &Untold)
        } else {
            let remotes = network.remotes()?;
            let freshness = if context.settings.net.offline {
                Freshness::Offline
            } else {
                Freshness::Ask
            };
            let doubtful = audit::doubtful(&locked.subject);
            let pasts = Pasts::ask(context, &remotes, freshness, doubtful);
            audit::drift(&locked.subject, &pasts)
        };
        // Nothing has been followed far enough yet to tell what is left over.
        let findings = checked
            .findings
            .iter()
            .filter(|finding| !audit::is_left_over(finding));
        let mut reasons = locked.sorted_out(findings);
        if !is_same {
            reasons.extend(checked.unchecked.iter().map(untold));
        }
        locked.judged(&reasons)?;
        Ok(locked)
    }

    /// Fails where what is pinned imports what is not. All of it is in the cache by now, or in vendor/
    /// where that is as it should be.
    pub(super) fn check_code(&self, vendor_is_current: bool) -> Result<(), Failure> {
        // A vendor/ that is right needs no cache, and so no home that can be written.
        let remotes = (!vendor_is_current).then(|| self.cached()).transpose()?;
        let trees = match &remotes {
            None => Trees::new(self.opened.project.folder.join("vendor"), None),
            Some(remotes) => self.opened_at_once(remotes),
        };
        let mut subject = self.subject.clone();
        let (usage, is_whole) = self.usage(&code(self.context, self.opened, &trees))?;
        subject.usage = usage;
        let checked = audit::drift(&subject, &Untold);
        let of_code = checked.findings.iter().filter(|finding| {
            audit::is_of_code(finding) || is_whole && audit::is_left_over(finding)
        });
        let reasons = self.sorted_out(of_code);
        self.judged(&reasons)
    }

    /// What gets commits from the cache, and from nowhere else.
    fn cached(&self) -> Result<Remotes, Failure> {
        let mut settings = self.context.settings.clone();
        settings.net.offline = true;
        Network::new(&settings, Policy::Offline).remotes()
    }

    /// The pinned trees, opened by several threads.
    fn opened_at_once<'r>(&self, remotes: &'r Remotes) -> Trees<'r> {
        let trees = Trees::in_cache(Some(remotes));
        let pins: Vec<&Pinned> = self.subject.pins.iter().collect();
        let fetches = self.context.settings.fetches;
        // What is not installed here, as what is for other systems, need not be there.
        parallel::map(&pins, fetches, |pin| drop(trees.checkout(pin)));
        trees
    }

    /// What the code uses, and whether all of that could be followed.
    fn usage(&self, code: &dyn Code) -> Result<(Option<Usage>, bool), Failure> {
        let usage = audit::usage(code, &self.subject.pins);
        let (mut usage, unread) = usage.map_err(Failure::user)?;
        if !self.tests {
            usage.packages.retain(|_, used| !used.for_tests);
        }
        Ok((Some(usage), unread.is_empty() && self.tests))
    }

    /// Whether a finding is about something that is to be installed.
    fn counts(&self, finding: &Finding) -> bool {
        let has = |list: &[Dependency]| list.iter().any(|entry| entry.name == finding.package);
        let config = &self.opened.config;
        self.tests || has(&config.imports) || !has(&config.test_imports)
    }

    /// Tells what is no reason to fail; gives back the reasons.
    fn sorted_out<'f>(&self, findings: impl Iterator<Item = &'f Finding>) -> Vec<Reason> {
        let mut reasons = Vec::new();
        for finding in findings.filter(|finding| self.counts(finding)) {
            match finding.severity {
                Severity::Note => self.context.reporter.info(line(finding)),
                Severity::Low => self.context.reporter.warn(line(finding)),
                _ => reasons.push(Reason::of(finding)),
            }
        }
        reasons
    }

    fn judged(&self, reasons: &[Reason]) -> Result<(), Failure> {
        let what = "glide.lock does not do for glide.yaml and the code";
        fail_for(self.context, what, reasons)
    }
}

fn code<'c>(context: &Context<'_>, opened: &'c Opened, trees: &'c Trees<'c>) -> ProjectCode<'c> {
    let folder = &opened.project.folder;
    ProjectCode::new(context.settings, folder, &opened.config, trees)
}

/// Why a lock will not do.
struct Reason {
    /// The dependency that it is about.
    name: Option<String>,
    failure: Failure,
}

impl Reason {
    fn new(name: Option<&str>, text: String) -> Self {
        Self {
            name: name.map(str::to_owned),
            failure: Failure::user(text),
        }
    }

    fn of(finding: &Finding) -> Self {
        let name = Some(finding.package.as_str()).filter(|name| !name.is_empty());
        let audit::Place { file, line: number } = &finding.place;
        let place = Place::new(file, Some(*number).filter(|&number| number > 0));
        let mut reason = Self::new(name, line(finding));
        reason.failure.place = Some(place).filter(|place| !place.file.is_empty());
        reason
    }
}

/// Fails with these reasons, if there are any.
fn fail_for(context: &Context<'_>, what: &str, reasons: &[Reason]) -> Result<(), Failure> {
    let count = match reasons {
        [] => return Ok(()),
        [_] => "1 reason".to_owned(),
        reasons => format!("{} reasons", reasons.len()),
    };
    for reason in reasons {
        let name = reason.name.as_deref();
        context.reporter.problem(name, &reason.failure);
    }
    let message = format!("{what} ({count}); nothing was changed");
    Err(Failure::user(message).with_hint(COMMIT))
}

/// A finding with its places, in one line.
fn line(finding: &Finding) -> String {
    let place = &finding.place;
    let mut line = match place.line {
        0 => format!("{}: {}", place.file, finding.message),
        number => format!("{}:{number}: {}", place.file, finding.message),
    };
    if !finding.details.is_empty() {
        line = format!("{line} ({})", finding.details.join("; "));
    }
    line
}

fn untold(unchecked: &Unchecked) -> Reason {
    let reason = unchecked.reason.replace('\n', "; ");
    let subjects = &unchecked.subjects;
    let of = match subjects.as_slice() {
        [] => String::new(),
        _ => format!(" (of {})", subjects.join(", ")),
    };
    let name = unchecked.package.as_str();
    let text = format!("glide.lock: {name}: nobody knows {reason}{of}");
    Reason::new(Some(name).filter(|name| !name.is_empty()), text)
}

/// Nobody is asked what versions mean.
struct Untold;

impl Histories for Untold {
    fn of(&self, _: &Pinned) -> Result<Arc<dyn History>, String> {
        Err("it was not asked for".to_owned())
    }
}

/// The project's own code alone: what it pins is not there yet.
struct Own<'a>(ProjectCode<'a>);

impl Code for Own<'_> {
    fn project(&self) -> Result<Vec<Package>, String> {
        self.0.project()
    }

    fn imports(&self, _: &Pinned, _: &str) -> Result<Option<Vec<String>>, String> {
        Err("it has not been fetched yet".to_owned())
    }

    fn owner(&self, import_path: &str) -> Owner {
        self.0.owner(import_path)
    }
}
