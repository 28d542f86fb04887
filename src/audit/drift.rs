//! glide.yaml and the code against glide.lock.

use super::finding::{Checked, Finding, Place};
use super::rules;
use super::subject::{Manifest, Subject};

/// Looks at what can be told without asking any repository.
pub fn drift(subject: &Subject) -> Checked {
    let mut checked = Checked::default();
    if let Some(manifest) = &subject.manifest {
        not_locked(subject, manifest, &mut checked);
        hash(subject, manifest, &mut checked);
    }
    checked
}

fn not_locked(subject: &Subject, manifest: &Manifest, checked: &mut Checked) {
    let config = &manifest.config;
    for wanted in config.imports.iter().chain(&config.test_imports) {
        let is_locked = subject.pins.iter().any(|pin| pin.entry.name == wanted.name);
        if !is_locked {
            let message = format!("{} is in glide.yaml and not in glide.lock", wanted.name);
            let place = Place::new(&manifest.file, 0);
            let finding = Finding::new(&rules::NOT_LOCKED, &wanted.name, place, message);
            checked
                .findings
                .push(finding.with_remedy("run `glide-rs update`"));
        }
    }
}

/// A hash that differs is a note where nothing else does.
fn hash(subject: &Subject, manifest: &Manifest, checked: &mut Checked) {
    let expected = manifest.config.hash();
    if subject.lock.hash == expected {
        return;
    }
    let rule = match (subject.lock.hash.is_empty(), checked.findings.is_empty()) {
        (true, _) => &rules::HASH_MISSING,
        (false, true) => &rules::HASH_COSMETIC,
        (false, false) => return,
    };
    let message = format!(
        "the hash is `{}`; glide.yaml has {expected}",
        subject.lock.hash
    );
    let finding = Finding::new(rule, "", Place::lock(1), message);
    checked
        .findings
        .push(finding.with_remedy("run `glide-rs update`"));
}
