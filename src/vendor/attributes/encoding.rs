//! `working-tree-encoding`: from UTF-8 to what the attribute names. Pure.
//!
//! Git leaves this to the C library's iconv. Here are the encodings that repositories use: UTF-16
//! and UTF-32 in all their spellings, ISO-8859-1 and ASCII. A file for any other stays as it is,
//! which is also what git does where iconv does not know the name.

/// The encoding of a checked-out file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Encoding {
    /// That of the repository, UTF-8: nothing to do.
    #[default]
    Same,
    /// One that is not known here: nothing to do either, but git would read such a file whole
    /// before it looks for `$Id$`, and that shows.
    Unknown,
    /// UTF-16 with or without a byte order mark.
    Utf16 { order: Order, mark: bool },
    /// UTF-32 with or without a byte order mark.
    Utf32 { order: Order, mark: bool },
    /// One byte a character, up to this one.
    Bytes { last: char },
}

/// Which byte comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Little,
    Big,
}

impl Encoding {
    /// The encoding of that name. Case does not matter, nor does the `-` after `UTF`.
    pub(super) fn named(name: &[u8]) -> Self {
        let name = name.to_ascii_uppercase();
        if let Some(rest) = name.strip_prefix(b"UTF") {
            return Self::unicode(rest.strip_prefix(b"-").unwrap_or(rest));
        }
        match name.as_slice() {
            b"" => Self::Same,
            b"ISO-8859-1" | b"ISO_8859-1" | b"ISO8859-1" | b"ISO88591" | b"LATIN1" | b"LATIN-1"
            | b"L1" | b"CP819" | b"IBM819" => Self::Bytes { last: '\u{ff}' },
            b"ASCII" | b"US-ASCII" | b"ANSI_X3.4-1968" | b"646" => Self::Bytes { last: '\u{7f}' },
            _ => Self::Unknown,
        }
    }

    fn unicode(rest: &[u8]) -> Self {
        let (little, big) = (Order::Little, Order::Big);
        match rest {
            b"8" => Self::Same,
            // Where the name leaves the order open, iconv takes the machine's (we: that of all
            // machines in use) and says so by a mark.
            b"16" | b"16LE-BOM" => Self::utf16(little, true),
            b"16BE-BOM" => Self::utf16(big, true),
            b"16LE" => Self::utf16(little, false),
            b"16BE" => Self::utf16(big, false),
            b"32" => Self::utf32(little, true),
            b"32LE" => Self::utf32(little, false),
            b"32BE" => Self::utf32(big, false),
            _ => Self::Unknown,
        }
    }

    fn utf16(order: Order, mark: bool) -> Self {
        Self::Utf16 { order, mark }
    }

    fn utf32(order: Order, mark: bool) -> Self {
        Self::Utf32 { order, mark }
    }

    /// The bytes in this encoding; as they were where they are not UTF-8 or hold a character that
    /// the encoding lacks (git says so on its error output and goes on).
    pub(super) fn encode(self, bytes: Vec<u8>) -> Vec<u8> {
        if bytes.is_empty() {
            return bytes;
        }
        match std::str::from_utf8(&bytes) {
            Ok(text) => self.encode_text(text).unwrap_or(bytes),
            Err(_) => bytes,
        }
    }

    fn encode_text(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Same | Self::Unknown => None,
            Self::Utf16 { order, mark } => {
                let units = mark
                    .then_some(0xfeff)
                    .into_iter()
                    .chain(text.encode_utf16());
                Some(match order {
                    Order::Little => units.flat_map(u16::to_le_bytes).collect(),
                    Order::Big => units.flat_map(u16::to_be_bytes).collect(),
                })
            }
            Self::Utf32 { order, mark } => {
                let mark = mark.then_some(0xfeff);
                let units = mark.into_iter().chain(text.chars().map(u32::from));
                Some(match order {
                    Order::Little => units.flat_map(u32::to_le_bytes).collect(),
                    Order::Big => units.flat_map(u32::to_be_bytes).collect(),
                })
            }
            Self::Bytes { last } => text
                .chars()
                .map(|c| u8::try_from(c).ok().filter(|_| c <= last))
                .collect(),
        }
    }
}
