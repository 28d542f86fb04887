//! Mercurial, Subversion and Bazaar through the user's programs: the versions that the real Glide
//! has locked, vendor/ the same each time, and nothing that outlives a run.
//!
//! Where a program is missing the tests of it say so and do nothing; `.ci/run` sees to it that none
//! is.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::sandbox::Sandbox;

const PROJECT: &str = "github.com/me/app";

/// A sandbox with the repository of `fixtures/external/KIND.sh`; nothing where its program is missing.
#[expect(clippy::print_stdout, reason = "a test that is passed over says so")]
fn world(kind: &str, program: &str) -> Option<Sandbox> {
    if Command::new(program).arg("--version").output().is_err() {
        println!("skipped: `{program}` is not installed");
        return None;
    }
    let sandbox = Sandbox::new(PROJECT);
    let folder = sandbox.repos();
    fs::create_dir_all(&folder).unwrap();
    let script = fixture(&format!("{kind}.sh"));
    let mut command = Command::new("sh");
    command.args(["-ec", &script]).current_dir(folder);
    let output = command.env("LC_ALL", "C.UTF-8").output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
    Some(sandbox)
}

fn fixture(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/external");
    fs::read_to_string(folder.join(name)).unwrap()
}

/// What Glide has locked for each version of glide.yaml; nothing where it has failed.
fn answers(kind: &str) -> Vec<(String, Option<String>)> {
    let text = fixture("versions.txt");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let cells = lines.map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
    cells
        .filter(|cells| cells[0] == kind)
        .map(|cells| {
            let answer = Some(cells[2]).filter(|answer| *answer != "-");
            (cells[1].to_owned(), answer.map(str::to_owned))
        })
        .collect()
}

/// A project that has the repository at `url` once for each version, under as many names.
fn list(sandbox: &Sandbox, url: &str, vcs: &str, versions: &[&str]) {
    let (mut yaml, mut imports) = (format!("package: {PROJECT}\nimport:\n"), String::new());
    for (number, version) in versions.iter().enumerate() {
        let name = format!("code.acme.dev/log{number:02}");
        write!(yaml, "- package: {name}\n  repo: {url}\n").unwrap();
        if !vcs.is_empty() {
            writeln!(yaml, "  vcs: {vcs}").unwrap();
        }
        if !version.is_empty() {
            writeln!(yaml, "  version: '{version}'").unwrap();
        }
        writeln!(imports, "import _ \"{name}\"").unwrap();
    }
    sandbox.write("glide.yaml", &yaml);
    sandbox.write(
        "main.go",
        &format!("package main\n\n{imports}\nfunc main() {{}}\n"),
    );
}

/// The versions in glide.lock by name.
fn locked(sandbox: &Sandbox) -> BTreeMap<String, String> {
    let lock = sandbox.read("glide.lock").unwrap();
    let (mut found, mut name) = (BTreeMap::new(), "");
    for line in lock.lines() {
        if let Some(is) = line.strip_prefix("- name: ") {
            name = is;
        } else if let Some(version) = line.strip_prefix("  version: ") {
            found.insert(name.to_owned(), version.trim_matches('"').to_owned());
        }
    }
    found
}

/// Compares what is locked with Glide's answers, installs it a second time from nothing, and tries
/// those that Glide refuses.
fn check(kind: &str, sandbox: &mut Sandbox, url: &str, vcs: &str) {
    let answers = answers(kind);
    let good: Vec<_> = answers
        .iter()
        .filter(|(_, answer)| answer.is_some())
        .collect();
    let versions: Vec<&str> = good.iter().map(|(version, _)| version.as_str()).collect();
    list(sandbox, url, vcs, &versions);
    sandbox.run(&["update"]).success();
    let locked = locked(sandbox);
    for ((version, answer), found) in good.iter().zip(locked.values()) {
        assert_eq!(Some(found), answer.as_ref(), "{kind} {version:?}");
    }
    assert_eq!(locked.len(), good.len());
    let vendor = sandbox.vendor().unwrap();
    fs::remove_dir_all(sandbox.project().join("vendor")).unwrap();
    let (first, second) = (sandbox.glide_home(), sandbox.root().join("second"));
    sandbox.set("GLIDE_HOME", &second);
    sandbox.run(&["install"]).success();
    assert_eq!(sandbox.vendor().unwrap(), vendor);
    let [first, second] = [first, second].map(|home| exports(&home.join("cache/v1").join(kind)));
    assert!(!first.is_empty() && first == second, "{kind}");
    // What is locked names revisions, so that a cache that has them answers by itself.
    fs::remove_dir_all(sandbox.project().join("vendor")).unwrap();
    sandbox.set("PATH", sandbox.root().join("nothing"));
    sandbox.run(&["install"]).success();
    assert_eq!(sandbox.vendor().unwrap(), vendor);
    sandbox.set("PATH", std::env::var_os("PATH").unwrap_or_default());
    for (version, _) in answers.iter().filter(|(_, answer)| answer.is_none()) {
        list(sandbox, url, vcs, &[version]);
        let failed = sandbox.run(&["update"]);
        assert_ne!(
            failed.exit,
            Some(0),
            "{kind} {version:?}: {}",
            failed.stderr
        );
    }
}

