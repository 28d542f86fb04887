//! What the trees in the cache say, found out once a run, however many projects pin the same commits.
//!
//! Only what a project has no vendor/ for is shared: what stands there may be anything.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use crate::audit::{Identified, Pinned};
use crate::live::Once;
use crate::resolve::Scanned;

/// A repository at a commit.
pub(super) type Key = String;

/// The answers, by commit. They are small, so that those of thousands of commits can be kept; open trees
/// are not.
#[derive(Default)]
pub(in super::super) struct Shared {
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
