//! What has changed and how long it took, in words.

use std::time::Duration;

use crate::report::{Counts, Summary, Version, counted};

/// So many digits of a commit's id tell it from others for people.
const SHOWN: usize = 12;

/// The line of a version that has changed.
pub(super) fn change(name: &str, old: Option<&Version>, new: Option<&Version>) -> String {
    let named = |version: &Version| {
        let id = || version.commit.chars().take(SHOWN).collect();
        version.tag.clone().unwrap_or_else(id)
    };
    let dated = |version: &Version| match &version.date {
        Some(date) => format!("{} ({date})", named(version)),
        None => named(version),
    };
    match (old, new) {
        (Some(old), Some(new)) => format!("--> {name}: {} → {}", named(old), dated(new)),
        (None, Some(new)) => format!("--> {name}: added at {}", dated(new)),
        (Some(old), None) => format!("--> {name}: removed, was at {}", named(old)),
        (None, None) => format!("--> {name}"),
    }
}

/// The last line of a run that fills vendor/; `None` where there are no dependencies to speak of.
pub(super) fn summary(summary: &Summary) -> Option<String> {
    let changes = summary.changes.unwrap_or_default();
    if summary.dependencies == 0 && changes == Counts::default() {
        return None;
    }
    let took = time(summary.took);
    let Summary {
        dependencies,
        fetched,
        ..
    } = *summary;
    let mut parts = Vec::new();
    let what = match &summary.changes {
        Some(changes) if *changes != Counts::default() => changed(changes),
        _ => counted(dependencies, "dependency", "dependencies"),
    };
    if let Some(resolve) = summary.resolve {
        parts.push(format!("resolved in {}", time(resolve)));
    } else if summary.write.is_some() && dependencies > 0 {
        let held = dependencies.saturating_sub(fetched);
        parts.push(format!("{fetched} fetched, {held} from the cache"));
    }
    parts.push(match summary.write {
        Some(write) => format!("vendor/ written in {}", time(write)),
        None => "vendor/ was right already".to_owned(),
    });
    Some(format!("{what} in {took} ({})", parts.join("; ")))
}

fn changed(counts: &Counts) -> String {
    let parts = [
        (counts.updated, "updated"),
        (counts.added, "added"),
        (counts.removed, "removed"),
        (counts.unchanged, "unchanged"),
    ];
    let parts = parts.iter().filter(|(count, _)| *count > 0);
    let parts: Vec<_> = parts
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    parts.join(", ")
}

/// A time as people read it: `12 ms`, `1.2 s`, `2 min 5 s`.
fn time(time: Duration) -> String {
    let (seconds, milliseconds) = (time.as_secs(), time.as_millis());
    match seconds {
        0 => format!("{milliseconds} ms"),
        1..60 => format!("{}.{} s", seconds, milliseconds % 1000 / 100),
        _ => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(commit: &str, tag: &str, date: &str) -> Version {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Version {
            commit: commit.to_owned(),
            tag: some(tag),
            date: some(date),
        }
    }

    #[test]
    fn a_change_is_told_by_tags_where_there_are_any() {
        let old = version(&"1".repeat(40), "", "2020-01-01");
        let new = version(&"2".repeat(40), "v1.2.0", "2021-03-04");
        for (old, new, line) in [
            (
                Some(&old),
                Some(&new),
                "--> a.b/c: 111111111111 → v1.2.0 (2021-03-04)",
            ),
            (None, Some(&new), "--> a.b/c: added at v1.2.0 (2021-03-04)"),
            (Some(&new), None, "--> a.b/c: removed, was at v1.2.0"),
            (None, Some(&version("7", "", "")), "--> a.b/c: added at 7"),
        ] {
            assert_eq!(change("a.b/c", old, new), line);
        }
    }

    #[test]
    fn the_last_line_counts_and_tells_the_time() {
        let seconds = Duration::from_millis;
        let mut told = Summary {
            dependencies: 12,
            fetched: 3,
            write: Some(seconds(249)),
            took: seconds(3456),
            ..Summary::default()
        };
        assert_eq!(
            summary(&told).unwrap(),
            "12 dependencies in 3.4 s (3 fetched, 9 from the cache; vendor/ written in 249 ms)"
        );
        told.write = None;
        told.dependencies = 1;
        assert_eq!(
            summary(&told).unwrap(),
            "1 dependency in 3.4 s (vendor/ was right already)"
        );
        told.changes = Some(Counts {
            updated: 3,
            added: 1,
            removed: 0,
            unchanged: 96,
        });
        told.resolve = Some(seconds(60_000));
        told.took = seconds(125_000);
        assert_eq!(
            summary(&told).unwrap(),
            "3 updated, 1 added, 96 unchanged in 2 min 5 s (resolved in 1 min 0 s; vendor/ was right already)"
        );
        told.changes = Some(Counts::default());
        told.dependencies = 0;
        assert_eq!(summary(&told), None);
    }
}
