//! What goes wrong around the program: a damaged cache, dead remotes, a full disk, other runs.
//! Each leaves the project as it was or ends well.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use crate::support::damage::{files_below, mended_by, replace};
use crate::support::process::{self, Input};
use crate::support::repo::Commit;
use crate::support::sandbox::Sandbox;
use crate::support::server::Request;
use crate::support::world::{PROJECT, World, lock, sizeable};

/// Two repositories and a glide.lock that pins them.
fn two_pinned() -> World {
    let (world, (kit, log)) = World::new(|remotes| {
        let kit = remotes.commit("github.com/acme/kit", &sizeable(12, 1));
        let log = Commit::new().file("log.go", "package log\n");
        (kit, remotes.commit("github.com/acme/log", &log))
    });
    world.pin(&[("github.com/acme/kit", &kit), ("github.com/acme/log", &log)]);
    world
}

/// A project whose code imports kit, which imports log.
fn two_imported() -> World {
    let (world, ()) = World::new(|remotes| {
        let source = "package kit\n\nimport _ \"github.com/acme/log\"\n";
        // Most of the pack is this file, so that damage hits what the walk reads.
        let numbers = (0_u64..5000).map(|number| number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let comments: Vec<_> = numbers.map(|number| format!("// {number}\n")).collect();
        let kit = Commit::new().file("kit.go", format!("{source}{}", comments.concat()));
        remotes.commit("github.com/acme/kit", &kit);
        let log = Commit::new().file("log.go", "package log\n");
        remotes.commit("github.com/acme/log", &log);
    });
    let main = "package main\n\nimport _ \"github.com/acme/kit\"\n";
    world.sandbox.write("main.go", main);
    world
        .sandbox
        .write("glide.yaml", "package: github.com/me/app\n");
    world
}

#[test]
fn whatever_file_of_the_cache_is_damaged_the_next_update_mends_it() {
    let world = two_imported();
    world.sandbox.run(&["update"]).success();
    mended_by(&world, 2, || world.sandbox.run(&["update"]));
}

#[test]
fn whatever_file_of_the_cache_is_damaged_the_next_install_mends_it() {
    let world = two_pinned();
    world.sandbox.run(&["install"]).success();
    mended_by(&world, 2, || {
        fs::remove_dir_all(world.sandbox.project().join("vendor")).unwrap();
        world.sandbox.run(&["install"])
    });
}

#[test]
fn two_dependencies_from_one_damaged_repository_are_mended_together() {
    let (world, (old, new)) = World::new(|remotes| {
        let old = remotes.commit("github.com/acme/kit", &sizeable(5, 1));
        (old, remotes.commit("github.com/acme/kit", &sizeable(5, 2)))
    });
    let lock = lock(&[("github.com/acme/kit", &old), ("github.com/me/fork", &new)]);
    let repo = format!("{new}\n  repo: https://github.com/acme/kit\n");
    world
        .sandbox
        .write("glide.lock", &lock.replace(&format!("{new}\n"), &repo));
    world.sandbox.run(&["install"]).success();
    let vendor = world.sandbox.vendor().unwrap();
    for pack in files_below(&world.sandbox.glide_home().join("cache/v1/git")) {
        if pack
            .extension()
            .is_some_and(|extension| extension == "pack")
        {
            replace(&pack, b"");
        }
    }
    fs::remove_dir_all(world.sandbox.project().join("vendor")).unwrap();
    world.sandbox.run(&["install"]).success();
    assert_eq!(world.sandbox.vendor().unwrap(), vendor);
}

#[test]
fn a_filled_cache_needs_no_server_and_a_finished_project_nothing_at_all() {
    let world = two_pinned();
    world.sandbox.run(&["install"]).success();
    let vendor = world.sandbox.vendor();
    world.server.take_requests();
    world.sandbox.run(&["install"]).success();
    fs::remove_dir_all(world.sandbox.project().join("vendor")).unwrap();
    world.sandbox.run(&["install"]).success();
    assert_eq!(world.sandbox.vendor(), vendor);
    assert_eq!(world.server.take_requests(), [""; 0]);
}

#[test]
fn a_cold_install_asks_once_for_each_dependency() {
    let world = two_pinned();
    world.sandbox.run(&["install"]).success();
    let requests = world.server.take_requests();
    assert!(requests.len() <= 2, "{requests:#?}");
}

#[test]
fn one_host_is_asked_for_eight_dependencies_at_once_and_no_more() {
    const AT_ONCE: usize = 8;
    let (now, most) = (AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)));
    let seen = Arc::clone(&most);
    let slow = move |_: &Request| {
        seen.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        thread::sleep(Duration::from_millis(60));
        now.fetch_sub(1, Ordering::SeqCst);
        None
    };
    let sandbox = Sandbox::new(PROJECT);
    let (world, ids) = World::with_handler(sandbox, Some(Box::new(slow)), |remotes| {
        let names = (0..3 * AT_ONCE).map(|number| format!("github.com/acme/part{number}"));
        names
            .map(|name| (remotes.commit(&name, &sizeable(1, 1)), name))
            .collect::<Vec<_>>()
    });
    let pins: Vec<_> = ids.iter().map(|(id, name)| (&**name, &**id)).collect();
    world.pin(&pins);
    world.sandbox.run(&["install"]).success();
    assert_eq!(most.load(Ordering::SeqCst), AT_ONCE);
}

