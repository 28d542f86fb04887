//! The name that Git gives to bytes.

use std::io::{self, Read};

use sha1_checked::{Digest as _, Sha1};

use super::ObjectId;

/// The id of a blob with the bytes that `source` gives, of which there must be `size`; `None` where
/// there are more or fewer, or where the bytes are made to collide with others.
pub fn blob_id(source: &mut dyn Read, size: u64) -> io::Result<Option<ObjectId>> {
    let mut hash = Sha1::new();
    hash.update(format!("blob {size}\0"));
    let mut buffer = vec![0; 64 << 10];
    let mut left = size;
    loop {
        let count = match source.read(&mut buffer) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if count == 0 {
            break;
        }
        let Some(rest) = left.checked_sub(count as u64) else {
            return Ok(None);
        };
        left = rest;
        hash.update(&buffer[..count]);
    }
    let result = hash.try_finalize();
    if left > 0 || result.has_collision() {
        return Ok(None);
    }
    Ok(Some(ObjectId((*result.hash()).into())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_those_of_git() {
        let id = |mut bytes: &[u8], size| blob_id(&mut bytes, size).unwrap();
        let empty = ObjectId::parse("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
        let hello = ObjectId::parse("ce013625030ba8dba906f756967f9e9ca394464a");
        assert_eq!(id(b"", 0), empty);
        assert_eq!(id(b"hello\n", 6), hello);
        assert_eq!(id(b"hello\n", 5), None);
        assert_eq!(id(b"hello\n", 7), None);
    }
}
