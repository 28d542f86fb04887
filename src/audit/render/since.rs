//! What has changed since an earlier glide.lock, in a line.

use super::super::change::Changes;

/// `since origin/master (0123456789ab): 3 moved (1 back), 1 added`.
pub(super) fn since(changes: &Changes) -> String {
    let mut moved = Vec::new();
    let mut parts = Vec::new();
    let tell = |parts: &mut Vec<String>, count: usize, words: &str| {
        if count > 0 {
            parts.push(format!("{count} {words}"));
        }
    };
    tell(&mut moved, changes.back, "back");
    tell(&mut moved, changes.aside, "aside");
    let ways = match moved.as_slice() {
        [] => "moved".to_owned(),
        ways => format!("moved ({})", ways.join(", ")),
    };
    tell(&mut parts, changes.moved, &ways);
    tell(&mut parts, changes.added, "added");
    tell(&mut parts, changes.removed, "removed");
    tell(&mut parts, changes.sources, "from another source");
    let parts = match (changes.is_new, parts.as_slice()) {
        (true, []) => "glide.lock is new".to_owned(),
        (true, parts) => format!("glide.lock is new, {}", parts.join(", ")),
        (false, []) => "no pin has changed".to_owned(),
        (false, parts) => parts.join(", "),
    };
    let (revision, commit) = (&changes.revision, &changes.commit);
    let commit = commit.get(..12).unwrap_or(commit);
    format!("since {revision} ({commit}): {parts}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_has_changed_is_counted_in_a_line() {
        let none = Changes {
            revision: "v1".to_owned(),
            commit: "0123456789abcdef".to_owned(),
            ..Changes::default()
        };
        let check = |changes: Changes, expected: &str| {
            let expected = format!("since v1 (0123456789ab): {expected}");
            assert_eq!(since(&changes), expected);
        };
        check(none.clone(), "no pin has changed");
        let is_new = Changes {
            is_new: true,
            ..none.clone()
        };
        check(is_new.clone(), "glide.lock is new");
        check(Changes { added: 2, ..is_new }, "glide.lock is new, 2 added");
        let all = Changes {
            moved: 5,
            back: 1,
            aside: 2,
            added: 1,
            removed: 3,
            sources: 1,
            ..none.clone()
        };
        check(
            all,
            "5 moved (1 back, 2 aside), 1 added, 3 removed, 1 from another source",
        );
        check(Changes { moved: 1, ..none }, "1 moved");
    }
}
