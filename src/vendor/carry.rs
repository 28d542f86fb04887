//! Carries `vendor/.git` over into the staged tree, so that old and new tree are both whole.
//!
//! Some projects keep vendor/ as a repository or submodule of its own. Files get a second name
//! instead of a copy, where the file system can do that: what is appended to them in between is
//! then not lost.

use std::fs::DirEntry;
use std::io;
use std::path::Path;

use super::moves::Moves;
use crate::fsx::{self, Context as _, at::Folder};

/// Copies `.git` of the folder `from`, if it has one, into the folder `to`.
pub(super) fn carry_git(from: &Path, to: &Path, moves: &dyn Moves) -> fsx::Result<()> {
    let old = from.join(".git");
    match fsx::lstat(&old)? {
        Some(found) if found.is_dir() => carry_folder(&old, &to.join(".git"), moves),
        Some(found) if found.is_symlink() => carry_link(&old, to, moves),
        // The file names the repository, and is small: a copy keeps both trees apart.
        Some(_) => moves.copy(&old, &to.join(".git")),
        None => Ok(()),
    }
}

fn carry_folder(from: &Path, to: &Path, moves: &dyn Moves) -> fsx::Result<()> {
    moves.create_root(to)?;
    let old = Folder::open(from).on("open", from)?;
    let new = Folder::open(to).on("open", to)?;
    for entry in fsx::read_dir(from)? {
        carry_entry(&entry, (&old, &new), to, moves)?;
    }
    // Last, so that a folder which may not be written to could be filled.
    fsx::copy_permissions(from, to)
}

fn carry_entry(
    entry: &DirEntry,
    (old, new): (&Folder, &Folder),
    to: &Path,
    moves: &dyn Moves,
) -> fsx::Result<()> {
    let path = entry.path();
    let kind = entry.file_type().on("look at", &path)?;
    if kind.is_dir() {
        return carry_folder(&path, &to.join(entry.file_name()), moves);
    }
    if !kind.is_file() && !kind.is_symlink() {
        // A socket of git's file system monitor; git makes it anew.
        return Ok(());
    }
    match moves.hard_link(old, new, entry.file_name().as_encoded_bytes()) {
        // Git removes its lock files while we look.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(_) if kind.is_symlink() => carry_link(&path, to, moves),
        Err(_) => moves.copy(&path, &to.join(entry.file_name())),
        Ok(()) => Ok(()),
    }
}

fn carry_link(from: &Path, to: &Path, moves: &dyn Moves) -> fsx::Result<()> {
    let target = fsx::read_link(from)?;
    let folder = Folder::open(to).on("open", to)?;
    let name = from.file_name().unwrap_or_default();
    moves
        .create_link(
            &folder,
            target.as_os_str().as_encoded_bytes(),
            name.as_encoded_bytes(),
        )
        .on("create the link", &to.join(name))
}
