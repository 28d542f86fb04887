//! Which projects are audited, and by which policy.

use std::path::{Path, PathBuf};

use super::super::Context;
use super::super::project::Project;
use super::AuditOptions;
use crate::audit::{POLICY_FILE, Policy};
use crate::error::{Failure, Place};
use crate::fsx;

/// Folders that hold nobody's project: what others wrote, and what only looks like one.
const PASSED_OVER: [&str; 3] = ["vendor", "node_modules", "testdata"];

/// The projects of a run.
#[derive(Default)]
pub(super) struct Projects {
    /// Those to look at, with the names that reports give them.
    pub(super) found: Vec<(String, Project)>,
    /// Folders in which nobody can see whether there are any, and why not.
    pub(super) unread: Vec<(String, Failure)>,
}

/// The projects to look at, with the names that reports give them: the folders that are named, all
/// below them with `--workspace`, or else the one around the working folder.
pub(super) fn projects(context: &Context<'_>, options: &AuditOptions) -> Result<Projects, Failure> {
    let working = &context.settings.folder;
    if options.paths.is_empty() && !options.workspace {
        let found = vec![(String::new(), Project::find(context)?)];
        return Ok(Projects {
            found,
            unread: Vec::new(),
        });
    }
    let roots = match options.paths.as_slice() {
        [] => vec![PathBuf::new()],
        paths => paths.to_vec(),
    };
    let (mut folders, mut unread) = (Vec::new(), Vec::new());
    for root in roots {
        if !fsx::is_folder(&working.join(&root)) {
            let message = format!("`{}` is no folder", root.display());
            return Err(Failure::user(message)
                .with_hint("name the folders of projects, or one of the checks"));
        }
        if options.workspace {
            with_locks(working, &root, (&mut folders, &mut unread));
        } else {
            folders.push(root);
        }
    }
    folders.dedup();
    if folders.is_empty() && unread.is_empty() {
        let message = format!("there is no glide.lock below `{}`", working.display());
        return Err(Failure::user(message));
    }
    let project = |path: PathBuf| {
        let folder = working.join(&path);
        let manifest = folder.join(&context.settings.yaml);
        let name = path.display().to_string();
        (
            name.trim_end_matches('/').to_owned(),
            Project { folder, manifest },
        )
    };
    Ok(Projects {
        found: folders.into_iter().map(project).collect(),
        unread,
    })
}

/// Adds every folder at or below one that holds a glide.lock, in the order of their paths, and those that
/// cannot be read. Links are not followed.
fn with_locks(
    working: &Path,
    root: &Path,
    (found, unread): (&mut Vec<PathBuf>, &mut Vec<(String, Failure)>),
) {
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        let mut below = Vec::new();
        let entries = fsx::read_dir(&working.join(&folder)).unwrap_or_else(|error| {
            unread.push((folder.display().to_string(), error.into()));
            Vec::new()
        });
        for entry in entries {
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            if name == "glide.lock" {
                found.push(folder.clone());
            }
            let is_looked_at =
                !name.starts_with(['.', '_']) && !PASSED_OVER.contains(&name.as_str());
            let is_folder = || fsx::file_type(&entry).is_ok_and(|kind| kind.is_dir());
            if is_looked_at && is_folder() {
                below.push(folder.join(name));
            }
        }
        below.sort_unstable_by(|one, other| other.cmp(one));
        open.extend(below);
    }
}

/// A policy and the path that reports give it.
pub(super) struct Decided {
    pub(super) policy: Policy,
    pub(super) file: String,
}

/// The policies of projects: the one that is named for all, else the nearest at or above each, up to
/// the root of its repository.
pub(super) fn policies(
    context: &Context<'_>,
    named: Option<&Path>,
    projects: &[(String, Project)],
) -> Result<Vec<(Decided, Vec<usize>)>, Failure> {
    let working = &context.settings.folder;
    let mut found: Vec<(PathBuf, Vec<usize>)> = Vec::new();
    for (at, (_, project)) in projects.iter().enumerate() {
        let path = match named {
            Some(path) => Some(working.join(path)),
            None => nearest(&project.folder),
        };
        let Some(path) = path else { continue };
        match found.iter_mut().find(|(known, _)| *known == path) {
            Some((_, sharing)) => sharing.push(at),
            None => found.push((path, vec![at])),
        }
    }
    let read = |(path, sharing): (PathBuf, Vec<usize>)| {
        let policy = Policy::parse(&fsx::read_text(&path)?).map_err(|error| {
            let message = format!("cannot follow {}: {error}", path.display());
            Failure::user(message).at(Place::new(path.display(), None))
        })?;
        let shown = path.strip_prefix(working).unwrap_or(&path);
        let file = shown.display().to_string();
        Ok((Decided { policy, file }, sharing))
    };
    found.into_iter().map(read).collect()
}

fn nearest(folder: &Path) -> Option<PathBuf> {
    for folder in folder.ancestors() {
        let path = folder.join(POLICY_FILE);
        if fsx::exists(&path) {
            return Some(path);
        }
        if fsx::exists(&folder.join(".git")) {
            return None;
        }
    }
    None
}
