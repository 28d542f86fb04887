//! The conversions themselves: line ends and `$Id$`. Pure.
//!
//! Git has two implementations of `$Id$`, one for files that it reads whole and one for a stream
//! of bytes, which disagree in odd places (`$$Id$`). Which one a file meets follows from its other
//! attributes, so both are here.

use super::encoding::Encoding;
use crate::vcs::ObjectId;

/// What happens to the bytes of one file on checkout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Conversion {
    pub(super) line_ends: LineEnds,
    pub(super) ident: bool,
    pub(super) encoding: Encoding,
}

/// What happens to the ends of lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum LineEnds {
    /// Nothing: no text, or nobody said that it is one.
    #[default]
    Keep,
    /// Nothing either: it is a text, and its lines end in LF here.
    Lf,
    /// Nothing either, but git reads the file whole to see whether it is a text.
    GuessKeep,
    /// Every LF becomes CR LF.
    Crlf,
    /// Every LF becomes CR LF if the file looks like a text without any CR.
    GuessCrlf,
}

impl Conversion {
    /// Whether every file stays as it is, so that it need not be read into memory.
    pub fn is_identity(self) -> bool {
        !self.ident
            && matches!(
                self.line_ends,
                LineEnds::Keep | LineEnds::Lf | LineEnds::GuessKeep
            )
            && matches!(self.encoding, Encoding::Same | Encoding::Unknown)
    }

    /// The bytes that a checkout writes for the blob `id`, which holds `bytes`.
    pub fn apply(self, id: ObjectId, mut bytes: Vec<u8>) -> Vec<u8> {
        if self.ident {
            bytes = if self.is_read_whole() {
                expand_ident_whole(id, bytes)
            } else {
                IdentStream::new(id).expand(&bytes)
            };
        }
        let adds_cr = match self.line_ends {
            LineEnds::Keep | LineEnds::Lf | LineEnds::GuessKeep => false,
            LineEnds::Crlf => true,
            LineEnds::GuessCrlf => is_text_with_lf_only(&bytes),
        };
        if adds_cr {
            bytes = lf_to_crlf(&bytes);
        }
        self.encoding.encode(bytes)
    }

    fn is_read_whole(self) -> bool {
        matches!(self.line_ends, LineEnds::GuessKeep | LineEnds::GuessCrlf)
            || self.encoding != Encoding::Same
    }
}

/// Puts a CR before every LF that has none.
fn lf_to_crlf(bytes: &[u8]) -> Vec<u8> {
    let mut converted = Vec::with_capacity(bytes.len() + bytes.len() / 16);
    let mut previous = 0;
    for &byte in bytes {
        if byte == b'\n' && previous != b'\r' {
            converted.push(b'\r');
        }
        converted.push(byte);
        previous = byte;
    }
    converted
}

/// Git's guess: no NUL, no CR at all, and at most one unprintable byte in 128.
fn is_text_with_lf_only(bytes: &[u8]) -> bool {
    let (mut printable, mut unprintable) = (0_usize, 0_usize);
    for byte in bytes {
        match byte {
            0 | b'\r' => return false,
            b'\n' => {}
            // Backspace, tabulator, form feed and escape do turn up in texts.
            0x08 | b'\t' | 0x0c | 0x1b => printable += 1,
            0x01..=0x1f | 0x7f => unprintable += 1,
            _ => printable += 1,
        }
    }
    // The end-of-file sign of DOS may close a text.
    if bytes.last() == Some(&0x1a) {
        unprintable -= 1;
    }
    printable >> 7 >= unprintable
}

/// `$Id$` and `$Id: anything$` become `$Id: <id> $`, save what another version control system
/// seems to have filled in: something with a space before its end.
fn expand_ident_whole(id: ObjectId, bytes: Vec<u8>) -> Vec<u8> {
    if !has_ident(&bytes) {
        return bytes;
    }
    let mut expanded = Vec::with_capacity(bytes.len() + 64);
    let mut rest = bytes.as_slice();
    while let Some(dollar) = find(rest, b'$') {
        expanded.extend_from_slice(&rest[..=dollar]);
        rest = &rest[dollar + 1..];
        let end = match rest {
            [b'I', b'd', b'$', ..] => 3,
            [b'I', b'd', b':', value @ ..] => match find(value, b'$') {
                None => break,
                Some(end) if is_foreign(&value[..end]) => continue,
                Some(end) => 3 + end + 1,
            },
            _ => continue,
        };
        expanded.extend_from_slice(format!("Id: {id} $").as_bytes());
        rest = &rest[end..];
    }
    expanded.extend_from_slice(rest);
    expanded
}

