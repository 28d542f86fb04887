//! What tests and benchmarks share: remote repositories, a server for them, a place to run in.
//!
//! The benchmarks include this folder by path, so nothing here may use the rest of the tests.
#![allow(dead_code, reason = "each binary that includes this uses a part of it")]

pub(crate) mod case;
pub(crate) mod cost;
pub(crate) mod damage;
pub(crate) mod files;
pub(crate) mod name_server;
pub(crate) mod own;
pub(crate) mod process;
pub(crate) mod repo;
pub(crate) mod rust_source;
pub(crate) mod sandbox;
pub(crate) mod server;
pub(crate) mod world;
