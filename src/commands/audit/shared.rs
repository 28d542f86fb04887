//! What the trees in the cache say, found out once a run, however many projects pin the same commits.
//!
//! Only what a project has no vendor/ for is shared: what stands there may be anything.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use crate::audit::{Identified, Pinned};
use crate::error::{Failure, Kind};
use crate::live::Once;
use crate::resolve::Scanned;

/// What is said of a tree that nobody has.
pub(super) const LACKING: &str = "it is neither in vendor/ nor in the cache";

/// A repository at a commit.
pub(super) type Key = String;

/// The answers, by commit. They are small, so that those of thousands of commits can be kept; open trees
/// are not.
#[derive(Default)]
pub(in super::super) struct Shared {
    offline: bool,
    /// The packages in folders.
    pub(super) scans: Once<(Key, String), Result<Scanned, String>>,
    /// Whether there is nothing at a path.
    pub(super) absent: Once<(Key, String), bool>,
    /// The licences of folders.
    pub(super) licences: Once<(Key, Vec<String>), Result<Identified, String>>,
    /// What has been got, and will be found in the cache.
    got: Mutex<HashSet<Key>>,
}

/// What a pin's tree is known by.
pub(super) fn key(pin: &Pinned) -> Key {
    let remote = &pin.remote;
    let parts = [
        pin.entry.name.as_str(),
        &remote.location,
        &remote.vcs,
        &pin.entry.version,
    ];
    parts.join("\n")
}

impl Shared {
    /// Nothing is known yet; `offline` is whether nobody is asked for what is not in the cache.
    pub(super) fn new(offline: bool) -> Self {
        Self {
            offline,
            ..Self::default()
        }
    }

    /// Why a pin's tree cannot be had, in the same words for all that the cache lacks.
    pub(super) fn reason(&self, failure: &Failure) -> String {
        if self.offline && failure.kind == Kind::Network {
            LACKING.to_owned()
        } else {
            failure.render()
        }
    }

    /// Notes that a pin's tree is in the cache.
    pub(super) fn note(&self, pin: &Pinned) {
        let mut got = self.got.lock().unwrap_or_else(PoisonError::into_inner);
        got.insert(key(pin));
    }

    /// Whether a pin's tree is known to be in the cache.
    pub(super) fn has(&self, pin: &Pinned) -> bool {
        let got = self.got.lock().unwrap_or_else(PoisonError::into_inner);
        got.contains(&key(pin))
    }
}
