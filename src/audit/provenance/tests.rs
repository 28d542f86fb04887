//! Pins and what is known of their repositories.

use std::path::PathBuf;

use super::*;
use crate::audit::Sketch;
use crate::audit::subject::Manifest;
use crate::manifest::{Config, Lock, Mirrors};
use crate::model::Roots;

struct Whole;

impl Roots for Whole {
    fn root_of(&self, import_path: &str) -> String {
        import_path.to_owned()
    }
}

struct One(Origin);

impl Origins for One {
    fn of(&self, _: &Pinned) -> Origin {
        self.0.clone()
    }
}

const ONE: &str = "1111111111111111111111111111111111111111";
const TWO: &str = "2222222222222222222222222222222222222222";
const FAR: &str = "ffffffffffffffffffffffffffffffffffffffff";

fn told(served: Option<bool>) -> Origin {
    let pair = |name: &str, commit: &str| (name.to_owned(), commit.to_owned());
    let history = Sketch {
        commits: vec![
            (ONE.to_owned(), 1, Vec::new()),
            (TWO.to_owned(), 2, vec![ONE.to_owned()]),
        ],
        tags: vec![pair("v1.0.0", ONE), pair("v1.1.0", TWO)],
        branches: vec![pair("main", TWO)],
        head: Some(TWO.to_owned()),
    };
    Origin::Told {
        history: Arc::new(history),
        moved_to: None,
        served,
    }
}

fn subject(wanted: &str, repo: &str, version: &str, hash_fits: bool) -> Subject {
    let yaml = format!("package: me\nimport:\n- package: a.b/c\n{wanted}");
    let config = Config::read(yaml.as_bytes(), &Whole).unwrap();
    let hash = if hash_fits {
        config.hash()
    } else {
        String::new()
    };
    let repo = if repo.is_empty() {
        String::new()
    } else {
        format!("  repo: {repo}\n")
    };
    let lock_text = format!(
        "hash: \"{hash}\"\nupdated: 2016-01-02T03:04:05Z\nimports:\n- name: a.b/c\n  version: {version}\n{repo}"
    );
    let lock_text = lock_text.into_bytes();
    let lock = Lock::parse(&lock_text).unwrap();
    Subject {
        name: String::new(),
        folder: PathBuf::new(),
        manifest: Some(Manifest {
            file: "glide.yaml".to_owned(),
            text: yaml.into_bytes(),
            config,
        }),
        pins: Subject::pins(&lock, &lock_text, &Mirrors::default()),
        lock,
        lock_text,
        usage: None,
    }
}

/// `expected` are codes, `?` for what could not be looked at.
#[track_caller]
fn check(subject: &Subject, origin: Origin, policy: &str, expected: &[&str]) {
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    let checked = provenance(subject, &One(origin), &policy);
    let codes = checked.findings.iter().map(|finding| finding.rule.code);
    let codes: Vec<_> = codes.chain(checked.unchecked.iter().map(|_| "?")).collect();
    assert_eq!(codes, expected);
    assert!(
        checked
            .findings
            .iter()
            .all(|finding| finding.place == Place::lock(4))
    );
}

#[test]
fn a_commit_is_in_the_history_or_it_is_told_what_is_known() {
    let at = |version| subject("", "", version, true);
    check(&at(ONE), told(None), "", &[]);
    check(&at(FAR), told(Some(true)), "", &["commit-unreachable"]);
    check(&at(FAR), told(Some(false)), "", &["commit-gone"]);
    check(&at(FAR), told(None), "", &["?"]);
    check(&at("main"), told(None), "", &[]);
    check(&at("v1.0.0"), told(None), "", &[]);
    check(&at("111111"), told(None), "", &["?"]);
    check(&at("nobody"), told(None), "", &["?"]);
    check(
        &at(ONE),
        Origin::Gone("no such repository".to_owned()),
        "",
        &["repository-gone"],
    );
    check(&at(ONE), Origin::Unknown("offline".to_owned()), "", &["?"]);
}

