//! What can be wrong with a YAML text, and where.

use std::fmt;

use crate::error::Classify;

/// A YAML text that was refused; it holds everything that is known to be wrong with it.
///
/// The wording is that of yaml.v2, which people know to search for. Lines count from 1 (yaml.v2
/// counts from 0 in syntax errors and from 1 in the others).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    problems: Vec<Problem>,
}

/// One thing that is wrong, and the line it is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub message: String,
}

impl Error {
    /// An error of one problem; `line` counts from 0, as marks do.
    pub(super) fn at(line: usize, message: impl Into<String>) -> Self {
        Self {
            problems: vec![Problem {
                line: line + 1,
                message: message.into(),
            }],
        }
    }

    /// An error of several problems, of which there is at least one.
    pub(super) fn of(problems: Vec<Problem>) -> Self {
        Self { problems }
    }

    /// Everything that is wrong, in the order of the text.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [problem] = self.problems.as_slice() {
            return write!(f, "yaml: {problem}");
        }
        write!(f, "yaml: {} errors:", self.problems.len())?;
        self.problems
            .iter()
            .try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for Error {}

impl Classify for Error {
    fn hints(&self) -> Vec<String> {
        let messages = self.problems.iter().map(|problem| problem.message.as_str());
        let mut known = messages.filter_map(hint);
        vec![known.next().unwrap_or(MEND).to_owned()]
    }
}

/// What to do where nothing better is known.
const MEND: &str =
    "look at that line and the one before it: a bracket or quote may be open, or an indent differ";

/// What to do about what yaml.v2 says in its own terms.
fn hint(message: &str) -> Option<&'static str> {
    const HINTS: [(&str, &str); 7] = [
        (
            "cannot start any token",
            "YAML indents with spaces: there may be a tab, or a text with `@`, `%` or a backtick that needs quotes",
        ),
        (
            "into a list",
            "a list has its entries below it, each after a dash: `- package: NAME`",
        ),
        (
            "into a dependency",
            "an entry of such a list is `- package: NAME`, with `version:` and the like below it",
        ),
        (
            "into a text",
            "one text is wanted there, as in `version: ^1.2.0`; what begins with `[`, `{` or `&` needs quotes to be one",
        ),
        (
            "into a glide.yaml",
            "it is lines such as `package: NAME`, and lists such as `import:` with entries below them",
        ),
        (
            "mapping values are not allowed",
            "there is a second `: ` on the line, or the line above lacks its end: put such a text in quotes",
        ),
        (
            "could not find expected ':'",
            "each line is `key: value` or `- entry`: the colon may be missing, or a quote not closed",
        ),
    ];
    let known = HINTS.iter().find(|(words, _)| message.contains(words));
    known.map(|(_, hint)| *hint)
}
