//! glide.yaml and the code against glide.lock.

mod versions;

use std::collections::BTreeMap;

use super::finding::{Check, Checked, Finding, Place, Severity, Unchecked};
use super::history::Histories;
use super::rules;
use super::subject::{Manifest, Pinned, Subject, Usage};
use crate::manifest::{Dependency, lines};
use crate::model::VcsKind;

const UPDATE: &str = "run `glide-rs update`";

/// Compares what glide.yaml and the code ask for with what glide.lock has.
pub fn drift(subject: &Subject, histories: &dyn Histories) -> Checked {
    let mut checked = Checked::default();
    listed_twice(subject, &mut checked.findings);
    match &subject.manifest {
        None => {
            let reason = "there is no glide.yaml beside glide.lock";
            checked
                .unchecked
                .push(Unchecked::new(Check::Drift, "", reason));
        }
        Some(manifest) => {
            let listed = Listed::of(manifest);
            compared(subject, &listed, &mut checked.findings);
            checked.extend(versions::versions(subject, &listed, histories));
            ignored(subject, manifest, &mut checked.findings);
            if let Some(usage) = &subject.usage {
                used(subject, usage, &mut checked.findings);
                left_over(subject, (manifest, &listed, usage), &mut checked.findings);
            }
            hash(subject, manifest, &mut checked);
        }
    }
    checked
}

/// The pins of which only a history tells whether they are what glide.yaml asks for.
pub fn doubtful(subject: &Subject) -> Vec<&Pinned> {
    let config = subject.manifest.as_ref().map(|manifest| &manifest.config);
    let listed = config.into_iter();
    let listed = listed.flat_map(|config| config.imports.iter().chain(&config.test_imports));
    let pins = listed.filter_map(|wanted| {
        let pin = pin(subject, &wanted.name)?;
        versions::is_doubtful(wanted, pin).then_some(pin)
    });
    pins.collect()
}

/// Whether a finding comes of what code imports, and so of how far imports were followed.
pub fn is_of_code(finding: &Finding) -> bool {
    let rules = [
        &rules::IMPORT_NOT_LOCKED,
        &rules::PACKAGE_MISSING,
        &rules::MORE_THAN_TESTS,
    ];
    rules.contains(&finding.rule)
}

/// Whether a finding is that nothing asks for a pin, which all imports must have been followed to tell.
pub fn is_left_over(finding: &Finding) -> bool {
    *finding.rule == rules::LEFT_OVER
}

/// The entries of glide.yaml, with the lines that they stand on.
struct Listed<'a> {
    file: &'a str,
    /// The hash that glide.lock must carry to be made from it.
    hash: String,
    entries: Vec<(&'a Dependency, usize)>,
}

impl<'a> Listed<'a> {
    fn of(manifest: &'a Manifest) -> Self {
        let lists = ["import", "testImport"];
        let places = lists.map(|list| lines(&manifest.text, list, "package"));
        let line = |name: &str| {
            // Where it is written with a package below it, the name is only the beginning.
            let is_it = |package: &str| {
                let below = package.strip_prefix(name);
                below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
            };
            let mut all = places.iter().flatten();
            all.find(|(package, _)| is_it(package))
                .map_or(0, |(_, line)| *line)
        };
        let config = &manifest.config;
        let entries = config.imports.iter().chain(&config.test_imports);
        Self {
            file: &manifest.file,
            hash: config.hash(),
            entries: entries.map(|entry| (entry, line(&entry.name))).collect(),
        }
    }

    fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|(entry, _)| entry.name == name)
    }
}

fn pin<'a>(subject: &'a Subject, name: &str) -> Option<&'a Pinned> {
    subject.pins.iter().find(|pin| pin.entry.name == name)
}

fn listed_twice(subject: &Subject, findings: &mut Vec<Finding>) {
    let mut first: BTreeMap<&str, &Pinned> = BTreeMap::new();
    for pin in &subject.pins {
        let name = pin.entry.name.as_str();
        let Some(before) = first.get(name) else {
            first.insert(name, pin);
            continue;
        };
        let same = before.entry.version == pin.entry.version;
        let message = format!("{name} stands twice, here and on line {}", before.line);
        let message = if same {
            message
        } else {
            format!("{message}, at two versions")
        };
        let finding = Finding::new(&rules::LISTED_TWICE, name, Place::lock(pin.line), message);
        let severity = if same { Severity::Low } else { Severity::High };
        let finding = finding.in_state(&pin.entry.version);
        findings.push(finding.of_severity(severity).with_remedy(UPDATE));
    }
}

