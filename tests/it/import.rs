//! `import`: what other managers' files list, in front of the person and in glide.yaml; and what
//! dependencies' own files of these kinds do to `update`.

use std::fs;
use std::os::unix::fs::symlink;

use crate::support::repo::Commit;
use crate::support::sandbox::Sandbox;
use crate::support::world::{PROJECT, World};

const YAML: &str = "# mine\npackage: github.com/me/app\n\nimport:\n  # held\n  - package: github.com/acme/log\n    version: ^1.0.0 # why\n";

/// A project with a glide.yaml and these files.
fn project(files: &[(&str, &str)]) -> Sandbox {
    let sandbox = Sandbox::new(PROJECT);
    sandbox.write("glide.yaml", YAML);
    for (path, text) in files {
        sandbox.write(path, text);
    }
    sandbox
}

/// What `import KIND` makes of the files: standard output behind what was there, and the warnings.
#[track_caller]
fn check(kind: &str, files: &[(&str, &str)], added: &str, warnings: &[&str]) {
    let sandbox = project(files);
    let output = sandbox.run(&["import", kind]).success();
    let before =
        "package: github.com/me/app\nimport:\n- package: github.com/acme/log\n  version: ^1.0.0\n";
    assert_eq!(output.stdout, format!("{before}{added}"));
    let warned = output
        .stderr
        .lines()
        .filter_map(|line| line.strip_prefix("[WARN]\t"));
    assert_eq!(warned.collect::<Vec<_>>(), warnings);
    assert_eq!(sandbox.read("glide.yaml").unwrap(), YAML);
}

#[test]
fn what_glide_does_not_know_is_shown_in_its_words() {
    check(
        "dep",
        &[
            (
                "Gopkg.toml",
                "[[constraint]]\nname = 'github.com/acme/kit'\nversion = '0.2.1'\n\
                 [[override]]\nname = 'github.com/acme/old'\nrevision = 'abc'\nsource = 'github.com/me/old'\n",
            ),
            (
                "Gopkg.lock",
                "[[projects]]\nname = 'github.com/acme/net'\npackages = ['.', 'http']\nrevision = '1e5a'\n",
            ),
        ],
        "- package: github.com/acme/kit\n  version: '>=0.2.1, <0.3.0'\n\
         - package: github.com/acme/old\n  version: abc\n  repo: https://github.com/me/old\n\
         - package: github.com/acme/net\n  version: 1e5a\n  subpackages:\n  - http\n",
        &[],
    );
}

#[test]
fn each_kind_has_a_name() {
    let json = r#"{"package": [{"path": "github.com/acme/kit/x", "revision": "abc"}]}"#;
    let kit = |rest: &str| format!("- package: github.com/acme/kit\n  version: abc\n{rest}");
    check(
        "govendor",
        &[("vendor/vendor.json", json)],
        &kit("  subpackages:\n  - x\n"),
        &[],
    );
    for kind in ["vndr", "trash"] {
        let text = "github.com/acme/kit abc https://x.y/kit\n";
        check(
            kind,
            &[("vendor.conf", text)],
            &kit("  repo: https://x.y/kit\n"),
            &[],
        );
    }
    check(
        "gomod",
        &[(
            "go.mod",
            "module github.com/me/app\nrequire github.com/acme/kit/v2 v2.1.0\nexclude a.b/c v1.0.0\n",
        )],
        "- package: github.com/acme/kit\n  version: v2.1.0\n",
        &["go.mod: `exclude a.b/c v1.0.0` cannot be said in a glide.yaml"],
    );
}

#[test]
fn glide_yaml_keeps_what_the_person_wrote() {
    let gopkg = "ignored = ['github.com/a/bad/*', 'github.com/me/app/examples/*']\n\
                 [[constraint]]\nname = 'github.com/acme/kit'\nversion = '1.2'\n";
    let sandbox = project(&[("Gopkg.toml", gopkg), ("sub/x.go", "package sub\n")]);
    let mut command = sandbox.command(&["import", "dep", "-f", "../glide.yaml"]);
    assert!(
        command
            .current_dir(sandbox.project().join("sub"))
            .status()
            .unwrap()
            .success()
    );
    let (head, list) = YAML.split_once("import:").unwrap();
    let ignored = "ignore:\n- github.com/a/bad\nexcludeDirs:\n- examples\n";
    let added = "  - package: github.com/acme/kit\n    version: ^1.2\n";
    let expected = format!("{head}{ignored}import:{list}{added}");
    assert_eq!(sandbox.read("glide.yaml").unwrap(), expected);
    // Once more, and nothing is left to do.
    sandbox
        .run(&["import", "dep", "-f", "glide.yaml"])
        .success();
    assert_eq!(sandbox.read("glide.yaml").unwrap(), expected);
}

