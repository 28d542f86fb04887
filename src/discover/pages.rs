//! Where go-get pages come from.

use crate::http;

/// How much of a page is looked at; heads are shorter.
const LIMIT: usize = 1 << 20;

/// Fetches web pages; the HTTP client is the real one, tests have a table.
pub trait Pages: Send + Sync {
    /// The page's bytes, whatever the status of the answer, or the first of them if it is long.
    fn page(&self, url: &str) -> Result<Vec<u8>, http::Error>;
}

impl Pages for http::Client {
    fn page(&self, url: &str) -> Result<Vec<u8>, http::Error> {
        let (bytes, _whole) = http::Client::page(self, url)?.read_start(LIMIT)?;
        Ok(bytes)
    }
}
