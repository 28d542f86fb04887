//! From a text to the licences that it is, or holds.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, OnceLock, PoisonError};

use spdx::detection::{Store, TextData};

use super::known;
use super::text::plain;
use crate::model::sha256_hex;

/// A text less alike than this is another one.
const ALIKE: f32 = 0.9;
/// A text more alike than this is not searched for further ones.
const SAME: f32 = 0.99;
/// No more licences are looked for in one text.
const MAX_LICENCES: usize = 12;
/// More is not kept for the next run.
const MAX_REMEMBERED: usize = 20_000;

/// What a text was found to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// SPDX ids of licences and exceptions in byte order, and how alike the texts are, in percent.
    pub(super) ids: Vec<(String, u8)>,
    /// How many words belong to none of them.
    pub(super) other_words: usize,
}

/// Tells licences by their texts. What it was told in earlier runs it need not find out again.
#[derive(Default)]
pub struct Reader {
    store: OnceLock<Store>,
    remembered: Mutex<BTreeMap<String, Told>>,
    /// What this run has added.
    new: Mutex<usize>,
}

impl Reader {
    /// One that remembers what [`remembered`](Self::remembered) gave in an earlier run. What makes no sense
    /// is as good as nothing.
    pub fn new(remembered: &[u8]) -> Self {
        let text = std::str::from_utf8(remembered).unwrap_or_default();
        let mut lines = text.lines();
        let fits = lines.next() == Some(known::edition().as_str());
        let told = lines.filter(|_| fits).filter_map(line);
        Self {
            remembered: Mutex::new(told.take(MAX_REMEMBERED).collect()),
            ..Self::default()
        }
    }

    /// What to keep for the next run; `None` where nothing is new.
    pub fn remembered(&self) -> Option<Vec<u8>> {
        let new = *self.new.lock().unwrap_or_else(PoisonError::into_inner);
        if new == 0 {
            return None;
        }
        let remembered = self.remembered.lock();
        let remembered = remembered.unwrap_or_else(PoisonError::into_inner);
        let mut text = format!("{}\n", known::edition());
        for (hash, told) in remembered.iter().take(MAX_REMEMBERED) {
            let ids = told.ids.iter().map(|(id, score)| format!(" {id}:{score}"));
            // A text in memory takes all that it is given.
            let _ = writeln!(
                text,
                "{hash} {}{}",
                told.other_words,
                ids.collect::<String>()
            );
        }
        Some(text.into_bytes())
    }

    /// Which licences the text is; `None` where it is no text.
    pub(super) fn read(&self, bytes: &[u8]) -> Option<Told> {
        let hash = sha256_hex(bytes);
        let lock = || {
            self.remembered
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        if let Some(told) = lock().get(&hash) {
            return Some(told.clone());
        }
        let told = self.compared(&plain(bytes)?);
        *self.new.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        lock().insert(hash, told.clone());
        Some(told)
    }

    /// Finds the licence that the text is most like, takes its lines out, and looks at what is left.
    fn compared(&self, text: &str) -> Told {
        let texts = self.store.get_or_init(known::store);
        let mut ids: BTreeMap<&str, f32> = BTreeMap::new();
        let mut left: Vec<&str> = text.split('\n').collect();
        for _ in 0..MAX_LICENCES {
            let compared = TextData::new(&left.join("\n"));
            let nearest = texts.analyze(&compared);
            let (lines, score) = if nearest.score > SAME {
                (0..left.len(), nearest.score)
            } else {
                let (found, score) = compared.optimize_bounds(nearest.data);
                let (from, to) = found.lines_view();
                if score >= nearest.score {
                    (from..to, score)
                } else {
                    (0..left.len(), nearest.score)
                }
            };
            if score < ALIKE || lines.is_empty() {
                break;
            }
            let best = ids.entry(known::id(nearest.name)).or_default();
            *best = best.max(score);
            // Blank lines in their place would lead the search for others astray.
            left.drain(lines);
            if left.iter().all(|line| line.trim().is_empty()) {
                break;
            }
        }
        let ids = ids
            .into_iter()
            .map(|(id, score)| (id.to_owned(), percent(score)));
        Told {
            ids: ids.collect(),
            other_words: words(&left),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a score is between 0 and 1, and the cast keeps what is not between 0 and 255"
)]
fn percent(score: f32) -> u8 {
    (score * 100.0) as u8
}

/// How many words the lines have; those about copyright do not count.
fn words(lines: &[&str]) -> usize {
    let lines = lines.iter().map(|line| line.to_ascii_lowercase());
    let counted = lines.filter(|line| {
        let about = ["copyright", "rights reserved", "license", "licence", "http"];
        !about.iter().any(|word| line.contains(word))
    });
    let words = counted.map(|line| {
        let words = line.split_whitespace();
        words
            .filter(|word| word.chars().any(char::is_alphabetic))
            .count()
    });
    words.sum()
}

/// One remembered text: its hash, the number of other words, ids with their percents.
fn line(line: &str) -> Option<(String, Told)> {
    let mut parts = line.split(' ');
    let hash = parts.next().filter(|hash| hash.len() == 64)?;
    let other_words = parts.next()?.parse().ok()?;
    let ids = parts.map(|part| {
        let (id, score) = part.split_once(':')?;
        let is_known = known::excepts_from(id).is_some() || spdx::license_id(id).is_some();
        is_known.then_some(())?;
        Some((id.to_owned(), score.parse().ok()?))
    });
    let ids = ids.collect::<Option<_>>()?;
    Some((hash.to_owned(), Told { ids, other_words }))
}
