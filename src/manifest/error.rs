//! What can be wrong with a file of Glide's.

use crate::error::Classify;
use crate::yaml;

use super::files::FileKind;
use super::lines::lines;
use super::markers::first_marker;

/// A file that cannot be read, or a manifest that contradicts itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The text is no YAML that Glide reads, or holds something of another type.
    #[error(transparent)]
    Yaml(#[from] yaml::Error),
    /// Git has left a conflict in it.
    #[error(
        "line {line}: git's conflict markers are still in it, from a merge that has not been resolved"
    )]
    ConflictMarkers {
        /// Which file it is.
        file: FileKind,
        /// The line of the first marker, counted from 1.
        line: usize,
        /// Where reading came to an end over it.
        source: yaml::Error,
    },
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

impl Error {
    /// The line that is to blame, counted from 1, in a text that this was said of.
    pub fn line(&self, bytes: &[u8]) -> Option<usize> {
        match self {
            Self::Yaml(error) => Some(error.problems().first()?.line),
            Self::ConflictMarkers { line, .. } => Some(*line),
            Self::RepeatedVersions { name, .. }
            | Self::RepeatedRepositories { name }
            | Self::RepeatedPlatforms { name } => {
                let of = |list| lines(bytes, list, "package");
                let mut found = of("import").into_iter().chain(of("testImport"));
                // Names may be those of packages below it; the second of the repository counts.
                let is_it = |package: &str| {
                    let below = package.strip_prefix(name.as_str());
                    below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
                };
                let mut its = found.by_ref().filter(|(package, _)| is_it(package));
                its.nth(1).map(|(_, line)| line)
            }
            Self::NeitherFile | Self::ConflictingPins { .. } => None,
        }
    }

    /// What it means that a file's text is not read: where git has left a conflict in it, that.
    pub(super) fn reading(error: yaml::Error, bytes: &[u8], file: FileKind) -> Self {
        match first_marker(bytes) {
            Some(line) => Self::ConflictMarkers {
                file,
                line,
                source: error,
            },
            None => error.into(),
        }
    }
}

impl Classify for Error {
    fn hints(&self) -> Vec<String> {
        match self {
            Self::ConflictMarkers {
                file: FileKind::Lock,
                ..
            } => vec![
                "`glide-rs lock merge` puts the two sides together, or names what they disagree on"
                    .to_owned(),
            ],
            Self::ConflictMarkers {
                file: FileKind::Config,
                ..
            } => vec![
                "edit it by hand so that it says what is wanted; then `glide-rs lock merge` does the same for glide.lock"
                    .to_owned(),
            ],
            Self::RepeatedVersions { name, .. }
            | Self::RepeatedRepositories { name }
            | Self::RepeatedPlatforms { name } => {
                vec![format!("leave one entry for {name}, with all `subpackages:` of both")]
            }
            Self::Yaml(error) => error.hints(),
            Self::NeitherFile | Self::ConflictingPins { .. } => Vec::new(),
        }
    }
}
