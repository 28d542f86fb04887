//! Files as Glide leaves them, and folders as this module does.

#[cfg(unix)]
use std::fs;
use std::path::Path;

#[cfg(unix)]
use super::Stripped;
use super::rewrite::rewrite;
use super::strip;

/// A story, a file, and what Glide 0.13.3 makes of it (built with Go 1.19).
#[rustfmt::skip]
const REWRITTEN: &[(&str, &str, &str)] = &[
    (
        "a lone import, as Glide's own tests have it",
        "package old\n\nimport _ \"github.com/acme/old/Godeps/_workspace/src/github.com/acme/log\"\n\nconst V = 1\n",
        "package old\n\nimport _ \"github.com/acme/log\"\n\nconst V = 1\n",
    ),
    (
        "a group, likewise",
        "package sub\n\nimport (\n\t_ \"fmt\"\n\t_ \"github.com/acme/old/Godeps/_workspace/src/github.com/acme/log\"\n)\n",
        "package sub\n\nimport (\n\t_ \"fmt\"\n\t_ \"github.com/acme/log\"\n)\n",
    ),
    (
        "imports come into the order of their new paths",
        "package p\n\nimport (\n\t\"fmt\"\n\t\"github.com/me/app/Godeps/_workspace/src/a.com/b\"\n\n\t\"z.com/a\"\n\t\"z.com/p/Godeps/_workspace/src/c.com/d\"\n)\n",
        "package p\n\nimport (\n\t\"a.com/b\"\n\t\"fmt\"\n\n\t\"c.com/d\"\n\t\"z.com/a\"\n)\n",
    ),
    (
        "comments travel along and stay in columns",
        "package p\n\nimport (\n\t\"fmt\"                           // prints\n\t\"x/Godeps/_workspace/src/a.b/c\" // first\n\t_ \"x/Godeps/_workspace/src/e\"   // e\n\t\"x/Godeps/_workspace/src/é\"     /* two */ // bytes\n\t\"z\"\n)\n",
        "package p\n\nimport (\n\t\"a.b/c\" // first\n\t_ \"e\"   // e\n\t\"fmt\"   // prints\n\t\"z\"\n\t\"é\" /* two */ // bytes\n)\n",
    ),
    (
        "a comment of its own keeps the imports around it apart",
        "package p\n\nimport (\n\t\"b\"\n\t\"d\"\n\t// The one below.\n\t\"x/Godeps/_workspace/src/a\"\n\t\"x/Godeps/_workspace/src/c\"\n)\n",
        "package p\n\nimport (\n\t\"b\"\n\t\"d\"\n\t// The one below.\n\t\"a\"\n\t\"c\"\n)\n",
    ),
    (
        "the same import twice becomes one",
        "package p\n\nimport (\n\t\"a\"\n\t\"b\" // b\n\t\"x/Godeps/_workspace/src/a\"\n\tq \"x/Godeps/_workspace/src/a\"\n\t\"x/Godeps/_workspace/src/b\"\n)\n",
        "package p\n\nimport (\n\t\"a\"\n\tq \"a\"\n\t\"b\" // b\n)\n",
    ),
    (
        "dropping an import leaves a blank line before a comment",
        "package p\n\nimport (\n\t\"a\"\n\t\"x/Godeps/_workspace/src/a\"\n\t\"y\"\n\t// c\n\t\"c\"\n)\n",
        "package p\n\nimport (\n\t\"a\"\n\t\"y\"\n\n\t// c\n\t\"c\"\n)\n",
    ),
    (
        "and loses the column of what moves up",
        "package p\n\nimport (\n\t\"a\"\n\t\"b\"\n\tc \"x/Godeps/_workspace/src/a\"   // one\n\t\"x/Godeps/_workspace/src/b\"     // two\n\t_ \"x/Godeps/_workspace/src/c/d\" // three\n)\n",
        "package p\n\nimport (\n\t\"a\"\n\tc \"a\" // one\n\t\"b\"     // two\n\t_ \"c/d\" // three\n)\n",
    ),
    (
        "a group closes without a blank line",
        "package p\n\nimport (\n\t\"a\"\n\n\t// Nothing more.\n)\n",
        "package p\n\nimport (\n\t\"a\"\n\t// Nothing more.\n)\n",
    ),
    (
        "raw strings become ordinary ones",
        "package p\n\nimport `fmt`\n\nvar x = `fmt`\n",
        "package p\n\nimport \"fmt\"\n\nvar x = `fmt`\n",
    ),
    (
        "the last workspace in a path counts",
        "package p\n\nimport \"x/Godeps/_workspace/src\"\nimport \"x/Godeps/_workspace/srcfoo/y\"\nimport \"x/Godeps/_workspace/src/a/Godeps/_workspace/src/b\"\n",
        "package p\n\nimport \"Godeps/_workspace/src\"\nimport \"Godeps/_workspace/srcfoo/y\"\nimport \"b\"\n",
    ),
    (
        "equal paths are ordered by name and then by comment",
        "package p\n\nimport (\n\t. \"a\"\n\ta \"a\"                         //go:x\n\tb \"a\"                         // y\n\ta \"x/Godeps/_workspace/src/a\" // b\n\tb \"x/Godeps/_workspace/src/a\" // z\n)\n",
        "package p\n\nimport (\n\t. \"a\"\n\ta \"a\" //go:x\n\ta \"a\" // b\n\tb \"a\" // y\n\tb \"a\" // z\n)\n",
    ),
    (
        "lone imports in a row share a column",
        "package p\n\nimport \"x/Godeps/_workspace/src/a\" // a\nimport _ \"bcd\"                     // b\n",
        "package p\n\nimport \"a\"     // a\nimport _ \"bcd\" // b\n",
    ),
    (
        "and so do the brackets of groups",
        "package p\n\nimport _ \"x/Godeps/_workspace/src/a\" // a\nimport (                             // b\n\t\"c\" // c\n)                                         // d\nimport \"x/Godeps/_workspace/src/eeeeeeee\" // e\n",
        "package p\n\nimport _ \"a\" // a\nimport (     // b\n\t\"c\" // c\n)                 // d\nimport \"eeeeeeee\" // e\n",
    ),
    (
        "cgo's comment stays where it is",
        "package p\n\n// #include <stdio.h>\nimport \"C\"\n\nimport (\n\t\"b\"\n\t\"x/Godeps/_workspace/src/a\"\n)\n",
        "package p\n\n// #include <stdio.h>\nimport \"C\"\n\nimport (\n\t\"a\"\n\t\"b\"\n)\n",
    ),
    (
        "an import comment of the package is no import",
        "package p // import \"x/Godeps/_workspace/src/p\"\n\nimport \"x/Godeps/_workspace/src/q\"\n\n// \"x/Godeps/_workspace/src/r\"\nvar r = \"x/Godeps/_workspace/src/r\"\n",
        "package p // import \"x/Godeps/_workspace/src/p\"\n\nimport \"q\"\n\n// \"x/Godeps/_workspace/src/r\"\nvar r = \"x/Godeps/_workspace/src/r\"\n",
    ),
    (
        "lines come to end in LF, the last one too",
        "\u{feff}package p\r\n\r\nimport (\r\n\t\"x/Godeps/_workspace/src/b\" // b\r\n\t\"fmt\"\r\n)\r\n\r\n// T is\r\ntype T int\r\n\r\nvar s = `a\r\nb`\r\n\r\n",
        "package p\n\nimport (\n\t\"b\" // b\n\t\"fmt\"\n)\n\n// T is\ntype T int\n\nvar s = `a\nb`\n",
    ),
    (
        "a comment over several lines keeps its group as it is",
        "package p\n\nimport (\n\t\"b\" /* one\n\ttwo */\n\t\"x/Godeps/_workspace/src/a\"\n)\n",
        "package p\n\nimport (\n\t\"b\" /* one\n\ttwo */\n\t\"a\"\n)\n",
    ),
];

