//! `--all-dependencies`: every package of a repository counts, imported or not; Glide's
//! `resolveList`.

use std::collections::HashSet;

use super::failure::told_again;
use super::ledger::Section;
use super::local::{is_source, join};
use super::provider::Scanned;
use super::walk::Walk;
use crate::error::Failure;

impl Walk<'_> {
    /// Follows all folders at and below these packages; gives all that was queued, in order.
    pub(super) fn everything(&mut self, packages: Vec<String>, section: Section) -> Vec<String> {
        let mut queue = packages;
        let mut listed: HashSet<String> = queue.iter().cloned().collect();
        let mut at = 0;
        while let Some(package) = queue.get(at).cloned() {
            if self.endless.is_some() {
                break;
            }
            at += 1;
            if self.config.has_ignore(&package) || self.failed.contains(&package) {
                continue;
            }
            self.meet(&package, section);
            self.found_later(std::slice::from_ref(&package), &queue, section);
            self.read_declared(&package);
            for folder in self.folders(&package) {
                for import in self.imports_of(&folder) {
                    if self.import(&folder, &import, section) && listed.insert(import.clone()) {
                        queue.push(import);
                    }
                }
            }
        }
        queue
    }

    /// Fetches what glide.yaml does not list. (Glide fails for want of it.)
    fn meet(&mut self, package: &str, section: Section) {
        let (root, _) = self.split(package);
        let fetched = self.place(&root).1.is_some();
        if !fetched && !self.is_own(&root) && self.reach_package(package, section) {
            self.set_version(package, section);
        }
    }

    /// The packages at and below one that have not been looked at.
    fn folders(&mut self, package: &str) -> Vec<String> {
        let folders = if let Some(folder) = self.world.project.own_folder(package) {
            let mut found = Vec::new();
            self.project_folders(&folder, package, &mut found);
            Some(found)
        } else {
            let (root, below) = self.split(package);
            let (dependency, at) = self.place(&root);
            let open = || self.world.provider.open(&dependency);
            let found = at.map(|at| open()?.folders(&at, &below));
            match found.transpose() {
                Ok(found) => found.flatten().map(|folders| {
                    let folders = folders.iter();
                    folders.map(|folder| join(&root, folder)).collect()
                }),
                Err(fault) => {
                    self.fail(package, told_again(&fault));
                    return Vec::new();
                }
            }
        };
        let Some(mut folders) = folders else {
            self.lost(package);
            return Vec::new();
        };
        // What names are no source goes for the first folder as for those below it.
        if !package.rsplit('/').next().is_some_and(is_source) {
            return Vec::new();
        }
        folders.retain(|folder| self.looked_at.insert(folder.clone()));
        folders
    }

    fn project_folders(&self, folder: &str, package: &str, found: &mut Vec<String>) {
        found.push(package.to_owned());
        let entries = self.world.project.list(folder).unwrap_or_default();
        for (name, is_folder) in entries {
            if is_folder && is_source(&name) {
                self.project_folders(&join(folder, &name), &join(package, &name), found);
            }
        }
    }

    fn imports_of(&mut self, package: &str) -> Vec<String> {
        match self.scan(package) {
            Ok(Scanned::Package { imports, .. }) => self.foreign(&imports),
            Ok(Scanned::NoGoFiles | Scanned::Missing) => Vec::new(),
            Ok(Scanned::Broken(reason) | Scanned::BrokenByTags(reason)) => {
                self.fail(package, Failure::user(reason));
                Vec::new()
            }
            Err(fault) => {
                self.fail(package, told_again(&fault));
                Vec::new()
            }
        }
    }

    fn import(&mut self, package: &str, import: &str, section: Section) -> bool {
        self.imported_by(import, package);
        if self.world.project.own_folder(import).is_some() {
            return true;
        }
        let reached = self.reach_package(import, section);
        if reached {
            self.set_version(import, section);
        }
        reached
    }
}
