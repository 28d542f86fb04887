//! What is known of a remote, or why nothing is.

use std::sync::Arc;

use crate::error::{Classify, Kind};
use crate::http::{self, DisplayUrl};
use crate::model::VcsKind;

use super::Discover;

/// Where a repository is and how to speak to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteKind {
    /// Its version control system.
    pub kind: VcsKind,
    /// Its address.
    pub url: String,
    /// How this is known.
    pub source: Source,
}

/// How it is known where a repository is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The address says it itself.
    Address,
    /// From the table of well-known hosts. If the repository cannot be fetched,
    /// [`Discover::ask_remote`](super::Discover::ask_remote) may know better.
    Table,
    /// From an earlier run. If the repository cannot be fetched, [`Discover::ask_remote`](super::Discover::ask_remote) may know
    /// better.
    Remembered,
    /// The host has answered in this run.
    Asked,
}

/// Nobody knows what a remote is.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Neither its address nor a page on the web tells. (The first words are Glide's text.)
    #[error("Cannot detect VCS of `{remote}`: {tried}")]
    Unknown {
        /// The remote.
        remote: DisplayUrl,
        /// What was tried.
        tried: String,
    },
    /// The page that would tell cannot be fetched.
    #[error("Cannot detect VCS of `{remote}`: its go-get page cannot be fetched")]
    Unreachable {
        /// The remote.
        remote: DisplayUrl,
        /// What failed.
        source: Arc<http::Error>,
    },
}

impl Classify for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Unknown { .. } => Kind::User,
            Self::Unreachable { source, .. } => source.kind(),
        }
    }

    fn hints(&self) -> Vec<String> {
        let mut hints = match self {
            Self::Unknown { .. } => Vec::new(),
            Self::Unreachable { source, .. } => source.hints(),
        };
        hints.push("`repo:` and `vcs:` in glide.yaml say where a package comes from".to_owned());
        hints
    }
}

impl Discover {
    /// What [`remote_kind`](Self::remote_kind) says, if nobody has to be asked for it now.
    pub fn known_kind(&self, remote: &str) -> Option<RemoteKind> {
        self.known(remote).ok()?.ok()
    }
}
