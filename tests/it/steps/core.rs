//! `contrib/step/glide-step` by itself: the release that it fetches, the cache, and what it makes of its variables.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use super::{PROGRAM, Road, URL, Variables, have, insist_on_none, path, release, sum};
use super::{variables, wrapper};
use crate::support::process::Output;

/// Runs one of its commands with these variables.
fn step(road: &Road, command: &str, more: &Variables) -> Output {
    let script = path("step/glide-step");
    road.run("sh", &[script.to_str().unwrap(), command], more)
}

fn home(road: &Road) -> PathBuf {
    road.root().join("kept home")
}

/// What says where the release and the home are.
fn from_release(road: &Road) -> Variables {
    let home = home(road);
    variables([
        ("GLIDE_RS_URL", URL),
        ("GLIDE_RS_SHA256", &road.sum),
        ("GLIDE_STEP_HOME", home.to_str().unwrap()),
    ])
}

/// What says that glide-rs is there already.
fn from_path(road: &Road) -> Variables {
    let home = home(road);
    variables([
        ("GLIDE_RS", PROGRAM),
        ("GLIDE_STEP_HOME", home.to_str().unwrap()),
    ])
}

fn with(mut variables: Variables, name: &str, value: &str) -> Variables {
    variables.insert(name.to_owned(), value.into());
    variables
}

/// Insists on a failure whose text has this part.
#[track_caller]
fn refused(output: Output, part: &str) {
    let output = output.failure();
    assert!(output.stderr.contains(part), "{}", output.stderr);
}

#[test]
fn a_release_is_fetched_once_and_checked_each_time() {
    let road = Road::new();
    let told = from_release(&road);
    let place = home(&road).join("tool").join(&road.sum);
    let program = place.join("bin/glide-rs");
    let prepared = step(&road, "prepare", &told).success().stdout;
    let expected = format!(
        "program={}\nhome={}\nkey={}\n",
        program.display(),
        home(&road).display(),
        road.lock_sum()
    );
    assert_eq!(prepared, expected);
    assert_eq!(road.asked(), (1, 0));
    step(&road, "install", &told).success();
    assert!(road.has_vendor());
    assert_eq!(road.asked().0, 0, "the release was fetched again");
    // A cache that somebody else has written: neither the program nor the archive in it is believed.
    fs::write(&program, "#!/bin/sh\ntouch owned\n").unwrap();
    step(&road, "prepare", &told).success();
    assert_eq!(fs::read_to_string(&program).unwrap(), wrapper());
    assert_eq!(road.asked().0, 0);
    let other = release(road.root(), "x/glide-rs");
    fs::write(place.join("archive"), &other[1..]).unwrap();
    step(&road, "prepare", &told).success();
    assert_eq!(fs::read_to_string(&program).unwrap(), wrapper());
    assert_eq!(road.asked().0, 1);
    let mut names: Vec<_> = fs::read_dir(&place)
        .unwrap()
        .map(|it| it.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["archive", "bin"], "something was left over");
    // Capital letters, and a program without an archive around it, will do.
    let capital = with(told.clone(), "GLIDE_RS_SHA256", &road.sum.to_uppercase());
    step(&road, "prepare", &capital).success();
    let bare = with(told, "GLIDE_RS_URL", "https://localhost/bare");
    let bare = with(bare, "GLIDE_RS_SHA256", &sum(wrapper().as_bytes()));
    step(&road, "prepare", &bare).success();
}

#[test]
fn what_is_not_the_release_is_refused() {
    let road = Road::new();
    let told = from_release(&road);
    let another = "0".repeat(64);
    for (name, value, part) in [
        ("GLIDE_RS_SHA256", another.as_str(), "it was not unpacked"),
        ("GLIDE_RS_SHA256", "", "must be the 64 digits"),
        ("GLIDE_RS_SHA256", "abc", "must be the 64 digits"),
        ("GLIDE_RS_SHA256", "../../../etc", "must be the 64 digits"),
        ("GLIDE_RS_URL", "http://localhost/glide-rs", "https://"),
        ("GLIDE_RS_URL", "file:///etc/passwd", "https://"),
        ("GLIDE_RS_URL", "--config=/x https://a", "https://"),
        (
            "GLIDE_RS_URL",
            "https://localhost/no/such",
            "cannot be fetched",
        ),
    ] {
        refused(
            step(&road, "install", &with(told.clone(), name, value)),
            part,
        );
    }
    insist_on_none(road.root(), "bin");
    assert!(!road.has_vendor());
    let nothing = variables([("GLIDE_STEP_HOME", home(&road).to_str().unwrap())]);
    refused(step(&road, "install", &nothing), "no glide-rs on PATH");
    let none = with(from_path(&road), "GLIDE_RS", "/no/such");
    refused(
        step(&road, "install", &none),
        "there is no program /no/such",
    );
    fs::remove_file(road.project().join("glide.lock")).unwrap();
    refused(step(&road, "key", &told), "there is no glide.lock in");
}

