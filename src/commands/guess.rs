//! A first glide.yaml: what other dependency managers list, and what the code imports besides.

use super::Context;
use super::imported::imported;
use super::manager::leave_out;
use super::naming;
use super::network::Network;
use super::project::Project;
use crate::discover::Discover;
use crate::error::Failure;
use crate::foreign::Imported;
use crate::fsx;
use crate::gosrc::BuildContext;
use crate::live::ProjectSource;
use crate::manifest::{Config, Dependency, is_standard, split_name};
use crate::model::{Roots, is_below};
use crate::report::Reporter;
use crate::resolve;

/// Guesses the glide.yaml of a project and writes it where none may be.
pub(super) fn write(
    context: &Context<'_>,
    network: &Network,
    project: &Project,
    skip_import: bool,
) -> Result<(), Failure> {
    let mut config = guessed(context, network, project, skip_import)?;
    let yaml = &context.settings.yaml;
    let unsaved = |failure: Failure| failure.about(format!("Could not save {yaml}")); // Glide text
    // A manager may list a repository twice, which is one entry or none at all.
    let imports = std::mem::take(&mut config.imports);
    config.add_imports(imports).map_err(|error| {
        unsaved(error.into()).with_hint("with `--skip-import` only the code counts")
    })?;
    let text = config.to_yaml();
    // Glide text
    let message = format!("Writing configuration file ({yaml})");
    context.reporter.info(message);
    let saved = {
        let _orderly = context.interrupt.orderly();
        fsx::write_new(&project.manifest, text.as_bytes())
    };
    match saved {
        Err(error) if error.is_taken() => return Err(taken(project)),
        saved => saved.map_err(|error| unsaved(error.into()))?,
    }
    if let Err(error) = Config::read(text.as_bytes(), &*network.discover) {
        let what = format!("{yaml} has to be put right before anything else can be done with it");
        context
            .reporter
            .warn(Failure::from(error).about(what).render());
    }
    Ok(())
}

/// Something stands where glide.yaml would be written.
pub(super) fn taken(project: &Project) -> Failure {
    // Glide text
    Failure::user("Cowardly refusing to overwrite existing YAML.").with_hint(format!(
        "`{}` is there already; to make a new one, remove it, or name another file with `--yaml`",
        project.manifest.display()
    ))
}

fn guessed(
    context: &Context<'_>,
    network: &Network,
    project: &Project,
    skip_import: bool,
) -> Result<Config, Failure> {
    let reporter = context.reporter;
    // Glide text
    reporter.info("Generating a YAML configuration file and guessing the dependencies");
    let mut guess = Guess {
        config: Config {
            package: naming::name(context, project),
            ..Config::default()
        },
        roots: &*network.discover,
        reporter,
    };
    if !skip_import {
        guess.import(imported(context, &project.folder, &*network.discover));
    }
    let before = guess.config.imports.len();
    // Glide text
    reporter.info(match before {
        0 => "Scanning code to look for dependencies",
        _ => "Scanning code to look for dependencies not found in import",
    });
    let source = ProjectSource::new(
        &project.folder,
        vec![guess.config.package.clone()],
        context.settings.go.goroot.clone(),
        BuildContext::all_files(),
    );
    // What another manager ignores is all that is known not to count.
    let found = resolve::project_imports(&guess.config, &source)?;
    let (imports, test_imports) = (
        guess.sorted(found.imports),
        guess.sorted(found.test_imports),
    );
    let all: Vec<&str> = imports
        .iter()
        .chain(&test_imports)
        .map(String::as_str)
        .collect();
    network.discover.announce(&all);
    for path in &imports {
        guess.add(path);
    }
    for path in &test_imports {
        guess.add_for_tests(path);
    }
    network.settled()?;
    let config = guess.config;
    if before == config.imports.len() && before != 0 {
        reporter.info("--> Code scanning found no additional imports"); // Glide text
    }
    tell_of_unknown(reporter, &network.discover, &config);
    Ok(config)
}

/// Warns of what was found and cannot be fetched as it is listed. Whoever has been asked by now is
/// not asked again.
fn tell_of_unknown(reporter: &dyn Reporter, discover: &Discover, config: &Config) {
    let all = config.imports.iter().chain(&config.test_imports);
    for entry in all.filter(|entry| entry.repo.is_empty() && entry.reference.is_empty()) {
        let name = shown(&entry.name);
        let host = name.split('/').next().unwrap_or_default();
        if !host.contains('.') {
            reporter.warn(format!(
                "{name} is no package of Go, and `{host}` is no host: `repo:` can say where it comes from, \
                 `ignore:` leaves it out"
            ));
        } else if let Err(error) = discover.remote_kind(&format!("https://{}", entry.name)) {
            let what =
                format!("nobody knows which repository {name} belongs to; it is listed by itself");
            reporter.warn(Failure::from(error).about(what).render());
        }
    }
}

/// A configuration while it is being made.
struct Guess<'a> {
    config: Config,
    roots: &'a dyn Roots,
    reporter: &'a dyn Reporter,
}

