//! Dependencies that want different versions of another one, where glide.yaml names none: what stands,
//! what was passed over, and who is behind each.
//!
//! Glide goes by the first that it meets and says nothing of the others (`VersionHandler.Process`). So
//! does the walk; it is told once all is pinned, since only then it is known whose wish came true.
//! Nothing is fetched for it.
//!
//! The same for one repository under several names: Glide has one checkout of it, so what all of them import
//! is read at one commit.

use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;

use super::ledger::{EntryId, Section};
use super::provider::Repository;
use super::walk::Walk;
use crate::model::Revision;
use crate::report::Level;
use crate::version::{Constraint, Version};

/// How many versions that were passed over are told of a dependency.
const ROWS: usize = 4;
/// A shorter text in hexadecimal digits is hardly meant as the begin of a commit.
const SHORTEST_ID: usize = 7;

/// A version that is wanted, and by whom.
struct Wish {
    reference: String,
    by: Vec<String>,
}

impl Walk<'_> {
    /// Warns of each dependency that is not where all who want a version of it want it.
    pub(super) fn tell_of_disagreements(&mut self) {
        let ids = [Section::Imports, Section::TestImports].into_iter();
        let ids: Vec<EntryId> = ids
            .flat_map(|section| self.ledger.section(section))
            .collect();
        let mut told = HashSet::new();
        for id in ids {
            let name = self.ledger.get(id).dependency.name.clone();
            if told.insert(name.clone())
                && !self.decided(&name)
                && let Some(message) = self.disagreement(id)
            {
                self.say(Level::Warn, &message);
            }
        }
    }

    /// Warns of names of one repository that are pinned to different commits.
    pub(super) fn tell_of_shared(&self) {
        let mut shared: BTreeMap<Rc<str>, BTreeMap<&str, &Revision>> = BTreeMap::new();
        for section in [Section::Imports, Section::TestImports] {
            for id in self.ledger.section(section) {
                let entry = self.ledger.get(id);
                if let Some(pin) = &entry.pin {
                    let names = shared.entry(self.checkout_of(id)).or_default();
                    names.entry(&entry.dependency.name).or_insert(pin);
                }
            }
        }
        for (place, names) in shared {
            let pins: HashSet<_> = names.values().map(|pin| pin.as_str()).collect();
            let read = self.checkouts.get(&place).and_then(Option::as_ref);
            let Some(read) = read.filter(|_| pins.len() > 1) else {
                continue;
            };
            let names = names
                .iter()
                .map(|(name, pin)| format!("{name} at {}", pin.short()));
            self.world.reporter.warn(format!(
                "{} are one repository, and what they import was read at {} alone, as Glide does: something may be \
                 missing\n\thint: the same `version:` in glide.yaml for all of them",
                names.collect::<Vec<_>>().join(" and "),
                read.short()
            ));
        }
    }

    /// Whether glide.yaml names a version.
    fn decided(&self, name: &str) -> bool {
        let listed = self.config.imports.iter().chain(&self.config.test_imports);
        let mut named = listed.filter(|listed| listed.name == name);
        named.any(|listed| !listed.reference.is_empty())
    }

    fn disagreement(&self, id: EntryId) -> Option<String> {
        let entry = self.ledger.get(id);
        let name = &entry.dependency.name;
        let wishes = gathered(self.ledger.wishes(name));
        if wishes.len() < 2 {
            return None;
        }
        let at = entry.pin.as_ref()?;
        let repository = self.world.provider.open(&entry.dependency).ok()?;
        let names = repository.names();
        let (met, unmet): (Vec<&Wish>, Vec<&Wish>) = wishes
            .iter()
            .partition(|wish| is_met(&*repository, &names, at, &wish.reference));
        if unmet.is_empty() {
            return None;
        }
        // The first is the one that was gone by, if it was.
        let kept = match met.first() {
            Some(wish) => {
                let exact = names.contains(&wish.reference) || is_id(&wish.reference);
                let which = if exact {
                    String::new()
                } else {
                    format!(" ({})", at.short())
                };
                let (who, want) = self.who(wish, name);
                format!("{}{which}, which {who} {want}", wish.reference)
            }
            None => format!("{}, which none of them asked for", at.short()),
        };
        let mut message = format!(
            "Conflict: dependencies disagree about {name}, and glide.yaml names no version of it. Keeping {kept}"
        );
        for wish in unmet.iter().take(ROWS) {
            let (who, want) = self.who(wish, name);
            message = format!("{message}\n\t{who} {want} {}", wish.reference);
        }
        if unmet.len() > ROWS {
            message = format!(
                "{message}\n\tand {} more versions are wanted",
                unmet.len() - ROWS
            );
        }
        let hint = "`version:` of it in glide.yaml decides for all";
        Some(format!("{message}\n\thint: {hint}"))
    }

    /// Who has a wish, and the verb for so many.
    fn who(&self, wish: &Wish, name: &str) -> (String, &'static str) {
        let first = wish.by.first().map(|by| self.askers(by, name));
        let first = first.unwrap_or_default();
        match wish.by.len() {
            0 | 1 => (first, "wants"),
            2 => (format!("{first} and one more"), "want"),
            all => (format!("{first} and {} more", all - 1), "want"),
        }
    }
}

/// Wishes for the same text together, in the order in which each was heard first.
fn gathered<'w>(wishes: impl IntoIterator<Item = (&'w str, &'w str)>) -> Vec<Wish> {
    let mut gathered: Vec<Wish> = Vec::new();
    for (reference, by) in wishes {
        if let Some(wish) = gathered.iter_mut().find(|wish| wish.reference == reference) {
            wish.by.push(by.to_owned());
        } else {
            gathered.push(Wish {
                reference: reference.to_owned(),
                by: vec![by.to_owned()],
            });
        }
    }
    gathered
}

/// Whether a commit is what somebody wants, as far as can be told from the names of the repository.
fn is_met(repository: &dyn Repository, names: &[String], at: &Revision, want: &str) -> bool {
    let leads_here = |name: &str| match repository.checkout(name) {
        Ok(found) => found.as_ref() == Some(at),
        // Whoever needs it is told; it is no disagreement.
        Err(_) => true,
    };
    if names.iter().any(|name| name == want) {
        return leads_here(want);
    }
    if is_id(want) {
        return at.as_str().starts_with(&want.to_ascii_lowercase());
    }
    let Ok(range) = Constraint::parse(want) else {
        return leads_here(want);
    };
    let fits = |name: &&String| Version::parse(name).is_some_and(|found| range.matches(&found));
    names.iter().filter(fits).any(|name| leads_here(name))
}

fn is_id(text: &str) -> bool {
    text.len() >= SHORTEST_ID && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