#[test]
fn files_come_out_as_glide_writes_them() {
    for (story, source, expected) in REWRITTEN {
        let written = rewrite(b"x.go", source.as_bytes()).unwrap();
        let written = written.map(|bytes| String::from_utf8(bytes).unwrap());
        assert_eq!(written.as_deref(), Some(*expected), "{story}");
    }
}

/// What real Glide left of a package that held a workspace: the first digits of each SHA-256.
#[test]
fn a_recorded_run_of_glide_is_reproduced() {
    use sha2::{Digest as _, Sha256};
    let root = folder(&[
        ("github.com/acme/log/log.go", "package log\n\nconst V = 1\n"),
        ("github.com/acme/old/old.go", REWRITTEN[0].1),
        ("github.com/acme/old/sub/s.go", REWRITTEN[1].1),
        ("github.com/acme/old/Godeps/Readme", "x"),
        (
            "github.com/acme/old/Godeps/_workspace/src/github.com/acme/log/log.go",
            "package log\n\nconst Old = 1\n",
        ),
    ]);
    strip(root.path()).unwrap();
    let left: Vec<_> = files(root.path())
        .into_iter()
        .map(|path| {
            let digest = Sha256::digest(text(root.path(), &path).as_bytes());
            let start = digest[..8].try_into().map(u64::from_be_bytes).unwrap();
            format!("{path} {start:016x}")
        })
        .collect();
    assert_eq!(
        left,
        [
            "github.com/acme/log/log.go 61852398b08ef35b",
            "github.com/acme/old/Godeps/Readme 2d711642b726b044",
            "github.com/acme/old/old.go 423661676aee1372",
            "github.com/acme/old/sub/s.go 7ee756129f8f6358",
        ]
    );
}

