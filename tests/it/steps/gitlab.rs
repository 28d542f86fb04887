//! `gitlab.yml`, as a runner plays it: `extends`, variables, then all lines in one shell.

use std::fs;

use serde_json::Value;

use super::{PROGRAM, Road, Variables, have, path, yaml};
use crate::support::process::Output;

/// A job with what it extends below it, as GitLab merges it: maps deeply, all else as a whole.
fn job(pipeline: &Value, name: &str) -> Value {
    let own = &pipeline[name];
    let Some(base) = own["extends"].as_str() else {
        return own.clone();
    };
    let mut merged = job(pipeline, base);
    merge(&mut merged, own);
    merged
}

fn merge(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (name, value) in from {
                merge(into.entry(name.clone()).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from.clone(),
    }
}

/// Plays a job; the values of the job's own variables may name those of the service.
fn play(road: &Road, shell: &str, job: &Value, more: &[(&str, &str)]) -> Output {
    let project = road.project().to_str().unwrap();
    let mut environment = Variables::new();
    environment.insert("CI_PROJECT_DIR".to_owned(), project.into());
    for (name, value) in job["variables"].as_object().unwrap() {
        let value = value.as_str().unwrap().replace("$CI_PROJECT_DIR", project);
        environment.insert(name.clone(), value.into());
    }
    for (name, value) in more {
        environment.insert((*name).to_owned(), value.into());
    }
    let lines = ["before_script", "script"].map(|part| {
        let lines = job[part].as_array().into_iter().flatten();
        let lines: Vec<_> = lines.map(|line| line.as_str().unwrap()).collect();
        lines.join("\n")
    });
    let script = format!("set -e\n{}\n", lines.join("\n"));
    road.run(shell, &["-c", &script], &environment)
}

/// A checkout with the folder of the steps in it.
fn checkout() -> Road {
    let road = Road::new();
    let folder = road.project().join(".ci/glide-step");
    fs::create_dir_all(&folder).unwrap();
    fs::copy(path("step/glide-step"), folder.join("glide-step")).unwrap();
    road
}

#[test]
fn jobs_install_build_and_audit() {
    if !have(&["go", "make"]) {
        return;
    }
    let road = checkout();
    let pipeline = yaml("step/gitlab.yml");
    let (url, sha) = (
        ("GLIDE_RS_URL", super::URL),
        ("GLIDE_RS_SHA256", &*road.sum),
    );
    let build = job(&pipeline, ".glide-rs:build");
    play(&road, "sh", &build, &[url, sha]).success();
    road.built();
    assert_eq!(road.asked(), (1, 1));
    // A new checkout, with what the runner keeps.
    road.remove_vendor();
    let audit = job(&pipeline, ".glide-rs:audit");
    let integrity = ("GLIDE_STEP_AUDIT", "integrity");
    play(&road, "bash", &audit, &[url, sha, integrity]).success();
    assert_eq!(road.asked(), (0, 0));
    for path in audit["artifacts"]["paths"].as_array().unwrap() {
        assert!(road.project().join(path.as_str().unwrap()).is_file());
    }
    // What is kept is what there is, and no more than that is needed.
    for cache in build["cache"].as_array().unwrap() {
        for path in cache["paths"].as_array().unwrap() {
            assert!(road.project().join(path.as_str().unwrap()).is_dir());
        }
    }
    assert_eq!(build["cache"][0]["key"]["files"][0], "glide.lock");
    assert_eq!(
        build["cache"][0]["fallback_keys"][0],
        build["cache"][1]["key"]
    );
}

#[test]
fn a_job_fails_with_its_first_line_that_does() {
    let road = checkout();
    let build = job(&yaml("step/gitlab.yml"), ".glide-rs:build");
    let program = ("GLIDE_RS", PROGRAM);
    let touched = ("GLIDE_STEP_BUILD", "touch built");
    let output = play(
        &road,
        "sh",
        &build,
        &[program, touched, ("GLIDE_STEP_LOCKED", "?")],
    );
    output.failure();
    assert!(!road.project().join("built").exists());
    play(&road, "sh", &build, &[program, touched]).success();
    assert!(road.project().join("built").exists());
}
