//! Who asks for which version, and what comes of it: Glide's `VersionHandler`.

use super::conflict::{Claim, Verdict, settle};
use super::failure::told_again;
use super::ledger::{EntryId, Section};
use super::provider::Scanned;
use super::telling::AND;
use super::walk::Walk;
use crate::error::Failure;
use crate::manifest::Dependency;
use crate::report::{Event, Level};

impl Walk<'_> {
    /// Reads what a repository asks for itself when a package of it is first met. What has not been
    /// fetched by then is not read later either.
    pub(super) fn read_declared(&mut self, package: &str) {
        let (root, _) = self.split(package);
        if self.is_own(&root) || !self.asked_by.insert(root.to_string()) {
            return;
        }
        let (dependency, Some(at)) = self.place(&root) else {
            return;
        };
        let repository = self.world.provider.open(&dependency);
        match repository.and_then(|repository| repository.declared(&at)) {
            Err(fault) => self.fail(package, told_again(&fault)),
            Ok(Err(reason)) => {
                // Glide text
                let message = format!("Unable to import from {root}. Err: {reason}");
                let failure = Failure::user(message);
                self.world.reporter.problem(Some(&root), &failure);
            }
            Ok(Ok(declared)) => {
                for note in declared.notes {
                    self.world.reporter.info(format!("{root}: {note}"));
                }
                for wanted in declared.dependencies {
                    let wanted = self.trusted(&dependency, wanted);
                    if wanted.reference.is_empty() && wanted.repo.is_empty() {
                        continue;
                    }
                    if let Some(id) = self.ledger.ask(wanted, &root) {
                        let wanted = &self.ledger.get(id).dependency;
                        if self.ledger.known(&wanted.name) == Some(id) {
                            self.world.provider.expect(wanted, false);
                        }
                    }
                }
            }
        }
    }

    /// What a repository asks for, without a `repo` that it may not name.
    fn trusted(&mut self, by: &Dependency, mut wanted: Dependency) -> Dependency {
        for text in [&mut wanted.name, &mut wanted.reference, &mut wanted.repo] {
            // It will be in messages, whose lines nobody else may end.
            if text.contains(char::is_control) {
                *text = text.escape_debug().to_string();
            }
        }
        if wanted.repo.is_empty() {
            return wanted;
        }
        if let Some(reason) = self.world.provider.refuses(by, &wanted) {
            let message = format!(
                "{} wants {} from elsewhere: {reason}; it is fetched from where its name leads, unless \
                 `repo:` in glide.yaml says otherwise",
                by.name, wanted.name
            );
            self.say(Level::Warn, &message);
            wanted.repo.clear();
            wanted.vcs = None;
        }
        wanted
    }

    /// Settles which commit of a package's repository counts from now on; Glide's `SetVersion`.
    pub(super) fn set_version(&mut self, package: &str, section: Section) {
        let (root, below) = self.split(package);
        if self.is_own(&root) {
            return;
        }
        let held = self.find_for(&root, section);
        if section == Section::TestImports {
            self.tell_of_two_lists(&root);
        }
        let asked = self.ledger.asked(&root).map(|(id, by)| (id, by.to_owned()));
        let id = match (held, asked) {
            (Some(held), Some((asked, by))) => {
                self.reconcile(held, asked, &by, package);
                held
            }
            (Some(held), None) => held,
            (None, asked) => {
                let asked = asked.map(|(id, _)| id);
                let id = asked.unwrap_or_else(|| self.ledger.make(Dependency::named(&*root)));
                self.ledger.add(section, id);
                id
            }
        };
        if let Err(unmet) = self.pin(id) {
            let failure = self.unmet(id, unmet);
            self.say(Level::Warn, &failure.render());
            return;
        }
        let (dependency, at) = self.place(&self.ledger.get(id).dependency.name);
        if let Some(at) = at {
            self.world.provider.prepare(&dependency, &at, &below);
        }
    }

    /// Glide goes by the import's version where a test import names another one.
    fn tell_of_two_lists(&mut self, root: &str) {
        let find = |section| {
            self.ledger
                .find(section, root)
                .map(|id| self.ledger.get(id))
        };
        if let (Some(import), Some(test)) = (find(Section::Imports), find(Section::TestImports)) {
            let (used, other) = (&import.dependency.reference, &test.dependency.reference);
            if used != other {
                // Glide text
                let message = format!(
                    "Using import {root} (version {used}) for test instead of testImport (version {other})."
                );
                self.say(Level::Warn, &message);
            }
        }
    }

    /// Weighs what stands against what another repository asks for, as a package is imported.
    fn reconcile(&mut self, held: EntryId, asked: EntryId, by: &str, package: &str) {
        let asked = self.ledger.get(asked).dependency.reference.clone();
        let entry = self.ledger.entry(held);
        let reference = entry.dependency.reference.clone();
        if asked.is_empty() || asked == reference {
            return;
        }
        if reference.is_empty() {
            entry.change().reference = asked;
            by.clone_into(&mut entry.asked_by);
            entry.pin = None;
            return;
        }
        let dependency = entry.dependency.clone();
        let holder = entry.asked_by.clone();
        let state = (entry.pin.clone(), reference.clone());
        if self.settled.get(package) == Some(&state) {
            return;
        }
        // Glide asks in the folder of the package: where the commit does not have it, nothing is a
        // name, and what stands gives way more easily.
        let lacks = matches!(self.scan(package), Ok(Scanned::Missing)).then_some(package);
        let named = |text: &str| match lacks {
            None => self.world.provider.open(&dependency)?.is_reference(text),
            Some(_) => Ok(false),
        };
        let (held_named, asked_named) = match (named(&reference), named(&asked)) {
            (Ok(held_named), Ok(asked_named)) => (held_named, asked_named),
            (Err(fault), _) | (_, Err(fault)) => {
                self.fail(&dependency.name, told_again(&fault));
                return;
            }
        };
        let told = |holder: &str, by: &str| {
            let held = Claim {
                reference: &reference,
                named: held_named,
                by: holder,
            };
            let asked = Claim {
                reference: &asked,
                named: asked_named,
                by,
            };
            settle(&dependency.name, held, asked, lacks)
        };
        let mut ruling = told(&holder, by);
        if ruling.level == Level::Warn {
            // Somebody will have to look at both sides.
            let sides = [&*holder, by].map(|by| self.askers(by, &dependency.name));
            ruling.message = told(&sides[0], &sides[1]).message;
        }
        if self.say(ruling.level, &ruling.message) {
            if ruling.level == Level::Warn {
                let is_replaced = ruling.verdict == Verdict::Replace;
                self.world.reporter.event(&Event::Conflict {
                    name: &dependency.name,
                    held: (&reference, &holder.split(AND).collect::<Vec<_>>()),
                    asked: (&asked, &[by]),
                    chosen: if is_replaced { &asked } else { &reference },
                });
            }
            self.describe(&dependency, &ruling.commits);
        }
        let entry = self.ledger.entry(held);
        match ruling.verdict {
            Verdict::Keep => drop(self.settled.insert(package.to_owned(), state)),
            Verdict::Adopt => entry.change().reference = asked,
            Verdict::Replace => {
                entry.change().reference = asked;
                entry.pin = None;
            }
            // What is joined already is pinned already.
            Verdict::Join(both) if both == reference => {
                self.settled.insert(package.to_owned(), state);
            }
            Verdict::Join(both) => {
                entry.change().reference = both;
                entry.asked_by = [&holder, AND, by].concat();
                entry.pin = None;
            }
        }
    }

    /// Tells the commits behind references that are at odds.
    fn describe(&mut self, dependency: &Dependency, references: &[String]) {
        let Ok(repository) = self.world.provider.open(dependency) else {
            return;
        };
        for reference in references {
            let Ok(Some(at)) = repository.checkout(reference) else {
                continue;
            };
            if let Some(note) = repository.describe(&at) {
                let message = format!(
                    "{} {reference}: {}, {}, by {}",
                    dependency.name, note.date, note.subject, note.author
                );
                self.say(Level::Info, &message);
            }
        }
    }
}
