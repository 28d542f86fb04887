//! `audit --since`: what has become of the pins since a revision of the project's own repository.

use std::fs;
use std::path::Path;
use std::process::Command;

use git2::{Oid, Repository, Signature, Time};
use serde_json::Value;

use crate::support::own;
use crate::support::process::Output;
use crate::support::repo::Commit;
use crate::support::sandbox::Sandbox;
use crate::support::world::{World, lock};

const KIT: &str = "github.com/acme/kit";
const FORK: &str = "github.com/fork/kit";
const LOG: &str = "github.com/acme/log";
const NEW: &str = "github.com/acme/new";

/// The commits of the repositories that are pinned.
struct Ids {
    /// Of the kit, one after the other.
    kit: [String; 3],
    /// Beside the last two of these.
    side: String,
    log: String,
    new: String,
}

/// Remotes, and a project that is a repository and has committed nothing.
fn world() -> (World, Ids, Repository) {
    let (world, ids) = World::new(|remotes| {
        let kit = ["v1.0.0", "v1.1.0", "v1.2.0"].map(|tag| {
            let text = format!("package kit // {tag}\n");
            let commit = Commit::new().file("kit.go", text).tag(tag);
            remotes.commit(FORK, &commit);
            remotes.commit(KIT, &commit)
        });
        let one = |text: &str| Commit::new().file("x.go", text).tag("v0.1.0");
        Ids {
            side: aside(remotes.store(KIT), &kit[0]),
            log: remotes.commit(LOG, &one("package log\n")),
            new: remotes.commit(NEW, &one("package new\n")),
            kit,
        }
    });
    let repository = own::init(world.sandbox.project());
    (world, ids, repository)
}

/// A branch with one commit behind the given one.
fn aside(store: &Repository, commit: &str) -> String {
    let first = store.find_commit(Oid::from_str(commit).unwrap()).unwrap();
    let who = Signature::new("A", "a@example.com", &Time::new(1_470_000_000, 0)).unwrap();
    let tree = first.tree().unwrap();
    let branch = Some("refs/heads/side");
    let id = store.commit(branch, &who, &who, "aside\n", &tree, &[&first]);
    id.unwrap().to_string()
}

fn since(sandbox: &Sandbox, revision: &str, more: &[&str]) -> Output {
    let flag = format!("--since={revision}");
    let mut arguments = vec!["audit", "provenance", &flag];
    arguments.extend(more);
    sandbox.run(&arguments)
}

