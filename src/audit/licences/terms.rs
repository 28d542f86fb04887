//! SPDX expressions out of what files grant.

use spdx::identifiers::{EXCEPTIONS, LICENSES};
use spdx::{Expression, ParseMode};

/// Terms that all hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Terms(Vec<String>);

impl Terms {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds licences: one of them is to be chosen, or all hold.
    pub(super) fn add<S: AsRef<str>>(&mut self, ids: &[S], is_choice: bool) {
        let ids: Vec<&str> = ids.iter().map(AsRef::as_ref).collect();
        if is_choice && ids.len() > 1 {
            self.push(ids.join(" OR "));
        } else {
            for id in ids {
                self.push(id.to_owned());
            }
        }
    }

    /// Adds what somebody wrote down as an expression; whether it is one.
    pub(super) fn add_expression(&mut self, text: &str) -> bool {
        match expression(text) {
            Some(text) => self.push(text),
            None => return false,
        }
        true
    }

    /// Adds a term, unless it is there already with its choices in another order.
    fn push(&mut self, term: String) {
        let choices = |term: &str| {
            let choices = term.split(" OR ").map(str::to_owned);
            choices.collect::<std::collections::BTreeSet<_>>()
        };
        if !self.0.iter().any(|known| choices(known) == choices(&term)) {
            self.0.push(term);
        }
    }

    /// All of it as one expression; `None` where there is nothing.
    pub(super) fn expression(&self) -> Option<String> {
        let grouped = |term: &String| {
            if term.contains(" OR ") && self.0.len() > 1 {
                format!("({term})")
            } else {
                term.clone()
            }
        };
        let all: Vec<_> = self.0.iter().map(grouped).collect();
        (!all.is_empty()).then(|| all.join(" AND "))
    }
}

/// The expression that a text is, in the spelling of the SPDX list.
pub(super) fn expression(text: &str) -> Option<String> {
    // What the parser takes apart on its stack must not be deep.
    if text.len() > 400 || text.matches('(').count() > 20 {
        return None;
    }
    let text = spelled(text);
    let canonical = Expression::canonicalize(&text).ok()?;
    let text = canonical.unwrap_or(text);
    let parsed = Expression::parse_mode(&text, ParseMode::LAX).ok()?;
    Some(parsed.to_string())
}

/// Words of expressions and ids in their own spelling; people mix small letters and capitals.
fn spelled(text: &str) -> String {
    let mut spelled = String::with_capacity(text.len());
    for part in text.split_inclusive([' ', '(', ')', '/']) {
        let word = part.trim_end_matches([' ', '(', ')', '/']);
        let known = LICENSES.iter().map(|licence| licence.name);
        let known = known.chain(EXCEPTIONS.iter().map(|exception| exception.name));
        let operators = ["AND", "OR", "WITH"].into_iter();
        let own = known
            .chain(operators)
            .find(|own| own.eq_ignore_ascii_case(word));
        spelled.push_str(own.unwrap_or(word));
        spelled.push_str(&part[word.len()..]);
    }
    spelled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_become_one_expression() {
        #[track_caller]
        fn check(parts: &[(&[&str], bool)], expected: Option<&str>) {
            let mut terms = Terms::default();
            for (ids, is_choice) in parts {
                terms.add(ids, *is_choice);
            }
            assert_eq!(terms.expression().as_deref(), expected);
        }
        check(&[], None);
        check(&[(&["MIT"], true)], Some("MIT"));
        check(&[(&["Apache-2.0", "MIT"], true)], Some("Apache-2.0 OR MIT"));
        check(
            &[(&["Apache-2.0", "MIT"], false)],
            Some("Apache-2.0 AND MIT"),
        );
        check(
            &[
                (&["Apache-2.0", "MIT"], true),
                (&["ISC"], false),
                (&["ISC"], false),
            ],
            Some("(Apache-2.0 OR MIT) AND ISC"),
        );
    }

    #[test]
    fn what_is_written_down_is_read_as_spdx_has_it() {
        #[track_caller]
        fn check(text: &str, expected: Option<&str>) {
            assert_eq!(expression(text).as_deref(), expected);
        }
        check("MIT", Some("MIT"));
        check("mit or apache-2.0", Some("MIT OR Apache-2.0"));
        check("GPL-2.0+", Some("GPL-2.0-or-later"));
        check(
            "GPL-2.0-only WITH Classpath-exception-2.0",
            Some("GPL-2.0-only WITH Classpath-exception-2.0"),
        );
        check(
            "apache-2.0 with llvm-EXCEPTION",
            Some("Apache-2.0 WITH LLVM-exception"),
        );
        check("MIT/Apache-2.0", Some("MIT OR Apache-2.0"));
        check("LicenseRef-Mine", Some("LicenseRef-Mine"));
        check("Proprietary", None);
        check("", None);
        check(&"(".repeat(5000), None);
        check("see LICENSE", None);
    }
}
