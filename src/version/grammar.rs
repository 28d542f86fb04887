//! Cutting the text of versions into its parts: what versions, ranges and hyphen ranges share.

/// A version's text in its parts, without the separators; what is absent is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parts<'a> {
    /// Major, minor and patch; the first is never absent.
    pub(super) numbers: [&'a str; 3],
    /// What follows the hyphen.
    pub(super) prerelease: &'a str,
    /// What follows the plus sign.
    pub(super) metadata: &'a str,
}

impl<'a> Parts<'a> {
    /// Takes the longest version that `text` begins with; gives its parts and what follows it.
    ///
    /// What a number is made of is up to `in_number`: a range may have `x` in the place of one.
    pub(super) fn cut(text: &'a str, in_number: fn(u8) -> bool) -> Option<(Self, &'a str)> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let (major, mut rest) = run(text, in_number)?;
        let mut numbers = [major, "", ""];
        for number in &mut numbers[1..] {
            let Some(cut) = after('.', rest).and_then(|text| run(text, in_number)) else {
                break;
            };
            (*number, rest) = cut;
        }
        let (prerelease, rest) = after('-', rest).and_then(identifiers).unwrap_or(("", rest));
        let (metadata, rest) = after('+', rest).and_then(identifiers).unwrap_or(("", rest));
        let parts = Self {
            numbers,
            prerelease,
            metadata,
        };
        Some((parts, rest))
    }
}

/// What follows `separator`, with which `text` must begin.
fn after(separator: char, text: &str) -> Option<&str> {
    text.strip_prefix(separator)
}

/// Cuts off the bytes that are `wanted`, all ASCII; there must be one.
fn run(text: &str, wanted: impl Fn(u8) -> bool) -> Option<(&str, &str)> {
    let length = text.bytes().take_while(|byte| wanted(*byte)).count();
    (length > 0).then(|| text.split_at(length))
}

/// Cuts off identifiers with single dots between them; there must be one.
fn identifiers(text: &str) -> Option<(&str, &str)> {
    let one = |text| run(text, |byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let (_, mut rest) = one(text)?;
    while let Some((_, next)) = after('.', rest).and_then(one) {
        rest = next;
    }
    Some(text.split_at(text.len() - rest.len()))
}

/// What the numbers of a range may be made of, to begin with. The bar is a slip of the pattern that
/// Glide's library uses; it matters in hyphen ranges, where it can swallow an `||`.
pub(super) fn in_wildcard(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'x' | b'X' | b'*' | b'|')
}

/// The white space of Go's regular expressions.
pub(super) fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\x0C' | '\r')
}
