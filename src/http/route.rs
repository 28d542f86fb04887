//! Connections: how one is made, and what it means when that or the exchange over it fails.

use std::error::Error as StdError;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::config::UrlOptions;
use super::dns;
use super::error::{Error, PROXY_PASSWORD};
use super::mask::{DisplayUrl, mask_text};
use super::proxy::{self, Chosen};
use super::retry::Patience;
use super::settings::NetSettings;
use super::tls::{self, Trust};

/// How the verifier of certificates says that the system has none; it has no type for that. A static
/// program in an empty root shows that the words still hold (`tests/it/static_root.rs`).
const NO_AUTHORITIES: &str = "No CA certificates were loaded";

/// How a connection is made; requests share connections only when it is the same for both.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Route {
    proxy: Option<Chosen>,
    /// `None` where no certificate will be looked at, so that none need be loaded.
    trust: Option<Trust>,
    http1_only: bool,
    /// Where the certificates come from that are trusted.
    trusted: String,
}

impl Route {
    /// The route that environment and git's options ask for.
    pub(super) fn choose(
        settings: &NetSettings,
        options: &UrlOptions,
        url: &Url,
    ) -> Result<Self, Error> {
        let proxy = proxy::choose(settings, options.proxy.as_deref(), url)?;
        let secure = |address: &str| address.starts_with("https:");
        let needs_trust =
            url.scheme() == "https" || proxy.as_ref().is_some_and(|proxy| secure(&proxy.address));
        let trust = Trust {
            verify: options.verify.unwrap_or(true) && !settings.git_ssl_no_verify,
            file: settings
                .git_ssl_cainfo
                .clone()
                .or_else(|| options.ca_file.clone()),
            folder: settings
                .git_ssl_capath
                .clone()
                .or_else(|| options.ca_folder.clone()),
        };
        let further = [&trust.file, &trust.folder].map(Option::as_deref);
        Ok(Self {
            proxy,
            trusted: tls::sources(settings, further).join(", "),
            trust: needs_trust.then_some(trust),
            http1_only: options.http1_only,
        })
    }

    /// Opens an empty pool of connections of this kind.
    pub(super) fn open(&self, settings: &NetSettings) -> Result<reqwest::blocking::Client, Error> {
        let failed = |error: &reqwest::Error| match chain(error) {
            whole if whole.contains(NO_AUTHORITIES) => Error::NoAuthorities,
            whole => Error::Setup {
                reason: mask_text(&whole),
            },
        };
        let mut builder = reqwest::blocking::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            // The environment's proxies have been considered already.
            .no_proxy()
            .user_agent(&settings.user_agent)
            .connect_timeout(settings.connect_timeout)
            // The blocking client applies this to the wait for the answer's head and then to each
            // read of its body: a limit for standing still, not for the whole.
            .timeout(settings.stall_timeout);
        builder = match &self.trust {
            Some(trust) => tls::configure(builder, settings, trust)?,
            None => tls::without_roots(builder),
        };
        if dns::BY_OURSELVES {
            builder = builder.dns_resolver(Arc::new(dns::Addresses));
        }
        if self.http1_only {
            builder = builder.http1_only();
        }
        if let Some(proxy) = &self.proxy {
            let proxy =
                reqwest::Proxy::all(proxy.address.as_str()).map_err(|error| failed(&error))?;
            builder = builder.proxy(proxy);
        }
        builder.build().map_err(|error| failed(&error))
    }
}

/// A request that failed, and whether another try may do better.
pub(super) struct Failure {
    pub(super) error: Error,
    pub(super) patience: Patience,
}

impl Failure {
    /// A failure that will stay.
    pub(super) fn lasting(error: Error) -> Self {
        Self {
            error,
            patience: Patience::None,
        }
    }

    /// Sorts out what a failed exchange means.
    pub(super) fn explain(
        error: reqwest::Error,
        url: &Url,
        route: &Route,
        stall: Duration,
    ) -> Self {
        let error = error.without_url();
        let shown = DisplayUrl::from(url);
        let whole = chain(&error);
        let reason = mask_text(&root_cause(&error));
        if let Some(fault) = certificate_fault(&error) {
            return Self::lasting(Error::Untrusted {
                host: host_of(url),
                url: shown,
                trusted: route.trusted.clone(),
                reason: fault,
            });
        }
        if error.is_connect() {
            let refused = whole.contains("tunnel error: unsuccessful");
            let patience = if whole.contains("proxy authorization required") {
                Patience::None
            } else if refused || error.is_dns() || error.is_timeout() {
                Patience::Once
            } else {
                Patience::Full
            };
            return Self {
                error: Error::Connect {
                    by_proxy: route.proxy.as_ref().map(|proxy| proxy.named_by),
                    host: match &route.proxy {
                        Some(proxy) => format!("the proxy `{}`", DisplayUrl::new(&proxy.address)),
                        None => format!("`{}`", host_of(url)),
                    },
                    url: shown,
                    reason: connect_reason(&error, refused, reason),
                },
                patience,
            };
        }
        if error.is_timeout() {
            return Self::lasting(Error::Stalled {
                url: shown,
                after: stall,
            });
        }
        Self {
            patience: if error.is_builder() {
                Patience::None
            } else {
                Patience::Full
            },
            error: Error::Broken {
                url: shown,
                reason: in_words(reason),
            },
        }
    }
}

/// What an exchange failed of, in place of a link to the manual of rustls where that is all it says.
pub(super) fn in_words(reason: String) -> String {
    if reason.contains("close_notify") {
        "the connection broke off before all had come".to_owned()
    } else {
        reason
    }
}

fn host_of(url: &Url) -> String {
    match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (host, _) => host.unwrap_or_default().to_owned(),
    }
}

fn connect_reason(error: &reqwest::Error, refused: bool, reason: String) -> String {
    if refused {
        "the proxy refuses to connect to the host".to_owned()
    } else if reason.contains("proxy authorization required") {
        PROXY_PASSWORD.to_owned()
    } else if error.is_timeout() {
        "it took too long".to_owned()
    } else {
        in_words(reason)
    }
}

/// What is wrong with the server's certificate, if that is the cause of the failure.
fn certificate_fault(error: &(dyn StdError + 'static)) -> Option<String> {
    let mut next = Some(error);
    while let Some(error) = next {
        // An `io::Error` names as its source what its content names, not the content itself.
        let inner = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
            .and_then(|inner| inner.downcast_ref::<rustls::Error>());
        let found = inner.or_else(|| error.downcast_ref::<rustls::Error>());
        if let Some(rustls::Error::InvalidCertificate(fault)) = found {
            return Some(match fault {
                rustls::CertificateError::UnknownIssuer => {
                    "its issuer is not among those that are trusted (UnknownIssuer)".to_owned()
                }
                other => other.to_string(),
            });
        }
        next = error.source();
    }
    None
}

/// What an exchange failed of in the end. What stands around it ("error sending request", "client
/// error") only tells through which layers of the HTTP library it came.
pub(super) fn root_cause(error: &dyn StdError) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

/// An error with all its causes in one line, each named once.
fn chain(error: &dyn StdError) -> String {
    let mut line = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        let text = error.to_string();
        if !line.contains(&text) {
            line.push_str(": ");
            line.push_str(&text);
        }
        next = error.source();
    }
    line
}
