//! The one HTTP client: names, proxies, certificates, credentials, retries, limits, masking.
//!
//! All of glide-rs asks through a [`Client`]; nothing else names reqwest. It is told about the
//! world by [`NetSettings`] and about the user's git configuration by a [`UrlConfig`], and reads
//! no environment variable itself. It follows redirects on its own terms, never leaves
//! https for http, sends credentials and extra headers to the origin they are meant for and to
//! no other, and shows no URL but masked. What an answer means is its caller's business.

mod auth;
mod client;
mod config;
mod dns;
mod error;
mod gate;
mod mask;
mod netrc;
mod proxy;
mod redirect;
mod response;
mod retry;
mod route;
mod settings;
mod tls;

#[cfg(test)]
mod tests;

pub use auth::Credential;
pub use client::Client;
pub use config::{NoUrlConfig, UrlConfig, UrlOptions};
pub use dns::addresses;
pub use error::Error;
pub(crate) use error::ONLINE;
pub use mask::{DisplayUrl, mask, mask_text};
pub use proxy::wrong_with_proxy;
pub use response::{Body, Response};
pub use settings::{Clock, NetSettings, SystemClock};
pub use tls::{Roots, roots};
pub use url::Url;

/// The bytes that a text with `%XX` escapes stands for; broken escapes stand for themselves.
pub(crate) fn percent_decode(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escaped = match (first, after) {
            (b'%', [high, low, ..]) => hex(*high).zip(hex(*low)),
            _ => None,
        };
        if let Some((high, low)) = escaped {
            out.push(high << 4 | low);
            rest = &after[2..];
        } else {
            out.push(first);
            rest = after;
        }
    }
    out
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}
