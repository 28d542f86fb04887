//! Files of other dependency managers, read as Glide reads them from a dependency.

pub mod gomod;

mod error;

pub use error::Error;
