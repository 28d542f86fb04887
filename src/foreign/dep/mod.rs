//! Gopkg.toml and Gopkg.lock, which dep reads and writes.

mod range;

pub use range::in_glides_words;

use std::collections::{BTreeMap, HashMap};

use toml::Table;

use crate::manifest::{Dependency, is_standard};
use crate::model::Roots;

use super::error::Error;
use super::imported::{Gathering, Imported, Role, address};
use super::toml_file::{read as read_toml, tables, text, texts};

/// The file, below the project's root.
pub const FILE: &str = "Gopkg.toml";
/// What it was last resolved to.
pub const LOCK: &str = "Gopkg.lock";

/// What dep itself makes nothing of, or nothing that matters to others.
const WITHOUT_MEANING: [&str; 2] = ["metadata", "noverify"];

/// Reads a Gopkg.toml with its lock, if it has one.
///
/// A repository's version is what the manifest says, as a range of Glide's; where it says nothing,
/// the commit in the lock. Of a dependency's manifest only `constraint` counts, as with dep.
pub fn read(
    manifest: &[u8],
    lock: Option<&[u8]>,
    role: Role,
    roots: &dyn Roots,
) -> Result<Imported, Error> {
    let manifest = Manifest::read(&read_toml(FILE, manifest)?, role)?;
    let locked = match lock {
        Some(lock) => locked(&read_toml(LOCK, lock)?)?,
        None => Vec::new(),
    };
    let ruled = manifest.rules.iter().map(|rule| &rule.name);
    let locked_names = locked.iter().map(|project| &project.name);
    let names = ruled.chain(&manifest.required).chain(locked_names);
    let mut gathering = Gathering::new(FILE, names.map(String::as_str), roots);
    for note in manifest.notes {
        gathering.note(note);
    }
    let mut held = BTreeMap::new();
    for project in &locked {
        held.insert(project.name.as_str(), project);
    }
    let mut loosened = false;
    for rule in manifest.rules {
        let project = held.remove(rule.name.as_str());
        let mut entry = rule;
        if let Some(project) = project {
            entry.subpackages.clone_from(&project.subpackages);
            loosened |= !entry.reference.is_empty() && entry.reference != project.reference;
            if entry.reference.is_empty() {
                entry.reference.clone_from(&project.reference);
            }
            if entry.repo.is_empty() {
                entry.repo.clone_from(&project.repo);
            }
        }
        gathering.add(entry);
    }
    for project in &locked {
        if held.contains_key(project.name.as_str()) {
            gathering.add(project.clone());
        }
    }
    for package in manifest.required {
        if !gathering.has(&package) && !is_standard(&package) {
            let message = format!("{FILE}: nothing says at which version `{package}` is required");
            gathering.note(message);
        }
        gathering.add(Dependency::named(package));
    }
    ignore(&mut gathering, &manifest.ignored);
    if loosened && role == Role::Project {
        gathering.note(format!(
            "the versions of {FILE} are ranges, as there: `update` may find newer releases than \
             {LOCK} lists"
        ));
    }
    Ok(gathering.finish())
}

/// Ignores packages; a star at the end stands for all that begins so.
fn ignore(gathering: &mut Gathering<'_>, patterns: &[String]) {
    let (mut widened, mut narrowed) = (Vec::new(), Vec::new());
    for pattern in patterns {
        let path = pattern.strip_suffix('*').unwrap_or(pattern);
        let is_whole = pattern.ends_with("/*");
        let path = path.trim_end_matches('/');
        if path.is_empty() {
            gathering.note(format!("{FILE}: `{pattern}` cannot be ignored as a whole"));
            continue;
        }
        if !pattern.ends_with('*') {
            widened.push(path);
        } else if !is_whole {
            narrowed.push(path);
        }
        gathering.ignore(path.to_owned());
    }
    for (paths, difference) in [
        (widened, "ignored with all that lies below"),
        (
            narrowed,
            "ignored with what lies below, not with all that begins so",
        ),
    ] {
        if !paths.is_empty() {
            gathering.note(format!(
                "{FILE}: will be {difference}: {}",
                paths.join(", ")
            ));
        }
    }
}

