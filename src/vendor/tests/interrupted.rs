//! Every step of the transaction fails once, and the process dies once at every step.
//!
//! For the latter the test runs its own binary again, in which this file's test named
//! `child_that_dies` does a run whose k-th step aborts.
#![expect(
    clippy::disallowed_methods,
    reason = "tests make and look at files as a person would, and talk to their child process \
              by its environment"
)]

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use rustix::io::Errno;

use super::world::{Repo, World, files, look};
use crate::fsx::{self, Context as _, at::Folder};
use crate::report::Silent;
use crate::vendor::moves::{Disk, Moves};
use crate::vendor::{AsStored, Item, Options, stage_with};

/// What happens at the step that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Error(Errno),
    /// Kills the process before the step.
    Abort,
}

/// How a file system puts one folder in another's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum System {
    /// At once.
    Exchanges,
    /// By two renames.
    Renames,
    /// Not at all where the folder comes from a lower layer, as vendor/ does.
    Layers,
}

/// The real operations, of which the `at`-th goes wrong.
struct Faulty {
    at: usize,
    fault: Fault,
    system: System,
    step: AtomicUsize,
}

impl Faulty {
    fn new(at: usize, fault: Fault, system: System) -> Self {
        Self {
            at,
            fault,
            system,
            step: AtomicUsize::new(0),
        }
    }

    fn tick(&self) -> io::Result<()> {
        if self.step.fetch_add(1, Ordering::SeqCst) != self.at {
            return Ok(());
        }
        match self.fault {
            Fault::Error(errno) => Err(errno.into()),
            Fault::Abort => std::process::abort(),
        }
    }

    fn was_reached(&self) -> bool {
        self.step.load(Ordering::SeqCst) > self.at
    }
}

impl Moves for Faulty {
    fn create_root(&self, path: &Path) -> fsx::Result<()> {
        self.tick().on("create", path)?;
        Disk.create_root(path)
    }

    fn create_folder(&self, root: &Folder, path: &[u8]) -> io::Result<()> {
        self.tick()?;
        Disk.create_folder(root, path)
    }

    fn create_file(&self, folder: &Folder, name: &[u8], executable: bool) -> io::Result<fs::File> {
        self.tick()?;
        Disk.create_file(folder, name, executable)
    }

    fn create_link(&self, folder: &Folder, target: &[u8], name: &[u8]) -> io::Result<()> {
        self.tick()?;
        Disk.create_link(folder, target, name)
    }

    fn hard_link(&self, from: &Folder, to: &Folder, name: &[u8]) -> io::Result<()> {
        self.tick()?;
        Disk.hard_link(from, to, name)
    }

    fn copy(&self, from: &Path, to: &Path) -> fsx::Result<()> {
        self.tick().on("copy", from)?;
        Disk.copy(from, to)
    }

    fn rename(&self, from: &Path, to: &Path) -> fsx::Result<()> {
        self.tick().on("rename", from)?;
        if self.system == System::Layers && from.ends_with("vendor") {
            return Err(Errno::XDEV.into()).on("rename", from);
        }
        Disk.rename(from, to)
    }

    fn exchange(&self, one: &Path, other: &Path) -> fsx::Result<()> {
        self.tick().on("replace", other)?;
        let errno = match self.system {
            System::Exchanges => return Disk.exchange(one, other),
            System::Renames => Errno::INVAL,
            System::Layers => Errno::XDEV,
        };
        Err(errno.into()).on("replace", other)
    }

    fn remove_tree(&self, path: &Path) -> fsx::Result<()> {
        self.tick().on("remove", path)?;
        Disk.remove_tree(path)
    }

    fn write_record(&self, path: &Path, bytes: &[u8]) -> fsx::Result<()> {
        self.tick().on("write", path)?;
        Disk.write_record(path, bytes)
    }
}

/// The packages before and after: one stays, one changes, one goes and one comes.
fn packages(new: bool) -> Vec<Item> {
    let stays = Repo::new()
        .file("s", "stays")
        .file("d/t", "stays")
        .link("l", "s")
        .at("h/stays", "1");
    let text = if new { "new" } else { "old" };
    let changes = Repo::new()
        .file("c", text)
        .executable("e", text)
        .at("h/changes", text);
    let other = Repo::new()
        .file("o", text)
        .at(&format!("{text}/other"), "1");
    vec![stays, changes, other]
}

