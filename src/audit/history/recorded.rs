//! The history of a real repository, as it was when last asked for.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use super::History;
use crate::vcs::graph::{Number, Set};
use crate::vcs::{ObjectId, Past};

/// A repository's past, ready to be asked. Questions about one commit after the other are quick to
/// answer: what comes before the last one is kept in mind.
pub struct Recorded {
    past: Past,
    before: Mutex<Option<(Number, Arc<Set>)>>,
}

impl Recorded {
    /// Answers from what is known.
    pub fn new(past: Past) -> Self {
        Self {
            past,
            before: Mutex::default(),
        }
    }

    /// When the repository was asked, as far as that is known.
    pub fn asked(&self) -> Option<SystemTime> {
        self.past.asked
    }

    /// Where the repository really stands, if its host sends on whoever asks; secrets masked.
    pub fn moved_to(&self) -> Option<&str> {
        self.past.names.moved_to.as_deref()
    }

    fn find(&self, commit: &str) -> Option<Number> {
        self.past.graph.find(ObjectId::parse(commit)?)
    }

    fn up_to(&self, commit: Number) -> Arc<Set> {
        let lock = || self.before.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, set)) = &*lock()
            && *known == commit
        {
            return Arc::clone(set);
        }
        let set = Arc::new(self.past.graph.up_to(commit));
        *lock() = Some((commit, Arc::clone(&set)));
        set
    }
}

impl History for Recorded {
    fn tags(&self) -> &[(String, String)] {
        &self.past.names.tags
    }

    fn branches(&self) -> &[(String, String)] {
        &self.past.names.branches
    }

    fn head(&self) -> Option<&str> {
        self.past.names.head.as_deref()
    }

    fn holds(&self, commit: &str) -> bool {
        self.find(commit).is_some()
    }

    fn is_ancestor(&self, ancestor: &str, commit: &str) -> bool {
        let both = self.find(ancestor).zip(self.find(commit));
        // Nothing comes before what has a smaller number.
        both.is_some_and(|(ancestor, commit)| {
            ancestor <= commit && self.up_to(commit).holds(ancestor)
        })
    }

    fn time(&self, commit: &str) -> Option<i64> {
        let found = self.find(commit)?;
        Some(self.past.graph.time(found))
    }

    fn distance(&self, from: &str, to: &str) -> Option<usize> {
        let (from, to) = self.find(from).zip(self.find(to))?;
        let before = self.up_to(from);
        Some(self.up_to(to).without(&before))
    }

    fn is_whole(&self) -> bool {
        !self.past.graph.is_cut()
    }

    fn has_lost(&self, commit: &str) -> bool {
        ObjectId::parse(commit).is_some_and(|commit| self.past.has_lost(commit))
    }
}
