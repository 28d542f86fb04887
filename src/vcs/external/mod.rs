//! What Mercurial, Subversion and Bazaar have in common: a program of the user's that does the work, an
//! address that must not become an option, and exported trees in the cache.

pub(super) mod address;
mod children;
mod client;
#[cfg(test)]
pub(super) mod compare;
pub(super) mod date;
pub(super) mod export;
pub(super) mod program;
mod watched;

use std::path::Path;

use crate::cache::{Entry as CacheEntry, Guard};
use crate::error::{Classify, Kind};
use crate::fsx;
use crate::http::{ONLINE, mask};

pub use client::{Client, Refs};
pub use watched::Watched;

/// Why a commit cannot be had by running a program.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address is refused before anything is started.
    #[error("the address `{address}` is refused: {reason}")]
    Address {
        /// The address, secrets masked.
        address: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The program is not on `PATH`.
    #[error("the program `{program}` is needed and not installed")]
    NotInstalled {
        /// Its name.
        program: &'static str,
        /// The package that has it.
        package: &'static str,
    },
    /// The program cannot be run, or says more than can be taken in.
    #[error("cannot run `{program}`")]
    Run {
        /// Its name.
        program: &'static str,
        /// Why.
        source: std::io::Error,
    },
    /// The program could not get what it was asked for from the remote.
    #[error("cannot fetch from `{remote}`: {said}")]
    Remote {
        /// The remote, secrets masked.
        remote: String,
        /// The program's complaint, in short.
        said: String,
    },
    /// Nobody is to be asked.
    #[error("`{remote}` is not asked for, since this run is offline")]
    Offline {
        /// The remote, secrets masked.
        remote: String,
    },
    /// The program could not read what the cache holds.
    #[error("`{program}` cannot read the cached repository: {said}")]
    Damaged {
        /// Its name.
        program: &'static str,
        /// The program's complaint, in short.
        said: String,
    },
    /// The repository is there, what is wanted from it is not.
    #[error("`{remote}` has no commit, tag or branch `{reference}`")]
    NoSuchReference {
        /// The remote, secrets masked.
        remote: String,
        /// What was looked for.
        reference: String,
    },
    /// What the program left behind cannot be vendored.
    #[error("the export of `{remote}` cannot be used: {reason}")]
    Export {
        /// The remote, secrets masked.
        remote: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The cache cannot be used.
    #[error("the cache cannot be used")]
    Cache(#[from] fsx::Error),
}

impl Error {
    /// The remote has nothing of that name.
    pub(super) fn missing(remote: &str, reference: &str) -> Self {
        Self::NoSuchReference {
            remote: mask(remote),
            reference: reference.to_owned(),
        }
    }
}

impl Classify for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Remote { .. } | Self::Offline { .. } => Kind::Network,
            _ => Kind::User,
        }
    }

    fn hints(&self) -> Vec<String> {
        match self {
            Self::NotInstalled { package, .. } => vec![format!(
                "install it with the system's package manager, as `apt-get install {package}` does"
            )],
            Self::Remote { .. } => {
                vec!["`repo:` in glide.yaml, or mirrors.yaml, can name another address".to_owned()]
            }
            Self::Offline { .. } => vec![ONLINE.to_owned()],
            Self::NoSuchReference { .. } => vec![
                "it may have been removed upstream; glide.lock has to name another version"
                    .to_owned(),
            ],
            Self::Cache(_) => {
                vec!["`--home` or `GLIDE_HOME` can name another folder for it".to_owned()]
            }
            _ => Vec::new(),
        }
    }
}

/// Ends all programs that still run, for good: for the end of the process.
pub fn end_programs() {
    children::RUNNING.end();
}

/// How the folders begin in which something is made that is not yet to be believed.
const INCOMING: &str = "incoming-";

/// A folder that goes when dropped, in the place of one repository in the cache.
pub(super) fn incoming(place: &CacheEntry) -> Result<impl AsRef<Path> + use<>, Error> {
    fsx::create_dir_all(place.folder())?;
    Ok(fsx::temporary_folder(place.folder(), INCOMING)?)
}

/// Removes what killed runs have left; nobody else may write to the place meanwhile.
pub(super) fn clear_incoming(place: &CacheEntry, _writing: &Guard) -> Result<(), Error> {
    if !fsx::is_folder(place.folder()) {
        return Ok(());
    }
    for entry in fsx::read_dir(place.folder())? {
        if entry
            .file_name()
            .as_encoded_bytes()
            .starts_with(INCOMING.as_bytes())
        {
            fsx::remove_tree(&entry.path())?;
        }
    }
    Ok(())
}
