//! A zip file as the files of a database. Nothing is unpacked to disk, and no more of a file is
//! unpacked than may be read.

use std::io::{Read, Seek};

use zip::ZipArchive;
use zip::result::ZipError;

use super::database::Files;

/// A zip file that is being read.
pub struct Archive<R> {
    zip: ZipArchive<R>,
}

impl<R: Read + Seek> Archive<R> {
    /// Reads the archive's table of contents; why it cannot be read.
    pub fn open(source: R) -> Result<Self, String> {
        let zip = ZipArchive::new(source).map_err(|error| error.to_string())?;
        Ok(Self { zip })
    }
}

impl<R: Read + Seek + Send> Files for Archive<R> {
    fn read(&mut self, name: &str, limit: usize) -> Result<Option<Vec<u8>>, String> {
        let file = match self.zip.by_name(name) {
            Ok(file) => file,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(error) => return Err(error.to_string()),
        };
        // What the archive says of the length may be a lie, so it is counted.
        let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        let mut bytes = Vec::new();
        let read = file.take(most).read_to_end(&mut bytes);
        read.map_err(|error| error.to_string())?;
        if bytes.len() > limit {
            return Err(format!("it is longer than {limit} bytes"));
        }
        Ok(Some(bytes))
    }

    fn names(&mut self) -> Result<Vec<String>, String> {
        // A name that is no text is no record's.
        let names = self.zip.file_names().filter_map(Result::ok);
        Ok(names.map(std::borrow::Cow::into_owned).collect())
    }
}