impl Guess<'_> {
    /// Lists what another manager listed, as it is.
    fn import(&mut self, imported: Imported) {
        leave_out(&mut self.config, &imported.ignored);
        for entry in imported.dependencies {
            // Glide text
            let mut message = format!("--> Found imported reference to {}", shown(&entry.name));
            if !entry.reference.is_empty() {
                message = format!("{message} at revision {}", shown(&entry.reference));
            }
            self.reporter.info(message);
            self.config.imports.push(entry);
        }
    }

    /// The import paths in Glide's order, as paths of folders; those that can be none are left out.
    fn sorted(&self, paths: Vec<String>) -> Vec<String> {
        let mut sorted = Vec::new();
        for path in paths {
            match resolve::is_sound(&path) {
                Ok(()) => {
                    let elements = path.split('/').filter(|element| !element.is_empty());
                    sorted.push(elements.collect::<Vec<_>>().join("/"));
                }
                Err(error) => {
                    let what = format!("the import of {path:?} is passed over");
                    self.reporter
                        .warn(Failure::from(error).about(what).render());
                }
            }
        }
        sorted.sort_unstable();
        sorted.dedup();
        sorted
    }

    /// Lists what the code imports.
    fn add(&mut self, path: &str) {
        if self.config.has_ignore(path) {
            return;
        }
        let Some((root, below)) = self.split(path) else {
            return;
        };
        let imports = &mut self.config.imports;
        if let Some(entry) = imports.iter_mut().find(|entry| entry.name == root) {
            if add_subpackage(entry, &below) {
                // Glide text
                let message = format!("--> Adding sub-package {below} to {root}");
                self.reporter.info(message);
            }
        } else if root != self.config.package {
            // Glide text
            self.reporter.info(format!("--> Found reference to {path}"));
            imports.push(found(root, &below));
        }
    }

    /// Lists what its tests import. What is an import already stays as it is.
    fn add_for_tests(&mut self, path: &str) {
        if self.config.has_ignore(path) {
            return;
        }
        let Some((root, below)) = self.split(path) else {
            return;
        };
        if root == self.config.package {
            return;
        }
        if self.config.imports.iter().any(|entry| entry.name == root) {
            // Glide text
            self.reporter.debug(format!(
                "--> Found test reference to {path} already listed as an import"
            ));
            return;
        }
        let tests = &mut self.config.test_imports;
        if let Some(entry) = tests.iter_mut().find(|entry| entry.name == root) {
            if add_subpackage(entry, &below) {
                // Glide text
                let message = format!("--> Adding test sub-package {below} to {root}");
                self.reporter.info(message);
            }
        } else {
            // Glide text
            let message = format!("--> Found test reference to {path}");
            self.reporter.info(message);
            tests.push(found(root, &below));
        }
    }

    /// The root of a package's repository and what lies below; nothing where it must be a package of the
    /// project itself that is not there, as code is that has yet to be generated.
    fn split(&self, path: &str) -> Option<(String, String)> {
        let (root, below) = split_name(path, self.roots);
        let is_own = is_below(path, &self.config.package);
        (!is_own || root != path || is_standard(path)).then_some((root, below))
    }
}

/// An entry of which the code tells name and sub-package.
fn found(root: String, below: &str) -> Dependency {
    let mut entry = Dependency::named(root);
    add_subpackage(&mut entry, below);
    entry
}

/// Lists a sub-package, unless it is listed; whether it was not.
fn add_subpackage(entry: &mut Dependency, below: &str) -> bool {
    let is_new = !below.is_empty() && !entry.has_subpackage(below);
    if is_new {
        entry.subpackages.push(below.to_owned());
    }
    is_new
}

/// A text of a file as part of a message, whose lines it must not end.
fn shown(text: &str) -> String {
    if text.contains(char::is_control) {
        return text.escape_debug().to_string();
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::Recording;

    struct Table;

    impl Roots for Table {
        fn root_of(&self, import_path: &str) -> String {
            let known = ["a.b/x/y", "me.b/app"];
            let root = known.iter().find(|root| import_path.starts_with(**root));
            root.map_or(import_path, |root| root).to_owned()
        }
    }

    #[track_caller]
    fn check(imported: &[&str], imports: &[&str], test_imports: &[&str], expected: &str) {
        let reporter = Recording::default();
        let mut guess = Guess {
            config: Config {
                package: "me.b/app".to_owned(),
                ..Config::default()
            },
            roots: &Table,
            reporter: &reporter,
        };
        let imported = imported.iter().map(|name| Dependency::named(*name));
        guess.import(Imported {
            dependencies: imported.collect(),
            ignored: vec!["ignored.b/x".to_owned()],
            notes: Vec::new(),
        });
        let owned = |paths: &[&str]| paths.iter().map(|&path| path.to_owned()).collect();
        for path in guess.sorted(owned(imports)) {
            guess.add(&path);
        }
        for path in guess.sorted(owned(test_imports)) {
            guess.add_for_tests(&path);
        }
        assert_eq!(
            guess.config.to_yaml(),
            format!("package: me.b/app\nignore:\n- ignored.b/x\n{expected}")
        );
    }

    #[test]
    fn packages_are_listed_by_repository_and_those_of_tests_apart() {
        check(
            &[],
            &[
                "c.d/z",
                "a.b/x/y/two",
                "a.b/x/y",
                "a.b/x/y/one",
                "a.b/x/y//one/",
            ],
            &["a.b/x/y/t", "e.f/t"],
            "import:\n- package: a.b/x/y\n  subpackages:\n  - one\n  - two\n- package: c.d/z\n\
             testImport:\n- package: e.f/t\n",
        );
    }

    #[test]
    fn what_is_imported_stands_first_and_only_gets_sub_packages() {
        check(
            &["c.d/z", "a.b/x/y"],
            &["b.b/first", "a.b/x/y/one"],
            &[],
            "import:\n- package: c.d/z\n- package: a.b/x/y\n  subpackages:\n  - one\n- package: b.b/first\n",
        );
    }

    #[test]
    fn the_project_itself_and_what_names_no_folder_are_left_out() {
        check(
            &[],
            &[
                "me.b/app/gone",
                "../up",
                "/etc",
                "a.b/../c",
                "a.b/.git/x",
                "a\\b",
            ],
            &["me.b/app", "me.b/app/gone"],
            "import: []\n",
        );
    }
}
