//! What a project is made of, for bills of materials: each pin and what is known of it.

use super::subject::{Pinned, Subject};
use crate::http::mask;
use crate::manifest::Mirrors;

/// A pin and what is known of it.
#[derive(Clone, Debug)]
pub struct Component {
    /// The entry of glide.lock.
    pub pin: Pinned,
    /// The commit as Go counts versions: a tag, or a pseudo-version.
    pub version: Option<String>,
    /// The licence, as an SPDX expression.
    pub licence: Option<String>,
    /// Whether glide.yaml lists it, or the project's own code imports it.
    pub direct: bool,
    /// Who imports it, from the project's own package down to its direct importer; empty where nobody
    /// does, or where that is not known.
    pub chain: Vec<String>,
    /// The names of the entries that its packages import from, in byte order.
    pub requires: Vec<String>,
}

impl Component {
    /// Those of a project, in the order of glide.lock. Versions and licences are for others to tell.
    pub fn all(subject: &Subject) -> Vec<Self> {
        subject.pins.iter().map(|pin| of(subject, pin)).collect()
    }

    /// Its import path.
    pub fn name(&self) -> &str {
        &self.pin.entry.name
    }

    /// Its version: as Go counts where that is known, else the commit.
    pub fn shown_version(&self) -> &str {
        self.version.as_deref().unwrap_or(&self.pin.entry.version)
    }

    /// The address of its repository without secrets: what glide.lock says, whatever mirrors this machine
    /// has.
    pub fn repository(&self) -> String {
        mask(&self.pin.entry.remote(&Mirrors::default()).location)
    }

    /// The full id of its commit, where it is pinned to one.
    pub fn commit(&self) -> Option<&str> {
        let version = self.pin.entry.version.as_str();
        let is_id = version.len() == 40 && version.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_id.then_some(version)
    }

    /// Whether its repository is a git one, as far as anybody says.
    pub fn is_git(&self) -> bool {
        matches!(self.pin.entry.vcs.as_str(), "" | "git") && self.commit().is_some()
    }
}

fn of(subject: &Subject, pin: &Pinned) -> Component {
    let name = pin.entry.name.as_str();
    let listed = subject.manifest.as_ref().is_some_and(|manifest| {
        let config = &manifest.config;
        let mut entries = config.imports.iter().chain(&config.test_imports);
        entries.any(|entry| entry.name == name)
    });
    let usage = subject.usage.as_ref();
    let required_by = |importer: &str| usage.and_then(|usage| usage.requires.get(importer));
    let uses = usage.into_iter().flat_map(|usage| usage.of(name));
    let chains = uses.map(|(_, used)| (used.for_tests, used.chain.len(), &used.chain));
    Component {
        pin: pin.clone(),
        version: None,
        licence: None,
        direct: listed || required_by("").is_some_and(|names| names.contains(name)),
        chain: chains
            .min()
            .map_or_else(Vec::new, |(_, _, chain)| chain.clone()),
        requires: required_by(name).map_or_else(Vec::new, |names| names.iter().cloned().collect()),
    }
}
