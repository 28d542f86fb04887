//! What can be wrong with a file of Glide's.

use crate::error::Classify;
use crate::yaml;

/// A file that cannot be read, or a manifest that contradicts itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The text is no YAML that Glide reads, or holds something of another type.
    #[error(transparent)]
    Yaml(#[from] yaml::Error),
    /// The text is YAML, but no file that belongs to a project.
    #[error("it is neither a glide.yaml nor a glide.lock: no key of either is in it")]
    NeitherFile,
    /// A repository is listed twice, at different versions.
    #[error("Import {name} repeated with different versions '{second}' and '{first}'")]
    RepeatedVersions {
        /// The repository's root.
        name: String,
        /// The version listed first.
        first: String,
        /// The version listed later.
        second: String,
    },
    /// A repository is listed twice, to be fetched from different places.
    #[error("Import {name} repeated with different Repository details")]
    RepeatedRepositories {
        /// The repository's root.
        name: String,
    },
    /// A repository is listed twice, for different systems.
    #[error("Import {name} repeated with different OS or Architecture filtering")]
    RepeatedPlatforms {
        /// The repository's root.
        name: String,
    },
    /// A repository is both an import and a test import, at different versions.
    #[error(
        "Generating lock YAML produced conflicting versions of {name}. \
         import ({import}), testImport ({test_import})"
    )]
    ConflictingPins {
        /// The repository's root.
        name: String,
        /// The version as import.
        import: String,
        /// The version as test import.
        test_import: String,
    },
}

impl Classify for Error {}
