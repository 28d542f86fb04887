//! The table of exit codes in docs/src/exit-codes.md: each row is played, and none is missing.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::support::repo::{Commit, Remotes};
use crate::support::world::{PROJECT, World};

const LIBRARY: &str = "github.com/a/lib";

/// The rows: the code, and the commands that it is of.
fn rows() -> BTreeSet<(String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src/exit-codes.md");
    let page = fs::read_to_string(path).unwrap();
    let rows = page
        .lines()
        .skip_while(|line| !line.starts_with("| exit code |"));
    let rows = rows.skip(2).take_while(|line| line.starts_with('|'));
    let cells = |row: &str| {
        let cells: Vec<_> = row.split('|').map(|cell| cell.trim().to_owned()).collect();
        (cells[1].clone(), cells[2].replace('`', ""))
    };
    rows.map(cells).collect()
}

/// Plays rows and remembers which.
struct Played {
    world: World,
    rows: BTreeSet<(String, String)>,
}

impl Played {
    #[track_caller]
    fn row(&mut self, code: i32, of: &str, arguments: &[&str]) {
        let output = self.world.sandbox.run(arguments);
        let said = format!("{arguments:?}: {}{}", output.stdout, output.stderr);
        assert_eq!(output.exit, Some(code), "{said}");
        self.rows.insert((code.to_string(), of.to_owned()));
    }

    fn yaml(&self, version: &str) {
        let yaml =
            format!("package: {PROJECT}\nimport:\n- package: {LIBRARY}\n  version: {version}\n");
        self.world.sandbox.write("glide.yaml", &yaml);
    }

    fn plugin(&self, name: &str, text: &str, mode: u32) {
        self.world.sandbox.write(name, text);
        let path = self.world.sandbox.project().join(name);
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
}

#[test]
fn each_row_of_the_table_is_true_and_none_is_missing() {
    let (world, old) = World::new(|remotes: &mut Remotes| {
        let commit = Commit::new().file("x.go", "package lib\n");
        let old = remotes.commit(LIBRARY, &commit.tag("v1.0.0"));
        let newer = Commit::new().file("y.go", "package lib\n").tag("v1.1.0");
        remotes.commit(LIBRARY, &newer);
        old
    });
    let main = format!("package main\n\nimport _ \"{LIBRARY}\"\n\nfunc main() {{}}\n");
    world.sandbox.write("main.go", &main);
    let rows = BTreeSet::new();
    let mut played = Played { world, rows };
    played.yaml("^1.0.0");

    played.row(1, "list", &["list"]);
    played.row(2, "audit", &["audit"]);
    played.row(2, "outdated", &["outdated"]);
    played.row(1, "all", &["install", "--no-such-flag"]);
    played.row(1, "update --locked", &["update", "--locked"]);
    played.row(0, "all", &["update"]);
    played.row(0, "all", &["update", "--locked"]);
    played.row(1, "why", &["why", "github.com/nobody/x"]);

    played.world.pin(&[(LIBRARY, &old)]);
    played.row(1, "outdated --exit-code", &["outdated", "--exit-code"]);
    played.row(1, "update --locked", &["update", "--locked"]);
    played.yaml("^1.1.0");
    played.row(1, "install --locked", &["install", "--locked"]);
    played.row(1, "audit", &["audit", "drift"]);
    played.world.pin(&[(LIBRARY, &"1".repeat(40))]);
    played.row(1, "all", &["install"]);
    played.row(2, "outdated", &["outdated"]);

    played.row(1, "fmt --check", &["fmt", "--check", "main.yaml"]);
    played.row(2, "all", &["--yaml", "other.yaml", "install"]);
    played.row(2, "all", &["mirror", "set", "https://github.com/a/b"]);
    played.world.sandbox.write("glide.yaml", "package: [\n");
    played.row(3, "all but audit and outdated", &["install"]);
    played.row(1, "doctor", &["doctor"]);
    played.row(2, "audit", &["audit", "drift"]);
    played.row(2, "outdated", &["outdated"]);

    played.plugin("glide-broken", "#!/no/such/program\n", 0o755);
    played.row(98, "plugins", &["broken"]);
    played.row(99, "plugins", &["nobody-has-this"]);
    played.plugin("glide-ends", "#!/bin/sh\nexit 42\n", 0o755);
    played.row(42, "plugins and exec", &["ends"]);

    played.yaml("^1.0.0");
    played.plugin("nothing-to-run", "text", 0o644);
    played.row(126, "exec", &["exec", "--", "./nothing-to-run"]);
    played.row(127, "exec", &["exec", "--", "nobody-has-this"]);
    played.row(
        42,
        "plugins and exec",
        &["exec", "--", "sh", "-c", "exit 42"],
    );
    let conflict = "<<<<<<< ours\nhash: a\n=======\nhash: b\n>>>>>>> theirs\n";
    let pins = |id: &str| format!("- name: {LIBRARY}\n  version: {}\n", id.repeat(40));
    let lock = format!(
        "{conflict}updated: 2020-01-01T00:00:00Z\nimports:\n<<<<<<< ours\n{}=======\n{}>>>>>>> theirs\ntestImports: []\n",
        pins("1"),
        pins("2")
    );
    played.world.sandbox.write("glide.lock", &lock);
    played.row(1, "lock merge", &["lock", "merge"]);

    let mut expected = self::rows();
    // Signals are sent in `events`, git calls its driver in `lock_merge`; 42 is what any program may end with.
    for (code, of) in [
        ("129", "lock merge, called by git"),
        ("130", "all"),
        ("any", "plugins and exec"),
    ] {
        assert!(expected.remove(&(code.to_owned(), of.to_owned())));
    }
    played.rows.retain(|(code, _)| code != "42");
    assert_eq!(played.rows, expected);
}
