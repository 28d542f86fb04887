//! A page of Markdown as the tests read it: fenced blocks, hidden comments, and the sentences between.

use std::fmt::Write as _;

/// A piece of a page.
#[derive(Debug)]
pub(super) struct Part {
    /// The line that it begins in, from 1.
    pub(super) line: usize,
    /// What it is.
    pub(super) kind: Kind,
    /// Its text, without fences.
    pub(super) text: String,
}

/// What a piece is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Sentences, headings, tables.
    Prose,
    /// A fenced block, by its language.
    Block(String),
    /// `<!-- run`: a script that readers do not see.
    Hidden,
}

const HIDDEN: &str = "<!-- run\n";

/// Takes a page apart.
pub(super) fn parts(page: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut lines = page.split_inclusive('\n').zip(1..);
    while let Some((line, number)) = lines.next() {
        let (kind, end) = if let Some(language) = line.strip_prefix("```") {
            (Kind::Block(language.trim_end().to_owned()), "```\n")
        } else if line == HIDDEN {
            (Kind::Hidden, "-->\n")
        } else {
            match parts.last_mut().filter(|part| part.kind == Kind::Prose) {
                Some(part) => part.text.push_str(line),
                None => parts.push(Part {
                    line: number,
                    kind: Kind::Prose,
                    text: line.to_owned(),
                }),
            }
            continue;
        };
        let inside = lines.by_ref().map(|(line, _)| line);
        let text = inside.take_while(|line| *line != end).collect();
        parts.push(Part {
            line: number,
            kind,
            text,
        });
    }
    parts
}

/// Puts a page together again.
pub(super) fn whole(parts: &[Part]) -> String {
    parts.iter().fold(String::new(), |mut page, part| {
        let text = &part.text;
        let _ = match &part.kind {
            Kind::Prose => write!(page, "{text}"),
            Kind::Block(language) => write!(page, "```{language}\n{text}```\n"),
            Kind::Hidden => write!(page, "{HIDDEN}{text}-->\n"),
        };
        page
    })
}

/// What stands between backticks in sentences.
pub(super) fn spans(prose: &str) -> impl Iterator<Item = String> {
    let spans = prose.split('`').skip(1).step_by(2);
    spans.map(|span| span.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Where the links of sentences lead.
pub(super) fn links(prose: &str) -> impl Iterator<Item = &str> {
    let ends = prose.split("](").skip(1);
    ends.filter_map(|rest| rest.split([')', ' ']).next())
}

/// What a heading is linked by, as mdBook and GitHub have it.
pub(super) fn anchor(heading: &str) -> String {
    let kept = heading.trim().chars().filter_map(|c| match c {
        ' ' => Some('-'),
        '-' | '_' => Some(c),
        c => c.is_alphanumeric().then(|| c.to_ascii_lowercase()),
    });
    kept.collect()
}
