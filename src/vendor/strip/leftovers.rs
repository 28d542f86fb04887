//! What stripping a tree does to its files, told from their paths and without doing it. Pure.

use std::collections::BTreeSet;
use std::path::Path;

use super::{is_left_alone, rewrite};
use crate::fsx;

/// Where Godep's workspaces were, in a tree that was stripped.
#[derive(Debug, Default)]
pub(in super::super) struct Leftovers {
    /// The folders that held `Godeps/_workspace`.
    packages: BTreeSet<Vec<u8>>,
}

/// Whether a path lies in a folder that stripping removes.
pub(in super::super) fn is_stripped(path: &[u8]) -> bool {
    let Some(folder) = folder_of(path) else {
        return false;
    };
    let mut before: &[u8] = b"";
    folder.split(|byte| *byte == b'/').any(|name| {
        let removed = name == b"vendor" || name == b"_workspace" && before == b"Godeps";
        before = name;
        removed
    })
}

fn folder_of(path: &[u8]) -> Option<&[u8]> {
    let end = path.iter().rposition(|byte| *byte == b'/')?;
    path.get(..end)
}

impl Leftovers {
    /// What stripping does to a tree of these files; `None` where it does nothing.
    pub(in super::super) fn of<'p>(paths: impl Iterator<Item = &'p [u8]>) -> Option<Self> {
        const WORKSPACE: &[u8] = b"/Godeps/_workspace/";
        let mut any = false;
        let mut packages = BTreeSet::new();
        for path in paths.filter(|path| is_stripped(path)) {
            any = true;
            let at = path
                .windows(WORKSPACE.len())
                .position(|part| part == WORKSPACE);
            // What lies in a nested vendor/ is gone before workspaces are looked for.
            if let Some(package) = at.and_then(|at| path.get(..at))
                && !is_stripped(&[package, b"/x"].concat())
            {
                packages.insert(package.to_vec());
            }
        }
        any.then_some(Self { packages })
    }

    /// Whether a file's imports may have been written back.
    pub(in super::super) fn rewrites(&self, path: &[u8]) -> bool {
        let is_go = path.ends_with(b".go");
        let inside = |package: &Vec<u8>| {
            let below = path.strip_prefix(package.as_slice());
            let below = below.and_then(|below| below.strip_prefix(b"/"));
            below.is_some_and(|below| {
                let folders = folder_of(below).unwrap_or_default();
                let mut names = folders.split(|byte| *byte == b'/');
                !names.any(|name| is_left_alone(fsx::below(Path::new(""), name).as_os_str()))
            })
        };
        is_go && self.packages.iter().any(inside)
    }

    /// A file's bytes once they are written back; as they are where nothing is to be written.
    pub(in super::super) fn rewritten(path: &[u8], bytes: Vec<u8>) -> Vec<u8> {
        let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or(path);
        match rewrite::rewrite(name, &bytes) {
            Ok(Some(rewritten)) => rewritten,
            _ => bytes,
        }
    }
}
