//! `mirror`: messages, exit codes, what becomes of mirrors.yaml, and odd files in its place.

use std::fs;
use std::os::unix::fs::symlink;

use crate::support::sandbox::{Sandbox, text};

fn mirrors(sandbox: &Sandbox) -> Option<String> {
    text(&sandbox.glide_home().join("mirrors.yaml"))
}

#[track_caller]
fn check(sandbox: &Sandbox, arguments: &[&str], exit: i32, stderr: &str) {
    let output = sandbox.run(&[&["mirror"], arguments].concat());
    let root = sandbox.root().display().to_string();
    let shown = output.stderr.replace(&root, "ROOT");
    let seen = (output.exit, output.stdout.as_str(), shown.as_str());
    assert_eq!(seen, (Some(exit), "", stderr), "{arguments:?}");
}

#[test]
fn it_speaks_as_glide() {
    let sandbox = Sandbox::new("github.com/me/app");
    let written = "[INFO]\tmirrors.yaml written with changes\n";
    let none = "[INFO]\tNo mirrors exist. No mirrors.yaml file not found\n";
    check(&sandbox, &["list"], 0, none);
    let stderr = "[ERROR]\tmirrors.yaml file not found\n\thint: it was looked for at `ROOT/home/.glide/mirrors.yaml`\n";
    check(&sandbox, &["rm", "x"], 2, stderr);
    assert!(fs::read_dir(sandbox.glide_home()).unwrap().next().is_none());
    let (a, b) = (
        "https://github.com/a/b",
        "https://me:secret@git.example.com/b",
    );
    let set = format!("[INFO]\t{a} being set to https://me:***@git.example.com/b\n");
    let first = format!("[INFO]\tNo mirrors.yaml file exists. Creating new one\n{set}{written}");
    check(&sandbox, &["set", a, b, "--vcs", "git"], 0, &first);
    let list = format!(
        "[INFO]\tMirrors...\n[INFO]\t--> {a} replaced by https://me:***@git.example.com/b (git)\n"
    );
    check(&sandbox, &["list"], 0, &list);
    let found = format!("[INFO]\t{a} found in mirrors. Replacing with new settings\n");
    check(
        &sandbox,
        &["set", a, b],
        0,
        &format!("{found}{set}{written}"),
    );
    let same = format!("{found}{set}[INFO]\tmirrors.yaml says so already\n");
    check(&sandbox, &["set", a, b], 0, &same);
    let yaml = format!("repos:\n- original: {a}\n  repo: {b}\n");
    assert_eq!(mirrors(&sandbox), Some(yaml));
    check(
        &sandbox,
        &["remove", "x"],
        0,
        "[WARN]\tx was not found in mirrors\n[INFO]\t`mirror list` shows them; the address on the left is wanted\n",
    );
    let removed = format!("[INFO]\t{a} was removed from mirrors\n{written}");
    check(&sandbox, &["rm", a], 0, &removed);
    assert_eq!(mirrors(&sandbox).as_deref(), Some("repos: []\n"));
    check(&sandbox, &["list"], 0, "[INFO]\tNo mirrors found\n");
}

#[test]
fn what_cannot_be_a_mirror_is_refused() {
    let sandbox = Sandbox::new("github.com/me/app");
    let required = "[ERROR]\tBoth the original and mirror values are required\n\thint: as in `mirror set https://github.com/a/b https://git.example.com/a/b`\n";
    for line in [
        &["set"][..],
        &["set", "a"],
        &["set", "", "b"],
        &["set", "a", ""],
    ] {
        check(&sandbox, line, 2, required);
    }
    let required = "[ERROR]\tThe mirror to remove is required\n\thint: `mirror list` shows the mirrors; the address on the left is wanted\n";
    check(&sandbox, &["remove"], 2, required);
    let vcs = "[ERROR]\t`cvs` is no version control system that Glide knows\n\thint: --vcs is one of git, hg, svn and bzr\n";
    check(&sandbox, &["set", "a", "b", "--vcs", "cvs"], 1, vcs);
    let control = "[ERROR]\t`a\\u{1b}b` has control characters, which no address has\n";
    check(&sandbox, &["set", "a\u{1b}b", "c"], 1, control);
    let path = "[WARN]\t`github.com/a/b` is an import path, where an address is wanted, such as https://github.com/a/b\n";
    let output = sandbox
        .run(&["mirror", "set", "github.com/a/b", "file:///b", "more"])
        .success();
    let lines: Vec<_> = output.stderr.split_inclusive('\n').take(2).collect();
    assert_eq!(
        lines,
        ["[WARN]\tNothing is done with the arguments: more\n", path]
    );
}

