//! Files of pinned commits: in vendor/, where they are installed, else in the cache, where they are
//! fetched if they have to be.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::shared::{self, Shared};
use crate::audit::{Look, Pinned};
use crate::fsx;
use crate::live::Remotes;
use crate::model::VendorPath;
use crate::vcs::Checkout;
use crate::vcs::git::Want;

/// Files larger than this are none that say something about a module.
const LONGEST: u64 = 1 << 20;

/// The trees of one project's pins.
pub(in super::super) struct Trees<'a> {
    vendor: Option<PathBuf>,
    remotes: Option<&'a Remotes>,
    open: Mutex<HashMap<String, Result<Checkout, String>>>,
    shared: Arc<Shared>,
}

impl<'a> Trees<'a> {
    /// What vendor/ lacks is got by `remotes`, if there are any.
    pub(in super::super) fn new(vendor: PathBuf, remotes: Option<&'a Remotes>) -> Self {
        Self {
            vendor: Some(vendor),
            remotes,
            open: Mutex::default(),
            shared: Arc::default(),
        }
    }

    /// The same without a vendor/.
    pub(in super::super) fn in_cache(remotes: Option<&'a Remotes>) -> Self {
        Self {
            vendor: None,
            remotes,
            open: Mutex::default(),
            shared: Arc::default(),
        }
    }

    /// The same with what other projects have found out of the same commits.
    pub(super) fn sharing(mut self, shared: &Arc<Shared>) -> Self {
        self.shared = Arc::clone(shared);
        self
    }

    /// What is known of commits without opening them.
    pub(super) fn shared(&self) -> &Shared {
        &self.shared
    }

    /// The pin's folder in vendor/, if it is there.
    pub(super) fn in_vendor(&self, pin: &Pinned) -> Option<PathBuf> {
        let vendor = self.vendor.as_ref()?;
        let path = VendorPath::new(&pin.entry.name).ok()?.below(vendor);
        fsx::is_folder(&path).then_some(path)
    }

    /// The commit's tree, as the cache has it.
    pub(in super::super) fn checkout(&self, pin: &Pinned) -> Result<Checkout, String> {
        let lock = || self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&pin.entry.name) {
            return known.clone();
        }
        let got = self.got(pin);
        if got.is_ok() {
            self.shared.note(pin);
        }
        lock().insert(pin.entry.name.clone(), got.clone());
        got
    }

    fn got(&self, pin: &Pinned) -> Result<Checkout, String> {
        let remotes = self.remotes.ok_or(shared::LACKING)?;
        let want = Want::parse(&pin.entry.version);
        let fetched = remotes.obtain(&pin.entry.name, &pin.remote, &want);
        let fetched = fetched.map_err(|failure| self.shared.reason(&failure))?;
        Checkout::new(fetched.trees).map_err(|error| error.to_string())
    }

    /// The file at a path of the pinned commit.
    pub(super) fn look(&self, pin: &Pinned, file: &str) -> Look {
        if let Some(folder) = self.in_vendor(pin) {
            return match fsx::read_up_to(&folder.join(file), LONGEST) {
                Ok(found) => Look::Found(found),
                Err(error) if error.is_not_found() => Look::Absent,
                Err(_) => Look::Unknown,
            };
        }
        let key = (shared::key(pin), file.to_owned());
        let is_absent = || match self.checkout(pin) {
            Ok(checkout) => matches!(checkout.read(file, LONGEST), Ok(None)),
            Err(_) => false,
        };
        if self.shared.absent.get(key, is_absent) {
            return Look::Absent;
        }
        match self
            .checkout(pin)
            .map(|checkout| checkout.read(file, LONGEST))
        {
            Ok(Ok(found)) => found.map_or(Look::Absent, Look::Found),
            Ok(Err(_)) | Err(_) => Look::Unknown,
        }
    }
}
