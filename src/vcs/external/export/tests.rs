//! Exports that are whole, damaged, replaced and discarded.

use std::fmt::Write as _;

use super::*;
use crate::cache::Cache;
use crate::model::VcsKind;

struct World {
    _home: tempfile::TempDir,
    place: CacheEntry,
}

fn world() -> World {
    let home = tempfile::tempdir().unwrap();
    let cache = Cache::new(home.path());
    cache.prepare().unwrap();
    let place = cache.place(VcsKind::Hg, "https://h/x");
    World { _home: home, place }
}

impl World {
    fn make(&self, files: &[(&str, &str)]) -> Export {
        let made = Export::make(&self.place, "c1", "https://h/x", |folder| {
            for (path, text) in files {
                let at = folder.join(path);
                fsx::create_dir_all(at.parent().unwrap())?;
                match text.strip_prefix("-> ") {
                    Some(target) => fsx::symlink(Path::new(target), &at)?,
                    None => fsx::write_atomic(&at, text.as_bytes())?,
                }
            }
            fsx::create_dir_all(&folder.join("empty"))?;
            Ok(())
        });
        made.unwrap()
    }

    fn found(&self) -> Option<Export> {
        let guard = self.place.lock_shared().unwrap();
        Export::find(&self.place, "c1", &guard).unwrap()
    }
}

/// All of an export as text: a path and its bytes on each line.
fn shown(export: &Export) -> Result<String, ReadError> {
    let mut reader = export.reader()?;
    let mut text = String::new();
    for entry in reader.entries()? {
        let mut bytes = Vec::new();
        reader.read_blob(entry.id, &mut bytes)?;
        assert_eq!(reader.blob_size(entry.id)?, bytes.len() as u64);
        let path = String::from_utf8(entry.path).unwrap();
        let bytes = String::from_utf8(bytes).unwrap();
        writeln!(text, "{path} {:?} {bytes}", entry.kind).unwrap();
    }
    Ok(text)
}

const FILES: &[(&str, &str)] = &[
    ("b/x", "1"),
    ("b.go", "2"),
    ("a", "-> b/x"),
    ("b/new\nline", "1"),
];

#[test]
fn an_export_is_read_in_the_order_of_trees_with_the_ids_that_git_gives() {
    let world = world();
    let made = world.make(FILES);
    let expected = "a Symlink b/x\nb.go File 2\nb/new\nline File 1\nb/x File 1\n";
    assert_eq!(shown(&made).unwrap(), expected);
    let found = world.found().unwrap();
    assert_eq!(shown(&found).unwrap(), expected);
    assert_eq!(found.content("c1"), made.content("c1"));
    // `git hash-object` of a file that holds `2`.
    let id = ObjectId::parse("d8263ee9860594d2806b0dfd1bfd17528b0ba2a4").unwrap();
    assert_eq!(found.reader().unwrap().blob_size(id).unwrap(), 1);
}

#[test]
fn every_damage_is_noticed() {
    for (path, damage) in [
        ("files/b.go", Some("3")),
        ("files/b.go", None),
        ("files/b/x", Some("11")),
        ("files/a", None),
        ("list", Some("garbled")),
        ("list", None),
    ] {
        let world = world();
        let export = world.make(FILES);
        let path = export.folder.join(path);
        fsx::remove_file(&path).unwrap();
        if let Some(text) = damage {
            fsx::write_atomic(&path, text.as_bytes()).unwrap();
        }
        assert!(shown(&export).is_err(), "{} {damage:?}", path.display());
    }
}

#[test]
fn an_export_that_was_made_anew_is_not_taken_for_the_old_one() {
    let world = world();
    let old = world.make(FILES);
    let new = world.make(&[("b.go", "2")]);
    assert!(shown(&old).is_err());
    assert_eq!(shown(&new).unwrap(), "b.go File 2\n");
    assert_ne!(old.content("c1"), new.content("c1"));
    new.discard().unwrap();
    assert!(world.found().is_none() && shown(&new).is_err());
}

#[test]
fn what_fails_half_way_is_not_there() {
    let world = world();
    let failed = Export::make(&world.place, "c1", "https://h/x", |folder| {
        fsx::create_dir_all(folder)?;
        fsx::write_atomic(&folder.join("x"), b"x")?;
        Err(Error::Export {
            remote: String::new(),
            reason: String::new(),
        })
    });
    assert!(failed.is_err() && world.found().is_none());
    assert_eq!(fsx::read_dir(world.place.folder()).unwrap().len(), 0);
}
