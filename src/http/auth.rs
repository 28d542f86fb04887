//! Users and passwords: where they come from and when they are sent.
//!
//! What stands in the URL itself is sent at once, to that URL's origin (scheme, host and port)
//! only. Everything else waits until a server has answered 401, so that public repositories are
//! never troubled with an old password: then `.netrc` is looked at and, for git, the credential
//! helpers are run, one at a time, never more than once for the same answer. What was found for an
//! origin is sent to it at once for the rest of the run, so the extra round trip is paid once a
//! host. No credential ever goes to an origin it was not found for.

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use reqwest::header::HeaderValue;
use url::Url;

use super::config::UrlConfig;
use super::error::Error;
use super::netrc::Netrc;
use super::percent_decode;
use super::settings::NetSettings;
use crate::fsx;

/// A user and a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// The user's name; some servers take a token here.
    pub username: String,
    /// The password, which may be empty.
    pub password: String,
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credential(***)")
    }
}

/// A credential together with where it came from, which decides what a refusal means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Offer {
    pub(super) credential: Credential,
    source: Source,
}

impl Offer {
    /// The value of the `Authorization` header that makes the offer.
    pub(super) fn header(&self) -> HeaderValue {
        let Credential { username, password } = &self.credential;
        let text = base64(format!("{username}:{password}").as_bytes());
        let mut value = HeaderValue::try_from(format!("Basic {text}"))
            .expect("base64 has only characters that a header takes");
        value.set_sensitive(true);
        value
    }
}

/// Base64 with padding.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk
            .iter()
            .fold(0_u32, |group, &byte| group << 8 | u32::from(byte))
            << (8 * (3 - chunk.len()));
        for position in 0..4 {
            let digit = (group >> (18 - 6 * position) & 63) as usize;
            out.push(if position <= chunk.len() {
                char::from(DIGITS[digit])
            } else {
                '='
            });
        }
    }
    out
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Url,
    Netrc,
    /// A helper, just now and for this very URL.
    Helper,
    /// Whatever an earlier request to this origin found.
    Remembered,
}

/// Finds credentials and remembers them for the run.
pub(super) struct Auth {
    netrc_paths: Vec<PathBuf>,
    netrc: OnceLock<Netrc>,
    known: Mutex<HashMap<Key, Credential>>,
    /// Held while helpers run, so that no two of them ask a person at once.
    asking: Mutex<()>,
}

/// An origin and the user that the URL names, if it names one.
type Key = (String, Option<String>);

impl Auth {
    /// Nothing is read until a server asks.
    pub(super) fn new(settings: &NetSettings) -> Self {
        let netrc_paths = match (&settings.netrc, &settings.home) {
            (Some(path), _) => vec![path.clone()],
            (None, Some(home)) => vec![home.join(".netrc"), home.join("_netrc")],
            (None, None) => Vec::new(),
        };
        Self {
            netrc_paths,
            netrc: OnceLock::new(),
            known: Mutex::default(),
            asking: Mutex::default(),
        }
    }

    /// What to send with the first try.
    pub(super) fn at_once(&self, url: &Url) -> Option<Offer> {
        if let Some(password) = url.password() {
            let credential = Credential {
                username: decoded(url.username())?,
                password: decoded(password)?,
            };
            return Some(Offer {
                credential,
                source: Source::Url,
            });
        }
        self.remembered(url)
    }

    /// What to send after `tried` was refused; `None` when there is nothing more to try.
    pub(super) fn after_refusal(
        &self,
        url: &Url,
        tried: &[Offer],
        helpers: Option<&dyn UrlConfig>,
    ) -> Result<Option<Offer>, Error> {
        let _one_at_a_time = lock(&self.asking);
        if let Some(last) = tried.last() {
            self.refused(url, last, helpers);
        }
        let fresh = |offer: &Offer| tried.iter().all(|old| old.credential != offer.credential);
        // Another thread may have found it while this one waited.
        if let Some(offer) = self.remembered(url).filter(fresh) {
            return Ok(Some(offer));
        }
        let found = match self.in_netrc(url)?.filter(fresh) {
            Some(offer) => Some(offer),
            None => helpers
                .and_then(|helpers| from_helpers(url, helpers))
                .filter(fresh),
        };
        if let Some(offer) = &found {
            lock(&self.known).insert(key(url), offer.credential.clone());
            return Ok(found);
        }
        // A lone user name may be a token, which GitHub and others take without a password.
        Ok(lone_user(url).filter(fresh))
    }

    /// The server took it: helpers may keep it.
    pub(super) fn accepted(&self, url: &Url, offer: &Offer, helpers: Option<&dyn UrlConfig>) {
        if offer.source == Source::Helper
            && let Some(helpers) = helpers
        {
            let _one_at_a_time = lock(&self.asking);
            helpers.approve(url, &offer.credential);
        }
    }

    fn refused(&self, url: &Url, offer: &Offer, helpers: Option<&dyn UrlConfig>) {
        let mut known = lock(&self.known);
        if known.get(&key(url)) == Some(&offer.credential) {
            known.remove(&key(url));
        }
        drop(known);
        // Only what a helper gave for this very URL is known to be wrong; what was remembered
        // may be right elsewhere on the host.
        if offer.source == Source::Helper
            && let Some(helpers) = helpers
        {
            helpers.reject(url, &offer.credential);
        }
    }

    fn remembered(&self, url: &Url) -> Option<Offer> {
        let credential = lock(&self.known).get(&key(url))?.clone();
        Some(Offer {
            credential,
            source: Source::Remembered,
        })
    }

    fn in_netrc(&self, url: &Url) -> Result<Option<Offer>, Error> {
        let netrc = if let Some(netrc) = self.netrc.get() {
            netrc
        } else {
            let read = self.read_netrc()?;
            self.netrc.get_or_init(|| read)
        };
        let user = user_of(url);
        let found = netrc.find(url.host_str().unwrap_or_default(), user.as_deref());
        Ok(found.map(|(username, password)| Offer {
            credential: Credential { username, password },
            source: Source::Netrc,
        }))
    }

    fn read_netrc(&self) -> Result<Netrc, Error> {
        for path in &self.netrc_paths {
            if let Some(bytes) = fsx::read_if_exists(path).map_err(Error::Netrc)? {
                return Ok(Netrc::parse(&String::from_utf8_lossy(&bytes)));
            }
        }
        Ok(Netrc::default())
    }
}

fn from_helpers(url: &Url, helpers: &dyn UrlConfig) -> Option<Offer> {
    helpers.fill(url).map(|credential| Offer {
        credential,
        source: Source::Helper,
    })
}

fn lone_user(url: &Url) -> Option<Offer> {
    let username = user_of(url)?;
    if url.password().is_some() {
        return None;
    }
    Some(Offer {
        credential: Credential {
            username,
            password: String::new(),
        },
        source: Source::Url,
    })
}

fn user_of(url: &Url) -> Option<String> {
    decoded(url.username()).filter(|user| !user.is_empty())
}

/// Percent escapes undone; `None` for what is no text or would smuggle in a control character.
fn decoded(text: &str) -> Option<String> {
    String::from_utf8(percent_decode(text))
        .ok()
        .filter(|text| !text.chars().any(char::is_control))
}

fn key(url: &Url) -> Key {
    (url.origin().ascii_serialization(), user_of(url))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_pads_as_its_standard_shows() {
        for (plain, encoded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("\u{ff}\u{fe}", "w7/Dvg=="),
        ] {
            assert_eq!(base64(plain.as_bytes()), encoded);
        }
    }
}
