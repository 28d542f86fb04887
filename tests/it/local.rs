//! The commands that only look: at the project, at vendor/, at GOPATH. They need no network, no Go
//! and no glide.yaml, and end cleanly whatever they find.

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::process::{self, Input, Output};
use crate::support::sandbox::Sandbox;

const MANIFEST: &str = "package: github.com/me/app\nimport: []\n";
const LOG: &str = "vendor/github.com/acme/log/log.go";

/// Go source that imports these paths.
fn go(package: &str, imports: &[&str]) -> String {
    let line = |import: &&str| format!("import _ \"{import}\"\n");
    let imports: String = imports.iter().map(line).collect();
    format!("package {package}\n\n{imports}")
}

fn project(files: &[(&str, &str, &[&str])]) -> Sandbox {
    let sandbox = Sandbox::new("github.com/me/app");
    for (path, package, imports) in files {
        sandbox.write(path, &go(package, imports));
    }
    sandbox
}

fn run_in(sandbox: &Sandbox, folder: &Path, arguments: &[&str]) -> Output {
    let limit = Duration::from_secs(60);
    let mut command = sandbox.command(arguments);
    process::run(command.current_dir(folder), &Input::Empty, limit)
}

/// Both streams, with the sandbox's folder as `ROOT`.
fn shown(sandbox: &Sandbox, output: &Output) -> (String, String) {
    let root = sandbox.root().display().to_string();
    let stream = |text: &str| text.replace(&root, "ROOT");
    (stream(&output.stdout), stream(&output.stderr))
}

#[test]
fn a_missing_package_is_listed_with_who_imports_it() {
    let sandbox = project(&[
        (
            "main.go",
            "main",
            &["github.com/acme/log", "github.com/no/x"],
        ),
        ("a/b/b.go", "b", &["github.com/no/y"]),
        (LOG, "log", &["github.com/no/x", "github.com/no/z"]),
    ]);
    let output = sandbox.run(&["list"]);
    assert_eq!(output.exit, Some(1));
    assert_eq!(
        output.stdout,
        "INSTALLED packages:\n\tgithub.com/acme/log\n\n\
         MISSING packages:\n\tgithub.com/no/x\n\tgithub.com/no/y\n\tgithub.com/no/z\n"
    );
    for words in [
        "Package github.com/no/x is not installed; `./` imports it",
        "Package github.com/no/y is not installed; `./a/b` imports it",
        "Package github.com/no/z is not installed; `github.com/acme/log` imports it",
        "`glide-rs install`",
    ] {
        assert!(output.stderr.contains(words), "{words}: {}", output.stderr);
    }
}

