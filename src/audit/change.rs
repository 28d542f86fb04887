//! What has become of the pins since an earlier glide.lock: what a pull request does to it.
//!
//! Entries are told by their names. A pin's way from one commit to another is judged by the history of the
//! repository that it comes from now.

mod source;
mod way;

use std::collections::BTreeMap;

use super::finding::{Check, Checked, Finding, Place, Severity, Unchecked};
use super::history::{Histories, History};
use super::policy::Day;
use super::rules::{self, Rule};
use super::subject::{Pinned, Subject};
use crate::vcs::ObjectId;
use crate::version;
use source::Source;
use way::{Way, way};

/// A project's glide.lock as it was at a revision.
#[derive(Clone, Debug, Default)]
pub struct EarlierLock {
    /// The revision as the person named it.
    pub revision: String,
    /// Its commit.
    pub commit: String,
    /// The entries; `None` where there was no glide.lock.
    pub pins: Option<Vec<Pinned>>,
}

/// How much has changed since an earlier glide.lock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The revision as the person named it.
    pub revision: String,
    /// Its commit.
    pub commit: String,
    /// Whether there was no glide.lock.
    pub is_new: bool,
    /// How many entries are new.
    pub added: usize,
    /// How many are gone.
    pub removed: usize,
    /// How many are at another commit, in whichever direction.
    pub moved: usize,
    /// How many of these went back.
    pub back: usize,
    /// How many of these went aside.
    pub aside: usize,
    /// How many are fetched from elsewhere.
    pub sources: usize,
}

impl Changes {
    /// Whether anything has changed.
    pub fn is_any(&self) -> bool {
        let counts = [self.added, self.removed, self.moved, self.sources];
        self.is_new || counts.iter().any(|count| *count > 0)
    }
}

/// Compares the pins with those of an earlier glide.lock.
pub fn changes(
    subject: &Subject,
    earlier: &EarlierLock,
    histories: &dyn Histories,
) -> (Changes, Checked) {
    let mut comparison = Comparison {
        histories,
        lock_text: &subject.lock_text,
        changes: Changes {
            revision: earlier.revision.clone(),
            commit: earlier.commit.clone(),
            is_new: earlier.pins.is_none(),
            ..Changes::default()
        },
        checked: Checked::default(),
    };
    let before = earlier.pins.as_deref().unwrap_or_default();
    for pair in pairs(before, &subject.pins) {
        match pair {
            (None, Some(now)) => comparison.added(now),
            (Some(before), None) => comparison.removed(before),
            (Some(before), Some(now)) => comparison.changed(before, now),
            (None, None) => {}
        }
    }
    (comparison.changes, comparison.checked)
}

/// An entry before and now.
type Pair<'p> = (Option<&'p Pinned>, Option<&'p Pinned>);

/// Puts the entries of each name side by side: those that are the same first, then in order. Where a name
/// has come to stand there more often, each new entry is one that the old one could have become.
fn pairs<'p>(before: &'p [Pinned], now: &'p [Pinned]) -> Vec<Pair<'p>> {
    let mut named: BTreeMap<&str, (Vec<&Pinned>, Vec<&Pinned>)> = BTreeMap::new();
    for pin in before {
        named.entry(&pin.entry.name).or_default().0.push(pin);
    }
    for pin in now {
        named.entry(&pin.entry.name).or_default().1.push(pin);
    }
    let mut pairs = Vec::new();
    for (mut before, mut now) in named.into_values() {
        let last = before.last().copied();
        now.retain(|pin| {
            let same = before.iter().position(|other| is_same(other, pin));
            same.map(|at| before.remove(at)).is_none()
        });
        for at in 0..before.len().max(now.len()) {
            let pair = (before.get(at).copied(), now.get(at).copied());
            pairs.push(match pair {
                (None, now) => (last, now),
                pair => pair,
            });
        }
    }
    pairs
}

fn is_same(one: &Pinned, other: &Pinned) -> bool {
    let parts = |pin: &Pinned| {
        let entry = pin.entry.clone();
        (entry.version, entry.repo, entry.vcs, entry.os, entry.arch)
    };
    one.for_tests == other.for_tests && parts(one) == parts(other)
}