/// What a Gopkg.toml says.
#[derive(Default)]
struct Manifest {
    /// What is said of repositories, each once; an override in place of a constraint.
    rules: Vec<Dependency>,
    required: Vec<String>,
    ignored: Vec<String>,
    notes: Vec<String>,
}

impl Manifest {
    fn read(table: &Table, role: Role) -> Result<Self, Error> {
        let mut manifest = Self::default();
        for constraint in tables(FILE, table, "constraint")? {
            manifest.rules.push(rule(constraint)?);
        }
        if role == Role::Dependency {
            return Ok(manifest);
        }
        manifest.take_overrides(table)?;
        manifest.required = texts(FILE, table, "required")?;
        manifest.ignored = texts(FILE, table, "ignored")?;
        for key in table.keys().map(String::as_str) {
            match key {
                "constraint" | "override" | "required" | "ignored" => {}
                "prune" => manifest.notes.push(format!(
                    "{FILE}: `prune` has no counterpart; vendor/ holds whole repositories"
                )),
                _ if WITHOUT_MEANING.contains(&key) => {}
                _ => manifest
                    .notes
                    .push(format!("{FILE}: `{key}` is not known and is passed over")),
            }
        }
        Ok(manifest)
    }

    /// Puts each override in the place of the first constraint of its repository.
    fn take_overrides(&mut self, table: &Table) -> Result<(), Error> {
        let named = self.rules.iter().enumerate().rev();
        let mut places: HashMap<String, usize> = named
            .map(|(place, rule)| (rule.name.clone(), place))
            .collect();
        for overriding in tables(FILE, table, "override")? {
            let overriding = rule(overriding)?;
            if let Some(&place) = places.get(&overriding.name) {
                self.rules[place] = overriding;
            } else {
                places.insert(overriding.name.clone(), self.rules.len());
                self.rules.push(overriding);
            }
        }
        Ok(())
    }
}

/// A `constraint` or `override`.
fn rule(table: &Table) -> Result<Dependency, Error> {
    let name = text(FILE, table, "name")?;
    if name.is_empty() {
        return Err(Error::DepName);
    }
    let mut reference = String::new();
    for key in ["version", "branch", "revision"] {
        let said = text(FILE, table, key)?;
        if said.is_empty() {
            continue;
        }
        if !reference.is_empty() {
            return Err(Error::DepVersions { name });
        }
        reference = match key {
            "version" => in_glides_words(&said).unwrap_or(said),
            _ => said,
        };
    }
    Ok(Dependency {
        reference,
        repo: address(&text(FILE, table, "source")?),
        ..Dependency::named(name)
    })
}

/// What a Gopkg.lock lists.
fn locked(table: &Table) -> Result<Vec<Dependency>, Error> {
    let mut locked = Vec::new();
    for project in tables(LOCK, table, "projects")? {
        let mut reference = String::new();
        for key in ["branch", "version", "revision"] {
            let said = text(LOCK, project, key)?;
            if !said.is_empty() {
                reference = said;
            }
        }
        let mut subpackages = texts(LOCK, project, "packages")?;
        subpackages.retain(|package| package != ".");
        locked.push(Dependency {
            reference,
            repo: address(&text(LOCK, project, "source")?),
            subpackages,
            ..Dependency::named(text(LOCK, project, "name")?)
        });
    }
    Ok(locked)
}

#[cfg(test)]
mod tests {
    use super::{Error, Imported, Role, read};
    use crate::model::{NoRoots, ThreeElements};

    fn of(manifest: &str, lock: &str, role: Role) -> Imported {
        read(
            manifest.as_bytes(),
            Some(lock.as_bytes()),
            role,
            &ThreeElements,
        )
        .unwrap()
    }

    fn rows(imported: &Imported) -> Vec<String> {
        let rows = imported.dependencies.iter().map(|entry| {
            let below = entry.subpackages.join(" ");
            format!("{} {} {} {below}", entry.name, entry.reference, entry.repo)
        });
        rows.map(|row| row.trim_end().to_owned()).collect()
    }

