//! Plays worlds: makes them, and audits them in three ways.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use glide_rs::discover::Offline;
use glide_rs::manifest::Config;
use serde_json::Value;

use super::case::{Act, Case};
use super::compare::Planted;
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
            let is_usual = case.arguments.is_empty() && case.checks.is_empty() && case.tells_go;
            is_usual && case.refused.is_none() && case.aside.1 == 0
        };
        let plain: Vec<_> = worlds.iter().filter(is_plain).collect();
        let mut arguments = vec!["audit", "--format", "json", "--offline"];
        let folders: Vec<_> = plain.iter().map(|world| world.folder()).collect();
        arguments.extend(folders.iter().map(|folder| folder.to_str().unwrap()));
        let database = kit.database.to_str().unwrap();
        arguments.extend(["--db", database, "--go-version", "1.30.0"]);
        let output = kit.sandbox.run(&arguments);
        let report: Value = serde_json::from_str(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {output:?}"));
        let projects = report["projects"].as_array().unwrap();
        assert_eq!(projects.len(), plain.len());
        for (world, project) in plain.into_iter().zip(projects) {
            let result = world.planted(true).compared(project);
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

    fn planted(&self, is_offline: bool) -> Planted<'_> {
        Planted {
            case: &self.case,
            kit: self.kit,
            is_offline,
        }
    }

    /// Makes the world and audits it.
    fn first(&self) -> Result<(), String> {
        self.make()?;
        self.planted(false).judged(&self.audit(&self.baseline()))
    }

    fn offline(&self) -> Result<(), String> {
        let mut words = self.baseline();
        words.push("--offline");
        self.planted(true).judged(&self.audit(&words))
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
}
