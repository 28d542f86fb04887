//! What the walk says of dependencies and packages: each thing once, and who is behind it.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use super::failure::{Error, Unmet};
use super::ledger::{Entry, EntryId, Section};
use super::walk::Walk;
use crate::error::{Failure, Place};
use crate::manifest::Dependency;
use crate::model::{is_at_or_below, similar};
use crate::report::Level;

/// How many importers of a package are named.
const CHAIN: usize = 10;
/// Who imports a package when it is the project itself that does.
pub(super) const PROJECT: &str = "the project";
/// Who asks for what stands in glide.yaml.
pub(super) const GLIDE_YAML: &str = "glide.yaml";
/// Between those who ask for what several want.
pub(super) const AND: &str = " and ";

/// A text that a dependency may have made up, which must not look like other messages.
fn on_one_line(text: &str) -> Cow<'_, str> {
    if text.contains(char::is_control) {
        Cow::Owned(text.escape_debug().to_string())
    } else {
        Cow::Borrowed(text)
    }
}

/// Hosts that many repositories are on, for names that nearly name one.
const HOSTS: [&str; 8] = [
    "github.com",
    "gitlab.com",
    "bitbucket.org",
    "golang.org",
    "google.golang.org",
    "gopkg.in",
    "k8s.io",
    "launchpad.net",
];

/// A failure with one more hint, before the others.
fn with_first_hint(mut failure: Failure, hint: String) -> Failure {
    failure.hints.insert(0, hint);
    failure
}

