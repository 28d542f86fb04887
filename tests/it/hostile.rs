//! Repositories and servers that mean harm: each is refused with the package named, and nothing
//! is written but in the cache.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use git2::{ObjectType, Oid, Signature, Time};
use sha1::{Digest as _, Sha1};

use crate::support::repo::{Commit, Remotes};
use crate::support::server::Twist;
use crate::support::world::World;

/// What the files of the hostile trees hold; it must never be found outside the remotes.
const MARK: &str = "written by a hostile repository";
const EVIL: &str = "github.com/acme/evil";

/// An entry of a tree that no git would make.
enum Node<'a> {
    File,
    Link(&'a str),
    Folder(&'a [(&'a str, Node<'a>)]),
}

/// Writes a tree without any check, entries in the order given.
fn raw_tree(store: &git2::Repository, entries: &[(&str, Node)]) -> Oid {
    let mut bytes = Vec::new();
    for (name, node) in entries {
        let (mode, id) = match node {
            Node::File => ("100644", store.blob(MARK.as_bytes()).unwrap()),
            Node::Link(to) => ("120000", store.blob(to.as_bytes()).unwrap()),
            Node::Folder(entries) => ("40000", raw_tree(store, entries)),
        };
        bytes.extend(format!("{mode} {name}\0").into_bytes());
        bytes.extend_from_slice(id.as_bytes());
    }
    store
        .odb()
        .unwrap()
        .write(ObjectType::Tree, &bytes)
        .unwrap()
}

/// Commits a hostile tree to the repository of that name.
fn raw_commit(remotes: &mut Remotes, name: &str, entries: &[(&str, Node)]) -> String {
    remotes.commit(name, &Commit::new().file("x.go", "package x\n"));
    let store = remotes.store(name);
    let tree = store.find_tree(raw_tree(store, entries)).unwrap();
    let who = Signature::new("A", "a@example.com", &Time::new(1_460_000_000, 0)).unwrap();
    let parent = store.find_reference("refs/heads/master").unwrap();
    let parent = parent.peel_to_commit().unwrap();
    let target = Some("refs/heads/master");
    let id = store.commit(target, &who, &who, "evil\n", &tree, &[&parent]);
    id.unwrap().to_string()
}

/// No file outside the remotes and the cache holds the mark.
fn assert_nothing_escaped(folder: &Path, what: &str) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let (path, kind) = (entry.path(), entry.file_type().unwrap());
        if kind.is_dir() && !path.ends_with("repos") && !path.ends_with("cache") {
            assert_nothing_escaped(&path, what);
        } else if kind.is_file() {
            let bytes = fs::read(&path).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains(MARK), "{what}: {}", path.display());
        }
    }
}

/// Installs the pins; it must fail, name the package, and change nothing.
#[track_caller]
fn assert_refused(world: &World, pins: &[(&str, &str)], package: &str, what: &str) -> String {
    world.sandbox.write("vendor/mine.txt", "mine\n");
    world.pin(pins);
    let before = world.sandbox.vendor();
    let output = world.sandbox.run(&["install"]);
    let refused = output.exit.is_some_and(|code| (1..100).contains(&code));
    assert!(refused, "{what}: {:?} {}", output.exit, output.stderr);
    assert!(output.stderr.contains(package), "{what}: {}", output.stderr);
    assert_eq!(world.sandbox.vendor(), before, "{what}");
    let names = world.sandbox.project_names();
    assert_eq!(names, ["glide.lock", "glide.yaml", "vendor"], "{what}");
    assert_nothing_escaped(world.sandbox.root(), what);
    output.stderr
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    let names = [
        "..",
        ".",
        "../../../../escape",
        "/tmp/glide-rs-escape",
        "a/../../b",
        "\\b",
        ".git\\hooks\\x",
        "a\\..\\..\\b",
        "..\\b",
        ".git",
        ".GIT",
        ".Git",
        ".g\u{200c}it",
        "\u{feff}.git",
        ".gi\u{200d}T",
        "git~1",
        "GIT~1",
        ".git ",
        ".git.",
        ".git . .",
        ".git::$INDEX_ALLOCATION",
    ];
    let (world, ids) = World::new(|remotes| {
        let mut ids = Vec::new();
        for (number, name) in names.iter().enumerate() {
            let as_file = format!("github.com/acme/evil-file-{number}");
            let id = raw_commit(remotes, &as_file, &[(name, Node::File)]);
            ids.push((*name, as_file, id));
            let as_folder = format!("github.com/acme/evil-folder-{number}");
            let inside = [("config", Node::File)];
            let id = raw_commit(remotes, &as_folder, &[(name, Node::Folder(&inside))]);
            ids.push((*name, as_folder, id));
            let below = format!("github.com/acme/evil-below-{number}");
            let inside = [(*name, Node::File)];
            let id = raw_commit(remotes, &below, &[("sub", Node::Folder(&inside))]);
            ids.push((*name, below, id));
        }
        ids
    });
    for (name, package, id) in ids {
        assert_refused(
            &world,
            &[(&package, &id)],
            &package,
            &format!("{name:?} in {package}"),
        );
    }
}

