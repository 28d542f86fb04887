//! The git repository that a project lies in, as far as merging the project's own files needs it.
//!
//! The user's `git` runs the merge; here it is only found out what stood beside a file in the commits that are
//! being merged, what the index holds of a conflict, and what git is told to do with the file. Of all of it
//! only the configuration is ever written.

use std::path::{Path, PathBuf};

use git2::{
    AttrCheckFlags, AttrValue, Commit, ErrorCode, MergeFileInput, MergeFileOptions, ObjectType,
    Oid, Repository, Sort,
};

use crate::error::Classify;
use crate::fsx;

use super::GitSettings;

/// The longest name of a revision that is looked up.
const LONGEST_NAME: usize = 255;

/// How many commits are looked at for one that nobody names.
const MOST_COMMITS: usize = 2000;

/// The repository cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WorkTreeError {
    /// It cannot be opened.
    #[error("the git repository of `{}` cannot be read: {reason}", folder.display())]
    Unreadable {
        /// The folder that it was looked for from.
        folder: PathBuf,
        /// Why.
        reason: String,
    },
    /// A file of git's configuration cannot be changed.
    #[error("git's configuration in `{}` cannot be changed: {reason}", path.display())]
    Configuration {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
}

impl Classify for WorkTreeError {}

/// A repository with files checked out of it.
pub struct WorkTree {
    repository: Repository,
}

/// The three versions of a file of which git could not make one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stages {
    /// The version that both came from.
    pub base: Option<Vec<u8>>,
    /// Our version.
    pub ours: Option<Vec<u8>>,
    /// Theirs.
    pub theirs: Option<Vec<u8>>,
}

/// A file that a commit must have to be the one that is looked for.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// Its path in the repository.
    pub path: &'a Path,
    /// Its bytes.
    pub bytes: &'a [u8],
}

impl WorkTree {
    /// The repository that a folder is in; `None` where it is in none. `git_dir` is what `GIT_DIR` says.
    pub fn open(folder: &Path, git_dir: Option<&Path>) -> Result<Option<Self>, WorkTreeError> {
        let opened = match git_dir {
            Some(git_dir) => Repository::open(folder.join(git_dir)),
            None => Repository::discover(folder),
        };
        match opened {
            Ok(repository) => Ok(Some(Self { repository })),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(WorkTreeError::Unreadable {
                folder: folder.to_owned(),
                reason: error.message().to_owned(),
            }),
        }
    }

    /// What git calls a file that is checked out.
    pub fn name_of(&self, file: &Path) -> Option<PathBuf> {
        let root = fsx::canonicalize(self.repository.workdir()?).ok()?;
        let folder = fsx::canonicalize(file.parent()?).ok()?;
        let below = folder.strip_prefix(root).ok()?;
        Some(below.join(file.file_name()?))
    }

    /// The versions of a file that is in conflict; `None` where it is not.
    pub fn stages(&self, path: &Path) -> Option<Stages> {
        let index = self.repository.index().ok()?;
        let conflict = index.conflict_get(path).ok()?;
        let bytes = |entry: Option<git2::IndexEntry>| {
            let blob = self.repository.find_blob(entry?.id).ok()?;
            Some(blob.content().to_owned())
        };
        Some(Stages {
            base: bytes(conflict.ancestor),
            ours: bytes(conflict.our),
            theirs: bytes(conflict.their),
        })
    }

    /// The first of these revisions in which a file is `known`.
    pub fn recognise<'a>(&self, known: Known<'_>, revisions: &'a [String]) -> Option<&'a str> {
        let mut names = revisions.iter().map(String::as_str);
        names.find(|revision| {
            self.file(revision, known.path)
                .is_some_and(|found| found == known.bytes)
        })
    }

    /// A file as it is in a revision. The empty name is the index; a name that is none has no files.
    pub fn file(&self, revision: &str, path: &Path) -> Option<Vec<u8>> {
        let id = if revision.is_empty() {
            self.repository.index().ok()?.get_path(path, 0)?.id
        } else {
            self.find(revision)?
                .peel_to_tree()
                .ok()?
                .get_path(path)
                .ok()?
                .id()
        };
        let blob = self.repository.find_blob(id).ok()?;
        Some(blob.content().to_owned())
    }

