//! Commands that are programs of the person's, and the name that we are called by.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::process::{self, Input};
use crate::support::sandbox::{PROGRAM, Sandbox};

fn script(path: &Path, body: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, format!("#!/bin/sh\n{body}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn with_path(names: &[&str]) -> Sandbox {
    let mut sandbox = Sandbox::new("github.com/me/app");
    let folder = sandbox.root().join("bin");
    for name in names {
        script(&folder.join(name), "echo \"path $(basename \"$0\"): $*\"");
    }
    let path = std::env::var("PATH").unwrap();
    sandbox.set("PATH", format!("{}:{path}", folder.display()));
    sandbox
}

#[test]
fn ours_comes_before_glides_and_the_path_before_the_folder() {
    let sandbox = with_path(&["glide-rs-a", "glide-a", "glide-b", "glide-c"]);
    for name in ["glide-a", "glide-b", "glide-rs-c", "glide-d"] {
        let here = sandbox.project().join(name);
        script(&here, "echo \"here $(basename \"$0\"): $*\"");
    }
    for (line, expected) in [
        (&["a", "x"][..], "path glide-rs-a: x\n"),
        (&["b"], "path glide-b: \n"),
        (&["c"], "here glide-rs-c: \n"),
        (&["-q", "d", "-v", "--", "d"], "here glide-d: -q -v -- d\n"),
    ] {
        let output = sandbox.run(line).success();
        assert_eq!(
            (output.stdout.as_str(), output.stderr.as_str()),
            (expected, "")
        );
    }
}

#[test]
fn a_plugin_takes_our_place_with_streams_exit_code_and_signals() {
    let sandbox = Sandbox::new("github.com/me/app");
    script(
        &sandbox.project().join("glide-code"),
        "cat; echo err >&2; exit 42",
    );
    let input = Input::Text("in\n".to_owned());
    let output = process::run(
        &mut sandbox.command(&["code"]),
        &input,
        Duration::from_secs(60),
    );
    assert_eq!(output.exit, Some(42));
    assert_eq!(
        (output.stdout.as_str(), output.stderr.as_str()),
        ("in\n", "err\n")
    );
    script(
        &sandbox.project().join("glide-pid"),
        "echo $$; kill -TERM $$",
    );
    let mut command = sandbox.command(&["pid"]);
    let child = command.stdout(Stdio::piped()).spawn().unwrap();
    let id = child.id();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), format!("{id}\n"));
    assert_eq!(output.status.code(), None);
}

#[test]
fn an_empty_name_is_no_name() {
    let output = with_path(&[]).run(&[""]);
    assert_eq!(output.exit, Some(0), "{}", output.stderr);
    assert!(output.stdout.contains("Usage: glide-rs"));
}

#[test]
fn what_is_no_plugin_is_told_with_what_was_meant() {
    let sandbox = with_path(&[]);
    let project = sandbox.project();
    fs::write(project.join("glide-text"), "no program\n").unwrap();
    fs::create_dir(project.join("glide-folder")).unwrap();
    script(&project.join("below/glide-deep"), "echo never");
    std::os::unix::fs::symlink("nowhere", project.join("glide-link")).unwrap();
    let list = "\n\thint: `glide-rs help` lists the commands; others are programs called glide-NAME on PATH\n";
    for (name, exit, words) in [
        ("zonk", 99, "[ERROR]\tCommand glide-zonk does not exist."),
        (
            "instal",
            99,
            "does not exist.\n\thint: did you mean `glide-rs install`?",
        ),
        ("below/glide-deep", 99, "does not exist."),
        ("../app/glide-text", 99, "does not exist."),
        ("link", 99, "does not exist."),
        (
            "a\u{1b}[2Jb",
            99,
            "Command glide-a\\u{1b}[2Jb does not exist.",
        ),
        (
            "text",
            98,
            "[ERROR]\tFailed to execute glide-text: Permission denied",
        ),
        ("folder", 98, "Failed to execute glide-folder"),
    ] {
        let output = sandbox.run(&[name]);
        assert_eq!(
            (output.exit, output.stdout.as_str()),
            (Some(exit), ""),
            "{name}"
        );
        assert!(output.stderr.contains(words), "{name}: {}", output.stderr);
        assert_eq!(
            output.stderr.ends_with(list),
            exit == 99,
            "{}",
            output.stderr
        );
    }
}

#[test]
fn by_the_name_glide_it_is_glide() {
    let sandbox = Sandbox::new("github.com/me/app");
    sandbox.write("glide.yaml", "package: github.com/me/app\nimport: []\n");
    let link = sandbox.root().join("bin/glide");
    fs::create_dir_all(link.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink(PROGRAM, &link).unwrap();
    let run = |arguments: &[&str]| {
        let environment = sandbox.command(&[]);
        let mut command = Command::new(&link);
        command
            .args(arguments)
            .current_dir(sandbox.project())
            .env_clear();
        for (name, value) in environment.get_envs() {
            command.env(name, value.unwrap_or_default());
        }
        process::run(&mut command, &Input::Empty, Duration::from_secs(60))
    };
    assert_eq!(
        run(&["--version"]).success().stdout,
        "glide version v0.13.3\n"
    );
    assert_eq!(run(&["-v"]).success().stdout, "glide version v0.13.3\n");
    assert_eq!(run(&["name"]).success().stdout, "github.com/me/app\n");
    let help = run(&["help", "mirror", "rm"]).success().stdout;
    assert!(help.contains("Usage: glide mirror remove "), "{help}");
    let wrong = run(&["install", "--nonsense"]);
    assert!(
        wrong.stderr.contains("Usage: glide install"),
        "{}",
        wrong.stderr
    );
    assert!(run(&["instal"]).stderr.contains("`glide install`"));
    let ours = sandbox.run(&["-v"]).success().stdout;
    assert_eq!(
        ours,
        format!("glide-rs version {}\n", env!("CARGO_PKG_VERSION"))
    );
}
