//! What `audit` costs: `cargo bench --bench audit`, or `-- 100 300` for other numbers of dependencies
//! and projects.
//!
//! One project with many dependencies, installed: all checks at once, with what the cache holds, and again
//! with a network (each repository is then asked for its names). What cannot be avoided is to read vendor/
//! and to hash it, so the time is told as a multiple of what `git hash-object` takes for that. Then many
//! projects below one folder that share these dependencies, one in ten of them installed: one report for
//! all, as every night.
//!
//! `GLIDE_RS_BENCH_VULNDB` names a vulnerability database to take instead of a made one, and
//! `GLIDE_RS_BENCH_PROGRAM` another build of the program. Nothing may be left unchecked, or the figures
//! are worth nothing.
#![allow(
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints its figures, runs programs and may fail loudly"
)]

#[path = "../tests/it/support/mod.rs"]
mod support;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use support::cost::{Cost, best, megabytes, milliseconds, run, run_to};
use support::repo::{Commit, Remotes};
use support::sandbox::Sandbox;
use support::server::{Server, Site};
use support::world::{PROJECT, lock};

const DEPENDENCIES: usize = 100;
const PROJECTS: usize = 300;
/// How many runs the cheapest one is taken of.
const ROUNDS: usize = 5;
/// How many repositories each one imports that none before it does.
const CHILDREN: usize = 3;
/// How many files of Go code a repository has, in how many folders.
const FILES: usize = 98;
const FOLDERS: usize = 9;
/// One in so many projects has a vendor/.
const INSTALLED: usize = 10;
/// How many records a made database has.
const RECORDS: usize = 4000;

/// Repositories of which a real database has records.
const KNOWN: [&str; 18] = [
    "github.com/docker/docker",
    "github.com/containerd/containerd",
    "github.com/opencontainers/runc",
    "github.com/hashicorp/consul",
    "github.com/hashicorp/vault",
    "github.com/nats-io/nats-server",
    "github.com/ethereum/go-ethereum",
    "github.com/gin-gonic/gin",
    "github.com/gogo/protobuf",
    "github.com/dgrijalva/jwt-go",
    "github.com/gorilla/websocket",
    "github.com/gorilla/handlers",
    "github.com/labstack/echo",
    "github.com/miekg/dns",
    "github.com/sirupsen/logrus",
    "github.com/emicklei/go-restful",
    "github.com/satori/go.uuid",
    "github.com/traefik/traefik",
];

const MIT: &str = "Permission is hereby granted, free of charge, to any person obtaining a copy of this \
    software and associated documentation files (the \"Software\"), to deal in the Software without \
    restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, \
    sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished \
    to do so, subject to the following conditions:\n\nThe above copyright notice and this permission notice \
    shall be included in all copies or substantial portions of the Software.\n\nTHE SOFTWARE IS PROVIDED \
    \"AS IS\", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES \
    OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS \
    OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF \
    CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER \
    DEALINGS IN THE SOFTWARE.\n";

/// Every fifth repository is one that advisories know.
fn repository(number: usize) -> String {
    let known = KNOWN.get(number / 5).filter(|_| number % 5 == 2);
    known.map_or_else(
        || format!("github.com/acme/r{number}"),
        |name| (*name).to_owned(),
    )
}

fn children(number: usize, size: usize) -> impl Iterator<Item = usize> {
    let first = number * CHILDREN + 1;
    (first..first + CHILDREN).filter(move |child| *child < size)
}

fn go_file(package: &str, imports: &[String], functions: usize) -> String {
    let mut text = format!("// Package {package} is one of many.\npackage {package}\n\n");
    for import in imports {
        writeln!(text, "import _ {import:?}").unwrap();
    }
    for number in 0..functions {
        writeln!(
            text,
            "\n// F{number} adds.\nfunc F{number}(a, b int) int {{\n\treturn a + b + {number}\n}}"
        )
        .unwrap();
    }
    text
}

/// The first version of a repository: a root package that needs all folders, and other repositories.
fn first(number: usize, size: usize) -> Commit {
    let name = repository(number);
    let folders = (0..FOLDERS).map(|folder| format!("{name}/pkg{folder}"));
    let imports: Vec<_> = folders
        .chain(children(number, size).map(repository))
        .chain(["fmt".to_owned()])
        .collect();
    let licence = format!("The MIT License (MIT)\n\nCopyright (c) 2015 Author {number}\n\n{MIT}");
    let mut commit = Commit::new()
        .file("root.go", go_file("root", &imports, 20))
        .file("LICENSE", licence)
        .file("README.md", format!("# {name}\n\nIt adds.\n").repeat(9));
    for file in 0..FILES {
        let text = go_file("pkg", &["os".to_owned()], 10 + (file * 7 + number) % 120);
        commit = commit.file(&format!("pkg{}/file{file}.go", file % FOLDERS), text);
    }
    commit
}

