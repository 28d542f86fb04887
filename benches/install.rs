//! What `install` costs, as ratios to what cannot be avoided: `cargo bench --bench install`.
//!
//! - cold: bytes on the wire against `git fetch --depth 1` of each pin from the same server;
//! - warm (the cache filled, vendor/ gone): time against `cp -r` of the same tree;
//! - nothing to do: milliseconds; and the peak of resident memory in each.
//!
//! On repositories that it makes, and, where `GLIDE_RS_BENCH_REPOSITORIES` names a folder of bare
//! repositories (as `host/owner/name` or `host/owner/name.git`), on the tips of those.
#![allow(
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints its figures, runs programs and may fail loudly"
)]

#[path = "../tests/it/support/mod.rs"]
mod support;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use support::cost::{best, megabytes, milliseconds, noise, run};
use support::repo::{Commit, Remotes};
use support::sandbox::Sandbox;
use support::server::{Server, Site};
use support::world::{PROJECT, lock, sizeable};

const ROUNDS: usize = 7;

/// Measures `install` of these pins.
fn measure(title: &str, sandbox: &Sandbox, server: &Server, pins: &[(String, String)]) {
    println!("{title}: {} dependencies", pins.len());
    let borrowed: Vec<_> = pins
        .iter()
        .map(|(name, id)| (name.as_str(), id.as_str()))
        .collect();
    sandbox.write("glide.yaml", &format!("package: {PROJECT}\nimport: []\n"));
    sandbox.write("glide.lock", &lock(&borrowed));
    let vendor = sandbox.project().join("vendor");
    let install = || run(&mut sandbox.command(&["install"]));

    server.take_bytes();
    server.take_requests();
    let cold = install();
    let (up, down) = server.take_bytes();
    let requests = server.take_requests().len();
    let least = git_fetches(sandbox, server, pins);
    println!(
        "  cold     {:>8.2} MB = {:.3} x git fetch --depth 1 ({:.2} MB); {requests} requests = {:.2} a dependency; {:.0} ms; peak {:.0} MB",
        megabytes(up + down),
        (up + down) as f64 / least as f64,
        megabytes(least),
        requests as f64 / pins.len() as f64,
        milliseconds(cold.time),
        megabytes(cold.memory),
    );

    let gone = || fs::remove_dir_all(&vendor).unwrap();
    let warm = best(ROUNDS, gone, install);
    let copy = sandbox.root().join("copy");
    let remove_copy = || drop(fs::remove_dir_all(&copy));
    let copied = best(ROUNDS, remove_copy, || {
        run(Command::new("cp").arg("-r").args([&vendor, &copy]))
    });
    println!(
        "  warm     {:>8.1} ms = {:.2} x cp -r ({:.1} ms); peak {:.0} MB",
        milliseconds(warm.time),
        warm.time.as_secs_f64() / copied.time.as_secs_f64(),
        milliseconds(copied.time),
        megabytes(warm.memory),
    );

    let idle = best(ROUNDS, || {}, install);
    println!(
        "  nothing  {:>8.1} ms; peak {:.0} MB; {} requests since the cold run",
        milliseconds(idle.time),
        megabytes(idle.memory),
        server.take_requests().len(),
    );
}

/// What git itself moves for the same commits, each into a repository of its own.
fn git_fetches(sandbox: &Sandbox, server: &Server, pins: &[(String, String)]) -> u64 {
    server.take_bytes();
    for (number, (name, id)) in pins.iter().enumerate() {
        let place = sandbox.root().join(format!("fetch{number}"));
        let git = |arguments: &[&str]| {
            let mut command = Command::new("git");
            command.arg("-C").arg(&place).args(arguments).env_clear();
            for (name, value) in sandbox.command(&[]).get_envs() {
                command.env(name, value.unwrap_or_default());
            }
            run(&mut command)
        };
        fs::create_dir(&place).unwrap();
        git(&["init", "--quiet", "--bare"]);
        git(&[
            "fetch",
            "--quiet",
            "--depth",
            "1",
            &format!("https://{name}"),
            id,
        ]);
        fs::remove_dir_all(&place).unwrap();
    }
    server.take_requests();
    let (up, down) = server.take_bytes();
    up + down
}

