//! What a run does when some or all of vendor/ is right already.
#![expect(
    clippy::disallowed_methods,
    reason = "tests make and look at files as a person would"
)]

use std::fs::{self, File, FileTimes};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::time::{Duration, SystemTime};

use super::world::{Repo, World, files, look};
use crate::vendor::Item;

fn a() -> Item {
    Repo::new()
        .file("x.go", "package a")
        .executable("run", "#!")
        .link("link", "x.go")
        .file("d/e/y.go", "package e")
        .at("host/a", "1")
}

fn b(revision: &str) -> Item {
    Repo::new()
        .file("b.go", format!("revision {revision}"))
        .at("host/b", revision)
}

/// A world with `a` and `b` installed.
fn installed() -> World {
    let world = World::new();
    let outcome = world.install(&[a(), b("1")]).unwrap();
    assert_eq!(outcome.packages, ["host/a", "host/b"]);
    world
}

#[test]
fn a_second_run_does_nothing_and_reads_nothing() {
    let world = installed();
    assert!(world.is_current(&[b("1"), a()]));
    let repo = Repo::new().file("never", "read");
    let reads = repo.reads.clone();
    let inode = fs::metadata(world.vendor()).unwrap().ino();
    let outcome = world.install(&[b("1"), repo.at("host/a", "1")]).unwrap();
    assert!(!outcome.changed);
    assert_eq!(reads.load(std::sync::atomic::Ordering::Relaxed), 0);
    assert_eq!(fs::metadata(world.vendor()).unwrap().ino(), inode);
}

#[test]
fn a_digest_behind_a_revision_counts_when_it_is_known() {
    let world = World::new();
    world.install(&[b("1+aa")]).unwrap();
    assert!(world.is_current(&[b("1+aa")]) && world.is_current(&[b("1")]));
    assert!(!world.is_current(&[b("1+bb")]) && !world.is_current(&[b("1+a")]));
    assert!(!world.is_current(&[b("11")]) && !world.is_current(&[b("1"), b("1")]));
    assert!(!world.install(&[b("1+aa")]).unwrap().changed);
    assert!(world.install(&[b("1+bb")]).unwrap().changed);
}

#[test]
fn a_new_revision_rewrites_its_package_only() {
    let world = installed();
    let inode = |name: &str| {
        let path = world.vendor().join(name);
        fs::symlink_metadata(path).unwrap().ino()
    };
    let before = (inode("host/a/d/e/y.go"), inode("host/a/link"));
    assert!(!world.is_current(&[a(), b("2")]));
    let outcome = world.install(&[a(), b("2")]).unwrap();
    assert_eq!(outcome.packages, ["host/b"]);
    assert_eq!((outcome.written, outcome.kept), (1, 4));
    assert_eq!((inode("host/a/d/e/y.go"), inode("host/a/link")), before);
    assert!(files(&world.vendor())[4].ends_with("revision 2"));
    assert!(world.is_current(&[a(), b("2")]));
    // And the tree made of new and old files is a basis for the next one.
    let outcome = world.install(&[a()]).unwrap();
    assert_eq!((outcome.packages.len(), outcome.kept), (0, 4));
    assert!(!world.vendor().join("host/b").exists());
    assert!(world.is_current(&[a()]));
}

/// What somebody does to vendor/.
type Edit = fn(&World);

#[test]
fn every_kind_of_change_in_vendor_is_noticed_and_mended() {
    let edits: [(&str, Edit); 10] = [
        ("edited", |w| w.write("host/a/x.go", "package b")),
        ("edited to another size", |w| w.write("host/a/x.go", "")),
        ("added", |w| w.write("host/a/d/new.go", "")),
        ("added elsewhere", |w| w.write("own/new.go", "")),
        ("added at the top", |w| w.write("new.go", "")),
        ("removed", |w| {
            fs::remove_file(w.vendor().join("host/a/d/e/y.go")).unwrap();
        }),
        ("removed with its folder", |w| {
            fs::remove_dir_all(w.vendor().join("host/a/d")).unwrap();
        }),
        ("mode", |w| {
            let path = w.vendor().join("host/a/x.go");
            fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
        }),
        ("link", |w| {
            let path = w.vendor().join("host/a/link");
            fs::remove_file(&path).unwrap();
            std::os::unix::fs::symlink("/etc", path).unwrap();
        }),
        ("folder became a link", |w| {
            let path = w.vendor().join("host/a/d");
            fs::rename(&path, w.root().join("elsewhere")).unwrap();
            std::os::unix::fs::symlink("../../../../elsewhere", path).unwrap();
        }),
    ];
    for (name, edit) in edits {
        let world = installed();
        let whole = look(&world.vendor());
        edit(&world);
        assert!(!world.is_current(&[a(), b("1")]), "{name}");
        let outcome = world.install(&[a(), b("1")]).unwrap();
        assert!(outcome.changed, "{name}");
        assert_eq!(look(&world.vendor()), whole, "{name}");
        assert!(!outcome.packages.contains(&"host/b".to_owned()), "{name}");
        assert!(world.is_current(&[a(), b("1")]), "{name}");
    }
}

