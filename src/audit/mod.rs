//! Checks over a project's glide.lock: what is stale, tampered with, vulnerable, unlicensed.
//!
//! Each check looks at a [`Subject`], which has been read, and at what it is told of repositories
//! through traits; it returns what it found and what it could not look at, which is never taken for
//! clean. Refused here: networks, and saying anything; [`Report`]s are turned into text by the
//! renderers. Nothing here answers to Glide, which has no audit.

mod baseline;
mod change;
mod component;
mod drift;
mod finding;
mod go_version;
mod history;
mod integrity;
mod licences;
mod outdated;
mod policy;
mod provenance;
mod report;
mod rules;
mod subject;
mod trace;

pub mod advisories;
pub mod render;

pub use baseline::{Baseline, BaselineError};
pub use change::{Changes, EarlierLock, changes};
pub use component::Component;
pub use drift::{doubtful, drift, is_left_over, is_of_code};
pub use finding::{Check, Checked, Finding, Place, Severity, Unchecked};
pub use go_version::{GoVersion, Look, ModulePath, ModuleRepository, NoVersion, go_version};
pub use history::{Histories, History, Recorded};
pub use integrity::{VendorState, integrity};
pub use licences::{
    Confidence, Identified, Identities, Reader as LicenceReader, Text, Texts, folders, identify,
    is_id, licences,
};
pub use outdated::{Age, Named, Standing, outdated};
pub use policy::{
    Day, FILE as POLICY_FILE, Ignore, LicenceException, LicencePolicy, Policy, PolicyError, apply,
};
pub use provenance::{Origin, Origins, provenance};
pub use report::{ProjectReport, Report, Verdict};
pub use rules::{RULES, Rule};
pub use subject::{Manifest, Pinned, Subject, Usage, Use};
pub use trace::{Code, Owner, Package, listed, usage};

#[cfg(test)]
pub(crate) use history::Sketch;
