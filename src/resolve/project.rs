//! What the walk may ask of the project's own source.

use super::provider::Scanned;
use crate::error::Place;
use crate::manifest::is_standard;

/// The project's folders. A failure to read one is a text that names it.
pub trait Project {
    /// What stands directly in a folder: names, and whether they are folders, in byte order. Links
    /// are not followed.
    fn list(&self, folder: &str) -> Result<Vec<(String, bool)>, String>;

    /// What the Go files in a folder import.
    fn scan(&self, folder: &str) -> Result<Scanned, String>;

    /// Whether an import path can only be somebody else's: not relative, not part of Go, of cgo or of
    /// App Engine.
    fn is_foreign(&self, import_path: &str) -> bool {
        is_foreign(import_path)
    }

    /// Whether an import path names a folder of the project, and which.
    fn own_folder(&self, import_path: &str) -> Option<String>;

    /// Where the project's code imports a package; for messages.
    fn imported_at(&self, _import_path: &str) -> Option<Place> {
        None
    }

    /// Where glide.yaml lists a repository; for messages.
    fn listed_at(&self, _name: &str) -> Option<Place> {
        None
    }
}

/// [`Project::is_foreign`] as far as the path alone tells.
pub fn is_foreign(import_path: &str) -> bool {
    let first = import_path.split('/').next().unwrap_or_default();
    !matches!(first, "." | ".." | "C" | "appengine" | "appengine_internal")
        && !is_standard(import_path)
}
