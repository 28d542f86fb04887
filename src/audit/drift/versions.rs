//! Whether pins meet the versions that glide.yaml asks for.
//!
//! A commit id tells by itself; what a branch, a tag or a range means, only the repository's refs tell.

use super::super::finding::{Check, Checked, Finding, Place, Unchecked};
use super::super::history::{Histories, History};
use super::super::rules;
use super::super::subject::{Pinned, Subject};
use super::{Listed, UPDATE, pin};
use crate::manifest::Dependency;
use crate::vcs::{ObjectId, bzr};
use crate::version::{Constraint, Version};

/// Compares each pin with the version that glide.yaml asks for.
pub(super) fn versions(
    subject: &Subject,
    listed: &Listed<'_>,
    histories: &dyn Histories,
) -> Checked {
    let mut checked = Checked::default();
    for pin in &subject.pins {
        if !is_exact(pin) {
            checked.findings.push(inexact(pin));
        }
    }
    let same_hash = subject.lock.hash == listed.hash;
    for (wanted, line) in &listed.entries {
        let Some(pin) = pin(subject, &wanted.name).filter(|_| !wanted.reference.is_empty()) else {
            continue;
        };
        match judged(wanted, pin, histories) {
            // That the glide.yaml is the one of the lock means that the remote has moved on, of which
            // the check of provenance tells.
            Ok(Fit::Fits) => {}
            Ok(Fit::NameMoved(_)) if same_hash => {}
            Ok(Fit::NameMoved(why) | Fit::Unmet(why)) => {
                let name = &wanted.name;
                let finding = Finding::new(&rules::VERSION_UNMET, name, Place::lock(pin.line), why);
                let finding = finding.in_state(&pin.entry.version);
                let asked = format!("asked for on {}:{line}", listed.file);
                checked
                    .findings
                    .push(finding.with_detail(asked).with_remedy(UPDATE));
            }
            Err(reason) => {
                let reason = format!("whether it meets what {} asks for: {reason}", listed.file);
                let unknown = Unchecked::new(Check::Drift, &wanted.name, reason);
                checked
                    .unchecked
                    .push(unknown.about(vec![wanted.reference.clone()]));
            }
        }
    }
    checked
}

/// Whether a pin is what was asked for.
enum Fit {
    Fits,
    /// A branch or tag leads elsewhere, or is gone.
    NameMoved(String),
    Unmet(String),
}

/// Whether the lock names one commit and nothing else.
fn is_exact(pin: &Pinned) -> bool {
    let version = &pin.entry.version;
    let name = &pin.entry.name;
    let is_on = |host: &str| name.starts_with(host);
    let is_number = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
    let is_exact = match pin.remote.vcs.as_str() {
        "bzr" => bzr::is_exact(version),
        "svn" => is_number,
        // What Mercurial counts is another commit in each clone.
        "git" | "hg" => false,
        _ if is_on("launchpad.net/") => bzr::is_exact(version),
        _ => is_number && !is_on("github.com/") && !is_on("gopkg.in/"),
    };
    is_exact || ObjectId::parse(version).is_some()
}

fn inexact(pin: &Pinned) -> Finding {
    let (name, version) = (&pin.entry.name, &pin.entry.version);
    let message = match version.as_str() {
        "" => format!("{name} has no version, so whatever its default branch has is installed"),
        version => format!("{name} is at `{version}`, which is no commit id and may move"),
    };
    Finding::new(&rules::INEXACT, name, Place::lock(pin.line), message)
        .in_state(version)
        .with_remedy(UPDATE)
}

/// Whether only the repository's history tells.
pub(super) fn is_doubtful(wanted: &Dependency, pin: &Pinned) -> bool {
    let asked = wanted.reference.as_str();
    !asked.is_empty()
        && !asked.eq_ignore_ascii_case(&pin.entry.version)
        && ObjectId::parse(asked).is_none()
}

fn judged(wanted: &Dependency, pin: &Pinned, histories: &dyn Histories) -> Result<Fit, String> {
    let (asked, held) = (wanted.reference.as_str(), pin.entry.version.as_str());
    if asked.eq_ignore_ascii_case(held) {
        return Ok(Fit::Fits);
    }
    let name = &wanted.name;
    let unmet = || {
        Ok(Fit::Unmet(format!(
            "{name} is at {held}, and glide.yaml asks for {asked}"
        )))
    };
    if ObjectId::parse(asked).is_some() {
        return unmet();
    }
    let history = histories.of(pin)?;
    if let Some(commit) = named(&*history, asked) {
        let is_tag = history.tags().iter().any(|(tag, _)| tag == asked);
        if commit == held || !is_tag && history.is_ancestor(held, commit) {
            return Ok(Fit::Fits);
        }
        let why =
            format!("{name} is at {held}, and `{asked}`, which glide.yaml asks for, is {commit}");
        // Branches only grow. Where one was rewritten, the commit is mostly in the history of none.
        return Ok(if !is_tag && history.holds(held) {
            Fit::Unmet(why)
        } else {
            Fit::NameMoved(why)
        });
    }
    if abbreviates(asked, held) {
        return Ok(Fit::Fits);
    }
    let Ok(range) = Constraint::parse(asked) else {
        return Ok(Fit::NameMoved(format!(
            "{name}: glide.yaml asks for `{asked}`, which the repository does not have"
        )));
    };
    let here = names_of(&*history, held);
    let versions = here.iter().filter_map(|name| Version::parse(name));
    let mut fits = versions.clone().filter(|version| range.matches(version));
    if fits.next().is_some() {
        return Ok(Fit::Fits);
    }
    let what = match here.first() {
        Some(tag) => format!("{tag} ({held})"),
        None => format!("{held}, which no tag names"),
    };
    Ok(Fit::Unmet(format!(
        "{name} is at {what}, and glide.yaml asks for `{asked}`"
    )))
}

/// The commit of a tag or branch; Git looks for tags first.
fn named<'a>(history: &'a dyn History, name: &str) -> Option<&'a str> {
    let mut all = history.tags().iter().chain(history.branches());
    all.find(|(known, _)| known == name)
        .map(|(_, commit)| commit.as_str())
}

/// The tags, then branches, that lead to a commit.
fn names_of<'a>(history: &'a dyn History, commit: &str) -> Vec<&'a str> {
    let all = history.tags().iter().chain(history.branches());
    all.filter(|(_, tip)| tip == commit)
        .map(|(name, _)| name.as_str())
        .collect()
}

fn abbreviates(short: &str, id: &str) -> bool {
    short.len() >= 4
        && short.len() < id.len()
        && short.bytes().all(|byte| byte.is_ascii_hexdigit())
        && id.starts_with(&short.to_ascii_lowercase())
}
