//! Where vendor/ may be, and what may be in it or beside it.
#![expect(
    clippy::disallowed_methods,
    reason = "tests make and look at files as a person would"
)]

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, mpsc};

use super::world::{Repo, World, look};
use crate::report::{Level, Reporter, Silent, Task};
use crate::vendor::{Error, Item, Options, replace, stage};

fn item() -> Item {
    Repo::new().file("x", "new").at("host/a", "1")
}

#[track_caller]
fn installs_into(world: &World, folder: &Path) {
    world.install(&[item()]).unwrap();
    assert!(folder.join("host/a/x").exists());
    assert!(!folder.join("old").exists());
    assert!(world.is_current(&[item()]));
}

#[test]
fn a_file_named_vendor_is_an_error() {
    let world = World::new();
    fs::write(world.vendor(), "mine").unwrap();
    let message = world.refused(&[item()]);
    assert!(
        message.starts_with("Vendor is not a directory"),
        "{message}"
    );
}

#[test]
fn a_linked_vendor_stays_a_link_and_its_target_is_replaced() {
    for absolute in [true, false] {
        let world = World::new();
        let target = world.root().join("shared/the-vendor");
        fs::create_dir_all(target.join("old")).unwrap();
        if absolute {
            symlink(&target, world.vendor()).unwrap();
        } else {
            symlink("../shared/hop", world.vendor()).unwrap();
            symlink("the-vendor", world.root().join("shared/hop")).unwrap();
        }
        installs_into(&world, &target);
        assert!(fs::symlink_metadata(world.vendor()).unwrap().is_symlink());
        assert_eq!(fs::read_dir(world.project()).unwrap().count(), 1);
        let beside = look(&world.root().join("shared"));
        assert!(
            !beside.keys().any(|name| name.starts_with('.')),
            "{beside:?}"
        );
    }
}

#[test]
fn a_link_that_leads_to_nothing_yet_is_filled() {
    let world = World::new();
    symlink("../target", world.vendor()).unwrap();
    installs_into(&world, &world.root().join("target"));
    assert!(fs::symlink_metadata(world.vendor()).unwrap().is_symlink());
}

#[test]
fn links_that_lead_nowhere_are_errors() {
    let world = World::new();
    symlink("../missing/target", world.vendor()).unwrap();
    let message = world.refused(&[item()]);
    assert!(message.contains("does not exist"), "{message}");

    let world = World::new();
    symlink("vendor", world.vendor()).unwrap();
    let message = world.refused(&[item()]);
    assert!(message.contains("more than 255 links"), "{message}");

    let world = World::new();
    fs::write(world.root().join("file"), "").unwrap();
    symlink("../file", world.vendor()).unwrap();
    let message = world.refused(&[item()]);
    assert!(
        message.starts_with("Vendor is not a directory"),
        "{message}"
    );
}

#[test]
fn a_mounted_vendor_is_an_error_with_a_hint() {
    use crate::error::Classify as _;
    let world = World::new();
    // The one mount point that every machine has; nothing is written, as the check comes first.
    symlink("/proc", world.vendor()).unwrap();
    let error = world.install(&[item()]).unwrap_err();
    assert!(matches!(error, Error::MountPoint { .. }), "{error}");
    assert_eq!(error.hints().len(), 1);
}

#[test]
fn the_git_file_of_vendor_stays() {
    let world = World::new();
    world.write(".git", "gitdir: ../.git/modules/vendor\n");
    world.write("old/file", "");
    installs_into(&world, &world.vendor());
    assert!(look(&world.vendor())[".git"].ends_with("gitdir: ../.git/modules/vendor\n"));
    world
        .install(&[Repo::new().file("y", "").at("host/b", "1")])
        .unwrap();
    assert!(world.vendor().join(".git").is_file());
}

#[test]
fn the_git_folder_of_vendor_stays_whole() {
    let world = World::new();
    world.write(".git/HEAD", "ref: refs/heads/master\n");
    world.write(".git/objects/ab/cdef", "object");
    world.write(".git/refs/heads/master", "1");
    symlink("objects", world.vendor().join(".git/alternate")).unwrap();
    let object = world.vendor().join(".git/objects/ab/cdef");
    fs::set_permissions(&object, fs::Permissions::from_mode(0o444)).unwrap();
    let shared = world.vendor().join(".git/refs");
    fs::set_permissions(&shared, fs::Permissions::from_mode(0o770)).unwrap();
    world.write("old/file", "");
    let before = look(&world.vendor().join(".git"));
    installs_into(&world, &world.vendor());
    assert_eq!(look(&world.vendor().join(".git")), before);
    assert_eq!(fs::metadata(object).unwrap().nlink(), 1);
    assert_eq!(
        fs::metadata(shared).unwrap().permissions().mode() & 0o777,
        0o770
    );
}

