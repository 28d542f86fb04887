//! Which style a scalar is written in.

use super::super::resolve::{Kind, is_base60, resolve};
use super::super::text::{END, is_blank, is_break, is_space_or_end};

/// The styles that yaml.v2 chooses from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    Literal,
}

impl Style {
    /// The style of `text`, written as a value in a block.
    pub(super) fn of(text: &str) -> Self {
        if resolve(text) != Kind::Text || is_base60(text) {
            return Self::DoubleQuoted;
        }
        let shape = Shape::of(text);
        if text.contains('\n') {
            return if shape.allows_literal() {
                Self::Literal
            } else {
                Self::DoubleQuoted
            };
        }
        if shape.allows_plain() {
            Self::Plain
        } else if shape.allows_single_quotes() {
            Self::SingleQuoted
        } else {
            Self::DoubleQuoted
        }
    }
}

/// Whether the character may stand unescaped. Nothing above U+FFFF may, nor a byte order mark.
pub(super) fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{A0}'..='\u{FEFE}' | '\u{FF00}'..='\u{FFFD}')
}

/// What about a text stands against one style or another.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are independent findings about one text"
)]
struct Shape {
    /// It reads as a marker, comment, key or the like.
    indicator: bool,
    line_break: bool,
    unprintable: bool,
    space_at_start: bool,
    space_at_end: bool,
    break_before_space: bool,
    space_before_break: bool,
}

impl Shape {
    fn of(text: &str) -> Self {
        let mut shape = Self {
            indicator: text.starts_with("---") || text.starts_with("..."),
            space_at_start: text.starts_with(' '),
            space_at_end: text.ends_with(' '),
            ..Self::default()
        };
        // The text counts as preceded by white space: a `#` at its start is a comment.
        let mut previous = ' ';
        let mut rest = text.chars();
        let mut first = true;
        while let Some(c) = rest.next() {
            let next = rest.clone().next().unwrap_or(END);
            let ends_word = next == END && rest.as_str().is_empty() || is_blank(next);
            shape.indicator |= match c {
                ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%'
                | '@' | '`' => first,
                '?' | '-' => first && ends_word,
                ':' => ends_word,
                '#' => is_space_or_end(previous),
                _ => false,
            };
            shape.unprintable |= !is_printable(c);
            shape.line_break |= is_break(c);
            shape.break_before_space |= !first && c == ' ' && is_break(previous);
            shape.space_before_break |= !first && is_break(c) && previous == ' ';
            previous = c;
            first = false;
        }
        shape
    }

    fn allows_plain(&self) -> bool {
        self.allows_single_quotes()
            && !self.indicator
            && !self.line_break
            && !self.space_at_start
            && !self.space_at_end
    }

    fn allows_single_quotes(&self) -> bool {
        !self.break_before_space && !self.space_before_break && !self.unprintable
    }

    fn allows_literal(&self) -> bool {
        !self.space_at_end && !self.space_before_break && !self.unprintable
    }
}
