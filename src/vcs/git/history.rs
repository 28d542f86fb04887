//! Questions that branches and tags do not answer: abbreviated commit ids, the commits before one, who wrote one.
//!
//! History stands in a store of its own beside the repository's, because the commits there come
//! without their files where the server can leave these out: `install` must never take one for
//! a commit that the cache holds.

use std::collections::BTreeSet;
use std::path::Path;

use super::fetch::Fetch;
use super::protocol::{Content, Depth, Greeting, Ref, update_v2};
use super::remote::{Remote, ls_refs};
use super::revision::Step;
use super::store::{self, Store};
use super::transport::{Connection, Trouble};
use super::{Address, CommitNote, Error, Git, Refs, local, revision};
use crate::cache::Entry;
use crate::fsx;
use crate::http::mask;
use crate::model::sha256_hex;
use crate::vcs::{Freshness, ObjectId, ReadError};

impl Git {
    /// The commit that an abbreviated id (or a name that `git describe` has made) stands for, if
    /// it is the only one that branches and tags lead to; or a number of steps before one (`v1.0.0~2`, `master^`).
    ///
    /// Git looks among all objects, and finds none where a file's id begins with the same
    /// digits; files are not known here, unless the server cannot leave them out. History that
    /// an earlier call has fetched answers again without a request: where `refs` are given, only
    /// if it is the history of exactly these, so that the answer is that of an empty cache.
    pub fn expand(
        &self,
        remote: &str,
        prefix: &str,
        refs: Option<&Refs>,
    ) -> Result<Option<ObjectId>, Error> {
        if let Some((start, steps)) = revision::ancestry(prefix) {
            let steps = (start, &*steps);
            return match refs {
                Some(refs) => self.ancestor(remote, steps, refs),
                None => self.ancestor(remote, steps, &self.refs(remote)?),
            };
        }
        let Some(prefix) = revision::abbreviation(prefix) else {
            return Ok(None);
        };
        let prefix = prefix.to_ascii_lowercase();
        let remote = self.remote(remote)?;
        if let Address::Local(path) = &remote.address {
            return local::expand(path, &prefix);
        }
        let entry = self.cache.history(&remote.url);
        {
            let _reading = entry.lock_shared()?;
            if may_answer(&entry, refs)
                && let Ok(Some(id)) = lookup(&entry, &prefix)
            {
                return Ok(Some(id));
            }
        }
        let _writing = entry.lock_exclusive()?;
        match lookup(&entry, &prefix) {
            Ok(Some(id)) if may_answer(&entry, refs) => return Ok(Some(id)),
            Ok(_) => store::clear_incoming(entry.objects())?,
            Err(_) => clear_packs(entry.objects())?,
        }
        let fetch = Fetch {
            remote: &remote.url,
            objects: entry.objects(),
        };
        fetch.history(&mut *self.connect(&remote)?, &[])?;
        lookup(&entry, &prefix).map_err(|error| fetch.incomplete(error))
    }

    /// The commit so many steps before one, by what the remote has now: the cache alone might know of commits
    /// that no name leads to any more.
    fn ancestor(
        &self,
        remote: &str,
        (start, steps): (&str, &[Step]),
        refs: &Refs,
    ) -> Result<Option<ObjectId>, Error> {
        let known = refs.commit(start).or_else(|| ObjectId::parse(start));
        let start = match known {
            None => self.expand(remote, start, Some(refs))?,
            known => known,
        };
        let Some(start) = start else {
            return Ok(None);
        };
        let freshness = if self.is_offline(&self.remote(remote)?) {
            Freshness::Offline
        } else {
            Freshness::Ask
        };
        Ok(self.past(remote, freshness)?.and_then(|past| {
            let graph = &past.graph;
            let mut at = graph.find(start)?;
            for step in steps {
                at = step.from(at, |commit| graph.parents(commit).collect())?;
            }
            Some(graph.id(at))
        }))
    }

    /// Who made a commit, when, and its subject: from the cache, or by asking for the commit
    /// without its files where the server can leave these out.
    pub fn describe(&self, remote: &str, commit: ObjectId) -> Result<CommitNote, Error> {
        let place = self.remote(remote)?;
        if let Address::Local(path) = &place.address {
            return local::describe(path, commit);
        }
        if let Some(note) = self.kept_note(remote, commit)? {
            return Ok(note);
        }
        let entry = self.cache.repository(&place.url);
        let history = self.cache.history(&place.url);
        if let Some(note) = self.describe_alone(&place, &history, commit)? {
            return Ok(note);
        }
        self.ensure(remote, commit)?;
        let _reading = entry.lock_shared()?;
        read_note(entry.objects(), commit).map_err(|source| Error::Incomplete {
            remote: mask(&place.url),
            source,
        })
    }

    /// The same from the cache alone; `None` where it does not hold the commit.
    pub fn kept_note(&self, remote: &str, commit: ObjectId) -> Result<Option<CommitNote>, Error> {
        let place = self.remote(remote)?;
        let (entry, history) = (
            self.cache.repository(&place.url),
            self.cache.history(&place.url),
        );
        for known in [&entry, &history] {
            let _reading = known.lock_shared()?;
            if let Ok(note) = read_note(known.objects(), commit) {
                return Ok(Some(note));
            }
        }
        Ok(None)
    }

