//! The programs that are running for us, so that none outlives the run.
//!
//! Threads that run ahead are not waited for when a run ends, and what they have started would go
//! on by itself: a clone of an hour, for nobody.

use std::io;
use std::process::{Child, Command, ExitStatus};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// All that run for this process.
pub(super) static RUNNING: Children = Children::new();

/// The longest pause between two looks at a program that has closed its output and still runs.
const LONGEST_PAUSE: Duration = Duration::from_millis(10);

/// Programs that run, each until it is dropped.
#[derive(Debug)]
pub(super) struct Children(Mutex<State>);

#[derive(Debug)]
struct State {
    ended: bool,
    children: Vec<Shared>,
}

type Shared = Arc<Mutex<Child>>;

impl Children {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(State {
            ended: false,
            children: Vec::new(),
        }))
    }

    /// Starts a program, unless the run has come to its end.
    pub(super) fn start(&self, command: &mut Command) -> io::Result<Running<'_>> {
        let mut state = self.lock();
        if state.ended {
            return Err(io::Error::other("the run has ended"));
        }
        let child = Arc::new(Mutex::new(command.spawn()?));
        state.children.push(Arc::clone(&child));
        Ok(Running { all: self, child })
    }

    /// Ends all that run, and lets nothing be started any more.
    pub(super) fn end(&self) {
        let mut state = self.lock();
        state.ended = true;
        for child in state.children.drain(..) {
            // It fails only where it has ended.
            let _ = lock(&child).kill();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.0)
    }
}

/// A child that is ended, and waited for, when dropped.
pub(super) struct Running<'a> {
    all: &'a Children,
    child: Shared,
}

impl Running<'_> {
    /// Lends the child, to whom nobody else gets meanwhile.
    pub(super) fn child(&self) -> MutexGuard<'_, Child> {
        lock(&self.child)
    }

    /// Ends it.
    pub(super) fn kill(&self) {
        // It fails only where it has ended.
        let _ = self.child().kill();
    }

    /// Waits for its end. It is looked at now and then, so that others can end it meanwhile; most
    /// are at their end when they have closed their output.
    pub(super) fn wait(&self) -> io::Result<ExitStatus> {
        let mut pause = Duration::from_micros(50);
        loop {
            if let Some(status) = self.child().try_wait()? {
                return Ok(status);
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let mut state = self.all.lock();
        state
            .children
            .retain(|child| !Arc::ptr_eq(child, &self.child));
        drop(state);
        let mut child = self.child();
        // Both fail only where it has ended and has been waited for.
        let _ = child.kill();
        let _ = child.wait();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn at_the_end_all_are_ended_and_none_is_started() {
        let children = Children::new();
        std::thread::scope(|scope| {
            let (sender, started) = mpsc::channel();
            let waiting: Vec<_> = (0..3)
                .map(|_| {
                    let (children, sender) = (&children, sender.clone());
                    scope.spawn(move || {
                        let running = children.start(Command::new("sleep").arg("600")).unwrap();
                        sender.send(()).unwrap();
                        running.wait().unwrap().code()
                    })
                })
                .collect();
            started.iter().take(3).for_each(drop);
            children.end();
            for thread in waiting {
                assert_eq!(thread.join().unwrap(), None);
            }
        });
        let refused = children.start(&mut Command::new("true")).map(drop);
        assert!(refused.is_err());
    }

    #[test]
    fn one_that_is_dropped_is_gone() {
        let children = Children::new();
        let running = children.start(Command::new("sleep").arg("600")).unwrap();
        assert_eq!(children.lock().children.len(), 1);
        drop(running);
        assert!(children.lock().children.is_empty());
    }
}
