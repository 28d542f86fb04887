//! Comments that tell where code came from, `//line x.y:1`: Go refuses a file for a wrong number in
//! one. Pure.
//!
//! Answers to `updateLineInfo` of Go 1.19's `go/scanner`. The places that such comments claim are
//! not heeded: errors name where a thing stands.

/// Lines and columns above this are refused.
const MOST: u64 = (1 << 30) - 1;

/// Where in the comment a mistake is, and what it is.
pub(super) type Mistake = (usize, String);

/// Looks at a comment, which counts in the `//` form only if it begins a line.
pub(super) fn check(comment: &[u8], begins_line: bool) -> Result<(), Mistake> {
    let is_block = comment.starts_with(b"/*");
    if !comment[2..].starts_with(b"line ") || !(is_block || begins_line) {
        return Ok(());
    }
    let end = comment.len() - if is_block { 2 } else { 0 };
    let text = &comment[..end.max(7)];
    let Some((place, number)) = number_at_end(text) else {
        return Ok(());
    };
    let wrong = |what: &str, place: usize| {
        let shown = String::from_utf8_lossy(&text[place..]);
        Err((place, format!("invalid {what} number: {shown}")))
    };
    let Some(number) = number else {
        return wrong("line", place);
    };
    if let Some((before, Some(line))) = number_at_end(&text[..place - 1]) {
        if !is_in_range(number) {
            return wrong("column", place);
        }
        return if is_in_range(line) {
            Ok(())
        } else {
            wrong("line", before)
        };
    }
    if is_in_range(number) {
        Ok(())
    } else {
        wrong("line", place)
    }
}

/// Where what follows the last colon stands, and the number that it is, if it is one.
fn number_at_end(text: &[u8]) -> Option<(usize, Option<u64>)> {
    let place = 7 + text[7..].iter().rposition(|byte| *byte == b':')? + 1;
    let digits = std::str::from_utf8(&text[place..]).ok();
    let digits = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    Some((place, digits.and_then(|digits| digits.parse().ok())))
}

fn is_in_range(number: u64) -> bool {
    // Go converts to a signed number, below zero from here on, and looks for zero and the upper end.
    number != 0 && (number <= MOST || number > i64::MAX as u64)
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn numbers_behind_colons_are_checked() {
        for fine in [
            "//line a",
            "//line a:1",
            "//line a:1:2",
            "//line :1",
            "//line C:\\a:3",
            "// line a:b",
            "//linea:b",
            "/*line a:1*/",
            "/*line*/",
            "//line a:b:1",
            "//line a:18446744073709551615",
            "//line ",
            "/*line */",
        ] {
            assert_eq!(check(fine.as_bytes(), true), Ok(()), "{fine}");
        }
        for (wrong, place, message) in [
            ("//line a:b", 9, "invalid line number: b"),
            ("//line a:", 9, "invalid line number: "),
            ("//line a:0", 9, "invalid line number: 0"),
            ("//line a:+1", 9, "invalid line number: +1"),
            ("//line a:1073741824", 9, "invalid line number: 1073741824"),
            ("//line a:1:0", 11, "invalid column number: 0"),
            ("//line a:0:1", 9, "invalid line number: 0:1"),
            ("//line a:1 ", 9, "invalid line number: 1 "),
            ("/*line a:b*/", 9, "invalid line number: b"),
            (
                "//line a:18446744073709551616",
                9,
                "invalid line number: 18446744073709551616",
            ),
        ] {
            assert_eq!(
                check(wrong.as_bytes(), true),
                Err((place, message.to_owned())),
                "{wrong}"
            );
        }
        assert_eq!(check(b"//line a:b", false), Ok(()));
        assert!(check(b"/*line a:b*/", false).is_err());
    }
}
