//! Progress on a terminal; the only module that names indicatif.
//!
//! Nothing is drawn for a task that takes less than a quarter of a second, and nothing at all
//! where standard error is no terminal.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::harmless;
use crate::report::Task;

/// Tasks shorter than this are not shown.
const PATIENCE: Duration = Duration::from_millis(250);
/// How many times a second a bar is drawn, at most.
const REDRAWS: u8 = 10;

/// Where bars are drawn.
pub(super) struct Screen {
    bars: Option<MultiProgress>,
}

impl Screen {
    pub(super) fn new(enabled: bool) -> Self {
        let draw = || MultiProgress::with_draw_target(ProgressDrawTarget::stderr_with_hz(REDRAWS));
        Self {
            bars: enabled.then(draw),
        }
    }

    /// Writes something durable above whatever is drawn.
    pub(super) fn above(&self, write: impl FnOnce()) {
        match &self.bars {
            Some(bars) => bars.suspend(write),
            None => write(),
        }
    }

    pub(super) fn task(&self, what: &str, total: usize) -> Box<dyn Task> {
        Box::new(Bar {
            what: harmless(what),
            total: total as u64,
            done: AtomicU64::new(0),
            started: Instant::now(),
            bars: self.bars.clone(),
            drawn: std::sync::OnceLock::new(),
        })
    }
}

/// One task; its bar is made when it has taken long enough.
struct Bar {
    what: String,
    total: u64,
    done: AtomicU64,
    started: Instant,
    bars: Option<MultiProgress>,
    drawn: std::sync::OnceLock<Arc<ProgressBar>>,
}

impl Task for Bar {
    fn step(&self, label: &str) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        let Some(bars) = self
            .bars
            .as_ref()
            .filter(|_| self.started.elapsed() >= PATIENCE)
        else {
            return;
        };
        let bar = self.drawn.get_or_init(|| {
            let bar = bars.add(ProgressBar::new(self.total));
            if let Ok(style) = ProgressStyle::with_template("{prefix} {pos}/{len} {wide_msg}") {
                bar.set_style(style);
            }
            bar.set_prefix(self.what.clone());
            Arc::new(bar)
        });
        bar.set_position(done);
        bar.set_message(harmless(label));
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = self.drawn.get() {
            bar.finish_and_clear();
        }
    }
}