#[test]
fn another_file_is_glides_and_written_where_it_was_named() {
    let sandbox = project(&[
        ("Godeps", "github.com/acme/kit v1\n"),
        ("sub/out.yaml", "old"),
    ]);
    let mut command = sandbox.command(&["import", "gpm", "--file", "out.yaml"]);
    assert!(
        command
            .current_dir(sandbox.project().join("sub"))
            .status()
            .unwrap()
            .success()
    );
    let out = sandbox.read("sub/out.yaml").unwrap();
    assert!(out.starts_with("package: github.com/me/app\nimport:\n") && !out.contains('#'));
    symlink("glide.yaml", sandbox.project().join("link.yaml")).unwrap();
    sandbox.run(&["import", "gpm", "-f", "link.yaml"]).success();
    let yaml = sandbox.read("glide.yaml").unwrap();
    assert!(
        yaml.starts_with(YAML) && yaml.contains("acme/kit"),
        "{yaml}"
    );
    assert!(
        fs::symlink_metadata(sandbox.project().join("link.yaml"))
            .unwrap()
            .is_symlink()
    );
}

#[test]
fn the_project_itself_and_what_is_ignored_do_not_get_in() {
    let sandbox = project(&[("Godeps", "github.com/me/app/x v1\ngithub.com/a/b v1\n")]);
    let yaml = "package: github.com/me/app # x\nignore: [github.com/a/b]\nimport: []\n";
    sandbox.write("glide.yaml", yaml);
    let output = sandbox
        .run(&["import", "gpm", "-f", "glide.yaml"])
        .success();
    assert!(
        output
            .stderr
            .contains("github.com/a/b is ignored in glide.yaml"),
        "{}",
        output.stderr
    );
    assert_eq!(sandbox.read("glide.yaml").unwrap(), yaml);
}

/// Checks how a run fails, and that it leaves everything as it was.
#[track_caller]
fn check_refused(sandbox: &Sandbox, arguments: &[&str], code: i32, words: &str) {
    let before = (sandbox.read("glide.yaml"), sandbox.project_names());
    let output = sandbox.run(arguments);
    assert_eq!(output.exit, Some(code), "{}", output.stderr);
    assert!(output.stderr.contains(words), "{words}: {}", output.stderr);
    assert_eq!(output.stdout, "");
    assert_eq!(
        (sandbox.read("glide.yaml"), sandbox.project_names()),
        before
    );
}

#[test]
fn where_there_is_nothing_to_import_it_fails() {
    let sandbox = project(&[]);
    for (kind, words) in [
        ("godep", "No Godep data found."),
        ("gpm", "No GPM Godeps file found."),
        ("gb", "There is no GB manifest to import."),
        ("gom", "No gom data found."),
        ("dep", "There is no Gopkg.toml to import."),
        ("govendor", "There is no vendor/vendor.json to import."),
        ("vndr", "There is no vendor.conf to import."),
        ("gomod", "There is no go.mod to import."),
    ] {
        check_refused(&sandbox, &["import", kind], 1, words);
    }
    // A file in place of a folder, a folder in place of a file, what is neither, a link to nowhere.
    sandbox.write("vendor", "x");
    fs::create_dir(sandbox.project().join("Gopkg.toml")).unwrap();
    symlink("/dev/zero", sandbox.project().join("go.mod")).unwrap();
    symlink("nowhere", sandbox.project().join("vendor.conf")).unwrap();
    for kind in ["gb", "govendor", "dep", "gomod", "vndr"] {
        check_refused(&sandbox, &["import", kind], 1, "to import.");
    }
    fs::remove_file(sandbox.project().join("glide.yaml")).unwrap();
    check_refused(&sandbox, &["import", "gpm"], 2, "Failed to find glide.yaml");
    sandbox.write("glide.yaml", "import: 1\n");
    check_refused(&sandbox, &["import", "gpm"], 3, "Failed to parse");
}

