//! What stands behind `exec` and `env`.

use std::ffi::OsString;

use clap::Args;

/// `exec`.
#[derive(Args, Debug)]
pub struct Exec {
    /// The program and its arguments; flags of ours stand before it
    #[arg(required = true, trailing_var_arg = true, value_name = "COMMAND")]
    pub command: Vec<OsString>,
}

/// `env`.
#[derive(Args, Debug)]
pub struct Env {
    /// How to write them: sh, fish, powershell, json or plain (NAME=value lines)
    #[arg(long, value_name = "FORMAT", default_value = "sh")]
    pub format: String,
}
