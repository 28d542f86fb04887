//! The line of .gitattributes that hands glide.lock to the driver; the rest of the text stays as it is.

/// What git calls the driver.
pub(super) const DRIVER: &str = "glide-lock";
const FILE: &str = "glide.lock";

/// The text with the line in it; `None` where it is there already.
pub(super) fn with_driver(text: &str) -> Option<String> {
    let wanted = format!("merge={DRIVER}");
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    let ours = |line: &String| pattern(line) == Some(FILE);
    // Of several lines the last one counts.
    let about_merge = lines
        .iter()
        .rposition(|line| ours(line) && merging(line).is_some());
    if let Some(place) = about_merge {
        let line = &mut lines[place];
        let old = merging(line)?.to_owned();
        if old == wanted {
            return None;
        }
        *line = replaced(line, &old, &wanted);
        return Some(lines.concat());
    }
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    if let Some(place) = lines.iter().rposition(ours) {
        let line = &mut lines[place];
        let written = line.trim_end().len();
        line.insert_str(written, &format!(" {wanted}"));
        return Some(lines.concat());
    }
    let mut text = lines.concat();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push_str(end);
    }
    text.extend([FILE, " ", &wanted, end]);
    Some(text)
}

/// The text without it, and without a line that said nothing else; `None` where it is not there.
pub(super) fn without_driver(text: &str) -> Option<String> {
    let wanted = format!("merge={DRIVER}");
    let is_it = |line: &str| pattern(line) == Some(FILE) && merging(line) == Some(&wanted);
    let lines = text.split_inclusive('\n');
    let left: String = lines
        .map(|line| {
            if !is_it(line) {
                return line.to_owned();
            }
            let rest = replaced(line, &wanted, "");
            if rest.split_whitespace().nth(1).is_some() {
                rest
            } else {
                String::new()
            }
        })
        .collect();
    (left != text).then_some(left)
}

/// The pattern that a line begins with, quotes and the slash for "only here" taken off.
fn pattern(line: &str) -> Option<&str> {
    let first = line
        .split_whitespace()
        .next()
        .filter(|word| !word.starts_with(['#', '[']))?;
    let bare = first
        .strip_prefix('"')
        .and_then(|word| word.strip_suffix('"'));
    let bare = bare.unwrap_or(first);
    Some(bare.strip_prefix('/').unwrap_or(bare))
}

/// What a line says about merging, last word last.
fn merging(line: &str) -> Option<&str> {
    let words = line.split_whitespace().skip(1);
    words
        .filter(|word| {
            let name = word.strip_prefix(['-', '!']).unwrap_or(word);
            name.split('=').next() == Some("merge")
        })
        .last()
}

/// The line with the last of these words exchanged; with the blanks before it, where nothing takes its place.
fn replaced(line: &str, old: &str, new: &str) -> String {
    let Some(place) = line.rfind(old) else {
        return line.to_owned();
    };
    let (mut before, after) = (&line[..place], &line[place + old.len()..]);
    if new.is_empty() {
        before = before.trim_end_matches([' ', '\t']);
    }
    [before, new, after].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_added_once_next_to_what_is_there() {
        for (text, expected) in [
            ("", "glide.lock merge=glide-lock\n"),
            ("*.go text", "*.go text\nglide.lock merge=glide-lock\n"),
            (
                "*.go text\r\n",
                "*.go text\r\nglide.lock merge=glide-lock\r\n",
            ),
            (
                "glide.lock -diff\n*.go text\n",
                "glide.lock -diff merge=glide-lock\n*.go text\n",
            ),
            (
                "/glide.lock  -diff \r\n",
                "/glide.lock  -diff merge=glide-lock \r\n",
            ),
            (
                "\"glide.lock\" merge=union eol=lf",
                "\"glide.lock\" merge=glide-lock eol=lf",
            ),
            (
                "glide.lock -merge\nglide.lock -diff\n",
                "glide.lock merge=glide-lock\nglide.lock -diff\n",
            ),
            (
                "# glide.lock merge=x\n",
                "# glide.lock merge=x\nglide.lock merge=glide-lock\n",
            ),
            (
                "[attr]lock merge=x\n",
                "[attr]lock merge=x\nglide.lock merge=glide-lock\n",
            ),
            (
                "sub/glide.lock -diff\n",
                "sub/glide.lock -diff\nglide.lock merge=glide-lock\n",
            ),
        ] {
            let edited = with_driver(text).unwrap();
            assert_eq!(edited, expected);
            assert_eq!(with_driver(&edited), None, "{text}");
        }
    }

    #[test]
    fn it_goes_without_the_rest() {
        for (text, expected) in [
            ("a b\nglide.lock merge=glide-lock\nc d\n", "a b\nc d\n"),
            (
                "glide.lock -diff merge=glide-lock\r\n",
                "glide.lock -diff\r\n",
            ),
            (
                "glide.lock merge=glide-lock eol=lf\n",
                "glide.lock eol=lf\n",
            ),
            ("glide.lock merge=glide-lock", ""),
        ] {
            assert_eq!(without_driver(text).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(without_driver("glide.lock merge=union\n"), None);
    }
}
