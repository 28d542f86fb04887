//! Import declarations put into order, and the comments behind them into columns. Pure.
//!
//! Answers to Go's `ast.SortImports` and to the columns of its printer, line by line: a line is
//! one import with what stands before and behind it. Groups that are not written so (two imports
//! on a line, a comment over several lines) are left as they are.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::gosrc::{ImportDeclaration, ImportSection, Span};

/// A line that holds one import, or the `import (` or `)` of a group.
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
    /// Whether columns begin anew here, which a comment before the import brings about.
    opens_columns: bool,
    /// Whether the printer takes the next import for one on the same line.
    is_joined: bool,
}

impl<'a> Line<'a> {
    /// The line in which `code` stands after nothing but `own` and comments, and before nothing
    /// but comments; `None` where it shares the line with more than that.
    fn new(source: &'a [u8], line: Range<usize>, code: Span, own: &[u8]) -> Option<Self> {
        if code.end > line.end {
            return None;
        }
        let before = &source[line.start..code.start];
        let comment = source[code.end..line.end].trim_ascii();
        let rest = before.trim_ascii_start().strip_prefix(own)?.trim_ascii();
        if !is_comments(rest) || !is_comments(comment) {
            return None;
        }
        Some(Self {
            before,
            code: &source[code],
            comment,
            name: b"",
            path: "",
            opens_columns: !rest.is_empty(),
            is_joined: false,
        })
    }

    fn is_indented(&self) -> bool {
        self.before.starts_with(b"\t")
    }

    /// Writes the line, its comment in `column` if that is far enough.
    fn write(&self, column: usize, out: &mut Vec<u8>) {
        out.extend_from_slice(self.before);
        out.extend_from_slice(self.code);
        if !self.comment.is_empty() {
            let blanks = column.saturating_sub(self.width()).max(1);
            out.resize(out.len() + blanks, b' ');
            out.extend_from_slice(self.comment);
        }
    }

    /// The characters before the comment, as the printer counts them.
    fn width(&self) -> usize {
        let text = [self.before, self.code].concat();
        String::from_utf8_lossy(&text).chars().count()
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
    let mut page = Page {
        source,
        ranges: line_ranges(source),
        fates: BTreeMap::new(),
    };
    for declaration in &section.declarations {
        page.add_brackets(declaration);
        if let Some(lines) = page.lines_of(declaration) {
            if declaration.group.is_some() {
                page.sort_runs(&lines);
            } else {
                page.write_lines(lines);
            }
        }
        page.drop_blanks_at_end(declaration, &section.comments);
    }
    page.write()
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

/// A line by its number in the source.
type Numbered<'a> = (usize, Line<'a>);

/// What becomes of a line that does not stay as it is.
enum Fate<'a> {
    Written(Line<'a>),
    Blank,
    Gone,
}

/// The file as lines.
struct Page<'a> {
    source: &'a [u8],
    ranges: Vec<Range<usize>>,
    fates: BTreeMap<usize, Fate<'a>>,
}

impl<'a> Page<'a> {
    fn number_at(&self, offset: usize) -> usize {
        self.ranges.partition_point(|line| line.end < offset)
    }

