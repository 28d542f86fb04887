//! Reading Go source: the package clause and the imports, in all spellings that Go allows, and what
//! a folder of files imports in a given build. Pure.
//!
//! Answers to Go's own `go/parser` with `ImportsOnly` and to `go/build`, on which Glide stands, and to
//! Glide's own `dependency/scan.go`. What follows the import section is not looked at, save by
//! [`check`], which reads on for the mistakes that a scanner can see.
//!
//! A folder is scanned in two steps: [`summarise`] reads a file once, [`scan`] judges the files of
//! a folder together for a [`BuildContext`].

pub mod lexer;

mod cgo;
mod constraint;
mod context;
mod error;
mod imports;
mod keywords;
mod line_directive;
mod platforms;
mod scan;
mod section;
mod summary;
mod tags;
mod text;

#[cfg(test)]
mod scan_tests;
#[cfg(test)]
mod tests;

pub use context::BuildContext;
pub use error::{ScanError, SyntaxError};
pub use imports::{ImportDeclaration, ImportSection, ImportSpec, check, imports, string_value};
pub use lexer::Span;
pub use scan::{Package, import_folder, scan, scan_by_tags};
pub use summary::{FileSummary, counts, summarise};
