//! Each format against its published schema, and what hostile names do to it.

mod folded;

use serde_json::Value;

use super::super::change::Changes;
use super::super::component::Component;
use super::super::finding::{Check, Finding, Place, Unchecked};
use super::super::report::ProjectReport;
use super::super::rules::{self, RULES};
use super::super::subject::Pinned;
use super::*;
use crate::manifest::{LockedDependency, Remote};

const COMMIT: &str = "0123456789abcdef0123456789ABCDEF01234567";

fn component(name: &str) -> Component {
    Component {
        pin: Pinned {
            entry: LockedDependency {
                name: name.to_owned(),
                version: COMMIT.to_owned(),
                ..LockedDependency::default()
            },
            for_tests: false,
            line: 4,
            remote: Remote {
                location: format!("https://mirror.example/{name}"),
                vcs: String::new(),
                mirror: None,
            },
        },
        version: None,
        licence: None,
        direct: false,
        chain: Vec::new(),
        requires: Vec::new(),
    }
}

/// A report with something of everything.
fn report() -> Report {
    let mut log = component("github.com/Acme/Log");
    log.version = Some("v1.2.0+incompatible".to_owned());
    log.licence = Some("MIT OR Apache-2.0".to_owned());
    log.direct = true;
    log.chain = vec!["github.com/me/app".to_owned()];
    log.requires = vec!["gopkg.in/yaml.v2".to_owned()];
    let mut yaml = component("gopkg.in/yaml.v2");
    yaml.chain = vec!["github.com/me/app".to_owned(), log.name().to_owned()];
    yaml.licence = Some("LicenseRef-own".to_owned());
    yaml.pin.entry.repo = "git@example.com:me/yaml.git".to_owned();
    let mut tests = component("h.example/tests");
    tests.pin.for_tests = true;
    tests.pin.entry.vcs = "hg".to_owned();
    tests.pin.entry.repo = "https://me:secret@h.example/tests".to_owned();
    tests.licence = Some("no such licence".to_owned());
    let place = Place::lock(4);
    let changed = Finding::new(
        &rules::FILE_CHANGED,
        "github.com/Acme/Log",
        place,
        "vendor/github.com/Acme/Log/log.go is not what the pinned commit has".to_owned(),
    );
    let unused = Finding::new(
        &rules::IGNORE_UNUSED,
        "",
        Place::new("glide-audit.toml", 3),
        "the ignore of X ignores nothing".to_owned(),
    );
    let added = Finding::new(
        &rules::PIN_ADDED,
        "gopkg.in/yaml.v2",
        Place::lock(7),
        "gopkg.in/yaml.v2 is new: v2.0.0 (a83829b6f129, 2016-09-30)".to_owned(),
    );
    let mut project = ProjectReport {
        name: "services/one".to_owned(),
        package: "github.com/me/app".to_owned(),
        components: vec![log, yaml, tests],
        findings: vec![
            added,
            unused.about("X").with_remedy("take it out"),
            changed
                .about("log.go")
                .with_detail("line one")
                .with_remedy("run `glide-rs install`"),
        ],
        unchecked: vec![Unchecked::new(
            Check::Integrity,
            "gopkg.in/yaml.v2",
            "cannot fetch it\n\tcaused by: nobody answers",
        )],
        since: Some(Changes {
            revision: "origin/master".to_owned(),
            commit: COMMIT.to_lowercase(),
            added: 1,
            moved: 3,
            back: 1,
            ..Changes::default()
        }),
        set_aside: 1,
        in_baseline: 2,
        ..ProjectReport::default()
    };
    project.sort();
    Report {
        checks: vec![Check::Drift, Check::Integrity],
        projects: vec![project],
    }
}

/// The same with names that mean harm.
fn hostile() -> Report {
    let mut report = report();
    let name = "h/\u{1b}[2J\u{9b}\u{202e}\"'<b>\\ [x](http://evil) \n{0}%41/../é";
    let mut component = component(name);
    component.version = Some("v1 \u{7}".to_owned());
    component.licence = Some("\u{1b} (".to_owned());
    component.pin.entry.repo = "-oProxyCommand=x\u{1b}:y".to_owned();
    component.pin.entry.vcs = "\u{0}".to_owned();
    component.pin.entry.version = "\u{1b}]0;x\u{7}".to_owned();
    let finding = Finding::new(
        &rules::FILE_ADDED,
        name,
        Place::new(name, 0),
        name.to_owned(),
    );
    let project = ProjectReport {
        name: format!("/abs/{name}"),
        package: String::new(),
        components: vec![component.clone(), component],
        findings: vec![finding.about(name).with_detail(name).with_remedy(name)],
        unchecked: vec![Unchecked::new(Check::Drift, name, name).about(vec![name.to_owned()])],
        since: Some(Changes {
            revision: name.to_owned(),
            commit: name.to_owned(),
            ..Changes::default()
        }),
        ..ProjectReport::default()
    };
    report.projects.push(project);
    report
}

