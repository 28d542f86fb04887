//! What changes files between the store and vendor/ is called for the right ones, once.
#![expect(
    clippy::disallowed_methods,
    reason = "tests make and look at files as a person would"
)]

use std::error::Error as StdError;
use std::fs;
use std::path::Path;
use std::sync::Mutex;

use super::world::{Repo, World};
use crate::model::VendorPath;
use crate::report::Silent;
use crate::vendor::{Error, Options, Treatment, replace};

/// Packages that were written get a mark.
struct Marking {
    name: &'static str,
    added: Mutex<Vec<String>>,
}

impl Treatment for Marking {
    fn name(&self) -> String {
        self.name.to_owned()
    }

    fn finish(
        &self,
        staged: &Path,
        written: &[&VendorPath],
    ) -> Result<(), Box<dyn StdError + Send + Sync>> {
        for package in written {
            self.added.lock().unwrap().push(package.to_string());
            fs::write(package.below(staged).join("mark"), "")?;
        }
        if written.iter().any(|package| package.as_str() == "fails") {
            return Err("it does".into());
        }
        Ok(())
    }
}

fn install(world: &World, treatment: &Marking, packages: &[&str]) -> Result<Vec<String>, Error> {
    let items: Vec<_> = packages
        .iter()
        .map(|package| {
            Repo::new()
                .file(".gitattributes", "*.txt eol=crlf")
                .file("a.txt", "text\n")
                .file("b.go", "text\n")
                .file("d/.gitattributes", "/x eol=crlf")
                .file("d/x", "text\n")
                .file("x", "text\n")
                .at(package, "1")
        })
        .collect();
    let record = world.record();
    let options = Options {
        treatment,
        ..world.options(&record)
    };
    replace(&world.vendor(), &items, &options, &Silent::default())?;
    Ok(treatment.added.lock().unwrap().drain(..).collect())
}

fn marking(name: &'static str) -> Marking {
    Marking {
        name,
        added: Mutex::default(),
    }
}

#[test]
fn each_trees_rules_decide_what_is_converted() {
    let world = World::new();
    install(&world, &marking("1"), &["p"]).unwrap();
    let text = |path: &str| fs::read_to_string(world.vendor().join("p").join(path)).unwrap();
    for (path, expected) in [
        ("a.txt", "text\r\n"),
        ("b.go", "text\n"),
        ("d/x", "text\r\n"),
        ("x", "text\n"),
    ] {
        assert_eq!(text(path), expected, "{path}");
    }
}

#[test]
fn only_packages_that_were_written_are_finished() {
    let world = World::new();
    assert_eq!(
        install(&world, &marking("1"), &["a", "b"]).unwrap(),
        ["a", "b"]
    );
    assert_eq!(
        install(&world, &marking("1"), &["a", "b", "c"]).unwrap(),
        ["c"]
    );
    assert!(world.vendor().join("a/mark").exists());
    assert!(
        install(&world, &marking("1"), &["a", "b", "c"])
            .unwrap()
            .is_empty()
    );
}

#[test]
fn another_treatment_writes_everything_anew() {
    let world = World::new();
    install(&world, &marking("1"), &["a", "b"]).unwrap();
    assert_eq!(
        install(&world, &marking("2"), &["a", "b"]).unwrap(),
        ["a", "b"]
    );
}

#[test]
fn a_treatment_that_fails_changes_nothing() {
    let world = World::new();
    install(&world, &marking("1"), &["a"]).unwrap();
    let before = super::world::look(&world.root());
    let error = install(&world, &marking("1"), &["a", "fails"]).unwrap_err();
    assert!(matches!(error, Error::Treatment(_)));
    assert_eq!(super::world::look(&world.project()), {
        let project = before.into_iter();
        project
            .filter_map(|(path, what)| Some((path.strip_prefix("project/")?.to_owned(), what)))
            .collect()
    });
}

#[test]
fn unreasonable_attributes_are_refused() {
    let world = World::new();
    let large = "x\n".repeat(600_000);
    let message = world.refused(&[Repo::new().file("d/.gitattributes", large).at("a", "1")]);
    assert!(message.ends_with("a: `d/.gitattributes`: the file is larger than 1 MiB"));
}

#[test]
fn attributes_mean_nothing_outside_git() {
    let world = World::new();
    let repo = || {
        let attributes = Repo::new().file(".gitattributes", "* text eol=crlf\n");
        attributes.file("x.go", "package x\n")
    };
    let items = [
        repo().at("host/git", "1"),
        repo().foreign().at("host/hg", "1"),
    ];
    world.install(&items).unwrap();
    let read = |path: &str| std::fs::read_to_string(world.vendor().join(path)).unwrap();
    assert_eq!(read("host/git/x.go"), "package x\r\n");
    assert_eq!(read("host/hg/x.go"), "package x\n");
}
