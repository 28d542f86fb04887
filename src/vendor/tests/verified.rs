//! What was done to vendor/ behind the lock's back is found, and nothing else.
#![expect(
    clippy::disallowed_methods,
    reason = "tests make and look at files as a person would"
)]

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use super::world::{Repo, World};
use crate::vendor::strip::strip;
use crate::vendor::{DifferenceKind as Kind, Item, verify};

fn items() -> Vec<Item> {
    let outer = Repo::new()
        .file(".gitattributes", "*.txt eol=crlf\n*.id ident\n")
        .file("a.go", "package a\n")
        .file("crlf.txt", "one\ntwo\n")
        .file("d/deep.go", "package d\n")
        .executable("run", "#!/bin/sh\n")
        .file("x.id", "$Id$\n")
        .link("z", "a.go")
        .at("h/a", "1");
    let inner = Repo::new().file("in.go", "package in\n").at("h/a/in", "2");
    vec![outer, inner]
}

/// Installs, changes vendor/, and compares; `expected` are `kind path of package`.
#[track_caller]
fn check(items: &[Item], change: impl FnOnce(&World), expected: &[&str]) {
    let world = World::new();
    world.install(items).unwrap();
    change(&world);
    let verified = verify(&world.vendor(), items, 2).unwrap();
    assert!(verified.problems.is_empty(), "{:?}", verified.problems);
    let lines = verified.differences.iter().map(|difference| {
        let kind = match difference.kind {
            Kind::Added => "added",
            Kind::Changed => "changed",
            Kind::Mode => "mode",
            Kind::Missing => "missing",
        };
        format!("{kind} {} of {}", difference.path, difference.package)
    });
    assert_eq!(lines.collect::<Vec<_>>(), expected);
}

#[test]
fn what_was_just_installed_is_as_it_should_be() {
    check(&items(), |_| {}, &[]);
    check(
        &items(),
        |world| fs::create_dir(world.vendor().join("h/empty")).unwrap(),
        &[],
    );
    check(
        &items(),
        |world| world.write(".git/config", "the project's own"),
        &[],
    );
}

#[test]
fn what_stands_there_has_a_name_of_its_own() {
    let contents = |change: &dyn Fn(&World)| {
        let world = World::new();
        world.install(&items()).unwrap();
        change(&world);
        let verified = verify(&world.vendor(), &items(), 2).unwrap();
        let differences = verified.differences.into_iter();
        differences
            .map(|difference| difference.content)
            .collect::<Vec<_>>()
    };
    let with = |path: &str, text: &str| contents(&|world| world.write(path, text));
    for path in ["h/a/a.go", "h/a/crlf.txt", "h/a/new", "h/new"] {
        assert_eq!(with(path, "y").len(), 1);
        assert_ne!(with(path, "x"), with(path, "y"), "{path}");
        assert_eq!(with(path, "x"), with(path, "x"));
    }
    let link = |target: &str| contents(&|world| symlink(target, world.vendor().join("l")).unwrap());
    assert_ne!(link("x"), link("y"));
    assert_ne!(link("x"), with("l", "x"));
    let gone = contents(&|world| fs::remove_file(world.vendor().join("h/a/a.go")).unwrap());
    assert_eq!(gone, [""]);
}

#[test]
fn added_changed_and_missing_files_are_found() {
    check(
        &items(),
        |world| {
            world.write("h/a/a.go", "package b\n");
            world.write("h/a/crlf.txt", "one\ntwo\n");
            world.write("h/a/d/new.go", "");
            world.write("h/a/in/new.go", "");
            world.write("h/other/new.go", "");
            fs::remove_file(world.vendor().join("h/a/d/deep.go")).unwrap();
        },
        &[
            "changed h/a/a.go of h/a",
            "changed h/a/crlf.txt of h/a",
            "missing h/a/d/deep.go of h/a",
            "added h/a/d/new.go of h/a",
            "added h/a/in/new.go of h/a/in",
            "added h/other/new.go of ",
        ],
    );
}

#[test]
fn links_and_modes_count() {
    let replace = |world: &World, name: &str, target: &str| {
        let path = world.vendor().join("h/a").join(name);
        fs::remove_file(&path).unwrap();
        symlink(target, path).unwrap();
    };
    check(
        &items(),
        |world| {
            replace(world, "a.go", "d/deep.go");
            replace(world, "z", "d/deep.go");
            let run = world.vendor().join("h/a/run");
            fs::set_permissions(run, fs::Permissions::from_mode(0o644)).unwrap();
        },
        &[
            "changed h/a/a.go of h/a",
            "mode h/a/run of h/a",
            "changed h/a/z of h/a",
        ],
    );
    // A file with the bytes that the link has.
    check(
        &items(),
        |world| {
            fs::remove_file(world.vendor().join("h/a/z")).unwrap();
            world.write("h/a/z", "a.go");
        },
        &["changed h/a/z of h/a"],
    );
}

fn with_leftovers() -> Vec<Item> {
    let repo = Repo::new()
        .file("Godeps/_workspace/src/o/o.go", "package o\n")
        .file(
            "a.go",
            "package a\n\nimport \"h/a/Godeps/_workspace/src/o\"\n",
        )
        .executable(
            "run.go",
            "package a\n\nimport \"h/a/Godeps/_workspace/src/o\"\n",
        )
        .file("vendor/v/v.go", "package v\n")
        .at("h/a", "1");
    vec![repo]
}

#[test]
fn a_stripped_tree_is_known_as_one() {
    let stripped = |world: &World| drop(strip(&world.vendor()).unwrap());
    check(&with_leftovers(), |_| {}, &[]);
    check(&with_leftovers(), stripped, &[]);
    check(
        &with_leftovers(),
        |world| {
            stripped(world);
            world.write("h/a/a.go", "package a\n\nimport \"evil\"\n");
        },
        &["changed h/a/a.go of h/a"],
    );
    // Half of what stripping does is no stripping.
    check(
        &with_leftovers(),
        |world| fs::remove_dir_all(world.vendor().join("h/a/vendor")).unwrap(),
        &["missing h/a/vendor/v/v.go of h/a"],
    );
    check(
        &with_leftovers(),
        |world| {
            stripped(world);
            world.write("h/a/vendor/evil.go", "package evil\n");
        },
        &[
            "missing h/a/Godeps/_workspace/src/o/o.go of h/a",
            "changed h/a/a.go of h/a",
            "changed h/a/run.go of h/a",
            "added h/a/vendor/evil.go of h/a",
            "missing h/a/vendor/v/v.go of h/a",
        ],
    );
}

#[test]
fn what_cannot_be_read_is_told() {
    let world = World::new();
    let good = Repo::new()
        .file("crlf.txt", "x\n")
        .file(".gitattributes", "* eol=crlf\n");
    world.install(&[good.at("h/a", "1")]).unwrap();
    let bad = Repo::new()
        .file("crlf.txt", "x\n")
        .file(".gitattributes", "* eol=crlf\n")
        .damaged("crlf.txt")
        .at("h/a", "1");
    let verified = verify(&world.vendor(), &[bad], 2).unwrap();
    assert_eq!(verified.problems.len(), 1);
    assert!(verified.problems[0].to_string().contains("crlf.txt"));
    assert_eq!(verified.expected, [2]);
}
