//! The ranges of dep in the words of Glide.
//!
//! Both read `^1.2, < 1.9`, but not the same way: with dep a bare version is a caret's, a caret keeps
//! to the minor version below 1.0.0, what is left out of a version is 0, and `> 1.2.x` is past all of it.

/// A range in Glide's words; `None` for what is no range to dep, which takes it for a tag's name.
pub fn in_glides_words(text: &str) -> Option<String> {
    let alternatives = text.split("||").map(alternative);
    Some(alternatives.collect::<Option<Vec<_>>>()?.join(" || "))
}

fn alternative(text: &str) -> Option<String> {
    let text = match text.split_once(" - ") {
        Some((from, to)) => format!(">={}, <={}", from.trim(), to.trim()),
        None => text.to_owned(),
    };
    let comparisons = text.split(',').map(|part| comparison(part.trim()));
    Some(comparisons.collect::<Option<Vec<_>>>()?.join(", "))
}

/// A version of which parts may be left open by `x` or `*`, or be missing.
struct Version<'a> {
    /// The numbers that are written down.
    written: Vec<u64>,
    /// Whether an `x` or `*` follows them.
    is_open: bool,
    /// `-beta.1`, with its hyphen.
    prerelease: &'a str,
}

impl<'a> Version<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let text = text.split_once('+').map_or(text, |(version, _)| version);
        let end = text.find('-').unwrap_or(text.len());
        let (numbers, prerelease) = text.split_at(end);
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
        if prerelease == "-" || !prerelease.chars().all(fits) {
            return None;
        }
        let (mut written, mut is_open) = (Vec::new(), false);
        let mut count = 0;
        for number in numbers.split('.') {
            count += 1;
            if matches!(number, "x" | "X" | "*") {
                is_open = true;
            } else if !is_open && number.bytes().all(|byte| byte.is_ascii_digit()) {
                written.push(number.parse().ok()?);
            } else {
                return None;
            }
        }
        (count <= 3).then_some(Self {
            written,
            is_open,
            prerelease,
        })
    }

    fn number(&self, place: usize) -> u64 {
        self.written.get(place).copied().unwrap_or_default()
    }

    /// All three numbers.
    fn full(&self) -> String {
        let numbers = [0, 1, 2].map(|place| self.number(place).to_string());
        numbers.join(".") + self.prerelease
    }

    /// The first version past those that the written numbers stand for.
    fn past(&self) -> Option<String> {
        Some(match self.written[..] {
            [major] => format!("{}.0.0", major.checked_add(1)?),
            _ => self.next_minor()?,
        })
    }

    fn next_minor(&self) -> Option<String> {
        let minor = self.number(1).checked_add(1)?;
        Some(format!("{}.{minor}.0", self.number(0)))
    }

    fn caret(&self) -> Option<String> {
        if self.number(0) == 0 {
            return Some(format!(">={}, <{}", self.full(), self.next_minor()?));
        }
        let written: Vec<_> = self.written.iter().map(u64::to_string).collect();
        Some(format!("^{}{}", written.join("."), self.prerelease))
    }

    fn tilde(&self) -> Option<String> {
        if self.is_open && self.written.len() == 1 {
            return self.caret();
        }
        Some(format!("~{}", self.full()))
    }
}

fn comparison(text: &str) -> Option<String> {
    let operators = ["!=", ">=", "=>", "<=", "=<", "=", ">", "<", "~", "^"];
    let operator = operators
        .iter()
        .find(|operator| text.starts_with(*operator));
    let operator = operator.copied().unwrap_or_default();
    let version = Version::parse(text[operator.len()..].trim_start())?;
    if version.written.is_empty() {
        return Some("*".to_owned());
    }
    let full = version.full();
    match operator {
        "" | "^" => version.caret(),
        "~" => version.tilde(),
        "=" if version.is_open => version.tilde(),
        "=" => Some(format!("={full}")),
        "!=" if version.is_open => {
            let written: Vec<_> = version.written.iter().map(u64::to_string).collect();
            Some(format!("!={}.x", written.join(".")))
        }
        "!=" => Some(format!("!={full}")),
        ">" if version.is_open => Some(format!(">={}", version.past()?)),
        ">" | "<" => Some(format!("{operator}{full}")),
        ">=" | "=>" => Some(format!(">={full}")),
        _ if version.is_open => Some(format!("<{}", version.past()?)),
        _ => Some(format!("<={full}")),
    }
}

#[cfg(test)]
mod tests {
    use super::in_glides_words;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(in_glides_words(text).as_deref(), Some(expected), "{text}");
    }

    #[test]
    fn ranges_mean_what_they_mean_to_dep() {
        check("1.2.3", "^1.2.3");
        check("v1.2", "^1.2");
        check("1", "^1");
        check("0.8.0", ">=0.8.0, <0.9.0");
        check("^0", ">=0.0.0, <0.1.0");
        check("^1.1.3", "^1.1.3");
        check("=1.2", "=1.2.0");
        check("=1.2.x", "~1.2.0");
        check("=v1.x", "^1");
        check("1.2.x", "^1.2");
        check("~1", "~1.0.0");
        check("~1.x", "^1");
        check("~0.x", ">=0.0.0, <0.1.0");
        check("~1.2.3", "~1.2.3");
        check(">=0.9.3, <0.11.0", ">=0.9.3, <0.11.0");
        check("> 1.2.x", ">=1.3.0");
        check("> 1.x", ">=2.0.0");
        check("<= 1.2.x", "<1.3.0");
        check("=< 1.2", "<=1.2.0");
        check("!=1.2.x", "!=1.2.x");
        check("!=1.2", "!=1.2.0");
        check("1.2 - 2.0", ">=1.2.0, <=2.0.0");
        check("1 || 0.3", "^1 || >=0.3.0, <0.4.0");
        check("*", "*");
        check(">=x", "*");
        check("1.0.0-rc.1", "^1.0.0-rc.1");
        check("^0.1.0-beta+build", ">=0.1.0-beta, <0.2.0");
    }

    #[test]
    fn what_is_no_range_is_none() {
        for text in [
            "",
            "master",
            "1.2.3.4",
            "1..2",
            "1.x.2",
            "x.1",
            "1.2,",
            "1 ||",
            "-1",
            "1.0-",
            "1.0-é",
            "99999999999999999999",
            "^18446744073709551615.x, >18446744073709551615.x",
            "release-1",
        ] {
            assert_eq!(in_glides_words(text), None, "{text}");
        }
    }
}
