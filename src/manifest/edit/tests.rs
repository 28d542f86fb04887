//! Edits of texts as people write them, and of random ones.

use proptest::prelude::*;

use super::edit;
use crate::manifest::{Config, Dependency, RecordedRoots};
use crate::model::NoRoots;

fn roots() -> RecordedRoots {
    RecordedRoots::default()
}

/// What is done to a project.
#[derive(Clone, Debug)]
enum Change {
    Add(Dependency),
    AddTest(Dependency),
    Remove(String),
    Subpackage(String, String),
    Version(String, String),
    Move(String),
    Ignore(String),
}

use Change::{Add, AddTest, Ignore, Move, Remove, Subpackage, Version};

fn dependency(name: &str, reference: &str, subpackages: &[&str]) -> Dependency {
    Dependency {
        reference: reference.to_owned(),
        subpackages: subpackages.iter().map(|&name| name.to_owned()).collect(),
        ..Dependency::named(format!("github.com/x/{name}"))
    }
}

fn root(name: &str) -> String {
    format!("github.com/x/{name}")
}

fn apply(config: &mut Config, change: &Change) {
    let has = |config: &Config, name: &str| config.has_dependency(name);
    match change {
        Add(entry) if !has(config, &entry.name) => config.imports.push(entry.clone()),
        AddTest(entry) if !has(config, &entry.name) => config.test_imports.push(entry.clone()),
        Add(_) | AddTest(_) => {}
        Remove(name) => {
            config.imports.retain(|entry| entry.name != *name);
            config.test_imports.retain(|entry| entry.name != *name);
        }
        Subpackage(name, below) => {
            let all = config.imports.iter_mut().chain(&mut config.test_imports);
            for entry in all.filter(|entry| entry.name == *name) {
                if !entry.has_subpackage(below) {
                    entry.subpackages.push(below.clone());
                }
            }
        }
        Version(name, reference) => {
            let all = config.imports.iter_mut().chain(&mut config.test_imports);
            for entry in all.filter(|entry| entry.name == *name) {
                entry.reference.clone_from(reference);
            }
        }
        Ignore(name) => config.ignore.push(name.clone()),
        Move(name) => {
            let place = config
                .test_imports
                .iter()
                .position(|entry| entry.name == *name);
            if let Some(place) = place
                && !config.imports.iter().any(|entry| entry.name == *name)
            {
                let entry = config.test_imports.remove(place);
                config.imports.push(entry);
            }
        }
    }
}

#[track_caller]
fn check_lost(text: &str, changes: &[Change], expected: &str, comments_lost: bool) {
    let mut wanted = Config::read(text.as_bytes(), &roots()).unwrap();
    for change in changes {
        apply(&mut wanted, change);
    }
    let edited = edit(text.as_bytes(), &wanted, &roots()).unwrap();
    assert_eq!(edited.text, expected);
    let read = Config::read(edited.text.as_bytes(), &roots()).unwrap();
    assert_eq!(read.hash(), wanted.hash());
    assert_eq!(edited.comments_lost, comments_lost);
}

#[track_caller]
fn check(text: &str, change: Change, expected: &str) {
    check_lost(text, &[change], expected, false);
}

fn new() -> Change {
    Add(dependency("n", "^1.0.0", &["s"]))
}

const NEW: &str = "- package: github.com/x/n\n  version: ^1.0.0\n  subpackages:\n  - s\n";

