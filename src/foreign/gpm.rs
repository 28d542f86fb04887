//! Godeps, which gpm reads: a package and a version a line.

use crate::manifest::Dependency;

use super::error::Error;
use super::text::replace_invalid;

/// The file, below the project's root.
pub const FILE: &str = "Godeps";

/// Glide's buffer for a line, which must hold its end too.
const LONGEST_LINE: usize = 64 << 10;

/// Reads gpm's Godeps.
///
/// Names are taken as they are written, a repository may come twice, and whatever follows the
/// version is passed over.
pub fn read(bytes: &[u8]) -> Result<Vec<Dependency>, Error> {
    let mut dependencies = Vec::new();
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if line.len() >= LONGEST_LINE {
            return Err(Error::GpmLine { line: index + 1 });
        }
        let line = replace_invalid(line);
        let mut words = line.split_whitespace();
        let Some(name) = words.next().filter(|name| !name.starts_with('#')) else {
            continue;
        };
        dependencies.push(Dependency {
            reference: words.next().unwrap_or_default().to_owned(),
            ..Dependency::named(name)
        });
    }
    Ok(dependencies)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[track_caller]
    fn check(text: &[u8], expected: &[(&str, &str)]) {
        let dependencies = read(text).unwrap();
        let pairs = dependencies.iter();
        let pairs: Vec<_> = pairs
            .map(|entry| (&*entry.name, &*entry.reference))
            .collect();
        assert_eq!(pairs, expected);
    }

    #[test]
    fn blanks_are_those_of_unicode() {
        check(
            "\u{a0}a\u{2003}b\u{3000}c\u{85}\n\u{200b}d".as_bytes(),
            &[("a", "b"), ("\u{200b}d", "")],
        );
        check(b"\x85a\xa0b\n", &[("\u{fffd}a\u{fffd}b", "")]);
        check(
            "\u{a0}#a b\na #b\na\rb".as_bytes(),
            &[("a", "#b"), ("a", "b")],
        );
    }

    #[test]
    fn lines_may_be_64_kib_long_with_their_end() {
        let lines = |length: usize| format!("a\n{}\n", "b".repeat(length)).into_bytes();
        assert_eq!(read(&lines((64 << 10) - 1)).unwrap().len(), 2);
        let error = read(&lines(64 << 10)).unwrap_err();
        assert_eq!(error.to_string(), "Godeps: line 2 is too long");
    }
}
