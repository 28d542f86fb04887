//! An answer whose body is read as it arrives.

use std::fmt;
use std::io::{self, Read};
use std::time::Duration;

use reqwest::header::HeaderMap;
use url::Url;

use super::error::Error;
use super::gate::Pass;
use super::mask::{DisplayUrl, mask_text};
use super::route::{in_words, root_cause};

/// An answer: its status and headers, and the body still to be read.
pub struct Response {
    status: u16,
    url: Url,
    headers: HeaderMap,
    body: Body,
}

impl Response {
    pub(super) fn new(
        inner: reqwest::blocking::Response,
        url: Url,
        pass: Pass,
        stall: Duration,
    ) -> Self {
        Self {
            status: inner.status().as_u16(),
            headers: inner.headers().clone(),
            body: Body {
                inner: Some((inner, pass)),
                url: DisplayUrl::from(&url),
                stall,
            },
            url,
        }
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The address that answered, after redirects. It holds the user and password of the
    /// address that was asked for while the origin is the same, so that further requests can be
    /// derived from it; show it through [`DisplayUrl`] only.
    pub fn final_url(&self) -> &Url {
        &self.url
    }

    /// A header's value, if there is one and it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// All values of a header.
    pub(super) fn header_values(&self, name: &str) -> impl Iterator<Item = &str> {
        self.headers
            .get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok())
    }

    /// The answer itself if its status is 2xx, else an error.
    pub fn require_success(self) -> Result<Self, Error> {
        if (200..300).contains(&self.status) {
            return Ok(self);
        }
        Err(Error::Status {
            url: DisplayUrl::from(&self.url),
            status: self.status,
        })
    }

    /// The body, to be read as it arrives. The place at the host stays taken until the body has
    /// been read to its end or dropped: a thread that holds one must not ask the same host again
    /// before it is done with it.
    pub fn into_body(self) -> Body {
        self.body
    }

    /// Reads what is left of a short body that nobody wants, so that the connection can serve the
    /// next request; a long one is cheaper to cut off.
    pub(super) fn discard(self) {
        const SHORT: usize = 1 << 16;
        // Whether it ends well does not matter: the connection is closed if not.
        let _ = self.read_start(SHORT);
    }

    /// Reads the whole body, which may have `limit` bytes.
    pub fn read_to_end(self, limit: usize) -> Result<Vec<u8>, Error> {
        let url = DisplayUrl::from(&self.url);
        let (bytes, whole) = self.read_start(limit)?;
        if whole {
            return Ok(bytes);
        }
        Err(Error::TooLong { url, limit })
    }

    /// Reads the first `limit` bytes of the body, and says whether that was all.
    pub fn read_start(self, limit: usize) -> Result<(Vec<u8>, bool), Error> {
        let url = DisplayUrl::from(&self.url);
        let mut bytes = Vec::new();
        let one_more = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        self.body
            .take(one_more)
            .read_to_end(&mut bytes)
            .map_err(|error| Error::Broken {
                url,
                reason: error.to_string(),
            })?;
        let whole = bytes.len() <= limit;
        bytes.truncate(limit);
        Ok((bytes, whole))
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Response({} {})",
            self.status,
            DisplayUrl::from(&self.url)
        )
    }
}

/// The body of an answer. A read that gets nothing for the configured time fails with
/// [`io::ErrorKind::TimedOut`].
pub struct Body {
    /// Gone once the body has ended, so that the connection and the place at the host are free.
    inner: Option<(reqwest::blocking::Response, Pass)>,
    url: DisplayUrl,
    stall: Duration,
}

impl Read for Body {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some((inner, _)) = &mut self.inner else {
            return Ok(0);
        };
        match inner.read(buffer) {
            Ok(0) if !buffer.is_empty() => {
                self.inner = None;
                Ok(0)
            }
            Ok(length) => Ok(length),
            Err(error) => {
                self.inner = None;
                Err(self.explained(&error))
            }
        }
    }
}

impl Body {
    fn explained(&self, error: &io::Error) -> io::Error {
        let timed_out = error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<reqwest::Error>())
            .is_some_and(reqwest::Error::is_timeout);
        if timed_out || error.kind() == io::ErrorKind::TimedOut {
            let stalled = Error::Stalled {
                url: self.url.clone(),
                after: self.stall,
            };
            return io::Error::new(io::ErrorKind::TimedOut, stalled);
        }
        let broken = Error::Broken {
            url: self.url.clone(),
            reason: in_words(mask_text(&root_cause(error))),
        };
        io::Error::new(error.kind(), broken)
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({})", self.url)
    }
}