#[test]
fn an_entry_is_added_to_a_list_however_little_there_is() {
    for (before, after) in [
        (
            "package: p\nimport: []\n",
            format!("package: p\nimport:\n{NEW}"),
        ),
        (
            "package: p\nimport: [] # none\n",
            format!("package: p\nimport: # none\n{NEW}"),
        ),
        (
            "package: p\nimport: [\n]\nlicense: m\n",
            format!("package: p\nimport:\n{NEW}license: m\n"),
        ),
        (
            "package: p\nimport:\nlicense: m\n",
            format!("package: p\nimport:\n{NEW}license: m\n"),
        ),
        (
            "package: p\nimport: ~\n",
            format!("package: p\nimport:\n{NEW}"),
        ),
        ("package: p\n", format!("package: p\nimport:\n{NEW}")),
        ("package: p", format!("package: p\nimport:\n{NEW}")),
        (
            "package: p\n\n# end\n",
            format!("package: p\nimport:\n{NEW}\n# end\n"),
        ),
        ("# nothing yet\n", format!("# nothing yet\nimport:\n{NEW}")),
        ("", format!("import:\n{NEW}")),
        (
            "package: p\n# t\ntestImport:\n- package: t\n",
            format!("package: p\nimport:\n{NEW}# t\ntestImport:\n- package: t\n"),
        ),
        (
            "---\npackage: p\n...\n",
            format!("---\npackage: p\nimport:\n{NEW}...\n"),
        ),
        (
            "\u{FEFF}package: p\n",
            format!("\u{FEFF}package: p\nimport:\n{NEW}"),
        ),
    ] {
        check(before, new(), &after);
    }
}

#[test]
fn an_entry_is_added_in_the_style_of_the_list() {
    for (before, after) in [
        ("import:\n- package: a.b/c", format!("import:\n- package: a.b/c\n{NEW}")),
        (
            "import:\n  - package: a.b/c\nlicense: m\n",
            "import:\n  - package: a.b/c\n  - package: github.com/x/n\n    version: ^1.0.0\n    subpackages:\n      - s\nlicense: m\n"
                .to_owned(),
        ),
        (
            "import:\n  - package: a.b/c\n    subpackages:\n    - q\n",
            "import:\n  - package: a.b/c\n    subpackages:\n    - q\n  - package: github.com/x/n\n    version: ^1.0.0\n    subpackages:\n    - s\n"
                .to_owned(),
        ),
        (
            "import:\n-   package: a.b/c\n",
            "import:\n-   package: a.b/c\n-   package: github.com/x/n\n    version: ^1.0.0\n    subpackages:\n    - s\n"
                .to_owned(),
        ),
        (
            "import:\r\n- package: a.b/c\r\n",
            format!("import:\r\n- package: a.b/c\r\n{}", NEW.replace('\n', "\r\n")),
        ),
        (
            "import:\n- package: a.b/c # why\n  # more\n# below\n\nlicense: m\n",
            format!("import:\n- package: a.b/c # why\n  # more\n{NEW}# below\n\nlicense: m\n"),
        ),
        (
            "import:\n-\n  package: a.b/c\n- {package: a.b/d, version: v1}\n",
            format!("import:\n-\n  package: a.b/c\n- {{package: a.b/d, version: v1}}\n{NEW}"),
        ),
        (
            "  package: p\n  import:\n  - package: a.b/c\n",
            format!("  package: p\n  import:\n  - package: a.b/c\n{}", NEW.replace("- p", "  - p").replace("  v", "    v").replace("  su", "    su").replace("  - s", "    - s")),
        ),
    ] {
        check(before, new(), &after);
    }
}

#[test]
fn test_imports_come_behind_imports() {
    let test = || AddTest(dependency("n", "", &[]));
    for (before, after) in [
        (
            "import:\n- package: a.b/c\nlicense: m\n",
            "import:\n- package: a.b/c\ntestImport:\n- package: github.com/x/n\nlicense: m\n",
        ),
        (
            "license: m\nimport: []\n",
            "license: m\nimport: []\ntestImport:\n- package: github.com/x/n\n",
        ),
        (
            "license: m\n",
            "license: m\ntestImport:\n- package: github.com/x/n\n",
        ),
    ] {
        check(before, test(), after);
    }
}

