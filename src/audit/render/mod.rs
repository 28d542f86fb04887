//! Reports as text.

mod table;

pub use table::table;
