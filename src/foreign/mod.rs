//! Files of other dependency managers, read as Glide reads them from a dependency and for `import`.
//!
//! Owned here: what the files say, and in which order they are tried ([`declared`]). Refused here:
//! disks and networks; bytes are handed in, by hand or through [`Files`], and roots are asked of
//! [`Roots`](crate::model::Roots). This answers to Glide's `importer`, `godep`, `gpm`, `gb` and
//! `gom` packages; [`gomod`] goes beyond it. Where Glide crashes over a file, that file is an error.

pub mod dep;
pub mod gb;
pub mod godep;
pub mod gom;
pub mod gomod;
pub mod govendor;
pub mod gpm;
pub mod modules;
pub mod vndr;

mod declared;
mod error;
mod imported;
mod json;
mod merge;
mod text;
mod toml_file;

#[cfg(test)]
mod tests;

pub use declared::{Declared, DeclaredError, Files, Found, Kind, declared};
pub use error::Error;
pub use imported::{Imported, Role};
