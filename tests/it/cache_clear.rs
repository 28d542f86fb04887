//! `cache-clear` beside other runs: none of them is broken, and what was fetched is gone.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::sync::{Arc, Condvar, Mutex};
use std::{fs, thread};

use crate::support::sandbox::Sandbox;
use crate::support::world::{PROJECT, World, sizeable};

const NAME: &str = "github.com/acme/log";

/// The first of the clearing's lines.
const WAITING: &str = "[INFO]\tOther runs use the cache. Waiting for their end\n";

#[test]
fn it_waits_for_an_install_that_has_begun() {
    // Requests are held back until the second flag is set; the first one says that there was one.
    let gate = Arc::new((Mutex::new((false, false)), Condvar::new()));
    let held = Arc::clone(&gate);
    let handler = Box::new(move |_: &_| {
        let (flags, changed) = &*held;
        let mut flags = flags.lock().unwrap();
        flags.0 = true;
        changed.notify_all();
        drop(changed.wait_while(flags, |flags| !flags.1).unwrap());
        None
    });
    let (world, id) = World::with_handler(Sandbox::new(PROJECT), Some(handler), |remotes| {
        remotes.commit(NAME, &sizeable(3, 0))
    });
    world.pin(&[(NAME, &id)]);
    let sandbox = &world.sandbox;
    let (flags, changed) = &*gate;
    thread::scope(|scope| {
        let install = scope.spawn(|| sandbox.run(&["install"]));
        drop(
            changed
                .wait_while(flags.lock().unwrap(), |flags| !flags.0)
                .unwrap(),
        );
        let mut command = sandbox.command(&["cache-clear"]);
        let command = command.stdin(Stdio::null()).stderr(Stdio::piped());
        let mut clearing = command.spawn().unwrap();
        let mut lines = BufReader::new(clearing.stderr.take().unwrap());
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        assert_eq!(line, WAITING);
        flags.lock().unwrap().1 = true;
        changed.notify_all();
        install.join().unwrap().success();
        assert!(clearing.wait().unwrap().success());
    });
    assert!(sandbox.vendor().unwrap().len() > 3);
    let left = fs::read_dir(sandbox.glide_home().join("cache/v1")).unwrap();
    let mut left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["CACHEDIR.TAG", "lock"]);
}

#[test]
fn installs_and_clearings_at_once_all_go_well() {
    let (world, ids) = World::within(Sandbox::in_memory(PROJECT), |remotes| {
        let name = |number: usize| format!("github.com/acme/part{number}");
        let commit = |number| {
            (
                name(number),
                remotes.commit(&name(number), &sizeable(20, number)),
            )
        };
        (0..4).map(commit).collect::<Vec<_>>()
    });
    let pins: Vec<_> = ids
        .iter()
        .map(|(name, id)| (name.as_str(), id.as_str()))
        .collect();
    world.pin(&pins);
    let sandbox = &world.sandbox;
    sandbox.run(&["install"]).success();
    let expected = sandbox.vendor();
    thread::scope(|scope| {
        let clearing = scope.spawn(|| {
            for _ in 0..12 {
                let output = sandbox.run(&["cc"]).success();
                let words = "[INFO]\tGlide cache has been cleared.\n";
                assert!(output.stderr.contains(words), "{}", output.stderr);
            }
        });
        for _ in 0..8 {
            fs::remove_dir_all(sandbox.project().join("vendor")).unwrap();
            sandbox.run(&["install"]).success();
            assert_eq!(sandbox.vendor(), expected);
        }
        clearing.join().unwrap();
    });
}

#[test]
fn it_says_how_much_was_freed_and_makes_nothing() {
    let sandbox = Sandbox::new(PROJECT);
    let output = sandbox.run(&["cc"]).success();
    let lines = "[INFO]\tGlide cache has been cleared.\n[INFO]\t0 bytes freed.\n";
    assert_eq!(output.stderr, lines);
    assert!(!sandbox.glide_home().join("cache").exists());
    let clone = sandbox.glide_home().join("cache/src/https-github.com-a-b");
    fs::create_dir_all(&clone).unwrap();
    fs::write(clone.join("pack"), vec![0; 2500]).unwrap();
    let output = sandbox.run(&["cache-clear"]).success();
    assert!(
        output.stderr.ends_with("[INFO]\t2.5 kB freed.\n"),
        "{}",
        output.stderr
    );
    assert!(!clone.exists());
    fs::remove_dir_all(sandbox.glide_home().join("cache")).unwrap();
    fs::write(sandbox.glide_home().join("cache"), "a file").unwrap();
    let output = sandbox.run(&["cc"]).failure();
    assert!(
        output
            .stderr
            .starts_with("[ERROR]\tUnable to clear the cache\n"),
        "{}",
        output.stderr
    );
}
