//! Asking a remote what it has: one request, no lock. The answer is remembered for runs that are
//! offline, and for these alone.

use std::io;

use super::protocol::{self, Greeting, Ref};
use super::refs::Refs;
use super::transport::{self, Connection, Trouble};
use super::{Address, Error, Git, Want, address, local, revision};
use crate::http::mask;
use crate::report::Traffic;
use crate::vcs::ObjectId;

/// A remote that may be talked to.
pub(super) struct Remote {
    /// Its address, rewritten as the user's Git configuration wants it.
    pub(super) url: String,
    /// The same, taken apart.
    pub(super) address: Address,
}

impl Git {
    /// What a remote has; what it had when it was last asked, where nobody is to be asked. Any number of
    /// threads may ask at once.
    pub fn refs(&self, remote: &str) -> Result<Refs, Error> {
        let remote = self.remote(remote)?;
        if let Address::Local(path) = &remote.address {
            return Ok(Refs::of(&local::refs(path)?));
        }
        if self.is_offline(&remote)
            && let Some(refs) = self.remembered(&remote)
        {
            return Ok(refs);
        }
        let connection = &mut *self.connect(&remote)?;
        let advertised = advertised(connection).map_err(|trouble| trouble.about(&remote.url))?;
        let refs = Refs::of(&advertised);
        self.remember(&remote, &refs);
        Ok(refs)
    }

    /// Whether nobody is to be asked.
    pub(super) fn is_offline(&self, remote: &Remote) -> bool {
        self.wire.http.may_ask(&remote.url).is_err()
    }

    /// The commit that is wanted.
    pub(super) fn find(&self, remote: &str, want: &Want) -> Result<ObjectId, Error> {
        let found = match want {
            Want::Commit(id) => Some(*id),
            Want::Default => self.refs(remote)?.head,
            Want::Named(name) => match self.refs(remote)?.commit(name) {
                None if revision::needs_history(name) => self.expand(remote, name, None)?,
                found => found,
            },
        };
        found.ok_or_else(|| Error::NoSuchReference {
            remote: mask(&self.wire.config.rewrite(remote)),
            reference: want.to_string(),
        })
    }

    /// The remote at an address, if it may be talked to; nothing is sent.
    pub(super) fn remote(&self, remote: &str) -> Result<Remote, Error> {
        let url = self.wire.config.rewrite(remote);
        let address = Address::parse(&url)?;
        if !self.wire.config.allows(address.protocol(), true) {
            return Err(Error::Forbidden {
                remote: mask(&url),
                protocol: address.protocol(),
            });
        }
        Ok(Remote { url, address })
    }

    /// Whether a repository may lead to an address: its own files name it, and not the user.
    ///
    /// Git's rule for submodules: servers by default, and the neighbours of a repository of this
    /// machine; `protocol.*.allow` decides. It is about the address as it is written, for what
    /// `insteadOf` makes of it is the user's word.
    pub fn lets_lead(&self, from: &str, to: &str) -> bool {
        let is_server = |protocol: &str| matches!(protocol, "svn" | "svn+ssh" | "bzr" | "bzr+ssh");
        let protocol = address::protocol_of(to);
        is_server(&protocol)
            || protocol == "file" && address::protocol_of(from) == "file"
            || self.wire.config.allows(&protocol, false)
    }

    /// Prepares to talk to a remote.
    pub(super) fn connect(&self, remote: &Remote) -> Result<Box<dyn Connection + '_>, Error> {
        self.connect_watched(remote, &*self.traffic)
    }

    /// The same, watched by somebody else.
    pub(super) fn connect_watched(
        &self,
        remote: &Remote,
        traffic: &dyn Traffic,
    ) -> Result<Box<dyn Connection + '_>, Error> {
        let allowed = self.wire.http.may_ask(&remote.url).map_err(Trouble::Http);
        allowed
            .and_then(|()| transport::connect(&self.wire, &remote.address, (traffic, &remote.url)))
            .map_err(|trouble| trouble.about(&remote.url))
    }
}

/// What a server has, in whichever version it speaks.
pub(super) fn advertised(connection: &mut dyn Connection) -> Result<Vec<Ref>, Trouble> {
    if !connection.must_greet() {
        match ls_refs(connection) {
            Err(Trouble::NotSpoken(_) | Trouble::Missing(_)) => {}
            answered => return answered,
        }
    }
    match connection.greet()? {
        Greeting::V2 { .. } => ls_refs(connection),
        Greeting::V0(server) => Ok(server.refs),
    }
}

/// Asks for branches and tags in version 2.
pub(super) fn ls_refs(connection: &mut dyn Connection) -> Result<Vec<Ref>, Trouble> {
    let mut answer = connection.request_refs(&protocol::ls_refs_v2())?;
    protocol::read_ls_refs(&mut *answer).map_err(not_spoken)
}

/// An answer that is not in Git's protocol, as opposed to a connection that broke.
pub(super) fn not_spoken(error: io::Error) -> Trouble {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
            Trouble::NotSpoken(error.to_string())
        }
        _ => Trouble::Io(error),
    }
}
