//! `--strip-vendor`: removes nested vendor/ folders and what the tool godep left behind.
//!
//! Answers to Glide's `path.StripVendor` and `godep/strip`. Works below the folder that it is
//! given and nowhere else: links are neither followed nor removed. Godep copied dependencies to
//! `Godeps/_workspace` and rewrote imports to point there; once that folder is gone, the imports
//! of every Go file beside and below it are written back. What becomes of a file's text is decided
//! in [`rewrite`].

mod leftovers;
mod rewrite;
mod sort;

#[cfg(test)]
mod tests;

pub(super) use leftovers::{Leftovers, is_stripped};

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::error::{Classify, Kind};
use crate::fsx;
use crate::gosrc::SyntaxError;

/// What was done; all paths are relative to the folder that was stripped, sorted.
#[derive(Debug, Default)]
pub struct Stripped {
    /// The folders that were removed: nested vendor/ folders first.
    pub removed: Vec<PathBuf>,
    /// The Go files that have new bytes or, as an executable file loses its bit, a new mode.
    pub rewritten: Vec<PathBuf>,
    /// The Go files whose imports could not be written back, and why. (Glide stops at the first,
    /// after which it depends on chance which other files are rewritten.)
    pub failed: Vec<Unwritten>,
}

/// A Go file that stays as it is although its imports may point to a folder that is gone.
#[derive(Debug, thiserror::Error)]
#[error("cannot undo the Godep rewrites in `{}`", path.display())]
pub struct Unwritten {
    /// The file, relative to the folder that was stripped.
    pub path: PathBuf,
    /// What is the matter with it.
    pub source: Reason,
}

/// Why a Go file could not be rewritten.
#[derive(Debug, thiserror::Error)]
pub enum Reason {
    /// It is not Go source.
    #[error("not valid Go: {0}")]
    Syntax(SyntaxError),
    /// It cannot be read or written.
    #[error(transparent)]
    File(#[from] fsx::Error),
}

/// Stripping could not be finished: a folder could not be listed or removed.
#[derive(Debug, thiserror::Error)]
#[error("cannot strip the vendor folder")]
pub struct Error {
    #[from]
    source: fsx::Error,
}

impl Classify for Error {
    fn kind(&self) -> Kind {
        self.source.kind()
    }
}

/// Strips the tree below `root`, which itself stays whatever its name is.
pub fn strip(root: &Path) -> Result<Stripped, Error> {
    let mut stripped = Stripped::default();
    remove_nested_vendor(root, Path::new(""), &mut stripped)?;
    let mut packages = Vec::new();
    remove_workspaces(root, Path::new(""), &mut stripped, &mut packages)?;
    let mut files = BTreeSet::new();
    for package in packages {
        // Glide passes over vendor/ and testdata/ even where it would begin with them.
        let is_skipped = package.file_name().is_none_or(is_left_alone);
        if !is_skipped {
            list_go_files(root, &package, &mut files)?;
        }
    }
    for path in files {
        match rewrite_file(&root.join(&path), &path) {
            Ok(true) => stripped.rewritten.push(path),
            Ok(false) => {}
            Err(source) => stripped.failed.push(Unwritten { path, source }),
        }
    }
    Ok(stripped)
}

fn remove_nested_vendor(
    root: &Path,
    folder: &Path,
    stripped: &mut Stripped,
) -> Result<(), fsx::Error> {
    for name in folders_in(&root.join(folder))? {
        let path = folder.join(&name);
        if name == "vendor" {
            fsx::remove_dir_all(&root.join(&path))?;
            stripped.removed.push(path);
        } else {
            remove_nested_vendor(root, &path, stripped)?;
        }
    }
    Ok(())
}

/// Removes every `Godeps/_workspace` and adds the folder that holds `Godeps` to `packages`.
fn remove_workspaces(
    root: &Path,
    folder: &Path,
    stripped: &mut Stripped,
    packages: &mut Vec<PathBuf>,
) -> Result<(), fsx::Error> {
    for name in folders_in(&root.join(folder))? {
        let path = folder.join(&name);
        if name == "_workspace" && folder.file_name() == Some(OsStr::new("Godeps")) {
            fsx::remove_dir_all(&root.join(&path))?;
            stripped.removed.push(path);
            packages.extend(folder.parent().map(Path::to_owned));
        } else {
            remove_workspaces(root, &path, stripped, packages)?;
        }
    }
    Ok(())
}

fn is_left_alone(folder: &OsStr) -> bool {
    folder == "vendor" || folder == "testdata"
}

fn list_go_files(
    root: &Path,
    folder: &Path,
    files: &mut BTreeSet<PathBuf>,
) -> Result<(), fsx::Error> {
    for entry in fsx::read_dir(&root.join(folder))? {
        let name = entry.file_name();
        let path = folder.join(&name);
        let kind = fsx::file_type(&entry)?;
        if kind.is_dir() {
            if !is_left_alone(&name) {
                list_go_files(root, &path, files)?;
            }
        } else if kind.is_file() && name.as_encoded_bytes().ends_with(b".go") {
            files.insert(path);
        }
    }
    Ok(())
}

/// The names of the folders in a folder, links to folders left out.
fn folders_in(folder: &Path) -> Result<Vec<std::ffi::OsString>, fsx::Error> {
    let mut names = Vec::new();
    for entry in fsx::read_dir(folder)? {
        if fsx::file_type(&entry)?.is_dir() {
            names.push(entry.file_name());
        }
    }
    Ok(names)
}

/// Whether the file is another one now.
fn rewrite_file(file: &Path, relative: &Path) -> Result<bool, Reason> {
    let source = fsx::read(file)?;
    let name = relative.file_name().unwrap_or_default();
    let rewritten = rewrite::rewrite(name.as_encoded_bytes(), &source).map_err(Reason::Syntax)?;
    let Some(bytes) = rewritten else {
        return Ok(false);
    };
    if bytes == source && !fsx::is_executable(file)? {
        return Ok(false);
    }
    fsx::replace(file, &bytes)?;
    Ok(true)
}