impl Walk<'_> {
    /// Why an entry has no commit, and who wants it.
    pub(super) fn unmet(&self, id: EntryId, unmet: Unmet) -> Failure {
        let entry = self.ledger.get(id);
        let Dependency {
            name, reference, ..
        } = &*entry.dependency;
        let (mut name, reference) = (on_one_line(name), on_one_line(reference));
        if name.is_empty() {
            name = "an entry without a name".into();
        }
        let mut what = format!("Unable to set version on {name}"); // Glide text
        if !reference.is_empty() {
            let askers = self.askers(&entry.asked_by, &entry.dependency.name);
            let want = if entry.asked_by.contains(AND) {
                "want"
            } else {
                "wants"
            };
            what = format!("{what} to {reference}, which {askers} {want}"); // Glide text
        }
        let listed = self.world.project.listed_at(&entry.dependency.name);
        let what = match &listed {
            Some(place) if reference.is_empty() && entry.listed => format!("{what} ({place})"),
            _ => what,
        };
        let is_fault = matches!(unmet, Unmet::Fault(_));
        let mut failure = unmet.about(what);
        failure.place = failure.place.or(listed.filter(|_| entry.listed));
        if entry.asked_by.contains(AND) {
            failure = failure.with_hint(
                "they do not agree: a tag, branch or commit as `version:` in glide.yaml wins over what others want",
            );
        }
        match self.meant(&entry.dependency.name).filter(|_| is_fault) {
            Some(hint) => with_first_hint(failure, hint),
            None => failure,
        }
    }

    /// Who wants a version, with the line where it is glide.yaml, else with who imports them.
    pub(super) fn askers(&self, by: &str, name: &str) -> String {
        let askers = by.split(AND).map(|asker| {
            if asker == GLIDE_YAML {
                let place = self.world.project.listed_at(name);
                return place.map_or_else(|| asker.to_owned(), |place| place.to_string());
            }
            // The package of it with the first name, so that two runs say the same.
            let packages = self
                .importers
                .keys()
                .filter(|package| is_at_or_below(package, asker));
            let chain = packages.min().map(|package| self.chain(package).0);
            match chain.filter(|chain| chain != PROJECT) {
                Some(chain) => format!("{asker} (imported by {chain})"),
                None => asker.to_owned(),
            }
        });
        askers.collect::<Vec<_>>().join(AND)
    }

    /// What a name that leads nowhere may have been meant to be.
    fn meant(&self, name: &str) -> Option<String> {
        let ids = [Section::Imports, Section::TestImports].into_iter();
        let ids = ids.flat_map(|section| self.ledger.section(section));
        let known: Vec<&str> = ids
            .map(|id| self.ledger.get(id))
            .filter(|entry| entry.pin.is_some())
            .map(|entry| entry.dependency.name.as_str())
            .collect();
        if let Some(known) = similar(name, known) {
            return Some(format!(
                "did you mean `{known}`, which the project has as well?"
            ));
        }
        let (host, rest) = name.split_once('/')?;
        if HOSTS.contains(&host) {
            return None;
        }
        let meant = similar(host, HOSTS)?;
        Some(format!("did you mean `{meant}/{rest}`?"))
    }

    /// Says something once; gives whether it was new.
    pub(super) fn say(&mut self, level: Level, message: &str) -> bool {
        let new = self.said.insert(message.to_owned());
        if new {
            self.world.reporter.log(level, message);
        }
        new
    }

    /// A package that is in no commit that its repository has stood at.
    pub(super) fn lost(&mut self, package: &str) {
        let (root, below) = self.split(package);
        let (_, at) = self.place(&root);
        let what = match at {
            _ if self.is_own(&root) => format!("the project has no folder `{below}`"),
            None => format!("no version of {root} is known, and its default branch has no commit"),
            Some(at) => format!("{root} at {} has no folder `{below}`", at.short()),
        };
        let hint = if self.is_own(&root) {
            self.own_folder_meant(&below)
        } else {
            format!(
                "is it spelled right? A `version:` of {root} in glide.yaml that has it decides for all who import it"
            )
        };
        self.fail(package, Failure::user(what).with_hint(hint));
    }

    /// What to do about a folder that the project lacks.
    fn own_folder_meant(&self, folder: &str) -> String {
        let (above, name) = folder.rsplit_once('/').unwrap_or(("", folder));
        let there = self.world.project.list(above).unwrap_or_default();
        let folders = there.iter().filter(|(_, is_folder)| *is_folder);
        match similar(name, folders.map(|(name, _)| name.as_str())) {
            Some(meant) if above.is_empty() => format!("did you mean `{meant}`?"),
            Some(meant) => format!("did you mean `{above}/{meant}`?"),
            None => "is it spelled right, and has the folder been committed? If code is generated there, generate \
                     it first; `ignore:` in glide.yaml passes it by"
                .to_owned(),
        }
    }

    /// The walk's end where imports have none.
    pub(super) fn no_end_of(&self, package: String) -> Error {
        Error::Endless {
            chain: self.chain(&package).0,
            most: self.reached.len() + 1,
            package,
        }
    }

    /// Reports what is wrong with a package, and who imports it.
    pub(super) fn fail(&mut self, package: &str, failure: Failure) {
        if !self.failed.insert(package.to_owned()) {
            return;
        }
        let (chain, place) = self.chain(package);
        let failure = match self.meant(&self.split(package).0) {
            Some(hint) => with_first_hint(failure, hint),
            None => failure,
        };
        let mut failure = failure.about(format!("Error scanning {package}, imported by {chain}")); // Glide text
        failure.place = failure.place.or(place);
        let failure = self.hinted.anew(failure);
        self.world.reporter.problem(Some(package), &failure);
    }

    /// Who imports a package, up to the project, and where in that.
    fn chain(&self, package: &str) -> (String, Option<Place>) {
        let mut chain = Vec::new();
        let mut seen = HashSet::new();
        let mut at = package;
        while let Some(importer) = self.importers.get(at) {
            if !seen.insert(importer.as_str()) {
                break;
            }
            chain.push(importer.as_str());
            at = importer;
        }
        // Of the project's own code the file is known.
        let last = chain.last().copied();
        let before = if chain.len() > 1 {
            chain[chain.len() - 2]
        } else {
            package
        };
        let place = match last {
            Some(PROJECT) => self.world.project.imported_at(before),
            _ => None,
        };
        let at_last = place.as_ref();
        let at_last = at_last.map(|place| format!("{PROJECT} ({place})"));
        if let Some((last, at_last)) = chain.last_mut().zip(at_last.as_deref()) {
            *last = at_last;
        }
        if chain.len() > CHAIN {
            // The ends tell most.
            chain.splice(CHAIN / 2..chain.len() - CHAIN / 2, ["..."]);
        }
        if chain.is_empty() {
            return (PROJECT.to_owned(), None);
        }
        (chain.join(", imported by "), place)
    }

    /// Warns of repositories whose names differ by case alone.
    pub(super) fn tell_of_cases(&mut self) {
        let mut alike: BTreeMap<String, Vec<EntryId>> = BTreeMap::new();
        for section in [Section::Imports, Section::TestImports] {
            for id in self.ledger.section(section) {
                let name = &self.ledger.get(id).dependency.name;
                let same = alike.entry(name.to_lowercase()).or_default();
                if same
                    .iter()
                    .all(|&other| self.ledger.get(other).dependency.name != *name)
                {
                    same.push(id);
                }
            }
        }
        for same in alike.into_values().filter(|same| same.len() > 1) {
            let whose = same.iter().map(|&id| self.whose(self.ledger.get(id)));
            let message = format!(
                "{} differ by case alone: if they are one repository, one spelling should do; where \
                 file names do not differ by case, so do they not",
                whose.collect::<Vec<_>>().join(" and ")
            );
            self.say(Level::Warn, &message);
        }
    }

    fn whose(&self, entry: &Entry) -> String {
        let name = &entry.dependency.name;
        let met_as = entry.met_as.as_ref();
        match met_as.and_then(|package| self.importers.get(package)) {
            _ if entry.listed => format!("{name}, which glide.yaml lists,"),
            Some(importer) => format!("{name}, which {importer} imports,"),
            None => name.clone(),
        }
    }

    /// Keeps who imports a package first.
    pub(super) fn imported_by(&mut self, import: &str, package: &str) {
        if !self.importers.contains_key(import) {
            self.importers.insert(import.to_owned(), package.to_owned());
        }
    }
}
