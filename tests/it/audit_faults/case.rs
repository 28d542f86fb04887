//! What a world is: a project, what is done to it, and what the audit has to find.
//!
//! Texts may name commits (`{log@v1.1.0}`, a tag, branch or label of github.com/acme/log) and the hash of
//! glide.yaml as it stands (`{hash}`), which is how a lock is right unless a world wants it otherwise.

use std::path::Path;

use super::kit::Kit;

/// A world.
#[derive(Clone)]
pub(crate) struct Case {
    /// What is planted, in a few words; no two worlds have the same.
    pub(crate) name: &'static str,
    /// The files of the project at first, as templates.
    pub(crate) files: Vec<(&'static str, String)>,
    /// What happens, in this order, before the audit that counts.
    pub(crate) acts: Vec<Act>,
    /// More arguments of that audit.
    pub(crate) arguments: Vec<&'static str>,
    /// The checks that run; all where there are none.
    pub(crate) checks: Vec<&'static str>,
    /// Whether the version of Go is told.
    pub(crate) tells_go: bool,
    /// What must be found, a line each: `severity rule package file:line subject`. The package of the
    /// project is `-`. A rule of files in vendor/ has these instead of a subject.
    pub(crate) findings: Vec<&'static str>,
    /// What more must be found without a network.
    pub(crate) offline: Vec<&'static str>,
    /// What could not be looked at: check, package (`-` for all) and a part of the reason.
    pub(crate) unchecked: Vec<(&'static str, &'static str, &'static str)>,
    /// What more cannot be looked at without a network, in the same form.
    pub(crate) unchecked_offline: Vec<(&'static str, &'static str, &'static str)>,
    /// The exit code, where it is not what the findings say.
    pub(crate) exit: Option<i32>,
    /// How many findings the policy, and the baseline, have set aside.
    pub(crate) aside: (u64, u64),
    /// What must not stand anywhere in what is written.
    pub(crate) secret: Option<&'static str>,
    /// A part of the message of an audit that cannot be made at all.
    pub(crate) refused: Option<&'static str>,
}

/// Something that is done to a world.
#[derive(Clone)]
pub(crate) enum Act {
    /// A file is written.
    Write(&'static str, String),
    /// A text in a file is exchanged for another, all over; it must be there.
    Replace(&'static str, String, String),
    /// A file or folder is removed.
    Remove(&'static str),
    /// A file becomes executable.
    Executable(&'static str),
    /// A symbolic link takes the place of what is there.
    Link(&'static str, &'static str),
    /// The program is run with these words, and succeeds.
    Run(&'static [&'static str]),
    /// An audit whose findings do not count.
    Audit,
    /// An audit whose report is kept and the baseline of what follows.
    Baseline,
    /// Something happens to a repository, or its host.
    Remote(fn(&Kit)),
    /// Something else is done to the project's folder.
    Folder(fn(&Path)),
}

const YAML: &str = "\
package: github.com/me/app
import:
- package: github.com/acme/log
  version: ^1.0.0
- package: github.com/acme/text
  version: v1.1.0
  subpackages:
  - wrap
testImport:
- package: github.com/acme/check
";

const LOCK: &str = "\
hash: {hash}
updated: 2020-01-01T00:00:00Z
imports:
- name: github.com/acme/log
  version: {log@v1.1.0}
- name: github.com/acme/text
  version: {text@v1.1.0}
  subpackages:
  - wrap
testImports:
- name: github.com/acme/check
  version: {check@v1.0.0}
";

impl Case {
    fn new(name: &'static str, files: Vec<(&'static str, String)>) -> Self {
        Self {
            name,
            files,
            acts: Vec::new(),
            arguments: Vec::new(),
            checks: Vec::new(),
            tells_go: true,
            findings: Vec::new(),
            offline: Vec::new(),
            unchecked: Vec::new(),
            unchecked_offline: Vec::new(),
            exit: None,
            aside: (0, 0),
            secret: None,
            refused: None,
        }
    }

    /// An application with two dependencies and one for its tests, all right. In its glide.lock `log` stands
    /// on line 4, `text` on 6, `check` on 11; in its glide.yaml on 3, 5 and 10.
    pub(crate) fn app(name: &'static str) -> Self {
        let main = "package main\n\nimport (\n\t_ \"fmt\"\n\n\t_ \"github.com/acme/log\"\n\t_ \
                    \"github.com/acme/text/wrap\"\n)\n\nfunc main() {}\n";
        let test = "package main\n\nimport _ \"github.com/acme/check\"\n";
        let files = [
            ("glide.yaml", YAML),
            ("glide.lock", LOCK),
            ("main.go", main),
            ("main_test.go", test),
        ];
        let files = files.map(|(path, text)| (path, text.to_owned()));
        Self::new(name, files.into())
    }

    /// The same, installed.
    pub(crate) fn installed(name: &'static str) -> Self {
        Self::app(name).run(&["--quiet", "install"])
    }

    /// An application that imports the packages at the top of repositories, given as `path@revision`; the first
    /// stands on line 4 of its glide.lock, each other two lines further.
    pub(crate) fn of(name: &'static str, pins: &[&str]) -> Self {
        let split = || pins.iter().map(|pin| pin.split_once('@').unwrap());
        let list = |entry: fn((&str, &str)) -> String| -> String { split().map(entry).collect() };
        let yaml = list(|(path, _)| format!("- package: {path}\n"));
        let lock =
            list(|(path, revision)| format!("- name: {path}\n  version: {{{path}@{revision}}}\n"));
        let imports = list(|(path, _)| format!("import _ \"{path}\"\n"));
        let files = vec![
            (
                "glide.yaml",
                format!("package: github.com/me/app\nimport:\n{yaml}"),
            ),
            (
                "glide.lock",
                format!(
                    "hash: {{hash}}\nupdated: 2020-01-01T00:00:00Z\nimports:\n{lock}testImports: []\n"
                ),
            ),
            (
                "main.go",
                format!("package main\n\n{imports}\nfunc main() {{}}\n"),
            ),
        ];
        Self::new(name, files)
    }

    /// The same, installed.
    pub(crate) fn installed_of(name: &'static str, pins: &[&str]) -> Self {
        Self::of(name, pins).run(&["--quiet", "install"])
    }

    fn act(mut self, act: Act) -> Self {
        self.acts.push(act);
        self
    }

    pub(crate) fn write(self, path: &'static str, text: impl Into<String>) -> Self {
        self.act(Act::Write(path, text.into()))
    }

    pub(crate) fn replace(
        self,
        path: &'static str,
        from: impl Into<String>,
        to: impl Into<String>,
    ) -> Self {
        self.act(Act::Replace(path, from.into(), to.into()))
    }

    pub(crate) fn yaml(self, from: &'static str, to: &'static str) -> Self {
        self.replace("glide.yaml", from, to)
    }

    pub(crate) fn lock(self, from: &'static str, to: &'static str) -> Self {
        self.replace("glide.lock", from, to)
    }

    /// glide.lock carries the hash of another glide.yaml.
    pub(crate) fn stale(self) -> Self {
        self.replace("glide.lock", "{hash}", "c0ffee".repeat(10) + "c0ff")
    }

    pub(crate) fn remove(self, path: &'static str) -> Self {
        self.act(Act::Remove(path))
    }

    pub(crate) fn executable(self, path: &'static str) -> Self {
        self.act(Act::Executable(path))
    }

    pub(crate) fn link(self, path: &'static str, to: &'static str) -> Self {
        self.act(Act::Link(path, to))
    }

    pub(crate) fn run(self, words: &'static [&'static str]) -> Self {
        self.act(Act::Run(words))
    }

    pub(crate) fn audited(self) -> Self {
        self.act(Act::Audit)
    }

    pub(crate) fn baseline(self) -> Self {
        self.act(Act::Baseline)
    }

    pub(crate) fn remote(self, happens: fn(&Kit)) -> Self {
        self.act(Act::Remote(happens))
    }

    pub(crate) fn folder(self, happens: fn(&Path)) -> Self {
        self.act(Act::Folder(happens))
    }

    /// A glide-audit.toml.
    pub(crate) fn policy(self, text: &'static str) -> Self {
        self.write("glide-audit.toml", text)
    }

    pub(crate) fn with(mut self, arguments: &[&'static str]) -> Self {
        self.arguments.extend(arguments);
        self
    }

    pub(crate) fn only(mut self, checks: &[&'static str]) -> Self {
        self.checks.extend(checks);
        self
    }

    pub(crate) fn without_go(mut self) -> Self {
        self.tells_go = false;
        self
    }

    pub(crate) fn finds(mut self, line: &'static str) -> Self {
        self.findings.push(line);
        self
    }

    pub(crate) fn finds_offline(mut self, line: &'static str) -> Self {
        self.offline.push(line);
        self
    }

    pub(crate) fn unchecked(
        mut self,
        check: &'static str,
        package: &'static str,
        part: &'static str,
    ) -> Self {
        self.unchecked.push((check, package, part));
        self
    }

    pub(crate) fn unchecked_offline(mut self, check: &'static str, package: &'static str) -> Self {
        self.unchecked_offline.push((check, package, ""));
        self
    }

    pub(crate) fn exits(mut self, code: i32) -> Self {
        self.exit = Some(code);
        self
    }

    pub(crate) fn set_aside(mut self, count: u64) -> Self {
        self.aside.0 = count;
        self
    }

    pub(crate) fn in_baseline(mut self, count: u64) -> Self {
        self.aside.1 = count;
        self
    }

    pub(crate) fn hides(mut self, secret: &'static str) -> Self {
        self.secret = Some(secret);
        self
    }

    pub(crate) fn refused(mut self, part: &'static str) -> Self {
        self.refused = Some(part);
        self
    }

    /// Whether nothing is wrong with it.
    pub(crate) fn is_clean(&self) -> bool {
        self.findings.is_empty() && self.unchecked.is_empty() && self.refused.is_none()
    }

    /// The exit code that it has to have: that of its findings, unless it is told otherwise.
    pub(crate) fn exit_code(&self) -> i32 {
        let counts = |line: &&str| !line.starts_with("note ");
        match self.exit {
            Some(code) => code,
            None if self.findings.iter().any(counts) => 1,
            None if self.unchecked.is_empty() && self.refused.is_none() => 0,
            None => 2,
        }
    }
}
