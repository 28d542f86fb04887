//! Bytes as text, as Go's readers take them.

/// The text, with U+FFFD for each byte that is not part of valid UTF-8.
///
/// [`String::from_utf8_lossy`] takes a character that was cut off for one, Go takes it byte by byte.
pub(super) fn replace_invalid(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::replace_invalid;

    #[test]
    fn each_invalid_byte_is_replaced() {
        let check = |bytes: &[u8], expected: &str| assert_eq!(replace_invalid(bytes), expected);
        check(b"", "");
        check("aé😀".as_bytes(), "aé😀");
        check(b"a\xe2\x82b", "a\u{fffd}\u{fffd}b");
        check(b"\xed\xa0\x80\xff", "\u{fffd}\u{fffd}\u{fffd}\u{fffd}");
    }
}
