//! How far a file is read: up to the end of its imports, or of its leading comments. Pure.
//!
//! Answers to `readGoInfo` and `readComments` of Go 1.19's `go/build`: a rough reading that knows
//! just enough to find the end. Where it loses its way the whole file is read, so that the parser
//! can tell what is wrong, or that nothing is.

use std::io::{self, Read};

/// How much is read at a time; most files need no more.
const CHUNK: usize = 8 * 1024;

/// More than this is read of no file. Go knows no limit.
const LONGEST: usize = 64 * 1024 * 1024;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The part of a file that has been read.
#[derive(Debug)]
pub(super) struct Section {
    /// What was read, from the first byte.
    pub bytes: Vec<u8>,
    /// Where the text begins, behind a byte order mark.
    start: usize,
    /// Where what matters ends: in front of the first other declaration, or at the end of the file.
    end: usize,
    /// Where the word `package` stands, if the rough reading found its way to the end.
    pub package: Option<usize>,
    /// Why Go calls the file unreadable.
    pub refused: Option<&'static str>,
}

impl Section {
    /// Reads a Go file up to the end of its imports.
    pub(super) fn of_go(source: &mut dyn Read) -> io::Result<Self> {
        let mut reader = Reader::new(source)?;
        let mut package = 0;
        let found = reader.imports(&mut package)?;
        if found.is_none() {
            reader.read_all()?;
        }
        Ok(reader.finish(found.map(|()| package)))
    }

    /// Reads a file in another language up to the end of its leading comments.
    pub(super) fn of_comments(source: &mut dyn Read) -> io::Result<Self> {
        let mut reader = Reader::new(source)?;
        let found = reader.skip()?;
        let mut section = reader.finish(None);
        if found.is_none() {
            section.refused = section.refused.or(Some("syntax error"));
        }
        Ok(section)
    }

    /// The text that matters, without a byte order mark.
    pub(super) fn header(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }
}

struct Reader<'s> {
    source: &'s mut dyn Read,
    bytes: Vec<u8>,
    start: usize,
    offset: usize,
    ended: bool,
    /// A byte at which Go does not look: the second behind a slash that begins no comment.
    overlooked: Option<usize>,
}

/// In what follows the inner `None` means that the rough reading lost its way.
type Rough<T> = io::Result<Option<T>>;

/// Goes on with the value, or returns that the reading lost its way.
macro_rules! found {
    ($rough:expr) => {
        match $rough? {
            Some(value) => value,
            None => return Ok(None),
        }
    };
}

impl<'s> Reader<'s> {
    fn new(source: &'s mut dyn Read) -> io::Result<Self> {
        let mut reader = Self {
            source,
            bytes: Vec::new(),
            start: 0,
            offset: 0,
            ended: false,
            overlooked: None,
        };
        while reader.bytes.len() < BYTE_ORDER_MARK.len() && reader.fill()? {}
        if reader.bytes.starts_with(BYTE_ORDER_MARK) {
            reader.start = BYTE_ORDER_MARK.len();
            reader.offset = reader.start;
        }
        Ok(reader)
    }

