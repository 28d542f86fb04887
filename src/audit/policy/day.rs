//! Days, as policies name them.

use crate::manifest::Timestamp;

/// A day of the calendar: year, month, day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub u16, pub u8, pub u8);

impl Day {
    /// The day of a moment in seconds since 1970, in UTC.
    pub fn of_unix(seconds: i64) -> Self {
        let written = Timestamp::from_unix(seconds, 0).to_string();
        let mut numbers = written.split(['-', 'T']).map(str::parse);
        let mut number = || numbers.next().and_then(Result::ok).unwrap_or(0);
        let (year, month, day) = (number(), number(), number());
        let byte = |number: u16| u8::try_from(number).unwrap_or(0);
        Self(year, byte(month), byte(day))
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0, self.1, self.2)
    }
}
