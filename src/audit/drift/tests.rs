//! Small worlds with one fault each, or none.

use std::path::PathBuf;
use std::sync::Arc;

use super::super::history::{History, Sketch};
use super::super::subject::Use;
use super::*;
use crate::manifest::{Config, Lock, Mirrors};
use crate::model::Roots;

/// The first three elements of a path.
struct Three;

impl Roots for Three {
    fn root_of(&self, import_path: &str) -> String {
        let mut elements = import_path.split('/');
        let elements: Vec<_> = elements.by_ref().take(3).collect();
        elements.join("/")
    }
}

/// One history for all.
struct Known(Option<fn() -> Sketch>);

impl Histories for Known {
    fn of(&self, _: &Pinned) -> Result<Arc<dyn History>, String> {
        let sketch = self.0.ok_or_else(|| "unknown".to_owned())?;
        Ok(Arc::new(sketch()))
    }
}

const ONE: &str = "1111111111111111111111111111111111111111";
const TWO: &str = "2222222222222222222222222222222222222222";

/// `one` (v1.0.0), then `two` (v1.1.0, main).
fn two_releases() -> Sketch {
    let pair = |name: &str, commit: &str| (name.to_owned(), commit.to_owned());
    Sketch {
        commits: vec![
            (ONE.to_owned(), 1, Vec::new()),
            (TWO.to_owned(), 2, vec![ONE.to_owned()]),
        ],
        tags: vec![pair("v1.0.0", ONE), pair("v1.1.0", TWO)],
        branches: vec![pair("main", TWO)],
        head: Some(TWO.to_owned()),
    }
}

fn subject(yaml: Option<&str>, lock: &str, used: &[&str]) -> Subject {
    let config = yaml.map(|yaml| Config::read(yaml.as_bytes(), &Three).unwrap());
    let hash = config.as_ref().map_or_else(String::new, Config::hash);
    let lock_text = lock.replace("SAME", &hash).into_bytes();
    let lock = Lock::parse(&lock_text).unwrap();
    let pins = Subject::pins(&lock, &lock_text, &Mirrors::default());
    let mut usage = Usage::default();
    for line in used {
        // `path of root by chain`, with `?` behind what is missing and `(tests)` in front.
        let (for_tests, line) = match line.strip_prefix("(tests) ") {
            Some(line) => (true, line),
            None => (false, *line),
        };
        let (path, rest) = line.split_once(" of ").unwrap();
        let (root, chain) = rest.split_once(" by ").unwrap();
        let used = Use {
            root: (root != "nobody").then(|| root.to_owned()),
            for_tests,
            missing: path.ends_with('?'),
            chain: chain.split(' ').map(str::to_owned).collect(),
        };
        usage
            .packages
            .insert(path.trim_end_matches('?').to_owned(), used);
    }
    Subject {
        name: String::new(),
        folder: PathBuf::new(),
        manifest: yaml.zip(config).map(|(yaml, config)| Manifest {
            file: "glide.yaml".to_owned(),
            text: yaml.as_bytes().to_vec(),
            config,
        }),
        lock,
        lock_text,
        pins,
        usage: Some(usage),
    }
}

fn yaml(entries: &str) -> String {
    format!("package: me\nimport:\n{entries}")
}

fn lock(hash: &str, entries: &str) -> String {
    format!("hash: {hash}\nupdated: 2016-01-02T03:04:05Z\nimports:\n{entries}")
}

