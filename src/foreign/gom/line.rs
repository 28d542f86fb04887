//! The lines of a Gomfile. Glide knows them by regular expressions, whose strictness and laxness are
//! kept: blanks may stand in some places only, and a group or its end may have anything before it.

/// A line that is neither empty nor a comment.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// `group :a, :b do`; what stands between the two words.
    Group(&'a str),
    /// `end`
    End,
    /// `gom 'name', :option => 'value'`
    Package {
        /// The name.
        name: &'a str,
        /// The options, in order.
        options: Vec<(&'a str, Value<'a>)>,
    },
}

/// What an option is set to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// `'text'`
    Text(&'a str),
    /// `[:a, :b]`
    List(Vec<&'a str>),
}

impl<'a> Line<'a> {
    /// Reads a line that has no blanks around it; `None` where it is none that gom knows.
    pub(super) fn read(line: &'a str) -> Option<Self> {
        if let Some(names) = group(line) {
            return Some(Self::Group(names));
        }
        if line.ends_with("end") {
            return Some(Self::End);
        }
        Reader(line).package()
    }
}

/// The names of a group: from the first place where the rest of the line is one.
fn group(line: &str) -> Option<&str> {
    let line = line.strip_suffix("do")?;
    line.match_indices("group").find_map(|(place, word)| {
        let mut rest = Reader(&line[place + word.len()..]);
        rest.blanks().then_some(())?;
        let names = rest.0;
        while !rest.0.is_empty() {
            if rest.take(",") {
                rest.blanks();
            }
            rest.symbol()?;
            rest.blanks();
        }
        Some(names)
    })
}

/// What is left of a line.
struct Reader<'a>(&'a str);

impl<'a> Reader<'a> {
    fn package(&mut self) -> Option<Line<'a>> {
        (self.take("gom") && self.blanks()).then_some(())?;
        let name = self.quoted()?;
        self.blanks();
        let mut options = Vec::new();
        while !self.0.is_empty() {
            options.push(self.option()?);
        }
        Some(Line::Package { name, options })
    }

    /// `, :name => value`. Blanks may follow a list, but not a text.
    fn option(&mut self) -> Option<(&'a str, Value<'a>)> {
        self.take(",").then_some(())?;
        self.blanks();
        let name = self.symbol()?;
        self.blanks();
        self.take("=>").then_some(())?;
        self.blanks();
        let value = if self.take("[") {
            let list = self.list()?;
            self.blanks();
            Value::List(list)
        } else {
            Value::Text(self.quoted()?)
        };
        Some((name, value))
    }

    /// The rest of a list, whose items may have a comma before them.
    fn list(&mut self) -> Option<Vec<&'a str>> {
        let mut items = Vec::new();
        self.blanks();
        while !self.take("]") {
            if self.take(",") {
                self.blanks();
            }
            items.push(self.symbol()?);
            self.blanks();
        }
        Some(items)
    }

    /// `:name`, without the colon.
    fn symbol(&mut self) -> Option<&'a str> {
        let rest = self.0.strip_prefix(':')?;
        rest.starts_with(|c: char| c.is_ascii_lowercase())
            .then_some(())?;
        let ends = |c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        let (name, rest) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
        self.0 = rest;
        Some(name)
    }

    /// A text in quotes. An empty one keeps them, as in Glide.
    fn quoted(&mut self) -> Option<&'a str> {
        let quote = self
            .0
            .chars()
            .next()
            .filter(|first| "'\"".contains(*first))?;
        let (text, rest) = self.0[1..].split_once(quote)?;
        let whole = &self.0[..text.len() + 2];
        self.0 = rest;
        Some(if text.is_empty() { whole } else { text })
    }

    fn take(&mut self, text: &str) -> bool {
        let rest = self.0.strip_prefix(text);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    /// Passes over blanks, and tells whether there were some.
    fn blanks(&mut self) -> bool {
        let rest = self.0.trim_start_matches(['\t', '\n', '\x0c', '\r', ' ']);
        let some = rest.len() < self.0.len();
        self.0 = rest;
        some
    }
}

#[cfg(test)]
mod tests {
    use super::{Line, Value};

    #[track_caller]
    fn check_group(line: &str, names: &str) {
        assert_eq!(Line::read(line), Some(Line::Group(names)), "{line:?}");
    }

    #[track_caller]
    fn check_package(line: &str, expected_name: &str, expected: &[(&str, Value<'_>)]) {
        let Some(Line::Package { name, options }) = Line::read(line) else {
            panic!("{line:?}");
        };
        assert_eq!((name, &*options), (expected_name, expected), "{line:?}");
    }

    #[track_caller]
    fn check_refused(line: &str) {
        assert_eq!(Line::read(line), None, "{line:?}");
    }

    #[test]
    fn groups_may_have_anything_before_them() {
        check_group("group :a do", ":a ");
        check_group("group\t:a,:b  ,  :c_1:d do", ":a,:b  ,  :c_1:d ");
        check_group("x.group group :a do", ":a ");
        check_group("group :ado", ":a");
        check_group("group do", "");
        check_group("group , :a do", ", :a ");
        check_group("gom 'a'group :b do", ":b ");
        for line in [
            "groupdo",
            "group a do",
            "group :A do",
            "group :a, do",
            "group :a,,:b do",
        ] {
            check_refused(line);
        }
        check_refused("group\u{a0}:a do");
        check_refused("group\u{b}:a do");
        check_refused("group :a do x");
        assert_eq!(Line::read("send"), Some(Line::End));
        assert_eq!(Line::read("gom 'a' # end"), Some(Line::End));
    }

    #[test]
    fn packages_have_options_with_blanks_in_some_places_only() {
        let text = |name, text| (name, Value::Text(text));
        check_package("gom\t'a b'", "a b", &[]);
        check_package("gom \"it's\"", "it's", &[]);
        check_package("gom ''", "''", &[]);
        check_package("gom ' '", " ", &[]);
        check_package(
            "gom 'a' , :b=>'=>', :b  =>  \"\"",
            "a",
            &[text("b", "=>"), text("b", "\"\"")],
        );
        let list = |name, items: &[&'static str]| (name, Value::List(items.to_vec()));
        check_package(
            "gom 'a', :b => [ ] , :c => [:d:e ,:f\t, :g],:h=>'i'",
            "a",
            &[
                list("b", &[]),
                list("c", &["d", "e", "f", "g"]),
                text("h", "i"),
            ],
        );
        check_package("gom 'a', :b => [, :c]", "a", &[list("b", &["c"])]);
        for line in [
            "gom'a'",
            "xgom 'a'",
            "gom a",
            "gom 'a",
            "gom 'a\"",
            "gom 'a','b'",
            "gom 'a',",
            "gom 'a', :b",
            "gom 'a', :b = > 'c'",
            "gom 'a', :b => c",
            "gom 'a', :1 => 'c'",
            "gom 'a', :b => 'c' , :d => 'e'",
            "gom 'a', :b => ['c']",
            "gom 'a', :b => [:c,]",
            "gom 'a', :b => [:c] x",
            "gom 'a' :b => 'c'",
        ] {
            check_refused(line);
        }
    }
}
