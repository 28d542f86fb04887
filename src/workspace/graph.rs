//! What packages import, with where that leads: each folder is read once, and each package asked
//! for once, however often it stands in a tree.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::fsx;
use crate::report::Reporter;
use crate::resolve::is_source;

use super::folder::{Folder, Imports};
use super::{Place, Workspace};

/// A text that is held once.
pub(super) type Id = usize;

/// Something that a package imports.
#[derive(Clone, Copy, Debug)]
pub(super) struct Imported {
    /// Its import path.
    pub(super) name: Id,
    /// Its folder, empty where there is none to tell; `None` where it is missing.
    pub(super) path: Option<Id>,
}

/// What a folder imports, and which folders are in it.
struct Scanned {
    imports: Box<[Id]>,
    folders: Box<[PathBuf]>,
    /// Whether Glide looks no further when it has come to this folder.
    last: bool,
}

/// The imports between packages, as far as they have been asked for.
pub(super) struct Graph<'w> {
    workspace: &'w Workspace,
    reporter: &'w dyn Reporter,
    pub(super) names: Names<String>,
    pub(super) paths: Names<PathBuf>,
    scanned: HashMap<PathBuf, Rc<Scanned>>,
    packages: HashMap<(Id, Id), Rc<[Imported]>>,
    /// Which folders have a vendor folder in them.
    vendors: HashMap<PathBuf, bool>,
}

impl<'w> Graph<'w> {
    pub(super) fn new(workspace: &'w Workspace, reporter: &'w dyn Reporter) -> Self {
        Self {
            workspace,
            reporter,
            names: Names::default(),
            paths: Names::default(),
            scanned: HashMap::new(),
            packages: HashMap::new(),
            vendors: HashMap::new(),
        }
    }

    /// What a package and all folders below it import, save the package itself and what Go, cgo and
    /// nobody has to show, in the order in which it is found; what is imported twice stands twice.
    pub(super) fn imports(&mut self, name: Id, path: Id) -> Rc<[Imported]> {
        if let Some(known) = self.packages.get(&(name, path)) {
            return Rc::clone(known);
        }
        let base = self.paths.get(path).clone();
        let mut found = HashMap::new();
        let mut imports = Vec::new();
        for import in self.walk(&base) {
            if import != name {
                let shown = *found
                    .entry(import)
                    .or_insert_with(|| self.imported(import, &base));
                imports.extend(shown);
            }
        }
        let imports: Rc<[Imported]> = imports.into();
        self.packages.insert((name, path), Rc::clone(&imports));
        imports
    }

    /// The imports of a folder and those below it. A link in place of the folder leads nowhere.
    fn walk(&mut self, base: &Path) -> Vec<Id> {
        let mut imports = Vec::new();
        let is_folder = fsx::lstat(base).is_ok_and(|found| found.is_some_and(|file| file.is_dir()));
        let name = base.file_name().and_then(|name| name.to_str());
        let counts = base == self.workspace.folder || name.is_none_or(is_source);
        let mut folders = Vec::new();
        folders.extend((is_folder && counts).then(|| base.to_owned()));
        while let Some(folder) = folders.pop() {
            let scanned = self.scan(&folder);
            imports.extend(&scanned.imports);
            if scanned.last {
                break;
            }
            folders.extend(scanned.folders.iter().rev().cloned());
        }
        imports
    }

    fn scan(&mut self, path: &Path) -> Rc<Scanned> {
        if let Some(known) = self.scanned.get(path) {
            return Rc::clone(known);
        }
        let scanned = Rc::new(self.read(path));
        self.scanned.insert(path.to_owned(), Rc::clone(&scanned));
        scanned
    }

    fn read(&mut self, path: &Path) -> Scanned {
        let shown = path.display();
        let mut scanned = Scanned {
            imports: Box::default(),
            folders: Box::default(),
            last: false,
        };
        let folder = match Folder::read(path) {
            Ok(folder) => folder,
            Err(error) => {
                let error = error.in_full();
                self.reporter.warn(format!("Error: {error}")); // Glide text
                return scanned;
            }
        };
        let below = folder.folders.iter();
        let below = below.filter(|name| name.to_str().is_none_or(is_source));
        scanned.folders = below.map(|name| path.join(name)).collect();
        match folder.imports() {
            Imports::Of(imports) => {
                let ids = imports.into_iter().map(|import| self.names.id(import));
                scanned.imports = ids.collect();
            }
            Imports::Unknown { error, by_tags } if by_tags => {
                // Glide text
                let what = format!("Error walking dependencies for {shown}: {error}");
                self.reporter.error(what);
                scanned.last = true;
            }
            Imports::Unknown { error, .. } => {
                self.reporter.warn(format!("Error: {error} ({shown})")); // Glide text
            }
        }
        scanned
    }

    /// Where an import of a package in `base` leads; `None` where it is not shown.
    fn imported(&mut self, name: Id, base: &Path) -> Option<Imported> {
        let vendors = self.vendors(base);
        let import = self.names.get(name);
        let vendors = vendors.iter().map(PathBuf::as_path);
        let path = match self.workspace.find(import, vendors) {
            Place::Vendor(path) | Place::Own(path) | Place::Gopath(path) => Some(path),
            Place::Relative | Place::AppEngine => Some(PathBuf::new()),
            Place::Missing => None,
            Place::Go | Place::Cgo => return None,
        };
        let path = path.map(|path| self.paths.id(path));
        Some(Imported { name, path })
    }

    /// The vendor folders that a package in `base` sees, the nearest first.
    fn vendors(&mut self, base: &Path) -> Vec<PathBuf> {
        let only = match self.workspace.gopath.as_slice() {
            [only] => Some(only.as_path()),
            // With several Glide does not know where to stop.
            _ => None,
        };
        let folders = base
            .ancestors()
            .take_while(|folder| Some(*folder) != only && !folder.as_os_str().is_empty());
        let mut vendors = Vec::new();
        for folder in folders {
            let vendor = folder.join("vendor");
            let known = self.vendors.get(folder).copied();
            let there = known.unwrap_or_else(|| fsx::is_folder(&vendor));
            if known.is_none() {
                self.vendors.insert(folder.to_owned(), there);
            }
            vendors.extend(there.then_some(vendor));
        }
        vendors
    }
}

/// Texts by number, each held once.
pub(super) struct Names<T> {
    ids: HashMap<Rc<T>, Id>,
    texts: Vec<Rc<T>>,
}

impl<T> Default for Names<T> {
    fn default() -> Self {
        Self {
            ids: HashMap::new(),
            texts: Vec::new(),
        }
    }
}

impl<T: Eq + std::hash::Hash> Names<T> {
    /// The number of a text, new or not.
    pub(super) fn id(&mut self, text: T) -> Id {
        if let Some(id) = self.ids.get(&text) {
            return *id;
        }
        let text = Rc::new(text);
        self.texts.push(Rc::clone(&text));
        self.ids.insert(text, self.texts.len() - 1);
        self.texts.len() - 1
    }

    /// The text of a number that [`Names::id`] gave.
    pub(super) fn get(&self, id: Id) -> &T {
        &self.texts[id]
    }
}
