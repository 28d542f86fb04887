//! Repositories that want to write where they should not.

use std::fs::File;
use std::io;

use super::world::{Repo, World, look};
use crate::fsx::at::Folder;
use crate::vendor::Item;
use crate::vendor::moves::Moves;

#[track_caller]
fn refused(items: &[Item], expected: &str) {
    let world = World::new();
    world.write("old/file", "old");
    let message = world.refused(items);
    assert_eq!(message, format!("vendor/ cannot be filled\n{expected}"));
}

#[test]
fn hostile_names_are_refused_with_package_and_path() {
    for (path, why) in [
        ("../x", "the path has a `.` or `..` in it"),
        ("a/../../../x", "the path has a `.` or `..` in it"),
        ("/tmp/x", "the path is absolute"),
        (
            "a\\..\\x",
            "the path leads elsewhere where a backslash separates folders",
        ),
        ("a//x", "the path has an empty name in it"),
        (
            ".git/hooks/post-checkout",
            "the path has a name in it that is `.git` on some file systems",
        ),
        (
            "a/.GIT/config",
            "the path has a name in it that is `.git` on some file systems",
        ),
        (
            "GIT~1",
            "the path has a name in it that is `.git` on some file systems",
        ),
    ] {
        let item = Repo::new().file("fine", "").file(path, "x").at("a/b", "1");
        refused(&[item], &format!("a/b: `{path}`: {why}"));
        let link = Repo::new().link(path, "x").at("a/b", "1");
        refused(&[link], &format!("a/b: `{path}`: {why}"));
    }
}

#[test]
fn a_disguised_name_is_shown_undisguised() {
    refused(
        &[Repo::new().file(".g\u{200c}it/config", "x").at("a", "1")],
        "a: `.g\\u{200c}it/config`: the path has a name in it that is `.git` on some file systems",
    );
}

#[test]
fn an_entry_without_a_name_is_refused() {
    refused(
        &[Repo::new().file("", "x").at("a", "1")],
        "a: the path is empty",
    );
}

#[test]
fn a_submodule_in_a_hostile_folder_is_refused() {
    let mut item = Repo::new().file("x", "").at("a/b", "1");
    item.trees.push(Repo::new().file("y", "").placed("../../c"));
    refused(&[item], "a/b: `../../c`: the path has a `.` or `..` in it");
}

#[test]
fn a_dependency_that_is_too_deep_is_refused() {
    let name = ["d"; 501].join("/");
    refused(
        &[Repo::new().file("x", "").at(&name, "1")],
        &format!("{name}: the path is more than 500 folders deep"),
    );
}

#[test]
fn a_file_is_never_written_through_a_link_of_the_same_repository() {
    refused(
        &[Repo::new()
            .link("d", "/tmp")
            .file("d/x", "")
            .file("d/y/z", "")
            .at("a", "1")],
        "a: `d/x`: it would be written through the link `a/d` of a",
    );
    // The order of a hostile tree's entries changes nothing, nor does what sorts in between.
    refused(
        &[Repo::new()
            .file("d/y/z", "")
            .file("d-x", "")
            .file("d.y", "")
            .link("d", "/tmp")
            .at("a", "1")],
        "a: `d/y/z`: it would be written through the link `a/d` of a",
    );
}

#[test]
fn a_dependency_inside_another_is_never_written_through_its_link() {
    refused(
        &[
            Repo::new().link("sub", "/etc").at("a", "1"),
            Repo::new().file("passwd", "x").at("a/sub", "1"),
        ],
        "a/sub: `passwd`: it would be written through the link `a/sub` of a",
    );
    refused(
        &[
            Repo::new().file("deep/x", "x").at("a/one/two", "1"),
            Repo::new().link("one", "..").at("a", "1"),
        ],
        "a/one/two: `deep/x`: it would be written through the link `a/one` of a",
    );
}

#[test]
fn a_submodule_is_never_written_through_a_link() {
    let mut item = Repo::new().link("sub", "/etc").at("a", "1");
    item.trees.push(Repo::new().file("x", "").placed("sub"));
    refused(
        &[item],
        "a: `x`: it would be written through the link `a/sub` of a",
    );
}

#[test]
fn a_link_at_the_path_of_a_deeper_file_gives_way_to_it() {
    let world = World::new();
    let outer = Repo::new().link("sub/x", "/etc/passwd").at("a", "1");
    let inner = Repo::new().file("x", "inner").at("a/sub", "1");
    world.install(&[outer, inner]).unwrap();
    let found = super::world::files(&world.vendor());
    assert!(found[0].ends_with("inner"), "{found:?}");
}