    /// The commits of branches, tags and remotes that made one text of a file out of another, the newest first.
    /// Only so many are looked at.
    pub fn changing(&self, path: &Path, [from, to]: [&[u8]; 2]) -> Vec<String> {
        let id = |text| Oid::hash_object(ObjectType::Blob, text).ok();
        let found = || {
            let (from, to) = (id(from)?, id(to)?);
            let mut walk = self.repository.revwalk().ok()?;
            walk.set_sorting(Sort::TIME).ok()?;
            walk.push_glob("refs/*").ok()?;
            let held = |commit: &Commit<'_>| Some(commit.tree().ok()?.get_path(path).ok()?.id());
            let changes = |commit: &Commit<'_>| {
                let parent = commit.parent(0).ok().filter(|_| commit.parent_count() == 1);
                held(commit) == Some(to) && parent.is_some_and(|parent| held(&parent) == Some(from))
            };
            let commits = walk.take(MOST_COMMITS).filter_map(|id| {
                let commit = self.repository.find_commit(id.ok()?).ok()?;
                changes(&commit).then(|| commit.id().to_string())
            });
            Some(commits.collect())
        };
        found().unwrap_or_default()
    }

    /// The commits that two revisions have come from.
    pub fn bases(&self, one: &str, other: &str) -> Vec<String> {
        let commit = |name: &str| {
            let object = self.find(name)?;
            Some(object.peel_to_commit().ok()?.id())
        };
        let bases = commit(one)
            .zip(commit(other))
            .and_then(|(one, other)| self.repository.merge_bases(one, other).ok());
        let bases = bases.iter().flat_map(|bases| bases.iter());
        bases.map(ToString::to_string).collect()
    }

    /// A file of git's own, such as `rebase-merge/done`, if it is there.
    pub fn state(&self, name: &str) -> Option<Vec<u8>> {
        fsx::read_text(&self.repository.path().join(name)).ok()
    }

    /// What `.gitattributes` and the like say that merges the file.
    pub fn merge_driver(&self, path: &Path) -> Option<String> {
        let flags = AttrCheckFlags::FILE_THEN_INDEX;
        let value = self.repository.get_attr_bytes(path, "merge", flags).ok()?;
        match AttrValue::from_bytes(value) {
            AttrValue::String(name) => Some(name.to_owned()),
            AttrValue::Bytes(name) => Some(String::from_utf8_lossy(name).into_owned()),
            AttrValue::True => Some("text".to_owned()),
            AttrValue::False => Some("binary".to_owned()),
            AttrValue::Unspecified => None,
        }
    }

    /// The repository's own configuration, which all of its work trees share.
    pub fn configuration(&self) -> PathBuf {
        self.repository.commondir().join("config")
    }

    /// A name of a branch, tag or commit, with `^` behind it perhaps. What git's language of revisions has
    /// besides (`:/text` searches all of history) is not looked up: names come from labels.
    fn find(&self, name: &str) -> Option<git2::Object<'_>> {
        let plain = name.trim_end_matches("^1").trim_end_matches('^');
        let plain = plain.strip_prefix("refs/stash@{").map_or(plain, |number| {
            number
                .strip_suffix('}')
                .filter(|number| number.bytes().all(|b| b.is_ascii_digit()))
                .unwrap_or("")
        });
        let odd = |c: char| c.is_whitespace() || c.is_control() || ":^~@{}*?[\\".contains(c);
        let fits = !plain.is_empty() && plain.len() <= LONGEST_NAME && !plain.contains(odd);
        fits.then(|| self.repository.revparse_single(name).ok())?
    }
}

/// The user's configuration file that `git config --global` writes to.
pub fn global_configuration(settings: &GitSettings) -> Option<PathBuf> {
    if let Some(path) = &settings.config_global {
        return Some(path.clone());
    }
    let home = settings.home.as_ref()?;
    let plain = home.join(".gitconfig");
    let other = settings
        .xdg_config_home
        .clone()
        .unwrap_or_else(|| home.join(".config"));
    let other = other.join("git").join("config");
    Some(if !fsx::exists(&plain) && fsx::exists(&other) {
        other
    } else {
        plain
    })
}

