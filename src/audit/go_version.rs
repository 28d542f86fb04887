//! From a commit to the version that the go command gives it; pure.
//!
//! Answers to `cmd/go/internal/modfetch` and <https://go.dev/ref/mod#pseudo-versions>: the highest tag
//! on the commit that is a version of the module, else a pseudo-version above the highest such tag
//! before it. Where files are not known, it is taken for granted that there is no go.mod at the root,
//! as with nearly all that Glide pins, and the answer says that it is not sure.

mod path;

use std::cell::{Cell, OnceCell};

use super::History;
use crate::foreign::gomod;
use crate::model::VcsKind;
use crate::version::go::{self, compare};

pub use path::ModulePath;

/// What there is at a path of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// Nobody has looked.
    Unknown,
    /// Nothing.
    Absent,
    /// A file with these bytes.
    Found(Vec<u8>),
}

/// What is known of a repository for the versions of its modules.
pub struct ModuleRepository<'a> {
    /// Its system.
    pub kind: VcsKind,
    /// Its commits and tags.
    pub history: &'a dyn History,
    /// The file at a path (`go.mod`, `v2/go.mod`) of a commit.
    pub look: &'a dyn Fn(&str, &str) -> Look,
}

/// The version of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoVersion {
    /// The version, canonical or a pseudo-version.
    pub version: String,
    /// The highest version before the commit, which a pseudo-version is made from.
    pub base: Option<String>,
    /// Whether the files that count were looked at.
    pub is_sure: bool,
}

/// Why a commit has no version as that module.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoVersion {
    /// The path is none that a module may have, or belongs to another repository.
    #[error("`{0}` is no module's path in this repository")]
    Path(String),
    /// No branch or tag leads to the commit, and the go command takes no others.
    #[error("no branch or tag leads to the commit")]
    NotHeld,
    /// Not all of the history is known, and the commit is not in what is.
    #[error("the commit is not in that part of the history which is known")]
    NotKnown,
    /// The commit does not have the module.
    #[error("the commit does not have the module: {0}")]
    NoModule(String),
}

/// The version that a commit has as a version of a module.
pub fn go_version(
    repository: &ModuleRepository<'_>,
    module: &ModulePath,
    commit: &str,
) -> Result<GoVersion, NoVersion> {
    let history = repository.history;
    let Some(time) = history.time(commit).filter(|_| history.holds(commit)) else {
        return Err(if history.is_whole() {
            NoVersion::NotHeld
        } else {
            NoVersion::NotKnown
        });
    };
    let asked = Asked {
        repository,
        module,
        commit,
        is_sure: Cell::new(true),
        retracted: OnceCell::new(),
    };
    let tags = history.tags().iter();
    let here = tags.filter(|(_, tagged)| tagged == commit);
    let canonical = here.filter_map(|(name, _)| asked.version_of(name, true));
    let canonical = canonical.reduce(|one, other| highest(&one, other));
    let (version, base) = canonical.map_or_else(
        || {
            let base = asked.base();
            let major = module.major().unwrap_or_default();
            (go::pseudo(major, base.as_deref(), time, commit), base)
        },
        |version| (version, None),
    );
    asked.file_of_module(commit)?;
    let version = asked.allowed(version)?;
    Ok(GoVersion {
        version,
        base,
        is_sure: asked.is_sure.get(),
    })
}

/// The higher version; the first of two that are equal.
fn highest(one: &str, other: String) -> String {
    if compare(one, &other).is_lt() {
        other
    } else {
        one.to_owned()
    }
}

/// The question, and what has been found out for it.
struct Asked<'a> {
    repository: &'a ModuleRepository<'a>,
    module: &'a ModulePath,
    commit: &'a str,
    is_sure: Cell<bool>,
    /// What the module's newest version retracts.
    retracted: OnceCell<Vec<(String, String)>>,
}

