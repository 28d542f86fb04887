//! The histories of pinned repositories, asked for once a run, all at the same time.

use std::collections::HashMap;
use std::sync::Arc;

use super::super::{Context, parallel};
use crate::audit::{Histories, History, Origin, Origins, Pinned, Recorded};
use crate::error::Failure;
use crate::live::{Asked, Remotes};
use crate::vcs::Freshness;
use crate::vcs::git::Served;

/// What each repository has said.
pub(in super::super) struct Pasts<'a> {
    remotes: &'a Remotes,
    freshness: Freshness,
    known: HashMap<Key, Past>,
}

/// A repository: its name, which vanity hosts are asked about, its address and system.
type Key = (String, String, String);

enum Past {
    Told(Arc<Recorded>),
    Gone(String),
    /// The cache has nothing, and nobody was asked.
    Lacking,
    Unknown(String),
}

/// What is said of a repository that the cache lacks.
const LACKING: &str = "its history is not in the cache";

fn key(pin: &Pinned) -> Key {
    let remote = &pin.remote;
    let name = pin.entry.name.clone();
    (name, remote.location.clone(), remote.vcs.clone())
}

impl<'a> Pasts<'a> {
    /// Asks for the pasts of all pins' repositories.
    pub(in super::super) fn ask<'p>(
        context: &Context<'_>,
        remotes: &'a Remotes,
        freshness: Freshness,
        pins: impl IntoIterator<Item = &'p Pinned>,
    ) -> Self {
        let mut wanted: Vec<&Pinned> = pins.into_iter().collect();
        wanted.sort_by_key(|pin| key(pin));
        wanted.dedup_by_key(|pin| key(pin));
        let task = context.reporter.task("Asking for histories", wanted.len());
        let pasts = parallel::map(&wanted, context.settings.fetches, |pin| {
            let asked = remotes.past(&pin.entry.name, &pin.remote, freshness);
            task.step(&pin.entry.name);
            past(asked)
        });
        Self {
            remotes,
            freshness,
            known: wanted.into_iter().map(key).zip(pasts).collect(),
        }
    }

    /// What to tell of histories that the cache lacks, if it lacks any.
    pub(super) fn lacking(&self) -> Option<String> {
        let lacking = self.known.values();
        let lacking = lacking.filter(|past| matches!(past, Past::Lacking)).count();
        (lacking > 0).then(|| {
            format!(
                "The cache has no history of {lacking} of {} repositories, which `install` does not \
                 fetch, so their versions are not known. Run `glide-rs audit` once without `--offline`: \
                 it keeps them for later.",
                self.known.len()
            )
        })
    }

    fn served(&self, pin: &Pinned, history: &Recorded) -> Option<bool> {
        let version = &pin.entry.version;
        if history.holds(version) || self.freshness == Freshness::Offline {
            return None;
        }
        match self.remotes.serves(&pin.entry.name, &pin.remote, version) {
            Ok(Served::Yes) => Some(true),
            Ok(Served::No) => Some(false),
            Ok(Served::Untold) | Err(_) => None,
        }
    }
}

fn past(asked: Asked) -> Past {
    let told = |failure: &Failure| failure.render().replace('\n', "; ");
    match asked {
        Asked::Told(past, _) => Past::Told(Arc::new(Recorded::new(*past))),
        Asked::Unknown => Past::Lacking,
        Asked::Untold(why) => Past::Unknown(why),
        Asked::Gone(failure) => Past::Gone(told(&failure)),
        Asked::Refused(failure) | Asked::Unreachable(failure) | Asked::Failed(failure) => {
            Past::Unknown(told(&failure))
        }
    }
}

impl Histories for Pasts<'_> {
    fn of(&self, pin: &Pinned) -> Result<Arc<dyn History>, String> {
        match self.known.get(&key(pin)) {
            Some(Past::Told(history)) => Ok(Arc::clone(history) as Arc<dyn History>),
            Some(Past::Gone(reason) | Past::Unknown(reason)) => Err(reason.clone()),
            Some(Past::Lacking) => Err(LACKING.to_owned()),
            None => Err("its history was not asked for".to_owned()),
        }
    }
}

impl Origins for Pasts<'_> {
    fn of(&self, pin: &Pinned) -> Origin {
        match self.known.get(&key(pin)) {
            Some(Past::Told(history)) => Origin::Told {
                moved_to: history.moved_to().map(str::to_owned),
                served: self.served(pin, history),
                history: Arc::clone(history) as Arc<dyn History>,
            },
            Some(Past::Gone(reason)) => Origin::Gone(reason.clone()),
            Some(Past::Unknown(reason)) => Origin::Unknown(reason.clone()),
            Some(Past::Lacking) => Origin::Unknown(LACKING.to_owned()),
            None => Origin::Unknown("its history was not asked for".to_owned()),
        }
    }
}
