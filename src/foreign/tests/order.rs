//! Which of a dependency's files is read.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::foreign::{Declared, DeclaredError, Error, Files, Formats, Found, Kind, declared};
use crate::model::{NoRoots, Roots};

/// A tree: what stands where. `!` is a file that cannot be read; `None` is a folder.
struct Tree(BTreeMap<&'static str, Option<&'static str>>);

impl Files for Tree {
    type Error = String;

    fn look(&self, path: &str) -> Result<Found, String> {
        match self.0.get(path) {
            None => Ok(Found::Nothing),
            Some(None) => Ok(Found::Folder),
            Some(Some("!")) => Err(format!("no {path}")),
            Some(Some(text)) => Ok(Found::File(text.as_bytes().to_vec())),
        }
    }
}

fn read<const N: usize>(
    files: [(&'static str, Option<&'static str>); N],
) -> Result<Option<Declared>, DeclaredError<String>> {
    declared(&Tree(BTreeMap::from(files)), Formats::OfGlide, &NoRoots)
}

const GLIDE: (&str, Option<&str>) = (
    "glide.yaml",
    Some("import: [{package: g}]\ntestImport: [{package: t}]"),
);
const GODEP: (&str, Option<&str>) = (
    "Godeps/Godeps.json",
    Some(r#"{"Deps":[{"ImportPath":"d"}]}"#),
);
const GPM: (&str, Option<&str>) = ("Godeps", Some("p v"));
const GB: (&str, Option<&str>) = (
    "vendor/manifest",
    Some(r#"{"dependencies":[{"importpath":"b"}]}"#),
);
const GOM: (&str, Option<&str>) = ("Gomfile", Some("gom 'm'"));

/// Checks which file is read, and the names in it.
#[track_caller]
fn check<const N: usize>(
    files: [(&'static str, Option<&'static str>); N],
    source: Kind,
    names: &[&str],
) -> Vec<String> {
    let declared = read(files).unwrap().unwrap();
    assert_eq!(declared.source, source);
    let found: Vec<_> = declared
        .dependencies
        .iter()
        .map(|entry| entry.name.as_str())
        .collect();
    assert_eq!(found, names);
    declared.notes
}

#[test]
fn the_first_file_counts() {
    check([GLIDE, GODEP, GPM, GB, GOM], Kind::GlideYaml, &["g"]);
    check([GODEP, ("Godeps", None), GB, GOM], Kind::Godep, &["d"]);
    check([GPM, GB, GOM], Kind::Gpm, &["p"]);
    check([GB, GOM], Kind::Gb, &["b"]);
    check([GOM], Kind::Gom, &["m"]);
    check([GOM, ("Gomfile.lock", Some("gom 'l'"))], Kind::Gom, &["l"]);
    assert_eq!(read([]), Ok(None));
    assert_eq!(read([("Gomfile.lock", Some("gom 'l'"))]), Ok(None));
}

#[test]
fn folders_in_place_of_files_end_the_search_or_are_refused() {
    let notes = check([("Godeps", None), GB, GOM], Kind::Gpm, &[]);
    assert_eq!(
        notes,
        ["Godeps is a directory. This is probably a Godep project."]
    );
    assert!(check([("vendor/manifest", None), GOM], Kind::Gb, &[]).is_empty());
    assert_eq!(read([("Gomfile", None)]), Ok(None));
    for file in ["glide.yaml", "Godeps/Godeps.json", "Gomfile.lock"] {
        let refused = Err(DeclaredError::Unreadable(Error::Folder { file }));
        assert_eq!(read([(file, None), GOM]), refused);
    }
}

#[test]
fn failures_do_not_lead_to_the_next_file() {
    assert_eq!(
        read([("Godeps", Some("!")), GB]),
        Err(DeclaredError::Look("no Godeps".to_owned()))
    );
    let message = |file, text| read([(file, Some(text)), GB, GOM]).unwrap_err().to_string();
    assert_eq!(
        message("Godeps/Godeps.json", "{\"Deps\":\n[,]}"),
        "Godeps/Godeps.json:2:2: expected value"
    );
    assert_eq!(
        message("glide.yaml", "import: 1"),
        "glide.yaml: yaml: line 1: cannot unmarshal !!int `1` into a list of dependencies"
    );
}

#[test]
fn what_glide_logs_names_file_and_folder() {
    assert_eq!(
        Kind::Gb.messages("x"),
        ["Found GB manifest file in x", "--> Parsing GB metadata..."]
    );
    assert!(Kind::GlideYaml.messages("x").is_empty());
}

const DEP: (&str, Option<&str>) = ("Gopkg.toml", Some("[[constraint]]\nname = 'p'"));
const GOVENDOR: (&str, Option<&str>) = (
    "vendor/vendor.json",
    Some(r#"{"package": [{"path": "v"}]}"#),
);
const VNDR: (&str, Option<&str>) = ("vendor.conf", Some("c v1"));
const GO_MOD: (&str, Option<&str>) = ("go.mod", Some("require o v1.0.0"));

#[test]
fn what_glide_does_not_know_comes_last_and_only_where_asked_for() {
    #[track_caller]
    fn check<const N: usize>(
        files: [(&'static str, Option<&'static str>); N],
        source: Kind,
        name: &str,
    ) {
        assert_eq!(
            read(files).unwrap().map(|declared| declared.source),
            Some(source).filter(|source| !source.is_beyond_glide())
        );
        let tree = Tree(BTreeMap::from(files));
        let read = declared(&tree, Formats::All, &NoRoots).unwrap().unwrap();
        assert_eq!((read.source, &*read.dependencies[0].name), (source, name));
    }
    check([DEP, GOVENDOR, VNDR, GO_MOD, GOM], Kind::Gom, "m");
    check([DEP, GOVENDOR, VNDR, GO_MOD], Kind::Dep, "p");
    check(
        [("Gopkg.toml", None), GOVENDOR, VNDR, GO_MOD],
        Kind::Govendor,
        "v",
    );
    check(
        [("vendor/vendor.json", None), VNDR, GO_MOD],
        Kind::Vndr,
        "c",
    );
    check([("vendor.conf", None), GO_MOD], Kind::GoModule, "o");
    assert_eq!(
        read([("go.mod", None), ("Gopkg.lock", Some("="))]),
        Ok(None)
    );
}

/// Every name is its own root; notes what is announced and asked.
#[derive(Default)]
struct Asked(RefCell<Vec<String>>);

impl Roots for Asked {
    fn announce(&self, import_paths: &[&str]) {
        self.0.borrow_mut().push(import_paths.join(" "));
    }

    fn root_of(&self, import_path: &str) -> String {
        self.0.borrow_mut().push(import_path.to_owned());
        import_path.to_owned()
    }
}

#[test]
fn names_are_announced_before_they_are_asked_for() {
    let asked = |file, text| {
        let asked = Asked::default();
        let tree = Tree(BTreeMap::from([(file, Some(text))]));
        declared(&tree, Formats::All, &asked).unwrap();
        asked.0.into_inner()
    };
    let text = r#"{"Deps":[{"ImportPath":"a"},{"ImportPath":"fmt"},{"ImportPath":"b"}]}"#;
    assert_eq!(asked("Godeps/Godeps.json", text), ["a b", "a", "b"]);
    assert_eq!(asked("vendor.conf", "a 1\n-b\n\nc 2"), ["a c", "a", "c"]);
    let text = "gom 'a'\ngom 'b', :skipdep => 'true'\ngom 'c', :group => 'x'\ngom 'd'";
    assert_eq!(asked("Gomfile", text), ["a d", "a", "d"]);
    assert!(
        asked("Godeps", "a b").is_empty(),
        "gpm's names are taken as they are"
    );
}