#[test]
fn an_entry_goes_with_its_own_lines_and_comments() {
    for (before, after) in [
        (
            "import:\n# of a\n- package: github.com/x/a # a\n  # too\n# of b\n- package: b.c/b\n",
            "import:\n# of b\n- package: b.c/b\n",
        ),
        (
            "import:\n- package: b.c/b\n\n- package: github.com/x/a\n",
            "import:\n- package: b.c/b\n",
        ),
        ("import:\n- package: github.com/x/a\n", "import: []\n"),
        (
            "import: # all\n- package: github.com/x/a",
            "import: [] # all\n",
        ),
        (
            "import: []\n\n# tests\ntestImport:\n- package: github.com/x/a\nlicense: m\n",
            "import: []\n\nlicense: m\n",
        ),
        (
            "import:\n- package: github.com/x/a\n- package: b.c/b\n- package: github.com/x/a/s\n",
            "import:\n- package: b.c/b\n",
        ),
        (
            "import:\n- {package: github.com/x/a}\n- {package: b.c/b}\n",
            "import:\n- {package: b.c/b}\n",
        ),
        (
            "package: p\nignore: [github.com/x/i]\nimport:\n- package: github.com/x/i\n- package: github.com/x/a\n",
            "package: p\nignore: [github.com/x/i]\nimport:\n- package: github.com/x/i\n",
        ),
    ] {
        check(before, Remove(root("a")), after);
    }
}

#[test]
fn a_sub_package_is_added_where_the_others_are() {
    let change = || Subpackage(root("a"), "n/m".to_owned());
    for (before, after) in [
        (
            "import:\n- package: github.com/x/a\n  version: 'v1' # pin\n  os: [linux]\n",
            "import:\n- package: github.com/x/a\n  version: 'v1' # pin\n  subpackages:\n  - n/m\n  os: [linux]\n",
        ),
        (
            "import:\n- package: github.com/x/a\n  subpackages: [s] # all\n",
            "import:\n- package: github.com/x/a\n  subpackages: [s, n/m] # all\n",
        ),
        (
            "import:\n- package: github.com/x/a\n  subpackages: []\n",
            "import:\n- package: github.com/x/a\n  subpackages: [n/m]\n",
        ),
        (
            "import:\n- subpackages:\n    - z\n    - \"y\" # last\n  package: github.com/x/a\n",
            "import:\n- subpackages:\n    - z\n    - \"y\" # last\n    - n/m\n  package: github.com/x/a\n",
        ),
        (
            "import:\n- package: github.com/x/a\n  subpackages:\n",
            "import:\n- package: github.com/x/a\n  subpackages:\n  - n/m\n",
        ),
        // What cannot take a line more is written anew, by itself.
        (
            "# c\nimport:\n- {package: github.com/x/a, version: v1}\n- {package: b.c/d}\n",
            "# c\nimport:\n- package: github.com/x/a\n  version: v1\n  subpackages:\n  - n/m\n- {package: b.c/d}\n",
        ),
        (
            "import:\n- package: github.com/x/a/s\n",
            "import:\n- package: github.com/x/a\n  subpackages:\n  - s\n  - n/m\n",
        ),
    ] {
        check(before, change(), after);
    }
}

#[test]
fn a_version_is_changed_where_it_stands() {
    let change = || Version(root("a"), "*".to_owned());
    for (before, after) in [
        (
            "import:\n- package: github.com/x/a\n  version: \"1.0\" # pin\n",
            "import:\n- package: github.com/x/a\n  version: '*' # pin\n",
        ),
        (
            "import:\n- package: github.com/x/a\n  ref: v1\n",
            "import:\n- package: github.com/x/a\n  ref: '*'\n",
        ),
        (
            "import:\n- package: github.com/x/a\n  version:\n",
            "import:\n- package: github.com/x/a\n  version: '*'\n",
        ),
        (
            "import:\n  - package: github.com/x/a # why\n    os: [linux]\n",
            "import:\n  - package: github.com/x/a # why\n    version: '*'\n    os: [linux]\n",
        ),
    ] {
        check(before, change(), after);
    }
}

