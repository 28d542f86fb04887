//! A limit on the bytes that all workers together hold.

use std::sync::{Condvar, Mutex, PoisonError};

/// Bytes that may be held; shared by all workers.
#[derive(Debug)]
pub(super) struct Budget {
    total: u64,
    free: Mutex<u64>,
    returned: Condvar,
    /// Held while waiting, so that a large request is served before smaller ones that come later.
    queue: Mutex<()>,
}

/// Bytes that were taken; they go back when this is dropped.
#[derive(Debug)]
pub(super) struct Share<'a> {
    budget: &'a Budget,
    bytes: u64,
}

impl Budget {
    pub(super) fn new(total: u64) -> Self {
        Self {
            total,
            free: Mutex::new(total),
            returned: Condvar::new(),
            queue: Mutex::new(()),
        }
    }

    /// Waits until the bytes are free. Whoever wants more than there is gets all of it, alone.
    pub(super) fn take(&self, bytes: u64) -> Share<'_> {
        let bytes = bytes.min(self.total);
        // A worker that panicked has left the counter as it was before or after its change.
        let _turn = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = self
            .returned
            .wait_while(free, |free| *free < bytes)
            .unwrap_or_else(PoisonError::into_inner);
        *free -= bytes;
        Share {
            budget: self,
            bytes,
        }
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        let mut free = self
            .budget
            .free
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *free += self.bytes;
        self.budget.returned.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::Budget;

    #[test]
    fn all_workers_together_stay_within_the_budget_and_a_giant_is_alone() {
        let budget = Budget::new(100);
        let held = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for worker in 0..4_u64 {
                let (budget, held) = (&budget, &held);
                scope.spawn(move || {
                    for round in 0..500_u64 {
                        let want = if round % 50 == worker { 1000 } else { 30 };
                        let share = budget.take(want);
                        let now = held.fetch_add(share.bytes, Ordering::SeqCst) + share.bytes;
                        assert!(now <= 100);
                        held.fetch_sub(share.bytes, Ordering::SeqCst);
                    }
                });
            }
        });
        assert_eq!(*budget.free.lock().unwrap(), 100);
    }
}
