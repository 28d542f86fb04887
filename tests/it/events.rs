//! Messages as records: every line of every run fits the schema and docs/src/events.md, and they tell what
//! happened.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Mutex, mpsc};
use std::time::Duration;

use jsonschema::Validator;
use serde_json::Value;

use crate::support::process::Output;
use crate::support::repo::{Commit, Remotes};
use crate::support::sandbox::Sandbox;
use crate::support::server::Handler;
use crate::support::world::{PROJECT, World};

const LIBRARY: &str = "github.com/a/lib";
const OTHER: &str = "github.com/a/other";

fn file(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

fn schema() -> Validator {
    let schema: Value =
        serde_json::from_str(&file("docs/src/schemas/glide-rs-events-1.json")).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

/// The records of a text, each held against the schema and the table of docs/src/events.md.
#[track_caller]
fn records(text: &str) -> Vec<Value> {
    let (schema, page) = (schema(), file("docs/src/events.md"));
    let record = |line: &str| {
        let value: Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"));
        if let Err(error) = schema.validate(&value) {
            panic!("{line}: {error}");
        }
        let event = value["event"].as_str().unwrap();
        let row = page
            .lines()
            .find(|row| row.starts_with(&format!("| `{event}` |")));
        let row = row.unwrap_or_else(|| panic!("docs/src/events.md has no row for {event}"));
        for field in value
            .as_object()
            .unwrap()
            .keys()
            .filter(|field| *field != "event")
        {
            assert!(
                row.contains(&format!("`{field}`")),
                "docs/src/events.md: {event} {field}"
            );
        }
        value
    };
    assert!(text.is_empty() || text.ends_with('\n'), "{text}");
    text.lines().map(record).collect()
}

/// The records on standard error: the first one is the start, the last one the end, with this exit code.
#[track_caller]
fn of_run(output: &Output, command: &str, exit: i32) -> Vec<Value> {
    let records = records(&output.stderr);
    assert_eq!(output.exit, Some(exit), "{}", output.stderr);
    let (first, last) = (records.first().unwrap(), records.last().unwrap());
    assert_eq!(first["event"], "start");
    assert_eq!(first["command"], command);
    assert_eq!(last["event"], "finish");
    assert_eq!(last["exit_code"], exit);
    records
}

fn all<'a>(records: &'a [Value], event: &str) -> Vec<&'a Value> {
    let all = records.iter();
    all.filter(|record| record["event"] == event).collect()
}

/// v1.0.0 of a library, and another one that nobody needs yet.
fn world() -> (World, [String; 2]) {
    let (world, ids) = World::new(|remotes: &mut Remotes| {
        let lib = Commit::new().file("x.go", "package lib\n").tag("v1.0.0");
        let other = Commit::new().file("x.go", "package other\n");
        [remotes.commit(LIBRARY, &lib), remotes.commit(OTHER, &other)]
    });
    let yaml = format!("package: {PROJECT}\nimport:\n- package: {LIBRARY}\n  version: ^1.0.0\n");
    world.sandbox.write("glide.yaml", &yaml);
    let main = format!("package main\n\nimport _ \"{LIBRARY}\"\n");
    world.sandbox.write("main.go", &main);
    (world, ids)
}

const JSON: [&str; 2] = ["--message-format", "json"];

