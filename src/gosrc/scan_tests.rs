//! Folders and what Go 1.19 and Glide say about them: `fixtures/gosrc/folders.jsonl`, made by
//! running both over folders with all sorts of oddities.
//!
//! A row holds the files, their bytes as Latin-1, and what came out for each of four builds.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{
    BuildContext, FileSummary, Package, ScanError, counts, import_folder, scan, summarise,
};

#[derive(Deserialize)]
struct Row {
    files: BTreeMap<String, String>,
    builds: Vec<Outcome>,
}

#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
struct Outcome {
    name: String,
    imports: Vec<String>,
    tests: Vec<String>,
    /// What Go says, if that is that there are several packages.
    several: String,
    error: String,
}

impl Outcome {
    fn of(files: &[FileSummary], context: &BuildContext) -> Self {
        let several = match import_folder(files, context) {
            Err(error @ ScanError::SeveralPackages { .. }) => error.to_string(),
            _ => String::new(),
        };
        match scan(files, context) {
            Ok(package) => Self {
                // Glide does not ask for a name if there are several.
                name: Some(package.name)
                    .filter(|_| several.is_empty())
                    .unwrap_or_default(),
                imports: package.imports,
                tests: package.test_imports,
                several,
                error: String::new(),
            },
            Err(error) => Self {
                several,
                error: error.to_string(),
                ..Self::default()
            },
        }
    }
}

/// The four builds of the fixture. Go took the tags of the tool chain from the machine.
fn builds() -> [BuildContext; 4] {
    let linux = BuildContext::current("linux", "amd64", true, 19);
    let with_tools = |context| BuildContext {
        tool_tags: linux.tool_tags.clone(),
        ..context
    };
    [
        BuildContext::all_files(),
        linux.clone(),
        with_tools(BuildContext::current("windows", "386", false, 19)),
        with_tools(BuildContext::current("android", "arm64", true, 19)),
    ]
}

fn summaries<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<FileSummary> {
    let mut summaries = Vec::new();
    for (name, mut bytes) in files {
        let summary = summarise(name, &mut bytes).unwrap();
        assert_eq!(summary.is_some(), counts(name), "{name}");
        summaries.extend(summary);
    }
    summaries
}

/// The place of a mistake in syntax is ours, its words are not Go's.
fn without_words(error: &str) -> &str {
    let file = error.find(".go:").map(|dot| dot + 4);
    match file {
        Some(end) if error[end..].starts_with(|c: char| c.is_ascii_digit()) => &error[..end],
        _ => error,
    }
}

#[test]
fn folders_are_scanned_as_go_and_glide_scan_them() {
    let rows = include_str!("../../fixtures/gosrc/folders.jsonl");
    let builds = builds();
    let mut count = 0;
    for row in rows.lines() {
        let row: Row = serde_json::from_str(row).unwrap();
        let bytes = |text: &String| text.chars().map(|c| u8::try_from(c).unwrap()).collect();
        let files: Vec<(_, Vec<u8>)> = row
            .files
            .iter()
            .map(|(name, text)| (name.as_str(), bytes(text)))
            .collect();
        let files = summaries(files.iter().map(|(name, bytes)| (*name, bytes.as_slice())));
        for (context, mut expected) in builds.iter().zip(row.builds) {
            let mut found = Outcome::of(&files, context);
            for outcome in [&mut found, &mut expected] {
                outcome.error = without_words(&outcome.error).to_owned();
            }
            assert_eq!(found, expected, "{:#?} in {context:?}", row.files);
            count += 1;
        }
    }
    assert!(count > 1000, "the fixture is there");
}

#[track_caller]
fn check(files: &[(&str, &str)], expected: Result<(&str, &[&str], &[&str]), &str>) {
    let files = summaries(files.iter().map(|(name, text)| (*name, text.as_bytes())));
    let found = scan(&files, &BuildContext::all_files());
    let owned = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect();
    let expected = expected.map(|(name, imports, tests)| Package {
        name: name.to_owned(),
        imports: owned(imports),
        test_imports: owned(tests),
    });
    assert_eq!(
        found.map_err(|error| error.to_string()),
        expected.map_err(str::to_owned)
    );
}

