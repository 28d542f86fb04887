//! What the walk says of dependencies and packages: each thing once, and who is behind it.

use super::failure::Unmet;
use super::ledger::EntryId;
use super::local::join;
use super::walk::Walk;
use crate::error::Failure;
use crate::manifest::Dependency;
use crate::report::Level;

/// Who imports a package when it is the project itself that does.
pub(super) const PROJECT: &str = "the project";
/// Who asks for what stands in glide.yaml.
pub(super) const GLIDE_YAML: &str = "glide.yaml";

impl Walk<'_> {
    /// Why an entry has no commit, and who wants it.
    pub(super) fn unmet(&self, id: EntryId, unmet: Unmet) -> Failure {
        let entry = self.ledger.get(id);
        let Dependency {
            name, reference, ..
        } = &entry.dependency;
        let what = match reference.as_str() {
            "" => format!("Unable to set version on {name}"), // Glide text
            _ => format!(
                "Unable to set version on {name} to {reference}, which {} wants", // Glide text
                entry.asked_by
            ),
        };
        unmet.about(what)
    }

    /// Says something once; gives whether it was new.
    pub(super) fn say(&mut self, level: Level, message: String) -> bool {
        let new = self.said.insert(message.clone());
        if new {
            self.world.reporter.log(level, &message);
        }
        new
    }

    /// A package that is in no commit that its repository has stood at.
    pub(super) fn lost(&mut self, package: &str) {
        let (root, below) = self.split(package);
        let (_, at) = self.place(&root);
        let commit = at.map_or_else(String::new, |at| format!(" at {}", at.short()));
        let folder = join("", &below);
        let failure =
            Failure::user(format!("{root}{commit} has no folder `{folder}`")).with_hint(format!(
                "a `version:` of {root} in glide.yaml that has it decides for all who import it"
            ));
        self.fail(package, failure);
    }

    /// Reports what is wrong with a package, and who imports it.
    pub(super) fn fail(&mut self, package: &str, failure: Failure) {
        if !self.failed.insert(package.to_owned()) {
            return;
        }
        let chain = self.chain(package);
        let failure = failure.about(format!("Error scanning {package}, imported by {chain}")); // Glide text
        self.world.reporter.error(failure.render());
    }

    /// Who imports a package, up to the project.
    fn chain(&self, package: &str) -> String {
        let mut chain = Vec::new();
        let mut at = package;
        while let Some(importer) = self.importers.get(at) {
            if chain.contains(&importer.as_str()) {
                break;
            }
            chain.push(importer.as_str());
            at = importer;
        }
        match chain.is_empty() {
            true => PROJECT.to_owned(),
            false => chain.join(", imported by "),
        }
    }

    /// Keeps who imports a package first.
    pub(super) fn imported_by(&mut self, import: &str, package: &str) {
        if !self.importers.contains_key(import) {
            self.importers.insert(import.to_owned(), package.to_owned());
        }
    }
}
