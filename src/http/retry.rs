//! Which failures pass by themselves, and how long to wait for that.

use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, SystemTime};

/// How often a failure is worth another try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Patience {
    /// It will not get better.
    None,
    /// It may be a hiccup, but is more likely to stay: a name that does not resolve, a proxy that
    /// refuses, a connection that timed out.
    Once,
    /// It passes, as a rule.
    Full,
}

impl Patience {
    /// Whether another try is due after `failures` of them.
    pub(super) fn allows(self, failures: usize, limit: usize) -> bool {
        match self {
            Self::None => false,
            Self::Once => failures <= limit.min(1),
            Self::Full => failures <= limit,
        }
    }
}

/// Statuses that a server answers with while it is overloaded or being restarted.
pub(super) fn status_passes(status: u16) -> bool {
    matches!(status, 408 | 429 | 500 | 502 | 503 | 504)
}

/// How long `Retry-After` asks us to wait: seconds, or a date.
/// A date that has passed asks for nothing.
pub(super) fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a number holds is still a time to wait, just a hopeless one.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let then = httpdate::parse_http_date(value).ok()?;
    Some(then.duration_since(now).unwrap_or_default())
}

/// The pause, made up to a quarter longer or shorter at random, so that workers who failed
/// together do not come back together.
pub(super) fn jittered(pause: Duration) -> Duration {
    // The standard library's only source of randomness: hashers are seeded with it.
    let random = RandomState::new().hash_one(0_u8) % 501;
    let per_mille = u32::try_from(random).unwrap_or(250) + 750;
    pause * per_mille / 1000
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::{Patience, jittered, retry_after};

    #[track_caller]
    fn check(value: &str, seconds: Option<u64>) {
        // 6 November 1994, 08:49:37 UTC, the date of HTTP's own examples.
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        assert_eq!(
            retry_after(value, now),
            seconds.map(Duration::from_secs),
            "{value}"
        );
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        check("0", Some(0));
        check(" 120 ", Some(120));
        check("99999999999999999999999", Some(u64::MAX));
        check("Sun, 06 Nov 1994 08:49:47 GMT", Some(10));
        check("Sun Nov  6 08:50:37 1994", Some(60));
        check("Sun, 06 Nov 1994 08:49:00 GMT", Some(0));
        check("-1", None);
        check("soon", None);
        check("", None);
    }

    #[test]
    fn patience_ends() {
        assert!(Patience::Full.allows(1, 2) && Patience::Full.allows(2, 2));
        assert!(!Patience::Full.allows(3, 2));
        assert!(Patience::Once.allows(1, 2) && !Patience::Once.allows(2, 2));
        assert!(!Patience::None.allows(1, 2) && !Patience::Once.allows(1, 0));
    }

    #[test]
    fn jitter_stays_within_a_quarter() {
        for _ in 0..100 {
            let pause = jittered(Duration::from_secs(1)).as_millis();
            assert!((750..=1250).contains(&pause), "{pause}");
        }
    }
}
