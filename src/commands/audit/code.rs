//! The code that an audit looks at: the project's folders, and those of what it pins.
//!
//! A pinned repository is read in vendor/, where it is there: that is what is built. Else its commit
//! is read in the cache, and fetched if it has to be.

use std::path::{Path, PathBuf};

use crate::audit::{Code, Owner, Package, Pinned};
use crate::fsx;
use crate::gosrc::BuildContext;
use crate::live::{ProjectSource, Remotes, scan_tree};
use crate::manifest::Config;
use crate::model::VendorPath;
use crate::resolve::{Project as _, Scanned, join, source_folders};
use crate::settings::Settings;
use crate::vcs::Checkout;
use crate::vcs::git::Want;

/// The code of one project.
pub(in super::super) struct ProjectCode<'a> {
    source: ProjectSource,
    config: &'a Config,
    vendor: PathBuf,
    goroot: Option<PathBuf>,
    remotes: Option<&'a Remotes>,
}

impl<'a> ProjectCode<'a> {
    /// The project in `folder`; what vendor/ lacks is got by `remotes`, if there are any.
    pub(in super::super) fn new(
        settings: &Settings,
        folder: &Path,
        config: &'a Config,
        remotes: Option<&'a Remotes>,
    ) -> Self {
        let names = vec![config.package.clone()];
        let goroot = settings.go.goroot.clone();
        Self {
            source: ProjectSource::new(folder, names, goroot.clone(), BuildContext::all_files()),
            config,
            vendor: folder.join("vendor"),
            goroot,
            remotes,
        }
    }

    /// Whether vendor/ has the pin's folder.
    pub(super) fn is_in_vendor(&self, pin: &Pinned) -> bool {
        VendorPath::new(&pin.entry.name).is_ok_and(|path| fsx::is_folder(&path.below(&self.vendor)))
    }

    fn scan(&self, pin: &Pinned, folder: &str) -> Result<Scanned, String> {
        let path = VendorPath::new(&pin.entry.name).map_err(|error| error.to_string())?;
        if self.is_in_vendor(pin) {
            let source = ProjectSource::new(
                &path.below(&self.vendor),
                Vec::new(),
                self.goroot.clone(),
                BuildContext::all_files(),
            );
            return source.scan(folder);
        }
        let Some(remotes) = self.remotes else {
            return Err("it is neither in vendor/ nor in the cache".to_owned());
        };
        let want = Want::parse(&pin.entry.version);
        let fetched = remotes.obtain(&pin.entry.name, &pin.remote, &want);
        let fetched = fetched.map_err(|failure| failure.render())?;
        let checkout = Checkout::new(fetched.trees).map_err(|error| error.to_string())?;
        let place = format!("{}/", join(&pin.entry.name, folder));
        scan_tree(&checkout, folder, &BuildContext::all_files(), &place)
            .map_err(|error| error.to_string())
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
