//! glide.yaml.

use crate::model::{Roots, is_at_or_below, sha256_hex};
use crate::yaml::{self, Decoder, Fields, NodeId, Record, Value};

use super::dependency::{Dependency, RawDependency, push_text, push_texts, set};
use super::error::Error;
use super::files::FileKind;
use super::normalise::merge_repeated;
use super::{read_file, read_records};

/// A project's glide.yaml, normalised.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// The project's own import path.
    pub package: String,
    /// What it is, in a sentence.
    pub description: String,
    /// The address of its website.
    pub homepage: String,
    /// An SPDX expression or the path of a file.
    pub license: String,
    /// Who owns it. `None` is an item that is null, which is kept as Glide does.
    pub owners: Vec<Option<Owner>>,
    /// Packages that are not to be fetched.
    pub ignore: Vec<String>,
    /// Folders of the project that are not scanned.
    pub exclude_dirs: Vec<String>,
    /// What the project needs; roots, each once.
    pub imports: Vec<Dependency>,
    /// What only its tests need; roots, each once.
    pub test_imports: Vec<Dependency>,
}

/// An owner of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owner {
    /// A person's or an organization's name.
    pub name: String,
    /// An address for mail.
    pub email: String,
    /// The address of a website.
    pub homepage: String,
}

/// A glide.yaml as it is written: names are not split, nothing is merged or dropped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawConfig {
    /// All but the two lists.
    pub(super) head: Config,
    pub(super) imports: Vec<RawDependency>,
    pub(super) test_imports: Vec<RawDependency>,
    /// Whether `testImport` stands before `import`: roots are asked for in this order.
    pub(super) tests_first: bool,
}

impl Config {
    /// Reads a glide.yaml; the first of two steps, which asks nobody.
    pub fn parse(bytes: &[u8]) -> Result<RawConfig, Error> {
        read_file(bytes).map_err(|error| Error::reading(error, bytes, FileKind::Config))
    }

    /// Reads a glide.yaml and normalises it.
    pub fn read(bytes: &[u8], roots: &dyn Roots) -> Result<Self, Error> {
        Self::parse(bytes)?.normalise(roots)
    }

    /// The text that Glide writes for it.
    pub fn to_yaml(&self) -> String {
        let mut record = vec![("package", Value::Text(self.package.clone()))];
        push_text(&mut record, "description", &self.description);
        push_text(&mut record, "homepage", &self.homepage);
        push_text(&mut record, "license", &self.license);
        if !self.owners.is_empty() {
            let owners = self.owners.iter();
            let owners = owners.map(|owner| owner.as_ref().map(Owner::to_record));
            record.push(("owners", Value::Records(owners.collect())));
        }
        push_texts(&mut record, "ignore", &self.ignore);
        push_texts(&mut record, "excludeDirs", &self.exclude_dirs);
        record.push(("import", dependency_records(&self.imports)));
        if !self.test_imports.is_empty() {
            record.push(("testImport", dependency_records(&self.test_imports)));
        }
        yaml::write(&record)
    }

    /// The `hash` that a glide.lock made from it carries: the SHA-256 of [`Config::to_yaml`], so
    /// comments, order of keys and spelling do not count.
    pub fn hash(&self) -> String {
        sha256_hex(self.to_yaml().as_bytes())
    }

    /// Whether the package is ignored, by its own name or with a package above it.
    pub fn has_ignore(&self, name: &str) -> bool {
        let mut ignored = self.ignore.iter();
        ignored.any(|ignored| is_at_or_below(name, ignored))
    }

    /// Whether the folder of the project is not to be scanned; `\` counts as `/`.
    pub fn has_exclude(&self, folder: &str) -> bool {
        let folder = folder.replace('\\', "/");
        let mut excluded = self.exclude_dirs.iter();
        excluded.any(|excluded| excluded.replace('\\', "/") == folder)
    }

    /// Whether the root is an import or a test import.
    pub fn has_dependency(&self, name: &str) -> bool {
        let mut all = self.imports.iter().chain(&self.test_imports);
        all.any(|entry| entry.name == name)
    }

    /// The roots of all imports and test imports.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let all = self.imports.iter().chain(&self.test_imports);
        all.map(|entry| entry.name.as_str())
    }

    /// Adds imports, merging those that are there already.
    pub fn add_imports(&mut self, entries: Vec<Dependency>) -> Result<(), Error> {
        let mut all = self.imports.clone();
        all.extend(entries);
        self.imports = merge_repeated(all)?;
        Ok(())
    }

    /// Adds test imports, merging those that are there already.
    pub fn add_test_imports(&mut self, entries: Vec<Dependency>) -> Result<(), Error> {
        let mut all = self.test_imports.clone();
        all.extend(entries);
        self.test_imports = merge_repeated(all)?;
        Ok(())
    }
}

fn dependency_records(entries: &[Dependency]) -> Value {
    let records = entries.iter().map(|entry| Some(entry.to_record()));
    Value::Records(records.collect())
}

impl Owner {
    fn to_record(&self) -> Record {
        let mut record = Record::new();
        push_text(&mut record, "name", &self.name);
        push_text(&mut record, "email", &self.email);
        push_text(&mut record, "homepage", &self.homepage);
        record
    }
}

impl Fields for Owner {
    const NAME: &'static str = "an owner";

    fn field(
        &mut self,
        key: &str,
        value: NodeId,
        decoder: &mut Decoder<'_>,
    ) -> Result<(), yaml::Error> {
        match key {
            "name" => set(&mut self.name, decoder.text(value)?),
            "email" => set(&mut self.email, decoder.text(value)?),
            "homepage" => set(&mut self.homepage, decoder.text(value)?),
            _ => {}
        }
        Ok(())
    }
}

impl Fields for RawConfig {
    const NAME: &'static str = "a glide.yaml";

    fn field(
        &mut self,
        key: &str,
        value: NodeId,
        decoder: &mut Decoder<'_>,
    ) -> Result<(), yaml::Error> {
        let head = &mut self.head;
        let dependencies = "a list of dependencies";
        match key {
            "package" => set(&mut head.package, decoder.text(value)?),
            "description" => set(&mut head.description, decoder.text(value)?),
            "homepage" => set(&mut head.homepage, decoder.text(value)?),
            "license" => set(&mut head.license, decoder.text(value)?),
            "owners" => {
                let name = "a list of owners";
                let owners = decoder.list(value, name, Decoder::record_or_null)?;
                set(&mut head.owners, owners.map(Option::unwrap_or_default));
            }
            "ignore" | "excludeDirs" => {
                let list = match key {
                    "ignore" => &mut head.ignore,
                    _ => &mut head.exclude_dirs,
                };
                set(list, decoder.texts(value)?.map(Option::unwrap_or_default));
            }
            "import" => {
                self.tests_first = !self.test_imports.is_empty();
                set(
                    &mut self.imports,
                    read_records(decoder, value, dependencies)?,
                );
            }
            "testImport" => {
                set(
                    &mut self.test_imports,
                    read_records(decoder, value, dependencies)?,
                );
            }
            _ => {}
        }
        Ok(())
    }
}
