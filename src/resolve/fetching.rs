//! Which repositories have been fetched, and at which commit each stands.

use std::rc::Rc;

use super::failure::{Error, Unmet, told_again};
use super::ledger::{EntryId, Section};
use super::local::is_sound;
use super::pinning;
use super::provider::Fault;
use super::walk::Walk;
use crate::error::Hinted;
use crate::manifest::Dependency;
use crate::model::Revision;

/// Who imports more repositories than this imports what is made up for whoever asks. (The largest
/// projects have a few hundred.)
const MOST: usize = 5000;

impl Walk<'_> {
    /// Fetches what glide.yaml lists and pins it, before anything is read.
    pub(super) fn pin_listed(&mut self) -> Result<(), Error> {
        let info = "Downloading dependencies. Please wait..."; // Glide text
        self.world.reporter.info(info);
        self.pin_all()
    }

    /// Pins what is left without a commit when all imports have been followed.
    pub(super) fn pin_rest(&mut self) -> Result<(), Error> {
        let info = "Setting references for remaining imports"; // Glide text
        self.world.reporter.info(info);
        self.pin_all()
    }

    fn pin_all(&mut self) -> Result<(), Error> {
        let mut all = self.ledger.section(Section::Imports);
        if self.options.tests {
            all.extend(self.ledger.section(Section::TestImports));
        }
        all.retain(|&id| {
            let entry = self.ledger.get(id);
            entry.pin.is_none() && !self.config.has_ignore(&entry.dependency.name)
        });
        let mut failures = Vec::new();
        for &id in &all {
            let pinned = self.reach(id).map_err(Unmet::Fault);
            if let Err(unmet) = pinned.and_then(|()| self.pin(id)) {
                let is_fault = matches!(unmet, Unmet::Fault(_));
                failures.push((is_fault, id, self.unmet(id, unmet)));
            }
        }
        // What a repository has, or has not, is told of each.
        let faults = failures.iter_mut().filter(|(is_fault, ..)| *is_fault);
        let hints = Hinted::take_shared(faults.map(|(.., failure)| failure));
        for (_, id, failure) in &failures {
            let name = self.ledger.get(*id).dependency.name.as_str();
            self.world.reporter.problem(Some(name), failure);
        }
        match failures.len() {
            0 => Ok(()),
            failed => Err(Error::Versions {
                failed,
                all: all.len(),
                hints,
            }),
        }
    }

    /// Makes sure that the repository of a package is known and fetched; Glide's `fetchToCache`.
    pub(super) fn reach_package(&mut self, package: &str, section: Section) -> bool {
        if self.endless.is_some() {
            return false;
        }
        if let Err(error) = is_sound(package) {
            self.fail(package, error.into());
            return false;
        }
        let (root, _) = self.split(package);
        if self.is_own(&root) {
            return true;
        }
        if self.reached.len() >= MOST && !self.reached.contains_key(&*root) {
            self.endless = Some(package.to_owned());
            return false;
        }
        let id = self.find_for(&root, section).unwrap_or_else(|| {
            let asked = self.ledger.asked(&root).map(|(id, _)| id);
            let id = asked.unwrap_or_else(|| {
                let dependency = self.listed_for_tests(&root);
                self.ledger.make(dependency)
            });
            self.ledger.add(section, id);
            id
        });
        match self.reach(id) {
            Ok(()) => true,
            Err(fault) => {
                self.fail(package, told_again(&fault));
                false
            }
        }
    }

    /// Fetches, unless that was tried before; Glide's `VcsUpdate`.
    fn reach(&mut self, id: EntryId) -> Result<(), Fault> {
        let entry = self.ledger.get(id);
        if entry.pin.is_some() {
            return Ok(());
        }
        let dependency = entry.dependency.clone();
        if let Some(reached) = self.reached.get(&dependency.name) {
            return reached.clone();
        }
        let reached = self.world.provider.open(&dependency).map(|repository| {
            let place = self.checkout_of(id);
            let tip = || repository.tip();
            self.checkouts.entry(place).or_insert_with(tip);
        });
        self.reached
            .insert(dependency.name.clone(), reached.clone());
        reached
    }

    /// A repository that is met by its name alone, from where `testImport` has it. (Glide forgets
    /// `repo` and `vcs` there, and then looks where it has fetched nothing.)
    pub(super) fn listed_for_tests(&self, root: &str) -> Dependency {
        let mut dependency = Dependency::named(root);
        if let Some(id) = self.ledger.find(Section::TestImports, root) {
            let listed = &self.ledger.get(id).dependency;
            (dependency.repo, dependency.vcs) = (listed.repo.clone(), listed.vcs);
        }
        dependency
    }

    /// Finds the commit of an entry, unless it has one; Glide's `VcsVersion`.
    pub(super) fn pin(&mut self, id: EntryId) -> Result<(), Unmet> {
        let entry = self.ledger.get(id);
        if entry.pin.is_some() {
            return Ok(());
        }
        let dependency = entry.dependency.clone();
        let place = self.checkout_of(id);
        let revision = if dependency.reference.is_empty() {
            let at = self.checkouts.get(&place).cloned().flatten();
            self.fitting(&dependency, at.ok_or(Unmet::NoDefault)?)?
        } else {
            let (revision, name) = self.choose(&dependency)?;
            // Glide text
            let message = format!("--> Setting version for {} to {name}.", dependency.name);
            self.world.reporter.info(message);
            if name == dependency.reference {
                revision
            } else {
                self.fitting(&dependency, revision)?
            }
        };
        self.stand_at(id, revision);
        Ok(())
    }

    fn choose(&self, dependency: &Dependency) -> Result<(Revision, String), Unmet> {
        let repository = self.world.provider.open(dependency);
        let repository = repository.map_err(Unmet::Fault)?;
        pinning::choose(&*repository, &dependency.reference)
    }

    /// Where the files of a repository are looked for, and the commit, if it has been fetched.
    pub(super) fn place(&self, root: &str) -> (Rc<Dependency>, Option<Revision>) {
        let Some(id) = self.ledger.known(root) else {
            let dependency = Dependency::named(root);
            let location = self.world.provider.location(&dependency);
            let at = self.checkouts.get(location.as_str()).cloned().flatten();
            return (Rc::new(dependency), at);
        };
        let at = self.checkouts.get(&self.checkout_of(id));
        let dependency = self.ledger.get(id).dependency.clone();
        (dependency, at.cloned().flatten())
    }

    /// From now on an entry's repository stands at this commit.
    pub(super) fn stand_at(&mut self, id: EntryId, revision: Revision) {
        let place = self.checkout_of(id);
        self.checkouts.insert(place, Some(revision.clone()));
        self.ledger.entry(id).pin = Some(revision);
    }

    /// What names the checkout that serves an entry. Those of one location share one, as in Glide's
    /// cache, save that majors of a repository stand side by side.
    pub(super) fn checkout_of(&self, id: EntryId) -> Rc<str> {
        let entry = self.ledger.get(id);
        let place = entry.place.get_or_init(|| {
            let name = &entry.dependency.name;
            let location = self.world.provider.location(&entry.dependency);
            if self.majors.contains(name) {
                format!("{location} {name}").into()
            } else {
                location.into()
            }
        });
        place.clone()
    }
}
