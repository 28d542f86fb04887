//! Files asked for by their address, and kept until they change there.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::cache::{Cache, read_sealed, write_sealed};
use crate::http::{Client, mask};

/// A file and what its server said of it.
pub(super) struct Download {
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
    /// When they were fetched, in seconds since 1970.
    pub(super) fetched: i64,
    /// Why the server could not be asked again, if it could not.
    pub(super) obstacle: Option<String>,
    etag: String,
    last_modified: String,
    /// What the one who asked wanted to be remembered with it.
    pub(super) mark: String,
}

/// Gets files, those of earlier runs where they are as they were or nobody can be asked.
#[derive(Clone)]
pub(super) struct Downloads {
    /// Nobody where nobody is to be asked.
    client: Option<std::sync::Arc<Client>>,
    cache: Cache,
}

impl Downloads {
    pub(super) fn new(client: Option<std::sync::Arc<Client>>, cache: Cache) -> Self {
        Self { client, cache }
    }

    /// The file at `url`, of at most `limit` bytes; `None` where its server has none. What `accept`
    /// refuses, saying why, takes the place of nothing that was kept. A `mark` is remembered with the
    /// file.
    pub(super) fn get(
        &self,
        url: &str,
        limit: usize,
        mark: &str,
        accept: impl Fn(&[u8]) -> Result<(), String>,
    ) -> Result<Option<Download>, String> {
        let kept = self.kept(url).filter(|kept| kept.bytes.len() <= limit);
        match self.asked(url, limit, kept.as_ref()) {
            Ok(Answer::Same) => Ok(kept),
            Ok(Answer::Missing) => Ok(None),
            Ok(Answer::New(mut download)) => match accept(&download.bytes) {
                Ok(()) => {
                    mark.clone_into(&mut download.mark);
                    self.keep(url, &download);
                    Ok(Some(download))
                }
                Err(reason) => or_kept(kept, reason),
            },
            Err(reason) => or_kept(kept, reason),
        }
    }

    /// The file of an earlier run.
    pub(super) fn kept(&self, url: &str) -> Option<Download> {
        let sealed = read_sealed(&self.cache.download(url)).ok()??;
        let mut rest = sealed.as_slice();
        let mut line = || {
            let end = rest.iter().position(|byte| *byte == b'\n')?;
            let text = String::from_utf8(rest[..end].to_vec()).ok()?;
            rest = &rest[end + 1..];
            Some(text)
        };
        let (address, etag, last_modified) = (line()?, line()?, line()?);
        let (fetched, mark) = (line()?.parse().ok()?, line()?);
        (address == url).then(|| Download {
            bytes: rest.to_vec(),
            fetched,
            obstacle: None,
            etag,
            last_modified,
            mark,
        })
    }

    /// Best effort: what is not kept is asked for again.
    fn keep(&self, url: &str, download: &Download) {
        let head = [url, &download.etag, &download.last_modified];
        if head.iter().any(|line| line.contains('\n')) {
            return;
        }
        let mut text = format!(
            "{}\n{}\n{}\n",
            head.join("\n"),
            download.fetched,
            download.mark
        );
        text.retain(|letter| letter == '\n' || !letter.is_control());
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(&download.bytes);
        let prepared = self.cache.prepare();
        let _ = prepared.and_then(|()| write_sealed(&self.cache.download(url), &bytes));
    }

    fn asked(&self, url: &str, limit: usize, kept: Option<&Download>) -> Result<Answer, String> {
        let Some(client) = &self.client else {
            return Err("nobody is to be asked".to_owned());
        };
        let mut headers = Vec::new();
        if let Some(kept) = kept {
            if !kept.etag.is_empty() {
                headers.push(("if-none-match", kept.etag.as_str()));
            } else if !kept.last_modified.is_empty() {
                headers.push(("if-modified-since", kept.last_modified.as_str()));
            }
        }
        let response = client.page_with(url, &headers);
        let response = response.map_err(|error| error.to_string())?;
        match response.status() {
            304 if kept.is_some() => Ok(Answer::Same),
            404 | 410 => Ok(Answer::Missing),
            _ => {
                let response = response
                    .require_success()
                    .map_err(|error| error.to_string())?;
                let header = |name| response.header(name).unwrap_or_default().to_owned();
                let (etag, last_modified) = (header("etag"), header("last-modified"));
                let bytes = response
                    .read_to_end(limit)
                    .map_err(|error| error.to_string())?;
                Ok(Answer::New(Download {
                    bytes,
                    fetched: now(),
                    obstacle: None,
                    etag,
                    last_modified,
                    mark: String::new(),
                }))
            }
        }
    }
}

enum Answer {
    Same,
    Missing,
    New(Download),
}

fn or_kept(kept: Option<Download>, reason: String) -> Result<Option<Download>, String> {
    match kept {
        Some(mut kept) => {
            kept.obstacle = Some(reason);
            Ok(Some(kept))
        }
        None => Err(mask(&reason)),
    }
}

/// Seconds since 1970.
pub(in super::super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    })
}
