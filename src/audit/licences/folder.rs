//! The licences that the files of one folder hold, and how they go together.

use std::collections::BTreeSet;

use super::reader::Told;
use super::terms::Terms;
use super::{Confidence, Identified, known, text};

/// More words than this beside a licence may change what it grants.
const FEW_WORDS: usize = 80;
/// A file with more words than this is no mere pointer to a licence.
const POINTER_WORDS: usize = 150;

/// What a file is by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A licence.
    Licence,
    /// What a visitor reads first.
    Readme,
    /// Go code.
    Source,
}

/// What a file of that name is.
pub(super) fn kind(name: &str) -> Option<Kind> {
    let name = name.to_ascii_lowercase();
    let (stem, ending) = name.split_once('.').unwrap_or((&name, ""));
    let ending = ending.rsplit('.').next().unwrap_or_default();
    if ending == "go" {
        return Some(Kind::Source);
    }
    let is_text = matches!(
        ending,
        "" | "txt" | "md" | "markdown" | "rst" | "html" | "htm" | "adoc" | "asciidoc"
    );
    let starts = ["license", "licence", "copying", "unlicense", "unlicence"];
    let ends = ["-license", "-licence", "_license", "_licence", "-license-2"];
    let is_named = starts.iter().any(|word| stem.starts_with(word))
        || ends.iter().any(|word| stem.ends_with(word));
    // `LICENSE.libyaml` and `LICENSE-2.0.txt` are licences, `license.rb` is code.
    let is_code = matches!(
        ending,
        "c" | "cc"
            | "cpp"
            | "css"
            | "csv"
            | "gif"
            | "h"
            | "hpp"
            | "java"
            | "jpg"
            | "js"
            | "json"
            | "lock"
            | "php"
            | "pl"
            | "png"
            | "proto"
            | "py"
            | "rb"
            | "rs"
            | "sh"
            | "sig"
            | "asc"
            | "svg"
            | "tmpl"
            | "toml"
            | "tpl"
            | "ts"
            | "xml"
            | "yaml"
            | "yml"
    );
    if is_named && !is_code {
        Some(Kind::Licence)
    } else if stem == "readme" && is_text {
        Some(Kind::Readme)
    } else {
        None
    }
}

/// What the licence files of a folder hold.
#[derive(Default)]
pub(super) struct Held {
    /// SPDX ids.
    ids: Vec<String>,
    /// SPDX ids of exceptions to one of these.
    exceptions: BTreeSet<String>,
    /// Expressions that files have in place of a text.
    expressions: Vec<String>,
    /// Files that hold no licence but speak of some.
    pointers: Vec<(String, Vec<&'static str>)>,
    /// Whether one of the files lets its reader choose.
    is_choice: bool,
}

impl Held {
    /// Whether it makes a difference if there is a choice.
    pub(super) fn may_choose(&self) -> bool {
        self.ids.len() > 1 && !self.is_choice
    }

    /// Adds a file.
    pub(super) fn add(&mut self, file: String, told: Told, text: &str, found: &mut Identified) {
        let lower = text.to_ascii_lowercase();
        let adds_clause = lower.contains("commons clause");
        if adds_clause {
            let why = "it adds the Commons Clause, which takes away the right to sell";
            found.unknown.push((file.clone(), why.to_owned()));
        }
        if told.ids.is_empty() {
            if !adds_clause {
                self.add_unread(file, text, found);
            }
            return;
        }
        let is_whole = told.other_words <= FEW_WORDS;
        if told.other_words > 0 || told.ids.len() > 1 {
            self.is_choice |= text::lets_choose(text);
        }
        for (id, score) in told.ids {
            let mut line = format!("{file} is {id}");
            if score < 99 {
                line = format!("{line}, {score} % alike");
            }
            if score < 95 || !is_whole {
                found.confidence = found.confidence.min(Confidence::Medium);
            }
            if !is_whole {
                line = format!(
                    "{line}, among {} words of none that is known",
                    told.other_words
                );
            }
            found.evidence.push(line);
            if known::excepts_from(&id).is_some() {
                self.exceptions.insert(id);
            } else if !self.ids.contains(&id) {
                self.ids.push(id);
            }
        }
    }

