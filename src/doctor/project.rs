//! The project's files, and what its repositories need.

use super::facts::{Facts, LockState, Program, Project};
use super::network::next_of;
use super::notes::Notes;

pub(super) fn project(project: &Project, notes: &mut Notes) {
    const TOPIC: &str = "project";
    let Some(manifest) = &project.manifest else {
        return notes.ok(TOPIC, "none here: `glide-rs create` makes one");
    };
    let path = manifest.display();
    if let Some(trouble) = &project.trouble {
        return notes.problem(TOPIC, &*trouble.said, next_of(trouble, "mend that line"));
    }
    let package = &project.package;
    notes.ok(TOPIC, format!("{package} (`{path}`)"));
    if let Some(reason) = &project.closed {
        notes.problem(
            TOPIC,
            format!("its folder cannot be written to: {reason}"),
            "vendor/ and glide.lock are made there: give yourself leave (`ls -ld`, `chown`), or work on a copy",
        );
    }
    if let Some(trouble) = &project.repository {
        let next = next_of(trouble, "`git status` in it tells what is wrong");
        let said = format!(
            "{}: git, and `audit --since`, will refuse it as well",
            trouble.said
        );
        notes.warn(TOPIC, said, next);
    }
    if let Some(what) = project.vendor_is {
        notes.problem(
            TOPIC,
            format!("`vendor` beside it is {what}"),
            "vendor/ has to be a folder, or not be there: it is exchanged as a whole",
        );
    }
    if project.has_go_mod {
        notes.warn(
            TOPIC,
            "it has a go.mod as well, which Go prefers",
            "set GO111MODULE=off, or use `glide-rs exec`, so that vendor/ counts",
        );
    }
    lock(&project.lock, notes);
}

fn lock(lock: &LockState, notes: &mut Notes) {
    const TOPIC: &str = "glide.lock";
    match lock {
        LockState::Missing => notes.warn(
            TOPIC,
            "there is none: `install` takes the newest versions that are allowed each time",
            "run `glide-rs update` and commit glide.lock",
        ),
        LockState::Fresh(1) => notes.ok(TOPIC, "1 pin, made from this glide.yaml"),
        LockState::Fresh(count) => notes.ok(TOPIC, format!("{count} pins, made from this glide.yaml")),
        LockState::Stale => notes.warn(
            TOPIC,
            "it was not made from glide.yaml as it is now",
            "run `glide-rs update` and commit glide.lock; `glide-rs audit drift` tells what differs",
        ),
        LockState::Broken(trouble) => {
            let next = next_of(trouble, "`git checkout glide.lock`, or remove it and run `glide-rs update`");
            notes.problem(TOPIC, &*trouble.said, next);
        }
    }
}

pub(super) fn mirrors(facts: &Facts, notes: &mut Notes) {
    const TOPIC: &str = "mirrors";
    if let Some(trouble) = &facts.mirrors {
        let next = next_of(
            trouble,
            "mend that line, or write them anew with `glide-rs mirror set`",
        );
        return notes.problem(TOPIC, &*trouble.said, next);
    }
    for target in facts.mirror_targets.iter().filter(|target| !target.exists) {
        notes.problem(
            TOPIC,
            format!(
                "{} is fetched from `{}`, where there is nothing",
                target.original,
                target.path.display()
            ),
            format!(
                "`glide-rs mirror remove {}`, or put the repository there",
                target.original
            ),
        );
    }
    if notes.is_fine(TOPIC) {
        let said = match facts.mirror_count {
            0 => "none".to_owned(),
            1 => "1, and it can be used".to_owned(),
            count => format!("{count}, and they can be used"),
        };
        notes.ok(TOPIC, said);
    }
}

pub(super) fn programs(programs: &[Program], notes: &mut Notes) {
    const TOPIC: &str = "programs";
    for program in programs {
        let (name, by) = (program.name, &program.needed_by);
        if program.found {
            notes.ok(TOPIC, format!("`{name}`, which {by} is fetched by"));
        } else {
            notes.problem(
                TOPIC,
                format!("`{name}` is not on PATH, and {by} is fetched by it"),
                format!(
                    "install it (Debian, Ubuntu: `apt-get install {}`)",
                    program.package
                ),
            );
        }
    }
}