#[test]
fn several_packages_are_told_apart_by_their_tags() {
    let main = "// +build ignore\n\npackage main\nimport \"z\"\n";
    let package = "package p\nimport \"b\"\nimport \"a\"\n";
    check(
        &[("gen.go", main), ("p.go", package)],
        Ok(("p", &["a", "b"], &[])),
    );
    let windows = "// +build windows\n\npackage p\nimport \"0\"\nimport \"a\"\n";
    check(
        &[
            ("gen.go", main),
            ("p.go", package),
            ("w.go", windows),
            ("x_linux.go", package),
        ],
        Ok(("p", &["0", "a", "b"], &[])),
    );
    let no_gen = "// +build !ignore\n\npackage p\nimport \"y\"\n";
    check(
        &[("gen.go", main), ("p.go", no_gen)],
        Ok(("main", &["z", "y"], &[])),
    );
    check(
        &[("a.go", "package a"), ("b.go", "package b")],
        Ok(("", &[], &[])),
    );
}

#[test]
fn hidden_files_lend_their_tags_and_nothing_else() {
    let package = "// +build x\n\npackage p\nimport \"x\"\n";
    let other = "package q";
    let gated = "// +build !x\n\npackage q";
    check(
        &[
            ("_a.go", "// +build x\npackage z"),
            ("a.go", package),
            ("b.go", gated),
        ],
        Ok(("p", &["x"], &[])),
    );
    check(
        &[("_a.go", "//"), (".b.go", "no"), ("c.go", other)],
        Ok(("q", &[], &[])),
    );
    check(
        &[("_a.go", "package p"), ("c.txt", "x"), ("c.syso", "\0")],
        Err("no buildable Go source files"),
    );
}

#[test]
fn test_imports_of_several_passes_may_repeat() {
    let test = "package p\nimport \"t\"\n";
    let outside = "package p_test\nimport \"t\"\nimport \"s\"\n";
    let gen_x = "// +build x\n\npackage main\n";
    let p_y = "// +build y\n\npackage p\nimport \"s\"\n";
    check(
        &[
            ("gen.go", gen_x),
            ("p_test.go", test),
            ("q_test.go", outside),
            ("r.go", p_y),
        ],
        Ok(("p", &["s"], &["t", "t", "t", "t"])),
    );
}

#[test]
fn a_file_that_cannot_be_opened_is_an_error_and_stops_the_search_for_tags() {
    let read = |name: &str, mut text: &[u8]| summarise(name, &mut text).unwrap().unwrap();
    let broken = FileSummary::unreadable("b.go", "no such file").unwrap();
    let found = scan(
        &[read("a.go", b"package a"), broken],
        &BuildContext::all_files(),
    );
    assert_eq!(found.unwrap_err().to_string(), "read b.go: no such file");
    let files = [
        read("a.go", b"// +build x\n\npackage a\nimport \"x\"\n"),
        read("b.go", b"package b\nimport \"b\"\n"),
        FileSummary::unreadable("c_linux.go", "no such file").unwrap(),
    ];
    let found = scan(&files, &BuildContext::all_files()).unwrap();
    assert_eq!(found.imports, ["b"]);
    assert!(FileSummary::unreadable("a.txt", "no such file").is_none());
}

#[test]
fn more_tags_than_can_be_tried_are_refused() {
    let words: Vec<_> = (0..20_000).map(|number| format!("t{number}")).collect();
    let words = words.join(" ");
    let many = format!("// +build {words}\n\npackage a\n");
    check(
        &[("a.go", &many), ("b.go", "package b\n")],
        Err("20000 build tags are too many to try one after the other"),
    );
}

proptest::proptest! {
    #[test]
    fn no_files_make_the_scan_panic(
        names in proptest::collection::vec("[a_.]{0,2}(_linux|_test|_386)?\\.(go|c|h)", 3),
        parts in proptest::collection::vec(
            proptest::sample::select(vec![
                "package ", "a", "b", "_test", "\n", "import ", "(", ")", "\"C\"", "`b`", ";", "//", "/*",
                "*/", "\"", "`", "'", "\\", "\r", "\0", "\u{feff}", "\u{e9}", "#cgo ", "X: ", "// +build ",
                "//go:build ", "!", "&&", ",", "linux ", "//line x:", "1", "0x", " ",
            ]),
            0..40,
        ),
        cut in 0..40usize,
    ) {
        let text = parts.concat();
        let half: String = parts.iter().skip(cut).copied().collect();
        let texts = [text.as_bytes(), half.as_bytes(), b"package a\n"];
        let files = summaries(names.iter().map(String::as_str).zip(texts));
        for context in builds() {
            let _ = scan(&files, &context);
        }
    }
}
