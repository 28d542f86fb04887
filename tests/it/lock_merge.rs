//! `lock merge` under the real `git`: as its merge driver, and on what it leaves without one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::support::process::{self, Input, Output};
use crate::support::repo::{Commit, Remotes};
use crate::support::sandbox::{PROGRAM, Sandbox, text};
use crate::support::server::{Server, Site, Tags};
use crate::support::world::{PROJECT, World};

/// Where markers begin, in any text.
const MARKER: &str = "<<<<<<<";

/// A project in a git repository of its own.
struct Scene {
    sandbox: Sandbox,
    /// The folder of glide.yaml.
    folder: PathBuf,
    /// What stands at the end of each glide.yaml.
    rest: &'static str,
}

impl Scene {
    /// With the driver set up.
    fn new() -> Self {
        let scene = Self::bare(Sandbox::new(PROJECT), "");
        scene.commit("base", &["a ^1", "m ^1", "z ^1"], &["a@1", "m@1", "z@1"]);
        scene.run(&["lock", "merge", "--install"]).success();
        scene.save("driver");
        scene
    }

    /// Without it, in the folder `below` of the repository.
    fn bare(mut sandbox: Sandbox, below: &str) -> Self {
        let path = std::env::var("PATH").unwrap();
        let programs = Path::new(PROGRAM).parent().unwrap().display();
        sandbox.set("PATH", format!("{programs}:{path}"));
        for who in ["AUTHOR", "COMMITTER"] {
            sandbox.set(&format!("GIT_{who}_NAME"), "me");
            sandbox.set(&format!("GIT_{who}_EMAIL"), "me@example.com");
            sandbox.set(&format!("GIT_{who}_DATE"), "2020-01-01T00:00:00Z");
        }
        let folder = sandbox.project().join(below);
        fs::create_dir_all(&folder).unwrap();
        let scene = Self {
            sandbox,
            folder,
            rest: "",
        };
        scene.git(&["init", "-q", "-b", "main"]).success();
        scene
    }

    fn git(&self, arguments: &[&str]) -> Output {
        let like = self.sandbox.command(&[]);
        let mut command = Command::new("git");
        command
            .args(arguments)
            .current_dir(self.sandbox.project())
            .env_clear();
        for (name, value) in like.get_envs() {
            command.env(name, value.unwrap_or_default());
        }
        started(command)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = self.sandbox.command(arguments);
        command.current_dir(&self.folder);
        started(command)
    }

    fn read(&self, name: &str) -> String {
        text(&self.folder.join(name)).unwrap()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.join(name), text).unwrap();
    }

    /// Writes glide.yaml with these names and ranges.
    fn manifest(&self, wanted: &[&str]) {
        let entry = |word: &&str| {
            let (name, range) = word.split_once(' ').unwrap();
            format!("- package: github.com/x/{name}\n  version: {range}\n")
        };
        let entries: String = wanted.iter().map(entry).collect();
        self.write(
            "glide.yaml",
            &format!("package: {PROJECT}\nimport:\n{entries}{}", self.rest),
        );
    }

    /// Writes a glide.lock with these pins, made from the glide.yaml that is there.
    fn lock(&self, pins: &[&str]) {
        let hash = self.run(&["hash"]).success().stdout;
        self.write("glide.lock", &lock(hash.trim(), pins));
    }

    fn save(&self, message: &str) {
        self.git(&["add", "-A"]).success();
        self.git(&["commit", "-q", "-m", message]).success();
    }

    fn commit(&self, message: &str, wanted: &[&str], pins: &[&str]) {
        self.manifest(wanted);
        self.lock(pins);
        self.save(message);
    }

    /// Both sides add one dependency, far apart in glide.yaml, and ours moves another; on branch `topic` and,
    /// where we are, on `main`.
    fn two_sides(&self) {
        self.git(&["checkout", "-q", "-b", "topic"]).success();
        self.commit(
            "add zz",
            &["a ^1", "m ^1", "z ^1", "zz ^1"],
            &["a@1", "m@1", "z@1", "zz@1"],
        );
        self.git(&["checkout", "-q", "main"]).success();
        self.commit(
            "add a0",
            &["a0 ^1", "a ^1", "m ^1", "z ^1"],
            &["a@1", "a0@1", "m@2", "z@1"],
        );
    }

    /// Insists that glide.lock is what both sides say, made for the glide.yaml that is there.
    #[track_caller]
    fn insist(&self, pins: &[&str]) {
        let hash = self.run(&["hash"]).success().stdout;
        assert_eq!(self.read("glide.lock"), lock(hash.trim(), pins));
    }

    #[track_caller]
    fn insist_on_both_sides(&self) {
        assert!(
            self.read("glide.yaml").contains("/a0\n") && self.read("glide.yaml").contains("/zz\n")
        );
        self.insist(&["a@1", "a0@1", "m@2", "z@1", "zz@1"]);
    }
}

