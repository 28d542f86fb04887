//! `update` around the walk: lock and vendor/ as one transaction, requests, flags, places.

use std::ffi::OsStr;
use std::fs;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use glide_rs::cli::Global;
use glide_rs::commands::{self, Context, InstallOptions, UpdateOptions};
use glide_rs::interrupt::Interrupt;
use glide_rs::settings::{Environment, Settings};
use glide_rs::ui::{Recording, Style, Terminal};

use crate::support::process::{self, Input};
use crate::support::repo::{Commit, RepoSpec};
use crate::support::sandbox::Sandbox;
use crate::support::server::Request;
use crate::support::world::{PROJECT, World};

/// A repository with one package that imports others.
fn package(name: &str, imports: &[&str]) -> Commit {
    let imports = imports.iter();
    let imports: Vec<_> = imports
        .map(|import| format!("import _ {import:?}\n"))
        .collect();
    let text = format!("package {name}\n\n{}", imports.concat());
    Commit::new().file(&format!("{name}.go"), text)
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

#[test]
fn nobody_is_asked_for_what_is_ignored_or_the_projects_own() {
    let (mut world, _) = three();
    let imports = [
        "private.example/x",
        "github.com/acme/secret/deep",
        "github.com/me/app/sub",
    ];
    let web = package("web", &imports).tag("v1.1.0");
    world.remotes.push("github.com/acme/web", &[web]);
    world.sandbox.write("sub/sub.go", "package sub\n");
    let yaml = format!(
        "package: {PROJECT}\nignore:\n- private.example\n- github.com/acme/secret\nimport:\n- package: github.com/acme/web\n"
    );
    world.sandbox.write("glide.yaml", &yaml);
    world.sandbox.run(&["update"]).success();
    for request in world.server.take_requests() {
        let asked = ["private.example", "acme/secret", "me/app"]
            .iter()
            .any(|name| request.contains(name));
        assert!(!asked, "{request}");
    }
}

#[test]
fn a_range_in_the_lock_is_met_by_install() {
    let (world, commits) = three();
    world.pin(&[
        ("github.com/acme/web", "^1.0.0"),
        ("github.com/acme/kit", "v1.0.0"),
    ]);
    world.sandbox.run(&["install"]).success();
    assert_eq!(world.sandbox.vendor().unwrap().len(), 2);
    world.pin(&[
        ("github.com/acme/web", "^2.0.0"),
        ("github.com/acme/kit", &commits[1]),
    ]);
    let output = world.sandbox.run(&["install"]).failure();
    assert!(output.stderr.contains("it has v1.0.0"), "{}", output.stderr);
}

#[test]
fn the_answer_is_the_same_with_one_worker_and_with_many() {
    let (mut world, _) = three();
    // A repository that is met without a version, and moves when one is asked for.
    let asking = package("kit", &["github.com/acme/log"]).file(
        "glide.yaml",
        "package: github.com/acme/kit\nimport:\n- package: github.com/acme/log\n  version: v0.9.0\n",
    );
    world
        .remotes
        .push("github.com/acme/kit", &[asking.tag("v1.1.0")]);
    let older = package("log", &[]).tag("v0.9.0");
    let newer = package("log", &["github.com/acme/far"]);
    world.remotes.push("github.com/acme/log", &[older, newer]);
    let found = [1, 2, 32].map(|workers| {
        let home = world.sandbox.root().join(format!("home-{workers}"));
        let global = Global {
            home: Some(home),
            ..Global::default()
        };
        let command = world.sandbox.command(&[]);
        let text = |name: &OsStr| name.to_string_lossy().into_owned();
        let variables = command
            .get_envs()
            .map(|(name, value)| (text(name), value.unwrap_or_default().to_owned()));
        let environment: Environment = variables.collect();
        let mut settings = Settings::new(&global, &environment).unwrap();
        settings.folder = world.sandbox.project().to_owned();
        settings.git_config.home = None;
        settings.fetches = workers;
        let reporter = Recording::default();
        let interrupt = Interrupt::default();
        let context = Context {
            settings: &settings,
            started: Instant::now(),
            reporter: &reporter,
            output: &Terminal::new(Style::default()),
            interrupt: &interrupt,
            questions: None,
        };
        world.sandbox.write("glide.lock", "");
        let options = UpdateOptions {
            install: InstallOptions {
                tests: true,
                ..InstallOptions::default()
            },
            ..UpdateOptions::default()
        };
        commands::update(&context, options)
            .unwrap_or_else(|failure| panic!("{}", failure.render()));
        let lock = masked(world.sandbox.read("glide.lock"));
        let messages = reporter.messages().into_iter();
        let told: Vec<_> = messages
            .filter(|(_, text)| !text.contains("home-"))
            .collect();
        (lock, told)
    });
    assert_eq!(found[0], found[1]);
    assert_eq!(found[0], found[2]);
    assert!(found[0].0.contains("github.com/acme/log"));
}

#[test]
fn a_name_without_a_host_is_not_looked_for_unless_it_is_said_where() {
    let (mut world, _) = three();
    let web = package("web", &["mylib/foo"]).tag("v1.1.0");
    world.remotes.push("github.com/acme/web", &[web]);
    let output = world.sandbox.run(&["update"]).failure();
    for words in ["`mylib` is no host", "imported by github.com/acme/web"] {
        assert!(output.stderr.contains(words), "{words}: {}", output.stderr);
    }
    let yaml = format!(
        "package: {PROJECT}\nimport:\n- package: mylib/foo\n  repo: https://github.com/acme/log\n"
    );
    world.sandbox.write("glide.yaml", &yaml);
    world.sandbox.run(&["update"]).success();
    assert!(
        world
            .sandbox
            .vendor()
            .unwrap()
            .contains_key("mylib/foo/log.go")
    );
}

#[test]
fn a_generated_file_of_any_size_is_read() {
    let (mut world, _) = three();
    let data = format!(
        "package web\n\n/*\n{}*/\n",
        "0123456789abcdef\n".repeat(1 << 20)
    );
    let web = package("web", &[]).tag("v1.1.0").file("data.go", data);
    world.remotes.push("github.com/acme/web", &[web]);
    world.sandbox.run(&["update"]).success();
    let locked = world.sandbox.read("glide.lock").unwrap();
    assert!(!locked.contains("acme/kit"), "{locked}");
}

#[test]
fn install_without_a_lock_is_update_and_tells_everything_once() {
    let (world, _) = three();
    let yaml = "package: github.com/me/other\n";
    world.sandbox.write("glide.yaml", yaml);
    let output = world.sandbox.run(&["install"]).success();
    let warned = output.stderr.matches("does not match the current location");
    assert_eq!(warned.count(), 1, "{}", output.stderr);
    assert!(world.sandbox.read("glide.lock").is_some());
}

#[test]
fn the_lock_has_the_time_zone_of_the_machine_whoever_writes_it() {
    for command in ["update", "install"] {
        let (mut world, _) = three();
        world.sandbox.set("TZ", "XYZ-05:30");
        // A name that a host has to be asked for, which takes threads.
        let yaml = "package: github.com/me/app\nimport:\n- package: example.com/nothing/here\nignore:\n- example.com/nothing/here\n";
        world.sandbox.write("glide.yaml", yaml);
        world.sandbox.run(&[command]).success();
        let lock = world.sandbox.read("glide.lock").unwrap();
        let updated = lock.lines().nth(1).unwrap();
        assert!(updated.ends_with("+05:30"), "{command}: {updated}");
    }
}

#[test]
fn without_recursion_nothing_is_said_of_what_the_project_relies_on() {
    let (world, _) = three();
    let output = world.sandbox.run(&["update", "--quick"]).success();
    assert!(
        !output.stderr.contains("Project relies"),
        "{}",
        output.stderr
    );
    assert_eq!(world.sandbox.vendor().unwrap().len(), 1);
    assert_eq!(world.sandbox.read("glide.lock"), None);
}

#[test]
fn master_is_the_default_branch_where_that_was_renamed() {
    let (world, ()) = World::new(|remotes| {
        let spec = RepoSpec {
            commits: vec![package("log", &[])],
            head: Some("main".to_owned()),
            ..RepoSpec::default()
        };
        remotes.create("github.com/acme/log", &spec);
    });
    let main = "package main\n\nimport _ \"github.com/acme/log\"\n";
    world.sandbox.write("main.go", main);
    for (version, done) in [("master", true), ("trunk", false)] {
        let yaml = format!(
            "package: {PROJECT}\nimport:\n- package: github.com/acme/log\n  version: {version}\n"
        );
        world.sandbox.write("glide.yaml", &yaml);
        let output = world.sandbox.run(&["update"]);
        assert_eq!(output.exit == Some(0), done, "{version}: {}", output.stderr);
    }
}