    /// Asks for a commit without its files; `None` where the server cannot give it so.
    fn describe_alone(
        &self,
        remote: &Remote,
        history: &Entry,
        commit: ObjectId,
    ) -> Result<Option<CommitNote>, Error> {
        let about = |trouble: Trouble| trouble.about(&remote.url);
        let connection = &mut *self.connect(remote)?;
        let Greeting::V2 { filters: true } = connection.greet().map_err(about)? else {
            return Ok(None);
        };
        // Not into the store: whose tips it holds, that it holds all behind them.
        let _reading = history.lock_shared()?;
        let side = store::side_folder(history.objects())?;
        let fetch = Fetch {
            remote: &remote.url,
            objects: side.as_ref(),
        };
        match fetch.try_pack(connection, &[commit], Depth::One, Content::Commits) {
            Ok(None) => Ok(read_note(side.as_ref(), commit).ok()),
            Ok(Some(_)) | Err(Trouble::NotSpoken(_)) => Ok(None),
            Err(trouble) => Err(about(trouble)),
        }
    }
}

impl Fetch<'_> {
    /// Fetches all that branches and tags lead to, commits only where the server can do that; gives
    /// these. Nothing is fetched where the store holds the history of these very tips.
    ///
    /// What the store holds of other days goes, unless it is all that is behind `held`: then that is
    /// not fetched again, and stays whether or not anything leads to it.
    pub(super) fn history(
        &self,
        connection: &mut dyn Connection,
        held: &[ObjectId],
    ) -> Result<Refs, Error> {
        let about = |trouble: Trouble| trouble.about(self.remote);
        match connection.greet().map_err(about)? {
            Greeting::V2 { filters } => {
                let content = if filters {
                    Content::Commits
                } else {
                    Content::Whole
                };
                let refs = ls_refs(connection).map_err(about)?;
                if !self.is_known(&refs)? {
                    let wants = self.makes_room_for(&refs, held)?;
                    if !wants.is_empty() || held.is_empty() {
                        let request = update_v2((&wants, held), Depth::Full, content);
                        self.everything(&refs, |_| self.receive(connection, &request))?;
                    }
                    self.remember(&refs)?;
                }
                Ok(Refs::of(&refs))
            }
            Greeting::V0(server) => {
                if !self.is_known(&server.refs)? {
                    self.makes_room_for(&server.refs, &[])?;
                    self.everything(&server.refs, |wants| {
                        self.try_pack_v0(connection, &server, wants, Depth::Full)
                    })?;
                    self.remember(&server.refs)?;
                }
                Ok(Refs::of(&server.refs))
            }
        }
    }

    /// Whether the store holds the history of these.
    fn is_known(&self, refs: &[Ref]) -> Result<bool, Error> {
        let store = Store::open(self.objects).map_err(|error| self.incomplete(error))?;
        let mut tips = super::fetch::tips(refs).into_iter();
        Ok(is_of(self.objects, &Refs::of(refs)) && tips.all(|id| store.holds(id)))
    }

    /// Drops the history of other days, unless some of it is held on to; gives what is to be fetched.
    fn makes_room_for(&self, refs: &[Ref], held: &[ObjectId]) -> Result<Vec<ObjectId>, Error> {
        fsx::remove_file(&self.objects.join(TIPS))?;
        let mut tips = super::fetch::tips(refs);
        if held.is_empty() {
            clear_packs(self.objects)?;
        } else {
            let store = Store::open(self.objects).map_err(|error| self.incomplete(error))?;
            tips.retain(|id| !store.holds(*id));
        }
        Ok(tips)
    }
}

/// Clears the packs of a store, and what killed runs have left there; what else is kept beside them
/// stays. The caller holds its exclusive lock.
pub(super) fn clear_packs(objects: &Path) -> fsx::Result<()> {
    store::clear_incoming(objects)?;
    fsx::remove_dir_all(&objects.join("pack"))
}

impl Fetch<'_> {
    /// Writes down whose history the store holds.
    fn remember(&self, refs: &[Ref]) -> Result<(), Error> {
        let tips = names_of(&Refs::of(refs));
        Ok(fsx::write_atomic(
            &self.objects.join(TIPS),
            tips.as_bytes(),
        )?)
    }
}

/// Beside the packs: the digest of the tips whose history they hold.
const TIPS: &str = "tips";

/// Whether a store's history is that of these refs.
pub(super) fn is_of(objects: &Path, refs: &Refs) -> bool {
    let held = fsx::read_if_exists(&objects.join(TIPS));
    held.is_ok_and(|held| held.is_some_and(|held| held == names_of(refs).as_bytes()))
}

fn may_answer(entry: &Entry, refs: Option<&Refs>) -> bool {
    refs.is_none_or(|refs| is_of(entry.objects(), refs))
}

/// A digest of all commits that branches and tags lead to.
pub(super) fn names_of(refs: &Refs) -> String {
    let tips = refs.branches.iter().chain(&refs.tags);
    let tips: BTreeSet<_> = tips.map(|(_, id)| id.to_string()).collect();
    sha256_hex(tips.into_iter().collect::<String>().as_bytes())
}

/// The commit that a prefix stands for in a store.
fn lookup(entry: &Entry, prefix: &str) -> Result<Option<ObjectId>, ReadError> {
    let store = Store::open(entry.objects())?;
    match store.find_prefix(prefix) {
        Some(id) => store.peel_if_commit(id),
        None => Ok(None),
    }
}

fn read_note(objects: &Path, commit: ObjectId) -> Result<CommitNote, ReadError> {
    let store = Store::open(objects)?;
    let commit = store.peel(commit)?;
    Ok(CommitNote::parse(&store.commit(commit)?))
}
