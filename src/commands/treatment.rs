//! What `install` does to a staged tree: nothing, or `--strip-vendor`.

use std::error::Error as StdError;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use crate::model::VendorPath;
use crate::report::Reporter;
use crate::vendor;
use crate::vendor::strip::{Stripped, strip};

/// How the command line wants trees to be treated.
pub(crate) struct Treatment {
    strip: bool,
    done: Mutex<Stripped>,
}

impl Treatment {
    pub(crate) fn new(strip: bool) -> Self {
        Self {
            strip,
            done: Mutex::new(Stripped::default()),
        }
    }

    /// Tells what stripping has done. What it could not do is an error, although vendor/ is in
    /// place by now, as in Glide.
    pub(crate) fn tell(&self, reporter: &dyn Reporter) {
        let stripped = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        for path in &stripped.removed {
            reporter.info(format!("Removing: {}", path.display())); // Glide text
        }
        for path in &stripped.rewritten {
            reporter.debug(format!("Rewriting Godep imports for {}", path.display()));
        }
        for failed in &stripped.failed {
            let reason = &failed.source;
            reporter.error(format!(
                "Unable to strip vendor directories: {failed}: {reason}"
            ));
        }
    }
}

impl vendor::Treatment for Treatment {
    fn name(&self) -> String {
        // The number changes when the same commit would give other bytes than before, be it by
        // stripping or by `.gitattributes`.
        format!("1 strip={}", self.strip)
    }

    fn finish(
        &self,
        staged: &Path,
        _written: &[&VendorPath],
    ) -> Result<(), Box<dyn StdError + Send + Sync>> {
        if self.strip {
            *self.done.lock().unwrap_or_else(PoisonError::into_inner) = strip(staged)?;
        }
        Ok(())
    }
}
