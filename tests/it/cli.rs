//! What a person at the command line meets: what goes to which stream, exit codes, wrong usage.

use std::fs;
use std::process::Command;
use std::time::Duration;

use crate::support::process::{self, Input, Output};
use crate::support::sandbox::{PROGRAM, Sandbox};

const MANIFEST: &str = "package: github.com/me/app\nimport: []\n";

fn project() -> Sandbox {
    let sandbox = Sandbox::new("github.com/me/app");
    sandbox.write("glide.yaml", MANIFEST);
    sandbox
}

fn with_input(sandbox: &Sandbox, arguments: &[&str], text: &str) -> Output {
    let input = Input::Text(text.to_owned());
    let limit = Duration::from_secs(60);
    process::run(&mut sandbox.command(arguments), &input, limit)
}

/// Compares all that a run shows: exit code and both streams, the sandbox's folder as `ROOT`.
#[track_caller]
fn check(sandbox: &Sandbox, output: &Output, exit: i32, stdout: &str, stderr: &str) {
    let root = sandbox.root().display().to_string();
    let shown = output.stderr.replace(&root, "ROOT");
    assert_eq!(
        (output.exit, output.stdout.as_str(), shown.as_str()),
        (Some(exit), stdout, stderr)
    );
}

#[test]
fn a_folder_without_a_project_ends_in_2_and_says_where_it_looked() {
    let sandbox = Sandbox::new("github.com/me/app");
    for command in ["name", "hash", "fmt", "install"] {
        let stderr = "[ERROR]\tFailed to find glide.yaml file in directory tree\n\
            \thint: it was looked for in `ROOT/gopath/src/github.com/me/app` and the folders above; \
            `create` makes one, `--yaml` names another file\n";
        check(&sandbox, &sandbox.run(&[command]), 2, "", stderr);
    }
}

#[test]
fn a_malformed_manifest_ends_in_3_with_the_line() {
    let sandbox = project();
    sandbox.write("glide.yaml", "package: x\nimport: 3\n");
    for command in ["name", "hash", "fmt", "update"] {
        let stderr = "[ERROR]\tFailed to parse ROOT/gopath/src/github.com/me/app/glide.yaml:2\n\
            \tcaused by: yaml: line 2: cannot unmarshal !!int `3` into a list of dependencies\n\
            \thint: a list has its entries below it, each after a dash: `- package: NAME`\n";
        check(&sandbox, &sandbox.run(&[command]), 3, "", stderr);
    }
}

#[test]
fn without_a_lock_install_is_update() {
    let mut sandbox = project();
    sandbox.set("SOURCE_DATE_EPOCH", "0");
    let output = sandbox.run(&["install"]).success();
    let words = "Lock file (glide.lock) does not exist. Performing update.";
    assert!(output.stderr.contains(words), "{}", output.stderr);
    let lock = sandbox.read("glide.lock").unwrap();
    let end = "updated: 1970-01-01T00:00:00Z\nimports: []\ntestImports: []\n";
    assert!(lock.ends_with(end), "{lock}");
}

#[test]
fn wrong_usage_ends_in_1_on_standard_error() {
    let sandbox = project();
    for (line, words) in [
        (&["--nonsense"][..], "unexpected argument '--nonsense'"),
        (&["install", "--nonsense"], "unexpected argument"),
        (&["mirror", "instal"], "unrecognized subcommand"),
    ] {
        let output = sandbox.run(line);
        assert_eq!((output.exit, output.stdout.as_str()), (Some(1), ""));
        assert!(output.stderr.contains(words), "{}", output.stderr);
    }
}

#[test]
fn what_asks_nobody_needs_no_home_and_no_git_configuration() {
    let mut sandbox = project();
    sandbox.write("blocked", "a file where a home should be\n");
    let blocked = sandbox.project().join("blocked");
    fs::write(sandbox.home().join(".gitconfig"), "[not a configuration\n").unwrap();
    sandbox.set("GLIDE_HOME", &blocked);
    for (line, stdout) in [
        (&["name"][..], "github.com/me/app\n"),
        (&["info", "-f", "%n"], "github.com/me/app\n"),
        (&["fmt", "--check"], ""),
    ] {
        check(&sandbox, &sandbox.run(line), 0, stdout, "");
    }
    assert_eq!(sandbox.run(&["hash"]).success().stdout.len(), 65);
}

