//! vendor/manifest, which gb writes (and gvt).

use crate::manifest::Dependency;
use crate::model::Roots;

use super::error::Error;
use super::json::{self, Integer, List, fields};
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

fields!(Manifest, "an object", {
    "version" => version,
    "dependencies" => dependencies,
});

fields!(Entry, "a dependency", {
    "importpath" => import_path,
    "repository" => repository,
    "revision" => revision,
    "branch" => branch,
    "path" => path,
});
