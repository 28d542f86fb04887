//! What is said of a merge: what the sides disagree on, and what was not looked at.

use super::super::network::Network;
use super::super::{Context, project};
use super::hash::Doubt;
use crate::discover::Policy;
use crate::live::{Asked, Remotes};
use crate::manifest::{Disagreement, Labels, Merge, Mirrors, Placed, Side};
use crate::vcs::{Freshness, ObjectId, Past};

/// How many names a message lists.
const FEW: usize = 5;

/// Tells of the merge of `file`.
pub(super) fn tell(
    context: &Context<'_>,
    merge: &Merge,
    file: &str,
    labels: &Labels,
    doubt: Option<Doubt>,
) {
    let reporter = context.reporter;
    let (ours, theirs) = (merge.from_ours.len(), merge.from_theirs.len());
    reporter.debug(format!(
        "{file}: {ours} entries from ours, {theirs} from theirs"
    ));
    tell_removed(context, merge, file);
    let cached = Cached::open(context, merge);
    for disagreement in &merge.disagreements {
        let text = cached.describe(disagreement, labels);
        reporter.warn(format!("{file}: the two sides disagree on {text}"));
    }
    if !merge.disagreements.is_empty() {
        reporter.warn(format!(
            "{file}: edit what stands between the conflict markers, or let a side decide: `glide-rs lock merge --ours` or `--theirs`"
        ));
    }
    match doubt {
        None => {}
        Some(Doubt::Open(reason)) => reporter.warn(format!(
            "{file}: its hash of glide.yaml is left open, since {reason}; once glide.yaml is as it is to be, `glide-rs lock merge` fills it in"
        )),
        Some(Doubt::Stale(side)) => reporter.warn(format!(
            "{file}: that of {side} was not up to date with its glide.yaml, and so the merged one is not; `glide-rs update` makes it so"
        )),
    }
}

/// Tells whose word counts where they disagree.
pub(super) fn decided(context: &Context<'_>, merge: &Merge, side: Side) {
    for disagreement in &merge.disagreements {
        let chosen = if side == Side::Ours {
            &disagreement.ours
        } else {
            &disagreement.theirs
        };
        let (name, side) = (&disagreement.name, side.name());
        let text = match chosen {
            Some(placed) => format!("{name}: at {}, as {side} has it", placed.entry.version),
            None => format!("{name}: removed, as in {side}"),
        };
        context.reporter.info(text);
    }
}

/// What one side removed may be what the other side's changes need: nobody has looked.
fn tell_removed(context: &Context<'_>, merge: &Merge, file: &str) {
    let cases = [
        (&merge.removed_by_ours, &merge.from_theirs, "ours", "theirs"),
        (&merge.removed_by_theirs, &merge.from_ours, "theirs", "ours"),
    ];
    for (removed, changed, one, other) in cases {
        if removed.is_empty() || changed.is_empty() {
            continue;
        }
        let mut names: Vec<&str> = removed.iter().take(FEW).map(String::as_str).collect();
        let more = format!("{} more", removed.len().saturating_sub(FEW));
        if removed.len() > FEW {
            names.push(&more);
        }
        context.reporter.warn(format!(
            "{file}: {one} removed {}; whether what {other} changed needs that is not looked at here: `glide-rs audit drift` tells",
            names.join(", ")
        ));
    }
}

/// What the cache knows of the repositories that the sides disagree on. Nobody is asked.
struct Cached {
    remotes: Option<Remotes>,
    mirrors: Mirrors,
}

impl Cached {
    fn open(context: &Context<'_>, merge: &Merge) -> Self {
        let mut settings = context.settings.clone();
        settings.net.offline = true;
        let network = Network::new(&settings, Policy::Remember);
        let wanted = !merge.disagreements.is_empty();
        Self {
            remotes: wanted.then(|| network.remotes().ok()).flatten(),
            mirrors: project::mirrors(&context.settings.home).unwrap_or_default(),
        }
    }

    fn past(&self, disagreement: &Disagreement) -> Option<Past> {
        let placed = disagreement
            .ours
            .as_ref()
            .or(disagreement.theirs.as_ref())?;
        let remote = placed.entry.remote(&self.mirrors);
        match self
            .remotes
            .as_ref()?
            .past(&disagreement.name, &remote, Freshness::Offline)
        {
            Asked::Told(past, _) => Some(*past),
            _ => None,
        }
    }

    /// `github.com/a/b: at 1a2b3c (v1.2.0) in ours (HEAD), at 4d5e6f in theirs (topic)`.
    fn describe(&self, disagreement: &Disagreement, labels: &Labels) -> String {
        let past = self.past(disagreement);
        let at = |side: &Option<Placed>| match side {
            None => "not there".to_owned(),
            Some(placed) => pin(placed, past.as_ref()),
        };
        let named = |side: Side, label: &str| match label {
            "" => side.name().to_owned(),
            label if label == side.name() => label.to_owned(),
            label => format!("{} ({label})", side.name()),
        };
        let mut text = format!(
            "{}: {} in {}, {} in {}",
            disagreement.name,
            at(&disagreement.ours),
            named(Side::Ours, &labels.ours),
            at(&disagreement.theirs),
            named(Side::Theirs, &labels.theirs),
        );
        if disagreement.base.is_some() {
            text = format!("{text}; {} before", at(&disagreement.base));
        }
        if let Some(newer) = newer(disagreement, past.as_ref()) {
            text = format!("{text}; {} is the newer one", newer.name());
        }
        text
    }
}

fn pin(placed: &Placed, past: Option<&Past>) -> String {
    let entry = &placed.entry;
    let mut text = format!("at {}", entry.version);
    let tags = past.iter().flat_map(|past| &past.names.tags);
    let tags: Vec<&str> = tags
        .filter(|(_, id)| *id == entry.version)
        .map(|(name, _)| name.as_str())
        .take(FEW)
        .collect();
    if !tags.is_empty() {
        text = format!("{text} ({})", tags.join(", "));
    }
    if !entry.repo.is_empty() {
        text = format!("{text} from {}", crate::http::mask(&entry.repo));
    }
    if placed.tests {
        text.push_str(" for tests");
    }
    text
}

/// The side whose commit comes after that of the other, as far as the history is in the cache.
fn newer(disagreement: &Disagreement, past: Option<&Past>) -> Option<Side> {
    let id = |side: &Option<Placed>| ObjectId::parse(&side.as_ref()?.entry.version);
    let (ours, theirs) = (id(&disagreement.ours)?, id(&disagreement.theirs)?);
    let past = past?;
    let holds = |tip: ObjectId, other: ObjectId| {
        let other = past.graph.find(other)?;
        Some(past.up_to(tip)?.holds(other))
    };
    match (holds(ours, theirs)?, holds(theirs, ours)?) {
        (true, false) => Some(Side::Ours),
        (false, true) => Some(Side::Theirs),
        _ => None,
    }
}
