//! `update` among repositories that mean harm: what they import, declare and call their branches
//! must neither reach this machine nor change anything in the project.

use crate::support::process::Output;
use crate::support::repo::{Commit, Remotes};
use crate::support::server::Twist;
use crate::support::world::{PROJECT, World};

const EVIL: &str = "github.com/acme/evil";
const OLD_LOCK: &str =
    "hash: \"00\"\nupdated: 2020-01-01T00:00:00Z\nimports: []\ntestImports: []\n";

/// A file of a package that imports others.
fn go(package: &str, imports: &[&str]) -> String {
    let imports = imports.iter().map(|path| format!("import _ {path:?}\n"));
    format!("package {package}\n\n{}", imports.collect::<String>())
}

/// A project that imports the evil repository and has a lock and a vendor/.
fn world<T>(build: impl FnOnce(&mut Remotes) -> T) -> (World, T) {
    let (mut world, result) = World::new(build);
    world.sandbox.set("GIT_CONFIG_VALUE_0", "user");
    world.sandbox.write("main.go", &go("main", &[EVIL]));
    // What glide.yaml lists is fetched before it is met, so that its own dependency files are read.
    let yaml = format!("package: {PROJECT}\nimport:\n- package: {EVIL}\n");
    world.sandbox.write("glide.yaml", &yaml);
    world.sandbox.write("glide.lock", OLD_LOCK);
    world.sandbox.write("vendor/mine.txt", "mine\n");
    (world, result)
}

/// Updates; it must fail in order and change nothing.
#[track_caller]
fn assert_refused(world: &World, what: &str) -> Output {
    let before = world.sandbox.vendor();
    let output = world.sandbox.run(&["update"]);
    let refused = output.exit.is_some_and(|code| (1..100).contains(&code));
    assert!(refused, "{what}: {:?} {}", output.exit, output.stderr);
    let lock = world.sandbox.read("glide.lock");
    assert_eq!(lock.as_deref(), Some(OLD_LOCK), "{what}");
    assert_eq!(world.sandbox.vendor(), before, "{what}");
    let names = ["glide.lock", "glide.yaml", "main.go", "vendor"];
    assert_eq!(world.sandbox.project_names(), names, "{what}");
    assert!(!output.stderr.contains('\x1b'), "{what}: {}", output.stderr);
    assert!(
        !output.stderr.contains("panicked"),
        "{what}: {}",
        output.stderr
    );
    output
}

#[test]
fn a_dependency_cannot_lead_to_this_machine() {
    let (world, secret) = world(|remotes| {
        let private = Commit::new().file("log.go", "package log // private\n");
        let secret = remotes.commit("private/log", &private);
        let log = Commit::new().file("log.go", "package log\n");
        remotes.commit("github.com/acme/log", &log);
        remotes.commit(EVIL, &Commit::new().file("evil.go", "package evil\n"));
        secret
    });
    let planted = world.sandbox.root().join("planted");
    let touch = format!("touch {}", planted.display());
    let folder = world.remotes.path("private/log").display().to_string();
    let mut remotes = world.remotes;
    let (sandbox, server) = (world.sandbox, world.server);
    for (repo, vcs) in [
        (format!("file://{folder}"), ""),
        (format!("FILE://{folder}"), "git"),
        (folder.clone(), "git"),
        (folder.clone(), "hg"),
        (format!("../{}", "../".repeat(9)) + &folder, "git"),
        (format!("ext::sh -c {touch}"), "git"),
        (format!("--config=alias.clone=!{touch}"), "hg"),
    ] {
        let yaml = format!(
            "package: {EVIL}\nimport:\n- package: github.com/acme/log\n  repo: '{repo}'\n  vcs: '{vcs}'\n"
        );
        let commit = Commit::new()
            .file("evil.go", go("evil", &["github.com/acme/log"]))
            .file("glide.yaml", yaml);
        remotes.commit(EVIL, &commit);
        let output = sandbox.run(&["update"]).success();
        assert!(
            output
                .stderr
                .contains("acme/evil wants github.com/acme/log"),
            "{repo}: {}",
            output.stderr
        );
        let lock = sandbox.read("glide.lock").unwrap();
        assert!(
            !lock.contains(&secret) && !lock.contains("repo:"),
            "{repo}: {lock}"
        );
        assert!(!planted.exists(), "{repo}");
    }
    drop(server);
}

