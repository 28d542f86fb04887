//! The project's files as `doctor` finds them, and what its repositories answer.

use std::path::{Path, PathBuf};

use super::super::Context;
use super::super::network::Network;
use super::super::parallel;
use super::super::project::{self as opened, Project};
use crate::discover::Offline;
use crate::doctor::{self, Answer, LockState, MirrorTarget, Place, Trouble};
use crate::error::Failure;
use crate::fsx;
use crate::manifest::{Config, Lock, Mirrors, Remote};
use crate::vcs::git::{Earlier, EarlierError};

/// A project as far as it can be read.
#[derive(Default)]
pub(super) struct Found {
    /// Its folder.
    pub(super) folder: Option<PathBuf>,
    /// What is judged of it.
    pub(super) project: doctor::Project,
    config: Option<Config>,
    lock: Option<Lock>,
}

/// The mirrors, as far as they can be read.
pub(super) struct FoundMirrors {
    pub(super) mirrors: Mirrors,
    pub(super) trouble: Option<Trouble>,
    pub(super) targets: Vec<MirrorTarget>,
}

/// A failure on one line, and its hints on another.
pub(super) fn trouble(failure: &Failure) -> Trouble {
    let causes = failure.causes();
    let said = std::iter::once(failure.to_string()).chain(causes);
    Trouble {
        said: said.collect::<Vec<_>>().join(": "),
        next: failure.hints.join("; "),
    }
}

/// Looks for the project that we are in.
pub(super) fn find(context: &Context<'_>) -> Found {
    let Some(project) = Project::look(context) else {
        return Found::default();
    };
    let mut found = Found {
        folder: Some(project.folder.clone()),
        ..Found::default()
    };
    let facts = &mut found.project;
    facts.manifest = Some(project.manifest.clone());
    facts.has_go_mod = fsx::exists(&project.folder.join("go.mod"));
    facts.closed = closed(&project.folder);
    facts.repository = repository(&project.folder);
    facts.vendor_is = what_vendor_is(&project.folder);
    if let Some(here) = project.place(context) {
        facts.place = Place::InGopath(here);
    }
    match config(&project) {
        Ok(config) => {
            facts.package.clone_from(&config.package);
            found.config = Some(config);
        }
        Err(failure) => facts.trouble = Some(trouble(&failure)),
    }
    let hash = found.config.as_ref().map(Config::hash);
    (found.project.lock, found.lock) = lock(&project, hash.as_deref());
    found
}

fn config(project: &Project) -> Result<Config, Failure> {
    let bytes = project.read()?;
    Config::read(&bytes, &Offline).map_err(|error| project.malformed(error))
}

fn lock(project: &Project, hash: Option<&str>) -> (LockState, Option<Lock>) {
    if !project.has_lock() {
        return (LockState::Missing, None);
    }
    match project.lock() {
        Err(failure) => (LockState::Broken(trouble(&failure)), None),
        Ok(lock) => {
            let count = lock.imports.len() + lock.test_imports.len();
            let is_fresh = hash.is_none_or(|hash| hash == lock.hash);
            let state = if is_fresh {
                LockState::Fresh(count)
            } else {
                LockState::Stale
            };
            (state, Some(lock))
        }
    }
}

/// Why nothing can be made in a folder.
pub(super) fn closed(folder: &Path) -> Option<String> {
    let made = fsx::nameless_file(folder);
    made.err().map(|error| error.source.to_string())
}

/// Why the Git repository that a folder stands in, if it stands in one, cannot be opened.
fn repository(folder: &Path) -> Option<Trouble> {
    match Earlier::of(folder) {
        Ok(_) | Err(EarlierError::NoRepository { .. }) => None,
        Err(error) => Some(trouble(&Failure::from(error))),
    }
}

fn what_vendor_is(folder: &Path) -> Option<&'static str> {
    let found = fsx::stat(&folder.join("vendor")).ok()??;
    (!found.is_dir()).then_some("no folder")
}

impl Found {
    /// Where each dependency is fetched from: those that are pinned, or else those that are listed.
    pub(super) fn remotes(&self, mirrors: &Mirrors) -> Vec<(String, Remote)> {
        if let Some(lock) = &self.lock {
            let pins = lock.imports.iter().chain(&lock.test_imports);
            return pins
                .map(|pin| (pin.name.clone(), pin.remote(mirrors)))
                .collect();
        }
        let lists = self.config.iter();
        let listed = lists.flat_map(|config| config.imports.iter().chain(&config.test_imports));
        listed
            .map(|dependency| (dependency.name.clone(), dependency.remote(mirrors)))
            .collect()
    }
}

/// Reads mirrors.yaml, and looks for those in folders.
pub(super) fn mirrors(home: &Path) -> FoundMirrors {
    let (mirrors, trouble) = match opened::mirrors(home) {
        Ok(mirrors) => (mirrors, None),
        Err(failure) => (Mirrors::default(), Some(trouble(&failure))),
    };
    let targets = mirrors.repos.iter().filter_map(|mirror| {
        let url = mirror.repo.strip_prefix("file://");
        let path = url.map_or_else(|| PathBuf::from(&mirror.repo), fsx::path_of_url);
        path.is_absolute().then(|| MirrorTarget {
            original: crate::http::mask(&mirror.original),
            exists: fsx::exists(&path),
            path,
        })
    });
    let targets = targets.collect();
    FoundMirrors {
        mirrors,
        trouble,
        targets,
    }
}

/// Asks each repository which names it has.
pub(super) fn ask(
    context: &Context<'_>,
    network: &Network,
    remotes: &[(String, Remote)],
) -> Vec<Answer> {
    let clients = match network.remotes() {
        Ok(clients) => clients,
        Err(failure) => {
            return vec![Answer {
                name: "nobody can be asked".to_owned(),
                trouble: Some(trouble(&failure)),
            }];
        }
    };
    parallel::map(remotes, context.settings.fetches, |(name, remote)| {
        let answer = clients.tags(name, remote);
        Answer {
            name: name.clone(),
            trouble: answer.err().map(|failure| trouble(&failure)),
        }
    })
}
