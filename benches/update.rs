//! What `update` costs: `cargo bench --bench update`, or `-- 50 1000` for worlds of other sizes.
//!
//! Worlds of repositories that import each other, as many as are asked for; in each
//!
//! - cold: nothing but the project is there;
//! - locked: the same with the glide.lock of the run before, as on a machine that builds for others;
//! - warm: nothing is new, and cache, glide.lock and vendor/ are there;
//! - moved: the same, after one repository got a new version.
//!
//! Bytes are held against those that no client can do without: a pack of each commit that is read,
//! with no history, and the names and tips of each repository. The server starts a program of Git's
//! for every request, on the same processors, so the processor time of `update` itself and the number of
//! requests say more than the time that passes. What grows with the world is to grow as the world
//! does: the last lines tell.
//!
//! `LATENCY_MS=40` delays every answer; `GLIDE=/path/to/glide` runs Glide itself in the world of 50.
#![allow(
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints its figures, runs programs and may fail loudly"
)]

#[path = "../tests/it/support/mod.rs"]
mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use git2::{Oid, Repository};
use support::cost::{Cost, best, megabytes, milliseconds, noise, run};
use support::repo::{Commit, Remotes};
use support::sandbox::Sandbox;
use support::server::{Handler, Server, Site, Tags};
use support::world::PROJECT;

/// The world that is small enough to run Glide in.
const SMALL: usize = 50;
/// The worlds that are made unless others are asked for.
const SIZES: [usize; 4] = [SMALL, 250, 500, 1000];
/// How many repositories each one imports that none before it does.
const CHILDREN: usize = 3;
/// How many runs the cheapest one is taken of.
const ROUNDS: usize = 5;

/// Repositories, the server before them, and the project that needs them all.
struct World {
    size: usize,
    sandbox: Sandbox,
    remotes: Remotes,
    server: Server,
}

/// What a run of `update` came to.
struct Run {
    cost: Cost,
    requests: usize,
    bytes: u64,
}

/// The repository that serves a number.
fn repository(number: usize) -> String {
    format!("github.com/acme/r{number}")
}

/// The import path of a number's root package; a few have names of their own.
fn import_path(number: usize) -> String {
    match number {
        2 | 5 => format!("go.acme.org/r{number}"),
        _ => repository(number),
    }
}

fn children(number: usize, size: usize) -> impl Iterator<Item = usize> {
    let first = number * CHILDREN + 1;
    (first..first + CHILDREN).filter(move |child| *child < size)
}

fn go_file(package: &str, imports: &[String]) -> String {
    let mut text = format!("// Package {package} is one of many.\npackage {package}\n\n");
    for import in imports {
        writeln!(text, "import _ {import:?}").unwrap();
    }
    for number in 0..30 {
        writeln!(
            text,
            "\n// F{number} adds.\nfunc F{number}(a, b int) int {{\n\treturn a + b + {number}\n}}"
        )
        .unwrap();
    }
    text
}

/// A version of a repository: two packages with a few files each, a folder that nobody imports, a
/// large file, and for three of ten a glide.yaml.
fn version(number: usize, size: usize, age: usize) -> Commit {
    let imports: Vec<_> = children(number, size).map(import_path).collect();
    let salt = u32::try_from(number * 10 + age + 1).unwrap();
    let mut commit = Commit::new()
        .file("root.go", go_file("root", &imports))
        .file("data.bin", noise(20_000, salt))
        .file("age.go", format!("package root\n\nconst Age = {age}\n"));
    let other = format!("{}/util", import_path(number * 7 % size));
    for file in 0..4 {
        let text = go_file("util", &["fmt".to_owned(), other.clone()]);
        commit = commit
            .file(
                &format!("more{file}.go"),
                go_file("root", &["os".to_owned()]),
            )
            .file(&format!("util/util{file}.go"), text)
            .file(&format!("cmd/tool{file}/main.go"), go_file("main", &[]));
    }
    if number % 10 < 3 {
        let mut yaml = format!("package: {}\nimport:\n", import_path(number));
        for import in imports {
            writeln!(yaml, "- package: {import}\n  version: ^1.0.0").unwrap();
        }
        commit = commit.file("glide.yaml", yaml);
    }
    commit
}