/// What is found while entries are compared.
struct Comparison<'a> {
    histories: &'a dyn Histories,
    lock_text: &'a [u8],
    changes: Changes,
    checked: Checked,
}

impl Comparison<'_> {
    fn find(&mut self, finding: Finding) {
        self.checked.findings.push(finding);
    }

    fn since(&self) -> String {
        format!("since {}", self.changes.revision)
    }

    fn added(&mut self, now: &Pinned) {
        self.changes.added += 1;
        let history = self.histories.of(now).ok();
        let shown = described(&now.entry.version, history.as_deref());
        let tests = if now.for_tests { ", for tests" } else { "" };
        let mut what = format!("{} is new{tests}: {shown}", now.entry.name);
        if !now.entry.repo.is_empty() {
            what = format!("{what}, from {}", Source::of(now));
        }
        self.find(finding(&rules::PIN_ADDED, now, what));
    }

    fn removed(&mut self, before: &Pinned) {
        self.changes.removed += 1;
        let list = if before.for_tests {
            "testImports"
        } else {
            "imports"
        };
        let shown = described(&before.entry.version, None);
        let name = &before.entry.name;
        let what = format!("{name} is gone, which was at {shown}");
        let place = Place::lock(line_of(self.lock_text, list));
        let finding = Finding::new(&rules::PIN_REMOVED, name, place, what);
        self.find(finding.about(&before.entry.version));
    }

    fn changed(&mut self, before: &Pinned, now: &Pinned) {
        let has_moved = !is_same_version(&before.entry.version, &now.entry.version);
        let has_new_source = self.source(before, now, has_moved);
        self.scope(before, now);
        if has_moved {
            self.changes.moved += 1;
            self.moved(before, now, has_new_source);
        }
    }

    /// Tells where the source is another one; whether it is.
    fn source(&mut self, before: &Pinned, now: &Pinned, has_moved: bool) -> bool {
        let (old, new) = (Source::of(before), Source::of(now));
        if old == new {
            return false;
        }
        let name = &now.entry.name;
        let what = format!("the source of {name} changed from {old} to {new}");
        let mut finding = finding(&rules::SOURCE_CHANGED, now, what).about(new.to_string());
        if old.is_same_place(&new) {
            finding = finding
                .of_severity(Severity::Note)
                .with_detail("it is the same place, asked in another way");
        } else {
            self.changes.sources += 1;
            finding = finding
                .with_remedy("see whose the new source is and why it is wanted before you take it");
        }
        if !has_moved {
            let version = &now.entry.version;
            finding = finding.with_detail(format!("the pin is {version}, as before"));
        }
        self.find(finding.with_detail(self.since()));
        true
    }

    /// Tells where an entry is for other uses or systems.
    fn scope(&mut self, before: &Pinned, now: &Pinned) {
        let name = &now.entry.name;
        let mut told = Vec::new();
        match (before.for_tests, now.for_tests) {
            (true, false) => told.push("for the code itself, before for tests only".to_owned()),
            (false, true) => told.push("for tests only, before for the code itself".to_owned()),
            _ => {}
        }
        for (what, old, new) in [
            ("os", &before.entry.os, &now.entry.os),
            ("arch", &before.entry.arch, &now.entry.arch),
        ] {
            let shown = |list: &[String]| match list {
                [] => "any".to_owned(),
                list => list.join(" or "),
            };
            if old != new {
                told.push(format!("for {what} {}, before {}", shown(new), shown(old)));
            }
        }
        if !told.is_empty() {
            let what = format!("{name} is {}", told.join("; "));
            self.find(finding(&rules::SCOPE_CHANGED, now, what));
        }
    }

    /// Tells how the pin got from one commit to the other.
    fn moved(&mut self, before: &Pinned, now: &Pinned, has_new_source: bool) {
        let (old, new) = (&before.entry.version, &now.entry.version);
        let name = &now.entry.name;
        let history = self.histories.of(now);
        let way = match &history {
            Ok(history) => way(&**history, old, new),
            Err(reason) => Way::Unknown(reason.clone()),
        };
        let history = history.ok();
        let shown = |version: &str| described(version, history.as_deref());
        let path = format!("from {} to {}", shown(old), shown(new));
        let (rule, what) = match &way {
            Way::Ahead(count) => {
                let ahead = commits(*count);
                (
                    &rules::PIN_MOVED,
                    format!("{name} moved ahead by {ahead} {path}"),
                )
            }
            Way::Back(count) => {
                let back = commits(*count);
                (
                    &rules::WENT_BACK,
                    format!("{name} went back by {back} {path}"),
                )
            }
            Way::Aside { left, gained } => {
                let what = format!("{name} went aside {path}");
                let left = commits(*left);
                (
                    &rules::WENT_ASIDE,
                    format!("{what}: {left} lost, {gained} gained"),
                )
            }
            // What is new, or comes from elsewhere, has a history in which the old commit need not be.
            Way::OldIsLost if !has_new_source => {
                (&rules::WENT_ASIDE, format!("{name} went aside {path}"))
            }
            _ => (&rules::PIN_MOVED, format!("{name} moved {path}")),
        };
        let mut finding = finding(rule, now, what).about(new);
        match way {
            Way::OldIsLost => {
                finding = finding.with_detail(format!("its history does not have {old}"));
            }
            Way::NewIsAbsent => {
                finding = finding.with_detail(format!("its history does not have {new}"));
            }
            Way::Unknown(reason) => {
                let unchecked = Unchecked::new(Check::Provenance, name, reason);
                self.checked.unchecked.push(unchecked);
            }
            _ => {}
        }
        if *rule == rules::WENT_BACK {
            self.changes.back += 1;
            finding = finding.with_remedy("see why: what was mended since is lost with it");
        } else if *rule == rules::WENT_ASIDE {
            self.changes.aside += 1;
            finding = finding.with_remedy("see what lies between the two before you take it");
        }
        let finding = finding.with_detail(format!("{old} → {new}"));
        self.find(finding.with_detail(self.since()));
    }
}

