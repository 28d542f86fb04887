//! The tags that Glide's scan tag by tag tries: all words of `// +build` lines above the word
//! `package`, whether or not Go would heed them there. Pure.
//!
//! Answers to `readBuildTags` of Glide's `dependency/scan.go`, which finds `package` with Go's
//! `text/scanner`: that reads on over whatever it does not understand.

use super::text::{lines, trim};

/// The words of `// +build` lines in what precedes `package`.
pub(super) fn words(text: &[u8]) -> Vec<String> {
    let mut words = Vec::new();
    for (line, _) in lines(text) {
        let Some(comment) = trim(line).strip_prefix(b"//") else {
            continue;
        };
        let comment = trim(comment);
        if comment.starts_with(b"+build") {
            let comment = String::from_utf8_lossy(comment);
            let mut fields = comment.split_whitespace();
            if fields.next() == Some("+build") {
                words.extend(fields.map(str::to_owned));
            }
        }
    }
    words
}

/// Where the word `package` stands in a file of which nothing else need be right.
pub(super) fn find_package(text: &[u8]) -> Option<usize> {
    let mut cursor = Cursor {
        text,
        offset: if text.starts_with(b"\xef\xbb\xbf") {
            3
        } else {
            0
        },
    };
    loop {
        let start = cursor.offset;
        if cursor.token()? == b"package" {
            return Some(start);
        }
    }
}

struct Cursor<'t> {
    text: &'t [u8],
    offset: usize,
}

impl<'t> Cursor<'t> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.offset).copied()
    }

    fn pass_while(&mut self, most: usize, fits: impl Fn(u8) -> bool) {
        let rest = &self.text[self.offset..];
        self.offset += rest
            .iter()
            .take(most)
            .take_while(|byte| fits(**byte))
            .count();
    }

    /// Passes over bytes up to the first that is one of `stops`, which is returned.
    fn pass_until(&mut self, stops: &[u8]) -> Option<u8> {
        self.pass_while(usize::MAX, |byte| !stops.contains(&byte));
        self.peek()
    }

    /// Passes over one token, blank or comment, which is returned. `None` at the end.
    fn token(&mut self) -> Option<&'t [u8]> {
        let start = self.offset;
        let first = self.peek()?;
        match first {
            b'0'..=b'9' => self.number(),
            b'.' => {
                self.offset += 1;
                if self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                    self.fraction(false);
                }
            }
            b'"' | b'\'' => self.quoted(first),
            b'`' => {
                self.offset += 1;
                self.pass_until(b"`");
                self.offset += 1;
            }
            b'/' => self.slash(),
            _ if self.letter(true) => while self.letter(false) {},
            _ => self.offset += 1,
        }
        self.offset = self.offset.min(self.text.len());
        Some(&self.text[start..self.offset])
    }

    /// Passes over one character of a word, if there is one.
    fn letter(&mut self, first: bool) -> bool {
        let rest = &self.text[self.offset..self.text.len().min(self.offset + 4)];
        let letter = rest
            .utf8_chunks()
            .next()
            .and_then(|chunk| chunk.valid().chars().next());
        let fits = |c: &char| *c == '_' || c.is_alphabetic() || (!first && c.is_numeric());
        let length = letter.filter(fits).map_or(0, char::len_utf8);
        self.offset += length;
        length > 0
    }

    fn slash(&mut self) {
        self.offset += 1;
        match self.peek() {
            Some(b'/') => drop(self.pass_until(b"\n")),
            Some(b'*') => {
                self.offset += 1;
                while self.pass_until(b"*").is_some() {
                    self.offset += 1;
                    if self.peek() == Some(b'/') {
                        self.offset += 1;
                        break;
                    }
                }
            }
            _ => {}
        }
    }

    /// A string or rune; the end of the line ends it too.
    fn quoted(&mut self, quote: u8) {
        self.offset += 1;
        while self.pass_until(&[quote, b'\n', b'\\']) == Some(b'\\') {
            self.offset += 1;
            let octal = |byte: u8| matches!(byte, b'0'..=b'7');
            let (most, is_digit): (usize, fn(u8) -> bool) = match self.peek() {
                Some(b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v' | b'\\') => (0, octal),
                Some(byte) if byte == quote => (0, octal),
                Some(b'0'..=b'7') => {
                    self.pass_while(3, octal);
                    continue;
                }
                Some(b'x') => (2, |byte| byte.is_ascii_hexdigit()),
                Some(b'u') => (4, |byte| byte.is_ascii_hexdigit()),
                Some(b'U') => (8, |byte| byte.is_ascii_hexdigit()),
                _ => continue,
            };
            self.offset += 1;
            self.pass_while(most, is_digit);
        }
        self.offset += 1;
    }

    fn number(&mut self) {
        let zero = self.peek() == Some(b'0');
        self.offset += 1;
        let prefix = self
            .peek()
            .filter(|_| zero)
            .map(|byte| byte.to_ascii_lowercase());
        let hex = prefix == Some(b'x');
        if matches!(prefix, Some(b'x' | b'o' | b'b')) {
            self.offset += 1;
        }
        self.digits(hex);
        if self.peek() == Some(b'.') {
            self.offset += 1;
        }
        self.fraction(hex);
    }

    /// Digits and an exponent.
    fn fraction(&mut self, hex: bool) {
        self.digits(hex);
        if matches!(self.peek(), Some(b'e' | b'E' | b'p' | b'P')) {
            self.offset += 1;
            self.pass_while(1, |byte| matches!(byte, b'+' | b'-'));
            self.digits(false);
        }
    }

    fn digits(&mut self, hex: bool) {
        self.pass_while(usize::MAX, |byte| {
            byte == b'_' || byte.is_ascii_digit() || (hex && byte.is_ascii_hexdigit())
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{find_package, words};

    #[test]
    fn the_words_of_all_plus_build_lines_are_tags() {
        #[track_caller]
        fn check(text: &str, expected: &[&str]) {
            assert_eq!(words(text.as_bytes()), expected, "{text:?}");
        }
        check("// +build a,!b c\n//+build d\n", &["a,!b", "c", "d"]);
        check("/*\n  // +build a\n*/", &["a"]);
        check("// +build\n// +buildx y\n// + build z\n", &[]);
        check("x // +build a", &[]);
        check("\u{feff}// +build a\n// +build (b", &["(b"]);
    }

    #[test]
    fn package_is_found_among_things_that_are_not_go() {
        #[track_caller]
        fn check(before: &str) {
            let text = format!("{before}package p");
            assert_eq!(
                find_package(text.as_bytes()),
                Some(before.len()),
                "{before:?}"
            );
        }
        check("");
        check("\u{feff}// package\n/* package */ /*/ package */ ");
        check("packages \"package \\\" package\" 'package' `package\n` ");
        check("\"package\n ");
        check("é1 × 12.5e+3 0x1p- 0b_ .5 /");
        check("'\\x4' '\\777' \"\\q\" ");
        check("0x1.5 ");
        for none in [
            "",
            "packages",
            "x package1",
            "`package",
            "1package",
            "/* package",
            "\"package",
        ] {
            assert_eq!(find_package(none.as_bytes()), None, "{none:?}");
        }
    }
}
