//! A sandbox, remotes and their server in one, for tests that are written by hand.

use super::repo::{Commit, Remotes};
use super::sandbox::Sandbox;
use super::server::{Handler, Server, Site};

/// The project of every such test.
pub(crate) const PROJECT: &str = "github.com/me/app";

/// Remote repositories being served, and a project beside them.
pub(crate) struct World {
    /// Where the program runs.
    pub(crate) sandbox: Sandbox,
    /// What is served.
    pub(crate) remotes: Remotes,
    /// Who serves it.
    pub(crate) server: Server,
}

impl World {
    /// Builds the remotes with `build`, then serves them; what `build` gives comes back.
    pub(crate) fn new<T>(build: impl FnOnce(&mut Remotes) -> T) -> (Self, T) {
        Self::within(Sandbox::new(PROJECT), build)
    }

    /// The same around a given sandbox.
    pub(crate) fn within<T>(sandbox: Sandbox, build: impl FnOnce(&mut Remotes) -> T) -> (Self, T) {
        Self::with_handler(sandbox, None, build)
    }

    /// The same with a handler that is asked before the server answers.
    pub(crate) fn with_handler<T>(
        mut sandbox: Sandbox,
        handler: Option<Handler>,
        build: impl FnOnce(&mut Remotes) -> T,
    ) -> (Self, T) {
        let mut remotes = Remotes::new(&sandbox.repos());
        let result = build(&mut remotes);
        let folder = sandbox.root().join("tls");
        let server = Server::with_handler(&folder, Site::of(&remotes), handler);
        sandbox.use_server(&server);
        sandbox.write("glide.yaml", &format!("package: {PROJECT}\nimport: []\n"));
        let world = Self {
            sandbox,
            remotes,
            server,
        };
        (world, result)
    }

    /// Writes the project's glide.lock.
    pub(crate) fn pin(&self, pins: &[(&str, &str)]) {
        self.sandbox.write("glide.lock", &lock(pins));
    }
}

/// A glide.lock that pins names to commits. Its hash is that of no glide.yaml, which is a warning.
pub(crate) fn lock(pins: &[(&str, &str)]) -> String {
    let entry = |(name, id): &(&str, &str)| format!("- name: {name}\n  version: {id}\n");
    let entries: String = pins.iter().map(entry).collect();
    let imports = if pins.is_empty() {
        " []\n".to_owned()
    } else {
        format!("\n{entries}")
    };
    format!("hash: 00\nupdated: 2020-01-01T00:00:00Z\nimports:{imports}testImports: []\n")
}

/// A repository of `files` small files in folders, different for each `salt`.
pub(crate) fn sizeable(files: usize, salt: usize) -> Commit {
    let mut commit = Commit::new();
    for number in 0..files {
        let path = format!("pkg{}/file{number}.go", number % 7);
        let text = format!("package pkg\n\nconst N = {}\n", number * 1000 + salt);
        commit = commit.file(&path, text.repeat(1 + number % 40));
    }
    commit
        .executable("tools/run", "#!/bin/sh\n")
        .link("latest", "pkg0")
}
