//! (room)

pub mod attributes;
