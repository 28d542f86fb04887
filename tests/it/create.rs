//! `create` and `config-wizard`: a glide.yaml out of nothing, and a better one out of a glide.yaml.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::support::process::{self, Input, Output};
use crate::support::repo::Commit;
use crate::support::sandbox::Sandbox;
use crate::support::world::World;

const CREATE: &[&str] = &["create", "--non-interactive"];

fn project() -> Sandbox {
    let sandbox = Sandbox::new("github.com/me/app");
    let main = "package main\n\nimport _ \"github.com/acme/log/sub\"\n";
    sandbox.write("main.go", main);
    sandbox
}

fn answering(sandbox: &Sandbox, arguments: &[&str], text: &str) -> Output {
    let mut command = sandbox.command(arguments);
    let input = Input::Text(text.to_owned());
    process::run(&mut command, &input, Duration::from_secs(60))
}

/// Runs `create` in a folder that is in no GOPATH; what it calls the project, and what it says.
fn named(sandbox: &Sandbox, folder: &Path) -> (String, String) {
    let mut command = sandbox.command(CREATE);
    let command = command.current_dir(folder);
    let output = process::run(command, &Input::Empty, Duration::from_secs(60)).success();
    let yaml = fs::read_to_string(folder.join("glide.yaml")).unwrap();
    let name = yaml
        .lines()
        .next()
        .unwrap()
        .strip_prefix("package: ")
        .unwrap();
    (name.to_owned(), output.stderr)
}

#[test]
fn what_stands_there_is_never_overwritten() {
    let sandbox = project();
    let at = |name: &str| sandbox.project().join(name);
    fs::write(at("file.yaml"), "mine").unwrap();
    fs::create_dir(at("folder.yaml")).unwrap();
    symlink("nowhere", at("link.yaml")).unwrap();
    symlink("file.yaml", at("leads.yaml")).unwrap();
    let names = sandbox.project_names();
    for name in ["file.yaml", "folder.yaml", "link.yaml", "leads.yaml"] {
        let output = sandbox.run(&[&["-y", name], CREATE].concat());
        let words = "[ERROR]\tCowardly refusing to overwrite existing YAML.\n";
        assert!(output.stderr.starts_with(words), "{}", output.stderr);
        assert!(output.stderr.contains(name), "{}", output.stderr);
        assert_eq!(output.exit, Some(1));
        assert_eq!(sandbox.project_names(), names);
        assert_eq!(sandbox.read("file.yaml").as_deref(), Some("mine"));
    }
    for name in ["nowhere/x.yaml", "file.yaml/x.yaml"] {
        let output = sandbox.run(&[&["-y", name], CREATE].concat()).failure();
        assert!(output.stderr.contains("file.yaml") || output.stderr.contains("nowhere"));
        assert_eq!(sandbox.project_names(), names);
    }
}

#[test]
fn outside_a_gopath_the_name_is_a_guess_that_is_told() {
    let mut sandbox = project();
    let root = sandbox.root().join("elsewhere");
    let at = |name: &str| {
        let folder = root.join(name);
        fs::create_dir_all(&folder).unwrap();
        folder
    };
    let (name, said) = named(&sandbox, &at("plain"));
    assert_eq!(name, "plain");
    assert!(
        said.contains("[WARN]\tThe project is in no GOPATH"),
        "{said}"
    );
    assert!(said.contains("Check `package:`"), "{said}");
    let checkout = at("checkout");
    let config = "[remote \"origin\"]\n\turl = git@github.com:me/tool.git\n";
    fs::create_dir(checkout.join(".git")).unwrap();
    fs::write(checkout.join(".git/config"), config).unwrap();
    assert_eq!(named(&sandbox, &checkout).0, "github.com/me/tool");
    let below = at("checkout/cmd/x");
    assert_eq!(named(&sandbox, &below).0, "github.com/me/tool/cmd/x");
    let module = at("checkout/module");
    fs::write(module.join("go.mod"), "module example.org/m/v2\n").unwrap();
    assert_eq!(named(&sandbox, &module).0, "example.org/m/v2");
    let broken = at("broken");
    fs::write(
        broken.join("go.mod"),
        "\0\u{1}module ../../etc\nmodule ../x\n",
    )
    .unwrap();
    fs::create_dir_all(broken.join(".git/config")).unwrap();
    assert_eq!(named(&sandbox, &broken).0, "broken");
    let odd = at("odd\u{1b}[2Jname");
    let (name, said) = named(&sandbox, &odd);
    assert_eq!(name, "main");
    assert!(!said.contains('\u{1b}'), "{said}");
    // GOPATH is `go` in the home where it is not set.
    sandbox.set("GOPATH", "");
    let default = sandbox.home().join("go/src/github.com/me/other");
    fs::create_dir_all(&default).unwrap();
    let (name, said) = named(&sandbox, &default);
    assert_eq!(name, "github.com/me/other");
    assert!(!said.contains("guess:"), "{said}");
}

