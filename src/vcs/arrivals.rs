//! What has come from remotes in this run: a commit that the walk has fetched is in the cache when vendor/
//! wants it, and yet was not there before.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The commits that have come, by the address of the repository and the revision.
#[derive(Debug, Default)]
pub struct Arrivals(Mutex<HashMap<(String, String), Arrival>>);

/// A commit that has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Arrival {
    /// How many bytes it took; `None` where nobody has counted them.
    pub(super) bytes: Option<u64>,
}

impl Arrivals {
    /// Takes note of one. The bytes of one that comes again are added up.
    pub(super) fn note(&self, remote: &str, revision: &str, bytes: Option<u64>) {
        let mut arrived = self.lock();
        let place = (remote.to_owned(), revision.to_owned());
        let noted = arrived.entry(place).or_insert(Arrival { bytes: Some(0) });
        let both = noted.bytes.zip(bytes);
        noted.bytes = both.map(|(old, new)| old.saturating_add(new));
    }

    /// What is noted of one; nothing where it was in the cache before.
    pub(super) fn of(&self, remote: &str, revision: &str) -> Option<Arrival> {
        let place = (remote.to_owned(), revision.to_owned());
        self.lock().get(&place).copied()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(String, String), Arrival>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_twice_is_added_up_unless_it_was_not_counted() {
        let arrivals = Arrivals::default();
        assert_eq!(arrivals.of("r", "1"), None);
        arrivals.note("r", "1", Some(5));
        arrivals.note("r", "1", Some(7));
        arrivals.note("r", "2", None);
        arrivals.note("r", "2", Some(7));
        arrivals.note("s", "1", Some(u64::MAX));
        arrivals.note("s", "1", Some(1));
        let of = |remote, revision| arrivals.of(remote, revision).map(|arrival| arrival.bytes);
        assert_eq!(of("r", "1"), Some(Some(12)));
        assert_eq!(of("r", "2"), Some(None));
        assert_eq!(of("s", "1"), Some(Some(u64::MAX)));
        assert_eq!(of("s", "2"), None);
    }
}
