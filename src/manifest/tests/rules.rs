//! Rules of the files that need more than a document and its hash to be seen.

use crate::manifest::{
    Config, Dependency, Error, FileKind, Lock, LockedDependency, Mirrors, Pin, Remote, Timestamp,
    is_standard,
};
use crate::model::{NoRoots, VcsKind};

fn pin(name: &str, reference: &str, revision: &str) -> Pin {
    Pin {
        dependency: Dependency {
            reference: reference.to_owned(),
            ..Dependency::named(name)
        },
        revision: revision.to_owned(),
    }
}

fn names(entries: &[LockedDependency]) -> Vec<&str> {
    entries.iter().map(|entry| entry.name.as_str()).collect()
}

#[test]
fn a_new_lock_is_sorted_without_regard_to_case_and_keeps_test_imports_apart() {
    let imports = [pin("b", "", "1"), pin("A", "", "2"), pin("B", "", "3")];
    let test_imports = [pin("z", "", "4"), pin("A", "", "5"), pin("c", "", "6")];
    let lock = Lock::new(
        "h".to_owned(),
        Timestamp::default(),
        &imports,
        &test_imports,
    )
    .unwrap();
    assert_eq!(names(&lock.imports), ["A", "b", "B"]);
    assert_eq!(names(&lock.test_imports), ["c", "z"]);
}

#[test]
fn a_new_lock_refuses_a_test_import_that_was_asked_for_at_another_reference() {
    let imports = [pin("a", "v1", "1")];
    let test_imports = [pin("a", "v2", "1")];
    let error = Lock::new(String::new(), Timestamp::default(), &imports, &test_imports);
    let message = error.unwrap_err().to_string();
    assert!(
        message.contains("import (v1), testImport (v2)"),
        "{message}"
    );
}

#[test]
fn fingerprints_ignore_the_time_and_the_order_of_entries() {
    let fingerprint = |text: &str| Lock::parse(text.as_bytes()).unwrap().fingerprint().unwrap();
    let one = "hash: h\nupdated: 2017-01-02T03:04:05Z\nimports:\n- {name: b}\n- {name: A}\n";
    let other = "imports:\n- name: A\n- name: b\nhash: h\n";
    assert_eq!(fingerprint(one), fingerprint(other));
    assert_ne!(fingerprint(one), fingerprint("hash: i\n"));
}

#[test]
fn a_mirror_replaces_repo_and_vcs_of_the_very_remote_that_it_names() {
    let text = "repos:\n- original: https://github.com/a/b\n  repo: file:///one\n\
                - original: https://github.com/a/b\n  repo: file:///two\n  vcs: hg\n";
    let mirrors = Mirrors::parse(text.as_bytes()).unwrap();
    let remote = |name: &str, repo: &str| {
        let dependency = Dependency {
            repo: repo.to_owned(),
            vcs: Some(VcsKind::Git),
            ..Dependency::named(name)
        };
        let Remote { location, vcs, .. } = dependency.remote(&mirrors);
        format!("{location} {vcs}")
    };
    assert_eq!(remote("github.com/a/b", ""), "file:///two hg");
    assert_eq!(remote("x", "https://github.com/a/b"), "file:///two hg");
    assert_eq!(
        remote("github.com/a/b", "https://github.com/a/b.git"),
        "https://github.com/a/b.git git"
    );
    assert_eq!(remote("github.com/a/c", ""), "https://github.com/a/c git");
    let locked = LockedDependency {
        name: "x".to_owned(),
        vcs: "Git".to_owned(),
        ..LockedDependency::default()
    };
    assert_eq!(
        locked.remote(&mirrors).vcs,
        "Git",
        "a lock's vcs is not checked here"
    );
}

#[test]
fn mirrors_are_written_sorted_by_original_without_regard_to_case() {
    let text = "repos:\n- original: b\n  repo: x\n- {vcs: git, repo: \"1.0\", original: A}\n";
    let written = "repos:\n- original: A\n  repo: \"1.0\"\n  vcs: git\n- original: b\n  repo: x\n";
    assert_eq!(Mirrors::parse(text.as_bytes()).unwrap().to_yaml(), written);
    assert_eq!(Mirrors::parse(b"").unwrap().to_yaml(), "repos: []\n");
    assert!(Mirrors::parse(b"repos:\n-\n").is_err());
}

