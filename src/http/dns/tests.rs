//! The look-up against name servers on loopback, well-behaved and not.

#[path = "../../../tests/it/support/name_server.rs"]
mod name_server;

use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::time::Duration;

use self::name_server::{NameServer, sockets};
use super::files::{Hosts, Servers};
use super::{Error, Lookup};

fn ips(addresses: &[&str]) -> Vec<IpAddr> {
    addresses.iter().map(|it| it.parse().unwrap()).collect()
}

/// A socket that hears nobody but itself, so that whoever else asks it is refused as by a port that is
/// closed, and no other test can come by the port.
fn closed() -> (UdpSocket, SocketAddr) {
    let (socket, _) = sockets();
    let address = socket.local_addr().unwrap();
    socket.connect(address).unwrap();
    (socket, address)
}

fn lookup(servers: &[SocketAddr]) -> Lookup {
    let mut read = Servers::parse("nameserver 127.0.0.1");
    read.addresses = servers.to_vec();
    Lookup {
        hosts: Hosts::parse(""),
        servers: read,
    }
}

/// The addresses in the order of numbers, since which come first depends on the machine.
#[track_caller]
fn check(lookup: &Lookup, name: &str, expected: &[&str]) {
    let mut found = lookup.find(name).unwrap();
    found.sort();
    assert_eq!(found, ips(expected));
}

#[test]
fn both_kinds_of_addresses_are_asked_for_at_once() {
    let all = ["10.0.0.1", "10.0.0.2", "fd00::1"];
    let server = NameServer::start(move |question| vec![question.answer(&ips(&all))]);
    check(&lookup(&[server.address()]), "git.corp", &all);
    assert_eq!(server.take_asked(), ["udp v4 git.corp", "udp v6 git.corp"]);
}

#[test]
fn one_kind_is_enough() {
    let server = NameServer::start(|question| vec![question.answer(&ips(&["10.0.0.1"]))]);
    check(&lookup(&[server.address()]), "git.corp.", &["10.0.0.1"]);
}

#[test]
fn answers_to_other_questions_are_passed_over() {
    let server = NameServer::start(|question| {
        let wrong = question.answer(&ips(&["10.6.6.6", "fd00::6"]));
        let (mut other_id, mut other_name) = (wrong.clone(), wrong.clone());
        other_id[0] ^= 1;
        other_name[13] ^= 1;
        let own_question = question.bytes.clone();
        vec![
            other_id,
            other_name,
            own_question,
            vec![],
            question.answer(&ips(&["10.0.0.1"])),
        ]
    });
    check(&lookup(&[server.address()]), "git.corp", &["10.0.0.1"]);
}

#[test]
fn long_answers_come_over_a_connection() {
    let server = NameServer::start(|question| {
        vec![if question.by_connection {
            let many: Vec<_> = (1..32).map(|it| IpAddr::from([10, 0, 0, it])).collect();
            question.answer(&many)
        } else if !question.v6 {
            question.cut_off()
        } else {
            question.answer(&[])
        }]
    });
    let mut lookup = lookup(&[server.address()]);
    assert_eq!(lookup.find("git.corp").unwrap().len(), 31);
    let asked = ["tcp v4 git.corp", "udp v4 git.corp", "udp v6 git.corp"];
    assert_eq!(server.take_asked(), asked);
    lookup.servers.only_tcp = true;
    assert_eq!(lookup.find("git.corp").unwrap().len(), 31);
    assert_eq!(server.take_asked(), ["tcp v4 git.corp", "tcp v6 git.corp"]);
}

#[test]
fn the_next_server_is_asked_for_what_one_cannot_tell() {
    let failing = NameServer::start(|question| vec![question.with_code(2)]);
    let garbling = NameServer::start(|question| {
        let mut answer = question.answer(&ips(&["10.6.6.6", "fd00::6"]));
        answer.pop();
        vec![answer]
    });
    let breaking = NameServer::start(|question| {
        if question.by_connection {
            vec![]
        } else {
            vec![question.cut_off()]
        }
    });
    let (_socket, closed) = closed();
    let good = NameServer::start(|question| vec![question.answer(&ips(&["10.0.0.1"]))]);
    for bad in [
        failing.address(),
        garbling.address(),
        breaking.address(),
        closed,
    ] {
        check(&lookup(&[bad, good.address()]), "git.corp", &["10.0.0.1"]);
    }
}

