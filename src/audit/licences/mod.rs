//! Licences: which ones the files of a pin grant, and whether the policy has them.
//!
//! Texts count before anything that is said about them: files named after a licence, of the repository
//! itself and of the folders that are used; then `SPDX-License-Identifier` lines of the code; what a README
//! says is the last resort. How sure it is stands in the finding. Refused here: legal advice.

mod check;
mod folder;
mod known;
mod reader;
mod terms;
mod text;

use std::collections::BTreeSet;

pub use check::{Identities, is_id, licences};
pub use reader::Reader;

use super::subject::{Pinned, Subject};
use folder::{Held, Kind, kind};
use terms::Terms;

/// No more Go files are looked at for lines that name a licence.
const MAX_SOURCES: usize = 40;

/// The files of pins.
pub trait Texts: Sync {
    /// The names of the files in a folder of a pin (`""` is its own), in byte order; none where there is no
    /// such folder.
    fn files(&self, pin: &Pinned, folder: &str) -> Result<Vec<String>, String>;

    /// What is written in one of them.
    fn read(&self, pin: &Pinned, file: &str) -> Result<Text, String>;
}

/// What is written in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    /// Its bytes.
    Found(Vec<u8>),
    /// Too much to be a licence.
    TooLarge,
    /// It is a link that leads out of the package, or to nothing.
    Elsewhere,
}

/// How sure a licence is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// It is guessed from what a README says, or how several licences go together is.
    Low,
    /// The text differs here and there, or files say so in a line of their own.
    Medium,
    /// It is the text of the licence.
    #[default]
    High,
}

impl Confidence {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// What is known of a pin's licence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identified {
    /// An SPDX expression; `None` where nothing names a licence that is known.
    pub expression: Option<String>,
    /// How sure it is.
    pub confidence: Confidence,
    /// What says so, a line each.
    pub evidence: Vec<String>,
    /// Files that look like licences and are none that is known, and why.
    pub unknown: Vec<(String, String)>,
}

/// The folders of a pin whose licences count: its own, those of the packages that are used, and those
/// between.
pub fn folders(subject: &Subject, pin: &Pinned) -> Vec<String> {
    let name = pin.entry.name.as_str();
    let mut found = BTreeSet::from([String::new()]);
    let used = subject.usage.iter().flat_map(|usage| usage.of(name));
    for (path, _) in used {
        let below = path.strip_prefix(name).unwrap_or_default();
        let mut folder = below.trim_matches('/');
        while !folder.is_empty() && found.insert(folder.to_owned()) {
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        }
    }
    found.into_iter().collect()
}

/// Finds out the licence of a pin from its files in `folders`.
pub fn identify(
    pin: &Pinned,
    folders: &[String],
    texts: &dyn Texts,
    reader: &Reader,
) -> Result<Identified, String> {
    let look = Look { pin, texts, reader };
    let mut found = Identified::default();
    let mut terms = Terms::default();
    let mut sources = Vec::new();
    let mut readme = None;
    for folder in folders {
        let names = texts.files(pin, folder)?;
        let of = |wanted: Kind| names.iter().filter(move |name| kind(name) == Some(wanted));
        let path = |name: &String| match folder.as_str() {
            "" => name.clone(),
            folder => format!("{folder}/{name}"),
        };
        if folder.is_empty() {
            readme = of(Kind::Readme).next().map(path);
        }
        let mut held = Held::default();
        for name in of(Kind::Licence) {
            look.licence(path(name), &mut held, &mut found)?;
        }
        let words = match &readme {
            Some(file) if held.may_choose() => look.words(file)?,
            _ => None,
        };
        held.settle(words.as_deref(), &mut terms, &mut found);
        sources.extend(of(Kind::Source).map(path));
    }
    if terms.is_empty() {
        look.sources(&sources, &mut terms, &mut found)?;
    }
    if let (true, Some(readme)) = (terms.is_empty(), readme) {
        look.readme(&readme, &mut terms, &mut found)?;
    }
    found.expression = terms.expression();
    Ok(found)
}

struct Look<'a> {
    pin: &'a Pinned,
    texts: &'a dyn Texts,
    reader: &'a Reader,
}

impl Look<'_> {
    /// Looks at a file that is named after a licence.
    fn licence(&self, file: String, held: &mut Held, found: &mut Identified) -> Result<(), String> {
        let mut unknown = |file, why: &str| found.unknown.push((file, why.to_owned()));
        let bytes = match self.texts.read(self.pin, &file)? {
            Text::Found(bytes) => bytes,
            Text::TooLarge => {
                unknown(file, "it is too large to be a licence");
                return Ok(());
            }
            Text::Elsewhere => {
                unknown(
                    file,
                    "it is a link that leads out of the package, or nowhere",
                );
                return Ok(());
            }
        };
        match self.reader.read(&bytes) {
            Some(told) => {
                let text = text::plain(&bytes).unwrap_or_default();
                held.add(file, told, &text, found);
            }
            None => unknown(file, "it is no text"),
        }
        Ok(())
    }

    /// The text of a file, if it is one.
    fn words(&self, file: &str) -> Result<Option<String>, String> {
        Ok(match self.texts.read(self.pin, file)? {
            Text::Found(bytes) => text::plain(&bytes),
            Text::TooLarge | Text::Elsewhere => None,
        })
    }

    /// Looks for lines in the code that name a licence.
    fn sources(
        &self,
        files: &[String],
        terms: &mut Terms,
        found: &mut Identified,
    ) -> Result<(), String> {
        for file in files.iter().take(MAX_SOURCES) {
            let Some(text) = self.words(file)? else {
                continue;
            };
            for expression in text::identifiers(&text).take(4) {
                if terms.add_expression(expression) {
                    found.confidence = found.confidence.min(Confidence::Medium);
                    found.evidence.push(format!("{file} says {expression}"));
                } else {
                    let why = format!("`{expression}` is no SPDX expression");
                    found.unknown.push((file.clone(), why));
                }
            }
        }
        Ok(())
    }

    /// Looks for what a README says about the licence.
    fn readme(&self, file: &str, terms: &mut Terms, found: &mut Identified) -> Result<(), String> {
        let Some(text) = self.words(file)? else {
            return Ok(());
        };
        let ids = text::mentioned(&text);
        if !ids.is_empty() {
            found.confidence = Confidence::Low;
            found.evidence.push(format!(
                "{file} speaks of {}, without its text",
                ids.join(", ")
            ));
            terms.add(&ids, text::lets_choose(&text));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
