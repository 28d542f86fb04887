//! Pins of a glide.lock against the excerpt: which modules they are, and what is made of it.

use super::super::go::{GoVersion, vulnerable_go};
use super::super::{Confidence, GoMod, Version};
use super::{COMMIT, Known, check, excerpt, heap, pin, subject, told, usage};
use crate::audit::Sketch;
use crate::audit::subject::Use;
use crate::manifest::LockedDependency;

fn subpackages(name: &str, folders: &[&str]) -> LockedDependency {
    let mut entry = pin(name);
    entry.subpackages = folders.iter().map(|folder| (*folder).to_owned()).collect();
    entry
}

fn fork(name: &str, repo: &str) -> LockedDependency {
    let mut entry = pin(name);
    repo.clone_into(&mut entry.repo);
    entry
}

#[test]
fn a_tag_or_the_place_between_tags_decides() {
    let database = &mut heap(&[(
        "GO-1",
        r#""summary": "Insecure randomness", "aliases": ["CVE-2021-3538"],
            "affected": [{"package": {"ecosystem": "Go", "name": "github.com/satori/go.uuid"}, "ranges": [{"type":
            "SEMVER", "events": [{"introduced": "1.2.1-0.20180103161547-0ef6afb2f6cd"}]}]}]"#,
    )]);
    let subject = subject(&[pin("github.com/satori/go.uuid")]);
    check(&subject, database, &Known::tagged(&["v1.2.0"]), &[]);
    let known = Known {
        version: Some(Version::Known {
            text: "1.2.1-0.20180103161547-0ef6afb2f6cd".to_owned(),
            confidence: Confidence::PseudoVersion,
        }),
        ..Known::default()
    };
    let checked = check(&subject, database, &known, &["vulnerable high GO-1"]);
    let finding = &checked.findings[0];
    assert_eq!(
        finding.message,
        "github.com/satori/go.uuid v1.2.1-0.20180103161547-0ef6afb2f6cd is vulnerable: Insecure randomness \
         (GO-1, CVE-2021-3538)"
    );
    assert_eq!(finding.aliases, ["CVE-2021-3538"]);
    assert_eq!(
        finding.remedy,
        "no version is known that mends it: stop using it, or ignore the id with a reason"
    );
}

#[test]
fn other_cases_and_names_are_the_same() {
    let known = Known::tagged(&["v0.9.0"]);
    let database = &mut heap(&[(
        "GO-1",
        r#""affected": [{"package": {"ecosystem": "Go", "name": "github.com/sirupsen/logrus"}}, {"package":
            {"ecosystem": "Go", "name": "golang.org/x/net"}}, {"package": {"ecosystem": "Go", "name": "go.etcd.io/etcd"}},
            {"package": {"ecosystem": "Go", "name": "gopkg.in/yaml.v2"}}]"#,
    )]);
    for name in [
        "github.com/sirupsen/logrus",
        "github.com/Sirupsen/logrus",
        "golang.org/x/net",
        "github.com/golang/net",
        "github.com/coreos/etcd",
    ] {
        check(
            &subject(&[pin(name)]),
            database,
            &known,
            &["vulnerable high GO-1"],
        );
    }
    let known = Known::tagged(&["v2.1.0"]);
    for name in ["gopkg.in/yaml.v2", "github.com/go-yaml/yaml"] {
        check(
            &subject(&[pin(name)]),
            database,
            &known,
            &["vulnerable high GO-1"],
        );
    }
    let third = subject(&[pin("gopkg.in/yaml.v3")]);
    check(&third, database, &Known::default(), &[]);
    check(&third, database, &Known::tagged(&["v3.0.0"]), &[]);
    // Whatever it is pinned as.
    check(&third, database, &known, &["vulnerable high GO-1"]);
    check(
        &subject(&[pin("github.com/sirupsen/logrus-extras")]),
        database,
        &known,
        &[],
    );
}

