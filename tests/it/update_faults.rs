//! What goes wrong around `update`: a damaged cache, other runs, signals, many refs. Lock and vendor/
//! are old or new, and belong together.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::damage::mended_by;
use crate::support::repo::Commit;
use crate::support::world::{PROJECT, World, sizeable};

const KIT: &str = "github.com/acme/kit";
const LOG: &str = "github.com/acme/log";

/// A project that imports two repositories, one of them at an abbreviated commit id, which costs its
/// history.
fn two() -> World {
    let (world, id) = World::new(|remotes| {
        let kit = Commit::new().file("kit.go", format!("package kit\n\nimport _ {LOG:?}\n"));
        let id = remotes.commit(KIT, &kit);
        remotes.commit(KIT, &sizeable(12, 1));
        remotes.commit(LOG, &Commit::new().file("log.go", "package log\n"));
        id
    });
    let main = format!("package main\n\nimport _ {KIT:?}\n");
    world.sandbox.write("main.go", &main);
    let yaml = format!(
        "package: {PROJECT}\nimport:\n- package: {KIT}\n  version: {}\n",
        &id[..10]
    );
    world.sandbox.write("glide.yaml", &yaml);
    world
}

fn masked(world: &World) -> String {
    crate::support::case::mask(&world.sandbox.read("glide.lock").unwrap())
}

#[test]
fn whatever_file_of_a_cache_with_history_is_damaged_the_next_update_mends_it() {
    let world = two();
    world.sandbox.run(&["update"]).success();
    mended_by(&world, 3, || {
        fs::remove_dir_all(world.sandbox.project().join("vendor")).unwrap();
        world.sandbox.run(&["update"])
    });
}

#[test]
fn updates_at_once_end_alike() {
    let world = two();
    let start = |_| {
        let mut command = world.sandbox.command(&["update"]);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(Stdio::piped()).spawn().unwrap()
    };
    for child in [0; 4].map(start) {
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
    }
    let (lock, vendor) = (masked(&world), world.sandbox.vendor());
    world.sandbox.run(&["update"]).success();
    assert_eq!((masked(&world), world.sandbox.vendor()), (lock, vendor));
    let names = ["glide.lock", "glide.yaml", "main.go", "vendor"];
    assert_eq!(world.sandbox.project_names(), names);
}

#[test]
fn a_signal_at_any_moment_leaves_lock_and_vendor_old_or_new() {
    let world = two();
    let took = world.sandbox.run(&["update"]).success().took;
    let new = (Some(masked(&world)), world.sandbox.vendor());
    let clear = || {
        let project = world.sandbox.project();
        let _ = fs::remove_dir_all(world.sandbox.glide_home());
        let _ = fs::remove_dir_all(project.join("vendor"));
        let _ = fs::remove_file(project.join("glide.lock"));
    };
    for round in 0..24 {
        clear();
        let mut command = world.sandbox.command(&["update"]);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(took * round / 20);
        let signal = ["INT", "TERM"][round as usize % 2];
        let id = child.id().to_string();
        Command::new("kill")
            .args(["-s", signal, &id])
            .status()
            .unwrap();
        let status = child.wait().unwrap();
        let ended = status.code().is_some_and(|code| matches!(code, 0 | 130))
            || matches!(status.signal(), Some(2 | 15));
        assert!(ended, "round {round}: {status:?}");
        let lock = world
            .sandbox
            .read("glide.lock")
            .is_some()
            .then(|| masked(&world));
        let found = (lock, world.sandbox.vendor());
        assert!(
            found == new || found == (None, None),
            "round {round}: {found:?}"
        );
        for name in world.sandbox.project_names() {
            assert!(!name.starts_with('.'), "round {round}: {name} was left");
        }
    }
    clear();
    world.sandbox.run(&["update"]).success();
}

#[test]
fn a_hundred_thousand_refs_are_no_trouble() {
    let world = two();
    let folder = world.remotes.path(LOG);
    let id = world
        .remotes
        .store(LOG)
        .refname_to_id("refs/heads/master")
        .unwrap();
    let lines = (0..100_000).map(|number| format!("{id} refs/tags/v1.{number}.0\n"));
    let packed = format!(
        "# pack-refs with: peeled fully-peeled sorted \n{}",
        lines.collect::<String>()
    );
    fs::write(folder.join("packed-refs"), packed).unwrap();
    let yaml = format!("package: {PROJECT}\nimport:\n- package: {LOG}\n  version: ^1.0\n");
    world.sandbox.write("glide.yaml", &yaml);
    let main = format!("package main\n\nimport _ {LOG:?}\n");
    world.sandbox.write("main.go", &main);
    let output = world.sandbox.run(&["update"]).success();
    assert!(output.stderr.contains("v1.99999.0"), "{}", output.stderr);
    assert!(output.took < Duration::from_secs(60), "{:?}", output.took);
}

#[test]
fn a_secret_in_an_address_is_never_shown() {
    let world = two();
    for repo in [
        "https://me:hunter2@github.com/acme/nothing",
        "https://me:hunter2@nowhere.acme.dev/x",
        "ftp://me:hunter2@github.com/acme/log",
    ] {
        let yaml = format!("package: {PROJECT}\nimport:\n- package: {KIT}\n  repo: {repo}\n");
        world.sandbox.write("glide.yaml", &yaml);
        let output = world.sandbox.run(&["--debug", "update"]).failure();
        assert!(!output.stderr.contains("hunter2"), "{}", output.stderr);
        assert!(output.stderr.contains(KIT), "{}", output.stderr);
    }
}

#[test]
fn a_home_that_cannot_be_written_is_an_error_that_names_it() {
    let mut world = two();
    world.sandbox.set("GLIDE_HOME", "/proc/glide-rs");
    let output = world.sandbox.run(&["update"]).failure();
    assert!(
        output.stderr.contains("/proc/glide-rs"),
        "{}",
        output.stderr
    );
    let names = ["glide.yaml", "main.go"];
    assert_eq!(world.sandbox.project_names(), names);
}

#[test]
fn a_bomb_of_aliases_in_a_dependency_is_refused() {
    let mut world = two();
    let mut yaml = format!("package: {KIT}\na0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let below = format!("*a{}, ", level - 1).repeat(9);
        writeln!(yaml, "a{level}: &a{level} [{below}]").unwrap();
    }
    writeln!(yaml, "import:\n- package: {LOG}\n  subpackages: *a11").unwrap();
    let kit = Commit::new()
        .file("kit.go", "package kit\n")
        .file("glide.yaml", yaml);
    world.remotes.commit(KIT, &kit);
    let yaml = format!("package: {PROJECT}\nimport:\n- package: {KIT}\n");
    world.sandbox.write("glide.yaml", &yaml);
    let output = world.sandbox.run(&["update"]);
    assert!(output.exit.is_some(), "{}", output.stderr);
    assert!(
        output.stderr.contains("Unable to import from"),
        "{}",
        output.stderr
    );
    assert!(output.took < Duration::from_secs(20), "{:?}", output.took);
}