fn started(mut command: Command) -> Output {
    process::run(&mut command, &Input::Empty, Duration::from_secs(120))
}

/// A commit for a digit.
fn id(digit: &str) -> String {
    digit.repeat(40)
}

fn lock(hash: &str, pins: &[&str]) -> String {
    let entry = |pin: &&str| {
        let (name, digit) = pin.split_once('@').unwrap();
        format!(
            "- name: github.com/x/{name}\n  version: {}\n",
            quoted(&id(digit))
        )
    };
    let entries: String = pins.iter().map(entry).collect();
    format!("hash: {hash}\nupdated: 2020-01-01T00:00:00Z\nimports:\n{entries}testImports: []\n")
}

/// Forty digits are a number to YAML.
fn quoted(id: &str) -> String {
    format!("\"{id}\"")
}

#[test]
fn two_branches_that_add_and_move_merge_without_a_hand() {
    let scene = Scene::new();
    scene.two_sides();
    let output = scene.git(&["merge", "-q", "-m", "both", "topic"]).success();
    assert!(!output.stderr.contains("[WARN]"), "{}", output.stderr);
    scene.insist_on_both_sides();
    // The other way round it is the same, but for the order of glide.yaml.
    scene.git(&["checkout", "-q", "topic"]).success();
    scene
        .git(&["merge", "-q", "-m", "both", "main~1"])
        .success();
    scene.insist_on_both_sides();
}

#[test]
fn so_do_rebase_cherry_pick_revert_and_stash() {
    for (steps, label) in [
        (vec![vec!["rebase", "-q", "main", "topic"]], "rebase"),
        (
            vec![vec!["rebase", "-q", "--apply", "main", "topic"]],
            "rebase --apply",
        ),
        (vec![vec!["cherry-pick", "topic"]], "cherry-pick"),
        (
            vec![
                vec!["checkout", "-q", "topic"],
                vec!["reset", "-q", "--soft", "topic~1"],
                vec!["stash", "-q"],
                vec!["checkout", "-q", "main"],
                vec!["stash", "pop"],
            ],
            "stash",
        ),
        (
            vec![
                vec!["checkout", "-q", "-b", "undone", "topic"],
                vec!["revert", "--no-edit", "topic"],
                vec!["checkout", "-q", "main"],
                vec!["merge", "-q", "-s", "ours", "-m", "nothing of it", "undone"],
                vec!["revert", "--no-edit", "undone"],
            ],
            "revert",
        ),
    ] {
        let scene = Scene::new();
        scene.two_sides();
        for step in steps {
            let output = scene.git(&step);
            assert_eq!(
                output.exit,
                Some(0),
                "{label} {step:?}: {}{}",
                output.stdout,
                output.stderr
            );
            assert!(
                !output.stderr.contains("[WARN]"),
                "{label}: {}",
                output.stderr
            );
        }
        scene.insist_on_both_sides();
    }
}

