//! Plays worlds and compares what the audit finds with what is planted.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use glide_rs::audit::RULES;
use glide_rs::discover::Offline;
use glide_rs::manifest::Config;
use serde_json::Value;

use super::case::{Act, Case};
use super::kit::Kit;
use crate::support::files::{self, FileSpec};
use crate::support::process::{self, Input, Output};
use crate::support::sandbox;

/// How many worlds are played at a time.
const WORKERS: usize = 4;

/// Makes and audits these worlds, each by itself: with its network; then once more without, which changes
/// nothing but what is known of provenance, and asks nobody; then all of them in one run. What is not as
/// planted ends the test.
#[track_caller]
pub(crate) fn play(cases: Vec<Case>) {
    let troubles = troubles(cases);
    assert!(troubles.is_empty(), "{}", troubles.join("\n"));
}

/// The same; tells what is not as planted.
pub(crate) fn troubles(cases: Vec<Case>) -> Vec<String> {
    let kit = Kit::new();
    let worlds: Vec<World<'_>> = cases
        .into_iter()
        .enumerate()
        .map(|(at, case)| World::new(&kit, at, case))
        .collect();
    let troubles = Troubles::default();
    in_parallel(&worlds, |world| troubles.note(world, "", world.first()));
    kit.server.take_requests();
    in_parallel(&worlds, |world| {
        troubles.note(world, " (offline)", world.offline());
    });
    troubles.all_together(&kit, &worlds);
    let asked = kit.server.take_requests();
    assert!(asked.is_empty(), "asked without a network: {asked:?}");
    let mut troubles = troubles.0.into_inner().unwrap();
    troubles.sort();
    troubles
}

fn in_parallel(worlds: &[World<'_>], work: impl Fn(&World<'_>) + Sync) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while let Some(world) = worlds.get(next.fetch_add(1, Ordering::Relaxed)) {
                    work(world);
                }
            });
        }
    });
}

/// What is not as planted.
#[derive(Default)]
struct Troubles(Mutex<Vec<String>>);

impl Troubles {
    fn note(&self, world: &World<'_>, how: &str, result: Result<(), String>) {
        if let Err(trouble) = result {
            let line = format!("== {}{how} ({})\n{trouble}", world.case.name, world.at);
            self.0.lock().unwrap().push(line);
        }
    }

    /// Audits all projects that can be audited with the same words in one run.
    fn all_together(&self, kit: &Kit, worlds: &[World<'_>]) {
        let is_plain = |world: &&World<'_>| {
            let case = &world.case;
            let words = case.arguments.is_empty() && case.checks.is_empty() && case.tells_go;
            words && case.refused.is_none() && case.aside.1 == 0
        };
        let plain: Vec<_> = worlds.iter().filter(is_plain).collect();
        let mut words = vec!["audit", "--format", "json", "--offline"];
        let folders: Vec<_> = plain.iter().map(|world| world.folder()).collect();
        words.extend(folders.iter().map(|folder| folder.to_str().unwrap()));
        let database = kit.database.to_str().unwrap();
        words.extend(["--db", database, "--go-version", "1.30.0"]);
        let output = kit.sandbox.run(&words);
        let report: Value = serde_json::from_str(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {output:?}"));
        let projects = report["projects"].as_array().unwrap();
        assert_eq!(projects.len(), plain.len());
        for (world, project) in plain.into_iter().zip(projects) {
            let result = world.compared(project, true);
            self.note(world, " (among all)", result);
        }
    }
}

/// A world being played.
pub(crate) struct World<'k> {
    kit: &'k Kit,
    at: usize,
    case: Case,
}

/// The project's files as templates, to fill the hash in anew when one of them changes.
struct Project {
    folder: PathBuf,
    templates: BTreeMap<&'static str, String>,
}

impl Project {
    fn lay(&self, kit: &Kit) {
        let yaml = self.templates.get("glide.yaml");
        let yaml = yaml.map(|text| kit.filled(text, ""));
        let config = yaml.and_then(|text| Config::read(text.as_bytes(), &Offline).ok());
        let hash = config.map_or_else(String::new, |config| config.hash());
        for (path, text) in &self.templates {
            let spec = FileSpec::text(kit.filled(text, &hash));
            files::lay(&self.folder, &[((*path).to_owned(), spec)]);
        }
    }
}

impl<'k> World<'k> {
    pub(crate) fn new(kit: &'k Kit, at: usize, case: Case) -> Self {
        Self { kit, at, case }
    }

    /// Each world has a GOPATH of its own, so that all projects can have one import path.
    fn gopath(&self) -> PathBuf {
        self.kit.sandbox.root().join(format!("world-{}", self.at))
    }

    fn folder(&self) -> PathBuf {
        self.gopath().join("src/github.com/me/app")
    }

    fn run(&self, words: &[&str]) -> Output {
        self.run_at(&self.kit.sandbox.home(), words)
    }

