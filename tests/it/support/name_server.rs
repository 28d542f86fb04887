//! A name server of a test, well-behaved or not: over datagrams and connections, as it is told.
//!
//! The unit tests of the look-up include this file by path, so nothing here may use the rest.
#![allow(dead_code, reason = "each binary that includes this uses a part of it")]

use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// What it is asked: the addresses of a name, IPv4 or IPv6.
pub(crate) struct Question {
    /// The name, without a dot at the end.
    pub(crate) name: String,
    /// Whether IPv6 addresses are asked for.
    pub(crate) v6: bool,
    /// Whether it came over a connection.
    pub(crate) by_connection: bool,
    /// The whole message.
    pub(crate) bytes: Vec<u8>,
}

impl Question {
    fn read(bytes: &[u8], by_connection: bool) -> Self {
        let mut labels = Vec::new();
        let mut left = &bytes[12..];
        while left[0] != 0 {
            let (label, rest) = left[1..].split_at(usize::from(left[0]));
            labels.push(String::from_utf8(label.to_vec()).unwrap());
            left = rest;
        }
        Self {
            name: labels.join("."),
            v6: match left[2] {
                1 => false,
                28 => true,
                other => panic!("records of type {other} are asked for"),
            },
            by_connection,
            bytes: bytes.to_vec(),
        }
    }

    /// The answer with these addresses; those of the other kind are left out.
    pub(crate) fn answer(&self, addresses: &[IpAddr]) -> Vec<u8> {
        let mut bytes = self.with_code(0);
        for address in addresses.iter().filter(|it| it.is_ipv6() == self.v6) {
            bytes[7] += 1;
            // A reference to the name in the question; a record of a class that lasts nine seconds.
            bytes.extend([0xc0, 12]);
            match address {
                IpAddr::V4(it) => {
                    bytes.extend([0, 1, 0, 1, 0, 0, 0, 9, 0, 4]);
                    bytes.extend(it.octets());
                }
                IpAddr::V6(it) => {
                    bytes.extend([0, 28, 0, 1, 0, 0, 0, 9, 0, 16]);
                    bytes.extend(it.octets());
                }
            }
        }
        bytes
    }

    /// An answer without records: with 3 there is no such name, with 2 the server has failed.
    pub(crate) fn with_code(&self, code: u8) -> Vec<u8> {
        let mut bytes = self.bytes.clone();
        bytes[2..4].copy_from_slice(&[0x81, 0x80 | code]);
        bytes
    }

    /// An answer that says that it is cut off.
    pub(crate) fn cut_off(&self) -> Vec<u8> {
        let mut bytes = self.with_code(0);
        bytes[2] |= 2;
        bytes
    }

    fn told(&self) -> String {
        let way = if self.by_connection { "tcp" } else { "udp" };
        let kind = if self.v6 { "v6" } else { "v4" };
        format!("{way} {kind} {}", self.name)
    }
}

/// The running server; it stops when dropped.
pub(crate) struct NameServer {
    address: SocketAddr,
    shared: Arc<Shared>,
}

type Answering = dyn Fn(&Question) -> Vec<Vec<u8>> + Send + Sync;

struct Shared {
    answering: Box<Answering>,
    asked: Mutex<Vec<String>>,
    stopped: AtomicBool,
}

impl NameServer {
    /// On a port of its own; sends what `answering` says, one message after the other.
    pub(crate) fn start(
        answering: impl Fn(&Question) -> Vec<Vec<u8>> + Send + Sync + 'static,
    ) -> Self {
        Self::on(sockets(), answering)
    }

    /// The same at a given address, where it may.
    pub(crate) fn at(
        address: SocketAddr,
        answering: impl Fn(&Question) -> Vec<Vec<u8>> + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let sockets = (UdpSocket::bind(address)?, TcpListener::bind(address)?);
        Ok(Self::on(sockets, answering))
    }

    fn on(
        (datagrams, connections): (UdpSocket, TcpListener),
        answering: impl Fn(&Question) -> Vec<Vec<u8>> + Send + Sync + 'static,
    ) -> Self {
        let address = datagrams.local_addr().unwrap();
        let shared = Arc::new(Shared {
            answering: Box::new(answering),
            asked: Mutex::default(),
            stopped: AtomicBool::default(),
        });
        let serving = Arc::clone(&shared);
        thread::spawn(move || serving.datagrams(&datagrams));
        let serving = Arc::clone(&shared);
        thread::spawn(move || serving.connections(&connections));
        Self { address, shared }
    }

    /// Where it is.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The questions since the last call, sorted: how they came, for which addresses, of what name.
    pub(crate) fn take_asked(&self) -> Vec<String> {
        let mut asked = std::mem::take(&mut *self.shared.asked.lock().unwrap());
        asked.sort();
        asked
    }
}

impl Shared {
    fn answers(&self, bytes: &[u8], by_connection: bool) -> Vec<Vec<u8>> {
        let question = Question::read(bytes, by_connection);
        self.asked.lock().unwrap().push(question.told());
        (self.answering)(&question)
    }

    fn datagrams(&self, socket: &UdpSocket) {
        let mut buffer = [0; 512];
        while let Ok((length, from)) = socket.recv_from(&mut buffer) {
            if self.stopped.load(Ordering::SeqCst) {
                break;
            }
            for answer in self.answers(&buffer[..length], false) {
                // A client that has heard enough may be gone.
                let _ = socket.send_to(&answer, from);
            }
        }
    }

    fn connections(&self, listener: &TcpListener) {
        for stream in listener.incoming() {
            if self.stopped.load(Ordering::SeqCst) {
                break;
            }
            let _ = stream.and_then(|mut stream| self.talk(&mut stream));
        }
    }

    fn talk(&self, stream: &mut TcpStream) -> io::Result<()> {
        let mut length = [0; 2];
        stream.read_exact(&mut length)?;
        let mut bytes = vec![0; usize::from(u16::from_be_bytes(length))];
        stream.read_exact(&mut bytes)?;
        for answer in self.answers(&bytes, true) {
            let length = u16::try_from(answer.len()).unwrap().to_be_bytes();
            stream.write_all(&[&length, &answer[..]].concat())?;
        }
        Ok(())
    }
}

impl Drop for NameServer {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // Both threads see that it is over when something arrives.
        if let Ok(socket) = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)) {
            let _ = socket.send_to(&[0], self.address);
        }
        drop(TcpStream::connect(self.address));
    }
}

/// Sockets of both kinds with the same port on loopback.
pub(crate) fn sockets() -> (UdpSocket, TcpListener) {
    loop {
        let connections = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = connections.local_addr().unwrap();
        if let Ok(datagrams) = UdpSocket::bind(address) {
            return (datagrams, connections);
        }
    }
}
