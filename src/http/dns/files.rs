//! The two files that say where names are looked up: hosts(5) and resolv.conf(5).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6};
use std::path::Path;
use std::time::Duration;

use crate::fsx;

/// More name servers than these are passed over, as glibc and musl do.
const MOST_SERVERS: usize = 3;
/// More domains to search in are passed over.
const MOST_DOMAINS: usize = 16;
const PORT: u16 = 53;

/// `/etc/hosts`: addresses by name.
#[derive(Debug, Default)]
pub(super) struct Hosts(Vec<(String, IpAddr)>);

impl Hosts {
    /// Lines that cannot be read are passed over, as everywhere.
    pub(super) fn parse(text: &str) -> Self {
        let mut hosts = Vec::new();
        for line in text.lines() {
            let mut words = line
                .split('#')
                .next()
                .unwrap_or_default()
                .split_whitespace();
            let Some(Ok(address)) = words.next().map(str::parse::<IpAddr>) else {
                continue;
            };
            hosts.extend(words.map(|name| (name.to_ascii_lowercase(), address)));
        }
        Self(hosts)
    }

    /// The addresses of a name in small letters.
    pub(super) fn addresses(&self, name: &str) -> Vec<IpAddr> {
        let of_name = self.0.iter().filter(|(known, _)| known == name);
        of_name.map(|(_, address)| *address).collect()
    }
}

/// `/etc/resolv.conf`: whom to ask, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Servers {
    /// Who is asked, one after the other.
    pub(super) addresses: Vec<SocketAddr>,
    /// Whether the file names them; else this machine itself is asked.
    pub(super) named: bool,
    /// Domains to look for a name in.
    pub(super) search: Vec<String>,
    /// With how many dots a name is looked for as it is first, and in the domains then.
    pub(super) dots: usize,
    /// How long a server is waited for.
    pub(super) timeout: Duration,
    /// How often all servers are asked.
    pub(super) rounds: u32,
    /// Whether datagrams are not to be used.
    pub(super) only_tcp: bool,
}

impl Servers {
    /// Reads the file; what it says of other resolvers' affairs is passed over.
    pub(super) fn parse(text: &str) -> Self {
        let mut read = Self {
            addresses: Vec::new(),
            named: true,
            search: Vec::new(),
            dots: 1,
            timeout: Duration::from_secs(5),
            rounds: 2,
            only_tcp: false,
        };
        for line in text.lines() {
            let mut words = line.split_whitespace();
            match words.next() {
                Some("nameserver") if read.addresses.len() < MOST_SERVERS => {
                    read.addresses.extend(words.next().and_then(server));
                }
                // The last such line counts.
                Some("domain" | "search") => {
                    let domains = words.map(|domain| domain.trim_matches('.').to_owned());
                    let domains = domains.filter(|domain| !domain.is_empty());
                    read.search = domains.take(MOST_DOMAINS).collect();
                }
                Some("options") => words.for_each(|option| read.option(option)),
                _ => {}
            }
        }
        if read.addresses.is_empty() {
            read.named = false;
            read.addresses.push((Ipv4Addr::LOCALHOST, PORT).into());
        }
        read
    }

    /// One of the options; the bounds are those of resolv.conf(5).
    fn option(&mut self, option: &str) {
        let (name, value) = option.split_once(':').unwrap_or((option, ""));
        let value = value.parse::<u32>().ok();
        match (name, value) {
            ("ndots", Some(dots)) => self.dots = dots.min(15) as usize,
            ("timeout", Some(seconds)) => {
                self.timeout = Duration::from_secs(seconds.clamp(1, 30).into());
            }
            ("attempts", Some(rounds)) => self.rounds = rounds.clamp(1, 5),
            ("use-vc", _) => self.only_tcp = true,
            _ => {}
        }
    }

    /// The full names that a name may stand for, in the order to ask for them in.
    pub(super) fn candidates(&self, host: &str) -> Vec<String> {
        if let Some(name) = host.strip_suffix('.') {
            return vec![name.to_owned()];
        }
        let mut names: Vec<_> = self
            .search
            .iter()
            .map(|it| format!("{host}.{it}"))
            .collect();
        let dots = host.bytes().filter(|&byte| byte == b'.').count();
        let at = if dots >= self.dots { 0 } else { names.len() };
        names.insert(at, host.to_owned());
        names.retain(|name| super::message::is_name(name));
        names
    }
}

