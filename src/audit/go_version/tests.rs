//! Histories of a few commits, and what the go command makes of them.

use super::*;
use crate::audit::Sketch;

/// Commits are in a line, `a` first, an hour apart from 2019-11-09 02:19:31 on; each word is a commit
/// with its tags behind it: `a b:v1.0.0,v1.0.1`.
fn line(text: &str) -> Sketch {
    let mut sketch = Sketch::default();
    for (at, word) in text.split(' ').enumerate() {
        let (name, tags) = word.split_once(':').unwrap_or((word, ""));
        let parents = sketch.commits.last().map(|(id, ..)| id.clone());
        let time = 1_573_265_971 + 3600 * i64::try_from(at).unwrap();
        sketch
            .commits
            .push((id(name), time, parents.into_iter().collect()));
        let tags = tags.split(',').filter(|tag| !tag.is_empty());
        sketch
            .tags
            .extend(tags.map(|tag| (tag.to_owned(), id(name))));
        sketch.branches = vec![("master".to_owned(), id(name))];
    }
    sketch.tags.sort();
    sketch
}

fn id(name: &str) -> String {
    name.repeat(40)
}

/// `files` are the go.mod files of all commits: `go.mod=PATH`, `v2/go.mod=PATH`; those of one commit
/// have its name and `@` before them, and `!` in place of a path is one that nobody has looked at.
fn version_in(
    kind: VcsKind,
    history: &Sketch,
    (root, path): (&str, &str),
    files: &str,
    commit: &str,
) -> Result<GoVersion, NoVersion> {
    let look = |commit: &str, file: &str| {
        let here = format!("{}@{file}", &commit[..1]);
        let lines = files.split('\n').filter_map(|line| line.split_once('='));
        let mut found = lines
            .filter(|(name, _)| *name == here || *name == file)
            .map(|(_, path)| path);
        match found.next_back() {
            None => Look::Absent,
            Some("!") => Look::Unknown,
            Some(text) => Look::Found(format!("module {}", text.replace(';', "\n")).into_bytes()),
        }
    };
    let repository = ModuleRepository {
        kind,
        history,
        look: &look,
    };
    go_version(
        &repository,
        &ModulePath::new(root, path).unwrap(),
        &id(commit),
    )
}

#[track_caller]
fn check(history: &str, path: &str, files: &str, commit: &str, expected: &str) {
    let root = path.split('/').take(2).collect::<Vec<_>>().join("/");
    let found = version_in(VcsKind::Git, &line(history), (&root, path), files, commit);
    let found = found.map_or_else(|error| error.to_string(), |found| found.version);
    assert_eq!(found, expected);
}

const MODULE: &str = "go.mod=a.b/x";

#[test]
fn a_tag_on_the_commit_is_its_version() {
    check("a b:v1.2.3", "a.b/x", MODULE, "b", "v1.2.3");
    check("a:v1.2.3,v1.10.0,v1.9.0", "a.b/x", MODULE, "a", "v1.10.0");
    check("a:v1.2.3-rc.1", "a.b/x", "", "a", "v1.2.3-rc.1");
    check("a:v1.2.3,v1.2.3-rc.1", "a.b/x", "", "a", "v1.2.3");
    check("a:v9.2.3,v1.0.0", "a.b/x", MODULE, "a", "v1.0.0");
    // The highest before it does not count then.
    check("a:v1.9.0 b:v1.2.3", "a.b/x", "", "b", "v1.2.3");
}

#[test]
fn what_is_no_version_is_no_tag() {
    let first = "v0.0.0-20191109021931-aaaaaaaaaaaa";
    check(
        "a:1.2.3,v1,v1.2,release-1.0.0,v1.2.3.4,V1.0.0",
        "a.b/x",
        "",
        "a",
        first,
    );
    check(
        "a:v0.0.0-20160101000000-bbbbbbbbbbbb",
        "a.b/x",
        "",
        "a",
        first,
    );
    check("a:dir/v1.2.3,other", "a.b/x", "", "a", first);
    let above = "v1.2.4-0.20191109021931-aaaaaaaaaaaa";
    check("a:v1.2.3+meta", "a.b/x", "", "a", above);
}

#[test]
fn a_commit_behind_a_tag_is_above_it() {
    check(
        "a b",
        "a.b/x",
        "",
        "b",
        "v0.0.0-20191109031931-bbbbbbbbbbbb",
    );
    let above = "v1.2.4-0.20191109031931-bbbbbbbbbbbb";
    check("a:v1.2.3 b", "a.b/x", "", "b", above);
    check("a:v1.2.3 b c:v1.9.0", "a.b/x", "", "b", above);
    check("a:v1.2.3,v1.2.0 b", "a.b/x", "", "b", above);
    check("a:v1.2.3,v2.0.0 b", "a.b/x", MODULE, "b", above);
    let pre = "v1.2.3-pre.0.20191109031931-bbbbbbbbbbbb";
    check("a:v1.2.3-pre b", "a.b/x", "", "b", pre);
    check("a:v1.2.3-pre,v1.2.2 b", "a.b/x", "", "b", pre);
}