impl Asked<'_> {
    /// The canonical version that a tag stands for, if it may count for the commit; `exactly` where
    /// the tag itself has to be canonical.
    fn version_of(&self, tag: &str, exactly: bool) -> Option<String> {
        let version = self.module.version_of(tag)?;
        let is_spelt = !exactly || self.module.tag(&version) == tag;
        let may_count = is_spelt
            && (self.module.matches(&version) || self.may_be_incompatible(&version))
            && !self.is_retracted(&version);
        may_count.then_some(version)
    }

    /// The highest version before the commit.
    fn base(&self) -> Option<String> {
        // The go command looks for it in Git alone.
        if self.repository.kind != VcsKind::Git {
            return None;
        }
        let tags = self.repository.history.tags_up_to(self.commit);
        let versions = tags
            .iter()
            .filter_map(|(name, _)| self.version_of(name, false));
        versions.reduce(|one, other| highest(&one, other))
    }

    /// Whether a version of a major version that the path does not name may be one of the module:
    /// for repositories that know nothing of modules.
    fn may_be_incompatible(&self, version: &str) -> bool {
        if !self.module.is_plain_root() {
            return false;
        }
        let major = go::major(version).unwrap_or_default();
        let files = ["go.mod".to_owned(), format!("{major}/go.mod")];
        files
            .iter()
            .all(|file| self.read(self.commit, file).is_none())
    }

    /// The version with its mark, where it has to have one.
    fn allowed(&self, version: String) -> Result<String, NoVersion> {
        if self.module.matches(&version) {
            Ok(version)
        } else if self.may_be_incompatible(&version) {
            Ok(version + "+incompatible")
        } else {
            let major = go::major(&version).unwrap_or_default();
            Err(NoVersion::NoModule(format!("{major} has another path")))
        }
    }

    /// A file; one that nobody has looked at is taken for absent, and that is remembered where it is
    /// a file of the commit itself.
    fn read(&self, commit: &str, file: &str) -> Option<Vec<u8>> {
        match (self.repository.look)(commit, file) {
            Look::Found(bytes) => Some(bytes),
            Look::Absent => None,
            Look::Unknown => {
                if commit == self.commit {
                    self.is_sure.set(false);
                }
                None
            }
        }
    }

    /// The go.mod that makes the module at a commit; `None` where it goes without one.
    fn file_of_module(&self, commit: &str) -> Result<Option<Vec<u8>>, NoVersion> {
        let module = self.module;
        let is_of_major = |bytes: &[u8], exactly: bool| {
            let path = gomod::module_path(bytes);
            path.is_some_and(|path| module.may_be_called(&path, exactly))
        };
        let first_file = module.tag("go.mod");
        let first = self.read(commit, &first_file);
        let found_first = first
            .as_ref()
            .is_some_and(|bytes| is_of_major(bytes, false));
        let second_file = module.major_folder();
        if let Some(file) = &second_file
            && let Some(second) = self.read(commit, file)
        {
            let found_second = is_of_major(&second, true);
            return match (found_first, found_second) {
                (false, true) => Ok(Some(second)),
                (true, true) => Err(NoVersion::NoModule(format!(
                    "both {first_file} and {file} make it"
                ))),
                (_, false) => Err(NoVersion::NoModule(format!("{file} makes another module"))),
            };
        }
        match first {
            Some(bytes) if found_first => Ok(Some(bytes)),
            Some(_) => Err(NoVersion::NoModule(format!(
                "{first_file} makes another module"
            ))),
            None if module.needs_no_file() || !self.has_looked(commit, &first_file) => Ok(None),
            None => Err(NoVersion::NoModule(format!("there is no {first_file}"))),
        }
    }

    fn has_looked(&self, commit: &str, file: &str) -> bool {
        (self.repository.look)(commit, file) != Look::Unknown
    }

    /// Whether the newest version of the module takes a version back.
    fn is_retracted(&self, version: &str) -> bool {
        let retracted = self.retracted.get_or_init(|| self.retractions());
        let mut ranges = retracted.iter();
        ranges.any(|(low, high)| compare(low, version).is_le() && compare(version, high).is_le())
    }

    fn retractions(&self) -> Vec<(String, String)> {
        let newest = self
            .newest()
            .and_then(|commit| self.file_of_module(&commit).ok()?);
        newest.map_or_else(Vec::new, |bytes| gomod::retracted(&bytes))
    }

    /// The commit of the newest version, pre-releases only where there is nothing else.
    fn newest(&self) -> Option<String> {
        let tags = self.repository.history.tags().iter();
        let versions = tags.filter_map(|(name, commit)| {
            let version = self.module.version_of(name)?;
            let counts = self.module.has_tags()
                && self.module.tag(&version) == *name
                && !go::is_pseudo(&version)
                && self.module.matches(&version);
            counts.then_some((version, commit))
        });
        let newest = versions.max_by(|(one, _), (other, _)| {
            let is_release = |version: &str| go::prerelease(version).is_empty();
            let releases = is_release(one).cmp(&is_release(other));
            releases.then_with(|| compare(one, other))
        });
        newest.map(|(_, commit)| commit.clone())
    }
}

#[cfg(test)]
mod tests;
