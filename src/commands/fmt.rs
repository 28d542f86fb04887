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
    let target = Target::of(context, options)?;
    let bytes = target.read()?;
    let network = Network::new(context.settings, Policy::Remember);
    let formatted = manifest::reformat(&bytes, &*network.discover)
        .map_err(|error| target.malformed(error))?
        .into_bytes();
    network.settled()?;
    let differs = formatted != bytes;
    if options.check {
        if differs {
            let name = target.name();
            context
                .reporter
                .warn(format!("{name} is not as Glide would write it"));
        }
        return Ok(Outcome {
            output: Vec::new(),
            code: u8::from(differs),
        });
    }
    match target.path() {
        None => Ok(Outcome {
            output: formatted,
            code: 0,
        }),
        Some(path) => {
            if differs {
                fsx::write_atomic(path, &formatted)?;
            }
            Ok(Outcome::default())
        }
    }
}

/// What is to be formatted.
enum Target {
    Streams,
    File(PathBuf),
    Project(Project),
}

impl Target {
    fn of(context: &Context<'_>, options: &FmtOptions) -> Result<Self, Failure> {
        Ok(match &options.file {
            None => Self::Project(Project::find(context)?),
            Some(file) if file == Path::new("-") => Self::Streams,
            Some(file) => Self::File(context.settings.folder.join(file)),
        })
    }

    fn path(&self) -> Option<&Path> {
        match self {
            Self::Streams => None,
            Self::File(path) => Some(path),
            Self::Project(project) => Some(&project.manifest),
        }
    }

    /// For messages.
    fn name(&self) -> String {
        self.path().map_or_else(
            || "standard input".to_owned(),
            |path| format!("`{}`", path.display()),
        )
    }

    fn read(&self) -> Result<Vec<u8>, Failure> {
        match self {
            Self::Streams => standard_input(),
            Self::File(path) => Ok(fsx::read_text(path)?),
            Self::Project(project) => project.read(),
        }
    }

    fn malformed(&self, error: manifest::Error) -> Failure {
        match self {
            Self::Project(project) => project.malformed(error),
            _ => Failure::from(error).about(format!("cannot format {}", self.name())),
        }
    }
}

fn standard_input() -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::user(format!("cannot read standard input: {error}")))?;
    Ok(bytes)
}
