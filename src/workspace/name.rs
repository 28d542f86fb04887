//! Which import path a folder has by its place.
//!
//! Answers to what Go 1.19's `go/build` does with a local import.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::fsx;

/// The import path that its place in GOPATH gives a folder, unless that path means another folder.
pub fn import_path(folder: &Path, gopath: &[PathBuf], goroot: Option<&Path>) -> Option<String> {
    for (number, root) in gopath.iter().enumerate() {
        let Some(below) = below(&root.join("src"), folder) else {
            continue;
        };
        let below = elements(&below)?.join("/");
        if below.split('/').any(|element| element == "testdata") {
            continue;
        }
        let earlier = gopath[..number].iter().map(PathBuf::as_path);
        let taken = |root: &Path| fsx::is_folder(&root.join("src").join(&below));
        return (!goroot.into_iter().chain(earlier).any(taken)).then_some(below);
    }
    None
}

/// The names that a path consists of, whatever the system writes between them; none where one is no text.
fn elements(path: &Path) -> Option<Vec<&str>> {
    path.iter().map(OsStr::to_str).collect()
}

/// What leads from a folder to one below it, be it only when links have been followed.
fn below(root: &Path, folder: &Path) -> Option<PathBuf> {
    let rest = |root: &Path, folder: &Path| {
        let rest = folder.strip_prefix(root).ok()?;
        (!rest.as_os_str().is_empty()).then(|| rest.to_owned())
    };
    if let Some(found) = rest(root, folder) {
        return Some(found);
    }
    let (real_root, real_folder) = (
        fsx::canonicalize(root).ok()?,
        fsx::canonicalize(folder).ok()?,
    );
    rest(&real_root, folder)
        .or_else(|| rest(root, &real_folder))
        .or_else(|| rest(&real_root, &real_folder))
}