#[test]
fn the_major_version_tells_modules_apart() {
    let database = &mut excerpt();
    let subject = subject(&[pin("github.com/dgrijalva/jwt-go")]);
    let found = &["vulnerable high GO-2020-0017"];
    check(&subject, database, &Known::tagged(&["v3.2.0"]), found);
    check(
        &subject,
        database,
        &Known::tagged(&["v4.0.0-preview1"]),
        &[],
    );
    let mut known = Known::tagged(&["v4.0.0-preview1"]);
    known.go_mod = GoMod::Module("github.com/dgrijalva/jwt-go".to_owned());
    check(&subject, database, &known, found);
}

#[test]
fn folders_are_modules_where_they_are_used() {
    let database = &mut heap(&[(
        "GO-1",
        r#""affected": [{"package": {"ecosystem": "Go", "name": "github.com/hashicorp/consul/api"},
            "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.1.0"}]}]}]"#,
    )]);
    let used = subject(&[subpackages("github.com/hashicorp/consul", &["api/watch"])]);
    let unused = subject(&[subpackages("github.com/hashicorp/consul", &["apis"])]);
    check(
        &used,
        database,
        &Known::tagged(&["api/v1.0.0", "v1.9.0"]),
        &["vulnerable high GO-1"],
    );
    check(&used, database, &Known::tagged(&["api/v1.1.0"]), &[]);
    check(
        &used,
        database,
        &Known::tagged(&["v1.9.0"]),
        &[
            "unknown GO-1 whether it is affected: its version is not known (no tag leads to the commit)",
        ],
    );
    check(&unused, database, &Known::tagged(&["api/v1.0.0"]), &[]);
}

#[test]
fn a_fork_is_the_original_and_itself() {
    let database = &mut heap(&[
        (
            "GO-1",
            r#""affected": [{"package": {"ecosystem": "Go", "name": "example.com/a"}}]"#,
        ),
        (
            "GO-2",
            r#""affected": [{"package": {"ecosystem": "Go", "name": "github.com/Me/a"}}]"#,
        ),
    ]);
    let known = Known::tagged(&["v1.0.0"]);
    let entry = fork("example.com/a", "git@github.com:me/a.git");
    let checked = check(
        &subject(&[entry]),
        database,
        &known,
        &["fork-vulnerable high GO-1", "vulnerable high GO-2"],
    );
    let details = &checked.findings[0].details;
    assert!(
        details[1].contains("github.com/me/a, a fork of example.com/a"),
        "{details:?}"
    );
    let entry = fork("golang.org/x/net", "https://github.com/golang/net");
    let database = &mut heap(&[(
        "GO-1",
        r#""affected": [{"package": {"ecosystem": "Go", "name": "golang.org/x/net"}}]"#,
    )]);
    check(
        &subject(&[entry]),
        database,
        &known,
        &["vulnerable high GO-1"],
    );
}

#[test]
fn a_record_that_names_commits_is_judged_by_history() {
    let database = &mut heap(&[(
        "CVE-1",
        r#""affected": [{"ranges": [{"type": "GIT", "repo": "https://github.com/a/b.git",
            "events": [{"introduced": "0"}, {"fixed": "f"}]}]}]"#,
    )]);
    let subject = subject(&[pin("github.com/A/b")]);
    let commit = |id: &str, parents: &[&str]| {
        let parents = parents.iter().map(|parent| (*parent).to_owned());
        (id.to_owned(), 0, parents.collect::<Vec<_>>())
    };
    let with = |commits: Vec<_>, tip: &str| Known {
        history: Some(std::sync::Arc::new(Sketch {
            commits,
            branches: vec![("main".to_owned(), tip.to_owned())],
            ..Sketch::default()
        })),
        ..Known::default()
    };
    let before = with(vec![commit(COMMIT, &[]), commit("f", &[COMMIT])], "f");
    let checked = check(&subject, database, &before, &["vulnerable high CVE-1"]);
    assert_eq!(
        checked.findings[0].details[0],
        "known by ancestry: the commit comes after the one that introduced it"
    );
    let after = with(vec![commit("f", &[]), commit(COMMIT, &["f"])], COMMIT);
    check(&subject, database, &after, &[]);
    let open = "unknown CVE-1 whether it is affected: the history of its repository is not known (nobody was asked)";
    check(&subject, database, &Known::default(), &[open]);
}