#[test]
fn an_update_tells_what_it_did() {
    let (mut world, [old, other]) = world();
    let update = [&JSON[..], &["update"]].concat();
    let told = of_run(&world.sandbox.run(&update), "update", 0);
    let summary = all(&told, "summary")[0];
    let counts = |summary: &Value| {
        ["updated", "added", "removed", "unchanged"].map(|field| summary[field].as_u64().unwrap())
    };
    assert_eq!(counts(summary), [0, 1, 0, 0]);
    assert_eq!(all(&told, "changed")[0]["new"]["tag"], "v1.0.0");

    let newer = format!("package lib\n\nimport _ \"{OTHER}\"\n");
    let newer = Commit::new()
        .file("x.go", newer)
        .tag("v1.1.0")
        .tag("latest");
    let newer = world.remotes.commit(LIBRARY, &newer);
    let told = of_run(&world.sandbox.run(&update), "update", 0);
    let phases = |event: &str| {
        let phases = all(&told, event).into_iter();
        let phases: Vec<_> = phases.map(|record| record["phase"].clone()).collect();
        phases
    };
    assert_eq!(phases("phase-started"), ["resolve", "fetch", "write"]);
    assert_eq!(phases("phase-finished"), ["resolve", "fetch", "write"]);
    let fetched: Vec<_> = all(&told, "fetched")
        .iter()
        .map(|record| (&record["version"], &record["from_cache"]))
        .collect();
    // They have come while versions were looked for.
    let came = Value::Bool(false);
    assert_eq!(
        fetched.as_slice(),
        [
            (&newer.as_str().into(), &came),
            (&other.as_str().into(), &came)
        ]
    );
    assert_eq!(all(&told, "summary")[0]["fetched"], 2);
    let changed = all(&told, "changed");
    let [lib, added] = changed.as_slice() else {
        panic!("{changed:?}");
    };
    assert_eq!(lib["name"], LIBRARY);
    assert_eq!(lib["old"]["version"], old);
    assert_eq!(lib["old"]["tag"], "v1.0.0");
    assert_eq!(lib["new"]["version"], newer);
    assert_eq!(lib["new"]["tag"], "v1.1.0", "the tag that is a version");
    assert_eq!(added["name"], OTHER);
    assert_eq!(
        (&added["old"], &added["new"]["tag"]),
        (&Value::Null, &Value::Null)
    );
    assert!(added["new"]["date"].is_string(), "{added}");
    assert_eq!(counts(all(&told, "summary")[0]), [1, 1, 0, 0]);
    assert_eq!(all(&told, "vendor-written")[0]["dependencies"], 2);
    // The same as lines.
    let said = world.sandbox.run(&["update"]).success().stderr;
    let last = said.lines().last().unwrap();
    assert!(last.starts_with("[INFO]\t2 unchanged in "), "{said}");
    assert!(last.ends_with("; vendor/ was right already)"), "{said}");
}

#[test]
fn a_repository_of_this_machine_tells_its_tags_as_well() {
    let (world, _) = world();
    let mirrors = format!(
        "repos:\n- original: https://{LIBRARY}\n  repo: file://{}\n  vcs: git\n",
        world.remotes.path(LIBRARY).display()
    );
    fs::create_dir_all(world.sandbox.glide_home()).unwrap();
    fs::write(world.sandbox.glide_home().join("mirrors.yaml"), mirrors).unwrap();
    let said = world.sandbox.run(&["update"]).success().stderr;
    let line = format!("[INFO]\t--> {LIBRARY}: added at v1.0.0 (20");
    assert!(said.contains(&line), "{said}");
}

#[test]
fn versions_that_change_are_told_in_lines() {
    let (mut world, [_, other]) = world();
    world.sandbox.run(&["update"]).success();
    let newer = format!("package lib\n\nimport _ \"{OTHER}\"\n");
    let newer = Commit::new().file("x.go", newer).tag("v1.1.0");
    world.remotes.push(LIBRARY, &[newer]);
    let said = world.sandbox.run(&["update"]).success().stderr;
    for line in [
        format!("[INFO]\t--> {LIBRARY}: v1.0.0 → v1.1.0 (20"),
        format!("[INFO]\t--> {OTHER}: added at {} (20", &other[..12]),
        "[INFO]\t1 updated, 1 added in ".to_owned(),
    ] {
        assert!(said.contains(&line), "{line}: {said}");
    }
    fs::remove_dir_all(world.sandbox.project().join("vendor")).unwrap();
    let said = world.sandbox.run(&["install"]).success().stderr;
    let last = said.lines().last().unwrap();
    assert!(last.starts_with("[INFO]\t2 dependencies in "), "{said}");
    assert!(
        last.contains("(0 fetched, 2 from the cache; vendor/ written in "),
        "{said}"
    );
    let quiet = world.sandbox.run(&["--quiet", "update"]).success().stderr;
    assert_eq!(quiet, "");
}

