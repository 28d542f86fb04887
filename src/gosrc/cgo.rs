//! The `#cgo` lines in the comment above `import "C"`: a build fails where they are wrong. Pure.
//!
//! Answers to `saveCgo` of Go 1.19's `go/build`, as far as it can refuse a file.

use super::constraint::Constraint;
use super::context::BuildContext;
use super::imports::{ImportDeclaration, ImportSection, ImportSpec};
use super::lexer::Span;

/// The `#cgo` lines of a file, in order.
pub(super) fn lines(source: &[u8], section: &ImportSection) -> Vec<String> {
    let mut lines = Vec::new();
    for declaration in &section.declarations {
        for spec in declaration.specs.iter().filter(|spec| spec.path == "C") {
            for comment in documentation(source, section, declaration, spec) {
                collect(&source[comment.clone()], &mut lines);
            }
        }
    }
    lines
}

fn collect(comment: &[u8], lines: &mut Vec<String>) {
    let text = String::from_utf8_lossy(&comment[2..]).replace('\r', "");
    let text = match comment[1] {
        b'*' => text.strip_suffix("*/").unwrap_or(&text),
        _ => text.strip_prefix(' ').unwrap_or(&text),
    };
    let directive = |line: &&str| {
        let rest = line.trim().strip_prefix("#cgo");
        rest.is_some_and(|rest| rest.starts_with([' ', '\t']))
    };
    lines.extend(text.split('\n').filter(directive).map(str::to_owned));
}

/// The comments that document an import: those right above it, or above a declaration of which it
/// is the only one.
fn documentation<'s>(
    source: &[u8],
    section: &'s ImportSection,
    declaration: &ImportDeclaration,
    spec: &ImportSpec,
) -> &'s [Span] {
    let mut own: &[Span] = &[];
    if declaration.group.is_some() {
        own = comments_above(source, &section.comments, spec.span().start);
    }
    if own.is_empty() && declaration.specs.len() == 1 {
        own = comments_above(source, &section.comments, declaration.keyword.start);
    }
    own
}

/// The comments that end on the line above `place`, with no blank line between them, if nothing but
/// comments stands on their lines.
fn comments_above<'s>(source: &[u8], comments: &'s [Span], place: usize) -> &'s [Span] {
    let last = comments.partition_point(|comment| comment.end <= place);
    let line_ends =
        |from: usize, to: usize| source[from..to].split(|byte| *byte == b'\n').count() - 1;
    // Back to the first comment behind the token before.
    let (mut first, mut reached) = (last, place);
    let blank_before = |place: usize| source[..place].trim_ascii_end().len();
    while first > 0 && comments[first - 1].end >= blank_before(reached) {
        first -= 1;
        reached = comments[first].start;
    }
    let candidates = &comments[first..last];
    let token_end = blank_before(reached);
    // Comments that begin on the line of the token before belong to that.
    let (mut own, mut end) = (0, token_end);
    if token_end > 0 {
        for comment in candidates {
            if line_ends(end, comment.start) > 0 {
                break;
            }
            own += 1;
            end = comment.end;
        }
    }
    let candidates = &candidates[own..];
    let Some(final_one) = candidates.last() else {
        return &[];
    };
    if line_ends(final_one.end, place) != 1 {
        return &[];
    }
    let apart = |pair: &[Span]| line_ends(pair[0].end, pair[1].start) > 1;
    let gap = candidates.windows(2).rposition(apart);
    &candidates[gap.map_or(0, |gap| gap + 1)..]
}

/// What is wrong with a `#cgo` line, if it counts in this build.
pub(super) fn check(line: &str, context: &BuildContext) -> Result<(), String> {
    let invalid = || format!("invalid #cgo line: {}", line.trim_end_matches([' ', '\t']));
    let trimmed = line.trim();
    let rest = trimmed.strip_prefix("#cgo").unwrap_or(trimmed).trim();
    let (left, right) = rest.split_once(':').ok_or_else(invalid)?;
    let mut words: Vec<&str> = left.split_whitespace().collect();
    let verb = words.pop().ok_or_else(invalid)?;
    if !words.is_empty() && !words.iter().any(|word| is_met(word, context)) {
        return Ok(());
    }
    for argument in arguments(right).ok_or_else(invalid)? {
        if !is_safe(&argument) {
            return Err(format!("malformed #cgo argument: {argument}"));
        }
    }
    match verb {
        "CFLAGS" | "CPPFLAGS" | "CXXFLAGS" | "FFLAGS" | "LDFLAGS" | "pkg-config" => Ok(()),
        _ => Err(invalid().replacen("line", "verb", 1)),
    }
}

/// Whether a condition in front of the verb holds, in either spelling of constraints.
fn is_met(condition: &str, context: &BuildContext) -> bool {
    let constraint = if condition.contains(['&', '|', '(', ')']) {
        match Constraint::parse(condition) {
            Ok(constraint) => constraint,
            Err(_) => return false,
        }
    } else {
        Constraint::parse_plus_build(condition)
    };
    constraint.holds(|tag| context.satisfies(tag))
}