#[test]
fn an_unknown_version_is_never_clean() {
    let database = &mut excerpt();
    let subject = subject(&[pin("github.com/docker/distribution")]);
    let checked = super::vulnerabilities(&subject, database, &Known::default());
    let told = told(&checked);
    assert!(
        !told.is_empty() && told.iter().all(|line| line.starts_with("unknown GO-")),
        "{told:?}"
    );
}

#[test]
fn what_the_code_does_not_use_is_milder() {
    let database = &mut heap(&[(
        "GO-1",
        r#""summary": "Bad", "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
            "affected": [{"package": {"ecosystem": "Go", "name": "example.com/a/v2"}, "ranges": [{"type": "SEMVER",
            "events": [{"introduced": "0"}, {"fixed": "2.0.1"}, {"introduced": "2.5.0"}, {"fixed": "2.6.0"}]}],
            "ecosystem_specific": {"imports": [{"path": "example.com/a/v2/x", "symbols": ["F", "G"]},
            {"path": "example.com/a/v2/w", "goos": ["windows"]}]}}]"#,
    )]);
    let known = Known::tagged(&["v2.0.0"]);
    let mut subject = subject(&[pin("example.com/a")]);
    for (packages, expected) in [
        (None, "vulnerable critical GO-1"),
        (Some(&[][..]), "vulnerable low GO-1"),
        (Some(&[("example.com/a", false)][..]), "vulnerable low GO-1"),
        (
            Some(&[("example.com/a/x", true)][..]),
            "vulnerable medium GO-1",
        ),
        (
            Some(&[("example.com/a/w", false), ("example.com/a/x", true)][..]),
            "vulnerable critical GO-1",
        ),
        (
            Some(&[("example.com/a/x", false)][..]),
            "vulnerable critical GO-1",
        ),
    ] {
        subject.usage = packages.map(|packages| usage("example.com/a", packages));
        check(&subject, database, &known, &[expected]);
    }
    let checked = super::vulnerabilities(&subject, database, &known);
    let finding = &checked.findings[0];
    assert_eq!(
        finding.message,
        "example.com/a v2.0.0 is vulnerable: Bad (GO-1)"
    );
    assert_eq!(
        finding.details,
        [
            "known by the tag that leads to the commit",
            "in example.com/a/x: F, G",
            "used by app → example.com/a/x",
        ]
    );
    assert_eq!(
        finding.remedy,
        "put `version: v2.0.1` or a later one into glide.yaml and run `glide-rs update` (also mended in v2.6.0)"
    );
}

#[test]
fn systems_that_the_pin_is_not_for_do_not_count() {
    let database = &mut heap(&[(
        "GO-1",
        r#""affected": [{"package": {"ecosystem": "Go", "name": "example.com/a"},
            "ecosystem_specific": {"imports": [{"path": "example.com/a", "goos": ["windows"]}]}}]"#,
    )]);
    let mut entry = pin("example.com/a");
    let known = Known::default();
    check(
        &subject(&[entry.clone()]),
        database,
        &known,
        &["vulnerable high GO-1"],
    );
    entry.os = vec!["linux".to_owned()];
    check(
        &subject(&[entry]),
        database,
        &known,
        &["vulnerable low GO-1"],
    );
}

