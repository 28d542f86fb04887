//! Getting one commit into the store: the fast path, and what to fall back to.

use std::io;

use super::protocol::{self, Advertisement, Depth, Greeting, Opening, Ref};
use super::transport::{self, Connection, Trouble};
use super::{Address, Error, Git, Held, Want, candidates, is_short_id, local, store};
use crate::cache::Entry;
use crate::http::mask;
use crate::vcs::ObjectId;
use crate::vcs::git::pktline::SideBand;
use crate::vcs::git::store::Store;

impl Git {
    /// Makes sure that the cache holds the commit; gives its id.
    pub(super) fn ensure(&self, remote: &str, want: &Want) -> Result<Held, Error> {
        let url = self.wire.config.rewrite(remote);
        let address = Address::parse(&url)?;
        if !self.wire.config.allows(address.protocol(), true) {
            return Err(Error::Forbidden {
                remote: mask(&url),
                protocol: address.protocol(),
            });
        }
        let entry = self.cache.repository(&url);
        {
            let _reading = entry.lock_shared()?;
            if let Some(commit) = held(&entry, want) {
                return Ok(Held {
                    commit,
                    from_cache: true,
                });
            }
        }
        let _writing = entry.lock_exclusive()?;
        if let Some(commit) = held(&entry, want) {
            // Another process has fetched it while we waited for the lock.
            return Ok(Held {
                commit,
                from_cache: true,
            });
        }
        store::clear_incoming(entry.objects())?;
        let fetch = Fetch {
            remote: &url,
            entry: &entry,
        };
        let commit = match &address {
            Address::Local(path) => local::fetch(path, want, entry.objects())?,
            _ => fetch.over(&mut *self.connect(&address, &url)?, want)?,
        };
        Ok(Held {
            commit: fetch.verified(commit)?,
            from_cache: false,
        })
    }

    fn connect(&self, address: &Address, url: &str) -> Result<Box<dyn Connection + '_>, Error> {
        transport::connect(&self.wire, address).map_err(|trouble| trouble.about(url))
    }
}

/// The commit, where it is known by its id and the store has it whole.
fn held(entry: &Entry, want: &Want) -> Option<ObjectId> {
    let Want::Commit(id) = want else { return None };
    let store = Store::open(entry.objects()).ok()?;
    if !store.holds(*id) {
        return None;
    }
    store.peel(*id).ok()
}

/// One fetch from one remote into one store, whose exclusive lock is held.
struct Fetch<'a> {
    remote: &'a str,
    entry: &'a Entry,
}