#[test]
fn bytes_are_those_that_came_in_this_run() {
    let sub = "github.com/a/sub";
    // No two bytes alike, so that no packing makes them fewer.
    let noise = |length: u32| -> String {
        let hashes = (0..length / 8).map(|at| format!("{:08x}", at.wrapping_mul(2_654_435_761)));
        hashes.collect()
    };
    let (world, ids) = World::new(|remotes: &mut Remotes| {
        let below = Commit::new()
            .file("s.go", "package s\n")
            .file("n", noise(40_000));
        remotes.commit(sub, &below);
        let lib = Commit::new().file("x.go", "package lib\n");
        let modules = format!("[submodule \"s\"]\n\tpath = s\n\turl = https://{sub}\n");
        let lib = lib.file(".gitmodules", modules).submodule("s", sub);
        let other = Commit::new()
            .file("x.go", "package other\n")
            .file("n", noise(8000));
        [remotes.commit(LIBRARY, &lib), remotes.commit(OTHER, &other)]
    });
    world.pin(&[(LIBRARY, &ids[0]), (OTHER, &ids[1])]);
    let install = [&JSON[..], &["install"]].concat();
    let bytes = |told: &[Value]| -> Vec<(bool, u64)> {
        let fetched = all(told, "fetched").into_iter();
        let fetched = fetched.map(|record| {
            let from_cache = record["from_cache"].as_bool().unwrap();
            (from_cache, record["bytes"].as_u64().unwrap())
        });
        fetched.collect()
    };
    let [(false, lib), (false, other)] =
        bytes(&of_run(&world.sandbox.run(&install), "install", 0))[..]
    else {
        panic!("both came from remotes");
    };
    // Hex digits take half their number at best, and little is said besides.
    assert!((20_000..44_000).contains(&lib), "with the submodule: {lib}");
    assert!((4000..12_000).contains(&other), "{other}");
    fs::remove_dir_all(world.sandbox.project().join("vendor")).unwrap();
    let told = of_run(&world.sandbox.run(&install), "install", 0);
    assert_eq!(bytes(&told), [(true, 0), (true, 0)]);
    // What `update` fetches while it looks for versions counts, and nothing twice.
    fs::remove_dir_all(world.sandbox.project().join("vendor")).unwrap();
    world.sandbox.run(&["cache-clear"]).success();
    let yaml = format!("package: {PROJECT}\nimport:\n- package: {LIBRARY}\n- package: {OTHER}\n");
    world.sandbox.write("glide.yaml", &yaml);
    let update = [&JSON[..], &["update"]].concat();
    let told = of_run(&world.sandbox.run(&update), "update", 0);
    let [(false, lib_again), (false, other_again)] = bytes(&told)[..] else {
        panic!("both came from remotes");
    };
    // A server cuts what it sends into pieces as it likes, each with a few bytes of its own.
    let is_near = |one: u64, other: u64| one.abs_diff(other) < 500;
    assert!(is_near(lib, lib_again), "{lib} {lib_again}");
    assert!(is_near(other, other_again), "{other} {other_again}");
    assert_eq!(all(&told, "summary")[0]["fetched"], 2);
}

#[test]
fn conflicts_are_typed() {
    let web = "github.com/a/web";
    let (world, ()) = World::new(|remotes: &mut Remotes| {
        let lib = Commit::new().file("x.go", "package lib\n");
        remotes.commit(LIBRARY, &lib.tag("v1.0.0"));
        let newer = Commit::new().file("x.go", "package lib\n\nvar X int\n");
        remotes.push(LIBRARY, &[newer.tag("v2.0.0")]);
        let yaml = format!("package: {web}\nimport:\n- package: {LIBRARY}\n  version: ^2.0.0\n");
        let code = format!("package web\n\nimport _ \"{LIBRARY}\"\n");
        remotes.commit(
            web,
            &Commit::new().file("x.go", code).file("glide.yaml", yaml),
        );
    });
    let yaml = format!(
        "package: {PROJECT}\nimport:\n- package: {LIBRARY}\n  version: v1.0.0\n- package: {web}\n"
    );
    world.sandbox.write("glide.yaml", &yaml);
    let main = format!("package main\n\nimport _ \"{web}\"\n");
    world.sandbox.write("main.go", &main);
    let update = [&JSON[..], &["update"]].concat();
    let told = of_run(&world.sandbox.run(&update), "update", 0);
    let expected = serde_json::json!({
        "event": "conflict",
        "name": LIBRARY,
        "held": { "version": "v1.0.0", "by": ["glide.yaml"] },
        "asked": { "version": "^2.0.0", "by": [web] },
        "chosen": "v1.0.0",
    });
    assert_eq!(all(&told, "conflict"), [&expected]);
}

