//! Go packages as they lie on this machine's disk: the project's, those in vendor/ and in GOPATH,
//! and where Go's own are. It reads folders and asks nobody else.
//!
//! Answers to `FindPkg` and `ResolveLocal` of Glide's `dependency/resolver.go`, to its `tree/tree.go`,
//! and to `PackageName` of its `util`.

mod folder;
mod graph;
mod listing;
mod name;
mod tree;

use std::path::{Component, Path, PathBuf};

pub use folder::summaries;
pub use listing::{Listing, Missing};
pub use name::import_path;
pub use tree::Tree;

use crate::error::Classify;
use crate::fsx;
use crate::gosrc::ScanError;
use crate::manifest::is_standard;
use crate::model::below;
use crate::resolve::join;

/// Why the project's code cannot be looked at.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A folder of it cannot be read.
    #[error(transparent)]
    Folder(#[from] fsx::Error),
    /// What Go refuses.
    #[error("{}: {source}", folder.display())]
    Source {
        /// The folder.
        folder: PathBuf,
        /// What is wrong in it.
        source: ScanError,
    },
}

impl Classify for Error {}

/// Where packages are looked for.
#[derive(Clone, Debug)]
pub struct Workspace {
    /// The folder whose code is looked at: the project's, or one below it.
    folder: PathBuf,
    /// The project's folder.
    project: PathBuf,
    /// The folders that `GOPATH` names.
    gopath: Vec<PathBuf>,
    /// Where Go is installed, if it is.
    goroot: Option<PathBuf>,
    /// The import path that the project has by its place in GOPATH.
    place: Option<String>,
    /// The one that it goes by where it stands elsewhere.
    name: Option<String>,
}

/// Where an import leads.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    /// It begins with `./` or `../`.
    Relative,
    /// Into a vendor folder.
    Vendor(PathBuf),
    /// Into the project, which stands outside of GOPATH.
    Own(PathBuf),
    /// Into GOPATH.
    Gopath(PathBuf),
    /// To Go's own packages.
    Go,
    /// To cgo.
    Cgo,
    /// To App Engine's own packages, which are found by its tools only.
    AppEngine,
    /// Nowhere.
    Missing,
}

impl Workspace {
    /// The code in `folder` of the project in `project`, which is called `name` where its place in
    /// GOPATH does not say it.
    pub fn new(
        folder: &Path,
        project: &Path,
        gopath: &[PathBuf],
        goroot: Option<&Path>,
        name: Option<String>,
    ) -> Self {
        let place = import_path(project, gopath, goroot);
        Self {
            folder: folder.to_owned(),
            project: project.to_owned(),
            gopath: gopath.to_vec(),
            goroot: goroot.map(Path::to_owned),
            name: name.filter(|name| place.is_none() && !name.is_empty()),
            place,
        }
    }

    /// The import path of the folder whose code is looked at; a point where it has none.
    fn own_path(&self) -> String {
        if let Some(path) = import_path(&self.folder, &self.gopath, self.goroot.as_deref()) {
            return path;
        }
        let below = self.folder.strip_prefix(&self.project).ok();
        match (&self.name, below.and_then(Path::to_str)) {
            (Some(name), Some(below)) => join(name, below),
            _ => ".".to_owned(),
        }
    }

    /// Where an import leads, if vendor folders are looked into in this order.
    fn find<'v>(&self, import: &str, vendors: impl IntoIterator<Item = &'v Path>) -> Place {
        if import.starts_with("./") || import.starts_with("../") {
            return Place::Relative;
        }
        let below = |folder: &Path| child(folder, import).filter(|path| fsx::is_folder(path));
        if let Some(path) = vendors.into_iter().find_map(below) {
            return Place::Vendor(path);
        }
        let mut sources = self.gopath.iter().map(|folder| folder.join("src"));
        if let Some(path) = sources.find_map(|folder| below(&folder)) {
            return Place::Gopath(path);
        }
        if let Some(path) = self.own(import) {
            return Place::Own(path);
        }
        let goroot = self.goroot.as_ref().map(|folder| folder.join("src"));
        if goroot.is_some_and(|folder| below(&folder).is_some()) {
            return Place::Go;
        }
        match import.split('/').next() {
            Some("C") if import == "C" => Place::Cgo,
            Some("appengine" | "appengine_internal") => Place::AppEngine,
            _ if child(Path::new(""), import).is_some() && is_standard(import) => Place::Go,
            _ => Place::Missing,
        }
    }

    /// The project's folder of that import path.
    fn own(&self, import: &str) -> Option<PathBuf> {
        let name = self.name.as_deref()?;
        let folder = match below(import, name)? {
            "" if import == name => self.project.clone(),
            below => child(&self.project, below)?,
        };
        fsx::is_folder(&folder).then_some(folder)
    }
}

