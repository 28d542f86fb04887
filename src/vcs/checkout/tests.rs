//! Trees in memory, looked at as a program looks at folders.

use std::collections::HashMap;
use std::io::Write;

use sha1::{Digest as _, Sha1};

use super::*;
use crate::vcs::Entry;

#[derive(Default)]
struct Repo {
    entries: Vec<Entry>,
    blobs: HashMap<ObjectId, Vec<u8>>,
}

impl Repo {
    fn entry(mut self, path: impl AsRef<[u8]>, kind: EntryKind, bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref().to_vec();
        let id = ObjectId(Sha1::digest(&bytes).into());
        self.blobs.insert(id, bytes);
        let path = path.as_ref().to_vec();
        self.entries.push(Entry { path, kind, id });
        self
    }

    fn file(self, path: impl AsRef<[u8]>, text: &str) -> Self {
        self.entry(path, EntryKind::File, text)
    }

    fn link(self, path: &str, target: impl AsRef<[u8]>) -> Self {
        self.entry(path, EntryKind::Symlink, target)
    }

    fn submodule(self, path: &str) -> Self {
        self.entry(path, EntryKind::Submodule, "")
    }

    fn at(self, path: &str) -> (Vec<u8>, Arc<dyn Snapshot>) {
        (path.as_bytes().to_vec(), Arc::new(self))
    }

    fn checkout(self) -> Checkout {
        Checkout::new(vec![self.at("")]).unwrap()
    }
}

impl Snapshot for Repo {
    fn reader(&self) -> Result<Box<dyn SnapshotReader + '_>, ReadError> {
        Ok(Box::new(Reader(self)))
    }
}

struct Reader<'a>(&'a Repo);

impl SnapshotReader for Reader<'_> {
    fn entries(&mut self) -> Result<Vec<Entry>, ReadError> {
        Ok(self.0.entries.clone())
    }

    fn blob_size(&mut self, id: ObjectId) -> Result<u64, ReadError> {
        Ok(self.0.blobs[&id].len() as u64)
    }

    fn read_blob(&mut self, id: ObjectId, out: &mut dyn Write) -> Result<(), ReadError> {
        let bytes = &self.0.blobs[&id];
        out.write_all(bytes).map_err(ReadError::Output)
    }
}

const FILE: Option<NodeKind> = Some(NodeKind::File);
const FOLDER: Option<NodeKind> = Some(NodeKind::Folder);

#[track_caller]
fn check(checkout: &Checkout, kinds: &[(&str, Option<NodeKind>)]) {
    for (path, kind) in kinds {
        assert_eq!(checkout.kind(path), *kind, "{path}");
        assert_eq!(checkout.folder(path).is_some(), *kind == FOLDER, "{path}");
        let read = checkout.read(path, 1000).unwrap();
        assert_eq!(read.is_some(), *kind == FILE, "{path}");
    }
}

fn names(checkout: &Checkout, path: &str) -> String {
    let names = checkout.folder(path).unwrap().into_iter();
    let names = names.map(|(name, kind)| match kind {
        NodeKind::File => name,
        NodeKind::Folder => name + "/",
    });
    names.collect::<Vec<_>>().join(" ")
}

#[test]
fn files_and_folders_are_found_and_read() {
    let checkout = Repo::default()
        .file("a.go", "package a\n")
        .entry("run", EntryKind::Executable, "#!\n")
        .file("b/c/d.go", "package d\n")
        .file("b.go", "")
        .checkout();
    check(
        &checkout,
        &[
            ("", FOLDER),
            (".", FOLDER),
            ("a.go", FILE),
            ("./a.go", FILE),
            ("a.go/", None),
            ("a.go/.", None),
            ("a.go/x", None),
            ("run", FILE),
            ("b", FOLDER),
            ("b/", FOLDER),
            ("b//c", FOLDER),
            ("b/../a.go", FILE),
            ("b/../..", None),
            ("..", None),
            ("/", FOLDER),
            ("b/c/d.go", FILE),
            ("b/c/d", None),
            ("B", None),
        ],
    );
    assert_eq!(names(&checkout, ""), "a.go b/ b.go run");
    assert_eq!(names(&checkout, "b"), "c/");
    assert_eq!(
        checkout.read("b/c/d.go", 10).unwrap().unwrap(),
        b"package d\n"
    );
    let error = checkout.read("b/c/d.go", 9).unwrap_err();
    assert!(matches!(
        error,
        ReadError::TooLarge {
            size: 10,
            limit: 9,
            ..
        }
    ));
}

