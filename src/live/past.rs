//! The past of a dependency's repository, wherever it stands: mirrors, `repo:` and vanity names
//! followed.

use super::remotes::{Remotes, bazaar};
use crate::error::{Failure, Kind};
use crate::http::mask;
use crate::manifest::Remote;
use crate::model::VcsKind;
use crate::vcs::git::{self, Served};
use crate::vcs::{Freshness, ObjectId, Past};

/// What came of asking for a repository's past.
pub enum Asked {
    /// The past, and the address that was asked, secrets masked.
    Told(Box<Past>, String),
    /// Nothing is known, and nobody may be asked.
    Unknown,
    /// The repository's system does not tell; why, in a sentence without its full stop.
    Untold(String),
    /// There is no repository any more.
    Gone(Failure),
    /// The host wants credentials, or refuses those that it got. Some answer so where there is nothing.
    Refused(Failure),
    /// The host does not answer, or not as it should.
    Unreachable(Failure),
    /// Something else went wrong, on this side.
    Failed(Failure),
}

impl Remotes {
    /// Asks for the past of the repository that a dependency comes from.
    pub fn past(&self, name: &str, remote: &Remote, freshness: Freshness) -> Asked {
        let looked = |kind: VcsKind, url: &str| {
            let past = match kind {
                VcsKind::Git => self.git().past(url, freshness)?,
                VcsKind::Hg => self.hg().past(url, freshness)?,
                VcsKind::Svn => {
                    let why = "Subversion has revisions in one line, and neither tags nor branches";
                    return Ok(Asked::Untold(why.to_owned()));
                }
                VcsKind::Bzr => return Err(bazaar(url)),
            };
            let told = past.map(|past| Asked::Told(Box::new(past), mask(url)));
            Ok(told.unwrap_or(Asked::Unknown))
        };
        let asked = match freshness {
            Freshness::Offline => self.located_offline(name, remote, looked),
            Freshness::Ask | Freshness::Cached => self.located(name, remote, looked).map(Some),
        };
        match asked {
            Ok(asked) => asked.unwrap_or(Asked::Unknown),
            Err(failure) => judged(failure),
        }
    }

    /// Whether the repository that a dependency comes from gives a commit to whoever names it.
    pub fn serves(&self, name: &str, remote: &Remote, commit: &str) -> Result<Served, Failure> {
        let Some(id) = ObjectId::parse(commit) else {
            return Ok(Served::Untold);
        };
        self.located(name, remote, |kind, url| match kind {
            VcsKind::Git => Ok(self.git().serves(url, id)?),
            // All commits that such a repository has are in its history.
            VcsKind::Hg => Ok(Served::No),
            VcsKind::Svn | VcsKind::Bzr => Ok(Served::Untold),
        })
    }
}

/// Tells what kind of answer a failure is.
fn judged(failure: Failure) -> Asked {
    match failure.source.downcast_ref::<git::Error>() {
        Some(git::Error::Missing { .. }) => Asked::Gone(failure),
        Some(git::Error::Denied { .. }) => Asked::Refused(failure),
        _ if failure.kind == Kind::Network => Asked::Unreachable(failure),
        _ => Asked::Failed(failure),
    }
}
