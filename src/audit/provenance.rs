//! Where the pinned commits come from.
//!
//! Of a repository's own history is what its branches and tags lead to. A host may serve other commits
//! by their ids too, those of forks among them, so a pin can name a commit that nobody ever put into the
//! repository that it is named after.

use std::sync::Arc;

use super::finding::{Check, Checked, Finding, Place, Unchecked};
use super::history::History;
use super::policy::Policy;
use super::rules;
use super::subject::{Pinned, Subject};
use crate::http::mask;
use crate::version::Constraint;

/// What is known of a pin's repository.
#[derive(Clone)]
pub enum Origin {
    /// Its history.
    Told {
        /// The commits.
        history: Arc<dyn History>,
        /// Where the host sends whoever asks, secrets masked.
        moved_to: Option<String>,
        /// Of a commit that is not in the history: whether the host gives it all the same.
        served: Option<bool>,
    },
    /// There is no repository any more; what was said.
    Gone(String),
    /// It could not be asked, and why.
    Unknown(String),
}

/// The origins of the pins of a subject.
pub trait Origins: Sync {
    /// That of a pin.
    fn of(&self, pin: &Pinned) -> Origin;
}

/// Looks at where pins come from; whether the policy allows their hosts.
pub fn provenance(subject: &Subject, origins: &dyn Origins, policy: &Policy) -> Checked {
    let mut checked = Checked::default();
    for pin in &subject.pins {
        address(pin, policy, &mut checked.findings);
        match origins.of(pin) {
            Origin::Unknown(reason) => checked.unchecked.push(unknown(pin, reason)),
            Origin::Gone(reason) => {
                let what = format!("the repository of {} is gone", pin.entry.name);
                let finding = finding(&rules::REPOSITORY_GONE, pin, what).with_detail(reason);
                checked.findings.push(finding.with_remedy(
                    "find where it went and name that as `repo` in glide.yaml, or keep a copy of your own",
                ));
            }
            Origin::Told {
                history,
                moved_to,
                served,
            } => {
                if let Some(there) = moved_to {
                    let what = format!("the repository of {} has moved to {there}", pin.entry.name);
                    let finding = finding(&rules::REPOSITORY_MOVED, pin, what).in_state(there);
                    checked.findings.push(finding.with_remedy(
                        "name the new address as `repo` in glide.yaml: the old one may be given to somebody else",
                    ));
                }
                commit(pin, (&*history, served), &mut checked);
                names(subject, pin, &*history, &mut checked.findings);
            }
        }
    }
    checked
}

fn finding(rule: &'static rules::Rule, pin: &Pinned, message: String) -> Finding {
    Finding::new(rule, &pin.entry.name, Place::lock(pin.line), message)
}

fn unknown(pin: &Pinned, reason: String) -> Unchecked {
    Unchecked::new(Check::Provenance, &pin.entry.name, reason)
}

/// Whether the pin's commit is in the repository's history.
fn commit(pin: &Pinned, (history, served): (&dyn History, Option<bool>), checked: &mut Checked) {
    let (name, version) = (&pin.entry.name, &commit_id(&pin.entry.version));
    if history.holds(version) {
        return;
    }
    if !is_commit(version) {
        // A name instead of a commit is what the check of drift tells of; no name is the default branch.
        let mut names = history.tags().iter().chain(history.branches());
        if !version.is_empty() && !names.any(|(known, _)| known == version) {
            let reason = format!("it has no commit, tag or branch `{version}`");
            checked.unchecked.push(unknown(pin, reason));
        }
        return;
    }
    if history.has_lost(version) {
        let what = format!("{version} was in the history of {name}, and is no more");
        checked.findings.push(finding(&rules::HISTORY_REWRITTEN, pin, what).in_state(version).with_remedy(
            "see why its history was rewritten, then pin a commit of the new one with `glide-rs update`",
        ));
    } else if !history.is_whole() {
        let reason = "not all of its history can be had, and the commit is not in what can";
        checked.unchecked.push(unknown(pin, reason.to_owned()));
    } else {
        match served {
            Some(true) => {
                let what = format!(
                    "no branch or tag of {name} leads to {version}, which its host gives all the same"
                );
                let finding = finding(&rules::COMMIT_UNREACHABLE, pin, what).in_state(version);
                let finding = finding.with_detail(
                    "it may be of somebody's fork, of a pull request, or of a branch that was removed",
                );
                checked.findings.push(finding.with_remedy(
                    "see who made it before you trust it; pin a commit of the repository itself, or name the fork as `repo`",
                ));
            }
            Some(false) => {
                let what = format!("{name} does not have {version} any more");
                checked.findings.push(finding(&rules::COMMIT_GONE, pin, what).in_state(version).with_remedy(
                    "keep what the cache or vendor/ has of it, and pin another commit with `glide-rs update`",
                ));
            }
            None => checked.unchecked.push(unknown(
                pin,
                format!(
                    "{version} is not in its history, and whether the host has it does not show"
                ),
            )),
        }
    }
}

/// The version with a commit's digits in lower case.
fn commit_id(version: &str) -> String {
    if is_commit(version) {
        version.to_ascii_lowercase()
    } else {
        version.to_owned()
    }
}

