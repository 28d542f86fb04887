//! Asking name servers: datagrams first, a connection where an answer is too long for one.

use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use super::Error;
use super::files::Servers;
use super::message::{self, Family, Reply};

/// Longer datagrams than are ever sent to one who does not ask for long ones.
const DATAGRAM: usize = 4096;

/// What the servers say of a name.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answers {
    /// It has these addresses.
    Addresses(Vec<IpAddr>),
    /// It has none.
    None {
        /// Who says so.
        server: SocketAddr,
    },
}

/// A question, and the answer once there is one.
struct Open {
    family: Family,
    question: Vec<u8>,
    answer: Option<Vec<IpAddr>>,
}

/// Asks for both kinds of addresses of a full name, one server after the other, until both are known.
pub(super) fn all(servers: &Servers, name: &str) -> Result<Answers, Error> {
    let mut open = [Family::V4, Family::V6].map(|family| Open {
        family,
        question: message::question(random_id(), name, family),
        answer: None,
    });
    let mut tried = Tried::default();
    for _ in 0..servers.rounds {
        for server in &servers.addresses {
            if let Err(trouble) = ask(servers, *server, &mut open) {
                tried.add(*server, &trouble);
            }
            if open.iter().all(|question| question.answer.is_some()) {
                return Ok(answers(open, *server));
            }
        }
        // Some servers say nothing at all when they are asked for IPv6.
        let found = |question: &Open| question.answer.as_ref().is_some_and(|it| !it.is_empty());
        if open.iter().any(found) {
            break;
        }
    }
    let server = servers.addresses.last().copied();
    match (
        answers(open, server.unwrap_or(([127, 0, 0, 1], 53).into())),
        tried,
    ) {
        (found @ Answers::Addresses(_), _) => Ok(found),
        (Answers::None { .. }, tried) => Err(Error::Unanswered {
            name: name.to_owned(),
            tried: tried.told(servers),
        }),
    }
}

fn answers(open: [Open; 2], server: SocketAddr) -> Answers {
    let found = open.into_iter().filter_map(|question| question.answer);
    let found: Vec<_> = found.flatten().collect();
    if found.is_empty() {
        Answers::None { server }
    } else {
        Answers::Addresses(found)
    }
}

/// What went wrong with each server; with the same one several times, the first thing.
#[derive(Default)]
struct Tried(Vec<(SocketAddr, String)>);

impl Tried {
    fn add(&mut self, server: SocketAddr, trouble: &str) {
        if self.0.iter().all(|(known, _)| *known != server) {
            self.0.push((server, trouble.to_owned()));
        }
    }

    fn told(self, servers: &Servers) -> String {
        let lines = self
            .0
            .iter()
            .map(|(server, trouble)| format!("{server}: {trouble}"));
        let told = lines.collect::<Vec<_>>().join("; ");
        if servers.named {
            return told;
        }
        format!(
            "{told}; that is this machine itself, since {} names no other",
            super::SERVERS
        )
    }
}

/// Asks one server what is not known yet. What it cannot answer stays open.
fn ask(servers: &Servers, server: SocketAddr, open: &mut [Open]) -> Result<(), String> {
    let deadline = Instant::now() + servers.timeout;
    let mut replies: Vec<Option<Reply>> = Vec::new();
    let missing = || open.iter().filter(|question| question.answer.is_none());
    if servers.only_tcp {
        replies.extend(missing().map(|_| Some(Reply::TooLong)));
    } else {
        let questions: Vec<_> = missing().collect();
        replies = by_datagram(server, deadline, &questions).map_err(|error| error.to_string())?;
    }
    let mut trouble = None;
    let missing = open.iter_mut().filter(|question| question.answer.is_none());
    for (question, mut reply) in missing.zip(replies) {
        if reply == Some(Reply::TooLong) {
            let deadline = Instant::now() + servers.timeout;
            let answer = by_connection(server, deadline, question);
            reply = Some(answer.map_err(|error| error.to_string())?);
        }
        match reply {
            Some(Reply::Addresses(found)) => question.answer = Some(found),
            Some(Reply::Useless(why)) => trouble = Some(why.to_owned()),
            Some(Reply::TooLong) => trouble = Some("it cuts all answers off".to_owned()),
            None => {
                let seconds = servers.timeout.as_secs_f32();
                trouble = Some(format!("it did not answer within {seconds} s"));
            }
        }
    }
    trouble.map_or(Ok(()), Err)
}

/// Sends all questions at once, and waits for the answers.
fn by_datagram(
    server: SocketAddr,
    deadline: Instant,
    questions: &[&Open],
) -> io::Result<Vec<Option<Reply>>> {
    let socket = UdpSocket::bind(any_of_family(&server.ip()))?;
    // From then on only what this server sends is received, and its absence is told.
    socket.connect(server)?;
    for question in questions {
        socket.send(&question.question)?;
    }
    let mut replies: Vec<Option<Reply>> = questions.iter().map(|_| None).collect();
    let mut buffer = [0; DATAGRAM];
    while replies.iter().any(Option::is_none) {
        let Some(left) = left(deadline) else {
            break;
        };
        socket.set_read_timeout(Some(left))?;
        let length = match socket.recv(&mut buffer) {
            Ok(length) => length,
            Err(error) if is_timeout(&error) => break,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        for (question, reply) in questions.iter().zip(&mut replies) {
            if reply.is_none() {
                *reply = message::read(&question.question, &buffer[..length], question.family);
            }
        }
    }
    Ok(replies)
}

/// Asks over a connection: messages have their length in front.
fn by_connection(server: SocketAddr, deadline: Instant, open: &Open) -> io::Result<Reply> {
    let late = || io::Error::from(ErrorKind::TimedOut);
    let mut stream = TcpStream::connect_timeout(&server, left(deadline).ok_or_else(late)?)?;
    let length = u16::try_from(open.question.len()).unwrap_or_default();
    let call = [&length.to_be_bytes()[..], &open.question].concat();
    stream.set_write_timeout(left(deadline))?;
    stream.write_all(&call)?;
    let mut length = [0; 2];
    read_until(&mut stream, &mut length, deadline)?;
    let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
    read_until(&mut stream, &mut answer, deadline)?;
    let reply = message::read(&open.question, &answer, open.family);
    Ok(reply.unwrap_or(Reply::Useless(
        "it answers something else than it was asked",
    )))
}

/// Fills the buffer; a server that sends a byte now and then is not waited for longer than another.
fn read_until(stream: &mut TcpStream, mut buffer: &mut [u8], deadline: Instant) -> io::Result<()> {
    while !buffer.is_empty() {
        let left = left(deadline).ok_or(ErrorKind::TimedOut)?;
        stream.set_read_timeout(Some(left))?;
        match stream.read(buffer) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(length) => buffer = &mut buffer[length..],
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The time until then; nothing when it has come.
fn left(deadline: Instant) -> Option<Duration> {
    let left = deadline.checked_duration_since(Instant::now())?;
    (!left.is_zero()).then_some(left)
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

/// Where a socket is bound to that is to reach the address: anywhere, at a port of the system's choice.
pub(super) fn any_of_family(address: &IpAddr) -> SocketAddr {
    match address {
        IpAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        IpAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    }
}

/// A number that nobody who cannot listen guesses at once; the port, which the system chooses, is another.
fn random_id() -> u16 {
    let random = RandomState::new().hash_one(0_u8);
    u16::try_from(random & 0xffff).unwrap_or_default()
}
