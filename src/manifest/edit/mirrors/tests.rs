//! Edits of a mirrors.yaml as people write it.

use proptest::prelude::*;

use super::*;

fn mirror(original: &str, repo: &str, vcs: &str) -> Mirror {
    Mirror {
        original: original.to_owned(),
        repo: repo.to_owned(),
        vcs: vcs.to_owned(),
    }
}

#[track_caller]
fn check_lost(text: &str, change: MirrorChange<'_>, expected: &str, comments_lost: bool) {
    let edited = edit_mirrors(text.as_bytes(), change).unwrap();
    assert_eq!(edited.text, expected);
    assert_eq!(edited.comments_lost, comments_lost);
    let before = Mirrors::parse(text.as_bytes()).unwrap();
    let after = Mirrors::parse(edited.text.as_bytes()).unwrap();
    assert_eq!(sorted(&after), sorted(&change.apply(&before, at_end)));
}

#[track_caller]
fn set(text: &str, (original, repo, vcs): (&str, &str, &str), expected: &str) {
    let new = mirror(original, repo, vcs);
    check_lost(text, MirrorChange::Set(&new), expected, false);
}

#[track_caller]
fn remove(text: &str, original: &str, expected: &str) {
    check_lost(text, MirrorChange::Remove(original), expected, false);
}

const GLIDES: &str = "repos:\n- original: https://a.b/C\n  repo: file:///c\n  vcs: git\n- original: https://a.b/e\n  repo: file:///e\n";

#[test]
fn what_is_in_glides_form_stays_in_it() {
    set("", ("x", "y", ""), "repos:\n- original: x\n  repo: \"y\"\n");
    set(
        "repos: []\n",
        ("x", "z", "hg"),
        "repos:\n- original: x\n  repo: z\n  vcs: hg\n",
    );
    set(
        GLIDES,
        ("https://a.b/d", "file:///d", ""),
        "repos:\n- original: https://a.b/C\n  repo: file:///c\n  vcs: git\n- original: https://a.b/d\n  repo: file:///d\n- original: https://a.b/e\n  repo: file:///e\n",
    );
    set(
        GLIDES,
        ("https://a.b/C", "file:///new", ""),
        "repos:\n- original: https://a.b/C\n  repo: file:///new\n- original: https://a.b/e\n  repo: file:///e\n",
    );
    remove(
        GLIDES,
        "https://a.b/C",
        "repos:\n- original: https://a.b/e\n  repo: file:///e\n",
    );
    remove("repos:\n- original: x\n  repo: z\n", "x", "repos: []\n");
}

const WRITTEN: &str = "# Mirrors of the company.\r\nrepos:\r\n  # the logger\r\n  -  repo: \"file:///log\"   # a clone\r\n     original: 'https://a.b/log'\r\n     extra: 1\r\n\r\n  # the kit\r\n  -  original: https://a.b/kit\r\n     repo: file:///kit\r\n     vcs: git\r\n\r\n# The end.\r\n";

#[test]
fn only_the_lines_change_that_must() {
    set(
        WRITTEN,
        ("https://a.b/log", "file:///other", ""),
        &WRITTEN.replace("\"file:///log\"", "file:///other"),
    );
    set(
        WRITTEN,
        ("https://a.b/log", "file:///log", "hg"),
        &WRITTEN.replace("extra: 1\r\n", "extra: 1\r\n     vcs: hg\r\n"),
    );
    set(
        WRITTEN,
        ("https://a.b/kit", "file:///kit", ""),
        &WRITTEN.replace("     vcs: git\r\n", ""),
    );
    set(
        WRITTEN,
        ("https://a.b/kit", "file:///kit", "svn"),
        &WRITTEN.replace("vcs: git", "vcs: svn"),
    );
    // The list is not sorted, so that there is no better place than its end.
    set(
        WRITTEN,
        ("https://a.b/a", "file:///a", ""),
        &WRITTEN.replace(
            "vcs: git\r\n",
            "vcs: git\r\n  -  original: https://a.b/a\r\n     repo: file:///a\r\n",
        ),
    );
    remove(
        WRITTEN,
        "https://a.b/kit",
        &WRITTEN.replace(
            "\r\n  # the kit\r\n  -  original: https://a.b/kit\r\n     repo: file:///kit\r\n     vcs: git\r\n",
            "",
        ),
    );
    set(WRITTEN, ("https://a.b/kit", "file:///kit", "git"), WRITTEN);
}

