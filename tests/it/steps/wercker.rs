//! `wercker-step.yml` and `run.sh`, as Wercker plays them: read into the shell of a pipeline.

use std::fs;

use super::{Road, URL, Variables, have, path, variables, yaml};
use crate::support::process::Output;

/// Runs a pipeline with this step and a line behind it, in a shell of that kind.
fn pipeline(road: &Road, shell: &str, properties: &[(&str, &str)], line: &str) -> Output {
    let mut more = Variables::new();
    // Wercker sets properties that are left out to their defaults.
    for (name, property) in yaml("step/wercker-step.yml")["properties"]
        .as_object()
        .unwrap()
    {
        if let Some(default) = property["default"].as_str() {
            more.insert(variable(name), default.into());
        }
    }
    for (name, value) in properties {
        more.insert(variable(name), value.into());
    }
    let root = path("step");
    let cache = road.root().join("cache of wercker");
    fs::create_dir_all(&cache).unwrap();
    more.extend(variables([
        ("WERCKER_STEP_ROOT", root.to_str().unwrap()),
        ("WERCKER_SOURCE_DIR", road.project().to_str().unwrap()),
        ("WERCKER_CACHE_DIR", cache.to_str().unwrap()),
    ]));
    let script = format!(
        "set -e\nfail() {{ echo \"failed: $1\"; exit 9; }}\n. \"$WERCKER_STEP_ROOT/run.sh\"\n{line}"
    );
    road.run(shell, &["-c", &script], &more)
}

/// The variable by which Wercker hands a property over.
fn variable(property: &str) -> String {
    let name = property.replace('-', "_").to_uppercase();
    format!("WERCKER_GLIDE_RS_{name}")
}

#[test]
fn the_road_from_checkout_to_static_program() {
    if !have(&["go", "make"]) {
        return;
    }
    let road = Road::new();
    for (shell, asked) in [("sh", (1, 1)), ("bash", (0, 0))] {
        let properties = [
            ("url", URL),
            ("sha256", &road.sum),
            ("audit", "integrity"),
            ("build", "go vet ./...\nmake static-build"),
        ];
        let output = pipeline(
            &road,
            shell,
            &properties,
            "glide-rs install --frozen; echo \"$GLIDE_HOME\"",
        );
        let output = output.success();
        let home = format!("cache of wercker/glide-rs/{}", road.lock_sum());
        assert!(output.stdout.contains(&home), "{}", output.stdout);
        road.built();
        assert!(road.project().join("glide-audit.sarif").is_file());
        assert_eq!(road.asked(), asked, "{shell}");
        fs::remove_dir_all(road.project().join("bin")).unwrap();
        road.remove_vendor();
    }
}

#[test]
fn a_failure_is_told_to_wercker_and_ends_the_pipeline() {
    let road = Road::new();
    for (name, value) in [
        ("sha256", "00"),
        ("locked", "maybe"),
        ("build", "exit 3"),
        ("audit", "all that"),
        ("project", "no such"),
    ] {
        let mut properties = vec![("url", URL), ("sha256", &*road.sum)];
        properties.retain(|(known, _)| *known != name);
        properties.push((name, value));
        let output = pipeline(&road, "sh", &properties, "echo went on");
        assert_eq!(output.exit, Some(9), "{name}: {}", output.stderr);
        let end = "failed: glide-rs has failed, see above\n";
        assert!(output.stdout.ends_with(end), "{}", output.stdout);
    }
}
