//! What can be wrong with another manager's file.

use crate::error::{Classify, Place};
use crate::manifest;

/// A file that cannot be read; the message names it and the place in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A glide.yaml is refused.
    #[error("glide.yaml: {0}")]
    Manifest(#[from] manifest::Error),
    /// A text is no JSON, or something in it is of another type.
    #[error("{file}:{line}:{column}: {reason}")]
    Json {
        /// The file, below the repository's root.
        file: &'static str,
        /// The line, from 1.
        line: usize,
        /// The column in bytes, from 1; 0 where the text ends too early.
        column: usize,
        /// What is wrong there.
        reason: String,
    },
    /// A text is no TOML.
    #[error("{file}:{line}: {reason}")]
    Toml {
        /// The file, below the repository's root.
        file: &'static str,
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        reason: String,
    },
    /// Something in a TOML file is of another type.
    #[error("{file}: `{key}` must be {expected}")]
    TomlType {
        /// The file, below the repository's root.
        file: &'static str,
        /// What it stands under.
        key: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// A constraint or override in a Gopkg.toml says not of what.
    #[error("Gopkg.toml: a constraint or override without a name")]
    DepName,
    /// A constraint or override in a Gopkg.toml asks for more than one thing.
    #[error("Gopkg.toml: only one of version, branch and revision may be given for `{name}`")]
    DepVersions {
        /// The repository.
        name: String,
    },
    /// A line of a Gomfile or its lock is none that gom knows.
    #[error("{file}: Syntax Error at line {line}")]
    GomSyntax {
        /// The file, below the repository's root.
        file: &'static str,
        /// The line, from 1.
        line: usize,
    },
    /// A group in a Gomfile has no name, or begins with a comma.
    #[error("{file}: a group without a name at line {line}")]
    GomGroup {
        /// The file, below the repository's root.
        file: &'static str,
        /// The line, from 1.
        line: usize,
    },
    /// An option in a Gomfile has a list where it takes a text.
    #[error("{file}: option `{option}` of `{name}` must be a text, not a list")]
    GomList {
        /// The file, below the repository's root.
        file: &'static str,
        /// The package.
        name: String,
        /// The option.
        option: &'static str,
    },
    /// A Gomfile has a command of its own to fetch a package with.
    #[error("{file}: Glide does not support custom Gomfile commands")]
    GomCommand {
        /// The file, below the repository's root.
        file: &'static str,
    },
    /// A line of gpm's Godeps is longer than Glide can read.
    #[error("Godeps: line {line} is too long")]
    GpmLine {
        /// The line, from 1.
        line: usize,
    },
    /// A line of a vendor.conf has too many words.
    #[error("vendor.conf:{line}: more words than a name, a version and an address")]
    VndrLine {
        /// The line, from 1.
        line: usize,
    },
    /// A folder stands where a file should be.
    #[error("{file}: it is a folder")]
    Folder {
        /// What should be a file, below the repository's root.
        file: &'static str,
    },
    /// A go.mod that the go command would refuse too.
    #[error("go.mod:{line}: {reason}")]
    GoMod {
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        reason: &'static str,
    },
}

impl Classify for Error {
    fn place(&self) -> Option<Place> {
        let (file, line) = match self {
            Self::Manifest(error) => ("glide.yaml", error.line(&[])),
            Self::Json { file, line, .. }
            | Self::Toml { file, line, .. }
            | Self::GomSyntax { file, line }
            | Self::GomGroup { file, line } => (*file, Some(*line)),
            Self::TomlType { file, .. }
            | Self::GomList { file, .. }
            | Self::GomCommand { file }
            | Self::Folder { file } => (*file, None),
            Self::DepName | Self::DepVersions { .. } => ("Gopkg.toml", None),
            Self::GpmLine { line } => ("Godeps", Some(*line)),
            Self::VndrLine { line } => ("vendor.conf", Some(*line)),
            Self::GoMod { line, .. } => ("go.mod", Some(*line)),
        };
        Some(Place::new(file, line))
    }
}
