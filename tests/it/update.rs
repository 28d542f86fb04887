//! `update` around the walk: lock and vendor/ as one transaction, requests, flags, places.

use std::fs;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use crate::support::process::{self, Input};
use crate::support::repo::Commit;
use crate::support::sandbox::Sandbox;
use crate::support::server::Request;
use crate::support::world::{PROJECT, World};

/// A repository with one package that imports others.
fn package(name: &str, imports: &[&str]) -> Commit {
    let imports: String = imports
        .iter()
        .map(|import| format!("import _ {import:?}\n"))
        .collect();
    Commit::new().file(
        &format!("{name}.go"),
        format!("package {name}\n\n{imports}"),
    )
}

/// A project that imports web, which imports kit and log; returns their commits in this order.
fn three() -> (World, Vec<String>) {
    let (world, commits) = World::new(|remotes| {
        let commits = vec![
            remotes.commit(
                "github.com/acme/web",
                &package("web", &["github.com/acme/kit", "github.com/acme/log"]).tag("v1.0.0"),
            ),
            remotes.commit(
                "github.com/acme/kit",
                &package("kit", &["fmt"]).tag("v1.0.0"),
            ),
            remotes.commit("github.com/acme/log", &package("log", &[])),
        ];
        commits
    });
    world.sandbox.write(
        "main.go",
        "package main\n\nimport _ \"github.com/acme/web\"\n",
    );
    let yaml =
        format!("package: {PROJECT}\nimport:\n- package: github.com/acme/web\n  version: ^1.0.0\n");
    world.sandbox.write("glide.yaml", &yaml);
    (world, commits)
}

#[test]
fn what_is_imported_is_found_locked_and_installed() {
    let (world, commits) = three();
    world.sandbox.run(&["update"]).success();
    let lock = world.sandbox.read("glide.lock").unwrap();
    for (name, commit) in ["web", "kit", "log"].iter().zip(&commits) {
        let entry = format!("- name: github.com/acme/{name}\n  version: {commit}\n");
        assert!(lock.contains(&entry), "{lock}");
    }
    assert_eq!(world.sandbox.vendor().unwrap().len(), 3);
    assert_eq!(
        world.sandbox.project_names(),
        ["glide.lock", "glide.yaml", "main.go", "vendor"]
    );
}

#[test]
fn nothing_new_upstream_costs_one_request_a_dependency_and_leaves_the_lock_alone() {
    let (world, _) = three();
    world.sandbox.run(&["up"]).success();
    let before = fs::metadata(world.sandbox.project().join("glide.lock")).unwrap();
    world.server.take_requests();
    let output = world.sandbox.run(&["up"]).success();
    assert_eq!(world.server.take_requests().len(), 3);
    assert!(
        output.stderr.contains("Versions did not change"),
        "{}",
        output.stderr
    );
    let after = fs::metadata(world.sandbox.project().join("glide.lock")).unwrap();
    assert_eq!(before.modified().unwrap(), after.modified().unwrap());
}

#[test]
fn a_cold_update_asks_each_repository_twice() {
    let (world, _) = three();
    world.sandbox.run(&["update"]).success();
    let requests = world.server.take_requests();
    assert_eq!(requests.len(), 6, "{requests:?}");
}

#[test]
fn the_answer_does_not_depend_on_cache_or_vendor() {
    let (world, _) = three();
    world.sandbox.run(&["update"]).success();
    let lock = world.sandbox.read("glide.lock");
    world
        .sandbox
        .write("vendor/github.com/acme/log/log.go", "package other\n");
    world.sandbox.write("glide.lock", "");
    world.sandbox.run(&["update"]).success();
    assert_eq!(
        masked(world.sandbox.read("glide.lock")),
        masked(lock.clone())
    );
    fs::remove_dir_all(world.sandbox.glide_home()).unwrap();
    world.sandbox.write("glide.lock", "");
    world.sandbox.run(&["update"]).success();
    assert_eq!(masked(world.sandbox.read("glide.lock")), masked(lock));
}

#[test]
fn what_the_lock_lists_is_asked_for_at_once() {
    const LENGTH: usize = 6;
    // Once it is told to, the server answers nobody before all of them have come.
    let gathering = Arc::new((Mutex::new((false, 0)), Condvar::new()));
    let server = Arc::clone(&gathering);
    let handler = move |_: &Request| {
        let (state, more) = &*server;
        let mut state = state.lock().unwrap();
        if state.0 {
            state.1 += 1;
            more.notify_all();
            let patience = Duration::from_secs(20);
            let wait = more.wait_timeout_while(state, patience, |state| state.1 < LENGTH);
            let waited = wait.unwrap().1;
            if waited.timed_out() {
                return Some((404, "text/plain", b"nobody else comes".to_vec()));
            }
        }
        None
    };
    let sandbox = Sandbox::new(PROJECT);
    let (world, ()) = World::with_handler(sandbox, Some(Box::new(handler)), |remotes| {
        let name = |number: usize| format!("github.com/acme/link{number}");
        for number in 0..LENGTH {
            let next = name(number + 1);
            let imports = [next.as_str()];
            let imports = &imports[..usize::from(number + 1 < LENGTH)];
            remotes.commit(&name(number), &package("link", imports));
        }
    });
    let main = "package main\n\nimport _ \"github.com/acme/link0\"\n";
    world.sandbox.write("main.go", main);
    world.sandbox.run(&["update"]).success();
    gathering.0.lock().unwrap().0 = true;
    let output = world.sandbox.run(&["update"]).success();
    let words = "Versions did not change";
    assert!(output.stderr.contains(words), "{}", output.stderr);
    assert_eq!(gathering.0.lock().unwrap().1, LENGTH);
}

