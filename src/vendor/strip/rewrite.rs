//! The text of one Go file with its Godep imports written back. Pure.
//!
//! Answers to `rewriteGodepfilesHandler`: Glide parses the file, changes the paths, prints it,
//! parses that again, sorts the imports and prints once more. It does so for every file that
//! imports anything, since it compares each path with the file's name. For a file that gofmt would
//! leave alone only the imports can come out differently, and those are what is done here; one
//! that gofmt would change keeps its own form outside the imports.

use super::sort;
use crate::gosrc::{self, ImportSection, Span, SyntaxError};

const WORKSPACE: &str = "Godeps/_workspace/src";

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The new bytes of the file called `name`, which may equal the old; `None` where Glide would not
/// write the file at all because it imports nothing.
pub(super) fn rewrite(name: &[u8], source: &[u8]) -> Result<Option<Vec<u8>>, SyntaxError> {
    let section = gosrc::check(source)?;
    let edits = replacements(name, &section);
    if edits.is_empty() {
        return Ok(None);
    }
    let replaced = normalise(&replace(source, &edits));
    // A path can turn out empty, which Glide writes all the same, sorting nothing.
    let sorted = match gosrc::imports(&replaced) {
        Ok(section) => sort::sort(&replaced, &section),
        Err(_) => replaced,
    };
    Ok(Some(sorted))
}

/// The literals to put in the place of those that there are.
fn replacements(name: &[u8], section: &ImportSection) -> Vec<(Span, String)> {
    section
        .specs()
        .map(|spec| (spec.literal.clone(), without_workspace(&spec.path)))
        .filter(|(_, path)| path.as_bytes() != name)
        .map(|(literal, path)| (literal, format!("\"{path}\"")))
        .collect()
}

/// The path as it was before godep rewrote it.
fn without_workspace(path: &str) -> &str {
    match path.rfind(WORKSPACE) {
        None => path,
        Some(at) => {
            let from = &path[at..];
            from.strip_prefix("Godeps/_workspace/src/").unwrap_or(from)
        }
    }
}

fn replace(source: &[u8], edits: &[(Span, String)]) -> Vec<u8> {
    let mut replaced = Vec::with_capacity(source.len());
    let mut from = 0;
    for (span, text) in edits {
        replaced.extend_from_slice(&source[from..span.start]);
        replaced.extend_from_slice(text.as_bytes());
        from = span.end;
    }
    replaced.extend_from_slice(&source[from..]);
    replaced
}

/// What Go's printer does to every file whatever its form: no byte order mark, lines that end in
/// LF, one line end at the end.
fn normalise(source: &[u8]) -> Vec<u8> {
    let source = source.strip_prefix(BYTE_ORDER_MARK).unwrap_or(source);
    let mut normal = Vec::with_capacity(source.len() + 1);
    for line in source.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"\r\n") {
            Some(line) => {
                normal.extend_from_slice(line);
                normal.push(b'\n');
            }
            None => normal.extend_from_slice(line),
        }
    }
    while normal.last().is_some_and(u8::is_ascii_whitespace) {
        normal.pop();
    }
    normal.push(b'\n');
    normal
}
