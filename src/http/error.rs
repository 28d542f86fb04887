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
    #[error("the proxy `{proxy}`, which {named_by} names for `{url}`, cannot be used: {reason}")]
    Proxy {
        /// The proxy.
        proxy: DisplayUrl,
        /// The variable, or git's key, that names it.
        named_by: &'static str,
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
        /// The variable, or git's key, that names the proxy, where there is one.
        by_proxy: Option<&'static str>,
        /// The host in backticks, or the proxy it was to be reached through.
        host: String,
        /// What was to be fetched.
        url: DisplayUrl,
        /// What failed.
        reason: String,
    },
    /// The server's certificate was not accepted.
    #[error(
        "the certificate of `{host}` is not trusted, so `{url}` was not fetched: {reason}; trusted are those \
         of {trusted}"
    )]
    Untrusted {
        /// Where the certificates come from that are trusted.
        trusted: String,
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
    #[error("`{url}` answered {} and asks to try again in {} only", status_in_words(*.status), duration_in_words(*.after))]
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
        /// Whether anything was.
        refused: bool,
    },
    /// An answer with a status that is no success; see [`Response::require_success`].
    ///
    /// [`Response::require_success`]: super::Response::require_success
    #[error("`{url}` answered {}", status_in_words(*.status))]
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
                 hosts in git's `http.<url>.sslCAInfo`; `glide-rs doctor` tells which certificates count"
            }
            Self::CertificateFile(_) | Self::Certificates { .. } => {
                "SSL_CERT_FILE, SSL_CERT_DIR, GIT_SSL_CAINFO and git's `http.sslCAInfo` have to lead to PEM \
                 files; where none is set the system's count"
            }
            Self::Unauthorized { refused: true, .. } => {
                "is the password or token still valid, and may its owner read the repository? It was taken from \
                 the address, from `~/.netrc`, or from a git credential helper, in this order"
            }
            Self::NoAuthorities => {
                "install your system's `ca-certificates`, copy them to \
                 `/etc/ssl/certs/ca-certificates.crt`, or name a PEM file in `SSL_CERT_FILE`"
            }
            Self::Unauthorized { .. } => {
                "most hosts answer so where there is no such repository as well: is the name spelled right? \
                 Else a line `machine HOST login USER password TOKEN` in `~/.netrc`, or a git credential \
                 helper, gives a user and password; mirrors.yaml or git's `url.<base>.insteadOf` can lead to an \
                 ssh address"
            }
            Self::Connect {
                by_proxy: Some(by),
                reason,
                ..
            } if reason.contains(PROXY_PASSWORD) => {
                return vec![format!(
                    "{by} can have a user and password: http://USER:PASSWORD@HOST:PORT"
                )];
            }
            Self::Connect {
                by_proxy: Some(by), ..
            } => {
                return vec![format!(
                    "{by} names the proxy: is that the right one, and is it up? `no_proxy` lists hosts that \
                     are reached directly. It may not reach the host either: is the host's name spelled right?"
                )];
            }
            Self::Connect { .. } => {
                "is the host's name spelled right, and is there a network? Behind a proxy, set `https_proxy` \
                 (and `no_proxy`) or git's `http.proxy`"
            }
            Self::Proxy { .. } => "it has to be as http://HOST:PORT or socks5h://HOST:PORT",
            Self::Busy { status: 429, .. } | Self::Status { status: 429, .. } => {
                "hosts allow more requests to those whom they know: a token in `~/.netrc` or a credential \
                 helper; and what is in Glide's cache is not asked for again, so keep that in CI"
            }
            Self::Busy { .. }
            | Self::Status {
                status: 500..=599, ..
            } => {
                "the fault is the server's: try again later; what has been fetched stays in the cache"
            }
            Self::Stalled { .. } | Self::Broken { .. } => {
                "try again: what has been fetched stays in the cache"
            }
            Self::Offline { .. } => ONLINE,
            Self::Redirect { .. } => "name the new address in `repo:` or in mirrors.yaml",
            _ => return Vec::new(),
        };
        vec![hint.to_owned()]
    }
}

/// What a proxy is told to have answered that wants a password.
pub(super) const PROXY_PASSWORD: &str = "the proxy wants a user and password";

/// A status with what it means, where people are likely to meet it.
fn status_in_words(status: u16) -> String {
    let words = match status {
        403 => "forbidden",
        404 => "not found",
        408 => "request timeout",
        429 => "too many requests",
        500 => "internal server error",
        502 => "bad gateway",
        503 => "service unavailable",
        504 => "gateway timeout",
        _ => return status.to_string(),
    };
    format!("{status} ({words})")
}

/// Some time in hours, minutes and seconds, those that count.
fn duration_in_words(time: Duration) -> String {
    let seconds = time.as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, 0) => format!("{minutes} min"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, 0, _) => format!("{hours} h"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_words() {
        for (seconds, words) in [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (61, "1 min 1 s"),
            (5400, "1 h 30 min"),
            (7201, "2 h"),
        ] {
            assert_eq!(duration_in_words(Duration::from_secs(seconds)), words);
        }
    }
}
