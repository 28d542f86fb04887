//! How old pins are, for people and for programs.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::super::outdated::{Age, Named, Standing};
use super::text::{harmless, moment};
use super::{PROGRAM, VERSION, written};

/// The version of the schema, which docs/src/audit.md describes.
const SCHEMA: u64 = 1;

const DAY: i64 = 24 * 60 * 60;

/// Ages as a table, what is outdated first. What has nothing newer is only counted, unless `all` is
/// asked for.
pub fn outdated_table(
    ages: &[Age],
    unknown: &[(String, String)],
    (now, all): (i64, bool),
) -> String {
    let mut shown: Vec<&Age> = ages
        .iter()
        .filter(|age| all || age.standing != Standing::Newest)
        .collect();
    shown.sort_by_key(|age| age.standing);
    let heads = [
        "package", "pinned", "allowed", "newest", "age", "behind", "",
    ];
    let mut rows = vec![heads.map(str::to_owned)];
    rows.extend(shown.iter().map(|age| row(age, now)));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<_> = (0..heads.len())
        .map(|column| width(column).unwrap_or(0))
        .collect();
    let mut text = String::new();
    for row in rows.iter().filter(|_| !shown.is_empty()) {
        let cells = row.iter().zip(&widths);
        let cells = cells.map(|(cell, width)| format!("{cell:<width$}"));
        let line = cells.collect::<Vec<_>>().join("  ");
        text.push_str(line.trim_end());
        text.push('\n');
    }
    for (package, reason) in unknown {
        let reason = harmless(&reason.replace('\n', "; "));
        // A text in memory takes all that it is given.
        let _ = writeln!(text, "unknown  {}: {reason}", harmless(package));
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(&summary(ages, unknown));
    text
}

fn summary(ages: &[Age], unknown: &[(String, String)]) -> String {
    let of = |wanted: Standing| ages.iter().filter(|age| age.standing == wanted).count();
    let mut parts = Vec::new();
    for (count, what) in [
        (of(Standing::Outdated), "outdated"),
        (of(Standing::HeldBack), "held back by glide.yaml"),
        (of(Standing::Newest), "with nothing newer"),
        (unknown.len(), "unknown"),
    ] {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    if parts.is_empty() {
        return "nothing is pinned\n".to_owned();
    }
    format!("{}\n", parts.join(", "))
}

fn row(age: &Age, now: i64) -> [String; 7] {
    let pinned = age.version.as_deref().unwrap_or_else(|| short(&age.pinned));
    let name = |named: &Option<Named>| match named {
        None => "none".to_owned(),
        Some(named) => harmless(&shown(named)),
    };
    let since = |made: i64| match (now - made).max(0) / DAY {
        days @ 0..60 => format!("{days} d"),
        days @ 60..730 => format!("{} mo", days / 30),
        days => format!("{} y", days / 365),
    };
    let standing = match age.standing {
        Standing::Outdated | Standing::Newest => "",
        Standing::HeldBack => "held back",
    };
    [
        harmless(&age.package),
        harmless(pinned),
        name(&age.allowed),
        name(&age.newest),
        age.made.map_or_else(String::new, since),
        age.behind
            .map_or_else(String::new, |count| count.to_string()),
        standing.to_owned(),
    ]
}

/// A release by its name, a branch with its commit.
fn shown(named: &Named) -> String {
    let commit = short(&named.commit);
    match named.name.as_str() {
        "" => commit.to_owned(),
        name if crate::version::Version::parse(name).is_some() => name.to_owned(),
        name => format!("{name} ({commit})"),
    }
}

fn short(commit: &str) -> &str {
    let is_id = commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_id { &commit[..12] } else { commit }
}

/// Ages as JSON.
pub fn outdated_json(ages: &[Age], unknown: &[(String, String)], now: i64) -> Vec<u8> {
    let named = |named: &Option<Named>| match named {
        None => Value::Null,
        Some(named) => json!({"name": named.name, "commit": named.commit}),
    };
    let pins = ages.iter().map(|age| {
        json!({
            "package": age.package,
            "pinned": age.pinned,
            "version": age.version,
            "wanted": age.wanted,
            "allowed": named(&age.allowed),
            "newest": named(&age.newest),
            "made": age.made.map(moment),
            "age_days": age.made.map(|made| (now - made).max(0) / DAY),
            "behind": age.behind,
            "standing": age.standing.name(),
        })
    });
    let unchecked = unknown
        .iter()
        .map(|(package, reason)| json!({"package": package, "reason": reason}));
    written(&json!({
        "schema": SCHEMA,
        "tool": {"name": PROGRAM, "version": VERSION},
        "created": moment(now),
        "pins": pins.collect::<Vec<_>>(),
        "unchecked": unchecked.collect::<Vec<_>>(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn age(package: &str, standing: Standing) -> Age {
        let named = |name: &str| {
            Some(Named {
                name: name.to_owned(),
                commit: "0123456789".repeat(4),
            })
        };
        Age {
            package: package.to_owned(),
            pinned: "ab".repeat(20),
            version: None,
            wanted: Some("^1".to_owned()),
            allowed: named("master"),
            newest: named("v2.0.0"),
            made: Some(0),
            behind: Some(7),
            standing,
        }
    }

    #[test]
    fn tables_begin_with_what_is_outdated() {
        let ages = [
            age("a.b/new\u{1b}[31m", Standing::Newest),
            age("a.b/held", Standing::HeldBack),
            age("a.b/old", Standing::Outdated),
        ];
        let unknown = [("a.b/gone".to_owned(), "no\nanswer\u{202e}".to_owned())];
        let table = outdated_table(&ages, &unknown, (800 * DAY, false));
        assert_eq!(
            table,
            "package   pinned        allowed                newest  age  behind\n\
             a.b/old   abababababab  master (012345678901)  v2.0.0  2 y  7\n\
             a.b/held  abababababab  master (012345678901)  v2.0.0  2 y  7       held back\n\
             unknown  a.b/gone: no; answer\\u{202e}\n\n\
             1 outdated, 1 held back by glide.yaml, 1 with nothing newer, 1 unknown\n"
        );
        let all = outdated_table(&ages, &[], (59 * DAY, true));
        assert!(
            all.contains("a.b/new\\u{1b}[31m") && all.contains("59 d"),
            "{all}"
        );
        assert_eq!(outdated_table(&[], &[], (0, true)), "nothing is pinned\n");
        assert_eq!(
            outdated_table(&ages[..1], &[], (0, false)),
            "1 with nothing newer\n"
        );
    }

    #[test]
    fn json_tells_all() {
        let bytes = outdated_json(&[age("a.b/c", Standing::Outdated)], &[], 3 * DAY);
        let told: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(told["created"], "1970-01-04T00:00:00Z");
        let pin = &told["pins"][0];
        assert_eq!((&pin["age_days"], &pin["behind"]), (&json!(3), &json!(7)));
        assert_eq!(
            (&pin["allowed"]["name"], &pin["standing"]),
            (&json!("master"), &json!("outdated"))
        );
    }
}