impl World {
    fn new(size: usize, latency: Duration) -> Self {
        let mut sandbox = Sandbox::in_memory(PROJECT);
        let mut remotes = Remotes::new(&sandbox.repos());
        for number in 0..size {
            let name = repository(number);
            for age in 0..3 {
                let commit = version(number, size, age).tag(&format!("v1.{age}.0"));
                remotes.commit(&name, &commit);
            }
            let store = remotes.store(&name);
            let tip = store.revparse_single("HEAD~1").unwrap().id();
            for branch in ["develop", "fix/this", "fix/that"] {
                let branch = format!("refs/heads/{branch}");
                store.reference(&branch, tip, true, "one of many").unwrap();
            }
            pack(store.path());
        }
        let mut behind = Site::of(&remotes);
        for number in (0..size).filter(|number| import_path(*number) != repository(*number)) {
            let (path, to) = (import_path(number), repository(number));
            let tag = format!("{path} git https://{to}");
            behind.meta.insert(path, Tags::One(tag));
        }
        let wait: Handler = Box::new(move |_| {
            thread::sleep(latency);
            None
        });
        let server = Server::with_handler(&sandbox.root().join("tls"), behind, Some(wait));
        sandbox.use_server(&server);
        let (first, second) = (import_path(0), import_path(1));
        let yaml = format!(
            "package: {PROJECT}\nimport:\n- package: {first}\n  version: ^1.0.0\n- package: {second}\n"
        );
        sandbox.write("glide.yaml", &yaml);
        sandbox.write("main.go", &go_file("main", &[first, second]));
        Self {
            size,
            sandbox,
            remotes,
            server,
        }
    }

    /// Runs a program with the arguments of an update; the cheapest of several times.
    fn update(&self, program: &Path, rounds: usize, prepare: impl FnMut()) -> Run {
        let environment = self.sandbox.command(&[]);
        let mut command = Command::new(program);
        command
            .args(["update"])
            .current_dir(self.sandbox.project())
            .env_clear();
        for (name, value) in environment.get_envs() {
            command.env(name, value.unwrap_or_default());
        }
        let (mut requests, mut bytes) = (0, 0);
        let cost = best(rounds, prepare, || {
            self.server.take_requests();
            self.server.take_bytes();
            let cost = run(&mut command);
            requests = self.server.take_requests().len();
            let (up, down) = self.server.take_bytes();
            bytes = up + down;
            cost
        });
        Run {
            cost,
            requests,
            bytes,
        }
    }

    /// As on the first day.
    fn forget(&self) {
        self.forget_files();
        let _ = fs::remove_file(self.sandbox.project().join("glide.lock"));
    }

    /// The same but for glide.lock.
    fn forget_files(&self) {
        let _ = fs::remove_dir_all(self.sandbox.glide_home());
        fs::create_dir_all(self.sandbox.glide_home()).unwrap();
        let _ = fs::remove_dir_all(self.sandbox.project().join("vendor"));
    }

    /// One repository moves on.
    fn push(&mut self, round: usize) {
        let number = self.size / 2;
        let commit = version(number, self.size, round).tag(&format!("v1.{round}.0"));
        self.remotes.push(&repository(number), &[commit]);
    }

    /// The bytes of refs, and of packs of the commits in glide.lock.
    fn least(&self) -> (u64, u64) {
        let (mut refs, mut packs) = (0, 0);
        let lock = self.sandbox.read("glide.lock").unwrap();
        let lines: Vec<_> = lock.lines().collect();
        for pair in lines.windows(2) {
            let name = pair[0].strip_prefix("- name: ");
            if let (Some(name), Some(id)) = (name, pair[1].strip_prefix("  version: ")) {
                let name = name.replace("go.acme.org", "github.com/acme");
                let store = self.remotes.store(&name);
                refs += refs_of(store);
                packs += pack_of(store, Oid::from_str(id).unwrap());
            }
        }
        (refs, packs)
    }
}

/// Packs a repository, as a host would have it.
fn pack(folder: &Path) {
    for arguments in [["repack", "-adq"], ["pack-refs", "--all"]] {
        run(Command::new("git").arg("-C").arg(folder).args(arguments));
    }
}

