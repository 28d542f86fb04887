//! A limit on the files that one run looks at: a few hundred bytes can stand for a million of them.

use std::sync::atomic::{AtomicUsize, Ordering};

/// More files and folders than this, in all commits together, are an attack.
const MOST: usize = 4_000_000;

/// How many files and folders may still come; shared by all repositories of a run.
#[derive(Debug)]
pub(super) struct FileBudget {
    left: AtomicUsize,
}

impl Default for FileBudget {
    fn default() -> Self {
        Self {
            left: AtomicUsize::new(MOST),
        }
    }
}

impl FileBudget {
    /// Takes so many; false where that is too many.
    pub(super) fn take(&self, files: usize) -> bool {
        let less = |left: usize| left.checked_sub(files);
        self.left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less)
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{FileBudget, MOST};

    #[test]
    fn what_is_too_much_takes_nothing() {
        let budget = FileBudget::default();
        assert!(budget.take(MOST - 10));
        assert!(!budget.take(11));
        assert!(budget.take(10));
        assert!(!budget.take(1));
    }
}
