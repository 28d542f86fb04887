//! Files and folders that go by themselves.

use std::fs::File;
use std::io;
use std::path::Path;

use super::{Context as _, Result};

/// `tempfile` adds the temporary file's path to what the system says, and hides the number under
/// which it says it; [`super::Error`] names the path that matters.
pub(super) fn without_path(error: io::Error) -> io::Error {
    match error.to_string().rsplit_once(" at path ") {
        Some((said, _)) => io::Error::new(error.kind(), said.to_owned()),
        None => error,
    }
}

/// Makes a new folder in `parent`, its name beginning with `prefix`; it goes when dropped.
pub fn temporary_folder(parent: &Path, prefix: &str) -> Result<tempfile::TempDir> {
    tempfile::Builder::new()
        .prefix(prefix)
        .tempdir_in(parent)
        .map_err(without_path)
        .on("create a folder in", parent)
}

/// Makes a file in `folder` that has no name and goes when it is closed, however the process ends.
pub fn nameless_file(folder: &Path) -> Result<File> {
    tempfile::tempfile_in(folder).on("create a file in", folder)
}
