//! Mercurial: a clone without working copy in the cache, and commits exported from it by the
//! user's own `hg`, which is looked for when a dependency needs it.
//!
//! What a run gives depends on the remote, not on what the cache held: a clone that has changesets
//! which the remote has no more is made anew, bookmarks are taken anew each time, and exports go
//! when tags have changed, since these stand in `.hg_archival.txt`. Answers to `hg.go` of Glide's
//! vcs library.

mod clone;
mod names;
#[cfg(test)]
mod tests;

use crate::cache::{Cache, Guard};
use crate::fsx;
use crate::model::{VcsKind, sha256_hex};
use crate::vcs::external::export::Export;
use crate::vcs::external::program::Program;
use crate::vcs::external::{self, Client, address};
use crate::vcs::graph::Graph;
use crate::vcs::past::{self, Past};
use crate::vcs::{CommitNote, Fetched, Freshness, ObjectId};

pub use crate::vcs::external::Error;
pub use names::Refs;

use clone::Clone as CachedClone;

/// What Mercurial itself fetches over; others would be a matter of extensions.
const SCHEMES: &[&str] = &["http", "https", "ssh", "file"];

/// Beside the names: the graph of all commits, and those that were there once.
const GRAPH: &str = "graph";
const LOST: &str = "lost";

/// Gets Mercurial's commits into the cache and out of it.
#[derive(Clone, Debug)]
pub struct Hg {
    cache: Cache,
    program: Program,
    /// Whether `ssh` may ask on the terminal; `hg` itself never does.
    may_prompt: bool,
}

/// A commit's full id, in lower case; not one of the two that stand for no commit at all (the
/// parent of the first, and the working copy).
fn full_id(name: &str) -> Option<String> {
    let id = ObjectId::parse(name)?;
    (id.0 != [0; 20] && id.0 != [0xff; 20]).then(|| id.to_string())
}

impl Hg {
    /// Keeps what it gets in `cache`. The user's own configuration of Mercurial stays in force,
    /// other than for pagers, prompts, aliases and languages.
    pub fn new(cache: Cache, may_prompt: bool) -> Self {
        let set = [
            // Reads early options where they belong and nowhere else, from Mercurial 4.4 on.
            ("HGPLAIN", "+strictflags"),
            ("HGENCODING", "utf-8"),
        ];
        Self {
            cache,
            program: Program {
                name: "hg",
                alias: None,
                package: "mercurial",
                set: set.map(|(name, value)| (name, value.to_owned())).into(),
                unset: &["HGPLAINEXCEPT", "HGENCODINGMODE"],
                offline: false,
            },
            may_prompt,
        }
    }

    /// The same; where `offline`, programs are not started for what is not on this machine, and what the
    /// cache holds is all there is.
    #[must_use]
    pub fn offline(mut self, offline: bool) -> Self {
        self.program.offline = offline;
        self
    }

    /// The names that the remote has. Where the cache's answer will do and it has one, the remote
    /// is not asked.
    pub fn refs(&self, remote: &str, freshness: Freshness) -> Result<Refs, Error> {
        let clone = self.clone_of(remote)?;
        if freshness != Freshness::Ask {
            let reading = clone.place.lock_shared()?;
            if let Some(names) = clone.held_names(&reading)? {
                return Ok(Refs::new(clone, names));
            }
        }
        let writing = clone.place.lock_exclusive()?;
        let names = clone.names(&writing)?;
        drop(writing);
        Ok(Refs::new(clone, names))
    }