#[test]
fn ignored_are_a_package_and_all_below_it() {
    let config = Config {
        ignore: vec!["a/b".to_owned()],
        exclude_dirs: vec!["x\\y".to_owned()],
        ..Config::default()
    };
    assert!(config.has_ignore("a/b") && config.has_ignore("a/b/c"));
    assert!(!config.has_ignore("a") && !config.has_ignore("a/bc"));
    assert!(config.has_exclude("x/y") && !config.has_exclude("x/y/z"));
}

#[test]
fn added_imports_are_merged_with_what_is_there() {
    let mut config = Config::read(b"import:\n- package: a.b/c\n", &NoRoots).unwrap();
    let addition = |reference: &str| {
        vec![Dependency {
            reference: reference.to_owned(),
            subpackages: vec!["s".to_owned()],
            ..Dependency::named("a.b/c")
        }]
    };
    config.add_imports(addition("")).unwrap();
    assert_eq!(config.imports[0].subpackages, ["s"]);
    let refused = config.add_imports(addition("v1"));
    assert!(matches!(refused, Err(Error::RepeatedVersions { .. })));
    assert_eq!(config.imports.len(), 1, "a refusal changes nothing");
    config.add_test_imports(addition("v1")).unwrap();
    assert!(config.has_dependency("a.b/c"));
}

#[test]
fn go_s_own_packages_are_never_split() {
    for name in [
        "",
        ".",
        "/",
        "net/http",
        "net//http/",
        "./unsafe",
        "go",
        "encoding/json",
    ] {
        assert!(is_standard(name), "{name:?}");
    }
    for name in ["C", "nett", "net/httpx", "github.com/a/b", "..a"] {
        assert!(!is_standard(name), "{name:?}");
    }
}

#[test]
fn the_list_of_go_s_packages_is_sorted() {
    let folders = crate::manifest::standard::STANDARD_FOLDERS;
    assert!(folders.is_sorted());
}

#[test]
fn a_file_is_told_by_its_keys() {
    let kind = |text: &str| FileKind::of(text.as_bytes()).unwrap();
    assert_eq!(kind("hash: x\n"), FileKind::Lock);
    assert_eq!(kind("testImports: []\n"), FileKind::Lock);
    assert_eq!(kind("package: x\nhash: x\n"), FileKind::Config);
    assert_eq!(kind("license: MIT\n"), FileKind::Config);
    assert_eq!(kind(""), FileKind::Config);
    assert!(FileKind::of(b"a: [").is_err());
    for other in ["repos: []\n", "name: x\nversion: y\n"] {
        assert_eq!(FileKind::of(other.as_bytes()), Err(Error::NeitherFile));
    }
}

#[test]
fn times_keep_their_offset_and_nanoseconds() {
    let cases = [
        ("2017-01-02T03:04:05Z", "2017-01-02T03:04:05Z"),
        ("2017-01-02T3:04:05Z", "2017-01-02T03:04:05Z"),
        (
            "2016-02-29T03:04:05.120+05:30",
            "2016-02-29T03:04:05.12+05:30",
        ),
        (
            "2017-01-02T03:04:05.1234567899-00:30",
            "2017-01-02T03:04:05.123456789-00:30",
        ),
        ("2017-01-02T03:04:05-00:00", "2017-01-02T03:04:05Z"),
        ("0000-01-01T00:00:00+24:00", "0000-01-01T00:00:00+24:00"),
    ];
    for (text, expected) in cases {
        let time: Timestamp = text.parse().unwrap();
        assert_eq!(time.to_string(), expected);
    }
    for text in [
        "",
        "2017-02-29T00:00:00Z",
        "2017-01-02T03:04:05",
        "2017-01-02T03:04:05.Z",
    ] {
        assert!(text.parse::<Timestamp>().is_err(), "{text:?}");
    }
    let moment = time::macros::datetime!(2017-01-02 03:04:05.123 -7);
    assert_eq!(
        Timestamp::from(moment).to_string(),
        "2017-01-02T03:04:05.123-07:00"
    );
}

#[test]
fn errors_name_the_line_that_an_editor_shows() {
    let message = |text: &str| Config::parse(text.as_bytes()).unwrap_err().to_string();
    assert_eq!(
        message("package: x\nimport:\n- package: a\n  version: >=1.0\n"),
        "yaml: line 4: did not find expected comment or line break"
    );
    assert_eq!(
        message("ignore: a\nexcludeDirs: node_modules\n"),
        "yaml: 2 errors:\n  line 1: cannot unmarshal !!str `a` into a list of texts\n  \
         line 2: cannot unmarshal !!str `node_mo...` into a list of texts"
    );
}