/// Makes a repository with its past; every eighth has a long one. Gives the id of its last release.
fn make(remotes: &mut Remotes, number: usize, size: usize) -> String {
    let name = repository(number);
    remotes.commit(&name, &first(number, size).tag("v1.0.0"));
    let (ages, between) = if number.is_multiple_of(8) {
        (400, 20)
    } else {
        (40, 5)
    };
    let mut release = String::new();
    for age in 1..=ages {
        let mut commit = Commit::new().file("age.go", format!("package root\n\nconst A = {age}\n"));
        let is_release = age % between == 0;
        if is_release {
            commit = commit.tag(&format!("v1.{}.0", age / between));
        }
        let id = remotes.commit(&name, &commit);
        // Some are pinned between two releases.
        if is_release || number.is_multiple_of(4) {
            release = id;
        }
    }
    release
}

/// Packs a repository, as a host would have it.
fn pack(folder: &Path) {
    for arguments in [&["repack", "-adq"][..], &["pack-refs", "--all"]] {
        run(Command::new("git").arg("-C").arg(folder).args(arguments));
    }
}

/// A database of records about modules that nobody pins, and a few about those that are.
fn database(path: &Path, size: usize) {
    let mut zip = zip::ZipWriter::new(fs::File::create(path).unwrap());
    let options = zip::write::SimpleFileOptions::default();
    let mut add = |name: &str, text: &str| {
        zip.start_file(name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    };
    add("index/db.json", r#"{"modified": "2999-01-01T00:00:00Z"}"#);
    let mut modules = Vec::new();
    for record in 0..RECORDS {
        let module = match record % 10 {
            0 => repository(record / 10 % size),
            _ => format!("example.com/other{}/module", record / 3),
        };
        let id = format!("GO-2020-{record:04}");
        let symbols = r#", "Type.Method""#.repeat(40);
        let text = format!(
            r#"{{"id": "{id}", "modified": "2026-01-01T00:00:00Z", "summary": "It does what it should not",
            "details": "{}", "affected": [{{"package": {{"ecosystem": "Go", "name": "{module}"}}, "ranges":
            [{{"type": "SEMVER", "events": [{{"introduced": "0"}}, {{"fixed": "1.{}.0"}}]}}],
            "ecosystem_specific": {{"imports": [{{"path": "{module}/pkg1", "symbols": ["F"{symbols}]}}]}}}}]}}"#,
            "How it comes to that. ".repeat(20),
            record % 8,
        );
        add(&format!("ID/{id}.json"), &text);
        modules.push(format!(
            r#"{{"path": "{module}", "vulns": [{{"id": "{id}"}}]}}"#
        ));
    }
    add("index/modules.json", &format!("[{}]", modules.join(",")));
    zip.finish().unwrap();
}

/// Repositories, the server before them, and what pins them.
struct World {
    sandbox: Sandbox,
    server: Server,
    pins: Vec<(String, String)>,
    database: PathBuf,
}

impl World {
    fn new(size: usize) -> Self {
        let mut sandbox = Sandbox::new(PROJECT);
        let mut remotes = Remotes::new(&sandbox.repos());
        let pins = (0..size).map(|number| (repository(number), make(&mut remotes, number, size)));
        let pins = pins.collect();
        remotes.names().for_each(|name| pack(&remotes.path(name)));
        let server = Server::start(&sandbox.root().join("tls"), Site::of(&remotes));
        sandbox.use_server(&server);
        let made = sandbox.root().join("vulndb.zip");
        let database = std::env::var_os("GLIDE_RS_BENCH_VULNDB").map_or_else(
            || {
                database(&made, size);
                made.clone()
            },
            PathBuf::from,
        );
        let world = Self {
            sandbox,
            server,
            pins,
            database: fs::canonicalize(database).unwrap(),
        };
        world.project(world.sandbox.project(), &[0]);
        world
    }

