//! The internet of a test: a loopback proxy that answers for every host itself.
//!
//! The client sees a proxy (`https_proxy`, `http_proxy`) and a throw-away certificate authority
//! and needs no test mode. Behind `CONNECT` the server speaks TLS in the name of the host that
//! was asked for, then HTTP/1.1: go-import pages, plain pages, redirects, and the repositories
//! through `git http-backend`, which is the real smart HTTP. Requests and bytes are counted.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde::Deserialize;

/// What a path answers.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "WrittenPage")]
pub(crate) struct Page {
    status: u16,
    headers: BTreeMap<String, String>,
    body: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum WrittenPage {
    Body(String),
    Full {
        status: Option<u16>,
        #[serde(default)]
        headers: BTreeMap<String, String>,
        #[serde(default)]
        body: String,
    },
}

impl From<WrittenPage> for Page {
    fn from(written: WrittenPage) -> Self {
        match written {
            WrittenPage::Body(body) => Self {
                status: 200,
                headers: BTreeMap::new(),
                body,
            },
            WrittenPage::Full {
                status,
                headers,
                body,
            } => Self {
                status: status.unwrap_or(200),
                headers,
                body,
            },
        }
    }
}

/// One go-import tag, or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Tags {
    /// The content of the one.
    One(String),
    /// The contents of all.
    Many(Vec<String>),
}

/// What stands behind the proxy.
#[derive(Debug, Default)]
pub(crate) struct Site {
    /// The folder of all repositories.
    pub(crate) folder: PathBuf,
    /// The names of the repositories.
    pub(crate) repos: BTreeSet<String>,
    /// Those of them that speak protocol v0 only.
    pub(crate) old: BTreeSet<String>,
    /// go-import tags, for a path and all below it.
    pub(crate) meta: BTreeMap<String, Tags>,
    /// What a path and all below it answers.
    pub(crate) pages: BTreeMap<String, Page>,
    /// Where a path and all below it went.
    pub(crate) moved: BTreeMap<String, String>,
    /// Hosts that serve http and no https.
    pub(crate) plain_http: BTreeSet<String>,
    /// More hosts that exist.
    pub(crate) hosts: BTreeSet<String>,
}

impl Site {
    /// Serves the repositories below `folder`.
    pub(crate) fn of(remotes: &super::repo::Remotes) -> Self {
        Self {
            folder: remotes.path(""),
            repos: remotes.names().map(str::to_owned).collect(),
            old: remotes.old(),
            ..Self::default()
        }
    }

    /// Every host that exists; all others cannot be reached.
    fn all_hosts(&self) -> BTreeSet<String> {
        let named = self.repos.iter().chain(self.meta.keys());
        let named = named.chain(self.pages.keys()).chain(self.moved.keys());
        let named = named.chain(&self.plain_http).chain(&self.hosts);
        let host = |name: &String| name.split('/').next().unwrap_or("").to_owned();
        named.map(host).collect()
    }

    /// The repository that serves `host/path`, with or without `.git`, and the rest of the path.
    fn find<'a>(&self, asked: &'a str) -> Option<(&str, &'a str)> {
        let mut names: Vec<_> = self.repos.iter().collect();
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        for name in names {
            let rest = asked.strip_prefix(name.as_str());
            for rest in rest
                .and_then(|rest| rest.strip_prefix(".git"))
                .into_iter()
                .chain(rest)
            {
                if rest.is_empty() || rest.starts_with('/') {
                    return Some((name, rest));
                }
            }
        }
        None
    }
}

/// A request as a handler of a test sees it.
pub(crate) struct Request {
    /// GET or POST.
    pub(crate) method: String,
    /// `host/path`, without a slash at the end.
    pub(crate) path: String,
    /// What follows the question mark.
    pub(crate) query: String,
    /// The headers, names in lower case.
    pub(crate) headers: HashMap<String, String>,
    /// The body, not decompressed.
    pub(crate) body: Vec<u8>,
}

