//! `<meta name="go-import">` tags, out of whatever a web server calls a page; pure.
//!
//! Glide reads pages with a lenient XML parser that gives up at much that stands on real pages;
//! this one gives up at nothing. It looks at tags only, up to the end of the head.

use std::borrow::Cow;

use crate::model::is_at_or_below;

/// One go-import tag of three fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoImport {
    /// The repository root as an import path.
    pub prefix: String,
    /// The version control system, or `mod`, or anything else.
    pub vcs: String,
    /// The repository's address.
    pub repository: String,
}

impl GoImport {
    /// Reads `prefix vcs repository`; `None` where there are not three fields.
    pub fn parse(content: &str) -> Option<Self> {
        let mut fields = content.split_whitespace().map(str::to_owned);
        let tag = Self {
            prefix: fields.next()?,
            vcs: fields.next()?,
            repository: fields.next()?,
        };
        fields.next().is_none().then_some(tag)
    }

    /// Whether the prefix holds the path, whole elements only.
    pub(super) fn holds(&self, path: &str) -> bool {
        is_at_or_below(path, &self.prefix)
    }
}

impl std::fmt::Display for GoImport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {}", self.prefix, self.vcs, self.repository)
    }
}

/// The tags that hold for `path`, in the page's order.
///
/// Glide takes the first tag whose prefix the path begins with as text, so that `x/log` answers
/// for `x/logger`; that is done only where no tag holds whole elements of the path.
pub(super) fn matching(tags: Vec<GoImport>, path: &str) -> Vec<GoImport> {
    let (whole, rest): (Vec<_>, Vec<_>) = tags.into_iter().partition(|tag| tag.holds(path));
    if !whole.is_empty() {
        return whole;
    }
    rest.into_iter()
        .filter(|tag| path.starts_with(&tag.prefix))
        .collect()
}

/// All go-import tags in the head of a page.
pub(super) fn tags(page: &[u8]) -> Vec<GoImport> {
    let text = decode(page);
    let mut scanner = Scanner {
        rest: &text,
        missing: Vec::new(),
    };
    let mut found = Vec::new();
    while let Some(tag) = scanner.next_tag() {
        match tag.name.as_str() {
            "/head" | "body" => break,
            "meta" if tag.attribute("name") == Some("go-import") => {
                found.extend(tag.attribute("content").and_then(GoImport::parse));
            }
            _ => {}
        }
    }
    found
}

/// The page as text. The tags that matter are ASCII, so for every encoding that extends ASCII
/// reading bytes as Latin-1 is good enough; UTF-16 announces itself.
fn decode(page: &[u8]) -> Cow<'_, str> {
    let wide = |order: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = page[2..]
            .chunks_exact(2)
            .map(|pair| order([pair[0], pair[1]]))
            .collect();
        Cow::Owned(String::from_utf16_lossy(&units))
    };
    match page {
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes),
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes),
        _ => match std::str::from_utf8(page) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(page.iter().map(|&byte| char::from(byte)).collect()),
        },
    }
}

/// A start tag, or an end tag, whose name then begins with `/`. Names are in lower case.
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    /// The attribute's value; the first counts where it stands twice.
    fn attribute(&self, name: &str) -> Option<&str> {
        let (_, value) = self.attributes.iter().find(|(held, _)| held == name)?;
        Some(value)
    }
}

struct Scanner<'a> {
    rest: &'a str,
    /// Ends that the rest of the page is known not to have; looking for them again and again
    /// would take time by the square of the page.
    missing: Vec<String>,
}

