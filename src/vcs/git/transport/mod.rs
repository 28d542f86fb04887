//! Ways to talk to a Git server: HTTP (a request at a time), `ssh` and `git://` (a connection).
//!
//! A [`Connection`] carries requests and answers; what they mean stands in `protocol`.

mod duplex;
mod http;
mod watched;

use std::io::{self, Read};

use super::address::Address;
use super::protocol::{Advertisement, Greeting};
use super::{Error, Wire};
use crate::http::mask;
use crate::report::Traffic;
use watched::Watched;

/// A line to one remote.
pub(super) trait Connection {
    /// Sends a version 2 request at once. Over HTTP this needs nothing to have been said before;
    /// a connection that stays open reads the server's greeting first.
    ///
    /// # Errors
    ///
    /// [`Trouble::NotSpoken`] where the server gave no answer of version 2: `greet` tells more.
    fn request(&mut self, request: &[u8]) -> Result<Box<dyn Read + '_>, Trouble>;

    /// Asks what the server has, by a version 2 request. An answer from another place than the one
    /// that was asked does not count: [`Trouble::NotSpoken`].
    fn request_refs(&mut self, request: &[u8]) -> Result<Box<dyn Read + '_>, Trouble> {
        self.request(request)
    }

    /// Whether only a greeting tells what this server has.
    fn must_greet(&self) -> bool {
        false
    }

    /// The repository's address, if another than the one that was asked has told what it has.
    fn moved_to(&self) -> Option<String> {
        None
    }

    /// Asks what the server speaks and, for version 0, what it has.
    fn greet(&mut self) -> Result<Greeting, Trouble>;

    /// Sends a version 0 request; `greet` has been called.
    fn request_v0(
        &mut self,
        request: &[u8],
        server: &Advertisement,
    ) -> Result<Box<dyn Read + '_>, Trouble>;
}

/// What can go wrong while talking.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The server answered, but not in protocol version 2; asking what it speaks may help.
    NotSpoken(String),
    /// The server wants credentials, or refuses those that it was shown.
    Denied(String),
    /// There is no such repository.
    Missing(String),
    /// The server could not be reached or the connection broke.
    Io(io::Error),
    /// The HTTP client failed.
    Http(crate::http::Error),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Trouble {
    /// The error to show for it.
    pub(super) fn about(self, remote: &str) -> Error {
        let remote = mask(remote);
        match self {
            Self::NotSpoken(answer) => Error::NotGit { remote, answer },
            Self::Denied(answer) => Error::Denied { remote, answer },
            Self::Missing(answer) => Error::Missing { remote, answer },
            Self::Io(source) => Error::Broken {
                remote,
                source: in_words(source),
            },
            Self::Http(source) => Error::Http { remote, source },
        }
    }
}

/// An end that came too early, called what it is.
fn in_words(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::UnexpectedEof && error.get_ref().is_none() {
        let words = "the connection ended before the answer did";
        return io::Error::new(io::ErrorKind::UnexpectedEof, words);
    }
    error
}

/// Prepares to talk to a remote; nothing is sent yet, save that `ssh` and `git://` connect. What comes is
/// told to whoever watches, in the name of `remote`.
pub(super) fn connect<'a>(
    wire: &'a Wire,
    address: &Address,
    (traffic, remote): (&dyn Traffic, &str),
) -> Result<Box<dyn Connection + 'a>, Trouble> {
    // `ssh` asks on the terminal itself, whatever our streams are.
    let may_ask = wire.ssh.may_prompt && matches!(address, Address::Ssh { .. });
    let hold = may_ask.then(|| traffic.hold());
    let inner = unwatched(wire, address)?;
    let download = traffic.download(&mask(remote));
    Ok(Box::new(Watched::new(inner, download, hold)))
}

fn unwatched<'a>(wire: &'a Wire, address: &Address) -> Result<Box<dyn Connection + 'a>, Trouble> {
    match address {
        Address::Http(url) => Ok(Box::new(http::HttpConnection::new(&wire.http, url.clone()))),
        Address::Ssh {
            destination,
            port,
            path,
        } => Ok(Box::new(duplex::ssh(&wire.ssh, destination, *port, path)?)),
        Address::Daemon { host, port, path } => Ok(Box::new(duplex::daemon(host, *port, path)?)),
        Address::Local(path) => Err(Trouble::Io(io::Error::new(
            io::ErrorKind::Unsupported,
            format!("`{}` is no server", path.display()),
        ))),
    }
}