#[test]
fn what_is_wrong_has_a_place() {
    let (world, [lib, _]) = world();
    let failing = |arguments: &[&str], exit| {
        let line = [&JSON[..], arguments].concat();
        of_run(&world.sandbox.run(&line), arguments[0], exit)
    };
    let place = |file: &str, line: usize| serde_json::json!({ "file": file, "line": line });
    let whole = |name: &str| world.sandbox.project().join(name).display().to_string();
    // A commit that is nowhere, by its line in glide.lock; the other one is no problem.
    let nowhere = "1".repeat(40);
    world.pin(&[(LIBRARY, &lib), (OTHER, &nowhere)]);
    let lock = world.sandbox.read("glide.lock").unwrap();
    let line =
        |text: &str, what: &str| text.lines().position(|line| line.contains(what)).unwrap() + 1;
    let told = failing(&["install"], 1);
    let [problem] = all(&told, "problem")[..] else {
        panic!("{told:?}");
    };
    assert_eq!(problem["name"], OTHER);
    assert_eq!(problem["kind"], "user");
    assert_eq!(problem["place"], place("glide.lock", line(&lock, OTHER)));
    let failure = all(&told, "failure")[0];
    assert_eq!(failure["place"], Value::Null);
    // A version that nothing has, by its line in glide.yaml.
    let yaml = format!("package: {PROJECT}\nimport:\n- package: {LIBRARY}\n  version: ^7.0.0\n");
    world.sandbox.write("glide.yaml", &yaml);
    let told = failing(&["update"], 1);
    assert_eq!(all(&told, "problem")[0]["name"], LIBRARY);
    assert_eq!(all(&told, "problem")[0]["place"], place("glide.yaml", 3));
    // Why a lock will not do.
    let told = failing(&["install", "--locked"], 1);
    let problems = all(&told, "problem");
    let of_lock = |problem: &&&Value| problem["place"]["file"] == "glide.lock";
    assert!(problems.iter().any(|problem| of_lock(&problem)), "{told:?}");
    // A package that the project's own code imports, and nobody has.
    world
        .sandbox
        .write("glide.yaml", &format!("package: {PROJECT}\n"));
    let main = format!("package main\n\nimport _ \"{LIBRARY}/none\"\n");
    world.sandbox.write("main.go", &main);
    let told = failing(&["update"], 1);
    let problem = all(&told, "problem")[0];
    assert_eq!(problem["name"], format!("{LIBRARY}/none"));
    assert_eq!(problem["place"], place("main.go", 3));
    // Files that cannot be read.
    world
        .sandbox
        .write("glide.yaml", "package: x\nimport:\n- package: [\n");
    let told = failing(&["name"], 3);
    let found = &all(&told, "failure")[0]["place"];
    assert_eq!(found["file"], whole("glide.yaml"));
    assert!(found["line"].as_u64().unwrap() >= 3, "{found}");
    world.sandbox.write("glide.yaml", &yaml);
    world.sandbox.write("glide.lock", "hash: x\nimports: 7\n");
    let told = failing(&["install"], 1);
    assert_eq!(
        all(&told, "failure")[0]["place"],
        place(&whole("glide.lock"), 2)
    );
}

