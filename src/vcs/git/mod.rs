//! Git: the user's configuration and credential helpers.

pub mod config;
mod credentials;
mod url_match;