#[test]
fn a_file_and_a_folder_of_the_same_name_are_refused() {
    refused(
        &[Repo::new().file("d", "").file("d/x", "").at("a", "1")],
        "a: `d/x`: `a/d` of a is a file, so nothing can be below it",
    );
    refused(
        &[
            Repo::new().file("b", "").at("a", "1"),
            Repo::new().file("x", "").at("a/b", "1"),
        ],
        "a/b: `x`: `a/b` of a is a file, so nothing can be below it",
    );
}

#[test]
fn the_same_path_twice_is_refused() {
    refused(
        &[Repo::new()
            .file("x", "1")
            .file("y", "")
            .file("x", "2")
            .at("a", "1")],
        "a: `x`: the path appears twice",
    );
}

#[test]
fn the_same_dependency_twice_is_refused() {
    let one = || Repo::new().file("x", "").at("a", "1");
    refused(&[one(), one()], "a: the folder is asked for twice");
}

#[test]
fn a_name_longer_than_the_file_system_permits_is_a_clear_error() {
    let name = "n".repeat(300);
    refused(
        &[Repo::new().file(&name, "").at("a", "1")],
        &format!("a: `{name}`: the name is longer than the file system permits"),
    );
    let deep = format!("{}/x", [&*"d".repeat(250); 20].join("/"));
    let world = World::new();
    let message = world.refused(&[Repo::new().file(&deep, "").at("a", "1")]);
    assert!(message.contains("longer than the file system permits"));
}

#[test]
fn names_that_differ_in_case_are_kept_apart_where_the_file_system_can() {
    let world = World::new();
    let item = || {
        Repo::new()
            .file("readme", "1")
            .file("README", "2")
            .file("Dir/x", "3")
            .file("dir/x", "4")
            .at("a", "1")
    };
    let distinguishes = !crate::fsx::exists(&world.root().join("PROJECT"));
    if distinguishes {
        world.install(&[item()]).unwrap();
        assert_eq!(super::world::files(&world.vendor()).len(), 4);
    } else {
        assert!(
            world
                .refused(&[item()])
                .contains("differs only in letter case")
        );
    }
}

/// A file system that takes no notice of case.
struct FoldsCase;

impl Moves for FoldsCase {
    fn create_folder(&self, root: &Folder, path: &[u8]) -> io::Result<()> {
        root.create_folder(&path.to_ascii_lowercase())
    }

    fn create_file(&self, folder: &Folder, name: &[u8], executable: bool) -> io::Result<File> {
        folder.create_file(&name.to_ascii_lowercase(), executable)
    }

    fn create_link(&self, folder: &Folder, target: &[u8], name: &[u8]) -> io::Result<()> {
        folder.create_link(target, &name.to_ascii_lowercase())
    }
}

#[test]
fn names_that_differ_in_case_are_errors_where_the_file_system_folds_them() {
    let why = "the file system has this name already: another differs only in letter case or in \
               how Unicode spells it";
    for (repo, path) in [
        (Repo::new().file("README", "").file("readme", ""), "readme"),
        (Repo::new().link("README", "x").file("readme", ""), "readme"),
        (Repo::new().file("D/x", "").file("d/y", ""), "d"),
        // The folder is there before the link could lead out of it.
        (Repo::new().link("LINK", "/tmp").file("link/x", ""), "LINK"),
    ] {
        let mut world = World::new();
        world.workers = 1;
        let error = world
            .install_with(&[repo.at("a", "1")], &FoldsCase)
            .unwrap_err();
        let message = error.to_string();
        assert!(
            message.contains(&format!("a: `{path}`: {why}")),
            "{message}"
        );
        assert_eq!(look(&world.project()).len(), 0);
    }
}

#[test]
fn control_characters_in_names_are_kept() {
    let world = World::new();
    world
        .install(&[Repo::new()
            .file("a\tb\n", "x")
            .file(b"latin \xe9", "")
            .at("a", "1")])
        .unwrap();
    assert!(crate::fsx::exists(&world.vendor().join("a/a\tb\n")));
}

#[test]
fn a_link_with_an_impossible_target_is_refused() {
    refused(
        &[Repo::new()
            .link("l", "x\0y")
            .link("m", "x".repeat(5000))
            .at("a", "1")],
        "a: `l`: the link's target has a NUL byte in it\n\
         a: `m`: the link's target is longer than a path may be",
    );
}

#[test]
fn only_the_first_failures_of_a_package_are_listed() {
    let world = World::new();
    let mut repo = Repo::new();
    for number in 0..100 {
        repo = repo.file(format!("{number}/../x"), "");
    }
    let message = world.refused(&[repo.at("a", "1"), Repo::new().file("..", "").at("b", "1")]);
    assert_eq!(message.lines().count(), 1 + 20 + 1 + 1);
    assert!(message.contains("\nb: `..`") && message.ends_with("and 80 more"));
}
