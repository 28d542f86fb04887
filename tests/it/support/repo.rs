//! Remote repositories, made with libgit2 straight in bare stores.
//!
//! Author, dates and messages are fixed, and are those with which the cases were recorded, so
//! that commit ids are the same on every machine and in every recording.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use git2::{
    Index, IndexEntry, IndexTime, ObjectType, Oid, Repository, RepositoryInitOptions, Signature,
    Time,
};
use serde::Deserialize;

use super::files::{FileSpec, Ordered};

/// The clock before the first commit: April 2016. Every step moves it by an hour.
const EPOCH: i64 = 1_460_000_000;
const HOUR: i64 = 3600;

/// A repository as a case describes it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct RepoSpec {
    /// Its history.
    pub(crate) commits: Vec<Commit>,
    /// Version control system; git unless told, and nothing else can be built here.
    pub(crate) vcs: Option<String>,
    /// The default branch; master unless told.
    pub(crate) head: Option<String>,
    /// A server without protocol v2, fetching by commit id, and partial clones.
    pub(crate) old_server: bool,
}

/// One commit and what is done to the refs with it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Commit {
    files: Ordered<FileSpec>,
    message: Option<String>,
    tags: Vec<String>,
    annotated: Vec<String>,
    branch: Option<String>,
    from: Option<String>,
    reset: Option<String>,
    head: Option<String>,
    delete: Vec<String>,
}

impl Commit {
    /// A commit that changes nothing yet.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    fn with(mut self, path: &str, spec: FileSpec) -> Self {
        self.files.0.push((path.to_owned(), spec));
        self
    }

    /// Writes a file.
    pub(crate) fn file(self, path: &str, bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        let executable = false;
        self.with(path, FileSpec::File { bytes, executable })
    }

    /// Writes a file of mode 755.
    pub(crate) fn executable(self, path: &str, bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        let executable = true;
        self.with(path, FileSpec::File { bytes, executable })
    }

    /// Makes a symbolic link.
    pub(crate) fn link(self, path: &str, to: &str) -> Self {
        self.with(path, FileSpec::Link(to.to_owned()))
    }

    /// Puts the newest commit of another repository here.
    pub(crate) fn submodule(self, path: &str, repo: &str) -> Self {
        let (repo, at) = (repo.to_owned(), "HEAD".to_owned());
        self.with(path, FileSpec::Submodule { repo, at })
    }

    /// Removes a file or folder.
    pub(crate) fn remove(self, path: &str) -> Self {
        self.with(path, FileSpec::Remove)
    }

    /// Tags the commit.
    pub(crate) fn tag(mut self, name: &str) -> Self {
        self.tags.push(name.to_owned());
        self
    }

    /// Tags the commit with a tag that is an object of its own.
    pub(crate) fn annotated(mut self, name: &str) -> Self {
        self.annotated.push(name.to_owned());
        self
    }
}

/// All remote repositories of a test, as bare stores below one folder.
pub(crate) struct Remotes {
    folder: PathBuf,
    clock: i64,
    repos: BTreeMap<String, Remote>,
}

struct Remote {
    store: Repository,
    /// The branch that the next commit goes to.
    branch: String,
    old_server: bool,
}

impl Remotes {
    /// No repositories yet; they will be made below `folder`.
    pub(crate) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            clock: EPOCH,
            repos: BTreeMap::new(),
        }
    }

    /// Where a repository stands on disk.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// All names.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.repos.keys().map(String::as_str)
    }

    /// The names of those whose server is an old one.
    pub(crate) fn old(&self) -> BTreeSet<String> {
        let old = self.repos.iter().filter(|(_, remote)| remote.old_server);
        old.map(|(name, _)| name.clone()).collect()
    }

    /// Makes a repository with its history.
    pub(crate) fn create(&mut self, name: &str, spec: &RepoSpec) {
        let vcs = spec.vcs.as_deref().unwrap_or("git");
        assert_eq!(vcs, "git", "{name}: only git repositories can be built");
        let head = spec.head.as_deref().unwrap_or("master");
        let bare = self.path(name);
        fs::create_dir_all(bare.parent().unwrap()).unwrap();
        let mut options = RepositoryInitOptions::new();
        options
            .bare(true)
            .initial_head(head)
            .external_template(false);
        let store = Repository::init_opts(&bare, &options).unwrap();
        let mut config = fs::read_to_string(bare.join("config")).unwrap();
        let open = !spec.old_server;
        config.push_str("[uploadpack]\n");
        for key in [
            "allowReachableSHA1InWant",
            "allowTipSHA1InWant",
            "allowFilter",
        ] {
            writeln!(config, "\t{key} = {open}").expect("a string takes all");
        }
        fs::write(bare.join("config"), config).unwrap();
        // The recordings took the time twice while they made a repository.
        self.clock += 2 * HOUR;
        let remote = Remote {
            store,
            branch: head.to_owned(),
            old_server: spec.old_server,
        };
        self.repos.insert(name.to_owned(), remote);
        self.push(name, &spec.commits);
    }

    /// Adds commits; upstream moves on.
    pub(crate) fn push(&mut self, name: &str, commits: &[Commit]) {
        for (number, commit) in commits.iter().enumerate() {
            self.add(name, number, commit);
        }
    }

    /// Adds one commit, to a repository made for it where there is none; gives its id.
    pub(crate) fn commit(&mut self, name: &str, commit: &Commit) -> String {
        if !self.repos.contains_key(name) {
            self.create(name, &RepoSpec::default());
        }
        self.add(name, 0, commit).to_string()
    }

    /// The store of a repository, for tests that put odd objects there.
    pub(crate) fn store(&self, name: &str) -> &Repository {
        &self.repos[name].store
    }

    fn add(&mut self, name: &str, number: usize, commit: &Commit) -> Oid {
        self.clock += HOUR;
        let submodules = self.submodules(commit);
        let remote = self.repos.get_mut(name).expect("the repository was made");
        remote.step_to_branch(commit);
        let tree = remote.tree(commit, &submodules);
        let who = Signature::new("A", "a@example.com", &Time::new(self.clock, 0)).unwrap();
        let default = format!("change {number}");
        let message = commit.message.as_deref().unwrap_or(&default);
        let id = remote.record(tree, &who, message);
        for tag in &commit.tags {
            let target = remote.store.find_object(id, None).unwrap();
            remote.store.tag_lightweight(tag, &target, true).unwrap();
        }
        for tag in &commit.annotated {
            let target = remote.store.find_object(id, None).unwrap();
            let text = format!("{tag}\n");
            remote.store.tag(tag, &target, &who, &text, true).unwrap();
        }
        if let Some(head) = &commit.head {
            remote
                .store
                .set_head(&format!("refs/heads/{head}"))
                .unwrap();
        }
        for gone in &commit.delete {
            remote.store.find_reference(gone).unwrap().delete().unwrap();
        }
        id
    }

    /// The commits that a commit's submodule entries name.
    fn submodules(&self, commit: &Commit) -> Vec<(String, Oid)> {
        let mut found = Vec::new();
        for (path, spec) in &commit.files.0 {
            if let FileSpec::Submodule { repo, at } = spec {
                let id = self.store(repo).revparse_single(at).unwrap().id();
                found.push((path.clone(), id));
            }
        }
        found
    }
}

