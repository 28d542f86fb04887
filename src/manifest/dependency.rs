//! One entry of glide.yaml, and where it is fetched from.

use crate::model::VcsKind;
use crate::yaml::{Decoder, Error, Fields, NodeId, Record, Value};

use super::mirrors::Mirrors;

/// An entry of `import` or `testImport`, normalised: its name is a repository's root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dependency {
    /// The root of the repository, as an import path.
    pub name: String,
    /// A version, range, branch, tag or commit; empty for the default branch.
    pub reference: String,
    /// Where to fetch from; empty when the name says it.
    pub repo: String,
    /// The version control system, if it is given.
    pub vcs: Option<VcsKind>,
    /// The packages used, below the root.
    pub subpackages: Vec<String>,
    /// The architectures it is for. An empty list counts as none, but is not equal to none where
    /// two entries are compared.
    pub arch: Option<Vec<String>>,
    /// The operating systems it is for; as for `arch`.
    pub os: Option<Vec<String>>,
}

/// An entry of `import` or `testImport` as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawDependency {
    /// `package`: an import path, which may lead below a repository's root.
    pub package: String,
    /// `version`.
    pub version: String,
    /// `ref`: the old name of `version`.
    pub reference: String,
    /// `repo`.
    pub repo: String,
    /// `vcs`.
    pub vcs: String,
    /// `subpackages`.
    pub subpackages: Vec<String>,
    /// `arch`.
    pub arch: Option<Vec<String>>,
    /// `os`.
    pub os: Option<Vec<String>>,
}

/// Where something is fetched from, mirrors applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remote {
    /// A URL, scp-like address or path.
    pub location: String,
    /// The version control system as the file names it; empty to find out. In a lock it may be
    /// any text, which whoever fetches has to refuse.
    pub vcs: String,
    /// The mirror that leads there, if one does; for messages.
    pub mirror: Option<MirrorPlace>,
}

/// Which mirror leads somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MirrorPlace {
    /// In which file and on which line it stands, as `mirrors.yaml:3`.
    pub place: String,
    /// The remote that it takes the place of.
    pub original: String,
}

impl Remote {
    pub(super) fn of(name: &str, repo: &str, vcs: &str, mirrors: &Mirrors) -> Self {
        let location = if repo.is_empty() {
            format!("https://{name}")
        } else {
            repo.to_owned()
        };
        match mirrors.lookup(&location) {
            Some(mirror) => Self {
                location: mirror.repo.clone(),
                vcs: mirror.vcs.clone(),
                mirror: Some(MirrorPlace {
                    place: mirrors.place(&location),
                    original: location,
                }),
            },
            None => Self {
                location,
                vcs: vcs.to_owned(),
                mirror: None,
            },
        }
    }
}

impl Dependency {
    /// A dependency of which only the name is known.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    /// Where to fetch it from: `repo`, or `https://` and the name, and a mirror's repo and vcs
    /// in place of both where that very text has one.
    pub fn remote(&self, mirrors: &Mirrors) -> Remote {
        let vcs = self.vcs.map_or("", VcsKind::as_str);
        Remote::of(&self.name, &self.repo, vcs, mirrors)
    }

    /// Whether the sub-package is listed.
    pub fn has_subpackage(&self, name: &str) -> bool {
        self.subpackages.iter().any(|subpackage| subpackage == name)
    }

    pub(super) fn to_record(&self) -> Record {
        let mut record = vec![("package", Value::Text(self.name.clone()))];
        push_text(&mut record, "version", &self.reference);
        push_text(&mut record, "repo", &self.repo);
        push_text(&mut record, "vcs", self.vcs.map_or("", VcsKind::as_str));
        push_texts(&mut record, "subpackages", &self.subpackages);
        push_texts(&mut record, "arch", self.arch.as_deref().unwrap_or(&[]));
        push_texts(&mut record, "os", self.os.as_deref().unwrap_or(&[]));
        record
    }
}

/// Adds a text, unless it is empty.
pub(super) fn push_text(record: &mut Record, key: &'static str, text: &str) {
    if !text.is_empty() {
        record.push((key, Value::Text(text.to_owned())));
    }
}

/// Adds a list of texts, unless it is empty.
pub(super) fn push_texts(record: &mut Record, key: &'static str, texts: &[String]) {
    if !texts.is_empty() {
        record.push((key, Value::Texts(texts.to_vec())));
    }
}

/// Puts what was read in its place; what could not be read leaves it alone.
pub(super) fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

impl Fields for RawDependency {
    const NAME: &'static str = "a dependency";

    fn field(&mut self, key: &str, value: NodeId, decoder: &mut Decoder<'_>) -> Result<(), Error> {
        match key {
            "package" => set(&mut self.package, decoder.text(value)?),
            "version" => set(&mut self.version, decoder.text(value)?),
            "ref" => set(&mut self.reference, decoder.text(value)?),
            "repo" => set(&mut self.repo, decoder.text(value)?),
            "vcs" => set(&mut self.vcs, decoder.text(value)?),
            "subpackages" => {
                let texts = decoder.texts(value)?;
                set(&mut self.subpackages, texts.map(Option::unwrap_or_default));
            }
            "arch" => set(&mut self.arch, decoder.texts(value)?),
            "os" => set(&mut self.os, decoder.texts(value)?),
            _ => {}
        }
        Ok(())
    }
}