    /// Writes a project that imports some repositories, with a lock of all that these need.
    fn project(&self, folder: &Path, roots: &[usize]) {
        let mut needed: BTreeSet<usize> = BTreeSet::new();
        let mut open = roots.to_vec();
        while let Some(next) = open.pop() {
            if needed.insert(next) {
                open.extend(children(next, self.pins.len()));
            }
        }
        let pins = needed.iter().map(|number| &self.pins[*number]);
        let pins: Vec<_> = pins
            .map(|(name, id)| (name.as_str(), id.as_str()))
            .collect();
        let imports: Vec<_> = roots.iter().copied().map(repository).collect();
        let mut yaml = format!("package: {PROJECT}\nimport:\n");
        for import in &imports {
            writeln!(yaml, "- package: {import}\n  version: '>=1.0.0'").unwrap();
        }
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join("glide.yaml"), yaml).unwrap();
        fs::write(folder.join("glide.lock"), lock(&pins)).unwrap();
        fs::write(folder.join("main.go"), go_file("main", &imports, 5)).unwrap();
    }

    /// The program, or the other build of it, with the sandbox's environment.
    fn command(&self, arguments: &[&str]) -> Command {
        let ready = self.sandbox.command(&[]);
        let program = std::env::var_os("GLIDE_RS_BENCH_PROGRAM");
        let mut command = Command::new(program.as_deref().unwrap_or(ready.get_program()));
        command
            .args(arguments)
            .current_dir(self.sandbox.project())
            .env_clear();
        for (name, value) in ready.get_envs() {
            command.env(name, value.unwrap_or_default());
        }
        command
    }

    /// The cheapest of some runs of `audit`. There are findings, or there are none; nothing else is good.
    fn audit(&self, arguments: &[&str], rounds: usize) -> Cost {
        let database = self.database.to_str().unwrap();
        let all = [&["audit", "--db", database], arguments].concat();
        best(
            rounds,
            || drop(self.server.take_requests()),
            || run_to(&mut self.command(&all), &[0, 1]),
        )
    }

    /// Fails unless everything is checked; tells what was found.
    fn insist(&self, arguments: &[&str]) -> String {
        let report = self.sandbox.root().join("report.json");
        let written = ["--format", "json", "--output", report.to_str().unwrap()];
        self.audit(&[arguments, &written].concat(), 1);
        let text = fs::read_to_string(&report).unwrap();
        let report: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(report["counts"]["unchecked"], 0, "{:#}", report["projects"]);
        report["counts"].to_string()
    }
}

fn print(title: &str, cost: Cost, more: &str) {
    println!(
        "  {title:<22} {:>8.0} ms wall {:>8.0} ms processor {:>6.1} MB peak{more}",
        milliseconds(cost.time),
        milliseconds(cost.processor),
        megabytes(cost.memory),
    );
}

/// What must be read and hashed, by git and on one processor; and the same files copied.
fn unavoidable(world: &World) -> [Cost; 2] {
    let project = world.sandbox.project();
    let script = "find vendor -type f | git hash-object --no-filters --stdin-paths";
    let hashed = best(
        ROUNDS,
        || (),
        || run(Command::new("sh").args(["-c", script]).current_dir(project)),
    );
    let copy = world.sandbox.root().join("copy");
    let forget = || drop(fs::remove_dir_all(&copy));
    let copied = best(ROUNDS, forget, || {
        let mut command = Command::new("cp");
        run(command.arg("-r").arg(project.join("vendor")).arg(&copy))
    });
    [hashed, copied]
}

fn one_project(world: &World) {
    run(&mut world.command(&["install"]));
    let filled = world.audit(&[], 1);
    print("first, with a network", filled, "");
    let found = world.insist(&["--offline"]);
    let [hashed, copied] = unavoidable(world);
    let warm = world.audit(&["--offline"], ROUNDS);
    let ratio = |other: Cost| warm.time.as_secs_f64() / other.time.as_secs_f64();
    let more = format!(
        " = {:.2} x git hash-object = {:.2} x cp -r",
        ratio(hashed),
        ratio(copied)
    );
    print("warm", warm, &more);
    print("  git hash-object", hashed, "");
    for check in [
        "drift",
        "integrity",
        "provenance",
        "vulnerabilities",
        "licences",
    ] {
        let alone = world.audit(&[check, "--offline"], ROUNDS);
        print(&format!("  {check}"), alone, "");
    }
    let asked = world.audit(&[], 1);
    let requests = world.server.take_requests().len();
    let each = requests as f64 / world.pins.len() as f64;
    print(
        "warm, with a network",
        asked,
        &format!(" {each:.2} requests a dependency"),
    );
    println!("  {found}");
}

fn many_projects(world: &World, count: usize) {
    let services = world.sandbox.project().join("services");
    let (mut pins, mut installed) = (0, 0);
    for number in 0..count {
        let folder = services.join(format!("p{number:03}"));
        let size = world.pins.len();
        let roots: BTreeSet<_> = (0..=number % 12)
            .map(|root| (number * 37 + root * root * 11) % size)
            .collect();
        world.project(&folder, &roots.into_iter().collect::<Vec<_>>());
        let lock = fs::read_to_string(folder.join("glide.lock")).unwrap();
        pins += lock.matches("- name: ").count();
        if number.is_multiple_of(INSTALLED) {
            installed += 1;
            run(world.command(&["install"]).current_dir(&folder));
        }
    }
    let all = ["services", "--workspace", "--offline"];
    let found = world.insist(&all);
    let cost = world.audit(&all, 3);
    let each = milliseconds(cost.time) / count as f64;
    let more = format!(
        " = {each:.1} ms a project ({:.1} pins each, {installed} installed)",
        pins as f64 / count as f64
    );
    print("warm", cost, &more);
    println!("  {found}");
}

fn main() {
    let mut asked = std::env::args().filter_map(|word| word.parse().ok());
    let size = asked.next().unwrap_or(DEPENDENCIES);
    let projects = asked.next().unwrap_or(PROJECTS);
    let world = World::new(size);
    println!("one project with {size} dependencies");
    one_project(&world);
    println!("{projects} projects");
    many_projects(&world, projects);
}