#[test]
fn a_project_outside_of_gopath_knows_its_own_packages_by_glide_yaml() {
    let sandbox = Sandbox::new("github.com/me/app");
    let folder = sandbox.root().join("elsewhere");
    let lay = |path: &str, text: &str| {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    lay("glide.yaml", "package: github.com/my/own\n");
    lay("main.go", &go("main", &["github.com/my/own/a", "fmt"]));
    lay("a/a.go", &go("a", &["github.com/acme/log"]));
    lay(LOG, &go("log", &["github.com/my/own"]));
    for (below, first) in [("", "github.com/my/own"), ("a", "github.com/my/own/a")] {
        let folder = folder.join(below);
        let list = run_in(&sandbox, &folder, &["list"]).success();
        assert_eq!(list.stdout, "INSTALLED packages:\n\tgithub.com/acme/log\n");
        let tree = run_in(&sandbox, &folder, &["tree"]).success();
        assert_eq!(tree.stdout.lines().next(), Some(first));
        assert!(!tree.stdout.contains("glide get"), "{}", tree.stdout);
    }
    let output = run_in(&sandbox, &folder, &["novendor"]).success();
    assert_eq!(output.stdout, "./a/...\n.\n");
}

#[test]
fn a_way_through_links_leads_to_the_same_place_in_gopath() {
    let sandbox = project(&[
        ("main.go", "main", &["github.com/me/app/own"]),
        ("own/own.go", "own", &[]),
    ]);
    let linked = sandbox.root().join("linked");
    symlink(sandbox.root().join("gopath"), &linked).unwrap();
    let folder = linked.join("src/github.com/me/app");
    for pwd in [
        &folder,
        sandbox.project(),
        Path::new("/"),
        Path::new("own/.."),
    ] {
        let run = |arguments: &[&str]| {
            let mut command = sandbox.command(arguments);
            command.current_dir(&folder).env("PWD", pwd);
            process::run(&mut command, &Input::Empty, Duration::from_secs(60)).success()
        };
        assert_eq!(run(&["list"]).stdout, "INSTALLED packages:\n");
        let tree = shown(&sandbox, &run(&["tree"])).0;
        let own = "ROOT/gopath/src/github.com/me/app/own";
        assert_eq!(
            tree,
            format!("github.com/me/app\n|-- github.com/me/app/own   ({own})\n")
        );
    }
}

#[test]
fn things_that_are_no_files_are_told_and_never_opened() {
    let sandbox = project(&[
        ("main.go", "main", &["github.com/acme/log"]),
        (LOG, "log", &[]),
    ]);
    let pipe = sandbox.project().join("vendor/github.com/acme/log/z.go");
    assert!(Command::new("mkfifo").arg(pipe).status().unwrap().success());
    let output = sandbox.run(&["list"]);
    assert_eq!(output.exit, Some(1));
    let words = "Error scanning github.com/acme/log: read z.go: it is not an ordinary file";
    assert!(output.stderr.contains(words), "{}", output.stderr);
    let tree = sandbox.run(&["tree"]).success();
    assert_eq!(tree.stdout.lines().count(), 2);
    assert!(
        tree.stderr.contains("not an ordinary file"),
        "{}",
        tree.stderr
    );
    assert_eq!(sandbox.run(&["novendor"]).success().stdout, ".\n");
}

#[test]
fn links_that_lead_in_circles_are_not_followed() {
    let sandbox = project(&[
        (
            "main.go",
            "main",
            &["github.com/acme/log", "github.com/acme/loop"],
        ),
        (LOG, "log", &["github.com/acme/log/self"]),
    ]);
    let vendor = sandbox.project().join("vendor/github.com/acme");
    symlink(".", sandbox.project().join("again")).unwrap();
    symlink(".", vendor.join("log/self")).unwrap();
    symlink("loop", vendor.join("loop")).unwrap();
    let list = sandbox.run(&["list"]);
    assert_eq!(list.exit, Some(1));
    assert!(
        list.stdout
            .contains("MISSING packages:\n\tgithub.com/acme/loop\n")
    );
    let tree = shown(&sandbox, &sandbox.run(&["tree"]).success()).0;
    let log = "ROOT/gopath/src/github.com/me/app/vendor/github.com/acme/log";
    assert_eq!(
        tree,
        format!(
            "github.com/me/app\n|-- github.com/acme/log   ({log})\n\
             |\t|-- github.com/acme/log/self   ({log}/self)\n\
             \tgithub.com/acme/loop\t(glide get github.com/acme/loop)\n"
        )
    );
    assert_eq!(sandbox.run(&["novendor"]).success().stdout, ".\n");
}

#[test]
fn folders_with_odd_names_are_passed_on_byte_for_byte() {
    let sandbox = project(&[("100%d/x.go", "x", &[]), ("e\u{1b}[2J/x.go", "x", &[])]);
    assert_eq!(
        sandbox.run(&["novendor"]).success().stdout,
        "./100%d/...\n./e\u{1b}[2J/...\n"
    );
    let absolute = sandbox.project().display().to_string();
    let output = sandbox.run(&["nv", "-x", "-d", &absolute]).success();
    assert_eq!(
        shown(&sandbox, &output).0,
        "ROOT/gopath/src/github.com/me/app/100%d/\nROOT/gopath/src/github.com/me/app/e\u{1b}[2J/\n"
    );
}

#[test]
fn a_folder_to_list_that_is_not_there_ends_in_2() {
    let sandbox = project(&[]);
    let output = sandbox.run(&["novendor", "--dir", "nowhere"]);
    assert_eq!((output.exit, output.stdout.as_str()), (Some(2), ""));
    assert!(
        output.stderr.contains("Failed to walk file tree"),
        "{}",
        output.stderr
    );
    assert!(output.stderr.contains("nowhere"), "{}", output.stderr);
}

/// Packages in layers, each of which imports all of the next: a tree of 20 to the power of 12 lines.
fn endless() -> Sandbox {
    let sandbox = Sandbox::new("github.com/me/app");
    let layer = |layer: usize| -> Vec<String> {
        (0..20)
            .map(|n| format!("github.com/l{layer}/p{n}"))
            .collect()
    };
    let source = |imports: &[String]| {
        let imports: Vec<_> = imports.iter().map(String::as_str).collect();
        go("p", &imports)
    };
    sandbox.write("main.go", &source(&layer(0)));
    for number in 0..12 {
        let below = if number < 11 {
            layer(number + 1)
        } else {
            Vec::new()
        };
        for path in layer(number) {
            sandbox.write(&format!("vendor/{path}/p.go"), &source(&below));
        }
    }
    sandbox
}

#[test]
fn a_tree_without_end_is_written_as_it_is_read_and_ends_with_its_reader() {
    let sandbox = endless();
    let mut command = sandbox.command(&["--quiet", "tree"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut head = vec![0; 8 << 20];
    child.stdout.take().unwrap().read_exact(&mut head).unwrap();
    // Its reader is gone now.
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(!said.contains("[ERROR]"), "{said}");
    assert!(head.starts_with(b"github.com/me/app\n|-- github.com/l0/p0   ("));
    let list = sandbox.run(&["list"]).success();
    assert_eq!(list.stdout.lines().count(), 1 + 12 * 20);
}

#[test]
fn a_tree_holds_each_package_once() {
    let sandbox = endless();
    let script = "ulimit -v 200000; \"$0\" --quiet tree 2>&1 | head -c 50000000 | tail -c 10";
    let program = sandbox.command(&[]).get_program().to_owned();
    let mut command = Command::new("bash");
    command.args(["-c", script]).arg(program);
    let environment = sandbox.command(&[]);
    for (name, value) in environment.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    command.current_dir(sandbox.project());
    let output = process::run(&mut command, &Input::Empty, Duration::from_secs(60)).success();
    assert_eq!(output.stdout.len(), 10);
}

#[test]
fn a_chain_of_imports_may_be_long() {
    let sandbox = Sandbox::new("github.com/me/app");
    sandbox.write("main.go", &go("main", &["h.x/c0"]));
    for number in 0..2000 {
        let next = format!("h.x/c{}", (number + 1) % 2000);
        sandbox.write(&format!("vendor/h.x/c{number}/c.go"), &go("c", &[&next]));
    }
    let tree = sandbox.run(&["tree"]).success();
    assert_eq!(tree.stdout.lines().count(), 2002);
    let last = tree.stdout.lines().last().unwrap();
    assert!(last.contains("|-- (Recursion) h.x/c0   ("), "{last}");
}

#[test]
fn what_standard_output_does_not_take_is_an_error() {
    let sandbox = project(&[("main.go", "main", &["github.com/no/x"])]);
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let mut command = sandbox.command(&["tree"]);
    let output = command.stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("cannot write to standard output"), "{said}");
}

#[test]
fn what_only_looks_asks_no_host() {
    let mut sandbox = project(&[("main.go", "main", &["corp.example/x/y"])]);
    sandbox.write(
        "glide.yaml",
        "package: vanity.example/me/app\nimport:\n- package: corp.example/x/y\n",
    );
    // Nothing listens there.
    sandbox.set("https_proxy", "http://127.0.0.1:1");
    assert_eq!(
        sandbox.run(&["name"]).success().stdout,
        "vanity.example/me/app\n"
    );
    assert_eq!(
        sandbox.run(&["info", "-f", "%n"]).success().stdout,
        "vanity.example/me/app\n"
    );
    for command in ["list", "tree", "novendor", "rebuild", "about"] {
        let output = sandbox.run(&[command]);
        assert!(
            !output.stderr.contains("127.0.0.1"),
            "{command}: {}",
            output.stderr
        );
        assert!(output.took < Duration::from_secs(5), "{command}");
    }
    assert!(!sandbox.glide_home().join("cache").exists());
}

#[test]
fn info_without_a_format_shows_its_help_and_needs_no_project() {
    let sandbox = project(&[]);
    let output = sandbox.run(&["info"]).success();
    assert!(
        output.stdout.contains("Usage: glide-rs info"),
        "{}",
        output.stdout
    );
    assert!(
        output.stdout.contains("%n name, %d description"),
        "{}",
        output.stdout
    );
    assert_eq!(output.stderr, "");
    sandbox.write("glide.yaml", MANIFEST);
    assert_eq!(sandbox.run(&["info", "-f", ""]).success().stdout, "\n");
}

#[test]
fn about_tells_what_this_is() {
    let output = project(&[]).run(&["about"]).success();
    for words in [
        env!("CARGO_PKG_VERSION"),
        "Glide 0.13.3",
        "MIT",
        "CHANGELOG.md",
    ] {
        assert!(output.stdout.contains(words), "{words}");
    }
}

/// A program in place of `go` that writes down how it is called.
fn fake_go(sandbox: &mut Sandbox, body: &str) {
    let program = sandbox.root().join("fake go");
    let log = sandbox.root().join("calls");
    let script = format!(
        "#!/bin/sh\nprintf '%s|' \"$PWD\" \"$@\" >> '{}'\n{body}\n",
        log.display()
    );
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    sandbox.set("GLIDE_GO_EXECUTABLE", program);
}

const LISTED: &str = "package: github.com/me/app\nimport:\n- package: github.com/acme/log\n\
    - package: github.com/acme/kit\n  subpackages:\n  - a\n  - '...'\n  - gone\n\
    - package: -toolexec=x\n- package: ../../evil\n";

#[test]
fn rebuild_runs_go_in_the_project_on_folders_of_vendor() {
    let mut sandbox = project(&[
        (LOG, "log", &[]),
        ("vendor/github.com/acme/kit/a/a.go", "a", &[]),
        ("vendor/-toolexec=x/x.go", "x", &[]),
        ("sub/s.go", "s", &[]),
    ]);
    sandbox.write("glide.yaml", LISTED);
    fake_go(
        &mut sandbox,
        "echo \"it is wrong: $2\" >&2; case $2 in *log) exit 2;; esac",
    );
    let folder = sandbox.project().join("sub");
    let output = run_in(&sandbox, &folder, &["rebuild"]).success();
    let calls = fs::read_to_string(sandbox.root().join("calls")).unwrap();
    let folder = sandbox.project().display().to_string();
    assert_eq!(
        calls.replace(&folder, "HERE"),
        "HERE|install|./vendor/github.com/acme/log|HERE|install|./vendor/github.com/acme/kit/a|\
         HERE|install|./vendor/github.com/acme/kit/...|HERE|install|./vendor/-toolexec=x|"
    );
    for words in [
        "Running go build github.com/acme/log",
        "Failed to run 'go install' for github.com/acme/log: it is wrong: ./vendor/github.com/acme/log",
        "Error resolving packages: there is no `vendor/github.com/acme/kit/gone`",
        "Failed to build ../../evil",
    ] {
        assert!(output.stderr.contains(words), "{words}: {}", output.stderr);
    }
    assert!(
        !output
            .stderr
            .contains("wrong: ./vendor/github.com/acme/kit")
    );
}

#[test]
fn rebuild_without_go_says_how_to_get_it() {
    let mut sandbox = project(&[]);
    sandbox.write("glide.yaml", MANIFEST);
    sandbox.set("PATH", "");
    let output = sandbox.run(&["rebuild"]).success();
    assert!(
        output
            .stderr
            .contains("No dependencies found. Nothing built.")
    );
    sandbox.write("glide.yaml", LISTED);
    let output = sandbox.run(&["rebuild"]);
    assert_eq!(output.exit, Some(1));
    for words in ["the program `go` is not there", "GLIDE_GO_EXECUTABLE"] {
        assert!(output.stderr.contains(words), "{}", output.stderr);
    }
    // Not even where the working folder is on PATH is a program run from there.
    sandbox.write("go", "#!/bin/sh\ntouch ran\n");
    let program = sandbox.project().join("go");
    fs::set_permissions(program, fs::Permissions::from_mode(0o755)).unwrap();
    sandbox.set("PATH", ":.");
    assert_eq!(sandbox.run(&["rebuild"]).exit, Some(1));
    assert_eq!(sandbox.read("ran"), None);
}
