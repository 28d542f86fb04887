//! Why a configuration cannot be used.

use std::path::PathBuf;

use crate::error::Classify;
use crate::fsx;

/// The configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file of it cannot be looked at.
    #[error("git's configuration cannot be read")]
    Unreadable(#[source] fsx::Error),
    /// A file of it is no git configuration.
    #[error("git's configuration in `{}` cannot be read: {reason}", path.display())]
    Malformed {
        /// Which file; one that it includes may be meant, which the reason then names.
        path: PathBuf,
        /// What is wrong, and where.
        reason: String,
    },
    /// A value is none that its key takes.
    #[error("git's configuration has a bad value for `{key}` in {place}: {reason}")]
    Value {
        /// The key.
        key: String,
        /// The file, or the environment.
        place: String,
        /// What is wrong with the value.
        reason: &'static str,
    },
}

impl Classify for Error {
    fn hints(&self) -> Vec<String> {
        match self {
            Self::Unreadable(error) => error.hints(),
            Self::Malformed { .. } | Self::Value { .. } => vec![
                "mend it there; git stops at it as well (`git config --list --show-origin`)"
                    .to_owned(),
            ],
        }
    }
}
