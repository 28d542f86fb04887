//! `get` and `remove`: glide.yaml, glide.lock and vendor/ as one transaction, and questions.

use std::fs;
use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::support::case::mask;
use crate::support::process::{self, Input, Output};
use crate::support::repo::Commit;
use crate::support::world::{PROJECT, World};

/// A repository with one package that imports others.
fn package(name: &str, imports: &[&str]) -> Commit {
    let mut text = format!("package {name}\n\n");
    for import in imports {
        text.extend(["import _ \"", import, "\"\n"]);
    }
    Commit::new().file(&format!("{name}.go"), text)
}

const YAML: &str =
    "package: github.com/me/app # mine\nimport:\n# logs\n- package: github.com/acme/log\n";

/// A project that lists log; web imports kit.
fn world() -> World {
    let (world, ()) = World::new(|remotes| {
        let web = package("web", &["github.com/acme/kit"]).tag("v1.0.0");
        remotes.commit("github.com/acme/web", &web);
        remotes.commit("github.com/acme/kit", &package("kit", &[]).tag("v1.0.0"));
        remotes.commit("github.com/acme/log", &package("log", &[]));
    });
    world.sandbox.write("glide.yaml", YAML);
    let main = "package main\n\nimport _ \"github.com/acme/web\"\n";
    world.sandbox.write("main.go", main);
    world
}

/// All of the project that a run may change.
fn state(world: &World) -> impl PartialEq + std::fmt::Debug {
    let sandbox = &world.sandbox;
    let lock = sandbox.read("glide.lock").map(|lock| mask(&lock));
    (
        sandbox.read("glide.yaml"),
        lock,
        sandbox.vendor(),
        sandbox.project_names(),
    )
}

fn locked(world: &World) -> Vec<String> {
    let lock = world.sandbox.read("glide.lock").unwrap();
    let names = lock
        .lines()
        .filter_map(|line| line.strip_prefix("- name: "));
    names.map(str::to_owned).collect()
}

fn answering(world: &World, arguments: &[&str], text: &str) -> Output {
    let mut command = world.sandbox.command(arguments);
    let input = Input::Text(text.to_owned());
    process::run(&mut command, &input, Duration::from_secs(60))
}

/// Starts a `get` that asks, and waits for its question.
fn at_a_question(world: &World) -> Child {
    let mut command = world.sandbox.command(&["get", "github.com/acme/web"]);
    let command = command.stdin(Stdio::piped()).stdout(Stdio::null());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let (mut said, mut byte) = (Vec::new(), [0]);
    let stderr = child.stderr.as_mut().unwrap();
    while !said.ends_with(b"to use this release? Yes (Y) or No (N)\n") {
        assert_eq!(
            stderr.read(&mut byte).unwrap(),
            1,
            "{}",
            String::from_utf8_lossy(&said)
        );
        said.push(byte[0]);
    }
    child
}

#[test]
fn what_is_got_is_listed_locked_and_installed_with_all_that_it_needs() {
    let world = world();
    world
        .sandbox
        .run(&["get", "--non-interactive", "github.com/acme/web#^1.0.0"])
        .success();
    let added = "- package: github.com/acme/web\n  version: ^1.0.0\n";
    assert_eq!(
        world.sandbox.read("glide.yaml").unwrap(),
        format!("{YAML}{added}")
    );
    let names = ["kit", "log", "web"].map(|name| format!("github.com/acme/{name}"));
    assert_eq!(locked(&world), names);
    assert_eq!(world.sandbox.vendor().unwrap().len(), 3);
    let output = world.sandbox.run(&["install"]).success();
    assert!(!output.stderr.contains("out of date"), "{}", output.stderr);
}

#[test]
fn what_fails_changes_nothing() {
    let world = world();
    world.sandbox.run(&["update"]).success();
    let before = state(&world);
    for (line, words) in [
        (&["github.com/acme/web#v9"][..], "github.com/acme/web"),
        (
            &["github.com/acme/web", "github.com/acme/nowhere"],
            "github.com/acme/nowhere",
        ),
        (
            &["github.com/acme/web#v1.0.0", "https://github.com/a/b"],
            "`github.com/a/b`",
        ),
        (&["fmt"], "never vendored"),
        (&["./..."], "pattern"),
        (&["#v1"], "Package name is required for \"#v1\"."),
        (&["github.com/acme/../web"], "github.com/acme/.."),
    ] {
        let arguments = [&["get", "--non-interactive"], line].concat();
        let output = world.sandbox.run(&arguments).failure();
        assert!(output.stderr.contains(words), "{words}: {}", output.stderr);
        assert_eq!(state(&world), before, "{line:?}");
    }
}

#[test]
fn a_lock_that_cannot_be_written_brings_glide_yaml_back() {
    let world = world();
    fs::create_dir(world.sandbox.project().join("glide.lock")).unwrap();
    let before = state(&world);
    world
        .sandbox
        .run(&["get", "--non-interactive", "github.com/acme/web"])
        .failure();
    assert_eq!(state(&world), before);
}

#[test]
fn a_glide_yaml_that_somebody_edits_meanwhile_is_not_overwritten() {
    let world = world();
    let mut child = at_a_question(&world);
    let edited = format!("{YAML}# a thought\n");
    world.sandbox.write("glide.yaml", &edited);
    child.stdin.take().unwrap().write_all(b"n\n").unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said.contains("has been changed while this was at work"),
        "{said}"
    );
    assert_eq!(world.sandbox.read("glide.yaml").unwrap(), edited);
    assert_eq!(world.sandbox.project_names(), ["glide.yaml", "main.go"]);
}

