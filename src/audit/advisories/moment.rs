//! Times as databases write them: RFC 3339, to the second.

const DAY: i64 = 86_400;

/// Seconds since 1970 of `2026-08-21T20:38:00Z`; fractions and offsets do not count, a day more or
/// less is all the same here.
pub(super) fn seconds(text: &str) -> Option<i64> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let bytes = text.as_bytes();
    let is_sound = bytes[4] == b'-' && bytes[7] == b'-' && (1..=12).contains(&month);
    if !is_sound || !(1..=31).contains(&day) || year < 1 {
        return None;
    }
    // Years are counted from March on, so that the day that is too many ends one.
    let year = if month > 2 { year } else { year - 1 };
    let month = (month + 9) % 12;
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1;
    Some((days - 719_468) * DAY + hour * 3600 + minute * 60 + second)
}

/// The day of a time in seconds since 1970, as `2026-08-21`.
pub fn date(seconds: i64) -> String {
    let days = seconds.div_euclid(DAY) + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

/// How many whole days lie between two times.
pub(super) fn days(from: i64, to: i64) -> i64 {
    to.saturating_sub(from).max(0) / DAY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<i64>) {
        assert_eq!(seconds(text), expected, "{text}");
        if let Some(seconds) = expected {
            assert_eq!(date(seconds), text[..10], "{text}");
        }
    }

    #[test]
    fn times_are_seconds() {
        check("1970-01-01T00:00:00Z", Some(0));
        check("2000-02-29T23:59:59.5Z", Some(951_868_799));
        check("2026-08-21T20:38:00Z", Some(1_787_344_680));
        check("0001-01-01T00:00:00Z", Some(-62_135_596_800));
        check("", None);
        check("2026-13-01T00:00:00Z", None);
        check("2026-08-21", None);
        check("20é6-08-21T20:38:00Z", None);
    }
}
