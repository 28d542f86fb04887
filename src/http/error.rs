//! What can go wrong with a request, with every URL masked.

use std::path::PathBuf;
use std::time::Duration;

use super::mask::DisplayUrl;
use crate::error::{Classify, Kind};
use crate::fsx;

/// A request that could not be made or was not answered as it should be.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address cannot be asked for over HTTP at all.
    #[error("`{url}` is not an address to ask over http: {reason}")]
    Address {
        /// The address as it was given.
        url: DisplayUrl,
        /// What is wrong with it.
        reason: String,
    },
    /// The proxy's address makes no sense.
    #[error("the proxy `{proxy}` for `{url}` cannot be used: {reason}")]
    Proxy {
        /// The proxy.
        proxy: DisplayUrl,
        /// What was to be fetched through it.
        url: DisplayUrl,
        /// What is wrong with it.
        reason: String,
    },
    /// A header that git's configuration asks for cannot be sent.
    #[error("git's `http.extraHeader` for `{url}` is not of the form `Name: value`")]
    Header {
        /// What the header was meant for. The header itself may be a secret and is not shown.
        url: DisplayUrl,
    },
    /// A file of certificates cannot be read.
    #[error("the certificates cannot be read")]
    CertificateFile(#[source] fsx::Error),
    /// A file of certificates holds none.
    #[error("`{}` holds no usable certificate: {reason}", path.display())]
    Certificates {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The `.netrc` file is there and cannot be read.
    #[error("the passwords cannot be read")]
    Netrc(#[source] fsx::Error),
    /// The machine has no certificates, and none are named.
    #[error("no certificate authority is known, so no server can be trusted over https")]
    NoAuthorities,
    /// The client itself cannot be set up.
    #[error("the HTTP client cannot be set up: {reason}")]
    Setup {
        /// What failed.
        reason: String,
    },
    /// Nobody is to be asked.
    #[error("`{url}` is not asked for, since this run is offline")]
    Offline {
        /// What would have been fetched.
        url: String,
    },
    /// No connection came about.
    #[error("cannot connect to {host} for `{url}`: {reason}")]
    Connect {
        /// The host in backticks, or the proxy it was to be reached through.
        host: String,
        /// What was to be fetched.
        url: DisplayUrl,
        /// What failed.
        reason: String,
    },
    /// The server's certificate was not accepted.
    #[error("the certificate of `{host}` is not trusted, so `{url}` was not fetched: {reason}")]
    Untrusted {
        /// The server.
        host: String,
        /// What was to be fetched.
        url: DisplayUrl,
        /// What is wrong with the certificate.
        reason: String,
    },
    /// Nothing arrived for too long.
    #[error("`{url}` stalled: nothing arrived for {} s", .after.as_secs_f32())]
    Stalled {
        /// What was to be fetched.
        url: DisplayUrl,
        /// How long nothing arrived.
        after: Duration,
    },
    /// The exchange broke off.
    #[error("the request for `{url}` failed: {reason}")]
    Broken {
        /// What was to be fetched.
        url: DisplayUrl,
        /// What failed.
        reason: String,
    },
    /// The server wants to be left alone for longer than we care to wait.
    #[error("`{url}` answered {status} and asks to try again in {} s only", .after.as_secs())]
    Busy {
        /// What was to be fetched.
        url: DisplayUrl,
        /// The status it answered with.
        status: u16,
        /// How long the server wants us to wait.
        after: Duration,
    },
    /// The server refused us for want of credentials, or in spite of them.
    #[error("`{url}` wants authentication ({tried})")]
    Unauthorized {
        /// What was to be fetched.
        url: DisplayUrl,
        /// What was tried.
        tried: String,
    },
    /// An answer with a status that is no success; see [`Response::require_success`].
    ///
    /// [`Response::require_success`]: super::Response::require_success
    #[error("`{url}` answered {status}")]
    Status {
        /// What was to be fetched.
        url: DisplayUrl,
        /// The status it answered with.
        status: u16,
    },
    /// A redirect that must not be followed.
    #[error("`{from}` redirects to `{to}`, which is not followed: {reason}")]
    Redirect {
        /// What was asked for.
        from: DisplayUrl,
        /// Where it leads.
        to: DisplayUrl,
        /// Why not.
        reason: &'static str,
    },
    /// Redirects without end.
    #[error("`{url}` redirects more than {limit} times")]
    TooManyRedirects {
        /// What was asked for first.
        url: DisplayUrl,
        /// How many are followed.
        limit: usize,
    },
    /// An answer larger than its purpose allows.
    #[error("the answer of `{url}` is longer than {limit} bytes")]
    TooLong {
        /// What was asked for.
        url: DisplayUrl,
        /// How many bytes are read.
        limit: usize,
    },
    /// An answer in an encoding that was not asked for.
    #[error("`{url}` answered in the encoding {encoding:?}, which was not asked for")]
    Encoding {
        /// What was asked for.
        url: DisplayUrl,
        /// The encoding.
        encoding: String,
    },
}

/// What to do where a run without a network lacks something.
pub(crate) const ONLINE: &str = "run it once with a network, without `--offline` or `--frozen`: what is fetched then stays in the cache";

impl Classify for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Address { .. }
            | Self::Proxy { .. }
            | Self::Header { .. }
            | Self::CertificateFile(_)
            | Self::Certificates { .. }
            | Self::NoAuthorities
            | Self::Netrc(_)
            | Self::Unauthorized { .. } => Kind::User,
            Self::Setup { .. } => Kind::Internal,
            _ => Kind::Network,
        }
    }

    fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::Untrusted { .. } => {
                "a certificate authority of your own can be named in `SSL_CERT_FILE`, or for git \
                 hosts in git's `http.<url>.sslCAInfo`"
            }
            Self::NoAuthorities => {
                "install your system's `ca-certificates`, copy them to \
                 `/etc/ssl/certs/ca-certificates.crt`, or name a PEM file in `SSL_CERT_FILE`"
            }
            Self::Unauthorized { .. } => {
                "a user and password can come from `~/.netrc` or from a git credential helper; \
                 mirrors.yaml or git's `url.<base>.insteadOf` can point to an ssh address"
            }
            Self::Connect { .. } => {
                "behind a proxy, set `https_proxy` (and `no_proxy`) or git's `http.proxy`"
            }
            Self::Offline { .. } => ONLINE,
            Self::Redirect { .. } => "name the new address in `repo:` or in mirrors.yaml",
            _ => return Vec::new(),
        };
        vec![hint.to_owned()]
    }
}
