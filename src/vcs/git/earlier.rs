//! Files of the user's own repository as they were at a revision.
//!
//! The repository is only read, through libgit2: no hook, filter or program runs. Whoever wrote its commits may
//! have meant harm, so sizes are looked at before bytes.

use std::path::{Path, PathBuf};

use git2::{ErrorCode, ObjectType, Oid, Repository, Tree};

use super::{local, loose, store};
use crate::error::Classify;
use crate::fsx;
use crate::vcs::ObjectId;

/// Longer files were written by nobody, and no tree has that many entries.
const LONGEST: u64 = 16 << 20;

/// What asks for the commit where a revision and `HEAD` have parted.
const MERGE_BASE: &str = "...";

/// A file that cannot be read as it was.
#[derive(Debug, thiserror::Error)]
pub enum EarlierError {
    /// The folder stands in no repository.
    #[error("`{}` is in no Git repository with a work tree", folder.display())]
    NoRepository {
        /// The folder.
        folder: PathBuf,
    },
    /// It does, and that cannot be opened.
    #[error("cannot open the Git repository of `{}`: {reason}", folder.display())]
    Closed {
        /// The folder.
        folder: PathBuf,
        /// What libgit2 says.
        reason: String,
        /// Whether it belongs to somebody else.
        is_foreign: bool,
    },
    /// No such revision is there.
    #[error("the repository has no revision `{revision}`{}", cut(*is_shallow))]
    NoRevision {
        /// What was asked for.
        revision: String,
        /// Whether the clone is shallow.
        is_shallow: bool,
    },
    /// What was asked for is nothing that names one commit.
    #[error("`{revision}` names no commit: {reason}")]
    NoCommit {
        /// What was asked for.
        revision: String,
        /// Why not.
        reason: String,
    },
    /// The revision and `HEAD` have no commit in common.
    #[error("`{revision}` and HEAD have no commit in common{}", cut(*is_shallow))]
    NoMergeBase {
        /// What was asked for, without its dots.
        revision: String,
        /// Whether the clone is shallow.
        is_shallow: bool,
    },
    /// The commit has something else there.
    #[error("`{path}` is no file in {commit}, but {what}")]
    NoFile {
        /// Its path from the root of the repository.
        path: String,
        /// The commit.
        commit: ObjectId,
        /// What it is.
        what: &'static str,
    },
    /// It is longer than anybody's.
    #[error("`{path}` is {size} bytes long in {commit}, and no more than 16 MiB are read")]
    TooLong {
        /// Its path from the root of the repository.
        path: String,
        /// The commit.
        commit: ObjectId,
        /// In bytes.
        size: usize,
    },
    /// What the repository should have is missing or damaged.
    #[error("cannot read `{path}` of {commit} in the repository: {reason}")]
    Unreadable {
        /// Its path from the root of the repository.
        path: String,
        /// The commit.
        commit: ObjectId,
        /// What libgit2 says.
        reason: String,
    },
    /// A path cannot be followed.
    #[error(transparent)]
    Files(#[from] fsx::Error),
}

/// What is said of a shallow clone.
fn cut(is_shallow: bool) -> &'static str {
    if is_shallow {
        ", whose history is cut short (a shallow clone)"
    } else {
        ""
    }
}

impl Classify for EarlierError {
    fn hints(&self) -> Vec<String> {
        let hint = match self {
            Self::Closed {
                folder, is_foreign, ..
            } if *is_foreign => format!(
                "it belongs to another user; `git config --global --add safe.directory {}` trusts it",
                folder.display()
            ),
            Self::NoRevision { is_shallow, .. } | Self::NoMergeBase { is_shallow, .. }
                if *is_shallow =>
            {
                "`git fetch --unshallow` gets all of it; a checkout in CI can be told how deep to go (`fetch-depth: 0`, `GIT_DEPTH: 0`)"
                    .to_owned()
            }
            Self::NoRevision { .. } => {
                "`git fetch` gets the branches and tags of a remote; they are called `origin/NAME` then"
                    .to_owned()
            }
            Self::NoCommit { revision, .. } if revision.contains("..") => format!(
                "name one revision, or `{}{MERGE_BASE}` for the commit where HEAD has left it",
                revision.split("..").next().unwrap_or_default()
            ),
            Self::Unreadable { .. } => {
                "`git fsck` tells what is wrong; `git fetch --refetch` gets what a partial clone has left out".to_owned()
            }
            _ => return Vec::new(),
        };
        vec![hint]
    }
}

/// A folder in the work tree of a repository.
pub struct Earlier {
    repository: Repository,
    /// The names of the folders from the root of the work tree down to it.
    names: Vec<Vec<u8>>,
}

impl Earlier {
    /// Finds the repository of a folder.
    pub fn of(folder: &Path) -> Result<Self, EarlierError> {
        store::configure();
        let here = fsx::canonicalize(folder)?;
        let nowhere = || EarlierError::NoRepository {
            folder: folder.to_owned(),
        };
        let repository = Repository::discover(&here).map_err(|error| match error.code() {
            ErrorCode::NotFound => nowhere(),
            code => EarlierError::Closed {
                folder: folder.to_owned(),
                reason: error.message().to_owned(),
                is_foreign: code == ErrorCode::Owner,
            },
        })?;
        let root = fsx::canonicalize(repository.workdir().ok_or_else(nowhere)?)?;
        let below = here.strip_prefix(&root).map_err(|_| nowhere())?;
        let names = below.iter().map(|name| name.as_encoded_bytes().to_vec());
        Ok(Self {
            names: names.collect(),
            repository,
        })
    }