#[test]
fn hostile_files_are_refused_with_their_name() {
    let deep = format!("a = {}", "[".repeat(200_000));
    for (kind, path, text, words) in [
        (
            "godep",
            "Godeps/Godeps.json",
            "\u{feff}{}",
            "Godeps/Godeps.json:1:1: expected value",
        ),
        (
            "gb",
            "vendor/manifest",
            "{\"dependencies\": 1}",
            "Failed to extract GB manifest",
        ),
        ("dep", "Gopkg.toml", deep.as_str(), "Gopkg.toml:1: "),
        (
            "dep",
            "Gopkg.toml",
            "[[constraint]]\nname = 1\n",
            "`name` must be a text",
        ),
        (
            "govendor",
            "vendor/vendor.json",
            "\0",
            "vendor/vendor.json:1:1: ",
        ),
        (
            "vndr",
            "vendor.conf",
            "a b c d\n",
            "vendor.conf:1: more words",
        ),
        (
            "gomod",
            "go.mod",
            "require (\n",
            "go.mod:1: a block has no end",
        ),
        (
            "gpm",
            "Godeps",
            "github.com/acme/log v2\n",
            "Failed to add imports",
        ),
    ] {
        let sandbox = project(&[(path, text)]);
        for arguments in [&["import", kind][..], &["import", kind, "-f", "glide.yaml"]] {
            check_refused(&sandbox, arguments, 1, words);
        }
    }
    let sandbox = project(&[("vendor.conf", "a.b/c\u{1b}[31m v1 x=\u{7}y a=\u{7}\n")]);
    let output = sandbox.run(&["import", "vndr"]);
    assert!(
        !output.stderr.contains(['\u{1b}', '\u{7}']),
        "{}",
        output.stderr
    );
}

#[test]
fn only_files_are_written() {
    let sandbox = project(&[("Godeps", "github.com/acme/kit v1\n"), ("folder/x", "")]);
    for (file, words) in [
        ("folder", "is a folder"),
        ("/dev/null", "is no file"),
        ("no/such/folder.yaml", "Failed to write glide.yaml"),
    ] {
        check_refused(&sandbox, &["import", "gpm", "-f", file], 1, words);
    }
}

/// A repository with one package that imports others.
fn package(name: &str, imports: &[&str]) -> Commit {
    let mut text = format!("package {name}\n\n");
    for import in imports {
        text.extend(["import _ \"", import, "\"\n"]);
    }
    Commit::new().file(&format!("{name}.go"), text)
}

/// Has the project list and import web. What is only imported is not asked what it needs, as with Glide.
fn listing_web(world: &World) {
    let main = "package main\n\nimport _ \"github.com/acme/web\"\n";
    world.sandbox.write("main.go", main);
    let yaml = format!("package: {PROJECT}\nimport:\n- package: github.com/acme/web\n");
    world.sandbox.write("glide.yaml", &yaml);
}

/// A project that imports web, which imports kit and says by a file of its own which.
#[track_caller]
fn check_declared(file: &str, text: &str, expected: usize) {
    let (world, kits) = World::new(|remotes| {
        let web = package("web", &["github.com/acme/kit"])
            .file("more/more.go", "package more\n".to_owned())
            .file(file, text.to_owned());
        remotes.commit("github.com/acme/web", &web);
        ["v1.0.0", "v1.1.0", "v2.0.0"].map(|tag| {
            let kit = package("kit", &[]).file("version", tag.to_owned()).tag(tag);
            remotes.commit("github.com/acme/kit", &kit)
        })
    });
    listing_web(&world);
    let locked = |arguments: &[&str]| {
        world.sandbox.run(arguments).success();
        let lock = world.sandbox.read("glide.lock").unwrap();
        let at = kits.iter().position(|kit| lock.contains(kit.as_str()));
        at.expect("the lock has a kit")
    };
    assert_eq!(locked(&["update"]), 2, "{file}: Glide does not look at it");
    assert_eq!(locked(&["update", "--import-all"]), expected, "{file}");
    fs::remove_file(world.sandbox.project().join("glide.lock")).unwrap();
    assert_eq!(locked(&["install", "--import-all"]), expected, "{file}");
    let got = ["get", "--import-all", "--non-interactive"];
    let got = [&got[..], &["github.com/acme/web/more"]].concat();
    assert_eq!(locked(&got), expected, "{file}");
}

