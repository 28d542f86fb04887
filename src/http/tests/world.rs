//! A small internet on one loopback port: a web server, the same behind TLS, and a proxy to
//! every host it knows, told apart by the first bytes of a connection.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead as _, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::http::{Client, Clock, NetSettings, UrlConfig};

/// A request as the server saw it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) method: String,
    /// Scheme, host and path with query.
    pub(crate) url: String,
    /// Whether the proxy was asked, rather than the host.
    pub(crate) proxied: bool,
    /// Names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

/// What to answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    /// Announce the whole body and send none of it, until the client goes away.
    pub(crate) stalls: bool,
    /// Close the connection without a word.
    pub(crate) hangs_up: bool,
}

impl Reply {
    pub(crate) fn ok(body: &str) -> Self {
        Self {
            status: 200,
            body: body.as_bytes().to_vec(),
            ..Self::default()
        }
    }

    pub(crate) fn status(status: u16) -> Self {
        Self {
            status,
            ..Self::default()
        }
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

type Handler = dyn Fn(&Seen) -> Reply + Send + Sync;

struct Shared {
    hosts: BTreeSet<String>,
    tls: Arc<ServerConfig>,
    handler: Box<Handler>,
    seen: Mutex<Vec<Seen>>,
    connections: AtomicUsize,
}

pub(crate) struct World {
    pub(crate) address: SocketAddr,
    /// Holds the certificate authority, and whatever a test puts there.
    pub(crate) folder: tempfile::TempDir,
    shared: Arc<Shared>,
}

impl World {
    /// Serves `hosts`; a proxy refuses all others.
    pub(crate) fn new(
        hosts: &[&str],
        handler: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (authority, tls) = certificates(hosts);
        crate::fsx::write_atomic(&folder.path().join("ca.pem"), authority.as_bytes()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            hosts: hosts.iter().map(|host| (*host).to_owned()).collect(),
            tls: Arc::new(tls),
            handler: Box::new(handler),
            seen: Mutex::default(),
            connections: AtomicUsize::new(0),
        });
        let serving = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let shared = Arc::clone(&serving);
                std::thread::spawn(move || drop(shared.connection(stream)));
            }
        });
        Self {
            address,
            folder,
            shared,
        }
    }

    pub(crate) fn ca(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// The proxy set, its authority trusted, no patience with silence.
    pub(crate) fn settings(&self) -> NetSettings {
        let proxy = format!("http://{}", self.address);
        NetSettings {
            https_proxy: Some(proxy.clone()),
            http_proxy: Some(proxy),
            ssl_cert_file: Some(self.ca()),
            stall_timeout: Duration::from_secs(10),
            home: Some(self.folder.path().to_owned()),
            ..NetSettings::default()
        }
    }

    pub(crate) fn client(&self, config: Arc<dyn UrlConfig>) -> (Client, Arc<Pauses>) {
        self.client_with(self.settings(), config)
    }

    #[expect(
        clippy::unused_self,
        reason = "reads as the world's client beside `client`"
    )]
    pub(crate) fn client_with(
        &self,
        settings: NetSettings,
        config: Arc<dyn UrlConfig>,
    ) -> (Client, Arc<Pauses>) {
        let clock = Arc::new(Pauses::default());
        let client = Client::with_clock(settings, config, Arc::clone(&clock) as _);
        (client, clock)
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().unwrap().clone()
    }

    /// How many connections were made so far.
    pub(crate) fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// The requests as `METHOD url`.
    pub(crate) fn requests(&self) -> Vec<String> {
        let line = |seen: &Seen| format!("{} {}", seen.method, seen.url);
        self.seen().iter().map(line).collect()
    }
}

/// A clock that stands at the Unix epoch and notes how long it should have slept.
#[derive(Default)]
pub(crate) struct Pauses(pub(crate) Mutex<Vec<Duration>>);

impl Clock for Pauses {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }

    fn sleep(&self, pause: Duration) {
        self.0.lock().unwrap().push(pause);
    }
}