fn finding(rule: &'static Rule, pin: &Pinned, message: String) -> Finding {
    let finding = Finding::new(rule, &pin.entry.name, Place::lock(pin.line), message);
    finding.about(&pin.entry.version)
}

/// Ids of commits are the same in either case.
fn is_same_version(one: &str, other: &str) -> bool {
    match (ObjectId::parse(one), ObjectId::parse(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}

/// A version by its tag, commit and day, as far as these are known: `v1.0.0 (0123456789ab, 2016-04-07)`.
fn described(version: &str, history: Option<&(dyn History + 'static)>) -> String {
    if ObjectId::parse(version).is_none() {
        return format!("`{version}`");
    }
    let commit = version.to_ascii_lowercase();
    let short = commit.get(..12).unwrap_or(&commit).to_owned();
    let Some(history) = history else {
        return short;
    };
    let here = history.tags().iter().filter(|(_, at)| *at == commit);
    let here: Vec<_> = here.map(|(tag, _)| tag.as_str()).collect();
    let tag = version::latest(here.iter().copied()).or_else(|| here.first().copied());
    let day = history
        .time(&commit)
        .map(|made| Day::of_unix(made).to_string());
    let day = day.map_or_else(String::new, |day| format!(", {day}"));
    match tag {
        Some(tag) => format!("{tag} ({short}{day})"),
        None => format!("{short}{day}"),
    }
}

fn commits(count: usize) -> String {
    match count {
        1 => "1 commit".to_owned(),
        _ => format!("{count} commits"),
    }
}

/// The line of an outermost key, counted from 1; the first line where it does not stand.
fn line_of(text: &[u8], key: &str) -> usize {
    let mut lines = text.split(|byte| *byte == b'\n');
    let is_it = |line: &[u8]| {
        let rest = line.strip_prefix(key.as_bytes());
        rest.is_some_and(|rest| rest.first() == Some(&b':'))
    };
    lines.position(is_it).map_or(1, |at| at + 1)
}

#[cfg(test)]
mod tests;
