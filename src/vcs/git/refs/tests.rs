//! Every name through Git itself, in a fresh clone, and through [`Refs`].

use std::path::Path;
use std::process::Command;

use git2::{ObjectType, Repository, Signature, Time};
use tempfile::TempDir;

use super::*;
use crate::vcs::git::local;

/// A remote with two commits, the older one below most names.
struct Remote {
    folder: TempDir,
    newer: ObjectId,
    older: ObjectId,
}

impl Remote {
    fn new(branches: &[&str], tags: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut options = git2::RepositoryInitOptions::new();
        let options = options.bare(true).initial_head("master");
        let remote = Repository::init_opts(folder.path().join("remote"), options).unwrap();
        let who = Signature::new("A", "a@example.com", &Time::new(1_460_000_000, 0)).unwrap();
        let blob = remote.blob(b"x\n").unwrap();
        let mut tree = remote.treebuilder(None).unwrap();
        tree.insert("file", blob, 0o100_644).unwrap();
        let tree = remote.find_tree(tree.write().unwrap()).unwrap();
        let older = remote
            .commit(Some("refs/heads/master"), &who, &who, "one", &tree, &[])
            .unwrap();
        let parent = remote.find_commit(older).unwrap();
        let newer = remote
            .commit(Some("HEAD"), &who, &who, "two", &tree, &[&parent])
            .unwrap();
        for (kind, names) in [("heads", branches), ("tags", tags)] {
            for name in names {
                let name = format!("refs/{kind}/{name}");
                remote.reference(&name, older, true, "test").unwrap();
            }
        }
        let target = remote.find_object(newer, Some(ObjectType::Commit)).unwrap();
        remote
            .tag("annotated", &target, &who, "text\n", true)
            .unwrap();
        remote
            .reference("refs/tags/blob", blob, true, "test")
            .unwrap();
        remote
            .reference("refs/pull/1/head", older, true, "test")
            .unwrap();
        let id = |id: git2::Oid| ObjectId(id.as_bytes().try_into().unwrap());
        Self {
            newer: id(newer),
            older: id(older),
            folder,
        }
    }

    fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("remote")
    }

    fn refs(&self) -> Refs {
        Refs::of(&local::refs(&self.path()).unwrap())
    }

    /// A fresh clone, with what a test does to it.
    fn cloned(&self) -> Clone {
        let folder = tempfile::tempdir().unwrap();
        let address = format!("file://{}", self.path().display());
        let arguments = ["clone", "-q", "--template=", &address, "spare"];
        git(folder.path(), &arguments).unwrap();
        let clone = Clone { folder };
        clone.renew();
        clone
    }
}

struct Clone {
    folder: TempDir,
}

impl Clone {
    fn git(&self, arguments: &[&str]) -> Option<String> {
        git(&self.folder.path().join("clone"), arguments)
    }

    fn is_reference(&self, name: &str) -> bool {
        self.git(&["rev-parse", "--verify", name]).is_some()
            || self.git(&["show-ref", name]).is_some()
    }

    fn commit(&self, name: &str) -> Option<ObjectId> {
        self.git(&["checkout", "-q", name])?;
        let head = self.git(&["rev-parse", "HEAD"]).unwrap();
        // Logs and local branches tell of the checkout; the next name gets a clone without.
        self.renew();
        ObjectId::parse(head.trim())
    }

    fn renew(&self) {
        let clone = self.folder.path().join("clone");
        crate::fsx::remove_dir_all(&clone).unwrap();
        let spare = self.folder.path().join("spare");
        let copied = Command::new("cp").arg("-r").arg(spare).arg(clone).status();
        assert!(copied.unwrap().success());
    }

    /// What Glide cuts from the lines of `git show-ref`.
    fn names(&self) -> Vec<String> {
        let lines = self.git(&["show-ref"]).unwrap();
        let cut = |part: &str| {
            let lines = lines.lines();
            let ends = lines.filter_map(|line| line.split_once(part).map(|(_, end)| end));
            ends.map(str::to_owned).collect::<Vec<_>>()
        };
        [cut("origin/"), cut("tags/")].concat()
    }
}

