//! The project's own source, as the walk reads it.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::fsx;
use crate::gosrc::BuildContext;
use crate::model::{below, is_at_or_below};
use crate::resolve::{Project, Scanned, is_foreign};
use crate::workspace::summaries;

use super::scanned;

/// A project on disk.
#[derive(Debug)]
pub struct ProjectSource {
    folder: PathBuf,
    /// The import paths that its folder goes by: the name in glide.yaml, the place in GOPATH.
    names: Vec<String>,
    /// Where Go's own source is, if it is anywhere.
    goroot: Option<PathBuf>,
    context: BuildContext,
    foreign: Mutex<HashMap<String, bool>>,
    /// Where not all of the project's imports count: the roots of those that do.
    counted: Option<Vec<String>>,
    /// Imports that did not count.
    uncounted: Mutex<BTreeSet<String>>,
}

impl ProjectSource {
    /// The project in `folder`, which may be imported by any of `names`.
    pub fn new(
        folder: &Path,
        names: Vec<String>,
        goroot: Option<PathBuf>,
        context: BuildContext,
    ) -> Self {
        Self {
            folder: folder.to_owned(),
            names,
            goroot,
            context,
            foreign: Mutex::default(),
            counted: None,
            uncounted: Mutex::default(),
        }
    }

    /// The same project, as if it imported packages of these repositories only.
    #[must_use]
    pub fn only(self, roots: Option<&[String]>) -> Self {
        Self {
            counted: roots.map(<[String]>::to_vec),
            ..self
        }
    }

    /// The imports that did not count, as far as the project has been scanned.
    pub fn uncounted(&self) -> Vec<String> {
        let found = self.uncounted.lock();
        let found = found.unwrap_or_else(PoisonError::into_inner);
        found.iter().cloned().collect()
    }

    fn counts(&self, import_path: &str) -> bool {
        let Some(counted) = &self.counted else {
            return true;
        };
        let mut roots = counted.iter().chain(&self.names);
        let counts = roots.any(|root| is_at_or_below(import_path, root));
        if !counts && self.is_foreign(import_path) {
            let found = self.uncounted.lock();
            let mut found = found.unwrap_or_else(PoisonError::into_inner);
            found.insert(import_path.to_owned());
        }
        counts
    }

    fn path(&self, folder: &str) -> PathBuf {
        self.folder.join(folder)
    }
}

impl Project for ProjectSource {
    fn list(&self, folder: &str) -> Result<Vec<(String, bool)>, String> {
        let entries = fsx::read_dir(&self.path(folder)).map_err(|error| error.in_full())?;
        let mut found = Vec::new();
        for entry in entries {
            // A name that is not UTF-8 can be neither imported nor excluded.
            if let (Ok(name), Ok(kind)) = (entry.file_name().into_string(), entry.file_type()) {
                found.push((name, kind.is_dir()));
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    fn scan(&self, folder: &str) -> Result<Scanned, String> {
        let path = self.path(folder);
        if !fsx::is_folder(&path) {
            return Ok(Scanned::Missing);
        }
        let summaries = summaries(&path).map_err(|error| error.in_full())?;
        let place = match folder {
            "" => String::new(),
            _ => format!("{folder}/"),
        };
        let mut scanned = scanned(&summaries, &self.context, &place);
        if let Scanned::Package {
            imports,
            test_imports,
        } = &mut scanned
        {
            imports.retain(|import| self.counts(import));
            test_imports.retain(|import| self.counts(import));
        }
        Ok(scanned)
    }

    fn is_foreign(&self, import_path: &str) -> bool {
        if !is_foreign(import_path) {
            return false;
        }
        let Some(goroot) = &self.goroot else {
            return true;
        };
        // What the installed Go has is Go's, be it newer than our list.
        let mut known = self.foreign.lock().unwrap_or_else(PoisonError::into_inner);
        *known
            .entry(import_path.to_owned())
            .or_insert_with(|| !fsx::is_folder(&goroot.join("src").join(import_path)))
    }

    fn own_folder(&self, import_path: &str) -> Option<String> {
        let mut names = self.names.iter();
        let below = names.find_map(|name| below(import_path, name))?;
        let outside = below
            .split('/')
            .any(|element| matches!(element, "." | ".."));
        (!outside && fsx::is_folder(&self.path(below))).then(|| below.to_owned())
    }
}