    fn text(&self, number: usize) -> &'a [u8] {
        self.ranges
            .get(number)
            .map_or(b"", |range| &self.source[range.clone()])
    }

    /// Takes in the first and the last line of a group, as comments may stand behind them.
    fn add_brackets(&mut self, declaration: &ImportDeclaration) {
        let Some(group) = &declaration.group else {
            return;
        };
        let (open, close) = (self.number_at(group.start), self.number_at(group.end));
        let ends: &[(usize, Span, &[u8])] = if open == close {
            &[(open, group.clone(), b"import")]
        } else {
            &[
                (open, group.start..group.start + 1, b"import"),
                (close, group.end - 1..group.end, b""),
            ]
        };
        for (number, code, own) in ends {
            let line = Line::new(self.source, self.ranges[*number].clone(), code.clone(), own);
            self.write_lines(line.map(|line| (*number, line)));
        }
    }

    /// The lines of a declaration's imports; `None` where one is not alone on its line.
    fn lines_of(&self, declaration: &'a ImportDeclaration) -> Option<Vec<Numbered<'a>>> {
        let own: &[u8] = match declaration.group {
            Some(_) => b"",
            None => b"import",
        };
        let mut found = Vec::new();
        for spec in &declaration.specs {
            let number = self.number_at(spec.span().start);
            let line = Line::new(self.source, self.ranges[number].clone(), spec.span(), own)?;
            let name = spec
                .name
                .clone()
                .map_or(b"".as_slice(), |name| &self.source[name]);
            let path = &spec.path;
            found.push((number, Line { name, path, ..line }));
        }
        Some(found)
    }

    /// Sorts each run of imports on successive lines and drops those that are there twice.
    fn sort_runs(&mut self, lines: &[Numbered<'a>]) {
        for run in lines.chunk_by(|(one, _), (next, _)| next - one <= 1) {
            let numbers: Vec<_> = run.iter().map(|(number, _)| *number).collect();
            let (kept, dropped) = order(run.to_vec());
            let count = kept.len();
            for (place, (number, mut line)) in numbers.iter().zip(kept).enumerate() {
                // Go joins the line of what it drops with the next, and its printer then believes
                // that whatever has moved to that line shares it with its successor.
                line.is_joined = dropped.contains(number) && place + 1 < count;
                self.fates.insert(*number, Fate::Written(line));
            }
            for number in &numbers[count..] {
                self.fates.insert(*number, Fate::Gone);
            }
            self.part_from_comment(&numbers, count, &dropped);
        }
    }

    /// Leaves a blank line where imports that are gone stood before a comment: by the line numbers
    /// that Go's printer has, something seems to be between the last import and the comment.
    fn part_from_comment(&mut self, run: &[usize], count: usize, dropped: &BTreeSet<usize>) {
        let (last, end) = (run[count - 1], run[run.len() - 1]);
        let joined = dropped.range(last..).count();
        let next = self.text(end + 1).trim_ascii();
        if end - last > joined && is_comments(next) && !next.is_empty() {
            self.fates.insert(end, Fate::Blank);
        }
    }

    /// Go closes a group without a blank line, whatever stands after its last import.
    fn drop_blanks_at_end(&mut self, declaration: &ImportDeclaration, comments: &[Span]) {
        let (Some(group), Some(last)) = (&declaration.group, declaration.specs.last()) else {
            return;
        };
        let within_comment = |at: usize| {
            let before = comments.partition_point(|comment| comment.start < at);
            before > 0 && at < comments[before - 1].end
        };
        for number in self.number_at(last.literal.end)..self.number_at(group.end) {
            let is_blank = match self.fates.get(&number) {
                None => self.text(number).trim_ascii().is_empty(),
                Some(fate) => matches!(fate, Fate::Blank),
            };
            if is_blank && !within_comment(self.ranges[number].start) {
                self.fates.insert(number, Fate::Gone);
            }
        }
    }

    fn write_lines(&mut self, lines: impl IntoIterator<Item = Numbered<'a>>) {
        let written = |(number, line)| (number, Fate::Written(line));
        self.fates.extend(lines.into_iter().map(written));
    }

    fn write(&self) -> Vec<u8> {
        let columns = self.columns();
        let mut written = Vec::with_capacity(self.source.len());
        for (number, range) in self.ranges.iter().enumerate() {
            match self.fates.get(&number) {
                Some(Fate::Gone) => continue,
                Some(Fate::Blank) => {}
                None => written.extend_from_slice(self.text(number)),
                Some(Fate::Written(line)) => {
                    let column = columns.get(&number).copied().unwrap_or(0);
                    line.write(column, &mut written);
                }
            }
            if range.end < self.source.len() {
                written.push(b'\n');
            }
        }
        written
    }

    /// In which column the comment of each line begins: one blank after the longest of the lines
    /// with comments that follow each other.
    fn columns<'b>(&'b self) -> BTreeMap<usize, usize> {
        let aligned = |(number, fate): (&usize, &'b Fate<'a>)| match fate {
            Fate::Written(line) if !line.comment.is_empty() && !line.is_joined => {
                Some((*number, line))
            }
            _ => None,
        };
        let lines: Vec<_> = self.fates.iter().filter_map(aligned).collect();
        let mut columns = BTreeMap::new();
        let continues = |(one, line): &(usize, &Line<'_>), (next, after): &(usize, &Line<'_>)| {
            *next == one + 1 && after.is_indented() == line.is_indented() && !after.opens_columns
        };
        for block in lines.chunk_by(continues) {
            let widest = block
                .iter()
                .map(|(_, line)| line.width())
                .max()
                .unwrap_or(0);
            columns.extend(block.iter().map(|(number, _)| (*number, widest + 1)));
        }
        columns
    }
}

/// What Go compares of a comment: its text without markers, directives (`//go:x`) left out.
fn comment_text(comment: &[u8]) -> Vec<u8> {
    let text = match comment.strip_prefix(b"//") {
        Some(line) if is_directive(line) => b"",
        Some(line) => line,
        None => comment.strip_prefix(b"/*").unwrap_or(comment),
    };
    text.trim_ascii().to_vec()
}

/// `//name:value`, as the Go tools use it, or one of the two older forms.
fn is_directive(text: &[u8]) -> bool {
    let mut parts = text.splitn(2, |byte| *byte == b':');
    let (name, value) = (parts.next().unwrap_or(b""), parts.next().unwrap_or(b""));
    let in_word = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_named = !name.is_empty() && name.iter().all(in_word);
    is_named && value.first().is_some_and(in_word)
        || text.starts_with(b"line ")
        || text.starts_with(b"extern ")
}

/// The lines in Go's order without repetitions, and the numbers of the lines that repeated.
fn order(mut run: Vec<Numbered<'_>>) -> (Vec<Line<'_>>, BTreeSet<usize>) {
    run.sort_by_cached_key(|(_, line)| (line.path, line.name, comment_text(line.comment)));
    let mut dropped = BTreeSet::new();
    let mut kept: Vec<Numbered<'_>> = Vec::with_capacity(run.len());
    for (number, line) in run {
        // Of equal imports the last stays; one with a comment always does.
        if let Some((earlier, previous)) = kept.last()
            && (previous.path, previous.name) == (line.path, line.name)
            && previous.comment.is_empty()
        {
            dropped.insert(*earlier);
            kept.pop();
        }
        kept.push((number, line));
    }
    (kept.into_iter().map(|(_, line)| line).collect(), dropped)
}
