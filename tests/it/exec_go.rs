//! A project that is not in GOPATH, built, vetted, tested and shipped with the real `go`. Where `go` or
//! `make` is missing this says so and does nothing; `.ci/run` sees to it that neither is.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::support::process::{self, Input, Output};
use crate::support::repo::Commit;
use crate::support::sandbox::{PROGRAM, Sandbox};
use crate::support::world::{PROJECT, World};

/// `os/user` is written in C, unless `CGO_ENABLED=0`, so that only then the program is static.
const MAIN: &str = r#"package main

import (
	"fmt"
	"os/user"

	"github.com/acme/log"
	"github.com/me/app/internal/greet"
)

func main() {
	_, err := user.Current()
	fmt.Println(greet.Hello(), log.Level, err == nil)
}
"#;

const GREET: &str = r#"package greet

import "github.com/acme/log"

// Hello greets.
func Hello() string { return fmt() + log.Name }

func fmt() string { return "hello " }
"#;

const GREET_TEST: &str = r#"package greet_test

import (
	"testing"

	"github.com/me/app/internal/greet"
)

func TestHello(t *testing.T) {
	if got := greet.Hello(); got != "hello log" {
		t.Fatal(got)
	}
}
"#;

const MAKEFILE: &str = "static-build:\n\tCGO_ENABLED=0 GOOS=linux go build -a -installsuffix cgo -o bin/app ./cmd/app\n";

/// A project of several packages with a main in a folder of its own, vendor/ filled; nothing where there
/// is no Go.
#[expect(clippy::print_stdout, reason = "a test that is passed over says so")]
fn world() -> Option<World> {
    for (program, asked) in [("go", "version"), ("make", "--version")] {
        if Command::new(program).arg(asked).output().is_err() {
            println!("skipped: `{program}` is not installed");
            return None;
        }
    }
    let mut sandbox = Sandbox::outside("builds/checkout");
    // What is Go's own is compiled once for all tests.
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("go-build");
    sandbox.set("GOCACHE", cache);
    let path = std::env::var("PATH").unwrap();
    let ours = Path::new(PROGRAM).parent().unwrap().display();
    sandbox.set("PATH", format!("{ours}:{path}"));
    let (world, id) = World::within(sandbox, |remotes| {
        let log = "// Package log logs.\npackage log\n\n// What it is.\nconst (\n\tName  = \"log\"\n\tLevel = 3\n)\n";
        remotes.commit("github.com/acme/log", &Commit::new().file("log.go", log))
    });
    world.pin(&[("github.com/acme/log", &id)]);
    for (path, text) in [
        ("cmd/app/main.go", MAIN),
        ("internal/greet/greet.go", GREET),
        ("internal/greet/greet_test.go", GREET_TEST),
        ("doc.go", "// Package app is an example.\npackage app\n"),
        ("Makefile", MAKEFILE),
    ] {
        world.sandbox.write(path, text);
    }
    world.sandbox.run(&["install"]).success();
    Some(world)
}

/// Runs a line in a folder of the project, as a person would.
fn shell(world: &World, folder: &str, line: &str) -> Output {
    let environment = world.sandbox.command(&[]);
    let mut command = Command::new("sh");
    command
        .args(["-euc", line])
        .current_dir(world.sandbox.project().join(folder))
        .env_clear();
    for (name, value) in environment.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    process::run(&mut command, &Input::Empty, Duration::from_secs(400))
}

