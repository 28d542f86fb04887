//! Godeps/Godeps.json, which godep writes.

use crate::manifest::Dependency;
use crate::model::Roots;

use super::error::Error;
use super::json::{self, List, fields};
use super::merge::{Listed, by_repository};

/// The file, below the project's root.
pub const FILE: &str = "Godeps/Godeps.json";

/// Reads a Godeps.json.
pub fn read(bytes: &[u8], roots: &dyn Roots) -> Result<Vec<Dependency>, Error> {
    let godeps: Godeps = json::read(FILE, bytes)?;
    let listed = godeps.deps.into_items().into_iter();
    let listed = listed.map(|entry| Listed {
        path: entry.import_path,
        revision: entry.rev,
        repository: String::new(),
    });
    Ok(by_repository(listed.collect(), roots))
}

/// The file. What Glide makes nothing of must still be of the right type.
#[derive(Default)]
struct Godeps {
    import_path: String,
    go_version: String,
    packages: List<String>,
    deps: List<Entry>,
}

#[derive(Default)]
struct Entry {
    import_path: String,
    comment: String,
    rev: String,
}

fields!(Godeps, "an object", {
    "importpath" => import_path,
    "goversion" => go_version,
    "packages" => packages,
    "deps" => deps,
});

fields!(Entry, "a dependency", {
    "importpath" => import_path,
    "comment" => comment,
    "rev" => rev,
});