#[test]
fn higher_major_versions_count_where_nothing_speaks_of_modules() {
    check("a:v2.0.0", "a.b/x", "", "a", "v2.0.0+incompatible");
    let above = "v3.1.1-0.20191109031931-bbbbbbbbbbbb+incompatible";
    check("a:v3.1.0 b", "a.b/x", "", "b", above);
    check("a:v3.1.0,v1.0.0", "a.b/x", "", "a", "v3.1.0+incompatible");
    check("a:v3.1.0,v1.0.0", "a.b/x", MODULE, "a", "v1.0.0");
    // A folder of that major version has a module of its own.
    let folder = "v2/go.mod=a.b/x/v2";
    check("a:v2.0.0,v1.0.0", "a.b/x", folder, "a", "v1.0.0");
    check(
        "a:v3.0.0,v2.0.0",
        "a.b/x",
        folder,
        "a",
        "v3.0.0+incompatible",
    );
}

#[test]
fn a_path_with_a_major_version_has_tags_of_that_version() {
    let files = "go.mod=a.b/x/v2";
    check("a:v2.1.0,v1.0.0,v3.0.0", "a.b/x/v2", files, "a", "v2.1.0");
    let first = "v2.0.0-20191109031931-bbbbbbbbbbbb";
    check("a:v1.0.0 b", "a.b/x/v2", files, "b", first);
    let above = "v2.1.1-0.20191109031931-bbbbbbbbbbbb";
    check("a:v2.1.0,v3.0.0 b", "a.b/x/v2", files, "b", above);
    check("a:v2.1.0", "a.b/x/v2", "v2/go.mod=a.b/x/v2", "a", "v2.1.0");
    let none = |why: &str| format!("the commit does not have the module: {why}");
    check("a:v2.1.0", "a.b/x/v2", "", "a", &none("there is no go.mod"));
    let other = none("go.mod makes another module");
    check("a:v2.1.0", "a.b/x/v2", MODULE, "a", &other);
    check("a:v2.1.0", "a.b/x", files, "a", &other);
    let both = "go.mod=a.b/x/v2\nv2/go.mod=a.b/x/v2";
    let refused = none("both go.mod and v2/go.mod make it");
    check("a:v2.1.0", "a.b/x/v2", both, "a", &refused);
    let wrong = "v2/go.mod=a.b/x";
    let refused = none("v2/go.mod makes another module");
    check("a:v2.1.0", "a.b/x/v2", wrong, "a", &refused);
}

#[test]
fn a_module_in_a_folder_has_tags_of_its_own() {
    let files = "d/go.mod=a.b/x/d";
    check("a:v1.0.0,d/v0.2.0", "a.b/x/d", files, "a", "v0.2.0");
    let above = "v0.2.1-0.20191109031931-bbbbbbbbbbbb";
    check("a:v1.0.0,d/v0.2.0,e/v0.9.0 b", "a.b/x/d", files, "b", above);
    let first = "v0.0.0-20191109021931-aaaaaaaaaaaa";
    check("a:v1.0.0", "a.b/x/d", files, "a", first);
    // Only the root can do without a go.mod.
    let none = "the commit does not have the module: there is no d/go.mod";
    check("a:d/v0.2.0", "a.b/x/d", "", "a", none);
    check(
        "a:d/v2.0.0",
        "a.b/x/d/v2",
        "d/go.mod=a.b/x/d/v2",
        "a",
        "v2.0.0",
    );
    check(
        "a:d/v2.0.0",
        "a.b/x/d/v2",
        "d/v2/go.mod=a.b/x/d/v2",
        "a",
        "v2.0.0",
    );
}

#[test]
fn gopkg_in_has_major_versions_of_its_own() {
    check(
        "a:v2.2.1,v3.0.0,v1.0.0",
        "gopkg.in/yaml.v2",
        "",
        "a",
        "v2.2.1",
    );
    let above = "v2.2.2-0.20191109031931-bbbbbbbbbbbb";
    check("a:v2.2.1,v3.0.0 b", "gopkg.in/yaml.v2", "", "b", above);
    let first = "v1.0.0-20191109021931-aaaaaaaaaaaa";
    check("a:v2.2.1", "gopkg.in/yaml.v1", "", "a", first);
    check("a:v0.2.1", "gopkg.in/yaml.v0", "", "a", "v0.2.1");
    let unstable = "gopkg.in/yaml.v2-unstable";
    check("a:v2.2.1", unstable, "", "a", "v2.2.1");
    let bent = "go.mod=gopkg.in/yaml.v3";
    check("a:v0.2.1", "a.b/x", bent, "a", "v0.2.1");
    let other = "the commit does not have the module: go.mod makes another module";
    check("a:v2.2.1", "gopkg.in/yaml.v2", bent, "a", other);
}

