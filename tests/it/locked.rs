//! `--locked`: a glide.lock that does not do is refused with all that is wrong with it, and nothing changes.

use std::fs;

use crate::support::process::Output;
use crate::support::repo::{Commit, Remotes};
use crate::support::world::{PROJECT, World};

const LIBRARY: &str = "github.com/a/lib";
const OTHER: &str = "github.com/a/other";
const THIRD: &str = "github.com/a/third";

/// v1.0.0 and v1.1.0 of a library, which imports another one from v1.1.0 on, and a third one.
fn world() -> (World, [String; 4]) {
    let (world, ids) = World::new(|remotes: &mut Remotes| {
        let lib = |text: &str, tag: &str| Commit::new().file("x.go", text).tag(tag);
        let newer = format!("package lib\n\nimport _ \"{OTHER}\"\n");
        let plain = |name: &str| Commit::new().file("x.go", format!("package {name}\n"));
        [
            remotes.commit(LIBRARY, &lib("package lib\n", "v1.0.0")),
            remotes.commit(LIBRARY, &lib(&newer, "v1.1.0")),
            remotes.commit(OTHER, &plain("other")),
            remotes.commit(THIRD, &plain("third")),
        ]
    });
    manifest(&world, "^1.0.0", "");
    main(&world, &[LIBRARY]);
    (world, ids)
}

fn manifest(world: &World, version: &str, more: &str) {
    let yaml =
        format!("package: {PROJECT}\nimport:\n- package: {LIBRARY}\n  version: {version}\n{more}");
    world.sandbox.write("glide.yaml", &yaml);
}

fn main(world: &World, imports: &[&str]) {
    let imports = imports.iter().map(|path| format!("import _ \"{path}\"\n"));
    let text = format!("package main\n\n{}", imports.collect::<String>());
    world.sandbox.write("main.go", &text);
}

/// Runs it, and insists that it fails for these reasons and changes nothing.
#[track_caller]
fn refused(world: &World, arguments: &[&str], parts: &[&str]) -> Output {
    let state = |world: &World| {
        let lock = world.sandbox.read("glide.lock");
        (lock, world.sandbox.vendor(), world.sandbox.project_names())
    };
    let before = state(world);
    let output = world.sandbox.run(arguments);
    assert_eq!(output.exit, Some(1), "{}", output.stderr);
    for part in parts {
        let stderr = &output.stderr;
        assert!(stderr.contains(part), "`{part}` is missing:\n{stderr}");
    }
    assert_eq!(state(world), before, "{arguments:?}");
    output
}

#[test]
fn what_update_has_locked_does_for_install() {
    let (world, _) = world();
    world.sandbox.run(&["update"]).success();
    let vendor = world.sandbox.vendor();
    world.server.take_requests();
    for flags in [&["--locked"][..], &["--frozen"], &["--locked", "--offline"]] {
        for removed in [true, false] {
            if removed {
                fs::remove_dir_all(world.sandbox.project().join("vendor")).unwrap();
            }
            let output = world.sandbox.run(&[&["install"], flags].concat()).success();
            assert!(!output.stderr.contains("[WARN]"), "{}", output.stderr);
            assert_eq!(world.sandbox.vendor(), vendor);
        }
    }
    assert_eq!(world.server.take_requests(), [""; 0]);
    // From nothing, too; nobody is asked but for the commits.
    fs::remove_dir_all(world.sandbox.glide_home()).unwrap();
    fs::remove_dir_all(world.sandbox.project().join("vendor")).unwrap();
    world.sandbox.run(&["install", "--locked"]).success();
    assert_eq!(world.server.take_requests().len(), 2);
    let updated = world.sandbox.run(&["update", "--locked"]).success();
    assert!(updated.stderr.contains("Versions did not change"));
    assert_eq!(world.sandbox.vendor(), vendor);
}

#[test]
fn a_missing_lock_is_not_made() {
    let (world, _) = world();
    for arguments in [["install", "--locked"], ["update", "--frozen"]] {
        let parts = [
            "there is no `",
            "glide.lock`",
            "hint: run `glide-rs update`",
        ];
        refused(&world, &arguments, &parts);
    }
    assert_eq!(world.server.take_requests(), [""; 0]);
    let parts = ["`--locked` is about glide.lock", "`--no-recursive`"];
    refused(&world, &["update", "--locked", "--no-recursive"], &parts);
}

