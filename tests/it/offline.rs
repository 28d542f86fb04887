//! `--offline`: nobody is asked, whatever the command; the cache answers as the remotes did when they were
//! last seen, and what it lacks is named.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use crate::support::process::Output;
use crate::support::repo::{Commit, Remotes};
use crate::support::sandbox::Sandbox;
use crate::support::server::{Server, Site, Tags};
use crate::support::world::{PROJECT, World};

const LIBRARY: &str = "github.com/a/lib";
const OTHER: &str = "github.com/a/other";

/// A library with v1.0.0, which imports another one without tags.
fn world() -> World {
    let build = |remotes: &mut Remotes| {
        let lib = format!("package lib\n\nimport _ \"{OTHER}\"\n");
        let lib = Commit::new().file("lib.go", lib).tag("v1.0.0");
        remotes.commit(LIBRARY, &lib);
        remotes.commit(OTHER, &Commit::new().file("x.go", "package other\n"));
    };
    let (world, ()) = World::new(build);
    world.sandbox.write(
        "main.go",
        &format!("package main\n\nimport _ \"{LIBRARY}\"\n\nfunc main() {{}}\n"),
    );
    manifest(&world.sandbox, "^1.0.0");
    world
}

fn manifest(sandbox: &Sandbox, version: &str) {
    let yaml = format!("package: {PROJECT}\nimport:\n- package: {LIBRARY}\n  version: {version}\n");
    sandbox.write("glide.yaml", &yaml);
}

/// Runs it, and insists that nobody was asked.
#[track_caller]
fn offline(world: &World, arguments: &[&str]) -> Output {
    world.server.take_requests();
    let output = world.sandbox.run(arguments);
    let asked = world.server.take_requests();
    assert!(asked.is_empty(), "{arguments:?}: {asked:?}");
    output
}

#[track_caller]
fn insist(output: &Output, exit: i32, parts: &[&str]) {
    assert_eq!(output.exit, Some(exit), "{}", output.stderr);
    for part in parts {
        assert!(
            output.stderr.contains(part),
            "`{part}` is missing:\n{}",
            output.stderr
        );
    }
}