/// `expected` are lines of `severity code file:line package`, `?` for what could not be looked at.
#[track_caller]
fn check(subject: &Subject, history: Option<fn() -> Sketch>, expected: &[&str]) {
    let checked = drift(subject, &Known(history));
    let findings = checked.findings.iter().map(|finding| {
        let place = &finding.place;
        let (rule, package) = (finding.rule.code, &finding.package);
        format!(
            "{} {rule} {}:{} {package}",
            finding.severity, place.file, place.line
        )
    });
    let unchecked = checked
        .unchecked
        .iter()
        .map(|unchecked| format!("? {}", unchecked.package));
    let mut found: Vec<_> = findings.chain(unchecked).collect();
    found.sort();
    let found: Vec<_> = found.iter().map(|line| line.trim_end()).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_lock_that_fits_is_clean() {
    let uses = [
        "a.b/c/d of a.b/c/d by me",
        "(tests) t.b/c/d of t.b/c/d by me",
    ];
    let locked = |version: &str| {
        lock(
            "SAME",
            &format!(
                "- name: a.b/c/d\n  version: \"{version}\"\ntestImports:\n- name: t.b/c/d\n  version: {ONE}\n"
            ),
        )
    };
    for (version, held) in [
        ("", ONE),
        ("", "123"),
        ("^1.0.0", TWO),
        (">=1.0, <1.1", ONE),
        ("v1.0.0", ONE),
        ("main", TWO),
        ("main", ONE),
        (ONE, ONE),
        ("1111111", ONE),
    ] {
        let wanted = yaml(&format!(
            "- package: a.b/c/d\n  version: \"{version}\"\ntestImport:\n- package: t.b/c/d\n"
        ));
        let subject = subject(Some(&wanted), &locked(held), &uses);
        check(&subject, Some(two_releases), &[]);
    }
}

#[test]
fn versions_that_are_not_met_are_found() {
    for (version, held, expected) in [
        ("^1.1.0", ONE, "high version-unmet glide.lock:4 a.b/c/d"),
        ("^2", TWO, "high version-unmet glide.lock:4 a.b/c/d"),
        (TWO, ONE, "high version-unmet glide.lock:4 a.b/c/d"),
        ("v1.1.0", ONE, "high version-unmet glide.lock:4 a.b/c/d"),
        ("gone", ONE, "high version-unmet glide.lock:4 a.b/c/d"),
        ("v1.0.0", TWO, "high version-unmet glide.lock:4 a.b/c/d"),
    ] {
        let wanted = yaml(&format!("- package: a.b/c/d\n  version: {version}\n"));
        let locked = lock("x", &format!("- name: a.b/c/d\n  version: {held}\n"));
        let subject = subject(Some(&wanted), &locked, &[]);
        check(
            &subject,
            Some(two_releases),
            &[expected, "low hash-differs glide.lock:1"],
        );
    }
}

#[test]
fn a_name_that_has_moved_or_gone_is_not_drift() {
    for version in ["v1.1.0", "gone"] {
        let wanted = yaml(&format!("- package: a.b/c/d\n  version: {version}\n"));
        let locked = lock("SAME", &format!("- name: a.b/c/d\n  version: {ONE}\n"));
        let subject = subject(Some(&wanted), &locked, &[]);
        check(&subject, Some(two_releases), &[]);
    }
}

#[test]
fn a_branch_that_lacks_the_pin_is_drift_unless_its_history_was_rewritten() {
    const LOST: &str = "3333333333333333333333333333333333333333";
    let side = || {
        let mut history = two_releases();
        history.branches.push(("side".to_owned(), ONE.to_owned()));
        history
    };
    let unmet: &[_] = &["high version-unmet glide.lock:4 a.b/c/d"];
    for (branch, held, expected) in [
        ("side", TWO, unmet),
        ("main", ONE, &[]),
        ("side", LOST, &[]),
    ] {
        let wanted = yaml(&format!("- package: a.b/c/d\n  version: {branch}\n"));
        let locked = lock("SAME", &format!("- name: a.b/c/d\n  version: {held}\n"));
        check(&subject(Some(&wanted), &locked, &[]), Some(side), expected);
    }
}

#[test]
fn what_only_refs_tell_is_unknown_without_them() {
    let wanted = yaml("- package: a.b/c/d\n  version: ^1\n");
    let locked = lock("SAME", &format!("- name: a.b/c/d\n  version: {ONE}\n"));
    check(&subject(Some(&wanted), &locked, &[]), None, &["? a.b/c/d"]);
}

#[test]
fn names_missing_and_left_over_are_found() {
    let wanted = yaml("# one\n- package: a.b/c/d/sub\n- package: x.b/c/d\n");
    let locked = lock(
        "SAME",
        &format!("- name: gone.b/c/d\n  version: {ONE}\n- name: x.b/c/d\n  version: {ONE}\n"),
    );
    check(
        &subject(Some(&wanted), &locked, &[]),
        None,
        &[
            "high not-locked glide.yaml:4 a.b/c/d",
            "low left-over glide.lock:4 gone.b/c/d",
        ],
    );
}

#[test]
fn sources_and_systems_are_compared() {
    let wanted = yaml(
        "- package: a.b/c/d\n  repo: https://u:secret@f.b/c\n  vcs: git\n  os: [linux]\n  arch: [arm, amd64]\n",
    );
    let locked = lock(
        "SAME",
        &format!("- name: a.b/c/d\n  version: {ONE}\n  os: [linux]\n"),
    );
    let subject = subject(Some(&wanted), &locked, &[]);
    check(
        &subject,
        None,
        &[
            "high source-differs glide.lock:4 a.b/c/d",
            "high source-differs glide.lock:4 a.b/c/d",
            "medium platform-differs glide.lock:4 a.b/c/d",
        ],
    );
    let told = drift(&subject, &Known(None)).findings;
    assert!(
        told.iter()
            .all(|finding| !finding.message.contains("secret")),
        "{told:?}"
    );
}

#[test]
fn imports_are_covered_or_found() {
    let wanted = yaml("- package: a.b/c/d\n");
    let locked = lock(
        "SAME",
        &format!(
            "- name: a.b/c/d\n  version: {ONE}\ntestImports:\n- name: t.b/c/d\n  version: {ONE}\n"
        ),
    );
    let subject = subject(
        Some(&wanted),
        &locked,
        &[
            "a.b/c/d/gone? of a.b/c/d by me",
            "t.b/c/d of t.b/c/d by me a.b/c/d",
            "u.b/c/d of nobody by me",
            "w.b/c/d of nobody by me a.b/c/d",
            "(tests) v.b/c/d of nobody by me",
        ],
    );
    check(
        &subject,
        None,
        &[
            "high import-not-locked glide.lock:1",
            "high package-missing glide.lock:4 a.b/c/d",
            "medium import-not-locked glide.lock:1",
            "medium import-not-locked glide.lock:1",
            "medium more-than-tests glide.lock:7 t.b/c/d",
        ],
    );
}

#[test]
fn entries_that_stand_twice_or_are_ignored_or_name_no_commit_are_found() {
    let wanted = "package: me\nignore:\n- i.b/c\nimport:\n- package: a.b/c/d\n";
    let locked = lock(
        "SAME",
        &format!(
            "- name: a.b/c/d\n  version: {ONE}\n- name: a.b/c/d\n  version: {TWO}\n\
             - name: i.b/c/d\n  version: master\ntestImports:\n- name: a.b/c/d\n  version: {ONE}\n"
        ),
    );
    check(
        &subject(Some(wanted), &locked, &["a.b/c/d of a.b/c/d by me"]),
        None,
        &[
            "high listed-twice glide.lock:6 a.b/c/d",
            "low ignored-locked glide.lock:8 i.b/c/d",
            "low listed-twice glide.lock:11 a.b/c/d",
            "medium inexact glide.lock:8 i.b/c/d",
        ],
    );
}

#[test]
fn what_names_one_revision_is_exact_in_its_own_system() {
    let id = "me@x-20160102030405-bagese1yg0sdi2qp";
    for (version, vcs, is_exact) in [
        (ONE, "git", true),
        (&ONE[..39], "git", false),
        ("v1.0.0", "git", false),
        (id, "git", false),
        (id, "bzr", true),
        ("12", "bzr", true),
        ("3.1.2", "bzr", true),
        ("trunk", "bzr", false),
        ("12", "svn", true),
        ("12", "git", false),
    ] {
        let wanted = yaml(&format!("- package: a.b/c/d\n  vcs: {vcs}\n"));
        let locked = lock(
            "SAME",
            &format!("- name: a.b/c/d\n  version: \"{version}\"\n  vcs: {vcs}\n"),
        );
        let expected: &[&str] = if is_exact {
            &[]
        } else {
            &["medium inexact glide.lock:4 a.b/c/d"]
        };
        check(&subject(Some(&wanted), &locked, &[]), None, expected);
    }
}

#[test]
fn a_hash_is_a_note_where_everything_fits() {
    let wanted = yaml("- package: a.b/c/d\n");
    for (hash, expected) in [
        ("abc", "note hash-cosmetic glide.lock:1"),
        ("\"\"", "low hash-missing glide.lock:1"),
    ] {
        let locked = lock(hash, &format!("- name: a.b/c/d\n  version: {ONE}\n"));
        check(&subject(Some(&wanted), &locked, &[]), None, &[expected]);
    }
}

#[test]
fn without_a_manifest_little_can_be_told() {
    let locked = lock("x", &format!("- name: a.b/c/d\n  version: {ONE}\n"));
    check(&subject(None, &locked, &[]), None, &["?"]);
}
