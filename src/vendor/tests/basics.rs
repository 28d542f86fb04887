//! What ends up in vendor/.
#![expect(
    clippy::disallowed_methods,
    reason = "tests make and look at files as a person would"
)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;

use super::world::{Gone, Repo, World, files, look};
use crate::model::VendorPath;
use crate::vendor::{Error, Item, PlacedTree};

/// The mode that this process gives to files, as the umask says.
fn file_mode(world: &World) -> (u32, u32) {
    let probe = world.root().join("probe");
    fs::write(&probe, "").unwrap();
    let mode = fs::metadata(&probe).unwrap().permissions().mode() & 0o777;
    fs::remove_file(&probe).unwrap();
    (mode, mode | (mode & 0o444) >> 2)
}

#[test]
fn files_links_and_modes_are_as_the_commit_has_them() {
    let world = World::new();
    let (plain, executable) = file_mode(&world);
    let outcome = world
        .install(&[
            Repo::new()
                .file(".gitignore", "*.o")
                .file("a.go", "package a")
                .executable("bin/run", "#!")
                .file("deep/er/x", "")
                .link("deep/link", "../../../../outside")
                .submodule("sub")
                .at("github.com/acme/a", "1"),
            Repo::new().file("b.go", "b").at("gopkg.in/b.v1", "2"),
        ])
        .unwrap();
    assert!(outcome.changed);
    assert_eq!((outcome.written, outcome.kept), (6, 0));
    assert_eq!(
        files(&world.vendor()),
        [
            format!("github.com/acme/a/.gitignore: {plain:o} *.o"),
            format!("github.com/acme/a/a.go: {plain:o} package a"),
            format!("github.com/acme/a/bin/run: {executable:o} #!"),
            format!("github.com/acme/a/deep/er/x: {plain:o} "),
            "github.com/acme/a/deep/link: -> ../../../../outside".to_owned(),
            format!("gopkg.in/b.v1/b.go: {plain:o} b"),
        ]
    );
    assert!(!look(&world.vendor()).contains_key("github.com/acme/a/sub"));
}

#[test]
fn what_was_in_vendor_before_is_gone_and_nothing_is_left_beside_it() {
    let world = World::new();
    world.write("old/file", "old");
    world.write("github.com/a/stale", "old");
    world
        .install(&[Repo::new().file("x", "new").at("github.com/a", "1")])
        .unwrap();
    assert_eq!(
        look(&world.project()).into_keys().collect::<Vec<_>>(),
        [
            "vendor",
            "vendor/github.com",
            "vendor/github.com/a",
            "vendor/github.com/a/x"
        ]
    );
}

#[test]
fn submodules_are_laid_into_their_folders() {
    let world = World::new();
    let mut item = Repo::new()
        .file("x", "outer")
        .submodule("third/party")
        .at("a/b", "1");
    item.trees
        .push(Repo::new().file("y", "inner").placed("third/party"));
    item.trees.push(
        Repo::new()
            .file("z", "innermost")
            .placed("third/party/deep"),
    );
    world.install(&[item]).unwrap();
    let names: Vec<_> = look(&world.vendor().join("a/b")).into_keys().collect();
    assert_eq!(
        names,
        [
            "third",
            "third/party",
            "third/party/deep",
            "third/party/deep/z",
            "third/party/y",
            "x"
        ]
    );
}

#[test]
fn a_dependency_inside_another_is_laid_over_it() {
    let world = World::new();
    let outer = || {
        Repo::new()
            .file("sub/both", "outer")
            .file("sub/mine", "outer")
            .at("a", "1")
    };
    let inner = || Repo::new().file("both", "inner").at("a/sub", "2");
    for items in [[outer(), inner()], [inner(), outer()]] {
        world.install(&items).unwrap();
        let found = files(&world.vendor());
        assert!(
            found[0].ends_with("inner") && found[1].ends_with("outer"),
            "{found:?}"
        );
        fs::remove_dir_all(world.vendor()).unwrap();
    }
}

#[test]
fn a_large_file_and_many_small_ones_arrive_whole() {
    let world = World::new();
    let large: Vec<u8> = (0..30_000_000_u32).map(|at| at.to_be_bytes()[2]).collect();
    let mut repo = Repo::new()
        .file("large", &large)
        .file("middle", &large[..300_000]);
    for number in 0..500 {
        repo = repo.file(format!("many/{number}"), format!("text {number}"));
    }
    world.install(&[repo.at("a", "1")]).unwrap();
    let at = |name: &str| fs::read(world.vendor().join("a").join(name)).unwrap();
    assert!(at("large") == large);
    assert!(at("middle") == large[..300_000]);
    for number in 0..500 {
        assert_eq!(
            at(&format!("many/{number}")),
            format!("text {number}").as_bytes()
        );
    }
}

#[test]
fn every_failure_is_told_and_vendor_is_as_it_was() {
    let world = World::new();
    world.write("old/file", "old");
    let message = world.refused(&[
        Repo::new()
            .file("x", "x")
            .file("y", "y")
            .damaged("y")
            .damaged("x")
            .at("a/one", "1"),
        Repo::new().file("fine", "fine").at("b/two", "1"),
        Repo::new().file("z", "zz").lying("z", 1).at("c/three", "1"),
        Repo::new().file("z", "zz").lying("z", 3).at("d/four", "1"),
        Repo::new().link("l", "").at("e/five", "1"),
    ]);
    let reason = "the cached object";
    let lines: Vec<_> = message.lines().collect();
    assert_eq!(lines.len(), 6, "{message}");
    assert!(
        lines[1].starts_with(&format!("a/one: `x`: {reason}")),
        "{message}"
    );
    assert!(
        lines[2].starts_with(&format!("a/one: `y`: {reason}")),
        "{message}"
    );
    assert!(lines[3].starts_with("c/three: `z`: the cached object has another size"));
    assert!(lines[4].starts_with("d/four: `z`: the cached object has another size"));
    assert_eq!(lines[5], "e/five: `l`: the link's target is empty");
}

#[test]
fn packages_whose_cache_is_damaged_are_named_for_a_repair() {
    let world = World::new();
    let gone = Item {
        path: VendorPath::new("b").unwrap(),
        revision: "1".into(),
        trees: vec![PlacedTree {
            at: Vec::new(),
            snapshot: Arc::new(Gone),
        }],
    };
    let error = world.install(&[gone]).unwrap_err();
    assert_eq!(error.damaged(), [&VendorPath::new("b").unwrap()]);
    let damaged = Repo::new().file("x", "x").damaged("x").at("a", "1");
    let error = world.install(&[damaged]).unwrap_err();
    assert_eq!(error.damaged(), [&VendorPath::new("a").unwrap()]);
    assert!(matches!(error, Error::Packages(_)));
}

#[test]
fn the_text_of_a_failure_does_not_depend_on_the_number_of_workers() {
    let mut world = World::new();
    let mut texts = Vec::new();
    for workers in [1, 2, 7] {
        world.workers = workers;
        let mut repo = Repo::new();
        for number in 10..25 {
            let name = format!("d{}/f{number}", number % 3);
            repo = repo.file(&name, &name).damaged(&name);
        }
        let other = Repo::new().file("x", "").damaged("x").at("z", "1");
        texts.push(world.refused(&[repo.at("a", "1"), other]));
    }
    assert_eq!(texts[0], texts[1]);
    assert_eq!(texts[0], texts[2]);
}
