//! Answers that are found out once, whoever needs them first.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Answers by question. Two threads with the same question wait for one answer; those with
/// different ones do not wait for each other.
#[derive(Debug)]
pub(crate) struct Once<K, V> {
    cells: Mutex<HashMap<K, Arc<OnceLock<V>>>>,
}

impl<K, V> Default for Once<K, V> {
    fn default() -> Self {
        Self {
            cells: Mutex::default(),
        }
    }
}

impl<K: Eq + Hash, V: Clone> Once<K, V> {
    /// The answer, found out by `find` if nobody has.
    pub(crate) fn get(&self, question: K, find: impl FnOnce() -> V) -> V {
        let cell = {
            let mut cells = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(cells.entry(question).or_default())
        };
        cell.get_or_init(find).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::Once;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn each_question_is_answered_once() {
        let (once, asked) = (Once::default(), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for turn in 0..64 {
                let (once, asked) = (&once, &asked);
                scope.spawn(move || {
                    let answer = once.get(turn % 4, || {
                        asked.fetch_add(1, Ordering::Relaxed);
                        turn % 4 * 10
                    });
                    assert_eq!(answer, turn % 4 * 10);
                });
            }
        });
        assert_eq!(asked.into_inner(), 4);
    }
}
