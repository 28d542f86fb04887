//! Packs made by hand, and blobs read from them.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use sha1::{Digest as _, Sha1};

use super::*;
use crate::vcs::git::store::{self, Store};

pub(in crate::vcs::git) fn blob_id(bytes: &[u8]) -> ObjectId {
    let mut hash = Sha1::new();
    hash.update(format!("blob {}\0", bytes.len()));
    hash.update(bytes);
    ObjectId(hash.finalize().into())
}

/// Seven bits a byte, the lowest first.
fn low(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value > 0x7f {
        bytes.push(0x80 | u8::try_from(value & 0x7f).unwrap());
        value >>= 7;
    }
    bytes.push(u8::try_from(value).unwrap());
    bytes
}

/// How far back a base is: seven bits a byte, the highest first, each further byte adding one.
pub(in crate::vcs::git) fn back(mut distance: usize) -> Vec<u8> {
    let mut bytes = vec![u8::try_from(distance & 0x7f).unwrap()];
    while distance > 0x7f {
        distance = (distance >> 7) - 1;
        bytes.insert(0, 0x80 | u8::try_from(distance & 0x7f).unwrap());
    }
    bytes
}

/// A pack's entry: type and size, what names the base, the compressed bytes.
pub(in crate::vcs::git) fn entry(code: u8, base: &[u8], bytes: &[u8]) -> Vec<u8> {
    let mut head = vec![(code << 4) | u8::try_from(bytes.len() & 15).unwrap()];
    if bytes.len() > 15 {
        head[0] |= 0x80;
        head.extend(low(bytes.len() >> 4));
    }
    head.extend(base);
    let mut encoder = ZlibEncoder::new(head, Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A delta that appends `tail` to the whole of its base.
pub(in crate::vcs::git) fn append(base: usize, tail: &[u8]) -> Vec<u8> {
    let mut delta = [low(base), low(base + tail.len())].concat();
    for start in (0..base).step_by(0xffff) {
        let length = (base - start).min(0xffff);
        delta.push(0xbf);
        delta.extend(u32::try_from(start).unwrap().to_le_bytes());
        delta.extend(&u32::try_from(length).unwrap().to_le_bytes()[..2]);
    }
    delta.push(u8::try_from(tail.len()).unwrap());
    delta.extend(tail);
    delta
}

pub(in crate::vcs::git) fn pack(entries: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = b"PACK\0\0\0\x02".to_vec();
    bytes.extend(u32::try_from(entries.len()).unwrap().to_be_bytes());
    bytes.extend(entries.concat());
    let trailer = Sha1::digest(&bytes);
    bytes.extend(trailer);
    bytes
}

/// A blob, a delta to it by offset, and one to that by name; in a store of its own.
fn chain() -> (tempfile::TempDir, [Vec<u8>; 3]) {
    let mut state = 1_u32;
    let base: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    })
    .take(200_000)
    .collect();
    let second = [&base[..], b"second"].concat();
    let third = [&second[..], b"third"].concat();
    let first = entry(3, &[], &base);
    let offset = back(first.len());
    let name = blob_id(&second).0;
    let entries = [
        first,
        entry(6, &offset, &append(base.len(), b"second")),
        entry(7, &name, &append(second.len(), b"third")),
    ];
    let folder = tempfile::tempdir().unwrap();
    store::add_pack(folder.path(), &mut &pack(&entries)[..]).unwrap();
    (folder, [base, second, third])
}

fn read(objects: &Path, id: ObjectId) -> Result<Vec<u8>, String> {
    let said = |fault| match fault {
        Fault::Damaged(reason) => reason,
        Fault::Output(error) => error.to_string(),
    };
    let mut bytes = Vec::new();
    let blob = find(objects, id).map_err(said)?.ok_or("not found")?;
    blob.write_to(&mut bytes).map_err(said)?;
    Ok(bytes)
}

#[test]
fn a_blob_is_read_whole_from_a_delta_and_from_a_delta_of_a_delta() {
    let (folder, blobs) = chain();
    let store = Store::open(folder.path()).unwrap();
    for blob in blobs {
        let id = blob_id(&blob);
        assert!(read(folder.path(), id).unwrap() == blob);
        assert!(store.blob(id, u64::MAX).unwrap() == blob);
    }
    assert_eq!(read(folder.path(), blob_id(b"x")).unwrap_err(), "not found");
    let names = fsx::read_dir(&folder.path().join("pack")).unwrap();
    assert_eq!(names.len(), 2, "unpacked bases leave nothing behind");
}

#[test]
fn whatever_is_cut_off_or_changed_is_an_error_or_does_no_harm() {
    let (folder, blobs) = chain();
    let files = fsx::read_dir(&folder.path().join("pack")).unwrap();
    let id = blob_id(&blobs[2]);
    for path in files.iter().map(std::fs::DirEntry::path) {
        let bytes = fsx::read(&path).unwrap();
        for cut in [0, 5, 20, 1000, bytes.len() / 2] {
            fsx::replace(&path, &bytes[..cut.min(bytes.len() - 25)]).unwrap();
            assert!(read(folder.path(), id).is_err(), "{path:?} {cut}");
        }
        for place in (0..bytes.len()).step_by(1999) {
            let mut changed = bytes.clone();
            changed[place] ^= 0xff;
            fsx::replace(&path, &changed).unwrap();
            // The caller checks the hash; here it is enough to come back.
            let _ = read(folder.path(), id);
        }
        fsx::replace(&path, &bytes).unwrap();
    }
    assert!(read(folder.path(), id).unwrap() == blobs[2]);
}