    fn run_at(&self, home: &Path, words: &[&str]) -> Output {
        let mut command = self.kit.sandbox.command(words);
        command
            .current_dir(self.folder())
            .env("GOPATH", self.gopath())
            .env("HOME", home);
        process::run(&mut command, &Input::Empty, Duration::from_secs(120))
    }

    fn audit(&self, more: &[&str]) -> Output {
        self.audit_at(&self.kit.sandbox.home(), more)
    }

    /// Audits with another home.
    pub(crate) fn audit_at(&self, home: &Path, more: &[&str]) -> Output {
        let mut words = vec!["audit", "--format", "json"];
        words.extend(&self.case.checks);
        if !self.case.arguments.contains(&"--db") {
            words.extend(["--db", self.kit.database.to_str().unwrap()]);
        }
        if self.case.tells_go && !self.case.arguments.contains(&"--go-version") {
            words.extend(["--go-version", "1.30.0"]);
        }
        words.extend(&self.case.arguments);
        words.extend(more);
        self.run_at(home, &words)
    }

    /// Makes the world and audits it.
    fn first(&self) -> Result<(), String> {
        self.make()?;
        self.judged(&self.audit(&self.baseline()), false)
    }

    fn offline(&self) -> Result<(), String> {
        let mut words = self.baseline();
        words.push("--offline");
        self.judged(&self.audit(&words), true)
    }

    fn baseline(&self) -> Vec<&'static str> {
        let has_one = self
            .case
            .acts
            .iter()
            .any(|act| matches!(act, Act::Baseline));
        if has_one {
            vec!["--baseline", "known.json"]
        } else {
            Vec::new()
        }
    }

    pub(crate) fn make(&self) -> Result<(), String> {
        let mut project = Project {
            folder: self.folder(),
            templates: self.case.files.iter().cloned().collect(),
        };
        project.lay(self.kit);
        for act in &self.case.acts {
            self.act(act, &mut project)?;
        }
        Ok(())
    }

    fn act(&self, act: &Act, project: &mut Project) -> Result<(), String> {
        let lay = |path: &str, spec: FileSpec| {
            files::lay(&project.folder, &[(path.to_owned(), spec)]);
        };
        match act {
            Act::Write(path, text) if project.templates.contains_key(path) => {
                project.templates.insert(path, text.clone());
                project.lay(self.kit);
            }
            Act::Write(path, text) => lay(path, FileSpec::text(self.kit.filled(text, ""))),
            Act::Replace(path, from, to) => {
                if let Some(text) = project.templates.get_mut(path) {
                    assert!(text.contains(from), "`{from}` is not in {path}");
                    *text = text.replace(from.as_str(), to);
                    project.lay(self.kit);
                } else {
                    let text = sandbox::text(&project.folder.join(path)).unwrap();
                    assert!(text.contains(from), "`{from}` is not in {path}");
                    lay(path, FileSpec::text(text.replace(from.as_str(), to)));
                }
            }
            Act::Remove(path) => {
                assert!(project.folder.join(path).exists(), "{path} is not there");
                project.templates.remove(path);
                lay(path, FileSpec::Remove);
            }
            Act::Executable(path) => {
                let bytes = fs::read(project.folder.join(path)).unwrap();
                let executable = true;
                lay(path, FileSpec::File { bytes, executable });
            }
            Act::Link(path, to) => lay(path, FileSpec::Link((*to).to_owned())),
            Act::Run(words) => {
                let output = self.run(words);
                if output.exit != Some(0) {
                    return Err(format!("{words:?}: {output:?}"));
                }
            }
            Act::Audit => drop(self.audit(&[])),
            Act::Baseline => {
                self.audit(&["--output", "known.json"]);
            }
            Act::Remote(happens) => happens(self.kit),
            Act::Folder(happens) => happens(&project.folder),
        }
        Ok(())
    }

    fn judged(&self, output: &Output, is_offline: bool) -> Result<(), String> {
        if let Some(secret) = self.case.secret {
            let all = format!("{}{}", output.stdout, output.stderr);
            if all.contains(secret) {
                return Err(format!("`{secret}` is told: {all}"));
            }
        }
        if let Some(part) = self.case.refused {
            let told = output.stderr.contains(part) && output.exit == Some(2);
            return told.then_some(()).ok_or(format!("{output:?}"));
        }
        let report: Value = serde_json::from_str(&output.stdout)
            .map_err(|error| format!("no report: {error}: {output:?}"))?;
        self.compared(&report["projects"][0], is_offline)?;
        let expected = self.case.exit_code();
        let is_same = output.exit == Some(expected);
        // Without a network, less is known of where pins come from, and other things of some worlds.
        if is_same
            || is_offline && (self.tells_of_provenance() || !self.case.unchecked_offline.is_empty())
        {
            return Ok(());
        }
        Err(format!("exit code {:?} and not {expected}", output.exit))
    }

    fn tells_of_provenance(&self) -> bool {
        let found = self.case.findings.iter();
        let mut checks = found
            .map(|line| check_of(line))
            .chain(self.case.unchecked.iter().map(|(check, ..)| *check));
        checks.any(|check| check == "provenance") || !self.case.offline.is_empty()
    }

    /// Compares a project's findings with those planted.
    fn compared(&self, project: &Value, is_offline: bool) -> Result<(), String> {
        let case = &self.case;
        let mut expected: Vec<String> = case.findings.iter().map(|line| self.line(line)).collect();
        let mut found: Vec<String> = list(project, "findings").map(|found| line(found)).collect();
        if is_offline {
            expected.extend(case.offline.iter().map(|line| self.line(line)));
            expected.retain(|line| check_of(line) != "provenance");
            found.retain(|line| check_of(line) != "provenance");
        }
        expected.sort();
        found.sort();
        let mut troubles = Vec::new();
        if expected != found {
            let told = |mark: &str, lines: &[String], others: &[String]| -> String {
                let only = lines.iter().filter(|line| !others.contains(line));
                only.map(|line| format!("\n  {mark} {line}")).collect()
            };
            troubles.push(format!(
                "findings:{}{}{}",
                told("missing", &expected, &found),
                told("besides", &found, &expected),
                if expected.len() == found.len() {
                    ""
                } else {
                    "\n  another number"
                },
            ));
        }
        troubles.extend(self.not_looked_at(project, is_offline));
        let aside = [&project["set_aside"], &project["in_baseline"]].map(Value::as_u64);
        let (ignored, known) = case.aside;
        if aside != [Some(ignored), Some(known)] && !(is_offline && self.tells_of_provenance()) {
            troubles.push(format!("set aside {aside:?} and not {:?}", case.aside));
        }
        if troubles.is_empty() {
            return Ok(());
        }
        Err(troubles.join("\n"))
    }

    /// What is wrong with what could not be looked at.
    fn not_looked_at(&self, project: &Value, is_offline: bool) -> Option<String> {
        let is_meant = |check: &str| !(is_offline && check == "provenance");
        let told = list(project, "unchecked").filter(|told| is_meant(word(told, "check")));
        let told: Vec<_> = told.collect();
        let more: &[_] = if is_offline {
            &self.case.unchecked_offline
        } else {
            &[]
        };
        let wanted = self.case.unchecked.iter().chain(more);
        let wanted: Vec<_> = wanted.filter(|(check, ..)| is_meant(check)).collect();
        let is_it = |told: &Value, (check, package, part): &(&str, &str, &str)| {
            let reason = word(told, "reason");
            // Without a network, why is another matter.
            let fits = is_offline || reason.contains(part);
            word(told, "check") == *check && or_dash(word(told, "package")) == *package && fits
        };
        let all = wanted
            .iter()
            .all(|wanted| told.iter().any(|told| is_it(told, wanted)));
        let fits = all && wanted.len() == told.len();
        (!fits).then(|| format!("not looked at: {told:?} and not {wanted:?}"))
    }

    fn line(&self, line: &str) -> String {
        self.kit.filled(line, "")
    }
}

