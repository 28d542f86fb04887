//! Git over HTTP: each request stands alone, and the first one asks for the commit at once.

use std::io::{self, Read};

use super::{Connection, Trouble};
use crate::http::{Client, Response, Url};
use crate::vcs::git::protocol::{self, Advertisement, Greeting};

/// Some servers tell Git from a browser by its name.
const USER_AGENT: &str = concat!("git/2.40 (glide-rs ", env!("CARGO_PKG_VERSION"), ")");

/// How much of an answer that is not Git's is shown.
const SHOWN: usize = 200;

/// A repository's address and the client to reach it with.
pub(super) struct HttpConnection<'a> {
    client: &'a Client,
    base: String,
    /// Where the answer came from, if not from `base` as it was first.
    moved_to: Option<String>,
}

impl<'a> HttpConnection<'a> {
    /// A repository at `base`; nothing is sent yet.
    pub(super) fn new(client: &'a Client, base: String) -> Self {
        Self {
            client,
            base,
            moved_to: None,
        }
    }

    /// Notes where an answer to a question about `service` came from.
    fn note_place(&mut self, answered: &Url, service: &str) {
        let Some((place, _)) = answered.as_str().split_once(service) else {
            return;
        };
        let is_same = Url::parse(&self.base).is_ok_and(|base| base.as_str() == place);
        if !is_same && place != self.base {
            self.moved_to = Some(place.to_owned());
        }
    }

    fn post(&self, request: &[u8], version: &str) -> Result<Response, Trouble> {
        let url = format!("{}/git-upload-pack", self.base);
        let headers = [
            ("User-Agent", USER_AGENT),
            ("Content-Type", "application/x-git-upload-pack-request"),
            ("Accept", "application/x-git-upload-pack-result"),
            ("Git-Protocol", version),
        ];
        let response = self
            .client
            .post(&url, &headers, request)
            .map_err(Trouble::Http)?;
        expect(response, "application/x-git-upload-pack-result")
    }
}

/// A host that tells which version of a repository is its default in the greeting alone, and passes
/// all else on to the repository it is made from.
const GREETS: &str = "gopkg.in";

impl Connection for HttpConnection<'_> {
    fn request(&mut self, request: &[u8]) -> Result<Box<dyn Read + '_>, Trouble> {
        Ok(Box::new(self.post(request, "version=2")?.into_body()))
    }

    fn request_refs(&mut self, request: &[u8]) -> Result<Box<dyn Read + '_>, Trouble> {
        let response = self.post(request, "version=2")?;
        // Another host may send this on to a repository that it shows otherwise by itself.
        let asked = Url::parse(&self.base).ok();
        if asked.is_none_or(|asked| asked.host() != response.final_url().host()) {
            let moved = "the request was sent on to another address";
            return Err(Trouble::NotSpoken(moved.to_owned()));
        }
        self.note_place(response.final_url(), "/git-upload-pack");
        Ok(Box::new(response.into_body()))
    }

    fn moved_to(&self) -> Option<String> {
        self.moved_to.clone()
    }

    fn must_greet(&self) -> bool {
        let host = self.base.split_once("://").map_or("", |(_, rest)| rest);
        host.split('/').next() == Some(GREETS)
    }

    fn greet(&mut self) -> Result<Greeting, Trouble> {
        let url = format!("{}/info/refs?service=git-upload-pack", self.base);
        let headers = [("User-Agent", USER_AGENT), ("Git-Protocol", "version=2")];
        let response = self.client.get(&url, &headers).map_err(Trouble::Http)?;
        let response = expect(response, "application/x-git-upload-pack-advertisement")?;
        self.note_place(response.final_url(), "/info/refs");
        // Servers that moved a repository send this request to its new address; the others follow.
        if let Some((base, _)) = response.final_url().as_str().split_once("/info/refs") {
            base.clone_into(&mut self.base);
        }
        protocol::read_greeting(&mut response.into_body()).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData => Trouble::NotSpoken(error.to_string()),
            _ => Trouble::Io(error),
        })
    }

    fn request_v0(
        &mut self,
        request: &[u8],
        _server: &Advertisement,
    ) -> Result<Box<dyn Read + '_>, Trouble> {
        Ok(Box::new(self.post(request, "version=0")?.into_body()))
    }
}

/// The response, if it is what a Git server sends.
fn expect(response: Response, content_type: &str) -> Result<Response, Trouble> {
    let status = response.status();
    let answered = response
        .header("content-type")
        .unwrap_or_default()
        .to_owned();
    if (200..300).contains(&status) && answered.starts_with(content_type) {
        return Ok(response);
    }
    // A host's own words (`Repository not found.`) say more than the number.
    let words = match response.read_start(SHOWN) {
        Ok((bytes, _)) if answered.starts_with("text/plain") => {
            String::from_utf8_lossy(&bytes).trim().to_owned()
        }
        _ => String::new(),
    };
    let answer = match words.as_str() {
        "" => format!("HTTP status {status}"),
        words => format!("HTTP status {status}, {words:?}"),
    };
    Err(match status {
        401 | 403 | 407 => Trouble::Denied(answer),
        404 | 410 => Trouble::Missing(answer),
        200..300 => Trouble::NotSpoken(format!("content type {answered:?}")),
        _ => Trouble::NotSpoken(answer),
    })
}
