//! What Glide says, or would, of real and of small files, replayed; and the order in which they are tried.

mod beyond;
mod fixtures;
mod order;