#[test]
fn a_project_that_is_linked_into_the_gopath_has_its_name_from_there() {
    let mut sandbox = project();
    let folder = sandbox.root().join("somewhere");
    fs::create_dir(&folder).unwrap();
    let link = sandbox.root().join("gopath/src/github.com/me/linked");
    symlink(&folder, &link).unwrap();
    sandbox.set("PWD", &link);
    assert_eq!(named(&sandbox, &link).0, "github.com/me/linked");
    // What does not lead here does not count.
    fs::remove_file(folder.join("glide.yaml")).unwrap();
    sandbox.set("PWD", sandbox.project().to_owned());
    assert_eq!(named(&sandbox, &folder).0, "somewhere");
}

#[test]
fn what_others_left_behind_is_passed_over_where_it_cannot_be_read() {
    let sandbox = project();
    let scanned = "package: github.com/me/app\nimport:\n- package: github.com/acme/log\n  subpackages:\n  - sub\n";
    let lay = |path: &str, text: &str| sandbox.write(path, text);
    let check = |words: &str| {
        let output = sandbox.run(CREATE).success();
        assert!(output.stderr.contains(words), "{words}: {}", output.stderr);
        assert_eq!(sandbox.read("glide.yaml").unwrap(), scanned, "{words}");
        fs::remove_file(sandbox.project().join("glide.yaml")).unwrap();
    };
    lay("Godeps/Godeps.json", "{\"Deps\": [");
    lay("vendor/manifest", "\0\u{ff}");
    check("[WARN]\tGodeps/Godeps.json is passed over\n\tcaused by: Godeps/Godeps.json:1:");
    check("[WARN]\tvendor/manifest is passed over");
    fs::remove_dir_all(sandbox.project().join("Godeps")).unwrap();
    fs::remove_dir_all(sandbox.project().join("vendor")).unwrap();
    let made = Command::new("mkfifo")
        .arg(sandbox.project().join("Godeps"))
        .status();
    assert!(made.unwrap().success());
    fs::create_dir_all(sandbox.project().join("vendor/manifest")).unwrap();
    check("Scanning code to look for dependencies\n");
    fs::remove_file(sandbox.project().join("Godeps")).unwrap();
    symlink("Godeps", sandbox.project().join("Godeps")).unwrap();
    check("[WARN]\tGodeps/Godeps.json is passed over\n\tcaused by: cannot look at");
    fs::remove_file(sandbox.project().join("Godeps")).unwrap();
    lay("Godeps", "no");
    fs::File::options()
        .write(true)
        .open(sandbox.project().join("Godeps"))
        .unwrap()
        .set_len(1 << 40)
        .unwrap();
    check("[WARN]\tGodeps is passed over\n\tcaused by: it has 1099511627776 bytes");
}

