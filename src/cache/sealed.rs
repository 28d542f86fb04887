//! Files that tell when they are damaged: the first line is the SHA-256 of the rest.

use std::path::Path;

use crate::fsx;
use crate::model::sha256_hex;

/// The bytes that were sealed in the file; `None` where there is none or it is damaged.
pub fn read_sealed(path: &Path) -> fsx::Result<Option<Vec<u8>>> {
    let Some(mut bytes) = fsx::read_if_exists(path)? else {
        return Ok(None);
    };
    let Some(end) = bytes.iter().position(|&byte| byte == b'\n') else {
        return Ok(None);
    };
    let rest = bytes.split_off(end + 1);
    Ok((bytes[..end] == *sha256_hex(&rest).as_bytes()).then_some(rest))
}

/// Writes a file that [`read_sealed`] reads, whole or not at all.
pub fn write_sealed(path: &Path, bytes: &[u8]) -> fsx::Result<()> {
    fsx::write_atomic(path, &sealed(bytes))
}

/// The same without waiting for the disk, for what is written often and easily got again: after a
/// power failure the file may be damaged, which reading it tells.
pub fn write_sealed_unsynced(path: &Path, bytes: &[u8]) -> fsx::Result<()> {
    fsx::replace(path, &sealed(bytes))
}

fn sealed(bytes: &[u8]) -> Vec<u8> {
    let mut sealed = sha256_hex(bytes).into_bytes();
    sealed.push(b'\n');
    sealed.extend_from_slice(bytes);
    sealed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_file_is_as_good_as_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x");
        assert_eq!(read_sealed(&file).unwrap(), None);
        write_sealed_unsynced(&file, b"other").unwrap();
        assert_eq!(read_sealed(&file).unwrap().as_deref(), Some(&b"other"[..]));
        write_sealed(&file, b"a\nb\0").unwrap();
        assert_eq!(read_sealed(&file).unwrap().as_deref(), Some(&b"a\nb\0"[..]));
        let good = fsx::read(&file).unwrap();
        for length in 0..good.len() {
            fsx::write_atomic(&file, &good[..length]).unwrap();
            assert_eq!(read_sealed(&file).unwrap(), None, "{length} bytes");
        }
        let mut garbled = good.clone();
        *garbled.last_mut().unwrap() ^= 1;
        fsx::write_atomic(&file, &garbled).unwrap();
        assert_eq!(read_sealed(&file).unwrap(), None);
    }
}