#[test]
fn import_paths_that_name_no_folder_are_refused_and_nobody_is_asked() {
    let (mut world, _) =
        world(|remotes| remotes.commit(EVIL, &Commit::new().file("evil.go", "package evil\n")));
    for path in [
        "h.acme.dev/../../../escape",
        "h.acme.dev/a/./b",
        "h.acme.dev/.git",
        "h.acme.dev/.GIT/hooks",
        "/etc/passwd",
        "github.com/acme/..",
        "github.com/acme/kit/../../x",
        "h.acme.dev:443/x",
        "me:pw@h.acme.dev/x",
        "[::1]/x",
        "h.acme.dev/x?y=1",
        "h.acme.dev/%2e%2e/x",
        "file:///etc",
        "-oProxyCommand=x.dev/y",
    ] {
        let commit = Commit::new().file("evil.go", go("evil", &[path]));
        world.remotes.commit(EVIL, &commit);
        let output = assert_refused(&world, path);
        assert!(output.stderr.contains(path), "{path}: {}", output.stderr);
        for request in world.server.take_requests() {
            assert!(request.contains(EVIL), "{path}: {request}");
        }
    }
}

/// Names of a repository that lead to something other than a commit, or to nothing.
#[test]
fn versions_that_are_no_commit_are_refused() {
    let (world, ()) = world(|remotes| {
        let good = remotes.commit(EVIL, &Commit::new().file("evil.go", "package evil\n"));
        let store = remotes.store(EVIL);
        let blob = store.blob(b"package evil\n").unwrap();
        let id = git2::Oid::from_str(&good).unwrap();
        let tree = store.find_commit(id).unwrap().tree_id();
        for (name, id) in [("v1.0.0", blob), ("v2.0.0", tree)] {
            let name = format!("refs/tags/{name}");
            store.reference(&name, id, true, "").unwrap();
        }
    });
    for version in [
        "v1.0.0",
        "v2.0.0",
        "^1.0",
        "0123456789abcdef0123456789abcdef01234567",
        "--upload-pack=x",
        "-x",
        "HEAD:evil.go",
        "v2.0.0^{tree}",
        "refs/../../../etc/passwd",
        "HEAD~99999999999",
    ] {
        let yaml =
            format!("package: {PROJECT}\nimport:\n- package: {EVIL}\n  version: {version}\n");
        world.sandbox.write("glide.yaml", &yaml);
        let output = assert_refused(&world, version);
        assert!(output.stderr.contains(EVIL), "{version}: {}", output.stderr);
    }
}

#[test]
fn a_server_that_breaks_off_while_it_tells_its_refs_is_named() {
    let (world, _) =
        world(|remotes| remotes.commit(EVIL, &Commit::new().file("evil.go", "package evil\n")));
    for length in [0, 3, 60] {
        world.server.twist(Some(Twist::Cut(length)));
        let output = assert_refused(&world, "cut");
        assert!(output.stderr.contains(EVIL), "{}", output.stderr);
    }
}

#[test]
fn what_a_dependency_declares_ends_no_line_of_a_message() {
    let (mut world, _) = world(|remotes| {
        let log = Commit::new().file("log.go", "package log\n");
        remotes.commit("github.com/acme/log", &log);
        remotes.commit(EVIL, &Commit::new().file("evil.go", "package evil\n"))
    });
    let yaml = format!(
        "package: {EVIL}\nimport:\n- package: github.com/acme/log\n  version: \"v1\\n[INFO]\\tAll is well\\e[2J\"\n"
    );
    let commit = Commit::new()
        .file("evil.go", go("evil", &["github.com/acme/log"]))
        .file("glide.yaml", yaml);
    world.remotes.commit(EVIL, &commit);
    let output = world.sandbox.run(&["update"]);
    assert!(output.stderr.contains("All is well"), "{}", output.stderr);
    let forged = output
        .stderr
        .lines()
        .any(|line| line.starts_with("[INFO]\tAll"));
    assert!(
        !forged && !output.stderr.contains('\x1b'),
        "{}",
        output.stderr
    );
}
