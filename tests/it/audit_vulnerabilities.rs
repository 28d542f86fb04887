//! `audit vulnerabilities`: databases from files, folders and addresses, against repositories with and
//! without tags.

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::support::process::Output;
use crate::support::repo::{Commit, Remotes};
use crate::support::sandbox::Sandbox;
use crate::support::server::{Answer, Handler, Request, Server, Site};
use crate::support::world::{PROJECT, World, lock};

const LIBRARY: &str = "github.com/a/lib";

/// A record of the library: versions before 1.1.0 are affected.
fn record(id: &str) -> String {
    format!(
        r#"{{"id": "{id}", "modified": "2026-01-01T00:00:00Z", "aliases": ["CVE-2026-1"], "summary": "Bad \u001b[31mthing",
        "affected": [{{"package": {{"ecosystem": "Go", "name": "{LIBRARY}"}}, "ranges": [{{"type": "SEMVER",
        "events": [{{"introduced": "0"}}, {{"fixed": "1.1.0"}}]}}],
        "ecosystem_specific": {{"imports": [{{"path": "{LIBRARY}/x", "symbols": ["F"]}}]}}}}],
        "database_specific": {{"url": "https://example.com/{id}"}}}}"#
    )
}

/// The files of a database with one record.
fn files() -> Vec<(&'static str, String)> {
    let index = format!(r#"[{{"path": "{LIBRARY}", "vulns": [{{"id": "GO-1"}}]}}]"#);
    vec![
        (
            "index/db.json",
            r#"{"modified": "2999-01-01T00:00:00Z"}"#.to_owned(),
        ),
        ("index/modules.json", index),
        ("ID/GO-1.json", record("GO-1")),
    ]
}

fn zipped() -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files() {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(name, options).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn laid_out(folder: &Path) {
    for (name, text) in files() {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// The commits v1.0.0, one without a tag, and v1.1.0.
fn library(remotes: &mut Remotes) -> [String; 3] {
    let commit = |text: &str| Commit::new().file("x/x.go", format!("package x // {text}\n"));
    ["v1.0.0", "", "v1.1.0"].map(|tag| {
        let commit = match tag {
            "" => commit("none"),
            tag => commit(tag).tag(tag),
        };
        remotes.commit(LIBRARY, &commit)
    })
}

/// A world with the library, and its commits.
fn world() -> (World, [String; 3]) {
    World::new(library)
}

#[track_caller]
fn insist(output: &Output, exit: i32, parts: &[&str]) {
    let all = format!("{}{}", output.stdout, output.stderr);
    assert_eq!(output.exit, Some(exit), "{all}");
    // The table breaks lines where they are too long.
    let words: Vec<_> = all.split_whitespace().collect();
    let words = words.join(" ");
    for part in parts {
        assert!(words.contains(part), "`{part}` is missing:\n{all}");
    }
}

#[test]
fn a_tag_tells_whether_a_pin_is_affected() {
    let (world, [bad, between, good]) = world();
    laid_out(&world.sandbox.root().join("db"));
    let audit = |commit: &str| {
        world.pin(&[(LIBRARY, commit)]);
        world
            .sandbox
            .run(&["audit", "vulnerabilities", "--db", "../../../../../db"])
    };
    insist(
        &audit(&bad),
        1,
        &[
            "github.com/a/lib v1.0.0 is vulnerable: Bad [31mthing (GO-1, CVE-2026-1) [vulnerable]",
            "at glide.lock:4",
            "in github.com/a/lib/x: F",
            "https://example.com/GO-1",
            "put `version: v1.1.0` or a later one into glide.yaml",
            "[go-not-checked]",
        ],
    );
    let clean = audit(&good);
    insist(&clean, 0, &["[go-not-checked]"]);
    assert!(!clean.stdout.contains("GO-1"));
    insist(
        &audit(&between),
        1,
        &[
            "github.com/a/lib v1.0.1-0.",
            "known by the commit's place between releases",
        ],
    );
}

/// Before a repository had a go.mod, its second major version was the same code under a shorter path.
#[test]
fn a_major_version_without_a_go_mod_is_affected_under_either_path() {
    let (world, commits) = World::new(|remotes| {
        let commit = |text: &str| Commit::new().file("x/x.go", format!("package x // {text}\n"));
        let module = |text: &str| commit(text).file("go.mod", format!("module {LIBRARY}/v2\n"));
        let commits = [
            commit("1").tag("v1.9.0"),
            commit("2").tag("v2.0.0"),
            commit("3"),
            module("4").tag("v2.0.1"),
            module("5").tag("v2.1.0"),
        ];
        commits.map(|commit| remotes.commit(LIBRARY, &commit))
    });
    let folder = world.sandbox.root().join("db");
    laid_out(&folder);
    let name = format!("{LIBRARY}/v2");
    let index = format!(r#"[{{"path": "{name}", "vulns": [{{"id": "GO-1"}}]}}]"#);
    fs::write(folder.join("index/modules.json"), index).unwrap();
    let text = record("GO-1").replace(LIBRARY, &name);
    let text = text.replace(r#""introduced": "0""#, r#""introduced": "2.0.0""#);
    let text = text.replace("1.1.0", "2.1.0");
    fs::write(folder.join("ID/GO-1.json"), text).unwrap();
    let expected = [
        (0, "v1.9.0"),
        (1, "v2.0.0+incompatible"),
        (1, "v2.0.1-0."),
        (1, "v2.0.1"),
        (0, "v2.1.0"),
    ];
    for (commit, (exit, version)) in commits.iter().zip(expected) {
        world.pin(&[(LIBRARY, commit)]);
        let database = folder.to_str().unwrap();
        let arguments = ["audit", "vulnerabilities", "--db", database];
        insist(&world.sandbox.run(&arguments), exit, &[]);
        let arguments = ["audit", "drift", "--format", "json"];
        let output = world.sandbox.run(&arguments);
        let report: serde_json::Value = serde_json::from_str(&output.stdout).unwrap();
        let told = report["projects"][0]["pins"][0]["version"].to_string();
        assert!(told.starts_with(&format!("\"{version}")), "{told}");
        let is_marked = told.ends_with("+incompatible\"");
        assert_eq!(
            is_marked,
            (1..=2).contains(&commits.iter().position(|it| it == commit).unwrap()),
            "{told}"
        );
    }
}

/// What is said of all versions under another name is not said of one that has an entry of its own.
#[test]
fn an_unknown_version_is_not_taken_for_one_of_another_path() {
    let (world, _) = world();
    let folder = world.sandbox.root().join("db");
    laid_out(&folder);
    let (pinned, other) = ("gopkg.in/lib.v2", "github.com/go-lib/lib");
    let index = |name: &str| format!(r#"{{"path": "{name}", "vulns": [{{"id": "GO-1"}}]}}"#);
    let index = format!("[{}, {}]", index(pinned), index(other));
    fs::write(folder.join("index/modules.json"), index).unwrap();
    let entry = |name: &str, events: &str| {
        format!(
            r#"{{"package": {{"ecosystem": "Go", "name": "{name}"}}, "ranges": [{{"type": "SEMVER", "events": [{events}]}}]}}"#
        )
    };
    let all = entry(other, r#"{"introduced": "0"}"#);
    let some = entry(pinned, r#"{"introduced": "0"}, {"fixed": "2.1.0"}"#);
    let text = format!(r#"{{"id": "GO-1", "affected": [{all}, {some}]}}"#);
    fs::write(folder.join("ID/GO-1.json"), text).unwrap();
    world.pin(&[(pinned, &"a".repeat(40))]);
    let database = folder.to_str().unwrap();
    let arguments = ["audit", "vulnerabilities", "--offline", "--db", database];
    insist(
        &world.sandbox.run(&arguments),
        2,
        &["whether it is affected", "not known", "GO-1"],
    );
}

#[test]
fn a_repository_that_cannot_be_asked_is_never_clean() {
    let (world, [_, _, good]) = world();
    laid_out(&world.sandbox.root().join("db"));
    world.pin(&[(LIBRARY, &good)]);
    world.server.gone(&[LIBRARY.to_owned()]);
    let database = world.sandbox.root().join("db");
    let database = database.to_str().unwrap();
    let output = world
        .sandbox
        .run(&["audit", "vulnerabilities", "--db", database]);
    insist(
        &output,
        2,
        &["whether it is affected: its version is not known", "GO-1"],
    );
}

#[test]
fn zip_files_folders_and_heaps_say_the_same() {
    let (world, [bad, ..]) = world();
    world.pin(&[(LIBRARY, &bad)]);
    let root = world.sandbox.root();
    laid_out(&root.join("folder"));
    fs::write(root.join("a b.zip"), zipped()).unwrap();
    fs::create_dir(root.join("heap")).unwrap();
    fs::write(root.join("heap/GO-1.json"), record("GO-1")).unwrap();
    // Links in a heap lead nowhere, in circles or not.
    std::os::unix::fs::symlink(".", root.join("heap/again")).unwrap();
    let root = root.display();
    for place in [
        format!("{root}/folder"),
        format!("{root}/a b.zip"),
        format!("file://{root}/a%20b.zip"),
        format!("{root}/heap"),
    ] {
        let output = world
            .sandbox
            .run(&["audit", "vulnerabilities", "--db", &place]);
        insist(&output, 1, &["is vulnerable: Bad", "GO-1, CVE-2026-1"]);
        assert_eq!(output.stdout.matches("[vulnerable]").count(), 1, "{place}");
    }
}

#[test]
fn what_is_no_database_is_told_of_and_not_clean() {
    let (world, [_, _, good]) = world();
    world.pin(&[(LIBRARY, &good)]);
    let root = world.sandbox.root();
    fs::create_dir(root.join("empty")).unwrap();
    fs::write(root.join("text"), "no zip file").unwrap();
    fs::write(root.join("cut.zip"), &zipped()[..300]).unwrap();
    laid_out(&root.join("deep"));
    fs::write(root.join("deep/index/modules.json"), "[".repeat(100_000)).unwrap();
    laid_out(&root.join("odd"));
    fs::remove_file(root.join("odd/index/modules.json")).unwrap();
    let fifo = Command::new("mkfifo")
        .arg(root.join("odd/index/modules.json"))
        .status();
    assert!(fifo.unwrap().success());
    for (place, part) in [
        ("nothing", "there is no such file or folder"),
        ("empty", "there is no vulnerability database"),
        ("text", "could not be checked vulnerabilities"),
        ("cut.zip", "could not be checked vulnerabilities"),
        ("deep", "`index/modules.json` of the vulnerability database"),
        ("odd", "it is no file"),
    ] {
        let place = root.join(place);
        let place = place.to_str().unwrap();
        let output = world
            .sandbox
            .run(&["audit", "vulnerabilities", "--db", place]);
        insist(&output, 2, &[part]);
    }
}

#[test]
fn go_itself_is_checked_where_its_version_is_known() {
    let (world, _) = world();
    world.pin(&[]);
    // The package with the fault is imported by those that programs import.
    let source = "package main\n\nimport _ \"crypto/tls\"\n\nfunc main() {}\n";
    world.sandbox.write("main.go", source);
    let database = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/vulndb");
    let database = database.to_str().unwrap();
    let audit = |version: &str| {
        let arguments = [
            "audit",
            "vulnerabilities",
            "--db",
            database,
            "--go-version",
            version,
        ];
        world.sandbox.run(&arguments)
    };
    insist(
        &audit("go1.19.3"),
        1,
        &["Go 1.19.3 is vulnerable", "build with Go 1.19.7 or later"],
    );
    insist(
        &audit("1.21"),
        2,
        &["`1.21` is no full version of Go, as 1.19.3 is"],
    );
}

/// What the server of a database does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
enum Mood {
    Zip,
    Layout,
    Garbage,
    Refusing,
}

/// A world whose vuln.go.dev does as it is told, and tells what it was asked for.
struct Served {
    sandbox: Sandbox,
    // Stops when dropped.
    _server: Server,
    mood: Arc<AtomicUsize>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Served {
    fn new() -> Self {
        let mood = Arc::new(AtomicUsize::new(Mood::Zip as usize));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (told, noted) = (Arc::clone(&mood), Arc::clone(&asked));
        let handler: Handler = Box::new(move |request: &Request| {
            let path = request.path.strip_prefix("vuln.go.dev/")?;
            let knows = request
                .headers
                .get("if-none-match")
                .is_some_and(|tag| tag == "\"one\"");
            let line = format!("{path}{}", if knows { " if changed" } else { "" });
            noted.lock().unwrap().push(line);
            Some(answer(told.load(Ordering::SeqCst), path, knows))
        });
        let mut sandbox = Sandbox::new(PROJECT);
        let mut remotes = Remotes::new(&sandbox.repos());
        let [bad, ..] = library(&mut remotes);
        let mut site = Site::of(&remotes);
        site.hosts.insert("vuln.go.dev".to_owned());
        let server = Server::with_handler(&sandbox.root().join("tls"), site, Some(handler));
        sandbox.use_server(&server);
        sandbox.write("glide.yaml", &format!("package: {PROJECT}\nimport: []\n"));
        sandbox.write("glide.lock", &lock(&[(LIBRARY, &bad)]));
        Self {
            sandbox,
            _server: server,
            mood,
            asked,
        }
    }

    /// Audits with the database's server in this mood; what it was asked for.
    fn audit(&self, mood: Mood) -> (Output, Vec<String>) {
        self.mood.store(mood as usize, Ordering::SeqCst);
        let output = self.sandbox.run(&["audit", "vulnerabilities"]);
        let asked = std::mem::take(&mut *self.asked.lock().unwrap());
        (output, asked)
    }
}

fn answer(mood: usize, path: &str, knows: bool) -> Answer {
    // The support has no more headers than this one, so the tag goes along.
    const TAGGED: &str = "application/octet-stream\r\nETag: \"one\"";
    let is_zip = path == "vulndb.zip";
    match mood {
        mood if mood == Mood::Refusing as usize => (403, "text/plain", b"no".to_vec()),
        mood if mood == Mood::Garbage as usize => (200, TAGGED, b"garbage".to_vec()),
        mood if is_zip && mood == Mood::Layout as usize => (404, "text/plain", Vec::new()),
        _ if knows => (304, TAGGED, Vec::new()),
        _ if is_zip => (200, TAGGED, zipped()),
        _ => {
            let files = files();
            let found = files.iter().find(|(name, _)| *name == path);
            found.map_or((404, "text/plain", Vec::new()), |(_, text)| {
                (200, TAGGED, text.clone().into_bytes())
            })
        }
    }
}

#[test]
fn a_database_is_fetched_once_and_kept_for_times_without_network() {
    let served = Served::new();
    let (output, asked) = served.audit(Mood::Refusing);
    insist(&output, 2, &["cannot get https://vuln.go.dev", "403"]);
    assert_eq!(asked, ["vulndb.zip", "index/db.json"]);
    let (output, asked) = served.audit(Mood::Zip);
    insist(&output, 1, &["GO-1, CVE-2026-1"]);
    assert_eq!(asked, ["vulndb.zip"]);
    let (again, asked) = served.audit(Mood::Zip);
    assert_eq!(again.stdout, output.stdout);
    assert_eq!(asked, ["vulndb.zip if changed"]);
    for mood in [Mood::Refusing, Mood::Garbage] {
        let (output, _) = served.audit(mood);
        insist(
            &output,
            1,
            &[
                "GO-1, CVE-2026-1",
                "cannot be asked, so its copy of 20",
                "0 days old",
                "[database-copy]",
            ],
        );
    }
}

#[test]
fn a_copy_that_is_damaged_is_fetched_again() {
    let served = Served::new();
    served.audit(Mood::Zip);
    let folder = served.sandbox.glide_home().join("cache/v1/downloads");
    let copies: Vec<_> = fs::read_dir(&folder).unwrap().collect();
    assert_eq!(copies.len(), 1);
    for copy in copies {
        let path = copy.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    }
    let (output, asked) = served.audit(Mood::Zip);
    insist(&output, 1, &["GO-1, CVE-2026-1"]);
    assert_eq!(asked, ["vulndb.zip"]);
}

#[test]
fn a_server_without_a_zip_file_is_asked_for_what_is_needed() {
    let served = Served::new();
    let (output, asked) = served.audit(Mood::Layout);
    insist(&output, 1, &["GO-1, CVE-2026-1"]);
    let all = [
        "vulndb.zip",
        "index/db.json",
        "index/modules.json",
        "ID/GO-1.json",
    ];
    assert_eq!(asked, all);
    let (again, asked) = served.audit(Mood::Layout);
    assert_eq!(again.stdout, output.stdout);
    assert_eq!(asked, ["vulndb.zip", "index/db.json if changed"]);
    let (output, asked) = served.audit(Mood::Refusing);
    insist(
        &output,
        1,
        &["GO-1, CVE-2026-1", "cannot be asked, so its copy of 20"],
    );
    assert_eq!(asked, ["vulndb.zip", "index/db.json if changed"]);
}

/// A heap of two records of the library.
fn heap(world: &World) -> String {
    let folder = world.sandbox.root().join("heap");
    fs::create_dir(&folder).unwrap();
    for id in ["GO-1", "GO-2"] {
        fs::write(folder.join(format!("{id}.json")), record(id)).unwrap();
    }
    folder.to_str().unwrap().to_owned()
}

#[test]
fn what_the_cache_lacks_is_told_once_and_kept_by_an_audit_with_a_network() {
    let (world, [bad, ..]) = world();
    let heap = heap(&world);
    world.pin(&[(LIBRARY, &bad)]);
    assert_eq!(world.sandbox.run(&["install"]).exit, Some(0));
    let audit = |more: &[&str]| {
        let all = [&["audit", "vulnerabilities", "--db", &heap], more].concat();
        world.sandbox.run(&all)
    };
    let hint = "The cache has no history of 1 of 1 repositories";
    let output = audit(&["--offline"]);
    insist(
        &output,
        2,
        &[
            "vulnerabilities of github.com/a/lib whether it is affected: its version is not known (its history is not in the cache) GO-1, GO-2",
            "1 could not be checked",
        ],
    );
    assert_eq!(output.stderr.matches(hint).count(), 1, "{}", output.stderr);
    let json = audit(&["--offline", "--format", "json"]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let unchecked = &json["projects"][0]["unchecked"];
    assert_eq!(unchecked.as_array().unwrap().len(), 1);
    assert_eq!(
        unchecked[0]["subjects"],
        serde_json::json!(["GO-1", "GO-2"])
    );
    insist(
        &audit(&[]),
        1,
        &["(GO-1, CVE-2026-1)", "(GO-2, CVE-2026-1)"],
    );
    world.server.take_requests();
    let output = audit(&["--offline"]);
    insist(&output, 1, &["(GO-1, CVE-2026-1)", "(GO-2, CVE-2026-1)"]);
    assert!(!output.stderr.contains(hint), "{}", output.stderr);
    assert_eq!(world.server.take_requests().len(), 0);
}

/// Three projects pin the library; the third has it in vendor/, changed.
#[test]
fn projects_that_share_a_dependency_are_told_of_together_and_looked_at_each() {
    let (world, [bad, ..]) = world();
    let heap = heap(&world);
    for project in ["a", "b", "c"] {
        let write = |file: &str, text: &str| {
            world
                .sandbox
                .write(&format!("services/{project}/{file}"), text);
        };
        let yaml =
            format!("package: {PROJECT}/services/{project}\nimport:\n- package: {LIBRARY}\n");
        write("glide.yaml", &yaml);
        write("glide.lock", &lock(&[(LIBRARY, &bad)]));
        write(
            "main.go",
            &format!("package main\n\nimport _ \"{LIBRARY}/x\"\n"),
        );
    }
    let changed = format!("services/c/vendor/{LIBRARY}/x/x.go");
    world
        .sandbox
        .write(&changed, "package x\n\nimport _ \"gone.org/y\"\n");
    let audit = |more: &[&str]| {
        let words = [
            "audit",
            "drift",
            "vulnerabilities",
            "--db",
            &heap,
            "--workspace",
            "services",
        ];
        world.sandbox.run(&[&words, more].concat())
    };
    let table = audit(&[]);
    insist(
        &table,
        1,
        &[
            "github.com/a/lib (pinned by 3 projects, all at one commit)",
            "in 3 projects: services/a/glide.lock:4, services/b/glide.lock:4, services/c/glide.lock:4",
            "at services/c/",
            "projects services/c",
        ],
    );
    let words: Vec<_> = table.stdout.split_whitespace().collect();
    let words = words.join(" ");
    for once in ["(GO-1, CVE-2026-1)", "[import-not-locked]"] {
        assert_eq!(words.matches(once).count(), 1, "{once}:\n{}", table.stdout);
    }
    let json = audit(&["--format", "json"]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    for (number, gone) in [0, 0, 1].into_iter().enumerate() {
        let findings = json["projects"][number]["findings"].as_array().unwrap();
        let count = |rule: &str| {
            findings
                .iter()
                .filter(|found| found["rule"] == rule)
                .count()
        };
        assert_eq!(count("vulnerable"), 2, "{number}");
        assert_eq!(count("import-not-locked"), gone, "{number}");
    }
}
