//! Two locks, and what the history of a repository makes of them.

use std::path::PathBuf;
use std::sync::Arc;

use super::*;
use crate::audit::Sketch;
use crate::manifest::{Lock, Mirrors};

const ONE: &str = "1111111111111111111111111111111111111111";
const TWO: &str = "2222222222222222222222222222222222222222";
const THREE: &str = "3333333333333333333333333333333333333333";
const SIDE: &str = "abcdefabcdefabcdefabcdefabcdefabcdefabcd";
const FAR: &str = "ffffffffffffffffffffffffffffffffffffffff";

/// One, two and three in a row, and one beside two and three; the same for every repository.
struct Known {
    is_whole: bool,
}

struct Cut(Sketch);

impl History for Cut {
    fn tags(&self) -> &[(String, String)] {
        self.0.tags()
    }

    fn branches(&self) -> &[(String, String)] {
        self.0.branches()
    }

    fn head(&self) -> Option<&str> {
        self.0.head()
    }

    fn holds(&self, commit: &str) -> bool {
        self.0.holds(commit)
    }

    fn is_ancestor(&self, ancestor: &str, commit: &str) -> bool {
        self.0.is_ancestor(ancestor, commit)
    }

    fn time(&self, commit: &str) -> Option<i64> {
        self.0.time(commit)
    }

    fn distance(&self, from: &str, to: &str) -> Option<usize> {
        self.0.distance(from, to)
    }

    fn is_whole(&self) -> bool {
        false
    }
}

impl Histories for Known {
    fn of(&self, pin: &Pinned) -> Result<Arc<dyn History>, String> {
        if pin.entry.name.starts_with("unknown") {
            return Err("its history is not in the cache".to_owned());
        }
        let pair = |name: &str, commit: &str| (name.to_owned(), commit.to_owned());
        let commit = |id: &str, day: i64, parents: &[&str]| {
            let parents = parents.iter().map(|id| (*id).to_owned()).collect();
            (id.to_owned(), day * 86400, parents)
        };
        let sketch = Sketch {
            commits: vec![
                commit(ONE, 1, &[]),
                commit(TWO, 2, &[ONE]),
                commit(THREE, 3, &[TWO]),
                commit(SIDE, 4, &[ONE]),
            ],
            tags: vec![
                pair("latest", TWO),
                pair("v1.0.0", ONE),
                pair("v1.1.0", TWO),
            ],
            branches: vec![pair("master", THREE), pair("side", SIDE)],
            head: Some(THREE.to_owned()),
        };
        Ok(if self.is_whole {
            Arc::new(sketch)
        } else {
            Arc::new(Cut(sketch))
        })
    }
}

fn pins(text: &str) -> (Lock, Vec<Pinned>) {
    let lock = Lock::parse(text.as_bytes()).unwrap();
    let pins = Subject::pins(&lock, text.as_bytes(), &Mirrors::default());
    (lock, pins)
}

fn lock(imports: &str, tests: &str) -> String {
    format!("hash: x\nupdated: 2016-01-02T03:04:05Z\nimports:\n{imports}testImports:\n{tests}")
}

fn compared(before: Option<&str>, now: &str, histories: &Known) -> (Changes, Checked) {
    let (lock, now_pins) = pins(now);
    let subject = Subject {
        name: String::new(),
        folder: PathBuf::new(),
        manifest: None,
        pins: now_pins,
        lock,
        lock_text: now.as_bytes().to_vec(),
        usage: None,
    };
    let earlier = EarlierLock {
        revision: "main".to_owned(),
        commit: FAR.to_owned(),
        pins: before.map(|before| pins(before).1),
    };
    changes(&subject, &earlier, histories)
}

fn entry(name: &str, version: &str, more: &str) -> String {
    let more: String = more
        .lines()
        .fold(String::new(), |all, line| all + "  " + line + "\n");
    format!("- name: {name}\n  version: {version}\n{more}")
}

/// Codes, severities, lines and messages of what is found between two lists of imports.
#[track_caller]
fn check(before: &str, now: &str, expected: &[&str]) {
    let found = found(before, now);
    let found: Vec<_> = found.iter().map(String::as_str).collect();
    assert_eq!(found, expected);
}

fn found(before: &str, now: &str) -> Vec<String> {
    let histories = Known { is_whole: true };
    let (_, checked) = compared(Some(&lock(before, "")), &lock(now, ""), &histories);
    told(&checked)
}

fn told(checked: &Checked) -> Vec<String> {
    let findings = checked.findings.iter().map(|finding| {
        let (code, line) = (finding.rule.code, finding.place.line);
        format!("{code} {} :{line} {}", finding.severity, finding.message)
    });
    let unchecked = checked.unchecked.iter();
    let unchecked = unchecked.map(|left| format!("? {} {}", left.package, left.reason));
    findings.chain(unchecked).collect()
}

