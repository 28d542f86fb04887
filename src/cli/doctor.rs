//! What stands behind `doctor`.

use clap::Args;

/// `doctor`.
#[derive(Args, Debug)]
pub struct Doctor {
    /// Ask each repository of the project whether it can be had
    #[arg(long)]
    pub online: bool,
    /// How it is written: text or json
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: String,
}
