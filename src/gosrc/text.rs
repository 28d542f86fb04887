//! Blanks and lines of bytes that need not be UTF-8, as Go's `bytes` takes them. Pure.

/// The bytes without the blanks (those of Unicode) around them.
pub(super) fn trim(mut bytes: &[u8]) -> &[u8] {
    loop {
        let trimmed = bytes.trim_ascii();
        // Go's blanks have the vertical tab too, and those beyond ASCII.
        bytes = match (leading(trimmed), trailing(trimmed)) {
            (0, 0) => return trimmed,
            (before, 0) => &trimmed[before..],
            (_, after) => &trimmed[..trimmed.len() - after],
        };
    }
}

fn leading(bytes: &[u8]) -> usize {
    let head = &bytes[..bytes.len().min(4)];
    if head
        .first()
        .is_none_or(|byte| byte.is_ascii() && *byte != 0x0b)
    {
        return 0;
    }
    let first = head
        .utf8_chunks()
        .next()
        .and_then(|chunk| chunk.valid().chars().next());
    first
        .filter(|c| c.is_whitespace())
        .map_or(0, char::len_utf8)
}

fn trailing(bytes: &[u8]) -> usize {
    if bytes
        .last()
        .is_none_or(|byte| byte.is_ascii() && *byte != 0x0b)
    {
        return 0;
    }
    let lengths = 1..=bytes.len().min(4);
    let last = lengths.filter_map(|length| {
        let tail = std::str::from_utf8(&bytes[bytes.len() - length..]).ok()?;
        tail.chars().next()
    });
    last.take(1)
        .filter(|c| c.is_whitespace())
        .map(char::len_utf8)
        .sum()
}

/// The lines, each with the place behind its line end; what follows the last line end is a line
/// where there is something.
pub(super) fn lines(text: &[u8]) -> impl Iterator<Item = (&[u8], usize)> {
    let mut end = 0;
    text.split_inclusive(|byte| *byte == b'\n')
        .map(move |line| {
            end += line.len();
            (line, end)
        })
}

/// Whether the tag may stand in a constraint: letters, digits, underscores and points.
pub(super) fn is_tag(word: &str) -> bool {
    !word.is_empty() && word.chars().all(is_tag_character)
}

/// Whether a tag may have this character.
pub(super) fn is_tag_character(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '.'
}

#[cfg(test)]
mod tests {
    use super::{lines, trim};

    #[test]
    fn blanks_of_all_kinds_go_and_broken_characters_stay() {
        #[track_caller]
        fn check(given: &[u8], expected: &[u8]) {
            assert_eq!(trim(given), expected, "{}", given.escape_ascii());
        }
        check(b"", b"");
        check(b" \t\r\n\x0b\x0c", b"");
        check(b" a b \x0b", b"a b");
        check("\u{a0} \u{2003}x\u{85}\u{3000} ".as_bytes(), b"x");
        check(b"\xa0x\x85", b"\xa0x\x85");
        check(b"\xc2", b"\xc2");
        check(b"x \xe2\x80", b"x \xe2\x80");
        check(
            "\u{feff}x\u{200b}".as_bytes(),
            "\u{feff}x\u{200b}".as_bytes(),
        );
    }

    #[test]
    fn lines_know_where_they_end() {
        let found: Vec<_> = lines(b"a\n\nb").collect();
        assert_eq!(found, [(&b"a\n"[..], 2), (&b"\n"[..], 3), (&b"b"[..], 4)]);
        assert_eq!(lines(b"").count(), 0);
    }
}