#[test]
fn the_projects_own_release_numbers_make_it_milder() {
    let database = &mut excerpt();
    let subject = subject(&[pin("k8s.io/ingress-nginx")]);
    let told_of = |tag: &str, database: &mut _| {
        let checked = super::vulnerabilities(&subject, database, &Known::tagged(&[tag]));
        told(&checked)
    };
    let lines = told_of("v1.8.0", database);
    assert!(
        lines.iter().any(|line| line.starts_with("vulnerable high")),
        "{lines:?}"
    );
    let lines = told_of("v99.0.0", database);
    assert!(
        lines.iter().all(|line| line.starts_with("vulnerable low")),
        "{lines:?}"
    );
}

#[test]
fn what_mends_it_may_be_a_commit() {
    let database = &mut heap(&[(
        "GO-1",
        r#""affected": [{"package": {"ecosystem": "Go", "name": "example.com/a"}, "ranges": [{"type": "SEMVER",
            "events": [{"introduced": "0"}, {"fixed": "0.0.0-20200124225646-8b5121be2f68"}]}]}]"#,
    )]);
    let known = Known {
        version: Some(Version::Known {
            text: "0.0.0-20190124225646-aaaaaaaaaaaa".to_owned(),
            confidence: Confidence::PseudoVersion,
        }),
        ..Known::default()
    };
    let checked = check(
        &subject(&[pin("example.com/a")]),
        database,
        &known,
        &["vulnerable high GO-1"],
    );
    assert!(
        checked.findings[0]
            .remedy
            .starts_with("put `version: 8b5121be2f68` or")
    );
}

#[track_caller]
fn check_go(version: &str, expected: Option<&str>) {
    let parsed = GoVersion::parse(version).map(|version| format!("{version:?}"));
    let expected = expected.map(|semver| format!("semver: \"{semver}\""));
    match (parsed, expected) {
        (None, None) => {}
        (Some(parsed), Some(expected)) => assert!(parsed.contains(&expected), "{parsed}"),
        other => panic!("{version}: {other:?}"),
    }
}

#[test]
fn versions_of_go_are_read() {
    check_go("1.19.3", Some("1.19.3"));
    check_go("go1.19.3", Some("1.19.3"));
    check_go("1.19", Some("1.19.0"));
    check_go("1.19rc1", Some("1.19.0-rc.1"));
    check_go("1.21rc2", Some("1.21.0-rc.2"));
    check_go("1.21.0", Some("1.21.0"));
    for text in [
        "1.21",
        "1",
        "",
        "go",
        "1.2.3.4",
        "1.19.x",
        "1.19foo",
        "1.019.1",
        "1.19 beta",
    ] {
        check_go(text, None);
    }
}

#[test]
fn go_itself_is_narrowed_by_what_the_code_imports() {
    let database = &mut excerpt();
    let go = GoVersion::parse("1.19.3").unwrap();
    let mut subject = subject(&[]);
    let all = vulnerable_go(&subject, database, &go);
    assert!(
        told(&all).contains(&"vulnerable-go high GO-2023-1621".to_owned()),
        "{:?}",
        told(&all)
    );
    // The affected package is one that crypto/tls brings in.
    let mut used = usage("", &[]);
    used.standard.insert("net/http".to_owned(), Use::default());
    subject.usage = Some(used.clone());
    let some = told(&vulnerable_go(&subject, database, &go));
    assert!(
        some.contains(&"vulnerable-go high GO-2023-1621".to_owned()),
        "{some:?}"
    );
    used.standard.clear();
    used.standard.insert("strings".to_owned(), Use::default());
    subject.usage = Some(used);
    let none = told(&vulnerable_go(&subject, database, &go));
    assert!(
        none.contains(&"vulnerable-go note unused".to_owned()),
        "{none:?}"
    );
    let fixed = GoVersion::parse("1.19.7").unwrap();
    let rest = told(&vulnerable_go(&subject, database, &fixed));
    assert!(!rest.join(" ").contains("GO-2023-1621"), "{rest:?}");
}