#[test]
fn a_test_import_moves_as_it_is_written() {
    let change = || Move(root("t"));
    for (before, after) in [
        (
            "import:\n  - package: b.c/d\ntestImport:\n# of t\n- package: github.com/x/t\n  version: \"v1\" # pin\n- package: u.v/w\n",
            "import:\n  - package: b.c/d\n  # of t\n  - package: github.com/x/t\n    version: \"v1\" # pin\ntestImport:\n- package: u.v/w\n",
        ),
        (
            "package: p\ntestImport:\n- package: github.com/x/t",
            "package: p\nimport:\n- package: github.com/x/t\n",
        ),
    ] {
        check(before, change(), after);
    }
}

#[test]
fn several_changes_at_once_keep_what_was_written() {
    let before =
        "import:\n# of d\n- package: b.c/d\ntestImport:\n# of t\n- package: github.com/x/t\n";
    let after = format!(
        "import:\n# of d\n- package: b.c/d\n{NEW}# of t\n- package: github.com/x/t\n  version: v2\n  subpackages:\n  - s\n"
    );
    let changes = [
        new(),
        Move(root("t")),
        Subpackage(root("t"), "s".to_owned()),
        Version(root("t"), "v2".to_owned()),
    ];
    check_lost(before, &changes, &after, false);
}

#[test]
fn what_cannot_be_edited_is_written_as_glide_would() {
    let comment = "import: [{package: b.c/d}] # c\n";
    check(
        comment,
        new(),
        &format!("import: # c\n- package: b.c/d\n{NEW}"),
    );
    for (before, after) in [
        (
            "{package: p, import: [{package: b.c/d}]} # c\n",
            format!("package: p\nimport:\n- package: b.c/d\n{NEW}"),
        ),
        (
            "x: &l # c\n- package: b.c/d\nimport: *l\n",
            format!("x: &l # c\n- package: b.c/d\nimport:\n- package: b.c/d\n{NEW}"),
        ),
    ] {
        let lost = !after.contains('#');
        check_lost(before, &[new()], &after, lost);
    }
}

#[test]
fn nothing_to_change_changes_nothing() {
    let text = "import: [ ]\n\n\n# x\npackage:   p";
    check_lost(text, &[], text, false);
}

/// A glide.yaml in somebody's hand.
fn written() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["a", "b", "c", "d", "e/s"]);
    let entry = (name, 0..4_usize, 0..4_usize, any::<bool>(), any::<bool>());
    let entries = || prop::collection::vec(entry.clone(), 0..4);
    let list = (entries(), 0..3_usize, any::<bool>());
    (
        list.clone(),
        list,
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(imports, tests, tests_first, crlf, end)| {
            let mut seen = Vec::new();
            let imports = list_text("import", imports, &mut seen);
            let tests = list_text("testImport", tests, &mut seen);
            let lists = if tests_first {
                tests + &imports
            } else {
                imports + &tests
            };
            let mut text = format!("# top\npackage: p # own\n\n{lists}");
            if end {
                text.push_str("# end\nlicense: 'MIT'\n");
            }
            if crlf {
                text.replace('\n', "\r\n")
            } else {
                text
            }
        })
}