/// Glide would print these in Go's format; here the form stays and only paths and order change.
#[test]
fn what_gofmt_would_change_keeps_its_form() {
    for (source, expected) in [
        (
            "package p\nimport \"b\"; import `x/Godeps/_workspace/src/a`\nfunc f(){}\n",
            "package p\nimport \"b\"; import \"a\"\nfunc f(){}\n",
        ),
        (
            "package p\nimport (\"b\"; \"x/Godeps/_workspace/src/a\")\n",
            "package p\nimport (\"b\"; \"a\")\n",
        ),
        (
            "package p\nimport (\n  \"b\"\n  \"x/Godeps/_workspace/src/a\"\n)\n",
            "package p\nimport (\n  \"a\"\n  \"b\"\n)\n",
        ),
        (
            "package p\nimport (\n\"b\";\n\"x/Godeps/_workspace/src/a\";\n)\n",
            "package p\nimport (\n\"b\";\n\"a\";\n)\n",
        ),
        (
            "package p\nimport (\n\t\"b\"\n\n\n\t\"x/Godeps/_workspace/src/\"\n)\n",
            "package p\nimport (\n\t\"b\"\n\n\n\t\"\"\n)\n",
        ),
    ] {
        let written = rewrite(b"x.go", source.as_bytes()).unwrap().unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), expected);
    }
}

#[test]
fn a_file_without_imports_is_not_written() {
    assert_eq!(rewrite(b"x.go", b"package p").unwrap(), None);
    assert_eq!(rewrite(b"x.go", b"package p\nimport ()").unwrap(), None);
    // Glide compares paths with the file's name, and so takes this import for unchanged.
    let source = b"package p\nimport \"y/Godeps/_workspace/src/x.go\"";
    assert_eq!(rewrite(b"x.go", source).unwrap(), None);
    assert!(rewrite(b"y.go", source).unwrap().is_some());
}

/// A folder to strip, filled from `path: text` pairs.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (path, text) in files {
        put(root.path(), path, text);
    }
    root
}

fn put(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    crate::fsx::create_dir_all(path.parent().unwrap()).unwrap();
    crate::fsx::write_atomic(&path, text.as_bytes()).unwrap();
}

/// All files below a folder, sorted.
fn files(root: &Path) -> Vec<String> {
    fn list(root: &Path, folder: &Path, found: &mut Vec<String>) {
        for entry in crate::fsx::read_dir(folder).unwrap() {
            if crate::fsx::file_type(&entry).unwrap().is_dir() {
                list(root, &entry.path(), found);
            } else {
                let path = entry.path();
                found.push(
                    path.strip_prefix(root)
                        .unwrap()
                        .to_str()
                        .unwrap()
                        .to_owned(),
                );
            }
        }
    }
    let mut found = Vec::new();
    list(root, root, &mut found);
    found
}

