//! The walk over imports, breadth first: Glide's `resolveImports` and the handlers that it calls.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use super::failure::{Error, told_again};
use super::ledger::{EntryId, Ledger, Section};
use super::local::{LocalImports, is_sound};
use super::provider::{Fault, Scanned};
use super::telling::{GLIDE_YAML, PROJECT};
use super::{Options, Resolution, World};
use crate::error::{Failure, Hinted};
use crate::manifest::{Config, split_name};
use crate::model::Revision;

/// The state of one walk.
pub(super) struct Walk<'a> {
    pub(super) config: &'a Config,
    pub(super) world: World<'a>,
    pub(super) options: Options,
    pub(super) ledger: Ledger,
    /// Which commit of each repository is looked at, by location.
    pub(super) checkouts: HashMap<Rc<str>, Option<Revision>>,
    /// Names that were fetched, or tried, and what came of it.
    pub(super) reached: HashMap<String, Result<(), Fault>>,
    /// Roots whose own dependency files have had their turn.
    pub(super) asked_by: HashSet<String>,
    /// Import paths that have ever been queued.
    queued: HashSet<String>,
    /// The package that was one too many.
    pub(super) endless: Option<String>,
    /// Import paths that cannot be had; one error each has been reported.
    pub(super) failed: BTreeSet<String>,
    /// What was hinted at with them.
    pub(super) hinted: Hinted,
    /// By import path, who imported it first.
    pub(super) importers: HashMap<String, String>,
    /// What has been said, which is not said again.
    pub(super) said: HashSet<String>,
    /// Packages whose imports have been read, for `--all-dependencies`.
    pub(super) looked_at: HashSet<String>,
    /// Roots that are majors of others: see `majors`.
    pub(super) majors: HashSet<String>,
    /// Packages that were weighed with nothing coming of it: at which commit, and for which reference.
    pub(super) settled: HashMap<String, (Option<Revision>, String)>,
    /// What import paths were split into, for each is asked for many times.
    splits: RefCell<HashMap<String, Split>>,
}

/// The repository of an import path, and the folder in it.
pub(super) type Split = (Rc<str>, Rc<str>);

/// One pass over a queue.
#[derive(Default)]
struct Queue {
    order: Vec<String>,
    at: usize,
    listed: HashSet<String>,
    seen: HashSet<String>,
    missing: Vec<String>,
}

impl Queue {
    fn push(&mut self, package: &str) {
        if self.listed.insert(package.to_owned()) {
            self.order.push(package.to_owned());
        }
    }

    /// Puts a package at the end although it has had its turn.
    fn push_again(&mut self, package: &str) {
        self.seen.remove(package);
        self.order.push(package.to_owned());
    }

    fn next(&mut self) -> Option<String> {
        while let Some(package) = self.order.get(self.at) {
            self.at += 1;
            if self.seen.insert(package.clone()) {
                return Some(package.clone());
            }
        }
        None
    }
}

impl<'a> Walk<'a> {
    pub(super) fn new(config: &'a Config, world: World<'a>, options: Options) -> Self {
        let mut ledger = Ledger::new(config);
        for section in [Section::Imports, Section::TestImports] {
            for id in ledger.section(section) {
                let ignored = config.has_ignore(&ledger.get(id).dependency.name);
                let certain = !ignored && (section == Section::Imports || options.tests);
                world.provider.expect(&ledger.get(id).dependency, certain);
                GLIDE_YAML.clone_into(&mut ledger.entry(id).asked_by);
            }
        }
        Self {
            config,
            world,
            options,
            ledger,
            checkouts: HashMap::new(),
            reached: HashMap::new(),
            asked_by: HashSet::new(),
            queued: HashSet::new(),
            endless: None,
            failed: BTreeSet::new(),
            hinted: Hinted::default(),
            importers: HashMap::new(),
            said: HashSet::new(),
            looked_at: HashSet::new(),
            majors: HashSet::new(),
            settled: HashMap::new(),
            splits: RefCell::default(),
        }
    }

    /// Follows what the project imports to the end.
    pub(super) fn follow_all(&mut self, local: LocalImports) -> Result<(), Error> {
        for import in local.imports.iter().chain(&local.test_imports) {
            self.importers.insert(import.clone(), PROJECT.to_owned());
        }
        for (packages, section) in [
            (local.imports, Section::Imports),
            (local.test_imports, Section::TestImports),
        ] {
            if packages.is_empty() {
                continue;
            }
            let visited = if self.options.all_packages {
                self.everything(packages, section)
            } else {
                self.imports(&packages, section)
            };
            if let Some(package) = self.endless.take() {
                return Err(self.no_end_of(package));
            }
            if !self.failed.is_empty() {
                let failed = self.failed.len();
                let hints = self.hinted.shared();
                return Err(Error::Packages { failed, hints });
            }
            for package in &visited {
                self.list(package, section);
            }
            self.drop_replaced(&visited, section);
        }
        Ok(())
    }

    /// Follows imports from these packages on; gives all that was visited, in order.
    fn imports(&mut self, packages: &[String], section: Section) -> Vec<String> {
        let mut queue = Queue::default();
        for package in packages {
            queue.push(package);
        }
        loop {
            while let Some(package) = queue.next() {
                self.visit(&package, &mut queue, section);
            }
            if self.endless.is_some() {
                return queue.order;
            }
            let missing = std::mem::take(&mut queue.missing);
            let found = self.found_later(&missing, &queue.order, section);
            if found.is_empty() {
                for package in &missing {
                    self.lost(package);
                }
                return queue.order;
            }
            for package in missing {
                queue.push_again(&package);
            }
        }
    }

