//! glide.lock.

use std::collections::HashMap;

use crate::model::{VcsKind, go_sort, sha256_hex};
use crate::yaml::{self, Decoder, Fields, NodeId, Record, Value};

use super::dependency::{Dependency, Remote, push_text, push_texts, set};
use super::error::Error;
use super::files::FileKind;
use super::mirrors::Mirrors;
use super::timestamp::Timestamp;
use super::{lower_case, read_file, read_records};

/// A project's glide.lock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// The hash of the glide.yaml that it was made from.
    pub hash: String,
    /// When it was made.
    pub updated: Timestamp,
    /// What the project needs, each at one commit.
    pub imports: Vec<LockedDependency>,
    /// What only its tests need.
    pub test_imports: Vec<LockedDependency>,
}

/// An entry of glide.lock, as it is written: nothing in it is checked or split.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LockedDependency {
    /// The root of the repository.
    pub name: String,
    /// The commit (or whatever the lock says).
    pub version: String,
    /// Where to fetch from; empty when the name says it.
    pub repo: String,
    /// The version control system, any text.
    pub vcs: String,
    /// The packages used, below the root.
    pub subpackages: Vec<String>,
    /// The architectures it is for; empty for all.
    pub arch: Vec<String>,
    /// The operating systems it is for; empty for all.
    pub os: Vec<String>,
}

/// A dependency and the commit that was found for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pin {
    /// The dependency, with the reference that was asked for.
    pub dependency: Dependency,
    /// The commit.
    pub revision: String,
}

impl Lock {
    /// A lock of pins, sorted by name without regard to case (names that differ by nothing else stand
    /// as Go's sort leaves them); a test import that is an import too
    /// is left out, or an error if it was asked for at another reference.
    pub fn new(
        hash: String,
        updated: Timestamp,
        imports: &[Pin],
        test_imports: &[Pin],
    ) -> Result<Self, Error> {
        let asked = |pins: &[Pin]| -> Vec<(String, String)> {
            let pins = pins.iter().map(|pin| &pin.dependency);
            pins.map(|entry| (entry.name.clone(), entry.reference.clone()))
                .collect()
        };
        let kept = only_in_tests(&asked(imports), &asked(test_imports))?;
        let mut lock = Self {
            hash,
            updated,
            imports: imports.iter().map(Pin::lock).collect(),
            test_imports: kept.iter().map(|&at| test_imports[at].lock()).collect(),
        };
        lock.sort();
        Ok(lock)
    }

    /// Reads a glide.lock.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        read_file(bytes).map_err(|error| Error::reading(error, bytes, FileKind::Lock))
    }

    /// The text that Glide writes: sub-packages sorted, test imports that are imports too left out.
    ///
    /// Fails where such a test import is at another version. The order of entries is kept.
    pub fn to_yaml(&self) -> Result<String, Error> {
        let versions = |entries: &[LockedDependency]| -> Vec<(String, String)> {
            let entries = entries.iter();
            entries
                .map(|entry| (entry.name.clone(), entry.version.clone()))
                .collect()
        };
        let kept = only_in_tests(&versions(&self.imports), &versions(&self.test_imports))?;
        let records = |entries: Vec<&LockedDependency>| {
            let records = entries.into_iter().map(|entry| Some(entry.to_record()));
            Value::Records(records.collect())
        };
        let test_imports = kept.iter().map(|&at| &self.test_imports[at]).collect();
        let mut record = Record::from(self.head());
        record.push(("imports", records(self.imports.iter().collect())));
        record.push(("testImports", records(test_imports)));
        Ok(yaml::write(&record))
    }

    /// What stands before the lists.
    pub(super) fn head(&self) -> [(&'static str, Value); 2] {
        [
            ("hash", Value::Text(self.hash.clone())),
            ("updated", Value::Text(self.updated.to_string())),
        ]
    }

    /// What tells two locks apart if it is not the time they were made or the order of entries:
    /// the SHA-256 of the sorted text without the time, in hex.
    pub fn fingerprint(&self) -> Result<String, Error> {
        let mut lock = self.clone();
        lock.updated = Timestamp::default();
        lock.sort();
        Ok(sha256_hex(lock.to_yaml()?.as_bytes()))
    }

    pub(super) fn sort(&mut self) {
        for list in [&mut self.imports, &mut self.test_imports] {
            let mut keyed: Vec<_> = list
                .drain(..)
                .map(|entry| (lower_case(&entry.name), entry))
                .collect();
            go_sort(&mut keyed, |(one, _), (other, _)| one < other);
            list.extend(keyed.into_iter().map(|(_, entry)| entry));
        }
    }
}

