//! Against real branches, made with the real `brz`. Where that is not installed these tests say so
//! and do nothing; `.ci/run` sees to it that it is.
#![cfg(unix)]
#![expect(
    clippy::disallowed_methods,
    reason = "tests make and look at files as a person would"
)]

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use super::*;
use crate::fsx;
use crate::vcs::external::compare::{listing, shown};

/// A remote, and a home with a cache.
struct World {
    folder: tempfile::TempDir,
}

/// Runs `brz` as the person does who makes the remote.
fn run(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("brz");
    command.args(["--no-plugins", "--no-aliases"]);
    command.args(arguments).current_dir(folder);
    command.env("BRZ_LOG", "/dev/null").env("LC_ALL", "C.UTF-8");
    command.env("BRZ_EMAIL", "A B <a@example.com>");
    let output = command.output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "brz {arguments:?}: {complaint}");
    String::from_utf8(output.stdout).unwrap()
}

impl World {
    fn new() -> Option<Self> {
        if Command::new("brz").arg("--version").output().is_err() {
            println!("skipped: `brz` is not installed");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        run(folder.path(), &["init", "--quiet", "remote"]);
        Some(Self { folder })
    }

    /// A remote of three revisions and one that was merged, with tags, a link and a script. It is
    /// made once and copied for each test.
    fn with_history() -> Option<Self> {
        static MADE: OnceLock<Option<World>> = OnceLock::new();
        let made = MADE.get_or_init(Self::make_history).as_ref()?;
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (made.remote(), folder.path().join("remote"));
        let copied = Command::new("cp").arg("-a").args([from, to]).status();
        assert!(copied.unwrap().success());
        Some(Self { folder })
    }

    fn make_history() -> Option<Self> {
        let world = Self::new()?;
        let remote = world.remote();
        fs::create_dir(remote.join("sub")).unwrap();
        fs::write(remote.join("sub/run.sh"), "#!/bin/sh\n").unwrap();
        let executable = fs::Permissions::from_mode(0o755);
        fs::set_permissions(remote.join("sub/run.sh"), executable).unwrap();
        symlink("sub/run.sh", remote.join("l")).unwrap();
        fs::write(remote.join(".bzrignore"), "*.o\n").unwrap();
        world.change("one\nand more");
        world.bzr(&["tag", "--quiet", "v1.0.0"]);
        world.change("two");
        let root = world.folder.path();
        run(root, &["branch", "--quiet", "remote", "side"]);
        let side = root.join("side");
        fs::write(side.join("side.go"), "package log\n").unwrap();
        run(&side, &["add", "--quiet"]);
        run(&side, &["commit", "--quiet", "-m", "aside"]);
        world.bzr(&["merge", "--quiet", side.to_str().unwrap()]);
        world.change("three");
        for (tag, number) in [
            ("v1.10.0", "3"),
            ("v1.2.0", "2.1.1"),
            ("far away", "1"),
            ("5", "1"),
        ] {
            world.bzr(&["tag", "--quiet", "-r", number, tag]);
        }
        Some(world)
    }

    fn remote(&self) -> PathBuf {
        self.folder.path().join("remote")
    }

    fn address(&self) -> String {
        self.remote().to_str().unwrap().to_owned()
    }

    fn bzr(&self, arguments: &[&str]) -> String {
        run(&self.remote(), arguments)
    }

    fn change(&self, message: &str) {
        let subject = message.lines().next().unwrap();
        fs::write(
            self.remote().join("log.go"),
            format!("package log // {subject}\n"),
        )
        .unwrap();
        self.bzr(&["add", "--quiet"]);
        let time = ["--commit-time", "2020-09-13 12:26:40 -0200"];
        self.bzr(&[&["commit", "--quiet", "-m", message], &time[..]].concat());
    }

    /// What gets revisions, with the cache of that name.
    fn client(&self, home: &str) -> Bzr {
        let cache = Cache::new(&self.folder.path().join(home));
        cache.prepare().unwrap();
        Bzr::new(cache, false)
    }

    fn place(&self, home: &str) -> PathBuf {
        let branch = self.client(home).branch(&self.address()).unwrap();
        branch.place.folder().to_owned()
    }

    /// A revision's files as a branch with a working tree at it gives them, which is Glide's way.
    fn exported(&self, number: &str) -> String {
        let copy = tempfile::tempdir_in(self.folder.path()).unwrap();
        run(copy.path(), &["branch", "--quiet", &self.address(), "in"]);
        let (branch, target) = (copy.path().join("in"), copy.path().join("out"));
        run(&branch, &["update", "--quiet", "-r", number]);
        assert_eq!(run(&branch, &["revno", "--tree"]).trim_end(), number);
        run(&branch, &["export", target.to_str().unwrap()]);
        listing(&target)
    }
}

/// All that refs tell, as text.
fn told(refs: &dyn Refs) -> String {
    format!("{:?} {:?}", refs.default_commit(), refs.tags())
}

#[test]
fn a_revision_is_what_a_branch_at_it_exports() {
    let Some(world) = World::with_history() else {
        return;
    };
    let client = world.client("home");
    for number in ["1", "2", "3", "2.1.1"] {
        let fetched = client.obtain(&world.address(), number).unwrap();
        assert_eq!(fetched.revision, number);
        assert_eq!(shown(&fetched), world.exported(number), "{number}");
        assert!(fetched.content.starts_with(&format!("{number}+")));
        // Made anew, it is the same to the byte.
        let again = world.client(&format!("other{number}"));
        let again = again.obtain(&world.address(), number).unwrap();
        assert_eq!(again.content, fetched.content);
    }
    let first = shown(&client.obtain(&world.address(), "1").unwrap());
    assert!(
        first.contains("sub/run.sh Executable") && first.contains("l Symlink"),
        "{first}"
    );
    assert!(!first.contains(".bzr"), "{first}");
}

#[test]
fn names_are_listed_in_the_order_of_bzr_and_stand_for_revisions() {
    let Some(world) = World::with_history() else {
        return;
    };
    let refs = world.client("home").open(&world.address()).unwrap();
    let printed = world.bzr(&["tags"]);
    let printed = printed.lines().filter(|line| !line.starts_with("far"));
    let printed: Vec<_> = printed
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert_eq!(refs.tags(), printed);
    let id = |number: &str| {
        let info = world.bzr(&["revision-info", "-r", number]);
        info.trim_end().split_once(' ').unwrap().1.to_owned()
    };
    for (name, expected) in [
        ("", Some("3")),
        ("2", Some("2")),
        ("02", Some("2")),
        ("2.1.1", Some("2.1.1")),
        ("revno:2.1.1", Some("2.1.1")),
        ("-1", Some("3")),
        ("-9", Some("1")),
        ("last:2", Some("2")),
        ("v1.0.0", Some("1")),
        ("v1.2.0", Some("2.1.1")),
        ("tag:v1.10.0", Some("3")),
        // There is no such number, so it is the tag.
        ("5", Some("1")),
        (&id("2"), Some("2")),
        (&format!("revid:{}", id("2.1.1")), Some("2.1.1")),
        ("2020-09-13", Some("1")),
        ("date:2999-01-01", None),
        ("date:2020-99-99", None),
        ("revid:x", None),
        ("revno:9", None),
        ("2.2.1", None),
        ("tag:v9", None),
        ("v9", None),
        ("0", None),
        ("1..3", None),
        ("far away", None),
        ("submit:", None),
        ("branch:/", None),
        (&format!("branch:{}", world.address()), None),
        ("--directory=/", None),
        ("a\nb", None),
    ] {
        assert_eq!(refs.commit(name).unwrap().as_deref(), expected, "{name:?}");
    }
    let note = refs.describe("1").unwrap().unwrap();
    assert_eq!(note.author, "A B <a@example.com>");
    assert_eq!(note.date, "Sun, 13 Sep 2020 12:26:40 -0200");
    assert_eq!(note.subject, "one");
    assert_eq!(refs.describe("2.1.1").unwrap().unwrap().subject, "aside");
    assert_eq!(refs.describe("v9").unwrap(), None);
}

#[test]
fn what_the_cache_holds_needs_no_remote() {
    let Some(world) = World::with_history() else {
        return;
    };
    let (client, address) = (world.client("home"), world.address());
    let first = client.obtain(&address, "1").unwrap();
    assert!(!first.from_cache);
    fs::rename(world.remote(), world.folder.path().join("away")).unwrap();
    let again = client.obtain(&address, "1").unwrap();
    assert!(again.from_cache && again.content == first.content);
    assert!(client.obtain(&address, "2.1.1").unwrap().from_cache);
    for want in ["9", "v1.0.0", ""] {
        let error = client.obtain(&address, want).map(drop).unwrap_err();
        assert!(
            matches!(&error, Error::Remote { said, .. } if said.starts_with("Not a branch")),
            "{error}"
        );
    }
    fs::rename(world.folder.path().join("away"), world.remote()).unwrap();
    let error = client.obtain(&address, "9").map(drop).unwrap_err();
    assert!(matches!(error, Error::NoSuchReference { .. }), "{error}");
}

#[test]
fn a_warm_cache_gives_what_an_empty_one_gives() {
    let Some(world) = World::with_history() else {
        return;
    };
    let address = world.address();
    let stale = world.bzr(&["revision-info", "-r", "3"]);
    let stale = stale.trim_end().split_once(' ').unwrap().1.to_owned();
    let changes: [&dyn Fn(); 3] = [
        &|| {
            world.bzr(&["tag", "--quiet", "--force", "-r", "2", "v1.10.0"]);
            world.bzr(&["tag", "--quiet", "--delete", "v1.0.0"]);
        },
        &|| world.change("four"),
        // History is made anew from the second revision on.
        &|| {
            world.bzr(&["uncommit", "--quiet", "--force", "-r", "2"]);
            world.bzr(&["revert", "--quiet", "--no-backup"]);
            world.change("other");
        },
    ];
    let warm = world.client("warm");
    let mut seen = vec![told(&*warm.open(&address).unwrap())];
    for (number, change) in changes.iter().enumerate() {
        warm.obtain(&address, "3").unwrap();
        change();
        let cold = world.client(&format!("cold{number}"));
        let warm_refs = warm.open(&address).unwrap();
        let cold_refs = cold.open(&address).unwrap();
        assert_eq!(told(&*warm_refs), told(&*cold_refs), "change {number}");
        for name in ["v1.10.0", "v1.0.0", "3", "2.1.1", "5", &stale] {
            let expected = cold_refs.commit(name).unwrap();
            assert_eq!(warm_refs.commit(name).unwrap(), expected, "{number} {name}");
        }
        let warm = warm.obtain(&address, "3").unwrap();
        let cold = cold.obtain(&address, "3").unwrap();
        assert_eq!(shown(&warm), shown(&cold), "change {number}");
        assert_eq!(warm.content, cold.content);
        seen.push(told(&*warm_refs));
    }
    assert_eq!(warm.open(&address).unwrap().commit(&stale).unwrap(), None);
    seen.dedup();
    assert_eq!(seen.len(), 4);
}

#[test]
fn what_is_damaged_is_fetched_again() {
    let Some(world) = World::with_history() else {
        return;
    };
    let (client, address) = (world.client("home"), world.address());
    let expected = shown(&client.obtain(&address, "2").unwrap());
    for (path, garbage) in [
        ("clone/.bzr/repository/pack-names", Some("garbled")),
        ("clone/.bzr/repository/packs", None),
        ("clone/.bzr/repository/indices", None),
        ("clone/.bzr/branch/last-revision", Some("garbled")),
        ("clone/.bzr/branch/format", Some("no such format\n")),
        ("clone/.bzr/branch-format", None),
        ("clone/.bzr/branch/tags", Some("garbled")),
        ("clone", None),
        ("names", Some("garbled")),
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
        let again = client.obtain(&address, "2").unwrap();
        assert_eq!(shown(&again), expected, "{}", path.display());
        let refs = client.open(&address).unwrap();
        assert_eq!(refs.tags().len(), 4, "{}", path.display());
    }
    let fetched = client.obtain(&address, "2").unwrap();
    let file = world.place("home").join("export/2/files/log.go");
    fs::write(&file, "package evil\n").unwrap();
    let mut reader = fetched.trees[0].1.reader().unwrap();
    let entries = reader.entries().unwrap();
    let mut all = entries.iter();
    assert!(all.any(|entry| reader.read_blob(entry.id, &mut std::io::sink()).is_err()));
    drop(reader);
    fetched.trees[0].1.discard().unwrap();
    assert_eq!(shown(&client.obtain(&address, "2").unwrap()), expected);
}

#[test]
fn what_a_killed_run_left_is_cleared_and_not_believed() {
    let Some(world) = World::with_history() else {
        return;
    };
    let (client, place) = (world.client("home"), world.place("home"));
    let half = place.join("incoming-killed/clone/.bzr");
    fs::create_dir_all(&half).unwrap();
    assert_eq!(client.open(&world.address()).unwrap().tags().len(), 4);
    assert!(!half.exists());
    // An export whose numbers nobody vouches for, and a lock that a killed `bzr` has left.
    client.obtain(&world.address(), "2").unwrap();
    fs::remove_file(place.join("names")).unwrap();
    fs::create_dir_all(place.join("clone/.bzr/branch/lock/held")).unwrap();
    let info = "hostname: localhost\nnonce: x\npid: 999999999\nstart_time: 1\nuser: nobody\n";
    fs::write(place.join("clone/.bzr/branch/lock/held/info"), info).unwrap();
    let again = client.obtain(&world.address(), "2").unwrap();
    assert!(!again.from_cache);
}

#[test]
fn an_empty_branch_has_nothing_to_give() {
    let Some(world) = World::new() else { return };
    let client = world.client("home");
    let refs = client.open(&world.address()).unwrap();
    assert_eq!(told(&*refs), "None []");
    for want in ["", "-1", "1", "revno:1.1.1", "2020-01-01"] {
        let error = client.obtain(&world.address(), want).map(drop).unwrap_err();
        assert!(matches!(error, Error::NoSuchReference { .. }), "{error}");
    }
}

#[test]
fn aliases_and_repositories_of_the_user_do_not_matter() {
    let Some(world) = World::with_history() else {
        return;
    };
    // All below would go to this repository.
    run(
        world.folder.path(),
        &["init-shared-repository", "--quiet", "."],
    );
    let config = world.folder.path().join("config");
    fs::create_dir(&config).unwrap();
    let aliases = "[ALIASES]\nexport = version\nbranch = version\nrevision-info = version\n";
    fs::write(config.join("breezy.conf"), aliases).unwrap();
    let mut client = world.client("home");
    let config = config.to_str().unwrap().to_owned();
    client.program.set.push(("BRZ_HOME", config));
    let fetched = client.obtain(&world.address(), "1").unwrap();
    assert_eq!(shown(&fetched), world.exported("1"));
    fs::rename(
        world.folder.path().join(".bzr"),
        world.folder.path().join("x"),
    )
    .unwrap();
    assert!(client.obtain(&world.address(), "2").is_ok());
}

#[test]
fn without_the_program_the_person_is_told_what_to_install() {
    let home = tempfile::tempdir().unwrap();
    let mut client = Bzr::new(Cache::new(home.path()), false);
    client.cache.prepare().unwrap();
    client.program.name = "no-such-bzr";
    client.program.alias = Some("no-such-brz");
    let error = client.obtain("https://h/x", "1").map(drop).unwrap_err();
    let text = crate::error::Failure::from(error).render();
    assert!(
        text.contains("`no-such-bzr` is needed") && text.contains("apt-get install brz"),
        "{text}"
    );
}

#[test]
fn a_hostile_address_starts_nothing() {
    let home = tempfile::tempdir().unwrap();
    let client = Bzr::new(Cache::new(home.path()), false);
    for address in [
        "-x",
        "--directory=/",
        "bzr+ssh://-oProxyCommand=id/x",
        "lp:bzr",
        "lp://dev/bzr",
        ":parent",
        "git://h/x",
        "ext::id",
    ] {
        let error = client.obtain(address, "").map(drop).unwrap_err();
        assert!(matches!(error, Error::Address { .. }), "{error}");
    }
}