#[test]
fn an_interrupt_at_a_question_changes_nothing() {
    let world = world();
    let before = state(&world);
    let mut child = at_a_question(&world);
    // Waiting would close it, and the end of the input is an answer.
    let _open = child.stdin.take();
    let pid = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .unwrap()
            .success()
    );
    assert!(!child.wait().unwrap().success());
    assert_eq!(state(&world), before);
}

#[test]
fn answers_come_from_standard_input_and_the_default_at_its_end() {
    for (text, version, words) in [
        (
            "y\nm\n",
            "  version: ^1.0.0\n",
            "Minor (M), Patch (P), or Skip Ranges (S)?",
        ),
        (
            "\nYES\nskip ranges",
            "  version: v1.0.0\n",
            "Please answer y or yes, n or no",
        ),
        (
            "y\n",
            "  version: v1.0.0\n",
            "There is no answer; taking \"skip ranges\"",
        ),
        ("", "", "There is no answer; taking \"no\""),
    ] {
        let world = world();
        // Questions are shown to whoever is asked, quiet or not.
        let output = answering(&world, &["-q", "get", "github.com/acme/web"], text).success();
        assert!(output.stderr.contains(words), "{words}: {}", output.stderr);
        assert_eq!(output.stdout, "");
        let yaml = world.sandbox.read("glide.yaml").unwrap();
        assert_eq!(
            yaml,
            format!("{YAML}- package: github.com/acme/web\n{version}")
        );
    }
}

#[test]
fn nothing_is_asked_in_a_build_service() {
    let mut world = world();
    world.sandbox.set("CI", "true");
    let output = answering(&world, &["get", "github.com/acme/web"], "y\nm\n").success();
    assert!(
        !output.stderr.contains("Would you like"),
        "{}",
        output.stderr
    );
    let yaml = world.sandbox.read("glide.yaml").unwrap();
    assert_eq!(yaml, format!("{YAML}- package: github.com/acme/web\n"));
}

#[test]
fn what_is_there_or_ignored_or_the_project_itself_is_passed_over() {
    let world = world();
    let yaml = format!("{YAML}ignore: [github.com/acme/kit]\n");
    world.sandbox.write("glide.yaml", &yaml);
    let packages = [
        "get",
        "github.com/acme/log#v1",
        "github.com/acme/kit/sub",
        PROJECT,
    ];
    let output = world.sandbox.run(&packages).success();
    for words in [
        "--> Package \"github.com/acme/log\" is already in glide.yaml. Skipping",
        "--> The version of github.com/acme/log stays as it is: change it in glide.yaml, then run `glide-rs update`",
        "--> Package \"github.com/acme/kit\" is set to be ignored in glide.yaml. Skipping",
        "--> Package \"github.com/me/app\" is the project itself. Skipping",
        "[WARN]\tNothing to do\n",
    ] {
        assert!(output.stderr.contains(words), "{words}: {}", output.stderr);
    }
    let refused = world.sandbox.run(&["get", "github.com/acme/kit@v1.0.0"]);
    let hint = "hint: a version stands behind `#`: `github.com/acme/kit#v1.0.0`";
    assert!(refused.failure().stderr.contains(hint));
    assert_eq!(world.sandbox.read("glide.yaml").unwrap(), yaml);
    assert_eq!(world.sandbox.project_names(), ["glide.yaml", "main.go"]);
}

#[test]
fn insecure_asks_by_http() {
    let world = world();
    let path = world.remotes.path("github.com/acme/kit");
    let mirrors = format!(
        "repos:\n- original: http://github.com/acme/kit\n  repo: file://{}\n  vcs: git\n",
        path.display()
    );
    fs::create_dir_all(world.sandbox.glide_home()).unwrap();
    fs::write(world.sandbox.glide_home().join("mirrors.yaml"), mirrors).unwrap();
    let line = [
        "get",
        "--insecure",
        "--non-interactive",
        "github.com/acme/kit",
    ];
    world.sandbox.run(&line).success();
    let added = "- package: github.com/acme/kit\n  repo: http://github.com/acme/kit\n";
    assert_eq!(
        world.sandbox.read("glide.yaml").unwrap(),
        format!("{YAML}{added}")
    );
}

#[test]
fn remove_takes_what_nothing_needs_and_keeps_what_is_needed() {
    let world = world();
    let main =
        "package main\n\nimport (\n\t_ \"github.com/acme/web\"\n\t_ \"github.com/acme/log\"\n)\n";
    world.sandbox.write("main.go", main);
    let yaml = format!("{YAML}- package: github.com/acme/kit\n");
    world.sandbox.write("glide.yaml", &yaml);
    world.sandbox.run(&["update"]).success();
    let packages = [
        "rm",
        "-d",
        "github.com/acme/kit",
        "github.com/acme/log/",
        "github.com/acme/web/sub",
    ];
    let output = world.sandbox.run(&packages).success();
    for words in [
        "[WARN]\t--> github.com/acme/web/sub is not in glide.yaml. Skipping\n",
        "[WARN]\t--> The project still imports github.com/acme/log",
    ] {
        assert!(output.stderr.contains(words), "{words}: {}", output.stderr);
    }
    // web is imported and was locked, though not listed; it needs kit.
    assert_eq!(
        locked(&world),
        ["github.com/acme/kit", "github.com/acme/web"]
    );
    let yaml = "package: github.com/me/app # mine\nimport: []\n";
    assert_eq!(world.sandbox.read("glide.yaml").unwrap(), yaml);
    assert_eq!(world.sandbox.vendor().unwrap().len(), 2);
}
