//! Git's pkt-line framing: four hex digits of length, then the payload.
//!
//! Lengths come from a remote and are checked; nothing here knows what the lines mean.

use std::io::{self, Read};

/// The most that one line can carry, its length included (Git's `LARGE_PACKET_MAX`).
const MAX_LENGTH: usize = 65_520;

/// The most bytes of progress that may come beside a pack. Git's own stay below a megabyte, and
/// none were asked for.
const MAX_PROGRESS: usize = 16 << 20;

/// One line, or one of the markers between lines.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Packet {
    /// `0000`: the end of a message.
    Flush,
    /// `0001`: the border between two sections (protocol v2).
    Delimiter,
    /// `0002`: the end of a response (protocol v2, stateless).
    ResponseEnd,
    /// A line's payload, as sent.
    Data(Vec<u8>),
}

impl Packet {
    /// The payload as text without its final newline; `None` for markers.
    pub(super) fn line(&self) -> Option<std::borrow::Cow<'_, str>> {
        match self {
            Self::Data(bytes) => Some(String::from_utf8_lossy(
                bytes.strip_suffix(b"\n").unwrap_or(bytes),
            )),
            _ => None,
        }
    }
}

/// Reads one packet; `None` at a clean end of input.
pub(super) fn read(input: &mut dyn Read) -> io::Result<Option<Packet>> {
    let mut head = [0_u8; 4];
    if input.read(&mut head[..1])? == 0 {
        return Ok(None);
    }
    input.read_exact(&mut head[1..])?;
    let length = std::str::from_utf8(&head)
        .ok()
        .filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .and_then(|text| usize::from_str_radix(text, 16).ok())
        .ok_or_else(|| {
            invalid(format!(
                "{:?} is no pkt-line length",
                String::from_utf8_lossy(&head)
            ))
        })?;
    match length {
        0 => Ok(Some(Packet::Flush)),
        1 => Ok(Some(Packet::Delimiter)),
        2 => Ok(Some(Packet::ResponseEnd)),
        4..=MAX_LENGTH => {
            let mut payload = vec![0; length - 4];
            input.read_exact(&mut payload)?;
            Ok(Some(Packet::Data(payload)))
        }
        _ => Err(invalid(format!("a pkt-line of {length} bytes"))),
    }
}

/// Appends one line to a request.
pub(super) fn write(request: &mut Vec<u8>, payload: &str) {
    debug_assert!(
        payload.len() + 4 <= MAX_LENGTH,
        "requests are made of short lines"
    );
    request.extend_from_slice(format!("{:04x}{payload}", payload.len() + 4).as_bytes());
}

/// Appends a `0000`.
pub(super) fn flush(request: &mut Vec<u8>) {
    request.extend_from_slice(b"0000");
}

/// Appends a `0001`.
pub(super) fn delimiter(request: &mut Vec<u8>) {
    request.extend_from_slice(b"0001");
}

/// The pack inside a side-banded stream: band 1 is data, band 2 progress (dropped), band 3 a
/// fatal error in words.
pub(super) struct SideBand<'a> {
    input: &'a mut dyn Read,
    chunk: Vec<u8>,
    position: usize,
    ended: bool,
    /// How many bytes of the other bands may still come.
    progress: usize,
}

impl<'a> SideBand<'a> {
    /// Starts reading at the first side-banded packet.
    pub(super) fn new(input: &'a mut dyn Read) -> Self {
        Self {
            input,
            chunk: Vec::new(),
            position: 0,
            ended: false,
            progress: MAX_PROGRESS,
        }
    }

    fn after_progress(&self, bytes: usize) -> io::Result<usize> {
        let left = self.progress.checked_sub(bytes);
        left.ok_or_else(|| invalid("progress without end in place of a pack".to_owned()))
    }

    fn next_chunk(&mut self) -> io::Result<()> {
        loop {
            match read(self.input)? {
                Some(Packet::Data(payload)) => match payload.first() {
                    Some(1) => {
                        self.chunk = payload;
                        self.position = 1;
                        return Ok(());
                    }
                    Some(2) => self.progress = self.after_progress(payload.len())?,
                    Some(3) => {
                        let text = String::from_utf8_lossy(&payload[1..]).trim().to_owned();
                        return Err(io::Error::other(format!("the remote says: {text}")));
                    }
                    _ => return Err(invalid("a side band that does not exist".to_owned())),
                },
                Some(Packet::Flush | Packet::ResponseEnd) => {
                    self.ended = true;
                    return Ok(());
                }
                Some(Packet::Delimiter) => {
                    return Err(invalid("a delimiter inside a pack".to_owned()));
                }
                None => return Err(io::Error::from(io::ErrorKind::UnexpectedEof)),
            }
        }
    }
}

impl Read for SideBand<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while !self.ended && self.position == self.chunk.len() {
            self.next_chunk()?;
        }
        if self.ended {
            return Ok(0);
        }
        let rest = &self.chunk[self.position..];
        let count = rest.len().min(out.len());
        out[..count].copy_from_slice(&rest[..count]);
        self.position += count;
        Ok(count)
    }
}

fn invalid(message: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packets(mut input: &[u8]) -> io::Result<Vec<Packet>> {
        let mut all = Vec::new();
        while let Some(packet) = read(&mut input)? {
            all.push(packet);
        }
        Ok(all)
    }

    #[test]
    fn lines_and_markers_are_told_apart() {
        let read = packets(b"0006a\n000000010002").unwrap();
        assert_eq!(
            read,
            [
                Packet::Data(b"a\n".to_vec()),
                Packet::Flush,
                Packet::Delimiter,
                Packet::ResponseEnd
            ]
        );
        assert_eq!(read[0].line().as_deref(), Some("a"));
    }

    #[test]
    fn lengths_that_cannot_be_are_refused() {
        for input in [&b"0003"[..], b"+005a", b"zzzz", b"fff1", b"00", b"0009ab"] {
            assert!(packets(input).is_err(), "{input:?}");
        }
    }

    #[test]
    fn side_bands_give_the_pack_and_the_error() {
        let mut whole: &[u8] = b"0007\x01ab0008\x02hey0006\x01c0000";
        let mut pack = String::new();
        SideBand::new(&mut whole).read_to_string(&mut pack).unwrap();
        assert_eq!(pack, "abc");

        let mut cut: &[u8] = b"0007\x01ab";
        let error = SideBand::new(&mut cut)
            .read_to_end(&mut Vec::new())
            .unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);

        let line = [&b"0fff\x02"[..], &[b'.'; 0xffa]].concat();
        let endless = line.repeat(MAX_PROGRESS / 0xffb + 1);
        let error = SideBand::new(&mut &endless[..])
            .read_to_end(&mut Vec::new())
            .unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);

        let mut fatal: &[u8] = b"0009\x03gone";
        let error = SideBand::new(&mut fatal)
            .read_to_end(&mut Vec::new())
            .unwrap_err();
        assert_eq!(error.to_string(), "the remote says: gone");
    }
}