#[test]
fn all_reasons_are_told_before_anything_is_fetched() {
    let (world, [old, ..]) = world();
    let more =
        format!("- package: {OTHER}\n  repo: https://github.com/b/other\n- package: {THIRD}\n");
    manifest(&world, "^1.1.0", &more);
    main(&world, &[LIBRARY, "github.com/b/new/pkg"]);
    world.pin(&[(LIBRARY, &old), (OTHER, &"1".repeat(40))]);
    world.server.take_requests();
    let parts = [
        &format!(
            "glide.lock:4: {LIBRARY} is at v1.0.0 ({old}), and glide.yaml asks for `^1.1.0` (asked for on glide.yaml:3)"
        ),
        &format!(
            "glide.lock:6: repo of {OTHER} is none in glide.lock and `https://github.com/b/other` in glide.yaml"
        ),
        &format!("glide.yaml:7: {THIRD} is in glide.yaml and not in glide.lock"),
        "glide.lock:1: github.com/b/new/pkg is imported, and glide.lock has nothing that provides it (imported by github.com/me/app)",
        "glide.lock does not do for glide.yaml and the code (4 reasons); nothing was changed",
        "hint: run `glide-rs update` and commit glide.lock",
    ];
    refused(&world, &["install", "--locked"], &parts);
    let asked = world.server.take_requests();
    let of_library = |request: &String| request.contains(LIBRARY);
    assert!(
        asked.iter().all(of_library),
        "only the range is a question: {asked:?}"
    );
    // Without the flag Glide's warning is all there is to it.
    manifest(&world, "^1.1.0", "");
    world.pin(&[(LIBRARY, &old)]);
    world.sandbox.run(&["install"]).success();
}

#[test]
fn a_cosmetic_change_is_a_note() {
    let (world, _) = world();
    world.sandbox.run(&["update"]).success();
    manifest(&world, "~1.1.0", "");
    let output = world.sandbox.run(&["install", "--locked"]).success();
    let note = "[INFO]\tglide.lock:1: glide.lock was not made from glide.yaml as it is now, but all its pins still fit";
    assert!(output.stderr.contains(note), "{}", output.stderr);
    // The cache knows the history by now.
    world.server.take_requests();
    world.sandbox.run(&["install", "--frozen"]).success();
    assert_eq!(world.server.take_requests(), [""; 0]);
    // An update would write another hash.
    let parts = ["glide.lock was not made from glide.yaml as it is now"];
    refused(&world, &["update", "--locked"], &parts);
}

#[test]
fn what_nobody_can_tell_counts_against_a_lock_of_another_glide_yaml() {
    let (world, [_, newer, other, _]) = world();
    world.pin(&[(LIBRARY, &newer), (OTHER, &other)]);
    world.sandbox.run(&["install"]).success();
    manifest(&world, "~1.1.0", "");
    let parts = [
        &format!(
            "{LIBRARY}: nobody knows whether it meets what glide.yaml asks for: its history is not in the cache (of ~1.1.0)"
        ),
        "(1 reason)",
    ];
    refused(&world, &["install", "--frozen"], &parts);
    world.sandbox.run(&["install", "--locked"]).success();
}

#[test]
fn what_the_pinned_code_imports_is_looked_at_before_vendor_changes() {
    let (world, [_, newer, other, third]) = world();
    // As a merge may leave it: the hash is right, an entry is gone.
    world.sandbox.run(&["update"]).success();
    let lock = world.sandbox.read("glide.lock").unwrap();
    let hash = lock.lines().next().unwrap().to_owned();
    let pin = |pins: &[(&str, &str)]| {
        world.pin(pins);
        let text = world.sandbox.read("glide.lock").unwrap();
        world
            .sandbox
            .write("glide.lock", &text.replace("hash: 00", &hash));
    };
    pin(&[(LIBRARY, &newer)]);
    let reason = format!(
        "{OTHER} is imported, and glide.lock has nothing that provides it (imported by {PROJECT} → {LIBRARY})"
    );
    refused(&world, &["install", "--locked"], &[&reason]);
    fs::remove_dir_all(world.sandbox.glide_home()).unwrap();
    refused(&world, &["install", "--locked"], &[&reason]);
    // vendor/ as it is now has what is needed, glide.lock has not; a cache is not needed to tell.
    world.sandbox.run(&["install"]).success();
    refused(&world, &["install", "--locked"], &[&reason]);
    pin(&[(LIBRARY, &newer), (OTHER, &other), (THIRD, &third)]);
    let output = world.sandbox.run(&["install", "--locked"]).success();
    let left_over = format!("[WARN]\tglide.lock:8: {THIRD} is locked, and nothing asks for it");
    assert!(output.stderr.contains(&left_over), "{}", output.stderr);
}

