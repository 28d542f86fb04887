//! What holds for every story and for worlds by chance.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::sync::Arc;

use proptest::prelude::*;

use super::super::{Fault, Provider, Repository, Scanned};
use super::story::{Story, stories};
use super::world::{Folder, ThreeElements, commit_id};
use super::{FILES, Outcome, outcome};
use crate::manifest::{Dependency, split_name};
use crate::model::Revision;

type Opened = Result<Arc<dyn Repository>, Fault>;

/// A provider that is told what will be asked, works some of it off ahead, in an order of its own, and
/// holds the walk to what it announced.
struct Ahead<'a> {
    world: &'a dyn Provider,
    chance: RefCell<u64>,
    opened: RefCell<HashMap<String, Opened>>,
    waiting: RefCell<Vec<Dependency>>,
    certain: RefCell<BTreeSet<String>>,
    asked: RefCell<BTreeSet<String>>,
}

impl<'a> Ahead<'a> {
    fn new(world: &'a dyn Provider, seed: u64) -> Self {
        Self {
            world,
            chance: RefCell::new(seed),
            opened: RefCell::default(),
            waiting: RefCell::default(),
            certain: RefCell::default(),
            asked: RefCell::default(),
        }
    }

    fn next(&self) -> u64 {
        let mut chance = self.chance.borrow_mut();
        *chance = chance
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        *chance >> 33
    }

    fn open_once(&self, dependency: &Dependency) -> Opened {
        let location = self.world.location(dependency);
        let known = self.opened.borrow().get(&location).cloned();
        known.unwrap_or_else(|| {
            let opened = self.world.open(dependency);
            self.opened.borrow_mut().insert(location, opened.clone());
            opened
        })
    }

    /// Does some of what waits.
    fn work(&self) {
        while !self.waiting.borrow().is_empty() && !self.next().is_multiple_of(3) {
            let at = usize::try_from(self.next()).unwrap() % self.waiting.borrow().len();
            let dependency = self.waiting.borrow_mut().swap_remove(at);
            if let Ok(repository) = self.open_once(&dependency) {
                let tip = repository.tip();
                if let Some(tip) = tip.filter(|_| self.next().is_multiple_of(2)) {
                    let _ = repository.declared(&tip);
                    let _ = repository.scan(&tip, "");
                }
            }
        }
    }
}

impl Provider for Ahead<'_> {
    fn location(&self, dependency: &Dependency) -> String {
        self.world.location(dependency)
    }

    fn open(&self, dependency: &Dependency) -> Opened {
        self.work();
        self.asked.borrow_mut().insert(self.location(dependency));
        self.open_once(dependency)
    }

    fn announce(&self, import_paths: &[String]) {
        let roots = import_paths
            .iter()
            .map(|path| split_name(path, &ThreeElements).0);
        self.waiting
            .borrow_mut()
            .extend(roots.map(Dependency::named));
        self.work();
    }

    fn expect(&self, dependency: &Dependency, certain: bool) {
        if certain {
            self.certain.borrow_mut().insert(self.location(dependency));
        }
        self.waiting.borrow_mut().push(dependency.clone());
        self.work();
    }

    fn prepare(&self, dependency: &Dependency, at: &Revision, folder: &str) {
        let repository = self.open_once(dependency);
        let Ok(repository) = repository else {
            panic!(
                "{} is to be prepared and cannot be reached",
                dependency.name
            );
        };
        // Only of commits that the repository has.
        let _ = repository.scan(at, folder);
    }
}

fn check_order(story: &Story, seeds: std::ops::Range<u64>) -> Outcome {
    let first = outcome(story, &story.memory);
    for seed in seeds {
        let ahead = Ahead::new(&story.memory, seed);
        let again = outcome(story, &ahead);
        assert_eq!(first, again, "{} with seed {seed}", story.title);
        let (certain, asked) = (ahead.certain.borrow(), ahead.asked.borrow());
        assert!(
            certain.is_subset(&asked),
            "{}: {certain:?}, {asked:?}",
            story.title
        );
    }
    first
}

#[test]
fn every_story_ends_alike_whatever_was_found_out_ahead() {
    for story in FILES.iter().flat_map(|text| stories(text)) {
        check_order(&story, 0..4);
    }
}

/// What a package imports, by repository and folder.
type Imports = BTreeMap<(usize, usize), Vec<(usize, usize)>>;

/// What one version of a repository imports, and what it asks for.
type Version = (Imports, Vec<(usize, usize)>);

/// A world by chance, as a story. Folders are `.`, `a` and `b`.
#[derive(Clone, Debug)]
struct Chance {
    repositories: usize,
    /// For each repository and version: imports, and what is asked for.
    versions: Vec<Vec<Version>>,
    app: Vec<(usize, usize)>,
    tests: Vec<(usize, usize)>,
    listed: Vec<(usize, usize)>,
    ignored: Option<(usize, usize)>,
    all: bool,
    /// Whether no dependency asks for a version.
    quiet: bool,
}

const ASKED: [&str; 8] = [
    "", "v1.0.0", "^1.0.0", "<1.1.0", "*", "master", "", "v1.1.0",
];