#[test]
fn a_file_behind_a_link_of_the_same_tree_is_refused() {
    let inside = [("planted", Node::File)];
    let trees: [&[(&str, Node)]; 2] = [
        &[
            ("a", Node::Link("../../../..")),
            ("a", Node::Folder(&inside)),
        ],
        &[("a", Node::Link("..")), ("a/planted", Node::File)],
    ];
    let (world, ids) = World::new(|remotes| {
        let mut ids = Vec::new();
        for (number, tree) in trees.iter().enumerate() {
            let name = format!("{EVIL}{number}");
            let id = raw_commit(remotes, &name, tree);
            ids.push((name, id));
        }
        ids
    });
    for (name, id) in ids {
        assert_refused(&world, &[(&name, &id)], &name, &name);
    }
}

/// Pins an outer and an inner dependency, where the outer's tree has a link in the inner's place.
#[test]
fn a_dependency_behind_a_link_of_another_is_refused() {
    for (place, links_to) in [
        ("inner", "../../../.."),
        ("sub/deep", "/tmp"),
        ("inner", "."),
    ] {
        let (outer, first) = ("github.com/acme/outer", place.split('/').next().unwrap());
        let inner = format!("{outer}/{place}");
        let (world, (outer_id, inner_id)) = World::new(|remotes| {
            let commit = Commit::new()
                .file("o.go", "package o\n")
                .link(first, links_to);
            let outer_id = remotes.commit(outer, &commit);
            let commit = Commit::new().file("planted", MARK);
            (outer_id, remotes.commit("github.com/acme/inner", &commit))
        });
        let entry = format!(
            "- name: {inner}\n  version: {inner_id}\n  repo: https://github.com/acme/inner\n"
        );
        world.sandbox.write("vendor/mine.txt", "mine\n");
        let text = crate::support::world::lock(&[(outer, &outer_id)]);
        let text = text.replacen("testImports:", &format!("{entry}testImports:"), 1);
        world.sandbox.write("glide.lock", &text);
        let before = world.sandbox.vendor();
        let output = world.sandbox.run(&["install"]).failure();
        assert!(output.stderr.contains(&inner) || output.stderr.contains(outer));
        assert_eq!(world.sandbox.vendor(), before);
        assert_nothing_escaped(world.sandbox.root(), place);
    }
}

#[test]
fn names_in_the_lock_that_lead_elsewhere_are_refused() {
    let (world, id) =
        World::new(|remotes| remotes.commit(EVIL, &Commit::new().file("planted", MARK)));
    for name in [
        "../escape",
        "/tmp/escape",
        "a/../../../b",
        "github.com/acme/.git",
        "a\\..\\b",
    ] {
        let entry = format!("- name: {name}\n  version: {id}\n  repo: https://{EVIL}\n");
        let text = crate::support::world::lock(&[(EVIL, &id)]);
        world.sandbox.write("vendor/mine.txt", "mine\n");
        let text = text.replacen("testImports:", &format!("{entry}testImports:"), 1);
        world.sandbox.write("glide.lock", &text);
        let before = world.sandbox.vendor();
        world.sandbox.run(&["install"]).failure();
        assert_eq!(world.sandbox.vendor(), before, "{name}");
        assert_nothing_escaped(world.sandbox.root(), name);
    }
}

#[test]
fn addresses_that_would_run_something_are_refused() {
    let (world, id) =
        World::new(|remotes| remotes.commit(EVIL, &Commit::new().file("x.go", "package x\n")));
    let planted = world.sandbox.root().join("planted");
    let touch = format!("touch {}", planted.display());
    for address in [
        format!("ext::sh -c {touch}"),
        format!("--upload-pack={touch}"),
        format!("ssh://-oProxyCommand={touch}/x"),
        format!("-oProxyCommand={touch}:x/y"),
        format!("git@-oProxyCommand={touch}:x/y"),
        "fd::17/foo".to_owned(),
    ] {
        let entry = format!("- name: {EVIL}\n  version: {id}\n  repo: '{address}'\n");
        let text = crate::support::world::lock(&[]);
        let text = text.replacen("imports: []\n", &format!("imports:\n{entry}"), 1);
        world.sandbox.write("glide.lock", &text);
        let output = world.sandbox.run(&["install"]).failure();
        assert!(output.stderr.contains(EVIL), "{address}: {}", output.stderr);
        assert!(!planted.exists(), "{address}");
    }
}

