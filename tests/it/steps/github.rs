//! `action.yml`, played as a runner does: expressions are put in, `env:` is handed over, files of commands are read.
//!
//! The runner here knows as much of the language of expressions as the action uses, and fails at anything else.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use super::{PROGRAM, Road, URL, Variables, have, insist_on_none, path, yaml};

/// What has become of a run of the action.
struct Played {
    /// Whether no step has failed.
    is_well: bool,
    /// Names of the steps that were run, those of other actions among them.
    steps: Vec<String>,
    /// What other actions were given.
    given: BTreeMap<String, Value>,
    /// Values by their names in expressions.
    known: BTreeMap<String, String>,
    /// What later steps of the job find.
    environment: Variables,
    /// All that was said on standard error.
    stderr: String,
}

impl Played {
    fn output(&self, action: &Value, name: &str) -> String {
        fill(
            action["outputs"][name]["value"].as_str().unwrap(),
            &self.known,
        )
    }
}

/// Puts in the values of `${{ … }}`; what has no value is empty, as in GitHub.
fn fill(text: &str, known: &BTreeMap<String, String>) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${{") {
        let (name, after) = after.split_once("}}").unwrap();
        filled.push_str(before);
        filled.push_str(value(name.trim(), known));
        rest = after;
    }
    filled + rest
}

fn value<'a>(term: &'a str, known: &'a BTreeMap<String, String>) -> &'a str {
    if let Some(literal) = term.strip_prefix('\'') {
        return literal.strip_suffix('\'').unwrap();
    }
    let is_output = term.starts_with("steps.") && term.split('.').nth(2) == Some("outputs");
    match known.get(term) {
        Some(value) => value,
        None if is_output => "",
        None => panic!("`{term}` is no value"),
    }
}

/// Whether a step is to run.
fn holds(condition: &str, is_well: bool, known: &BTreeMap<String, String>) -> bool {
    let inner = condition.strip_prefix("${{").unwrap();
    let terms = inner.strip_suffix("}}").unwrap().split("&&").map(str::trim);
    let mut in_any_case = false;
    let mut all = true;
    for term in terms {
        if term == "!cancelled()" {
            in_any_case = true;
        } else if let Some((left, right)) = term.split_once(" != ") {
            all &= value(left, known) != value(right, known);
        } else if let Some((left, right)) = term.split_once(" == ") {
            all &= value(left, known) == value(right, known);
        } else {
            panic!("`{term}` is no condition");
        }
    }
    all && (is_well || in_any_case)
}

/// Plays the action with these inputs.
fn play(road: &Road, inputs: &[(&str, &str)]) -> Played {
    let action = yaml("step/action.yml");
    let temp = road.root().join("runner temp");
    fs::create_dir_all(&temp).unwrap();
    let mut played = Played {
        is_well: true,
        steps: Vec::new(),
        given: BTreeMap::new(),
        known: BTreeMap::new(),
        environment: Variables::new(),
        stderr: String::new(),
    };
    for (name, input) in action["inputs"].as_object().unwrap() {
        let given = inputs.iter().find(|(known, _)| known == name);
        let default = input["default"].as_str().unwrap();
        let value = given.map_or(default, |(_, value)| value);
        played
            .known
            .insert(format!("inputs.{name}"), value.to_owned());
    }
    for (name, value) in [
        ("runner.temp", temp.to_str().unwrap()),
        ("runner.os", "Linux"),
        ("runner.arch", "X64"),
    ] {
        played.known.insert(name.to_owned(), value.to_owned());
    }
    for step in action["runs"]["steps"].as_array().unwrap() {
        let is_asked_for = match step["if"].as_str() {
            Some(condition) => holds(condition, played.is_well, &played.known),
            None => played.is_well,
        };
        if is_asked_for {
            play_step(road, step, &mut played);
        }
    }
    played
}

fn play_step(road: &Road, step: &Value, played: &mut Played) {
    let name = step["name"].as_str().unwrap().to_owned();
    played.steps.push(name.clone());
    let filled = |map: &Value| {
        let map = map.as_object().into_iter().flatten();
        let pairs = map.map(|(name, it)| (name.clone(), fill(it.as_str().unwrap(), &played.known)));
        pairs.collect::<BTreeMap<_, _>>()
    };
    let Some(lines) = step["run"].as_str() else {
        let given = serde_json::to_value(filled(&step["with"])).unwrap();
        played.given.insert(name, given);
        return;
    };
    let mut environment: Variables = played.environment.clone();
    let own = filled(&step["env"]);
    environment.extend(own.into_iter().map(|(name, value)| (name, value.into())));
    let file = |name: &str| {
        let path = road.root().join(name);
        fs::write(&path, "").unwrap();
        path
    };
    let [output, env, paths] = ["GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH"].map(|name| {
        let path = file(name);
        environment.insert(name.to_owned(), path.clone().into());
        path
    });
    environment.insert("GITHUB_ACTION_PATH".to_owned(), path("step").into());
    let script = file("script.sh");
    fs::write(&script, lines).unwrap();
    let options = ["--noprofile", "--norc", "-eo", "pipefail"];
    let arguments = [&options[..], &[script.to_str().unwrap()]].concat();
    let done = road.run("bash", &arguments, &environment);
    played.stderr.push_str(&done.stderr);
    played.is_well &= done.exit == Some(0);
    let id = step["id"].as_str().unwrap_or("?");
    for (name, value) in pairs(&output) {
        let name = format!("steps.{id}.outputs.{name}");
        played.known.insert(name, value);
    }
    let pairs = pairs(&env).into_iter();
    played
        .environment
        .extend(pairs.map(|(name, value)| (name, value.into())));
    for line in fs::read_to_string(paths).unwrap().lines() {
        let before = played.environment.get("PATH").cloned();
        let before = before.unwrap_or_else(|| road.environment()["PATH"].clone());
        let mut path = std::ffi::OsString::from(format!("{line}:"));
        path.push(before);
        played.environment.insert("PATH".to_owned(), path);
    }
}