fn names(paths: &[std::path::PathBuf]) -> Vec<&str> {
    paths.iter().map(|path| path.to_str().unwrap()).collect()
}

const GODEP_IMPORT: &str = "package p\n\nimport \"x/Godeps/_workspace/src/y\"\n";
const PLAIN_IMPORT: &str = "package p\n\nimport \"y\"\n";

#[track_caller]
fn text(root: &Path, path: &str) -> String {
    String::from_utf8(crate::fsx::read(&root.join(path)).unwrap()).unwrap()
}

#[test]
fn nested_vendor_folders_go_and_what_is_only_called_so_stays() {
    let root = folder(&[
        ("a/x.go", GODEP_IMPORT),
        ("a/vendor/b/b.go", "package b\n"),
        ("a/vendor/b/vendor/c/c.go", "package c\n"),
        ("a/sub/vendor/d.go", "package d\n"),
        ("vendor/e.go", "package e\n"),
        ("f/vendor", "a file"),
        ("Vendor/g.go", "package g\n"),
    ]);
    let stripped = strip(root.path()).unwrap();
    assert_eq!(
        names(&stripped.removed),
        ["a/sub/vendor", "a/vendor", "vendor"]
    );
    assert_eq!(files(root.path()), ["Vendor/g.go", "a/x.go", "f/vendor"]);
    assert_eq!(
        text(root.path(), "a/x.go"),
        GODEP_IMPORT,
        "no workspace, no rewriting"
    );
}

#[test]
fn a_godep_workspace_goes_and_the_files_beside_it_are_written_back() {
    let root = folder(&[
        ("a/x.go", GODEP_IMPORT),
        ("a/deep/down/y.go", GODEP_IMPORT),
        ("a/deep/testdata/z.go", "this is no Go"),
        ("a/x.txt", GODEP_IMPORT),
        ("a/Godeps/Godeps.json", "{}"),
        ("a/Godeps/g.go", GODEP_IMPORT),
        ("a/Godeps/_workspace/src/y/y.go", "package y\n"),
        ("a/vendor/z.go", GODEP_IMPORT),
        ("b/x.go", GODEP_IMPORT),
        ("b/_workspace/x.go", GODEP_IMPORT),
        ("c/Godeps/_workspace", "a file"),
        ("c/x.go", GODEP_IMPORT),
        ("testdata/x.go", GODEP_IMPORT),
        ("testdata/Godeps/_workspace/x.go", GODEP_IMPORT),
    ]);
    let stripped = strip(root.path()).unwrap();
    let removed = [
        "a/vendor",
        "a/Godeps/_workspace",
        "testdata/Godeps/_workspace",
    ];
    assert_eq!(names(&stripped.removed), removed);
    let rewritten = ["a/Godeps/g.go", "a/deep/down/y.go", "a/x.go"];
    assert_eq!(names(&stripped.rewritten), rewritten);
    for path in rewritten {
        assert_eq!(text(root.path(), path), PLAIN_IMPORT, "{path}");
    }
    for path in [
        "a/x.txt",
        "b/x.go",
        "b/_workspace/x.go",
        "c/x.go",
        "testdata/x.go",
    ] {
        assert_eq!(text(root.path(), path), GODEP_IMPORT, "{path}");
    }
    assert!(stripped.failed.is_empty());
}

#[test]
fn a_workspace_at_the_very_top_goes_and_nothing_is_rewritten() {
    let root = folder(&[
        ("Godeps/_workspace/y.go", "package y\n"),
        ("a/x.go", GODEP_IMPORT),
    ]);
    let stripped = strip(root.path()).unwrap();
    assert_eq!(names(&stripped.removed), ["Godeps/_workspace"]);
    assert_eq!(text(root.path(), "a/x.go"), GODEP_IMPORT);
}

