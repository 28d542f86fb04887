//! A place to run the program in: a root of its own, a home, a project, and a bare environment.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::files::{self, FileSpec};
use super::process::{self, Input, Output};
use super::server::Server;

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_glide-rs");

/// A temporary folder with a home and a project in `GOPATH/src`; removed when dropped.
pub(crate) struct Sandbox {
    root: tempfile::TempDir,
    project: PathBuf,
    environment: BTreeMap<String, OsString>,
}

impl Sandbox {
    /// A sandbox with an empty project of this import path.
    pub(crate) fn new(import_path: &str) -> Self {
        Self::below(&std::env::temp_dir(), &in_gopath(import_path))
    }

    /// The same with the project in this folder of the sandbox, where it is not in GOPATH.
    pub(crate) fn outside(folder: &str) -> Self {
        Self::below(&std::env::temp_dir(), folder)
    }

    /// The same in memory, where the machine has a folder for that: for tests whose hundreds of
    /// runs would wait for a disk most of the time.
    pub(crate) fn in_memory(import_path: &str) -> Self {
        let memory = Path::new("/dev/shm");
        if tempfile::tempdir_in(memory).is_ok() {
            Self::below(memory, &in_gopath(import_path))
        } else {
            Self::new(import_path)
        }
    }

    fn below(folder: &Path, project: &str) -> Self {
        let root = tempfile::Builder::new()
            .prefix("case-")
            .tempdir_in(folder)
            .unwrap();
        let project = root.path().join(project);
        fs::create_dir_all(&project).unwrap();
        fs::create_dir_all(root.path().join("home/.glide")).unwrap();
        let mut sandbox = Self {
            root,
            project,
            environment: BTreeMap::new(),
        };
        let path = std::env::var_os("PATH").unwrap_or_default();
        sandbox.set("PATH", path);
        sandbox.set("HOME", sandbox.home());
        sandbox.set("GOPATH", sandbox.root().join("gopath"));
        sandbox.set("TMPDIR", sandbox.root().to_owned());
        for (name, value) in [
            ("GO111MODULE", "off"),
            ("LANG", "C.UTF-8"),
            ("TERM", "dumb"),
            ("GIT_TERMINAL_PROMPT", "0"),
            ("GIT_CONFIG_NOSYSTEM", "1"),
            // A submodule at a file:// address is what the cases have; git forbids it unasked.
            ("GIT_CONFIG_COUNT", "1"),
            ("GIT_CONFIG_KEY_0", "protocol.file.allow"),
            ("GIT_CONFIG_VALUE_0", "always"),
        ] {
            sandbox.set(name, value);
        }
        sandbox
    }

    /// Sends all requests to the server, and trusts its certificate.
    pub(crate) fn use_server(&mut self, server: &Server) {
        for name in ["https_proxy", "HTTPS_PROXY", "http_proxy"] {
            self.set(name, server.url());
        }
        self.set("no_proxy", "127.0.0.1");
        for name in ["SSL_CERT_FILE", "GIT_SSL_CAINFO"] {
            self.set(name, server.authority());
        }
        let hgrc = format!("[web]\ncacerts = {}\n", server.authority().display());
        fs::write(self.home().join(".hgrc"), hgrc).unwrap();
    }

    /// Sets an environment variable of the runs to come.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<OsString>) {
        self.environment.insert(name.to_owned(), value.into());
    }

    /// The temporary folder.
    pub(crate) fn root(&self) -> &Path {
        self.root.path()
    }

    /// The project's folder.
    pub(crate) fn project(&self) -> &Path {
        &self.project
    }

    /// The user's home.
    pub(crate) fn home(&self) -> PathBuf {
        self.root().join("home")
    }

    /// Glide's home.
    pub(crate) fn glide_home(&self) -> PathBuf {
        self.home().join(".glide")
    }

    /// The folder for remote repositories.
    pub(crate) fn repos(&self) -> PathBuf {
        self.root().join("repos")
    }

    /// Writes a file of the project.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let files = [(path.to_owned(), FileSpec::text(text))];
        files::lay(&self.project, &files);
    }

    /// A file of the project, if it is there.
    pub(crate) fn read(&self, path: &str) -> Option<String> {
        text(&self.project.join(path))
    }

    /// What stands in vendor/: path to mode and digest, or where a link leads.
    pub(crate) fn vendor(&self) -> Option<BTreeMap<String, String>> {
        files::manifest(&self.project.join("vendor"))
    }

    /// The names in the project's folder, sorted.
    pub(crate) fn project_names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.project).unwrap();
        let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name();
        let names = entries.map(|entry| name(entry).to_string_lossy().into_owned());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    /// The program, ready to run in the project with the sandbox's environment and no other.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command
            .args(arguments)
            .current_dir(&self.project)
            .env_clear()
            .envs(&self.environment);
        command
    }

    /// Runs the program in the project.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        let limit = Duration::from_secs(120);
        process::run(&mut self.command(arguments), &Input::Empty, limit)
    }
}

fn in_gopath(import_path: &str) -> String {
    format!("gopath/src/{import_path}")
}

/// A file as text, if it is there.
pub(crate) fn text(path: &Path) -> Option<String> {
    let bytes = path.is_file().then(|| fs::read(path).unwrap())?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
