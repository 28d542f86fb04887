//! The program that is given away: one static file, small, that resolves, fetches and installs in a root
//! that holds nothing besides it but certificates and the address of a name server.
//!
//! `.ci/dist` builds it, which takes minutes, so these tests have something to do only where
//! `GLIDE_RS_STATIC` says where it is; `.ci/run` sees to that. They need to be root, or to be allowed a user
//! namespace, and fail where they are neither.
#![cfg(target_os = "linux")]

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::os::unix::fs::{MetadataExt as _, chroot};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::time::Duration;

use crate::support::files;
use crate::support::name_server::NameServer;
use crate::support::process::{Input, Output, run};
use crate::support::repo::{Commit, Remotes, RepoSpec};
use crate::support::server::{Server, Site, Tags};

/// Names the file of the program.
const PROGRAM: &str = "GLIDE_RS_STATIC";
/// Set where the test runs in a namespace of its own already.
const INSIDE: &str = "GLIDE_RS_STATIC_INSIDE";

/// In bytes.
const LARGEST: usize = 8_000_000;

/// Where the name of the certificates' file is known to whoever looks for it.
const CERTIFICATES: &str = "etc/ssl/certs/ca-certificates.crt";

#[expect(clippy::print_stdout, reason = "a test that is passed over says so")]
fn program() -> Option<PathBuf> {
    let program = env::var_os(PROGRAM).map(PathBuf::from);
    if program.is_none() {
        println!("skipped: {PROGRAM} names no static program; `.ci/dist` builds one");
    }
    program
}

/// The number of so many bytes at a place of a file of this machine's order.
fn number(file: &[u8], at: usize, length: usize) -> usize {
    let bytes = file[at..at + length].iter().rev();
    bytes.fold(0, |number, byte| number << 8 | usize::from(*byte))
}

/// The types of the entries in a table of an ELF file of 64 bits, least byte first.
fn types(file: &[u8], table: usize, size: usize, count: usize, at: usize) -> BTreeSet<usize> {
    let [table, size, count] =
        [(table, 8), (size, 2), (count, 2)].map(|(at, length)| number(file, at, length));
    (0..count)
        .map(|entry| number(file, table + entry * size + at, 4))
        .collect()
}

#[test]
fn the_program_is_one_small_file() {
    let Some(program) = program() else {
        return;
    };
    let file = fs::read(&program).unwrap_or_else(|error| panic!("{}: {error}", program.display()));
    assert_eq!(&file[..6], b"\x7fELF\x02\x01");
    // <https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html>
    let segments = types(&file, 32, 54, 56, 0);
    let sections = types(&file, 40, 58, 60, 4);
    assert!(segments.contains(&1), "nothing is loaded: {segments:?}");
    assert!(!segments.contains(&3), "it asks for a dynamic linker");
    assert!(!sections.contains(&2), "its symbols have not been stripped");
    assert!(file.len() < LARGEST, "it has {} bytes", file.len());
}

/// What the program meets: a root, and the internet beyond it.
struct World {
    folder: tempfile::TempDir,
    server: Server,
    names: NameServer,
}

impl World {
    /// Fails where the ports of https and of name servers cannot be had, or the root not be changed.
    fn new() -> io::Result<Self> {
        if fs::metadata("/proc/self")?.uid() != 0 {
            return Err(io::Error::other("only root may change the root"));
        }
        let folder = tempfile::tempdir()?;
        let mut remotes = Remotes::new(&folder.path().join("repos"));
        remotes.create("github.com/acme/log", &RepoSpec::default());
        for version in ["v1.0.0", "v1.1.0", "v2.0.0"] {
            let text = format!("package log // {version}\n\nimport _ \"code.acme.dev/level\"\n");
            remotes.commit(
                "github.com/acme/log",
                &Commit::new().file("log.go", text).tag(version),
            );
        }
        remotes.create("git.acme.dev/level", &RepoSpec::default());
        remotes.commit(
            "git.acme.dev/level",
            &Commit::new().file("level.go", "package level\n"),
        );
        let mut site = Site::of(&remotes);
        let tag = "code.acme.dev/level git https://git.acme.dev/level";
        site.meta
            .insert("code.acme.dev/level".to_owned(), Tags::One(tag.to_owned()));
        let server = Server::start(&folder.path().join("tls"), site);
        // Of the many addresses of this machine, one that no other process takes.
        let [.., high, low] = process::id().to_be_bytes();
        let here = IpAddr::from(Ipv4Addr::new(127, 83, high, low));
        server.serve_at(SocketAddr::new(here, 443))?;
        let names = NameServer::at(SocketAddr::new(here, 53), move |question| {
            let known = ["github.com", "code.acme.dev", "git.acme.dev"];
            vec![if known.contains(&question.name.as_str()) {
                question.answer(&[here])
            } else {
                question.with_code(3)
            }]
        })?;
        let world = Self {
            folder,
            server,
            names,
        };
        world.lay();
        Ok(world)
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("root")
    }

