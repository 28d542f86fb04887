//! What changes files between the store and vendor/ is called for the right ones, once.
#![expect(
    clippy::disallowed_methods,
    reason = "tests make and look at files as a person would"
)]

use std::error::Error as StdError;
use std::fs;
use std::path::Path;
use std::sync::Mutex;

use super::world::{Repo, World, files};
use crate::model::VendorPath;
use crate::report::Silent;
use crate::vendor::{Conversion, Conversions, Error, Options, Treatment, replace};

/// Files whose paths contain a line of `.gitattributes` are written in capitals; the packages
/// written get a mark.
struct Shouting {
    name: &'static str,
    added: Mutex<Vec<String>>,
}

#[derive(Default)]
struct Rules(Vec<String>);

impl Conversions for Rules {
    fn add(&mut self, folder: &[u8], text: &[u8]) {
        let (folder, text) = (
            String::from_utf8_lossy(folder),
            String::from_utf8_lossy(text),
        );
        self.0
            .extend(text.lines().map(|line| format!("{folder}{line}")));
    }

    fn conversion(&self, path: &[u8]) -> Option<Conversion> {
        let path = String::from_utf8_lossy(path);
        let meant = self.0.iter().any(|rule| path.contains(rule.as_str()));
        meant.then(|| -> Conversion { Box::new(|_, bytes| bytes.to_ascii_uppercase()) })
    }
}

impl Treatment for Shouting {
    fn name(&self) -> String {
        self.name.to_owned()
    }

    fn conversions(&self) -> Box<dyn Conversions> {
        Box::new(Rules::default())
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

fn install(world: &World, treatment: &Shouting, packages: &[&str]) -> Result<Vec<String>, Error> {
    let items: Vec<_> = packages
        .iter()
        .map(|package| {
            Repo::new()
                .file(".gitattributes", ".txt")
                .file("a.txt", "text")
                .file("b.go", "text")
                .file("d/.gitattributes", "/x")
                .file("d/x", "text")
                .file("x", "text")
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

fn shouting(name: &'static str) -> Shouting {
    Shouting {
        name,
        added: Mutex::default(),
    }
}

#[test]
fn each_trees_rules_decide_what_is_converted() {
    let world = World::new();
    install(&world, &shouting("1"), &["p"]).unwrap();
    let found: Vec<_> = files(&world.vendor())
        .into_iter()
        .map(|line| line.split(' ').map(str::to_owned).collect::<Vec<_>>())
        .map(|words| format!("{}{}", words[0], words[2]))
        .collect();
    assert_eq!(
        found,
        [
            "p/.gitattributes:.txt",
            "p/a.txt:TEXT",
            "p/b.go:text",
            "p/d/.gitattributes:/x",
            "p/d/x:TEXT",
            "p/mark:",
            "p/x:text"
        ]
    );
}

#[test]
fn only_packages_that_were_written_are_finished() {
    let world = World::new();
    assert_eq!(
        install(&world, &shouting("1"), &["a", "b"]).unwrap(),
        ["a", "b"]
    );
    assert_eq!(
        install(&world, &shouting("1"), &["a", "b", "c"]).unwrap(),
        ["c"]
    );
    assert!(world.vendor().join("a/mark").exists());
    assert!(
        install(&world, &shouting("1"), &["a", "b", "c"])
            .unwrap()
            .is_empty()
    );
}

#[test]
fn another_treatment_writes_everything_anew() {
    let world = World::new();
    install(&world, &shouting("1"), &["a", "b"]).unwrap();
    assert_eq!(
        install(&world, &shouting("2"), &["a", "b"]).unwrap(),
        ["a", "b"]
    );
}

#[test]
fn a_treatment_that_fails_changes_nothing() {
    let world = World::new();
    install(&world, &shouting("1"), &["a"]).unwrap();
    let before = super::world::look(&world.root());
    let error = install(&world, &shouting("1"), &["a", "fails"]).unwrap_err();
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