#[test]
fn what_the_lock_lists_is_a_hint_and_no_more() {
    let (mut world, commits) = three();
    world.sandbox.run(&["update"]).success();
    let lock = masked(world.sandbox.read("glide.lock"));
    // Another commit, another place, what is needed no more, and what never was.
    let gone = world
        .remotes
        .commit("github.com/acme/gone", &package("gone", &[]));
    let other = world
        .remotes
        .commit("github.com/other/log", &package("log", &[]));
    let entry = |name: &str, id: &str, more: &str| {
        format!("- name: github.com/acme/{name}\n  version: {id}\n{more}")
    };
    let entries = [
        entry("kit", &gone, "  subpackages:\n  - deep/down\n"),
        entry("log", &other, "  repo: https://github.com/other/log\n"),
        entry("gone", &gone, ""),
        entry("never", &commits[0], "  vcs: darcs\n"),
        entry("nowhere", &commits[0], ""),
        entry("../up", "", "  repo: -x\n"),
    ]
    .concat();
    for text in [
        format!("hash: 00\nupdated: 2020-01-01T00:00:00Z\nimports:\n{entries}testImports: []\n"),
        "imports: [".to_owned(),
        "imports:\n- x\n".to_owned(),
    ] {
        world.sandbox.write("glide.lock", &text);
        world.sandbox.run(&["update"]).success();
        assert_eq!(masked(world.sandbox.read("glide.lock")), lock, "{text}");
        assert_eq!(world.sandbox.vendor().unwrap().len(), 3);
    }
}

#[test]
fn what_the_lock_lists_and_nobody_needs_costs_one_request() {
    let (world, _) = three();
    world.sandbox.run(&["update"]).success();
    let text = "package main\n\nimport _ \"github.com/acme/log\"\n";
    world.sandbox.write("main.go", text);
    let yaml = format!("package: {PROJECT}\nimport: []\n");
    world.sandbox.write("glide.yaml", &yaml);
    world.server.take_requests();
    world.sandbox.run(&["update"]).success();
    assert_eq!(world.server.take_requests().len(), 3);
    let lock = world.sandbox.read("glide.lock").unwrap();
    assert!(!lock.contains("kit"), "{lock}");
}

fn masked(lock: Option<String>) -> String {
    crate::support::case::mask(&lock.unwrap())
}

#[test]
fn source_date_epoch_is_the_time_of_the_lock() {
    let (mut world, _) = three();
    world.sandbox.set("SOURCE_DATE_EPOCH", "1500000000");
    world.sandbox.run(&["update"]).success();
    let lock = world.sandbox.read("glide.lock").unwrap();
    assert!(lock.contains("updated: 2017-07-14T02:40:00Z\n"), "{lock}");
}

#[test]
fn what_cannot_be_resolved_changes_nothing_and_names_who_asks() {
    let (mut world, _) = three();
    world.sandbox.run(&["update"]).success();
    let lock = world.sandbox.read("glide.lock");
    let vendor = world.sandbox.vendor();
    let broken = package("kit", &["github.com/acme/nowhere/deep"]).tag("v1.1.0");
    world.remotes.push("github.com/acme/kit", &[broken]);
    let output = world.sandbox.run(&["update"]).failure();
    for words in [
        "github.com/acme/nowhere/deep",
        "imported by github.com/acme/kit, imported by github.com/acme/web, imported by the project",
        "glide.lock and vendor/ are as they were",
    ] {
        assert!(output.stderr.contains(words), "{words}: {}", output.stderr);
    }
    assert_eq!(world.sandbox.read("glide.lock"), lock);
    assert_eq!(world.sandbox.vendor(), vendor);
}

#[test]
fn a_lock_that_cannot_be_written_leaves_vendor_alone() {
    let (world, _) = three();
    fs::create_dir(world.sandbox.project().join("glide.lock")).unwrap();
    world.sandbox.run(&["update"]).failure();
    assert_eq!(world.sandbox.vendor(), None);
}

#[test]
fn a_range_that_nothing_meets_lists_what_there_is() {
    let (world, _) = three();
    let yaml =
        format!("package: {PROJECT}\nimport:\n- package: github.com/acme/web\n  version: ^3.0.0\n");
    world.sandbox.write("glide.yaml", &yaml);
    let output = world.sandbox.run(&["update"]).failure();
    for words in [
        "no branch or tag of the repository meets `^3.0.0`",
        "it has v1.0.0",
        "glide.yaml",
    ] {
        assert!(output.stderr.contains(words), "{words}: {}", output.stderr);
    }
}

#[test]
fn a_project_outside_gopath_is_as_good() {
    let (world, _) = three();
    world.sandbox.run(&["update"]).success();
    let lock = masked(world.sandbox.read("glide.lock"));
    let elsewhere = world.sandbox.root().join("elsewhere");
    fs::create_dir_all(elsewhere.join("sub")).unwrap();
    for file in ["main.go", "glide.yaml"] {
        fs::copy(world.sandbox.project().join(file), elsewhere.join(file)).unwrap();
    }
    // Its own packages are its own by the name in glide.yaml.
    let text = format!("package main\n\nimport _ \"{PROJECT}/sub\"\n");
    fs::write(elsewhere.join("other.go"), text).unwrap();
    fs::write(elsewhere.join("sub/sub.go"), "package sub\n").unwrap();
    let mut command = world.sandbox.command(&["update"]);
    command.current_dir(elsewhere.join("sub"));
    let limit = Duration::from_secs(60);
    process::run(&mut command, &Input::Empty, limit).success();
    let found = fs::read_to_string(elsewhere.join("glide.lock")).unwrap();
    assert_eq!(crate::support::case::mask(&found), lock);
}
