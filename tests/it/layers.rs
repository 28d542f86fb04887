//! A project in an image of a container: its files come from a lower layer of an overlay file system, which does
//! not move folders of lower layers.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::support::process::{Input, Output, run};
use crate::support::repo::{Commit, Remotes};
use crate::support::world::{PROJECT, World};

const LIBRARY: &str = "github.com/a/lib";

/// Lays the project below a new layer, and runs a command there.
const LAY: &str = r#"
mount -t overlay -o "userxattr,lowerdir=$1,upperdir=$2,workdir=$3" overlay "$1" || exit 77
cd "$1" && shift 3 && exec "$@"
"#;

/// Runs the program in the project as in an image, in a mount namespace of its own; `None` where that cannot be.
fn run_in_layers(world: &World, upper: &Path, arguments: &[&str]) -> Option<Output> {
    let work = world.sandbox.root().join("work");
    for folder in [upper, &work] {
        fs::create_dir_all(folder).unwrap();
    }
    let program = world.sandbox.command(arguments);
    let mut command = Command::new("unshare");
    command
        .args(["--map-root-user", "--mount", "sh", "-c", LAY, "sh"])
        .args([world.sandbox.project(), upper, &work])
        .arg(program.get_program())
        .args(program.get_args())
        .env_clear();
    for (name, value) in program.get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    let output = run(&mut command, &Input::Empty, Duration::from_secs(120));
    let was_laid = output.exit != Some(77) && !output.stderr.starts_with("unshare:");
    was_laid.then_some(output)
}

#[test]
fn vendor_from_a_lower_layer_is_replaced() {
    let (mut world, _) = World::new(|remotes: &mut Remotes| {
        let commit = Commit::new().file("x.go", "package lib\n").tag("v1.0.0");
        remotes.commit(LIBRARY, &commit)
    });
    let yaml = format!("package: {PROJECT}\nimport:\n- package: {LIBRARY}\n  version: ^1.0.0\n");
    world.sandbox.write("glide.yaml", &yaml);
    world.sandbox.run(&["update"]).success();
    let later = "package lib\n\nconst Later = true\n";
    let later = Commit::new().file("later.go", later).tag("v1.1.0");
    world.remotes.push(LIBRARY, &[later]);

    let upper = world.sandbox.root().join("upper");
    let Some(output) = run_in_layers(&world, &upper, &["update"]) else {
        println!("skipped: no overlay file system can be mounted here");
        return;
    };
    let output = output.success();
    assert!(
        output.stderr.contains("v1.0.0 → v1.1.0"),
        "{}",
        output.stderr
    );
    assert!(upper.join("vendor").join(LIBRARY).join("later.go").exists());
    let names = fs::read_dir(&upper).unwrap();
    let mut names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(
        names,
        ["glide.lock", "vendor"],
        "nothing else has come into being"
    );
    // The lower layer is as it was, and what stands in the upper one is known to be right.
    assert!(
        !world
            .sandbox
            .project()
            .join("vendor")
            .join(LIBRARY)
            .join("later.go")
            .exists()
    );
    let output = run_in_layers(&world, &upper, &["install"])
        .unwrap()
        .success();
    assert!(output.stderr.contains("Nothing to do"), "{}", output.stderr);
}