#[test]
fn a_sorted_list_stays_sorted() {
    let text = "repos:\n# first\n- original: b\n  repo: file:///b\n# second\n- original: d\n  repo: file:///d\n";
    let c = "- original: c\n  repo: file:///c\n";
    set(
        text,
        ("c", "file:///c", ""),
        &text.replace("# second", &format!("{c}# second")),
    );
    set(
        text,
        ("C", "file:///c", ""),
        &text.replace("# second", "- original: C\n  repo: file:///c\n# second"),
    );
    set(
        text,
        ("e", "file:///e", ""),
        &format!("{text}- original: e\n  repo: file:///e\n"),
    );
}

#[test]
fn what_stands_twice_is_set_and_removed_twice() {
    let text = "# c\nrepos:\n- original: a\n  repo: file:///1\n- original: b\n  repo: file:///2\n- original: a\n  repo: file:///3\n  vcs: git\n";
    set(
        text,
        ("a", "file:///n", "hg"),
        "# c\nrepos:\n- original: a\n  repo: file:///n\n  vcs: hg\n- original: b\n  repo: file:///2\n- original: a\n  repo: file:///n\n  vcs: hg\n",
    );
    remove(text, "a", "# c\nrepos:\n- original: b\n  repo: file:///2\n");
}

#[test]
fn however_little_there_is_a_mirror_finds_its_place() {
    let new = "repos:\n- original: a\n  repo: file:///a\n";
    for (text, expected) in [
        ("# mine\n", format!("# mine\n{new}")),
        ("# mine", format!("# mine\n{new}")),
        ("---\nrepos:\n...\n", format!("---\n{new}...\n")),
        (
            "repos: ~ # none\n",
            "repos: # none\n- original: a\n  repo: file:///a\n".to_owned(),
        ),
        ("other: 1\n", format!("other: 1\n{new}")),
        ("\u{FEFF}# x\n", format!("\u{FEFF}# x\n{new}")),
    ] {
        set(text, ("a", "file:///a", ""), &expected);
    }
    remove(
        "# x\nrepos:\n- original: a\n  repo: b\n# y\n",
        "a",
        "# x\nrepos: []\n# y\n",
    );
}

#[test]
fn what_cannot_be_edited_by_lines_is_written_as_glide_would() {
    let new = mirror("b", "file:///b", "");
    for (text, expected, lost) in [
        (
            "# top\nrepos: [{original: a, repo: 'file:///a'}] # why\n",
            "# top\nrepos: # why\n- original: a\n  repo: file:///a\n- original: b\n  repo: file:///b\n",
            false,
        ),
        (
            "repos: [ # in brackets\n {original: b, repo: x}]\nother: 1\n",
            "repos:\n- original: b\n  repo: file:///b\nother: 1\n",
            true,
        ),
        (
            "# top\n{repos: [{original: c, repo: 'file:///c'}]}\n",
            "repos:\n- original: b\n  repo: file:///b\n- original: c\n  repo: file:///c\n",
            true,
        ),
        (
            "# top\nrepos:\n- &m\n  original: a\n  repo: file:///b\n- <<: *m\n  original: b\n  vcs: git\n",
            "# top\nrepos:\n- &m\n  original: a\n  repo: file:///b\n- <<: *m\n  original: b\n",
            false,
        ),
        (
            "# top\nrepos:\n- {original: b, repo: x} # c\n",
            "# top\nrepos:\n- original: b\n  repo: file:///b\n",
            true,
        ),
        (
            "# top\nrepos:\n- {original: b, repo: 'file:///b', vcs: git}\n",
            "# top\nrepos:\n- original: b\n  repo: file:///b\n",
            false,
        ),
    ] {
        check_lost(text, MirrorChange::Set(&new), expected, lost);
    }
}