#[test]
fn what_went_wrong_is_told_for_each_server() {
    let failing = NameServer::start(|question| vec![question.with_code(2)]);
    let (_socket, closed) = closed();
    let mut lookup = lookup(&[failing.address(), closed]);
    let error = lookup.find("git.corp").unwrap_err().to_string();
    let expected = format!(
        "no name server could be asked for `git.corp`: {}: it fails (SERVFAIL); {closed}: ",
        failing.address()
    );
    assert!(error.starts_with(&expected), "{error}");
    assert!(error.contains("refused"), "{error}");
    assert_eq!(failing.take_asked().len(), 4, "two rounds of two questions");
    lookup.servers.named = false;
    let error = lookup.find("git.corp").unwrap_err().to_string();
    assert!(
        error.ends_with("since /etc/resolv.conf names no other"),
        "{error}"
    );
}

#[test]
fn a_name_that_is_not_there_is_looked_for_in_the_domains() {
    let server = NameServer::start(|question| {
        vec![if question.name == "git.example.org" {
            question.answer(&ips(&["10.0.0.1"]))
        } else {
            question.with_code(3)
        }]
    });
    let mut lookup = lookup(&[server.address()]);
    match lookup.find("git.corp").unwrap_err() {
        Error::Unknown { name, server: of } => {
            assert_eq!((&*name, of), ("git.corp", server.address()));
        }
        other => panic!("{other}"),
    }
    server.take_asked();
    lookup.servers.search = vec!["corp".to_owned(), "example.org".to_owned()];
    check(&lookup, "git", &["10.0.0.1"]);
    let asked: Vec<_> = server.take_asked();
    assert_eq!(asked.len(), 4, "{asked:?}");
    assert!(asked.contains(&"udp v4 git.corp".to_owned()), "{asked:?}");
    lookup.find("no.such").unwrap_err();
    let asked: Vec<_> = server.take_asked();
    assert!(
        asked.contains(&"udp v4 no.such.example.org".to_owned()),
        "{asked:?}"
    );
}

#[test]
fn a_server_that_says_nothing_of_one_kind_is_not_waited_for_for_ever() {
    let server = NameServer::start(|question| {
        if question.v6 {
            vec![]
        } else {
            vec![question.answer(&ips(&["10.0.0.1"]))]
        }
    });
    let mut lookup = lookup(&[server.address()]);
    lookup.servers.timeout = Duration::from_secs(1);
    check(&lookup, "git.corp", &["10.0.0.1"]);
}

#[test]
fn what_is_known_here_is_asked_of_nobody() {
    let server = NameServer::start(|question| vec![question.answer(&ips(&["10.6.6.6"]))]);
    let mut lookup = lookup(&[server.address()]);
    lookup.hosts = Hosts::parse("10.0.0.1 git.corp\n::1 six.localhost\n");
    check(&lookup, "GIT.corp", &["10.0.0.1"]);
    check(&lookup, "git.corp.", &["10.0.0.1"]);
    check(&lookup, "10.0.0.7", &["10.0.0.7"]);
    check(&lookup, "fd00::7", &["fd00::7"]);
    check(&lookup, "localhost", &["127.0.0.1", "::1"]);
    check(&lookup, "x.localhost", &["127.0.0.1", "::1"]);
    check(&lookup, "six.localhost", &["::1"]);
    for name in ["", ".", "a..b", &"a".repeat(64), "a b", "a\0b"] {
        let error = lookup.find(name).unwrap_err();
        assert!(matches!(error, Error::Name(_)), "{error}");
    }
    assert!(server.take_asked().is_empty());
}
