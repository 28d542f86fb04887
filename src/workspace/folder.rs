//! Reading one folder, each file as far as it matters.

use std::ffi::OsString;
use std::path::Path;

use crate::fsx;
use crate::gosrc::{self, BuildContext, FileSummary, ScanError};

/// What a folder holds.
pub(super) struct Folder {
    /// Its Go files, and those that are built along with them, in byte order.
    pub(super) files: Vec<FileSummary>,
    /// The names of the folders in it, in byte order; links are none.
    pub(super) folders: Vec<OsString>,
}

impl Folder {
    pub(super) fn read(path: &Path) -> fsx::Result<Self> {
        let (mut files, mut folders) = (Vec::new(), Vec::new());
        for entry in fsx::read_dir(path)? {
            let kind = fsx::file_type(&entry)?;
            if kind.is_dir() {
                folders.push(entry.file_name());
                continue;
            }
            // A name that is not UTF-8 means nothing to Go's tools here.
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            if gosrc::counts(&name) {
                files.extend(summary(&name, &entry.path())?);
            }
        }
        Ok(Self { files, folders })
    }

    /// What its Go files import, as Glide scans it.
    pub(super) fn imports(&self) -> Imports {
        let context = BuildContext::all_files();
        let whole = gosrc::import_folder(&self.files, &context);
        let by_tags = matches!(whole, Err(ScanError::SeveralPackages { .. }));
        let scanned = if by_tags {
            gosrc::scan_by_tags(&self.files, &context)
        } else {
            whole
        };
        match scanned {
            Ok(package) => Imports::Of(package.imports),
            Err(ScanError::NoGoFiles) => Imports::Of(Vec::new()),
            Err(error) => Imports::Unknown { error, by_tags },
        }
    }
}

/// What a folder imports.
pub(super) enum Imports {
    /// These paths; none where there is no package.
    Of(Vec<String>),
    /// It cannot be told.
    Unknown {
        /// Why.
        error: ScanError,
        /// Whether the folder has several packages, each of which was looked at.
        by_tags: bool,
    },
}

/// Reads the files of a folder as far as they matter.
pub fn summaries(folder: &Path) -> fsx::Result<Vec<FileSummary>> {
    Ok(Folder::read(folder)?.files)
}

/// Reads a file. Where a link leads to a folder there is none; what is no file and no folder is
/// never opened, since it may never end.
fn summary(name: &str, path: &Path) -> fsx::Result<Option<FileSummary>> {
    match fsx::stat(path) {
        Ok(Some(metadata)) if metadata.is_dir() => return Ok(None),
        Ok(Some(metadata)) if !metadata.is_file() => {
            return Ok(FileSummary::unreadable(name, "it is not an ordinary file"));
        }
        // An editor may have left a link to nowhere, which must not matter under most names.
        _ => {}
    }
    match fsx::open(path) {
        Ok(mut file) => fsx::Context::on(gosrc::summarise(name, &mut file), "read", path),
        Err(error) => Ok(FileSummary::unreadable(name, error.source.to_string())),
    }
}
