//! Getting one commit into the store: the fast path, and what to fall back to.

use std::path::Path;
use std::sync::Arc;

use super::protocol::{self, Advertisement, Content, Depth, Greeting, Opening, Ref};
use super::remote::{ls_refs, not_spoken};
use super::transport::{Connection, Trouble};
use super::{Address, Error, Git, Held, local, store};
use crate::cache::Entry;
use crate::http::mask;
use crate::report::Metered;
use crate::vcs::ObjectId;
use crate::vcs::git::pktline::SideBand;
use crate::vcs::git::store::Store;

impl Git {
    /// Makes sure that the cache holds the commit (or the one that this tag object leads to).
    pub(super) fn ensure(&self, remote: &str, id: ObjectId) -> Result<Held, Error> {
        let remote = self.remote(remote)?;
        let entry = self.cache.repository(&remote.url);
        {
            let _reading = entry.lock_shared()?;
            if let Some(commit) = held(&entry, id) {
                return Ok(self.held_already(&remote.url, commit));
            }
        }
        let _writing = entry.lock_exclusive()?;
        if let Some(commit) = held(&entry, id) {
            // Another process has fetched it while we waited for the lock.
            return Ok(self.held_already(&remote.url, commit));
        }
        store::clear_incoming(entry.objects())?;
        let fetch = Fetch {
            remote: &remote.url,
            objects: entry.objects(),
        };
        let meter = Metered::new(Arc::clone(&self.traffic));
        match &remote.address {
            Address::Local(path) => local::fetch(path, id, entry.objects())?,
            _ => fetch.commit(&mut *self.connect_watched(&remote, &meter)?, id)?,
        }
        let (commit, bytes) = (fetch.verified(id)?, meter.bytes());
        self.arrivals
            .note(&remote.url, &commit.to_string(), Some(bytes));
        Ok(Held {
            commit,
            from_cache: false,
            bytes,
        })
    }

    /// A commit that the cache holds, though it may have come in this run.
    fn held_already(&self, url: &str, commit: ObjectId) -> Held {
        let arrived = self.arrivals.of(url, &commit.to_string());
        Held {
            commit,
            from_cache: arrived.is_none(),
            bytes: arrived
                .and_then(|arrival| arrival.bytes)
                .unwrap_or_default(),
        }
    }
}

impl Git {
    /// Whether the cache holds the commit already.
    pub fn holds(&self, remote: &str, id: ObjectId) -> bool {
        let Ok(remote) = self.remote(remote) else {
            return false;
        };
        let entry = self.cache.repository(&remote.url);
        let reading = entry.lock_shared();
        reading.is_ok_and(|_reading| held(&entry, id).is_some())
    }
}

/// The commit, where the store has it whole.
fn held(entry: &Entry, id: ObjectId) -> Option<ObjectId> {
    let store = Store::open(entry.objects()).ok()?;
    if !store.holds(id) {
        return None;
    }
    store.peel(id).ok()
}

/// One fetch from one remote into one store, whose exclusive lock is held.
pub(super) struct Fetch<'a> {
    pub(super) remote: &'a str,
    pub(super) objects: &'a Path,
}

