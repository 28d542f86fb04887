//! (room)

pub mod attributes;
pub mod strip;