/// The output, if git is content.
fn git(folder: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git")
        .args(arguments)
        .current_dir(folder)
        .env_remove("GIT_DIR")
        .env_remove("GIT_INDEX_FILE")
        .env("HOME", folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    output.status.success().then_some(text)
}

fn odd() -> Remote {
    let branches = [
        "next",
        "v2.0.0",
        "a/x",
        "deadbee",
        "only",
        "tags/z",
        "mytags/v9",
        "origin/odd",
        "heads/h",
        "origin/next",
        "a.b",
        "a-b",
    ];
    let tags = [
        "v1.0.0",
        "v2.0.0",
        "master",
        "x/v1",
        "1234567",
        "tags/y",
        "origin/odd2",
        "heads/q",
        "a/x",
        "remotes/origin/next",
        "FETCH_HEAD",
        "v1-4-g",
        "@x",
    ];
    Remote::new(&branches, &tags)
}

/// Names of one word. What looks like an abbreviated id is not among them.
const WORDS: &str = "\
    next v2.0.0 a/x x deadbee only tags/z z mytags/v9 v9 origin/odd odd heads/h h origin/next \
    v1.0.0 master x/v1 v1 1234567 tags/y y origin/odd2 odd2 heads/q q remotes/origin/next \
    FETCH_HEAD ORIG_HEAD HEAD @ @@ origin/HEAD origin remotes/origin remotes/origin/HEAD \
    refs/heads/master heads/master refs/heads/next heads/next refs/remotes/origin/only \
    remotes/origin/only tags/v1.0.0 refs/tags/v1.0.0 /v1.0.0 v1.0.0/ origin//next V1.0.0 v1.0 \
    v1.0.* annotated blob refs refs/ pull/1/head 1/head head - @x a.b b index nothing \
    ^ ~ ^~ .. ... v1.0.0..v2.0.0 v1.0.0...v2.0.0 nope..v1.0.0 HEAD.. @{-1} * \
    ^1.2.3 ~1.2.3 <2 =1.0.0 1.x !=1.0 ^v1.0.0 ^next ^only ^HEAD ^nothing ^^v1.0.0 ^@ ^HEAD^0";

/// Others.
const PHRASES: [&str; 6] = [
    "",
    " ",
    "v1.0.0 ",
    ">= 1.0.0",
    "1.0.0 - 2.0.0",
    "^1.0.0 || ^2.0.0",
];

/// What can stand behind a name.
const ENDS: &str = "\
    ^0 ~0 ^{} ^{commit} ^{object} ^{tree} @{0} @{u} @{upstream} @{1} @{-1} ^! ^@ ^- ^{foo} ^{ @{} \
    : ^0^0~0 ^{}^{commit}^0";

/// No commit; merge bases, for which history is needed; paths, which Git restores.
const OTHER: [&str; 5] = ["blob", "...", "v1.0.0...v2.0.0", ":", "*"];

#[test]
fn names_mean_what_they_mean_to_git() {
    let remote = odd();
    let (refs, clone) = (remote.refs(), remote.cloned());
    let bases = ["HEAD", "", "master", "annotated", "next"];
    let composed = bases.iter().flat_map(|base| {
        let ends = ENDS.split_whitespace();
        ends.map(move |end| format!("{base}{end}"))
    });
    let names = WORDS.split_whitespace().chain(PHRASES).map(str::to_owned);
    let mut wrong = Vec::new();
    for name in names.chain(composed) {
        let found = refs.is_reference(&name);
        let expected = if clone.is_reference(&name) {
            Answer::Yes
        } else {
            Answer::No
        };
        if found != expected {
            wrong.push(format!("{name}: {found:?}"));
        }
        if !OTHER.contains(&name.as_str()) && refs.commit(&name) != clone.commit(&name) {
            wrong.push(format!("{name} is checked out"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn names_to_choose_from_come_in_glides_order() {
    let remote = odd();
    assert_eq!(remote.refs().names(), remote.cloned().names());
}

#[test]
fn what_history_decides_is_told_apart() {
    let refs = odd().refs();
    let id = "0123456789abcdef0123456789abcdef01234567";
    for name in [
        "abcd",
        "ABCDEF0123",
        "2017",
        "^deadbee",
        "v1.0.0-12-gabc1234",
        "x-y-gabcd",
        "v1.0.0~1",
        "v1.0.0^",
        "HEAD^2",
        "@~",
        "origin/next~3",
        "master^{/fix}",
        ":/fix",
        ":/a..b",
        "HEAD:file",
        ":file",
        ":0:file",
        "v1.0.0:",
        "annotated^{tag}",
        &format!("{id}^0"),
        &id[1..],
    ] {
        let answer = match name {
            "v1.0.0:" => Answer::Yes,
            _ => Answer::NeedsHistory,
        };
        assert_eq!(refs.is_reference(name), answer, "{name}");
        assert_eq!(refs.commit(name), None, "{name}");
    }
    for name in [id.to_owned(), format!("^{id}"), id.to_uppercase()] {
        assert_eq!(refs.is_reference(&name), Answer::Yes, "{name}");
    }
    assert_eq!(refs.commit(id), ObjectId::parse(id));
    for name in [
        "abc",
        "abcdefg",
        &format!("{id}0"),
        "v1-gabc",
        "nope~1",
        "nope^{tree}",
        ":1:file",
        "nope:",
        "nope:file",
        "HEAD^{nope}",
        "--all",
        "-q",
        &"^".repeat(100_000),
        "~99999999999",
        "HEAD~99999999999",
    ] {
        assert_eq!(refs.is_reference(name), Answer::No, "{name}");
        assert_eq!(refs.commit(name), None, "{name}");
    }
}

#[test]
fn a_detached_head_and_an_empty_remote() {
    let remote = Remote::new(&["next"], &["v1"]);
    let repository = Repository::open_bare(remote.path()).unwrap();
    let head = |id: ObjectId| {
        let id = git2::Oid::from_bytes(&id.0).unwrap();
        repository.set_head_detached(id).unwrap();
        remote.refs()
    };
    // Git takes the branch whose tip it is for the default one.
    let refs = head(remote.newer);
    assert_eq!(refs.default_branch.as_deref(), Some("master"));
    assert_eq!(refs.names(), remote.cloned().names());
    let refs = head(remote.older);
    assert_eq!(refs.default_branch.as_deref(), Some("next"));
    repository
        .find_reference("refs/heads/next")
        .unwrap()
        .delete()
        .unwrap();
    let refs = remote.refs();
    assert_eq!(
        (refs.head, &refs.default_branch),
        (Some(remote.older), &None)
    );
    assert_eq!(refs.names(), remote.cloned().names());
    assert_eq!(refs.is_reference("origin"), Answer::No);
    assert_eq!(refs.commit("HEAD"), Some(remote.older));
    repository.set_head("refs/heads/unborn").unwrap();
    let refs = remote.refs();
    assert_eq!((refs.head, &refs.default_branch), (None, &None));
    assert_eq!(refs.names(), remote.cloned().names());
    assert_eq!(refs.is_reference("HEAD"), Answer::No);

    let empty = Refs::default();
    assert!(empty.names().is_empty());
    for name in ["HEAD", "master", "@", "", "@{u}", "@{0}"] {
        assert_eq!(empty.is_reference(name), Answer::No, "{name}");
        assert_eq!(empty.commit(name), None, "{name}");
    }
}

#[test]
fn tags_of_a_commit_are_those_that_glide_finds() {
    let remote = odd();
    let refs = remote.refs();
    let newer = refs.tags_of(remote.newer);
    assert_eq!(newer, ["annotated"]);
    let older = refs.tags_of(remote.older);
    assert_eq!(older[..3], ["v9", "z", "1234567"], "{older:?}");
}

#[test]
fn names_that_git_refuses_are_dropped() {
    let tip = |name: &str| Ref {
        name: name.to_owned(),
        id: ObjectId([1; 20]),
        peeled: None,
        target: None,
    };
    let names = [
        "refs/heads/b",
        "refs/heads/a",
        "refs/heads/a",
        "refs/tags/../x",
        "refs/tags/x y",
        "refs/tags/\u{1b}[31m",
        "refs/tags/x.lock",
        "refs/tags/.x",
        "refs/tags/",
        "refs/tags/x//y",
        "refs/tags/x@{1}",
        "refs/tags/x.",
        "refs/tags/x~1",
        "refs/pull/1/head",
        "refs/tags/v1",
    ];
    let refs = Refs::of(&names.map(tip));
    let found = |refs: &[(String, ObjectId)]| {
        refs.iter()
            .map(|(name, _)| name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(found(&refs.branches), ["a", "b"]);
    assert_eq!(found(&refs.tags), ["v1"]);
}
