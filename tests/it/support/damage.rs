//! Damage to a cache, and whether the next run gets over it.

use std::fs;
use std::path::{Path, PathBuf};

use super::process::Output;
use super::world::World;

/// A way to spoil a file, by its name.
type Damage = (&'static str, fn(&Path));

const DAMAGES: &[Damage] = &[
    ("removed", |path| fs::remove_file(path).unwrap()),
    ("emptied", |path| replace(path, b"")),
    ("truncated", |path| {
        let bytes = fs::read(path).unwrap();
        replace(path, &bytes[..bytes.len() / 2]);
    }),
    ("garbled", |path| {
        let mut bytes = fs::read(path).unwrap();
        let start = bytes.len() / 3;
        for byte in bytes.iter_mut().skip(start).take(16) {
            *byte ^= 0x5a;
        }
        replace(path, &bytes);
    }),
];

/// Damages the files of the cache one after the other, in each way, and has `run` mend what it can after
/// each: it must end well and leave the lock and vendor/ that there were. At least `fewest` files
/// must have been there each time.
pub(crate) fn mended_by(world: &World, fewest: usize, run: impl Fn() -> Output) {
    let state = || (world.sandbox.read("glide.lock"), world.sandbox.vendor());
    let before = state();
    let cache = world.sandbox.glide_home().join("cache/v1");
    let mut damaged = 0;
    for (damage, spoil) in DAMAGES {
        for file in files_below(&cache) {
            if !file.exists() {
                continue; // An earlier repair has replaced it.
            }
            spoil(&file);
            damaged += 1;
            let output = run();
            let what = format!("{} {damage}: {}", file.display(), output.stderr);
            assert_eq!(output.exit, Some(0), "{what}");
            assert!(state() == before, "{what}");
        }
    }
    let fewest = fewest * DAMAGES.len();
    assert!(damaged >= fewest, "{damaged} files were damaged");
}

/// Every file below a folder.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            } else {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    files
}

/// Writes a file anew that may be read-only, as packs are.
pub(crate) fn replace(path: &Path, bytes: &[u8]) {
    fs::remove_file(path).unwrap();
    fs::write(path, bytes).unwrap();
}
