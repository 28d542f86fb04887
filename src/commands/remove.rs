//! `remove`: entries out of glide.yaml, and what nothing else needs out of glide.lock and vendor/.
//!
//! Everything is resolved anew, as Glide's help says; Glide itself keeps only what glide.yaml lists. A removed
//! package that the project still imports goes all the same, and nothing comes in that was not there:
//! of the project's imports those count that are still listed, or locked already. What dependencies import
//! stays.

use super::install::InstallOptions;
use super::project::{Opened, Project};
use super::renew::{Renewal, now, renew};
use super::update::UpdateOptions;
use super::{Context, Outcome};
use crate::discover::Policy;
use crate::error::Failure;
use crate::manifest::Config;
use crate::model::{is_below, similar};

/// Removes packages from the project.
pub fn remove(context: &Context<'_>, packages: &[String]) -> Result<Outcome, Failure> {
    let now = now(context);
    let mut opened = Project::find(context)?.open(context, Policy::Ask)?;
    // Glide text
    let message = format!("Preparing to remove {} packages.", packages.len());
    context.reporter.info(message);
    let Opened {
        project, config, ..
    } = &mut opened;
    let mut imported = imported(project, config);
    for package in packages {
        let root = package.trim_end_matches('/');
        if config.has_dependency(root) {
            context.reporter.info(format!("--> Removing {root}"));
            take_out(config, root);
            imported.retain(|name| name != root);
        } else {
            context.reporter.warn(unknown(config, root));
        }
    }
    let manifest = opened.edited(context)?;
    let renewal = Renewal {
        opened: &opened,
        options: UpdateOptions {
            install: InstallOptions {
                tests: true,
                ..InstallOptions::default()
            },
            ..UpdateOptions::default()
        },
        now,
        imported: Some(&imported),
        manifest: Some(manifest),
    };
    renew(context, renewal)?.tell(context);
    Ok(Outcome::default())
}

/// What the project may import: what is listed, and what is locked.
fn imported(project: &Project, config: &Config) -> Vec<String> {
    let listed = config.imports.iter().chain(&config.test_imports);
    let mut names: Vec<String> = listed.map(|entry| entry.name.clone()).collect();
    // A lock that cannot be read is made anew.
    let lock = project.lock().unwrap_or_default();
    let locked = lock.imports.into_iter().chain(lock.test_imports);
    names.extend(locked.map(|entry| entry.name));
    names
}

fn take_out(config: &mut Config, root: &str) {
    config.imports.retain(|entry| entry.name != root);
    config.test_imports.retain(|entry| entry.name != root);
}

/// What to say of a package that is not listed.
fn unknown(config: &Config, package: &str) -> String {
    let mut listed = config.imports.iter().chain(&config.test_imports);
    let above = listed.find(|entry| is_below(package, &entry.name));
    if let Some(entry) = above {
        return format!(
            "--> {package} belongs to {0}; remove {0}, or take the sub-package out of glide.yaml",
            entry.name
        );
    }
    let listed = config.imports.iter().chain(&config.test_imports);
    let meant = similar(package, listed.map(|entry| entry.name.as_str()));
    let meant = meant.map(|name| format!(" (did you mean `{name}`?)"));
    let meant = meant.unwrap_or_default();
    format!("--> {package} is not in glide.yaml. Skipping{meant}") // Glide text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::Dependency;

    #[test]
    fn what_is_not_listed_is_told_with_what_is() {
        let config = Config {
            test_imports: vec![Dependency::named("a.b/c")],
            ..Config::default()
        };
        for (package, words) in [
            ("a.b/c/d", "a.b/c/d belongs to a.b/c; remove a.b/c"),
            ("a.b/cd", "a.b/cd is not in glide.yaml"),
        ] {
            assert!(unknown(&config, package).contains(words));
        }
    }
}
