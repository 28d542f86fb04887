//! The reports of `audit` in every format, baselines, and docs/src/audit.md, which is true.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use glide_rs::audit::{Check, RULES};
use serde_json::Value;

use crate::support::own;
use crate::support::process::Output;
use crate::support::repo::Commit;
use crate::support::world::World;

const LOG: &str = "github.com/acme/log";
const TEXT: &str = "github.com/acme/text";

/// A project that imports `log`, which imports `text`; all installed, all right.
fn world() -> World {
    let (mut world, ()) = World::new(|remotes| {
        let text = Commit::new()
            .file("text.go", "package text\n")
            .tag("v1.1.0");
        remotes.commit(TEXT, &text);
        let source = format!("package log\n\nimport _ \"{TEXT}\"\n");
        remotes.commit(LOG, &Commit::new().file("log.go", source).tag("v1.0.0"));
    });
    let sandbox = &mut world.sandbox;
    sandbox.set("SOURCE_DATE_EPOCH", "1460000000");
    sandbox.write(
        "main.go",
        &format!("package main\n\nimport _ \"{LOG}\"\n\nfunc main() {{}}\n"),
    );
    sandbox.write(
        "glide.yaml",
        &format!("package: github.com/me/app\nimport:\n- package: {LOG}\n"),
    );
    sandbox.run(&["--quiet", "update"]).success();
    world
}

/// The same with one file of vendor/ changed.
fn faulty() -> World {
    let world = world();
    world
        .sandbox
        .write(&format!("vendor/{TEXT}/text.go"), "package text // mine\n");
    world
}

fn audit(world: &World, more: &[&str]) -> Output {
    let mut arguments = vec!["audit", "drift", "integrity"];
    arguments.extend(more);
    world.sandbox.run(&arguments)
}

