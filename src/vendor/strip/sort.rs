//! Import declarations put into order, and the comments behind them into columns. Pure.
//!
//! Answers to Go's `ast.SortImports` and to the columns of its printer, line by line: a line is
//! one import with what stands before and behind it. Groups that are not written so (two imports
//! on a line, a comment over several lines) are left as they are.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::gosrc::{ImportDeclaration, ImportSection, ImportSpec};

/// A line that holds one import.
#[derive(Clone)]
struct Line<'a> {
    /// What stands before the import: the indentation, `import`, comments.
    before: &'a [u8],
    /// Name and path as they stand.
    code: &'a [u8],
    /// The comments behind it, without the blanks around them.
    comment: &'a [u8],
    name: &'a [u8],
    path: &'a str,
    /// Whether the printer takes the next import for one on the same line.
    is_joined: bool,
}

impl<'a> Line<'a> {
    /// `None` where other things than comments share the line with the import.
    fn new(source: &'a [u8], line: Range<usize>, spec: &'a ImportSpec, own: &[u8]) -> Option<Self> {
        let span = spec.span();
        if span.end > line.end {
            return None;
        }
        let before = &source[line.start..span.start];
        let comment = source[span.end..line.end].trim_ascii();
        let rest = before.trim_ascii_start();
        let rest = rest.strip_prefix(own)?.trim_ascii();
        if !is_comments(rest) || !is_comments(comment) {
            return None;
        }
        Some(Self {
            before,
            code: &source[span],
            comment,
            name: spec.name.clone().map_or(b"", |name| &source[name]),
            path: &spec.path,
            is_joined: false,
        })
    }
}

/// Whether the text is nothing but whole comments on one line.
fn is_comments(mut text: &[u8]) -> bool {
    while let Some(inner) = text.strip_prefix(b"/*") {
        match inner.windows(2).position(|pair| pair == b"*/") {
            Some(end) => text = inner[end + 2..].trim_ascii_start(),
            None => return false,
        }
    }
    text.is_empty() || text.starts_with(b"//")
}

/// The file with its imports in order.
pub(super) fn sort(source: &[u8], section: &ImportSection) -> Vec<u8> {
    let lines = line_ranges(source);
    let mut imports = BTreeMap::new();
    let mut gone = Vec::new();
    for declaration in &section.declarations {
        let Some(mut found) = lines_of(source, &lines, declaration) else {
            continue;
        };
        if declaration.group.is_some() {
            sort_runs(&mut found, &mut gone);
        }
        imports.extend(found);
    }
    write(source, &lines, &imports, &gone)
}

/// The ranges of all lines, without their line ends.
fn line_ranges(source: &[u8]) -> Vec<Range<usize>> {
    let mut start = 0;
    let mut ranges = Vec::new();
    for line in source.split(|byte| *byte == b'\n') {
        ranges.push(start..start + line.len());
        start += line.len() + 1;
    }
    ranges
}

/// The lines of a declaration's imports with their numbers, in order; `None` where one import is
/// not alone on its line.
fn lines_of<'a>(
    source: &'a [u8],
    lines: &[Range<usize>],
    declaration: &'a ImportDeclaration,
) -> Option<Vec<(usize, Line<'a>)>> {
    let own: &[u8] = match declaration.group {
        Some(_) => b"",
        None => b"import",
    };
    let mut found = Vec::new();
    for spec in &declaration.specs {
        let number = lines.partition_point(|line| line.end < spec.span().start);
        found.push((number, Line::new(source, lines[number].clone(), spec, own)?));
    }
    Some(found)
}

/// Sorts each run of imports on successive lines and drops those that are there twice; the
/// numbers of the lines that are no longer needed go to `gone`.
fn sort_runs(found: &mut Vec<(usize, Line<'_>)>, gone: &mut Vec<usize>) {
    let mut sorted = Vec::with_capacity(found.len());
    for run in found.chunk_by(|(one, _), (next, _)| next - one <= 1) {
        let numbers: Vec<_> = run.iter().map(|(number, _)| *number).collect();
        let mut run = run.to_vec();
        run.sort_by_cached_key(|(_, line)| (line.path, line.name, comment_text(line.comment)));
        // Of equal imports the last stays; one with a comment always does.
        let mut dropped = Vec::new();
        let mut kept: Vec<(usize, Line<'_>)> = Vec::with_capacity(run.len());
        for (number, line) in run {
            if let Some((earlier, previous)) = kept.last()
                && (previous.path, previous.name) == (line.path, line.name)
                && previous.comment.is_empty()
            {
                dropped.push(*earlier);
                kept.pop();
            }
            kept.push((number, line));
        }
        gone.extend(&numbers[kept.len()..]);
        for (number, (_, mut line)) in numbers.into_iter().zip(kept) {
            // Go joins the line of what it drops with the next, and its printer then believes
            // that whatever has moved to that line shares it with its successor.
            line.is_joined = dropped.contains(&number);
            sorted.push((number, line));
        }
    }
    *found = sorted;
}

/// What Go compares of a comment: its text without markers, directives (`//go:x`) left out.
fn comment_text(comment: &[u8]) -> Vec<u8> {
    let text = if let Some(line) = comment.strip_prefix(b"//") {
        if is_directive(line) { b"" } else { line }
    } else {
        comment.strip_prefix(b"/*").unwrap_or(comment)
    };
    text.trim_ascii().to_vec()
}

/// `//name:value`, as the Go tools use it, or one of the two older forms.
fn is_directive(text: &[u8]) -> bool {
    let mut parts = text.splitn(2, |byte| *byte == b':');
    let (name, value) = (parts.next().unwrap_or(b""), parts.next().unwrap_or(b""));
    let word = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_named = !name.is_empty() && name.iter().all(word) && value.first().is_some_and(word);
    is_named || text.starts_with(b"line ") || text.starts_with(b"extern ")
}

fn write(
    source: &[u8],
    lines: &[Range<usize>],
    imports: &BTreeMap<usize, Line<'_>>,
    gone: &[usize],
) -> Vec<u8> {
    let columns = columns(imports);
    let mut written = Vec::with_capacity(source.len());
    for (number, range) in lines.iter().enumerate() {
        if gone.contains(&number) {
            continue;
        }
        match imports.get(&number) {
            None => written.extend_from_slice(&source[range.clone()]),
            Some(line) => {
                written.extend_from_slice(line.before);
                written.extend_from_slice(line.code);
                if !line.comment.is_empty() {
                    let column = columns.get(&number).copied().unwrap_or(0);
                    let blanks = column.saturating_sub(width(line)).max(1);
                    written.resize(written.len() + blanks, b' ');
                    written.extend_from_slice(line.comment);
                }
            }
        }
        if range.end < source.len() {
            written.push(b'\n');
        }
    }
    written
}

/// In which column the comment of each line begins: one blank after the longest of the lines with
/// comments that follow each other.
fn columns(imports: &BTreeMap<usize, Line<'_>>) -> BTreeMap<usize, usize> {
    let commented: Vec<_> = imports
        .iter()
        .filter(|(_, line)| !line.comment.is_empty() && !line.is_joined)
        .collect();
    let mut columns = BTreeMap::new();
    for block in commented.chunk_by(|(one, _), (next, _)| **next == **one + 1) {
        let widest = block.iter().map(|(_, line)| width(line)).max().unwrap_or(0);
        columns.extend(block.iter().map(|(number, _)| (**number, widest + 1)));
    }
    columns
}

/// The characters before the comment, as the printer counts them.
fn width(line: &Line<'_>) -> usize {
    let text = [line.before, line.code].concat();
    String::from_utf8_lossy(&text).chars().count()
}
