//! vendor/ against the commits that glide.lock pins.

use std::collections::BTreeMap;

use super::finding::{Check, Checked, Finding, Place, Severity, Unchecked};
use super::rules::{self, Rule};
use super::subject::{Pinned, Subject};
use crate::model::sha256_hex;
use crate::vendor::{Difference, DifferenceKind, Verified};

/// How many files of a package are named.
const NAMED: usize = 20;

/// What vendor/ looks like.
#[derive(Debug)]
pub enum VendorState {
    /// There is no vendor/.
    Absent,
    /// It was compared with what could be had.
    Compared {
        /// The packages whose files are known, in the order of [`Verified::expected`].
        packages: Vec<String>,
        /// What comparing has shown.
        verified: Verified,
        /// Entries of glide.lock whose files are not known, and why.
        unread: Vec<(String, String)>,
    },
    /// It could not be looked at, and why.
    Unreadable(String),
}

/// Tells what in vendor/ is not as glide.lock says.
pub fn integrity(subject: &Subject, vendor: &VendorState) -> Checked {
    let mut checked = Checked::default();
    let unknown = |package: &str, reason: &str| Unchecked::new(Check::Integrity, package, reason);
    match vendor {
        VendorState::Absent if subject.pins.is_empty() => {}
        VendorState::Absent => {
            let message = "there is no vendor/ to compare with glide.lock".to_owned();
            let place = Place::new("vendor", 0);
            let finding = Finding::new(&rules::NO_VENDOR, "", place, message);
            checked
                .findings
                .push(finding.with_remedy("run `glide-rs install`"));
        }
        VendorState::Unreadable(reason) => checked.unchecked.push(unknown("", reason)),
        VendorState::Compared {
            packages,
            verified,
            unread,
        } => {
            for (package, reason) in unread {
                checked.unchecked.push(unknown(package, reason));
            }
            for problem in &verified.problems {
                let reason = problem.to_string();
                checked
                    .unchecked
                    .push(unknown(problem.package.as_str(), &reason));
            }
            compared(subject, (packages, verified), unread, &mut checked.findings);
        }
    }
    checked
}

fn compared(
    subject: &Subject,
    (packages, verified): (&[String], &Verified),
    unread: &[(String, String)],
    findings: &mut Vec<Finding>,
) {
    let mut by_package: BTreeMap<&str, Vec<&Difference>> = BTreeMap::new();
    for difference in &verified.differences {
        by_package
            .entry(&difference.package)
            .or_default()
            .push(difference);
    }
    let strangers = by_package.remove("").unwrap_or_default();
    for (package, differences) in by_package {
        let Some(pin) = subject.pins.iter().find(|pin| pin.entry.name == package) else {
            continue;
        };
        let expected = packages.iter().position(|known| known == package);
        let expected = expected.and_then(|at| verified.expected.get(at)).copied();
        let missing = of_kind(&differences, DifferenceKind::Missing);
        if expected == Some(missing.len()) && !missing.is_empty() {
            findings.push(not_installed(pin));
            add(
                findings,
                (&rules::FILE_ADDED, Severity::High),
                pin,
                &of_kind(&differences, DifferenceKind::Added),
            );
            continue;
        }
        for (kind, rule, severity) in [
            (
                DifferenceKind::Changed,
                &rules::FILE_CHANGED,
                Severity::High,
            ),
            (DifferenceKind::Mode, &rules::MODE_CHANGED, Severity::Medium),
            (
                DifferenceKind::Missing,
                &rules::FILE_MISSING,
                Severity::High,
            ),
            (DifferenceKind::Added, &rules::FILE_ADDED, Severity::High),
        ] {
            add(
                findings,
                (rule, severity),
                pin,
                &of_kind(&differences, kind),
            );
        }
    }
    unknown_packages(subject, (&strangers, unread), findings);
}

fn of_kind<'a>(differences: &[&'a Difference], kind: DifferenceKind) -> Vec<&'a Difference> {
    let differences = differences.iter().copied();
    differences
        .filter(|difference| difference.kind == kind)
        .collect()
}

/// A name for these files and what they hold: what is known of some, as in a baseline, must not hide
/// what is done to others, nor what is done to the same ones later.
fn state<'a>(differences: impl IntoIterator<Item = &'a Difference>) -> String {
    let differences = differences.into_iter();
    let lines =
        differences.map(|difference| format!("{}\0{}\n", difference.path, difference.content));
    let mut digest = sha256_hex(lines.collect::<String>().as_bytes());
    digest.truncate(16);
    digest
}

