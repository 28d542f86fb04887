//! Build constraints: where a file's stand, and what they say. Pure.
//!
//! Answers to `go/build/constraint` and to `shouldBuild` of `go/build`, Go 1.19. A constraint is kept
//! in postfix form, so that neither its depth nor its length matters when it is asked or dropped.

use super::text::{is_tag, is_tag_character, lines, trim};

/// How deep brackets may be nested here; Go knows no limit.
const DEEPEST: usize = 200;

/// What must hold for a file to count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Constraint(Vec<Operation>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Operation {
    Tag(Box<str>),
    Not,
    And,
    Or,
}

impl Constraint {
    /// The constraint in the top of a file, read up to its first declaration; `None` where there is
    /// none, and a message where it cannot be read.
    pub(super) fn of(header: &[u8]) -> Result<Option<Self>, String> {
        let (go_build, end) = find(header)?;
        if let Some(line) = go_build {
            let text = String::from_utf8_lossy(&line[GO_BUILD.len()..]);
            let parsed = Self::parse(text.trim());
            return parsed
                .map(Some)
                .map_err(|message| format!("parsing //go:build line: {message}"));
        }
        let mut all = Vec::new();
        for (line, _) in lines(&header[..end]) {
            let Some(text) = plus_build(line) else {
                continue;
            };
            let has_earlier = !all.is_empty();
            push_plus_build(&String::from_utf8_lossy(text), &mut all);
            all.extend(has_earlier.then_some(Operation::And));
        }
        Ok((!all.is_empty()).then_some(Self(all)))
    }

    /// An expression as it stands behind `//go:build`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut parser = Parser {
            text,
            offset: 0,
            token: Token::End,
            depth: 0,
            operations: Vec::new(),
        };
        parser.either().map_err(|fault| fault.to_string())?;
        match parser.token {
            Token::End => Ok(Self(parser.operations)),
            _ => Err(Fault::Unexpected(parser.token.text()).to_string()),
        }
    }

    /// An expression as it stands behind `// +build`. None of them is wrong.
    pub(super) fn parse_plus_build(text: &str) -> Self {
        let mut operations = Vec::new();
        push_plus_build(text, &mut operations);
        Self(operations)
    }

    /// Whether it holds where these tags are set.
    pub(super) fn holds(&self, is_set: impl Fn(&str) -> bool) -> bool {
        let mut values: Vec<bool> = Vec::with_capacity(8);
        for operation in &self.0 {
            let value = match operation {
                Operation::Tag(tag) => is_set(tag),
                Operation::Not => !values.pop().unwrap_or_default(),
                Operation::And | Operation::Or => {
                    let right = values.pop().unwrap_or_default();
                    let left = values.pop().unwrap_or_default();
                    if *operation == Operation::And {
                        left && right
                    } else {
                        left || right
                    }
                }
            };
            values.push(value);
        }
        values.pop().unwrap_or(true)
    }

    /// How much there is to ask.
    pub(super) fn length(&self) -> usize {
        self.0.len()
    }
}

const GO_BUILD: &[u8] = b"//go:build";

/// The file's `//go:build` line, and where the part ends in which `// +build` lines count: behind
/// the last blank line above what is neither blank nor a `//` comment.
fn find(header: &[u8]) -> Result<(Option<&[u8]>, usize), String> {
    let (mut go_build, mut plus_build_end) = (None, 0);
    let (mut ended, mut in_comment) = (false, false);
    'lines: for (line, end) in lines(header) {
        let mut line = trim(line);
        if line.is_empty() && !ended {
            plus_build_end = end;
        }
        ended |= !line.is_empty() && !line.starts_with(b"//");
        if !in_comment && is_go_build(line) && go_build.replace(line).is_some() {
            return Err("multiple //go:build comments".to_owned());
        }
        // What else is in the line: comments, over which the search goes on, or the end of it.
        while !line.is_empty() {
            if in_comment {
                let Some(close) = line.windows(2).position(|pair| pair == b"*/") else {
                    continue 'lines;
                };
                in_comment = false;
                line = trim(&line[close + 2..]);
            } else if line.starts_with(b"//") {
                continue 'lines;
            } else if line.starts_with(b"/*") {
                in_comment = true;
                line = trim(&line[2..]);
            } else {
                break 'lines;
            }
        }
    }
    Ok((go_build, plus_build_end))
}

fn is_go_build(line: &[u8]) -> bool {
    line.strip_prefix(GO_BUILD)
        .is_some_and(|rest| rest.is_empty() || trim(rest).len() < rest.len())
}

