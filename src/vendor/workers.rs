//! A few threads that take numbered pieces of work, and how they are stopped early.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Whether the workers should stop before all is done: because everything further would fail, or
/// because the caller's flag was raised.
#[derive(Debug)]
pub(super) struct Stop<'a> {
    own: AtomicBool,
    callers: Option<&'a AtomicBool>,
}

impl<'a> Stop<'a> {
    pub(super) fn new(callers: Option<&'a AtomicBool>) -> Self {
        Self {
            own: AtomicBool::new(false),
            callers,
        }
    }

    /// Lets the workers end after the file at hand.
    pub(super) fn raise(&self) {
        self.own.store(true, Ordering::Relaxed);
    }

    /// Whether the caller asked for it.
    pub(super) fn is_cancelled(&self) -> bool {
        self.callers
            .is_some_and(|flag| flag.load(Ordering::Relaxed))
    }

    pub(super) fn is_raised(&self) -> bool {
        self.own.load(Ordering::Relaxed) || self.is_cancelled()
    }
}

/// Does the pieces `0..count` on at most `workers` threads, each with a state of its own.
///
/// Pieces are taken one at a time in order, so a large repository is shared by all of them.
pub(super) fn run<S>(
    count: usize,
    workers: usize,
    stop: &Stop<'_>,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) + Sync,
) {
    let next = AtomicUsize::new(0);
    let one = || {
        let mut state = state();
        while !stop.is_raised() {
            let piece = next.fetch_add(1, Ordering::Relaxed);
            if piece >= count {
                break;
            }
            work(&mut state, piece);
        }
    };
    let workers = workers.clamp(1, count.max(1));
    std::thread::scope(|scope| {
        for _ in 1..workers {
            scope.spawn(one);
        }
        one();
    });
}
