//! Policies as people write them, and what they do to findings.

use super::*;
use crate::audit::ProjectReport;

const TODAY: Day = Day(2026, 11, 25);

fn finding(rule: &'static rules::Rule, package: &str, id: &str) -> Finding {
    let mut finding = Finding::new(rule, package, Place::lock(1), "it is so".to_owned()).about(id);
    finding.aliases = vec![format!("CVE-{id}")];
    finding
}

/// What is left of three findings, and what is said of the ignores, as `code package`.
#[track_caller]
fn check(text: &str, expected: &[&str], set_aside: usize) {
    let policy = Policy::parse(text.as_bytes()).unwrap();
    let project = ProjectReport {
        checks: vec![Check::Drift, Check::Integrity],
        findings: vec![
            finding(&rules::LEFT_OVER, "h/a", ""),
            finding(&rules::LEFT_OVER, "h/b", ""),
            finding(&rules::FILE_ADDED, "h/a", "X"),
        ],
        ..ProjectReport::default()
    };
    let mut report = Report {
        checks: vec![Check::Drift, Check::Integrity],
        projects: vec![project],
    };
    apply(&policy, FILE, &[0], &mut report, TODAY);
    let project = &report.projects[0];
    let lines = project.findings.iter().map(|finding| {
        let line = format!(
            "{} {} {}",
            finding.rule.code, finding.package, finding.place.line
        );
        line.trim_end().to_owned()
    });
    let mut lines: Vec<_> = lines.collect();
    lines.sort();
    assert_eq!(lines, expected);
    assert_eq!(project.set_aside, set_aside);
}

#[test]
fn ignores_are_by_code_or_id_and_package() {
    let reason = "reason = \"we know\"";
    let all = ["file-added h/a 1", "left-over h/a 1", "left-over h/b 1"];
    check("", &all, 0);
    check(
        &format!("[[ignore]]\nid = \"left-over\"\n{reason}\n"),
        &all[..1],
        2,
    );
    check(
        &format!("[[ignore]]\nid = \"left-over\"\npackage = \"h/b\"\n{reason}\n"),
        &all[..2],
        1,
    );
    check(&format!("[[ignore]]\nid = \"X\"\n{reason}\n"), &all[1..], 1);
    check(
        &format!("[[ignore]]\nid = \"CVE-X\"\n{reason}\n"),
        &all[1..],
        1,
    );
}

#[test]
fn expired_and_unused_ignores_are_findings() {
    let ignore =
        |id: &str, more: &str| format!("[[ignore]]\nid = \"{id}\"\nreason = \"r\"\n{more}\n");
    let rest = ["left-over h/a 1", "left-over h/b 1"];
    check(&ignore("X", "expires = 2026-11-25"), &rest, 1);
    check(
        &ignore("X", "expires = 2026-11-24"),
        &["file-added h/a 1", "ignore-expired  1", rest[0], rest[1]],
        0,
    );
    check(
        &format!("\n{}", ignore("not-locked", "package = \"h/z\"")),
        &["file-added h/a 1", "ignore-unused h/z 2", rest[0], rest[1]],
        0,
    );
    // The check of vulnerabilities did not run.
    check(
        &ignore("GO-2020-0001", ""),
        &["file-added h/a 1", rest[0], rest[1]],
        0,
    );
}

#[test]
fn what_means_nothing_is_refused() {
    for (text, words) in [
        ("severty = \"low\"", "severty"),
        (
            "severity = \"lowish\"",
            "line 1: there is no severity `lowish`",
        ),
        (
            "\nchecks = [\"drift\", \"all\"]",
            "line 2: there is no check `all`",
        ),
        ("[[ignore]]\nid = \"X\"", "reason"),
        (
            "[[ignore]]\nid = \"X\"\nreason = \" \"",
            "line 1: an exception needs a reason",
        ),
        (
            "[[ignore]]\nid = \"X\"\nreason = \"r\"\nexpires = 07:00:00",
            "line 4: `expires` is a day",
        ),
        (
            "[[ignore]]\nid = \"X\"\nreason = \"r\"\nexpires = \"soon\"",
            "expires",
        ),
        ("[licences]\nallowed = [\"MIT\"]", "allowed"),
        ("\u{1}", "line 1"),
    ] {
        let error = Policy::parse(text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(words), "{text}: {error}");
    }
    assert!(Policy::parse(b"\xff").is_err());
}

#[test]
fn the_whole_of_a_policy_is_read() {
    let text = "severity = \"high\"\nchecks = [\"integrity\"]\nallowed-hosts = [\"github.com\", \"*.me.org\"]\n\
                [licences]\nallow = [\"MIT\"]\ndeny = [\"GPL-3.0-only\"]\n\
                [[licences.exception]]\npackage = \"h/a\"\nlicence = \"GPL-3.0-only\"\nreason = \"r\"\nexpires = 2030-01-02\n";
    let policy = Policy::parse(text.as_bytes()).unwrap();
    assert_eq!(policy.floor, Some(Severity::High));
    assert_eq!(policy.checks, Some(vec![Check::Integrity]));
    let exception = &policy.licences.exceptions[0];
    assert_eq!(
        (exception.line, exception.expires),
        (7, Some(Day(2030, 1, 2)))
    );
    for (host, allowed) in [
        ("github.com", true),
        ("GitHub.com", true),
        ("x.me.org", true),
        ("a.b.me.org", true),
        ("me.org", false),
        ("evilme.org", false),
        ("gitlab.com", false),
    ] {
        assert_eq!(policy.allows_host(host), allowed, "{host}");
    }
    assert!(Policy::default().allows_host("anything"));
}

#[test]
fn days_are_those_of_the_calendar() {
    for (seconds, day) in [
        (0, Day(1970, 1, 1)),
        (951_782_399, Day(2000, 2, 28)),
        (951_782_400, Day(2000, 2, 29)),
        (951_868_800, Day(2000, 3, 1)),
        (1_764_028_799, Day(2025, 11, 24)),
        (4_102_444_799, Day(2099, 12, 31)),
    ] {
        assert_eq!(Day::of_unix(seconds), day);
    }
}