#[test]
fn links_are_followed_inside_and_nowhere_else() {
    let checkout = Repo::default()
        .file("b/c/d.go", "package d\n")
        .link("file", "b/c/d.go")
        .link("b/up", "..")
        .link("folder", "./b//c/")
        .link("b/c/side", "../../folder/d.go")
        .link("through", "b/up/folder/side")
        .link("slash", "b/c/d.go/")
        .link("outside", "../x")
        .link("out-and-back", "../repo/b")
        .link("absolute", "/b")
        .link("nowhere", "b/x")
        .link("me", "me")
        .link("ping", "pong")
        .link("pong", "ping/x")
        .link("empty", "")
        .link("long", "a/".repeat(3000))
        .link("zero", "b\0c")
        .link("latin", b"\xfc")
        .checkout();
    check(
        &checkout,
        &[
            ("file", FILE),
            ("file/x", None),
            ("b/up", FOLDER),
            ("b/up/b/up/b/c", FOLDER),
            ("folder", FOLDER),
            // `..` counts from where a link has led.
            ("folder/..", FOLDER),
            ("folder/../up", FOLDER),
            ("folder/d.go", FILE),
            ("b/c/side", FILE),
            ("through", FILE),
            ("slash", None),
            ("outside", None),
            ("out-and-back", None),
            ("absolute", None),
            ("nowhere", None),
            ("me", None),
            ("ping", None),
            ("pong", None),
            ("empty", None),
            ("long", None),
            ("zero", None),
            ("latin", None),
        ],
    );
    assert_eq!(names(&checkout, ""), "b/ file folder/ through");
    assert_eq!(names(&checkout, "folder"), "d.go side");
    assert_eq!(names(&checkout, "b/up/folder"), "d.go side");
    assert_eq!(
        checkout.read("through", 100).unwrap().unwrap(),
        b"package d\n"
    );
}

#[test]
fn a_way_over_many_links_ends_where_linux_ends_it() {
    let mut repo = Repo::default().file("0", "x");
    for number in 1..=41 {
        repo = repo.link(&number.to_string(), (number - 1).to_string());
    }
    let checkout = repo.checkout();
    check(&checkout, &[("40", FILE), ("41", None)]);
    // Each step could double the way; the number of links ends that, too.
    let mut repo = Repo::default().link("0", ".");
    for number in 1..=60 {
        let before = number - 1;
        repo = repo.link(&number.to_string(), format!("{before}/{before}"));
    }
    check(&repo.checkout(), &[("60", None)]);
}

#[test]
fn folders_come_as_go_walks_them() {
    let checkout = Repo::default()
        .file("a/z/1", "")
        .file("a/b/1", "")
        .file("a.b/1", "")
        .file("a-b/1", "")
        .file("B/1", "")
        .link("link", "a")
        .link("a/to", "../B")
        .checkout();
    let all = ["", "B", "a", "a/b", "a/z", "a-b", "a.b"];
    assert_eq!(checkout.folders(""), all);
    assert_eq!(checkout.folders("a"), ["a", "a/b", "a/z"]);
    assert_eq!(checkout.folders("link/z"), ["link/z"]);
    for none in ["link", "a/to", "a/z/1", "x", "..", "a/x"] {
        assert!(checkout.folders(none).is_empty(), "{none}");
    }
}

#[test]
fn submodules_stand_in_their_folders() {
    let root = Repo::default()
        .file("x.go", "")
        .submodule("lib/sub")
        .submodule("none")
        .link("to", "lib/sub/inner/deep.go")
        .link("lib/odd", "sub/inner");
    let sub = Repo::default()
        .file("y.go", "y")
        .submodule("inner")
        .link("up", "../../x.go");
    let inner = Repo::default().file("deep.go", "deep");
    let trees = vec![root.at(""), sub.at("lib/sub"), inner.at("lib/sub/inner")];
    let checkout = Checkout::new(trees).unwrap();
    assert_eq!(names(&checkout, ""), "lib/ none/ to x.go");
    assert_eq!(names(&checkout, "lib/sub"), "inner/ up y.go");
    assert_eq!(names(&checkout, "none"), "");
    assert_eq!(checkout.read("to", 10).unwrap().unwrap(), b"deep");
    assert_eq!(
        checkout.read("lib/odd/deep.go", 10).unwrap().unwrap(),
        b"deep"
    );
    let all = ["", "lib", "lib/sub", "lib/sub/inner", "none"];
    assert_eq!(checkout.folders(""), all);
}

#[test]
fn what_no_working_tree_can_have_is_passed_over() {
    let checkout = Repo::default()
        .file("../x", "")
        .file("a/../b", "")
        .file("./c", "")
        .file("d//e", "")
        .file(".git/config", "")
        .file("f/.GIT/config", "")
        .file("/abs", "")
        .file("", "")
        .file(&b"latin-\xfc.go"[..], "")
        .file(&b"g/latin-\xfc.go"[..], "")
        .file("twice", "first")
        .file("twice", "second")
        .file("twice/below", "")
        .file("h/i", "")
        .file("h", "")
        .checkout();
    assert_eq!(names(&checkout, ""), "a/ d/ f/ g/ h/ twice");
    for empty in ["a", "d", "f", "g"] {
        assert_eq!(names(&checkout, empty), "", "{empty}");
    }
    assert_eq!(checkout.read("twice", 10).unwrap().unwrap(), b"first");
    // A tree whose folder is a file or leads outside stands nowhere.
    let trees = vec![
        Repo::default().file("file", "").link("link", "..").at(""),
        Repo::default().file("x", "").at("file"),
        Repo::default().file("x", "").at("link"),
        Repo::default().file("x", "").at("../y"),
    ];
    let checkout = Checkout::new(trees).unwrap();
    assert_eq!(checkout.folders(""), [""]);
}

#[test]
fn more_than_any_repository_has_is_refused() {
    let mut builder = Builder {
        folders: vec![Names::new()],
        nodes: 5,
        bytes: 100,
    };
    let four = Repo::default().file("a/b/c/d", "");
    builder.add(0, b"", &four).unwrap();
    assert!(builder.add(0, b"x/y", &four).is_err());
    builder.nodes = 100;
    let long = Repo::default().link("l", "x".repeat(99));
    assert!(builder.add(0, b"", &long).is_err());
}