/// The bytes of a repository's refs: for each a length, an id, a space, a name and a line break.
fn refs_of(store: &Repository) -> u64 {
    let references = store.references().unwrap();
    let named = references.map(|each| each.unwrap().name_bytes().len() + 4 + 40 + 2);
    (named.sum::<usize>() + "HEAD symref-target:refs/heads/master".len() + 46) as u64
}

/// The bytes of a pack of a commit's files.
fn pack_of(store: &Repository, commit: Oid) -> u64 {
    let mut pack = store.packbuilder().unwrap();
    pack.insert_commit(commit).unwrap();
    let mut bytes = git2::Buf::new();
    pack.write_buf(&mut bytes).unwrap();
    bytes.len() as u64
}

fn print(title: &str, size: usize, run: &Run, more: &str) {
    println!(
        "  {title:<12} {:>8.0} ms wall {:>8.0} ms processor {:>6.1} MB peak {:>6} requests = {:.2} a dependency {:>8.2} MB{more}",
        milliseconds(run.cost.time),
        milliseconds(run.cost.processor),
        megabytes(run.cost.memory),
        run.requests,
        run.requests as f64 / size as f64,
        megabytes(run.bytes),
    );
}

/// Measures one world; gives the cold and the warm run.
fn measure(size: usize, latency: Duration) -> [Run; 2] {
    let mut world = World::new(size, latency);
    println!("{size} repositories");
    let program = PathBuf::from(support::sandbox::PROGRAM);
    let rounds = if size > SMALL { 1 } else { ROUNDS };
    let cold = world.update(&program, rounds, || world.forget());
    let (refs, packs) = world.least();
    let more = format!(
        " = {:.2} x least ({:.2} MB of packs, {:.2} MB of refs)",
        cold.bytes as f64 / (refs + packs) as f64,
        megabytes(packs),
        megabytes(refs),
    );
    print("cold", size, &cold, &more);
    let locked = world.update(&program, rounds, || world.forget_files());
    print("locked", size, &locked, "");
    let warm = world.update(&program, ROUNDS, || ());
    print("warm", size, &warm, "");
    world.push(3);
    let moved = world.update(&program, 1, || ());
    print("moved", size, &moved, "");
    if let Some(glide) = std::env::var_os("GLIDE").filter(|_| size == SMALL) {
        let glide = PathBuf::from(glide);
        let cold = world.update(&glide, 1, || world.forget());
        print("Glide cold", size, &cold, "");
        let warm = world.update(&glide, 1, || ());
        print("Glide warm", size, &warm, "");
        world.push(4);
        let moved = world.update(&glide, 1, || ());
        print("Glide moved", size, &moved, "");
    }
    [cold, warm]
}

fn main() {
    let asked: Vec<usize> = std::env::args()
        .filter_map(|word| word.parse().ok())
        .collect();
    let sizes = if asked.is_empty() {
        SIZES.to_vec()
    } else {
        asked
    };
    let latency = std::env::var("LATENCY_MS").unwrap_or_default();
    let latency = Duration::from_millis(latency.parse().unwrap_or_default());
    let mut before: Option<(usize, [Run; 2])> = None;
    for size in sizes {
        let runs = measure(size, latency);
        if let Some((smaller, earlier)) = before {
            let times = size as f64 / smaller as f64;
            println!("{smaller} → {size} repositories: {times:.2} times as many");
            for (title, (less, more)) in ["cold", "warm"].iter().zip(earlier.iter().zip(&runs)) {
                println!("  {title:<12} {}", growth(less.cost, more.cost));
            }
        }
        before = Some((size, runs));
    }
}

/// How much more one run took than another.
fn growth(less: Cost, more: Cost) -> String {
    let ratio = |less: Duration, more: Duration| more.as_secs_f64() / less.as_secs_f64();
    format!(
        "{:.2} x wall, {:.2} x processor, {:.2} x memory",
        ratio(less.time, more.time),
        ratio(less.processor, more.processor),
        more.memory as f64 / less.memory as f64,
    )
}
