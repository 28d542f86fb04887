//! Ctrl-C, SIGTERM, and what else is sent to a program while another runs on its behalf.
//!
//! While nothing needs putting away a signal ends the program at once: what a fetch leaves in the
//! cache is cleared by the next one. While vendor/ is being filled a signal only asks for an end,
//! so that the staging folder goes before we do; a second one does not wait for that. While a
//! command runs in the foreground, signals are for the command.

#[cfg(windows)]
mod console;
#[cfg(unix)]
mod foreground;
#[cfg(unix)]
mod signals;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

#[cfg(windows)]
use console::Heard;
#[cfg(windows)]
pub use console::end_by;
#[cfg(unix)]
pub use foreground::end_by;
#[cfg(unix)]
use signals::Heard;

/// The exit code of a run that was interrupted, as shells have it.
pub const EXIT_CODE: u8 = 130;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// By itself, with this exit code.
    Code(u8),
    /// By the signal of this number.
    Signal(i32),
    /// It was not started: somebody had wanted the run to end before.
    NotStarted,
}

/// Knows whether somebody wants the run to end.
#[derive(Clone, Default)]
pub struct Interrupt {
    requested: Arc<AtomicBool>,
    orderly: Arc<AtomicBool>,
    last_acts: Arc<Mutex<LastActs>>,
    heard: Arc<Heard>,
}

/// What is done before a signal ends the program.
type LastActs = Vec<Box<dyn Fn() + Send>>;

/// While this lives, a signal only asks for an end.
#[derive(Debug)]
pub struct Orderly<'a>(&'a AtomicBool);

impl Drop for Orderly<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

impl Interrupt {
    /// Adds what a signal has to do before it ends the program.
    pub fn before_end(&self, act: impl Fn() + Send + 'static) {
        let acts = self.last_acts.lock();
        let mut acts = acts.unwrap_or_else(PoisonError::into_inner);
        acts.push(Box::new(act));
    }

    /// Somebody wants the run to end: asks for that, or ends it.
    fn end(&self) {
        let first = !self.requested.swap(true, Ordering::SeqCst);
        if !(first && self.orderly.load(Ordering::SeqCst)) {
            let acts = self.last_acts.lock();
            for act in acts.unwrap_or_else(PoisonError::into_inner).iter() {
                act();
            }
            #[expect(
                clippy::disallowed_methods,
                reason = "this is the end; no guard is alive"
            )]
            std::process::exit(i32::from(EXIT_CODE));
        }
    }

    /// Becomes true when somebody wants the run to end.
    pub fn requested(&self) -> &AtomicBool {
        &self.requested
    }

    /// Makes signals wait for an orderly end, until the guard is dropped.
    pub fn orderly(&self) -> Orderly<'_> {
        self.orderly.store(true, Ordering::SeqCst);
        Orderly(&self.orderly)
    }
}
