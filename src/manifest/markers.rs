//! Git's conflict markers in a text: read into both sides, and written around entries of a glide.lock.
//!
//! `<<<<<<< label`, ours, `||||||| label`, base (where merge.conflictStyle is diff3 or zdiff3), `=======`, theirs,
//! `>>>>>>> label`; seven characters unless the attribute conflict-marker-size says another number. No line of
//! a file of Glide's begins so.

use crate::error::Classify;
use crate::model::go_sort;
use crate::yaml::{self, Value};

use super::error::Error;
use super::lock::LockedDependency;
use super::lower_case;
use super::merge::{Disagreement, Merge, Placed};

/// How long markers are where nothing else is said.
const USUAL_LENGTH: usize = 7;
/// Shorter runs are no markers.
const SHORTEST: usize = 3;
/// Longer ones are not written.
const LONGEST: usize = 1000;

/// A text with conflict markers, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sides {
    /// The text as it is on our side.
    pub ours: Vec<u8>,
    /// The text as it is on theirs.
    pub theirs: Vec<u8>,
    /// The text as it was before, if every conflict tells.
    pub base: Option<Vec<u8>>,
    /// The labels of the first conflict.
    pub labels: Labels,
    /// How many conflicts there are.
    pub count: usize,
}

/// What the sides of a conflict are called, and how long its markers are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labels {
    /// Behind `<<<<<<<`.
    pub ours: String,
    /// Behind `|||||||`.
    pub base: String,
    /// Behind `>>>>>>>`.
    pub theirs: String,
    /// The length of a marker.
    pub length: usize,
}

impl Default for Labels {
    fn default() -> Self {
        Self {
            ours: "ours".to_owned(),
            base: "base".to_owned(),
            theirs: "theirs".to_owned(),
            length: USUAL_LENGTH,
        }
    }
}

impl Labels {
    /// A conflict of these lines.
    fn around(&self, [ours, base, theirs]: [&str; 3]) -> String {
        let line = |sign: &str, label: &str| {
            let marker = sign.repeat(self.length.clamp(SHORTEST, LONGEST));
            let label: String = label.chars().filter(|c| !c.is_control()).collect();
            format!("{marker} {}", label.trim()).trim_end().to_owned() + "\n"
        };
        let (begin, before) = (line("<", &self.ours), line("|", &self.base));
        let (middle, end) = (line("=", ""), line(">", &self.theirs));
        [&begin, ours, &before, base, &middle, theirs, &end].concat()
    }
}

/// Conflict markers that do not belong together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct MarkerError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub problem: &'static str,
}

impl Classify for MarkerError {
    fn hints(&self) -> Vec<String> {
        vec![
            "mend the markers by hand, or get the conflict again with `git checkout --merge glide.lock`"
                .to_owned(),
        ]
    }
}

/// The line of the first conflict marker, counted from 1.
pub fn first_marker(text: &[u8]) -> Option<usize> {
    let mut lines = text.split(|byte| *byte == b'\n');
    let begins = |line: &[u8]| matches!(Marker::read(line), Some(marker) if marker.sign == b'<');
    lines.position(begins).map(|place| place + 1)
}

struct Marker<'a> {
    sign: u8,
    length: usize,
    label: &'a [u8],
}

impl<'a> Marker<'a> {
    fn read(line: &'a [u8]) -> Option<Self> {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let sign = *line.first().filter(|sign| b"<|=>".contains(sign))?;
        let length = line.iter().take_while(|byte| **byte == sign).count();
        let label = match &line[length..] {
            [] => &[],
            [b' ', label @ ..] => label,
            _ => return None,
        };
        (length >= SHORTEST).then_some(Self {
            sign,
            length,
            label,
        })
    }
}

/// Which part of a conflict a line belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Outside,
    Ours,
    Base,
    Theirs,
}

impl Sides {
    /// Takes a text apart; `None` where it has no markers.
    pub fn read(text: &[u8]) -> Result<Option<Self>, MarkerError> {
        let mut reading = Reading::default();
        for (number, line) in text.split_inclusive(|byte| *byte == b'\n').enumerate() {
            reading.line(number + 1, line)?;
        }
        reading.finish()
    }
}

#[derive(Default)]
struct Reading {
    ours: Vec<u8>,
    theirs: Vec<u8>,
    base: Vec<u8>,
    labels: Option<Labels>,
    count: usize,
    /// Conflicts that tell what was before.
    with_base: usize,
    /// The open conflict: its line, the length of its markers, the part we are in.
    open: Option<(usize, usize, Part)>,
}