/// A server's address; one that holds on one link only has the link's name or number behind `%`.
fn server(word: &str) -> Option<SocketAddr> {
    let Some((address, link)) = word.split_once('%') else {
        return word
            .parse::<IpAddr>()
            .ok()
            .map(|address| (address, PORT).into());
    };
    let address: Ipv6Addr = address.parse().ok()?;
    let number = link.parse().ok().or_else(|| number_of_link(link))?;
    Some(SocketAddrV6::new(address, PORT, 0, number).into())
}

fn number_of_link(name: &str) -> Option<u32> {
    if name.contains('/') || name.starts_with('.') {
        return None;
    }
    let path = Path::new("/sys/class/net").join(name).join("ifindex");
    let number = fsx::read_text(&path).ok()?;
    String::from_utf8_lossy(&number).trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ips(addresses: &[&str]) -> Vec<IpAddr> {
        addresses.iter().map(|it| it.parse().unwrap()).collect()
    }

    #[test]
    fn hosts_have_several_names_and_names_several_addresses() {
        let hosts = Hosts::parse(
            "# a comment\n127.0.0.1 localhost LocalHost.localdomain # another\n\n10.0.0.1\tgit.corp git\n\
             nonsense git\n::1 localhost\n10.0.0.300 bad\nfe80::1%eth0 bad\n10.0.0.2",
        );
        assert_eq!(hosts.addresses("localhost"), ips(&["127.0.0.1", "::1"]));
        assert_eq!(
            hosts.addresses("localhost.localdomain"),
            ips(&["127.0.0.1"])
        );
        assert_eq!(hosts.addresses("git"), ips(&["10.0.0.1"]));
        assert!(hosts.addresses("bad").is_empty());
        assert!(hosts.addresses("comment").is_empty());
    }

    #[test]
    fn servers_and_options_are_read_with_their_bounds() {
        let read = Servers::parse(
            "; written by hand\n#nameserver 1.1.1.1\nnameserver 10.0.0.1\nnameserver nonsense\n\
             nameserver fd00::53\nnameserver fe80::1%7\nnameserver 10.0.0.4\n\
             domain old.corp\nsearch corp. example.org . \n\
             options ndots:99 timeout:0 attempts:9 rotate use-vc edns0 timeout:x\n",
        );
        let link = SocketAddrV6::new("fe80::1".parse().unwrap(), 53, 0, 7);
        assert_eq!(
            read.addresses,
            [
                "10.0.0.1:53".parse().unwrap(),
                "[fd00::53]:53".parse().unwrap(),
                link.into()
            ]
        );
        assert_eq!(read.search, ["corp", "example.org"]);
        assert_eq!((read.dots, read.rounds, read.only_tcp), (15, 5, true));
        assert_eq!(read.timeout, Duration::from_secs(1));
        assert!(read.named);
    }

    #[test]
    fn without_a_file_this_machine_is_asked() {
        let read = Servers::parse("");
        assert_eq!(read.addresses, ["127.0.0.1:53".parse().unwrap()]);
        assert!(!read.named);
        assert_eq!((read.timeout, read.rounds), (Duration::from_secs(5), 2));
        assert_eq!(server("fe80::1%no/such"), None);
        assert_eq!(server("10.0.0.1%1"), None);
    }

    #[test]
    fn names_with_dots_are_looked_for_as_they_are_first() {
        let servers = Servers::parse("search corp example.org\noptions ndots:2\n");
        assert_eq!(
            servers.candidates("git.a"),
            ["git.a.corp", "git.a.example.org", "git.a"]
        );
        assert_eq!(
            servers.candidates("a.b.c"),
            ["a.b.c", "a.b.c.corp", "a.b.c.example.org"]
        );
        assert_eq!(servers.candidates("git."), ["git"]);
        let long = format!("{0}.{0}.{0}.{1}", "a".repeat(63), "b".repeat(61));
        assert_eq!(servers.candidates(&long), [long]);
    }
}