/// What stands behind `// +build`, if the line is one.
fn plus_build(line: &[u8]) -> Option<&[u8]> {
    let comment = trim(trim(line).strip_prefix(b"//")?);
    let rest = comment.strip_prefix(b"+build")?;
    let text = trim(rest);
    (rest.is_empty() || text.len() < rest.len()).then_some(text)
}

/// The words of one line, one of which must hold; in each, all that commas join.
fn push_plus_build(text: &str, operations: &mut Vec<Operation>) {
    // What Go cannot read is the tag `ignore`, which nobody sets.
    let ignore = || Operation::Tag("ignore".into());
    let mut any = false;
    for word in text.split_whitespace() {
        for (place, literal) in word.split(',').enumerate() {
            let (tag, negated) = match literal.strip_prefix('!') {
                Some(tag) if tag.is_empty() || tag.starts_with('!') => ("", false),
                Some(tag) => (tag, true),
                None => (literal, false),
            };
            operations.push(if is_tag(tag) {
                Operation::Tag(tag.into())
            } else {
                ignore()
            });
            operations.extend(negated.then_some(Operation::Not));
            operations.extend((place > 0).then_some(Operation::And));
        }
        operations.extend(any.then_some(Operation::Or));
        any = true;
    }
    if !any {
        operations.push(ignore());
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'t> {
    End,
    Tag(&'t str),
    Open,
    Close,
    Not,
    And,
    Or,
}

impl<'t> Token<'t> {
    fn text(self) -> &'t str {
        match self {
            Token::End => "",
            Token::Tag(tag) => tag,
            Token::Open => "(",
            Token::Close => ")",
            Token::Not => "!",
            Token::And => "&&",
            Token::Or => "||",
        }
    }
}

/// Why an expression cannot be read; in Go's words.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
enum Fault<'t> {
    #[error("unexpected end of expression")]
    Ended,
    #[error("missing close paren")]
    Unclosed,
    #[error("unexpected token {0}")]
    Unexpected(&'t str),
    #[error("double negation not allowed")]
    DoubleNegation,
    #[error("invalid syntax at {0}")]
    Invalid(char),
    #[error("brackets are nested too deep")]
    TooDeep,
}

struct Parser<'t> {
    text: &'t str,
    offset: usize,
    token: Token<'t>,
    depth: usize,
    operations: Vec<Operation>,
}

