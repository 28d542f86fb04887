//! Listening to signals, and what each of them means.

use std::sync::OnceLock;

use signal_hook::consts::{SIGINT, SIGTERM, SIGTSTP};
use signal_hook::iterator::exfiltrator::WithOrigin;
use signal_hook::iterator::exfiltrator::origin::Origin;
use signal_hook::iterator::{Handle, SignalsInfo};
use signal_hook::low_level::emulate_default_handler;

use super::Interrupt;
use super::foreground::{Foreground, is_ignored};

/// What is done about signals.
#[derive(Default)]
pub(super) struct Heard {
    /// What more signals can be listened to with; nothing inside where that is not possible.
    pub(super) listening: OnceLock<Option<Handle>>,
    /// What Ctrl-Z does in place of stopping us at once.
    around_stop: OnceLock<AroundStop>,
    pub(super) foreground: Foreground,
}

/// Is handed what stops the program, and returns once it goes on.
type AroundStop = Box<dyn Fn(&dyn Fn()) + Send + Sync>;

impl Interrupt {
    /// Has Ctrl-Z do this, which is handed what stops the program; to be called before listening begins.
    /// Where Ctrl-Z is ignored it stays so.
    pub fn around_stop(&self, act: impl Fn(&dyn Fn()) + Send + Sync + 'static) {
        if !is_ignored(SIGTSTP) {
            // The first one counts.
            let _ = self.heard.around_stop.set(Box::new(act));
        }
    }

    /// Starts listening, which takes a thread, unless that was done before. Where that is not
    /// possible, signals do what they do by themselves.
    pub fn listen(&self) {
        self.heard.listening.get_or_init(|| {
            let mut signals = SignalsInfo::<WithOrigin>::new([SIGINT, SIGTERM]).ok()?;
            if self.heard.around_stop.get().is_some() {
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
            if let Some(around) = self.heard.around_stop.get() {
                around(&|| {
                    // It can always be done for this one.
                    let _ = emulate_default_handler(SIGTSTP);
                });
            }
            return;
        }
        if !self.heard.foreground.takes(origin) {
            self.end();
        }
    }
}