#[test]
fn update_tells_what_would_change() {
    let (mut world, [_, newer, other, third]) = world();
    world.sandbox.run(&["update"]).success();
    let text = format!("package lib\n\nimport _ \"{THIRD}\"\n");
    let newest = Commit::new().file("x.go", text).tag("v1.2.0");
    let newest = world.remotes.commit(LIBRARY, &newest);
    let parts = [
        &format!("[ERROR]\t{LIBRARY}: {newer} → {newest}"),
        &format!("[ERROR]\t{OTHER}: removed, was at {other}"),
        &format!("[ERROR]\t{THIRD}: added at {third}"),
        "an update would change glide.lock (3 reasons); nothing was changed",
    ];
    refused(&world, &["update", "--locked"], &parts);
    // Whoever may not ask goes by what was seen just now.
    world.server.take_requests();
    refused(&world, &["update", "--frozen"], &[]);
    assert_eq!(world.server.take_requests(), [""; 0]);
}

#[test]
fn what_only_tests_need_may_be_left_out() {
    let (world, _) = world();
    manifest(
        &world,
        "^1.0.0",
        &format!("testImport:\n- package: {OTHER}\n"),
    );
    let test = format!("package main\n\nimport _ \"{THIRD}\"\n");
    world.sandbox.write("main_test.go", &test);
    world.sandbox.run(&["update", "--skip-test"]).success();
    let parts = [
        format!("glide.yaml:6: {OTHER} is in glide.yaml and not in glide.lock"),
        format!("{THIRD} is imported, and glide.lock has nothing that provides it"),
    ];
    let parts = parts.each_ref().map(String::as_str);
    let lock = world.sandbox.read("glide.lock").unwrap();
    if lock.contains(OTHER) {
        // The library brings it in.
        refused(&world, &["install", "--locked"], &parts[1..]);
    } else {
        refused(&world, &["install", "--locked"], &parts);
    }
    let install = ["install", "--locked", "--skip-test"];
    world.sandbox.run(&install).success();
    world.sandbox.run(&["update"]).success();
    let output = world.sandbox.run(&install).success();
    assert!(!output.stderr.contains("nothing asks"), "{}", output.stderr);
}

#[test]
fn a_branch_as_a_pin_does_not_do() {
    let (world, _) = world();
    world.pin(&[(LIBRARY, "master")]);
    let parts = ["is at `master`, which is no commit id and may move"];
    refused(&world, &["install", "--locked"], &parts);
}

#[test]
fn an_install_asks_nobody_for_names_that_the_lock_was_made_with() {
    const PRIVATE: &str = "git.corp.example/libs/auth";
    let (world, _) = World::new(|remotes: &mut Remotes| {
        let commit = Commit::new().file("x.go", "package auth\n").tag("v2.0.0");
        remotes.commit(PRIVATE, &commit)
    });
    let yaml = |version: &str| {
        let entry = format!("package: {PRIVATE}\n  vcs: git\n  version: {version}");
        let source = format!("repo: file://{}", world.remotes.path(PRIVATE).display());
        let yaml = format!("package: {PROJECT}\nimport:\n- {entry}\n  {source}\n");
        world.sandbox.write("glide.yaml", &yaml);
    };
    yaml("^2.0.0");
    main(&world, &[PRIVATE]);
    let page = format!("GET {PRIVATE}");
    let asked = || world.server.take_requests().contains(&page);
    let output = world.sandbox.run(&["update"]).success();
    assert!(asked());
    // The tags of a repository of this machine are there to be seen, without having been asked for.
    assert!(
        output
            .stderr
            .contains(&format!("{PRIVATE}: added at v2.0.0")),
        "{}",
        output.stderr
    );
    for line in [&["install"][..], &["install", "--locked"]] {
        world.sandbox.run(line).success();
        fs::remove_dir_all(world.sandbox.project().join("vendor")).unwrap();
        world.sandbox.run(line).success();
        assert!(!asked(), "{line:?}");
    }
    // What the names of another glide.yaml come to is not known.
    yaml("2.0.0");
    world.sandbox.run(&["install"]).success();
    assert!(asked());
}