impl Scanner<'_> {
    fn next_tag(&mut self) -> Option<Tag> {
        loop {
            let at = self.rest.find('<')?;
            self.rest = &self.rest[at + 1..];
            if self.rest.starts_with("!--") {
                self.skip_past("-->");
            } else if self.rest.starts_with(['!', '?']) {
                self.skip_past(">");
            } else if self
                .rest
                .starts_with(|c: char| c == '/' || c.is_ascii_alphabetic())
            {
                let tag = self.tag();
                if tag.name == "script" || tag.name == "style" {
                    self.skip_raw_text(&tag.name);
                }
                return Some(tag);
            }
        }
    }

    /// Goes past `end`, or nowhere if the page has none, so that what follows is still seen.
    fn skip_past(&mut self, end: &str) {
        if self.has(end) {
            let at = self.rest.find(end).map_or(0, |at| at + end.len());
            self.rest = &self.rest[at..];
        }
    }

    /// Whether an end, in any case, comes at all.
    fn has(&mut self, end: &str) -> bool {
        if self.missing.iter().any(|missing| missing == end) {
            return false;
        }
        let found = position(self.rest, end).is_some();
        if !found {
            self.missing.push(end.to_owned());
        }
        found
    }

    /// Goes to the end tag of an element whose text may hold `<`.
    fn skip_raw_text(&mut self, name: &str) {
        let end = format!("</{name}");
        if self.has(&end) {
            self.rest = &self.rest[position(self.rest, &end).unwrap_or(0)..];
        }
    }

    fn tag(&mut self) -> Tag {
        let slash = usize::from(self.rest.starts_with('/'));
        let name = self.take_until(slash, |c| c.is_whitespace() || matches!(c, '/' | '>'));
        let mut tag = Tag {
            name,
            attributes: Vec::new(),
        };
        loop {
            self.rest = self
                .rest
                .trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            if let Some(after) = self.rest.strip_prefix('>') {
                self.rest = after;
                return tag;
            }
            if self.rest.is_empty() || self.rest.starts_with('<') {
                return tag;
            }
            let attribute = self.attribute();
            tag.attributes.push(attribute);
        }
    }

    fn attribute(&mut self) -> (String, String) {
        // A `=` in first place is part of the name, so that something is always taken.
        let first = self.rest.chars().next().map_or(0, char::len_utf8);
        let name = self.take_until(first, |c| c.is_whitespace() || matches!(c, '=' | '>' | '/'));
        let after_name = self.rest.trim_start();
        let Some(value) = after_name.strip_prefix('=') else {
            return (name, String::new());
        };
        let value = value.trim_start();
        let quote = value
            .chars()
            .next()
            .filter(|quote| matches!(quote, '"' | '\''));
        let raw = if let Some(quote) = quote {
            let inside = &value[1..];
            let end = inside.find(quote).unwrap_or(inside.len());
            self.rest = inside.get(end + 1..).unwrap_or_default();
            &inside[..end]
        } else {
            let end = value
                .find(|c: char| c.is_whitespace() || c == '>')
                .unwrap_or(value.len());
            self.rest = &value[end..];
            &value[..end]
        };
        (name, unescape(raw))
    }

    /// Takes text in lower case up to the first character from `from` on that ends it.
    fn take_until(&mut self, from: usize, ends: impl Fn(char) -> bool) -> String {
        let end = self.rest[from..]
            .find(ends)
            .map_or(self.rest.len(), |at| from + at);
        let taken = self.rest[..end].to_ascii_lowercase();
        self.rest = &self.rest[end..];
        taken
    }
}

/// Where `end` stands, in any case.
fn position(text: &str, end: &str) -> Option<usize> {
    text.as_bytes()
        .windows(end.len())
        .position(|window| window.eq_ignore_ascii_case(end.as_bytes()))
}

