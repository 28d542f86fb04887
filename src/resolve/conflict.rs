//! What happens when two ask for different versions of one repository: one table, pure.
//!
//! Answers to `determineDependency` of Glide's `repo/installer.go`.

use crate::report::Level;
use crate::version::{Constraint, Version};

/// One side of a conflict.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim<'a> {
    /// The version asked for.
    pub(super) reference: &'a str,
    /// Whether it names a commit, branch or tag of the repository.
    pub(super) named: bool,
    /// Who asks.
    pub(super) by: &'a str,
}

/// What is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// What stood stays.
    Keep,
    /// The other reference takes its place, but what is pinned stays pinned.
    Adopt,
    /// The other reference takes its place.
    Replace,
    /// Both must hold: the text of the two ranges.
    Join(String),
}

/// A verdict and what to say about it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ruling {
    pub(super) verdict: Verdict,
    pub(super) level: Level,
    /// The whole story, one sentence.
    pub(super) message: String,
    /// The references whose commits are worth describing.
    pub(super) commits: Vec<String>,
}

/// Decides between what stands and what somebody else asks for; both are texts, and differ. A package
/// that the commit which stands lacks is named by `lacks`; no claim is `named` then.
pub(super) fn settle(name: &str, held: Claim<'_>, asked: Claim<'_>, lacks: Option<&str>) -> Ruling {
    let case = Case {
        name,
        held,
        asked,
        lacks,
    };
    match (held.named, asked.named) {
        (true, true) => case.conflict("they are different commits"),
        (true, false) => case.held_is_named(),
        (false, true) => case.asked_is_named(),
        (false, false) => case.two_ranges(),
    }
}

struct Case<'a> {
    name: &'a str,
    held: Claim<'a>,
    asked: Claim<'a>,
    lacks: Option<&'a str>,
}

