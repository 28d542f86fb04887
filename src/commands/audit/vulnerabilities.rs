//! What the check for known vulnerabilities is told: a database, opened once a run, and which versions
//! the pins are.

use std::sync::{Mutex, PoisonError};

use super::AuditOptions;
use super::database::{self, Opened};
use super::download::now;
use super::past::Pasts;
use super::trees::Trees;
use super::versions::PinnedVersions;
use crate::audit::advisories::{
    self, Database, GoVersion, go_not_checked, vulnerabilities, vulnerable_go,
};
use crate::audit::{Check, Checked, Subject, Unchecked};
use crate::commands::Context;
use crate::commands::network::Network;

/// The check, ready for one project after the other.
pub(super) struct Advisories {
    /// Why there is no database, if there is none. One project at a time asks it.
    database: Result<Mutex<Database>, String>,
    go: Option<GoVersion>,
    /// What is to be told once.
    once: Checked,
}

impl Advisories {
    /// Opens the database that `--db` names, or else the Go project's own.
    pub(super) fn open(context: &Context<'_>, network: &Network, options: &AuditOptions) -> Self {
        let place = options.database.as_deref().unwrap_or(database::DEFAULT);
        let go = options.go.clone();
        let mut once = Checked::default();
        if go.is_none() {
            once.findings.push(go_not_checked());
        }
        let opened = database::open(place, &context.settings.folder, (network, options.offline));
        let database = opened.map(|Opened { database, copy }| {
            once.findings.extend(copy.map(advisories::copy));
            once.findings.extend(database.age(now()));
            Mutex::new(database)
        });
        Self { database, go, once }
    }

    /// What is to be told once, with the first project.
    pub(super) fn once(&self) -> &Checked {
        &self.once
    }

    /// Checks a project.
    pub(super) fn check(
        &self,
        subject: &Subject,
        (pasts, trees): (&Pasts<'_>, &Trees<'_>),
    ) -> Checked {
        let mut checked = Checked::default();
        let mut database = match &self.database {
            Ok(database) => database.lock().unwrap_or_else(PoisonError::into_inner),
            Err(reason) => {
                let unchecked = Unchecked::new(Check::Vulnerabilities, "", reason.as_str());
                checked.unchecked.push(unchecked);
                return checked;
            }
        };
        let versions = PinnedVersions { pasts, trees };
        checked.extend(vulnerabilities(subject, &mut database, &versions));
        if let Some(go) = &self.go {
            checked.extend(vulnerable_go(subject, &mut database, go));
        }
        checked
    }
}