#[track_caller]
fn document(output: &Output) -> Value {
    serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

#[test]
fn a_clean_project_is_told_in_a_line() {
    let world = world();
    let output = audit(&world, &[]).success();
    assert_eq!(output.stdout, "clean: 2 dependencies (drift, integrity)\n");
    assert_eq!(output.stderr, "");
}

#[test]
fn a_table_tells_what_where_why_and_what_to_do() {
    let output = audit(&faulty(), &[]);
    assert_eq!(output.exit, Some(1), "{output:?}");
    let lines: Vec<_> = output.stdout.lines().collect();
    assert!(lines[0].starts_with("github.com/acme/text ("), "{lines:?}");
    assert_eq!(
        lines[1],
        "  imported by github.com/me/app → github.com/acme/log"
    );
    assert!(
        output.stdout.contains("[file-changed]"),
        "{}",
        output.stdout
    );
    assert!(
        output.stdout.contains("            → "),
        "{}",
        output.stdout
    );
    assert_eq!(lines.last(), Some(&"1 high in 1 project"));
    assert!(
        lines.iter().all(|line| line.chars().count() <= 80),
        "{lines:#?}"
    );
}

#[test]
fn json_has_all_and_is_the_same_each_time() {
    let world = faulty();
    let output = audit(&world, &["--format", "json"]);
    assert_eq!(output.exit, Some(1));
    assert_eq!(output.stderr, "[INFO]\t1 high in 1 project\n");
    let report = document(&output);
    assert_eq!(report["schema"], 1);
    assert_eq!(report["verdict"], "findings");
    assert_eq!(report["created"], "2016-04-07T03:33:20Z");
    assert_eq!(report["counts"]["high"], 1);
    let project = &report["projects"][0];
    assert_eq!(project["package"], "github.com/me/app");
    assert_eq!(project["pins"][0]["name"], LOG);
    assert_eq!(project["pins"][0]["requires"][0], TEXT);
    assert_eq!(project["pins"][1]["direct"], false);
    let finding = &project["findings"][0];
    assert_eq!(finding["rule"], "file-changed");
    assert_eq!(finding["package"], TEXT);
    assert_eq!(audit(&world, &["--format", "json"]).stdout, output.stdout);
}

#[test]
fn sarif_has_the_finding_and_its_rule() {
    let report = document(&audit(&faulty(), &["--format", "sarif"]));
    let run = &report["runs"][0];
    assert_eq!(run["results"].as_array().unwrap().len(), 1);
    assert_eq!(run["results"][0]["ruleId"], "file-changed");
    assert_eq!(run["results"][0]["level"], "error");
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
}

#[test]
fn bills_of_materials_have_the_pins_and_who_needs_them() {
    let world = world();
    let bom = document(&audit(&world, &["--format", "cyclonedx"]).success());
    let names: Vec<_> = bom["components"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| &part["name"])
        .collect();
    assert_eq!(names, [LOG, TEXT]);
    let edges = bom["dependencies"].as_array().unwrap();
    let edge = |at: usize| {
        (
            edges[at]["ref"].as_str().unwrap(),
            edges[at]["dependsOn"].to_string(),
        )
    };
    assert_eq!(
        edge(0),
        (
            "0:github.com/me/app",
            "[\"0:0:github.com/acme/log\"]".to_owned()
        )
    );
    assert_eq!(
        edge(1),
        (
            "0:0:github.com/acme/log",
            "[\"0:1:github.com/acme/text\"]".to_owned()
        )
    );
    let spdx = document(&audit(&world, &["--format", "spdx"]).success());
    assert_eq!(spdx["creationInfo"]["created"], "2016-04-07T03:33:20Z");
    let package = &spdx["packages"][1];
    assert_eq!(package["name"], LOG);
    let location = package["downloadLocation"].as_str().unwrap();
    assert!(
        location.starts_with("git+https://github.com/acme/log@"),
        "{location}"
    );
    let again = audit(&world, &["--format", "cyclonedx"]).stdout;
    assert_eq!(document(&audit(&world, &["--format", "cyclonedx"])), bom);
    assert!(again.contains("urn:uuid:"), "{again}");
}

#[test]
fn edges_are_told_whatever_the_checks() {
    let world = world();
    let output = world
        .sandbox
        .run(&["audit", "integrity", "--format", "cyclonedx"])
        .success();
    assert_eq!(
        document(&output)["dependencies"][1]["dependsOn"][0],
        "0:1:github.com/acme/text"
    );
}

#[test]
fn a_snapshot_belongs_to_a_build() {
    let mut world = world();
    let sha = "a".repeat(40);
    let output = audit(&world, &["--format", "github"]);
    assert_eq!(output.exit, Some(2), "{output:?}");
    assert!(output.stderr.contains("--sha"), "{}", output.stderr);
    assert_eq!(output.stdout, "");
    for wrong in [
        ["--sha", "abc", "--ref", "refs/heads/x"],
        ["--sha", &sha, "--ref", "master"],
    ] {
        let output = audit(
            &world,
            &[&["--format", "github"], wrong.as_slice()].concat(),
        );
        assert_eq!(output.exit, Some(2), "{output:?}");
    }
    for (name, value) in [
        ("GITHUB_SHA", sha.as_str()),
        ("GITHUB_REF", "refs/heads/master"),
        ("GITHUB_RUN_ID", "12"),
        ("GITHUB_WORKFLOW", "audit"),
        ("GITHUB_JOB", "glide"),
        ("GITHUB_SERVER_URL", "https://github.com"),
        ("GITHUB_REPOSITORY", "me/app"),
    ] {
        world.sandbox.set(name, value);
    }
    let snapshot = document(&audit(&world, &["--format", "github"]).success());
    assert_eq!(snapshot["sha"], sha);
    assert_eq!(snapshot["job"]["correlator"], "audit_glide");
    assert_eq!(
        snapshot["job"]["html_url"],
        "https://github.com/me/app/actions/runs/12"
    );
    let resolved = &snapshot["manifests"]["glide.lock"]["resolved"];
    assert_eq!(resolved[LOG]["relationship"], "direct");
    assert_eq!(resolved[TEXT]["relationship"], "indirect");
    let needed = resolved[LOG]["dependencies"][0].as_str().unwrap();
    assert!(
        needed.starts_with("pkg:golang/github.com/acme/text@"),
        "{needed}"
    );
    let flags = [
        "--format",
        "github",
        "--ref",
        "refs/tags/v1",
        "--job",
        "nightly",
    ];
    let snapshot = document(&audit(&world, &flags).success());
    assert_eq!(snapshot["ref"], "refs/tags/v1");
    assert_eq!(snapshot["job"]["correlator"], "nightly");
}

#[test]
fn osv_scanner_gets_commits() {
    let lock = document(&audit(&world(), &["--format", "osv"]).success());
    let packages = &lock["results"][0]["packages"];
    assert_eq!(packages[0]["package"]["name"], LOG);
    assert_eq!(packages[0]["package"]["commit"].as_str().unwrap().len(), 40);
}

#[test]
fn a_report_goes_to_a_file_at_once_or_not_at_all() {
    let world = faulty();
    let output = audit(&world, &["--format", "json", "--output", "audit.json"]);
    assert_eq!((output.exit, output.stdout.as_str()), (Some(1), ""));
    let written = world.sandbox.read("audit.json").unwrap();
    assert_eq!(written, audit(&world, &["--format", "json"]).stdout);
    // A folder in its place, and a folder that is not there.
    for (path, named) in [
        ("vendor", "vendor"),
        ("no/such/folder/x.json", "no/such/folder"),
    ] {
        let output = audit(&world, &["--output", path]);
        assert_eq!(output.exit, Some(2), "{output:?}");
        assert!(output.stderr.contains(named), "{}", output.stderr);
    }
}

#[test]
fn only_what_is_new_since_the_baseline_fails() {
    let world = faulty();
    audit(&world, &["--format", "json", "--output", "known.json"]).failure();
    let output = audit(&world, &["--baseline", "known.json"]).success();
    assert_eq!(
        output.stdout,
        "clean: 2 dependencies (drift, integrity); 1 in the baseline\n"
    );
    world
        .sandbox
        .write(&format!("vendor/{LOG}/more.go"), "package log\n");
    let output = audit(&world, &["--baseline", "known.json"]);
    assert_eq!(output.exit, Some(1));
    assert!(output.stdout.contains("[file-added]"), "{}", output.stdout);
    assert!(
        !output.stdout.contains("[file-changed]"),
        "{}",
        output.stdout
    );
}

#[test]
fn a_baseline_that_cannot_be_read_is_not_taken_for_an_empty_one() {
    let world = world();
    world.sandbox.write("table.txt", "clean\n");
    world.sandbox.write("next.json", "{\"schema\": 2}");
    for path in ["table.txt", "next.json", "none.json", "vendor"] {
        let output = audit(&world, &["--baseline", path]);
        assert_eq!(output.exit, Some(2), "{output:?}");
        assert!(output.stderr.contains(path), "{}", output.stderr);
    }
}

#[test]
fn what_could_not_be_looked_at_is_in_every_report() {
    let mut world = world();
    fs::remove_dir_all(world.sandbox.glide_home()).unwrap();
    world.sandbox.set("https_proxy", "http://127.0.0.1:9");
    let output = audit(&world, &[]);
    assert_eq!(output.exit, Some(2), "{output:?}");
    assert!(
        output.stdout.contains("\ncould not be checked\n")
            || output.stdout.starts_with("could not be checked\n"),
        "{}",
        output.stdout
    );
    assert!(
        output.stdout.contains("not known to be clean: "),
        "{}",
        output.stdout
    );
    let report = document(&audit(&world, &["--format", "json"]));
    assert_eq!(report["verdict"], "unknown");
    let run = &document(&audit(&world, &["--format", "sarif"]))["runs"][0];
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
}

#[test]
fn a_format_that_does_not_exist_is_refused() {
    let output = audit(&world(), &["--format", "xml"]);
    assert_eq!(output.exit, Some(2));
    assert!(
        output
            .stderr
            .contains("table, json, sarif, cyclonedx, spdx, github, osv")
    );
}

/// The rules as docs/src/audit.md has them.
fn rules() -> String {
    let mut page = String::new();
    for check in Check::ALL.into_iter().chain([Check::Policy]) {
        let mut rules = RULES.iter().filter(|rule| rule.check == check).peekable();
        if rules.peek().is_some() {
            let _ = writeln!(page, "\n### {check}");
        }
        for rule in rules {
            let _ = writeln!(page, "\n#### `{}`", rule.code);
            let _ = writeln!(page, "\n{} ({}). {}", rule.title, rule.severity, rule.help);
        }
    }
    page
}

/// To write them anew: `UPDATE_DOCS=1 cargo test --test it audit_outputs::the_page`.
#[test]
fn the_page_has_every_rule() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src/audit.md");
    let page = fs::read_to_string(&path).unwrap();
    let (start, end) = (
        page.find("<!-- rules").unwrap(),
        page.find("<!-- end of rules").unwrap(),
    );
    let start = start + page[start..].find('\n').unwrap() + 1;
    let expected = format!("{}{}\n{}", &page[..start], rules(), &page[end..]);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        return fs::write(&path, &expected).unwrap();
    }
    assert!(
        page == expected,
        "docs/src/audit.md differs from the rules:\n{}",
        rules()
    );
}

