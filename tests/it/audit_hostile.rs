//! Audits of projects that somebody has made to hang them, to exhaust them, or to be taken for clean.
//! (Licence texts and databases have theirs beside their other tests.)

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::process::Output;
use crate::support::repo::Commit;
use crate::support::world::World;

const LOG: &str = "github.com/acme/log";

/// A project with one dependency, installed, all right.
fn world() -> World {
    let (world, ()) = World::new(|remotes| {
        let log = Commit::new()
            .file(".gitattributes", "*.txt eol=crlf\n")
            .file("log.go", "package log\n")
            .file("words.txt", "one\n");
        remotes.commit(LOG, &log);
    });
    let source = format!("package main\n\nimport _ \"{LOG}\"\n\nfunc main() {{}}\n");
    world.sandbox.write("main.go", &source);
    let manifest = format!("package: github.com/me/app\nimport:\n- package: {LOG}\n");
    world.sandbox.write("glide.yaml", &manifest);
    world.sandbox.run(&["--quiet", "update"]).success();
    world
}

fn pipe(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status().unwrap();
    assert!(made.success());
}

#[track_caller]
fn insist(output: &Output, exit: i32, part: &str) {
    let all = format!("{}{}", output.stdout, output.stderr);
    let words = all.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(output.exit, Some(exit), "{all}");
    assert!(words.contains(part), "{part}: {all}");
}

#[test]
fn what_is_no_file_is_neither_waited_for_nor_read_without_end() {
    let world = world();
    let project = world.sandbox.project().to_owned();
    for name in ["glide.yaml", "glide.lock", "glide-audit.toml", "known.json"] {
        let path = project.join(name);
        let kept = fs::read(&path).ok();
        for is_pipe in [true, false] {
            let _ = fs::remove_file(&path);
            if is_pipe {
                pipe(&path);
            } else {
                symlink("/dev/zero", &path).unwrap();
            }
            let mut arguments = vec!["audit", "drift"];
            if name == "known.json" {
                arguments.extend(["--baseline", name]);
            }
            let output = world.sandbox.run(&arguments);
            insist(&output, 2, "it is not an ordinary file");
            insist(&output, 2, name);
        }
        fs::remove_file(&path).unwrap();
        if let Some(bytes) = kept {
            fs::write(&path, bytes).unwrap();
        }
    }
    for name in ["go.mod", "LICENSE", "more.go"] {
        pipe(&project.join("vendor").join(LOG).join(name));
    }
    symlink("/dev/zero", project.join("zeros.go")).unwrap();
    let output = world
        .sandbox
        .run(&["audit", "drift", "integrity", "licences"]);
    insist(
        &output,
        1,
        "3 files in github.com/acme/log are not in its commit",
    );
}