#[test]
fn a_commit_that_git_does_not_name_is_known_by_what_it_does() {
    // As git before 2.44 calls the driver.
    let old = |scene: &Scene| {
        let command = "glide-rs lock merge -- %O %A %B %P %L";
        let set = ["config", "merge.glide-lock.driver", command];
        scene.git(&set).success();
        scene.two_sides();
    };
    let scene = Scene::new();
    old(&scene);
    let output = scene.git(&["cherry-pick", "topic"]).success();
    assert!(!output.stderr.contains("[WARN]"), "{}", output.stderr);
    scene.insist_on_both_sides();
    scene.git(&["revert", "--no-edit", "topic"]).success();
    scene.insist(&["a@1", "a0@1", "m@2", "z@1"]);
    // Two that do the same to glide.lock, and not to glide.yaml.
    let mut scene = Scene::new();
    old(&scene);
    scene
        .git(&["checkout", "-q", "-b", "other", "topic~1"])
        .success();
    scene.rest = "# as topic\n";
    scene.commit(
        "add zz otherwise",
        &["a ^1", "m ^1", "z ^1", "zz ^1"],
        &["a@1", "m@1", "z@1", "zz@1"],
    );
    scene.git(&["checkout", "-q", "main"]).success();
    let output = scene.git(&["cherry-pick", "topic"]).failure();
    let said = "git does not tell which commits are merged";
    assert!(output.stderr.contains(said), "{}", output.stderr);
    scene.run(&["lock", "merge"]).success();
    scene.insist_on_both_sides();
}

#[test]
fn a_conflict_in_glide_yaml_alone_is_told() {
    let scene = Scene::new();
    let text = scene.read("glide.yaml");
    scene.write(
        "glide.yaml",
        &format!("<<<<<<< HEAD\n{text}=======\n{text}>>>>>>> topic\n"),
    );
    let output = scene.run(&["lock", "merge"]);
    assert_eq!(output.exit, Some(3), "{}", output.stderr);
    for words in [
        "glide.lock has no conflict markers, but glide.yaml has",
        "glide.yaml:1",
    ] {
        assert!(output.stderr.contains(words), "{}", output.stderr);
    }
    scene.write("glide.yaml", &text);
    let output = scene.run(&["lock", "merge"]).success();
    assert!(
        output.stderr.contains("there is nothing to merge"),
        "{}",
        output.stderr
    );
}

#[test]
fn repositories_of_other_forms_are_told_and_merged_by_entries() {
    for (form, words) in [
        ("--object-format=sha256", "sha256"),
        ("--ref-format=reftable", "refstorage"),
    ] {
        let scene = Scene::bare(Sandbox::new(PROJECT), "");
        fs::remove_dir_all(scene.sandbox.project().join(".git")).unwrap();
        let made = scene.git(&["init", "-q", "-b", "main", form]);
        if made.exit != Some(0) {
            eprintln!("this git knows no {form}: {}", made.stderr);
            continue;
        }
        scene.commit("base", &["a ^1", "m ^1", "z ^1"], &["a@1", "m@1", "z@1"]);
        let output = scene.run(&["lock", "merge", "--install"]);
        assert_eq!(output.exit, Some(1), "{}", output.stderr);
        let (told, hint) = (
            output.stderr.contains(words),
            output.stderr.contains("--global"),
        );
        assert!(told && hint, "{}", output.stderr);
        let output = scene
            .run(&["lock", "merge", "--install", "--global"])
            .success();
        assert!(output.stderr.contains(words), "{}", output.stderr);
        scene.save("driver");
        scene.two_sides();
        let output = scene.git(&["merge", "-q", "topic"]).failure();
        let (told, open) = (
            output.stderr.contains(words),
            output.stderr.contains("left open"),
        );
        assert!(told && open, "{}", output.stderr);
        let text = scene.read("glide.lock");
        assert_eq!(text.matches(MARKER).count(), 1, "the hash alone: {text}");
        let output = scene.run(&["lock", "merge"]).success();
        assert!(output.stderr.contains(words), "{}", output.stderr);
        scene.insist_on_both_sides();
    }
}