#[test]
fn what_killed_runs_left_is_cleared_and_what_is_not_ours_stays() {
    let world = World::new();
    let project = world.project();
    for name in [
        ".glide-rs-vendor-0123abcd/host/a",
        ".glide-rs-vendor-89abcdef.old/host/a",
        ".glide-rs-vendor-x-0123abcd/theirs",
        ".glide-rs-vendor-short/theirs",
        ".glide-rs-other-0123abcd/theirs",
    ] {
        fs::create_dir_all(project.join(name)).unwrap();
    }
    let locked = project.join(".glide-rs-vendor-0123abcd/host");
    fs::set_permissions(locked, fs::Permissions::from_mode(0o555)).unwrap();
    world.write("old/file", "");
    installs_into(&world, &world.vendor());
    let names: Vec<_> = look(&project)
        .into_keys()
        .filter(|name| !name.contains('/'))
        .collect();
    assert_eq!(
        names,
        [
            ".glide-rs-other-0123abcd",
            ".glide-rs-vendor-short",
            ".glide-rs-vendor-x-0123abcd",
            "vendor"
        ]
    );
}

#[test]
fn an_old_tree_that_was_set_aside_is_put_back() {
    let world = World::new();
    let aside = world.project().join(".glide-rs-vendor-0123abcd.old");
    fs::create_dir_all(aside.join("old")).unwrap();
    let bad = Repo::new().file("x", "").damaged("x").at("a", "1");
    world.install(&[bad]).unwrap_err();
    assert_eq!(
        look(&world.project()).into_keys().collect::<Vec<_>>(),
        ["vendor", "vendor/old"]
    );
}

#[test]
fn old_folders_that_may_not_be_written_to_are_replaced_as_well() {
    let world = World::new();
    world.write("old/deep/file", "");
    for name in ["old/deep", "old", ""] {
        let path = world.vendor().join(name);
        fs::set_permissions(path, fs::Permissions::from_mode(0o555)).unwrap();
    }
    installs_into(&world, &world.vendor());
    assert_eq!(fs::read_dir(world.project()).unwrap().count(), 1);
}

#[test]
fn a_raised_flag_ends_the_run_before_the_swap() {
    let world = World::new();
    world.write("old/file", "");
    let before = look(&world.root());
    let flag = AtomicBool::new(true);
    let record = world.record();
    let options = Options {
        cancelled: Some(&flag),
        ..world.options(&record)
    };
    let error = replace(&world.vendor(), &[item()], &options, &Silent::default()).unwrap_err();
    assert!(matches!(error, Error::Interrupted));
    assert_eq!(look(&world.root()), before);
}

#[test]
fn a_staged_tree_that_is_not_committed_leaves_no_trace() {
    let world = World::new();
    world.write("old/file", "");
    let before = look(&world.root());
    let record = world.record();
    let reporter = Silent::default();
    let staged = stage(
        &world.vendor(),
        &[item()],
        &world.options(&record),
        &reporter,
    )
    .unwrap();
    assert!(!world.is_current(&[item()]));
    drop(staged);
    assert_eq!(look(&world.root()), before);
}

/// Passes on what is logged.
struct Listening(Mutex<mpsc::Sender<String>>);

struct Nothing;

impl Task for Nothing {
    fn step(&self, _label: &str) {}
}

impl Reporter for Listening {
    fn log(&self, _level: Level, message: &str) {
        self.0.lock().unwrap().send(message.to_owned()).unwrap();
    }

    fn task(&self, _what: &str, _total: usize) -> Box<dyn Task> {
        Box::new(Nothing)
    }

    fn had_error(&self) -> bool {
        false
    }
}

#[test]
fn a_second_run_waits_for_the_first_and_finds_its_work_done() {
    let world = World::new();
    let record = world.record();
    let options = world.options(&record);
    let silent = Silent::default();
    let first = stage(&world.vendor(), &[item()], &options, &silent).unwrap();
    let (sender, heard) = mpsc::channel();
    let listening = Listening(Mutex::new(sender));
    std::thread::scope(|scope| {
        let second = scope.spawn(|| replace(&world.vendor(), &[item()], &options, &listening));
        let message = heard.recv().unwrap();
        assert!(
            message.starts_with("Waiting for another glide-rs"),
            "{message}"
        );
        assert!(first.commit(&silent).unwrap().changed);
        assert!(!second.join().unwrap().unwrap().changed);
    });
    assert!(world.vendor().join("host/a/x").exists());
}

#[test]
fn a_link_by_the_name_of_a_leftover_is_never_taken_for_vendor() {
    for ending in ["", ".old", ".new"] {
        for old in [true, false] {
            let world = World::new();
            if old {
                world.install(&[item()]).unwrap();
            }
            let elsewhere = world.root().join("elsewhere");
            fs::create_dir(&elsewhere).unwrap();
            fs::write(elsewhere.join("mine"), "").unwrap();
            let name = format!(".glide-rs-vendor-0123abcd{ending}");
            symlink(&elsewhere, world.project().join(&name)).unwrap();
            // A run that fails tidies up before it does.
            let bad = Repo::new().file("..", "").at("a", "1");
            world.install(&[bad]).unwrap_err();
            let vendor = fs::symlink_metadata(world.vendor());
            assert_eq!(vendor.is_ok_and(|vendor| vendor.is_dir()), old, "{name}");
            installs_into(&world, &world.vendor());
            assert!(!fs::symlink_metadata(world.vendor()).unwrap().is_symlink());
            assert!(elsewhere.join("mine").exists(), "{name}");
            assert!(!world.vendor().join("mine").exists(), "{name}");
        }
    }
}