    /// Reads some more; `false` at the end of the file.
    fn fill(&mut self) -> io::Result<bool> {
        if self.ended {
            return Ok(false);
        }
        let length = self.bytes.len();
        if length > LONGEST {
            let message = "the file is too long to be looked at";
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
        }
        self.bytes.resize(length + CHUNK.max(length), 0);
        let read = loop {
            match self.source.read(&mut self.bytes[length..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        self.bytes.truncate(length + *read.as_ref().unwrap_or(&0));
        self.ended = read? == 0;
        Ok(!self.ended)
    }

    fn read_all(&mut self) -> io::Result<()> {
        while self.fill()? {}
        self.offset = self.bytes.len();
        Ok(())
    }

    fn finish(self, package: Option<usize>) -> Section {
        // The rough reading has looked at the byte that made it stop.
        let seen = self.bytes.len().min(self.offset + 1);
        let mut seen = self.bytes[..seen].iter().enumerate();
        let has_nul = seen.any(|(place, byte)| *byte == 0 && Some(place) != self.overlooked);
        Section {
            start: self.start,
            end: self.offset,
            package,
            refused: has_nul.then_some("unexpected NUL in input"),
            bytes: self.bytes,
        }
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        if self.offset == self.bytes.len() && !self.fill()? {
            return Ok(None);
        }
        Ok(self.bytes.get(self.offset).copied())
    }

    fn next(&mut self) -> io::Result<Option<u8>> {
        let next = self.peek()?;
        self.offset += usize::from(next.is_some());
        Ok(next)
    }

    /// Passes over bytes up to the first that is `stop`, and over that.
    fn pass(&mut self, stop: u8) -> Rough<()> {
        loop {
            let rest = &self.bytes[self.offset..];
            if let Some(place) = rest.iter().position(|byte| *byte == stop) {
                self.offset += place + 1;
                return Ok(Some(()));
            }
            self.offset = self.bytes.len();
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    /// Passes over blanks, semicolons and comments, and looks at what follows: 0 at the end.
    fn skip(&mut self) -> Rough<u8> {
        loop {
            match self.peek()? {
                Some(b' ' | b'\x0c' | b'\t' | b'\r' | b'\n' | b';') => self.offset += 1,
                Some(b'/') => {
                    self.offset += 1;
                    match self.next()? {
                        // The end of the file ends the comment as well.
                        Some(b'/') => drop(self.pass(b'\n')?),
                        Some(b'*') => found!(self.pass_comment()),
                        _ => {
                            self.overlooked = Some(self.offset);
                            return Ok(None);
                        }
                    }
                }
                other => return Ok(Some(other.unwrap_or(0))),
            }
        }
    }

    fn pass_comment(&mut self) -> Rough<()> {
        loop {
            found!(self.pass(b'*'));
            if self.peek()? == Some(b'/') {
                self.offset += 1;
                return Ok(Some(()));
            }
        }
    }

    /// The package clause, whose place it tells, and the imports.
    fn imports(&mut self, package: &mut usize) -> Rough<()> {
        found!(self.skip());
        *package = self.offset;
        found!(self.keyword(b"package"));
        found!(self.identifier());
        while found!(self.skip()) == b'i' {
            found!(self.keyword(b"import"));
            if found!(self.skip()) != b'(' {
                found!(self.import());
                continue;
            }
            self.offset += 1;
            while found!(self.skip()) != b')' {
                found!(self.import());
            }
            self.offset += 1;
        }
        Ok(Some(()))
    }

    fn keyword(&mut self, keyword: &[u8]) -> Rough<()> {
        for expected in keyword {
            if self.next()? != Some(*expected) {
                return Ok(None);
            }
        }
        let ends = !self.peek()?.is_some_and(is_identifier);
        Ok(ends.then_some(()))
    }

    fn identifier(&mut self) -> Rough<()> {
        if !is_identifier(found!(self.skip())) {
            return Ok(None);
        }
        while self.peek()?.is_some_and(is_identifier) {
            self.offset += 1;
        }
        Ok(Some(()))
    }

    fn import(&mut self) -> Rough<()> {
        match found!(self.skip()) {
            b'.' => self.offset += 1,
            first if is_identifier(first) => found!(self.identifier()),
            _ => {}
        }
        found!(self.skip());
        match self.next()? {
            Some(b'`') => self.pass(b'`'),
            Some(b'"') => self.rest_of_string(),
            _ => Ok(None),
        }
    }

    fn rest_of_string(&mut self) -> Rough<()> {
        loop {
            match self.next()? {
                Some(b'"') => return Ok(Some(())),
                Some(b'\\') => drop(self.next()?),
                None | Some(b'\n') => return Ok(None),
                Some(_) => {}
            }
        }
    }
}

fn is_identifier(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read};

    use super::Section;

    /// Hands out one byte at a time and counts them.
    struct Drip<'a>(&'a [u8], usize);

    impl Read for Drip<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = self.0.len().min(1);
            buffer[..length].copy_from_slice(&self.0[..length]);
            self.0 = &self.0[length..];
            self.1 += length;
            Ok(length)
        }
    }

    #[track_caller]
    fn check(source: &str, header: &str) {
        let mut drip = Drip(source.as_bytes(), 0);
        let section = Section::of_go(&mut drip).unwrap();
        assert_eq!(
            section.header().escape_ascii().to_string(),
            header.escape_default().to_string()
        );
        assert!(
            drip.1 <= section.header().len() + 4,
            "{} bytes read",
            drip.1
        );
    }

    #[test]
    fn a_file_is_read_up_to_its_first_declaration() {
        check(
            "package p\n\nimport \"a\"\n// c\nvar x int\n",
            "package p\n\nimport \"a\"\n// c\n",
        );
        check(
            "package p;import(`a`;b \"\\\"\")func",
            "package p;import(`a`;b \"\\\"\")",
        );
        check("package p", "package p");
        check("\u{feff}/**/package/***/p//", "/**/package/***/p//");
        check("package p\ntype", "package p\n");
    }

    #[test]
    fn a_file_that_is_not_understood_is_read_to_its_end() {
        for source in [
            "",
            "x",
            "package",
            "package p\nif x { y }\n",
            "package p /",
            "/*/package p",
        ] {
            check(source, source);
        }
        check(
            "package p\nimport \"a\n\"\nx",
            "package p\nimport \"a\n\"\nx",
        );
    }

    #[test]
    fn a_nul_counts_as_far_as_the_file_is_read() {
        #[track_caller]
        fn check(source: &[u8], refused: bool) {
            let section = Section::of_go(&mut { source }).unwrap();
            assert_eq!(
                section.refused.is_some(),
                refused,
                "{}",
                source.escape_ascii()
            );
        }
        check(b"package p\n\0", true);
        check(b"package p // \0\n", true);
        check(b"package p\nvar x\0", false);
        check(b"package p\nif x\0", true);
        check(b"/\0\0", true);
        check(b"/ \0", false);
        check(b"/ \0\0", true);
    }

    #[test]
    fn other_languages_are_read_for_their_comments() {
        #[track_caller]
        fn check(source: &[u8], header: &[u8], refused: Option<&str>) {
            let section = Section::of_comments(&mut { source }).unwrap();
            let shown = section.header().escape_ascii().to_string();
            assert_eq!(shown, header.escape_ascii().to_string());
            assert_eq!(section.refused, refused, "{shown}");
        }
        check(b"// +build x\n\n#include", b"// +build x\n\n", None);
        check(b"#include\0", b"", None);
        check(b"\0", b"", Some("unexpected NUL in input"));
        check(b"/ x", b"/ ", Some("syntax error"));
        check(b"/* x", b"/* x", Some("syntax error"));
        check(b"// x", b"// x", None);
    }

    #[test]
    fn a_fault_of_the_source_is_handed_on() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("broken"))
            }
        }
        assert!(Section::of_go(&mut Broken).is_err());
        assert!(Section::of_comments(&mut b"// x\n".chain(Broken)).is_err());
    }
}