#[test]
fn the_page_has_every_check_and_format() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src/audit.md");
    let page = fs::read_to_string(path).unwrap();
    for format in glide_rs::audit::render::Format::ALL {
        assert!(
            page.contains(&format!("| `{}` |", format.name())),
            "{format:?}"
        );
    }
    let world = faulty();
    let report = document(&audit(&world, &["--format", "json"]));
    let project = &report["projects"][0];
    own::commit(&own::init(world.sandbox.project()));
    let changed = document(&audit(
        &world,
        &["provenance", "--since", "HEAD", "--format", "json"],
    ));
    for (object, dots) in [
        (&report, ""),
        (project, "."),
        (&changed["projects"][0]["since"], ".."),
        (&project["pins"][0], ".."),
        (&project["findings"][0], ".."),
    ] {
        for field in object.as_object().unwrap().keys() {
            let list = format!("`{dots}{field}[]`");
            let named = page.contains(&format!("`{dots}{field}`")) || page.contains(&list);
            assert!(named, "{dots}{field} is not described");
        }
    }
}

/// What differs between versions of the program is left out.
fn settled(format: &str, text: &str) -> String {
    let version = format!("\"{}\"", env!("CARGO_PKG_VERSION"));
    let Ok(mut document) = serde_json::from_str::<Value>(text) else {
        return text.to_owned();
    };
    match format {
        "sarif" => {
            let run = &mut document["runs"][0];
            run["tool"]["driver"]["rules"] = Value::Null;
            run["results"][0]["ruleIndex"] = Value::Null;
        }
        "cyclonedx" => document["serialNumber"] = Value::Null,
        "spdx" => document["documentNamespace"] = Value::Null,
        _ => {}
    }
    let text = format!("{document:#}\n").replace(&version, "\"VERSION\"");
    text.replace(
        concat!("glide-rs-", env!("CARGO_PKG_VERSION")),
        "glide-rs-VERSION",
    )
}

/// To write them anew: `UPDATE_DOCS=1 cargo test --test it audit_outputs::every_format`.
#[test]
fn every_format_is_as_it_was() {
    let world = faulty();
    let sha = "a".repeat(40);
    for format in glide_rs::audit::render::Format::ALL {
        let name = format.name();
        let flags = [
            "--format",
            name,
            "--sha",
            &sha,
            "--ref",
            "refs/heads/master",
        ];
        let written = settled(name, &audit(&world, &flags).stdout);
        let path = format!("fixtures/audit/faulty.{name}");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        if std::env::var_os("UPDATE_DOCS").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &written).unwrap();
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(written, expected, "{name}");
    }
}
