//! How many requests to one host are under way at once.

use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// Hands out passes to hosts.
#[derive(Debug)]
pub(super) struct Gates {
    limit: usize,
    hosts: Mutex<HashMap<String, Arc<Gate>>>,
}

#[derive(Debug, Default)]
struct Gate {
    taken: Mutex<usize>,
    freed: Condvar,
}

/// Leave to have one request under way; given back when dropped.
#[derive(Debug)]
pub(super) struct Pass(Arc<Gate>);

impl Gates {
    /// Gates that let `limit` requests (at least one) through to each host.
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit: limit.max(1),
            hosts: Mutex::default(),
        }
    }

    /// Waits for a free place at `host`.
    pub(super) fn enter(&self, host: &str) -> Pass {
        let gate = {
            let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(hosts.entry(host.to_owned()).or_default())
        };
        {
            let taken = gate.taken.lock().unwrap_or_else(PoisonError::into_inner);
            let mut taken = gate
                .freed
                .wait_while(taken, |taken| *taken >= self.limit)
                .unwrap_or_else(PoisonError::into_inner);
            *taken += 1;
        }
        Pass(gate)
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        *self.0.taken.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        self.0.freed.notify_one();
    }
}
