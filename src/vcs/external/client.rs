//! What a program of the user's can be asked, whichever it is.

use super::Error;
use crate::vcs::{CommitNote, Fetched};

/// Gets commits with a program of the user's.
pub trait Client: Send + Sync {
    /// Asks the remote what it has.
    fn open(&self, remote: &str) -> Result<Box<dyn Refs>, Error>;

    /// Makes sure that the cache holds what is wanted, and gives it: a commit as glide.lock has it,
    /// for which the remote is only asked if the cache lacks it; or another name; or, empty, the
    /// default.
    fn obtain(&self, remote: &str, want: &str) -> Result<Fetched, Error>;
}

/// What a remote has, and what its names stand for. Commits are as glide.lock has them.
pub trait Refs: Send + Sync {
    /// The commit where no version is asked for; `None` where there is no commit.
    fn default_commit(&self) -> Option<&str>;

    /// The branches, in the order of the program.
    fn branches(&self) -> Vec<String> {
        Vec::new()
    }

    /// The tags, in the order of the program.
    fn tags(&self) -> Vec<String>;

    /// The tags of a commit, of whose id this may be the beginning, in the order of the program; but
    /// for those that move.
    fn tags_of(&self, _commit: &str) -> Vec<String> {
        Vec::new()
    }

    /// The commit that a name stands for; `None` where it stands for none.
    fn commit(&self, name: &str) -> Result<Option<String>, Error>;

    /// Who made a commit, when and why; `None` where there is none of that name.
    fn describe(&self, name: &str) -> Result<Option<CommitNote>, Error>;
}
