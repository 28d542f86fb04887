//! What `svn` prints as XML: the few things in it that matter; pure.

use crate::vcs::CommitNote;

/// The number of the last revision that changed a folder, out of `svn info`; `None` for a file.
pub(super) fn last_changed(info: &str) -> Option<String> {
    let entry = after(info, "<entry")?;
    if attribute(entry, "kind")? != "dir" {
        return None;
    }
    let number = attribute(after(entry, "<commit")?, "revision")?;
    number.parse::<u32>().ok().map(|number| number.to_string())
}

/// Author, date and subject, out of `svn log` of one revision.
pub(super) fn note(log: &str) -> Option<CommitNote> {
    let entry = after(log, "<logentry")?;
    let text = |name| content(entry, name).unwrap_or_default();
    let message = text("msg");
    Some(CommitNote {
        author: text("author"),
        date: mail_date(&text("date")).unwrap_or_default(),
        subject: message.lines().next().unwrap_or_default().to_owned(),
    })
}

fn after<'t>(text: &'t str, tag: &str) -> Option<&'t str> {
    let rest = text.split_once(tag)?.1;
    rest.starts_with(|c: char| c.is_whitespace() || c == '>')
        .then_some(rest)
}

/// An attribute of the tag that `rest` is inside of.
fn attribute<'t>(rest: &'t str, name: &str) -> Option<&'t str> {
    let (tag, _) = rest.split_once('>')?;
    let mut words = tag.split_whitespace();
    let value = words.find_map(|word| word.strip_prefix(name)?.strip_prefix("=\""))?;
    value.split_once('"').map(|(value, _)| value)
}

fn content(text: &str, name: &str) -> Option<String> {
    let rest = text.split_once(&format!("<{name}>"))?.1;
    let (inside, _) = rest.split_once("</")?;
    Some(unescaped(inside))
}

/// `svn` writes these five entities, and carriage returns as a number.
fn unescaped(text: &str) -> String {
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&#13;", "\r"),
        ("&amp;", "&"),
    ];
    let replace = |text: String, (from, to): (&str, &str)| text.replace(from, to);
    entities.into_iter().fold(text.to_owned(), replace)
}

const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
const DAYS: &str = "SunMonTueWedThuFriSat";
/// How far each month's days are ahead in the week, by Sakamoto's rule, in which January and
/// February count as months of the year before.
const SHIFTS: [i64; 12] = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];

/// `2020-09-13T12:26:40.000000Z` in the form of [`CommitNote::date`].
fn mail_date(text: &str) -> Option<String> {
    let (day, time) = text.split_once('T')?;
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
        "{}, {day:02} {} {year:04} {} +0000",
        name_in(DAYS, weekday)?,
        name_in(MONTHS, month - 1)?,
        time.get(..8)?
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_change_of_a_folder_is_found() {
        let info = |kind: &str| {
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<info>\n<entry\n   kind=\"{kind}\"\n   path=\"trunk\"\n   revision=\"7\">\n<url>file:///r</url>\n<commit\n   revision=\"3\">\n<author>me</author>\n</commit>\n</entry>\n</info>\n"
            )
        };
        assert_eq!(last_changed(&info("dir")).as_deref(), Some("3"));
        assert_eq!(last_changed(&info("file")), None);
        assert_eq!(last_changed("<info>\n</info>"), None);
        assert_eq!(last_changed(""), None);
    }

    #[test]
    fn a_log_is_told() {
        let log = "<log>\n<logentry\n   revision=\"1\">\n<author>A &amp;lt;</author>\n<date>2020-09-13T12:26:40.341331Z</date>\n<msg>one &lt;two&gt;\nthree</msg>\n</logentry>\n</log>\n";
        let note = note(log).unwrap();
        assert_eq!(note.author, "A &lt;");
        assert_eq!(note.subject, "one <two>");
        assert_eq!(note.date, "Sun, 13 Sep 2020 12:26:40 +0000");
        assert_eq!(super::note("<log>\n</log>"), None);
    }

    #[test]
    fn days_of_the_week_are_right() {
        for (date, expected) in [
            (
                "1970-01-01T00:00:00.000000Z",
                "Thu, 01 Jan 1970 00:00:00 +0000",
            ),
            ("2000-02-29T23:59:59Z", "Tue, 29 Feb 2000 23:59:59 +0000"),
            ("2024-12-31T01:02:03.5Z", "Tue, 31 Dec 2024 01:02:03 +0000"),
        ] {
            assert_eq!(mail_date(date).as_deref(), Some(expected));
        }
        for bad in [
            "",
            "x",
            "2020-13-01T00:00:00Z",
            "2020-01-01",
            "2020-00-01T00:00:00Z",
        ] {
            assert_eq!(mail_date(bad), None, "{bad}");
        }
    }
}
