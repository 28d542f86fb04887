//! Many questions to remotes at once, with the answers in a fixed order.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

/// Does `work` on all items with a few threads; the results come in the order of the items. As each
/// comes `step` is handed its item, and as soon as all before it are there, `tell` both.
pub(super) fn in_parallel<I: Sync, T: Send>(
    items: &[I],
    threads: usize,
    work: impl Fn(&I) -> T + Sync,
    step: impl Fn(&I),
    tell: impl Fn(&I, &T),
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    let mut results: Vec<Option<T>> = items.iter().map(|_| None).collect();
    std::thread::scope(|scope| {
        for _ in 0..threads.min(items.len()) {
            let (sender, next, work) = (sender.clone(), &next, &work);
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else { return };
                    if sender.send((index, work(item))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut told = 0;
        for (index, result) in receiver {
            step(&items[index]);
            results[index] = Some(result);
            while let Some(Some(result)) = results.get(told) {
                tell(&items[told], result);
                told += 1;
            }
        }
    });
    results.into_iter().flatten().collect()
}

/// The same where nobody is told how far it is.
pub(super) fn map<I: Sync, T: Send>(
    items: &[I],
    threads: usize,
    work: impl Fn(&I) -> T + Sync,
) -> Vec<T> {
    in_parallel(items, threads, work, |_| {}, |_, _| {})
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::sync::Barrier;

    use super::*;

    #[test]
    fn results_are_told_in_the_order_of_the_items_however_they_come() {
        let items: Vec<usize> = (0..6).collect();
        // Each even number waits for the odd one behind it, so that it cannot be done first alone.
        let pairs: Vec<Barrier> = (0..3).map(|_| Barrier::new(2)).collect();
        let work = |item: &usize| {
            pairs[item / 2].wait();
            item * 10
        };
        let (steps, told) = (RefCell::new(Vec::new()), RefCell::new(Vec::new()));
        let results = in_parallel(
            &items,
            2,
            work,
            |item| steps.borrow_mut().push(*item),
            |item, result| told.borrow_mut().push((*item, *result)),
        );
        assert_eq!(results, [0, 10, 20, 30, 40, 50]);
        let in_order: Vec<_> = items.iter().map(|item| (*item, item * 10)).collect();
        assert_eq!(told.into_inner(), in_order);
        let mut steps = steps.into_inner();
        steps.sort_unstable();
        assert_eq!(steps, items);
    }

    #[test]
    fn nothing_to_do_is_done_at_once() {
        let none = in_parallel(&[0; 0], 4, |item| *item, |_| {}, |_, _| {});
        assert_eq!(none, [0; 0]);
    }
}