impl Fetch<'_> {
    fn over(&self, connection: &mut dyn Connection, want: &Want) -> Result<ObjectId, Error> {
        match want {
            Want::Commit(id) => self.commit(connection, *id),
            Want::Named(_) | Want::Default => self.reference(connection, want),
        }
    }

    /// A commit by its id: one request where the server is a good one.
    fn commit(&self, connection: &mut dyn Connection, id: ObjectId) -> Result<ObjectId, Error> {
        match self.try_pack(connection, &[id], Depth::One) {
            Ok(None) => return Ok(id),
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
            Greeting::V2 => self.commit_by_refs(connection, id),
            Greeting::V0(server) => self.commit_v0(connection, &server, id),
        }
    }

    /// A version 2 server did not give a bare commit id: it may be a pack that cannot be cut out
    /// of history there, so everything is fetched. Asking again first costs one request, and
    /// serves those that only wanted to be asked under another address.
    fn commit_by_refs(
        &self,
        connection: &mut dyn Connection,
        id: ObjectId,
    ) -> Result<ObjectId, Error> {
        if let Ok(None) = self.try_pack(connection, &[id], Depth::One) {
            return Ok(id);
        }
        let refs = self.refs_v2(connection)?;
        self.everything(&refs, |wants| self.try_pack(connection, wants, Depth::Full))?;
        self.require(id)
    }

    fn commit_v0(
        &self,
        connection: &mut dyn Connection,
        server: &Advertisement,
        id: ObjectId,
    ) -> Result<ObjectId, Error> {
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
                Ok(None) => return Ok(id),
                Ok(Some(_)) => {}
                Err(trouble) => return Err(trouble.about(self.remote)),
            }
        }
        self.everything(&server.refs, |wants| {
            self.try_pack_v0(connection, server, wants, Depth::Full)
        })?;
        self.require(id)
    }

    /// A branch, a tag, the default branch or an abbreviated id: the refs decide.
    fn reference(&self, connection: &mut dyn Connection, want: &Want) -> Result<ObjectId, Error> {
        let greeting = match ls_refs(connection) {
            Ok(refs) => return self.named(connection, &refs, want),
            Err(Trouble::NotSpoken(_) | Trouble::Missing(_)) => connection
                .greet()
                .map_err(|trouble| trouble.about(self.remote))?,
            Err(trouble) => return Err(trouble.about(self.remote)),
        };
        match greeting {
            Greeting::V2 => {
                let refs = self.refs_v2(connection)?;
                self.named(connection, &refs, want)
            }
            Greeting::V0(server) => {
                if let Some(id) = pick(&server.refs, want) {
                    return self.commit_v0(connection, &server, id);
                }
                self.everything(&server.refs, |wants| {
                    self.try_pack_v0(connection, &server, wants, Depth::Full)
                })?;
                self.abbreviated(want)
            }
        }
    }

    fn named(
        &self,
        connection: &mut dyn Connection,
        refs: &[Ref],
        want: &Want,
    ) -> Result<ObjectId, Error> {
        if let Some(id) = pick(refs, want) {
            if held(self.entry, &Want::Commit(id)).is_some() {
                return Ok(id);
            }
            return self.commit(connection, id);
        }
        if matches!(want, Want::Named(name) if is_short_id(name)) {
            self.everything(refs, |wants| self.try_pack(connection, wants, Depth::Full))?;
        }
        self.abbreviated(want)
    }

    /// Looks an abbreviated id up in a store that now holds all of history.
    fn abbreviated(&self, want: &Want) -> Result<ObjectId, Error> {
        let missing = || self.missing(&want.to_string());
        let Want::Named(name) = want else {
            return Err(missing());
        };
        if !is_short_id(name) {
            return Err(missing());
        }
        let store = Store::open(self.entry.objects()).map_err(|error| self.incomplete(error))?;
        store
            .find_prefix(&name.to_ascii_lowercase())
            .ok_or_else(missing)
    }

    fn refs_v2(&self, connection: &mut dyn Connection) -> Result<Vec<Ref>, Error> {
        ls_refs(connection).map_err(|trouble| trouble.about(self.remote))
    }

    /// Fetches all branches and tags with their history.
    fn everything(
        &self,
        refs: &[Ref],
        fetch: impl FnOnce(&[ObjectId]) -> Result<Option<String>, Trouble>,
    ) -> Result<(), Error> {
        let mut wants: Vec<ObjectId> = refs
            .iter()
            .filter(|tip| tip.name.starts_with("refs/heads/") || tip.name.starts_with("refs/tags/"))
            .map(|tip| tip.id)
            .collect();
        wants.sort_unstable();
        wants.dedup();
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
    fn try_pack(
        &self,
        connection: &mut dyn Connection,
        wants: &[ObjectId],
        depth: Depth,
    ) -> Result<Option<String>, Trouble> {
        let mut answer = connection.request(&protocol::fetch_v2(wants, depth))?;
        match protocol::open_v2(&mut *answer).map_err(not_spoken)? {
            Opening::Refused(reason) => Ok(Some(reason)),
            Opening::Pack { .. } => {
                store::add_pack(self.entry.objects(), &mut SideBand::new(&mut *answer))?;
                Ok(None)
            }
        }
    }

    /// Asks for a pack in version 0.
    fn try_pack_v0(
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
                store::add_pack(self.entry.objects(), &mut SideBand::new(&mut *answer))?;
                Ok(None)
            }
            Opening::Pack { banded: false } => {
                store::add_pack(self.entry.objects(), &mut *answer)?;
                Ok(None)
            }
        }
    }

    /// The commit, if everything that was fetched holds it.
    fn require(&self, id: ObjectId) -> Result<ObjectId, Error> {
        let store = Store::open(self.entry.objects()).map_err(|error| self.incomplete(error))?;
        if store.holds(id) {
            Ok(id)
        } else {
            Err(self.missing(&id.to_string()))
        }
    }

    /// Checks that what came holds the commit and all of its tree.
    fn verified(&self, id: ObjectId) -> Result<ObjectId, Error> {
        let store = Store::open(self.entry.objects()).map_err(|error| self.incomplete(error))?;
        let commit = store.peel(id).map_err(|error| self.incomplete(error))?;
        store
            .is_complete(commit)
            .map_err(|error| self.incomplete(error))?;
        Ok(commit)
    }

    fn incomplete(&self, source: crate::vcs::ReadError) -> Error {
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

/// Asks for branches and tags in version 2.
fn ls_refs(connection: &mut dyn Connection) -> Result<Vec<Ref>, Trouble> {
    let mut answer = connection.request(&protocol::ls_refs_v2())?;
    protocol::read_ls_refs(&mut *answer).map_err(not_spoken)
}

/// An answer that is not in Git's protocol, as opposed to a connection that broke.
fn not_spoken(error: io::Error) -> Trouble {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
            Trouble::NotSpoken(error.to_string())
        }
        _ => Trouble::Io(error),
    }
}

