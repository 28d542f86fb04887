//! From bytes to characters: encodings, forbidden characters, and the classes that YAML knows.

use super::error::Error;

/// What stands past the end of the text; the text itself cannot hold it.
pub(super) const END: char = '\0';

/// A tab or a space.
pub(super) fn is_blank(c: char) -> bool {
    c == ' ' || c == '\t'
}

/// A line break in the sense of YAML 1.1.
pub(super) fn is_break(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// A line break or the end of the text.
pub(super) fn is_break_or_end(c: char) -> bool {
    c == END || is_break(c)
}

/// A blank, a line break or the end of the text.
pub(super) fn is_space_or_end(c: char) -> bool {
    is_blank(c) || is_break_or_end(c)
}

/// A character of anchors, tag handles and directive names.
pub(super) fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '-'
}

/// Decodes UTF-8, or UTF-16 that says so by its byte order mark, and refuses what YAML forbids.
///
/// The whole text is looked at, also past the first document (yaml.v2 stops a buffer later).
pub(super) fn decode(bytes: &[u8]) -> Result<Vec<char>, Error> {
    let text: Vec<char> = match bytes {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest)?,
        _ => utf8(bytes)?,
    };
    match text.iter().position(|&c| !is_allowed(c)) {
        None => Ok(text),
        Some(at) => Err(Error::at(
            line_of(&text[..at]),
            "control characters are not allowed",
        )),
    }
}

fn utf8(bytes: &[u8]) -> Result<Vec<char>, Error> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.chars().collect()),
        Err(error) => {
            let good = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            let before: Vec<char> = good.chars().collect();
            Err(Error::at(line_of(&before), "the text is not UTF-8"))
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Vec<char>, Error> {
    let pairs = bytes.chunks_exact(2);
    let whole = pairs.remainder().is_empty();
    let units = pairs.map(|pair| unit([pair[0], pair[1]]));
    let text: Result<Vec<char>, _> = char::decode_utf16(units).collect();
    match text {
        Ok(text) if whole => Ok(text),
        _ => Err(Error::at(0, "the text is not UTF-16, as its start says")),
    }
}

fn line_of(before: &[char]) -> usize {
    before.iter().filter(|&&c| c == '\n').count()
}

fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{A0}'..='\u{FFFD}' | '\u{10000}'..)
}
