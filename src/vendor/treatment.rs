//! What happens to a staged tree before it becomes vendor/.

use std::error::Error as StdError;
use std::path::Path;

use crate::model::VendorPath;

/// How a tree is treated on its way into vendor/.
pub trait Treatment: Send + Sync {
    /// Names the treatment in the record: a vendor/ that was filled by another one is not current.
    fn name(&self) -> String;

    /// Works on the staged tree before it is swapped in. `written` are the packages that were
    /// written anew; the files of all others are second names of files in the old vendor/, which
    /// were treated when they were written and must not be written to.
    fn finish(
        &self,
        staged: &Path,
        written: &[&VendorPath],
    ) -> Result<(), Box<dyn StdError + Send + Sync>>;
}

/// Leaves everything as the store has it.
#[derive(Debug, Clone, Copy, Default)]
pub struct AsStored;

impl Treatment for AsStored {
    fn name(&self) -> String {
        "as stored".to_owned()
    }

    fn finish(
        &self,
        _staged: &Path,
        _written: &[&VendorPath],
    ) -> Result<(), Box<dyn StdError + Send + Sync>> {
        Ok(())
    }
}