#[test]
fn histories_that_cross_have_a_base_that_was_merged_itself() {
    let scene = Scene::new();
    scene.two_sides();
    scene.git(&["branch", "old", "main"]).success();
    scene.git(&["merge", "-q", "-m", "one", "topic"]).success();
    scene.git(&["checkout", "-q", "topic"]).success();
    scene.git(&["merge", "-q", "-m", "other", "old"]).success();
    let wanted = ["a0 ^1", "a ^1", "m ^1", "z ^1", "zz ^1"];
    scene.commit("move", &wanted, &["a@1", "a0@1", "m@3", "z@1", "zz@1"]);
    scene.git(&["checkout", "-q", "main"]).success();
    scene.commit(
        "drop",
        &["a0 ^1", "a ^1", "m ^1", "zz ^1"],
        &["a@1", "a0@1", "m@2", "zz@1"],
    );
    let output = scene
        .git(&["merge", "-q", "-m", "cross", "topic"])
        .success();
    scene.insist(&["a@1", "a0@1", "m@3", "zz@1"]);
    assert!(
        output
            .stderr
            .contains("ours removed github.com/x/z; whether what theirs changed needs that"),
        "{}",
        output.stderr
    );
}

#[test]
fn a_true_disagreement_is_named_and_nothing_else_is_in_conflict() {
    let scene = Scene::new();
    scene.git(&["checkout", "-q", "-b", "topic"]).success();
    scene.lock(&["a@1", "m@2", "z@2"]);
    scene.save("move m to 2");
    scene.git(&["checkout", "-q", "main"]).success();
    scene.lock(&["a@2", "m@3", "z@1"]);
    scene.save("move m to 3");
    let output = scene.git(&["merge", "-q", "topic"]).failure();
    let said = format!(
        "[WARN]\tglide.lock: the two sides disagree on github.com/x/m: at {} in ours (HEAD), at {} in theirs (topic); at {} before\n",
        id("3"),
        id("2"),
        id("1"),
    );
    assert!(output.stderr.contains(&said), "{}", output.stderr);
    let hash = scene.run(&["hash"]).stdout;
    let base = scene.git(&["rev-parse", "--short", "main~1"]).stdout;
    let entry = |digit| {
        format!(
            "- name: github.com/x/m\n  version: {}\n",
            quoted(&id(digit))
        )
    };
    let whole = lock(hash.trim(), &["a@2", "m@0", "z@2"]);
    let conflict = format!(
        "<<<<<<< HEAD\n{}||||||| {}\n{}=======\n{}>>>>>>> topic\n",
        entry("3"),
        base.trim(),
        entry("1"),
        entry("2"),
    );
    let expected = whole.replace(&entry("0"), &conflict);
    assert_eq!(scene.read("glide.lock"), expected);
    // Told again, as often as asked, until somebody decides.
    for _ in 0..2 {
        let output = scene.run(&["lock", "merge"]);
        assert_eq!(output.exit, Some(1));
        assert!(output.stderr.contains(&said), "{}", output.stderr);
        assert_eq!(scene.read("glide.lock"), expected);
    }
    for (flag, digit) in [("--ours", "3"), ("--theirs", "2")] {
        scene.write("glide.lock", &expected);
        let output = scene.run(&["lock", "merge", flag]).success();
        assert!(
            output
                .stderr
                .contains("[INFO]\tglide.lock is merged; `git add glide.lock`"),
            "{}",
            output.stderr
        );
        assert_eq!(
            scene.read("glide.lock"),
            whole.replace(&entry("0"), &entry(digit))
        );
    }
}

#[test]
fn a_glide_yaml_in_conflict_leaves_the_hash_open_until_it_is_settled() {
    let scene = Scene::new();
    scene.git(&["checkout", "-q", "-b", "topic"]).success();
    scene.commit(
        "b",
        &["a ^1", "b ^1", "m ^1", "z ^1"],
        &["a@1", "b@1", "m@1", "z@1"],
    );
    scene.git(&["checkout", "-q", "main"]).success();
    scene.commit(
        "c",
        &["a ^1", "c ^1", "m ^1", "z ^1"],
        &["a@1", "c@1", "m@1", "z@1"],
    );
    let output = scene.git(&["merge", "-q", "topic"]).failure();
    let said = "its hash of glide.yaml is left open, since glide.yaml has a conflict, too";
    assert!(output.stderr.contains(said), "{}", output.stderr);
    let merged = scene.read("glide.lock");
    assert!(
        merged.starts_with("<<<<<<< HEAD\nhash: ") && merged.matches(MARKER).count() == 1,
        "{merged}"
    );
    // glide.yaml comes first.
    let output = scene.run(&["lock", "merge"]);
    assert_eq!(output.exit, Some(3));
    let hint = "hint: edit it by hand so that it says what is wanted; then `glide-rs lock merge`";
    assert!(
        output.stderr.contains("glide.yaml comes before glide.lock"),
        "{}",
        output.stderr
    );
    assert!(
        output.stderr.contains("line 5: git's conflict markers") && output.stderr.contains(hint),
        "{}",
        output.stderr
    );
    assert_eq!(scene.read("glide.lock"), merged);
    scene.manifest(&["a ^1", "b ^1", "c ^1", "m ^1", "z ^1"]);
    scene.run(&["lock", "merge"]).success();
    scene.insist(&["a@1", "b@1", "c@1", "m@1", "z@1"]);
    let output = scene.run(&["lock", "merge"]).success();
    assert_eq!(
        output.stderr,
        "[INFO]\tglide.lock has no conflict markers: there is nothing to merge\n"
    );
}