fn not_installed(pin: &Pinned) -> Finding {
    let name = &pin.entry.name;
    let message = format!("{name} is locked, and vendor/ does not have it");
    let finding = Finding::new(&rules::NOT_INSTALLED, name, Place::lock(pin.line), message);
    let for_some = !pin.entry.os.is_empty() || !pin.entry.arch.is_empty();
    // `install --skip-test` leaves tests out, and every install what is for other systems.
    let severity = if pin.for_tests || for_some {
        Severity::Note
    } else {
        Severity::High
    };
    finding
        .of_severity(severity)
        .with_remedy("run `glide-rs install`")
}

fn add(
    findings: &mut Vec<Finding>,
    (rule, severity): (&'static Rule, Severity),
    pin: &Pinned,
    files: &[&Difference],
) {
    if files.is_empty() {
        return;
    }
    let (name, version) = (&pin.entry.name, &pin.entry.version);
    let what = match (rule.code, files.len()) {
        ("file-added", 1) => format!("a file in {name} is not in its commit {version}"),
        ("file-added", count) => format!("{count} files in {name} are not in its commit {version}"),
        ("file-missing", 1) => format!("a file of {name} at {version} is missing"),
        ("file-missing", count) => format!("{count} files of {name} at {version} are missing"),
        ("mode-changed", count) => format!(
            "whether it may be run is other than at {version} for {count} of {name}'s files"
        ),
        (_, 1) => format!("a file of {name} is other than at {version}"),
        (_, count) => format!("{count} files of {name} are other than at {version}"),
    };
    let finding = Finding::new(rule, name, Place::lock(pin.line), what).of_severity(severity);
    let finding = finding.in_state(state(files.iter().copied()));
    let finding =
        finding.with_remedy("see what was done to vendor/, then run `glide-rs install` to undo it");
    findings.push(listing(finding, files));
}

fn listing(finding: Finding, files: &[&Difference]) -> Finding {
    let named = files.iter().take(NAMED);
    let finding = named.fold(finding, |finding, file| {
        finding.with_detail(format!("vendor/{}", file.path))
    });
    match files.len().checked_sub(NAMED) {
        None | Some(0) => finding,
        Some(more) => finding.with_detail(format!("and {more} more")),
    }
}

/// What stands in vendor/ and belongs to nothing that is locked, by the outermost folder that holds
/// nothing else.
fn unknown_packages(
    subject: &Subject,
    (strangers, unread): (&[&Difference], &[(String, String)]),
    findings: &mut Vec<Finding>,
) {
    let is_at_or_below = |path: &str, folder: &str| {
        let below = path.strip_prefix(folder);
        below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
    };
    let leads_to_pin = |folder: &str| {
        let mut pins = subject.pins.iter();
        pins.any(|pin| is_at_or_below(&pin.entry.name, folder))
    };
    let mut folders: BTreeMap<&str, Vec<&Difference>> = BTreeMap::new();
    for stranger in strangers {
        let path = stranger.path.as_str();
        if unread.iter().any(|(name, _)| is_at_or_below(path, name)) {
            continue;
        }
        let ends = path
            .match_indices('/')
            .map(|(at, _)| at)
            .chain([path.len()]);
        let outermost = ends
            .map(|end| &path[..end])
            .find(|folder| !leads_to_pin(folder));
        let folder = outermost.unwrap_or(path);
        folders.entry(folder).or_default().push(stranger);
    }
    for (folder, files) in folders {
        let message = format!("vendor/{folder} belongs to nothing in glide.lock");
        let place = Place::new(format!("vendor/{folder}"), 0);
        let finding = Finding::new(&rules::UNKNOWN_PACKAGE, "", place, message).about(folder);
        let finding = finding.in_state(state(files));
        findings.push(
            finding.with_remedy("add it to glide.yaml, or run `glide-rs install` to remove it"),
        );
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::manifest::{Lock, Mirrors};

    fn subject(names: &[&str]) -> Subject {
        let entries = names.iter();
        let entries = entries.map(|name| format!("- name: {name}\n  version: v\n"));
        let entries = entries.collect::<Vec<_>>().concat();
        let lock_text =
            format!("hash: x\nupdated: 2016-01-02T03:04:05Z\nimports:\n{entries}").into_bytes();
        let lock = Lock::parse(&lock_text).unwrap();
        Subject {
            name: String::new(),
            folder: PathBuf::new(),
            manifest: None,
            pins: Subject::pins(&lock, &lock_text, &Mirrors::default()),
            lock,
            lock_text,
            usage: None,
        }
    }

    fn difference(line: &&str) -> Difference {
        let mut words = line.split(' ');
        let mut word = || words.next().unwrap_or_default().to_owned();
        let kind = match word().as_str() {
            "added" => DifferenceKind::Added,
            "changed" => DifferenceKind::Changed,
            "mode" => DifferenceKind::Mode,
            _ => DifferenceKind::Missing,
        };
        let (path, package) = (word(), word());
        Difference {
            path,
            package,
            kind,
            content: word(),
        }
    }

    #[track_caller]
    fn check(differences: &[&str], expected: &[&str]) {
        let packages = ["h/a", "h/b/c", "h/gone"];
        let verified = Verified {
            differences: differences.iter().map(difference).collect(),
            expected: vec![2, 1],
            ..Verified::default()
        };
        let state = VendorState::Compared {
            packages: vec!["h/a".to_owned(), "h/b/c".to_owned()],
            verified,
            unread: vec![("h/gone".to_owned(), "nobody has it".to_owned())],
        };
        let checked = integrity(&subject(&packages), &state);
        assert_eq!(checked.unchecked.len(), 1);
        let line = |finding: &Finding| {
            let place = &finding.place;
            let details = finding.details.join(" ");
            format!(
                "{} {}:{} {}",
                finding.rule.code, place.file, place.line, details
            )
        };
        let lines: Vec<_> = checked.findings.iter().map(line).collect();
        let lines: Vec<_> = lines.iter().map(|line| line.trim_end()).collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn files_are_told_by_package_and_kind() {
        check(&[], &[]);
        check(
            &[
                "added h/a/x h/a",
                "changed h/a/y h/a",
                "missing h/b/c/z h/b/c",
                "mode h/a/r h/a",
            ],
            &[
                "file-changed glide.lock:4 vendor/h/a/y",
                "mode-changed glide.lock:4 vendor/h/a/r",
                "file-added glide.lock:4 vendor/h/a/x",
                "not-installed glide.lock:6",
            ],
        );
        check(
            &["missing h/a/y h/a"],
            &["file-missing glide.lock:4 vendor/h/a/y"],
        );
    }

    #[test]
    fn strangers_are_told_by_their_outermost_folder() {
        check(
            &[
                "added h/b/x/1 ",
                "added h/b/x/2 ",
                "added h/b/file ",
                "added n/y/z ",
                "added h/gone/f ",
                "added f ",
            ],
            &[
                "unknown-package vendor/f:0",
                "unknown-package vendor/h/b/file:0",
                "unknown-package vendor/h/b/x:0",
                "unknown-package vendor/n:0",
            ],
        );
    }

    #[test]
    fn other_bytes_of_the_same_files_are_another_finding() {
        let key = |line: &str| {
            let verified = Verified {
                differences: vec![difference(&line)],
                expected: vec![2],
                ..Verified::default()
            };
            let state = VendorState::Compared {
                packages: vec!["h/a".to_owned()],
                verified,
                unread: Vec::new(),
            };
            let found = integrity(&subject(&["h/a"]), &state).findings;
            assert_eq!(found.len(), 1);
            found[0].key()
        };
        for (one, other) in [
            ("changed h/a/x h/a file:1", "changed h/a/x h/a file:2"),
            ("added h/a/x h/a file:1", "added h/a/x h/a link:1"),
            ("added h/x  file:1", "added h/x  file:2"),
            ("changed h/a/x h/a file:1", "changed h/a/y h/a file:1"),
        ] {
            assert_eq!(key(one), key(one));
            assert_ne!(key(one), key(other), "{other}");
        }
    }

    #[test]
    fn without_vendor_there_is_nothing_to_compare() {
        let found = integrity(&subject(&["h/a"]), &VendorState::Absent).findings;
        assert_eq!(found[0].severity, Severity::Note);
        assert!(
            integrity(&subject(&[]), &VendorState::Absent)
                .findings
                .is_empty()
        );
    }
}
