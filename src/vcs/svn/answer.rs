//! What `svn` prints as XML: the few things in it that matter; pure.

use crate::vcs::CommitNote;
use crate::vcs::external::date::mail_date;

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
    // As in `2020-09-13T12:26:40.000000Z`.
    let date = text("date");
    let date = date.split_once('T');
    let date = date.and_then(|(day, time)| mail_date(day, time, "+0000"));
    Some(CommitNote {
        author: text("author"),
        date: date.unwrap_or_default(),
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
}
