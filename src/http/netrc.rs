//! `.netrc`: machines, users and passwords, as curl reads them.
//!
//! Words apart by white space, over lines as one likes; a word in double quotes may hold spaces
//! and `\n`, `\r`, `\t`, `\"`, `\\`; a line whose first character is `#` is a comment; the lines
//! of a `macdef` up to an empty one are skipped. What makes no sense is passed over.

/// The entries, in the file's order.
#[derive(Default)]
pub(super) struct Netrc {
    entries: Vec<Entry>,
}

#[derive(Default)]
struct Entry {
    /// `None` is `default`, which fits every machine.
    machine: Option<String>,
    login: Option<String>,
    password: Option<String>,
}

impl Netrc {
    /// Reads the file's text.
    pub(super) fn parse(text: &str) -> Self {
        let mut netrc = Self::default();
        let mut key: Option<String> = None;
        let mut in_macro = false;
        for line in text.lines() {
            if in_macro {
                in_macro = !line.trim().is_empty();
                continue;
            }
            if line.trim_start().starts_with('#') {
                continue;
            }
            let mut words = Words(line);
            while let Some(word) = words.next_word() {
                match key.take() {
                    Some(wanted) => netrc.set(&wanted, word),
                    None if word == "default" => netrc.entries.push(Entry::default()),
                    None if word == "macdef" => {
                        // The macro's name and text do not concern us.
                        in_macro = true;
                        break;
                    }
                    None if ["machine", "login", "password", "account"].contains(&&*word) => {
                        key = Some(word);
                    }
                    None => {}
                }
            }
        }
        netrc
    }

    fn set(&mut self, key: &str, value: String) {
        if key == "machine" {
            self.entries.push(Entry {
                machine: Some(value),
                ..Entry::default()
            });
        } else if let Some(entry) = self.entries.last_mut() {
            match key {
                "login" => entry.login = Some(value),
                "password" => entry.password = Some(value),
                _ => {}
            }
        }
    }

    /// The user and password for `host`, of the first entry that fits; with `user` only an
    /// entry of that user.
    pub(super) fn find(&self, host: &str, user: Option<&str>) -> Option<(String, String)> {
        self.entries.iter().find_map(|entry| {
            let fits = entry
                .machine
                .as_ref()
                .is_none_or(|machine| machine.eq_ignore_ascii_case(host));
            let login = entry.login.as_deref().unwrap_or_default();
            if !fits || user.is_some_and(|user| user != login && entry.login.is_some()) {
                return None;
            }
            let login = user.unwrap_or(login).to_owned();
            Some((login, entry.password.clone()?))
        })
    }
}

/// The words of one line.
struct Words<'a>(&'a str);

impl<'a> Words<'a> {
    fn next_word(&mut self) -> Option<String> {
        let rest = self.0.trim_start();
        if rest.is_empty() {
            return None;
        }
        if let Some(quoted) = rest.strip_prefix('"') {
            return Some(self.quoted(quoted));
        }
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        self.0 = &rest[end..];
        Some(rest[..end].to_owned())
    }

    fn quoted(&mut self, rest: &'a str) -> String {
        let mut word = String::new();
        let mut characters = rest.char_indices();
        while let Some((at, character)) = characters.next() {
            match character {
                '"' => {
                    self.0 = &rest[at + 1..];
                    return word;
                }
                '\\' => match characters.next() {
                    Some((_, 'n')) => word.push('\n'),
                    Some((_, 'r')) => word.push('\r'),
                    Some((_, 't')) => word.push('\t'),
                    Some((_, other)) => word.push(other),
                    None => {}
                },
                other => word.push(other),
            }
        }
        self.0 = "";
        word
    }
}

#[cfg(test)]
mod tests {
    use super::Netrc;

    #[track_caller]
    fn check(text: &str, host: &str, user: Option<&str>, expected: Option<(&str, &str)>) {
        let found = Netrc::parse(text).find(host, user);
        let expected = expected.map(|(user, password)| (user.to_owned(), password.to_owned()));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn entries_on_one_line_and_on_many() {
        check(
            "machine h login me password pw",
            "h",
            None,
            Some(("me", "pw")),
        );
        check(
            "machine h\n\tlogin me\n\tpassword pw\n",
            "h",
            None,
            Some(("me", "pw")),
        );
        check(
            "machine h login\nme password\npw",
            "h",
            None,
            Some(("me", "pw")),
        );
        check(
            "machine h\r\nlogin me\r\npassword pw\r\n",
            "H",
            None,
            Some(("me", "pw")),
        );
        check(
            "machine g login a password b machine h login me password pw",
            "h",
            None,
            Some(("me", "pw")),
        );
        check(
            "machine h login me account x password pw",
            "h",
            None,
            Some(("me", "pw")),
        );
    }

    #[test]
    fn the_default_entry_fits_every_machine() {
        let text = "machine h login me password pw\ndefault login any password open";
        check(text, "h", None, Some(("me", "pw")));
        check(text, "other", None, Some(("any", "open")));
    }

    #[test]
    fn a_user_asked_for_must_be_the_entrys() {
        let text = "machine h login a password 1\nmachine h login b password 2";
        check(text, "h", Some("b"), Some(("b", "2")));
        check(text, "h", Some("c"), None);
        check("machine h password 3", "h", Some("c"), Some(("c", "3")));
        check("machine h password 3", "h", None, Some(("", "3")));
    }

    #[test]
    fn quotes_comments_and_macros() {
        check(
            "machine h login me password \"p w\\\"\\n\\\\\"",
            "h",
            None,
            Some(("me", "p w\"\n\\")),
        );
        check(
            "# machine h login no password no\nmachine h login me password pw#1",
            "h",
            None,
            Some(("me", "pw#1")),
        );
        check(
            "macdef init\nmachine h login no password no\n\nmachine h login me password pw",
            "h",
            None,
            Some(("me", "pw")),
        );
        check(
            "machine h login me password \"unclosed",
            "h",
            None,
            Some(("me", "unclosed")),
        );
    }

    #[test]
    fn nonsense_gives_nothing() {
        for text in [
            "",
            "machine",
            "machine h",
            "login a password b",
            "machine h login me",
            "\0\u{1b}",
        ] {
            check(text, "h", None, None);
        }
    }
}
