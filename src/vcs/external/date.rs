//! Dates in the form of [`CommitNote::date`](crate::vcs::CommitNote::date); pure.

const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
const DAYS: &str = "SunMonTueWedThuFriSat";
/// How far each month's days are ahead in the week, by Sakamoto's rule, in which January and
/// February count as months of the year before.
const SHIFTS: [i64; 12] = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];

/// A day (`2020-09-13`), a time (`12:26:40`) and an offset (`+0200`) as mails have them.
pub(in crate::vcs) fn mail_date(day: &str, time: &str, offset: &str) -> Option<String> {
    let mut numbers = day.split('-').map(str::parse::<i64>);
    let mut next = || numbers.next()?.ok();
    let (year, month, day) = (next()?, next()?, next()?);
    let name_in = |names: &'static str, at: i64| {
        let at = usize::try_from(at).ok()? * 3;
        names.get(at..at + 3)
    };
    let shift = SHIFTS.get(usize::try_from(month - 1).ok()?)?;
    let counted = if month < 3 { year - 1 } else { year };
    let weekday =
        (counted + counted / 4 - counted / 100 + counted / 400 + shift + day).rem_euclid(7);
    Some(format!(
        "{}, {day:02} {} {year:04} {} {offset}",
        name_in(DAYS, weekday)?,
        name_in(MONTHS, month - 1)?,
        time.get(..8)?
    ))
}

#[cfg(test)]
mod tests {
    use super::mail_date;

    #[test]
    fn days_of_the_week_are_right() {
        for (day, expected) in [
            ("1970-01-01", "Thu, 01 Jan 1970 01:02:03 -0200"),
            ("2000-02-29", "Tue, 29 Feb 2000 01:02:03 -0200"),
            ("2024-12-31", "Tue, 31 Dec 2024 01:02:03 -0200"),
        ] {
            let date = mail_date(day, "01:02:03.5", "-0200");
            assert_eq!(date.as_deref(), Some(expected));
        }
        for (day, time) in [
            ("", "01:02:03"),
            ("x", "01:02:03"),
            ("2020-13-01", "01:02:03"),
            ("2020-00-01", "01:02:03"),
            ("2020-01-01", "1:2"),
        ] {
            assert_eq!(mail_date(day, time, "+0000"), None, "{day} {time}");
        }
    }
}
