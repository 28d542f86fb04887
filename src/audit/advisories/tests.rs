//! The excerpt of the Go vulnerability database in fixtures/vulndb, as an independent reading of it sees
//! it, and pins against it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::database::{Database, Files};
use super::ranges::{Facts, Verdict, judge};
use super::{GoMod, Version, Versions, tagged, vulnerabilities};
use crate::audit::finding::{Checked, Severity};
use crate::audit::history::History;
use crate::audit::subject::{Pinned, Subject, Usage, Use};
use crate::fsx;
use crate::manifest::{Lock, LockedDependency, Mirrors};

mod hostile;
mod pins;
mod records;

/// The files of a folder.
struct Folder(PathBuf);

impl Files for Folder {
    fn read(&mut self, name: &str, _limit: usize) -> Result<Option<Vec<u8>>, String> {
        fsx::read_if_exists(&self.0.join(name)).map_err(|error| error.to_string())
    }

    fn names(&mut self) -> Result<Vec<String>, String> {
        unreachable!("it has an index")
    }
}

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/vulndb")
}

fn excerpt() -> Database {
    Database::open(Box::new(Folder(fixture()))).unwrap()
}

/// Files in memory.
#[derive(Default)]
struct Sheets(BTreeMap<String, Vec<u8>>);

impl Files for Sheets {
    fn read(&mut self, name: &str, limit: usize) -> Result<Option<Vec<u8>>, String> {
        let bytes = self.0.get(name).cloned();
        if bytes.as_ref().is_some_and(|bytes| bytes.len() > limit) {
            Err("it is too long".to_owned())
        } else {
            Ok(bytes)
        }
    }

    fn names(&mut self) -> Result<Vec<String>, String> {
        Ok(self.0.keys().cloned().collect())
    }
}

/// A database of records without an index; each is the inside of a JSON object.
fn heap(records: &[(&str, &str)]) -> Database {
    let mut sheets = Sheets::default();
    for (id, rest) in records {
        let text = format!("{{\"id\": \"{id}\", {rest}}}");
        sheets.0.insert(format!("{id}.json"), text.into_bytes());
    }
    Database::open(Box::new(sheets)).unwrap()
}

/// What is known of the pins of a test.
#[derive(Default)]
struct Known {
    /// The tags of every pin's commit; `None` where they are not known.
    tags: Option<Vec<String>>,
    /// Every pin's version, whatever the module.
    version: Option<Version>,
    go_mod: GoMod,
    history: Option<Arc<dyn History>>,
}

impl Known {
    fn tagged(tags: &[&str]) -> Self {
        Self {
            tags: Some(tags.iter().map(|tag| (*tag).to_owned()).collect()),
            ..Self::default()
        }
    }
}

impl Versions for Known {
    fn version(&self, _: &Pinned, folder: &str, major: Option<u64>) -> Version {
        match (&self.version, &self.tags) {
            (Some(version), _) => version.clone(),
            (None, Some(tags)) => tagged(tags, folder, major),
            (None, None) => Version::Unknown("nobody was asked".to_owned()),
        }
    }

    fn tags(&self, _: &Pinned) -> Option<Vec<String>> {
        self.tags.clone()
    }

    fn has_tag(&self, _: &Pinned, tag: &str) -> bool {
        tag == "1.6.0"
    }

    fn go_mod(&self, _: &Pinned) -> GoMod {
        self.go_mod.clone()
    }

    fn history(&self, _: &Pinned) -> Option<Arc<dyn History>> {
        self.history.clone()
    }
}

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// A project that pins these.
fn subject(entries: &[LockedDependency]) -> Subject {
    let lock = Lock {
        imports: entries.to_vec(),
        ..Lock::default()
    };
    Subject {
        name: String::new(),
        folder: PathBuf::new(),
        manifest: None,
        pins: Subject::pins(&lock, b"", &Mirrors::default()),
        lock,
        lock_text: Vec::new(),
        usage: None,
    }
}

fn pin(name: &str) -> LockedDependency {
    LockedDependency {
        name: name.to_owned(),
        version: COMMIT.to_owned(),
        ..LockedDependency::default()
    }
}

/// The packages that are used, each with whether for tests only.
fn usage(root: &str, packages: &[(&str, bool)]) -> Usage {
    let used = |for_tests| Use {
        root: Some(root.to_owned()),
        for_tests,
        chain: vec!["app".to_owned()],
        ..Use::default()
    };
    let packages = packages.iter();
    Usage {
        packages: packages
            .map(|(path, for_tests)| ((*path).to_owned(), used(*for_tests)))
            .collect(),
        ..Usage::default()
    }
}

/// The ids that affect a module at a version.
fn affecting(database: &mut Database, module: &str, version: &str) -> Vec<String> {
    let facts = Facts {
        version: Some(version),
        is_release: true,
        ..Facts::default()
    };
    let mut found = Vec::new();
    for record in database.records(module) {
        let record = record.unwrap();
        let mut entries = record.affected.iter();
        let is_affected = entries.any(|affected| {
            affected.module == module && matches!(judge(affected, &facts), Verdict::Affected(_))
        });
        if is_affected && !record.is_withdrawn {
            found.push(record.id.clone());
        }
    }
    found.sort();
    found
}

#[test]
fn the_excerpt_says_what_an_independent_reading_of_it_says() {
    let table = fsx::read(&fixture().join("expected.tsv")).unwrap();
    let table = String::from_utf8(table).unwrap();
    let mut database = excerpt();
    let mut count = 0;
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<_> = line.split('\t').collect();
        let [module, version, ids] = cells.as_slice() else {
            panic!("{line}");
        };
        let found = affecting(&mut database, module, version).join(" ");
        assert_eq!(found, *ids, "{module} {version}");
        count += 1;
    }
    assert!(count >= 300, "{count}");
}

/// Codes, severities and subjects, and what is not known.
fn told(checked: &Checked) -> Vec<String> {
    let finding = |finding: &crate::audit::Finding| {
        format!(
            "{} {} {}",
            finding.rule.code, finding.severity, finding.subject
        )
    };
    let unchecked = |unchecked: &crate::audit::Unchecked| {
        let words = ["unknown", &unchecked.subjects.join(" "), &unchecked.reason];
        words.join(" ").replace("  ", " ")
    };
    let findings = checked.findings.iter().map(finding);
    findings
        .chain(checked.unchecked.iter().map(unchecked))
        .collect()
}

#[track_caller]
fn check(subject: &Subject, database: &mut Database, known: &Known, expected: &[&str]) -> Checked {
    let checked = vulnerabilities(subject, database, known);
    assert_eq!(told(&checked), expected);
    checked
}

#[test]
fn an_old_database_is_told_of() {
    let database = excerpt();
    let modified = database.modified().unwrap();
    assert_eq!(database.age(modified + 90 * 86_400), None);
    let note = database.age(modified + 91 * 86_400).unwrap();
    assert_eq!(note.severity, Severity::Note);
    assert_eq!(
        note.message,
        "the vulnerability database is of 2026-08-21, 91 days old"
    );
}
