//! The conformance cases: what a client has to do to stand in for Glide, one file a case.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

use crate::support::case::Case;

const WORKERS: usize = 2;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/conformance")
}

/// Plays all cases of a group, two at once, and shows every difference of each.
#[track_caller]
fn play(group: &str) {
    let entries = fs::read_dir(folder().join(group)).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let total = files.len();
    assert!(total > 0, "{group} has no cases");
    let waiting = Mutex::new(files.into_iter().rev().collect::<Vec<_>>());
    let failed = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while let Some(file) = take(&waiting) {
                    let case = Case::read(&file);
                    let lines = case.play();
                    if !lines.is_empty() {
                        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
                        let text = lines.join("\n    ");
                        let about = &case.about;
                        failed
                            .lock()
                            .unwrap()
                            .push(format!("{group}/{name}: {about}\n    {text}"));
                    }
                }
            });
        }
    });
    let mut failed = failed.into_inner().unwrap();
    failed.sort();
    let count = failed.len();
    assert!(
        failed.is_empty(),
        "{count} of {total} cases differ\n{}",
        failed.join("\n")
    );
}

fn take(waiting: &Mutex<Vec<PathBuf>>) -> Option<PathBuf> {
    waiting.lock().unwrap().pop()
}

macro_rules! groups {
    ($($group:ident),+ $(,)?) => {
        const GROUPS: &[&str] = &[$(stringify!($group)),+];

        $(
            #[test]
            fn $group() {
                play(stringify!($group));
            }
        )+
    };
}

groups!(
    commands, failures, imports, lockfile, packages, quirks, scan, sources, strip, transitive,
    vanity, versions,
);

#[test]
fn every_group_is_played() {
    let entries = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap());
    let folders = entries.filter(|entry| entry.file_type().unwrap().is_dir());
    let names: BTreeSet<_> = folders
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    let played: BTreeSet<_> = GROUPS.iter().map(|group| (*group).to_owned()).collect();
    assert_eq!(names, played);
}
