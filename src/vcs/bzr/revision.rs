//! What a version may be: names, never an expression that looks elsewhere; pure.
//!
//! `bzr` also takes `branch:`, `submit:`, `ancestor:` and the like, which open another address, and
//! words such as `yesterday`, which are another revision each day. None of these are read here.

/// One reading of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// The newest revision.
    Tip,
    /// A number on the main line.
    Number(u64),
    /// So many from the end, where 1 is the newest.
    FromEnd(FromEnd),
    /// A tag.
    Tag(String),
    /// Something that `bzr` has to be asked for: a revision as its option takes it.
    Ask(String),
}

/// A place counted from the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FromEnd {
    pub(super) count: u64,
    /// Whether the first revision stands for all that are further back.
    pub(super) is_clamped: bool,
}

/// What a name may mean, in the order in which `bzr` tries it.
pub(super) fn readings(name: &str) -> Vec<Wanted> {
    let word = |text: &str| !text.is_empty() && !text.contains(char::is_control);
    if name.is_empty() {
        return vec![Wanted::Tip];
    }
    if let Some((scheme, rest)) = name.split_once(':') {
        let known = match scheme {
            "revno" => by_number(rest),
            "last" => positive(rest).map(|count| from_end(count, false)),
            "tag" => Some(Wanted::Tag(rest.to_owned())).filter(|_| word(rest)),
            "revid" => is_id(rest).then(|| Wanted::Ask(name.to_owned())),
            "date" => is_date(rest).then(|| Wanted::Ask(name.to_owned())),
            _ => None,
        };
        if let Some(known) = known {
            return vec![known];
        }
    }
    let mut readings: Vec<Wanted> = by_number(name).into_iter().collect();
    if word(name) {
        readings.push(Wanted::Tag(name.to_owned()));
    }
    if is_id(name) && looks_like_id(name) {
        readings.push(Wanted::Ask(format!("revid:{name}")));
    } else if is_date(name) {
        readings.push(Wanted::Ask(format!("date:{name}")));
    }
    readings
}

/// Whether a name is a revision's number or id, in the form that `bzr` gives it, so that it always means
/// the same one.
pub fn is_exact(name: &str) -> bool {
    number(name).is_some() || is_id(name) && looks_like_id(name)
}

/// The number as `bzr revno` prints it, if the name is one: `5`, or `3.1.2` for a merged revision.
pub(super) fn number(name: &str) -> Option<String> {
    let parts: Option<Vec<u64>> = name.split('.').map(digits).collect();
    let parts = parts.filter(|parts| matches!(parts.len(), 1 | 3) && parts[0] > 0)?;
    let parts: Vec<String> = parts.iter().map(u64::to_string).collect();
    Some(parts.join("."))
}

fn by_number(name: &str) -> Option<Wanted> {
    if let Some(count) = name.strip_prefix('-') {
        return positive(count).map(|count| from_end(count, true));
    }
    let number = number(name)?;
    Some(match number.parse() {
        Ok(number) => Wanted::Number(number),
        Err(_) => Wanted::Ask(format!("revno:{number}")),
    })
}

fn from_end(count: u64, is_clamped: bool) -> Wanted {
    Wanted::FromEnd(FromEnd { count, is_clamped })
}

fn digits(text: &str) -> Option<u64> {
    let fine = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| fine)
}

fn positive(text: &str) -> Option<u64> {
    digits(text).filter(|number| *number > 0)
}

/// Whether it may be handed on as a revision's id; `..` would make a range.
fn is_id(text: &str) -> bool {
    let fine = |c: char| !c.is_whitespace() && !c.is_control();
    !text.is_empty() && text != "null:" && text.chars().all(fine) && !text.contains("..")
}

/// Whether it has the form of the ids that `bzr` makes: `me@host-20060102150405-` and more. To ask
/// for whatever is no tag would take a tenth of a second each time.
fn looks_like_id(text: &str) -> bool {
    let mut parts = text.split('-').skip(1);
    let is_moment = |part: &str| part.len() == 14 && digits(part).is_some();
    parts.any(is_moment)
}