impl Shared {
    fn connection(&self, mut stream: TcpStream) -> io::Result<()> {
        self.connections.fetch_add(1, Ordering::SeqCst);
        let mut first = [0; 8];
        let length = stream.peek(&mut first)?;
        if first[..length].starts_with(b"CONNECT") {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte)?;
                head.push(byte[0]);
            }
            let head = String::from_utf8_lossy(&head).into_owned();
            let target = head.split_whitespace().nth(1).unwrap_or_default();
            let host = target.rsplit_once(':').map_or(target, |(host, _)| host);
            if !self.hosts.contains(host) {
                let mut seen = self.seen.lock().unwrap();
                seen.push(Seen {
                    method: "CONNECT".to_owned(),
                    url: target.to_owned(),
                    ..Seen::default()
                });
                return stream.write_all(b"HTTP/1.1 502 no such host\r\nContent-Length: 0\r\n\r\n");
            }
            stream.write_all(b"HTTP/1.1 200 ok\r\n\r\n")?;
            self.secure(stream, true)
        } else if first[0] == 5 {
            socks(&mut stream)?;
            self.secure(stream, true)
        } else if first[0] == 0x16 {
            self.secure(stream, false)
        } else {
            self.talk(stream, "http", false)
        }
    }

    fn secure(&self, stream: TcpStream, proxied: bool) -> io::Result<()> {
        let connection = ServerConnection::new(Arc::clone(&self.tls)).map_err(io::Error::other)?;
        self.talk(StreamOwned::new(connection, stream), "https", proxied)
    }

    fn talk(&self, stream: impl Read + Write, scheme: &str, proxied: bool) -> io::Result<()> {
        let mut stream = BufReader::new(stream);
        while let Some(seen) = read_request(&mut stream, scheme, proxied)? {
            self.seen.lock().unwrap().push(seen.clone());
            let reply = (self.handler)(&seen);
            if reply.hangs_up {
                return Ok(());
            }
            let mut head = format!("HTTP/1.1 {} x\r\n", reply.status);
            for (name, value) in &reply.headers {
                head.extend([name, ": ", value, "\r\n"]);
            }
            head.extend([
                "Content-Length: ",
                &reply.body.len().to_string(),
                "\r\n\r\n",
            ]);
            stream.get_mut().write_all(head.as_bytes())?;
            if reply.stalls {
                stream.get_mut().flush()?;
                let mut silence = Vec::new();
                return stream.read_to_end(&mut silence).map(drop);
            }
            stream.get_mut().write_all(&reply.body)?;
            stream.get_mut().flush()?;
        }
        Ok(())
    }
}

/// Plays a SOCKS 5 proxy for `me` with the password `pw`, who must name a host, not an address.
fn socks(stream: &mut TcpStream) -> io::Result<()> {
    let mut take = |count: usize| {
        let mut bytes = vec![0; count];
        stream.read_exact(&mut bytes).map(|()| bytes)
    };
    let methods = take(2)?[1];
    take(methods.into())?;
    stream.write_all(&[5, 2])?;
    let mut login = [0; 7];
    stream.read_exact(&mut login)?;
    assert_eq!(&login, b"\x01\x02me\x02pw");
    stream.write_all(&[1, 0])?;
    let mut head = [0; 5];
    stream.read_exact(&mut head)?;
    assert_eq!(head[..4], [5, 1, 0, 3]);
    let mut name_and_port = vec![0; usize::from(head[4]) + 2];
    stream.read_exact(&mut name_and_port)?;
    stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])
}

fn read_request(
    stream: &mut BufReader<impl Read>,
    scheme: &str,
    proxied: bool,
) -> io::Result<Option<Seen>> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace();
    let method = words.next().unwrap_or_default().to_owned();
    let target = words.next().unwrap_or_default().to_owned();
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let length = headers
        .get("content-length")
        .map_or(0, |l| l.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    let absolute = target.contains("://");
    let url = if absolute {
        target
    } else {
        format!(
            "{scheme}://{}{target}",
            headers.get("host").cloned().unwrap_or_default()
        )
    };
    Ok(Some(Seen {
        method,
        url,
        proxied: proxied || absolute,
        headers,
        body,
    }))
}

/// A throw-away authority as PEM, and a server set up with a certificate for the hosts.
fn certificates(hosts: &[&str]) -> (String, ServerConfig) {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let authority = params.self_signed(&key).unwrap().pem();
    let issuer = Issuer::new(params, key);
    let names: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(names)
        .unwrap()
        .signed_by(&key, &issuer)
        .unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    (authority, tls)
}