/// What a handler of a test answers: status, content type, body.
pub(crate) type Answer = (u16, &'static str, Vec<u8>);

/// Answers what it wants to; `None` leaves the request to the site.
pub(crate) type Handler = Box<dyn Fn(&Request) -> Option<Answer> + Send + Sync>;

/// What goes wrong on the way from a git server.
pub(crate) enum Twist {
    /// The pack is another one; the frames around it are in order.
    Pack(Box<dyn Fn(Vec<u8>) -> Vec<u8> + Send + Sync>),
    /// The connection breaks after so many bytes of an answer to a POST.
    Cut(usize),
}

/// What a connection begins with over which TLS is spoken at once.
const TLS_HANDSHAKE: u8 = 22;

struct Shared {
    site: Site,
    hosts: BTreeSet<String>,
    tls: Arc<ServerConfig>,
    handler: Option<Handler>,
    twist: Mutex<Option<Twist>>,
    gone: Mutex<BTreeSet<String>>,
    requests: Mutex<Vec<String>>,
    received: AtomicU64,
    sent: AtomicU64,
    stopped: AtomicBool,
}

/// The running server; it stops when dropped.
pub(crate) struct Server {
    shared: Arc<Shared>,
    address: SocketAddr,
    authority: PathBuf,
}

impl Server {
    /// Serves a site; the certificate of its authority is written to `folder`.
    pub(crate) fn start(folder: &Path, site: Site) -> Self {
        Self::with_handler(folder, site, None)
    }

    /// Serves a site, with a handler that is asked first.
    pub(crate) fn with_handler(folder: &Path, site: Site, handler: Option<Handler>) -> Self {
        let mut hosts = site.all_hosts();
        hosts.insert("localhost".to_owned());
        let authority = folder.join("ca.pem");
        fs::create_dir_all(folder).unwrap();
        fs::write(&authority, &Authority::get().pem).unwrap();
        let tls = Authority::get().server_config(&hosts);
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            site,
            hosts,
            tls,
            handler,
            twist: Mutex::default(),
            gone: Mutex::default(),
            requests: Mutex::default(),
            received: AtomicU64::new(0),
            sent: AtomicU64::new(0),
            stopped: AtomicBool::new(false),
        });
        shared.serve(listener);
        Self {
            shared,
            address,
            authority,
        }
    }

    /// The proxy's URL.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Serves https in the name of every host at one more address, for clients that use no proxy. The
    /// address is one of this process alone, so it stays taken.
    pub(crate) fn serve_at(&self, address: SocketAddr) -> io::Result<()> {
        self.shared.serve(TcpListener::bind(address)?);
        Ok(())
    }

    /// The certificate that clients must trust.
    pub(crate) fn authority(&self) -> &Path {
        &self.authority
    }

    /// Repositories, metas or pages vanish.
    pub(crate) fn gone(&self, names: &[String]) {
        self.shared
            .gone
            .lock()
            .unwrap()
            .extend(names.iter().cloned());
    }

    /// They are back.
    pub(crate) fn back(&self, names: &[String]) {
        let mut gone = self.shared.gone.lock().unwrap();
        gone.retain(|name| !names.contains(name));
    }

    /// From now on, or no longer, something goes wrong with what git answers.
    pub(crate) fn twist(&self, twist: Option<Twist>) {
        *self.shared.twist.lock().unwrap() = twist;
    }

    /// The requests since the last call, as `METHOD host/path`.
    pub(crate) fn take_requests(&self) -> Vec<String> {
        std::mem::take(&mut *self.shared.requests.lock().unwrap())
    }

    /// Bytes since the last call, as they went over the socket: to the server, from the server.
    pub(crate) fn take_bytes(&self) -> (u64, u64) {
        let received = self.shared.received.swap(0, Ordering::SeqCst);
        (received, self.shared.sent.swap(0, Ordering::SeqCst))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // Wakes the accepting thread, which then sees that it is over.
        drop(TcpStream::connect(self.address));
    }
}

/// The throw-away certificate authority, one for a test process.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn get() -> &'static Self {
        static AUTHORITY: OnceLock<Authority> = OnceLock::new();
        AUTHORITY.get_or_init(|| {
            let key = KeyPair::generate().unwrap();
            let mut params = CertificateParams::default();
            params
                .distinguished_name
                .push(DnType::CommonName, "test authority");
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
            let pem = params.self_signed(&key).unwrap().pem();
            let issuer = Issuer::new(params, key);
            Self { issuer, pem }
        })
    }

    fn server_config(&self, hosts: &BTreeSet<String>) -> Arc<ServerConfig> {
        let key = KeyPair::generate().unwrap();
        let names: Vec<String> = hosts.iter().cloned().collect();
        let mut params = CertificateParams::new(names).unwrap();
        params
            .distinguished_name
            .push(DnType::CommonName, "test server");
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        Arc::new(config)
    }
}

