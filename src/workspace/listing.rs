//! Which packages the project's code reaches, and where they are.
//!
//! Glide lists nothing once a package is missing; here it is listed as such.

use std::collections::{HashMap, HashSet, VecDeque};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::fsx;
use crate::model::is_at_or_below;
use crate::resolve::{is_source, join};

use super::folder::{Folder, Imports};
use super::{Error, Place, Workspace, child};

/// The packages that the project's code needs, directly or not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Those in vendor/, sorted. As with Glide one stands twice that the project imports and another
    /// package before its turn.
    pub installed: Vec<String>,
    /// Those that are nowhere, in the order in which they were met.
    pub missing: Vec<Missing>,
    /// Those in GOPATH only, in the order in which they were met, once for each package that imports
    /// them. What they import is not followed.
    pub gopath: Vec<String>,
    /// What is wrong with packages in vendor/ whose imports cannot be told.
    pub broken: Vec<String>,
    /// The same of folders with several packages, which Glide tells and passes over.
    pub passed_over: Vec<String>,
}

/// A package that is nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Its import path.
    pub path: String,
    /// The package that imports it, or the project's folder that does.
    pub by: String,
}

impl Workspace {
    /// Follows the imports of the project's code.
    pub fn list(&self) -> Result<Listing, Error> {
        let vendors = [&self.folder, &self.project].map(|folder| folder.join("vendor"));
        let vendor = vendors.into_iter().find(|vendor| fsx::is_folder(vendor));
        let mut walk = Walk {
            workspace: self,
            vendor,
            places: HashMap::new(),
            queue: VecDeque::new(),
            queued: HashSet::new(),
            missed: HashSet::new(),
            listing: Listing::default(),
        };
        walk.project()?;
        walk.vendored();
        walk.listing.installed.sort_unstable();
        Ok(walk.listing)
    }
}

struct Walk<'w> {
    workspace: &'w Workspace,
    vendor: Option<PathBuf>,
    places: HashMap<String, Place>,
    /// Packages in vendor/ that are still to be read.
    queue: VecDeque<(String, PathBuf)>,
    /// What was put into the queue by a package in vendor/, or has had its turn.
    queued: HashSet<String>,
    missed: HashSet<String>,
    listing: Listing,
}

impl Walk<'_> {
    fn place(&mut self, import: &str) -> Place {
        if let Some(place) = self.places.get(import) {
            return place.clone();
        }
        let place = self.workspace.find(import, self.vendor.as_deref());
        self.places.insert(import.to_owned(), place.clone());
        place
    }

    /// Reads the project's folders, as Go's `filepath.Walk` goes.
    fn project(&mut self) -> Result<(), Error> {
        let mut seen = HashSet::new();
        let mut folders = vec![self.workspace.folder.clone()];
        while let Some(path) = folders.pop() {
            let folder = Folder::read(&path)?;
            let imports = match folder.imports() {
                Imports::Of(imports) => imports,
                Imports::Unknown { error, .. } => {
                    return Err(Error::Source {
                        folder: path,
                        source: error,
                    });
                }
            };
            for import in imports {
                if seen.insert(import.clone()) {
                    self.imported_by_project(import, &path);
                }
            }
            let below = folder.folders.iter().rev();
            let below = below.filter(|name| name.to_str().is_none_or(is_source));
            folders.extend(below.map(|name| path.join(name)));
        }
        Ok(())
    }

    fn imported_by_project(&mut self, import: String, folder: &Path) {
        match self.place(&import) {
            Place::Vendor(path) => self.queue.push_back((import, path)),
            Place::Gopath(path) if !self.is_own(&import, &path) => {
                self.listing.gopath.push(import);
            }
            Place::Missing => {
                let below = folder.strip_prefix(&self.workspace.project);
                let below = below.unwrap_or(folder).display();
                self.miss(import, join("./", &below.to_string()).replace(".//", "./"));
            }
            _ => {}
        }
    }

    /// Whether a package in GOPATH is the project's.
    fn is_own(&self, import: &str, path: &Path) -> bool {
        let place = self.workspace.place.as_deref();
        path.starts_with(&self.workspace.project)
            || place.is_some_and(|place| is_at_or_below(import, place))
    }

    fn miss(&mut self, path: String, by: String) {
        if self.missed.insert(path.clone()) {
            self.listing.missing.push(Missing { path, by });
        }
    }

    /// Reads packages in vendor/ until no new one comes up.
    fn vendored(&mut self) {
        let mut read = HashSet::new();
        while let Some((package, path)) = self.queue.pop_front() {
            self.queued.insert(package.clone());
            if read.insert(path.clone()) {
                match Folder::read(&path).map(|folder| folder.imports()) {
                    Ok(Imports::Of(imports)) => {
                        for import in imports {
                            self.imported_by(&package, import);
                        }
                    }
                    Ok(Imports::Unknown { error, by_tags }) if by_tags => {
                        let what = format!("Iterative scanning error {package}: {error}"); // Glide text
                        self.listing.passed_over.push(what);
                    }
                    Ok(Imports::Unknown { error, .. }) => self.broken(&package, &error),
                    Err(error) => self.broken(&package, &error.in_full()),
                }
            }
            self.listing.installed.push(clean(&package));
        }
    }

    fn broken(&mut self, package: &str, error: &dyn std::fmt::Display) {
        let what = format!("Error scanning {package}: {error}"); // Glide text
        self.listing.broken.push(what);
    }

    fn imported_by(&mut self, package: &str, import: String) {
        match self.place(&import) {
            Place::Vendor(path) if !self.queued.contains(&import) => {
                self.queued.insert(import.clone());
                self.queue.push_back((import, path));
            }
            Place::Gopath(_) if !self.queued.contains(&import) => self.listing.gopath.push(import),
            Place::Missing => self.miss(import, package.to_owned()),
            _ => {}
        }
    }
}

/// An import path without what means nothing in it.
fn clean(import: &str) -> String {
    child(Path::new(""), import).map_or_else(
        || import.to_owned(),
        |path| {
            let elements: Vec<_> = path.iter().map(OsStr::to_string_lossy).collect();
            elements.join("/")
        },
    )
}
