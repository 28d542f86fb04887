//! The code that an audit looks at: the project's folders, and those of what it pins.
//!
//! A pinned repository is read in vendor/, where it is there: that is what is built.

use std::path::{Path, PathBuf};

use super::shared;
use super::trees::Trees;
use crate::audit::{Code, Owner, Package, Pinned};
use crate::gosrc::BuildContext;
use crate::live::{ProjectSource, scan_tree};
use crate::manifest::Config;
use crate::resolve::{Project as _, Scanned, join, source_folders};
use crate::settings::Settings;

/// The code of one project.
pub(in super::super) struct ProjectCode<'a> {
    source: ProjectSource,
    config: &'a Config,
    goroot: Option<PathBuf>,
    trees: &'a Trees<'a>,
}

impl<'a> ProjectCode<'a> {
    /// The project in `folder`, and the code of what it pins.
    pub(in super::super) fn new(
        settings: &Settings,
        folder: &Path,
        config: &'a Config,
        trees: &'a Trees<'a>,
    ) -> Self {
        let names = vec![config.package.clone()];
        let goroot = settings.go.goroot.clone();
        Self {
            source: ProjectSource::new(folder, names, goroot.clone(), BuildContext::all_files()),
            config,
            goroot,
            trees,
        }
    }

    fn scan(&self, pin: &Pinned, folder: &str) -> Result<Scanned, String> {
        let build = BuildContext::all_files();
        if let Some(place) = self.trees.in_vendor(pin) {
            let source = ProjectSource::new(&place, Vec::new(), self.goroot.clone(), build);
            return source.scan(folder);
        }
        let scans = &self.trees.shared().scans;
        scans.get((shared::key(pin), folder.to_owned()), || {
            let checkout = self.trees.checkout(pin)?;
            let place = format!("{}/", join(&pin.entry.name, folder));
            scan_tree(&checkout, folder, &build, &place).map_err(|error| error.to_string())
        })
    }
}

impl Code for ProjectCode<'_> {
    fn project(&self) -> Result<Vec<Package>, String> {
        let mut packages = Vec::new();
        for folder in source_folders(self.config, &self.source)? {
            match self.source.scan(&folder)? {
                Scanned::Package {
                    imports,
                    test_imports,
                } => packages.push(Package {
                    path: join(&self.config.package, &folder),
                    imports,
                    test_imports,
                }),
                Scanned::NoGoFiles | Scanned::Missing => {}
                Scanned::Broken(reason) | Scanned::BrokenByTags(reason) => return Err(reason),
            }
        }
        Ok(packages)
    }

    fn imports(&self, pin: &Pinned, folder: &str) -> Result<Option<Vec<String>>, String> {
        match self.scan(pin, folder)? {
            Scanned::Package { imports, .. } => Ok(Some(imports)),
            Scanned::NoGoFiles | Scanned::Missing => Ok(None),
            Scanned::Broken(reason) | Scanned::BrokenByTags(reason) => Err(reason),
        }
    }

    fn owner(&self, import_path: &str) -> Owner {
        let first = import_path.split('/').next().unwrap_or_default();
        if matches!(first, "." | ".." | "C" | "appengine" | "appengine_internal")
            || self.config.has_ignore(import_path)
            || self.source.own_folder(import_path).is_some()
        {
            Owner::Nobody
        } else if self.source.is_foreign(import_path) {
            Owner::Foreign
        } else {
            Owner::Standard
        }
    }
}