#[test]
fn files_that_are_no_go_are_all_named_and_the_others_still_rewritten() {
    let root = folder(&[
        ("a/Godeps/_workspace/x", ""),
        ("a/bad.go", "import \"x\"\n"),
        ("a/empty.go", ""),
        ("a/open.go", "package p\n\nimport (\n\t\"a\"\n"),
        ("a/tail.go", "package p\n\nvar x = `\n"),
        ("a/z.go", GODEP_IMPORT),
    ]);
    let stripped = strip(root.path()).unwrap();
    assert_eq!(names(&stripped.rewritten), ["a/z.go"]);
    let show = |unwritten: &super::Unwritten| format!("{unwritten}: {}", unwritten.source);
    let failed: Vec<_> = stripped.failed.iter().map(show).collect();
    assert_eq!(
        failed,
        [
            "cannot undo the Godep rewrites in `a/bad.go`: not valid Go: 1:1: expected `package`, found `import`",
            "cannot undo the Godep rewrites in `a/empty.go`: not valid Go: 1:1: expected `package`, found the end of the file",
            "cannot undo the Godep rewrites in `a/open.go`: not valid Go: 5:1: expected an import path in quotes, found the end of the file",
            "cannot undo the Godep rewrites in `a/tail.go`: not valid Go: 3:9: raw string literal not terminated",
        ]
    );
    assert_eq!(
        text(root.path(), "a/open.go"),
        "package p\n\nimport (\n\t\"a\"\n"
    );
}

#[cfg(unix)]
#[test]
fn links_are_neither_followed_nor_removed() {
    let outside = folder(&[("x.go", GODEP_IMPORT), ("vendor/x.go", GODEP_IMPORT)]);
    let root = folder(&[("a/Godeps/_workspace/x", ""), ("b/Godeps/x", "")]);
    let link = |path: &str, target: &Path| {
        crate::fsx::symlink(target, &root.path().join(path)).unwrap();
    };
    link("a/vendor", &outside.path().join("vendor"));
    link("a/folder", outside.path());
    link("a/x.go", &outside.path().join("x.go"));
    link("a/nowhere.go", Path::new("/nonexistent"));
    link("b/Godeps/_workspace", outside.path());
    let Stripped {
        removed,
        rewritten,
        failed,
    } = strip(root.path()).unwrap();
    assert_eq!(names(&removed), ["a/Godeps/_workspace"]);
    assert!(rewritten.is_empty() && failed.is_empty());
    assert_eq!(files(outside.path()), ["vendor/x.go", "x.go"]);
    assert_eq!(text(outside.path(), "x.go"), GODEP_IMPORT);
    assert_eq!(
        files(root.path()),
        [
            "a/folder",
            "a/nowhere.go",
            "a/vendor",
            "a/x.go",
            "b/Godeps/_workspace",
            "b/Godeps/x"
        ]
    );
}

#[cfg(unix)]
#[test]
fn a_rewritten_file_is_a_new_one_that_nobody_may_run() {
    use std::os::unix::fs::PermissionsExt as _;
    let root = folder(&[
        ("a/Godeps/_workspace/x", ""),
        ("a/same.go", PLAIN_IMPORT),
        ("a/x.go", GODEP_IMPORT),
        ("a/none.go", "package p\n"),
    ]);
    let path = |name: &str| root.path().join("a").join(name);
    crate::fsx::hard_link(&path("x.go"), &path("other name")).unwrap();
    for name in ["same.go", "x.go", "none.go"] {
        #[expect(
            clippy::disallowed_methods,
            reason = "the test makes the file executable"
        )]
        fs::set_permissions(path(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
    let stripped = strip(root.path()).unwrap();
    assert_eq!(names(&stripped.rewritten), ["a/same.go", "a/x.go"]);
    assert!(!crate::fsx::is_executable(&path("same.go")).unwrap());
    assert!(!crate::fsx::is_executable(&path("x.go")).unwrap());
    assert!(crate::fsx::is_executable(&path("none.go")).unwrap());
    assert_eq!(text(root.path(), "a/other name"), GODEP_IMPORT);
}

#[test]
fn a_folder_that_is_not_there_is_an_error_that_names_it() {
    let root = tempfile::tempdir().unwrap();
    let missing = root.path().join("missing");
    let error = strip(&missing).unwrap_err();
    let source = std::error::Error::source(&error).unwrap();
    assert!(source.to_string().contains("missing"), "{source}");
}