/// A socket that counts what goes through it.
struct Counted {
    stream: TcpStream,
    shared: Arc<Shared>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.stream.read(buffer)?;
        self.shared
            .received
            .fetch_add(length as u64, Ordering::SeqCst);
        Ok(length)
    }
}

impl Write for Counted {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let length = self.stream.write(buffer)?;
        self.shared.sent.fetch_add(length as u64, Ordering::SeqCst);
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

impl Shared {
    fn serve(self: &Arc<Self>, listener: TcpListener) {
        let serving = Arc::clone(self);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if serving.stopped.load(Ordering::SeqCst) {
                    break;
                }
                let serving = Arc::clone(&serving);
                // A client that goes away in the middle is its own business.
                thread::spawn(move || stream.and_then(|stream| serving.accept(stream)));
            }
        });
    }

    fn accept(self: &Arc<Self>, stream: TcpStream) -> io::Result<()> {
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        stream.set_nodelay(true)?;
        let mut first = [0; 7];
        let mut length = stream.peek(&mut first)?;
        while (1..first.len()).contains(&length) && b"CONNECT".starts_with(&first[..length]) {
            length = stream.peek(&mut first)?;
        }
        let mut counted = Counted {
            stream,
            shared: Arc::clone(self),
        };
        if first[0] == TLS_HANDSHAKE {
            return self.talk_securely(counted);
        }
        if &first != b"CONNECT" {
            return self.talk(counted);
        }
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            counted.read_exact(&mut byte)?;
            head.push(byte[0]);
        }
        let head = String::from_utf8_lossy(&head);
        let target = head.split_whitespace().nth(1).unwrap_or("");
        let host = target.rsplit_once(':').map_or(target, |(host, _)| host);
        if !self.hosts.contains(host) || self.site.plain_http.contains(host) {
            return counted.write_all(
                b"HTTP/1.1 502 no such host\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            );
        }
        counted.write_all(b"HTTP/1.1 200 ok\r\n\r\n")?;
        self.talk_securely(counted)
    }

    fn talk_securely(&self, stream: Counted) -> io::Result<()> {
        let connection = ServerConnection::new(Arc::clone(&self.tls)).map_err(io::Error::other)?;
        self.talk(StreamOwned::new(connection, stream))
    }

    /// Answers requests until the client closes.
    fn talk<S: Read + Write>(&self, stream: S) -> io::Result<()> {
        let mut stream = BufReader::new(stream);
        while let Some((request, scheme)) = read_request(&mut stream)? {
            let line = format!("{} {}", request.method, request.path);
            self.requests.lock().unwrap().push(line);
            self.answer(&request, &scheme, stream.get_mut())?;
            stream.get_mut().flush()?;
        }
        Ok(())
    }

    fn answer(&self, request: &Request, scheme: &str, out: &mut dyn Write) -> io::Result<()> {
        let host = request.path.split('/').next().unwrap_or("");
        if scheme == "http" && !self.site.plain_http.contains(host) {
            return reply(out, 502, &[], b"no such host, or it serves https only");
        }
        if let Some((status, kind, body)) = self.handler.as_ref().and_then(|h| h(request)) {
            return reply(out, status, &[("Content-Type", kind)], &body);
        }
        let path = request.path.as_str();
        if let Some(page) = self.under(&self.site.pages, path) {
            let page = &self.site.pages[page];
            let headers: Vec<_> = page.headers.iter().map(|(k, v)| (&**k, &**v)).collect();
            return reply(out, page.status, &headers, page.body.as_bytes());
        }
        let mut query = request.query.split('&');
        if query.any(|part| part.starts_with("go-get="))
            && let Some(known) = self.under(&self.site.meta, path)
        {
            let body = go_import_page(&self.site.meta[known]);
            return reply(out, 200, &[], body.as_bytes());
        }
        if let Some(old) = self.under(&self.site.moved, path) {
            let mut to = format!("https://{}{}", self.site.moved[old], &path[old.len()..]);
            if !request.query.is_empty() {
                to = format!("{to}?{}", request.query);
            }
            return reply(out, 301, &[("Location", &to)], b"moved");
        }
        match self.site.find(path) {
            Some((name, rest)) if !self.gone.lock().unwrap().contains(name) => {
                self.git(request, name, rest, out)
            }
            _ => reply(out, 404, &[], b"not found"),
        }
    }

    /// The longest key that the path is or lies under, unless it is gone.
    fn under<'a, T>(&self, table: &'a BTreeMap<String, T>, path: &str) -> Option<&'a str> {
        let gone = self.gone.lock().unwrap();
        let holds = |key: &str| {
            let rest = path.strip_prefix(key);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let keys = table.keys().map(String::as_str);
        keys.filter(|key| holds(key) && !gone.contains(*key))
            .max_by_key(|key| key.len())
    }

    /// Hands the request to `git http-backend` and passes its answer on as it comes.
    fn git(
        &self,
        request: &Request,
        name: &str,
        rest: &str,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let host = request.path.split('/').next().unwrap_or("");
        let header = |name: &str| request.headers.get(name).map(String::as_str);
        let mut command = Command::new("git");
        command
            .arg("http-backend")
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("GIT_PROJECT_ROOT", &self.site.folder)
            .env("GIT_HTTP_EXPORT_ALL", "1")
            .env("PATH_INFO", format!("/{name}{rest}"))
            .env("QUERY_STRING", &request.query)
            .env("REQUEST_METHOD", &request.method)
            .env("CONTENT_TYPE", header("content-type").unwrap_or(""))
            .env("CONTENT_LENGTH", request.body.len().to_string())
            .env("SERVER_NAME", host)
            .env("SERVER_PORT", "443")
            .env("SERVER_PROTOCOL", "HTTP/1.1")
            .env("HTTPS", "on")
            .env("REMOTE_ADDR", "127.0.0.1")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_COUNT", "1")
            .env("GIT_CONFIG_KEY_0", "safe.directory")
            .env("GIT_CONFIG_VALUE_0", "*")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        if let Some(version) = header("git-protocol").filter(|_| !self.site.old.contains(name)) {
            command.env("GIT_PROTOCOL", version);
        }
        if let Some(encoding) = header("content-encoding") {
            command.env("HTTP_CONTENT_ENCODING", encoding);
        }
        let mut child = command.spawn()?;
        let mut stdin = child.stdin.take().expect("it is piped");
        let mut answer = BufReader::new(child.stdout.take().expect("it is piped"));
        thread::scope(|scope| {
            // A thread of its own: the answer may begin before the request is read.
            scope.spawn(move || stdin.write_all(&request.body));
            match &*self.twist.lock().unwrap() {
                Some(twist) if request.method == "POST" => twist.apply(&mut answer, out),
                _ => pass_on(&mut answer, out),
            }
        })?;
        child.wait().map(drop)
    }
}

