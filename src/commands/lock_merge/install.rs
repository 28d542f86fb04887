//! Telling git of the driver: its command in a configuration file, which no clone takes along, and a line of
//! .gitattributes, which is committed.

use std::path::{Path, PathBuf};

use super::super::project::Project;
use super::super::{Context, Outcome};
use super::Setup;
use super::attributes::{self, DRIVER};
use crate::error::Failure;
use crate::fsx;
use crate::vcs::git::{WorkTree, configure, global_configuration};

/// What people see of the driver.
const NAME: &str = "glide.lock by what it says (glide-rs)";
/// What git runs; the shell finds the program on PATH, so that it may be moved or renewed.
const COMMAND: &str = "glide-rs lock merge -- %O %A %B %P %L %S %X %Y";

/// Sets the driver up, for this clone or this user.
pub(super) fn install(context: &Context<'_>, setup: Setup) -> Result<Outcome, Failure> {
    let place = Place::of(context, setup)?;
    let keys = [("name", Some(NAME)), ("driver", Some(COMMAND))];
    let configured = place.configure(keys)?;
    let attributes = place.edit_attributes(attributes::with_driver)?;
    place.warn_of_other_lines(context);
    warn_of_path(context);
    let shown = |path: &Path| format!("`{}`", path.display());
    let mut changed = Vec::new();
    changed.extend(configured.then(|| shown(&place.configuration)));
    changed.extend(attributes.as_deref().map(shown));
    let reporter = context.reporter;
    if changed.is_empty() {
        reporter.info("git merges glide.lock with glide-rs already");
    } else {
        reporter.info(format!(
            "git merges glide.lock with glide-rs: set up in {}",
            changed.join(" and ")
        ));
    }
    if attributes.is_some() {
        reporter.info("commit .gitattributes; each clone of the repository needs `glide-rs lock merge --install` once, or a user --global");
    }
    Ok(Outcome::default())
}

/// Takes it back.
pub(super) fn uninstall(context: &Context<'_>, setup: Setup) -> Result<Outcome, Failure> {
    let place = Place::of(context, setup)?;
    let configured = place.configure([("name", None), ("driver", None)])?;
    let attributes = place.edit_attributes(attributes::without_driver)?;
    let what = if configured || attributes.is_some() {
        "git merges glide.lock line by line again"
    } else {
        "git does not merge glide.lock with glide-rs"
    };
    context.reporter.info(what);
    Ok(Outcome::default())
}

/// Where it is said.
struct Place {
    configuration: PathBuf,
    tree: Option<WorkTree>,
    project: Option<Project>,
}

impl Place {
    fn of(context: &Context<'_>, setup: Setup) -> Result<Self, Failure> {
        let settings = context.settings;
        let project = if setup.global {
            Project::look(context)
        } else {
            Some(Project::find(context)?)
        };
        let folder = project
            .as_ref()
            .map_or(&settings.folder, |project| &project.folder);
        let opened = WorkTree::open(folder, settings.git.folder.as_deref());
        let is_unreadable = opened.is_err();
        let tree = match opened {
            // Git may know more forms of repositories than we do.
            Err(error) if setup.global => {
                context.reporter.warn(error.to_string());
                None
            }
            opened => opened.map_err(|error| {
                let hint = "with --global git is told without a look into the repository";
                Failure::from(error).with_hint(hint)
            })?,
        };
        let configuration = if setup.global {
            global_configuration(&settings.git_config).ok_or_else(|| {
                Failure::user("there is no home folder for a configuration of git's")
            })?
        } else {
            let tree = tree.as_ref().ok_or_else(|| {
                let message = format!("`{}` is in no git repository", folder.display());
                Failure::user(message)
                    .with_hint("`git init` makes one; --global is for all of them")
            })?;
            tree.configuration()
        };
        // A file of the project belongs into a repository.
        let project = project.filter(|_| tree.is_some() || is_unreadable);
        Ok(Self {
            configuration,
            tree,
            project,
        })
    }

    fn configure(&self, keys: [(&str, Option<&str>); 2]) -> Result<bool, Failure> {
        let keys = keys.map(|(key, value)| (format!("merge.{DRIVER}.{key}"), value));
        let keys = keys.each_ref().map(|(key, value)| (key.as_str(), *value));
        Ok(configure(&self.configuration, &keys)?)
    }

    /// Changes the .gitattributes beside glide.lock; its path where anything changed.
    fn edit_attributes(
        &self,
        edit: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<PathBuf>, Failure> {
        let Some(project) = &self.project else {
            return Ok(None);
        };
        let path = project.folder.join(".gitattributes");
        let bytes = fsx::read_text_if_exists(&path)?.unwrap_or_default();
        let text = String::from_utf8(bytes).map_err(|_| {
            let message = format!("`{}` is not in UTF-8", path.display());
            let hint = format!("add the line `glide.lock merge={DRIVER}` to it");
            Failure::user(message).with_hint(hint)
        })?;
        match edit(&text) {
            None => Ok(None),
            Some(edited) if edited.is_empty() => {
                fsx::remove_file(&path)?;
                Ok(Some(path))
            }
            Some(edited) => {
                fsx::write_atomic(&path, edited.as_bytes())?;
                Ok(Some(path))
            }
        }
    }

    /// Another line may come after ours, or another file above it.
    fn warn_of_other_lines(&self, context: &Context<'_>) {
        let (Some(tree), Some(project)) = (&self.tree, &self.project) else {
            return;
        };
        let driver = tree
            .name_of(&project.lock_path())
            .and_then(|name| tree.merge_driver(&name));
        if driver.as_deref() != Some(DRIVER) {
            let driver = driver.unwrap_or_else(|| "none".to_owned());
            context.reporter.warn(format!(
                "git's attributes still give glide.lock another merge driver ({driver}): `git check-attr merge glide.lock`, and see which line says so"
            ));
        }
    }
}

/// Git finds the program on PATH, or merges nothing.
fn warn_of_path(context: &Context<'_>) {
    let found = fsx::find_program(&context.settings.path, "glide-rs".as_ref()).is_some();
    if !found {
        context.reporter.warn(
            "there is no `glide-rs` on PATH, where git looks for it; without it a merge leaves our glide.lock, in conflict",
        );
    }
}
