//! What can be wrong with another manager's file.

use crate::error::Classify;

/// A file of another dependency manager that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A go.mod that the go command would refuse too.
    #[error("go.mod:{line}: {reason}")]
    GoMod {
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        reason: &'static str,
    },
}

impl Classify for Error {}