#[test]
fn the_cache_answers_as_the_remotes_did() {
    let mut world = world();
    world.sandbox.run(&["update"]).success();
    let (lock, vendor) = (world.sandbox.read("glide.lock"), world.sandbox.vendor());
    let newer = Commit::new().file("lib.go", "package lib\n").tag("v1.1.0");
    world.remotes.push(LIBRARY, &[newer]);
    for flag in ["--offline", "--frozen"] {
        fs::remove_dir_all(world.sandbox.project().join("vendor")).unwrap();
        offline(&world, &["install", flag]).success();
        assert_eq!(world.sandbox.vendor(), vendor);
    }
    fs::remove_file(world.sandbox.project().join("glide.lock")).unwrap();
    offline(&world, &["update", "--offline"]).success();
    let unstamped = |text: Option<String>| {
        let text = text.unwrap_or_default();
        let lines = text.lines().filter(|line| !line.starts_with("updated:"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        unstamped(world.sandbox.read("glide.lock")),
        unstamped(lock),
        "v1.1.0 was never seen"
    );
    offline(&world, &["get", "--offline", "--non-interactive", OTHER]).success();
    let yaml = world.sandbox.read("glide.yaml").unwrap();
    assert!(yaml.contains(OTHER), "{yaml}");
    // With a network the newer one is found.
    let before = unstamped(world.sandbox.read("glide.lock"));
    world.sandbox.run(&["update"]).success();
    assert_ne!(unstamped(world.sandbox.read("glide.lock")), before);
}

#[test]
fn all_that_the_cache_lacks_is_named_at_once() {
    let world = world();
    let (one, two) = ("1".repeat(40), "2".repeat(40));
    world.pin(&[(LIBRARY, &one), (OTHER, &two)]);
    let failed = offline(&world, &["install", "--offline"]);
    let named = [LIBRARY, OTHER].map(|name| format!("cannot get {name} "));
    insist(
        &failed,
        1,
        &[
            &named[0],
            &named[1],
            "2 of 2 dependencies cannot be had",
            "hint: run it once with a network",
        ],
    );
    assert_eq!(failed.stderr.matches("hint: run it once").count(), 1);
    let failed = offline(&world, &["update", "--offline"]);
    insist(
        &failed,
        1,
        &["https://github.com/a/lib", "this run is offline"],
    );
    let failed = offline(&world, &["get", "--offline", "go.acme.dev/log"]).failure();
    insist(&failed, 1, &["go.acme.dev/log", "this run is offline"]);
    for arguments in [&["audit", "--offline"], &["outdated", "--offline"]] {
        offline(&world, arguments).failure();
    }
    assert_eq!(world.sandbox.vendor(), None);
}

#[test]
fn a_damaged_memory_of_refs_is_as_good_as_none() {
    let world = world();
    world.sandbox.run(&["update"]).success();
    let refs = world.sandbox.glide_home().join("cache/v1/refs");
    let mut damaged = 0;
    for entry in fs::read_dir(&refs).unwrap() {
        fs::write(entry.unwrap().path(), "nonsense\nhead x\n").unwrap();
        damaged += 1;
    }
    assert_eq!(damaged, 2);
    let failed = offline(&world, &["update", "--offline"]);
    insist(&failed, 1, &["this run is offline"]);
    world.sandbox.run(&["update"]).success();
    offline(&world, &["update", "--offline"]).success();
}

#[test]
fn roots_are_remembered_for_names_below_them() {
    let mut sandbox = Sandbox::new(PROJECT);
    let mut remotes = Remotes::new(&sandbox.repos());
    let commit = Commit::new()
        .file("log/x.go", "package log\n")
        .file("net/x.go", "package net\n");
    remotes.commit("github.com/acme/kit", &commit);
    let mut site = Site::of(&remotes);
    let tag = "go.acme.dev/kit git https://github.com/acme/kit";
    let tags = Tags::One(tag.to_owned());
    site.meta.insert("go.acme.dev/kit".to_owned(), tags);
    let server = Server::start(&sandbox.root().join("tls"), site);
    sandbox.use_server(&server);
    sandbox.write("glide.yaml", &format!("package: {PROJECT}\nimport: []\n"));
    let world = World {
        sandbox,
        remotes,
        server,
    };
    let main = |below: &str| {
        let text = format!("package main\n\nimport _ \"go.acme.dev/kit/{below}\"\n");
        world.sandbox.write("main.go", &text);
    };
    main("log");
    world.sandbox.run(&["update"]).success();
    main("net");
    offline(&world, &["update", "--offline"]).success();
    let lock = world.sandbox.read("glide.lock").unwrap();
    assert!(
        lock.contains("name: go.acme.dev/kit\n") && lock.contains("- net\n"),
        "{lock}"
    );
}

/// A project with a repository of this kind at an address that only a wrapper of the user's program knows:
/// it writes down that it was asked for, and goes to a folder instead.
#[expect(clippy::print_stdout, reason = "a test that is passed over says so")]
fn wrapped(kind: &str, program: &str, path: &str) -> Option<Sandbox> {
    let found = Command::new("sh")
        .args(["-c", &format!("command -v {program}")])
        .output()
        .unwrap();
    if !found.status.success() {
        println!("skipped: `{program}` is not installed");
        return None;
    }
    let found = String::from_utf8(found.stdout).unwrap();
    let mut sandbox = Sandbox::new(PROJECT);
    fs::create_dir_all(sandbox.repos()).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/external");
    let script = fs::read_to_string(format!("{script}/{kind}.sh")).unwrap();
    let mut command = Command::new("sh");
    command
        .args(["-ec", &script])
        .current_dir(sandbox.repos())
        .env("LC_ALL", "C.UTF-8");
    assert!(command.output().unwrap().status.success());
    let programs = sandbox.root().join("programs");
    fs::create_dir(&programs).unwrap();
    let wrapper = format!(
        "#!/bin/bash\nargs=()\nfor arg; do\n  case $arg in *https://code.acme.dev*) echo \"$arg\" >> {asked};; esac\n  \
         args+=(\"${{arg/https:\\/\\/code.acme.dev\\/log/file:\\/\\/{to}}}\")\ndone\nexec {program} \"${{args[@]}}\"\n",
        asked = sandbox.root().join("asked").display(),
        to = sandbox
            .repos()
            .join(path)
            .display()
            .to_string()
            .replace('/', "\\/"),
        program = found.trim(),
    );
    let name = programs.join(kind);
    fs::write(&name, wrapper).unwrap();
    fs::set_permissions(&name, fs::Permissions::from_mode(0o755)).unwrap();
    let path = std::env::var("PATH").unwrap();
    sandbox.set("PATH", format!("{}:{path}", programs.display()));
    sandbox.write(
        "glide.yaml",
        &format!(
            "package: {PROJECT}\nimport:\n- package: code.acme.dev/log\n  repo: https://code.acme.dev/log\n  vcs: {kind}\n"
        ),
    );
    sandbox.write(
        "main.go",
        "package main\n\nimport _ \"code.acme.dev/log\"\n",
    );
    Some(sandbox)
}

#[test]
fn programs_of_others_are_not_sent_out_either() {
    for (kind, program, path) in [
        ("hg", "hg", "remote"),
        ("svn", "svn", "remote/trunk"),
        ("bzr", "brz", "remote"),
    ] {
        let Some(sandbox) = wrapped(kind, program, path) else {
            continue;
        };
        let asked = sandbox.root().join("asked");
        let refused = [
            &["update", "--offline"][..],
            &[
                "audit",
                "drift",
                "integrity",
                "provenance",
                "licences",
                "--offline",
            ],
            &["outdated", "--offline"],
            &["install", "--offline"],
        ];
        sandbox.write(
            "glide.lock",
            "hash: 00\nupdated: 2020-01-01T00:00:00Z\nimports:\n- name: code.acme.dev/log\n  version: \"1\"\n  \
             repo: https://code.acme.dev/log\n  vcs: KIND\ntestImports: []\n"
                .replace("KIND", kind)
                .as_str(),
        );
        for arguments in refused {
            let output = sandbox.run(arguments).failure();
            assert!(!asked.exists(), "{kind} {arguments:?}: {}", output.stderr);
        }
        sandbox.run(&["update"]).success();
        assert!(asked.exists(), "{kind}");
        let vendor = sandbox.vendor().unwrap();
        fs::remove_file(&asked).unwrap();
        for arguments in [&["update", "--offline"], &["install", "--offline"]] {
            fs::remove_dir_all(sandbox.project().join("vendor")).unwrap();
            sandbox.run(arguments).success();
            assert!(!asked.exists(), "{kind} {arguments:?}");
            assert_eq!(sandbox.vendor().unwrap(), vendor, "{kind} {arguments:?}");
        }
        for arguments in &refused[1..3] {
            sandbox.run(arguments);
            assert!(!asked.exists(), "{kind} {arguments:?}");
        }
    }
}