#[test]
fn wget_will_do_where_there_is_no_curl() {
    if !have(&["wget"]) {
        return;
    }
    let road = Road::new();
    let folder = road.root().join("few");
    fs::create_dir(&folder).unwrap();
    let paths = std::env::var_os("PATH").unwrap();
    for name in "cp mv rm cut tr od tar gzip find chmod mkdir mktemp sha256sum wget sh".split(' ') {
        let mut places = std::env::split_paths(&paths).map(|place| place.join(name));
        symlink(places.find(|it| it.is_file()).unwrap(), folder.join(name)).unwrap();
    }
    let authority = road.world.server.authority().display();
    let wgetrc = road.world.sandbox.home().join(".wgetrc");
    fs::write(wgetrc, format!("ca_certificate = {authority}\n")).unwrap();
    let told = with(from_release(&road), "PATH", folder.to_str().unwrap());
    step(&road, "prepare", &told).success();
    assert_eq!(road.asked(), (1, 0));
    fs::remove_file(folder.join("wget")).unwrap();
    fs::remove_dir_all(home(&road)).unwrap();
    refused(step(&road, "prepare", &told), "neither curl nor wget");
}

#[test]
fn a_cache_without_keys_has_one_folder_for_the_lock_of_now() {
    let road = Road::new();
    let cache = road.root().join("all caches");
    fs::create_dir_all(cache.join("of-another-tool")).unwrap();
    let told = variables([
        ("GLIDE_RS", PROGRAM),
        ("GLIDE_STEP_CACHE", cache.to_str().unwrap()),
    ]);
    let folders = || {
        let entries = fs::read_dir(&cache).unwrap();
        let mut names: Vec<_> = entries
            .map(|it| it.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    step(&road, "install", &told).success();
    assert_eq!(road.asked(), (0, 1));
    assert_eq!(folders(), [road.lock_sum(), "of-another-tool".to_owned()]);
    road.remove_vendor();
    let lock = road.world.sandbox.read("glide.lock").unwrap();
    let lock = lock.replacen("updated: 20", "updated: 19", 1);
    road.world.sandbox.write("glide.lock", &lock);
    step(&road, "install", &told).success();
    assert!(road.has_vendor());
    assert_eq!(road.asked(), (0, 0), "the old cache was not taken over");
    assert_eq!(folders(), [road.lock_sum(), "of-another-tool".to_owned()]);
}

#[test]
fn values_are_data() {
    let road = Road::new();
    let names = [
        "GLIDE_RS",
        "GLIDE_RS_URL",
        "GLIDE_RS_SHA256",
        "GLIDE_STEP_HOME",
        "GLIDE_STEP_CACHE",
        "GLIDE_STEP_PROJECT",
        "GLIDE_STEP_MIRRORS",
        "GLIDE_STEP_LOCKED",
        "GLIDE_STEP_OFFLINE",
        "GLIDE_STEP_STRIP_VENDOR",
        "GLIDE_STEP_SKIP_TEST",
        "GLIDE_STEP_AUDIT",
        "GLIDE_STEP_AUDIT_FAILS",
        "GLIDE_STEP_FORMAT",
        "GLIDE_STEP_REPORT",
    ];
    let script = fs::read_to_string(path("step/glide-step")).unwrap();
    for word in script.split(|it: char| !(it.is_ascii_alphanumeric() || it == '_')) {
        let is_known = names.contains(&word) || word == "GLIDE_STEP_BUILD";
        assert!(is_known || !word.starts_with("GLIDE_STEP_"), "{word}");
    }
    for name in names {
        for value in [
            "x; touch owned",
            "$(touch owned) `touch owned`",
            "x\ntouch owned\nhome=/x",
            "' && touch owned #\" || touch owned",
            "--output=owned",
        ] {
            // A release that is fetched, so that all of that is read.
            let base = if name.starts_with("GLIDE_RS_") {
                from_release(&road)
            } else {
                from_path(&road)
            };
            for command in ["prepare", "audit"] {
                let output = step(&road, command, &with(base.clone(), name, value));
                let lines = output.stdout.lines();
                let made_up = lines.filter(|line| *line == "home=/x" || *line == "touch owned");
                assert_eq!(made_up.count(), 0, "{name}={value}: {}", output.stdout);
            }
        }
    }
    insist_on_none(road.root(), "owned");
    // What is meant to be run is run, as it stands, and its exit code is that of the step.
    let told = with(
        from_path(&road),
        "GLIDE_STEP_BUILD",
        "touch \"a b\"; exit 5",
    );
    assert_eq!(step(&road, "build", &told).exit, Some(5));
    assert!(road.project().join("a b").is_file());
}

#[test]
fn a_lock_that_does_not_do_is_refused_unless_asked_otherwise() {
    let road = Road::new();
    let manifest = road.world.sandbox.read("glide.yaml").unwrap();
    let manifest = manifest.replace("^1.0.0", "^2.0.0");
    road.world.sandbox.write("glide.yaml", &manifest);
    let told = from_path(&road);
    refused(step(&road, "install", &told), "asks for `^2.0.0`");
    assert!(!road.has_vendor());
    step(&road, "install", &with(told, "GLIDE_STEP_LOCKED", "false")).success();
    assert!(road.has_vendor());
}

#[test]
fn findings_fail_the_step_unless_asked_otherwise() {
    let road = Road::new();
    let told = with(from_path(&road), "GLIDE_STEP_AUDIT", "drift integrity");
    step(&road, "install", &told).success();
    step(&road, "audit", &told).success();
    let report = road.project().join("glide-audit.sarif");
    let clean = fs::read_to_string(&report).unwrap();
    let file = "vendor/github.com/acme/log/log.go";
    road.world.sandbox.write(file, "package log\n");
    assert_eq!(step(&road, "audit", &told).exit, Some(1));
    let found = fs::read_to_string(&report).unwrap();
    assert!(found.contains(file) && !clean.contains(file), "{found}");
    let lenient = with(told.clone(), "GLIDE_STEP_AUDIT_FAILS", "false");
    let output = step(&road, "audit", &lenient).success();
    assert!(output.stderr.contains("the audit has findings"));
    // What could not be checked is another matter.
    let nowhere = with(lenient, "GLIDE_STEP_REPORT", "no/such/folder");
    assert_eq!(step(&road, "audit", &nowhere).exit, Some(2));
    let unknown = with(told, "GLIDE_STEP_AUDIT", "drift *");
    refused(step(&road, "audit", &unknown), "\"*\" is no check");
}

#[test]
fn mirrors_of_the_project_are_heard() {
    let road = Road::new();
    let remote = road.world.remotes.path("github.com/acme/log");
    let mirrors = format!(
        "repos:\n- original: https://github.com/acme/log\n  repo: file://{}\n  vcs: git\n",
        remote.display()
    );
    road.world.sandbox.write("ci/mirrors.yaml", &mirrors);
    let told = with(from_path(&road), "GLIDE_STEP_MIRRORS", "ci/mirrors.yaml");
    step(&road, "prepare", &told).success();
    step(&road, "install", &told).success();
    assert!(road.has_vendor());
    assert_eq!(road.world.server.take_requests(), [""; 0]);
    let none = with(told, "GLIDE_STEP_MIRRORS", "none.yaml");
    refused(step(&road, "prepare", &none), "there is no file none.yaml");
}

#[test]
fn lines_of_the_page_run_as_they_stand() {
    if !have(&["go", "make"]) {
        return;
    }
    let road = Road::new();
    let folder = road.project().join(".ci/glide-step");
    fs::create_dir_all(&folder).unwrap();
    fs::copy(path("step/glide-step"), folder.join("glide-step")).unwrap();
    let page = fs::read_to_string(path("step/README.md")).unwrap();
    let (_, lines) = page.split_once("```sh\n").unwrap();
    let (lines, _) = lines.split_once("```").unwrap();
    let cache = road.root().join("ci");
    let lines = lines.replace("/var/cache/ci", cache.to_str().unwrap());
    let told = variables([("GLIDE_RS", PROGRAM)]);
    road.run("sh", &["-euc", &lines], &told).success();
    road.built();
    assert!(cache.join(road.lock_sum()).is_dir());
    assert!(road.project().join("glide-audit.sarif").is_file());
    // From another folder, by a relative path.
    road.remove_vendor();
    let script = path("step/glide-step");
    let line = "cd .. && GLIDE_STEP_PROJECT=${1##*/} sh \"$2\" install";
    let arguments = ["-euc", line, "sh", road.project().to_str().unwrap()];
    let arguments = [&arguments[..], &[script.to_str().unwrap()]].concat();
    road.run("sh", &arguments, &told).success();
    assert!(road.has_vendor());
}