#[test]
fn a_server_that_stays_busy_is_asked_three_times_and_told_of() {
    let busy = Arc::new(Mutex::new(0));
    let status = Arc::clone(&busy);
    let handler = move |_: &Request| match *status.lock().unwrap() {
        0 => None,
        status => Some((status, "text/html", b"later".to_vec())),
    };
    let sandbox = Sandbox::new(PROJECT);
    let (world, id) = World::with_handler(sandbox, Some(Box::new(handler)), |remotes| {
        remotes.commit("github.com/acme/log", &sizeable(1, 1))
    });
    world.pin(&[("github.com/acme/log", &id)]);
    for status in [429, 503] {
        *busy.lock().unwrap() = status;
        world.server.take_requests();
        let output = world.sandbox.run(&["install"]).failure();
        let requests = world.server.take_requests();
        assert_eq!(requests.len(), 3, "{status}: {requests:#?}");
        for words in ["github.com/acme/log", &status.to_string()] {
            assert!(output.stderr.contains(words), "{}", output.stderr);
        }
    }
    *busy.lock().unwrap() = 0;
    world.sandbox.run(&["install"]).success();
}

#[test]
fn an_edit_of_vendor_is_undone() {
    let world = two_pinned();
    world.sandbox.run(&["install"]).success();
    let vendor = world.sandbox.vendor();
    for edit in [
        "github.com/acme/log/log.go",
        "github.com/acme/log/extra.go",
        "stray",
    ] {
        world
            .sandbox
            .write(&format!("vendor/{edit}"), "package mine\n");
        world.sandbox.run(&["install"]).success();
        assert_eq!(world.sandbox.vendor(), vendor, "{edit}");
    }
}

#[test]
fn many_runs_at_once_share_an_empty_cache() {
    let world = two_pinned();
    let projects: Vec<_> = (0..6)
        .map(|number| world.sandbox.root().join(format!("project{number}")))
        .collect();
    for project in &projects {
        fs::create_dir(project).unwrap();
        for file in ["glide.yaml", "glide.lock"] {
            fs::copy(world.sandbox.project().join(file), project.join(file)).unwrap();
        }
    }
    let start = |project: &PathBuf| {
        let mut command = world.sandbox.command(&["install"]);
        command.current_dir(project).stdin(Stdio::null());
        command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let children: Vec<_> = projects.iter().map(start).collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
    }
    world.sandbox.run(&["install"]).success();
    let vendor = world.sandbox.vendor();
    for project in projects {
        let found = crate::support::files::manifest(&project.join("vendor"));
        assert_eq!(found, vendor);
    }
}

#[test]
fn every_failing_repository_is_named_and_the_project_stays_as_it_was() {
    let (world, id) = World::new(|remotes| {
        let commit = Commit::new().file("x.go", "package x\n");
        let mut last = String::new();
        for name in ["a", "b", "c", "d"] {
            last = remotes.commit(&format!("github.com/acme/{name}"), &commit);
        }
        last
    });
    world.sandbox.write("vendor/mine.txt", "mine\n");
    let missing = "0123456789abcdef0123456789abcdef01234567";
    world.pin(&[
        ("github.com/acme/a", missing),
        ("github.com/acme/b", &id),
        ("github.com/acme/c", missing),
        ("github.com/acme/d", &id),
        ("nowhere.acme.dev/e", &id),
    ]);
    world.server.gone(&["github.com/acme/d".to_owned()]);
    let (before, lock) = (world.sandbox.vendor(), world.sandbox.read("glide.lock"));
    let output = world.sandbox.run(&["install"]).failure();
    // `b` has no such commit either: the last commit is that of `d`.
    for name in ["acme/a", "acme/b", "acme/c", "acme/d", "nowhere.acme.dev/e"] {
        assert!(
            output.stderr.contains(name),
            "{name} is not named:\n{}",
            output.stderr
        );
    }
    assert_eq!(world.sandbox.vendor(), before);
    assert_eq!(world.sandbox.read("glide.lock"), lock);
    let names = world.sandbox.project_names();
    assert_eq!(names, ["glide.lock", "glide.yaml", "vendor"]);
}