impl Reading {
    fn line(&mut self, number: usize, line: &[u8]) -> Result<(), MarkerError> {
        let part = self.open.map_or(Part::Outside, |(_, _, part)| part);
        let wrong = |problem| {
            Err(MarkerError {
                line: number,
                problem,
            })
        };
        // Markers of another length are those of a conflict inside the base.
        let marker = Marker::read(line).filter(|marker| {
            self.open
                .is_none_or(|(_, length, _)| marker.length == length)
        });
        let Some(marker) = marker else {
            self.text(part, line);
            return Ok(());
        };
        let next = match (part, marker.sign) {
            (Part::Outside, b'<') => Part::Ours,
            (Part::Ours, b'|') => Part::Base,
            (Part::Ours | Part::Base, b'=') => Part::Theirs,
            (Part::Theirs, b'>') => Part::Outside,
            (Part::Outside, _) => {
                return wrong("a conflict marker without the `<<<<<<<` before it");
            }
            (_, b'<') => return wrong("a conflict begins before the one above it has ended"),
            _ => return wrong("a conflict marker that does not belong here"),
        };
        self.take_label(next, &marker);
        self.open = match (next, self.open) {
            (Part::Outside, _) => None,
            (_, Some((begin, length, _))) => Some((begin, length, next)),
            (_, None) => {
                self.count += 1;
                Some((number, marker.length, next))
            }
        };
        self.with_base += usize::from(next == Part::Base);
        Ok(())
    }

    fn take_label(&mut self, next: Part, marker: &Marker<'_>) {
        let label = String::from_utf8_lossy(marker.label).into_owned();
        if self.count == 0 {
            self.labels = Some(Labels {
                ours: label,
                length: marker.length,
                ..Labels::default()
            });
        } else if let (1, Some(labels)) = (self.count, &mut self.labels) {
            match next {
                Part::Base => labels.base = label,
                Part::Outside => labels.theirs = label,
                Part::Ours | Part::Theirs => {}
            }
        }
    }

    fn text(&mut self, part: Part, line: &[u8]) {
        let texts: &mut [&mut Vec<u8>] = match part {
            Part::Outside => &mut [&mut self.ours, &mut self.theirs, &mut self.base],
            Part::Ours => &mut [&mut self.ours],
            Part::Base => &mut [&mut self.base],
            Part::Theirs => &mut [&mut self.theirs],
        };
        for text in texts {
            text.extend_from_slice(line);
        }
    }

    fn finish(self) -> Result<Option<Sides>, MarkerError> {
        if let Some((line, _, _)) = self.open {
            let problem = "the conflict that begins here does not end";
            return Err(MarkerError { line, problem });
        }
        Ok(self.labels.map(|labels| Sides {
            ours: self.ours,
            theirs: self.theirs,
            base: (self.with_base == self.count).then_some(self.base),
            labels,
            count: self.count,
        }))
    }
}

impl Merge {
    /// The merged lock as Glide writes it, with markers around the entries that the sides disagree on.
    pub fn to_yaml(&self, labels: &Labels) -> Result<String, Error> {
        if self.is_settled() {
            return self.lock.to_yaml();
        }
        let [hash, updated] = self.lock.head().map(|field| yaml::write(&vec![field]));
        let mut text = match &self.open_hash {
            None => hash,
            Some(open) => {
                let line = |hash: &String| yaml::write(&vec![("hash", Value::Text(hash.clone()))]);
                let base = open.base.as_ref().map(line);
                labels.around([
                    &line(&open.ours),
                    &base.unwrap_or_default(),
                    &line(&open.theirs),
                ])
            }
        };
        text.push_str(&updated);
        for (key, tests) in [("imports", false), ("testImports", true)] {
            text.push_str(key);
            text.push(':');
            let list = self.list(tests, labels);
            text.push_str(if list.is_empty() { " []\n" } else { "\n" });
            text.extend(list);
        }
        Ok(text)
    }

    /// The texts of a list's entries and conflicts, in order of their names.
    fn list(&self, tests: bool, labels: &Labels) -> Vec<String> {
        let lock = &self.lock;
        let agreed = if tests {
            &lock.test_imports
        } else {
            &lock.imports
        };
        let mut all: Vec<(String, String)> = agreed
            .iter()
            .map(|entry| (lower_case(&entry.name), item(entry)))
            .collect();
        let conflicts = self.disagreements.iter().filter_map(|disagreement| {
            let text = conflict(disagreement, tests, labels)?;
            Some((lower_case(&disagreement.name), text))
        });
        all.extend(conflicts);
        go_sort(&mut all, |(one, _), (other, _)| one < other);
        all.into_iter().map(|(_, text)| text).collect()
    }
}

/// A conflict's text in one of the two lists, unless both sides have nothing there.
fn conflict(disagreement: &Disagreement, tests: bool, labels: &Labels) -> Option<String> {
    let part = |side: &Option<Placed>| {
        let placed = side.as_ref().filter(|placed| placed.tests == tests);
        placed.map(|placed| item(&placed.entry))
    };
    let (ours, theirs) = (part(&disagreement.ours), part(&disagreement.theirs));
    if ours.is_none() && theirs.is_none() {
        return None;
    }
    let base = part(&disagreement.base).unwrap_or_default();
    Some(labels.around([
        &ours.unwrap_or_default(),
        &base,
        &theirs.unwrap_or_default(),
    ]))
}

/// An entry as it stands in its list.
fn item(entry: &LockedDependency) -> String {
    let list = vec![("imports", Value::Records(vec![Some(entry.to_record())]))];
    let text = yaml::write(&list);
    text.strip_prefix("imports:\n").unwrap_or(&text).to_owned()
}

#[cfg(test)]
mod tests;