/// The commit that a name stands for.
fn pick(refs: &[Ref], want: &Want) -> Option<ObjectId> {
    let find = |name: &str| refs.iter().find(|tip| tip.name == name);
    let commit = |tip: &Ref| tip.peeled.unwrap_or(tip.id);
    match want {
        Want::Commit(id) => Some(*id),
        Want::Default => find("HEAD").map(commit),
        Want::Named(name) => candidates(name)
            .iter()
            .find_map(|name| find(name))
            .map(commit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tip(name: &str, digit: &str, peeled: Option<&str>) -> Ref {
        let id = |digit: &str| ObjectId::parse(&digit.repeat(40)).unwrap();
        Ref {
            name: name.into(),
            id: id(digit),
            peeled: peeled.map(id),
            target: None,
        }
    }

    #[test]
    fn a_tag_comes_before_a_branch_and_is_peeled() {
        let refs = [
            tip("HEAD", "1", None),
            tip("refs/heads/v1", "2", None),
            tip("refs/heads/next", "5", None),
            tip("refs/tags/v1", "3", Some("4")),
        ];
        let picked = |want: Want| pick(&refs, &want).map(|id| id.to_string()[..1].to_owned());
        assert_eq!(picked(Want::Default).as_deref(), Some("1"));
        assert_eq!(picked(Want::Named("v1".into())).as_deref(), Some("4"));
        assert_eq!(picked(Want::Named("next".into())).as_deref(), Some("5"));
        assert_eq!(picked(Want::Named("v2".into())), None);
    }

    #[test]
    fn the_names_that_a_clone_has_will_do() {
        let refs = [
            tip("HEAD", "1", None),
            tip("refs/heads/next", "2", None),
            tip("refs/heads/tags/v1", "3", None),
            tip("refs/tags/v1", "4", Some("5")),
            tip("refs/heads/origin/odd", "6", None),
        ];
        for (name, digit) in [
            ("HEAD", Some("1")),
            ("@", Some("1")),
            ("origin/HEAD", Some("1")),
            ("origin/next", Some("2")),
            ("remotes/origin/next", Some("2")),
            ("refs/remotes/origin/next", Some("2")),
            ("refs/heads/next", Some("2")),
            ("heads/next", Some("2")),
            ("tags/v1", Some("5")),
            ("refs/tags/v1", Some("5")),
            ("origin/odd", Some("6")),
            ("origin/v1", None),
            ("upstream/next", None),
            ("head", None),
        ] {
            let picked = pick(&refs, &Want::parse(name)).map(|id| id.to_string()[..1].to_owned());
            assert_eq!(picked.as_deref(), digit, "{name}");
        }
    }
}