/// All exports below a folder of the cache, their lists and files to the byte.
fn exports(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut left = vec![folder.to_owned()];
    while let Some(at) = left.pop() {
        for entry in fs::read_dir(&at).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(folder).unwrap().display().to_string();
            if path.is_symlink() {
                let target = fs::read_link(&path).unwrap();
                found.insert(name, target.into_os_string().into_encoded_bytes());
            } else if path.is_dir() {
                left.push(path);
            } else if name.contains("/export/") {
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

#[test]
fn versions_of_mercurial_are_glides() {
    let Some(mut sandbox) = world("hg", "hg") else {
        return;
    };
    let url = format!("file://{}/remote", sandbox.repos().display());
    check("hg", &mut sandbox, &url, "hg");
}

#[test]
fn versions_of_subversion_are_glides() {
    let Some(mut sandbox) = world("svn", "svnadmin") else {
        return;
    };
    let url = format!("file://{}/remote/trunk", sandbox.repos().display());
    check("svn", &mut sandbox, &url, "svn");
}

#[test]
fn versions_of_bazaar_are_glides() {
    let Some(mut sandbox) = world("bzr", "brz") else {
        return;
    };
    let url = format!("file://{}/remote", sandbox.repos().display());
    check("bzr", &mut sandbox, &url, "bzr");
}

#[test]
fn the_system_is_told_from_the_folder() {
    // A folder of a Subversion repository says nothing; only the whole does.
    for (kind, program) in [("hg", "hg"), ("bzr", "brz")] {
        let Some(sandbox) = world(kind, program) else {
            continue;
        };
        let url = format!("file://{}/remote", sandbox.repos().display());
        list(&sandbox, &url, "", &["v1.0.0"]);
        sandbox.run(&["update"]).success();
        assert_eq!(locked(&sandbox).len(), 1, "{kind}");
    }
}

#[test]
fn what_a_program_has_fetched_is_told_without_its_bytes() {
    let Some(sandbox) = world("hg", "hg") else {
        return;
    };
    let url = format!("file://{}/remote", sandbox.repos().display());
    list(&sandbox, &url, "hg", &[""]);
    let fetched = |command: &str| {
        let output = sandbox
            .run(&["--message-format", "json", command])
            .success();
        let records = output.stderr.lines().map(|line| {
            let record: serde_json::Value = serde_json::from_str(line).unwrap();
            record
        });
        let fetched = records.filter(|record| record["event"] == "fetched");
        let fetched = fetched.map(|record| (record["from_cache"].clone(), record["bytes"].clone()));
        fetched.collect::<Vec<_>>()
    };
    // Looking for versions has brought all of the repository.
    assert_eq!(fetched("update"), [(true.into(), 0.into())]);
    fs::remove_dir_all(sandbox.project().join("vendor")).unwrap();
    sandbox.run(&["cache-clear"]).success();
    assert_eq!(
        fetched("install"),
        [(false.into(), serde_json::Value::Null)]
    );
    fs::remove_dir_all(sandbox.project().join("vendor")).unwrap();
    assert_eq!(fetched("install"), [(true.into(), 0.into())]);
}

#[test]
fn who_lacks_the_program_is_told_what_to_install() {
    let mut sandbox = Sandbox::new(PROJECT);
    sandbox.set("PATH", sandbox.root().join("nothing"));
    for (vcs, program, package) in [
        ("hg", "hg", "mercurial"),
        ("svn", "svn", "subversion"),
        ("bzr", "bzr", "brz"),
    ] {
        list(&sandbox, "https://code.acme.dev/log", vcs, &[""]);
        let failed = sandbox.run(&["update"]).failure();
        let needed = format!("`{program}` is needed");
        let hint = format!("apt-get install {package}");
        let told = failed.stderr.contains(&needed) && failed.stderr.contains(&hint);
        assert!(told, "{}", failed.stderr);
    }
}

#[test]
fn a_program_does_not_outlive_the_run() {
    let mut sandbox = Sandbox::new(PROJECT);
    let programs = sandbox.root().join("programs");
    let noted = sandbox.root().join("noted");
    fs::create_dir(&programs).unwrap();
    let script = format!(
        "#!/bin/sh\necho $$ > {0}.new\nmv {0}.new {0}\nexec sleep 600\n",
        noted.display()
    );
    for name in ["hg", "svn", "bzr"] {
        fs::write(programs.join(name), &script).unwrap();
        let executable = fs::Permissions::from_mode(0o755);
        fs::set_permissions(programs.join(name), executable).unwrap();
    }
    sandbox.set("PATH", format!("{}:/usr/bin:/bin", programs.display()));
    for vcs in ["hg", "svn", "bzr"] {
        list(&sandbox, "https://code.acme.dev/log", vcs, &[""]);
        let mut command = sandbox.command(&["update"]);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let started = within(20, || fs::read_to_string(&noted).ok());
        let started = started.unwrap_or_else(|| panic!("`{vcs}` was not started"));
        fs::remove_file(&noted).unwrap();
        let ended = Command::new("kill").arg(child.id().to_string()).status();
        assert!(ended.unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(130));
        let gone = within(10, || (!is_running(started.trim())).then_some(()));
        assert!(gone.is_some(), "`{vcs}` still runs");
    }
}

/// Whether a process runs; one that nobody has waited for does not.
fn is_running(id: &str) -> bool {
    let about = fs::read_to_string(format!("/proc/{id}/stat"));
    about.is_ok_and(|about| !about.contains(") Z "))
}

/// What `ask` finds, if it finds anything within so many seconds.
fn within<T>(seconds: u64, ask: impl Fn() -> Option<T>) -> Option<T> {
    let end = Instant::now() + Duration::from_secs(seconds);
    while Instant::now() < end {
        if let Some(found) = ask() {
            return Some(found);
        }
        thread::sleep(Duration::from_millis(10));
    }
    None
}