#[test]
fn what_is_the_same_is_not_told() {
    let (one, two) = (
        entry("h/a", ONE, ""),
        entry("h/b", TWO, "repo: https://h/c"),
    );
    check("", "", &[]);
    check(&one, &one, &[]);
    check(&format!("{one}{two}"), &format!("{two}{one}"), &[]);
    // The sub-packages of a repository are no other code, and ids may be written in either case.
    check(&one, &entry("h/a", ONE, "subpackages:\n- x"), &[]);
    check(
        &entry("h/a", SIDE, ""),
        &entry("h/a", &SIDE.to_uppercase(), ""),
        &[],
    );
}

#[test]
fn what_is_new_and_what_is_gone_is_told() {
    let (one, two) = (
        entry("h/a", ONE, ""),
        entry("h/b", THREE, "repo: https://h/c"),
    );
    check(
        &one,
        &format!("{one}{two}"),
        &["pin-added note :6 h/b is new: 333333333333, 1970-01-04, from https://h/c"],
    );
    check(
        &two,
        &one,
        &[
            "pin-added note :4 h/a is new: v1.0.0 (111111111111, 1970-01-02)",
            "pin-removed note :3 h/b is gone, which was at 333333333333",
        ],
    );
    let histories = Known { is_whole: true };
    let (changes, checked) = compared(None, &lock(&one, &entry("h/t", TWO, "")), &histories);
    assert_eq!((changes.added, changes.is_new), (2, true));
    assert!(told(&checked)[1].contains(":7 h/t is new, for tests: v1.1.0 (222222222222"));
    let (changes, checked) = compared(Some(&lock("", &one)), "imports: []\n", &histories);
    assert_eq!((changes.removed, changes.is_new), (1, false));
    // There is no list any more in which it could have stood.
    assert_eq!(checked.findings[0].place, Place::lock(1));
}

#[test]
fn a_pin_goes_ahead_back_or_aside() {
    let way = |before: &str, now: &str| found(&entry("h/a", before, ""), &entry("h/a", now, ""));
    let cases = [
        (
            ONE,
            THREE,
            "pin-moved note :4 h/a moved ahead by 2 commits from v1.0.0 (111111111111, 1970-01-02) to \
             333333333333, 1970-01-04",
        ),
        (
            TWO,
            ONE,
            "went-back medium :4 h/a went back by 1 commit from v1.1.0 (222222222222, 1970-01-03) to v1.0.0 \
             (111111111111, 1970-01-02)",
        ),
        (
            THREE,
            SIDE,
            "went-aside low :4 h/a went aside from 333333333333, 1970-01-04 to abcdefabcdef, 1970-01-05: 2 \
             commits lost, 1 gained",
        ),
        (
            FAR,
            ONE,
            "went-aside low :4 h/a went aside from ffffffffffff to v1.0.0 (111111111111, 1970-01-02)",
        ),
        (
            ONE,
            FAR,
            "pin-moved note :4 h/a moved from v1.0.0 (111111111111, 1970-01-02) to ffffffffffff",
        ),
    ];
    for (before, now, expected) in cases {
        assert_eq!(way(before, now), [expected]);
    }
    assert_eq!(
        way(&SIDE.to_uppercase(), ONE)[0].split(' ').next(),
        Some("went-back")
    );
}

#[test]
fn a_way_that_nobody_knows_is_not_taken_for_one_ahead() {
    for (before, now) in [("master", ONE), (ONE, "master"), ("", ONE), (ONE, "v1.1.0")] {
        let found = found(&entry("h/a", before, ""), &entry("h/a", now, ""));
        assert!(
            found[0].starts_with("pin-moved note :4 h/a moved from "),
            "{found:?}"
        );
        assert!(
            found[1].starts_with("? h/a whether it went back: `"),
            "{found:?}"
        );
    }
    check(
        &entry("unknown/a", ONE, ""),
        &entry("unknown/a", TWO, ""),
        &[
            "pin-moved note :4 unknown/a moved from 111111111111 to 222222222222",
            "? unknown/a its history is not in the cache",
        ],
    );
    let cut = Known { is_whole: false };
    for (before, now, is_known) in [(ONE, TWO, true), (FAR, TWO, false), (TWO, FAR, false)] {
        let locks = [before, now].map(|version| lock(&entry("h/a", version, ""), ""));
        let (_, checked) = compared(Some(&locks[0]), &locks[1], &cut);
        assert_eq!(checked.unchecked.is_empty(), is_known, "{before} {now}");
    }
}