    fn visit(&mut self, package: &str, queue: &mut Queue, section: Section) {
        let queued_before = !self.queued.insert(package.to_owned());
        let given_up = self.endless.is_some() || self.failed.contains(package);
        if given_up || self.config.has_ignore(package) {
            return;
        }
        self.read_declared(package);
        match self.scan(package) {
            Ok(Scanned::Package { imports, .. }) => {
                self.follow(package, &imports, queue, section);
            }
            Ok(Scanned::NoGoFiles) => {}
            Ok(Scanned::Missing) if queued_before => queue.missing.push(package.to_owned()),
            Ok(Scanned::Missing) => {
                // It may just not have been fetched yet.
                if self.reach_package(package, section) {
                    queue.push_again(package);
                    self.set_version(package, section);
                }
            }
            Ok(Scanned::Broken(reason)) => {
                self.fail(package, Failure::user(reason));
            }
            Ok(Scanned::BrokenByTags(reason)) => {
                // Glide text
                let message = format!("Iterative scanning error {package}: {reason}");
                let failure = Failure::user(message);
                self.world.reporter.problem(Some(package), &failure);
            }
            Err(fault) => self.fail(package, told_again(&fault)),
        }
    }

    fn follow(&mut self, package: &str, imports: &[String], queue: &mut Queue, section: Section) {
        for import in self.foreign(imports) {
            self.imported_by(&import, package);
            if self.world.project.own_folder(&import).is_some() {
                if self.queued.insert(import.clone()) {
                    queue.push(&import);
                }
            } else if self.reach_package(&import, section) {
                self.queued.insert(import.clone());
                queue.push(&import);
                self.set_version(&import, section);
            }
        }
    }

    /// The imports that are to be followed.
    pub(super) fn foreign(&self, imports: &[String]) -> Vec<String> {
        let project = self.world.project;
        let foreign = imports
            .iter()
            .filter(|import| !self.config.has_ignore(import) && project.is_foreign(import));
        let foreign: Vec<String> = foreign.cloned().collect();
        let sound = foreign.iter().filter(|import| is_sound(import).is_ok());
        let sound: Vec<String> = sound.cloned().collect();
        self.world.provider.announce(&sound);
        foreign
    }

    /// What the Go files of a package import, at the commit that its repository stands at.
    pub(super) fn scan(&self, package: &str) -> Result<Scanned, Fault> {
        if let Some(folder) = self.world.project.own_folder(package) {
            let scanned = self.world.project.scan(&folder);
            return Ok(scanned.unwrap_or_else(Scanned::Broken));
        }
        let (root, below) = self.split(package);
        match self.place(&root) {
            (dependency, Some(at)) => self.world.provider.open(&dependency)?.scan(&at, &below),
            (_, None) => Ok(Scanned::Missing),
        }
    }

    /// Puts a package that was visited on the list, as a sub-package of its repository.
    fn list(&mut self, package: &str, section: Section) {
        let (root, below) = self.split(package);
        if self.is_own(&root) {
            return;
        }
        let id = self.find_for(&root, section).unwrap_or_else(|| {
            let dependency = self.listed_for_tests(&root);
            let id = self.ledger.make(dependency);
            self.ledger.add(section, id);
            id
        });
        self.ledger.entry(id).visit(package, &below);
    }

    /// The entry that serves packages of this root: imports serve tests too.
    pub(super) fn find_for(&self, root: &str, section: Section) -> Option<EntryId> {
        let import = self.ledger.find(Section::Imports, root);
        match section {
            Section::Imports => import,
            Section::TestImports => import.or_else(|| self.ledger.find(section, root)),
        }
    }

    /// The repository of an import path, and the folder in it.
    pub(super) fn split(&self, import_path: &str) -> Split {
        if let Some(known) = self.splits.borrow().get(import_path) {
            return known.clone();
        }
        let (root, below) = self.split_anew(import_path);
        let split: Split = (root.into(), below.into());
        let mut splits = self.splits.borrow_mut();
        splits.insert(import_path.to_owned(), split.clone());
        split
    }

    fn split_anew(&self, import_path: &str) -> (String, String) {
        let ends = import_path.match_indices('/').map(|(end, _)| end);
        for end in ends.chain([import_path.len()]) {
            if self.majors.contains(&import_path[..end]) {
                let below = import_path.get(end + 1..).unwrap_or_default();
                return (import_path[..end].to_owned(), below.to_owned());
            }
        }
        split_name(import_path, self.world.roots)
    }

    /// From now on this name is the root of a repository of its own.
    pub(super) fn add_major(&mut self, name: &str) {
        self.majors.insert(name.to_owned());
        self.splits.borrow_mut().clear();
    }

    pub(super) fn is_own(&self, root: &str) -> bool {
        root == self.config.package
    }

    pub(super) fn into_resolution(self) -> Resolution {
        let test_imports = if self.options.tests {
            self.ledger.pins(Section::TestImports)
        } else {
            Vec::new()
        };
        Resolution {
            imports: self.ledger.pins(Section::Imports),
            test_imports,
        }
    }
}