#[test]
fn what_git_leaves_without_the_driver_is_settled_in_every_style() {
    for style in ["merge", "diff3", "zdiff3"] {
        for line_end in ["\n", "\r\n"] {
            let scene = Scene::bare(Sandbox::new(PROJECT), "");
            scene
                .git(&["config", "merge.conflictStyle", style])
                .success();
            scene.write(".gitattributes", "glide.lock conflict-marker-size=11\n");
            scene.commit("base", &["a ^1", "m ^1", "z ^1"], &["a@1", "m@1", "z@1"]);
            scene.two_sides();
            let output = scene.git(&["merge", "-q", "topic"]).failure();
            assert!(output.stdout.contains("CONFLICT"), "{}", output.stdout);
            let text = scene.read("glide.lock");
            assert!(text.contains("<<<<<<<<<<< HEAD\n"), "{text}");
            scene.write("glide.lock", &text.replace('\n', line_end));
            for command in [["install"].as_slice(), &["outdated"], &["audit", "drift"]] {
                let output = scene.run(command).failure();
                let said = format!("{} {}", output.stdout, output.stderr);
                let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
                for words in [
                    "Could not load ",
                    "line 1: git's conflict markers are still in it",
                    "hint: `glide-rs lock merge` puts the two sides together",
                ] {
                    assert!(said.contains(words), "{said}");
                }
            }
            scene.run(&["lock", "merge"]).success();
            scene.insist_on_both_sides();
        }
    }
}

#[test]
fn markers_that_were_committed_are_merged_as_far_as_they_tell() {
    let scene = Scene::bare(Sandbox::new(PROJECT), "");
    scene.manifest(&["a ^1"]);
    let hash = scene.run(&["hash"]).success().stdout;
    let whole = lock(hash.trim(), &["a@1", "b@1", "c@1"]);
    let entry = |name: &str| {
        format!(
            "- name: github.com/x/{name}\n  version: {}\n",
            quoted(&id("1"))
        )
    };
    let both = format!("{}{}", entry("b"), entry("c"));
    let marked = format!(
        "<<<<<<< a\n{}=======\n{}>>>>>>> b\n",
        entry("b"),
        entry("c")
    );
    scene.write("glide.lock", &whole.replace(&both, &marked));
    let output = scene.run(&["lock", "merge"]).success();
    assert!(
        output
            .stderr
            .contains("does not tell what it was before: what either side has is kept"),
        "{}",
        output.stderr
    );
    assert_eq!(scene.read("glide.lock"), whole);
    // What cannot be read as a conflict is left as it is.
    for (text, said) in [
        (
            format!("{whole}<<<<<<< a\n"),
            "line 11: the conflict that begins here does not end",
        ),
        (
            format!("{whole}>>>>>>> a\n"),
            "line 11: a conflict marker without the `<<<<<<<` before it",
        ),
        (
            format!("{whole}<<<<<<< a\n\t: [\n=======\n>>>>>>> b\n"),
            "glide.lock of ours cannot be read",
        ),
    ] {
        scene.write("glide.lock", &text);
        let output = scene.run(&["lock", "merge"]).failure();
        assert!(
            output.stderr.contains(said) && output.stderr.contains("hint: "),
            "{}",
            output.stderr
        );
        assert_eq!(scene.read("glide.lock"), text);
    }
}