/// Whether what stands between `$Id:` and `$` must stay.
fn is_foreign(value: &[u8]) -> bool {
    if value.contains(&b'\n') {
        return true;
    }
    // The first byte is the blank after the colon.
    match value.get(1..).and_then(|value| find(value, b' ')) {
        Some(space) => 1 + space + 1 < value.len(),
        None => false,
    }
}

/// Whether git's first look at the file finds something to expand. It reads by other rules than
/// the expansion: what lies between `$Id:` and the next `$` is passed over.
fn has_ident(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(dollar) = find(rest, b'$') {
        rest = &rest[dollar + 1..];
        match rest {
            [b'I', b'd', b'$', ..] => return true,
            [b'I', b'd', b':', value @ ..] => {
                match value.iter().position(|byte| matches!(byte, b'$' | b'\n')) {
                    Some(end) if value[end] == b'$' => return true,
                    Some(end) => rest = &value[end + 1..],
                    None => return false,
                }
            }
            [b'I', b'd', _, after @ ..] => rest = after,
            _ => {}
        }
    }
    false
}

fn find(bytes: &[u8], wanted: u8) -> Option<usize> {
    bytes.iter().position(|byte| *byte == wanted)
}

/// Git's expansion of `$Id$` for a stream of bytes.
struct IdentStream {
    replacement: String,
    output: Vec<u8>,
    /// What is held back, and will be written unless an expansion replaces it.
    held: Vec<u8>,
    state: IdentState,
}

enum IdentState {
    /// So many bytes of `$Id` were seen, and are not yet held.
    Head(usize),
    /// After `$Id:`, until a `$` or the line's end.
    Value,
}

impl IdentStream {
    /// What opens an expansion, and the NUL that ends it as a C string: git's comparison runs into
    /// that NUL, so that `$Id\0` counts as one more byte of the head.
    const HEAD: &[u8] = b"$Id\0";

    fn new(id: ObjectId) -> Self {
        Self {
            replacement: format!(": {id} $"),
            output: Vec::new(),
            held: Vec::new(),
            state: IdentState::Head(0),
        }
    }

    fn expand(mut self, bytes: &[u8]) -> Vec<u8> {
        self.output.reserve(bytes.len() + 64);
        for byte in bytes {
            match self.state {
                IdentState::Value => self.in_value(*byte),
                IdentState::Head(seen) => self.in_head(seen, *byte),
            }
        }
        if let IdentState::Head(seen) = self.state {
            self.held.extend_from_slice(&Self::HEAD[..seen]);
        }
        self.release();
        self.output
    }

    fn in_head(&mut self, seen: usize, byte: u8) {
        if Self::HEAD.get(seen) == Some(&byte) {
            self.state = IdentState::Head(seen + 1);
            return;
        }
        self.held.extend_from_slice(&Self::HEAD[..seen]);
        self.state = IdentState::Head(0);
        match (seen, byte) {
            (3, b':') => {
                self.held.push(byte);
                self.state = IdentState::Value;
            }
            (3, b'$') => {
                self.held.extend_from_slice(self.replacement.as_bytes());
                self.release();
            }
            // What is held here stays held: a later expansion can swallow it. That is git's doing.
            (3, _) => self.held.push(byte),
            _ => {
                self.held.push(byte);
                self.release();
            }
        }
    }

    fn in_value(&mut self, byte: u8) {
        self.held.push(byte);
        if byte != b'\n' && byte != b'$' {
            return;
        }
        if byte == b'$' && !self.holds_foreign_ident() {
            self.held.truncate(3);
            self.held.extend_from_slice(self.replacement.as_bytes());
        }
        self.release();
        self.state = IdentState::Head(0);
    }

    fn holds_foreign_ident(&self) -> bool {
        let Some(value) = self.held.strip_prefix(b"$Id: ") else {
            return false;
        };
        let value = value.split(|byte| *byte == 0).next().unwrap_or(value);
        let blank = |byte: u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        (0..value.len()).any(|at| blank(value[at]) && value.get(at + 1) != Some(&b'$'))
    }

    fn release(&mut self) {
        self.output.append(&mut self.held);
    }
}
