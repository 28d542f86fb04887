//! What the check for known vulnerabilities is told: a database, opened once a run, and which versions
//! the pins are.

use std::collections::HashMap;
use std::sync::Arc;

use super::database::{self, Opened};
use super::download::now;
use crate::audit::advisories::{
    self, Database, GoMod, GoVersion, Version, Versions, concerned, go_not_checked, tagged,
    vulnerabilities, vulnerable_go,
};
use crate::audit::{Check, Checked, History, Pinned, Subject, Unchecked};
use crate::commands::network::Network;
use crate::commands::{Context, parallel};
use crate::live::Remotes;

/// The check, ready for one project after the other.
pub(super) struct Advisories {
    /// Why there is no database, if there is none.
    database: Result<Database, String>,
    go: Option<GoVersion>,
    /// What is to be told once.
    once: Checked,
}

impl Advisories {
    /// Opens the database that `--db` names, or else the Go project's own.
    pub(super) fn open(
        context: &Context<'_>,
        network: &Network,
        place: Option<&str>,
        go: Option<GoVersion>,
    ) -> Self {
        let place = place.unwrap_or(database::DEFAULT);
        let mut once = Checked::default();
        if go.is_none() {
            once.findings.push(go_not_checked());
        }
        let opened = database::open(place, &context.settings.folder, network);
        let database = opened.map(|Opened { database, copy }| {
            once.findings.extend(copy.map(advisories::copy));
            once.findings.extend(database.age(now()));
            database
        });
        Self { database, go, once }
    }

    /// Checks a project.
    pub(super) fn check(
        &mut self,
        context: &Context<'_>,
        subject: &Subject,
        remotes: &Remotes,
    ) -> Checked {
        let mut checked = std::mem::take(&mut self.once);
        let database = match &mut self.database {
            Ok(database) => database,
            Err(reason) => {
                checked.unchecked.push(Unchecked {
                    check: Check::Vulnerabilities,
                    package: String::new(),
                    reason: reason.clone(),
                });
                return checked;
            }
        };
        let versions = Tags::ask(context, remotes, &concerned(subject, database));
        checked.extend(vulnerabilities(subject, database, &versions));
        if let Some(go) = &self.go {
            checked.extend(vulnerable_go(subject, database, go));
        }
        checked
    }
}

/// Tags and their commits, or why they cannot be had.
type Answer = Result<Vec<(String, String)>, String>;

/// What the tags of repositories tell of pins.
struct Tags {
    /// By name and address.
    by_remote: HashMap<(String, String), Answer>,
}

impl Tags {
    fn ask(context: &Context<'_>, remotes: &Remotes, pins: &[&Pinned]) -> Self {
        let answers = parallel::map(pins, context.settings.fetches, |pin| {
            let tags = remotes.tagged(&pin.entry.name, &pin.remote);
            tags.map_err(|failure| failure.render())
        });
        let keys = pins.iter().map(|pin| key(pin));
        Self {
            by_remote: keys.zip(answers).collect(),
        }
    }

    fn of(&self, pin: &Pinned) -> Result<&[(String, String)], String> {
        match self.by_remote.get(&key(pin)) {
            Some(Ok(tags)) => Ok(tags),
            Some(Err(reason)) => Err(reason.clone()),
            None => Err("its repository was not asked".to_owned()),
        }
    }

    /// The tags that lead to the pinned commit. A pin may be a tag itself.
    fn at(&self, pin: &Pinned) -> Result<Vec<String>, String> {
        let tags = self.of(pin)?;
        let version = &pin.entry.version;
        let named = tags.iter().find(|(tag, _)| tag == version);
        let commit = named.map_or(version, |(_, commit)| commit);
        let here = tags
            .iter()
            .filter(|(_, at)| at.eq_ignore_ascii_case(commit));
        Ok(here.map(|(tag, _)| tag.clone()).collect())
    }
}

fn key(pin: &Pinned) -> (String, String) {
    (pin.entry.name.clone(), pin.remote.location.clone())
}

impl Versions for Tags {
    fn version(&self, pin: &Pinned, folder: &str, major: Option<u64>) -> Version {
        match self.at(pin) {
            Ok(tags) => tagged(&tags, folder, major),
            Err(reason) => Version::Unknown(reason),
        }
    }

    fn tags(&self, pin: &Pinned) -> Option<Vec<String>> {
        self.at(pin).ok()
    }

    fn has_tag(&self, pin: &Pinned, tag: &str) -> bool {
        let tags = self.of(pin).unwrap_or_default();
        tags.iter().any(|(name, _)| name == tag)
    }

    fn go_mod(&self, _: &Pinned) -> GoMod {
        GoMod::Unknown
    }

    fn history(&self, _: &Pinned) -> Option<Arc<dyn History>> {
        None
    }
}
