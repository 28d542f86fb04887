//! Checks over a project's glide.lock: what is stale, tampered with, vulnerable, unlicensed.
//!
//! Each check looks at a [`Subject`], which has been read, and at what it is told of repositories
//! through traits; it returns what it found and what it could not look at, which is never taken for
//! clean. Refused here: networks, and saying anything; [`Report`]s are turned into text by the
//! renderers. Nothing here answers to Glide, which has no audit.

mod drift;
mod finding;
mod history;
mod report;
mod rules;
mod subject;

pub mod advisories;
pub mod render;

pub use drift::drift;
pub use finding::{Check, Checked, Finding, Place, Severity, Unchecked};
pub use history::{Histories, History};
pub use report::{ProjectReport, Report, Verdict};
pub use rules::{RULES, Rule};
pub use subject::{Manifest, Pinned, Subject, Usage, Use};

#[cfg(test)]
pub(crate) use history::Sketch;
