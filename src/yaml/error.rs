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

impl Classify for Error {}
