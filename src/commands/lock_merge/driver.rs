//! What git calls: three files in, the merged one in the place of ours, and whether a conflict is left.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::super::{Context, Outcome};
use super::hash::{self, Versions};
use super::telling;
use crate::error::Failure;
use crate::fsx;
use crate::manifest::{self, Labels, Lock, Merge, Sides, merge};
use crate::vcs::git::merge_lines;

/// A conflict is left in the file: git goes on with the other files, then stops.
const CONFLICT: u8 = 1;
/// Git takes codes above 128 for a driver that failed, and leaves all as it was.
const FAILED: u8 = 129;
/// Longer markers are cut.
const LONGEST_MARKER: u16 = 1000;

/// What git hands over.
struct Call {
    base: PathBuf,
    ours: PathBuf,
    theirs: PathBuf,
    /// Where the file belongs, from the top of the repository.
    path: PathBuf,
    labels: Labels,
}

/// Merges; the exit code is git's.
pub(super) fn run(context: &Context<'_>, words: &[OsString]) -> Result<Outcome, Failure> {
    let call = Call::of(context, words)?;
    let failed = |error: fsx::Error| Failure::from(error).with_code(FAILED);
    let read = |path: &Path| fsx::read_text(path).map_err(failed);
    let texts = [read(&call.base)?, read(&call.ours)?, read(&call.theirs)?];
    let (text, code) = match merged(context, &call, &texts) {
        Ok(merge) => {
            let code = if merge.is_settled() { 0 } else { CONFLICT };
            let text = merge.to_yaml(&call.labels);
            let text = text.map_err(|error| Failure::from(error).with_code(FAILED))?;
            (text.into_bytes(), code)
        }
        Err(failure) => {
            let path = call.path.display();
            context.reporter.warn(format!(
                "{path} is merged line by line, since it cannot be merged by what it says: {}",
                failure.render().replace("\n\t", "; ")
            ));
            line_by_line(&call, &texts).ok_or_else(|| failure.with_code(FAILED))?
        }
    };
    fsx::write_atomic(&call.ours, &text).map_err(failed)?;
    Ok(Outcome {
        output: Vec::new(),
        code,
    })
}

impl Call {
    fn of(context: &Context<'_>, words: &[OsString]) -> Result<Self, Failure> {
        let [base, ours, theirs, path, rest @ ..] = words else {
            let message = "a merge driver is handed four files at least: %O, %A, %B and %P";
            let hint =
                "git calls it so; `glide-rs lock merge` alone settles the conflict in glide.lock";
            return Err(Failure::user(message).with_hint(hint).with_code(FAILED));
        };
        let at = |word: &OsString| context.settings.folder.join(word);
        let usual = Labels::default();
        let word = |place: usize| {
            let word = rest.get(place)?.to_string_lossy().into_owned();
            // Git before 2.44 leaves what it does not know as it is.
            (!word.is_empty() && !word.starts_with('%')).then_some(word)
        };
        let length = word(0).and_then(|length| length.parse().ok());
        Ok(Self {
            base: at(base),
            ours: at(ours),
            theirs: at(theirs),
            path: PathBuf::from(path),
            labels: Labels {
                length: length.unwrap_or(usual.length),
                base: word(1).unwrap_or(usual.base),
                ours: word(2).unwrap_or(usual.ours),
                theirs: word(3).unwrap_or(usual.theirs),
            },
        })
    }

    /// Whether git merges the bases of histories that cross, which nobody gets to see.
    fn is_inside(&self) -> bool {
        self.labels.ours.starts_with("Temporary merge branch")
    }
}

fn merged(context: &Context<'_>, call: &Call, texts: &[Vec<u8>; 3]) -> Result<Merge, Failure> {
    let file = call.path.display().to_string();
    let parse = |text: &[u8], side: &str| {
        Lock::parse(text)
            .map_err(|error| Failure::from(error).about(format!("{file} of {side} cannot be read")))
    };
    let [base_text, our_text, their_text] = texts;
    let ours = parse(our_text, "ours")?;
    let theirs = parse(their_text, "theirs")?;
    let base = base(base_text);
    if base.is_none() && !base_text.is_empty() {
        context.reporter.warn(format!(
            "{file} cannot be read as it was before both sides changed it, so that nothing in it counts as removed"
        ));
    }
    let mut merge = merge(base.as_ref(), &ours, &theirs)?;
    if call.is_inside() {
        return Ok(merge);
    }
    let versions = Versions {
        path: &call.path,
        texts: texts.each_ref().map(Vec::as_slice),
        locks: [base.as_ref(), Some(&ours), Some(&theirs)],
        labels: &call.labels,
    };
    let why = hash::settle(context, &mut merge, &versions);
    telling::tell(context, &merge, &file, &call.labels, why.err());
    Ok(merge)
}

/// The lock that both sides came from. It may be one of our own results with conflicts, where there were several
/// such and git has merged them first; then it is what was agreed on.
fn base(text: &[u8]) -> Option<Lock> {
    if text.is_empty() {
        return None;
    }
    let read = Lock::parse(text);
    let agreed = |()| {
        let sides = Sides::read(text).ok()??;
        let (ours, theirs) = (
            Lock::parse(&sides.ours).ok()?,
            Lock::parse(&sides.theirs).ok()?,
        );
        Some(merge(None, &ours, &theirs).ok()?.lock)
    };
    read.map_or_else(|_: manifest::Error| agreed(()), Some)
}

/// What git would have made of it.
fn line_by_line(call: &Call, texts: &[Vec<u8>; 3]) -> Option<(Vec<u8>, u8)> {
    let labels = &call.labels;
    let length = u16::try_from(labels.length).unwrap_or(LONGEST_MARKER);
    let (text, clean) = merge_lines(
        texts.each_ref().map(Vec::as_slice),
        [&labels.base, &labels.ours, &labels.theirs].map(String::as_str),
        length.min(LONGEST_MARKER),
    )?;
    Some((text, if clean { 0 } else { CONFLICT }))
}