#[test]
fn values_that_need_quotes_get_them() {
    for value in [
        "a: b",
        "# no",
        "- x",
        "it's",
        "\u{e9}",
        "true",
        "{a}",
        "a b ".trim(),
    ] {
        let new = mirror(value, value, "");
        for text in [
            "# c\nrepos: []\n",
            "# c\nrepos:\n- original: zz\n  repo: x\n",
        ] {
            let edited = edit_mirrors(text.as_bytes(), MirrorChange::Set(&new)).unwrap();
            let read = Mirrors::parse(edited.text.as_bytes()).unwrap();
            assert_eq!(read.lookup(value), Some(&new), "{}", edited.text);
            assert!(edited.text.starts_with("# c\n"), "{}", edited.text);
        }
    }
}

#[test]
fn what_is_no_mirrors_file_is_an_error() {
    for text in [
        "repos: 3\n",
        "repos:\n- null\n",
        "null\n",
        "a: [\n",
        "\u{0}",
    ] {
        let change = MirrorChange::Remove("x");
        assert!(edit_mirrors(text.as_bytes(), change).is_err(), "{text}");
    }
}

/// A mirrors.yaml as somebody may have written it.
fn texts() -> impl Strategy<Value = String> {
    let entry = ("[a-d]", "[e-h]", 0..4_u8, 0..3_u8);
    let entries = prop::collection::vec(entry, 0..6);
    (entries, 0..3_usize, any::<bool>(), any::<bool>()).prop_map(
        |(entries, indent, gaps, windows)| {
            let indent = " ".repeat(indent);
            let mut lines = vec!["# top".to_owned(), "other: 1".into(), "repos:".into()];
            for (original, repo, keys, comment) in entries {
                if comment > 0 {
                    lines.push(format!("{indent}# about {original}"));
                }
                lines.push(format!("{indent}- original: {original}"));
                if keys & 1 > 0 {
                    lines.push(format!("{indent}  vcs: git"));
                }
                lines.push(format!("{indent}  repo: '{repo}' # {repo}"));
                if keys & 2 > 0 {
                    lines.push(format!("{indent}  mine: 1"));
                }
                if gaps {
                    lines.push(String::new());
                }
            }
            lines.push("# end\n".to_owned());
            let text = lines.join("\n");
            if windows {
                text.replace('\n', "\r\n")
            } else {
                text
            }
        },
    )
}

proptest! {
    #[test]
    fn an_edit_says_what_was_wanted_and_leaves_other_lines_alone(
        text in texts(),
        original in "[a-e]",
        repo in "[e-i]",
        vcs in prop::sample::select(vec!["", "git", "hg"]),
        removes in any::<bool>(),
    ) {
        let new = mirror(&original, &repo, vcs);
        let change = if removes { MirrorChange::Remove(&original) } else { MirrorChange::Set(&new) };
        let edited = edit_mirrors(text.as_bytes(), change).unwrap();
        let read = Mirrors::parse(edited.text.as_bytes()).unwrap();
        let wanted = change.apply(&Mirrors::parse(text.as_bytes()).unwrap(), place_of);
        prop_assert_eq!(&read, &wanted, "{}", edited.text);
        prop_assert!(!edited.comments_lost, "{}", edited.text);
        let kept = |line: &&str| line.contains("# top") || line.contains("other:") || line.contains("# end");
        let lines = |text: &str| text.lines().filter(kept).count();
        prop_assert_eq!(lines(&edited.text), 3, "{}", edited.text);
        prop_assert_eq!(text.contains("\r\n"), edited.text.contains("\r\n"));
        for other in ["a", "b", "c", "d"].iter().filter(|name| **name != original) {
            let about = |text: &str| text.matches(&format!("# about {other}")).count();
            prop_assert_eq!(about(&text), about(&edited.text), "{}", edited.text);
        }
    }
}