impl Twist {
    fn apply(&self, answer: &mut dyn BufRead, out: &mut dyn Write) -> io::Result<()> {
        let (mut head, mut body) = (Vec::new(), Vec::new());
        while !head.ends_with(b"\r\n\r\n") && answer.read_until(b'\n', &mut head)? > 0 {}
        answer.read_to_end(&mut body)?;
        match self {
            Self::Pack(change) => {
                head.extend(with_another_pack(&body, change));
                pass_on(&mut &head[..], out)
            }
            Self::Cut(length) => {
                body.truncate(*length);
                let lie = length + 1000;
                let whole = format!(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/x-git-upload-pack-result\r\nContent-Length: {lie}\r\n\r\n"
                );
                out.write_all(whole.as_bytes())?;
                out.write_all(&body)?;
                out.flush()?;
                Err(io::Error::other("the connection breaks, as asked"))
            }
        }
    }
}

/// The same answer with the pack in its side band replaced.
fn with_another_pack(body: &[u8], change: &dyn Fn(Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let (mut before, mut pack, mut rest) = (Vec::new(), Vec::new(), body);
    while let Some((digits, _)) = rest.split_at_checked(4) {
        let digits = std::str::from_utf8(digits).unwrap();
        let length = usize::from_str_radix(digits, 16).unwrap().max(4);
        let (frame, others) = rest.split_at(length);
        match frame.get(4) {
            Some(1) => pack.extend_from_slice(&frame[5..]),
            // Progress, and what stands after the pack, which is the end.
            Some(2) => {}
            None if !pack.is_empty() => break,
            _ => before.extend_from_slice(frame),
        }
        rest = others;
    }
    if pack.is_empty() {
        return body.to_vec();
    }
    for part in change(pack).chunks(8000) {
        before.extend(format!("{:04x}\x01", part.len() + 5).into_bytes());
        before.extend_from_slice(part);
    }
    before.extend_from_slice(b"0000");
    before
}

/// Turns a CGI answer into an HTTP answer in chunks.
fn pass_on(answer: &mut dyn BufRead, out: &mut dyn Write) -> io::Result<()> {
    let (mut status, mut head) = ("200 OK".to_owned(), String::new());
    loop {
        let mut line = String::new();
        if answer.read_line(&mut line)? == 0 || line.trim_end().is_empty() {
            break;
        }
        match line.split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("status") => {
                value.trim_end().clone_into(&mut status);
            }
            _ => head.push_str(&line),
        }
    }
    let head = format!("HTTP/1.1 {status}\r\n{head}Transfer-Encoding: chunked\r\n\r\n");
    out.write_all(head.as_bytes())?;
    let mut buffer = vec![0; 32 * 1024];
    loop {
        let length = answer.read(&mut buffer)?;
        let mut chunk = format!("{length:x}\r\n").into_bytes();
        chunk.extend_from_slice(&buffer[..length]);
        chunk.extend_from_slice(b"\r\n");
        out.write_all(&chunk)?;
        if length == 0 {
            return Ok(());
        }
    }
}

