//! Folders and disks.

use super::facts::{Cache, Disk, Home};
use super::notes::Notes;

/// With less than this nothing of any size can be installed.
const TOO_LITTLE: u64 = 100 << 20;
/// With less than this a large project may not find room.
const LITTLE: u64 = 1 << 30;

/// A number of bytes for people.
pub(super) fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if bytes < 1024 {
        return format!("{bytes} bytes");
    }
    let (mut whole, mut rest, mut unit) = (bytes / 1024, bytes % 1024, 0);
    while whole >= 1024 && unit + 1 < UNITS.len() {
        (whole, rest, unit) = (whole / 1024, whole % 1024, unit + 1);
    }
    if whole < 10 {
        format!("{whole}.{} {}", rest * 10 / 1024, UNITS[unit])
    } else {
        format!("{whole} {}", UNITS[unit])
    }
}

pub(super) fn home(home: &Home, notes: &mut Notes) {
    const TOPIC: &str = "home";
    let path = home.path.display();
    match &home.trouble {
        Some(reason) => notes.problem(
            TOPIC,
            format!("`{path}` cannot be written to: {reason}"),
            "GLIDE_HOME or `--home` names another folder for Glide's files",
        ),
        None if home.exists => notes.ok(TOPIC, format!("`{path}`")),
        None => notes.ok(TOPIC, format!("`{path}`, which will be made")),
    }
}

pub(super) fn cache(cache: &Cache, notes: &mut Notes) {
    const TOPIC: &str = "cache";
    let path = cache.path.display();
    if let Some(reason) = &cache.trouble {
        return notes.problem(
            TOPIC,
            format!("`{path}` cannot be looked through: {reason}"),
            "`glide-rs cache-clear` empties it; whatever was in it is fetched again",
        );
    }
    if !cache.left_over.is_empty() && !cache.in_use {
        let first = cache.left_over[0].display();
        let count = match cache.left_over.len() {
            1 => "a file or folder of a run that was broken off".to_owned(),
            count => format!("{count} files and folders of runs that were broken off"),
        };
        notes.warn(
            TOPIC,
            format!("{count}, as `{first}`"),
            "unless another run is under way they do nothing but take room, and may be removed",
        );
    }
    if cache.exists {
        let repositories = match cache.repositories {
            1 => "1 repository".to_owned(),
            count => format!("{count} repositories"),
        };
        let used = if cache.in_use {
            ", in use by another run"
        } else {
            ""
        };
        notes.ok(
            TOPIC,
            format!("`{path}`: {repositories}, {}{used}", size(cache.bytes)),
        );
    } else {
        notes.ok(TOPIC, format!("`{path}`: nothing yet"));
    }
}

pub(super) fn disks(disks: &[Disk], notes: &mut Notes) {
    const TOPIC: &str = "disk";
    for disk in disks {
        let Some(free) = disk.free else { continue };
        let said = format!(
            "{} free for {} (`{}`)",
            size(free),
            disk.what,
            disk.path.display()
        );
        if free < TOO_LITTLE {
            notes.problem(
                TOPIC,
                said,
                "make room: `glide-rs cache-clear` empties the cache; GLIDE_HOME puts it on another disk",
            );
        } else if free < LITTLE {
            notes.warn(
                TOPIC,
                said,
                "a project with many dependencies may need more",
            );
        } else {
            notes.ok(TOPIC, said);
        }
    }
    for disk in disks.iter().filter(|disk| disk.folds_case == Some(true)) {
        notes.warn(
            TOPIC,
            format!(
                "{} stands where names that differ by case alone are one (`{}`)",
                disk.what,
                disk.path.display()
            ),
            "repositories that have both, and imports such as github.com/Sirupsen and github.com/sirupsen, \
             clash there: agree on one spelling",
        );
    }
}