#[test]
fn what_the_person_wrote_stays() {
    let sandbox = Sandbox::new("github.com/me/app");
    let file = sandbox.glide_home().join("mirrors.yaml");
    let before = "# ours\nrepos:\n  - original: 'x' # old\n    repo: \"y\"\n";
    fs::write(&file, before).unwrap();
    sandbox.run(&["mirror", "set", "z", "file:///z"]).success();
    let after = format!("{before}  - original: z\n    repo: file:///z\n");
    assert_eq!(mirrors(&sandbox), Some(after));
    sandbox.run(&["mirror", "rm", "z"]).success();
    assert_eq!(mirrors(&sandbox).as_deref(), Some(before));
    fs::write(&file, "repos: [{original: x, repo: 'y'}, # why\n]\n").unwrap();
    let output = sandbox.run(&["mirror", "set", "z", "file:///z"]).success();
    assert!(
        output
            .stderr
            .contains("[WARN]\tmirrors.yaml is written in a way"),
        "{}",
        output.stderr
    );
}

#[test]
fn runs_at_once_lose_nothing() {
    let sandbox = Sandbox::in_memory("github.com/me/app");
    fs::remove_dir_all(sandbox.glide_home()).unwrap();
    std::thread::scope(|scope| {
        for number in 0..12 {
            let sandbox = &sandbox;
            scope.spawn(move || {
                let name = format!("https://a.b/{number}");
                sandbox
                    .run(&["mirror", "set", &name, "file:///x"])
                    .success();
            });
        }
    });
    let text = mirrors(&sandbox).unwrap();
    for number in 0..12 {
        assert!(
            text.contains(&format!("- original: https://a.b/{number}\n")),
            "{text}"
        );
    }
}

#[test]
fn a_file_that_is_none_is_an_error_and_stays() {
    let sandbox = Sandbox::new("github.com/me/app");
    let file = sandbox.glide_home().join("mirrors.yaml");
    let huge = "x".repeat(1 << 20);
    for bytes in [
        &b"repos: 3\n"[..],
        b"repos:\n- null\n",
        b"\x00\x01\xff",
        b"a: [\n",
        b"\x1b[2J",
        huge.as_bytes(),
    ] {
        fs::write(&file, bytes).unwrap();
        for line in [&["list"][..], &["set", "a", "b"], &["rm", "a"]] {
            let output = sandbox.run(&[&["mirror"], line].concat());
            assert_eq!(output.exit, Some(1), "{}", output.stderr);
            let words = "mirrors.yaml file\n\tcaused by: ";
            assert!(
                output.stderr.contains(words) && !output.stderr.contains('\u{1b}'),
                "{}",
                output.stderr
            );
            assert_eq!(fs::read(&file).unwrap(), bytes);
        }
    }
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    for line in [&["list"][..], &["set", "a", "b"], &["rm", "a"]] {
        let output = sandbox.run(&[&["mirror"], line].concat()).failure();
        assert!(
            output.stderr.contains("Is a directory"),
            "{}",
            output.stderr
        );
    }
}

#[test]
fn a_link_goes_on_leading_to_the_file() {
    let sandbox = Sandbox::new("github.com/me/app");
    let (file, real) = (
        sandbox.glide_home().join("mirrors.yaml"),
        sandbox.root().join("real"),
    );
    symlink(&real, &file).unwrap();
    let output = sandbox.run(&["mirror", "set", "a", "b"]).failure();
    assert!(
        output.stderr.contains("is a link that leads nowhere"),
        "{}",
        output.stderr
    );
    fs::write(&real, "repos: []\n").unwrap();
    sandbox.run(&["mirror", "set", "a", "b"]).success();
    assert!(file.is_symlink());
    let expected = "repos:\n- original: a\n  repo: b\n";
    assert_eq!(text(&real).as_deref(), Some(expected));
}

#[test]
fn a_home_that_cannot_be_is_told_and_one_that_is_missing_is_made() {
    let sandbox = Sandbox::new("github.com/me/app");
    sandbox.write("blocked", "a file\n");
    let blocked = sandbox.project().join("blocked/home");
    let home = blocked.to_str().unwrap();
    let output = sandbox.run(&["--home", home, "mirror", "set", "a", "b"]);
    assert_eq!(output.exit, Some(2));
    assert!(
        output
            .stderr
            .starts_with("[ERROR]\tError writing mirrors.yaml file\n"),
        "{}",
        output.stderr
    );
    let fresh = sandbox.root().join("fresh/home");
    let home = fresh.to_str().unwrap();
    sandbox
        .run(&["mirror", "set", "a", "b", "--home", home])
        .success();
    assert!(fresh.join("mirrors.yaml").is_file());
}
