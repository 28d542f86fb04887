//! What teams copy into their pipelines, `contrib/`: of the published forms, and played with the built program.
//!
//! Nothing here asks a real host: the release of glide-rs is served beside the project's dependencies.

mod core;
mod docker;
mod forms;
mod github;
mod gitlab;
mod wercker;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::support::process::{self, Input, Output};
use crate::support::repo::Commit;
use crate::support::sandbox::{PROGRAM, Sandbox};
use crate::support::server::Request;
use crate::support::world::{PROJECT, World};

/// Where the release of glide-rs is.
const URL: &str = "https://localhost/glide-rs-1.2.3-musl.tar.gz";
const ASKED_FOR_RELEASE: &str = "GET localhost/glide-rs-1.2.3-musl.tar.gz";

const MAIN: &str = r#"package main

import (
	"fmt"
	"os/user"

	"github.com/acme/log"
	"github.com/me/app/internal/greet"
)

func main() {
	_, err := user.Current()
	fmt.Println(greet.Hello(), log.Name, err == nil)
}
"#;

const MAKEFILE: &str = "static-build:\n\tCGO_ENABLED=0 go build -o bin/app ./cmd/app\nlinked:\n\tCGO_ENABLED=1 go build -o bin/app ./cmd/app\n";

/// A file of `contrib/`.
fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("contrib")
        .join(name)
}

fn text(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap()
}

fn yaml(name: &str) -> Value {
    serde_yaml::from_str(&text(name)).unwrap()
}

/// Whether all of these programs are there; says so where one is missing. `.ci/run` installs them.
#[expect(clippy::print_stdout, reason = "a test that is passed over says so")]
fn have(programs: &[&str]) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    programs.iter().all(|program| {
        let there = std::env::split_paths(&paths).any(|folder| folder.join(program).is_file());
        if !there {
            println!("skipped: `{program}` is not installed");
        }
        there
    })
}

/// A checkout that is not on GOPATH, its remotes, and the release of glide-rs beside them.
struct Road {
    world: World,
    /// The checksum of the release.
    sum: String,
}

impl Road {
    /// A project whose main is in a folder of its own, locked; neither vendor/ nor a cache is there.
    fn new() -> Self {
        // Nothing that a shell reads as more than a letter may do harm.
        let mut sandbox = Sandbox::outside("builds/check out; exit 7 $(x)");
        let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("go-build");
        sandbox.set("GOCACHE", cache);
        let release = release(sandbox.root(), "glide-rs-1.2.3-musl/glide-rs");
        let sum = sum(&release);
        let handler = move |request: &Request| {
            let body = match request.path.as_str() {
                "localhost/glide-rs-1.2.3-musl.tar.gz" => release.clone(),
                "localhost/bare" => wrapper().into_bytes(),
                _ => return None,
            };
            Some((200, "application/octet-stream", body))
        };
        let (world, ()) = World::with_handler(sandbox, Some(Box::new(handler)), |remotes| {
            let log =
                "// Package log logs.\npackage log\n\n// Name is its name.\nconst Name = \"log\"\n";
            let log = Commit::new().file("log.go", log).tag("v1.0.0");
            remotes.commit("github.com/acme/log", &log);
        });
        let manifest = format!(
            "package: {PROJECT}\nimport:\n- package: github.com/acme/log\n  version: ^1.0.0\n"
        );
        for (path, text) in [
            ("glide.yaml", manifest.as_str()),
            ("cmd/app/main.go", MAIN),
            (
                "internal/greet/greet.go",
                "// Package greet greets.\npackage greet\n\n// Hello greets.\nfunc Hello() string { return \"hello\" }\n",
            ),
            ("Makefile", MAKEFILE),
        ] {
            world.sandbox.write(path, text);
        }
        world.sandbox.run(&["update"]).success();
        fs::remove_dir_all(world.sandbox.project().join("vendor")).unwrap();
        fs::remove_dir_all(world.sandbox.glide_home()).unwrap();
        world.server.take_requests();
        Self { world, sum }
    }

    fn root(&self) -> &Path {
        self.world.sandbox.root()
    }

    fn project(&self) -> &Path {
        self.world.sandbox.project()
    }

    fn lock_sum(&self) -> String {
        sum(&fs::read(self.project().join("glide.lock")).unwrap())
    }

    /// The environment of a build service, with nothing of glide-rs in it.
    fn environment(&self) -> Variables {
        let command = self.world.sandbox.command(&[]);
        command
            .get_envs()
            .map(|(name, value)| {
                let name = name.to_string_lossy().into_owned();
                (name, value.unwrap_or_default().to_owned())
            })
            .collect()
    }

    /// Runs a program in the project, in the environment with these variables over it.
    fn run(&self, program: &str, arguments: &[&str], more: &Variables) -> Output {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(self.project())
            .env_clear()
            .envs(self.environment())
            .envs(more);
        process::run(&mut command, &Input::Empty, Duration::from_secs(400))
    }

    /// What has been asked of the server since the last call: how often for the release, how often else.
    fn asked(&self) -> (usize, usize) {
        let requests = self.world.server.take_requests();
        let of_release = |line: &&String| *line == ASKED_FOR_RELEASE;
        let release = requests.iter().filter(of_release).count();
        (release, requests.len() - release)
    }

    fn remove_vendor(&self) {
        fs::remove_dir_all(self.project().join("vendor")).unwrap();
    }

    fn has_vendor(&self) -> bool {
        let log = self.project().join("vendor/github.com/acme/log/log.go");
        log.is_file()
    }

    /// Insists on a static program that has been built, and runs it.
    #[track_caller]
    fn built(&self) {
        let program = self.project().join("bin/app");
        insist_on_static(&program);
        let output = Command::new(program).env_clear().output().unwrap();
        assert!(output.stdout.starts_with(b"hello log "), "{output:?}");
    }
}

type Variables = BTreeMap<String, OsString>;

/// Variables out of a list.
fn variables<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Variables {
    let pairs = pairs.into_iter();
    pairs
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect()
}

/// A small program that is glide-rs: to pack the built one each time would take longer than all else.
fn wrapper() -> String {
    format!("#!/bin/sh\nexec '{PROGRAM}' \"$@\"\n")
}

/// An archive with that one file in it.
fn release(folder: &Path, name: &str) -> Vec<u8> {
    let place = folder.join("release");
    let file = place.join(name);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, wrapper()).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    let top = Path::new(name).iter().next().unwrap();
    let mut tar = Command::new("tar");
    let tar = tar.arg("-czf").arg("-").arg("-C").arg(&place).arg(top);
    let output = tar.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    fs::remove_dir_all(&place).unwrap();
    output.stdout
}

fn sum(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

/// Insists that a program names none who loads it.
#[track_caller]
fn insist_on_static(program: &Path) {
    let bytes = fs::read(program).unwrap();
    let loader = b"/ld-";
    let linked = bytes.windows(loader.len()).any(|some| some == loader);
    assert!(
        bytes.starts_with(b"\x7fELF") && !linked,
        "{}",
        program.display()
    );
}

/// Insists that no file and no folder has that name, at or below a folder.
#[track_caller]
fn insist_on_none(folder: &Path, name: &str) {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            assert_ne!(entry.file_name(), name, "{}", entry.path().display());
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            }
        }
    }
}
