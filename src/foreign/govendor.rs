//! vendor/vendor.json, which govendor writes.

use crate::manifest::Dependency;
use crate::model::Roots;

use super::error::Error;
use super::imported::{Gathering, Imported, Role};
use super::json::{self, List, fields};

/// The file, below the project's root.
pub const FILE: &str = "vendor/vendor.json";

/// Reads a vendor.json.
///
/// It lists packages, each at a commit; the version that was once asked for is not what counts.
pub fn read(bytes: &[u8], role: Role, roots: &dyn Roots) -> Result<Imported, Error> {
    let manifest: Manifest = json::read(FILE, bytes)?;
    let packages = manifest.packages.into_items();
    let paths = packages.iter().map(Package::path);
    let origins = packages.iter().map(|package| package.origin.as_str());
    let mut gathering = Gathering::new(FILE, paths.chain(origins), roots);
    let (mut asked, mut trees) = (Vec::new(), Vec::new());
    for package in &packages {
        if !package.version.is_empty() && !package.revision.is_empty() {
            asked.push(format!("{} ({})", package.path(), package.version));
        }
        if package.tree {
            trees.push(package.path().to_owned());
        }
        let entry = package.entry(&mut gathering);
        gathering.add(entry);
    }
    if role == Role::Project {
        tell(
            &mut gathering,
            &asked,
            "is asked for by version; glide.yaml takes the commit",
        );
        let tree = "is there with all folders below it; glide.yaml knows packages only";
        tell(&mut gathering, &trees, tree);
        for word in manifest.ignore.split_whitespace() {
            ignore(&mut gathering, word);
        }
    }
    Ok(gathering.finish())
}

/// Tells the same of several packages.
fn tell(gathering: &mut Gathering<'_>, packages: &[String], message: &str) {
    if !packages.is_empty() {
        gathering.note(format!(
            "{FILE}: each of these {message}: {}",
            packages.join(", ")
        ));
    }
}

/// Ignores what begins with a path. Words without a slash are build tags.
fn ignore(gathering: &mut Gathering<'_>, word: &str) {
    if word == "test" {
        gathering.note(format!(
            "{FILE}: tests are ignored; `--skip-test` leaves out what only they need"
        ));
    } else if word.contains('/') {
        gathering.ignore(word.trim_end_matches('/').to_owned());
    } else {
        gathering.note(format!(
            "{FILE}: that files with the build tag `{word}` are ignored cannot be said in a glide.yaml"
        ));
    }
}

/// The file.
#[derive(Default)]
struct Manifest {
    ignore: String,
    packages: List<Package>,
}

#[derive(Default)]
struct Package {
    path: String,
    /// The name of `path` in the first files.
    canonical: String,
    /// Where it was copied from, if not from `path`.
    origin: String,
    revision: String,
    version: String,
    tree: bool,
}

fields!(Manifest, "an object", { "ignore" => ignore, "package" => packages });

fields!(Package, "a package", {
    "path" => path,
    "canonical" => canonical,
    "origin" => origin,
    "revision" => revision,
    "version" => version,
    "tree" => tree,
});

impl Package {
    fn path(&self) -> &str {
        if self.path.is_empty() {
            &self.canonical
        } else {
            &self.path
        }
    }

    /// What it is in a glide.yaml.
    fn entry(&self, gathering: &mut Gathering<'_>) -> Dependency {
        let (path, origin) = (self.path(), self.origin.as_str());
        let reference = if self.revision.is_empty() {
            &self.version
        } else {
            &self.revision
        };
        let mut entry = Dependency {
            reference: reference.clone(),
            ..Dependency::named(path)
        };
        if origin.is_empty() || origin == path {
            return entry;
        }
        let copied = ["/vendor/", "/Godeps/_workspace/src/"];
        let copied = copied.iter().find_map(|folder| origin.split_once(folder));
        let (root, below) = gathering.split(origin);
        if let Some((from, _)) = copied {
            gathering.note(format!(
                "{FILE}: {path} is a copy out of {from}, at a commit of that; its version is left open"
            ));
            entry.reference.clear();
        } else if below != gathering.split(path).1 {
            gathering.note(format!(
                "{FILE}: {path} comes from {origin}, which stands elsewhere in its repository; its \
                 version is left open"
            ));
            entry.reference.clear();
        } else if root != gathering.split(path).0 {
            entry.repo = format!("https://{root}");
        }
        entry
    }
}

#[cfg(test)]
mod tests {
    use super::{Role, read};
    use crate::model::ThreeElements;

    const MANIFEST: &str = r#"{
        "comment": "", "ignore": "test appengine h.io/i/a/ ", "rootPath": "h.io/me/app",
        "package": [
            {"path": "h.io/a/b/x", "revision": "111", "version": "v1", "versionExact": "v1.2.0"},
            {"path": "h.io/a/b/y", "revision": "222", "tree": true, "checksumSHA1": "zz"},
            {"canonical": "h.io/old/name", "revision": "333", "origin": "h.io/old/name"},
            {"path": "h.io/f/orked/z", "revision": "444", "origin": "h.io/me/fork/z"},
            {"path": "h.io/c/opied", "revision": "555", "origin": "h.io/big/one/vendor/h.io/c/opied"},
            {"path": "h.io/m/oved", "revision": "666", "origin": "h.io/big/one/sub", "tree": null},
            {"path": "h.io/l/abel", "version": "v2"},
            {}, null
        ]}"#;

    #[test]
    fn packages_become_repositories_and_the_rest_is_told() {
        let imported = read(MANIFEST.as_bytes(), Role::Project, &ThreeElements).unwrap();
        let rows = imported.dependencies.iter().map(|entry| {
            let below = entry.subpackages.join(" ");
            let row = format!("{} {} {} {below}", entry.name, entry.reference, entry.repo);
            row.trim_end().to_owned()
        });
        assert_eq!(
            rows.collect::<Vec<_>>(),
            [
                "h.io/a/b 111  x y",
                "h.io/old/name 333",
                "h.io/f/orked 444 https://h.io/me/fork z",
                "h.io/c/opied",
                "h.io/m/oved",
                "h.io/l/abel v2",
            ]
        );
        assert_eq!(imported.ignored, ["h.io/i/a"]);
        assert_eq!(
            imported.notes,
            [
                "vendor/vendor.json: h.io/a/b at `111`, and at `222`; glide.yaml takes the first",
                "vendor/vendor.json: h.io/c/opied is a copy out of h.io/big/one, at a commit of that; \
                 its version is left open",
                "vendor/vendor.json: h.io/m/oved comes from h.io/big/one/sub, which stands elsewhere in \
                 its repository; its version is left open",
                "vendor/vendor.json: an entry without a name is left out",
                "vendor/vendor.json: each of these is asked for by version; glide.yaml takes the \
                 commit: h.io/a/b/x (v1)",
                "vendor/vendor.json: each of these is there with all folders below it; glide.yaml \
                 knows packages only: h.io/a/b/y",
                "vendor/vendor.json: tests are ignored; `--skip-test` leaves out what only they need",
                "vendor/vendor.json: that files with the build tag `appengine` are ignored cannot be \
                 said in a glide.yaml",
            ]
        );
    }

    #[test]
    fn what_is_no_vendor_json_is_refused() {
        for text in [
            "",
            "[]",
            r#"{"package": 1}"#,
            r#"{"package": [{"tree": "x"}]}"#,
        ] {
            let error = read(text.as_bytes(), Role::Dependency, &ThreeElements).unwrap_err();
            assert!(
                error.to_string().starts_with("vendor/vendor.json:1:"),
                "{error}"
            );
        }
    }
}