/// `2006-01-02`, perhaps followed by `,15:04` or `,15:04:05`.
fn is_date(text: &str) -> bool {
    let (day, time) = text.split_once(',').unwrap_or((text, "00:00"));
    let fits = |text: &str, separator: char, lengths: &[usize]| {
        let parts: Vec<&str> = text.split(separator).collect();
        let sound = |part: &&str| digits(part).is_some();
        let found: Vec<usize> = parts.iter().map(|part| part.len()).collect();
        parts.iter().all(sound) && found == lengths
    };
    fits(day, '-', &[4, 2, 2]) && (fits(time, ':', &[2, 2]) || fits(time, ':', &[2, 2, 2]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expected: &[Wanted]) {
        assert_eq!(readings(name), expected, "{name:?}");
    }

    fn tag(name: &str) -> Wanted {
        Wanted::Tag(name.to_owned())
    }

    fn ask(name: &str) -> Wanted {
        Wanted::Ask(name.to_owned())
    }

    #[test]
    fn numbers_come_before_tags() {
        check("", &[Wanted::Tip]);
        check("5", &[Wanted::Number(5), tag("5")]);
        check("05", &[Wanted::Number(5), tag("05")]);
        check("revno:5", &[Wanted::Number(5)]);
        check("1.2.3", &[ask("revno:1.2.3"), tag("1.2.3")]);
        check("revno:1.2.3", &[ask("revno:1.2.3")]);
        check("-2", &[from_end(2, true), tag("-2")]);
        check("revno:-2", &[from_end(2, true)]);
        check("last:2", &[from_end(2, false)]);
        // No merged revision has a number of two parts, and none has the number 0.
        check("1.0", &[tag("1.0")]);
        check("0", &[tag("0")]);
        check("99999999999999999999", &[tag("99999999999999999999")]);
    }

    #[test]
    fn tags_ids_and_dates_are_names() {
        check("v1.0.0", &[tag("v1.0.0")]);
        check("tag:5", &[tag("5")]);
        check("tag:a b", &[tag("a b")]);
        let id = "me@h.example-20060102150405-abcdefghijklmnop";
        check(id, &[tag(id), ask(&format!("revid:{id}"))]);
        check("revid:svn-v4:1:x:2", &[ask("revid:svn-v4:1:x:2")]);
        check("date:2006-01-02", &[ask("date:2006-01-02")]);
        let moment = "2006-01-02,15:04:05";
        check(moment, &[tag(moment), ask(&format!("date:{moment}"))]);
    }

    #[test]
    fn expressions_are_tags_at_most() {
        for name in [
            "branch:/etc",
            "submit:",
            "ancestor:https://h/x",
            "annotate:log.go:1",
            "before:2",
            "mainline:1.1.1",
            "revno:1:/srv/other",
            "-2:https://h/x",
            "last:0",
            "tag:",
            "revid:",
            "revid:null:",
            "revid:a..b",
            "revid:a b",
            "date:yesterday",
            "yesterday",
            "1..3",
            "--directory=/etc",
            "-rbranch:/etc",
            "^1.0",
            ">= 1.0, < 2",
            ":parent",
        ] {
            check(name, &[tag(name)]);
        }
        check("a\nb", &[]);
        check("\0", &[]);
    }

    #[test]
    fn numbers_are_written_as_bzr_writes_them() {
        for (name, expected) in [
            ("5", Some("5")),
            ("05", Some("5")),
            ("1.02.3", Some("1.2.3")),
            ("1.2", None),
            ("1.2.3.4", None),
            ("0", None),
            ("", None),
            ("+5", None),
            ("1..3", None),
        ] {
            assert_eq!(number(name).as_deref(), expected, "{name}");
        }
    }
}