fn chance() -> impl Strategy<Value = Chance> {
    (2usize..7).prop_flat_map(|count| {
        let package = || (0..count, 0..3usize);
        let packages = || prop::collection::vec(package(), 0..4);
        let folder = (0..1usize, 0..3usize);
        let imports = prop::collection::btree_map(folder, packages(), 0..3);
        let asked = prop::collection::vec((0..count, 0..ASKED.len()), 0..3);
        let versions = prop::collection::vec((imports, asked), 1..4);
        (
            prop::collection::vec(versions, count),
            packages(),
            packages(),
            prop::collection::vec((0..count, 0..ASKED.len()), 0..3),
            prop::option::weighted(0.2, package()),
            (prop::bool::weighted(0.2), prop::bool::ANY),
        )
            .prop_map(
                move |(versions, app, tests, listed, ignored, (all, quiet))| Chance {
                    repositories: count,
                    versions,
                    app,
                    tests,
                    listed,
                    ignored,
                    all,
                    quiet,
                },
            )
    })
}

fn path((repository, folder): (usize, usize)) -> String {
    let below = ["", "/a", "/b"][folder];
    format!("acme/r{repository}{below}")
}

fn told(chance: &Chance) -> Story {
    let paths =
        |all: &[(usize, usize)]| all.iter().map(|&at| path(at)).collect::<Vec<_>>().join(" ");
    let (app, tests) = (paths(&chance.app), paths(&chance.tests));
    let mut text = format!("\n## chance\napp\n  . : {app} ; . test : {tests}\nglide.yaml\n");
    let mut seen = BTreeSet::new();
    for (repository, asked) in &chance.listed {
        if seen.insert(repository) {
            writeln!(text, "  import acme/r{repository} {}", ASKED[*asked]).unwrap();
        }
    }
    if let Some(ignored) = chance.ignored {
        writeln!(text, "  ignore {}", path(ignored)).unwrap();
    }
    if chance.all {
        text.push_str("options --all-dependencies\n");
    }
    for (repository, versions) in chance.versions.iter().enumerate() {
        writeln!(text, "repo acme/r{repository}").unwrap();
        for (at, (imports, asked)) in versions.iter().enumerate() {
            write!(text, "  v1.{at}.0").unwrap();
            for (folder, imports) in imports {
                write!(
                    text,
                    " ; {} : {}",
                    [".", "a", "b"][folder.1],
                    paths(imports)
                )
                .unwrap();
            }
            for (other, asked) in asked.iter().filter(|_| !chance.quiet) {
                write!(text, " ; wants acme/r{other} {}", ASKED[*asked]).unwrap();
            }
            text.push('\n');
        }
    }
    stories(&text).remove(0)
}

/// What the lock has, by repository: its commit and its folders, with the root.
fn locked(came: &Outcome) -> BTreeMap<String, (Revision, BTreeSet<String>)> {
    let lines = came.imports.iter().chain(&came.test_imports);
    let entry = |line: &String| {
        let (head, below) = line.split_once(" [").unwrap_or((line, ""));
        let (name, label) = head.split_once(' ').unwrap();
        let name = format!("github.com/{name}");
        let revision = Revision::new(commit_id(&name, label));
        let below = below.trim_end_matches(']').split_whitespace();
        let below = below.map(str::to_owned).chain([String::new()]);
        (name, (revision, below.collect()))
    };
    lines.map(entry).collect()
}

/// Where nobody asks for versions, the lock is all that can be reached from the project, and that
/// alone, save for what glide.yaml lists.
fn check_closed(story: &Story, came: &Outcome) {
    let locked = locked(came);
    let Some(Folder::Go(imports, tests)) = story.source.tree.0.get("") else {
        panic!("the project has a package");
    };
    let mut queue: Vec<String> = imports.iter().chain(tests).cloned().collect();
    let mut reached = BTreeMap::new();
    while let Some(package) = queue.pop() {
        let (root, below) = split_name(&package, &ThreeElements);
        if story.config.has_ignore(&package)
            || !reached
                .entry(root.clone())
                .or_insert_with(BTreeSet::new)
                .insert(below.clone())
        {
            continue;
        }
        let (revision, folders) = locked
            .get(&root)
            .unwrap_or_else(|| panic!("{root} is not in the lock"));
        assert!(folders.contains(&below), "{package} is not in the lock");
        let repository = story.memory.open(&Dependency::named(&*root)).unwrap();
        let read = if story.options.all_packages {
            repository.folders(revision, &below).unwrap().unwrap()
        } else {
            vec![below]
        };
        for folder in read {
            if let Ok(Scanned::Package { imports, .. }) = repository.scan(revision, &folder) {
                queue.extend(imports);
            }
        }
    }
    for name in locked.keys() {
        let listed = story.config.has_dependency(name);
        assert!(
            listed || reached.contains_key(name),
            "{name} is needed by nobody"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn worlds_by_chance_end_alike_and_closed(chance in chance(), seed in 0u64..1_000_000) {
        let story = told(&chance);
        prop_assert_eq!(chance.versions.len(), chance.repositories);
        let came = check_order(&story, seed..seed + 2);
        if came.failure.is_none() && chance.quiet {
            check_closed(&story, &came);
        }
        if came.failure.is_some() {
            let told = came.messages.iter().any(|(level, _)| *level == "error");
            prop_assert!(told || came.failure.as_ref().is_some_and(|text| text.contains("conflicting")));
        }
    }
}
