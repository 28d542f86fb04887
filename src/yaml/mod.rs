//! Text to typed structs and back, as Go's yaml.v2 does it: every file of Glide goes through here.
//!
//! Glide's files are tied together by a hash over the *re-written* glide.yaml, so both directions
//! are held to yaml.v2 (of July 2017, the one Glide 0.13.3 carries): which text is read as what,
//! which text is refused, and every byte that is written. That dialect is its own: YAML 1.1
//! scalars, repeated keys of which the last wins, `<<` merges, aliases that see the last
//! definition of their anchor, only the first document of a stream.
//!
//! The reader is our own because no other tells what this dialect turns on: whether a scalar was
//! quoted, how it was tagged, whether it was `~` or nothing at all (`serde_yaml` hides all three from
//! a typed reader, takes `\/` and `%YAML 1.2`, and binds an alias to the definition before it).
//! `serde_yaml` serves the tests, as a second opinion on what the writer writes.
//!
//! [`parse`] turns bytes into a [`Document`]; [`Decoder`] reads records, lists and texts out of it;
//! [`write()`] turns a [`Record`] into text. Nothing here knows what a glide.yaml is, and there is
//! no untyped value: what a field is, is decided by who asks for it, so that `version: 1.10` stays
//! `1.10`.

mod base64;
mod decode;
mod emit;
mod error;
mod node;
mod parser;
mod resolve;
mod scanner;
#[cfg(test)]
mod tests;
mod text;
mod token;

pub use decode::{Decoder, Fields};
pub use emit::{Record, Value, write};
pub use error::{Error, Problem};
pub use node::{Document, NodeId};
pub use parser::parse;