#[test]
fn retracted_versions_do_not_count() {
    let files = "go.mod=a.b/x\nc@go.mod=a.b/x;retract v1.1.0";
    check("a:v1.0.0,v1.1.0 b c:v1.2.0", "a.b/x", files, "a", "v1.0.0");
    let above = "v1.0.1-0.20191109031931-bbbbbbbbbbbb";
    check("a:v1.0.0,v1.1.0 b c:v1.2.0", "a.b/x", files, "b", above);
    // The newest release says so, not the newest of all.
    let last = "v1.0.0,v1.1.0 b c:v1.2.0-pre";
    check(&format!("a:{last}"), "a.b/x", files, "a", "v1.1.0");
    let all = "go.mod=a.b/x;retract [v0.0.0, v1.9.9]";
    let first = "v0.0.0-20191109021931-aaaaaaaaaaaa";
    check("a:v1.0.0,v1.1.0", "a.b/x", all, "a", first);
}

#[test]
fn other_systems_have_tags_on_commits_alone() {
    let history = line("a:v1.2.3 b");
    let path = ("a.b/x", "a.b/x");
    let version = |commit| version_in(VcsKind::Hg, &history, path, "", commit).unwrap();
    assert_eq!(version("a").version, "v1.2.3");
    assert_eq!(version("b").version, "v0.0.0-20191109031931-bbbbbbbbbbbb");
}

#[test]
fn what_is_not_known_is_told() {
    let history = line("a:v1.2.3 b");
    let path = ("a.b/x", "a.b/x");
    let version = |files, commit| version_in(VcsKind::Git, &history, path, files, commit);
    let sure = version("", "b").unwrap();
    assert_eq!((sure.base.as_deref(), sure.is_sure), (Some("v1.2.3"), true));
    let unsure = version("go.mod=!", "b").unwrap();
    assert_eq!((&unsure.version, unsure.is_sure), (&sure.version, false));
    assert_eq!(version("", "c"), Err(NoVersion::NotHeld));
    let unsure = version_in(
        VcsKind::Git,
        &history,
        ("a.b/x", "a.b/x/v2"),
        "go.mod=!\nv2/go.mod=!",
        "b",
    );
    let unsure = unsure.unwrap();
    assert!(!unsure.is_sure && unsure.version.starts_with("v2.0.0-"));
}

#[test]
fn paths_are_split_as_the_go_command_does() {
    let check = |root: &str, path: &str, expected: Option<Option<&str>>| {
        let module = ModulePath::new(root, path).ok();
        let major = module
            .as_ref()
            .map(|module| module.major().map(str::to_owned));
        assert_eq!(
            major,
            expected.map(|major| major.map(str::to_owned)),
            "{path}"
        );
    };
    check("a.b/x", "a.b/x", Some(None));
    check("a.b/x", "a.b/x/v2", Some(Some("v2")));
    check("a.b/x/v2", "a.b/x/v2", Some(Some("v2")));
    check("a.b/x", "a.b/x/v10", Some(Some("v10")));
    check("a.b/x", "a.b/x/d/v3", Some(Some("v3")));
    check("a.b/v2", "a.b/v2", Some(Some("v2")));
    for bad in [
        "a.b/x/v1",
        "a.b/x/v0",
        "a.b/x/v02",
        "a.b/x/v2.1",
        "a.b/xy",
        "a.b",
    ] {
        check("a.b/x", bad, None);
    }
    check("a.b/x", "a.b/x/vv", Some(None));
    check("a.b/x", "a.b/x/dv2", Some(None));
    check("gopkg.in/x.v1", "gopkg.in/x.v1", Some(Some("v1")));
    check("gopkg.in/a/x.v0", "gopkg.in/a/x.v0", Some(Some("v0")));
    check(
        "gopkg.in/x.v3-unstable",
        "gopkg.in/x.v3-unstable",
        Some(Some("v3")),
    );
    for bad in [
        "gopkg.in/x",
        "gopkg.in/x.v",
        "gopkg.in/x.v01",
        "gopkg.in/x.v2/d",
    ] {
        check(bad, bad, None);
    }
}
