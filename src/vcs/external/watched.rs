//! A program's work in sight of whoever watches what comes from remotes.

use std::sync::Arc;

use super::{Client, Error, Refs};
use crate::http::mask;
use crate::report::{Hold, Traffic};
use crate::vcs::{Arrivals, Fetched};

/// A client that somebody watches. How much comes is the program's secret; that it is at work is not.
pub struct Watched {
    client: Arc<dyn Client>,
    traffic: Arc<dyn Traffic>,
    arrivals: Arc<Arrivals>,
    may_prompt: bool,
}

impl Watched {
    /// `may_prompt` is whether `ssh` may ask on the terminal: nothing is drawn there meanwhile.
    pub fn new(
        client: Arc<dyn Client>,
        (traffic, arrivals): (Arc<dyn Traffic>, Arc<Arrivals>),
        may_prompt: bool,
    ) -> Self {
        Self {
            client,
            traffic,
            arrivals,
            may_prompt,
        }
    }

    fn hold(&self, remote: &str) -> Option<Box<dyn Hold>> {
        let scheme = remote.split_once("://").map_or("", |(scheme, _)| scheme);
        let may_ask = self.may_prompt && scheme.split('+').any(|part| part == "ssh");
        may_ask.then(|| self.traffic.hold())
    }
}

impl Client for Watched {
    fn open(&self, remote: &str) -> Result<Box<dyn Refs>, Error> {
        let _hold = self.hold(remote);
        let _download = self.traffic.download(&mask(remote));
        self.client.open(remote)
    }

    fn obtain(&self, remote: &str, want: &str) -> Result<Fetched, Error> {
        let _hold = self.hold(remote);
        let _download = self.traffic.download(&mask(remote));
        let mut fetched = self.client.obtain(remote, want)?;
        if !fetched.from_cache {
            self.arrivals.note(remote, &fetched.revision, fetched.bytes);
        } else if let Some(arrival) = self.arrivals.of(remote, &fetched.revision) {
            (fetched.from_cache, fetched.bytes) = (false, arrival.bytes);
        }
        Ok(fetched)
    }
}
