//! The check: every pin against the records of the modules that it may be.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::database::Database;
use super::finding::{self, Hit};
use super::names::{self, Candidate, GoMod};
use super::ranges::{self, Facts, How, Verdict};
use super::reach;
use super::record::{Affected, Record};
use super::versions::{Confidence, Version, Versions};
use crate::audit::finding::{Check, Checked, Finding, Unchecked};
use crate::audit::history::History;
use crate::audit::subject::{Pinned, Subject};

/// The pins of which the database has any records, so that their versions are worth finding out.
pub fn concerned<'a>(subject: &'a Subject, database: &Database) -> Vec<&'a Pinned> {
    let usage = subject.usage.as_ref();
    let has_records =
        |pin: &&Pinned| !names::candidates(pin, &GoMod::Unknown, usage, database).is_empty();
    subject.pins.iter().filter(has_records).collect()
}

/// Looks for known vulnerabilities of the pinned commits.
pub fn vulnerabilities(
    subject: &Subject,
    database: &mut Database,
    versions: &dyn Versions,
) -> Checked {
    let mut checked = Checked {
        findings: Vec::new(),
        unchecked: database.unchecked(),
    };
    for pin in &subject.pins {
        checked.extend(Examined::new(subject, pin, versions).against(database));
    }
    checked
}

/// A pin and what is known of it.
struct Examined<'a> {
    subject: &'a Subject,
    pin: &'a Pinned,
    versions: &'a dyn Versions,
    tags: Option<Vec<String>>,
    history: Option<Arc<dyn History>>,
}

/// What a record comes to for a pin.
enum Outcome {
    Found(Finding),
    Unknown(String),
    Nothing,
}

impl<'a> Examined<'a> {
    fn new(subject: &'a Subject, pin: &'a Pinned, versions: &'a dyn Versions) -> Self {
        Self {
            subject,
            pin,
            versions,
            tags: versions.tags(pin),
            history: versions.history(pin),
        }
    }

    fn against(&self, database: &mut Database) -> Checked {
        let go_mod = self.versions.go_mod(self.pin);
        let usage = self.subject.usage.as_ref();
        let candidates = names::candidates(self.pin, &go_mod, usage, database);
        let mut checked = Checked::default();
        let mut records = BTreeMap::new();
        for candidate in &candidates {
            for record in database.records(&candidate.module) {
                match record {
                    Ok(record) => drop(records.insert(order(&record), record)),
                    Err(reason) => checked.unchecked.push(self.unchecked(reason)),
                }
            }
        }
        let mut found: Vec<Arc<Record>> = Vec::new();
        let mut open = Vec::new();
        for record in records.into_values().filter(|record| !record.is_withdrawn) {
            match self.judged(&record, &candidates) {
                Outcome::Found(finding) => {
                    if !found.iter().any(|known| is_same(known, &record)) {
                        checked.findings.push(finding);
                        found.push(record);
                    }
                }
                Outcome::Unknown(reason) => open.push((reason, record)),
                Outcome::Nothing => {}
            }
        }
        open.retain(|(_, record)| !found.iter().any(|known| is_same(known, record)));
        checked.unchecked.extend(self.unknown(open));
        checked
    }

    /// What keeps records from being judged, each reason once.
    fn unknown(&self, open: Vec<(String, Arc<Record>)>) -> impl Iterator<Item = Unchecked> {
        let mut reasons: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (reason, record) in open {
            reasons.entry(reason).or_default().push(record.id.clone());
        }
        reasons.into_iter().map(|(reason, ids)| {
            let reason = format!("whether it is affected: {reason}");
            self.unchecked(reason).about(ids)
        })
    }

    fn unchecked(&self, reason: String) -> Unchecked {
        Unchecked::new(Check::Vulnerabilities, &self.pin.entry.name, reason)
    }

    /// Puts together what the entries of a record say of the pin.
    fn judged(&self, record: &Arc<Record>, candidates: &[Candidate]) -> Outcome {
        let mut entries = Vec::new();
        for (at, affected) in record.affected.iter().enumerate() {
            let candidate = candidates
                .iter()
                .find(|candidate| affected.is_about(&candidate.module));
            if let Some(candidate) = candidate {
                let version = self
                    .versions
                    .version(self.pin, &candidate.folder, candidate.major);
                let is_known = matches!(version, Version::Known { .. });
                if is_known || !candidate.is_named_otherwise {
                    entries.push((at, affected, candidate, version));
                }
            }
        }
        // A record that tells major versions apart says of each what counts for it. A pin's own name may
        // tell its major version where nothing else does.
        let fits = |candidate: &Candidate, version: &Version| match version {
            Version::Known { .. } => candidate.major.is_some(),
            Version::Unknown(_) => {
                let is_named = self.pin.entry.name.eq_ignore_ascii_case(&candidate.module);
                candidate.major.is_some() && is_named
            }
            Version::Elsewhere => false,
        };
        let own: Vec<_> = entries
            .iter()
            .filter(|(_, _, candidate, version)| fits(candidate, version))
            .map(|(_, _, candidate, _)| candidate.folder.clone())
            .collect();
        entries.retain(|(_, _, candidate, version)| {
            fits(candidate, version) || !own.contains(&candidate.folder)
        });
        let mut hits = Vec::new();
        let mut unknown = None;
        for (at, affected, candidate, version) in entries {
            match self.verdict(affected, candidate, &version) {
                Verdict::Affected(how) => hits.push(Hit {
                    candidate: candidate.clone(),
                    at,
                    version,
                    how,
                    extent: reach::reach(
                        affected,
                        candidate,
                        self.pin,
                        self.subject.usage.as_ref(),
                    ),
                }),
                Verdict::Unknown(reason) => {
                    let detail = match version {
                        Version::Unknown(detail) => format!("{reason} ({detail})"),
                        _ => reason.to_owned(),
                    };
                    unknown.get_or_insert(detail);
                }
                Verdict::Spared => {}
            }
        }
        match (
            finding::finding(self.pin, record, &hits, self.versions),
            unknown,
        ) {
            (Some(finding), _) => Outcome::Found(finding),
            (None, Some(reason)) => Outcome::Unknown(reason),
            (None, None) => Outcome::Nothing,
        }
    }

    fn verdict(&self, affected: &Affected, candidate: &Candidate, version: &Version) -> Verdict {
        let (text, is_release) = match version {
            Version::Elsewhere => return Verdict::Spared,
            Version::Unknown(_) => (None, false),
            Version::Known { text, confidence } => {
                (Some(text.as_str()), *confidence == Confidence::ExactTag)
            }
        };
        let facts = Facts {
            version: text,
            is_release,
            commit: &self.pin.entry.version,
            tags: self.tags.as_deref(),
            history: self.history.as_deref(),
        };
        match ranges::judge(affected, &facts) {
            // All versions of v2 are affected, and the commit may be of v1.
            Verdict::Affected(How::All) if text.is_none() && candidate.major.is_some() => {
                let is_named = self.pin.entry.name.eq_ignore_ascii_case(&candidate.module);
                if is_named {
                    Verdict::Affected(How::All)
                } else {
                    Verdict::Unknown("its major version is not known")
                }
            }
            verdict => verdict,
        }
    }
}

/// Records of the Go vulnerability database come first: they know Go's packages.
fn order(record: &Record) -> (bool, String) {
    (!record.id.starts_with("GO-"), record.id.clone())
}

/// Whether two records are of one vulnerability.
fn is_same(one: &Record, other: &Record) -> bool {
    one.aliases.contains(&other.id) || other.aliases.contains(&one.id)
}