#[test]
fn names_from_files_cannot_forge_messages() {
    let sandbox = project();
    let godeps = r#"{"Deps": [{"ImportPath": "a.b/c\n[ERROR]\tx\u001b[2J", "Rev": "1\n2"}]}"#;
    sandbox.write("Godeps/Godeps.json", godeps);
    let output = sandbox.run(CREATE).success();
    let forged = output
        .stderr
        .lines()
        .any(|line| line.starts_with("[ERROR]") || line == "2");
    assert!(
        !forged && !output.stderr.contains('\u{1b}'),
        "{}",
        output.stderr
    );
    let yaml = sandbox.read("glide.yaml").unwrap();
    assert!(
        yaml.contains("- package: \"a.b/c\\n[ERROR]\\tx\\e[2J\"\n"),
        "{yaml}"
    );
}

#[test]
fn what_cannot_be_fetched_as_it_is_listed_is_told() {
    let sandbox = Sandbox::new("github.com/me/app");
    let main =
        "package main\n\nimport _ \"mylib/foo\"\nimport _ \"../up\"\nimport _ \"a.b/../c\"\n";
    sandbox.write("main.go", main);
    let output = sandbox.run(CREATE).success();
    assert!(
        output.stderr.contains("`mylib` is no host"),
        "{}",
        output.stderr
    );
    let words = "the import of \"a.b/../c\" is passed over";
    assert!(output.stderr.contains(words), "{}", output.stderr);
    let expected = "package: github.com/me/app\nimport:\n- package: mylib/foo\n";
    assert_eq!(sandbox.read("glide.yaml").unwrap(), expected);
}

#[test]
fn nothing_is_written_where_the_code_cannot_be_read() {
    let sandbox = project();
    sandbox.write("sub/bad.go", "package sub\n\nimport \"x\n");
    let names = sandbox.project_names();
    let output = sandbox.run(CREATE).failure();
    assert!(output.stderr.contains("sub/bad.go"), "{}", output.stderr);
    assert_eq!(sandbox.project_names(), names);
}

#[test]
fn the_wizard_is_offered_unless_nobody_is_there() {
    let mut sandbox = project();
    let question = "find ways to improve your glide.yaml";
    let closing = "You can now edit the glide.yaml file. Consider:";
    let output = answering(&sandbox, &["init"], "").success();
    assert!(output.stderr.contains(question), "{}", output.stderr);
    assert!(output.stderr.contains("There is no answer; taking \"no\""));
    assert!(output.stderr.contains(closing), "{}", output.stderr);
    assert_eq!(output.stdout, "");
    fs::remove_file(sandbox.project().join("glide.yaml")).unwrap();
    sandbox.set("CI", "true");
    let output = answering(&sandbox, &["create"], "y\n").success();
    assert!(!output.stderr.contains(question), "{}", output.stderr);
    assert!(output.stderr.contains(closing), "{}", output.stderr);
}

const YAML: &str = "package: github.com/me/app # mine\nimport:\n- package: github.com/acme/log # logs\n\
    - package: github.com/acme/kit\n";

/// A project whose glide.yaml can be improved.
fn world() -> World {
    let (world, ()) = World::new(|remotes| {
        for name in ["log", "kit"] {
            let text = format!("package {name}\n");
            let commit = Commit::new()
                .file(&format!("{name}.go"), text)
                .tag("v1.2.0");
            remotes.commit(&format!("github.com/acme/{name}"), &commit);
        }
    });
    world.sandbox.write("glide.yaml", YAML);
    world
}

#[test]
fn only_the_lines_change_that_have_to_and_each_remote_is_asked_once() {
    let world = world();
    world.server.take_requests();
    let output = answering(&world.sandbox, &["cw"], "y\nn\nm\nn\nn\ny\n").success();
    let expected = YAML.replace("# logs\n", "# logs\n  version: ^1.2.0\n");
    assert_eq!(
        world.sandbox.read("glide.yaml").unwrap(),
        expected,
        "{}",
        output.stderr
    );
    assert!(
        output.stderr.contains("Run update to bring"),
        "{}",
        output.stderr
    );
    let mut requests = world.server.take_requests();
    requests.sort();
    let post = |name: &str| format!("POST github.com/acme/{name}/git-upload-pack");
    assert_eq!(requests, [post("kit"), post("log")]);
}

