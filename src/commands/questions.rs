//! What Glide asks about versions: whether to use the newest release, and as which range.

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
    let question = Question {
        text: &text,
        choices: YES_OR_NO,
        default: 1,
    };
    questions.ask(&question) == 0
}

/// The range that is to take a version's place, if one is wanted.
pub(super) fn range(questions: &dyn Questions, name: &str, version: &Version) -> Option<String> {
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
        0 => Some(format!("^{number}")),
        1 => Some(format!("~{number}")),
        _ => None,
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
