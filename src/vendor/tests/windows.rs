//! What is other on Windows: no two folders change places, no file is a link or may be run, no folder has a lock.
#![expect(
    clippy::disallowed_methods,
    reason = "tests make and look at files as a person would"
)]

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::world::{Repo, World, files};
use crate::fsx;
use crate::vendor::moves::Moves;
use crate::vendor::{DifferenceKind, Error, Item, verify};

fn one() -> Item {
    Repo::new()
        .file("a.go", "package a\n")
        .executable("run.sh", "#!/bin/sh\n")
        .file("deep/er/x", "")
        .link("deep/link", "../a.go")
        .at("github.com/acme/a", "1")
}

fn other(text: &str, revision: &str) -> Item {
    Repo::new().file("b.go", text).at("gopkg.in/b.v1", revision)
}

/// What stands beside vendor/.
fn beside(world: &World) -> Vec<String> {
    let entries = fsx::read_dir(&world.project()).unwrap();
    let names = entries
        .iter()
        .map(|entry| entry.file_name().into_string().unwrap());
    names.collect()
}

const FIRST: [&str; 5] = [
    "github.com/acme/a/a.go: 0 package a\n",
    "github.com/acme/a/deep/er/x: 0 ",
    "github.com/acme/a/deep/link: 0 ../a.go",
    "github.com/acme/a/run.sh: 0 #!/bin/sh\n",
    "gopkg.in/b.v1/b.go: 0 b",
];

#[test]
fn a_link_is_a_text_and_what_is_installed_is_left_alone() {
    let world = World::new();
    let items = [one(), other("b", "2")];
    world.install(&items).unwrap();
    assert_eq!(files(&world.vendor()), FIRST);
    assert!(world.is_current(&items));
    assert!(!world.install(&items).unwrap().changed);
    let verified = verify(&world.vendor(), &items, 2).unwrap();
    assert!(verified.differences.is_empty() && verified.problems.is_empty());
    assert_eq!(beside(&world), ["vendor"]);
    for (path, text) in [("deep/link", "../b.go"), ("a.go", "package b\n")] {
        world.write(&format!("github.com/acme/a/{path}"), text);
        let verified = verify(&world.vendor(), &items, 2).unwrap();
        let kinds: Vec<_> = verified.differences.iter().map(|it| it.kind).collect();
        assert!(
            kinds.contains(&DifferenceKind::Changed),
            "{path}: {kinds:?}"
        );
    }
    // What was edited is written again.
    assert!(!world.is_current(&items));
    assert!(world.install(&items).unwrap().changed);
    assert_eq!(files(&world.vendor()), FIRST);
}

#[test]
fn what_has_not_changed_is_taken_over() {
    let world = World::new();
    world.install(&[one(), other("b", "2")]).unwrap();
    let items = [one(), other("new", "3")];
    let outcome = world.install(&items).unwrap();
    assert_eq!((outcome.written, outcome.kept), (1, 4));
    let mut expected = FIRST.map(str::to_owned);
    expected[4] = "gopkg.in/b.v1/b.go: 0 new".to_owned();
    assert_eq!(files(&world.vendor()), expected);
    assert!(world.is_current(&items));
    assert_eq!(beside(&world), ["vendor"]);
}

#[test]
fn read_only_files_are_replaced_all_the_same() {
    let world = World::new();
    world.install(&[other("b", "2")]).unwrap();
    let file = world.vendor().join("gopkg.in/b.v1/b.go");
    let mut permissions = fs::metadata(&file).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&file, permissions).unwrap();
    world.install(&[other("c", "3")]).unwrap();
    assert_eq!(files(&world.vendor()), ["gopkg.in/b.v1/b.go: 0 c"]);
    assert_eq!(beside(&world), ["vendor"]);
}

/// Dies before the rename of that number, and does nothing from then on.
struct Killed {
    left: AtomicUsize,
}

impl Killed {
    fn dead(&self) -> bool {
        self.left.load(Ordering::SeqCst) == 0
    }

    fn died(path: &Path) -> fsx::Error {
        fsx::Error {
            action: "be alive at",
            path: path.to_owned(),
            source: std::io::ErrorKind::Other.into(),
        }
    }
}

impl Moves for Killed {
    fn rename(&self, from: &Path, to: &Path) -> fsx::Result<()> {
        if self.dead() || self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            return Err(Self::died(from));
        }
        fsx::rename(from, to)
    }

    fn remove_tree(&self, path: &Path) -> fsx::Result<()> {
        if self.dead() {
            return Err(Self::died(path));
        }
        fsx::remove_tree(path)
    }
}

#[test]
fn a_kill_between_the_renames_loses_nothing() {
    for number in 1..=2 {
        let world = World::new();
        let (old, new) = ([one(), other("b", "2")], [one(), other("new", "3")]);
        world.install(&old).unwrap();
        let killed = Killed {
            left: AtomicUsize::new(number),
        };
        let error = world.install_with(&new, &killed).unwrap_err();
        assert!(matches!(error, Error::File(_)), "{error}");
        assert!(beside(&world).len() > 1, "{number}");
        assert!(!world.is_current(&new));
        // The next run finds the old tree, wherever it was, and goes on from there.
        let outcome = world.install(&old).unwrap();
        assert!(!outcome.changed, "{number}");
        assert_eq!(files(&world.vendor()), FIRST);
        assert_eq!(beside(&world), ["vendor"]);
    }
}

#[test]
fn names_that_windows_takes_for_something_else_are_refused() {
    for path in [
        "nul", "con.go", "a/aux", "dot.", "space ", "a:b", "a\\b", "..\\x", "what?",
    ] {
        let world = World::new();
        let item = Repo::new().file("ok.go", "").file(path, "x").at("h/a", "1");
        assert!(world.install(&[item]).is_err(), "{path}");
        assert!(beside(&world).is_empty(), "{path}");
    }
    // One would take the other's place.
    let world = World::new();
    let item = Repo::new()
        .file("A.go", "1")
        .file("a.go", "2")
        .at("h/a", "1");
    assert!(world.install(&[item]).is_err());
    assert!(beside(&world).is_empty());
}