#[test]
fn a_project_in_any_folder_is_built_vetted_tested_and_installed() {
    let Some(world) = world() else { return };
    let names = world.sandbox.project_names();
    let run = |folder: &str, line: &str| shell(&world, folder, line).success().stdout;
    let alone = shell(&world, "", "go build ./...");
    assert_ne!(alone.exit, Some(0), "there is nothing to help with");
    let packages =
        "github.com/me/app\ngithub.com/me/app/cmd/app\ngithub.com/me/app/internal/greet\n";
    assert_eq!(run("", "glide-rs exec -- go list ./..."), packages);
    let first = shell(&world, "", "glide-rs exec -- go build -x ./...").success();
    assert!(first.stderr.contains("/compile "), "{}", first.stderr);
    run("", "glide-rs exec -- go vet ./...");
    let tested = run("", "glide-rs exec -- go test $(glide-rs novendor)");
    assert!(
        tested.contains("ok  \tgithub.com/me/app/internal/greet"),
        "{tested}"
    );
    let tested = run(
        "",
        "CGO_ENABLED=0 glide-rs exec -- go test -race=false ./...",
    );
    assert!(
        tested.contains("ok  \tgithub.com/me/app/internal/greet"),
        "{tested}"
    );
    // Sub-packages, from their own folders and by their import paths.
    assert_eq!(
        run("internal", "glide-rs exec -- go list ./..."),
        "github.com/me/app/internal/greet\n"
    );
    let line = "glide-rs exec -- go run . && glide-rs exec -- go run github.com/me/app/cmd/app";
    assert_eq!(run("cmd/app", line), "hello log 3 true\n".repeat(2));
    // A package lies at the same place each time, so that Go's build cache goes on to serve.
    let again = shell(&world, "", "glide-rs exec -- go build -x ./...").success();
    assert!(!again.stderr.contains("/compile "), "{}", again.stderr);
    run("", "glide-rs exec -- go install ./...");
    let program = world.sandbox.root().join("gopath/bin/app");
    let output = Command::new(program).output().unwrap();
    assert_eq!(output.stdout, b"hello log 3 true\n");
    assert_eq!(world.sandbox.project_names(), names);
    assert!(!world.sandbox.glide_home().join("cache/v1/gopath").exists());
}

#[test]
fn a_makefile_makes_a_static_program() {
    let Some(world) = world() else { return };
    let line =
        "glide-rs exec -- make static-build; glide-rs exec -- go build -o bin/linked ./cmd/app";
    shell(&world, "", line).success();
    // What a program that is not static names: who loads it.
    let loader = b"/ld-";
    let is_linked = |name: &str| {
        let bytes = fs::read(world.sandbox.project().join(name)).unwrap();
        bytes.windows(loader.len()).any(|some| some == loader)
    };
    assert!(is_linked("bin/linked") && !is_linked("bin/app"));
    let program = world.sandbox.project().join("bin/app");
    assert_ne!(fs::metadata(&program).unwrap().mode() & 0o111, 0);
    let output = Command::new(&program).env_clear().output().unwrap();
    assert!(output.stdout.starts_with(b"hello log 3 "), "{output:?}");
}

#[test]
fn a_shell_that_has_taken_over_the_variables_builds_too() {
    let Some(world) = world() else { return };
    let line = "eval \"$(glide-rs env)\"; cd cmd/app; go build -o ../../out . && ../../out; cd ../..; go vet ./...";
    assert_eq!(
        shell(&world, "", line).success().stdout,
        "hello log 3 true\n"
    );
    // As a build service hands variables on: to new shells in the project's folder.
    let line = "glide-rs env --format plain > vars; env $(cat vars) sh -c 'go list ./cmd/...'";
    assert_eq!(
        shell(&world, "", line).success().stdout,
        format!("{PROJECT}/cmd/app\n")
    );
}

#[test]
fn patterns_of_import_paths_are_followed() {
    let Some(world) = world() else { return };
    let run = |line: &str| shell(&world, "", line).success();
    let all = run("glide-rs exec -- go list ./...").stdout;
    assert_eq!(all.lines().count(), 3);
    for start in [PROJECT, "github.com/me", "github.com"] {
        let found = run(&format!("glide-rs exec -- go list {start}/...")).stdout;
        assert!(found.starts_with(&all), "{found}");
    }
    let tested = run(&format!("glide-rs exec -- go test {PROJECT}/...")).stdout;
    assert!(
        tested.contains("ok  \tgithub.com/me/app/internal/greet"),
        "{tested}"
    );
    // Also where somebody has flags of their own.
    let line = "GOFLAGS='-tags=x -modfile=x' glide-rs exec -- go list";
    let found = run(&format!("{line} {PROJECT}/internal/...")).stdout;
    assert_eq!(found, "github.com/me/app/internal/greet\n");
}
