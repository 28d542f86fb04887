//! What is wrong with a Go file, and where. Pure.

/// What Go's scanner or parser refuses, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {message}")]
pub struct SyntaxError {
    /// The line, from 1.
    pub line: usize,
    /// The column in bytes, from 1, as Go counts.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

impl SyntaxError {
    /// The error `message` about what stands at the byte `offset`.
    pub(super) fn at(source: &[u8], offset: usize, message: impl Into<String>) -> Self {
        let before = &source[..offset.min(source.len())];
        let line_start = before
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |newline| newline + 1);
        Self {
            line: before.split(|byte| *byte == b'\n').count(),
            column: 1 + before.len() - line_start,
            message: message.into(),
        }
    }
}

/// Why a folder cannot be scanned. The first file in order with a mistake is the one that is named.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScanError {
    /// No file counts in this build, or there is none.
    #[error("no buildable Go source files")]
    NoGoFiles,
    /// Files of different packages; [`scan`](super::scan) never says so.
    #[error("found packages {} ({}) and {} ({})", packages[0], files[0], packages[1], files[1])]
    SeveralPackages {
        /// The first package, and the other.
        packages: [String; 2],
        /// A file of each.
        files: [String; 2],
    },
    /// A file that cannot be read, or that no source file could be.
    #[error("read {file}: {reason}")]
    Unreadable {
        /// The file's name.
        file: String,
        /// What is wrong.
        reason: String,
    },
    /// A build constraint that cannot be understood.
    #[error("{file}: {reason}")]
    Constraint {
        /// The file's name.
        file: String,
        /// What is wrong.
        reason: String,
    },
    /// A mistake in the package clause or the imports.
    #[error("{file}:{error}")]
    Syntax {
        /// The file's name.
        file: String,
        /// What is wrong, and where.
        error: SyntaxError,
    },
    /// A test imports "C".
    #[error("use of cgo in test {file} not supported")]
    CgoInTest {
        /// The file's name.
        file: String,
    },
    /// A `#cgo` line is wrong.
    #[error("{file}: {reason}")]
    Cgo {
        /// The file's name.
        file: String,
        /// What is wrong.
        reason: String,
    },
    /// There are several packages, and too many tags to tell them apart by.
    #[error("{0} build tags are too many to try one after the other")]
    TooManyTags(usize),
}