#[track_caller]
fn document(output: &Output) -> Value {
    serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

/// Insists that it could not be told, in these words.
#[track_caller]
fn unchecked(output: &Output, words: &[&str]) {
    assert_eq!(output.exit, Some(2), "{output:?}");
    // The table breaks lines between words.
    let text: Vec<_> = output.stdout.split_whitespace().collect();
    let text = text.join(" ");
    assert!(text.contains("not known to be clean"), "{text}");
    for words in words {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn a_pull_request_is_told_change_by_change() {
    let (world, ids, repository) = world();
    let sandbox = &world.sandbox;
    world.pin(&[(KIT, &ids.kit[0]), (LOG, &ids.log)]);
    let base = own::commit(&repository);
    world.pin(&[(KIT, &ids.kit[2]), (NEW, &ids.new)]);
    let output = since(sandbox, "master", &[]).success();
    let kit = |at: usize| &ids.kit[at][..12];
    let expected = format!(
        "since master ({}): 1 moved, 1 added, 1 removed\n  \
         github.com/acme/log is gone, which was at {}\n  \
         github.com/acme/kit moved ahead by 2 commits from v1.0.0 ({},\n    2016-04-07) to v1.2.0 ({}, 2016-04-07)\n  \
         github.com/acme/new is new: v0.1.0 ({}, 2016-04-07)\n\n\
         clean: 2 dependencies (provenance); 3 notes in 1 project\n",
        &base[..12],
        &ids.log[..12],
        kit(0),
        kit(2),
        &ids.new[..12],
    );
    assert_eq!(output.stdout, expected);

    let report = document(&since(sandbox, "master", &["--format", "json"]).success());
    let project = &report["projects"][0];
    assert_eq!(project["since"]["revision"], "master");
    assert_eq!(project["since"]["commit"], base);
    assert_eq!(project["since"]["moved"], 1);
    let sarif = document(&since(sandbox, "master", &["--format", "sarif"]).success());
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let places: Vec<_> = results
        .iter()
        .map(|result| {
            let place = &result["locations"][0]["physicalLocation"]["region"]["startLine"];
            (result["ruleId"].as_str().unwrap(), place.as_u64().unwrap())
        })
        .collect();
    assert_eq!(
        places,
        [("pin-removed", 3), ("pin-moved", 4), ("pin-added", 6)]
    );

    // What is committed, too, is the same as before.
    own::commit(&repository);
    let output = since(sandbox, "HEAD", &[]).success();
    assert!(
        output.stdout.contains("): no pin has changed\n\nclean: "),
        "{}",
        output.stdout
    );
}

#[test]
fn a_pin_that_goes_back_or_aside_fails_until_the_policy_lets_it() {
    let (world, ids, repository) = world();
    let sandbox = &world.sandbox;
    world.pin(&[(KIT, &ids.kit[2])]);
    own::commit(&repository);
    for (commit, rule, severity, count) in [
        (&ids.kit[0], "went-back", "medium", "back"),
        (&ids.side, "went-aside", "low", "aside"),
    ] {
        world.pin(&[(KIT, commit)]);
        let output = since(sandbox, "HEAD", &[]);
        assert_eq!(output.exit, Some(1), "{output:?}");
        let text: Vec<_> = output.stdout.split_whitespace().collect();
        let text = text.join(" ");
        assert!(text.contains(&format!("): 1 moved (1 {count}) ")), "{text}");
        assert!(
            text.contains(&format!("{} → {commit}", ids.kit[2])),
            "{text}"
        );
        let report = document(&since(sandbox, "HEAD", &["--format", "json"]));
        let finding = &report["projects"][0]["findings"][0];
        assert_eq!(
            (&finding["rule"], &finding["severity"]),
            (&rule.into(), &severity.into())
        );
        assert_eq!(finding["place"]["line"], 4);

        let policy = format!("[[ignore]]\nid = \"{rule}\"\nreason = \"it is broken\"\n");
        sandbox.write("glide-audit.toml", &policy);
        let output = since(sandbox, "HEAD", &[]).success();
        assert!(
            output.stdout.contains("1 set aside by glide-audit.toml"),
            "{output:?}"
        );
        // Once it is merged, the ignore is no finding.
        sandbox.run(&["audit", "provenance"]).success();
        fs::remove_file(sandbox.project().join("glide-audit.toml")).unwrap();
    }
}

#[test]
fn another_source_fails_though_the_commit_is_the_same() {
    let (world, ids, repository) = world();
    let sandbox = &world.sandbox;
    world.pin(&[(KIT, &ids.kit[0])]);
    own::commit(&repository);
    let text = sandbox.read("glide.lock").unwrap();
    let entry = format!("  version: {}\n", ids.kit[0]);
    let with = |repo: &str| text.replace(&entry, &format!("{entry}  repo: {repo}\n"));
    sandbox.write("glide.lock", &with("https://github.com/fork/kit"));
    let output = since(sandbox, "HEAD", &[]);
    assert_eq!(output.exit, Some(1), "{output:?}");
    assert!(
        output.stdout.contains("): 1 from another source\n"),
        "{}",
        output.stdout
    );
    assert!(
        output.stdout.contains("[source-changed]"),
        "{}",
        output.stdout
    );
    sandbox.write("glide.lock", &with("https://github.com/acme/kit.git"));
    let output = since(sandbox, "HEAD", &[]);
    assert!(
        output
            .stdout
            .contains("): no pin has changed\n  the source of"),
        "{}",
        output.stdout
    );
}

#[test]
fn an_entry_that_moves_between_imports_and_test_imports_is_told() {
    let (world, ids, repository) = world();
    let sandbox = &world.sandbox;
    world.pin(&[(KIT, &ids.kit[0])]);
    own::commit(&repository);
    let text = sandbox.read("glide.lock").unwrap();
    let entry = format!("- name: {KIT}\n  version: {}\n", ids.kit[0]);
    let moved = text
        .replace(&format!("imports:\n{entry}"), "imports: []\n")
        .replace("testImports: []\n", &format!("testImports:\n{entry}"));
    assert_ne!(moved, text);
    sandbox.write("glide.lock", &moved);
    let report = document(&since(sandbox, "HEAD", &["--format", "json"]).success());
    let findings = report["projects"][0]["findings"].as_array().unwrap();
    let told: Vec<_> = findings.iter().map(|found| &found["rule"]).collect();
    assert_eq!(told, ["scope-changed"], "{report}");
    assert_eq!(findings[0]["place"]["line"], 5);
    assert_eq!(findings[0]["severity"], "note");
}

#[test]
fn revisions_are_named_as_git_names_them() {
    let (world, ids, repository) = world();
    let sandbox = &world.sandbox;
    let at = |commit: &String| {
        world.pin(&[(KIT, commit)]);
        own::commit(&repository)
    };
    let first = at(&ids.kit[0]);
    let object = repository
        .find_object(Oid::from_str(&first).unwrap(), None)
        .unwrap();
    let who = Signature::now("A", "a@example.com").unwrap();
    repository.tag("v1", &object, &who, "v1", false).unwrap();
    repository
        .reference("refs/remotes/origin/dev", object.id(), true, "")
        .unwrap();
    // Since `HEAD` has left it, the branch has gone on.
    let second = at(&ids.kit[1]);
    let commit = repository
        .find_commit(Oid::from_str(&second).unwrap())
        .unwrap();
    repository.branch("theirs", &commit, false).unwrap();
    repository
        .reset(&object, git2::ResetType::Soft, None)
        .unwrap();
    let third = at(&ids.kit[2]);
    for (revision, found) in [
        ("v1", &first),
        ("origin/dev", &first),
        ("HEAD~1", &first),
        ("HEAD^", &first),
        (&first, &first),
        (&first[..10], &first),
        ("theirs", &second),
        ("theirs...", &first),
        ("@", &third),
        ("master", &third),
        ("HEAD^{/change}", &third),
    ] {
        let report = document(&since(sandbox, revision, &["--format", "json"]));
        let since = &report["projects"][0]["since"];
        assert_eq!(
            (&since["revision"], &since["commit"]),
            (&revision.into(), &found.as_str().into())
        );
    }
}

#[test]
fn a_revision_that_is_not_there_is_no_clean_one() {
    let (world, ids, repository) = world();
    let sandbox = &world.sandbox;
    world.pin(&[(KIT, &ids.kit[0])]);
    unchecked(
        &since(sandbox, "HEAD", &[]),
        &["`HEAD`", "provenance what has changed since HEAD:"],
    );
    own::commit(&repository);
    let strange = "\u{1b}[2J";
    for (revision, words) in [
        ("nowhere", "no revision `nowhere` hint: `git fetch` gets"),
        ("HEAD~7", "no revision `HEAD~7`"),
        (&"1".repeat(40), "no revision `1111"),
        ("-x", "`-x`"),
        ("--upload-pack=x", "`--upload-pack=x`"),
        (":glide.lock", "`:glide.lock` names no commit"),
        ("HEAD:glide.lock", "`HEAD:glide.lock` names no commit"),
        (
            "HEAD..HEAD",
            "`HEAD...` for the commit where HEAD has left it",
        ),
        (
            "HEAD...HEAD",
            "`HEAD...` for the commit where HEAD has left it",
        ),
        ("nowhere...", "no revision `nowhere`"),
        ("...", "it is empty"),
        (strange, "\\u{1b}[2J"),
    ] {
        unchecked(&since(sandbox, revision, &[]), &[words]);
    }
    // An empty variable of a build is no reason to compare nothing.
    for (arguments, words) in [
        (&["audit", "--since", ""][..], "`--since` names no revision"),
        (
            &["audit", "drift", "--since", "HEAD"],
            "belongs to the check `provenance`",
        ),
    ] {
        let output = sandbox.run(arguments);
        assert_eq!(
            (output.exit, output.stdout.as_str()),
            (Some(2), ""),
            "{output:?}"
        );
        assert!(output.stderr.contains(words), "{}", output.stderr);
    }
}

#[test]
fn branches_without_a_common_commit_have_none() {
    let (world, ids, repository) = world();
    world.pin(&[(KIT, &ids.kit[0])]);
    own::commit(&repository);
    let who = Signature::now("A", "a@example.com").unwrap();
    let tree = repository.head().unwrap().peel_to_tree().unwrap();
    let other = Some("refs/heads/other");
    repository
        .commit(other, &who, &who, "alone\n", &tree, &[])
        .unwrap();
    let words = ["`other` and HEAD have no commit in common"];
    unchecked(&since(&world.sandbox, "other...", &[]), &words);
    since(&world.sandbox, "other", &[]).success();
}

#[test]
fn without_a_repository_there_is_nothing_to_compare_with() {
    let (world, ids, repository) = world();
    world.pin(&[(KIT, &ids.kit[0])]);
    fs::remove_dir_all(repository.path()).unwrap();
    unchecked(
        &since(&world.sandbox, "HEAD", &[]),
        &["is in no Git repository with a work tree"],
    );
    // What is none is not taken for one.
    world.sandbox.write(".git", "gitdir: nowhere\n");
    unchecked(
        &since(&world.sandbox, "HEAD", &[]),
        &["provenance what has changed since HEAD:"],
    );
}

fn git(folder: &Path, arguments: &[&str]) {
    let mut git = Command::new("git");
    let git = git.current_dir(folder).args(arguments);
    let output = git
        .env("HOME", folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
}

#[test]
fn a_clone_that_leaves_something_out_says_so() {
    let (world, ids, repository) = world();
    let sandbox = &world.sandbox;
    for commit in &ids.kit {
        world.pin(&[(KIT, commit)]);
        own::commit(&repository);
    }
    repository
        .config()
        .unwrap()
        .set_bool("uploadpack.allowFilter", true)
        .unwrap();
    let from = format!("file://{}", sandbox.project().display());
    let (shallow, partial) = (
        sandbox.root().join("shallow"),
        sandbox.root().join("partial"),
    );
    let into = |folder: &Path| folder.to_str().unwrap().to_owned();
    git(
        sandbox.root(),
        &["clone", "--quiet", "--depth=1", &from, &into(&shallow)],
    );
    git(
        sandbox.root(),
        &[
            "clone",
            "--quiet",
            "--filter=blob:none",
            &from,
            &into(&partial),
        ],
    );
    let told = |folder: &Path, revision: &str| {
        let flag = format!("--since={revision}");
        sandbox.run(&["audit", "provenance", &into(folder), &flag])
    };
    for revision in ["HEAD~1", "v1"] {
        let words = [
            "history is cut short (a shallow clone)",
            "`git fetch --unshallow`",
        ];
        unchecked(&told(&shallow, revision), &words);
    }
    told(&shallow, "HEAD").success();
    told(&partial, "HEAD").success();
    unchecked(
        &told(&partial, "HEAD~1"),
        &["cannot read `glide.lock` of", "`git fetch --refetch`"],
    );
}

#[test]
fn projects_are_compared_each_in_its_place_and_repository() {
    let (world, ids, repository) = world();
    let sandbox = &world.sandbox;
    let manifest = "package: x\nimport: []\n";
    for folder in ["one", "two/deep"] {
        sandbox.write(&format!("{folder}/glide.yaml"), manifest);
        sandbox.write(
            &format!("{folder}/glide.lock"),
            &lock(&[(KIT, &ids.kit[0])]),
        );
    }
    own::commit(&repository);
    let tree = sandbox.root().join("tree");
    repository.worktree("tree", &tree, None).unwrap();
    // A repository of its own, which has no such branch.
    sandbox.write("other/glide.yaml", manifest);
    sandbox.write("other/glide.lock", &lock(&[(KIT, &ids.kit[0])]));
    own::commit(&own::init(&sandbox.project().join("other")));
    repository
        .branch(
            "base",
            &repository.head().unwrap().peel_to_commit().unwrap(),
            false,
        )
        .unwrap();
    sandbox.write("two/deep/glide.lock", &lock(&[(KIT, &ids.kit[1])]));

    let output = since(sandbox, "base", &["--workspace", "--format", "json"]);
    assert_eq!(output.exit, Some(2), "{output:?}");
    let report = document(&output);
    let told: Vec<_> = report["projects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|project| {
            (
                project["name"].as_str().unwrap(),
                project["since"]["moved"].as_u64(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [("one", Some(0)), ("other", None), ("two/deep", Some(1))]
    );
    let output = since(sandbox, "base", &["one", "two/deep"]).success();
    assert!(
        output.stdout.starts_with("== two/deep (x)\nsince base ("),
        "{}",
        output.stdout
    );

    // In another work tree `HEAD` is another commit, and by another way the folder is the same.
    let deep = tree.join("two/deep");
    fs::write(deep.join("glide.lock"), lock(&[(KIT, &ids.kit[2])])).unwrap();
    let link = sandbox.root().join("link");
    std::os::unix::fs::symlink(&deep, &link).unwrap();
    for folder in [&deep, &link] {
        let folder = folder.to_str().unwrap();
        let output = since(sandbox, "HEAD", &[folder]).success();
        assert!(
            output.stdout.contains("moved ahead by 2 commits"),
            "{}",
            output.stdout
        );
    }
}

#[test]
fn where_there_was_no_lock_every_pin_is_new() {
    let (world, ids, repository) = world();
    let sandbox = &world.sandbox;
    own::commit(&repository);
    sandbox.write("below/glide.yaml", "package: x\nimport: []\n");
    sandbox.write("below/glide.lock", &lock(&[(KIT, &ids.kit[0])]));
    world.pin(&[(KIT, &ids.kit[0]), (LOG, &ids.log)]);
    let output = since(sandbox, "HEAD", &[]).success();
    assert!(
        output.stdout.contains("): glide.lock is new, 2 added\n"),
        "{}",
        output.stdout
    );
    let output = since(sandbox, "HEAD", &["below"]).success();
    assert!(
        output.stdout.contains("): glide.lock is new, 1 added\n"),
        "{}",
        output.stdout
    );
    // A file where the folder is now is no folder.
    fs::rename(sandbox.project().join("below"), sandbox.root().join("kept")).unwrap();
    sandbox.write("below", "");
    own::commit(&repository);
    fs::remove_file(sandbox.project().join("below")).unwrap();
    fs::rename(sandbox.root().join("kept"), sandbox.project().join("below")).unwrap();
    let output = since(sandbox, "HEAD", &["below"]).success();
    assert!(
        output.stdout.contains("): glide.lock is new, 1 added\n"),
        "{}",
        output.stdout
    );
}

#[test]
fn a_lock_that_cannot_be_read_as_it_was_is_not_taken_for_an_empty_one() {
    let (world, ids, repository) = world();
    let sandbox = &world.sandbox;
    let path = sandbox.project().join("glide.lock");
    let sound = lock(&[(KIT, &ids.kit[0])]);
    let (ours, theirs) = (
        format!("  version: {}\n", ids.kit[0]),
        format!("  version: {}\n", ids.kit[1]),
    );
    let markers = format!("<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> theirs\n");
    let long = format!("{sound}# {}\n", "x".repeat(17 << 20));
    for (text, words) in [
        (
            sound.replace(&ours, &markers),
            "cannot read the glide.lock of",
        ),
        ("\0\u{1}".to_owned(), "cannot read the glide.lock of"),
        ("[]\n".to_owned(), "cannot read the glide.lock of"),
        (long, "bytes long in"),
    ] {
        fs::write(&path, &text).unwrap();
        own::commit(&repository);
        fs::write(&path, &sound).unwrap();
        unchecked(&since(sandbox, "HEAD", &[]), &[words]);
    }
    fs::remove_file(&path).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", &path).unwrap();
    own::commit(&repository);
    fs::remove_file(&path).unwrap();
    fs::write(&path, &sound).unwrap();
    unchecked(
        &since(sandbox, "HEAD", &[]),
        &["is no file in", "but a link"],
    );
    fs::remove_file(&path).unwrap();
    sandbox.write("glide.lock/x", "");
    own::commit(&repository);
    fs::remove_dir_all(&path).unwrap();
    fs::write(&path, &sound).unwrap();
    unchecked(
        &since(sandbox, "HEAD", &[]),
        &["is no file in", "but a folder"],
    );
}

#[test]
fn a_repository_that_is_damaged_is_told() {
    let (world, ids, repository) = world();
    world.pin(&[(KIT, &ids.kit[0])]);
    own::commit(&repository);
    let head = repository.head().unwrap();
    let tree = head.peel_to_tree().unwrap();
    let blob = tree.get_name("glide.lock").unwrap().id();
    let commit = head.peel(git2::ObjectType::Commit).unwrap();
    let who = Signature::now("A", "a@example.com").unwrap();
    let tag = repository.tag("v1", &commit, &who, "v1", false).unwrap();
    for id in [blob, tree.id(), commit.id(), tag] {
        let id = id.to_string();
        let (folder, name) = id.split_at(2);
        let object = repository.path().join("objects").join(folder).join(name);
        let kept = fs::read(&object).unwrap();
        fs::remove_file(&object).unwrap();
        unchecked(
            &since(&world.sandbox, "v1", &[]),
            &["what has changed since v1:"],
        );
        fs::write(&object, &kept[..kept.len() / 2]).unwrap();
        unchecked(
            &since(&world.sandbox, "v1", &[]),
            &["what has changed since v1:"],
        );
        fs::write(&object, "\0").unwrap();
        unchecked(
            &since(&world.sandbox, "v1", &[]),
            &["what has changed since v1:"],
        );
        fs::remove_file(&object).unwrap();
        fs::write(&object, &kept).unwrap();
    }
    since(&world.sandbox, "v1", &[]).success();
}

#[test]
fn a_history_that_is_not_known_tells_no_direction() {
    let (world, ids, repository) = world();
    world.pin(&[(KIT, &ids.kit[1])]);
    own::commit(&repository);
    world.pin(&[(KIT, &ids.kit[0])]);
    let output = since(&world.sandbox, "HEAD", &["--offline"]);
    unchecked(&output, &["): 1 moved", "its history is not in the cache"]);
    assert_eq!(
        output
            .stdout
            .matches("its history is not in the cache")
            .count(),
        1
    );
    // What is known from an earlier run tells it.
    assert_eq!(since(&world.sandbox, "HEAD", &[]).exit, Some(1));
    let output = since(&world.sandbox, "HEAD", &["--offline"]);
    assert_eq!(output.exit, Some(1), "{output:?}");
    assert!(output.stdout.contains("[went-back]"), "{}", output.stdout);
}