impl Fetch<'_> {
    /// A commit by its id: one request where the server is a good one.
    fn commit(&self, connection: &mut dyn Connection, id: ObjectId) -> Result<(), Error> {
        match self.try_pack(connection, &[id], Depth::One, Content::Whole) {
            Ok(None) => return Ok(()),
            // Git's own server gives any object that it has when asked in version 2, so this is
            // final; to fetch everything would only find the same.
            Ok(Some(reason)) if reason.contains("not our ref") => {
                return Err(self.missing(&id.to_string()));
            }
            Ok(Some(_)) | Err(Trouble::NotSpoken(_) | Trouble::Missing(_)) => {}
            Err(trouble) => return Err(trouble.about(self.remote)),
        }
        match connection
            .greet()
            .map_err(|trouble| trouble.about(self.remote))?
        {
            Greeting::V2 { .. } => self.commit_by_refs(connection, id),
            Greeting::V0(server) => self.commit_v0(connection, &server, id),
        }
    }

    /// A version 2 server did not give a bare commit id: it may be a pack that cannot be cut out
    /// of history there, so everything is fetched. Asking again first costs one request, and
    /// serves those that only wanted to be asked under another address.
    fn commit_by_refs(&self, connection: &mut dyn Connection, id: ObjectId) -> Result<(), Error> {
        if let Ok(None) = self.try_pack(connection, &[id], Depth::One, Content::Whole) {
            return Ok(());
        }
        let refs = ls_refs(connection).map_err(|trouble| trouble.about(self.remote))?;
        self.everything(&refs, |wants| {
            self.try_pack(connection, wants, Depth::Full, Content::Whole)
        })?;
        self.require(id)
    }

    fn commit_v0(
        &self,
        connection: &mut dyn Connection,
        server: &Advertisement,
        id: ObjectId,
    ) -> Result<(), Error> {
        let tip = server
            .refs
            .iter()
            .any(|tip| tip.id == id || tip.peeled == Some(id));
        let by_id =
            server.has("allow-reachable-sha1-in-want") || server.has("allow-any-sha1-in-want");
        if (tip || by_id) && server.has("shallow") {
            let want = server
                .refs
                .iter()
                .find(|tip| tip.peeled == Some(id))
                .map_or(id, |tip| tip.id);
            match self.try_pack_v0(connection, server, &[want], Depth::One) {
                Ok(None) => return Ok(()),
                Ok(Some(_)) => {}
                Err(trouble) => return Err(trouble.about(self.remote)),
            }
        }
        self.everything(&server.refs, |wants| {
            self.try_pack_v0(connection, server, wants, Depth::Full)
        })?;
        self.require(id)
    }

    /// Fetches all branches and tags with their history.
    pub(super) fn everything(
        &self,
        refs: &[Ref],
        fetch: impl FnOnce(&[ObjectId]) -> Result<Option<String>, Trouble>,
    ) -> Result<(), Error> {
        let wants = tips(refs);
        if wants.is_empty() {
            return Err(self.missing("HEAD"));
        }
        match fetch(&wants).map_err(|trouble| trouble.about(self.remote))? {
            None => Ok(()),
            Some(answer) => Err(Error::NotGit {
                remote: mask(self.remote),
                answer,
            }),
        }
    }

    /// Asks for a pack in version 2; the server's refusal, if it refuses, is the value.
    pub(super) fn try_pack(
        &self,
        connection: &mut dyn Connection,
        wants: &[ObjectId],
        depth: Depth,
        content: Content,
    ) -> Result<Option<String>, Trouble> {
        self.receive(connection, &protocol::fetch_v2(wants, depth, content))
    }

    /// Sends a version 2 request for a pack, and takes in what comes.
    pub(super) fn receive(
        &self,
        connection: &mut dyn Connection,
        request: &[u8],
    ) -> Result<Option<String>, Trouble> {
        let mut answer = connection.request(request)?;
        match protocol::open_v2(&mut *answer).map_err(not_spoken)? {
            Opening::Refused(reason) => Ok(Some(reason)),
            Opening::Pack { .. } => {
                store::add_pack(self.objects, &mut SideBand::new(&mut *answer))?;
                Ok(None)
            }
        }
    }

    /// Asks for a pack in version 0.
    pub(super) fn try_pack_v0(
        &self,
        connection: &mut dyn Connection,
        server: &Advertisement,
        wants: &[ObjectId],
        depth: Depth,
    ) -> Result<Option<String>, Trouble> {
        let mut answer =
            connection.request_v0(&protocol::fetch_v0(wants, depth, server), server)?;
        let banded = server.has("side-band-64k");
        match protocol::open_v0(&mut *answer, banded).map_err(not_spoken)? {
            Opening::Refused(reason) => Ok(Some(reason)),
            Opening::Pack { banded: true } => {
                store::add_pack(self.objects, &mut SideBand::new(&mut *answer))?;
                Ok(None)
            }
            Opening::Pack { banded: false } => {
                store::add_pack(self.objects, &mut *answer)?;
                Ok(None)
            }
        }
    }

    /// The commit, if everything that was fetched holds it.
    fn require(&self, id: ObjectId) -> Result<(), Error> {
        let store = Store::open(self.objects).map_err(|error| self.incomplete(error))?;
        if store.holds(id) {
            Ok(())
        } else {
            Err(self.missing(&id.to_string()))
        }
    }

    /// Checks that what came holds the commit and all of its tree.
    fn verified(&self, id: ObjectId) -> Result<ObjectId, Error> {
        let store = Store::open(self.objects).map_err(|error| self.incomplete(error))?;
        let commit = store.peel(id).map_err(|error| self.incomplete(error))?;
        store
            .is_complete(commit)
            .map_err(|error| self.incomplete(error))?;
        Ok(commit)
    }

    pub(super) fn incomplete(&self, source: crate::vcs::ReadError) -> Error {
        Error::Incomplete {
            remote: mask(self.remote),
            source,
        }
    }

    fn missing(&self, reference: &str) -> Error {
        Error::NoSuchReference {
            remote: mask(self.remote),
            reference: reference.to_owned(),
        }
    }
}

/// All that branches and tags point at.
pub(super) fn tips(refs: &[Ref]) -> Vec<ObjectId> {
    let mut tips: Vec<ObjectId> = refs
        .iter()
        .filter(|tip| tip.name.starts_with("refs/heads/") || tip.name.starts_with("refs/tags/"))
        .map(|tip| tip.id)
        .collect();
    tips.sort_unstable();
    tips.dedup();
    tips
}
