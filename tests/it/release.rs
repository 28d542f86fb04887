//! The release workflow of `.ci/`: of the published form, pinned, and with shell lines that do what they say.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn workflow() -> Value {
    let text = fs::read_to_string(root().join(".ci/release.yml")).unwrap();
    serde_yaml::from_str(&text).unwrap()
}

/// All steps of all jobs.
fn steps(workflow: &Value) -> Vec<&Value> {
    let jobs = workflow["jobs"].as_object().unwrap().values();
    jobs.flat_map(|job| job["steps"].as_array().unwrap())
        .collect()
}

/// The shell lines of the step of that name.
fn lines<'a>(workflow: &'a Value, name: &str) -> &'a str {
    let mut steps = steps(workflow).into_iter();
    let step = steps.find(|step| step["name"] == name);
    step.and_then(|step| step["run"].as_str())
        .unwrap_or_else(|| panic!("no step `{name}`"))
}

/// Runs a command of this repository; gives what it prints.
#[track_caller]
fn output(command: &mut Command) -> String {
    let output = command.current_dir(root()).output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {complaint}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_workflow_has_the_published_form() {
    let schema = fs::read(root().join("fixtures/schemas/github-workflow.json")).unwrap();
    let schema: Value = serde_json::from_slice(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let workflow = workflow();
    let faults = validator.iter_errors(&workflow);
    let faults: Vec<_> = faults
        .map(|it| format!("{}: {it}", it.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let mut broken = workflow.clone();
    broken["jobs"]["build"]["runs_on"] = "ubuntu".into();
    assert!(!validator.is_valid(&broken), "the schema accepts anything");
}

#[test]
fn actions_of_others_are_pinned_to_commits() {
    let workflow = workflow();
    let used: Vec<_> = steps(&workflow)
        .iter()
        .filter_map(|step| step["uses"].as_str())
        .collect();
    assert!(used.len() >= 3, "{used:?}");
    for name in used {
        let (_, commit) = name.split_once('@').unwrap();
        let is_hex = commit.bytes().all(|byte| byte.is_ascii_hexdigit());
        assert!(commit.len() == 40 && is_hex, "{name}");
    }
}

#[test]
fn the_usual_targets_are_built() {
    let workflow = workflow();
    let builds = workflow["jobs"]["build"]["strategy"]["matrix"]["include"]
        .as_array()
        .unwrap();
    let targets: BTreeSet<_> = builds
        .iter()
        .map(|it| it["target"].as_str().unwrap())
        .collect();
    for machine in ["x86_64", "aarch64"] {
        for system in ["unknown-linux-musl", "unknown-linux-gnu", "apple-darwin"] {
            let target = format!("{machine}-{system}");
            assert!(targets.contains(&*target), "{target}");
        }
    }
    assert!(targets.contains("x86_64-pc-windows-msvc"));
}

#[test]
fn shell_lines_are_in_order() {
    let workflow = workflow();
    for step in steps(&workflow) {
        if let Some(lines) = step["run"].as_str() {
            assert!(
                !lines.contains("${{"),
                "expressions go through `env:`: {lines}"
            );
            output(Command::new("bash").args(["-n", "-c", lines]));
        }
    }
    for script in ["dist", "pack", "run"] {
        output(
            Command::new("bash")
                .arg("-n")
                .arg(root().join(".ci").join(script)),
        );
    }
}

#[test]
fn an_archive_holds_the_program_and_is_the_same_each_time() {
    for (target, program) in [
        ("some-target", "glide-rs"),
        ("x86_64-pc-windows-msvc", "glide-rs.exe"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let dist = folder.path().join(target).join("dist");
        fs::create_dir_all(&dist).unwrap();
        fs::write(dist.join(program), "the program").unwrap();
        let pack = || {
            let mut command = Command::new(root().join(".ci/pack"));
            command.arg(target).env("CARGO_TARGET_DIR", folder.path());
            let path = output(command.env("SOURCE_DATE_EPOCH", "1600000000"));
            let path = path.trim_end().to_owned();
            (fs::read(&path).unwrap(), path)
        };
        let (first, path) = pack();
        let name = format!("glide-rs-{}-{target}", env!("CARGO_PKG_VERSION"));
        let ending = format!("/release-files/{name}.tar.gz");
        assert!(path.ends_with(&ending), "{path}");
        let listed = output(Command::new("tar").args(["-tzf", &path]));
        let files = ["", "CHANGELOG.md", "LICENSE", "README.md", program];
        let expected = files.map(|file| format!("{name}/{file}"));
        assert_eq!(
            listed.lines().collect::<BTreeSet<_>>(),
            expected.iter().map(|it| &**it).collect()
        );
        let inside = format!("{name}/{program}");
        let packed = output(Command::new("tar").args(["-xzOf", &path, &inside]));
        assert_eq!(packed, "the program");
        if cfg!(target_os = "linux") {
            assert_eq!(pack().0, first, "times or owners got in");
        }
    }
}

#[test]
fn checksums_are_those_of_the_archives() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["glide-rs-1-a.tar.gz", "glide-rs-1-b.tar.gz"] {
        fs::write(folder.path().join(name), name).unwrap();
    }
    let workflow = workflow();
    let shell = |lines: &str| {
        let mut command = Command::new("bash");
        command
            .args(["-eo", "pipefail", "-c", lines])
            .current_dir(folder.path())
            .output()
            .unwrap()
    };
    assert!(shell(lines(&workflow, "Checksums")).status.success());
    let sums = fs::read_to_string(folder.path().join("SHA256SUMS")).unwrap();
    assert_eq!(sums.lines().count(), 2, "{sums}");
    assert!(
        shell("sha256sum --check --strict SHA256SUMS")
            .status
            .success()
    );
    fs::write(folder.path().join("glide-rs-1-b.tar.gz"), "another").unwrap();
    assert!(
        !shell("sha256sum --check --strict SHA256SUMS")
            .status
            .success()
    );
}