#[test]
fn dependencies_files_count_where_that_is_asked_for() {
    let constraint = "[[constraint]]\nname = 'github.com/acme/kit'\nversion = '1.0.0'\n";
    check_declared("Gopkg.toml", constraint, 1);
    let json = r#"{"package": [{"path": "github.com/acme/kit", "revision": "v1.0.0"}]}"#;
    check_declared("vendor/vendor.json", json, 0);
    check_declared("vendor.conf", "github.com/acme/kit v1.1.0\n", 1);
    check_declared(
        "go.mod",
        "module github.com/acme/web\nrequire github.com/acme/kit v1.0.0\n",
        1,
    );
}

#[test]
fn a_dependency_s_file_that_is_refused_is_reported_and_passed_over() {
    let (world, ()) = World::new(|remotes| {
        let web = package("web", &["github.com/acme/kit"]).file("Gopkg.toml", "= x".to_owned());
        remotes.commit("github.com/acme/web", &web);
        remotes.commit("github.com/acme/kit", &package("kit", &[]));
    });
    listing_web(&world);
    let output = world.sandbox.run(&["update", "--import-all"]);
    assert_eq!(output.exit, Some(2), "{}", output.stderr);
    let words = "Unable to import from github.com/acme/web. Err: Gopkg.toml:1: ";
    assert!(output.stderr.contains(words), "{}", output.stderr);
    assert!(world.sandbox.read("glide.lock").is_some());
}

/// What `create` makes of a project whose main.go imports three packages.
#[track_caller]
fn check_created(files: &[(&str, &str)], expected: &str) {
    let sandbox = project(files);
    fs::remove_file(sandbox.project().join("glide.yaml")).unwrap();
    let imports = [
        "github.com/acme/kit/x",
        "github.com/acme/log",
        "github.com/a/bad/z",
    ];
    let imports = imports.map(|import| format!("import _ {import:?}\n"));
    sandbox.write("main.go", &format!("package main\n\n{}", imports.concat()));
    sandbox.write(
        "old/old.go",
        "package old\n\nimport _ \"github.com/a/old\"\n",
    );
    sandbox.run(&["create", "--non-interactive"]).success();
    let yaml = sandbox.read("glide.yaml").unwrap();
    assert_eq!(yaml, format!("package: github.com/me/app\n{expected}"));
}

#[test]
fn create_takes_what_glide_does_not_know_behind_what_it_knows() {
    let gopkg = "ignored = ['github.com/a/bad/*', 'github.com/me/app/old/*']\n\
                 [[constraint]]\nname = 'github.com/acme/kit'\nversion = '1.2'\n";
    let found = "- package: github.com/acme/kit\n  version: ^1.2\n  subpackages:\n  - x\n\
                 - package: github.com/acme/log\n";
    let dep = format!("ignore:\n- github.com/a/bad\nexcludeDirs:\n- old\nimport:\n{found}");
    let go_mod = (
        "go.mod",
        "module github.com/me/app\nrequire github.com/acme/log v1.0.0\n",
    );
    check_created(&[("Gopkg.toml", gopkg), go_mod], &dep);
    let rest = "- package: github.com/a/bad\n  subpackages:\n  - z\n- package: github.com/a/old\n\
                - package: github.com/acme/kit\n  subpackages:\n  - x\n";
    let log = |version: &str| {
        format!("import:\n- package: github.com/acme/log\n  version: {version}\n{rest}")
    };
    check_created(&[("Gopkg.toml", "= x"), go_mod], &log("v1.0.0"));
    let gomfile = "gom 'github.com/acme/log', :tag => 'v1.1.0'\n";
    check_created(&[("Gomfile", gomfile), go_mod], &log("v1.1.0"));
}
