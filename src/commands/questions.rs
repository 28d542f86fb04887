//! What Glide asks: about versions, and whether to write what came of it.

use crate::report::{Question, Questions};
use crate::version::Version;

const YES_OR_NO: &[&[&str]] = &[&["y", "yes"], &["n", "no"]];
const RANGES: &[&[&str]] = &[&["m", "minor"], &["p", "patch"], &["s", "skip ranges"]];

/// Whether to use a release, where none is asked for; no unless somebody says so.
pub(super) fn use_release(questions: &dyn Questions, name: &str, release: &str) -> bool {
    // Glide text
    let text = format!(
        "The package {name} appears to have Semantic Version releases (http://semver.org).\n\
         The latest release is {release}. You are currently not using a release. Would you like\n\
         to use this release? Yes (Y) or No (N)"
    );
    yes(questions, &text)
}

/// Whether to use a tag in place of the commit that it stands for; no unless somebody says so.
pub(super) fn use_tag(questions: &dyn Questions, name: &str, commit: &str, tag: &str) -> bool {
    let what = match Version::parse(tag) {
        Some(_) => "semantic version (http://semver.org) release of",
        None => "tag,",
    };
    // Glide text
    let text = format!(
        "The package {name} is currently set to use the version {commit}.\n\
         There is an equivalent {what} {tag}. Would\n\
         you like to use that instead? Yes (Y) or No (N)"
    );
    yes(questions, &text)
}

/// Whether an answer holds for all questions of its kind that are to come.
pub(super) fn remember(questions: &dyn Questions) -> bool {
    // Glide text
    let text = "Would you like to remember the previous decision and apply it to future\n\
                dependencies? Yes (Y) or No (N)";
    yes(questions, text)
}

/// Whether to write the changes that were agreed on.
pub(super) fn write(questions: &dyn Questions) -> bool {
    // Glide text
    let text = "Configuration changes have been made. Would you like to write these\n\
                changes to your configuration file? Yes (Y) or No (N)";
    yes(questions, text)
}

/// Whether to make a glide.yaml where there is none.
pub(super) fn create(questions: &dyn Questions) -> bool {
    // Glide text
    let text =
        "Unable to find a glide.yaml file. Would you like to create one now? Yes (Y) or No (N)";
    yes(questions, text)
}

/// Whether to go through a new glide.yaml.
pub(super) fn improve(questions: &dyn Questions) -> bool {
    // Glide text
    let text = "Would you like Glide to help you find ways to improve your glide.yaml configuration?\n\
                If you want to revisit this step you can use the config-wizard command at any time.\n\
                Yes (Y) or No (N)?";
    yes(questions, text)
}

/// Asks what is only done if somebody says so.
fn yes(questions: &dyn Questions, text: &str) -> bool {
    let question = Question {
        text,
        choices: YES_OR_NO,
        default: 1,
    };
    questions.ask(&question) == 0
}

/// Which releases are to come in by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tracking {
    /// All up to the next major version.
    Minor,
    /// All up to the next minor version.
    Patch,
    /// None.
    Nothing,
}

impl Tracking {
    /// The range that takes a version's place, if any does.
    pub(super) fn range(self, version: &Version) -> Option<String> {
        let number = version.canonical();
        match self {
            Self::Minor => Some(format!("^{number}")),
            Self::Patch => Some(format!("~{number}")),
            Self::Nothing => None,
        }
    }
}

/// The range that is to take a version's place, if one is wanted.
pub(super) fn range(questions: &dyn Questions, name: &str, version: &Version) -> Option<String> {
    tracking(questions, name, version).range(version)
}

/// Which releases after a version are wanted; none unless somebody says so.
pub(super) fn tracking(questions: &dyn Questions, name: &str, version: &Version) -> Tracking {
    let (major, minor) = (version.major(), version.minor());
    let number = version.canonical();
    let (next_major, next_minor) = (major.saturating_add(1), minor.saturating_add(1));
    // Glide text
    let text = format!(
        "The package {name} appears to use semantic versions (http://semver.org).\n\
         Would you like to track the latest minor or patch releases (major.minor.patch)?\n\
         The choices are:\n \
         - Tracking minor version releases would use '>= {number}, < {next_major}.0.0' ('^{number}')\n \
         - Tracking patch version releases would use '>= {number}, < {major}.{next_minor}.0' ('~{number}')\n \
         - Skip using ranges\n\
         Minor (M), Patch (P), or Skip Ranges (S)?"
    );
    let question = Question {
        text: &text,
        choices: RANGES,
        default: 2,
    };
    match questions.ask(&question) {
        0 => Tracking::Minor,
        1 => Tracking::Patch,
        _ => Tracking::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Says(usize);

    impl Questions for Says {
        fn ask(&self, question: &Question<'_>) -> usize {
            assert!(question.default < question.choices.len());
            self.0
        }
    }

    #[test]
    fn ranges_are_made_of_the_full_number() {
        let version = Version::parse("v1.2-rc.1").unwrap();
        for (answer, expected) in [
            (0, Some("^1.2.0-rc.1")),
            (1, Some("~1.2.0-rc.1")),
            (2, None),
        ] {
            assert_eq!(range(&Says(answer), "a.b/c", &version).as_deref(), expected);
        }
        assert!(use_release(&Says(0), "a.b/c", "v1") && !use_release(&Says(1), "a.b/c", "v1"));
    }
}