    /// Fills the root.
    fn lay(&self) {
        let write = |path: &str, text: &str| {
            let path = self.root().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        let servers = format!("nameserver {}\n", self.names.address().ip());
        write("etc/resolv.conf", &servers);
        write(
            CERTIFICATES,
            &fs::read_to_string(self.server.authority()).unwrap(),
        );
        write(
            "project/glide.yaml",
            "package: github.com/me/app\nimport:\n- package: github.com/acme/log\n  version: ^1.0.0\n",
        );
        write(
            "project/main.go",
            "package main\n\nimport _ \"github.com/acme/log\"\n\nfunc main() {}\n",
        );
        fs::copy(program().unwrap(), self.root().join("glide-rs")).unwrap();
    }

    /// Runs the program there, without any environment.
    #[expect(
        unsafe_code,
        reason = "what is called between fork and exec is two system calls"
    )]
    fn run(&self, arguments: &[&str]) -> Output {
        let root = self.root();
        let mut command = Command::new("/glide-rs");
        command.args(arguments).env_clear();
        let enter = move || chroot(&root).and_then(|()| env::set_current_dir("/project"));
        // SAFETY: neither call allocates for paths as short as these, nor takes a lock.
        unsafe { command.pre_exec(enter) };
        run(&mut command, &Input::Empty, Duration::from_secs(120))
    }

    fn vendor(&self) -> Vec<String> {
        let vendor = files::manifest(&self.root().join("project/vendor"));
        vendor.unwrap_or_default().into_keys().collect()
    }

    /// The names in a folder of the root.
    fn list(&self, folder: &str) -> BTreeSet<String> {
        let entries = fs::read_dir(self.root().join(folder)).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    /// Removes what a run has left, so that the next one begins anew.
    fn forget(&self) {
        for name in ["vendor", ".glide"] {
            fs::remove_dir_all(self.root().join("project").join(name)).unwrap();
        }
        self.names.take_asked();
        self.server.take_requests();
    }
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

#[test]
fn in_an_empty_root_it_resolves_fetches_and_installs() {
    if program().is_none() {
        return;
    }
    let world = match World::new() {
        Ok(world) => world,
        Err(error) if env::var_os(INSIDE).is_none() => return in_a_namespace(&error),
        Err(error) => panic!("not even in a namespace: {error}"),
    };
    updates_and_installs(&world);
    tells_what_is_missing(&world);
}

/// Runs the test again where it may do what it wants to: in a user namespace and a network of its own.
fn in_a_namespace(why: &io::Error) {
    let test = env::current_exe().unwrap();
    let name = "static_root::in_an_empty_root_it_resolves_fetches_and_installs";
    let mut command = Command::new("unshare");
    command
        .args(["--map-root-user", "--net", "sh", "-c"])
        .args(["ip link set lo up && exec \"$0\" \"$@\""])
        .arg(test)
        .args(["--exact", name, "--nocapture"])
        .env(INSIDE, "1");
    let output = command.output();
    let output = output.unwrap_or_else(|error| panic!("{why}; `unshare` cannot be run: {error}"));
    assert!(
        output.status.success(),
        "{why}; and in a user namespace, which needs `unshare` and `ip`:\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

fn updates_and_installs(world: &World) {
    world.run(&["update"]).success();
    let vendor = ["code.acme.dev/level/level.go", "github.com/acme/log/log.go"];
    assert_eq!(world.vendor(), vendor);
    let log = world.root().join("project/vendor").join(vendor[1]);
    assert!(
        fs::read_to_string(log)
            .unwrap()
            .starts_with("package log // v1.1.0\n")
    );
    let lock = fs::read_to_string(world.root().join("project/glide.lock")).unwrap();
    assert!(
        lock.contains("- name: github.com/acme/log\n  version: "),
        "{lock}"
    );
    let asked: BTreeSet<_> = world.names.take_asked().into_iter().collect();
    for host in ["github.com", "code.acme.dev", "git.acme.dev"] {
        let questions = [format!("udp v4 {host}"), format!("udp v6 {host}")];
        assert!(
            questions.iter().all(|it| asked.contains(it)),
            "{host}: {asked:?}"
        );
    }
    world.forget();

    world.run(&["install"]).success();
    assert_eq!(world.vendor(), vendor);
    assert!(!world.server.take_requests().is_empty());
    fs::remove_dir_all(world.root().join("project/vendor")).unwrap();
    world.names.take_asked();
    world.run(&["install"]).success();
    assert_eq!(world.vendor(), vendor);
    assert!(world.names.take_asked().is_empty(), "the cache has it all");

    let output = world.run(&["audit", "drift", "integrity"]).success();
    assert!(
        output.stdout.contains("clean: 2 dependencies"),
        "{}",
        output.stdout
    );
    // Nothing else has come into being on the way.
    assert_eq!(world.list(""), names(&["etc", "glide-rs", "project"]));
    assert_eq!(world.list("etc"), names(&["resolv.conf", "ssl"]));
    let project = names(&[".glide", "glide.lock", "glide.yaml", "main.go", "vendor"]);
    assert_eq!(world.list("project"), project);
    world.forget();
}

/// Whatever an empty root lacks is named.
fn tells_what_is_missing(world: &World) {
    let root = world.root();
    let server = world.names.address();
    let yaml = root.join("project/glide.yaml");
    let before = fs::read(&yaml).unwrap();
    for scheme in ["https", "git"] {
        let import = format!("- package: a.dev/b\n  repo: {scheme}://nowhere.dev/b\n");
        fs::write(&yaml, [&before[..], import.as_bytes()].concat()).unwrap();
        let said = world.run(&["update"]).failure().stderr;
        let expected =
            format!("the name `nowhere.dev` has no address, says the name server {server}");
        assert!(said.contains(&expected), "{said}");
    }
    fs::write(&yaml, before).unwrap();

    fs::rename(root.join(CERTIFICATES), root.join("project/ca.pem")).unwrap();
    let said = world.run(&["install"]).failure().stderr;
    assert!(said.contains("SSL_CERT_FILE"), "{said}");
    fs::rename(root.join("project/ca.pem"), root.join(CERTIFICATES)).unwrap();

    fs::remove_file(root.join("etc/resolv.conf")).unwrap();
    let said = world.run(&["install"]).failure().stderr;
    assert!(
        said.contains("since /etc/resolv.conf names no other"),
        "{said}"
    );
    assert!(!Path::new(&root.join("project/vendor")).exists());
}