/// The places of the test imports whose names are no imports.
///
/// Both are lists of name and version; a name in both must have one version.
fn only_in_tests(
    imports: &[(String, String)],
    test_imports: &[(String, String)],
) -> Result<Vec<usize>, Error> {
    let mut versions: HashMap<&str, Vec<&str>> = HashMap::new();
    for (name, version) in imports {
        versions.entry(name).or_default().push(version);
    }
    let mut kept = Vec::new();
    for (at, (name, version)) in test_imports.iter().enumerate() {
        let Some(imported) = versions.get(name.as_str()) else {
            kept.push(at);
            continue;
        };
        if let Some(import) = imported.iter().find(|import| *import != version) {
            return Err(Error::ConflictingPins {
                name: name.clone(),
                import: (*import).to_owned(),
                test_import: version.clone(),
            });
        }
    }
    Ok(kept)
}

impl Pin {
    fn lock(&self) -> LockedDependency {
        let entry = self.dependency.clone();
        LockedDependency {
            name: entry.name,
            version: self.revision.clone(),
            repo: entry.repo,
            vcs: entry.vcs.map_or("", VcsKind::as_str).to_owned(),
            subpackages: entry.subpackages,
            arch: entry.arch.unwrap_or_default(),
            os: entry.os.unwrap_or_default(),
        }
    }
}

impl LockedDependency {
    /// Where to fetch it from, mirrors applied; see [`Dependency::remote`].
    pub fn remote(&self, mirrors: &Mirrors) -> Remote {
        Remote::of(&self.name, &self.repo, &self.vcs, mirrors)
    }

    pub(super) fn to_record(&self) -> Record {
        let mut subpackages = self.subpackages.clone();
        subpackages.sort();
        let mut record = vec![
            ("name", Value::Text(self.name.clone())),
            ("version", Value::Text(self.version.clone())),
        ];
        push_text(&mut record, "repo", &self.repo);
        push_text(&mut record, "vcs", &self.vcs);
        push_texts(&mut record, "subpackages", &subpackages);
        push_texts(&mut record, "arch", &self.arch);
        push_texts(&mut record, "os", &self.os);
        record
    }
}

impl Fields for LockedDependency {
    const NAME: &'static str = "a locked dependency";

    fn field(
        &mut self,
        key: &str,
        value: NodeId,
        decoder: &mut Decoder<'_>,
    ) -> Result<(), yaml::Error> {
        match key {
            "name" => set(&mut self.name, decoder.text(value)?),
            "version" => set(&mut self.version, decoder.text(value)?),
            "repo" => set(&mut self.repo, decoder.text(value)?),
            "vcs" => set(&mut self.vcs, decoder.text(value)?),
            "subpackages" | "arch" | "os" => {
                let list = match key {
                    "subpackages" => &mut self.subpackages,
                    "arch" => &mut self.arch,
                    _ => &mut self.os,
                };
                set(list, decoder.texts(value)?.map(Option::unwrap_or_default));
            }
            _ => {}
        }
        Ok(())
    }
}

impl Fields for Lock {
    const NAME: &'static str = "a glide.lock";

    fn field(
        &mut self,
        key: &str,
        value: NodeId,
        decoder: &mut Decoder<'_>,
    ) -> Result<(), yaml::Error> {
        match key {
            "hash" => set(&mut self.hash, decoder.text(value)?),
            "updated" => {
                let parse = |text: &str| text.parse().map_err(|error| format!("{error}"));
                set(&mut self.updated, decoder.parsed(value, parse)?);
            }
            "imports" | "testImports" => {
                let list = match key {
                    "imports" => &mut self.imports,
                    _ => &mut self.test_imports,
                };
                let name = "a list of locked dependencies";
                set(list, read_records(decoder, value, name)?);
            }
            _ => {}
        }
        Ok(())
    }
}
