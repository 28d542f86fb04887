//! What one file contributes to its folder, whatever the build: read once, asked often. Pure.
//!
//! Answers to `matchFile` of Go 1.19's `go/build`.

use std::io::{self, Read};

use super::cgo;
use super::constraint::Constraint;
use super::context::BuildContext;
use super::error::{ScanError, SyntaxError};
use super::imports::imports;
use super::section::Section;
use super::tags;

/// What one file contributes: its constraints, its package, its imports, or what is wrong with it.
#[derive(Clone, Debug)]
pub struct FileSummary {
    name: Box<str>,
    content: Content,
    /// What Glide's scan tag by tag finds to try; `None` where the file could not be opened.
    tags: Option<Vec<String>>,
}

#[derive(Clone, Debug)]
enum Content {
    /// Go never looks at the file, only Glide does, for tags.
    Hidden,
    /// It cannot be read, or only until the import section went wrong beyond reading.
    Unreadable(String),
    /// Its constraint cannot be understood.
    Constraint(String),
    Readable {
        constraint: Option<Constraint>,
        /// `None` for other languages, which matter by their mistakes only.
        source: Option<Box<Result<Source, SyntaxError>>>,
    },
}

/// A Go file's package clause and imports.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// The package's name.
    pub package: String,
    /// The paths of the imports, in order.
    pub imports: Vec<String>,
    /// The `#cgo` lines.
    pub cgo: Vec<String>,
}

/// Whether [`summarise`] has to see the file.
pub fn counts(name: &str) -> bool {
    kind(name).is_some()
}

/// What a file is by its name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Go,
    HiddenGo,
    /// Sources that are built along with Go: their constraints are read.
    Other,
}

fn kind(name: &str) -> Option<Kind> {
    let hidden = name.starts_with(['_', '.']);
    let end = &name[name.rfind('.')? + 1..];
    match end {
        "go" if hidden => Some(Kind::HiddenGo),
        "go" => Some(Kind::Go),
        "c" | "cc" | "cpp" | "cxx" | "m" | "h" | "hh" | "hpp" | "hxx" | "f" | "F" | "for"
        | "f90" | "s" | "S" | "sx" | "swig" | "swigcxx" => (!hidden).then_some(Kind::Other),
        _ => None,
    }
}

/// Reads a file as far as it matters; `None` for files that matter to nobody, see [`counts`].
pub fn summarise(name: &str, source: &mut dyn Read) -> io::Result<Option<FileSummary>> {
    let Some(kind) = kind(name) else {
        return Ok(None);
    };
    let (content, tags) = if kind == Kind::Other {
        (other_content(&Section::of_comments(source)?), Vec::new())
    } else {
        let section = Section::of_go(source)?;
        let package = section.package;
        let package = package.or_else(|| tags::find_package(&section.bytes));
        let above = &section.bytes[..package.unwrap_or(0)];
        let content = match kind {
            Kind::HiddenGo => Content::Hidden,
            _ => go_content(&section),
        };
        (content, tags::words(above))
    };
    Ok(Some(FileSummary {
        name: name.into(),
        content,
        tags: Some(tags),
    }))
}

fn constraint(section: &Section) -> Result<Option<Constraint>, Content> {
    if let Some(reason) = section.refused {
        return Err(Content::Unreadable(reason.to_owned()));
    }
    Constraint::of(section.header()).map_err(Content::Constraint)
}

fn other_content(section: &Section) -> Content {
    match constraint(section) {
        Ok(constraint) => Content::Readable {
            constraint,
            source: None,
        },
        Err(refused) => refused,
    }
}

fn go_content(section: &Section) -> Content {
    let constraint = match constraint(section) {
        Ok(constraint) => constraint,
        Err(refused) => return refused,
    };
    let header = section.header();
    let source = imports(header).map(|found| Source {
        cgo: cgo::lines(header, &found),
        imports: found.specs().map(|spec| spec.path.clone()).collect(),
        package: found.package,
    });
    Content::Readable {
        constraint,
        source: Some(Box::new(source)),
    }
}

impl FileSummary {
    /// Stands for a file that is there but cannot be read, such as a link to nowhere; `None` where
    /// that does not matter.
    pub fn unreadable(name: &str, reason: impl Into<String>) -> Option<Self> {
        kind(name).map(|kind| Self {
            name: name.into(),
            content: match kind {
                Kind::HiddenGo => Content::Hidden,
                _ => Content::Unreadable(reason.into()),
            },
            tags: (kind == Kind::Other).then(Vec::new),
        })
    }

    /// The file's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The package that the file says it is part of, if it can be read.
    pub fn package(&self) -> Option<&str> {
        self.source().map(|source| source.package.as_str())
    }

    /// What the file imports, in order.
    pub fn imports(&self) -> &[String] {
        self.source().map_or(&[], |source| &source.imports)
    }

    /// Whether the name says that the file is a test.
    pub fn is_test(&self) -> bool {
        self.name.ends_with("_test.go")
    }

    fn source(&self) -> Option<&Source> {
        match &self.content {
            Content::Readable {
                source: Some(source),
                ..
            } => source.as_ref().as_ref().ok(),
            _ => None,
        }
    }

    pub(super) fn tags(&self) -> Option<&[String]> {
        self.tags.as_deref()
    }

    /// How much work it is to ask the file whether it counts, and for what.
    pub(super) fn weight(&self) -> usize {
        let constraint = match &self.content {
            Content::Readable {
                constraint: Some(constraint),
                ..
            } => constraint.length(),
            _ => 0,
        };
        1 + constraint
            + self
                .source()
                .map_or(0, |source| source.imports.len() + source.cgo.len())
    }

    /// The file's source if it is a Go file and counts in this build.
    pub(super) fn selected(&self, context: &BuildContext) -> Result<Option<&Source>, ScanError> {
        let all = context.use_all_files;
        if !all && !context.allows_name(&self.name) {
            return Ok(None);
        }
        let file = || self.name.to_string();
        match &self.content {
            Content::Hidden => Ok(None),
            Content::Unreadable(reason) => Err(ScanError::Unreadable {
                file: file(),
                reason: reason.clone(),
            }),
            Content::Constraint(reason) => Err(ScanError::Constraint {
                file: file(),
                reason: reason.clone(),
            }),
            Content::Readable { constraint, source } => {
                let holds =
                    |constraint: &Constraint| constraint.holds(|tag| context.satisfies(tag));
                if !all && !constraint.as_ref().is_none_or(holds) {
                    return Ok(None);
                }
                match source.as_deref() {
                    None => Ok(None),
                    Some(Ok(source)) => Ok(Some(source)),
                    Some(Err(error)) => Err(ScanError::Syntax {
                        file: file(),
                        error: error.clone(),
                    }),
                }
            }
        }
    }
}