#[test]
fn a_lock_that_was_out_of_date_does_not_come_out_as_if_it_were_not() {
    let scene = Scene::new();
    scene.two_sides();
    scene.git(&["checkout", "-q", "topic"]).success();
    let stale = scene.read("glide.lock").lines().next().unwrap().to_owned();
    scene.manifest(&["a ^1", "m ^1", "z ^2", "zz ^1"]);
    scene.save("no update after that");
    scene.git(&["checkout", "-q", "main"]).success();
    let output = scene.git(&["merge", "-q", "-m", "both", "topic"]).success();
    assert!(
        output
            .stderr
            .contains("that of theirs was not up to date with its glide.yaml"),
        "{}",
        output.stderr
    );
    assert!(scene.read("glide.lock").starts_with(&stale));
}

#[test]
fn without_the_program_on_path_git_stops_and_nothing_is_lost() {
    let mut scene = Scene::new();
    scene.two_sides();
    let path = std::env::var("PATH").unwrap();
    let with = format!("{}:{path}", Path::new(PROGRAM).parent().unwrap().display());
    scene.sandbox.set("PATH", path);
    let output = scene.run(&["lock", "merge", "--install"]).success();
    assert!(
        output.stderr.contains("there is no `glide-rs` on PATH"),
        "{}",
        output.stderr
    );
    scene.git(&["merge", "-q", "topic"]).failure();
    assert!(!scene.read("glide.lock").contains(MARKER));
    scene.sandbox.set("PATH", with);
    scene.run(&["lock", "merge"]).success();
    scene.insist_on_both_sides();
}

#[test]
fn a_lock_that_cannot_be_read_is_merged_line_by_line() {
    let scene = Scene::new();
    scene.git(&["checkout", "-q", "-b", "topic"]).success();
    scene.write("glide.lock", "hash: [\n");
    scene.save("broken");
    scene.git(&["checkout", "-q", "main"]).success();
    scene.lock(&["a@2", "m@1", "z@1"]);
    scene.save("fine");
    let output = scene.git(&["merge", "-q", "topic"]).failure();
    let said = "glide.lock is merged line by line, since it cannot be merged by what it says: glide.lock of theirs cannot be read";
    assert!(output.stderr.contains(said), "{}", output.stderr);
    let text = scene.read("glide.lock");
    assert!(
        text.contains("<<<<<<< HEAD\n") && text.contains("\nhash: [\n>>>>>>> topic\n"),
        "{text}"
    );
}

#[test]
fn a_driver_that_cannot_work_says_so_to_git() {
    let scene = Scene::new();
    for (words, said) in [
        (vec!["no", "such", "file", "glide.lock"], "cannot read"),
        (vec!["glide.lock", "glide.lock"], "%O, %A, %B and %P"),
    ] {
        let mut line = vec!["lock", "merge", "--"];
        line.extend(words);
        let output = scene.run(&line);
        assert_eq!(output.exit, Some(129), "{}", output.stderr);
        assert!(output.stderr.contains(said), "{}", output.stderr);
    }
    for line in [
        ["--install", "--ours"],
        ["--ours", "--theirs"],
        ["--global", "--"],
    ] {
        let output = scene.run(&[&["lock", "merge"], line.as_slice()].concat());
        assert_eq!(output.exit, Some(1), "{}", output.stderr);
    }
}

#[test]
fn a_project_below_the_top_and_a_second_work_tree_merge_as_well() {
    let scene = Scene::bare(Sandbox::new(PROJECT), "services/one");
    scene.commit("base", &["a ^1", "m ^1", "z ^1"], &["a@1", "m@1", "z@1"]);
    scene.run(&["lock", "merge", "--install"]).success();
    assert!(scene.folder.join(".gitattributes").is_file());
    scene.save("driver");
    scene.two_sides();
    scene
        .git(&["worktree", "add", "-q", "-b", "else", "../tree", "main"])
        .success();
    scene
        .git(&["-C", "../tree", "merge", "-q", "-m", "both", "topic"])
        .success();
    let other = Scene {
        folder: scene.sandbox.project().join("../tree/services/one"),
        rest: "",
        sandbox: scene.sandbox,
    };
    other.insist_on_both_sides();
    let output = other.run(&["lock", "merge", "--install"]).success();
    assert!(output.stderr.contains("already"), "{}", output.stderr);
}

