//! Bazaar: a branch without working tree in the cache, and revisions exported from it by the user's
//! own `bzr` or `brz` (Breezy), which is looked for when a dependency needs it.
//!
//! An address is one branch; what is another branch is at another address. A version is the number of
//! a revision (`bzr revno`), as in `bzr.go` of Glide's vcs library: it is only as lasting as the
//! branch's history. A branch whose history is no longer the one in the cache takes its place, and
//! exports go. Tags are taken anew each time.

mod branch;
mod names;
mod revision;
#[cfg(test)]
mod tests;

use crate::cache::{Cache, Guard};
use crate::model::VcsKind;
use crate::vcs::external::export::Export;
use crate::vcs::external::program::Program;
use crate::vcs::external::{Client, Refs, address};
use crate::vcs::{CommitNote, Fetched};

pub use crate::vcs::external::Error;
pub use revision::is_exact;

use branch::Branch;
use names::{BranchRefs, Names};
use revision::Wanted;

/// What Bazaar itself fetches over; others, as `lp:`, are a matter of plugins.
const SCHEMES: &[&str] = &["http", "https", "bzr", "bzr+ssh", "sftp", "file"];

/// Gets Bazaar's revisions into the cache and out of it.
#[derive(Clone, Debug)]
pub struct Bzr {
    cache: Cache,
    program: Program,
}

impl Bzr {
    /// Keeps what it gets in `cache`; `may_prompt` is whether `ssh` may ask on the terminal, `bzr`
    /// itself never does. The user's own configuration of Bazaar stays in force, other than for
    /// aliases, plugins, the log and languages.
    pub fn new(cache: Cache, may_prompt: bool) -> Self {
        let mut set = vec![
            ("BRZ_LOG", "/dev/null"),
            ("BZR_LOG", "/dev/null"),
            ("BRZ_PROGRESS_BAR", "none"),
            ("BZR_PROGRESS_BAR", "none"),
            ("LC_ALL", "C.UTF-8"),
            // Versions may be dates.
            ("TZ", "UTC"),
        ];
        if !may_prompt {
            // In place of the terminal a program is asked that has no answer.
            set.push(("SSH_ASKPASS_REQUIRE", "force"));
            set.push(("SSH_ASKPASS", "false"));
        }
        let set = set.into_iter();
        Self {
            cache,
            program: Program {
                name: "bzr",
                alias: Some("brz"),
                package: "brz",
                set: set.map(|(name, value)| (name, value.to_owned())).collect(),
                unset: &[
                    "LANGUAGE",
                    "BRZ_EDITOR",
                    "BZR_EDITOR",
                    "BRZ_PDB",
                    "BZR_PDB",
                    "BRZ_PLUGINS_AT",
                    "BZR_PLUGINS_AT",
                ],
                offline: false,
            },
        }
    }

    /// The same; where `offline`, programs are not started for what is not on this machine, and what the
    /// cache holds is all there is.
    #[must_use]
    pub fn offline(mut self, offline: bool) -> Self {
        self.program.offline = offline;
        self
    }

    fn branch(&self, remote: &str) -> Result<Branch, Error> {
        let address = address::check(remote, SCHEMES)?;
        Ok(Branch {
            place: self.cache.place(VcsKind::Bzr, &address),
            remote: address,
            program: self.program.clone(),
        })
    }
}

impl Client for Bzr {
    fn open(&self, remote: &str) -> Result<Box<dyn Refs>, Error> {
        let branch = self.branch(remote)?;
        let writing = branch.place.lock_exclusive()?;
        let names = branch.names(&writing)?;
        Ok(Box::new(BranchRefs::new(branch, names)))
    }

    fn obtain(&self, remote: &str, want: &str) -> Result<Fetched, Error> {
        let branch = self.branch(remote)?;
        let number = revision::number(want);
        if let Some(number) = &number {
            let reading = branch.place.lock_shared()?;
            if branch.held_names(&reading)?.is_some()
                && let Some(export) = Export::find(&branch.place, number, &reading)?
            {
                return Ok(export.fetched(number, true));
            }
        }
        let writing = branch.place.lock_exclusive()?;
        if let (Some(number), Some(names)) = (&number, branch.held_names(&writing)?)
            && branch.find(&names, number).is_ok_and(|held| held.is_some())
        {
            let export = exported(&branch, number, &writing)?;
            return Ok(export.fetched(number, true));
        }
        let names = branch.names(&writing)?;
        let found = branch.with_repair(|| branch.find(&names, want))?;
        let number = found.ok_or_else(|| branch.lacks(want))?;
        Ok(exported(&branch, &number, &writing)?.fetched(&number, false))
    }
}

impl Branch {
    /// The number of the revision that a name stands for. Somebody holds the lock.
    fn find(&self, names: &Names, name: &str) -> Result<Option<String>, Error> {
        for wanted in revision::readings(name) {
            let found = match wanted {
                Wanted::Tip => names.tip().map(|tip| tip.to_string()),
                Wanted::Number(number) => names.has(number).then(|| number.to_string()),
                Wanted::FromEnd(count) => names.counted_back(count).map(|at| at.to_string()),
                Wanted::Tag(tag) => names.tag(&tag).map(str::to_owned),
                Wanted::Ask(specification) => match names.tip() {
                    Some(_) => self.number_of(&specification)?,
                    None => None,
                },
            };
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// Who made a revision, when and why. Somebody holds the lock.
    fn describe(&self, names: &Names, name: &str) -> Result<Option<CommitNote>, Error> {
        match self.find(names, name)? {
            Some(number) => self.note(&number),
            None => Ok(None),
        }
    }
}

/// The export of a revision that the branch has, made now if need be.
fn exported(branch: &Branch, number: &str, writing: &Guard) -> Result<Export, Error> {
    if let Some(export) = Export::find(&branch.place, number, writing)? {
        return Ok(export);
    }
    Export::make(&branch.place, number, &branch.remote, |folder| {
        branch.export(number, folder)
    })
}
