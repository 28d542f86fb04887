//! `fmt`: a glide.yaml or glide.lock in the bytes that Glide would write.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::network::Network;
use super::project::Project;
use super::{Context, Outcome};
use crate::discover::Policy;
use crate::error::Failure;
use crate::{fsx, manifest};

/// What `fmt` is asked to do.
#[derive(Debug)]
pub struct FmtOptions {
    /// Change nothing and say whether anything would change.
    pub check: bool,
    /// The file; `-` is standard input to standard output, none is the project's glide.yaml.
    pub file: Option<PathBuf>,
}

/// Rewrites the file in place, or only tells whether it would change.
pub fn fmt(context: &Context<'_>, options: &FmtOptions) -> Result<Outcome, Failure> {
    let network = Network::new(context.settings, Policy::Remember);
    let through = options.file.as_deref() == Some(Path::new("-"));
    let path = match &options.file {
        Some(file) => context.settings.folder.join(file),
        None => Project::find(context)?.manifest,
    };
    let bytes = if through {
        standard_input()?
    } else {
        fsx::read(&path)?
    };
    let shown = if through {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    };
    let formatted = manifest::reformat(&bytes, &network.discover)
        .map_err(|error| Failure::from(error).about(format!("cannot format {shown}")))?;
    network.settled()?;
    let differs = formatted.as_bytes() != bytes;
    if options.check {
        if differs {
            context
                .reporter
                .warn(format!("{shown} is not as Glide would write it"));
        }
        return Ok(Outcome {
            output: Vec::new(),
            negative: differs,
        });
    }
    if through {
        return Ok(Outcome {
            output: formatted.into_bytes(),
            negative: false,
        });
    }
    if differs {
        fsx::write_atomic(&path, formatted.as_bytes())?;
    }
    Ok(Outcome::default())
}

fn standard_input() -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::user(format!("cannot read standard input: {error}")))?;
    Ok(bytes)
}