fn reply(
    out: &mut dyn Write,
    status: u16,
    headers: &[(&str, &str)],
    body: &[u8],
) -> io::Result<()> {
    let mut text = format!("HTTP/1.1 {status} x\r\n");
    let named = |name: &str| {
        headers
            .iter()
            .any(|(key, _)| key.eq_ignore_ascii_case(name))
    };
    if !named("content-type") {
        text.push_str("Content-Type: text/html; charset=utf-8\r\n");
    }
    for (name, value) in headers {
        write!(text, "{name}: {value}\r\n").expect("a string takes all");
    }
    let length = body.len();
    write!(text, "Content-Length: {length}\r\n\r\n").expect("a string takes all");
    let mut whole = text.into_bytes();
    whole.extend_from_slice(body);
    out.write_all(&whole)
}

fn go_import_page(tags: &Tags) -> String {
    let tags = match tags {
        Tags::One(tag) => std::slice::from_ref(tag),
        Tags::Many(tags) => tags,
    };
    let meta = |tag: &String| format!("<meta name=\"go-import\" content=\"{tag}\">");
    let head: String = tags.iter().map(meta).collect();
    format!("<!DOCTYPE html><html><head>{head}</head><body>x</body></html>")
}

/// Reads one request and the scheme it was made with; `None` when the client has closed.
fn read_request(stream: &mut dyn BufRead) -> io::Result<Option<(Request, String)>> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split_whitespace();
    let method = words.next().unwrap_or("").to_owned();
    let target = words.next().unwrap_or("").to_owned();
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        match line.trim_end().split_once(':') {
            Some((name, value)) => {
                headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
            }
            None => break,
        }
    }
    let body = read_body(stream, &headers)?;
    // A proxy is asked for `http://host/path`; behind CONNECT it is `/path` and a Host header.
    let (scheme, host, rest) = if let Some((scheme, rest)) = target.split_once("://") {
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        (scheme.to_owned(), host.to_owned(), path.to_owned())
    } else {
        let host = headers.get("host").cloned().unwrap_or_default();
        (String::new(), host, target)
    };
    let host = host.split(':').next().unwrap_or("");
    let (path, query) = rest.split_once('?').unwrap_or((&rest, ""));
    let request = Request {
        method,
        path: format!("{host}{}", path.trim_end_matches('/')),
        query: query.to_owned(),
        headers,
        body,
    };
    Ok(Some((request, scheme)))
}

fn read_body(stream: &mut dyn BufRead, headers: &HashMap<String, String>) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    let chunked = headers.get("transfer-encoding");
    if chunked.is_some_and(|value| value.eq_ignore_ascii_case("chunked")) {
        loop {
            let mut line = String::new();
            stream.read_line(&mut line)?;
            let size = line.trim_end().split(';').next().unwrap_or("");
            let size = u64::from_str_radix(size, 16).map_err(io::Error::other)?;
            stream.take(size).read_to_end(&mut body)?;
            stream.read_line(&mut line)?;
            if size == 0 {
                return Ok(body);
            }
        }
    }
    let length = headers
        .get("content-length")
        .and_then(|length| length.parse().ok());
    stream.take(length.unwrap_or(0)).read_to_end(&mut body)?;
    Ok(body)
}