/// The path of an import below a folder; none where it would lead out of it or be the folder itself.
fn child(folder: &Path, import: &str) -> Option<PathBuf> {
    let mut path = folder.to_owned();
    let mut elements = 0;
    for element in import.split('/') {
        match element {
            "" | "." => {}
            ".." => return None,
            _ => {
                // An element that the system would read as more than a name is none.
                let mut parts = Path::new(element).components();
                let plain =
                    matches!(parts.next(), Some(Component::Normal(name)) if name == element);
                if !plain || parts.next().is_some() {
                    return None;
                }
                path.push(element);
                elements += 1;
            }
        }
    }
    (elements > 0).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_lead_below_a_folder_or_nowhere() {
        #[track_caller]
        fn check(import: &str, expected: Option<&str>) {
            let found = child(Path::new("/v"), import);
            assert_eq!(found, expected.map(PathBuf::from), "{import}");
        }
        check("a/b", Some("/v/a/b"));
        check("a//b/./", Some("/v/a/b"));
        check("/etc", Some("/v/etc"));
        for nowhere in ["", ".", "/", "..", "a/../../b", "a/.."] {
            check(nowhere, None);
        }
    }

    /// A folder with these folders in it.
    fn world(folders: &[&str]) -> (tempfile::TempDir, impl Fn(&str) -> PathBuf) {
        let root = tempfile::tempdir().unwrap();
        let base = fsx::canonicalize(root.path()).unwrap();
        for folder in folders {
            fsx::create_dir_all(&base.join(folder)).unwrap();
        }
        (root, move |path: &str| base.join(path))
    }

    #[test]
    fn a_place_in_gopath_is_an_import_path_unless_another_folder_has_it() {
        let (_root, at) = world(&[
            "1/src/h/a",
            "2/src/h/a",
            "2/src/h/b/testdata/c",
            "go/src/fmt",
            "2/src/fmt",
        ]);
        let gopath = [at("1"), at("2")];
        let path = |folder: &str| import_path(&at(folder), &gopath, Some(&at("go")));
        assert_eq!(path("1/src/h/a").as_deref(), Some("h/a"));
        assert_eq!(path("2/src/h/b").as_deref(), Some("h/b"));
        for none in [
            "2/src/h/a",
            "2/src/fmt",
            "2/src/h/b/testdata/c",
            "1/src",
            "1",
            "",
        ] {
            assert_eq!(path(none), None, "{none}");
        }
    }

    #[test]
    fn packages_are_looked_for_in_vendor_gopath_the_project_and_go() {
        let (_root, at) = world(&[
            "p/vendor/h/a",
            "p/own",
            "gp/src/h/a",
            "gp/src/h/b",
            "gp/src/fmt",
            "go/src/odd",
        ]);
        let (project, gopath, goroot) = (at("p"), [at("gp")], at("go"));
        let name = Some("h/p".to_owned());
        let workspace = Workspace::new(&project, &project, &gopath, Some(&goroot), name);
        let vendor = at("p/vendor");
        for (import, place) in [
            ("h/a", Place::Vendor(at("p/vendor/h/a"))),
            ("h/b", Place::Gopath(at("gp/src/h/b"))),
            ("fmt", Place::Gopath(at("gp/src/fmt"))),
            ("h/p", Place::Own(at("p"))),
            ("h/p/own", Place::Own(at("p/own"))),
            ("h/p/other", Place::Missing),
            ("h/pp", Place::Missing),
            ("odd", Place::Go),
            ("net/http", Place::Go),
            ("C", Place::Cgo),
            ("appengine/x", Place::AppEngine),
            ("./own", Place::Relative),
            ("..", Place::Missing),
            ("a/../../own", Place::Missing),
        ] {
            assert_eq!(
                workspace.find(import, [vendor.as_path()]),
                place,
                "{import}"
            );
        }
    }
}
