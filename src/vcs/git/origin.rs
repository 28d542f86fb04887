//! Where a checkout on this machine comes from: its remote `origin`, as its own configuration has it.
//!
//! Only ever a guess for a name: nothing is fetched from there, and what cannot be read is no answer.

use std::path::{Path, PathBuf};

use crate::fsx;

/// More than any configuration or pointer to a folder has.
const LARGEST: u64 = 1 << 20;

/// The address of the remote `origin` of the checkout that `folder` is in, and the checkout's folder.
pub fn origin(folder: &Path) -> Option<(String, PathBuf)> {
    let root = folder
        .ancestors()
        .find(|above| fsx::exists(&above.join(".git")))?;
    let config = configuration(&root.join(".git"))?;
    let file = git2::Config::open(&config).ok()?;
    let address = file.get_string("remote.origin.url").ok()?;
    Some((address, root.to_owned()))
}

/// The configuration of a `.git`; of a work tree or submodule, which have a file there, the one that
/// the file leads to.
fn configuration(git: &Path) -> Option<PathBuf> {
    let folder = if fsx::is_folder(git) {
        git.to_owned()
    } else {
        let target = line(git)?.strip_prefix("gitdir:")?.trim().to_owned();
        git.parent()?.join(target)
    };
    let shared = line(&folder.join("commondir"));
    let folder = shared.map_or_else(|| folder.clone(), |shared| folder.join(shared));
    let config = folder.join("config");
    is_small_file(&config).then_some(config)
}

/// The first line of a small file.
fn line(path: &Path) -> Option<String> {
    let bytes = is_small_file(path).then(|| fsx::read(path).ok())??;
    let text = String::from_utf8(bytes).ok()?;
    Some(text.lines().next()?.trim().to_owned())
}

fn is_small_file(path: &Path) -> bool {
    let found = fsx::stat(path).ok().flatten();
    found.is_some_and(|found| found.is_file() && found.len() <= LARGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lay(folder: &Path, path: &str, text: &str) {
        let path = folder.join(path);
        fsx::create_dir_all(path.parent().unwrap()).unwrap();
        fsx::write_atomic(&path, text.as_bytes()).unwrap();
    }

    #[test]
    fn a_checkout_knows_where_it_comes_from() {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        let config = "[remote \"origin\"]\n\turl = git@h.example:a/b.git\n";
        let config = format!("[core]\n\tbare = false\n{config}");
        lay(root.path(), "plain/.git/config", &config);
        lay(root.path(), "plain/below/x.go", "");
        lay(
            root.path(),
            "tree/.git",
            "gitdir: ../plain/.git/worktrees/t\n",
        );
        lay(root.path(), "plain/.git/worktrees/t/commondir", "../..\n");
        for (folder, of) in [
            ("plain", "plain"),
            ("plain/below", "plain"),
            ("tree", "tree"),
        ] {
            let expected = ("git@h.example:a/b.git".to_owned(), at(of));
            assert_eq!(origin(&at(folder)), Some(expected), "{folder}");
        }
    }

    #[test]
    fn what_is_no_checkout_has_no_origin() {
        let root = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("bare/.git/config", "[core]\n"),
            ("garbled/.git/config", "\0\u{1}[[["),
            ("nothing/.git/x", ""),
            ("pointer/.git", "gitdir: /nowhere\n"),
            ("other/.git", "\0"),
            ("folder/.git/config/x", ""),
        ] {
            lay(root.path(), name, text);
            let folder = root.path().join(name.split('/').next().unwrap());
            assert_eq!(origin(&folder), None, "{name}");
        }
    }
}
