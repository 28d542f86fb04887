//! The case format: a small world of remote repositories, a project, and steps with what is
//! expected after each. `fixtures/conformance/README.md` describes it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::files::{self, FileSpec, Ordered};
use super::process::{self, Input};
use super::repo::{Commit, Remotes, RepoSpec};
use super::sandbox::{Sandbox, text};
use super::server::{Page, Server, Site, Tags};

/// A case as its file has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// One line: what the case shows.
    pub(crate) about: String,
    /// Where Glide itself is wrong: what it does, and what is right instead.
    glide: Option<String>,
    why: Option<String>,
    #[serde(default)]
    repos: Ordered<RepoSpec>,
    #[serde(default)]
    meta: BTreeMap<String, Tags>,
    #[serde(default)]
    pages: BTreeMap<String, Page>,
    #[serde(default)]
    moved: BTreeMap<String, String>,
    #[serde(default)]
    plain_http: BTreeSet<String>,
    #[serde(default)]
    hosts: BTreeSet<String>,
    project: Project,
    #[serde(default)]
    gopath: Ordered<FileSpec>,
    #[serde(default)]
    home: Ordered<FileSpec>,
    #[serde(default)]
    gitconfig: String,
    #[serde(default)]
    env: BTreeMap<String, String>,
    steps: Vec<Step>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Project {
    path: String,
    #[serde(default)]
    files: Ordered<FileSpec>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Step {
    Run(Box<Run>),
    Write(Write),
    Home(Home),
    Push(Push),
    Gone(Gone),
    Back(Back),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Write {
    write: Ordered<FileSpec>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Home {
    home: Ordered<FileSpec>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Push {
    push: Ordered<Vec<Commit>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Gone {
    gone: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Back {
    back: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Run {
    #[serde(rename = "run")]
    arguments: Vec<String>,
    #[serde(default = "here")]
    cwd: String,
    #[serde(default)]
    stdin: Typed,
    timeout: Option<u64>,
    #[serde(default)]
    stdout: Value,
    #[serde(default)]
    files: Vec<String>,
    #[serde(default)]
    same: Vec<String>,
    #[serde(default)]
    mirrors: bool,
    #[serde(default)]
    loose: Vec<String>,
    #[serde(default)]
    locked: bool,
    #[serde(default)]
    expect: Map<String, Value>,
}

fn here() -> String {
    ".".to_owned()
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Typed {
    Text(String),
    Lines(Vec<String>),
}

impl Default for Typed {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl Case {
    /// Reads a case file.
    pub(crate) fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Plays the case; every difference, one line each.
    pub(crate) fn play(&self) -> Vec<String> {
        assert_eq!(self.glide.is_some(), self.why.is_some(), "{}", self.about);
        let mut stage = Stage::new(self);
        let mut lines = Vec::new();
        for (number, step) in self.steps.iter().enumerate() {
            for difference in stage.step(step) {
                lines.push(format!("step {}: {difference}", number + 1));
            }
        }
        lines
    }
}

/// A case being played.
struct Stage {
    sandbox: Sandbox,
    remotes: Remotes,
    server: Server,
}

impl Stage {
    fn new(case: &Case) -> Self {
        let mut sandbox = Sandbox::new(&case.project.path);
        let mut remotes = Remotes::new(&sandbox.repos());
        for (name, spec) in &case.repos.0 {
            remotes.create(name, spec);
        }
        let site = Site {
            meta: case.meta.clone(),
            pages: case.pages.clone(),
            moved: case.moved.clone(),
            plain_http: case.plain_http.clone(),
            hosts: case.hosts.clone(),
            ..Site::of(&remotes)
        };
        let server = Server::start(&sandbox.root().join("tls"), site);
        sandbox.use_server(&server);
        for (name, value) in &case.env {
            let value = fill(&sandbox, value);
            sandbox.set(name, value);
        }
        let stage = Self {
            sandbox,
            remotes,
            server,
        };
        stage.put(stage.sandbox.project(), &case.project.files);
        stage.put(&stage.sandbox.root().join("gopath/src"), &case.gopath);
        stage.put(&stage.sandbox.glide_home(), &case.home);
        let gitconfig = fill(&stage.sandbox, &case.gitconfig);
        fs::write(stage.sandbox.home().join(".gitconfig"), gitconfig).unwrap();
        stage
    }

    /// Lays files with the words in their texts filled in.
    fn put(&self, folder: &Path, files: &Ordered<FileSpec>) {
        let mut filled = files.0.clone();
        for (_, spec) in &mut filled {
            if let FileSpec::File { bytes, .. } = spec
                && let Ok(text) = std::str::from_utf8(bytes)
            {
                *bytes = fill(&self.sandbox, text).into_bytes();
            }
        }
        files::lay(folder, &filled);
    }

    fn step(&mut self, step: &Step) -> Vec<String> {
        match step {
            Step::Write(step) => self.put(self.sandbox.project(), &step.write),
            Step::Home(step) => self.put(&self.sandbox.glide_home(), &step.home),
            Step::Push(step) => {
                for (name, commits) in &step.push.0 {
                    self.remotes.push(name, commits);
                }
            }
            Step::Gone(step) => self.server.gone(&step.gone),
            Step::Back(step) => self.server.back(&step.back),
            Step::Run(step) => return self.run(step),
        }
        Vec::new()
    }

    fn run(&self, step: &Run) -> Vec<String> {
        let sandbox = &self.sandbox;
        let bytes_of = |file: &str| fs::read(sandbox.project().join(file)).ok();
        let before = sandbox.read("glide.yaml");
        let kept: Vec<_> = step
            .same
            .iter()
            .map(|file| (file, bytes_of(file)))
            .collect();
        if !step.locked {
            // Left behind by Glide when it fails: the next run would wait for fifteen seconds.
            let _ = fs::remove_file(sandbox.glide_home().join("lock.json"));
        }
        let arguments: Vec<_> = step
            .arguments
            .iter()
            .map(|word| fill(sandbox, word))
            .collect();
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let input = match step.stdin.clone() {
            Typed::Text(text) if text.is_empty() => Input::Empty,
            Typed::Text(text) => Input::Text(text),
            Typed::Lines(lines) => Input::Typed(lines),
        };
        let mut command = sandbox.command(&arguments);
        command.current_dir(sandbox.project().join(&step.cwd));
        let limit = Duration::from_secs(step.timeout.unwrap_or(120));
        let output = process::run(&mut command, &input, limit);

        let mut got = Map::new();
        got.insert(
            "exit".into(),
            output.exit.map_or(json!("timeout"), Value::from),
        );
        got.insert(
            "lock".into(),
            json!(sandbox.read("glide.lock").map(|text| mask(&text))),
        );
        got.insert("vendor".into(), json!(sandbox.vendor()));
        let after = sandbox.read("glide.yaml");
        if after != before {
            got.insert("yaml".into(), json!(after));
        }
        if step.stdout != Value::Null {
            let sorted = step.stdout == "sorted";
            got.insert("stdout".into(), json!(self.normal(&output.stdout, sorted)));
        }
        if !step.files.is_empty() {
            let text_of = |file: &String| {
                let text = sandbox.read(file);
                let is_lock = file.ends_with("glide.lock");
                if is_lock {
                    text.map(|text| mask(&text))
                } else {
                    text
                }
            };
            let texts: BTreeMap<_, _> = step.files.iter().map(|f| (f, text_of(f))).collect();
            got.insert("files".into(), json!(texts));
        }
        if !kept.is_empty() {
            let same = kept
                .iter()
                .map(|(file, bytes)| (file, bytes_of(file) == *bytes));
            got.insert("same".into(), json!(same.collect::<BTreeMap<_, _>>()));
        }
        if step.mirrors {
            let text = text(&sandbox.glide_home().join("mirrors.yaml")).unwrap_or_default();
            let repos = sandbox.repos().display().to_string();
            got.insert("mirrors".into(), json!(text.replace(&repos, "{repos}")));
        }
        for part in &step.loose {
            got.remove(part);
        }
        let mut lines = differences(&step.expect, &got);
        if !lines.is_empty() {
            let said = output.stderr.trim_end().replace('\n', "\n        ");
            lines.push(format!("{:?} said:\n        {said}", step.arguments));
        }
        lines
    }

    fn normal(&self, stdout: &str, sorted: bool) -> String {
        let root = self.sandbox.root().display().to_string();
        let text = stdout.replace(&root, "{root}");
        if !sorted {
            return text;
        }
        let mut lines: Vec<_> = text.split_inclusive('\n').collect();
        lines.sort_unstable();
        lines.concat()
    }
}

/// Fills in the folder of all repositories, the project's, the home, and PATH.
fn fill(sandbox: &Sandbox, text: &str) -> String {
    let path = std::env::var("PATH").unwrap_or_default();
    text.replace("{repos}", &sandbox.repos().display().to_string())
        .replace("{project}", &sandbox.project().display().to_string())
        .replace("{home}", &sandbox.home().display().to_string())
        .replace("{path}", &path)
}

/// A glide.lock without the time in it.
pub(crate) fn mask(lock: &str) -> String {
    let masked = |line: &str| {
        if line.starts_with("updated: ") {
            "updated: MASKED".to_owned()
        } else {
            line.to_owned()
        }
    };
    lock.split('\n').map(masked).collect::<Vec<_>>().join("\n")
}

/// Readable lines, one a difference.
pub(crate) fn differences(want: &Map<String, Value>, got: &Map<String, Value>) -> Vec<String> {
    let mut lines = Vec::new();
    let yaml_open = want.contains_key("yaml")
        || want
            .get("contains")
            .is_some_and(|parts| parts.get("yaml").is_some());
    if got.contains_key("yaml") && !yaml_open {
        lines.push("yaml: glide.yaml was changed".to_owned());
    }
    for (key, want) in want {
        let got_here = got.get(key).unwrap_or(&Value::Null);
        match (key.as_str(), want, got_here) {
            _ if want == got_here => {}
            ("contains" | "lacks", Value::Object(parts), _) => {
                lines.extend(occurrences(key, parts, got));
            }
            // Any ordinary failure will do where Glide failed.
            ("exit", Value::Number(want), Value::Number(got))
                if want.as_i64() != Some(0) && (1..100).contains(&got.as_i64().unwrap_or(0)) => {}
            (_, Value::Object(want), Value::Object(got)) => {
                let paths: BTreeSet<_> = want.keys().chain(got.keys()).collect();
                for path in paths
                    .into_iter()
                    .filter(|path| want.get(*path) != got.get(*path))
                {
                    let side = |side: &Map<String, Value>| {
                        side.get(path)
                            .map_or("nothing".to_owned(), Value::to_string)
                    };
                    let (want, got) = (side(want), side(got));
                    lines.push(format!("{key}: {path}: want {want}, got {got}"));
                }
            }
            (_, Value::String(want), Value::String(got)) => {
                lines.push(format!("{key}: {}", first_difference(want, got)));
            }
            _ => lines.push(format!("{key}: want {want}, got {got_here}")),
        }
    }
    lines
}

fn occurrences(key: &str, parts: &Map<String, Value>, got: &Map<String, Value>) -> Vec<String> {
    let mut lines = Vec::new();
    for (part, texts) in parts {
        let whole = got.get(part).and_then(Value::as_str).unwrap_or("");
        for text in texts
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            if whole.contains(text) != (key == "contains") {
                lines.push(format!("{part}: {key} {text:?} does not hold"));
            }
        }
    }
    lines
}

fn first_difference(want: &str, got: &str) -> String {
    let (mut want, mut got) = (want.lines(), got.lines());
    for number in 1.. {
        let (want, got) = (want.next(), got.next());
        if want != got {
            return format!("line {number}: want {want:?}, got {got:?}");
        }
        if want.is_none() {
            break;
        }
    }
    "line ends differ".to_owned()
}
