//! Against real repositories, made with the real `hg`. Where that is not installed these tests say
//! so and do nothing; `.ci/run` sees to it that it is.
#![expect(
    clippy::disallowed_methods,
    reason = "tests make and look at files as a person would"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::*;
use crate::fsx;

/// A remote, and a home with a cache.
struct World {
    folder: tempfile::TempDir,
}

/// Runs `hg` as the person does who makes the remote.
fn run(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("hg");
    let command = command.args(arguments).current_dir(folder);
    let command = command.env("HGRCPATH", "").env("HGPLAIN", "1");
    let output = command
        .env("HGUSER", "A B <a@example.com>")
        .output()
        .unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "hg {arguments:?}: {complaint}");
    String::from_utf8(output.stdout).unwrap()
}

impl World {
    fn new() -> Option<Self> {
        if Command::new("hg").arg("--version").output().is_err() {
            println!("skipped: `hg` is not installed");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let world = Self { folder };
        run(world.folder.path(), &["init", "remote"]);
        Some(world)
    }

    /// A remote with two tags, a link, a script and a second branch, none of it checked out.
    fn with_history() -> Option<Self> {
        let world = Self::new()?;
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let history = root.join("fixtures/hg/history.patch");
        let import = ["import", "--quiet", "--exact", "--bypass"];
        world.hg(&[&import[..], &[history.to_str().unwrap()]].concat());
        Some(world)
    }

    fn remote(&self) -> PathBuf {
        self.folder.path().join("remote")
    }

    fn address(&self) -> String {
        self.remote().to_str().unwrap().to_owned()
    }

    fn hg(&self, arguments: &[&str]) -> String {
        run(&self.remote(), arguments)
    }

    /// Changes a file on top of `parent`.
    fn change(&self, parent: &str, text: &str) {
        self.hg(&["update", "--quiet", "--clean", parent]);
        fs::write(self.remote().join("log.go"), text).unwrap();
        self.hg(&["commit", "-m", text, "-d", "1600000000 0"]);
    }

    /// Tags the first commit, on the branch `default`.
    fn tag(&self, name: &str) {
        self.hg(&["update", "--quiet", "default"]);
        self.hg(&["tag", "-d", "1600000000 0", "-r", "0", name]);
    }

    fn id(&self, name: &str) -> String {
        self.hg(&["log", "-r", name, "-T", "{node}"])
    }

    /// What gets commits, with the cache of that name.
    fn client(&self, home: &str) -> Hg {
        let cache = Cache::new(&self.folder.path().join(home));
        cache.prepare().unwrap();
        let mut hg = Hg::new(cache, false);
        hg.program.set.push(("HGRCPATH", String::new()));
        hg
    }

    /// The place of the remote in the cache of that name.
    fn place(&self, home: &str) -> PathBuf {
        let clone = self.client(home).clone_of(&self.address()).unwrap();
        clone.place.folder().to_owned()
    }

    /// The commit's files as a clone with a working copy at it gives them, which is Glide's way.
    fn archived(&self, name: &str) -> String {
        let copy = tempfile::tempdir_in(self.folder.path()).unwrap();
        let target = copy.path().join("out");
        run(copy.path(), &["clone", "--quiet", &self.address(), "in"]);
        let clone = copy.path().join("in");
        run(&clone, &["update", "--quiet", name]);
        run(&clone, &["archive", target.to_str().unwrap()]);
        let mut text = String::new();
        listing(&target, &target, &mut text);
        text
    }
}

/// All files below a folder, with kinds and bytes, as `shown` has them.
fn listing(root: &Path, folder: &Path, text: &mut String) {
    for entry in fsx::read_dir(folder).unwrap() {
        let (path, kind) = (entry.path(), entry.file_type().unwrap());
        if kind.is_dir() {
            listing(root, &path, text);
            continue;
        }
        let name = path.strip_prefix(root).unwrap().display().to_string();
        let (kind, bytes) = if kind.is_symlink() {
            let target = fs::read_link(&path).unwrap();
            ("Symlink", target.to_str().unwrap().to_owned())
        } else if fsx::is_executable(&path).unwrap() {
            ("Executable", fs::read_to_string(&path).unwrap())
        } else {
            ("File", fs::read_to_string(&path).unwrap())
        };
        writeln!(text, "{name} {kind} {bytes:?}").unwrap();
    }
}

fn shown(fetched: &Fetched) -> String {
    let (at, snapshot) = &fetched.trees[0];
    assert!(at.is_empty() && fetched.trees.len() == 1 && !snapshot.heeds_attributes());
    let mut reader = snapshot.reader().unwrap();
    let mut text = String::new();
    for entry in reader.entries().unwrap() {
        let mut bytes = Vec::new();
        reader.read_blob(entry.id, &mut bytes).unwrap();
        let (path, bytes) = (String::from_utf8(entry.path), String::from_utf8(bytes));
        let bytes = bytes.unwrap();
        writeln!(text, "{} {:?} {bytes:?}", path.unwrap(), entry.kind).unwrap();
    }
    text
}

/// All that refs tell, as text.
fn told(refs: &Refs) -> String {
    let tags: Vec<_> = refs.tags().collect();
    let branches: Vec<_> = refs.branches().collect();
    format!("{:?} {tags:?} {branches:?}", refs.default_commit())
}

#[test]
fn a_commit_is_what_a_clone_at_it_archives() {
    let Some(world) = World::with_history() else {
        return;
    };
    let client = world.client("home");
    for name in ["v1.0.0", "default", "next"] {
        let id = world.id(name);
        let fetched = client.obtain(&world.address(), &id).unwrap();
        assert_eq!(fetched.revision, id);
        assert_eq!(shown(&fetched), world.archived(name), "{name}");
        assert!(fetched.content.starts_with(&format!("{id}+")));
    }
    let old = shown(
        &client
            .obtain(&world.address(), &world.id("v1.0.0"))
            .unwrap(),
    );
    assert!(old.contains("tag: v1.0.0") && old.contains("sub/run.sh Executable"));
}

#[test]
fn names_are_listed_in_the_order_of_hg_and_stand_for_commits() {
    let Some(world) = World::with_history() else {
        return;
    };
    world.hg(&["bookmark", "-r", "1", "mark"]);
    let refs = world
        .client("home")
        .refs(&world.address(), Freshness::Ask)
        .unwrap();
    let first_words = |text: String| -> Vec<String> {
        let words = text
            .lines()
            .filter_map(|line| line.split_whitespace().next());
        words.map(str::to_owned).collect()
    };
    assert_eq!(
        refs.tags().collect::<Vec<_>>(),
        first_words(world.hg(&["tags"]))
    );
    assert_eq!(
        refs.branches().collect::<Vec<_>>(),
        first_words(world.hg(&["branches"]))
    );
    assert_eq!(refs.default_commit(), Some(&*world.id("default")));
    let first = world.id("0");
    for (name, of) in [
        ("v1.1.0", "v1.1.0"),
        ("next", "next"),
        ("mark", "1"),
        ("tip", "tip"),
        ("0", "0"),
        (&first, "0"),
        (&first[..9], "0"),
        ("", "default"),
    ] {
        assert_eq!(refs.commit(name).unwrap(), Some(world.id(of)), "{name}");
    }
    for name in [
        "v9",
        "null",
        "f",
        "0:1",
        "1 - 2",
        "\") or all() or (\"",
        "a\nb",
        &"f".repeat(40),
        &"0".repeat(40),
    ] {
        assert_eq!(refs.commit(name).unwrap(), None, "{name}");
        assert!(!refs.is_reference(name).unwrap(), "{name}");
    }
    let note = refs.describe("0").unwrap().unwrap();
    assert_eq!(note.author, "A B <a@example.com>");
    assert_eq!(note.date, "Sun, 13 Sep 2020 10:26:40 -0200");
    assert_eq!(note.subject, "one");
    assert_eq!(refs.describe("v9").unwrap(), None);
}

#[test]
fn what_the_cache_holds_needs_no_remote() {
    let Some(world) = World::with_history() else {
        return;
    };
    let (client, address) = (world.client("home"), world.address());
    let id = world.id("v1.0.0");
    let first = client.obtain(&address, &id).unwrap();
    assert!(!first.from_cache);
    let other = world.id("next");
    let fresh = told(&client.refs(&address, Freshness::Ask).unwrap());
    fs::rename(world.remote(), world.folder.path().join("away")).unwrap();
    let again = client.obtain(&address, &id).unwrap();
    assert!(again.from_cache && again.content == first.content);
    assert!(client.obtain(&address, &other).unwrap().from_cache);
    assert_eq!(
        told(&client.refs(&address, Freshness::Cached).unwrap()),
        fresh
    );
    let note = client.describe(&address, &id).unwrap().unwrap();
    assert_eq!(note.subject, "one");
    let error = client.refs(&address, Freshness::Ask).unwrap_err();
    assert!(
        matches!(&error, Error::Remote { said, .. } if said.contains("not found")),
        "{error}"
    );
    // A failure costs nothing of what is held.
    assert!(client.obtain(&address, &id).unwrap().from_cache);
    let error = client
        .obtain(&address, &"a".repeat(40))
        .map(|_| ())
        .unwrap_err();
    assert!(matches!(error, Error::Remote { .. }), "{error}");
}

#[test]
fn a_warm_cache_gives_what_an_empty_one_gives() {
    let Some(world) = World::with_history() else {
        return;
    };
    let address = world.address();
    let changes: [&dyn Fn(); 3] = [
        &|| {
            world.tag("v1.0.1");
            world.hg(&["bookmark", "-r", "2", "@"]);
        },
        &|| {
            world.hg(&["bookmark", "-f", "-r", "0", "@"]);
        },
        // History is made anew from an old commit on.
        &|| {
            world.hg(&["bookmark", "-d", "@"]);
            world.hg(&["--config", "extensions.strip=", "strip", "--no-backup", "2"]);
            world.change("default", "other");
        },
    ];
    let warm = world.client("warm");
    let first = world.id("0");
    let mut seen = vec![told(&warm.refs(&address, Freshness::Ask).unwrap())];
    for (number, change) in changes.iter().enumerate() {
        warm.obtain(&address, &first).unwrap();
        change();
        let cold = world.client(&format!("cold{number}"));
        let warm_refs = warm.refs(&address, Freshness::Ask).unwrap();
        let cold_refs = cold.refs(&address, Freshness::Ask).unwrap();
        assert_eq!(told(&warm_refs), told(&cold_refs), "change {number}");
        for name in ["@", "2"] {
            let expected = cold_refs.commit(name).unwrap();
            assert_eq!(warm_refs.commit(name).unwrap(), expected, "change {number}");
        }
        let warm = warm.obtain(&address, &first).unwrap();
        let cold = cold.obtain(&address, &first).unwrap();
        assert_eq!(shown(&warm), shown(&cold), "change {number}");
        assert_eq!(warm.content, cold.content);
        let now = told(&warm_refs);
        assert!(!seen.contains(&now), "change {number} was not seen");
        seen.push(now);
    }
}

#[test]
fn what_is_damaged_is_fetched_again() {
    let Some(world) = World::with_history() else {
        return;
    };
    let (client, address) = (world.client("home"), world.address());
    let id = world.id("v1.1.0");
    let expected = shown(&client.obtain(&address, &id).unwrap());
    for (path, garbage) in [
        ("clone/.hg/store/data/log.go.i", None),
        ("clone/.hg/store/00changelog.i", Some("garbled")),
        ("clone/.hg/requires", Some("no-such-thing\n")),
        ("clone", None),
    ] {
        let path = world.place("home").join(path);
        if path.is_dir() {
            fs::remove_dir_all(&path).unwrap();
        } else {
            fsx::remove_file(&path).unwrap();
        }
        if let Some(garbage) = garbage {
            fs::write(&path, garbage).unwrap();
        }
        fsx::remove_dir_all(&world.place("home").join("export")).unwrap();
        let again = client.obtain(&address, &id).unwrap();
        assert_eq!(shown(&again), expected, "{}", path.display());
        client.refs(&address, Freshness::Cached).unwrap();
    }
    // A file of an export that is damaged is noticed when it is read; the export is thrown away.
    let fetched = client.obtain(&address, &id).unwrap();
    let file = world
        .place("home")
        .join("export")
        .join(&id)
        .join("files/log.go");
    fs::write(&file, "package evil\n").unwrap();
    let snapshot = &fetched.trees[0].1;
    let read = |fetched: &Fetched| {
        let mut reader = fetched.trees[0].1.reader().unwrap();
        let entries = reader.entries().unwrap();
        entries
            .iter()
            .try_for_each(|entry| reader.read_blob(entry.id, &mut std::io::sink()))
    };
    assert!(read(&fetched).is_err());
    snapshot.discard().unwrap();
    assert_eq!(shown(&client.obtain(&address, &id).unwrap()), expected);
}

#[test]
fn what_a_killed_run_left_is_cleared_and_not_believed() {
    let Some(world) = World::with_history() else {
        return;
    };
    let (client, place) = (world.client("home"), world.place("home"));
    let half = place.join("incoming-killed/clone/.hg");
    fs::create_dir_all(&half).unwrap();
    let refs = client.refs(&world.address(), Freshness::Cached).unwrap();
    assert_eq!(refs.tags().count(), 3);
    assert!(!half.exists());
    // The bookmarks had been taken away, and nothing was brought along yet.
    fs::remove_file(place.join("names")).unwrap();
    world.tag("v2.0.0");
    let refs = client.refs(&world.address(), Freshness::Cached).unwrap();
    assert_eq!(refs.tags().count(), 4);
}

#[test]
fn an_empty_repository_has_nothing_to_give() {
    let Some(world) = World::new() else { return };
    let client = world.client("home");
    let refs = client.refs(&world.address(), Freshness::Ask).unwrap();
    assert_eq!(told(&refs), "None [] []");
    for want in ["", "tip", "default"] {
        let error = client
            .obtain(&world.address(), want)
            .map(|_| ())
            .unwrap_err();
        assert!(matches!(error, Error::NoSuchReference { .. }), "{error}");
    }
}

#[test]
fn names_are_asked_for_each_time() {
    let Some(world) = World::with_history() else {
        return;
    };
    let (client, address) = (world.client("home"), world.address());
    let at = |want: &str| client.obtain(&address, want).unwrap().revision;
    assert_eq!(at("next"), world.id("next"));
    world.change("next", "four");
    assert_eq!(at("next"), world.id("next"));
    assert_eq!(at(""), world.id("default"));
    assert_eq!(at(&world.id("0")[..8]), world.id("0"));
    let branch = client
        .refs(&format!("{address}#next"), Freshness::Ask)
        .unwrap();
    assert_eq!(branch.default_commit(), Some(&*world.id("next")));
}

#[test]
fn without_hg_the_person_is_told_what_to_install() {
    let home = tempfile::tempdir().unwrap();
    let mut client = Hg::new(Cache::new(home.path()), false);
    client.cache.prepare().unwrap();
    client.program.name = "no-such-hg";
    let error = client
        .obtain("https://h/x", &"a".repeat(40))
        .map(|_| ())
        .unwrap_err();
    let text = crate::error::Failure::from(error).render();
    assert!(
        text.contains("`no-such-hg` is needed") && text.contains("mercurial"),
        "{text}"
    );
}

#[test]
fn a_hostile_address_starts_nothing() {
    let home = tempfile::tempdir().unwrap();
    let client = Hg::new(Cache::new(home.path()), false);
    for address in [
        "-x",
        "--config=a=b",
        "ssh://-oProxyCommand=id/x",
        "svn://h/x",
        "ext::id",
    ] {
        let error = client.obtain(address, "").map(|_| ()).unwrap_err();
        assert!(matches!(error, Error::Address { .. }), "{error}");
    }
}

#[test]
fn the_past_is_all_commits_and_is_known_without_the_remote() {
    let Some(world) = World::with_history() else {
        return;
    };
    let client = world.client("home");
    let past = |freshness| client.past(&world.address(), freshness).unwrap();
    assert!(past(Freshness::Offline).is_none());
    let asked = past(Freshness::Ask).unwrap();
    let names = &asked.names;
    let tags: Vec<_> = names.tags.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(tags, ["v1.0.0", "v1.1.0"]);
    assert_eq!(names.head, Some(world.id("default")));
    let commit = |name: &str| ObjectId::parse(&world.id(name)).unwrap();
    let (first, tip) = (commit("v1.0.0"), commit("tip"));
    let count = world.hg(&["log", "-T", "{node}\n"]).lines().count();
    assert_eq!(asked.graph.len(), count);
    let first_place = asked.graph.find(first).unwrap();
    assert_eq!(asked.graph.time(first_place), 1_600_000_000);
    assert!(asked.up_to(tip).unwrap().holds(first_place));
    world.hg(&[
        "--config",
        "extensions.strip=",
        "strip",
        "--no-backup",
        "tip",
    ]);
    let kept = past(Freshness::Offline).unwrap();
    assert!(kept.graph.find(tip).is_some() && !kept.has_lost(tip));
    let asked = past(Freshness::Ask).unwrap();
    assert!(asked.graph.find(tip).is_none() && asked.has_lost(tip));
    let place = world.place("home");
    for name in ["graph", "lost"] {
        fs::write(place.join(name), "garbled").unwrap();
        let kept = past(Freshness::Offline).unwrap();
        assert!(kept.graph.find(first).is_some());
    }
}