/// The text with XML's own entities and numbered characters put in; others stay as they are.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        // No entity is longer, and a page of `&` alone must not take time by the square.
        let end = rest.bytes().take(12).position(|byte| byte == b';');
        let known = end.and_then(|end| Some((character(&rest[1..end])?, end)));
        if let Some((character, end)) = known {
            out.push(character);
            rest = &rest[end + 1..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out + rest
}

fn character(entity: &str) -> Option<char> {
    let number = match entity {
        "amp" => return Some('&'),
        "lt" => return Some('<'),
        "gt" => return Some('>'),
        "quot" => return Some('"'),
        "apos" => return Some('\''),
        "nbsp" => return Some(' '),
        _ => entity.strip_prefix('#')?,
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(code)
}

#[cfg(test)]
mod tests {
    use super::{GoImport, matching, tags};

    #[track_caller]
    fn check(page: &str, expected: &[&str]) {
        let found: Vec<String> = tags(page.as_bytes())
            .iter()
            .map(GoImport::to_string)
            .collect();
        assert_eq!(found, expected, "{page}");
    }

    const TAG: &str = r#"<meta name="go-import" content="a.example/x git https://h/x">"#;
    const FOUND: &[&str] = &["a.example/x git https://h/x"];

    #[test]
    fn tags_are_found_however_they_are_written() {
        for page in [
            TAG,
            r"<META CONTENT='a.example/x git https://h/x' NAME=go-import />",
            "<meta\n  name = \"go-import\"\n  content\n=\"a.example/x\n git\thttps://h/x\"\n>",
            r#"<meta charset=utf-8 name=go-import data-x content="a.example/x git https://h/x">"#,
            r#"<meta name="go-import" content="a.example/x git https&#58;//h&#x2f;x">"#,
            r#"<meta name="go-import" content="a.example/x git https://h/x" content="b hg c">"#,
            "<meta name=go-import content=\"a.example/x git https://h/x",
        ] {
            check(page, FOUND);
        }
    }

    #[test]
    fn what_stands_around_them_does_not_matter() {
        for before in [
            "<!DOCTYPE html><html><head>",
            "<?xml version=\"1.0\" encoding=\"x\"?>\u{feff}<html>",
            "<head><title>a & b < c</title><link rel=x><br/>",
            "<script>if (a<b && c>d) { x = '<body>' }</SCRIPT>",
            "<style>a > b { content: '</head>' }</style>",
            "<!-- </head> <body> -->",
            "<p class=\"a>b\" =x / ><<<< <1> </ ",
            "text é 日本 ",
        ] {
            check(&format!("{before}{TAG}</head>"), FOUND);
        }
        let mut latin = b"<title>\xe9\xff</title>".to_vec();
        latin.extend(TAG.as_bytes());
        assert_eq!(tags(&latin).len(), 1);
        let wide: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain(TAG.encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        assert_eq!(tags(&wide).len(), 1);
    }

    #[test]
    fn what_is_no_tag_in_the_head_does_not_count() {
        check(&format!("</head>{TAG}"), &[]);
        check(&format!("<body>{TAG}"), &[]);
        check(&format!("<BODY class=x>{TAG}"), &[]);
        check(&format!("<!-- {TAG} -->"), &[]);
        check(&format!("<script>'{TAG}'</script>"), &[]);
        check(&TAG.replace("go-import", "go-source"), &[]);
        check(&TAG.replace("go-import", "Go-Import"), &[]);
        check(&TAG.replace(" git", ""), &[]);
        check(&TAG.replace(" git", " git x"), &[]);
        check("", &[]);
        check("<", &[]);
        check("<meta", &[]);
        check("<meta name", &[]);
        check("<meta name=", &[]);
        check("<meta name='", &[]);
    }

    #[test]
    fn a_page_made_to_take_long_does_not() {
        for piece in [
            "<!--", "<script>", "<style ", "<!", "&", "<a b='", "<a ", "<", "=x ",
        ] {
            let page = format!("<meta name='{}", piece.repeat((1 << 20) / piece.len()));
            assert!(tags(page.as_bytes()).is_empty());
            assert!(tags(&page.as_bytes()[12..]).is_empty());
        }
    }

    #[track_caller]
    fn check_matching(path: &str, expected: &[&str]) {
        let all = [
            "h/log git 1",
            "h/logger git 2",
            "h/log mod 3",
            "h/log/sub git 4",
        ];
        let tags = all.iter().filter_map(|tag| GoImport::parse(tag)).collect();
        let found: Vec<String> = matching(tags, path)
            .iter()
            .map(GoImport::to_string)
            .collect();
        assert_eq!(found, expected, "{path}");
    }

    #[test]
    fn the_prefix_must_hold_the_path() {
        check_matching("h/log", &["h/log git 1", "h/log mod 3"]);
        check_matching("h/logger/x", &["h/logger git 2"]);
        check_matching(
            "h/log/sub/x",
            &["h/log git 1", "h/log mod 3", "h/log/sub git 4"],
        );
        check_matching("h/log/", &["h/log git 1", "h/log mod 3"]);
        check_matching("h/logs", &["h/log git 1", "h/log mod 3"]);
        check_matching("h/other", &[]);
        check_matching("h", &[]);
    }
}