/// What a report says could not be looked at, as `check package`.
pub(crate) fn unknown(output: &Output) -> Vec<String> {
    let report: Value = serde_json::from_str(&output.stdout).unwrap();
    let told = list(&report["projects"][0], "unchecked");
    let told = told.map(|told| {
        let package = or_dash(word(told, "package"));
        format!("{} {package}", word(told, "check"))
    });
    let mut told: Vec<_> = told.collect();
    told.sort();
    told
}

fn list<'v>(project: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    project[name].as_array().unwrap().iter()
}

fn word<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap()
}

fn or_dash(text: &str) -> &str {
    if text.is_empty() { "-" } else { text }
}

/// A finding as a world writes it down.
fn line(found: &Value) -> String {
    let files = list(found, "details").map(|line| line.as_str().unwrap());
    let files: Vec<_> = files.filter(|line| line.starts_with("vendor/")).collect();
    let place = &found["place"];
    // In a run over many projects, places begin with the project's folder.
    let file = word(place, "file");
    let file = file.rsplit_once("/me/app/").map_or(file, |(_, file)| file);
    let about = match word(found, "check") {
        "integrity" => files.join(" "),
        _ => word(found, "subject").to_owned(),
    };
    let line = format!(
        "{} {} {} {file}:{} {about}",
        word(found, "severity"),
        word(found, "rule"),
        or_dash(word(found, "package")),
        place["line"],
    );
    line.trim_end().to_owned()
}

/// The check of the rule that a line names.
fn check_of(line: &str) -> &'static str {
    let code = rule_of(line);
    let rule = RULES.iter().find(|rule| rule.code == code);
    rule.unwrap_or_else(|| panic!("{line}: no such rule"))
        .check
        .name()
}

/// The rule that a line names.
pub(crate) fn rule_of(line: &str) -> &str {
    line.split(' ').nth(1).unwrap()
}
