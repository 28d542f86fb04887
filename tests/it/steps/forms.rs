//! The definitions are of the forms that the services have published, agree with each other and with their page, and
//! their shell lines are as shellcheck wants them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use jsonschema::Validator;
use serde_json::{Value, json};

use super::{have, text, yaml};

fn validator(schema: &str) -> Validator {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/schemas");
    let schema = fs::read(folder.join(schema)).unwrap();
    let schema: Value = serde_json::from_slice(&schema).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

#[track_caller]
fn insist_on(validator: &Validator, document: &Value) {
    let faults = validator.iter_errors(document);
    let faults: Vec<_> = faults
        .map(|it| format!("{}: {it}", it.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The fenced blocks of a page, of a kind.
fn blocks(page: &str, kind: &str) -> Vec<String> {
    let opening = format!("```{kind}\n");
    let after = page.split(&opening).skip(1);
    after
        .map(|rest| rest.split("```").next().unwrap().to_owned())
        .collect()
}

#[test]
fn the_action_has_the_published_form() {
    let validator = validator("github-action.json");
    let action = yaml("step/action.yml");
    insist_on(&validator, &action);
    let mut broken = action.clone();
    broken["runs"]["steps"][0]["shel"] = json!("bash");
    assert!(!validator.is_valid(&broken), "a misspelt key went through");
    let mut broken = action;
    broken["runs"]["using"] = json!("compositions");
    assert!(!validator.is_valid(&broken));
}

#[test]
fn the_jobs_have_the_published_form() {
    let validator = validator("gitlab-ci.json");
    let hidden = yaml("step/gitlab.yml");
    insist_on(&validator, &hidden);
    // Of jobs that are hidden the schema asks nothing, so they are shown.
    let hidden = hidden.as_object().unwrap().iter();
    let shown = hidden.map(|(name, job)| (name.replacen('.', "", 1), job.clone()));
    let jobs = Value::Object(shown.collect());
    insist_on(&validator, &jobs);
    let mut broken = jobs.clone();
    broken["glide-rs:audit"]["artifacts"]["when"] = json!("sometimes");
    assert!(
        !validator.is_valid(&broken),
        "an unknown condition went through"
    );
    let mut broken = jobs;
    broken["glide-rs:build"]["scripts"] = json!(["true"]);
    assert!(!validator.is_valid(&broken));
}

/// What the developer guide of Wercker documents of the manifest; there is no schema.
#[test]
fn the_step_has_the_documented_form() {
    let step = yaml("step/wercker-step.yml");
    let known = ["name", "version", "description", "keywords", "properties"];
    let keys: Vec<_> = step
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert!(keys.iter().all(|key| known.contains(key)), "{keys:?}");
    assert_eq!(step["name"], "glide-rs");
    assert_eq!(step["version"], env!("CARGO_PKG_VERSION"));
    assert!(!step["description"].as_str().unwrap().contains('\n'));
    for (name, property) in step["properties"].as_object().unwrap() {
        for (key, value) in property.as_object().unwrap() {
            let is_right = match key.as_str() {
                "type" => value == "string",
                "required" => value.is_boolean(),
                "default" => value.is_string(),
                _ => false,
            };
            assert!(is_right, "{name}: {key}");
        }
    }
}

#[test]
fn the_examples_on_the_page_have_the_published_forms() {
    let blocks = blocks(&text("step/README.md"), "yaml");
    let [workflow, pipeline, wercker] = blocks.as_slice() else {
        panic!("{} blocks", blocks.len());
    };
    let workflow: Value = serde_yaml::from_str(workflow).unwrap();
    insist_on(&validator("github-workflow.json"), &workflow);
    insist_on(
        &validator("gitlab-ci.json"),
        &serde_yaml::from_str(pipeline).unwrap(),
    );
    // They give what there is to give, too.
    let inputs = &yaml("step/action.yml")["inputs"];
    let used = workflow["jobs"]["build"]["steps"][1]["with"].as_object();
    assert!(used.unwrap().keys().all(|name| inputs[name].is_object()));
    let properties = &yaml("step/wercker-step.yml")["properties"];
    let wercker: Value = serde_yaml::from_str(wercker).unwrap();
    let used = wercker["build"]["steps"][0]["me/glide-rs"].as_object();
    assert!(
        used.unwrap()
            .keys()
            .all(|name| properties[name].is_object())
    );
}

/// The names that are written in front of `=` or `:` with one of these beginnings.
fn set_variables(text: &str, end: char) -> BTreeSet<String> {
    let words = text.split(|it: char| it.is_whitespace() || it == '(');
    let names = words.filter_map(|word| word.split_once(end).map(|(name, _)| name.to_owned()));
    names
        .filter(|name| {
            name == "GLIDE_RS" || name.starts_with("GLIDE_RS_") || name.starts_with("GLIDE_STEP_")
        })
        .collect()
}

/// The ticked words of a cell.
fn ticked(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn page_script_and_definitions_know_the_same_variables() {
    let page = text("step/README.md");
    let rows = page
        .lines()
        .filter(|line| line.starts_with("| `G") || line.starts_with("| | `"));
    let (mut variables, mut inputs) = (BTreeSet::new(), BTreeSet::new());
    let mut both = BTreeSet::new();
    for row in rows {
        let cells: Vec<_> = row.split('|').collect();
        variables.extend(ticked(cells[1]).into_iter().map(str::to_owned));
        let names = ticked(cells[2]).into_iter().map(str::to_owned);
        if cells[2].contains("(GitHub)") {
            inputs.extend(names);
        } else if !cells[2].contains("(Wercker)") {
            both.extend(names);
        }
    }
    let script = text("step/glide-step");
    let read =
        script.split(|it: char| !(it.is_ascii_uppercase() || it.is_ascii_digit() || it == '_'));
    let read = read.filter(|name| {
        *name == "GLIDE_RS" || name.starts_with("GLIDE_RS_") || name.starts_with("GLIDE_STEP_")
    });
    assert_eq!(read.map(str::to_owned).collect::<BTreeSet<_>>(), variables);
    // Both definitions hand over what they have an input for, and nothing that the script does not read.
    let names = |document: &Value, key: &str| {
        let names = document[key].as_object().unwrap().keys();
        names.cloned().collect::<BTreeSet<_>>()
    };
    inputs.extend(both.iter().cloned());
    assert_eq!(names(&yaml("step/action.yml"), "inputs"), inputs);
    both.insert("report".to_owned());
    assert_eq!(names(&yaml("step/wercker-step.yml"), "properties"), both);
    let action = text("step/action.yml");
    let run = text("step/run.sh");
    for set in [set_variables(&action, ':'), set_variables(&run, '=')] {
        assert!(set.len() > 10 && set.is_subset(&variables), "{set:?}");
    }
    for name in inputs {
        assert!(action.contains(&format!("inputs.{name} ")), "{name}");
    }
    for name in both {
        let variable = format!(
            "WERCKER_GLIDE_RS_{}:-",
            name.replace('-', "_").to_uppercase()
        );
        assert!(run.contains(&variable), "{name}");
    }
}

#[test]
fn others_actions_are_pinned_and_no_expression_is_run() {
    let action = yaml("step/action.yml");
    let mut seen = 0;
    for step in action["runs"]["steps"].as_array().unwrap() {
        if let Some(name) = step["uses"].as_str() {
            let (_, commit) = name.split_once('@').unwrap();
            let is_hex = commit.bytes().all(|byte| byte.is_ascii_hexdigit());
            assert!(commit.len() == 40 && is_hex, "{name}");
            seen += 1;
        }
        let lines = step["run"].as_str().unwrap_or_default();
        assert!(
            !lines.contains("${{"),
            "expressions go through `env:`: {lines}"
        );
    }
    assert_eq!(seen, 2);
}

/// Runs shellcheck over a text; gives what it says.
fn shellcheck(folder: &Path, shell: &str, lines: &str) -> String {
    let file = folder.join("lines.sh");
    fs::write(&file, lines).unwrap();
    let mut command = Command::new("shellcheck");
    let command = command.args(["--norc", "--severity=style", "--shell", shell]);
    let output = command.arg(&file).output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn all_shell_lines_are_as_shellcheck_wants_them() {
    if !have(&["shellcheck"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let insist = |shell: &str, lines: &str| {
        let said = shellcheck(folder.path(), shell, lines);
        assert_eq!(said, "", "{lines}");
    };
    for name in ["glide-step", "run.sh"] {
        insist("sh", &text(&format!("step/{name}")));
    }
    let mut seen = 0;
    for step in yaml("step/action.yml")["runs"]["steps"].as_array().unwrap() {
        if let Some(lines) = step["run"].as_str() {
            // What `env:` sets is set.
            let names = step["env"].as_object().into_iter().flat_map(|it| it.keys());
            let exports: Vec<_> = names.map(|name| format!("export {name}\n")).collect();
            insist("bash", &format!("{}{lines}", exports.concat()));
            seen += 1;
        }
    }
    for job in yaml("step/gitlab.yml").as_object().unwrap().values() {
        for part in ["before_script", "script"] {
            for line in job[part].as_array().into_iter().flatten() {
                insist("sh", line.as_str().unwrap());
                seen += 1;
            }
        }
    }
    let docker = text("docker/Dockerfile").replace("\\\n", " ");
    for line in docker.lines() {
        if let Some(line) = line.strip_prefix("RUN ") {
            insist(
                "sh",
                &format!("export PROGRAM TARGET GLIDE_RS_URL GLIDE_RS_SHA256\n{line}"),
            );
            seen += 1;
        }
    }
    for block in blocks(&text("step/README.md"), "sh") {
        insist("sh", &block);
        seen += 1;
    }
    assert!(seen > 15, "{seen}");
    let said = shellcheck(folder.path(), "sh", "ls $1\n");
    assert!(said.contains("SC2086"), "shellcheck finds nothing: {said}");
}