impl Remote {
    fn tip(&self) -> Option<git2::Commit<'_>> {
        let name = format!("refs/heads/{}", self.branch);
        let reference = self.store.find_reference(&name).ok()?;
        Some(reference.peel_to_commit().unwrap())
    }

    fn set_tip(&self, branch: &str, id: Oid) {
        let name = format!("refs/heads/{branch}");
        self.store.reference(&name, id, true, "test").unwrap();
    }

    /// What a revision means where the next commit would go: `HEAD` is that branch.
    fn revision(&self, text: &str) -> Oid {
        let text = match text.strip_prefix("HEAD") {
            Some(rest) => format!("refs/heads/{}{rest}", self.branch),
            None => text.to_owned(),
        };
        let object = self.store.revparse_single(&text).unwrap();
        object.peel(ObjectType::Commit).unwrap().id()
    }

    fn step_to_branch(&mut self, commit: &Commit) {
        if let Some(branch) = &commit.branch {
            let known = format!("refs/heads/{branch}");
            if self.tip().is_some() && self.store.find_reference(&known).is_err() {
                let start = self.revision(commit.from.as_deref().unwrap_or("HEAD"));
                self.set_tip(branch, start);
            }
            self.branch.clone_from(branch);
        }
        if let Some(reset) = &commit.reset {
            self.set_tip(&self.branch, self.revision(reset));
        }
    }

    /// The tree after the commit's changes. Submodules of the commit before are dropped, as
    /// `git add -A` drops them where no folder stands for them.
    fn tree(&self, commit: &Commit, submodules: &[(String, Oid)]) -> Oid {
        let mut index = Index::new().unwrap();
        if let Some(tip) = self.tip() {
            index.read_tree(&tip.tree().unwrap()).unwrap();
        }
        let stale: Vec<_> = index
            .iter()
            .filter(|entry| entry.mode == 0o160_000)
            .collect();
        for entry in stale {
            index.remove_bytes(&entry.path);
        }
        for (path, spec) in &commit.files.0 {
            match spec {
                FileSpec::File { .. } if path.ends_with('/') => {}
                FileSpec::File { bytes, executable } => {
                    let mode = if *executable { 0o100_755 } else { 0o100_644 };
                    let id = self.store.blob(bytes).unwrap();
                    index.add(&entry(path, mode, id)).unwrap();
                }
                FileSpec::Link(to) => {
                    let id = self.store.blob(to.as_bytes()).unwrap();
                    index.add(&entry(path, 0o120_000, id)).unwrap();
                }
                FileSpec::Remove => {
                    let _ = index.remove(Path::new(path), 0);
                    let _ = index.remove_dir(Path::new(path), 0);
                }
                FileSpec::Submodule { .. } => {}
            }
        }
        for (path, id) in submodules {
            index.add(&entry(path, 0o160_000, *id)).unwrap();
        }
        index.write_tree_to(&self.store).unwrap()
    }

    fn record(&self, tree: Oid, who: &Signature<'_>, message: &str) -> Oid {
        let tree = self.store.find_tree(tree).unwrap();
        let parent = self.tip();
        let parents: Vec<_> = parent.iter().collect();
        let text = format!("{message}\n");
        let id = self.store.commit(None, who, who, &text, &tree, &parents);
        let id = id.unwrap();
        self.set_tip(&self.branch, id);
        id
    }
}

fn entry(path: &str, mode: u32, id: Oid) -> IndexEntry {
    IndexEntry {
        ctime: IndexTime::new(0, 0),
        mtime: IndexTime::new(0, 0),
        dev: 0,
        ino: 0,
        mode,
        uid: 0,
        gid: 0,
        file_size: 0,
        id,
        flags: 0,
        flags_extended: 0,
        path: path.as_bytes().to_vec(),
    }
}

/// Removal by bytes, for which the index has only a removal by path.
trait RemoveBytes {
    fn remove_bytes(&mut self, path: &[u8]);
}

impl RemoveBytes for Index {
    fn remove_bytes(&mut self, path: &[u8]) {
        use std::os::unix::ffi::OsStrExt as _;
        let path = Path::new(std::ffi::OsStr::from_bytes(path));
        self.remove(path, 0).unwrap();
    }
}
