//! One line of a .gitattributes file: a pattern or a macro's name, and what it assigns. Pure.
//!
//! A line with anything wrong in it is left out whole, as git does (git warns, we do not).

use super::wildmatch;

/// Git leaves out lines that are as long as this, or longer, in bytes.
const LONGEST_LINE: usize = 2048;

const MACRO_PREFIX: &[u8] = b"[attr]";

/// What a line says about one attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// `name`
    Set,
    /// `-name`
    Unset,
    /// `!name`: as if no line had spoken of it.
    Unspecified,
    /// `name=value`
    Value(Box<[u8]>),
}

/// A line that says something.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// `pattern assignments`
    Rule(Pattern, Vec<(&'a [u8], State)>),
    /// `[attr]name assignments`
    Macro(Vec<u8>, Vec<(&'a [u8], State)>),
}

/// Reads one line, its line end included or not; `None` for comments and for what git leaves out.
pub(super) fn line(text: &[u8]) -> Option<Line<'_>> {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    // For git a line is a C string, which a NUL ends.
    let text = text.split(|byte| *byte == 0).next()?;
    let start = skip_blanks(text);
    if start.is_empty() || start[0] == b'#' || text.len() >= LONGEST_LINE {
        return None;
    }
    let (name, states) = unquote(start).unwrap_or_else(|| {
        let (word, rest) = split_word(start);
        (word.to_vec(), rest)
    });
    if name.len() > MACRO_PREFIX.len() && name.starts_with(MACRO_PREFIX) {
        let (name, _) = split_word(skip_blanks(&name[MACRO_PREFIX.len()..]));
        if !is_attribute_name(name) {
            return None;
        }
        return Some(Line::Macro(name.to_vec(), assignments(states)?));
    }
    let assignments = assignments(states)?;
    Some(Line::Rule(Pattern::parse(name)?, assignments))
}

fn assignments(mut text: &[u8]) -> Option<Vec<(&[u8], State)>> {
    let mut found = Vec::new();
    loop {
        text = skip_blanks(text);
        if text.is_empty() {
            return Some(found);
        }
        let (word, rest) = split_word(text);
        text = rest;
        let (name, value) = match word.iter().position(|byte| *byte == b'=') {
            Some(equals) => (&word[..equals], Some(&word[equals + 1..])),
            None => (word, None),
        };
        // `-name=value` is `-name`; git drops the value.
        let (name, state) = match (name.first(), value) {
            (Some(b'-'), _) => (&name[1..], State::Unset),
            (Some(b'!'), _) => (&name[1..], State::Unspecified),
            (_, None) => (name, State::Set),
            (_, Some(value)) => (name, State::Value(value.into())),
        };
        if !is_attribute_name(name) {
            return None;
        }
        found.push((name, state));
    }
}

fn is_attribute_name(name: &[u8]) -> bool {
    let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    !name.is_empty()
        && name[0] != b'-'
        && name.iter().all(allowed)
        && !name.starts_with(b"builtin_")
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

fn skip_blanks(text: &[u8]) -> &[u8] {
    let blanks = text.iter().take_while(|byte| is_blank(**byte)).count();
    &text[blanks..]
}

fn split_word(text: &[u8]) -> (&[u8], &[u8]) {
    text.split_at(text.iter().take_while(|byte| !is_blank(**byte)).count())
}

/// A C string literal at the start of `text` and what follows it; `None` where there is none or it
/// is malformed, in which case git takes the quote as part of an ordinary pattern.
fn unquote(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut bytes = text.strip_prefix(b"\"")?.iter();
    let mut unquoted = Vec::new();
    loop {
        match *bytes.next()? {
            b'"' => return Some((unquoted, bytes.as_slice())),
            b'\\' => unquoted.push(match *bytes.next()? {
                b'a' => 0x07,
                b'b' => 0x08,
                b'f' => 0x0c,
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'v' => 0x0b,
                same @ (b'\\' | b'"') => same,
                high @ b'0'..=b'3' => {
                    let mut octal = || bytes.next().filter(|b| (b'0'..=b'7').contains(b));
                    let (middle, low) = (octal()? - b'0', octal()? - b'0');
                    ((high - b'0') << 6) | (middle << 3) | low
                }
                _ => return None,
            }),
            byte => unquoted.push(byte),
        }
    }
}

/// The path pattern of a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    /// The pattern without a leading `/`.
    glob: Vec<u8>,
    /// How many bytes at its start are not special.
    literal: usize,
    kind: PatternKind,
}

#[derive(Debug, PartialEq, Eq)]
enum PatternKind {
    /// Matches the last name of a path.
    Name,
    /// The same, and the glob is a star before something literal.
    NameSuffix,
    /// Matches the path from the folder of the .gitattributes file on.
    Path,
    /// Ends in a `/`: matches folders only, and attributes are asked for files only.
    Folder,
}

impl Pattern {
    /// `None` for a negative pattern, which git leaves out.
    fn parse(mut glob: Vec<u8>) -> Option<Self> {
        if let Some(end) = glob.iter().position(|byte| *byte == 0) {
            glob.truncate(end);
        }
        let special = |byte: &u8| matches!(byte, b'*' | b'?' | b'[' | b'\\');
        let kind = match glob.as_slice() {
            [b'!', ..] => return None,
            [.., b'/'] => PatternKind::Folder,
            whole if whole.contains(&b'/') => PatternKind::Path,
            [b'*', suffix @ ..] if !suffix.iter().any(special) => PatternKind::NameSuffix,
            _ => PatternKind::Name,
        };
        if glob.first() == Some(&b'/') {
            glob.remove(0);
        }
        let literal = glob.iter().take_while(|byte| !special(byte)).count();
        Some(Self {
            glob,
            literal,
            kind,
        })
    }

    /// Whether the file is meant, `below` being its path from the folder of the .gitattributes
    /// file on.
    pub(super) fn matches(&self, below: &[u8]) -> bool {
        let name = || below.rsplit(|byte| *byte == b'/').next().unwrap_or(below);
        match self.kind {
            PatternKind::Folder => false,
            PatternKind::NameSuffix => name().ends_with(&self.glob[1..]),
            PatternKind::Name => self.matches_text(name(), false),
            PatternKind::Path => self.matches_text(below, true),
        }
    }

    fn matches_text(&self, text: &[u8], pathname: bool) -> bool {
        text.starts_with(&self.glob[..self.literal])
            && if self.literal == self.glob.len() {
                text.len() == self.literal
            } else {
                wildmatch::matches(&self.glob, text, pathname)
            }
    }
}