/// Sets keys in a configuration file, or removes those without a value; the rest of its text stays. Tells
/// whether anything changed.
pub fn configure(path: &Path, keys: &[(&str, Option<&str>)]) -> Result<bool, WorkTreeError> {
    let failed = |reason: String| WorkTreeError::Configuration {
        path: path.to_owned(),
        reason,
    };
    let broken = |error: git2::Error| failed(error.message().to_owned());
    // Libgit2 renames its new file over whatever is there, and that may be `/dev/null`.
    let there = fsx::stat(path).map_err(|error| failed(error.source.to_string()))?;
    if there.is_some_and(|there| !there.is_file()) {
        return Err(failed("it is no ordinary file".to_owned()));
    }
    let mut config = git2::Config::open(path).map_err(broken)?;
    let mut changed = false;
    for (key, value) in keys {
        let held = config.get_string(key).ok();
        if held.as_deref() == *value {
            continue;
        }
        changed = true;
        match value {
            Some(value) => config.set_str(key, value).map_err(broken)?,
            None => config.remove_multivar(key, ".*").map_err(broken)?,
        }
    }
    Ok(changed)
}

/// Merges texts line by line as git does; the text, with conflict markers of this length where it could not
/// be agreed on, and whether there are none. `None` for what is no text.
pub fn merge_lines(
    [base, ours, theirs]: [&[u8]; 3],
    labels: [&str; 3],
    marker_length: u16,
) -> Option<(Vec<u8>, bool)> {
    // The binding cannot give what is empty: no merge of sides that both changed something else is.
    if ours == theirs || base == theirs {
        return Some((ours.to_owned(), true));
    }
    if base == ours {
        return Some((theirs.to_owned(), true));
    }
    // What has a zero byte is no text to git, and its merge is nothing at all.
    if [base, ours, theirs].iter().any(|text| text.contains(&0)) {
        return None;
    }
    // Merging two texts is the one thing of libgit2's that does not set it up by itself.
    git2::Config::new().ok()?;
    let input = |bytes| {
        let mut input = MergeFileInput::new();
        input.content(bytes);
        input
    };
    let [base, ours, theirs] = [base, ours, theirs].map(input);
    let plain = |label: &str| label.replace(|c: char| c.is_control(), "");
    let mut options = MergeFileOptions::new();
    options
        .ancestor_label(plain(labels[0]))
        .our_label(plain(labels[1]))
        .their_label(plain(labels[2]))
        .style_diff3(true)
        .marker_size(marker_length);
    let merged = git2::merge_file(&base, &ours, &theirs, Some(&mut options)).ok()?;
    Some((merged.content().to_owned(), merged.is_automergeable()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "merge.glide-lock.driver";

    #[test]
    fn a_configuration_keeps_what_else_it_says() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config");
        let set = |value: Option<&str>| configure(&path, &[(KEY, value)]).unwrap();
        assert!(set(Some("a %O # b")) && !set(Some("a %O # b")));
        let config = git2::Config::open(&path).unwrap();
        assert_eq!(config.get_string(KEY).unwrap(), "a %O # b");
        let mut text = fsx::read(&path).unwrap();
        text.extend(b"# mine\n[user]\n\tname = me\n");
        fsx::write_atomic(&path, &text).unwrap();
        assert!(set(None) && !set(None));
        let text = String::from_utf8(fsx::read(&path).unwrap()).unwrap();
        assert!(
            text.ends_with("# mine\n[user]\n\tname = me\n") && !text.contains("driver"),
            "{text}"
        );
    }

    #[test]
    #[cfg(unix)]
    fn what_is_no_file_is_not_replaced_by_a_configuration() {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        for path in [folder.path(), &socket] {
            let error = configure(path, &[(KEY, Some("a"))]).unwrap_err();
            assert!(
                error.to_string().ends_with("it is no ordinary file"),
                "{error}"
            );
        }
        assert_eq!(fsx::read_dir(folder.path()).unwrap().len(), 1);
    }

    #[test]
    fn texts_are_merged_as_git_merges_them() {
        let labels = ["b", "o", "t"];
        let base: &[u8] = b"1\n2\n3\n";
        let merged = merge_lines([base, b"0\n1\n2\n3\n", b"1\n2\n3\n4\n"], labels, 7).unwrap();
        assert_eq!(merged, (b"0\n1\n2\n3\n4\n".to_vec(), true));
        let merged = merge_lines([base, b"1\nx\n3\n", b"1\ny\n3\n"], labels, 9).unwrap();
        let text = b"1\n<<<<<<<<< o\nx\n||||||||| b\n2\n=========\ny\n>>>>>>>>> t\n3\n";
        assert_eq!(merged, (text.to_vec(), false));
        assert_eq!(
            merge_lines([b"", b"", b""], labels, 7),
            Some((Vec::new(), true))
        );
        assert_eq!(
            merge_lines([base, b"", base], labels, 7),
            Some((Vec::new(), true))
        );
        assert_eq!(merge_lines([base, b"\0", b"x"], labels, 7), None);
    }
}