impl Case<'_> {
    fn held_is_named(&self) -> Ruling {
        let Ok(range) = Constraint::parse(self.asked.reference) else {
            return self.conflict("that is neither a reference nor a range");
        };
        let Some(version) = Version::parse(self.held.reference) else {
            return self.conflict("a range cannot tell whether it meets that");
        };
        if !range.matches(&version) {
            return self.conflict("it is not in that range");
        }
        let (name, held, range) = (self.name, self.held.reference, self.asked.reference);
        self.ruling(
            Verdict::Keep,
            &format!("Keeping {name} {held} because it fits constraint '{range}'"), // Glide text
        )
    }

    fn asked_is_named(&self) -> Ruling {
        let Ok(range) = Constraint::parse(self.held.reference) else {
            return self.conflict("what stands is neither a reference nor a range");
        };
        let Some(version) = Version::parse(self.asked.reference) else {
            return self.conflict("a range cannot tell whether it meets that");
        };
        if !range.matches(&version) {
            return self.conflict("that is not in the range");
        }
        let (name, asked, range) = (self.name, self.asked.reference, self.held.reference);
        self.ruling(
            Verdict::Adopt,
            &format!("Using {name} {asked} because it fits constraint '{range}'"), // Glide text
        )
    }

    fn two_ranges(&self) -> Ruling {
        let (name, held, asked) = (self.name, self.held.reference, self.asked.reference);
        if Constraint::parse(asked).is_err() {
            return self.conflict("that is neither a reference nor a range");
        }
        if Constraint::parse(held).is_err() {
            let by = self.asked.by;
            let message = match self.lacks {
                None => format!(
                    "{name}: '{held}' is neither a reference nor a range; using '{asked}', which {by} wants"
                ),
                Some(package) => {
                    format!("{name} has no {package} at {held}; using '{asked}', which {by} wants")
                }
            };
            return Ruling {
                level: Level::Warn,
                ..self.ruling(Verdict::Replace, &message)
            };
        }
        if held.contains("||") || asked.contains("||") {
            return self.conflict("ranges with || are not joined");
        }
        // Once both hold, the other one asking again changes nothing more.
        let joined = if held.ends_with(&format!(", {asked}")) {
            held.to_owned()
        } else {
            format!("{held}, {asked}")
        };
        self.ruling(
            Verdict::Join(joined),
            // Glide text
            &format!("Combining {name} semantic version constraints {held} and {asked}"),
        )
    }

    fn ruling(&self, verdict: Verdict, message: &str) -> Ruling {
        Ruling {
            verdict,
            level: Level::Info,
            message: format!("{message} ({} and {})", self.held.by, self.asked.by),
            commits: Vec::new(),
        }
    }

    fn conflict(&self, why: &str) -> Ruling {
        let name = self.name;
        let Claim { reference, by, .. } = self.held;
        let message = format!(
            "Conflict: {by} has {name} at {reference}, but {} wants {}: {why}. Keeping {reference}",
            self.asked.by, self.asked.reference
        );
        let commits = [self.held, self.asked].into_iter();
        let commits = commits.filter(|claim| claim.named);
        Ruling {
            verdict: Verdict::Keep,
            level: Level::Warn,
            message,
            commits: commits.map(|claim| claim.reference.to_owned()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(held: (&str, bool), asked: (&str, bool), verdict: &Verdict, level: Level) {
        let claim = |(reference, named), by| Claim {
            reference,
            named,
            by,
        };
        let ruling = settle(
            "github.com/acme/log",
            claim(held, "glide.yaml"),
            claim(asked, "github.com/acme/web"),
            None,
        );
        assert_eq!(
            (&ruling.verdict, ruling.level),
            (verdict, level),
            "{ruling:?}"
        );
        assert!(ruling.message.contains("github.com/acme/web"), "{ruling:?}");
    }

    #[test]
    fn two_references_keep_what_stands() {
        check(
            ("v1.0.0", true),
            ("v1.1.0", true),
            &Verdict::Keep,
            Level::Warn,
        );
        check(
            ("master", true),
            ("next", true),
            &Verdict::Keep,
            Level::Warn,
        );
    }

    #[test]
    fn a_reference_stays_whether_it_meets_the_range_or_not() {
        check(
            ("v1.1.0", true),
            ("^1.0.0", false),
            &Verdict::Keep,
            Level::Info,
        );
        check(
            ("v2.0.0", true),
            ("^1.0.0", false),
            &Verdict::Keep,
            Level::Warn,
        );
        check(
            ("master", true),
            ("^1.0.0", false),
            &Verdict::Keep,
            Level::Warn,
        );
        check(
            ("v1.1.0", true),
            ("nothing", false),
            &Verdict::Keep,
            Level::Warn,
        );
    }

    #[test]
    fn a_reference_that_meets_the_range_takes_its_place_without_moving_anything() {
        check(
            ("^1.0.0", false),
            ("v1.1.0", true),
            &Verdict::Adopt,
            Level::Info,
        );
        check(
            ("^1.0.0", false),
            ("v2.0.0", true),
            &Verdict::Keep,
            Level::Warn,
        );
        check(
            ("^1.0.0", false),
            ("master", true),
            &Verdict::Keep,
            Level::Warn,
        );
        check(
            ("nothing", false),
            ("v1.0.0", true),
            &Verdict::Keep,
            Level::Warn,
        );
    }

    #[test]
    fn two_ranges_must_both_hold_unless_one_has_alternatives() {
        let joined = |text: &str| Verdict::Join(text.to_owned());
        check(
            (">=1.0.0", false),
            ("<2.0.0", false),
            &joined(">=1.0.0, <2.0.0"),
            Level::Info,
        );
        let again = joined(">=1.0.0, <2.0.0");
        check(
            (">=1.0.0, <2.0.0", false),
            ("<2.0.0", false),
            &again,
            Level::Info,
        );
        check(
            ("^1 || ^2", false),
            ("<2.0.0", false),
            &Verdict::Keep,
            Level::Warn,
        );
        check(
            ("^1", false),
            ("<2 || >3", false),
            &Verdict::Keep,
            Level::Warn,
        );
        check(
            ("^1", false),
            ("nothing", false),
            &Verdict::Keep,
            Level::Warn,
        );
        check(
            ("nothing", false),
            ("^1", false),
            &Verdict::Replace,
            Level::Warn,
        );
    }
}
