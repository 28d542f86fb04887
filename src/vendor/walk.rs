//! Lists what stands below a folder, with what the file system says about each file.

use std::collections::VecDeque;
use std::io;
use std::path::Path;
use std::sync::{Condvar, Mutex, PoisonError};

use crate::fsx::at::{Folder, Stamp};
use crate::fsx::{self, Context as _};

/// A file or link below vendor/; folders are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// The path below the folder walked.
    pub(super) path: Vec<u8>,
    pub(super) stamp: Stamp,
}

/// Folders that wait for a worker.
#[derive(Debug, Default)]
struct Queue {
    waiting: VecDeque<Vec<u8>>,
    /// How many workers are listing a folder, and may find more.
    busy: usize,
    failed: Option<io::Error>,
}

/// All files below `root`, sorted by the bytes of their paths; `.git` at the top is left out,
/// because it belongs to the project.
pub(super) fn walk(root: &Path, workers: usize) -> fsx::Result<Vec<Found>> {
    let folder = Folder::open(root).on("list", root)?;
    let queue = Mutex::new(Queue {
        waiting: VecDeque::from([Vec::new()]),
        ..Queue::default()
    });
    let changed = Condvar::new();
    let found = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        let work = || {
            let mine = list_waiting(&folder, &queue, &changed);
            found
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .extend(mine);
        };
        for _ in 1..workers {
            scope.spawn(work);
        }
        work();
    });
    let queue = queue.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(error) = queue.failed {
        return Err(error).on("list", root);
    }
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    found.sort_unstable_by(|a: &Found, b| a.path.cmp(&b.path));
    Ok(found)
}

/// One worker: lists folders until none waits and nobody can find another.
fn list_waiting(root: &Folder, queue: &Mutex<Queue>, changed: &Condvar) -> Vec<Found> {
    let mut found = Vec::new();
    loop {
        let held = queue.lock().unwrap_or_else(PoisonError::into_inner);
        let mut held = changed
            .wait_while(held, |queue| queue.waiting.is_empty() && queue.busy > 0)
            .unwrap_or_else(PoisonError::into_inner);
        // Last in, first out: the folder's neighbours are still in the kernel's caches.
        let Some(folder) = held.waiting.pop_back() else {
            return found;
        };
        held.busy += 1;
        drop(held);
        let mut below = Vec::new();
        let result = list(root, &folder, &mut found, &mut below);
        let mut held = queue.lock().unwrap_or_else(PoisonError::into_inner);
        held.busy -= 1;
        held.waiting.extend(below);
        if let Err(error) = result {
            held.waiting.clear();
            held.failed = Some(error);
        }
        drop(held);
        changed.notify_all();
    }
}

fn list(
    root: &Folder,
    path: &[u8],
    found: &mut Vec<Found>,
    below: &mut Vec<Vec<u8>>,
) -> io::Result<()> {
    for (name, stamp) in root.open_below(path)?.list()? {
        if path.is_empty() && name == b".git" {
            continue;
        }
        let path = match path {
            [] => name,
            _ => [path, b"/", &name].concat(),
        };
        match stamp {
            None => below.push(path),
            Some(stamp) => found.push(Found { path, stamp }),
        }
    }
    Ok(())
}
