//! Files of other dependency managers, read as Glide reads them from a dependency and for `import`, and
//! those that Glide does not know.
//!
//! Owned here: what the files say in the words of a glide.yaml ([`Kind::read`]), and in which order those
//! of a dependency are tried ([`declared`]). What cannot be said in these words is told, not dropped.
//! Refused here: disks and networks; bytes are handed in, by hand or through [`Files`], and roots are asked
//! of [`Roots`](crate::model::Roots). This answers to Glide's `importer`, `godep`, `gpm`, `gb` and
//! `gom` packages; [`dep`], [`govendor`], [`vndr`], [`gomod`] and [`modules`] go beyond it. Where Glide
//! crashes over a file, that file is an error.

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
mod kind;
mod merge;
mod text;
mod toml_file;

#[cfg(test)]
mod tests;

pub use declared::{Declared, DeclaredError, Files, Formats, Found, declared};
pub use error::Error;
pub use imported::{Imported, Role};
pub use kind::Kind;