/// Serves what `build` makes and measures it.
fn generated(title: &str, build: impl FnOnce(&mut Remotes) -> Vec<(String, String)>) {
    let mut sandbox = Sandbox::new(PROJECT);
    let mut remotes = Remotes::new(&sandbox.repos());
    let pins = build(&mut remotes);
    for name in remotes.names() {
        pack(&remotes.path(name));
    }
    let server = Server::start(&sandbox.root().join("tls"), Site::of(&remotes));
    sandbox.use_server(&server);
    measure(title, &sandbox, &server, &pins);
}

/// Packs a repository, as a host would have it.
fn pack(repository: &Path) {
    let mut command = Command::new("git");
    run(command
        .arg("-C")
        .arg(repository)
        .args(["repack", "-a", "-d", "-q"]));
}

/// Many repositories of many files, each with a past that no install needs.
fn many(remotes: &mut Remotes) -> Vec<(String, String)> {
    let mut pins = Vec::new();
    for number in 0..24 {
        let name = format!("github.com/acme/part{number}");
        let mut id = String::new();
        for age in 0..4 {
            let seed = u32::try_from(number * 10 + age + 1).unwrap();
            let commit = sizeable(120, number * 100 + age).file("data.bin", noise(60_000, seed));
            id = remotes.commit(&name, &commit);
        }
        pins.push((name, id));
    }
    pins
}

/// One repository with one file that no memory should have to hold.
fn huge(remotes: &mut Remotes) -> Vec<(String, String)> {
    let name = "github.com/acme/huge".to_owned();
    let commit = Commit::new()
        .file("a.go", "package a\n")
        .file("huge.bin", noise(150_000_000, 1));
    let id = remotes.commit(&name, &commit);
    vec![(name, id)]
}

/// The bare repositories below a folder: the name each is served under, and where it is.
fn bare_below(folder: &Path, prefix: &str, found: &mut Vec<(String, PathBuf)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let name = format!("{prefix}{name}");
        if path.join("objects").is_dir() && path.join("HEAD").is_file() {
            found.push((name.trim_end_matches(".git").to_owned(), path));
        } else if path.is_dir() {
            bare_below(&path, &format!("{name}/"), found);
        }
    }
}

/// Serves the bare repositories below a folder and measures their tips.
fn given(folder: &Path) {
    let mut sandbox = Sandbox::new(PROJECT);
    let mut found = Vec::new();
    bare_below(folder, "", &mut found);
    found.sort();
    let mut pins = Vec::new();
    let mut site = Site {
        folder: sandbox.repos(),
        ..Site::default()
    };
    for (name, path) in found {
        let Some(tip) = tip_of(&path) else {
            continue;
        };
        let served = sandbox.repos().join(&name);
        fs::create_dir_all(served.parent().unwrap()).unwrap();
        symlink(fs::canonicalize(path).unwrap(), served).unwrap();
        site.repos.insert(name.clone());
        pins.push((name, tip));
    }
    let server = Server::start(&sandbox.root().join("tls"), site);
    sandbox.use_server(&server);
    measure(&folder.display().to_string(), &sandbox, &server, &pins);
}

/// The commit that the default branch stands at; none in an empty repository.
fn tip_of(repository: &Path) -> Option<String> {
    let store = git2::Repository::open_bare(repository).unwrap();
    let head = store.head().ok()?;
    Some(head.peel_to_commit().unwrap().id().to_string())
}

fn main() {
    generated("many repositories", many);
    generated("one file of 150 MB", huge);
    if let Some(folder) = std::env::var_os("GLIDE_RS_BENCH_REPOSITORIES") {
        given(Path::new(&folder));
    }
}
