//! Reading the file that another dependency manager has left in a project, and telling about it.

use std::collections::HashSet;
use std::path::Path;

use super::Context;
use crate::error::Failure;
use crate::foreign::{DeclaredError, Files, Found, Imported, Kind, Role};
use crate::fsx;
use crate::manifest::Config;
use crate::model::Roots;
use crate::report::Level;

/// Larger files list no dependencies.
const LARGEST: u64 = 64 << 20;

/// What a project's file of a kind says; `None` where there is none. What a glide.yaml cannot say is
/// warned of.
pub(super) fn read(
    context: &Context<'_>,
    folder: &Path,
    kind: Kind,
    roots: &dyn Roots,
) -> Result<Option<Imported>, Failure> {
    let files = Folder(folder);
    if matches!(files.look(kind.file())?, Found::File(_)) {
        for message in kind.messages(&folder.display().to_string()) {
            context.reporter.info(message);
        }
    }
    let read = kind.read(&files, Role::Project, roots);
    let read = read.map_err(|error| match error {
        DeclaredError::Look(failure) => failure,
        DeclaredError::Unreadable(error) => error.into(),
    })?;
    let level = if kind.is_beyond_glide() {
        Level::Warn
    } else {
        Level::Info
    };
    for note in read.iter().flat_map(|imported| &imported.notes) {
        context.reporter.log(level, note);
    }
    Ok(read)
}

/// Adds what is ignored: folders of the project to `excludeDirs`, all else to `ignore`.
pub(super) fn leave_out(config: &mut Config, ignored: &[String]) {
    let slashes = |folder: &str| folder.replace('\\', "/");
    let mut excluded: HashSet<String> = config
        .exclude_dirs
        .iter()
        .map(|folder| slashes(folder))
        .collect();
    let mut known: HashSet<String> = config.ignore.iter().cloned().collect();
    for path in ignored {
        let own = path.strip_prefix(config.package.as_str());
        let own = own.filter(|_| !config.package.is_empty());
        match own.and_then(|below| below.strip_prefix('/')) {
            Some(folder) if excluded.insert(slashes(folder)) => {
                config.exclude_dirs.push(folder.to_owned());
            }
            None if !is_below_any(path, &known) => {
                known.insert(path.clone());
                config.ignore.push(path.clone());
            }
            _ => {}
        }
    }
}

/// Whether the path, or one above it, is among these.
fn is_below_any(path: &str, known: &HashSet<String>) -> bool {
    let above = path.match_indices('/').map(|(end, _)| &path[..end]);
    above.chain([path]).any(|path| known.contains(path))
}

/// The files of a project.
struct Folder<'a>(&'a Path);

impl Files for Folder<'_> {
    type Error = Failure;

    fn look(&self, path: &str) -> Result<Found, Failure> {
        let path = self.0.join(path);
        let found = match fsx::stat(&path) {
            // `Godeps` may be a file, so that there is no `Godeps/Godeps.json`.
            Err(error) if error.is_below_a_file() => None,
            found => found?,
        };
        match found {
            Some(found) if found.is_dir() => Ok(Found::Folder),
            Some(found) if found.is_file() && found.len() > LARGEST => {
                let message = format!("it has {} bytes", found.len());
                Err(Failure::user(message).with_hint("no list of dependencies is that long"))
            }
            Some(found) if found.is_file() => Ok(Found::File(fsx::read(&path)?)),
            _ => Ok(Found::Nothing),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::leave_out;
    use crate::manifest::Config;

    #[test]
    fn folders_of_the_project_are_excluded_and_others_ignored() {
        let mut config = Config {
            package: "a.b/me".to_owned(),
            ignore: vec!["a.b/there".to_owned()],
            exclude_dirs: vec!["old".to_owned()],
            ..Config::default()
        };
        let ignored = [
            "a.b/me/x/y",
            "a.b/me/old",
            "a.b/metoo",
            "a.b/there/below",
            "a.b/new",
        ];
        leave_out(&mut config, &ignored.map(str::to_owned));
        assert_eq!(config.exclude_dirs, ["old", "x/y"]);
        assert_eq!(config.ignore, ["a.b/there", "a.b/metoo", "a.b/new"]);
    }
}
