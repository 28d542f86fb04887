//! What files of managers that Glide does not know come to, put together repository by repository.

use std::collections::{HashMap, HashSet};

use crate::manifest::{Dependency, is_standard, split_name};
use crate::model::Roots;

use super::merge::announce;

/// Whose file it is. Some of what a project may say counts nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The project's own.
    Project,
    /// A dependency's.
    Dependency,
}

/// What a file says, as far as a glide.yaml can say it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// What is needed; each repository once, unless Glide itself reads the file otherwise.
    pub dependencies: Vec<Dependency>,
    /// Packages that are not to be looked at, with all below them.
    pub ignored: Vec<String>,
    /// What there is to tell: first of all what a glide.yaml cannot say.
    pub notes: Vec<String>,
}

/// Puts entries together.
pub(super) struct Gathering<'a> {
    file: &'static str,
    roots: &'a dyn Roots,
    imported: Imported,
    /// By name.
    places: HashMap<String, usize>,
    /// What has been put together already: places with what lies below them, ...
    listed: HashSet<(usize, String)>,
    /// ... what is left out, and what has been told.
    ignored: HashSet<String>,
    told: HashSet<String>,
}

impl<'a> Gathering<'a> {
    /// Begins with nothing; `paths` are those that are going to be added.
    pub(super) fn new<'p>(
        file: &'static str,
        paths: impl Iterator<Item = &'p str>,
        roots: &'a dyn Roots,
    ) -> Self {
        announce(paths, roots);
        Self {
            file,
            roots,
            imported: Imported::default(),
            places: HashMap::new(),
            listed: HashSet::new(),
            ignored: HashSet::new(),
            told: HashSet::new(),
        }
    }

    /// The root of the repository that an import path belongs to, and what lies below it.
    pub(super) fn split(&self, path: &str) -> (String, String) {
        split_name(path, self.roots)
    }

    /// Adds a package, or a repository, by the name in `entry`. Of a repository that is there already
    /// the first version and address count; that they differ is told.
    pub(super) fn add(&mut self, entry: Dependency) {
        let path = entry.name.as_str();
        if path.is_empty() {
            self.note(format!(
                "{}: an entry without a name is left out",
                self.file
            ));
            return;
        }
        if is_standard(path) {
            let message = format!(
                "{}: `{path}` is a package of Go itself, left out",
                self.file
            );
            self.note(message);
            return;
        }
        let (name, below) = self.split(path);
        let Some(&place) = self.places.get(&name) else {
            let mut subpackages = entry.subpackages;
            subpackages.extend(Some(below).filter(|below| !below.is_empty()));
            let place = self.imported.dependencies.len();
            let listed = subpackages.iter().map(|below| (place, below.clone()));
            self.listed.extend(listed);
            self.places.insert(name.clone(), place);
            self.imported.dependencies.push(Dependency {
                name,
                subpackages,
                ..entry
            });
            return;
        };
        let first = &mut self.imported.dependencies[place];
        let below = Some(below).filter(|below| !below.is_empty());
        for subpackage in entry.subpackages.into_iter().chain(below) {
            if self.listed.insert((place, subpackage.clone())) {
                first.subpackages.push(subpackage);
            }
        }
        let pairs = [
            (&mut first.reference, entry.reference, "at"),
            (&mut first.repo, entry.repo, "from"),
        ];
        let mut notes = Vec::new();
        for (held, asked, word) in pairs {
            if held.is_empty() {
                *held = asked;
            } else if *held != asked && !asked.is_empty() {
                notes.push(format!(
                    "{}: {name} {word} `{held}`, and {word} `{asked}`; glide.yaml takes the first",
                    self.file
                ));
            }
        }
        for note in notes {
            self.note(note);
        }
    }

    /// Whether the repository is there already.
    pub(super) fn has(&self, path: &str) -> bool {
        self.places.contains_key(&self.split(path).0)
    }

    /// Leaves a package out, and all below it.
    pub(super) fn ignore(&mut self, path: String) {
        if self.ignored.insert(path.clone()) {
            self.imported.ignored.push(path);
        }
    }

    /// Tells something, once, on one line: names that a file makes up must not look like other messages.
    pub(super) fn note(&mut self, message: String) {
        let message = if message.contains(char::is_control) {
            message.escape_debug().to_string()
        } else {
            message
        };
        if self.told.insert(message.clone()) {
            self.imported.notes.push(message);
        }
    }

    /// All of it.
    pub(super) fn finish(self) -> Imported {
        self.imported
    }
}

/// Where a repository is fetched from: an address, or an import path that leads to one.
pub(super) fn address(source: &str) -> String {
    let is_address = source.contains("://")
        || source.starts_with(['/', '.'])
        || source
            .split('/')
            .next()
            .is_some_and(|host| host.contains(':'));
    match source {
        "" => String::new(),
        _ if is_address => source.to_owned(),
        _ => format!("https://{source}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Gathering, address};
    use crate::manifest::Dependency;
    use crate::model::NoRoots;

    fn entry(name: &str, reference: &str, below: &[&str]) -> Dependency {
        Dependency {
            reference: reference.to_owned(),
            subpackages: below.iter().map(|&name| name.to_owned()).collect(),
            ..Dependency::named(name)
        }
    }

    #[test]
    fn of_what_comes_twice_the_first_counts_and_the_second_is_told() {
        let mut gathering = Gathering::new("F", ["a.b/c"].into_iter(), &NoRoots);
        for (reference, below) in [("", &["x"][..]), ("1", &["x", "y"]), ("2", &[]), ("2", &[])] {
            gathering.add(entry("a.b/c", reference, below));
        }
        gathering.add(entry("", "1", &[]));
        gathering.add(entry("net/http", "1", &[]));
        gathering.note("F: `a\n[ERROR]\tb`".to_owned());
        let imported = gathering.finish();
        assert_eq!(imported.dependencies, [entry("a.b/c", "1", &["x", "y"])]);
        assert_eq!(
            imported.notes,
            [
                "F: a.b/c at `1`, and at `2`; glide.yaml takes the first",
                "F: an entry without a name is left out",
                "F: `net/http` is a package of Go itself, left out",
                "F: `a\\n[ERROR]\\tb`",
            ]
        );
    }

    #[test]
    fn an_import_path_is_an_address_too() {
        for (source, expected) in [
            ("", ""),
            ("github.com/a/b", "https://github.com/a/b"),
            ("git@github.com:a/b.git", "git@github.com:a/b.git"),
            ("ssh://git@a.b/c", "ssh://git@a.b/c"),
            ("/srv/a", "/srv/a"),
        ] {
            assert_eq!(address(source), expected);
        }
    }
}