    const MANIFEST: &str = r#"
required = ["h.io/t/tool/cmd/x", "h.io/t/other"]
ignored = ["h.io/i/a", "h.io/i/b/*", "h.io/i/c*", "*"]
noverify = []
unheard = 1
[metadata]
anything = [1]
[[constraint]]
  name = "h.io/a/ranged"
  version = "1.2.0"
  source = "github.com/me/ranged"
[[constraint]]
  name = "h.io/a/over"
  version = "1"
[[constraint]]
  name = "h.io/a/branch"
  branch = "dev"
[[constraint]]
  name = "h.io/a/open"
[[override]]
  name = "h.io/a/over"
  revision = "abc"
[[override]]
  name = "h.io/a/tag"
  version = "release-r5"
[prune]
  go-tests = true
"#;
    const LOCK: &str = r#"
[[projects]]
  name = "h.io/a/ranged"
  packages = [".", "sub"]
  revision = "111"
  version = "v1.2.5"
[[projects]]
  branch = "master"
  name = "h.io/a/open"
  packages = ["."]
  revision = "222"
[[projects]]
  name = "h.io/a/deep"
  packages = ["x"]
  revision = "333"
  source = "https://h.io/fork"
[solve-meta]
  solver-version = 1
"#;

    #[test]
    fn the_manifest_counts_and_the_lock_where_it_says_nothing() {
        let imported = of(MANIFEST, LOCK, Role::Project);
        assert_eq!(
            rows(&imported),
            [
                "h.io/a/ranged ^1.2.0 https://github.com/me/ranged sub",
                "h.io/a/over abc",
                "h.io/a/branch dev",
                "h.io/a/open 222",
                "h.io/a/tag release-r5",
                "h.io/a/deep 333 https://h.io/fork x",
                "h.io/t/tool   cmd/x",
                "h.io/t/other",
            ]
        );
        assert_eq!(imported.ignored, ["h.io/i/a", "h.io/i/b", "h.io/i/c"]);
        assert_eq!(
            imported.notes,
            [
                "Gopkg.toml: `prune` has no counterpart; vendor/ holds whole repositories",
                "Gopkg.toml: `unheard` is not known and is passed over",
                "Gopkg.toml: nothing says at which version `h.io/t/tool/cmd/x` is required",
                "Gopkg.toml: nothing says at which version `h.io/t/other` is required",
                "Gopkg.toml: `*` cannot be ignored as a whole",
                "Gopkg.toml: will be ignored with all that lies below: h.io/i/a",
                "Gopkg.toml: will be ignored with what lies below, not with all that begins so: h.io/i/c",
                "the versions of Gopkg.toml are ranges, as there: `update` may find newer releases than \
                 Gopkg.lock lists",
            ]
        );
    }

    #[test]
    fn of_a_dependency_the_constraints_count_and_its_lock() {
        let imported = of(MANIFEST, LOCK, Role::Dependency);
        assert_eq!(
            rows(&imported),
            [
                "h.io/a/ranged ^1.2.0 https://github.com/me/ranged sub",
                "h.io/a/over ^1",
                "h.io/a/branch dev",
                "h.io/a/open 222",
                "h.io/a/deep 333 https://h.io/fork x",
            ]
        );
        assert!(imported.notes.is_empty() && imported.ignored.is_empty());
    }

    #[test]
    fn what_dep_refuses_is_refused() {
        let refused = |manifest: &str, lock: Option<&str>| {
            let lock = lock.map(str::as_bytes);
            read(manifest.as_bytes(), lock, Role::Project, &NoRoots).unwrap_err()
        };
        assert_eq!(
            refused("[[constraint]]\nversion = '1'", None),
            Error::DepName
        );
        let both = "[[override]]\nname = 'a.b/c'\nversion = '1'\nbranch = 'x'";
        assert_eq!(
            refused(both, None).to_string(),
            "Gopkg.toml: only one of version, branch and revision may be given for `a.b/c`"
        );
        assert_eq!(
            refused("constraint = 'x'", None).to_string(),
            "Gopkg.toml: `constraint` must be a list of tables"
        );
        assert_eq!(
            refused("", Some("[[projects]]\npackages = [1]")).to_string(),
            "Gopkg.lock: `packages` must be a list of texts"
        );
        assert!(
            refused("", Some("projects = ["))
                .to_string()
                .starts_with("Gopkg.lock:1: ")
        );
    }
}
