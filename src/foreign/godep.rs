//! Godeps/Godeps.json, which godep writes.

use serde::de::MapAccess;

use crate::manifest::Dependency;
use crate::model::Roots;

use super::error::Error;
use super::json::{self, Fields, List, fill, skip};
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

impl Fields for Godeps {
    const NAME: &'static str = "an object";

    fn field<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "importpath" => fill(&mut self.import_path, map),
            "goversion" => fill(&mut self.go_version, map),
            "packages" => fill(&mut self.packages, map),
            "deps" => fill(&mut self.deps, map),
            _ => skip(map),
        }
    }
}

impl Fields for Entry {
    const NAME: &'static str = "a dependency";

    fn field<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "importpath" => fill(&mut self.import_path, map),
            "comment" => fill(&mut self.comment, map),
            "rev" => fill(&mut self.rev, map),
            _ => skip(map),
        }
    }
}
