//! What happens to files between the store and vendor/, as the transaction sees it.
//!
//! `.gitattributes` and stripping are decided elsewhere; here is only where they are called.

use std::error::Error as StdError;
use std::path::Path;

use crate::model::VendorPath;
use crate::vcs::ObjectId;

/// Turns a blob's bytes into the file's.
pub type Conversion = Box<dyn FnOnce(ObjectId, Vec<u8>) -> Vec<u8>>;

/// The conversions that one tree asks for.
pub trait Conversions: Send + Sync {
    /// Adds the rules of one folder's file; `folder` is relative to the tree and empty for its
    /// root. A folder's rules come before those of the folders in it.
    fn add(&mut self, folder: &[u8], text: &[u8]);

    /// How a file's bytes are to be changed; `None` where they are to be left alone.
    fn conversion(&self, path: &[u8]) -> Option<Conversion>;
}

/// How trees are treated on their way into vendor/.
pub trait Treatment: Send + Sync {
    /// Names the treatment in the record: a vendor/ that was filled by another one is not current.
    fn name(&self) -> String;

    /// The conversions of a tree that has no rules yet.
    fn conversions(&self) -> Box<dyn Conversions>;

    /// Works on the staged tree before it is swapped in. `written` are the packages that were
    /// written anew; the files of all others are second names of files in the old vendor/, which
    /// were treated when they were written and must not be touched.
    fn finish(
        &self,
        staged: &Path,
        written: &[&VendorPath],
    ) -> Result<(), Box<dyn StdError + Send + Sync>>;
}

/// Leaves everything as the store has it.
#[derive(Debug, Clone, Copy, Default)]
pub struct AsStored;

impl Conversions for AsStored {
    fn add(&mut self, _folder: &[u8], _text: &[u8]) {}

    fn conversion(&self, _path: &[u8]) -> Option<Conversion> {
        None
    }
}

impl Treatment for AsStored {
    fn name(&self) -> String {
        "as stored".to_owned()
    }

    fn conversions(&self) -> Box<dyn Conversions> {
        Box::new(*self)
    }

    fn finish(
        &self,
        _staged: &Path,
        _written: &[&VendorPath],
    ) -> Result<(), Box<dyn StdError + Send + Sync>> {
        Ok(())
    }
}
