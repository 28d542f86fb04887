//! README.md is true: each console block is played, and prints what it shows.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::support::process::{self, Input};
use crate::support::repo::{Commit, Remotes};
use crate::support::sandbox::{PROGRAM, Sandbox};
use crate::support::server::{Server, Site};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The fenced blocks of README.md that are marked as `kind`.
fn blocks(kind: &str) -> Vec<String> {
    let page = fs::read_to_string(root().join("README.md")).unwrap();
    let opening = format!("```{kind}\n");
    let after = page.split(&opening).skip(1);
    after
        .map(|rest| rest.split("```").next().unwrap_or("").to_owned())
        .collect()
}

/// A project as README has it: one import.
fn world(sandbox: &mut Sandbox) -> Server {
    let mut remotes = Remotes::new(&sandbox.repos());
    let log = Commit::new().file("log.go", "package log\n").tag("v1.0.0");
    remotes.commit("github.com/acme/log", &log);
    let server = Server::start(&sandbox.root().join("tls"), Site::of(&remotes));
    sandbox.use_server(&server);
    sandbox.write(
        "glide.yaml",
        "package: github.com/me/app\ndescription: An example\nlicense: MIT\nimport:\n- package: github.com/acme/log\n  version: ^1.0.0\n",
    );
    let main = "package main\n\nimport _ \"github.com/acme/log\"\n\nfunc main() {}\n";
    sandbox.write("main.go", main);
    server
}

/// Runs one line as a shell would, with `glide-rs` on the path; both streams in one.
fn shell(sandbox: &Sandbox, line: &str) -> String {
    let path = std::env::var("PATH").unwrap();
    let folder = Path::new(PROGRAM).parent().unwrap().display();
    let environment = sandbox.command(&[]);
    let mut command = Command::new("bash");
    command
        .args(["-c", &format!("{{ {line}\n}} 2>&1")])
        .current_dir(sandbox.project())
        .env_clear();
    for (name, value) in environment.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    command.env("PATH", format!("{folder}:{path}"));
    let output = process::run(&mut command, &Input::Empty, Duration::from_secs(60));
    assert_eq!(output.exit, Some(0), "{line}: {}", output.stdout);
    output.stdout
}

#[test]
fn console_blocks_print_what_they_show() {
    let mut sandbox = Sandbox::new("github.com/me/app");
    let _server = world(&mut sandbox);
    let blocks = blocks("console");
    assert!(!blocks.is_empty());
    for block in blocks {
        let mut played = String::new();
        for line in block.lines().filter_map(|line| line.strip_prefix("$ ")) {
            played = format!("{played}$ {line}\n{}", shell(&sandbox, line));
        }
        assert_eq!(played, block);
    }
}

#[test]
fn the_demo_does_what_it_says() {
    let commands = blocks("sh").concat();
    assert!(commands.contains("bash fixtures/demo/run"), "{commands}");
    let sandbox = Sandbox::new("github.com/me/app");
    let mut command = Command::new("bash");
    command
        .arg(root().join("fixtures/demo/run"))
        .env("GLIDE_RS", PROGRAM)
        .env("TMPDIR", sandbox.root());
    let output = process::run(&mut command, &Input::Empty, Duration::from_secs(60)).success();
    assert!(
        output.stdout.contains("As it should be."),
        "{}",
        output.stdout
    );
    assert!(
        output
            .stdout
            .contains("github.com/acme/log/parts/parts.txt")
    );
}
