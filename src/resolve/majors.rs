//! Import paths of the modules era: `host/x/y/v2/sub`, where the repository has no folder `v2` but
//! a go.mod that calls it `host/x/y/v2`.
//!
//! Glide fails on these. A GOPATH build finds the package if the repository's tree stands at
//! `host/x/y/v2`, so that is made a dependency of its own, with the repository as its `repo`: a lock
//! that says so can be installed by Glide as well. The commit is the one that the repository stands at, if
//! its go.mod agrees; else the newest version of that major whose go.mod does; else the tip of the
//! default branch.

use std::collections::HashSet;
use std::rc::Rc;

use super::ledger::Section;
use super::local::join;
use super::provider::{Fault, Scanned};
use super::telling::GLIDE_YAML;
use super::walk::Walk;
use crate::manifest::Dependency;
use crate::model::Revision;
use crate::report::Level;
use crate::version::{self, Constraint};

/// How many releases of a major are looked at.
const TRIED: usize = 3;

impl Walk<'_> {
    /// Which of the packages that were missing can be found now: their repository has moved, they
    /// belong to another major of it, or they are at its tip.
    pub(super) fn found_later(
        &mut self,
        missing: &[String],
        met: &[String],
        section: Section,
    ) -> Vec<String> {
        let found = missing.iter().filter(|package| {
            let known = !matches!(self.scan(package), Ok(Scanned::Missing));
            known || self.adopt_major(package, section) || self.outgrow(package, met, section)
        });
        found.cloned().collect()
    }

    /// Moves a repository to its tip, where a dependency, and not the project, wants it at a commit
    /// that lacks the package, and the tip has that and all that has been met of it.
    fn outgrow(&mut self, package: &str, met: &[String], section: Section) -> bool {
        let (root, _) = self.split(package);
        let Some(id) = self.find_for(&root, section) else {
            return false;
        };
        let entry = self.ledger.get(id);
        if entry.asked_by.starts_with(GLIDE_YAML) || entry.dependency.reference.is_empty() {
            return false;
        }
        let Ok(repository) = self.world.provider.open(&entry.dependency) else {
            return false;
        };
        let Some(tip) = repository
            .tip()
            .filter(|tip| entry.pin.as_ref() != Some(tip))
        else {
            return false;
        };
        let has = |package: &str| {
            let scanned = repository.scan(&tip, &self.split(package).1);
            !matches!(scanned, Ok(Scanned::Missing) | Err(_))
        };
        let of_it = met.iter().filter(|other| self.split(other).0 == root);
        if !has(package) || !of_it.into_iter().all(|other| has(other)) {
            return false;
        }
        let message = format!(
            "{root} {}, which {} wants, has no {package}; taking the tip of its default branch",
            entry.dependency.reference, entry.asked_by
        );
        self.say(Level::Warn, &message);
        self.stand_at(id, tip);
        true
    }

    /// Makes a major of a repository a dependency of its own, if the package is in one.
    fn adopt_major(&mut self, package: &str, section: Section) -> bool {
        let (root, below) = self.split(package);
        let element = below.split('/').next().unwrap_or_default();
        let Some(major) = major_of(element) else {
            return false;
        };
        let (of, Some(at)) = self.place(&root) else {
            return false;
        };
        let name = join(&root, element);
        let Ok(Some(revision)) = self.commit_of_major(&of, &at, (&name, major)) else {
            return false;
        };
        let repo = match of.repo.as_str() {
            "" => format!("https://{root}"),
            given => given.to_owned(),
        };
        let message = format!(
            "{package} has no folder `{element}`, but go.mod at {} is of {name}: it gets a tree of its own",
            revision.short()
        );
        self.world.reporter.info(message);
        self.add_major(&name);
        let id = self.ledger.make(Dependency {
            repo,
            vcs: of.vcs,
            ..Dependency::named(name)
        });
        self.ledger.add(section, id);
        self.stand_at(id, revision);
        true
    }

    /// Takes repositories off the list that nothing is needed of but a major, now that it stands there
    /// by itself.
    pub(super) fn drop_replaced(&mut self, visited: &[String], section: Section) {
        if self.majors.is_empty() {
            return;
        }
        let used: HashSet<Rc<str>> = visited.iter().map(|each| self.split(each).0).collect();
        for major in self.majors.clone() {
            let root = major.rsplit_once('/').map_or("", |(root, _)| root);
            let Some(id) = self.ledger.find(section, root) else {
                continue;
            };
            if !used.contains(root) && !self.ledger.get(id).listed {
                self.ledger.remove(section, root);
            }
        }
    }

    /// The commit whose go.mod is of this major.
    fn commit_of_major(
        &self,
        of: &Dependency,
        at: &Revision,
        (name, major): (&str, u64),
    ) -> Result<Option<Revision>, Fault> {
        let repository = self.world.provider.open(of)?;
        let is_of = |at: &Revision| -> Result<bool, Fault> {
            Ok(repository.module(at)?.path.as_deref() == Some(name))
        };
        if is_of(at)? {
            return Ok(Some(at.clone()));
        }
        let names = repository.names();
        let range = Constraint::parse(&format!(">={major}.0.0, <{}.0.0", major + 1));
        let mut left: Vec<&str> = names.iter().map(String::as_str).collect();
        for _ in 0..TRIED {
            let picked = range
                .as_ref()
                .ok()
                .and_then(|range| version::pick(left.iter().copied(), range));
            let Some(picked) = picked.map(str::to_owned) else {
                break;
            };
            if let Some(revision) = repository.checkout(&picked)?
                && is_of(&revision)?
            {
                return Ok(Some(revision));
            }
            left.retain(|name| *name != picked);
        }
        match repository.tip() {
            Some(tip) if is_of(&tip)? => Ok(Some(tip)),
            _ => Ok(None),
        }
    }
}

/// The number in a path's last element, as modules have it: `v2` and up.
fn major_of(element: &str) -> Option<u64> {
    let digits = element.strip_prefix('v')?;
    let sound = !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|&major| sound && major >= 2)
}

#[cfg(test)]
mod tests {
    use super::major_of;

    #[test]
    fn majors_are_two_and_up() {
        for (element, major) in [
            ("v2", Some(2)),
            ("v11", Some(11)),
            ("v1", None),
            ("v0", None),
            ("v02", None),
            ("v", None),
            ("v2x", None),
            ("2", None),
            ("", None),
        ] {
            assert_eq!(major_of(element), major, "{element}");
        }
    }
}
