//! Reading Go source: the package clause and the imports, in all spellings that Go allows. Pure.
//!
//! Answers to Go's own `go/parser` with `ImportsOnly`, on which Glide stands. What follows the
//! import section is not looked at, save by [`check`], which reads on for the mistakes that a
//! scanner can see.

pub mod lexer;

mod error;
mod imports;

#[cfg(test)]
mod tests;

pub use error::SyntaxError;
pub use imports::{ImportDeclaration, ImportSection, ImportSpec, check, imports, string_value};
pub use lexer::Span;
