//! What a commit says of itself: who, when, why; pure.

use crate::vcs::ObjectId;
use crate::vcs::graph::Link;

/// A commit's author, date and subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitNote {
    /// `Name <mail>`.
    pub author: String,
    /// When it was written, in seconds since 1970.
    pub seconds: i64,
    /// How far the author's clock was ahead of UTC, in minutes.
    pub offset: i32,
    /// The first paragraph of the message as one line.
    pub subject: String,
}

impl CommitNote {
    /// Reads a commit object. What is malformed is left empty; control characters are dropped,
    /// for all of it is shown on terminals.
    pub(super) fn parse(commit: &[u8]) -> Self {
        let (head, message) = split_at_blank_line(commit);
        let header = |key: &str| {
            head.split(|&byte| byte == b'\n')
                .find_map(|line| line.strip_prefix(key.as_bytes()))
                .unwrap_or_default()
        };
        let encoding = String::from_utf8_lossy(header("encoding ")).to_ascii_lowercase();
        let text = |bytes: &[u8]| decoded(bytes, &encoding);
        let author = text(header("author "));
        let (who, when) = author.rsplit_once('>').unwrap_or((&author, ""));
        let (name, mail) = who.split_once('<').unwrap_or((who, ""));
        let mut when = when.split_whitespace();
        let seconds = when.next().and_then(|word| word.parse().ok());
        let offset = when.next().and_then(offset);
        let message = text(message);
        let lines = message.lines().map(str::trim_end);
        let lines = lines.skip_while(|line| line.is_empty());
        let subject: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
        Self {
            author: shown(&format!("{} <{}>", name.trim(), mail.trim())),
            seconds: seconds.unwrap_or_default(),
            offset: offset.unwrap_or_default(),
            subject: shown(&subject.join(" ")),
        }
    }
}

/// When a commit was made and what comes before it.
pub(super) fn link(commit: &[u8]) -> Link {
    let (head, _) = split_at_blank_line(commit);
    let mut link = Link {
        time: 0,
        parents: Vec::new(),
    };
    for line in head.split(|&byte| byte == b'\n') {
        if let Some(id) = line.strip_prefix(b"parent ") {
            let id = std::str::from_utf8(id).ok().and_then(ObjectId::parse);
            link.parents.extend(id);
        } else if let Some(committer) = line.strip_prefix(b"committer ") {
            link.time = time(committer).unwrap_or_default();
            break;
        }
    }
    link
}

/// The seconds behind a name and mail.
fn time(who: &[u8]) -> Option<i64> {
    let end = who.iter().rposition(|&byte| byte == b'>')?;
    let when = std::str::from_utf8(&who[end + 1..]).ok()?;
    when.split_whitespace().next()?.parse().ok()
}

fn split_at_blank_line(commit: &[u8]) -> (&[u8], &[u8]) {
    match commit.windows(2).position(|pair| pair == b"\n\n") {
        Some(at) => (&commit[..at], &commit[at + 2..]),
        None => (commit, b""),
    }
}

/// Text in the encoding that the commit names; Latin 1 is the one that old commits have.
fn decoded(bytes: &[u8], encoding: &str) -> String {
    match encoding {
        "iso-8859-1" | "iso8859-1" | "latin1" | "latin-1" => {
            bytes.iter().map(|&byte| char::from(byte)).collect()
        }
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// `+0130` in minutes.
fn offset(text: &str) -> Option<i32> {
    let number: i32 = text.parse().ok()?;
    (-9999..=9999)
        .contains(&number)
        .then_some(number / 100 * 60 + number % 100)
}

fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(commit: &[u8], author: &str, when: (i64, i32), subject: &str) {
        let note = CommitNote::parse(commit);
        let (seconds, offset) = when;
        let expected = CommitNote {
            author: author.to_owned(),
            seconds,
            offset,
            subject: subject.to_owned(),
        };
        assert_eq!(note, expected);
    }

    #[test]
    fn who_when_and_why() {
        check(
            b"tree x\nparent y\nauthor A B <a@b> 1460000000 +0130\ncommitter C <c@d> 1 +0000\n\none\ntwo\n\nthree\n",
            "A B <a@b>",
            (1_460_000_000, 90),
            "one two",
        );
        check(
            b"tree x\nauthor A <a@b> 5 -0800\nencoding ISO-8859-1\n\nM\xfcll\n",
            "A <a@b>",
            (5, -480),
            "M\u{fc}ll",
        );
        check(
            b"tree x\nauthor A\x1b[31m <a@b> 5 -0000\n\n\n  \nline \x07end",
            "A[31m <a@b>",
            (5, 0),
            "line end",
        );
    }

    #[test]
    fn what_is_malformed_is_left_out() {
        check(b"", " <>", (0, 0), "");
        check(b"author A", "A <>", (0, 0), "");
        check(b"author A <m> then +99999\n\nx", "A <m>", (0, 0), "x");
    }
}
