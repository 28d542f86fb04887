//! What Glide says of real and of small files, replayed; and properties that hold for all.

mod fixtures;
mod properties;
pub(super) mod roots;
mod rules;
