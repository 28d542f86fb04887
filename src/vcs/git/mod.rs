//! Git: from a remote and a commit to a [`Snapshot`](crate::vcs::Snapshot) in the cache.
//!
//! The fast path is one request: protocol version 2, the commit by its id, depth 1, the pack
//! streamed into the store. Whoever answers otherwise is asked what it speaks and served by
//! falling back, down to fetching everything. The program `git` is never run.

mod address;
mod config;
mod credentials;
mod delta;
mod earlier;
mod fetch;
mod history;
mod index_file;
mod indexing;
mod local;
mod loose;
mod note;
mod origin;
mod packed;
mod past;
mod pktline;
mod protocol;
mod refs;
mod remote;
mod resolve;
mod revision;
mod snapshot;
mod store;
mod submodules;
mod transport;
mod url_match;
mod work_tree;

use std::fmt;
use std::io;
use std::sync::Arc;

pub use address::{Address, AddressError};
pub use config::{Error as ConfigError, Found, GitConfig, GitSettings, Survey};
pub use earlier::{Earlier, EarlierError};
pub use note::CommitNote;
pub use origin::origin;
pub use past::Served;
pub use refs::{Answer, Refs};
pub use work_tree::{
    Known, Stages, WorkTree, WorkTreeError, configure, global_configuration, merge_lines,
};

use crate::cache::Cache;
use crate::error::{Classify, Kind};
use crate::fsx;
use crate::http;
use crate::report::{Traffic, Unwatched};
use crate::vcs::{Arrivals, ObjectId, ReadError, Snapshot};

/// What to get from a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Want {
    /// This commit (or the commit that this tag object leads to).
    Commit(ObjectId),
    /// What a person would say to `git checkout`: a branch, a tag or an abbreviated commit id,
    /// looked for as [`Refs::commit`] does.
    Named(String),
    /// The tip of the default branch.
    Default,
}

impl Want {
    /// What a lock entry's `version` asks for.
    pub fn parse(version: &str) -> Self {
        match ObjectId::parse(version) {
            Some(id) => Self::Commit(id),
            None if matches!(version, "" | "HEAD" | "@") => Self::Default,
            None => Self::Named(version.to_owned()),
        }
    }
}

impl fmt::Display for Want {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Commit(id) => id.fmt(f),
            Self::Named(name) => f.write_str(name),
            Self::Default => f.write_str("HEAD"),
        }
    }
}

/// How `ssh` is run.
#[derive(Clone, Debug, Default)]
pub struct SshOptions {
    /// `GIT_SSH_COMMAND` or `core.sshCommand`: a shell command.
    pub shell_command: Option<String>,
    /// `GIT_SSH`: a program.
    pub program: Option<String>,
    /// `GIT_SSH_VARIANT` or `ssh.variant`.
    pub variant: Option<String>,
    /// Whether there is a terminal to ask on.
    pub may_prompt: bool,
}

impl SshOptions {
    /// Whether the options are those of `plink`.
    fn is_plink(&self) -> bool {
        match self.variant.as_deref() {
            Some("plink" | "putty" | "tortoiseplink") => true,
            Some("ssh" | "simple") => false,
            _ => {
                let program = self.program.as_deref().or(self.shell_command.as_deref());
                program.is_some_and(|program| program.to_ascii_lowercase().contains("plink"))
            }
        }
    }
}

/// All that is needed to reach remotes.
#[derive(Clone)]
pub struct Wire {
    /// The HTTP client.
    pub http: Arc<http::Client>,
    /// How to run `ssh`.
    pub ssh: SshOptions,
    /// The user's Git configuration.
    pub config: Arc<GitConfig>,
}

/// Gets commits into the cache and out of it.
#[derive(Clone)]
pub struct Git {
    wire: Wire,
    cache: Cache,
    traffic: Arc<dyn Traffic>,
    arrivals: Arc<Arrivals>,
}

/// One commit, ready to be read: its own tree first, then those of its submodules.
#[derive(Clone)]
pub struct Fetched {
    /// The commit.
    pub commit: ObjectId,
    /// Whether the commit was there before this run; submodules do not count.
    pub from_cache: bool,
    /// How many bytes have come for it in this run, and for its submodules.
    pub bytes: u64,
    /// Trees and the folders inside the repository where they belong (`""` for the first).
    pub trees: Vec<(Vec<u8>, Arc<dyn Snapshot>)>,
}

impl Git {
    /// Works over `wire`, keeping what it gets in `cache`.
    pub fn new(wire: Wire, cache: Cache) -> Self {
        Self {
            wire,
            cache,
            traffic: Arc::new(Unwatched),
            arrivals: Arc::default(),
        }
    }

    /// The same, with somebody who watches what comes, and notes of what has.
    #[must_use]
    pub fn watched(mut self, traffic: Arc<dyn Traffic>, arrivals: Arc<Arrivals>) -> Self {
        (self.traffic, self.arrivals) = (traffic, arrivals);
        self
    }