/// Each method but `advance` starts with its first token not yet read, and ends with the one behind
/// its last in `token`.
impl<'t> Parser<'t> {
    fn either(&mut self) -> Result<(), Fault<'t>> {
        self.both()?;
        while self.token == Token::Or {
            self.both()?;
            self.operations.push(Operation::Or);
        }
        Ok(())
    }

    fn both(&mut self) -> Result<(), Fault<'t>> {
        self.one()?;
        while self.token == Token::And {
            self.one()?;
            self.operations.push(Operation::And);
        }
        Ok(())
    }

    fn one(&mut self) -> Result<(), Fault<'t>> {
        self.advance()?;
        if self.token != Token::Not {
            return self.atom();
        }
        self.advance()?;
        if self.token == Token::Not {
            return Err(Fault::DoubleNegation);
        }
        self.atom()?;
        self.operations.push(Operation::Not);
        Ok(())
    }

    /// A tag or an expression in brackets, whose first token has been read.
    fn atom(&mut self) -> Result<(), Fault<'t>> {
        match self.token {
            Token::Tag(tag) => self.operations.push(Operation::Tag(tag.into())),
            Token::Open if self.depth == DEEPEST => return Err(Fault::TooDeep),
            Token::Open => {
                self.depth += 1;
                self.either().map_err(|fault| match fault {
                    Fault::Ended => Fault::Unclosed,
                    other => other,
                })?;
                self.depth -= 1;
                if self.token != Token::Close {
                    return Err(Fault::Unclosed);
                }
            }
            Token::End => return Err(Fault::Ended),
            other => return Err(Fault::Unexpected(other.text())),
        }
        self.advance()
    }

    fn advance(&mut self) -> Result<(), Fault<'t>> {
        let rest = &self.text[self.offset..];
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let rest = &rest[blanks..];
        let (token, length) = match rest.chars().next() {
            None => (Token::End, 0),
            Some('(') => (Token::Open, 1),
            Some(')') => (Token::Close, 1),
            Some('!') => (Token::Not, 1),
            Some('&') if rest.starts_with("&&") => (Token::And, 2),
            Some('|') if rest.starts_with("||") => (Token::Or, 2),
            Some(first) => {
                let end = rest.find(|c| !is_tag_character(c)).unwrap_or(rest.len());
                if end == 0 {
                    return Err(Fault::Invalid(first));
                }
                (Token::Tag(&rest[..end]), end)
            }
        };
        self.token = token;
        self.offset += blanks + length;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Constraint;

    /// The constraint of a header, asked with the tags `a` and `b` set.
    fn ask(header: &str) -> Result<Option<bool>, String> {
        let constraint = Constraint::of(header.as_bytes())?;
        Ok(constraint.map(|constraint| constraint.holds(|tag| matches!(tag, "a" | "b"))))
    }

    #[track_caller]
    fn check(header: &str, expected: Option<bool>) {
        assert_eq!(ask(header), Ok(expected), "{header:?}");
    }

    #[track_caller]
    fn refuse(header: &str, expected: &str) {
        assert_eq!(ask(header), Err(expected.to_owned()), "{header:?}");
    }

    #[test]
    fn go_build_lines_are_expressions() {
        check("//go:build a\npackage p", Some(true));
        check("//go:build x || a && !y", Some(true));
        check("//go:build (x || a) && y", Some(false));
        check("//go:build !(x||y)", Some(true));
        check("//go:build !a||b&&!x", Some(true));
        check("//go:build\ta.x_1\r\n", Some(false));
        check("\n/* x\n*/ /* */\n//go:build x\npackage p", Some(false));
        check("/* x */ //go:build x\npackage p", None);
        check("/*\n//go:build x\n*/\npackage p", None);
        check("package p\n//go:build x\n", None);
        check("// go:build x\n//go:buildx\npackage p", None);
        check("// +build x\n\n//go:build a\npackage p", Some(true));
    }

    #[test]
    fn go_build_lines_that_cannot_be_read_are_told_in_gos_words() {
        refuse(
            "//go:build a\n//go:build a\n",
            "multiple //go:build comments",
        );
        for (text, why) in [
            ("", "unexpected end of expression"),
            ("a &&", "unexpected end of expression"),
            ("(a", "missing close paren"),
            ("(", "missing close paren"),
            ("a b", "unexpected token b"),
            ("a)", "unexpected token )"),
            ("()", "unexpected token )"),
            ("&& a", "unexpected token &&"),
            ("!!a", "double negation not allowed"),
            ("! !a", "double negation not allowed"),
            ("a & b", "invalid syntax at &"),
            ("a,b", "invalid syntax at ,"),
            ("a-b", "invalid syntax at -"),
            ("a \u{fffd}", "invalid syntax at \u{fffd}"),
        ] {
            let expected = format!("parsing //go:build line: {why}");
            refuse(&format!("//go:build {text}\n"), &expected);
        }
        let deep = format!("//go:build {}a{}", "(".repeat(100_000), ")".repeat(100_000));
        assert!(ask(&deep).is_err());
        check(
            &format!("//go:build a{}", " && a".repeat(100_000)),
            Some(true),
        );
    }

    #[test]
    fn plus_build_lines_count_above_the_last_blank_line_only() {
        check("// +build a\n\npackage p", Some(true));
        check("// +build x\n\npackage p", Some(false));
        check("//+build x\n\npackage p", Some(false));
        check("// +build x\npackage p", None);
        check("// +build x\n// doc\npackage p", None);
        check("// +build a\n\n// +build x\npackage p", Some(true));
        check("// +build a\n// +build x\n\n// doc\npackage p", Some(false));
        check("/* +build x */\n\npackage p", None);
        check("/*\n// +build x\n*/\n\npackage p", None);
        check("/* c */\n\n// +build x\n\npackage p", None);
        check("// +buildx\n\npackage p", None);
        check("// +build x", None);
        check("// +build x\n\n", Some(false));
        check("// +build\n\n", Some(false));
    }

    #[test]
    fn plus_build_words_are_alternatives_and_commas_join() {
        for (text, expected) in [
            ("x a", true),
            ("a,x", false),
            ("a,b", true),
            ("a,!x", true),
            ("!a x", false),
            ("!x", true),
            ("!!x", false),
            ("!", false),
            ("!a-", true),
            ("a,", false),
            ("a, b", true),
            ("(a)", false),
        ] {
            check(&format!("// +build {text}\n\npackage p"), Some(expected));
            let alone = Constraint::parse_plus_build(text);
            assert_eq!(
                alone.holds(|tag| matches!(tag, "a" | "b")),
                expected,
                "{text}"
            );
        }
    }
}
