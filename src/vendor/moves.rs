//! Every change that the transaction makes on disk, as one trait.
//!
//! Production has one implementation, the plain operations below. It is a trait so that a test
//! can let any single step fail, or the process die there, and look at what is left.

use std::fs::File;
use std::io;
use std::path::Path;

use crate::fsx::{self, Context as _, at::Folder};

/// The steps of the transaction.
pub(super) trait Moves: Sync {
    /// Creates the staging folder.
    fn create_root(&self, path: &Path) -> fsx::Result<()> {
        fsx::create_dir(path)
    }

    /// Creates a folder below an open one.
    fn create_folder(&self, root: &Folder, path: &[u8]) -> io::Result<()> {
        root.create_folder(path)
    }

    /// Creates a file in an open folder.
    fn create_file(&self, folder: &Folder, name: &[u8], executable: bool) -> io::Result<File> {
        folder.create_file(name, executable)
    }

    /// Creates a symbolic link in an open folder.
    fn create_link(&self, folder: &Folder, target: &[u8], name: &[u8]) -> io::Result<()> {
        folder.create_link(target, name)
    }

    /// Gives a file the same name in another open folder.
    fn hard_link(&self, from: &Folder, to: &Folder, name: &[u8]) -> io::Result<()> {
        from.hard_link(name, to, name)
    }

    /// Copies a file, with its mode.
    fn copy(&self, from: &Path, to: &Path) -> fsx::Result<()> {
        fsx::copy(from, to)
    }

    /// Renames a folder.
    fn rename(&self, from: &Path, to: &Path) -> fsx::Result<()> {
        fsx::rename(from, to)
    }

    /// Lets two folders change places at once.
    fn exchange(&self, one: &Path, other: &Path) -> fsx::Result<()> {
        fsx::at::exchange(one, other).on("replace", other)
    }

    /// Removes a folder and all below it.
    fn remove_tree(&self, path: &Path) -> fsx::Result<()> {
        fsx::remove_tree(path)
    }

    /// Writes the record of what is installed.
    fn write_record(&self, path: &Path, bytes: &[u8]) -> fsx::Result<()> {
        fsx::write_atomic(path, bytes)
    }
}

/// The real operations.
#[derive(Debug, Clone, Copy)]
pub(super) struct Disk;

impl Moves for Disk {}