/// A pack of one object that says of itself what it likes.
fn pack(count: u32, kind: u8, declared: u64, content: &[u8]) -> Vec<u8> {
    let mut bytes = b"PACK\0\0\0\x02".to_vec();
    bytes.extend(count.to_be_bytes());
    let mut rest = declared >> 4;
    let mut byte = kind << 4 | u8::try_from(declared & 15).unwrap();
    while rest > 0 {
        bytes.push(byte | 0x80);
        byte = u8::try_from(rest & 0x7f).unwrap();
        rest >>= 7;
    }
    bytes.push(byte);
    let mut zlib = ZlibEncoder::new(bytes, Compression::default());
    zlib.write_all(content).unwrap();
    sealed(zlib.finish().unwrap())
}

/// The pack with the checksum that it must end in.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    let sum = Sha1::digest(&bytes);
    bytes.extend_from_slice(&sum);
    bytes
}

#[test]
fn packs_that_are_cut_or_lie_are_refused_and_do_not_spoil_the_cache() {
    const COMMIT: u8 = 1;
    const BLOB: u8 = 3;
    let twists: Vec<(&str, Twist)> = vec![
        ("the connection breaks at once", Twist::Cut(0)),
        ("the connection breaks inside the pack", Twist::Cut(300)),
        (
            "half a pack",
            Twist::Pack(Box::new(|pack| pack[..pack.len() / 2].to_vec())),
        ),
        ("no pack at all", Twist::Pack(Box::new(|_| Vec::new()))),
        (
            "no pack but a page",
            Twist::Pack(Box::new(|_| b"<html>hello</html>".to_vec())),
        ),
        (
            "a wrong byte",
            Twist::Pack(Box::new(|mut pack| {
                let middle = pack.len() / 2;
                pack[middle] ^= 0xff;
                pack
            })),
        ),
        (
            "a wrong byte under a right checksum",
            Twist::Pack(Box::new(|mut pack| {
                pack.truncate(pack.len() - 20);
                let middle = pack.len() / 2;
                pack[middle] ^= 0xff;
                sealed(pack)
            })),
        ),
        (
            "more objects announced than sent",
            Twist::Pack(Box::new(|mut pack| {
                pack.truncate(pack.len() - 20);
                pack[10] = 1;
                sealed(pack)
            })),
        ),
        (
            "four thousand million objects announced",
            Twist::Pack(Box::new(|_| pack(u32::MAX, BLOB, 5, b"hello"))),
        ),
        (
            "a terabyte announced, a few bytes sent",
            Twist::Pack(Box::new(|_| pack(1, BLOB, 1 << 40, b"hello"))),
        ),
        (
            "a few bytes announced, a megabyte sent",
            Twist::Pack(Box::new(|_| pack(1, BLOB, 5, &vec![b'x'; 1 << 20]))),
        ),
        (
            "another object",
            Twist::Pack(Box::new(|_| pack(1, BLOB, 5, b"hello"))),
        ),
        (
            "a commit that is none",
            Twist::Pack(Box::new(|_| pack(1, COMMIT, 5, b"hello"))),
        ),
    ];
    let (world, id) = World::new(|remotes| {
        let mut commit = Commit::new().file("x.go", "package x\n");
        for number in 0..8 {
            commit = commit.file(&format!("f{number}"), format!("{number}").repeat(50));
        }
        remotes.commit(EVIL, &commit)
    });
    for (what, twist) in twists {
        world.server.twist(Some(twist));
        assert_refused(&world, &[(EVIL, &id)], EVIL, what);
    }
    world.server.twist(None);
    world.sandbox.run(&["install"]).success();
    assert_eq!(world.sandbox.vendor().unwrap().len(), 9);
}

#[test]
fn repositories_that_hold_each_other_many_times_over_are_refused() {
    let level = |number: usize| format!("github.com/acme/level{number}");
    let (world, id) = World::new(|remotes| {
        remotes.commit(&level(0), &Commit::new().file("x.go", "package x\n"));
        // The paths' letters are the copies of the repository below that each level holds.
        let holding = |below: &str, copies: &str| {
            let paths = copies.chars().map(String::from);
            let (commit, declared) = paths.fold(
                (Commit::new(), String::new()),
                |(commit, declared), path| {
                    let section = format!(
                        "[submodule \"{path}\"]\n\tpath = {path}\n\turl = https://{below}\n"
                    );
                    (commit.submodule(&path, below), declared + &section)
                },
            );
            commit.file(".gitmodules", declared)
        };
        for number in 1..=5 {
            remotes.commit(&level(number), &holding(&level(number - 1), "abcd"));
        }
        let commit = holding(&level(5), "ab");
        remotes.commit(EVIL, &commit)
    });
    let told = assert_refused(&world, &[(EVIL, &id)], EVIL, "submodules");
    assert!(told.contains("one too many"), "{told}");
}
