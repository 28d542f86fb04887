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
