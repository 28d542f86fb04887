//! Ctrl-C, SIGTERM, and what else is sent to a program while another runs on its behalf.
//!
//! While nothing needs putting away a signal ends the program at once: what a fetch leaves in the
//! cache is cleared by the next one. While vendor/ is being filled a signal only asks for an end,
//! so that the staging folder goes before we do; a second one does not wait for that. While a
//! command runs in the foreground, signals are for the command.

mod foreground;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use signal_hook::consts::{SIGINT, SIGTERM, SIGTSTP};
use signal_hook::iterator::exfiltrator::WithOrigin;
use signal_hook::iterator::exfiltrator::origin::Origin;
use signal_hook::iterator::{Handle, SignalsInfo};
use signal_hook::low_level::emulate_default_handler;

pub use foreground::{Ended, end_by};

use foreground::{Foreground, is_ignored};

/// The exit code of a run that was interrupted, as shells have it.
pub const EXIT_CODE: u8 = 130;

/// Knows whether somebody wants the run to end.
#[derive(Clone, Default)]
pub struct Interrupt {
    requested: Arc<AtomicBool>,
    orderly: Arc<AtomicBool>,
    /// What more signals can be listened to with; nothing inside where that is not possible.
    listening: Arc<OnceLock<Option<Handle>>>,
    last_acts: Arc<Mutex<LastActs>>,
    /// What Ctrl-Z does in place of stopping us at once.
    around_stop: Arc<OnceLock<AroundStop>>,
    foreground: Arc<Foreground>,
}

/// What is done before a signal ends the program.
type LastActs = Vec<Box<dyn Fn() + Send>>;

/// Is handed what stops the program, and returns once it goes on.
type AroundStop = Box<dyn Fn(&dyn Fn()) + Send + Sync>;

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

    /// Has Ctrl-Z do this, which is handed what stops the program; to be called before listening begins.
    /// Where Ctrl-Z is ignored it stays so.
    pub fn around_stop(&self, act: impl Fn(&dyn Fn()) + Send + Sync + 'static) {
        if !is_ignored(SIGTSTP) {
            // The first one counts.
            let _ = self.around_stop.set(Box::new(act));
        }
    }

    /// Starts listening, which takes a thread, unless that was done before. Where that is not
    /// possible, signals do what they do by themselves.
    pub fn listen(&self) {
        self.listening.get_or_init(|| {
            let mut signals = SignalsInfo::<WithOrigin>::new([SIGINT, SIGTERM]).ok()?;
            if self.around_stop.get().is_some() {
                // Where it cannot be listened to, it stops us at once.
                let _ = signals.add_signal(SIGTSTP);
            }
            let (handle, heard) = (signals.handle(), self.clone());
            std::thread::spawn(move || {
                for origin in signals.forever() {
                    heard.heard(&origin);
                }
            });
            Some(handle)
        });
    }

    fn heard(&self, origin: &Origin) {
        if origin.signal == SIGTSTP {
            if let Some(around) = self.around_stop.get() {
                around(&|| {
                    // It can always be done for this one.
                    let _ = emulate_default_handler(SIGTSTP);
                });
            }
            return;
        }
        if self.foreground.takes(origin) {
            return;
        }
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
