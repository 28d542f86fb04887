//! `doctor` on real surroundings: each thing that is broken is told with a next step, and nothing is touched.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::support::repo::Commit;
use crate::support::sandbox::Sandbox;
use crate::support::world::{PROJECT, World};

const LOG: &str = "github.com/acme/log";

/// A project that has been installed.
fn installed() -> World {
    let (world, ()) = World::new(|remotes| {
        remotes.commit(
            LOG,
            &Commit::new().file("log.go", "package log\n").tag("v1.0.0"),
        );
    });
    let yaml = format!("package: {PROJECT}\nimport:\n- package: {LOG}\n  version: ^1.0.0\n");
    world.sandbox.write("glide.yaml", &yaml);
    world.sandbox.run(&["update"]).success();
    world.server.take_requests();
    world
}

/// The status and the words for each topic, in order.
fn checks(sandbox: &Sandbox, arguments: &[&str], exit: i32) -> Vec<(String, String, String)> {
    let output = sandbox.run(&[&["doctor", "--format", "json"], arguments].concat());
    assert_eq!(
        output.exit,
        Some(exit),
        "{}{}",
        output.stdout,
        output.stderr
    );
    let page: Value = serde_json::from_str(&output.stdout).unwrap();
    let rows = page["checks"].as_array().unwrap().iter();
    let text = |row: &Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    rows.map(|row| {
        let (status, next) = (text(row, "status"), text(row, "next"));
        assert_eq!(status == "ok", next.is_empty(), "{row}");
        (text(row, "topic"), status, text(row, "said") + "; " + &next)
    })
    .collect()
}

/// Insists that a thing is told of with this status and these words.
#[track_caller]
fn insist(checks: &[(String, String, String)], topic: &str, status: &str, words: &str) {
    let found = checks
        .iter()
        .any(|check| check.0 == topic && check.1 == status && check.2.contains(words));
    assert!(found, "{topic} {status} {words}: {checks:#?}");
}

#[test]
fn a_project_that_is_as_it_should_be_has_no_problem_and_nobody_is_asked() {
    let world = installed();
    let before = world.sandbox.project_names();
    let found = checks(&world.sandbox, &[], 0);
    insist(&found, "project", "ok", PROJECT);
    insist(&found, "glide.lock", "ok", "1 pin");
    insist(&found, "GOPATH", "ok", "at its import path");
    insist(&found, "certificates", "ok", "1 from SSL_CERT_FILE");
    insist(&found, "proxy", "ok", "https_proxy is http://127.0.0.1:");
    insist(&found, "cache", "ok", "1 repository");
    insist(&found, "home", "ok", ".glide");
    insist(&found, "mirrors", "ok", "none");
    assert!(world.server.take_requests().is_empty());
    assert_eq!(world.sandbox.project_names(), before);
    let text = world.sandbox.run(&["doctor"]).success().stdout;
    let topics: Vec<_> = found.iter().map(|check| check.0.as_str()).collect();
    let lines = text.lines().filter(|line| !line.starts_with(' '));
    let told: Vec<_> = lines
        .filter_map(|line| line.split_whitespace().nth(1))
        .collect();
    assert_eq!(told, topics);
}

#[test]
fn online_each_repository_is_asked() {
    let world = installed();
    insist(
        &checks(&world.sandbox, &["--online"], 0),
        "repositories",
        "ok",
        "answers",
    );
    assert!(!world.server.take_requests().is_empty());
    world.server.gone(&[LOG.to_owned()]);
    let found = checks(&world.sandbox, &["--online"], 1);
    insist(
        &found,
        "repositories",
        "problem",
        &format!("{LOG}: there is no repository"),
    );
}

#[test]
fn without_a_project_the_rest_is_told() {
    let sandbox = Sandbox::outside("elsewhere");
    let output = sandbox.run(&["doctor", "--format", "json"]);
    assert!(matches!(output.exit, Some(0 | 1)), "{}", output.stderr);
    let page: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(page["checks"][0]["topic"], "project");
    assert_eq!(page["checks"][0]["status"], "ok");
    let wrong = sandbox.run(&["doctor", "--format", "xml"]).failure();
    assert!(wrong.stderr.contains("text or json"), "{}", wrong.stderr);
}

