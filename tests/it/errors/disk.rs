//! Disks that are full, closed, or hold something else.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{lists, plain, run, shown, told};
use crate::support::repo::Commit;
use crate::support::sandbox::PROGRAM;
use crate::support::world::World;

type Shown = Option<String>;

/// Nobody, whom permissions hold for even where the tests are run by the administrator.
const NOBODY: u32 = 65534;

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Runs `update` as somebody who may write everywhere below the sandbox but in `closed`.
fn shut_out(world: &World, closed: &Path) -> Shown {
    let root = world.sandbox.root();
    open_to_all(root);
    mode(closed, 0o555);
    // The folder that holds the program may be closed to others.
    let program = root.join("glide-rs");
    fs::copy(PROGRAM, &program).unwrap();
    mode(&program, 0o755);
    let arguments = ["update"];
    let ours = world.sandbox.command(&arguments);
    let mut command = Command::new(&program);
    command.args(arguments).current_dir(world.sandbox.project());
    command.env_clear();
    for (name, value) in ours.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    if is_administrator(root) {
        command.uid(NOBODY).gid(NOBODY);
    }
    let output = run(&mut command);
    mode(closed, 0o755);
    told(world, &arguments, &output)
}

/// Whether a closed folder stays open to us.
fn is_administrator(root: &Path) -> bool {
    let folder = root.join("closed");
    fs::create_dir(&folder).unwrap();
    mode(&folder, 0o555);
    fs::write(folder.join("file"), "").is_ok()
}

fn open_to_all(folder: &Path) {
    mode(folder, 0o777);
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            open_to_all(&path);
        } else {
            mode(&path, 0o666);
        }
    }
}

pub(super) fn no_permission_in_the_project() -> Shown {
    let world = plain();
    let project = world.sandbox.project().to_owned();
    shut_out(&world, &project)
}

pub(super) fn no_permission_in_the_home() -> Shown {
    let world = plain();
    let home = world.sandbox.glide_home();
    shut_out(&world, &home)
}

/// `None` where this machine lets nobody mount a small disk.
#[expect(clippy::print_stderr, reason = "the tester should know")]
pub(super) fn disk_full() -> Shown {
    let mut world = plain();
    let mut large = "package log\n\n".to_owned();
    for number in 0..40_000_u64 {
        let number = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        writeln!(large, "// {number:x}").unwrap();
    }
    world
        .remotes
        .push(super::LOG, &[Commit::new().file("large.go", large)]);
    lists(&world.sandbox, &[(super::LOG, "master")]);
    let disk: PathBuf = world.sandbox.root().join("disk");
    fs::create_dir(&disk).unwrap();
    world.sandbox.set("GLIDE_HOME", &disk);
    let ours = world.sandbox.command(&["update"]);
    let mount = "mount -t tmpfs -o size=128k none \"$GLIDE_HOME\" || exit 77; exec \"$@\"";
    let mut command = Command::new("unshare");
    command.args([
        "--user",
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        mount,
        "sh",
        PROGRAM,
    ]);
    command.arg("update").current_dir(world.sandbox.project());
    command.env_clear();
    for (name, value) in ours.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    let may_mount = Command::new("unshare")
        .args([
            "--user",
            "--map-root-user",
            "--mount",
            "mount",
            "-t",
            "tmpfs",
            "none",
        ])
        .arg(&disk)
        .output();
    if !may_mount.is_ok_and(|output| output.status.success()) {
        eprintln!(
            "not shown: `unshare --mount` is missing or forbidden, so that no disk can be full"
        );
        return None;
    }
    told(&world, &["update"], &run(&mut command))
}

pub(super) fn vendor_is_a_file() -> Shown {
    let world = plain();
    world.sandbox.write("vendor", "not a folder\n");
    shown(&world, &["update"])
}

pub(super) fn mirror_target_missing() -> Shown {
    let world = plain();
    let gone = world.sandbox.root().join("mirrors/log");
    let text = format!(
        "repos:\n- original: https://github.com/acme/log\n  repo: file://{}\n  vcs: git\n",
        gone.display()
    );
    fs::write(world.sandbox.glide_home().join("mirrors.yaml"), text).unwrap();
    shown(&world, &["update"])
}

pub(super) fn home_is_a_file() -> Shown {
    let mut world = plain();
    let file = world.sandbox.root().join("file");
    fs::write(&file, "").unwrap();
    world.sandbox.set("GLIDE_HOME", &file);
    shown(&world, &["update"])
}
