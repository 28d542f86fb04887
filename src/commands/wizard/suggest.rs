//! What there is to improve on one entry, and who decides it. No remotes, no files.

use crate::commands::questions::{self, Tracking};
use crate::live::Releases;
use crate::manifest::Dependency;
use crate::report::{Questions, Reporter};
use crate::version::{self, Version};

/// Goes from entry to entry, and remembers what was decided for all.
pub(super) struct Suggest<'a> {
    /// Whether anything was proposed.
    pub(super) asked: bool,
    /// How many changes were wanted.
    pub(super) changes: usize,
    questions: &'a dyn Questions,
    reporter: &'a dyn Reporter,
    tag: Decision<bool>,
    release: Decision<bool>,
    tracking: Decision<Tracking>,
}

/// What was decided on questions of one kind.
enum Decision<T> {
    /// None of them was asked yet.
    Open,
    /// Each has an answer of its own.
    Each,
    /// One answer is for all.
    All(T),
}

impl<T: Copy> Decision<T> {
    /// The answer to one more question. After the first of its kind it is asked, once, whether the
    /// answer is for all.
    fn answer(&mut self, questions: &dyn Questions, ask: impl FnOnce() -> T) -> T {
        if let Self::All(answer) = self {
            return *answer;
        }
        let answer = ask();
        if matches!(self, Self::Open) {
            *self = if questions::remember(questions) {
                Self::All(answer)
            } else {
                Self::Each
            };
        }
        answer
    }
}

impl<'a> Suggest<'a> {
    pub(super) fn new(questions: &'a dyn Questions, reporter: &'a dyn Reporter) -> Self {
        Self {
            asked: false,
            changes: 0,
            questions,
            reporter,
            tag: Decision::Open,
            release: Decision::Open,
            tracking: Decision::Open,
        }
    }

    /// Proposes a tag in place of a commit id, the newest release in place of nothing, and a range in place
    /// of the version that came of it; changes the entry as it is wanted.
    pub(super) fn improve(&mut self, entry: &mut Dependency, releases: &Releases) {
        let questions = self.questions;
        let tag = equivalent(&releases.of_commit).filter(|tag| *tag != entry.reference);
        if let Some(tag) = tag {
            self.open();
            let ask = || questions::use_tag(questions, &entry.name, &entry.reference, tag);
            if self.tag.answer(questions, ask) {
                // Glide text
                self.change(entry, tag.to_owned(), "the tag", "commit id");
            }
        }
        let latest = version::latest(releases.tags.iter().map(String::as_str));
        if let Some(latest) = latest.filter(|_| entry.reference.is_empty()) {
            self.open();
            let ask = || questions::use_release(questions, &entry.name, latest);
            if self.release.answer(questions, ask) {
                self.change(entry, latest.to_owned(), "the release", "");
            }
        }
        if let Some(version) = Version::parse(&entry.reference) {
            self.open();
            let ask = || questions::tracking(questions, &entry.name, &version);
            let tracking = self.tracking.answer(questions, ask);
            if let Some(range) = tracking.range(&version) {
                self.change(entry, range, "the range", "the version");
            }
        }
    }

    /// Glide's heading, before the first question.
    fn open(&mut self) {
        if !self.asked {
            self.reporter.info("Here are some suggestions..."); // Glide text
        }
        self.asked = true;
    }

    fn change(&mut self, entry: &mut Dependency, to: String, what: &str, instead: &str) {
        let old = match entry.reference.as_str() {
            "" => "no release".to_owned(),
            old => format!("{instead} {old}"),
        };
        // Glide text
        let message = format!(
            "Updating {} to use {what} {to} instead of {old}",
            entry.name
        );
        self.reporter.info(message);
        entry.reference = to;
        self.changes += 1;
    }
}

/// The tag that stands for a commit: the first that is a version, else the first.
fn equivalent(tags: &[String]) -> Option<&str> {
    let version = tags.iter().find(|tag| Version::parse(tag).is_some());
    version.or_else(|| tags.first()).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::report::{Question, Silent};

    /// Answers by the first letter of a choice; what was asked is kept by its first letters.
    struct Script(Mutex<Vec<char>>);

    impl Questions for Script {
        fn ask(&self, question: &Question<'_>) -> usize {
            let mut answers = self.0.lock().unwrap();
            assert!(!answers.is_empty(), "asked too often: {}", question.text);
            let answer = answers.remove(0);
            let is_it = |words: &&[&str]| words[0].starts_with(answer);
            question.choices.iter().position(is_it).unwrap()
        }
    }

    /// Entries as `VERSION: TAGS (TAGS OF COMMIT)`, answers as letters, versions afterwards.
    #[track_caller]
    fn check(entries: &[(&str, &[&str], &[&str])], answers: &str, expected: &[&str]) {
        let script = Script(Mutex::new(answers.chars().collect()));
        let reporter = Silent::default();
        let mut suggest = Suggest::new(&script, &reporter);
        let owned = |tags: &[&str]| tags.iter().map(|&tag| tag.to_owned()).collect();
        let improved = entries.iter().map(|(reference, tags, of_commit)| {
            let mut entry = Dependency {
                reference: (*reference).to_owned(),
                ..Dependency::named("a.b/c")
            };
            let releases = Releases {
                tags: owned(tags),
                of_commit: owned(of_commit),
            };
            suggest.improve(&mut entry, &releases);
            entry.reference
        });
        assert_eq!(improved.collect::<Vec<_>>(), expected);
        assert!(script.0.lock().unwrap().is_empty(), "asked too rarely");
    }

    const TAGS: &[&str] = &["old", "v1.0.0", "v1.2.0-rc.1", "1.2.0-rc.1"];

    #[test]
    fn of_a_commits_tags_the_first_version_counts() {
        check(
            &[("abcd", TAGS, &["old", "v1.0.0", "1.0"])],
            "ynsn",
            &["v1.0.0"],
        );
        check(&[("abcd", TAGS, &["old", "older"])], "yn", &["old"]);
        check(&[("abcd", TAGS, &["old"])], "nn", &["abcd"]);
        check(&[("abcd", TAGS, &[])], "", &["abcd"]);
    }

    #[test]
    fn the_newest_release_may_take_the_place_of_nothing_and_become_a_range() {
        check(&[("", TAGS, &[])], "ynpn", &["~1.2.0-rc.1"]);
        check(&[("", TAGS, &[])], "nn", &[""]);
        check(&[("", &["old"], &[])], "", &[""]);
        check(&[("master", TAGS, &[])], "", &["master"]);
    }

    #[test]
    fn an_answer_holds_for_all_that_follow_or_none() {
        let entry = ("", TAGS, &[][..]);
        let minor = "^1.2.0-rc.1";
        check(&[entry; 3], "yymy", &[minor; 3]);
        check(&[entry; 3], "ny", &[""; 3]);
        check(&[entry; 2], "ynmnn", &[minor, ""]);
        check(&[entry; 2], "ynmnys", &[minor, "v1.2.0-rc.1"]);
    }
}
