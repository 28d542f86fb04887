//! A reporter that keeps what it was told, for tests.

use std::sync::Mutex;

use crate::report::{Level, Reporter, Silent, Task};

/// Keeps every message in order.
#[derive(Debug, Default)]
pub struct Recording {
    messages: Mutex<Vec<(Level, String)>>,
    silent: Silent,
}

impl Recording {
    /// What was logged so far.
    pub fn messages(&self) -> Vec<(Level, String)> {
        self.messages
            .lock()
            .map(|messages| messages.clone())
            .unwrap_or_default()
    }
}

impl Reporter for Recording {
    fn log(&self, level: Level, message: &str) {
        self.silent.log(level, message);
        if let Ok(mut messages) = self.messages.lock() {
            messages.push((level, message.to_owned()));
        }
    }

    fn task(&self, what: &str, total: usize) -> Box<dyn Task> {
        self.silent.task(what, total)
    }

    fn had_error(&self) -> bool {
        self.silent.had_error()
    }
}