/// The arguments, with quotes and backslashes taken away; `None` where those do not add up.
fn arguments(text: &str) -> Option<Vec<String>> {
    let (mut arguments, mut current) = (Vec::new(), String::new());
    let (mut quote, mut quoted, mut escaped) = (None, false, false);
    for c in text.chars() {
        match c {
            _ if escaped => {
                escaped = false;
                current.push(c);
            }
            '\\' => escaped = true,
            _ if quote == Some(c) => quote = None,
            _ if quote.is_some() => current.push(c),
            '"' | '\'' => (quote, quoted) = (Some(c), true),
            _ if c.is_whitespace() => {
                if std::mem::take(&mut quoted) || !current.is_empty() {
                    arguments.push(std::mem::take(&mut current));
                }
            }
            _ => current.push(c),
        }
    }
    if quoted || !current.is_empty() {
        arguments.push(current);
    }
    (quote.is_none() && !escaped).then_some(arguments)
}

/// Whether a shell would take the argument as it is. The folder of the source, which `${SRCDIR}`
/// stands for, is taken to be harmless.
fn is_safe(argument: &str) -> bool {
    let harmless =
        |c: char| c.is_ascii_alphanumeric() || !c.is_ascii() || "+-.,/=_:$@%! ~^".contains(c);
    let without = argument.replace("${SRCDIR}", "");
    !argument.is_empty() && without.chars().all(harmless)
}

#[cfg(test)]
mod tests {
    use super::{check, lines};
    use crate::gosrc::{BuildContext, imports};

    #[test]
    fn the_lines_are_those_of_the_comment_right_above() {
        #[track_caller]
        fn check(source: &str, expected: &[&str]) {
            let section = imports(source.as_bytes()).unwrap();
            assert_eq!(lines(source.as_bytes(), &section), expected, "{source:?}");
        }
        check(
            "package p\n\n// #cgo a\n//#cgo b\n//  #cgo\tc\nimport \"C\"\n",
            &["#cgo a", "#cgo b", " #cgo\tc"],
        );
        check(
            "package p\n/*\n#cgo a\n#cgob\n#cgo\n */\nimport \"C\"\n",
            &["#cgo a"],
        );
        check("package p\n\n// #cgo a\n\nimport \"C\"\n", &[]);
        check("package p // #cgo a\nimport \"C\"\n", &[]);
        check(
            "package p // #cgo a\n// #cgo b\nimport \"C\"\n",
            &["#cgo b"],
        );
        check(
            "package p\n// #cgo a\n\n// #cgo b\nimport \"C\"\n",
            &["#cgo b"],
        );
        check("package p\n// #cgo a\nimport \"x\"\nimport \"C\"\n", &[]);
        check(
            "package p\n// #cgo a\nimport (\n\t// #cgo b\n\tx \"C\"\n)\n",
            &["#cgo b"],
        );
        check(
            "package p\n// #cgo a\nimport (\n\n\t\"C\"\n)\n",
            &["#cgo a"],
        );
        check("package p\n// #cgo a\nimport (\n\t\"C\"\n\t\"x\"\n)\n", &[]);
        check(
            "package p\n/* #cgo a */ /* #cgo b\n*/ /* #cgo c */\nimport \"C\"\n",
            &[" #cgo a ", " #cgo b", " #cgo c "],
        );
        check("package p; /* #cgo a */ import \"C\"\n", &[]);
    }

    #[test]
    fn wrong_lines_are_refused_where_they_count() {
        let context = BuildContext::current("linux", "amd64", true, 19);
        for fine in [
            "#cgo CFLAGS: -I${SRCDIR}/x -DX='a b'",
            "#cgo linux,!cgo windows nothing: $(",
            "#cgo (linux X: -x",
            "#cgo !linux FFLAGS: \"",
            "#cgo pkg-config:",
            "#cgo linux&&!amd64 X: -x",
        ] {
            assert_eq!(check(fine, &context), Ok(()), "{fine}");
        }
        for (wrong, expected) in [
            ("#cgo CFLAGS -x ", "invalid #cgo line: #cgo CFLAGS -x"),
            ("#cgo : -x", "invalid #cgo line: #cgo : -x"),
            ("#cgo LDFLAGS: 'x", "invalid #cgo line: #cgo LDFLAGS: 'x"),
            ("#cgo LDFLAGS: x\\", "invalid #cgo line: #cgo LDFLAGS: x\\"),
            ("#cgo linux X: -x", "invalid #cgo verb: #cgo linux X: -x"),
            ("#cgo LDFLAGS: `x`", "malformed #cgo argument: `x`"),
            ("#cgo LDFLAGS: ''", "malformed #cgo argument: "),
        ] {
            assert_eq!(check(wrong, &context), Err(expected.to_owned()));
        }
    }
}