    /// The repository's own folder, which is another one for each work tree.
    pub fn repository(&self) -> &Path {
        self.repository.path()
    }

    /// The commit of a revision as `git rev-parse` takes it. `REV...` is the commit where `HEAD` has left REV.
    pub fn commit(&self, revision: &str) -> Result<ObjectId, EarlierError> {
        let Some(other) = revision.strip_suffix(MERGE_BASE) else {
            return self.find(revision).map(local::own_id);
        };
        let (other_tip, head) = (self.find(other)?, self.find("HEAD")?);
        let base = self.repository.merge_base(other_tip, head);
        base.map(local::own_id).map_err(|error| match error.code() {
            ErrorCode::NotFound => EarlierError::NoMergeBase {
                revision: other.to_owned(),
                is_shallow: self.repository.is_shallow(),
            },
            _ => no_commit(revision, &error),
        })
    }

    fn find(&self, revision: &str) -> Result<Oid, EarlierError> {
        if revision.is_empty() {
            return Err(EarlierError::NoCommit {
                revision: String::new(),
                reason: "it is empty".to_owned(),
            });
        }
        let object = loose::check_revision(&self.repository, revision, LONGEST)
            .and_then(|()| self.repository.revparse_single(revision));
        let object = object.map_err(|error| match error.code() {
            // Git allows no two dots in a name.
            ErrorCode::NotFound if !revision.contains("..") => EarlierError::NoRevision {
                revision: revision.to_owned(),
                is_shallow: self.repository.is_shallow(),
            },
            _ => no_commit(revision, &error),
        })?;
        let commit = object.peel(ObjectType::Commit);
        let commit = commit.map_err(|error| no_commit(revision, &error))?;
        Ok(commit.id())
    }

    /// The bytes of a file in the folder as they were in a commit; `None` where it was not there.
    pub fn file(&self, commit: ObjectId, name: &str) -> Result<Option<Vec<u8>>, EarlierError> {
        let names = self.names.iter().map(Vec::as_slice);
        let path: Vec<_> = names.chain([name.as_bytes()]).collect();
        let place = Place {
            repository: &self.repository,
            commit,
            path: String::from_utf8_lossy(&path.join(&b'/')).into_owned(),
        };
        let found = self.repository.find_commit(store::oid(commit));
        let found = found.map_err(|error| place.unreadable(&error))?;
        let mut tree = place.tree(found.tree_id())?;
        for folder in &self.names {
            let Some(entry) = tree.get_name_bytes(folder) else {
                return Ok(None);
            };
            let id = entry.id();
            // A file, link or submodule where the folder is now: the file was not there.
            if entry.kind() != Some(ObjectType::Tree) {
                return Ok(None);
            }
            drop(entry);
            tree = place.tree(id)?;
        }
        match tree.get_name_bytes(name.as_bytes()) {
            None => Ok(None),
            Some(entry) => place.blob(&entry).map(Some),
        }
    }
}

fn no_commit(revision: &str, error: &git2::Error) -> EarlierError {
    EarlierError::NoCommit {
        revision: revision.to_owned(),
        reason: error.message().to_owned(),
    }
}

/// A path in a commit, to be named in errors.
struct Place<'r> {
    repository: &'r Repository,
    commit: ObjectId,
    path: String,
}

impl<'r> Place<'r> {
    fn unreadable(&self, error: &git2::Error) -> EarlierError {
        EarlierError::Unreadable {
            path: self.path.clone(),
            commit: self.commit,
            reason: error.message().to_owned(),
        }
    }

    fn no_file(&self, what: &'static str) -> EarlierError {
        EarlierError::NoFile {
            path: self.path.clone(),
            commit: self.commit,
            what,
        }
    }

    /// Refuses what is too long, or not all there.
    fn measure(&self, id: Oid) -> Result<(), EarlierError> {
        let objects = self.repository.odb();
        let header = objects.and_then(|objects| objects.read_header(id));
        let (size, _) = header.map_err(|error| self.unreadable(&error))?;
        if size as u64 > LONGEST {
            return Err(EarlierError::TooLong {
                path: self.path.clone(),
                commit: self.commit,
                size,
            });
        }
        // What git writes in front of the bytes counts, too.
        let checked = loose::check(self.repository, id, LONGEST + 64);
        checked.map_err(|error| self.unreadable(&error))
    }

    fn tree(&self, id: Oid) -> Result<Tree<'r>, EarlierError> {
        self.measure(id)?;
        let tree = self.repository.find_tree(id);
        tree.map_err(|error| self.unreadable(&error))
    }

    fn blob(&self, entry: &git2::TreeEntry<'_>) -> Result<Vec<u8>, EarlierError> {
        match (entry.kind(), entry.filemode()) {
            (_, 0o120_000) => return Err(self.no_file("a link")),
            (Some(ObjectType::Blob), _) => {}
            (Some(ObjectType::Tree), _) => return Err(self.no_file("a folder")),
            _ => return Err(self.no_file("a submodule")),
        }
        self.measure(entry.id())?;
        let blob = self.repository.find_blob(entry.id());
        let blob = blob.map_err(|error| self.unreadable(&error))?;
        Ok(blob.content().to_vec())
    }
}
