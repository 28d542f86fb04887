//! Many projects in one table.

use super::*;

const OTHER: &str = "fedcba9876543210fedcba9876543210fedcba98";

fn advisory(severity: Severity, line: usize, detail: &str) -> Finding {
    let name = "gopkg.in/yaml.v2";
    let message = "it is vulnerable (GO-1)".to_owned();
    Finding::new(&rules::VULNERABLE, name, Place::lock(line), message)
        .about("GO-1")
        .of_severity(severity)
        .with_detail("known by its tag")
        .with_detail(detail)
        .with_remedy("take a later one")
}

/// Five projects with one dependency; two of them use what is affected, one is clean.
fn several() -> Report {
    let project = |number: usize| {
        let mut pin = component("gopkg.in/yaml.v2");
        let (mut findings, mut unchecked) = (Vec::new(), Vec::new());
        match number {
            0 => {}
            1 | 2 => findings.push(advisory(
                Severity::High,
                number,
                &format!("used by p{number}"),
            )),
            _ => findings.push(advisory(Severity::Low, number, "no code uses it")),
        }
        if number == 2 {
            pin.pin.entry.version = OTHER.to_owned();
        }
        for (name, ids) in [("a.b/c", &["GO-7", "GO-8"][..]), ("d.e/f", &["GO-9"])] {
            let ids = ids.iter().map(|id| (*id).to_owned()).collect();
            let unknown = Unchecked::new(Check::Vulnerabilities, name, "nobody knows");
            unchecked.extend((number > 2).then(|| unknown.about(ids)));
        }
        ProjectReport {
            name: format!("p{number}"),
            components: vec![pin],
            findings,
            unchecked,
            ..ProjectReport::default()
        }
    };
    Report {
        checks: vec![Check::Vulnerabilities],
        projects: (0..8).map(project).collect(),
    }
}

#[test]
fn what_concerns_many_projects_is_told_once() {
    let expected = "\
gopkg.in/yaml.v2 (pinned by 8 projects, at 2 commits)
  high      it is vulnerable (GO-1) [vulnerable]
            in 2 projects, at 2 commits: p1/glide.lock:1, p2/glide.lock:2
            known by its tag
            → take a later one
  low       it is vulnerable (GO-1) [vulnerable]
            in 5 projects: p3/glide.lock:3, p4/glide.lock:4, p5/glide.lock:5 and
               2 more
            known by its tag
            no code uses it
            → take a later one

could not be checked
  vulnerabilities of 2 dependencies in 5 projects
            nobody knows
            a.b/c, d.e/f

projects
  p1: 1 high
  p2: 1 high
  p3: 1 low, 2 could not be checked
  p4: 1 low, 2 could not be checked
  p5: 1 low, 2 could not be checked
  p6: 1 low, 2 could not be checked
  p7: 1 low, 2 could not be checked

2 high, 5 low in 7 projects; 10 could not be checked
";
    assert_eq!(text(Format::Table, &several()), expected);
}

#[test]
fn hundreds_of_projects_are_no_longer_than_their_findings() {
    let mut report = several();
    let one = report.projects[3].clone();
    for number in 8..308 {
        let name = format!("p{number}");
        let project = ProjectReport {
            name,
            ..one.clone()
        };
        report.projects.push(project);
    }
    let table = text(Format::Table, &report);
    assert!(table.lines().count() < 50, "{table}");
    for part in [
        "in 305 projects: p3/glide.lock:3, p4/glide.lock:4, p5/glide.lock:5\n               and 302 more",
        "vulnerabilities of 2 dependencies in 305 projects",
        "  287 more (`--format json` lists all)",
        "2 high, 305 low in 307 projects; 610 could not be checked",
    ] {
        assert!(table.contains(part), "`{part}` is missing:\n{table}");
    }
    // Programs are told of each.
    let findings = document(Format::Json, &report);
    let projects = findings["projects"].as_array().unwrap();
    let told = projects
        .iter()
        .filter(|project| project["findings"][0]["subject"] == "GO-1");
    assert_eq!(told.count(), 307);
}

#[test]
fn one_project_tells_each_reason_once() {
    let mut report = several();
    report.projects.truncate(4);
    report.projects.drain(..3);
    let table = text(Format::Table, &report);
    let expected = "\
could not be checked
  vulnerabilities of 2 dependencies
            nobody knows
            a.b/c: GO-7, GO-8
            d.e/f: GO-9
";
    assert!(table.contains(expected), "{table}");
}
