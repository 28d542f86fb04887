//! Answers that outlive a run.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Keeps go-import answers: the key is the import path that was asked for, the value the tag's
/// content (`prefix vcs repository`). Only answers that were given are kept, never failures.
///
/// It may forget at any time, and losing a write does no harm, so nothing here can fail.
pub trait Memo: Send + Sync {
    /// What was answered for the import path the last time.
    fn get(&self, key: &str) -> Option<String>;

    /// Keeps an answer in place of the last one.
    fn put(&self, key: &str, value: &str);
}

/// Remembers until it is dropped; for tests, and where there is no cache.
#[derive(Debug, Default)]
pub struct InMemory(Mutex<BTreeMap<String, String>>);

impl Memo for InMemory {
    fn get(&self, key: &str) -> Option<String> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.get(key).cloned()
    }

    fn put(&self, key: &str, value: &str) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.insert(key.to_owned(), value.to_owned());
    }
}
