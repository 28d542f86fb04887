//! vendor/manifest, which gb writes (and gvt).

use serde::de::MapAccess;

use crate::manifest::Dependency;
use crate::model::Roots;

use super::error::Error;
use super::json::{self, Fields, Integer, List, fill, skip};
use super::merge::{Listed, by_repository};

/// The file, below the project's root.
pub const FILE: &str = "vendor/manifest";

/// Reads a vendor/manifest.
pub fn read(bytes: &[u8], roots: &dyn Roots) -> Result<Vec<Dependency>, Error> {
    let manifest: Manifest = json::read(FILE, bytes)?;
    let listed = manifest.dependencies.into_items().into_iter();
    let listed = listed.map(|entry| Listed {
        path: entry.import_path,
        revision: entry.revision,
        repository: entry.repository,
    });
    Ok(by_repository(listed.collect(), roots))
}

/// The file. What Glide makes nothing of must still be of the right type.
#[derive(Default)]
struct Manifest {
    version: Integer,
    dependencies: List<Entry>,
}

#[derive(Default)]
struct Entry {
    import_path: String,
    repository: String,
    revision: String,
    branch: String,
    path: String,
}

impl Fields for Manifest {
    const NAME: &'static str = "an object";

    fn field<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "version" => fill(&mut self.version, map),
            "dependencies" => fill(&mut self.dependencies, map),
            _ => skip(map),
        }
    }
}

impl Fields for Entry {
    const NAME: &'static str = "a dependency";

    fn field<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "importpath" => fill(&mut self.import_path, map),
            "repository" => fill(&mut self.repository, map),
            "revision" => fill(&mut self.revision, map),
            "branch" => fill(&mut self.branch, map),
            "path" => fill(&mut self.path, map),
            _ => skip(map),
        }
    }
}
