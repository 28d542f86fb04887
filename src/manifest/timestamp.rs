//! The moment that glide.lock was made, as Go reads and writes it.

use std::fmt;
use std::str::FromStr;

/// A moment as RFC 3339 writes it: the offset and nine digits of the second are kept, not converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timestamp {
    year: u16,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
    nanosecond: u32,
    /// East of Greenwich, in minutes.
    offset: i16,
}

impl Default for Timestamp {
    /// Go's zero time, which stands for "not known".
    fn default() -> Self {
        Self {
            year: 1,
            month: 1,
            day: 1,
            hour: 0,
            minute: 0,
            second: 0,
            nanosecond: 0,
            offset: 0,
        }
    }
}

impl From<time::OffsetDateTime> for Timestamp {
    /// Seconds of an offset, which no place has had for a century, are dropped; so are years that
    /// RFC 3339 cannot write.
    fn from(moment: time::OffsetDateTime) -> Self {
        let Ok(year) = u16::try_from(moment.year()) else {
            return Self::default();
        };
        Self {
            year,
            month: moment.month().into(),
            day: moment.day(),
            hour: moment.hour(),
            minute: moment.minute(),
            second: moment.second(),
            nanosecond: moment.nanosecond(),
            offset: moment.offset().whole_minutes(),
        }
    }
}

impl Timestamp {
    /// A moment in the zone of this machine; in UTC where that cannot be told.
    pub fn local(moment: std::time::SystemTime) -> Self {
        let moment = time::OffsetDateTime::from(moment);
        let offset = time::UtcOffset::local_offset_at(moment).unwrap_or(time::UtcOffset::UTC);
        moment.to_offset(offset).into()
    }

    /// Seconds since 1970, told in a zone that is `offset` minutes east of Greenwich.
    pub fn from_unix(seconds: i64, offset: i32) -> Self {
        let zone = time::UtcOffset::from_whole_seconds(offset.saturating_mul(60));
        let moment = time::OffsetDateTime::from_unix_timestamp(seconds).ok();
        let moment = moment
            .and_then(|moment| moment.checked_to_offset(zone.unwrap_or(time::UtcOffset::UTC)));
        moment.map_or_else(Self::default, Self::from)
    }

    /// The later of two moments, whatever zones they are told in; this one where they are the same.
    #[must_use]
    pub fn later(self, other: Self) -> Self {
        if other.since_the_year_zero() > self.since_the_year_zero() {
            other
        } else {
            self
        }
    }

    /// Minutes in UTC, then seconds, then their fraction.
    fn since_the_year_zero(&self) -> (i64, u8, u32) {
        let whole_years = i64::from(self.year) * 365;
        let leap_days =
            |year: u16| i64::from(year.div_ceil(4) - year.div_ceil(100) + year.div_ceil(400));
        let months = (1..u16::from(self.month)).map(|month| i64::from(days_in(month, self.year)));
        let days = whole_years + leap_days(self.year) + months.sum::<i64>() + i64::from(self.day);
        let minutes = (days * 24 + i64::from(self.hour)) * 60 + i64::from(self.minute);
        (
            minutes - i64::from(self.offset),
            self.second,
            self.nanosecond,
        )
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = (self.year, self.month, self.day);
        let (hour, minute, second) = (self.hour, self.minute, self.second);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
        )?;
        if self.nanosecond != 0 {
            let digits = format!("{:09}", self.nanosecond);
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        if self.offset == 0 {
            return f.write_str("Z");
        }
        let sign = if self.offset < 0 { '-' } else { '+' };
        let minutes = self.offset.unsigned_abs();
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

/// A text that is no moment in RFC 3339.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot read {text:?} as a time (like 2006-01-02T15:04:05.999Z): {reason}")]
pub struct TimestampError {
    text: String,
    reason: &'static str,
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parsed = Cursor { rest: text }.timestamp();
        parsed.map_err(|reason| TimestampError {
            text: text.to_owned(),
            reason,
        })
    }
}

type Part<T> = Result<T, &'static str>;

/// What is left of the text.
struct Cursor<'t> {
    rest: &'t str,
}

impl Cursor<'_> {
    fn timestamp(mut self) -> Part<Timestamp> {
        let year = self.number(4)?;
        self.expect('-')?;
        let month = self.within(1..=12, "the month is out of range")?;
        self.expect('-')?;
        let day = self.number(2)?;
        self.expect('T')?;
        // Go takes a single digit here, and here only.
        let hour_digits = match self.rest.as_bytes() {
            [_, b':', ..] => 1,
            _ => 2,
        };
        let hour = self.number(hour_digits)?;
        self.expect(':')?;
        let minute = self.within(0..=59, "the minute is out of range")?;
        self.expect(':')?;
        let second = self.within(0..=59, "the second is out of range")?;
        let nanosecond = self.fraction()?;
        let offset = self.offset()?;
        if !self.rest.is_empty() {
            return Err("there is something after it");
        }
        if hour > 23 {
            return Err("the hour is out of range");
        }
        if day < 1 || day > days_in(month, year) {
            return Err("the day is out of range");
        }
        Ok(Timestamp {
            year,
            month: small(month),
            day: small(day),
            hour: small(hour),
            minute: small(minute),
            second: small(second),
            nanosecond,
            offset,
        })
    }

    /// The digits of a second after its point, cut to nine; nothing is zero.
    fn fraction(&mut self) -> Part<u32> {
        let Some(rest) = self.rest.strip_prefix(['.', ',']) else {
            return Ok(0);
        };
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        if length == 0 {
            return Err("digits are missing after the second's point");
        }
        let (digits, rest) = rest.split_at(length);
        self.rest = rest;
        let nine = digits.bytes().chain(std::iter::repeat(b'0')).take(9);
        Ok(nine.fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0')))
    }

    fn offset(&mut self) -> Part<i16> {
        if self.expect('Z').is_ok() {
            return Ok(0);
        }
        let missing = "the offset (Z, +hh:mm or -hh:mm) is missing";
        let sign = match self.rest.bytes().next() {
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => return Err(missing),
        };
        self.rest = &self.rest[1..];
        // Some write a full day, and Go lets them.
        let hours = self.within(0..=24, "the offset is out of range");
        let hours = hours.map_err(|_| missing)?;
        self.expect(':').map_err(|_| missing)?;
        let minutes = self.within(0..=59, "the offset is out of range")?;
        let total = hours * 60 + minutes;
        Ok(sign * i16::try_from(total).map_err(|_| missing)?)
    }

    fn within(&mut self, range: std::ops::RangeInclusive<u16>, reason: &'static str) -> Part<u16> {
        let number = self.number(2)?;
        if range.contains(&number) {
            Ok(number)
        } else {
            Err(reason)
        }
    }

    /// Reads exactly so many digits.
    fn number(&mut self, digits: usize) -> Part<u16> {
        let number = self
            .rest
            .get(..digits)
            .filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|text| text.parse().ok())
            .ok_or("digits are missing")?;
        self.rest = &self.rest[digits..];
        Ok(number)
    }

    fn expect(&mut self, c: char) -> Part<()> {
        self.rest = self.rest.strip_prefix(c).ok_or(match c {
            'T' => "the `T` between date and time is missing",
            _ => "a separator is missing",
        })?;
        Ok(())
    }
}

/// A number of two digits at most.
fn small(number: u16) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

fn days_in(month: u16, year: u16) -> u16 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
