//! What is known of each repository while the walk goes on: glide.yaml's lists, as they grow, and
//! what dependencies have asked for.
//!
//! In Glide the lists hold pointers, and an entry that a dependency asked for and the entry that the
//! walk later adds are one object, so that changing the one changes the other. Here entries have
//! numbers, which is the same in the open.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::manifest::{Config, Dependency, Pin};
use crate::model::Revision;

/// The number of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct EntryId(usize);

/// A repository that is needed, or asked for.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// What is known of it; `reference` changes as others ask for versions, and sub-packages are added.
    pub(super) dependency: Rc<Dependency>,
    /// Its sub-packages, to find them.
    below: HashSet<String>,
    /// The commit, once it was decided.
    pub(super) pin: Option<Revision>,
    /// Who asked for the reference.
    pub(super) asked_by: String,
    /// Whether glide.yaml lists it.
    pub(super) listed: bool,
    /// What names the checkout that serves it.
    pub(super) place: OnceCell<Rc<str>>,
    /// The first package of it that was visited.
    pub(super) met_as: Option<String>,
}

impl Entry {
    /// What is known of it, to change it.
    pub(super) fn change(&mut self) -> &mut Dependency {
        Rc::make_mut(&mut self.dependency)
    }

    /// Notes that a package was visited; a folder below the root becomes a sub-package.
    pub(super) fn visit(&mut self, package: &str, below: &str) {
        if self.met_as.is_none() {
            self.met_as = Some(package.to_owned());
        }
        if !below.is_empty() && self.below.insert(below.to_owned()) {
            self.change().subpackages.push(below.to_owned());
        }
    }
}

/// One of glide.yaml's two lists.
#[derive(Debug, Default)]
struct List {
    order: Vec<EntryId>,
    by_name: HashMap<String, EntryId>,
}

/// Which of the two lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Imports,
    TestImports,
}

#[derive(Debug, Default)]
pub(super) struct Ledger {
    entries: Vec<Entry>,
    imports: List,
    test_imports: List,
    /// By name: who is wanted as what, and the repository that said so first.
    asked: HashMap<String, (EntryId, String)>,
    /// By name: all versions that were asked for, and who asked; for messages.
    wishes: HashMap<String, Vec<(String, String)>>,
}

impl Ledger {
    pub(super) fn new(config: &Config) -> Self {
        let mut ledger = Self::default();
        for (section, list) in [
            (Section::Imports, &config.imports),
            (Section::TestImports, &config.test_imports),
        ] {
            for dependency in list {
                let id = ledger.make(dependency.clone());
                ledger.entry(id).listed = true;
                ledger.add(section, id);
            }
        }
        ledger
    }

    /// A new entry that stands on no list yet.
    pub(super) fn make(&mut self, dependency: Dependency) -> EntryId {
        self.entries.push(Entry {
            below: dependency.subpackages.iter().cloned().collect(),
            dependency: Rc::new(dependency),
            pin: None,
            asked_by: String::new(),
            listed: false,
            place: OnceCell::new(),
            met_as: None,
        });
        EntryId(self.entries.len() - 1)
    }

    pub(super) fn get(&self, id: EntryId) -> &Entry {
        &self.entries[id.0]
    }

    pub(super) fn entry(&mut self, id: EntryId) -> &mut Entry {
        &mut self.entries[id.0]
    }

    pub(super) fn add(&mut self, section: Section, id: EntryId) {
        let name = self.get(id).dependency.name.clone();
        let list = self.list(section);
        list.order.push(id);
        // As Glide searches: the first of a name counts.
        list.by_name.entry(name).or_insert(id);
    }

    pub(super) fn find(&self, section: Section, name: &str) -> Option<EntryId> {
        let list = match section {
            Section::Imports => &self.imports,
            Section::TestImports => &self.test_imports,
        };
        list.by_name.get(name).copied()
    }

    pub(super) fn section(&self, section: Section) -> Vec<EntryId> {
        match section {
            Section::Imports => self.imports.order.clone(),
            Section::TestImports => self.test_imports.order.clone(),
        }
    }

    /// Takes an entry off a list.
    pub(super) fn remove(&mut self, section: Section, name: &str) {
        let list = self.list(section);
        if let Some(id) = list.by_name.remove(name) {
            list.order.retain(|&other| other != id);
        }
    }

    /// What some repository asked for under this name, and which.
    pub(super) fn asked(&self, name: &str) -> Option<(EntryId, &str)> {
        let (id, by) = self.asked.get(name)?;
        Some((*id, by))
    }

    /// Keeps what a repository asks for, unless another one was first.
    pub(super) fn ask(&mut self, dependency: Dependency, by: &str) -> Option<EntryId> {
        self.wish(&dependency, by);
        if self.asked.contains_key(&dependency.name) {
            return None;
        }
        let name = dependency.name.clone();
        let id = self.make(dependency);
        by.clone_into(&mut self.entry(id).asked_by);
        self.asked.insert(name, (id, by.to_owned()));
        Some(id)
    }

    fn wish(&mut self, dependency: &Dependency, by: &str) {
        if dependency.reference.is_empty() {
            return;
        }
        let wishes = self.wishes.entry(dependency.name.clone()).or_default();
        // Of one that lists it twice the first counts.
        if wishes.last().is_none_or(|(_, last)| last != by) {
            wishes.push((dependency.reference.clone(), by.to_owned()));
        }
    }

    /// The versions that were asked for under a name, and by whom, in the order of asking.
    pub(super) fn wishes(&self, name: &str) -> impl Iterator<Item = (&str, &str)> {
        let wishes = self.wishes.get(name).into_iter().flatten();
        wishes.map(|(reference, by)| (reference.as_str(), by.as_str()))
    }

    /// The entry that says where a repository is: of the imports, of the test imports, or asked for.
    pub(super) fn known(&self, name: &str) -> Option<EntryId> {
        self.find(Section::Imports, name)
            .or_else(|| self.find(Section::TestImports, name))
            .or_else(|| self.asked(name).map(|(id, _)| id))
    }

    /// A list's entries that were pinned.
    pub(super) fn pins(&self, section: Section) -> Vec<Pin> {
        let entries = self.section(section);
        let entries = entries.iter().map(|&id| self.get(id));
        entries
            .filter_map(|entry| {
                Some(Pin {
                    dependency: Dependency::clone(&entry.dependency),
                    revision: entry.pin.as_ref()?.to_string(),
                })
            })
            .collect()
    }

    fn list(&mut self, section: Section) -> &mut List {
        match section {
            Section::Imports => &mut self.imports,
            Section::TestImports => &mut self.test_imports,
        }
    }
}