/// Entries of glide.yaml without one in glide.lock, or with one that says something else.
fn compared(subject: &Subject, listed: &Listed<'_>, findings: &mut Vec<Finding>) {
    for (wanted, line) in &listed.entries {
        let name = wanted.name.as_str();
        let Some(pin) = pin(subject, name) else {
            let message = format!("{name} is in {} and not in glide.lock", listed.file);
            let place = Place::new(listed.file, *line);
            let finding = Finding::new(&rules::NOT_LOCKED, name, place, message);
            findings.push(finding.with_remedy(UPDATE));
            continue;
        };
        let entry = &pin.entry;
        let vcs = wanted.vcs.map_or("", VcsKind::as_str);
        let quoted = |text: &str| match text {
            "" => "none".to_owned(),
            text => format!("`{}`", crate::http::mask(text)),
        };
        let mut differ = |rule, what: &str, (here, there): (&str, &str)| {
            if here != there {
                let (here, there) = (quoted(here), quoted(there));
                let message = format!(
                    "{what} of {name} is {there} in glide.lock and {here} in {}",
                    listed.file
                );
                let finding = Finding::new(rule, name, Place::lock(pin.line), message);
                let finding = finding.about(what).in_state(there);
                findings.push(finding.with_remedy(UPDATE));
            }
        };
        let words =
            |list: Option<&Vec<String>>| list.map_or_else(String::new, |list| list.join(", "));
        differ(&rules::SOURCE_DIFFERS, "repo", (&wanted.repo, &entry.repo));
        differ(&rules::SOURCE_DIFFERS, "vcs", (vcs, &entry.vcs));
        let (os, arch) = (words(wanted.os.as_ref()), words(wanted.arch.as_ref()));
        differ(&rules::PLATFORM_DIFFERS, "os", (&os, &entry.os.join(", ")));
        differ(
            &rules::PLATFORM_DIFFERS,
            "arch",
            (&arch, &entry.arch.join(", ")),
        );
    }
}

fn ignored(subject: &Subject, manifest: &Manifest, findings: &mut Vec<Finding>) {
    for pin in &subject.pins {
        let name = &pin.entry.name;
        if manifest.config.has_ignore(name) {
            let message = format!("{name} is locked, and {} ignores it", manifest.file);
            let finding =
                Finding::new(&rules::IGNORED_LOCKED, name, Place::lock(pin.line), message);
            findings.push(finding.with_remedy(UPDATE));
        }
    }
}

/// Imports that glide.lock, or the commit that it pins, does not provide.
fn used(subject: &Subject, usage: &Usage, findings: &mut Vec<Finding>) {
    for (path, used) in &usage.packages {
        let by = used.chain.join(" → ");
        let finding = match &used.root {
            None => {
                let message =
                    format!("{path} is imported, and glide.lock has nothing that provides it");
                Finding::new(&rules::IMPORT_NOT_LOCKED, "", Place::lock(1), message)
                    .with_remedy(format!("run `glide-rs get {path}` or `glide-rs update`"))
            }
            Some(root) if used.missing => {
                let line = pin(subject, root).map_or(1, |pin| pin.line);
                let message = format!(
                    "{path} is imported, and {root} has no such package at the pinned commit"
                );
                Finding::new(&rules::PACKAGE_MISSING, root, Place::lock(line), message)
                    .with_remedy(UPDATE)
            }
            Some(root) => {
                let Some(pin) = pin(subject, root).filter(|pin| pin.for_tests && !used.for_tests)
                else {
                    continue;
                };
                let message = format!(
                    "{path} is imported by more than tests, and glide.lock has {root} in testImports"
                );
                Finding::new(
                    &rules::MORE_THAN_TESTS,
                    root,
                    Place::lock(pin.line),
                    message,
                )
                .with_remedy(UPDATE)
            }
        };
        // Of what a dependency imports, some may be for systems that nobody here builds for.
        let severity = match (used.for_tests, used.chain.len()) {
            (false, 0..=1) => finding.severity,
            _ => finding.severity.min(Severity::Medium),
        };
        let finding = finding.of_severity(severity).about(path);
        findings.push(finding.with_detail(format!("imported by {by}")));
    }
}

fn left_over(
    subject: &Subject,
    (manifest, listed, usage): (&Manifest, &Listed<'_>, &Usage),
    findings: &mut Vec<Finding>,
) {
    if usage.listed_unread {
        return;
    }
    for pin in &subject.pins {
        let name = &pin.entry.name;
        // Of what is ignored, that it is locked is told already.
        let is_wanted = listed.has(name) || manifest.config.has_ignore(name);
        let is_needed = usage.listed.contains(name) || usage.of(name).next().is_some();
        if !is_wanted && !is_needed {
            let message = format!("{name} is locked, and nothing asks for it");
            let finding = Finding::new(&rules::LEFT_OVER, name, Place::lock(pin.line), message);
            findings.push(finding.with_remedy(UPDATE));
        }
    }
}

/// A hash that differs is a note where nothing else does.
fn hash(subject: &Subject, manifest: &Manifest, checked: &mut Checked) {
    let expected = manifest.config.hash();
    let held = &subject.lock.hash;
    if *held == expected {
        return;
    }
    let worse = checked
        .findings
        .iter()
        .any(|finding| finding.severity > Severity::Low);
    let (rule, message) = if held.is_empty() {
        let message = "glide.lock has no hash".to_owned();
        (&rules::HASH_MISSING, message)
    } else if worse || !checked.unchecked.is_empty() {
        let message = format!(
            "glide.lock was not made from {} as it is now",
            manifest.file
        );
        (&rules::HASH_DIFFERS, message)
    } else {
        let message = format!(
            "glide.lock was not made from {} as it is now, but all its pins still fit",
            manifest.file
        );
        (&rules::HASH_COSMETIC, message)
    };
    let finding = Finding::new(rule, "", Place::lock(1), message);
    let detail = format!("hash `{held}`, expected `{expected}`");
    checked
        .findings
        .push(finding.with_detail(detail).with_remedy(UPDATE));
}

#[cfg(test)]
mod tests;