/// The same project each time: an old tree with a `.git` folder, known to the record.
fn world() -> World {
    let mut world = World::new();
    world.workers = 1;
    world.install(&packages(false)).unwrap();
    world.write(".git/HEAD", "ref");
    world.write(".git/refs/heads/master", "1");
    world
}

/// The files of vendor/ when it is the old tree and when it is the new one.
fn trees() -> (Vec<String>, Vec<String>) {
    let world = world();
    let old = files(&world.vendor());
    world.install(&packages(true)).unwrap();
    let new = files(&world.vendor());
    assert_ne!(old, new);
    (old, new)
}

/// Nothing but vendor/ is in the project, and in vendor/ nothing but the new tree.
#[track_caller]
fn next_run_tidies_up(world: &World, new: &[String], context: &str) {
    world.install(&packages(true)).unwrap();
    assert_eq!(files(&world.vendor()), new, "{context}");
    let beside = fs::read_dir(world.project()).unwrap().count();
    assert_eq!(beside, 1, "{context}: {:?}", top(&look(&world.project())));
    assert!(world.is_current(&packages(true)), "{context}");
}

fn top(found: &BTreeMap<String, String>) -> Vec<&String> {
    found.keys().filter(|name| !name.contains('/')).collect()
}

#[track_caller]
fn each_step_fails(errno: Errno, system: System) {
    let (old, new) = trees();
    for at in 0.. {
        let context = format!("step {at}, {errno}, {system:?}");
        let world = world();
        let faulty = Faulty::new(at, Fault::Error(errno), system);
        let result = world.install_with(&packages(true), &faulty);
        if system == System::Layers && !world.vendor().exists() {
            comes_back(&world, &new, &context);
        } else {
            let found = files(&world.vendor());
            match result {
                Ok(_) => assert_eq!(found, new, "{context}"),
                Err(_) => assert_eq!(found, old, "{context}"),
            }
        }
        next_run_tidies_up(&world, &new, &context);
        if !faulty.was_reached() {
            assert!(at > 20, "only {at} steps were seen");
            return;
        }
    }
}

/// The next run puts a whole tree in vendor/'s place, even one that then fails.
#[track_caller]
fn comes_back(world: &World, tree: &[String], context: &str) {
    let bad = Repo::new().file("..", "").at("a", "1");
    world.install(&[bad]).unwrap_err();
    assert_eq!(files(&world.vendor()), tree, "{context}");
}

#[test]
fn a_full_disk_at_any_step_leaves_the_old_tree_or_the_new_one() {
    each_step_fails(Errno::NOSPC, System::Exchanges);
    each_step_fails(Errno::NOSPC, System::Renames);
    each_step_fails(Errno::NOSPC, System::Layers);
}

#[test]
fn a_missing_permission_at_any_step_leaves_the_old_tree_or_the_new_one() {
    each_step_fails(Errno::ACCESS, System::Exchanges);
    each_step_fails(Errno::ACCESS, System::Renames);
    each_step_fails(Errno::ACCESS, System::Layers);
}

#[test]
fn a_failing_first_install_leaves_no_vendor() {
    for at in 0.. {
        let mut world = World::new();
        world.workers = 1;
        let faulty = Faulty::new(at, Fault::Error(Errno::NOSPC), System::Exchanges);
        let result = world.install_with(&packages(true), &faulty);
        assert_eq!(result.is_ok(), world.vendor().exists(), "step {at}");
        assert_eq!(
            fs::read_dir(world.project()).unwrap().count(),
            usize::from(result.is_ok())
        );
        if !faulty.was_reached() {
            assert!(at > 10, "only {at} steps were seen");
            return;
        }
    }
}

