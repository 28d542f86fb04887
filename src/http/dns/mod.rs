//! Names of hosts to addresses.
//!
//! Where the system's own look-up works, that is what is asked. In a static program on glibc it does not:
//! glibc reads its look-ups (NSS) from shared objects when it runs, of exactly its own version, which an
//! empty root has not. There this module looks up by itself what a stub resolver needs: `/etc/hosts`, and the
//! name servers of `/etc/resolv.conf`. It knows nothing of mDNS or LDAP. musl brings such a look-up along, which
//! knows no more and does not say which server it was that failed: static programs on musl do the same.

mod ask;
mod files;
mod message;

#[cfg(test)]
mod tests;

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs as _, UdpSocket};
use std::path::Path;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::fsx;
use ask::Answers;
use files::{Hosts, Servers};

/// Whether this program has to look names up by itself.
pub(super) const BY_OURSELVES: bool = cfg!(all(target_os = "linux", target_feature = "crt-static"));

const HOSTS: &str = "/etc/hosts";
const SERVERS: &str = "/etc/resolv.conf";

/// A name that has led to no address. Complete without a cause: what asks through an HTTP library shows
/// the innermost message alone.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(super) enum Error {
    /// It cannot be asked for at all.
    #[error("`{0}` is not the name of a host")]
    Name(String),
    /// There is no such name, or it has no address.
    #[error("the name `{name}` has no address, says the name server {server}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// Who knows nothing of it.
        server: SocketAddr,
    },
    /// No server has answered, or none to the point.
    #[error("no name server could be asked for `{name}`: {tried}")]
    Unanswered {
        /// What was asked for.
        name: String,
        /// What went wrong with each.
        tried: String,
    },
    /// One of the files with names and servers is there and cannot be read.
    #[error("names cannot be looked up: {}", .0.in_full())]
    File(fsx::Error),
}

/// The addresses of a host, those first that are more likely to be reached.
pub fn addresses(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    if !BY_OURSELVES {
        return Ok((host, port).to_socket_addrs()?.collect());
    }
    let found = Lookup::of_system().and_then(|lookup| lookup.find(host));
    let found = found.map_err(io::Error::other)?;
    Ok(found
        .into_iter()
        .map(|ip| SocketAddr::new(ip, port))
        .collect())
}

/// [`addresses`] as the HTTP library asks for them.
pub(super) struct Addresses;

impl Resolve for Addresses {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_owned();
        Box::pin(async move {
            // The library puts in the port.
            let found = tokio::task::spawn_blocking(move || addresses(&host, 0)).await??;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// What names are looked up in.
struct Lookup {
    hosts: Hosts,
    servers: Servers,
}

impl Lookup {
    /// The files of this machine. They are read for each name, which is a matter of microseconds, so
    /// that a network that changes is noticed.
    fn of_system() -> Result<Self, Error> {
        let read = |path| {
            let bytes = fsx::read_text_if_exists(Path::new(path)).map_err(Error::File)?;
            Ok(String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned())
        };
        Ok(Self {
            hosts: Hosts::parse(&read(HOSTS)?),
            servers: Servers::parse(&read(SERVERS)?),
        })
    }

    /// The addresses of a name, in the order to try them in; never none.
    fn find(&self, host: &str) -> Result<Vec<IpAddr>, Error> {
        if let Ok(address) = host.parse() {
            return Ok(vec![address]);
        }
        let name = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
        if !message::is_name(&name) {
            return Err(Error::Name(host.to_owned()));
        }
        let listed = self.hosts.addresses(&name);
        if !listed.is_empty() {
            return Ok(listed);
        }
        // <https://www.rfc-editor.org/rfc/rfc6761#section-6.3>: nobody is to be asked for these.
        if name == "localhost" || name.ends_with(".localhost") {
            return Ok(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]);
        }
        let mut unknown = None;
        for candidate in self.servers.candidates(host) {
            match ask::all(&self.servers, &candidate)? {
                Answers::Addresses(found) => return Ok(likely_first(found)),
                Answers::None { server } => unknown = unknown.or(Some(server)),
            }
        }
        Err(match unknown {
            Some(server) => Error::Unknown {
                name: host.to_owned(),
                server,
            },
            None => Error::Name(host.to_owned()),
        })
    }
}

/// IPv6 before IPv4, as RFC 6724 has it, but not where there is no way to it from here.
fn likely_first(mut addresses: Vec<IpAddr>) -> Vec<IpAddr> {
    // Connecting a socket for datagrams sends nothing; it fails where no route leads.
    let is_routed = |address: &IpAddr| {
        let from = ask::any_of_family(address);
        let socket = UdpSocket::bind(from).and_then(|socket| socket.connect((*address, 9)));
        socket.is_ok()
    };
    let reaches = |wanted: fn(&IpAddr) -> bool| {
        addresses
            .iter()
            .find(|it| wanted(it))
            .is_some_and(is_routed)
    };
    let (six, four) = (reaches(IpAddr::is_ipv6), reaches(IpAddr::is_ipv4));
    addresses.sort_by_key(|address| match address {
        IpAddr::V6(_) => (!six, 0),
        IpAddr::V4(_) => (!four, 1),
    });
    addresses
}