/// The `NAME=value` lines of a file of commands.
fn pairs(file: &PathBuf) -> Vec<(String, String)> {
    let text = fs::read_to_string(file).unwrap();
    let pairs = text.lines().map(|line| line.split_once('=').unwrap());
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

#[test]
fn the_road_from_checkout_to_static_program() {
    if !have(&["go", "make"]) {
        return;
    }
    let road = Road::new();
    let inputs = [
        ("url", URL),
        ("sha256", &*road.sum),
        ("audit", "integrity"),
        ("upload-sarif", "true"),
        ("gopath", "true"),
        ("build", "make static-build"),
    ];
    let played = play(&road, &inputs);
    assert!(played.is_well, "{}", played.stderr);
    road.built();
    assert_eq!(road.asked(), (1, 1));
    let action = yaml("step/action.yml");
    assert_eq!(played.output(&action, "key"), road.lock_sum());
    // The cache has the key of glide.lock, falls back to the last one, and holds what there is.
    let cache = &played.given["The cache"];
    let key = cache["key"].as_str().unwrap();
    let fallback = cache["restore-keys"].as_str().unwrap().trim_end();
    assert_eq!(key.strip_prefix(fallback), Some(&*road.lock_sum()));
    for folder in cache["path"].as_str().unwrap().lines() {
        assert!(fs::metadata(folder).unwrap().is_dir(), "{folder}");
    }
    let report = played.output(&action, "report");
    assert_eq!(
        played.given["The report to code scanning"]["sarif_file"],
        report.as_str()
    );
    let sarif: Value = serde_json::from_slice(&fs::read(report).unwrap()).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    // Later steps of the job have the tool, its cache, and the project in GOPATH.
    let line = "glide-rs install --frozen && go list ./...";
    let output = road.run("bash", &["-c", line], &played.environment);
    let listed = "github.com/me/app/cmd/app\ngithub.com/me/app/internal/greet\n";
    assert_eq!(output.success().stdout, listed);
    // The next job, with the cache.
    road.remove_vendor();
    road.asked();
    assert!(play(&road, &inputs).is_well);
    assert_eq!(road.asked(), (0, 0));
}

#[test]
fn findings_are_uploaded_and_nothing_is_built() {
    let road = Road::new();
    let manifest = road.world.sandbox.read("glide.yaml").unwrap();
    let manifest = manifest.replace("^1.0.0", "^2.0.0");
    road.world.sandbox.write("glide.yaml", &manifest);
    let inputs = [
        ("program", PROGRAM),
        ("locked", "false"),
        ("audit", "drift"),
        ("upload-sarif", "true"),
        ("build", "touch built"),
    ];
    let played = play(&road, &inputs);
    assert!(!played.is_well);
    let last = "The report to code scanning";
    assert_eq!(
        played.steps.last().map(String::as_str),
        Some(last),
        "{}",
        played.stderr
    );
    assert!(!road.project().join("built").exists());
    // Asked to look only, and not to upload.
    let inputs = [&inputs[..3], &[("audit-fails", "false"), inputs[4]]].concat();
    let played = play(&road, &inputs);
    assert!(played.is_well, "{}", played.stderr);
    assert_eq!(played.steps.last().map(String::as_str), Some("Build"));
    assert!(road.project().join("built").exists());
    // Where glide.lock has to do, it ends there.
    let played = play(&road, &[("program", PROGRAM), ("audit", "drift")]);
    assert_eq!(played.steps.last().map(String::as_str), Some("Install"));
    assert!(
        played.stderr.contains("asks for `^2.0.0`"),
        "{}",
        played.stderr
    );
}

#[test]
fn inputs_are_data() {
    let road = Road::new();
    let action = yaml("step/action.yml");
    for name in action["inputs"].as_object().unwrap().keys() {
        if name == "build" {
            continue;
        }
        for value in [
            "x; touch owned",
            "$(touch owned)\nhome=`touch owned`",
            "'\" && touch owned #",
        ] {
            let given = [
                ("program", PROGRAM),
                ("audit", "drift"),
                (name.as_str(), value),
            ];
            let given = if name == "program" {
                &given[1..]
            } else {
                &given
            };
            // The last one counts.
            let mut inputs = given.to_vec();
            inputs.reverse();
            play(&road, &inputs);
        }
    }
    insist_on_none(road.root(), "owned");
}
