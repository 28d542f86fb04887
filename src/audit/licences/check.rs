//! Licences against the policy.

use std::collections::{BTreeMap, BTreeSet};

use spdx::{Expression, LicenseReq, ParseMode};

use super::super::finding::{Check, Checked, Finding, Place, Severity, Unchecked};
use super::super::policy::{Day, LicencePolicy};
use super::super::rules::{self, Rule};
use super::super::subject::{Pinned, Subject};
use super::{Confidence, Identified};

/// What is known of each pin's licence, by its name; why nothing is.
pub type Identities = BTreeMap<String, Result<Identified, String>>;

/// Whether a policy can name a licence so.
pub fn is_id(name: &str) -> bool {
    let parsed = Expression::parse_mode(name, ParseMode::LAX);
    // `GPL-2.0` is no id any more, and stands for both that took its place.
    spdx::license_id(name).is_some()
        || parsed.is_ok_and(|parsed| parsed.requirements().count() == 1)
}

/// Holds licences against a policy. Gives back the exceptions, by their place in it, that something
/// needs, or that nobody knows whether something does.
pub fn licences(
    subject: &Subject,
    identities: &Identities,
    policy: &LicencePolicy,
    today: Day,
) -> (Checked, BTreeSet<usize>) {
    let mut judge = Judge {
        policy,
        today,
        needed: BTreeSet::new(),
    };
    let mut checked = Checked::default();
    let mut seen = BTreeSet::new();
    for pin in &subject.pins {
        if !seen.insert(&pin.entry.name) {
            continue;
        }
        match identities.get(&pin.entry.name) {
            Some(Ok(identified)) => judge.pin(pin, identified, &mut checked.findings),
            Some(Err(reason)) => checked.unchecked.push(judge.unknown(pin, reason)),
            None => checked.unchecked.push(judge.unknown(pin, "nobody looked")),
        }
    }
    (checked, judge.needed)
}

struct Judge<'p> {
    policy: &'p LicencePolicy,
    today: Day,
    needed: BTreeSet<usize>,
}