#[test]
fn failures_are_records_with_causes_and_hints() {
    let (world, [lib, _]) = world();
    let install = [&JSON[..], &["install", "--locked"]].concat();
    let told = of_run(&world.sandbox.run(&install), "install", 1);
    let failure = all(&told, "failure")[0];
    assert_eq!(failure["kind"], "user");
    assert_eq!(failure["hints"].as_array().unwrap().len(), 1);
    // Settings that cannot be read, and a project that is none, are told the same way.
    world.pin(&[(LIBRARY, &lib), (OTHER, &"1".repeat(40))]);
    let told = of_run(
        &world.sandbox.run(&[&JSON[..], &["install"]].concat()),
        "install",
        1,
    );
    let errors = all(&told, "log").into_iter();
    let errors: Vec<_> = errors.filter(|record| record["level"] == "error").collect();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!(all(&told, "failure").len(), 1);
    world.sandbox.write("glide.yaml", "package: [\n");
    let told = of_run(
        &world.sandbox.run(&[&JSON[..], &["name"]].concat()),
        "name",
        3,
    );
    assert!(
        !all(&told, "failure")[0]["causes"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let mut sandbox = world.sandbox;
    sandbox.set("SOURCE_DATE_EPOCH", "yesterday");
    let told = of_run(&sandbox.run(&[&JSON[..], &["name"]].concat()), "name", 1);
    assert_eq!(all(&told, "failure").len(), 1);
}

#[test]
fn every_command_keeps_to_the_schema_and_results_stay_on_standard_output() {
    let (world, _) = world();
    let mut seen = BTreeSet::new();
    for (arguments, exit) in [
        (&["update", "--debug"][..], 0),
        (&["install"], 0),
        (&["install", "--skip-test", "--quiet"], 0),
        (&["get", OTHER], 0),
        (&["remove", OTHER], 0),
        (&["list"], 0),
        (&["name"], 0),
        (&["hash"], 0),
        (&["novendor"], 0),
        (&["tree"], 0),
        (&["why", LIBRARY], 0),
        (&["outdated"], 0),
        (&["audit", "drift"], 0),
        (&["fmt", "--check"], 0),
        (&["mirror", "list"], 0),
        (&["cache-clear"], 0),
        (&["about"], 0),
        (&["create"], 1),
    ] {
        let output = world.sandbox.run(&[&JSON[..], arguments].concat());
        let told = of_run(&output, arguments[0], exit);
        // These have nothing to do the second time, and that one tells how old things are.
        if !matches!(arguments[0], "get" | "remove" | "outdated") {
            let plain = world.sandbox.run(arguments);
            assert_eq!(
                (plain.exit, plain.stdout),
                (output.exit, output.stdout),
                "{arguments:?}"
            );
        }
        let events = told
            .iter()
            .map(|record| record["event"].as_str().unwrap().to_owned());
        seen.extend(events);
    }
    assert!(seen.len() > 6, "{seen:?}");
}

#[test]
fn a_file_takes_records_beside_the_lines() {
    let (world, _) = world();
    let file = world.sandbox.project().join("events.ndjson");
    for _ in 0..2 {
        // The second run empties the file first.
        let output = world
            .sandbox
            .run(&["--message-file", "events.ndjson", "update"])
            .success();
        assert!(output.stderr.contains("[INFO]\t"), "{}", output.stderr);
        let told = records(&fs::read_to_string(&file).unwrap());
        assert_eq!(all(&told, "start").len(), 1);
        assert_eq!(told.last().unwrap()["exit_code"], 0);
        let logged = all(&told, "log")
            .into_iter()
            .map(|record| record["text"].as_str().unwrap());
        for text in logged {
            assert!(output.stderr.contains(text), "{text}");
        }
    }
    let nowhere = ["--message-file", "no/such/folder/x", "update"];
    let output = world.sandbox.run(&nowhere).failure();
    assert!(
        output.stderr.contains("no/such/folder/x"),
        "{}",
        output.stderr
    );
    let full = ["--message-file", "/dev/full", "name"];
    let output = world.sandbox.run(&full);
    assert_eq!(
        output.stderr.matches("cannot write to `/dev/full`").count(),
        1,
        "{}",
        output.stderr
    );
    assert_eq!(
        (output.exit, output.stdout.as_str()),
        (Some(2), "github.com/me/app\n")
    );
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let (world, _) = world();
    let mut command = world.sandbox.command(&[&JSON[..], &["update"]].concat());
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stderr = child.stderr.take().unwrap();
    stderr.read_exact(&mut [0; 8]).unwrap();
    drop(stderr);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(world.sandbox.read("glide.lock").is_some());
}

#[test]
fn a_signal_ends_the_records_in_order() {
    let (asked, was_asked) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let released = Mutex::new(released);
    let handler: Handler = Box::new(move |_| {
        let _ = asked.send(());
        // Until the test is over, however it ends.
        let _ = released.lock().unwrap().recv();
        None
    });
    let build = |remotes: &mut Remotes| {
        remotes.commit(LIBRARY, &Commit::new().file("x.go", "package lib\n"));
    };
    let sandbox = Sandbox::new(PROJECT);
    let (world, ()) = World::with_handler(sandbox, Some(handler), build);
    let yaml = format!("package: {PROJECT}\nimport:\n- package: {LIBRARY}\n");
    world.sandbox.write("glide.yaml", &yaml);
    let mut command = world.sandbox.command(&[&JSON[..], &["update"]].concat());
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    was_asked.recv_timeout(Duration::from_secs(60)).unwrap();
    let ended = Command::new("kill").arg(child.id().to_string()).status();
    assert!(ended.unwrap().success());
    let mut said = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let told = records(&said);
    assert_eq!(told.last().unwrap()["exit_code"], 130, "{said}");
    drop(release);
}

#[test]
fn nothing_is_asked_while_records_are_written() {
    let (world, _) = world();
    let get = [&JSON[..], &["get", LIBRARY]].concat();
    let yaml = format!("package: {PROJECT}\nimport: []\n");
    world.sandbox.write("glide.yaml", &yaml);
    of_run(&world.sandbox.run(&get), "get", 0);
    let yaml = world.sandbox.read("glide.yaml").unwrap();
    assert!(!yaml.contains("version:"), "{yaml}");
}

#[test]
fn the_page_has_an_example_of_each_event_and_they_fit() {
    let page = file("docs/src/events.md");
    let examples = page.split("```json\n").nth(1).unwrap();
    let examples = examples.split("```").next().unwrap();
    let examples = records(examples);
    let shown: BTreeSet<_> = examples
        .iter()
        .map(|record| record["event"].as_str().unwrap())
        .collect();
    let schema: Value =
        serde_json::from_str(&file("docs/src/schemas/glide-rs-events-1.json")).unwrap();
    let all = schema["oneOf"].as_array().unwrap().iter();
    let all: BTreeSet<_> = all
        .map(|one| one["properties"]["event"]["const"].as_str().unwrap())
        .collect();
    assert_eq!(shown, all);
}