#[test]
fn a_secret_in_an_address_is_never_shown() {
    let world = two_pinned();
    let entry = "- name: go.acme.dev/x\n  version: 0123456789abcdef0123456789abcdef01234567\n  repo: https://me:hunter2@github.com/acme/nothing\n";
    let text = lock(&[]).replace("imports: []\n", &format!("imports:\n{entry}"));
    world.sandbox.write("glide.lock", &text);
    for arguments in [&["install"][..], &["--debug", "install"]] {
        let output = world.sandbox.run(arguments).failure();
        assert!(
            output.stderr.contains("github.com/acme/nothing"),
            "{}",
            output.stderr
        );
        assert!(!output.stderr.contains("hunter2"), "{}", output.stderr);
        assert!(!output.stdout.contains("hunter2"));
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error_that_names_it() {
    let world = two_pinned();
    let project = world.sandbox.project();
    let read_only = fs::Permissions::from_mode(0o555);
    fs::set_permissions(project, read_only).unwrap();
    if fs::write(project.join("probe"), "").is_ok() {
        // The super-user may write anywhere but here.
        fs::remove_file(project.join("probe")).unwrap();
        fs::set_permissions(project, fs::Permissions::from_mode(0o755)).unwrap();
        symlink("/proc/glide-rs/vendor", project.join("vendor")).unwrap();
    }
    let names = world.sandbox.project_names();
    let output = world.sandbox.run(&["install"]).failure();
    assert!(output.stderr.contains("vendor") || output.stderr.contains(PROJECT_FOLDER));
    assert_eq!(world.sandbox.project_names(), names);
    fs::set_permissions(project, fs::Permissions::from_mode(0o755)).unwrap();
}

const PROJECT_FOLDER: &str = crate::support::world::PROJECT;

/// Runs `install` where no file may grow beyond `blocks` KiB: writing fails as on a full disk.
fn install_with_little_room(world: &World, blocks: usize) -> process::Output {
    let program = crate::support::sandbox::PROGRAM;
    let line = format!("trap '' XFSZ; ulimit -f {blocks}; exec '{program}' install");
    let mut command = Command::new("bash");
    command
        .args(["-c", &line])
        .current_dir(world.sandbox.project())
        .env_clear();
    for (name, value) in world.sandbox.command(&[]).get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    process::run(&mut command, &Input::Empty, Duration::from_secs(60))
}

#[test]
fn a_full_disk_leaves_vendor_as_it_was() {
    // Bytes that do not compress, so that the pack does not fit either.
    let mut noise = Vec::new();
    let mut state = 1_u32;
    for _ in 0..400_000 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        noise.push(u8::try_from(state >> 24).unwrap());
    }
    let (world, id) = World::new(|remotes| {
        let commit = Commit::new()
            .file("a.go", "package a\n")
            .file("noise", noise);
        remotes.commit("github.com/acme/noise", &commit)
    });
    world.sandbox.write("vendor/mine.txt", "mine\n");
    world.pin(&[("github.com/acme/noise", &id)]);
    let before = world.sandbox.vendor();
    for cache in ["empty", "filled"] {
        install_with_little_room(&world, 100).failure();
        assert_eq!(world.sandbox.vendor(), before, "{cache} cache");
        let names = world.sandbox.project_names();
        assert_eq!(
            names,
            ["glide.lock", "glide.yaml", "vendor"],
            "{cache} cache"
        );
        if cache == "empty" {
            // Fill the cache from another project.
            let other = world.sandbox.root().join("other");
            fs::create_dir(&other).unwrap();
            for file in ["glide.yaml", "glide.lock"] {
                fs::copy(world.sandbox.project().join(file), other.join(file)).unwrap();
            }
            let mut command = world.sandbox.command(&["install"]);
            let limit = Duration::from_secs(60);
            process::run(command.current_dir(other), &Input::Empty, limit).success();
        }
    }
    world.sandbox.run(&["install"]).success();
    assert_eq!(world.sandbox.vendor().unwrap().len(), 2);
}
