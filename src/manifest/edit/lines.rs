//! Lines of a text, by their bytes: where they start and end, and what is a comment.

use std::ops::Range;

/// Where the line that holds `at` starts.
pub(super) fn start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |found| found + 1)
}

/// Where the line that holds `at` ends, its line break included.
pub(super) fn end(text: &str, at: usize) -> usize {
    text[at..]
        .find('\n')
        .map_or(text.len(), |found| at + found + 1)
}

/// How many spaces `at` has before it, if its line has nothing else there.
pub(super) fn column(text: &str, at: usize) -> Option<usize> {
    let before = &text[start(text, at)..at];
    before
        .bytes()
        .all(|byte| byte == b' ')
        .then_some(before.len())
}

/// The end of the line that holds `at`, unless there is more in it than a comment.
pub(super) fn end_if_last(text: &str, at: usize) -> Option<usize> {
    let end = end(text, at);
    let rest = text[at..end].trim_start();
    (rest.is_empty() || rest.starts_with('#')).then_some(end)
}

/// The indent of the comment that the line starting at `at` is, if it is one.
fn comment(text: &str, at: usize) -> Option<usize> {
    let line = &text[at..end(text, at)];
    let bare = line.trim_start_matches(' ');
    bare.starts_with('#').then_some(line.len() - bare.len())
}

/// Goes down from the line that starts at `at` past comments that are indented deeper than `column`.
pub(super) fn past_deeper_comments(text: &str, mut at: usize, column: usize) -> usize {
    while comment(text, at).is_some_and(|indent| indent > column) {
        at = end(text, at);
    }
    at
}

/// Goes up from the line that starts at `at` past comments that are not indented deeper than
/// `column`, as far as `floor`.
pub(super) fn above_comments(text: &str, mut at: usize, column: usize, floor: usize) -> usize {
    while at > floor {
        let above = start(text, at - 1);
        if above < floor || comment(text, above).is_none_or(|indent| indent > column) {
            break;
        }
        at = above;
    }
    at
}

/// Lines to be cut out, with the empty lines above them where there would be two gaps in one.
pub(super) fn with_gap(text: &str, lines: Range<usize>) -> Range<usize> {
    let is_empty = |at: usize| text[at..end(text, at)].trim().is_empty();
    let mut from = lines.start;
    if lines.end < text.len() && !is_empty(lines.end) {
        return lines;
    }
    while from > 0 && is_empty(start(text, from - 1)) {
        from = start(text, from - 1);
    }
    from..lines.end
}

/// The line break that the text uses.
pub(super) fn line_break(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// The text with `new` in place of `range`.
pub(super) fn splice(text: &str, range: Range<usize>, new: &str) -> String {
    [&text[..range.start], new, &text[range.end..]].concat()
}

/// The text with whole lines put in at `at`, where a line starts or the text ends.
pub(super) fn insert(text: &str, at: usize, new: &str) -> String {
    let before = &text[..at];
    let missing = if before.is_empty() || before.ends_with('\n') {
        ""
    } else {
        line_break(text)
    };
    [before, missing, new, &text[at..]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_belong_by_their_indent() {
        let text = "a:\n# one\n# two\n- x\n  # deep\n# three\n";
        let dash = text.find("- x").unwrap();
        assert_eq!(above_comments(text, dash, 0, 3), 3);
        assert_eq!(above_comments(text, dash, 0, 9), 9);
        let below = end(text, dash);
        assert!(text[past_deeper_comments(text, below, 0)..].starts_with("# three"));
    }

    #[test]
    fn of_two_gaps_one_stays() {
        #[track_caller]
        fn check(text: &str, expected: &str) {
            let at = text.find('x').unwrap();
            let cut = with_gap(text, start(text, at)..end(text, at));
            assert_eq!(splice(text, cut, ""), expected);
        }
        check("a\n\nx\n\nb\n", "a\n\nb\n");
        check("a\n\nx\nb\n", "a\n\nb\n");
        check("a\nx\n\nb\n", "a\n\nb\n");
        check("a\n\nx\n", "a\n");
    }
}
