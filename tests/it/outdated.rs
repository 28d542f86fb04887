//! `outdated` against real repositories.

use crate::support::process::Output;
use crate::support::repo::{Commit, Remotes};
use crate::support::world::{PROJECT, World};

const LIBRARY: &str = "github.com/a/lib";
const OTHER: &str = "github.com/a/other";

/// v1.0.0, v1.1.0 and v2.0.0 of the library, and another repository without any tag.
fn world() -> (World, [String; 4]) {
    World::new(|remotes: &mut Remotes| {
        let mut commit = |name: &str, tag: &str| {
            let commit = Commit::new().file("x.go", format!("package x // {tag}\n"));
            remotes.commit(
                name,
                &if tag.is_empty() {
                    commit
                } else {
                    commit.tag(tag)
                },
            )
        };
        [
            commit(LIBRARY, "v1.0.0"),
            commit(LIBRARY, "v1.1.0"),
            commit(LIBRARY, "v2.0.0"),
            commit(OTHER, ""),
        ]
    })
}

fn manifest(world: &World, version: &str) {
    let yaml = format!("package: {PROJECT}\nimport:\n- package: {LIBRARY}\n  version: {version}\n");
    world.sandbox.write("glide.yaml", &yaml);
}

#[track_caller]
fn insist(output: &Output, exit: i32, parts: &[&str]) {
    let all = format!("{}{}", output.stdout, output.stderr);
    assert_eq!(output.exit, Some(exit), "{all}");
    let words = all.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in parts {
        assert!(words.contains(part), "`{part}` is missing:\n{all}");
    }
}

#[test]
fn what_is_allowed_and_what_is_newest_are_told() {
    let (world, [old, middle, _, other]) = world();
    world.pin(&[(LIBRARY, &old), (OTHER, &other)]);
    manifest(&world, "^1.0.0");
    let table = world.sandbox.run(&["outdated"]);
    insist(
        &table,
        0,
        &[
            "github.com/a/lib v1.0.0 v1.1.0 v2.0.0",
            "1 outdated, 1 with nothing newer",
        ],
    );
    assert!(!table.stdout.contains(OTHER), "{}", table.stdout);
    insist(&world.sandbox.run(&["outdated", "--all"]), 0, &[OTHER]);
    insist(&world.sandbox.run(&["outdated", "--exit-code"]), 1, &[]);
    world.pin(&[(LIBRARY, &middle)]);
    insist(
        &world.sandbox.run(&["outdated", "--offline"]),
        0,
        &[
            "v1.1.0 v1.1.0 v2.0.0",
            "held back",
            "1 held back by glide.yaml",
        ],
    );
    let json = world.sandbox.run(&["outdated", "--format", "json"]);
    insist(
        &json,
        0,
        &[
            "\"behind\": 1",
            "\"standing\": \"held-back\"",
            "\"wanted\": \"^1.0.0\"",
        ],
    );
}

#[test]
fn what_is_current_needs_no_words() {
    let (world, [.., newest, other]) = world();
    world.pin(&[(LIBRARY, &newest), (OTHER, &other)]);
    manifest(&world, "^2.0.0");
    let table = world.sandbox.run(&["outdated", "--exit-code"]);
    insist(&table, 0, &[]);
    assert_eq!(table.stdout, "2 with nothing newer\n");
}

#[test]
fn one_that_is_gone_hides_nothing() {
    let (world, [old, ..]) = world();
    world.pin(&[(LIBRARY, &old), ("github.com/a/gone", &old)]);
    manifest(&world, "^1.0.0");
    insist(
        &world.sandbox.run(&["outdated"]),
        2,
        &[
            "github.com/a/lib v1.0.0 v1.1.0 v2.0.0",
            "unknown github.com/a/gone:",
            "1 unknown",
        ],
    );
    world.pin(&[(LIBRARY, &"1".repeat(40))]);
    insist(
        &world.sandbox.run(&["outdated"]),
        2,
        &["is not in the history"],
    );
}

#[test]
fn slips_of_the_pen_are_told() {
    let (world, _) = world();
    insist(
        &world.sandbox.run(&["outdated", "--format", "xml"]),
        2,
        &["there are table, json"],
    );
    insist(&world.sandbox.run(&["outdated"]), 2, &["glide.lock"]);
}
