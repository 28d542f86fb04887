//! A connection whose answers are counted as they come, for those who watch.

use std::io::{self, Read};

use super::{Connection, Trouble};
use crate::report::{Download, Hold};
use crate::vcs::git::protocol::{Advertisement, Greeting};

/// A connection that somebody watches.
pub(super) struct Watched<'a> {
    inner: Box<dyn Connection + 'a>,
    download: Box<dyn Download>,
    /// While the other side has not greeted: until then `ssh` may ask for a password.
    hold: Option<Box<dyn Hold>>,
}

impl<'a> Watched<'a> {
    pub(super) fn new(
        inner: Box<dyn Connection + 'a>,
        download: Box<dyn Download>,
        hold: Option<Box<dyn Hold>>,
    ) -> Self {
        Self {
            inner,
            download,
            hold,
        }
    }
}

impl Connection for Watched<'_> {
    fn request(&mut self, request: &[u8]) -> Result<Box<dyn Read + '_>, Trouble> {
        let answer = self.inner.request(request);
        self.hold = None;
        counted(answer, &*self.download)
    }

    fn request_refs(&mut self, request: &[u8]) -> Result<Box<dyn Read + '_>, Trouble> {
        let answer = self.inner.request_refs(request);
        self.hold = None;
        counted(answer, &*self.download)
    }

    fn must_greet(&self) -> bool {
        self.inner.must_greet()
    }

    fn moved_to(&self) -> Option<String> {
        self.inner.moved_to()
    }

    fn greet(&mut self) -> Result<Greeting, Trouble> {
        let greeting = self.inner.greet();
        self.hold = None;
        greeting
    }

    fn request_v0(
        &mut self,
        request: &[u8],
        server: &Advertisement,
    ) -> Result<Box<dyn Read + '_>, Trouble> {
        counted(self.inner.request_v0(request, server), &*self.download)
    }
}

fn counted<'a>(
    answer: Result<Box<dyn Read + 'a>, Trouble>,
    download: &'a dyn Download,
) -> Result<Box<dyn Read + 'a>, Trouble> {
    let input = answer?;
    Ok(Box::new(Counted { input, download }))
}

/// Counts what is read.
struct Counted<'a> {
    input: Box<dyn Read + 'a>,
    download: &'a dyn Download,
}

impl Read for Counted<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(out)?;
        self.download.received(count as u64);
        Ok(count)
    }
}
