//! The place in which a page is read: a project, remotes, a vulnerability database, and one bash from the first
//! line of the page to the last.

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::support::process::{self, Input};
use crate::support::repo::{Commit, Remotes};
use crate::support::sandbox::{PROGRAM, Sandbox};
use crate::support::server::{Handler, Request, Server, Site};
use crate::support::world::PROJECT;

/// What the shell of a page has besides bash's own: the ways of shells that a page names and that need not be
/// installed.
const PRELUDE: &str = r#"
set -o pipefail
if [ -f "$STATE/variables" ]; then . "$STATE/variables"; cd "$(cat "$STATE/folder")"; fi
trap 'code=$?; export -p > "$STATE/variables"; pwd > "$STATE/folder"; exit $code' EXIT
fpath=(no "$HOME/.zfunc")
source() {
    if [ $# = 0 ]; then grep --quiet '^set -gx GOPATH ' /dev/stdin; else builtin source "$@"; fi
}
"#;

/// A page's place, and its shell.
pub(super) struct Shell {
    sandbox: Sandbox,
    path: String,
    // Stops when dropped.
    _server: Server,
}

impl Shell {
    /// A project with one import.
    pub(super) fn new() -> Self {
        let mut sandbox = Sandbox::new(PROJECT);
        let mut remotes = Remotes::new(&sandbox.repos());
        lay_remotes(&mut remotes);
        let mut site = Site::of(&remotes);
        site.hosts.insert("vuln.go.dev".to_owned());
        let database = database();
        let handler: Handler = Box::new(move |request: &Request| {
            let path = request.path.strip_prefix("vuln.go.dev/")?;
            Some(match path {
                "vulndb.zip" => (200, "application/zip", database.clone()),
                _ => (404, "text/plain", Vec::new()),
            })
        });
        let server = Server::with_handler(&sandbox.root().join("tls"), site, Some(handler));
        sandbox.use_server(&server);
        lay_project(&sandbox);
        for folder in [
            "state",
            "home/bin",
            "home/.zfunc",
            "home/.config/elvish",
            "home/.config/fish/completions",
            "home/.local/share/bash-completion/completions",
        ] {
            fs::create_dir_all(sandbox.root().join(folder)).unwrap();
        }
        for (name, value) in [
            ("STATE", sandbox.root().join("state")),
            ("PROFILE", sandbox.home().join("profile.ps1")),
            ("GITHUB_ENV", sandbox.root().join("github.env")),
            ("CLONE", root().to_owned()),
            ("GLIDE_RS", PROGRAM.into()),
            ("SOURCE_DATE_EPOCH", "1470000000".into()),
            ("GIT_CONFIG_GLOBAL", sandbox.home().join(".gitconfig")),
        ] {
            sandbox.set(name, value);
        }
        for who in ["AUTHOR", "COMMITTER"] {
            sandbox.set(&format!("GIT_{who}_NAME"), "Me");
            sandbox.set(&format!("GIT_{who}_EMAIL"), "me@example.com");
            sandbox.set(&format!("GIT_{who}_DATE"), "1470000000 +0000");
        }
        let programs = root().join("fixtures/book/programs");
        let ours = Path::new(PROGRAM).parent().unwrap();
        let all = std::env::var("PATH").unwrap();
        let path = format!("{}:{}:{all}", programs.display(), ours.display());
        Self {
            sandbox,
            path,
            _server: server,
        }
    }

    /// Runs a script where the last one has ended: both streams in one, and whether all went well.
    pub(super) fn run(&self, script: &str) -> (bool, String) {
        let environment = self.sandbox.command(&[]);
        let mut command = Command::new("bash");
        command
            .args(["-c", &format!("exec 2>&1\n{PRELUDE}{script}")])
            .current_dir(self.sandbox.project())
            .env_clear();
        for (name, value) in environment.get_envs() {
            command.env(name, value.unwrap_or_default());
        }
        command.env("PATH", &self.path);
        let output = process::run(&mut command, &Input::Empty, Duration::from_secs(120));
        (output.exit == Some(0), output.stdout)
    }

    /// Writes a file of the project; gives where it stands.
    pub(super) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.sandbox.project().join(name);
        fs::write(&path, text).unwrap();
        path
    }
}

/// This repository.
pub(super) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn lay_project(sandbox: &Sandbox) {
    sandbox.write(
        "glide.yaml",
        "package: github.com/me/app\ndescription: An example\nlicense: MIT\nimport:\n- package: github.com/acme/log\n  version: ^1.0.0\n",
    );
    let main = "package main\n\nimport _ \"github.com/acme/log\"\n\nfunc main() {}\n";
    sandbox.write("main.go", main);
}

/// The repositories that pages speak of. The first commit is the one that README has.
fn lay_remotes(remotes: &mut Remotes) {
    let licence = fs::read(root().join("LICENSE")).unwrap();
    let log = Commit::new().file("log.go", "package log\n");
    let log = log.file("LICENSE", licence).tag("v1.0.0");
    remotes.commit("github.com/acme/log", &log);
    let library = |remotes: &mut Remotes, name: &str, tag: &str, import: &str| {
        let package = name.rsplit('/').next().unwrap();
        let import = match import {
            "" => String::new(),
            path => format!("\nimport _ \"{path}\"\n"),
        };
        let text =
            format!("// SPDX-License-Identifier: MIT\n\npackage {package}\n{import}\n// {tag}\n");
        let commit = Commit::new().file(&format!("{package}.go"), text.clone());
        let commit = commit.file("sub/sub.go", text.replace(&import, ""));
        remotes.commit(name, &commit.tag(tag));
    };
    for tag in ["v0.1.0", "v0.2.0"] {
        library(remotes, "github.com/acme/parts", tag, "");
    }
    for tag in ["v1.0.0", "v1.1.0", "v1.2.0", "v2.0.0"] {
        library(
            remotes,
            "github.com/acme/text",
            tag,
            "github.com/acme/parts",
        );
    }
    for name in ["github.com/a/b", "github.com/c/d", "github.com/e/f"] {
        library(remotes, name, "v1.2.0", "");
    }
}

/// A vulnerability database that knows of nothing here.
fn database() -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [
        ("index/db.json", r#"{"modified": "2999-01-01T00:00:00Z"}"#),
        (
            "index/modules.json",
            r#"[{"path": "example.com/x", "vulns": [{"id": "GO-1"}]}]"#,
        ),
        (
            "ID/GO-1.json",
            r#"{"id": "GO-1", "modified": "2026-01-01T00:00:00Z", "summary": "Bad",
            "affected": [{"package": {"ecosystem": "Go", "name": "example.com/x"},
            "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}]}]}]}"#,
        ),
    ] {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(name, options).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