#[test]
fn the_end_of_the_answers_and_a_build_service_change_nothing() {
    let mut world = world();
    for answers in ["", "y\n", "y\nn\nm\n"] {
        let output = answering(&world.sandbox, &["config-wizard"], answers).success();
        assert!(
            output.stderr.contains("There is no answer; taking"),
            "{}",
            output.stderr
        );
        assert_eq!(
            world.sandbox.read("glide.yaml").unwrap(),
            YAML,
            "{answers:?}"
        );
    }
    world.sandbox.set("CI", "1");
    let output = answering(&world.sandbox, &["config-wizard"], "y\ny\nm\ny\ny\n").success();
    assert!(
        output.stderr.contains("Nothing can be asked here"),
        "{}",
        output.stderr
    );
    assert_eq!(world.sandbox.read("glide.yaml").unwrap(), YAML);
}

#[test]
fn a_remote_that_does_not_answer_is_warned_of_and_the_others_go_on() {
    let world = world();
    world.server.gone(&["github.com/acme/log".to_owned()]);
    let output = answering(&world.sandbox, &["cw"], "y\nn\ns\nn\ny\n").success();
    let words = "[WARN]\tcannot tell which releases github.com/acme/log has";
    assert!(output.stderr.contains(words), "{}", output.stderr);
    assert_eq!(
        world.sandbox.read("glide.yaml").unwrap(),
        format!("{YAML}  version: v1.2.0\n")
    );
}

#[test]
fn without_a_glide_yaml_nothing_happens_unless_it_is_wanted() {
    let mut sandbox = project();
    let output = answering(&sandbox, &["cw"], "n\n");
    assert_eq!(output.exit, Some(2), "{}", output.stderr);
    for words in [
        "Would you like to create one now?",
        "Unable to find configuration file.",
        "Failed to find glide.yaml",
    ] {
        assert!(output.stderr.contains(words), "{words}: {}", output.stderr);
    }
    sandbox.set("CI", "1");
    assert_eq!(answering(&sandbox, &["cw"], "y\n").exit, Some(2));
    assert_eq!(sandbox.read("glide.yaml"), None);
    sandbox.write("glide.yaml", "import: 3\n");
    assert_eq!(sandbox.run(&["cw"]).exit, Some(3));
}

/// Starts the wizard, and waits for its first question.
fn at_a_question(world: &World) -> Child {
    let mut command = world.sandbox.command(&["config-wizard"]);
    let command = command.stdin(Stdio::piped()).stdout(Stdio::null());
    let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
    let (mut said, mut byte) = (Vec::new(), [0]);
    let stderr = child.stderr.as_mut().unwrap();
    while !said.ends_with(b"Yes (Y) or No (N)\n") {
        let read = stderr.read(&mut byte).unwrap();
        assert_eq!(read, 1, "{}", String::from_utf8_lossy(&said));
        said.push(byte[0]);
    }
    child
}

#[test]
fn a_glide_yaml_that_somebody_edits_meanwhile_is_not_overwritten() {
    let world = world();
    let mut child = at_a_question(&world);
    let edited = format!("{YAML}# a thought\n");
    world.sandbox.write("glide.yaml", &edited);
    let mut answers = child.stdin.take().unwrap();
    answers.write_all(b"y\ny\ns\ny\ny\n").unwrap();
    drop(answers);
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("has been changed while this was at work"),
        "{said}"
    );
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert_eq!(world.sandbox.read("glide.yaml").unwrap(), edited);
}

#[test]
fn ctrl_c_at_a_question_changes_nothing() {
    let world = world();
    let names = world.sandbox.project_names();
    let mut child = at_a_question(&world);
    // Waiting would close it, and the end of the input is an answer.
    let _open = child.stdin.take();
    let killed = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(killed.unwrap().success());
    assert!(!child.wait().unwrap().success());
    assert_eq!(world.sandbox.read("glide.yaml").unwrap(), YAML);
    assert_eq!(world.sandbox.project_names(), names);
}