    /// Makes sure that the cache holds what is wanted, submodules included, and gives it.
    ///
    /// A commit that is there already costs no request.
    pub fn obtain(&self, remote: &str, want: &Want) -> Result<Fetched, Error> {
        let commit = self.find(remote, want)?;
        self.with_submodules(remote, self.ensure(remote, commit)?)
    }
}

/// A commit that the cache holds.
#[derive(Clone, Copy, Debug)]
struct Held {
    commit: ObjectId,
    from_cache: bool,
    bytes: u64,
}

/// Why a commit cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address is refused before anything is sent.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// The user's Git configuration does not allow the protocol.
    #[error("`{remote}` is not fetched: Git's configuration forbids the protocol `{protocol}`")]
    Forbidden {
        /// The remote, secrets masked.
        remote: String,
        /// The protocol's name.
        protocol: &'static str,
    },
    /// The HTTP client failed.
    #[error("cannot fetch from `{remote}`")]
    Http {
        /// The remote, secrets masked.
        remote: String,
        /// Why.
        source: http::Error,
    },
    /// The connection could not be made or broke, or what came was no pack.
    #[error("cannot fetch from `{remote}`")]
    Broken {
        /// The remote, secrets masked.
        remote: String,
        /// Why.
        source: io::Error,
    },
    /// The remote answers, but not as a Git server does.
    #[error("`{remote}` does not answer as a Git repository: {answer}")]
    NotGit {
        /// The remote, secrets masked.
        remote: String,
        /// What it answered, in short.
        answer: String,
    },
    /// The remote wants credentials or refuses those it got.
    #[error("`{remote}` refuses access: {answer}")]
    Denied {
        /// The remote, secrets masked.
        remote: String,
        /// What it answered, in short.
        answer: String,
    },
    /// There is no repository at the address.
    #[error("there is no repository at `{remote}`: {answer}")]
    Missing {
        /// The remote, secrets masked.
        remote: String,
        /// What it answered, in short.
        answer: String,
    },
    /// The repository is there, what is wanted from it is not.
    #[error("`{remote}` has no commit, tag or branch `{reference}`")]
    NoSuchReference {
        /// The remote, secrets masked.
        remote: String,
        /// What was looked for.
        reference: String,
    },
    /// What came does not hold what was asked for.
    #[error("what came from `{remote}` is incomplete")]
    Incomplete {
        /// The remote, secrets masked.
        remote: String,
        /// What is missing.
        source: ReadError,
    },
    /// A submodule cannot be had.
    #[error("cannot get the submodule `{path}`")]
    Submodule {
        /// Where it belongs, inside the repository.
        path: String,
        /// Why.
        source: Box<Error>,
    },
    /// A submodule is declared in a way that cannot be followed.
    #[error("the submodule `{path}` {reason}")]
    SubmoduleDeclaration {
        /// Where it belongs, inside the repository.
        path: String,
        /// What is wrong.
        reason: &'static str,
    },
    /// The cache cannot be used.
    #[error("the cache cannot be used")]
    Cache(#[from] fsx::Error),
}

impl Classify for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Http { .. } | Self::Broken { .. } | Self::NotGit { .. } => Kind::Network,
            Self::Submodule { source, .. } => source.kind(),
            _ => Kind::User,
        }
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::Address(_) => vec![
                "what is fetched is named by `repo:` in glide.yaml or glide.lock, by mirrors.yaml, or by git's \
                 `url.<base>.insteadOf`: mend it there"
                    .to_owned(),
            ],
            Self::Denied { .. } => vec![
                "credentials are taken from the address, .netrc and git's credential helpers; mirrors.yaml or \
                 git's `url.<base>.insteadOf` can lead to an ssh address"
                    .to_owned(),
            ],
            Self::Missing { remote, .. }
                if remote.starts_with('/') || fsx::is_path_of_this_system(remote) =>
            vec![
                "`repo:` in glide.yaml or git's `url.<base>.insteadOf` leads to that folder: put the repository \
                 there, or change what leads there"
                    .to_owned(),
            ],
            Self::Missing { .. } => vec![
                "is the name spelled right? If the repository has moved, `repo:` in glide.yaml, or mirrors.yaml, \
                 can name the new address"
                    .to_owned(),
            ],
            Self::Broken { remote, source } => {
                let hint = match fsx::hint(source) {
                    Some(hint) => hint.to_owned(),
                    None if remote.starts_with("ssh:") || remote.contains('@') => {
                        "what ssh had to say stands above; `ssh -T` to the same host shows whether it takes your \
                         key (`ssh-add -l` lists those at hand)"
                            .to_owned()
                    }
                    None => "try again: what has been fetched stays in the cache".to_owned(),
                };
                vec![hint]
            }
            Self::NoSuchReference { .. } => vec![
                "it may have been removed upstream; glide.lock has to name another version"
                    .to_owned(),
            ],
            Self::Cache(error) => {
                let mut hints = error.hints();
                hints.push("`--home` or `GLIDE_HOME` can name another folder for it".to_owned());
                hints
            }
            Self::Submodule { source, .. } => source.hints(),
            Self::Http { source, .. } => source.hints(),
            _ => Vec::new(),
        }
    }
}
