//! Why a project cannot be resolved.

use std::fmt;

use super::provider::Fault;
use crate::error::{Classify, Failure, Kind};

/// Why the walk has no result. What went wrong with single dependencies has been reported by then,
/// each by an error of its own.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Dependencies that cannot be had at the version that is asked for.
    #[error(
        "{failed} of {all} dependencies have no version; glide.lock and vendor/ are as they were"
    )]
    Versions {
        /// How many.
        failed: usize,
        /// Of how many.
        all: usize,
        /// What may help several of them.
        hints: Vec<String>,
    },
    /// Packages that cannot be found or read.
    #[error(
        "Error resolving imports: {failed} packages cannot be read; glide.lock and vendor/ are as they were"
    )]
    Packages {
        /// How many.
        failed: usize,
        /// What may help several of them.
        hints: Vec<String>,
    },
    /// There is no end of repositories.
    #[error(
        "`{package}` would be repository number {most}, which no project needs: these imports have no \
         end; glide.lock and vendor/ are as they were. It is imported by {chain}"
    )]
    Endless {
        /// What was met last.
        package: String,
        /// Who imports it.
        chain: String,
        /// Which repository it would have been.
        most: usize,
    },
    /// The project's own source cannot be read.
    #[error("Failed to resolve local packages: {reason}")]
    Project {
        /// Which file or folder, and why.
        reason: String,
    },
}

impl Classify for Error {
    fn hints(&self) -> Vec<String> {
        match self {
            Self::Endless { .. } => {
                vec!["`ignore:` in glide.yaml keeps a package from being followed".to_owned()]
            }
            Self::Versions { hints, .. } | Self::Packages { hints, .. } => hints.clone(),
            Self::Project { .. } => Vec::new(),
        }
    }
}

/// Why a dependency has no commit.
#[derive(Debug, thiserror::Error)]
pub enum Unmet {
    /// Neither a name in the repository nor a range.
    #[error(
        "`{reference}` is neither a branch, tag or commit of the repository nor a range of versions: {reason}"
    )]
    Neither {
        /// What was asked for.
        reference: String,
        /// What is wrong with it as a range.
        reason: String,
        /// Names of the repository that come near.
        nearest: Vec<String>,
    },
    /// A range that nothing meets.
    #[error("no branch or tag of the repository meets `{range}`")]
    NoMatch {
        /// The range.
        range: String,
        /// The newest versions that there are.
        nearest: Vec<String>,
    },
    /// A name that was taken for one of the repository's and leads to no commit.
    #[error("the repository has no commit, tag or branch `{reference}`")]
    Missing {
        /// What was asked for.
        reference: String,
    },
    /// Nothing was asked for, and there is no default branch.
    #[error("no version is given, and the repository's default branch has no commit")]
    NoDefault,
    /// The repository cannot be had.
    #[error("{}", .0.as_ref())]
    Fault(Fault),
}

impl Unmet {
    /// The failure to show for it.
    pub(super) fn about(self, what: impl fmt::Display) -> Failure {
        let hints = self.hints();
        let failure = match self {
            // The causes below it are worth telling too.
            Self::Fault(fault) => told_again(&fault),
            other => Failure::user(other),
        };
        let mut failure = failure.about(what);
        failure.hints = hints;
        failure
    }
}

/// A failure that others hold as well, once more.
pub(super) fn told_again(fault: &Fault) -> Failure {
    Failure {
        kind: fault.kind,
        source: Box::new(Shared(fault.clone())),
        hints: fault.hints.clone(),
        place: fault.place.clone(),
        code: fault.code,
    }
}

#[derive(Debug)]
struct Shared(Fault);

impl fmt::Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Shared {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.source()
    }
}

impl Classify for Unmet {
    fn kind(&self) -> Kind {
        match self {
            Self::Fault(fault) => fault.kind,
            _ => Kind::User,
        }
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::Neither { nearest, .. } | Self::NoMatch { nearest, .. } => {
                if nearest.is_empty() {
                    return vec!["it has no versions; name a branch or a commit".to_owned()];
                }
                vec![format!("it has {}", nearest.join(", "))]
            }
            Self::NoDefault => vec!["`version:` can name a branch, tag or commit".to_owned()],
            Self::Fault(fault) => fault.hints.clone(),
            Self::Missing { .. } => vec![
                "it may have been removed upstream; `version:` in glide.yaml decides before what \
                 dependencies ask for"
                    .to_owned(),
            ],
        }
    }
}
