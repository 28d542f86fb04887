//! The project's own source, as the walk reads it.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::error::Place;
use crate::fsx;
use crate::gosrc::{self, BuildContext};
use crate::manifest;
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
    /// What glide.yaml lists, and where: see [`ProjectSource::listing`].
    listed: Vec<(String, Place)>,
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
            listed: Vec::new(),
        }
    }

    /// The same project with the text of its glide.yaml, which goes by `name`, so that messages can tell
    /// on which line a repository is listed.
    #[must_use]
    pub fn listing(mut self, name: &str, text: &[u8]) -> Self {
        for list in ["import", "testImport"] {
            let lines = manifest::lines(text, list, "package").into_iter();
            let placed = lines.map(|(package, line)| (package, Place::new(name, line)));
            self.listed.extend(placed);
        }
        self
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

    fn imported_at(&self, import_path: &str) -> Option<Place> {
        where_imported(&self.folder, import_path)
    }

    fn listed_at(&self, name: &str) -> Option<Place> {
        let mut listed = self.listed.iter();
        let found = listed.find(|(package, _)| is_at_or_below(package, name))?;
        Some(found.1.clone())
    }
}

/// The first file of a project, in the order of paths, that imports a package, and on which line. Read only
/// for messages, so that nobody else pays for it.
fn where_imported(project: &Path, import_path: &str) -> Option<Place> {
    let mut open = vec![String::new()];
    while let Some(folder) = open.pop() {
        let mut below = Vec::new();
        for entry in fsx::read_dir(&project.join(&folder)).unwrap_or_default() {
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let path = join(&folder, &name);
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_folder && !name.starts_with(['.', '_']) && name != "vendor" && name != "testdata"
            {
                below.push(path);
            } else if !is_folder && gosrc::counts(&name) {
                let Ok(source) = fsx::read_text(&project.join(&path)) else {
                    continue;
                };
                if let Some(line) = line_of_import(&source, import_path) {
                    return Some(Place::new(path, line));
                }
            }
        }
        open.extend(below.into_iter().rev());
    }
    None
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}

/// The line of a Go file that imports a package, counted from 1.
fn line_of_import(source: &[u8], import_path: &str) -> Option<usize> {
    let section = gosrc::imports(source).ok()?;
    let spec = section.specs().find(|spec| spec.path == import_path)?;
    let before = source.get(..spec.literal.start)?;
    Some(before.split(|byte| *byte == b'\n').count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_told_by_file_and_line() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            fsx::create_dir_all(path.parent().unwrap()).unwrap();
            fsx::write_new(&path, text.as_bytes()).unwrap();
        };
        write(
            "a/x.go",
            "package a\n\nimport (\n\t\"fmt\"\n\tq \"h/q\"\n)\n",
        );
        write("b.go", "package b\n\nimport \"h/r\"\n");
        write("vendor/h/q/q.go", "package q\n\nimport \"h/s\"\n");
        write("broken.go", "import\n");
        let yaml = b"package: p\nimport:\n- package: h/q/sub\n- package: h/qq\ntestImport:\n- package: h/t\n";
        let source = ProjectSource::new(folder.path(), Vec::new(), None, BuildContext::all_files());
        let source = source.listing("glide.yaml", yaml);
        let shown = |place: Option<Place>| place.map(|place| place.to_string());
        let imported = |path| shown(source.imported_at(path));
        assert_eq!(imported("h/q").as_deref(), Some("a/x.go:5"));
        assert_eq!(imported("h/r").as_deref(), Some("b.go:3"));
        assert_eq!(imported("h/s"), None);
        let listed = |name| shown(source.listed_at(name));
        assert_eq!(listed("h/q").as_deref(), Some("glide.yaml:3"));
        assert_eq!(listed("h/t").as_deref(), Some("glide.yaml:6"));
        assert_eq!(listed("h/r"), None);
    }
}