fn facts() -> Facts {
    Facts {
        floor: Severity::Low,
        now: 1_460_000_000,
        color: false,
        snapshot: Some(Snapshot {
            sha: COMMIT.to_lowercase(),
            reference: "refs/heads/master".to_owned(),
            job: "7".to_owned(),
            correlator: "audit".to_owned(),
            page: Some("https://github.com/me/app/actions/runs/7".to_owned()),
        }),
    }
}

fn text(format: Format, report: &Report) -> String {
    String::from_utf8(render(format, report, &facts()).unwrap()).unwrap()
}

fn document(format: Format, report: &Report) -> Value {
    serde_json::from_str(&text(format, report)).unwrap()
}

fn schema(name: &str) -> Value {
    let path = format!("{}/fixtures/schemas/{name}", env!("CARGO_MANIFEST_DIR"));
    let bytes = crate::fsx::read(std::path::Path::new(&path)).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

/// Holds what is written for several reports against a schema.
#[track_caller]
fn conforms(format: Format, name: &str, others: &[(&str, &str)]) {
    let mut registry = jsonschema::Registry::new();
    for (address, name) in others {
        registry = registry.add(*address, schema(name)).unwrap();
    }
    let registry = registry.prepare().unwrap();
    let validator = jsonschema::options()
        .with_registry(&registry)
        .should_validate_formats(true)
        .build(&schema(name))
        .unwrap();
    assert!(!validator.is_valid(&serde_json::json!({"version": 1})));
    let empty = Report {
        projects: vec![ProjectReport::default()],
        ..Report::default()
    };
    for report in [report(), hostile(), empty, Report::default()] {
        let document = document(format, &report);
        let errors = validator.iter_errors(&document);
        let errors: Vec<_> = errors
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{}\n{document:#}", errors.join("\n"));
    }
}

#[test]
fn sarif_is_valid() {
    conforms(Format::Sarif, "sarif-2.1.0.json", &[]);
}

#[test]
fn spdx_is_valid() {
    conforms(Format::Spdx, "spdx-2.3.json", &[]);
}

#[test]
fn cyclonedx_is_valid() {
    let others = [
        (
            "http://cyclonedx.org/schema/spdx.schema.json",
            "cyclonedx-spdx.json",
        ),
        (
            "http://cyclonedx.org/schema/jsf-0.82.schema.json",
            "cyclonedx-jsf.json",
        ),
    ];
    conforms(Format::CycloneDx, "cyclonedx-1.5.json", &others);
}

#[test]
fn advisories_are_in_the_bill_of_materials() {
    let mut report = report();
    let finding = &mut report.projects[0].findings[0];
    let rule = Box::leak(Box::new(rules::Rule {
        code: "known-vulnerability",
        check: Check::Vulnerabilities,
        severity: Severity::High,
        title: "",
        help: "",
    }));
    *finding = Finding::new(
        rule,
        "gopkg.in/yaml.v2",
        Place::lock(4),
        "it hangs".to_owned(),
    );
    finding.subject = "GO-2020-0036".to_owned();
    finding.aliases = vec!["CVE-2019-11254".to_owned()];
    let document = document(Format::CycloneDx, &report);
    let vulnerability = &document["vulnerabilities"][0];
    assert_eq!(vulnerability["id"], "GO-2020-0036");
    assert_eq!(vulnerability["affects"][0]["ref"], "0:1:gopkg.in/yaml.v2");
}

#[test]
fn sarif_points_at_lines_and_rules() {
    let document = document(Format::Sarif, &report());
    let run = &document["runs"][0];
    let result = &run["results"][0];
    let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
    assert_eq!(result["ruleId"], RULES[index].code);
    let physical = &result["locations"][0]["physicalLocation"];
    assert_eq!(
        physical["artifactLocation"]["uri"],
        "services/one/glide.lock"
    );
    assert_eq!(physical["region"]["startLine"], 4);
    // A policy is no file of the project.
    let physical = &run["results"][1]["locations"][0]["physicalLocation"];
    assert_eq!(physical["artifactLocation"]["uri"], "glide-audit.toml");
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    assert_eq!(
        run["tool"]["driver"]["rules"].as_array().unwrap().len(),
        RULES.len()
    );
}

#[test]
fn fingerprints_hold_when_words_and_lines_change() {
    let print = |report: &Report| {
        let document = document(Format::Sarif, report);
        document["runs"][0]["results"][0]["partialFingerprints"].clone()
    };
    let (one, mut other) = (report(), report());
    let finding = &mut other.projects[0].findings[0];
    finding.place.line = 99;
    finding.message = "in other words".to_owned();
    finding.severity = Severity::Critical;
    assert_eq!(print(&one), print(&other));
    other.projects[0].findings[0].subject = "other.go".to_owned();
    assert_ne!(print(&one), print(&other));
}

#[test]
fn no_format_lets_a_name_drive_the_terminal_or_tell_a_secret() {
    for format in Format::ALL {
        let text = text(format, &hostile());
        let harmful = text
            .chars()
            .find(|c| c.is_control() && *c != '\n' || *c == '\u{202e}');
        assert_eq!(harmful, None, "{format:?}");
        assert!(!text.contains("secret"), "{format:?}");
        // Mirrors are this machine's affair.
        assert!(!text.contains("mirror.example"), "{format:?}");
    }
}

#[test]
fn package_urls_are_those_of_the_definition() {
    for (name, version, expected) in [
        (
            "github.com/Acme/Log",
            "v1.2.0",
            "pkg:golang/github.com/acme/log@v1.2.0",
        ),
        (
            "a.b/c",
            "v2.0.0+incompatible",
            "pkg:golang/a.b/c@v2.0.0%2Bincompatible",
        ),
        ("a.b//c d/", "v1", "pkg:golang/a.b/c%20d@v1"),
        ("a.b/c#x?y@z", "", "pkg:golang/a.b/c%23x%3Fy%40z"),
    ] {
        let mut component = component(name);
        component.version = Some(version.to_owned());
        assert_eq!(super::text::purl(&component), expected);
    }
}

#[test]
fn locations_are_those_of_the_repository() {
    for (vcs, repo, expected) in [
        ("", "", Some("git+https://a.b/c")),
        ("", "git@h.me:x/y.git", Some("git+ssh://git@h.me/x/y.git")),
        ("hg", "https://h/x", Some("hg+https://h/x")),
        ("git", "ssh://git@h/x", Some("git+ssh://git@h/x")),
        ("git", "file:///home/me/x", None),
        ("git", "/home/me/x", None),
        ("cvs", "https://h/x", None),
        ("", "https://h/x y", None),
    ] {
        let mut component = component("a.b/c");
        component.pin.entry.vcs = vcs.to_owned();
        component.pin.entry.repo = repo.to_owned();
        let expected = expected.map(|address| format!("{address}@{COMMIT}"));
        assert_eq!(super::text::location(&component), expected, "{vcs} {repo}");
    }
}

#[test]
fn a_page_is_for_people() {
    let expected = "\
== services/one (github.com/me/app)
since origin/master (0123456789ab): 3 moved (1 back), 1 added
  gopkg.in/yaml.v2 is new: v2.0.0 (a83829b6f129, 2016-09-30)

github.com/Acme/Log (v1.2.0+incompatible, 0123456789ab)
  imported by github.com/me/app
  high      vendor/github.com/Acme/Log/log.go is not what the pinned commit has
            [file-changed]
            at services/one/glide.lock:4
            line one
            → run `glide-rs install`

github.com/me/app
  low       the ignore of X ignores nothing [ignore-unused]
            at glide-audit.toml:3
            → take it out

could not be checked
  integrity of gopkg.in/yaml.v2
            cannot fetch it
            caused by: nobody answers

1 high, 1 low, 1 note in 1 project; 1 could not be checked; 1 set aside by glide-audit.toml; 2 in the baseline
";
    assert_eq!(text(Format::Table, &report()), expected);
}

#[test]
fn colours_are_all_that_a_terminal_adds() {
    let facts = Facts {
        color: true,
        ..facts()
    };
    let colored = render(Format::Table, &report(), &facts).unwrap();
    let colored = String::from_utf8(colored).unwrap();
    assert!(
        colored.contains("\u{1b}[0;31mhigh     \u{1b}[m vendor/"),
        "{colored}"
    );
    let mut plain = colored;
    for code in ["\u{1b}[0;31m", "\u{1b}[1m", "\u{1b}[m"] {
        plain = plain.replace(code, "");
    }
    assert_eq!(plain, text(Format::Table, &report()));
}

#[test]
fn what_it_comes_to_is_one_line() {
    let facts = |floor| Facts { floor, ..facts() };
    let mut report = report();
    let project = &mut report.projects[0];
    (project.set_aside, project.in_baseline) = (0, 0);
    project.findings.clear();
    assert_eq!(
        summary(&report, &facts(Severity::Low)),
        "not known to be clean: 1 could not be checked"
    );
    report.projects[0].unchecked.clear();
    assert_eq!(
        summary(&report, &facts(Severity::Low)),
        "clean: 3 dependencies (drift, integrity)"
    );
    let note = Finding::new(&rules::NO_VENDOR, "", Place::lock(1), String::new());
    report.projects[0].findings = vec![note.clone(), note];
    report.projects.push(ProjectReport::default());
    assert_eq!(
        summary(&report, &facts(Severity::Low)),
        "clean: 3 dependencies of 2 projects (drift, integrity); 2 notes in 1 project"
    );
}

#[test]
fn documents_are_the_same_each_time_and_differ_where_the_lock_does() {
    for format in Format::ALL {
        let one = text(format, &report());
        assert_eq!(one, text(format, &report()), "{format:?}");
        let mut other = report();
        other.projects[0].components[0].pin.entry.version = "f".repeat(40);
        if format.tells_edges() {
            assert_ne!(one, text(format, &other), "{format:?}");
        }
    }
    let serial = |report: &Report| document(Format::CycloneDx, report)["serialNumber"].clone();
    let mut other = report();
    assert_eq!(serial(&report()), serial(&other));
    other.projects[0].components[0].pin.entry.version = "f".repeat(40);
    assert_ne!(serial(&report()), serial(&other));
}
