//! Packs, true and false, and the indexes that they get.

use git2::Indexer;

use super::*;
use crate::vcs::git::packed::tests::{append, back, blob_id, entry, pack};

const BLOB: u8 = 3;
const BY_OFFSET: u8 = 6;
const BY_NAME: u8 = 7;

fn take(pack: &[u8]) -> Result<(tempfile::TempDir, String), String> {
    let folder = tempfile::tempdir().unwrap();
    let name = receive(folder.path(), &mut &pack[..]).map_err(|error| error.to_string())?;
    Ok((folder, name))
}

/// The index is the one that libgit2 makes, and nothing but it and the pack is left.
#[track_caller]
fn check(entries: &[Vec<u8>]) {
    let pack = pack(entries);
    let (folder, name) = take(&pack).unwrap();
    let theirs = tempfile::tempdir().unwrap();
    let mut indexer = Indexer::new(None, theirs.path(), 0o644, false).unwrap();
    indexer.write_all(&pack).unwrap();
    let their_name = indexer.commit().unwrap();
    let ours = fsx::read(&folder.path().join(format!("{name}.idx"))).unwrap();
    let theirs = theirs.path().join(format!("pack-{their_name}.idx"));
    assert!(ours == fsx::read(&theirs).unwrap());
    let kept = fsx::read(&folder.path().join(format!("{name}.pack"))).unwrap();
    assert!(kept == pack);
    assert_eq!(fsx::read_dir(folder.path()).unwrap().len(), 2);
}

#[test]
fn the_index_is_the_one_that_libgit2_makes() {
    check(&[entry(BLOB, &[], b"one")]);
    check(&[
        entry(2, &[], b""),
        entry(BLOB, &[], b""),
        entry(1, &[], b"tree"),
    ]);
    let many: Vec<_> = (0..500)
        .map(|number| entry(BLOB, &[], format!("{number}").as_bytes()))
        .collect();
    check(&many);
}

#[test]
fn deltas_are_named_whatever_their_base_is_and_wherever_it_stands() {
    let one = vec![1; 100];
    let two = [&one[..], b"two"].concat();
    let (first, second) = (blob_id(&one).0, blob_id(&two).0);
    check(&[
        entry(BY_NAME, &second, &append(103, b"three")),
        entry(BY_NAME, &first, &append(100, b"two")),
        entry(BY_NAME, &first, &append(100, b"other")),
        entry(BLOB, &[], &one),
        entry(
            BY_OFFSET,
            &back(entry(BLOB, &[], &one).len()),
            &append(100, b"last"),
        ),
    ]);
}

#[test]
fn a_long_chain_of_large_objects_needs_neither_memory_nor_files_for_each() {
    let mut size = usize::try_from(3_u32 << 19).unwrap();
    let mut entries = vec![entry(BLOB, &[], &vec![0; size])];
    for _ in 0..12 {
        let offset = back(entries[entries.len() - 1].len());
        entries.push(entry(BY_OFFSET, &offset, &append(size, b"more")));
        size += 4;
    }
    check(&entries);
}

#[test]
fn a_pack_that_lies_is_refused() {
    let one = || entry(BLOB, &[], b"one");
    let whole = pack(&[one(), entry(BLOB, &[], b"two")]);
    for cut in 0..whole.len() {
        assert!(take(&whole[..cut]).is_err(), "cut at {cut}");
    }
    for place in 0..whole.len() {
        let mut changed = whole.clone();
        changed[place] ^= 0x10;
        assert!(take(&changed).is_err(), "changed at {place}");
    }
    let mut size = one();
    size[0] += 1;
    let mut shorter = one();
    shorter[0] -= 1;
    let name = blob_id(b"absent").0;
    for (what, entries) in [
        ("an object is shorter than it says", vec![size]),
        ("an object is longer than it says", vec![shorter]),
        ("an object that is there twice", vec![one(), one()]),
        ("an object of no known kind", vec![entry(0, &[], b"")]),
        ("an object of no known kind", vec![entry(5, &[], b"")]),
        ("a delta without a base", vec![entry(BY_OFFSET, &[0], b"")]),
        ("a delta without a base", vec![entry(BY_OFFSET, &[99], b"")]),
        (
            "a delta whose base did not come with it",
            vec![one(), entry(BY_NAME, &name, &append(6, b"x"))],
        ),
        (
            "a delta whose base did not come with it",
            vec![one(), entry(BY_OFFSET, &[2], &append(3, b"x"))],
        ),
        (
            "a delta for another base",
            vec![
                one(),
                entry(BY_OFFSET, &back(one().len()), &append(4, b"x")),
            ],
        ),
        ("an object that is too large", {
            let mut huge = entry(BLOB, &[], b"x");
            huge.splice(0..1, [0xb0, 0xff, 0xff, 0xff, 0xff, 0x7f]);
            vec![huge]
        }),
        ("an object that is too large", {
            let huge = [3, 0xff, 0xff, 0xff, 0xff, 0x7f];
            vec![one(), entry(BY_OFFSET, &back(one().len()), &huge)]
        }),
    ] {
        assert_eq!(take(&pack(&entries)).unwrap_err(), what);
    }
    let more = [&whole[..], b"x"].concat();
    assert_eq!(take(&more).unwrap_err(), "something follows the pack");
}

#[test]
fn what_is_refused_does_not_stop_for_ever_or_panic() {
    let one = vec![7; 3000];
    let whole = pack(&[
        entry(BLOB, &[], &one),
        entry(BY_NAME, &blob_id(&one).0, &append(3000, b"two")),
    ]);
    // The trailer is made to fit, so that all of the changes get to where they are looked at.
    for place in 12..whole.len() - 20 {
        for flip in [0x01, 0x40, 0xff] {
            let mut changed = whole[..whole.len() - 20].to_vec();
            changed[place] ^= flip;
            let trailer = Sha1::digest(&changed);
            changed.extend(trailer);
            let _ = take(&changed);
        }
    }
}
