//! Finding out ahead of the walk: threads that work through what it will ask.
//!
//! Nothing that they do changes an answer; it is only there sooner.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// What is to be done.
type Job = Box<dyn FnOnce() + Send>;

/// Works on jobs with a few threads, first come, first served. When it is dropped, jobs that were
/// not begun are dropped too; those under way are left to end by themselves, since what they
/// write is either whole or not there.
pub(super) struct Ahead {
    queue: Arc<Queue>,
}

#[derive(Default)]
struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    closed: bool,
    /// Threads that wait for a job.
    idle: usize,
    running: usize,
}

impl Ahead {
    pub(super) fn new() -> Self {
        Self {
            queue: Arc::default(),
        }
    }

    /// Adds a job; starts another thread for it where all are busy and there are fewer than `most`.
    pub(super) fn push(&self, most: usize, job: impl FnOnce() + Send + 'static) {
        let mut state = self.queue.lock();
        if state.closed {
            return;
        }
        state.jobs.push_back(Box::new(job));
        if state.idle < state.jobs.len() && state.running < most {
            let queue = Arc::clone(&self.queue);
            // Where no thread can be had, the walk does all by itself.
            if thread::Builder::new()
                .name("ahead".to_owned())
                .spawn(move || queue.work())
                .is_ok()
            {
                state.running += 1;
            }
        }
        self.queue.changed.notify_one();
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        let mut state = self.queue.lock();
        state.closed = true;
        state.jobs.clear();
        self.queue.changed.notify_all();
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self) {
        while let Some(job) = self.next() {
            job();
        }
    }

    fn next(&self) -> Option<Job> {
        let mut state = self.lock();
        loop {
            if let Some(job) = state.jobs.pop_front() {
                return Some(job);
            }
            if state.closed {
                return None;
            }
            state.idle += 1;
            let waited = self.changed.wait(state);
            state = waited.unwrap_or_else(PoisonError::into_inner);
            state.idle -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Ahead;
    use std::sync::mpsc;

    #[test]
    fn jobs_run_and_may_add_jobs() {
        let ahead = std::sync::Arc::new(Ahead::new());
        let (sender, receiver) = mpsc::channel();
        for number in 0..20 {
            let (again, sender) = (std::sync::Arc::downgrade(&ahead), sender.clone());
            ahead.push(3, move || {
                let second = sender.clone();
                if let Some(ahead) = again.upgrade() {
                    ahead.push(3, move || second.send(number + 100).unwrap_or(()));
                }
                sender.send(number).unwrap_or(());
            });
        }
        let mut done: Vec<i32> = receiver.iter().take(40).collect();
        done.sort_unstable();
        assert_eq!(done, (0..20).chain(100..120).collect::<Vec<_>>());
    }
}