#[test]
fn a_cache_that_cannot_be_made_is_told_with_a_way_out() {
    let mut sandbox = project();
    let hash = sandbox.run(&["hash"]).success().stdout;
    sandbox.write(
        "glide.lock",
        &format!(
            "hash: {hash}updated: 2020-01-01T00:00:00Z\nimports:\n- name: github.com/a/b\n  version: {}\n",
            "1".repeat(40)
        ),
    );
    sandbox.write("blocked/cache", "a file where a folder should be\n");
    sandbox.set("GLIDE_HOME", sandbox.project().join("blocked"));
    let stderr = "[ERROR]\tthe cache cannot be used\n\
        \tcaused by: cannot create the folder `ROOT/gopath/src/github.com/me/app/blocked/cache/v1/git`\n\
        \tcaused by: Not a directory (os error 20)\n\
        \thint: something on the way there is a file, where a folder is wanted: move it away\n\
        \thint: `--home` or `GLIDE_HOME` can name another folder for it\n";
    check(&sandbox, &sandbox.run(&["install"]), 1, "", stderr);
}

#[test]
fn fmt_refuses_a_file_that_is_no_project_file_and_leaves_it_alone() {
    let sandbox = project();
    let mirrors = "repos:\n- original: https://github.com/a/b\n  repo: file:///b\n";
    sandbox.write("mirrors.yaml", mirrors);
    let stderr = "[ERROR]\tcannot format `ROOT/gopath/src/github.com/me/app/mirrors.yaml`\n\
        \tcaused by: it is neither a glide.yaml nor a glide.lock: no key of either is in it\n";
    check(
        &sandbox,
        &sandbox.run(&["fmt", "mirrors.yaml"]),
        1,
        "",
        stderr,
    );
    assert_eq!(sandbox.read("mirrors.yaml").as_deref(), Some(mirrors));
}

#[test]
fn fmt_tells_the_two_files_apart_and_passes_streams_through() {
    let sandbox = project();
    let lock = "hash: x\nupdated: 2020-01-01T00:00:00Z\nimports: []\ntestImports: []\n";
    for (text, formatted) in [
        ("import: []\npackage: x # why\n", "package: x\nimport: []\n"),
        (
            "testImports: []\nupdated: 2020-01-01T00:00:00Z\nhash: x\n",
            lock,
        ),
        ("", "package: \"\"\nimport: []\n"),
        ("# nothing\n", "package: \"\"\nimport: []\n"),
    ] {
        check(
            &sandbox,
            &with_input(&sandbox, &["fmt", "-"], text),
            0,
            formatted,
            "",
        );
        let stderr = "[WARN]\tstandard input is not as Glide would write it\n";
        check(
            &sandbox,
            &with_input(&sandbox, &["fmt", "--check", "-"], text),
            1,
            "",
            stderr,
        );
        check(
            &sandbox,
            &with_input(&sandbox, &["fmt", "--check", "-"], formatted),
            0,
            "",
            "",
        );
    }
}

#[test]
fn a_sub_folder_belongs_to_the_project_wherever_that_is() {
    let mut sandbox = project();
    sandbox.write("sub/deep/x.go", "package deep\n");
    sandbox.set("GOPATH", "");
    let mut command = Command::new(PROGRAM);
    command
        .arg("name")
        .current_dir(sandbox.project().join("sub/deep"));
    let output = process::run(&mut command, &Input::Empty, Duration::from_secs(60));
    check(&sandbox, &output, 0, "github.com/me/app\n", "");
}

#[test]
fn quiet_leaves_warnings_and_debug_adds_detail() {
    let sandbox = project();
    sandbox.write(
        "glide.lock",
        "hash: x\nupdated: 2020-01-01T00:00:00Z\nimports: []\n",
    );
    let warning = "[WARN]\tLock file may be out of date. Hash check of YAML failed. \
        You may need to run 'update'\n";
    let quiet = sandbox.run(&["-q", "install"]);
    check(&sandbox, &quiet, 0, "", warning);
    let debug = sandbox.run(&["--debug", "install"]);
    let project = "[DEBUG]\tthe project is `ROOT/gopath/src/github.com/me/app/glide.yaml`\n";
    let nothing = "[INFO]\tvendor/ is as glide.lock wants it. Nothing to do.\n";
    check(
        &sandbox,
        &debug,
        0,
        "",
        &format!("{project}{warning}{nothing}"),
    );
}