impl Judge<'_> {
    fn unknown(&mut self, pin: &Pinned, reason: &str) -> Unchecked {
        let exceptions = self.policy.exceptions.iter().enumerate();
        let about = exceptions.filter(|(_, exception)| exception.package == pin.entry.name);
        self.needed.extend(about.map(|(at, _)| at));
        Unchecked::new(Check::Licences, &pin.entry.name, reason)
    }

    fn pin(&mut self, pin: &Pinned, identified: &Identified, findings: &mut Vec<Finding>) {
        let name = &pin.entry.name;
        let has_policy = !self.policy.allow.is_empty() || !self.policy.deny.is_empty();
        let severity = if has_policy {
            Severity::Medium
        } else {
            Severity::Low
        };
        if identified.expression.is_none() && identified.unknown.is_empty() {
            let what = format!("{name} has no licence that can be found");
            let finding = finding(&rules::LICENCE_MISSING, pin, what, "").of_severity(severity);
            let remedy =
                "without a licence nobody may use it: ask its authors for one, or replace it";
            self.add(pin, None, finding.with_remedy(remedy), findings);
        }
        for (file, why) in &identified.unknown {
            let what = format!("the licence of {name} in {file} is not known: {why}");
            let finding = finding(&rules::LICENCE_UNKNOWN, pin, what, file).of_severity(severity);
            let remedy =
                "read it; where it is fine, make an exception with that reason in glide-audit.toml";
            self.add(pin, None, finding.with_remedy(remedy), findings);
        }
        let Some(expression) = &identified.expression else {
            return;
        };
        // It was put together from ids, or has been parsed.
        let Ok(parsed) = Expression::parse_mode(expression, ParseMode::LAX) else {
            return;
        };
        if let Some(found) = self.against(pin, (expression, &parsed), identified.confidence) {
            let found = identified.evidence.iter().fold(found, Finding::with_detail);
            let sure = format!("confidence: {}", identified.confidence.name());
            self.add(pin, Some(&parsed), found.with_detail(sure), findings);
        }
    }

    /// What is wrong with an expression.
    fn against(
        &self,
        pin: &Pinned,
        (text, parsed): (&str, &Expression),
        confidence: Confidence,
    ) -> Option<Finding> {
        let name = &pin.entry.name;
        let not_denied = |licence: &LicenseReq| !self.is_denied(licence);
        let wrong = |is_fine: &dyn Fn(&LicenseReq) -> bool| {
            let all = parsed.requirements().map(|required| &required.req);
            let wrong: BTreeSet<_> = all
                .filter(|licence| !is_fine(licence))
                .map(ToString::to_string)
                .collect();
            wrong.into_iter().collect::<Vec<_>>().join(", ")
        };
        if !parsed.evaluate(not_denied) {
            let what = format!("{name} is under {text}; {} is denied", wrong(&not_denied));
            let finding = finding(&rules::LICENCE_DENIED, pin, what, text);
            return Some(finding.with_remedy(
                "replace it, or make an exception with a reason in glide-audit.toml",
            ));
        }
        let is_fine = |licence: &LicenseReq| not_denied(licence) && self.is_allowed(licence);
        if !parsed.evaluate(is_fine) {
            let what = format!("{name} is under {text}; {} is not allowed", wrong(&is_fine));
            let severity = match confidence {
                Confidence::Low => Severity::Medium,
                Confidence::Medium | Confidence::High => Severity::High,
            };
            let finding = finding(&rules::LICENCE_NOT_ALLOWED, pin, what, text);
            return Some(finding.of_severity(severity).with_remedy(
                "replace it, or allow the licence or make an exception in glide-audit.toml",
            ));
        }
        None
    }

    fn is_denied(&self, licence: &LicenseReq) -> bool {
        let deny = &self.policy.deny;
        let spelled_out = |entry: &String| licence.addition.is_some() && names(entry, licence);
        deny.iter().any(|entry| covers(entry, licence))
            && !self.policy.allow.iter().any(spelled_out)
    }

    fn is_allowed(&self, licence: &LicenseReq) -> bool {
        let allow = &self.policy.allow;
        allow.is_empty() || allow.iter().any(|entry| covers(entry, licence))
    }

    /// Adds a finding, unless there is an exception for it.
    fn add(
        &mut self,
        pin: &Pinned,
        expression: Option<&Expression>,
        finding: Finding,
        findings: &mut Vec<Finding>,
    ) {
        let mut is_excepted = false;
        for (at, exception) in self.policy.exceptions.iter().enumerate() {
            let licence = exception.licence.as_str();
            let covers = |parsed: &Expression| {
                let fine = |required: &LicenseReq| {
                    covers(licence, required)
                        || !self.is_denied(required) && self.is_allowed(required)
                };
                parsed.evaluate(fine) || parsed.to_string().eq_ignore_ascii_case(licence)
            };
            if exception.package == pin.entry.name
                && (licence.is_empty() || expression.is_some_and(covers))
            {
                self.needed.insert(at);
                is_excepted |= exception.expires.is_none_or(|last| last >= self.today);
            }
        }
        if !is_excepted {
            findings.push(finding);
        }
    }
}

/// Whether an entry of a policy is the name of the licence, exception and all.
fn names(entry: &str, licence: &LicenseReq) -> bool {
    entry.eq_ignore_ascii_case(&licence.to_string())
}

/// Whether an entry of a policy speaks of the licence. One without `WITH` covers it with any exception, as
/// exceptions only give more; a former id covers both that took its place.
fn covers(entry: &str, licence: &LicenseReq) -> bool {
    let whole = licence.license.to_string();
    let forms = ["", "-only", "-or-later"];
    names(entry, licence)
        || entry.eq_ignore_ascii_case(&whole)
        || spdx::license_id(entry).is_none_or(spdx::LicenseId::is_deprecated)
            && forms
                .iter()
                .any(|form| whole.eq_ignore_ascii_case(&format!("{entry}{form}")))
}

fn finding(rule: &'static Rule, pin: &Pinned, what: String, subject: &str) -> Finding {
    let place = Place::lock(pin.line);
    Finding::new(rule, &pin.entry.name, place, what).about(subject)
}
