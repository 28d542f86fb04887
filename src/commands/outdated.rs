//! `outdated`: which pins have something newer, how old they are, and how far behind.

use super::audit::{Pasts, subject};
use super::network::Network;
use super::project::{self, Project};
use super::{Context, Outcome};
use crate::audit::render::{Format, outdated_json, outdated_table};
use crate::audit::{self, Standing};
use crate::discover::Policy;
use crate::error::Failure;
use crate::vcs::Freshness;

/// What `outdated` is asked to do.
#[derive(Clone, Copy, Debug, Default)]
pub struct OutdatedOptions {
    /// How it is written: as JSON, else as a table.
    pub format: Format,
    /// Whether pins without anything newer are listed, too.
    pub all: bool,
    /// Whether nobody is asked: what the cache holds has to do.
    pub offline: bool,
    /// Whether something newer makes the exit code 1.
    pub fails: bool,
}

/// The exit code where not everything could be looked at.
const UNKNOWN: u8 = 2;

/// Compares the pins with their repositories.
pub fn outdated(context: &Context<'_>, options: OutdatedOptions) -> Result<Outcome, Failure> {
    compared(context, options).map_err(|failure| failure.with_code(UNKNOWN))
}

fn compared(context: &Context<'_>, options: OutdatedOptions) -> Result<Outcome, Failure> {
    let mut settings = context.settings.clone();
    settings.net.offline = options.offline;
    let network = Network::watched(&settings, Policy::Remember, context.reporter.traffic());
    let project = Project::find(context)?;
    let mirrors = project::mirrors(&context.settings.home)?;
    let subject = subject(&project, "", (&network, &mirrors))?;
    let remotes = network.remotes()?;
    let freshness = if options.offline {
        Freshness::Offline
    } else {
        Freshness::Ask
    };
    let pasts = Pasts::ask(context, &remotes, freshness, &subject.pins);
    let (ages, unknown) = audit::outdated(&subject, &pasts);
    let epoch = context.settings.source_date_epoch;
    let now = epoch.unwrap_or_else(super::audit::now);
    let output = match options.format {
        Format::Json => outdated_json(&ages, &unknown, now),
        _ => outdated_table(&ages, &unknown, (now, options.all)).into_bytes(),
    };
    let is_newer = ages.iter().any(|age| age.standing != Standing::Newest);
    let code = match (options.fails && is_newer, unknown.is_empty()) {
        (true, _) => 1,
        (false, false) => UNKNOWN,
        (false, true) => 0,
    };
    Ok(Outcome { output, code })
}
