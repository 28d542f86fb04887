//! What the project itself imports: Glide's `ResolveLocal`, and how `Update` groups what it finds.

use std::collections::{HashMap, HashSet};

use super::failure::Error;
use super::provider::Scanned;
use super::{Project, World};
use crate::manifest::{Config, split_name};
use crate::model::{PathError, VendorPath};

/// Import paths that the project's code begins with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LocalImports {
    /// Of its packages.
    pub imports: Vec<String>,
    /// Of their tests.
    pub test_imports: Vec<String>,
}

/// The import paths that a project with this glide.yaml asks others for, each list as it is met; what
/// both need is in both.
pub fn project_imports(config: &Config, project: &dyn Project) -> Result<LocalImports, Error> {
    let found = Found::of(config, project, true)?;
    Ok(LocalImports {
        imports: found.imports.order,
        test_imports: found.test_imports.order,
    })
}

/// The same grouped by repository, in the order in which these were met; of a repository that packages
/// need, nothing is left to tests.
pub(super) fn imports(
    config: &Config,
    world: World<'_>,
    tests: bool,
) -> Result<LocalImports, Error> {
    let found = Found::of(config, world.project, tests)?;
    let (imports, test_imports) = (found.imports.order, found.test_imports.order);
    world.provider.announce(&imports);
    world.provider.announce(&test_imports);
    let mut groups = Groups::default();
    let mut test_groups = Groups::default();
    for import in imports {
        let (root, below) = split_name(&import, world.roots);
        groups.add(root, &below);
    }
    for import in test_imports {
        let (root, below) = split_name(&import, world.roots);
        // What a package needs already, tests only add folders to.
        if groups.has(&root) {
            groups.add(root, &below);
        } else {
            test_groups.add(root, &below);
        }
    }
    Ok(LocalImports {
        imports: groups.paths(),
        test_imports: test_groups.paths(),
    })
}

/// The folders of a project that may hold source, in the order in which Go's `filepath.Walk` goes.
pub fn source_folders(config: &Config, project: &dyn Project) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    let mut open = vec![String::new()];
    while let Some(folder) = open.pop() {
        let below = open.len();
        for (name, is_folder) in project.list(&folder)? {
            let path = join(&folder, &name);
            if config.has_exclude(&path) {
                // Glide skips what it excludes by an error that means "no more of this folder"
                // where it is about a file.
                if is_folder {
                    continue;
                }
                break;
            }
            if is_folder && is_source(&name) {
                open.push(path);
            }
        }
        open[below..].reverse();
        found.push(folder);
    }
    Ok(found)
}

/// Texts in the order in which they came, each once.
#[derive(Default)]
struct Listed {
    order: Vec<String>,
    seen: HashSet<String>,
}

impl Listed {
    fn add(&mut self, text: &str) {
        if self.seen.insert(text.to_owned()) {
            self.order.push(text.to_owned());
        }
    }
}

struct Found<'a> {
    config: &'a Config,
    project: &'a dyn Project,
    tests: bool,
    imports: Listed,
    test_imports: Listed,
}

impl<'a> Found<'a> {
    /// Reads all of the project's folders.
    fn of(config: &'a Config, project: &'a dyn Project, tests: bool) -> Result<Self, Error> {
        let mut found = Self {
            config,
            project,
            tests,
            imports: Listed::default(),
            test_imports: Listed::default(),
        };
        source_folders(config, project)
            .and_then(|folders| folders.iter().try_for_each(|folder| found.folder(folder)))
            .map_err(|reason| Error::Project { reason })?;
        Ok(found)
    }

    /// Reads a folder.
    fn folder(&mut self, folder: &str) -> Result<(), String> {
        if let Scanned::Package {
            imports,
            test_imports,
        } = self.scan(folder)?
        {
            for import in &imports {
                self.take(import, false);
            }
            if self.tests {
                for import in &test_imports {
                    self.take(import, true);
                }
            }
        }
        Ok(())
    }

    fn scan(&self, folder: &str) -> Result<Scanned, String> {
        match self.project.scan(folder)? {
            Scanned::Broken(reason) | Scanned::BrokenByTags(reason) => Err(reason),
            other => Ok(other),
        }
    }

    fn take(&mut self, import: &str, test: bool) {
        if self.config.has_ignore(import)
            || !self.project.is_foreign(import)
            || self.project.own_folder(import).is_some()
        {
            return;
        }
        if test {
            self.test_imports.add(import);
        } else {
            self.imports.add(import);
        }
    }
}

/// Refuses an import path that names no folder below vendor/, whatever its host would say of it.
/// Where slashes are doubled or end it, that is for its host to say.
pub fn is_sound(import_path: &str) -> Result<(), PathError> {
    let elements = import_path.split('/').enumerate();
    let kept = elements.filter(|(at, element)| *at == 0 || !element.is_empty());
    let kept: Vec<&str> = kept.map(|(_, element)| element).collect();
    VendorPath::new(&kept.join("/")).map(drop)
}

/// Whether a folder of this name can hold source: Glide's `srcDir`.
pub fn is_source(name: &str) -> bool {
    !name.starts_with('_') && !name.starts_with('.') && name != "testdata" && name != "vendor"
}

/// Roots in order, each with its folders.
#[derive(Default)]
struct Groups {
    order: Vec<(String, Listed)>,
    places: HashMap<String, usize>,
}

impl Groups {
    fn has(&self, root: &str) -> bool {
        self.places.contains_key(root)
    }

    fn add(&mut self, root: String, below: &str) {
        let place = *self.places.entry(root).or_insert_with_key(|root| {
            self.order.push((root.clone(), Listed::default()));
            self.order.len() - 1
        });
        self.order[place].1.add(below);
    }

    fn paths(self) -> Vec<String> {
        let groups = self.order.into_iter();
        groups
            .flat_map(|(root, folders)| {
                let folders = folders.order.into_iter();
                folders.map(move |below| join(&root, &below))
            })
            .collect()
    }
}

/// An import path below a root.
pub fn join(root: &str, below: &str) -> String {
    match (root, below) {
        // As a sub-package Glide writes the root itself as a point.
        (_, "" | ".") => root.to_owned(),
        ("", _) => below.to_owned(),
        _ => format!("{root}/{below}"),
    }
}