#[test]
fn links_that_cannot_be_made_cost_a_rewrite_and_no_more() {
    struct NoHardLinks;
    impl Moves for NoHardLinks {
        fn hard_link(&self, _: &Folder, _: &Folder, _: &[u8]) -> io::Result<()> {
            Err(Errno::PERM.into())
        }
    }
    let (_, new) = trees();
    let world = world();
    let outcome = world.install_with(&packages(true), &NoHardLinks).unwrap();
    assert_eq!((outcome.kept, outcome.packages.len()), (0, 3));
    assert_eq!(files(&world.vendor()), new);
}

/// Tells the child which world to work in and at which step to die.
const CHILD: &str = "GLIDE_RS_TEST_DIE_AT";

#[test]
fn child_that_dies() {
    let Ok(orders) = std::env::var(CHILD) else {
        return;
    };
    let mut orders = orders.splitn(3, ' ');
    let mut next = || orders.next().unwrap();
    let at = next().parse().unwrap();
    let system = match next() {
        "Exchanges" => System::Exchanges,
        "Renames" => System::Renames,
        "Layers" => System::Layers,
        other => panic!("{other}"),
    };
    let root = PathBuf::from(next());
    let record = root.join("home/installed/project");
    let options = Options {
        treatment: &AsStored,
        workers: 1,
        record: Some(&record),
        cancelled: None,
    };
    let faulty = Faulty::new(at, Fault::Abort, system);
    let silent = Silent::default();
    let vendor = root.join("project/vendor");
    let staged = stage_with(&vendor, &packages(true), &options, (&silent, &faulty)).unwrap();
    staged.commit(&silent).unwrap();
}

/// Whether a run in another process was killed at the step.
fn die(world: &World, at: usize, system: System) -> bool {
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "vendor::tests::interrupted::child_that_dies"])
        .env(CHILD, format!("{at} {system:?} {}", world.root().display()))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(
        status.success() || status.signal().is_some(),
        "step {at}: {status}"
    );
    !status.success()
}

#[track_caller]
fn dies_at_each_step(system: System) {
    let (old, new) = trees();
    for at in 0.. {
        let context = format!("killed at step {at}, {system:?}");
        let world = world();
        let killed = die(&world, at, system);
        if world.vendor().exists() {
            let found = files(&world.vendor());
            assert!(found == old || found == new, "{context}: {found:#?}");
        } else {
            // Without an exchange there is an instant without vendor/; a whole tree is beside it.
            assert_ne!(system, System::Exchanges, "{context}");
            let whole = if system == System::Layers { &new } else { &old };
            comes_back(&world, whole, &context);
        }
        next_run_tidies_up(&world, &new, &context);
        if !killed {
            assert!(at > 20, "only {at} steps were seen");
            return;
        }
    }
}

#[test]
fn a_process_that_dies_at_any_step_leaves_the_old_tree_or_the_new_one() {
    dies_at_each_step(System::Exchanges);
}

#[test]
fn without_exchange_the_next_run_puts_the_old_tree_back() {
    dies_at_each_step(System::Renames);
}

#[test]
fn in_a_lower_layer_the_next_run_puts_the_new_tree_in_place() {
    dies_at_each_step(System::Layers);
}

#[test]
fn half_a_tree_of_a_lower_layer_is_replaced_by_the_new_one() {
    /// Dies, so to speak, while it removes the old tree.
    struct HalfRemoved;
    impl Moves for HalfRemoved {
        fn rename(&self, from: &Path, to: &Path) -> fsx::Result<()> {
            if from.ends_with("vendor") {
                return Err(Errno::XDEV.into()).on("rename", from);
            }
            Disk.rename(from, to)
        }
        fn exchange(&self, _: &Path, other: &Path) -> fsx::Result<()> {
            Err(Errno::XDEV.into()).on("replace", other)
        }
        fn remove_tree(&self, path: &Path) -> fsx::Result<()> {
            if !path.ends_with("vendor") {
                return Disk.remove_tree(path);
            }
            fs::remove_dir_all(path.join("h")).unwrap();
            Err(Errno::IO.into()).on("remove", path)
        }
    }
    let (_, new) = trees();
    let world = world();
    world
        .install_with(&packages(true), &HalfRemoved)
        .unwrap_err();
    assert!(world.vendor().exists() && !world.is_current(&packages(true)));
    comes_back(&world, &new, "half a tree");
    next_run_tidies_up(&world, &new, "half a tree");
}
