//! What Glide says of real and of small files, replayed; and the order in which they are tried.

mod fixtures;
mod order;