type EntryParts = (&'static str, usize, usize, bool, bool);

fn list_text(
    key: &str,
    (entries, column, gap): (Vec<EntryParts>, usize, bool),
    seen: &mut Vec<&'static str>,
) -> String {
    let mut text = String::new();
    let pad = " ".repeat(column);
    for (name, version, subpackages, above, inside) in entries {
        if seen.contains(&name) {
            continue;
        }
        seen.push(name);
        let mut lines = vec![format!("- package: github.com/x/{name}")];
        if above {
            lines.insert(0, format!("# of {name}"));
        }
        let more: &[&str] = match version {
            0 => &[],
            1 => &["  version: \"1.0\" # v"],
            2 => &["  ref:   'x y'"],
            _ => &["  version: >-", "      folded"],
        };
        lines.extend(more.iter().map(|&line| line.to_owned()));
        let more: &[&str] = match subpackages {
            0 => &[],
            1 => &["  subpackages: [q, r]"],
            2 => &["  subpackages:", "    - q", "    - z # z"],
            _ => &["  subpackages:", "  - q"],
        };
        lines.extend(more.iter().map(|&line| line.to_owned()));
        if inside {
            lines.push(format!("  # in {name}"));
        }
        for line in lines {
            text.extend([pad.as_str(), &line, "\n"]);
        }
        if gap {
            text.push('\n');
        }
    }
    if text.is_empty() {
        format!("{key}: []\n")
    } else {
        format!("{key}:\n{text}")
    }
}

fn change() -> impl Strategy<Value = Change> {
    let name = prop::sample::select(vec!["a", "b", "c", "d", "e", "n"]);
    let version = prop::sample::select(vec!["", "*", "^1.0", "1.0", "a: b", "~", "line\nbreak"]);
    (0..6_usize, name, version).prop_map(|(kind, name, version)| match kind {
        0 => Add(dependency(name, version, &["s"])),
        1 => AddTest(dependency(name, version, &[])),
        2 => Remove(root(name)),
        3 => Subpackage(root(name), "n/m".to_owned()),
        4 if !version.is_empty() => Version(root(name), version.to_owned()),
        _ => Move(root(name)),
    })
}

/// The lines of entries that are the same before and after, in their order, with all that is no
/// entry: what an edit has no business with.
fn untouched<'t>(text: &'t str, before: &Config, after: &Config) -> Vec<&'t str> {
    let all = |config: &Config| -> Vec<Dependency> {
        let all = config.imports.iter().chain(&config.test_imports);
        all.cloned().collect()
    };
    let (before, after) = (all(before), all(after));
    let same = |name: &str| {
        let find = |list: &[Dependency]| list.iter().find(|entry| entry.name == name).cloned();
        find(&before).is_some() && find(&before) == find(&after)
    };
    let mut kept = Vec::new();
    let mut current = None::<bool>;
    for line in text.lines() {
        let bare = line.trim();
        if let Some(name) = bare.strip_prefix("- package: github.com/x/") {
            current = Some(same(&root(name.split('/').next().unwrap())));
        } else if !line.starts_with(' ') && !bare.starts_with('-') && !bare.is_empty() {
            current = None;
        }
        let is_list_key = bare.starts_with("import:") || bare.starts_with("testImport:");
        let is_kept = current.unwrap_or(!is_list_key);
        if is_kept && !bare.is_empty() && !bare.starts_with("# of ") {
            kept.push(line);
        }
    }
    kept
}

