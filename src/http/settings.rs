//! What the client is told about the world: proxies, certificates, limits, time.
//!
//! Plain values. `settings` fills them from the environment; nothing here reads it.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

/// How to reach the network. `Default` is a direct connection with the system's certificates.
///
/// Where a variable has a lower- and an upper-case name, the lower-case one counts first, as
/// with curl; `HTTP_PROXY` in upper case is not to be taken over where `REQUEST_METHOD` is set,
/// since a CGI script's caller can set it.
#[derive(Clone, Debug)]
pub struct NetSettings {
    /// `https_proxy`: the proxy for https addresses.
    pub https_proxy: Option<String>,
    /// `http_proxy`: the proxy for http addresses.
    pub http_proxy: Option<String>,
    /// `all_proxy`: the proxy where the scheme has none of its own.
    pub all_proxy: Option<String>,
    /// `no_proxy`: hosts that are reached directly.
    pub no_proxy: Option<String>,
    /// `SSL_CERT_FILE`: a PEM file of roots that stands in for the system's.
    pub ssl_cert_file: Option<PathBuf>,
    /// `SSL_CERT_DIR`: folders of PEM files (`:` between them) that stand in for the system's.
    pub ssl_cert_dir: Option<String>,
    /// `GIT_SSL_CAINFO`: a PEM file of further roots; goes before git's `http.sslCAInfo`.
    pub git_ssl_cainfo: Option<PathBuf>,
    /// `GIT_SSL_CAPATH`: a folder of further roots; goes before git's `http.sslCAPath`.
    pub git_ssl_capath: Option<PathBuf>,
    /// `GIT_SSL_NO_VERIFY` is set: certificates are not checked.
    pub git_ssl_no_verify: bool,
    /// `NETRC`: the file to use in place of `~/.netrc`.
    pub netrc: Option<PathBuf>,
    /// The user's home folder, where `.netrc` (or `_netrc`) stands.
    pub home: Option<PathBuf>,
    /// Whether nobody is to be asked anything.
    pub offline: bool,
    /// How many requests to one host may be under way at once.
    pub connections_per_host: usize,
    /// How long connecting, TLS included, may take.
    pub connect_timeout: Duration,
    /// How long nothing at all may arrive, be it the answer's start or the next bytes of it.
    pub stall_timeout: Duration,
    /// The pauses before the second, third, … try of a request that failed in passing. They are
    /// stretched or shortened at random by up to a quarter.
    pub retry_delays: Vec<Duration>,
    /// The longest pause that a server may ask for in `Retry-After`.
    pub retry_after_limit: Duration,
    /// What to call ourselves. Some Git servers answer nobody who does not start with `git/`.
    pub user_agent: String,
}

impl Default for NetSettings {
    fn default() -> Self {
        Self {
            offline: false,
            https_proxy: None,
            http_proxy: None,
            all_proxy: None,
            no_proxy: None,
            ssl_cert_file: None,
            ssl_cert_dir: None,
            git_ssl_cainfo: None,
            git_ssl_capath: None,
            git_ssl_no_verify: false,
            netrc: None,
            home: None,
            connections_per_host: 8,
            connect_timeout: Duration::from_secs(30),
            stall_timeout: Duration::from_secs(60),
            retry_delays: vec![Duration::from_millis(300), Duration::from_secs(1)],
            retry_after_limit: Duration::from_secs(60),
            user_agent: concat!("git/2.0 (glide-rs ", env!("CARGO_PKG_VERSION"), ")").to_owned(),
        }
    }
}

/// Time, as far as retries need it; tests have one that does not wait.
pub trait Clock: Send + Sync {
    /// The time of day, to compare `Retry-After` dates with.
    fn now(&self) -> SystemTime;

    /// Waits.
    fn sleep(&self, pause: Duration);
}

/// The machine's own clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, pause: Duration) {
        std::thread::sleep(pause);
    }
}
