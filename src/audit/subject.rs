//! What is audited: the files of one project, read once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::manifest::{Config, Lock, LockedDependency, Mirrors, Remote, lines};

/// One project.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The project's folder as the person names it, which is what reports begin places with; empty
    /// for the working folder.
    pub name: String,
    /// The same as a full path.
    pub folder: PathBuf,
    /// glide.yaml, where there is one.
    pub manifest: Option<Manifest>,
    /// glide.lock.
    pub lock: Lock,
    /// Its bytes.
    pub lock_text: Vec<u8>,
    /// The entries of glide.lock, in its order, those for tests behind the others.
    pub pins: Vec<Pinned>,
    /// What the code uses of them; `None` where it could not be read, which [`Unchecked`] says.
    ///
    /// [`Unchecked`]: super::Unchecked
    pub usage: Option<Usage>,
}

/// A project's glide.yaml.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// Its path below the project's folder, usually `glide.yaml`.
    pub file: String,
    /// Its bytes.
    pub text: Vec<u8>,
    /// What it says.
    pub config: Config,
}

/// One entry of glide.lock.
#[derive(Clone, Debug)]
pub struct Pinned {
    /// What stands there.
    pub entry: LockedDependency,
    /// Whether it stands in `testImports`.
    pub for_tests: bool,
    /// The line of its name in glide.lock, counted from 1.
    pub line: usize,
    /// Where it is fetched from, mirrors applied.
    pub remote: Remote,
}

/// Which packages the code uses, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Packages by import path: of the dependencies, and those that nobody provides.
    pub packages: BTreeMap<String, Use>,
    /// Packages of Go's own.
    pub standard: BTreeMap<String, Use>,
    /// Which entries of glide.lock the packages of each entry import from, by name; the project's own
    /// packages stand under the empty name.
    pub requires: BTreeMap<String, BTreeSet<String>>,
    /// The entries of glide.lock that the packages which glide.yaml lists lead to, whether or not any
    /// code uses these.
    pub listed: BTreeSet<String>,
    /// Whether some of these packages could not be read, so that `listed` may lack some.
    pub listed_unread: bool,
}

/// Why a package is used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Use {
    /// The entry of glide.lock that provides it, by name; `None` where none does.
    pub root: Option<String>,
    /// Whether only tests need it.
    pub for_tests: bool,
    /// Whether its entry of glide.lock has no such package.
    pub missing: bool,
    /// Who imports it, from the project's own package down to its direct importer: the shortest
    /// such chain.
    pub chain: Vec<String>,
}

impl Subject {
    /// Reads glide.lock's entries with their places.
    pub fn pins(lock: &Lock, lock_text: &[u8], mirrors: &Mirrors) -> Vec<Pinned> {
        let of = |entries: &[LockedDependency], list: &str, for_tests: bool| {
            let lines = lines(lock_text, list, "name");
            let pinned = entries.iter().enumerate().map(|(at, entry)| Pinned {
                entry: entry.clone(),
                for_tests,
                line: lines.get(at).map_or(0, |(_, line)| *line),
                remote: entry.remote(mirrors),
            });
            pinned.collect::<Vec<_>>()
        };
        let mut pins = of(&lock.imports, "imports", false);
        pins.extend(of(&lock.test_imports, "testImports", true));
        pins
    }
}

impl Usage {
    /// The packages of an entry of glide.lock that are used.
    pub fn of<'a>(&'a self, root: &'a str) -> impl Iterator<Item = (&'a str, &'a Use)> {
        let packages = self.packages.iter();
        packages
            .filter(move |(_, used)| used.root.as_deref() == Some(root))
            .map(|(path, used)| (path.as_str(), used))
    }
}