fn is_commit(version: &str) -> bool {
    version.len() == 40 && version.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether the tag that glide.yaml names still is what was locked. Where glide.yaml is another one
/// since, that is for the check of drift to tell.
fn names(subject: &Subject, pin: &Pinned, history: &dyn History, findings: &mut Vec<Finding>) {
    let Some(manifest) = &subject.manifest else {
        return;
    };
    let config = &manifest.config;
    let mut listed = config.imports.iter().chain(&config.test_imports);
    let wanted = listed.find(|wanted| wanted.name == pin.entry.name);
    let Some(asked) = wanted.map(|wanted| wanted.reference.as_str()) else {
        return;
    };
    if asked.is_empty() || is_commit(asked) || subject.lock.hash != config.hash() {
        return;
    }
    let (name, version) = (&pin.entry.name, &commit_id(&pin.entry.version));
    let tag = history.tags().iter().find(|(tag, _)| tag == asked);
    if let Some((_, commit)) = tag {
        if commit != version {
            let what =
                format!("tag {asked} of {name} is {commit} now, and glide.lock has {version}");
            let finding = finding(&rules::TAG_MOVED, pin, what)
                .about(asked)
                .in_state(format!("{commit} {version}"))
                .with_detail("either somebody has moved the tag, or glide.lock was edited by hand");
            findings
                .push(finding.with_remedy("see what lies between the two before you take either"));
        }
        return;
    }
    let is_branch = history.branches().iter().any(|(branch, _)| branch == asked);
    let is_short = asked.len() >= 4 && version.starts_with(&asked.to_ascii_lowercase());
    if !is_branch && !is_short && Constraint::parse(asked).is_err() && asked != version {
        let what =
            format!("{name} has no tag or branch `{asked}` any more, which glide.yaml asks for");
        let finding = finding(&rules::NAME_GONE, pin, what).about(asked);
        findings
            .push(finding.with_remedy("name another version in glide.yaml; the next update fails"));
    }
}

/// What the address alone tells.
fn address(pin: &Pinned, policy: &Policy, findings: &mut Vec<Finding>) {
    let location = pin.remote.location.as_str();
    let (name, shown) = (&pin.entry.name, mask(location));
    let scheme = location
        .split_once("://")
        .map(|(scheme, _)| scheme.to_ascii_lowercase());
    if matches!(
        scheme.as_deref(),
        Some("http" | "git" | "svn" | "bzr" | "ftp")
    ) {
        let what = format!("{name} is fetched from {shown}, which anybody on the way can change");
        let finding = finding(&rules::INSECURE_SOURCE, pin, what).in_state(&shown);
        findings.push(
            finding.with_remedy("name an https:// or ssh:// address as `repo` in glide.yaml"),
        );
    }
    if has_secret(&pin.entry.repo) {
        let what = format!("a password of {name}'s repository stands in glide.lock");
        let finding =
            finding(&rules::PASSWORD_IN_SOURCE, pin, what).with_detail(mask(&pin.entry.repo));
        findings.push(finding.with_remedy(
            "withdraw the password, name the address without it, and let .netrc or git's credential helpers give it",
        ));
    }
    let host = host(location);
    if !policy.allows_host(host.unwrap_or_default()) {
        let what = match host {
            Some(host) => format!("{name} is fetched from {host}, which is no allowed host"),
            None => format!("{name} is fetched from `{shown}`, which is on no allowed host"),
        };
        let finding = finding(&rules::HOST_NOT_ALLOWED, pin, what).in_state(host.unwrap_or(&shown));
        findings.push(finding.with_remedy(
            "fetch it from an allowed host, or add the host to `allowed-hosts` in glide-audit.toml",
        ));
    }
}

/// Whether a password stands in an address; over http, a token may stand in for the user's name.
fn has_secret(address: &str) -> bool {
    let Some((scheme, rest)) = address.split_once("://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let Some((user_info, _)) = authority.rsplit_once('@') else {
        return false;
    };
    let (user, password) = user_info.split_once(':').unwrap_or((user_info, ""));
    let is_http = matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https");
    !password.is_empty() || is_http && is_token(user)
}

/// Whether it looks like a token and not like a name that somebody has chosen.
fn is_token(user: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "_-".contains(letter);
    user.len() >= 20 && user.chars().all(is_part) && user.contains(|c: char| c.is_ascii_digit())
}

/// The host of a URL or an scp-like address; `None` for a folder, and for what one program may read
/// otherwise than another: `ssh://good?@bad/x` and `https://bad\@good/x` are not where they seem to be.
fn host(location: &str) -> Option<&str> {
    let authority = match location.split_once("://") {
        Some((scheme, _)) if scheme.eq_ignore_ascii_case("file") => return None,
        Some((scheme, rest)) => {
            let is_sound = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
            let authority = rest.split('/').next()?;
            scheme.bytes().all(is_sound).then_some(authority)?
        }
        None => {
            let (before, _) = location.split_once(':')?;
            (!before.contains('/')).then_some(before)?
        }
    };
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%+:".contains(&byte);
    if !user.bytes().all(is_plain) {
        return None;
    }
    if let Some(rest) = host.strip_prefix('[') {
        let (host, port) = rest.split_once(']')?;
        let is_address = |byte: u8| byte.is_ascii_hexdigit() || b".:".contains(&byte);
        let is_sound = host.bytes().all(is_address) && (port.is_empty() || is_port(port));
        return (!host.is_empty() && is_sound).then_some(host);
    }
    let end = host.find(':').unwrap_or(host.len());
    let (host, port) = host.split_at(end);
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    let is_sound = host.bytes().all(is_letter) && (port.is_empty() || is_port(port));
    (!host.is_empty() && is_sound).then_some(host)
}

/// Whether it is `:` and a number, which may be left out.
fn is_port(text: &str) -> bool {
    let digits = text.strip_prefix(':');
    digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests;