    /// A repository's names and all its commits: those that names do not lead to are behind heads of
    /// closed branches, for Mercurial removes none. `None` where they are not known and nobody may be
    /// asked.
    pub fn past(&self, remote: &str, freshness: Freshness) -> Result<Option<Past>, Error> {
        let clone = self.clone_of(remote)?;
        let writing = clone.place.lock_exclusive()?;
        let kept = match freshness {
            Freshness::Ask => None,
            Freshness::Cached | Freshness::Offline => clone.held_names(&writing)?,
        };
        let names = match kept {
            None if freshness == Freshness::Offline => return Ok(None),
            None => clone.names(&writing)?,
            Some(names) => names,
        };
        let file = |name: &str| clone.place.folder().join(name);
        let digest = sha256_hex(&names.write());
        let graph = if let Some(graph) = past::kept_graph(&file(GRAPH), Some(&digest))? {
            graph
        } else {
            let old = past::kept_graph(&file(GRAPH), None)?;
            let links = clone.with_repair(|| clone.links())?;
            let look = |id| Ok::<_, Error>(links.get(&id).cloned());
            let graph = Graph::gather(links.keys().copied(), look)?;
            let lost = past::lost(&past::kept_lost(&file(LOST))?, old.as_ref(), &graph);
            past::keep_lost(&file(LOST), &lost)?;
            past::keep_graph(&file(GRAPH), &digest, &graph)?;
            graph
        };
        let asked = fsx::lstat(&file(clone::NAMES))?.and_then(|status| status.modified().ok());
        Ok(Some(Past {
            names: names.plain(),
            graph,
            asked,
            lost: past::kept_lost(&file(LOST))?,
        }))
    }

    /// Makes sure that the cache holds what is wanted, exported, and gives it.
    ///
    /// `want` is a full commit id, for which the remote is only asked if the cache lacks it; or a
    /// tag, branch, bookmark, number or beginning of an id, for which it always is; or empty for
    /// what a fresh clone stands at.
    pub fn obtain(&self, remote: &str, want: &str) -> Result<Fetched, Error> {
        let clone = self.clone_of(remote)?;
        let Some(id) = full_id(want) else {
            let writing = clone.place.lock_exclusive()?;
            let names = clone.names(&writing)?;
            let id = match want {
                "" | "." => names.default_commit().map(str::to_owned),
                name => clone.with_repair(|| clone.commit(name))?,
            };
            let id = id.ok_or_else(|| clone.lacks(want))?;
            return Ok(exported(&clone, &id, &writing)?.fetched(&id, false));
        };
        {
            let reading = clone.place.lock_shared()?;
            if let Some(export) = Export::find(&clone.place, &id, &reading)? {
                return Ok(export.fetched(&id, true));
            }
        }
        let writing = clone.place.lock_exclusive()?;
        let from_cache = clone.is_there() && clone.commit(&id).is_ok_and(|held| held.is_some());
        if !from_cache {
            self.program.may_ask(&clone.remote)?;
            clone.refresh(&writing)?;
            let held = clone.with_repair(|| clone.commit(&id))?;
            held.ok_or_else(|| Error::missing(remote, want))?;
        }
        Ok(exported(&clone, &id, &writing)?.fetched(&id, from_cache))
    }

    /// What there is to tell of a commit; `None` where the remote has none of that name.
    pub fn describe(&self, remote: &str, commit: &str) -> Result<Option<CommitNote>, Error> {
        let refs = self.refs(remote, Freshness::Cached)?;
        external::Refs::describe(&refs, commit)
    }

    fn clone_of(&self, remote: &str) -> Result<CachedClone, Error> {
        let address = address::check(remote, SCHEMES)?;
        Ok(CachedClone {
            place: self.cache.place(VcsKind::Hg, &address),
            remote: address,
            program: self.program.clone(),
            may_prompt: self.may_prompt,
        })
    }
}

impl Client for Hg {
    fn open(&self, remote: &str) -> Result<Box<dyn external::Refs>, Error> {
        Ok(Box::new(self.refs(remote, Freshness::Ask)?))
    }

    fn obtain(&self, remote: &str, want: &str) -> Result<Fetched, Error> {
        self.obtain(remote, want)
    }
}

/// The export of a commit that the clone has, made now if need be.
fn exported(clone: &CachedClone, id: &str, writing: &Guard) -> Result<Export, Error> {
    if let Some(export) = Export::find(&clone.place, id, writing)? {
        return Ok(export);
    }
    Export::make(&clone.place, id, &clone.remote, |folder| {
        clone.archive(id, folder)
    })
}