proptest! {
    #[test]
    fn an_edit_says_what_was_wanted_and_leaves_the_rest(
        text in written(), changes in prop::collection::vec(change(), 1..4),
    ) {
        let before = Config::read(text.as_bytes(), &roots()).unwrap();
        let mut wanted = before.clone();
        for change in &changes {
            apply(&mut wanted, change);
        }
        let edited = edit(text.as_bytes(), &wanted, &roots()).unwrap();
        let read = Config::read(edited.text.as_bytes(), &roots()).unwrap();
        prop_assert_eq!(read.to_yaml(), wanted.to_yaml());
        prop_assert_eq!(edited.text.contains("\r\n"), text.contains("\r\n"));
        prop_assert!(edited.text.replace("\r\n", "").matches('\n').count() == 0 || !text.contains("\r\n"));
        let is_back = |change: &Change| match change {
            Add(entry) | AddTest(entry) => before.has_dependency(&entry.name),
            _ => false,
        };
        let names = text.lines().filter_map(|line| line.trim().strip_prefix("# of "));
        for name in names.filter(|_| !changes.iter().any(is_back)) {
            let stays = wanted.has_dependency(&root(name.split('/').next().unwrap()));
            let comment = format!("# of {name}");
            let is_there = edited.text.lines().any(|line| line.trim() == comment);
            prop_assert_eq!(is_there, stays, "{}: {}\n=>\n{}", comment, &text, &edited.text);
        }
        // Moved entries may change their indent and their place, and what is removed and added
        // again may come back in other words.
        let is_moved = |change: &Change| match change {
            Move(_) => true,
            other => is_back(other),
        };
        if !changes.iter().any(is_moved) {
            let kept = untouched(&text, &before, &wanted);
            let found = untouched(&edited.text, &wanted, &before);
            prop_assert_eq!(kept, found, "{}\n=>\n{}", &text, &edited.text);
        }
    }

    #[test]
    fn canonical_texts_become_what_glide_would_write(changes in prop::collection::vec(change(), 1..6)) {
        let mut wanted = Config { package: "p".to_owned(), ..Config::default() };
        let mut text = wanted.to_yaml();
        for change in &changes {
            apply(&mut wanted, change);
            text = edit(text.as_bytes(), &wanted, &NoRoots).unwrap().text;
        }
        prop_assert_eq!(text, wanted.to_yaml());
    }

    #[test]
    fn any_text_is_edited_or_refused(bytes in any::<Vec<u8>>()) {
        if let Ok(mut config) = Config::read(&bytes, &NoRoots) {
            apply(&mut config, &new());
            let edited = edit(&bytes, &config, &NoRoots).unwrap();
            let read = Config::read(edited.text.as_bytes(), &NoRoots).unwrap();
            prop_assert_eq!(read.to_yaml(), config.to_yaml());
        }
    }
}

#[test]
fn what_is_ignored_goes_to_the_end_of_its_list_or_before_the_imports() {
    let check_ignored = |text: &str, changes: &[Change], expected: &str| {
        check_lost(text, changes, expected, false);
    };
    let both = [Ignore("a.b/c".to_owned()), Ignore("!d".to_owned())];
    check_ignored(
        "package: p\n\n# imports\nimport: [] # none\n",
        &both,
        "package: p\n\nignore:\n- a.b/c\n- '!d'\n# imports\nimport: [] # none\n",
    );
    check_ignored(
        "package: p\nignore: # why\n    - x # because\n    # and\nimport: []\n",
        &both,
        "package: p\nignore: # why\n    - x # because\n    - a.b/c\n    - '!d'\n    # and\nimport: []\n",
    );
    check_ignored(
        "ignore: [x]\r\nimport: []\r\n",
        &both,
        "ignore: [x, a.b/c, '!d']\r\nimport: []\r\n",
    );
    check_ignored(
        "ignore: []\nimport: []\n",
        &both,
        "ignore: [a.b/c, '!d']\nimport: []\n",
    );
    check_ignored(
        "ignore:\nimport: []\n",
        &both[..1],
        "ignore:\n- a.b/c\nimport: []\n",
    );
    check_ignored(
        "package: p # q",
        &both[..1],
        "package: p # q\nignore:\n- a.b/c\n",
    );
    check_ignored("", &both[..1], "ignore:\n- a.b/c\n");
}

#[test]
fn thousands_of_new_entries_are_added_in_one_step() {
    let text = "# mine\nimport:\n- package: github.com/x/a # here\n";
    let mut wanted = Config::read(text.as_bytes(), &roots()).unwrap();
    let names = (0..3000).map(|number| dependency(&format!("n{number}"), "1", &["s"]));
    wanted.imports.extend(names);
    let edited = edit(text.as_bytes(), &wanted, &roots()).unwrap();
    assert!(edited.text.starts_with(text) && !edited.comments_lost);
    assert_eq!(edited.text.lines().count(), 3 + 4 * 3000);
}