    /// Adds a file that is the text of no licence: it may say in a few words which one it means.
    fn add_unread(&mut self, file: String, text: &str, found: &mut Identified) {
        let named = text::identifiers(text).next().unwrap_or(text.trim());
        if let Some(expression) = super::terms::expression(named) {
            found.confidence = found.confidence.min(Confidence::Medium);
            found.evidence.push(format!("{file} says {expression}"));
            self.expressions.push(expression);
            return;
        }
        // In such a file every line is about licences.
        let ids = text::mentioned(&format!("license {}", text.replace('\n', " ")));
        let words = text.split_whitespace().count();
        if ids.is_empty() || words > POINTER_WORDS {
            let why = "it is the text of no licence that is known".to_owned();
            found.unknown.push((file, why));
        } else {
            self.is_choice |= text::lets_choose(text);
            self.pointers.push((file, ids));
        }
    }

    /// Adds what all files come to, once the README has been asked whether there is a choice.
    pub(super) fn settle(
        mut self,
        readme: Option<&str>,
        terms: &mut Terms,
        found: &mut Identified,
    ) {
        for (file, ids) in std::mem::take(&mut self.pointers) {
            let unread: Vec<_> = ids
                .into_iter()
                .filter(|id| !self.ids.iter().any(|known| known == id))
                .collect();
            if !unread.is_empty() {
                found.confidence = Confidence::Low;
                let names = unread.join(", ");
                found
                    .evidence
                    .push(format!("{file} speaks of {names}, without its text"));
                self.ids.extend(unread.into_iter().map(str::to_owned));
            }
        }
        self.absorb();
        self.ids.sort_unstable();
        self.except();
        let is_choice = self.is_choice || readme.is_some_and(text::lets_choose);
        // Of three licences one is often that of a part, and nobody says which.
        let is_choice = is_choice && self.ids.len() == 2;
        if self.ids.len() > 1 && !is_choice {
            found.confidence = Confidence::Low;
            let line =
                "nothing says whether one of the licences may be chosen, so all are taken to hold";
            found.evidence.push(line.to_owned());
        }
        terms.add(&self.ids, is_choice);
        for expression in self.expressions {
            terms.add_expression(&expression);
        }
    }

    /// Adds exceptions to the licences that they are made for. One without its licence grants nothing.
    fn except(&mut self) {
        for exception in std::mem::take(&mut self.exceptions) {
            let licence = known::excepts_from(&exception).unwrap_or_default();
            let mut ids = self.ids.iter_mut();
            let plain = ids.find(|id| id.starts_with(licence) && !id.contains(' '));
            if let Some(id) = plain {
                *id = format!("{id} WITH {exception}");
            }
        }
    }

    /// The third version of the LGPL only adds to the GPL, whose text has to stand beside it.
    fn absorb(&mut self) {
        if self.ids.iter().any(|id| id.starts_with("LGPL-3.0")) {
            self.ids.retain(|id| !id.starts_with("GPL-3.0"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_their_names() {
        #[track_caller]
        fn check(names: &str, expected: Option<Kind>) {
            for name in names.split_whitespace() {
                assert_eq!(kind(name), expected, "{name}");
            }
        }
        check(
            "LICENSE LICENSE.md LICENCE.txt license LICENSE-MIT LICENSE.libyaml LICENSE-2.0.txt COPYING \
             COPYING.LESSER UNLICENSE MIT-LICENSE.txt MIT_LICENSE LICENSES APACHE-LICENSE-2.0.txt",
            Some(Kind::Licence),
        );
        check(
            "README README.md readme.rst ReadMe.markdown",
            Some(Kind::Readme),
        );
        check("a.go license.go README.go", Some(Kind::Source));
        check(
            "NOTICE license.rb licenses.json PATENTS README.png LICENSE.yml relicense.txt",
            None,
        );
    }
}
