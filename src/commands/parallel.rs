//! One piece of work for each of many things, by a few threads.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

/// The results in the order of the things.
pub(super) fn map<T: Sync, R: Send>(
    things: &[T],
    threads: usize,
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    let mut results: Vec<Option<R>> = things.iter().map(|_| None).collect();
    std::thread::scope(|scope| {
        for _ in 0..threads.min(things.len()) {
            let (sender, next, work) = (sender.clone(), &next, &work);
            scope.spawn(move || {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(thing) = things.get(at) else { return };
                    if sender.send((at, work(thing))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        for (at, result) in receiver {
            results[at] = Some(result);
        }
    });
    results.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_the_order_of_the_things() {
        let things: Vec<usize> = (0..100).collect();
        for threads in [1, 7, 1000] {
            let doubled = map(&things, threads, |thing| thing * 2);
            assert!(
                doubled
                    .iter()
                    .enumerate()
                    .all(|(at, result)| *result == at * 2)
            );
        }
        assert!(map(&[] as &[usize], 3, |thing| *thing).is_empty());
    }
}