#[test]
fn an_edit_that_hides_behind_the_old_time_is_noticed() {
    let world = installed();
    let path = world.vendor().join("host/a/x.go");
    let modified = fs::metadata(&path).unwrap().modified().unwrap();
    fs::write(&path, "package b").unwrap();
    let times = FileTimes::new().set_modified(modified);
    File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_times(times)
        .unwrap();
    assert!(!world.is_current(&[a(), b("1")]));
}

#[test]
fn a_touched_file_costs_a_rewrite_and_no_more() {
    let world = installed();
    let path = world.vendor().join("host/a/x.go");
    let times = FileTimes::new().set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1));
    File::options()
        .write(true)
        .open(path)
        .unwrap()
        .set_times(times)
        .unwrap();
    let outcome = world.install(&[a(), b("1")]).unwrap();
    assert_eq!(outcome.packages, ["host/a"]);
}

#[test]
fn a_record_that_is_damaged_or_gone_costs_a_rewrite_and_no_more() {
    let world = installed();
    let good = fs::read(world.record()).unwrap();
    let whole = look(&world.vendor());
    for bytes in [&b""[..], b"garbage", &good[..good.len() / 2]] {
        fs::write(world.record(), bytes).unwrap();
        assert!(!world.is_current(&[a(), b("1")]));
        assert_eq!(world.install(&[a(), b("1")]).unwrap().packages.len(), 2);
        assert_eq!(look(&world.vendor()), whole);
        assert!(world.is_current(&[a(), b("1")]));
    }
    fs::remove_file(world.record()).unwrap();
    assert_eq!(world.install(&[a(), b("1")]).unwrap().packages.len(), 2);
}

#[test]
fn a_copy_of_the_project_is_not_taken_for_the_project() {
    let world = installed();
    let moved = world.root().join("moved");
    fs::rename(world.vendor(), &moved).unwrap();
    fs::create_dir(world.vendor()).unwrap();
    fs::remove_dir(world.vendor()).unwrap();
    std::os::unix::fs::symlink(&moved, world.vendor()).unwrap();
    assert!(!world.is_current(&[a(), b("1")]));
}

#[test]
fn packages_inside_each_other_are_kept_or_written_together() {
    let world = World::new();
    let outer = || {
        Repo::new()
            .file("sub/both", "outer")
            .file("x", "")
            .at("host/a", "1")
    };
    let inner =
        |revision: &str, name: &str| Repo::new().file(name, "inner").at("host/a/sub", revision);
    world
        .install(&[outer(), inner("1", "both"), b("1")])
        .unwrap();
    // The outer package's own file comes to light when the inner one no longer covers it.
    let outcome = world
        .install(&[outer(), inner("2", "other"), b("1")])
        .unwrap();
    assert_eq!(outcome.packages, ["host/a", "host/a/sub"]);
    let found = files(&world.vendor());
    assert!(
        found[0].ends_with("outer") && found[1].ends_with("inner"),
        "{found:?}"
    );
    let outcome = world.install(&[outer(), b("1")]).unwrap();
    assert_eq!(outcome.packages, ["host/a"]);
    assert!(!world.vendor().join("host/a/sub/other").exists());
    let outcome = world
        .install(&[outer(), inner("1", "both"), b("2")])
        .unwrap();
    assert_eq!(outcome.packages, ["host/a", "host/a/sub", "host/b"]);
}

#[test]
fn a_failure_while_three_of_four_are_kept_changes_nothing() {
    let world = installed();
    let bad = Repo::new().file("x", "").damaged("x").at("host/c", "1");
    let message = world.refused(&[a(), b("1"), bad]);
    assert!(message.contains("host/c: `x`"), "{message}");
    assert!(world.install(&[a(), b("1")]).unwrap().packages.is_empty());
}