#[test]
fn setting_up_is_done_once_and_can_be_taken_back() {
    let scene = Scene::bare(Sandbox::new(PROJECT), "");
    scene.write(".gitattributes", "*.go text\nglide.lock -diff\n");
    scene.commit("base", &["a ^1"], &["a@1"]);
    let config = || text(&scene.sandbox.project().join(".git/config")).unwrap();
    let before = config();
    let output = scene.run(&["lock", "merge", "--install"]).success();
    assert!(output.stderr.contains("set up in `"), "{}", output.stderr);
    assert_eq!(
        scene.read(".gitattributes"),
        "*.go text\nglide.lock -diff merge=glide-lock\n"
    );
    let attribute = scene.git(&["check-attr", "merge", "glide.lock"]).stdout;
    assert_eq!(attribute, "glide.lock: merge: glide-lock\n");
    let after = config();
    let driver = scene.git(&["config", "merge.glide-lock.driver"]).stdout;
    assert_eq!(driver, "glide-rs lock merge -- %O %A %B %P %L %S %X %Y\n");
    let output = scene.run(&["lock", "merge", "--install"]).success();
    assert!(output.stderr.contains("already"), "{}", output.stderr);
    assert_eq!(
        (config(), scene.read(".gitattributes").lines().count()),
        (after, 2)
    );
    scene.run(&["lock", "merge", "--uninstall"]).success();
    assert_eq!(
        scene.read(".gitattributes"),
        "*.go text\nglide.lock -diff\n"
    );
    assert_eq!(config().replace("[merge \"glide-lock\"]\n", ""), before);
    // A line that counts more.
    scene.write(".gitattributes", "glide.lock -diff\n* merge=union\n");
    let output = scene.run(&["lock", "merge", "--install"]).success();
    assert!(
        output.stderr.contains("another merge driver (union)"),
        "{}",
        output.stderr
    );
}

#[test]
fn for_all_repositories_it_stands_in_the_users_configuration() {
    let scene = Scene::bare(Sandbox::new(PROJECT), "");
    let file = scene.sandbox.home().join(".gitconfig");
    fs::write(&file, "[user]\n\tname = me # kept\n").unwrap();
    // Outside of any project.
    scene
        .run(&["lock", "merge", "--install", "--global"])
        .success();
    let written = text(&file).unwrap();
    assert!(
        written.starts_with("[user]\n\tname = me # kept\n[merge \"glide-lock\"]\n"),
        "{written}"
    );
    assert!(!scene.folder.join(".gitattributes").exists());
    scene.commit("base", &["a ^1"], &["a@1"]);
    scene
        .run(&["lock", "merge", "--install", "--global"])
        .success();
    assert_eq!(text(&file).unwrap(), written);
    assert_eq!(
        scene.read(".gitattributes"),
        "glide.lock merge=glide-lock\n"
    );
    scene
        .run(&["lock", "merge", "--uninstall", "--global"])
        .success();
    assert!(!text(&file).unwrap().contains("driver"));
    assert!(!scene.folder.join(".gitattributes").exists());
    // In no repository there is nowhere to say it.
    fs::remove_dir_all(scene.sandbox.project().join(".git")).unwrap();
    let output = scene.run(&["lock", "merge", "--install"]).failure();
    assert!(
        output.stderr.contains("is in no git repository"),
        "{}",
        output.stderr
    );
}