#[test]
fn another_source_is_told_whatever_the_commit() {
    let before = entry("h/a", ONE, "");
    let now = |more: &str, version: &str| entry("h/a", version, more);
    let same = "source-changed high :4 the source of h/a changed from https://h/a to https://e/a";
    check(&before, &now("repo: https://e/a", ONE), &[same]);
    let ahead = "pin-moved note :4 h/a moved ahead by 1 commit from v1.0.0 (111111111111, 1970-01-02) to v1.1.0 \
                 (222222222222, 1970-01-03)";
    check(&before, &now("repo: https://e/a", TWO), &[same, ahead]);
    // The old commit need not be in another repository.
    let moved =
        "pin-moved note :4 h/a moved from ffffffffffff to v1.1.0 (222222222222, 1970-01-03)";
    check(
        &entry("h/a", FAR, ""),
        &now("repo: https://e/a", TWO),
        &[same, moved],
    );
    check(
        &before,
        &now("vcs: hg", ONE),
        &["source-changed high :4 the source of h/a changed from https://h/a to https://h/a (hg)"],
    );
    check(
        &before,
        &now("repo: git@h:a.git\nvcs: git", ONE),
        &["source-changed note :4 the source of h/a changed from https://h/a to git@h:a.git (git)"],
    );
    check(&before, &now("repo: https://h/a", ONE), &[]);
    let secret = found(&before, &now("repo: https://me:secret@e/a", ONE));
    assert!(!secret[0].contains("secret"), "{secret:?}");
}

#[test]
fn other_uses_and_systems_are_told() {
    let histories = Known { is_whole: true };
    let one = entry("h/a", ONE, "");
    for (before, now, words) in [
        (
            lock(&one, ""),
            lock("", &one),
            "h/a is for tests only, before for the code itself",
        ),
        (
            lock("", &one),
            lock(&one, ""),
            "h/a is for the code itself, before for tests only",
        ),
        (
            lock(&one, ""),
            lock(
                &entry("h/a", ONE, "os:\n- linux\n- darwin\narch:\n- arm"),
                "",
            ),
            "h/a is for os linux or darwin, before any; for arch arm, before any",
        ),
    ] {
        let (changes, checked) = compared(Some(&before), &now, &histories);
        assert_eq!(checked.findings.len(), 1);
        assert_eq!(checked.findings[0].rule.code, "scope-changed");
        assert_eq!(checked.findings[0].message, words);
        assert_eq!((changes.added, changes.removed, changes.moved), (0, 0, 0));
    }
}

#[test]
fn a_name_that_stands_twice_hides_nothing() {
    let (one, two) = (entry("h/a", ONE, ""), entry("h/a", TWO, ""));
    let twice = format!("{two}{one}");
    // The second entry is one that the first could have become.
    let back = "went-back medium :6 h/a went back by 1 commit from v1.1.0 (222222222222, 1970-01-03) to v1.0.0 \
                (111111111111, 1970-01-02)";
    check(&two, &twice, &[back]);
    check(
        &twice,
        &two,
        &["pin-removed note :3 h/a is gone, which was at 111111111111"],
    );
    check(&twice, &format!("{one}{two}"), &[]);
}

#[test]
fn changes_are_counted() {
    let names = ["h/a", "h/b", "h/c", "h/d", "h/e"];
    let all = |versions: [&str; 5], more: &str| {
        let entries = names.iter().zip(versions);
        entries.fold(String::new(), |all, (name, version)| {
            all + &entry(name, version, more)
        })
    };
    let before = lock(&all([ONE, TWO, THREE, ONE, ONE], ""), "");
    let now = all([TWO, ONE, SIDE, ONE, ONE], "");
    let now = now.replace("h/e", "h/f");
    let now = lock(
        &now.replace("- name: h/d\n", "- name: h/d\n  repo: https://e/d\n"),
        "",
    );
    let histories = Known { is_whole: true };
    let (changes, checked) = compared(Some(&before), &now, &histories);
    let expected = Changes {
        revision: "main".to_owned(),
        commit: FAR.to_owned(),
        is_new: false,
        added: 1,
        removed: 1,
        moved: 3,
        back: 1,
        aside: 1,
        sources: 1,
    };
    assert_eq!(changes, expected);
    // What is told of one change is not set aside with another of the same pin.
    let keys: std::collections::BTreeSet<_> = checked.findings.iter().map(Finding::key).collect();
    assert_eq!(keys.len(), checked.findings.len());
    assert!(keys.contains(&format!("went-back h/b {ONE}")), "{keys:?}");
}
