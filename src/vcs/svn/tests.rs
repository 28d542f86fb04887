//! Against a real repository, made with the real `svn` and `svnadmin`. Where these are not
//! installed the tests say so and do nothing; `.ci/run` sees to it that they are.
#![expect(
    clippy::disallowed_methods,
    reason = "tests make and look at files as a person would"
)]

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::*;
use crate::vcs::ExternalRefs as _;

/// A remote of three revisions, and a home with a cache.
struct World {
    folder: tempfile::TempDir,
    svn: Svn,
}

/// Two revisions of `trunk`, then one of a branch that it was copied to.
const HISTORY: &str = r#"
svnadmin create remote
svn checkout --quiet "file://$PWD/remote" work
cd work
mkdir -p trunk/empty branches
echo 'package log' > trunk/log.go
echo '#!/bin/sh' > trunk/run.sh
chmod 755 trunk/run.sh
ln -s log.go trunk/l
echo '$Revision$' > trunk/at@sign.txt
svn add --quiet trunk branches
svn propset --quiet svn:keywords Revision trunk/at@sign.txt@
svn propset --quiet svn:externals '^/branches ext' trunk
svn commit --quiet --username me -m 'one
and more'
echo 'package log // 2' > trunk/log.go
svn commit --quiet --username me -m 'two'
svn update --quiet
svn copy --quiet trunk branches/next
svn commit --quiet --username me -m 'three'
"#;

impl World {
    fn new() -> Option<Self> {
        if Command::new("svnadmin").arg("--version").output().is_err() {
            println!("skipped: `svn` is not installed");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new("sh");
        let command = command.args(["-ec", HISTORY]).current_dir(folder.path());
        let output = command.env("LC_ALL", "C.UTF-8").output().unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{complaint}");
        let cache = Cache::new(&folder.path().join("home"));
        cache.prepare().unwrap();
        let svn = Svn::new(cache, None);
        Some(Self { folder, svn })
    }

    fn remote(&self) -> PathBuf {
        self.folder.path().join("remote")
    }

    fn url(&self, path: &str) -> String {
        format!("file://{}/{path}", self.remote().display())
    }

    fn obtain(&self, path: &str, want: &str) -> Result<Fetched, Error> {
        self.svn.obtain(&self.url(path), want)
    }
}

fn shown(fetched: &Fetched) -> Vec<String> {
    let mut reader = fetched.trees[0].1.reader().unwrap();
    let mut lines = Vec::new();
    for entry in reader.entries().unwrap() {
        let mut bytes = Vec::new();
        reader.read_blob(entry.id, &mut bytes).unwrap();
        let (path, bytes) = (String::from_utf8(entry.path), String::from_utf8(bytes));
        lines.push(format!(
            "{} {:?} {}",
            path.unwrap(),
            entry.kind,
            bytes.unwrap().trim_end()
        ));
    }
    lines
}

#[test]
fn a_folder_is_exported_at_a_revision() {
    let Some(world) = World::new() else { return };
    let first = world.obtain("trunk", "1").unwrap();
    assert_eq!(first.revision, "1");
    assert_eq!(
        shown(&first),
        [
            "at@sign.txt File $Revision: 1 $",
            "l Symlink log.go",
            "log.go File package log",
            "run.sh Executable #!/bin/sh",
        ]
    );
    // A folder of this machine is the same as its URL.
    let folder = world.remote().join("trunk");
    let again = world.svn.obtain(folder.to_str().unwrap(), "r1").unwrap();
    assert!(again.from_cache && again.content == first.content);
    // The last revision that changed the folder is the one that counts.
    let newest = world.obtain("trunk", "").unwrap();
    assert_eq!(newest.revision, "2");
    assert_ne!(newest.content, first.content);
    assert!(shown(&newest).contains(&"log.go File package log // 2".to_owned()));
    assert_eq!(world.obtain("trunk", "3").unwrap().revision, "2");
    assert_eq!(world.obtain("branches/next", "HEAD").unwrap().revision, "3");
    fs::rename(world.remote(), world.folder.path().join("away")).unwrap();
    assert!(world.obtain("trunk", "2").unwrap().from_cache);
    let error = world.obtain("trunk", "HEAD").map(|_| ()).unwrap_err();
    assert!(matches!(error, Error::Remote { .. }), "{error}");
}

#[test]
fn names_are_revisions() {
    let Some(world) = World::new() else { return };
    let refs = world.svn.refs(&world.url("trunk")).unwrap();
    assert_eq!(refs.default_commit(), Some("2"));
    for (name, expected) in [
        ("", Some("2")),
        ("HEAD", Some("2")),
        ("3", Some("2")),
        ("r1", Some("1")),
        ("{2999-01-01}", Some("2")),
        ("{2001-01-01}", None),
        ("4", None),
        ("0", None),
        ("v1", None),
        ("1:2", None),
        ("+1", None),
        ("--config-dir=x", None),
        ("{2999-01-01}@x", None),
        ("BASE", None),
    ] {
        assert_eq!(refs.commit(name).unwrap().as_deref(), expected, "{name}");
    }
    let note = refs.describe("1").unwrap().unwrap();
    assert_eq!((note.author.as_str(), note.subject.as_str()), ("me", "one"));
    assert!(note.date.ends_with(" +0000"), "{}", note.date);
}

#[test]
fn what_is_not_there_is_told_apart_from_what_fails() {
    let Some(world) = World::new() else { return };
    for (path, want) in [
        ("trunk", "9"),
        ("nope", ""),
        ("branches/next", "1"),
        ("trunk", "v1"),
    ] {
        let error = world.obtain(path, want).map(|_| ()).unwrap_err();
        assert!(
            matches!(error, Error::NoSuchReference { .. }),
            "{path} {want}: {error}"
        );
    }
    let error = world.obtain("trunk/log.go", "").map(|_| ()).unwrap_err();
    assert!(error.to_string().contains("single file"), "{error}");
    for address in [
        "-x",
        "svn+ssh://-oProxyCommand=id/x",
        "ext::id",
        "git://h/x",
    ] {
        let error = world.svn.obtain(address, "").map(|_| ()).unwrap_err();
        assert!(matches!(error, Error::Address { .. }), "{error}");
    }
}