#[test]
fn a_moved_repository_is_told() {
    let Origin::Told { history, .. } = told(None) else {
        unreachable!()
    };
    let moved = Origin::Told {
        history,
        moved_to: Some("https://n.b/c".to_owned()),
        served: None,
    };
    check(
        &subject("", "", ONE, true),
        moved,
        "",
        &["repository-moved"],
    );
}

#[test]
fn tags_are_compared_where_glide_yaml_is_the_one_that_was_locked() {
    for (asked, version, fits, expected) in [
        ("v1.0.0", ONE, true, &[][..]),
        ("v1.0.0", TWO, true, &["tag-moved"]),
        ("v1.0.0", TWO, false, &[]),
        ("main", ONE, true, &[]),
        ("gone", ONE, true, &["name-gone"]),
        ("1111111", ONE, true, &[]),
        ("^1.0.0", ONE, true, &[]),
        (TWO, ONE, true, &[]),
    ] {
        let wanted = format!("  version: {asked}\n");
        check(
            &subject(&wanted, "", version, fits),
            told(None),
            "",
            expected,
        );
    }
}

#[test]
fn addresses_are_looked_at() {
    let only = "allowed-hosts = [\"a.b\", \"*.ok\"]";
    for (repo, policy, expected) in [
        ("", only, &[][..]),
        ("http://a.b/c", only, &["insecure-source"]),
        ("git://x.ok/c", only, &["insecure-source"]),
        (
            "https://u:p@evil.com:443/c",
            only,
            &["password-in-source", "host-not-allowed"],
        ),
        ("https://u:p@a.b/c", "", &["password-in-source"]),
        ("ssh://git:p@a.b/c", "", &["password-in-source"]),
        (
            "https://ghp_0123456789abcdefghij@a.b/c",
            "",
            &["password-in-source"],
        ),
        ("https://somebody@a.b/c", "", &[]),
        ("https://a.b/c@u:p", "", &[]),
        ("https://u:@a.b/c", "", &[]),
        ("ssh://somebody0123456789012@a.b/c", "", &[]),
        ("https://a.b@evil.com/c", only, &["host-not-allowed"]),
        ("git@x.ok:c", only, &[]),
        ("git@evil.com:a.b/c", only, &["host-not-allowed"]),
        ("ssh://git@x.ok:22/c", only, &[]),
        ("file:///a.b/c", only, &["host-not-allowed"]),
        ("/srv/c", only, &["host-not-allowed"]),
        ("https://[::1]:8/c", only, &["host-not-allowed"]),
        ("https://a.b?@evil.com/c", only, &["host-not-allowed"]),
        ("https://evil.com#@a.b/c", only, &["host-not-allowed"]),
        ("https://evil.com\\@a.b/c", only, &["host-not-allowed"]),
        ("ssh://a.b?@evil.com/c", only, &["host-not-allowed"]),
        (
            "ssh://evil.com:x@y@a.b/c",
            only,
            &["password-in-source", "host-not-allowed"],
        ),
        ("evil.com:x://a.b/c", only, &["host-not-allowed"]),
        ("https://a.b:x/c", only, &["host-not-allowed"]),
        ("https://a%2eb/c", only, &["host-not-allowed"]),
        ("https://A.B:443/c", only, &[]),
        ("https://u%40:p@a.b/c", only, &["password-in-source"]),
        ("file:///a.b/c", "", &[]),
    ] {
        check(&subject("", repo, ONE, false), told(None), policy, expected);
    }
}

#[test]
fn secrets_are_not_told() {
    let subject = subject("", "http://u:secret@evil.com/c", ONE, false);
    let policy = Policy::parse(b"allowed-hosts = [\"a.b\"]").unwrap();
    let found = provenance(&subject, &One(told(None)), &policy).findings;
    assert_eq!(found.len(), 3);
    for finding in found {
        let told = [finding.message, finding.details.concat(), finding.remedy];
        assert!(!told.concat().contains("secret"), "{told:?}");
    }
}