#[test]
fn a_pipe_that_the_shell_hands_over_is_read() {
    let world = world();
    let program = world.sandbox.command(&[]);
    let mut shell = Command::new("bash");
    let script = "\"$0\" audit drift --policy <(echo 'severity = \"high\"')";
    shell.args(["-c", script]).arg(program.get_program());
    let set = program.get_envs();
    shell.env_clear();
    shell.envs(set.filter_map(|(name, value)| Some((name, value?))));
    shell.current_dir(world.sandbox.project());
    let output = shell.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

#[test]
fn a_baseline_hides_no_other_bytes_in_the_same_files() {
    let world = world();
    let audit = |more: &[&str]| {
        let mut arguments = vec!["audit", "integrity"];
        arguments.extend(more);
        world.sandbox.run(&arguments)
    };
    let places = [
        format!("vendor/{LOG}/log.go"),
        format!("vendor/{LOG}/words.txt"),
        format!("vendor/{LOG}/added.go"),
        "vendor/unknown/x.go".to_owned(),
    ];
    for place in &places {
        let before = world.sandbox.read(place);
        world.sandbox.write(place, "known, and let pass\n");
        insist(
            &audit(&["--format", "json", "--output", "known.json"]),
            1,
            "1 high",
        );
        insist(
            &audit(&["--baseline", "known.json"]),
            0,
            "1 in the baseline",
        );
        world.sandbox.write(place, "known, or is it now\n");
        insist(&audit(&["--baseline", "known.json"]), 1, "1 high");
        match before {
            Some(text) => world.sandbox.write(place, &text),
            None => fs::remove_file(world.sandbox.project().join(place)).unwrap(),
        }
    }
    insist(&audit(&[]), 0, "clean");
}

#[test]
fn a_folder_that_cannot_be_read_keeps_nothing_from_being_audited() {
    let world = world();
    let descend = "i=0; while [ $i -lt 300 ]; do mkdir deepdeepdeepdeep && cd deepdeepdeepdeep || exit 1; i=$((i+1)); done";
    let made = Command::new("bash")
        .args(["-c", descend])
        .current_dir(world.sandbox.project())
        .stderr(std::process::Stdio::null())
        .status();
    assert!(made.unwrap().success());
    world
        .sandbox
        .write(&format!("vendor/{LOG}/log.go"), "package log // mine\n");
    let output = world.sandbox.run(&["audit", "integrity", "--workspace"]);
    insist(&output, 1, "a file of github.com/acme/log is other than at");
    insist(&output, 1, "File name too long");
}

#[test]
fn a_report_that_cannot_be_written_is_no_verdict() {
    let world = world();
    for command in ["audit", "outdated"] {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let mut program = world.sandbox.command(&[command]);
        if command == "audit" {
            program.arg("drift");
        }
        let output = program.stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{output:?}");
    }
}

#[test]
fn a_lock_that_says_nothing_is_not_clean() {
    let world = world();
    for text in ["", "# nothing\n", "imports: []\n"] {
        world.sandbox.write("glide.lock", text);
        let output = world.sandbox.run(&["audit", "integrity", "licences"]);
        insist(&output, 2, "glide.lock` says nothing");
    }
}

#[test]
fn the_policy_of_one_project_does_not_pardon_another() {
    let world = world();
    let changed = "package log // mine\n";
    world
        .sandbox
        .write(&format!("vendor/{LOG}/log.go"), changed);
    for name in ["glide.yaml", "glide.lock", "main.go"] {
        let text = world.sandbox.read(name).unwrap();
        world.sandbox.write(&format!("a/{name}"), &text);
    }
    world
        .sandbox
        .write(&format!("a/vendor/{LOG}/log.go"), changed);
    world.sandbox.write(".git/HEAD", "");
    world.sandbox.write("a/.git/HEAD", "");
    let audit = |paths: &[&str]| {
        let arguments = ["audit", "integrity", "--format", "json"];
        let output = world.sandbox.run(&[&arguments, paths].concat());
        let report: Value = serde_json::from_str(&output.stdout).unwrap();
        (output.exit, report)
    };
    world
        .sandbox
        .write("a/glide-audit.toml", "severity = \"critical\"\n");
    assert_eq!(audit(&["a"]).0, Some(0));
    let (exit, report) = audit(&["a", "."]);
    assert_eq!(exit, Some(1));
    assert_eq!(report["floor"], "low");
    assert_eq!(report["projects"][0]["floor"], "critical");
    assert_eq!(report["projects"][1]["floor"], "low");
    assert_eq!(audit(&["a", ".", "--severity", "critical"]).0, Some(0));
    assert_eq!(audit(&["a", "--severity", "high"]).0, Some(1));
    let policy = "checks = [\"integrity\", \"drift\"]\n";
    world.sandbox.write("a/glide-audit.toml", policy);
    let arguments = ["audit", "--db", "nowhere", "--format", "json", "a", "."];
    let output = world.sandbox.run(&arguments);
    let report: Value = serde_json::from_str(&output.stdout).unwrap();
    let checks = |number: usize| report["projects"][number]["checks"].to_string();
    assert_eq!(checks(0), r#"["drift","integrity"]"#);
    assert_eq!(checks(1), report["checks"].to_string());
    assert!(checks(1).contains("vulnerabilities"));
}