#[test]
fn what_was_merged_installs_and_tags_are_told() {
    let sandbox = Sandbox::new(PROJECT);
    let (world, ids) = World::within(sandbox, |remotes| {
        let mut commit = |name: &str, version: &str| {
            let file = format!("package {}\n\nconst V = \"{version}\"\n", &name[13..]);
            remotes.commit(name, &Commit::new().file("v.go", file).tag(version))
        };
        ["github.com/x/a", "github.com/x/m"]
            .map(|name| ["v1.0.0", "v1.1.0", "v1.2.0"].map(|version| commit(name, version)))
    });
    let World {
        sandbox,
        server: _server,
        ..
    } = world;
    let scene = Scene::bare(sandbox, "");
    scene.write(".gitignore", "vendor/\n");
    scene.manifest(&["a ^1", "m ^1"]);
    let [a, m] = &ids;
    let pin = |a: &str, m: &str| {
        let hash = scene.run(&["hash"]).success().stdout;
        let text = lock(hash.trim(), &["a@1", "m@2"]);
        let text = text
            .replace(&quoted(&id("1")), a)
            .replace(&quoted(&id("2")), m);
        scene.write("glide.lock", &text);
    };
    pin(&a[0], &m[0]);
    scene.save("base");
    scene.run(&["lock", "merge", "--install"]).success();
    scene.save("driver");
    scene.git(&["checkout", "-q", "-b", "topic"]).success();
    pin(&a[1], &m[1]);
    scene.save("topic");
    scene.git(&["checkout", "-q", "main"]).success();
    pin(&a[1], &m[2]);
    scene.save("main");
    // What the audit has learnt of the repositories is used, and nobody is asked.
    scene.run(&["audit", "provenance"]);
    let output = scene.git(&["merge", "-q", "topic"]).failure();
    let said = format!(
        "github.com/x/m: at {} (v1.2.0) in ours (HEAD), at {} (v1.1.0) in theirs (topic); at {} (v1.0.0) before; ours is the newer one",
        m[2], m[1], m[0],
    );
    assert!(output.stderr.contains(&said), "{}", output.stderr);
    scene.run(&["lock", "merge", "--ours"]).success();
    let output = scene.run(&["install"]).success();
    assert!(!output.stderr.contains("out of date"), "{}", output.stderr);
    assert!(scene.read("vendor/github.com/x/m/v.go").contains("v1.2.0"));
    assert!(scene.read("vendor/github.com/x/a/v.go").contains("v1.1.0"));
}

#[test]
fn nobody_is_asked_under_git_and_what_is_not_known_stays_open() {
    let mut sandbox = Sandbox::new(PROJECT);
    let tag = Tags::One("corp.example/kit git https://github.com/x/kit".to_owned());
    let site = Site {
        meta: [("corp.example/kit".to_owned(), tag)].into(),
        ..Site::of(&Remotes::new(&sandbox.repos()))
    };
    let server = Server::start(&sandbox.root().join("tls"), site);
    sandbox.use_server(&server);
    let mut scene = Scene::bare(sandbox, "");
    scene.rest = "testImport:\n- package: corp.example/kit/sub\n";
    scene.commit("base", &["a ^1", "m ^1", "z ^1"], &["a@1", "m@1", "z@1"]);
    scene.run(&["lock", "merge", "--install"]).success();
    scene.save("driver");
    scene.two_sides();
    assert!(!server.take_requests().is_empty());
    // What the host has said is remembered.
    scene.git(&["merge", "-q", "-m", "both", "topic"]).success();
    assert_eq!(server.take_requests(), [""; 0]);
    scene.insist_on_both_sides();
    scene.git(&["reset", "-q", "--hard", "HEAD~1"]).success();
    scene.run(&["cache-clear"]).success();
    let output = scene.git(&["merge", "-q", "topic"]).failure();
    let said = "glide.yaml has names whose repositories are not known without asking";
    assert!(output.stderr.contains(said), "{}", output.stderr);
    assert_eq!(server.take_requests(), [""; 0]);
    scene.run(&["lock", "merge"]).success();
    assert!(!server.take_requests().is_empty());
    scene.insist_on_both_sides();
    // Nor does a lock that is out of date become up to date by being asked about.
    scene.git(&["merge", "--abort"]).success();
    scene.git(&["checkout", "-q", "topic"]).success();
    scene.manifest(&["a ^1", "m ^1", "z ^2", "zz ^1"]);
    scene.save("no update after that");
    scene.git(&["checkout", "-q", "main"]).success();
    scene.run(&["cache-clear"]).success();
    scene.git(&["merge", "-q", "topic"]).failure();
    let output = scene.run(&["lock", "merge"]).success();
    let said = "that of theirs was not up to date with its glide.yaml";
    assert!(output.stderr.contains(said), "{}", output.stderr);
}