#[test]
fn everything_that_is_broken_is_told_at_once() {
    let mut world = installed();
    let (home, glide) = (world.sandbox.home(), world.sandbox.glide_home());
    fs::write(
        home.join(".gitconfig"),
        "[http]\n\tsslVerify = false\n[credential]\n\thelper = nobody-has-this\n[protocol \"ssh\"]\n\tallow = never\n",
    )
    .unwrap();
    fs::write(
        glide.join("mirrors.yaml"),
        format!("repos:\n- original: https://{LOG}\n  repo: /no/such/mirror\n"),
    )
    .unwrap();
    fs::write(
        world.sandbox.project().join(".glide-rs-vendor-0123abcd"),
        "",
    )
    .unwrap();
    world.sandbox.write("go.mod", "module x\n");
    let yaml = world.sandbox.read("glide.yaml").unwrap();
    world
        .sandbox
        .write("glide.yaml", &yaml.replace("^1.0.0", "^1.0.1"));
    let lock = world.sandbox.read("glide.lock").unwrap();
    let mut pins = lock.replace(
        "testImports: []",
        "testImports:\n- name: hg.example/x\n  version: 0\n  repo: https://hg.example/x\n  vcs: hg",
    );
    pins.push('\n');
    world.sandbox.write("glide.lock", &pins);
    let empty = world.sandbox.root().join("missing.pem");
    for (name, value) in [
        ("SSL_CERT_FILE", empty.to_str().unwrap()),
        ("https_proxy", "htpp://me:secret@proxy.example:1"),
        ("PATH", "/no/such/folder"),
        ("GLIDE_GO_EXECUTABLE", "go-of-nobody"),
        ("GOFLAGS", "-mod=vendor"),
    ] {
        world.sandbox.set(name, value);
    }
    let found = checks(&world.sandbox, &[], 1);
    for (topic, status, words) in [
        ("git", "warning", "http.sslverify"),
        ("git", "problem", "nobody-has-this"),
        ("git", "problem", "`ssh` is forbidden"),
        ("mirrors", "problem", "/no/such/mirror"),
        ("cache", "warning", ".glide-rs-vendor-0123abcd"),
        ("project", "warning", "go.mod"),
        ("glide.lock", "warning", "as it is now"),
        ("programs", "problem", "`hg`"),
        ("certificates", "problem", "missing.pem"),
        ("proxy", "problem", "htpp"),
        ("go", "problem", "go-of-nobody"),
    ] {
        insist(&found, topic, status, words);
    }
    assert!(!format!("{found:?}").contains("secret"), "{found:?}");
}

/// Who runs the tests may be nobody to give a folder away.
#[test]
fn a_repository_of_somebody_else_is_told_with_how_to_trust_it() {
    let world = installed();
    let project = world.sandbox.project();
    git2::Repository::init(project).unwrap();
    let trusted = |found: &[(String, String, String)]| {
        !found.iter().any(|check| check.2.contains("safe.directory"))
    };
    assert!(trusted(&checks(&world.sandbox, &[], 0)));
    for path in [project.to_owned(), project.join(".git")] {
        if std::os::unix::fs::chown(&path, Some(65534), None).is_err() {
            return;
        }
    }
    let found = checks(&world.sandbox, &[], 0);
    insist(&found, "project", "warning", "safe.directory");
    let trusting = format!("[safe]\n\tdirectory = {}\n", project.display());
    fs::write(world.sandbox.home().join(".gitconfig"), trusting).unwrap();
    assert!(trusted(&checks(&world.sandbox, &[], 0)));
}

#[test]
fn certificates_that_are_named_twice_are_counted_once() {
    let mut world = installed();
    let file = world.sandbox.root().join("tls/ca.pem");
    let same = world.sandbox.root().join("same.pem");
    fs::copy(&file, &same).unwrap();
    world.sandbox.set("GIT_SSL_CAINFO", &same);
    let found = checks(&world.sandbox, &[], 0);
    insist(&found, "certificates", "ok", "1 from SSL_CERT_FILE");
    insist(&found, "certificates", "ok", "same.pem");
}

#[test]
fn files_that_cannot_be_read_do_not_hide_the_rest() {
    let world = installed();
    let home = world.sandbox.home();
    let of_topic = |topic: &str| {
        let found = checks(&world.sandbox, &[], 1);
        let said: BTreeMap<_, _> = found
            .iter()
            .filter(|check| check.1 == "problem")
            .map(|check| (check.0.clone(), check.2.clone()))
            .collect();
        assert_eq!(said.keys().collect::<Vec<_>>(), [topic], "{found:#?}");
        said[topic].clone()
    };
    fs::write(home.join(".gitconfig"), "[http\n").unwrap();
    assert!(of_topic("git").contains(".gitconfig:1"));
    fs::remove_file(home.join(".gitconfig")).unwrap();
    let lock = world.sandbox.read("glide.lock").unwrap();
    world.sandbox.write(
        "glide.lock",
        &format!("<<<<<<< HEAD\n{lock}=======\n>>>>>>> x\n"),
    );
    let said = of_topic("glide.lock");
    assert!(
        said.contains("glide.lock:1") && said.contains("lock merge"),
        "{said}"
    );
    world.sandbox.write("glide.lock", &lock);
    let yaml = world.sandbox.read("glide.yaml").unwrap();
    world.sandbox.write("glide.yaml", "package: [\n");
    assert!(of_topic("project").contains("glide.yaml:2"));
    world.sandbox.write("glide.yaml", &yaml);
    let mirrors = world.sandbox.glide_home().join("mirrors.yaml");
    fs::write(&mirrors, "repos: [\n").unwrap();
    assert!(of_topic("mirrors").contains("mirrors.yaml:2"));
    fs::remove_file(&mirrors).unwrap();
    fs::remove_dir_all(world.sandbox.project().join("vendor")).unwrap();
    world.sandbox.write("vendor", "");
    assert!(of_topic("project").contains("`vendor`"));
}
