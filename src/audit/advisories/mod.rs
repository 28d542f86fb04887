//! Known vulnerabilities: what a database says of the commits that glide.lock pins.
//!
//! Owned here: OSV records (schema 1.7) and what their ranges mean ([`record`], [`ranges`]), the layout
//! of a Go vulnerability database ([`Database`]), which Go modules a pinned repository may be
//! ([`names`]), whether the code uses what a record is about ([`reach`]), and the findings that come
//! of it. The files of a database are handed in ([`Files`]; [`Archive`] is a zip file), as is which
//! version a commit is ([`Versions`]). Whatever a record leaves open is [`Unchecked`], never clean.
//!
//! [`Unchecked`]: super::Unchecked

mod archive;
mod check;
mod cvss;
mod database;
mod finding;
mod go;
mod moment;
mod names;
mod ranges;
mod reach;
mod record;
mod renamed;
mod semver;
mod standard;
mod versions;

#[cfg(test)]
mod tests;

pub use archive::Archive;
pub use check::{concerned, vulnerabilities};
pub use database::{Database, DatabaseError, Files, copy};
pub use go::{GoVersion, go_not_checked, vulnerable_go};
pub use moment::date;
pub use names::GoMod;
pub use versions::{Confidence, Version, Versions, tagged};
