//! Amounts, times and names in so many columns.

use std::time::{Duration, Instant};

use indicatif::DecimalBytes;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::ui::harmless;

/// What stands for the beginning of a name that is too long.
const CUT: char = '…';

/// How often the anchor of a rate moves.
const WINDOW: Duration = Duration::from_secs(2);

/// Bytes as people read them, in ten columns at most: `512 B`, `3.40 MB`, `999.99 kB`.
pub(super) fn bytes(bytes: u64) -> String {
    DecimalBytes(bytes).to_string()
}

/// A time as a clock shows it: `0:04`, `12:30`.
pub(super) fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// How many columns a text takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// A text from outside on one line, unable to drive the terminal.
pub(super) fn one_line(text: &str) -> String {
    harmless(text).replace(['\n', '\t'], " ")
}

/// The end of a name, in so many columns exactly.
pub(super) fn fitted(name: &str, columns: usize) -> String {
    let mut room = columns.saturating_sub(width(name));
    if width(name) <= columns {
        return format!("{name}{}", " ".repeat(room));
    }
    let mut tail = Vec::new();
    room = columns.saturating_sub(1);
    for character in name.chars().rev() {
        let takes = character.width().unwrap_or(0);
        if takes > room {
            break;
        }
        room -= takes;
        tail.push(character);
    }
    let mark = (columns > 0).then_some(CUT);
    let filling = std::iter::repeat_n(' ', room);
    mark.into_iter()
        .chain(tail.into_iter().rev())
        .chain(filling)
        .collect()
}

/// How fast something comes: over the last two to four seconds, so that the number is calm.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rate {
    anchors: [(Instant, u64); 2],
}

impl Rate {
    /// Of what comes from now on.
    pub(super) fn new(now: Instant, count: u64) -> Self {
        Self {
            anchors: [(now, count); 2],
        }
    }

    /// How many come a second; nothing before there is any telling.
    pub(super) fn of(&mut self, now: Instant, count: u64) -> Option<u64> {
        if now.duration_since(self.anchors[1].0) >= WINDOW {
            self.anchors = [self.anchors[1], (now, count)];
        }
        let (then, before) = self.anchors[0];
        let passed = now.duration_since(then).as_millis();
        let came = u128::from(count.saturating_sub(before));
        (passed >= 500).then(|| u64::try_from(came * 1000 / passed).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_take_ten_columns_at_most() {
        for (count, shown) in [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.00 kB"),
            (12_345, "12.35 kB"),
            (999_990, "999.99 kB"),
            (999_999, "1000.00 kB"),
            (1_000_000, "1.00 MB"),
            (3_450_000_000, "3.45 GB"),
        ] {
            assert_eq!(bytes(count), shown);
            assert!(shown.len() <= 10);
        }
    }

    #[test]
    fn a_name_is_cut_in_front_and_fills_its_columns() {
        assert_eq!(fitted("a/b", 5), "a/b  ");
        assert_eq!(fitted("github.com/a/b", 6), "…m/a/b");
        // A wide character is not cut in halves.
        assert_eq!(fitted("ab世界", 4), "…界 ");
        for columns in 0..8 {
            assert_eq!(width(&fitted("ab世界世界", columns)), columns);
        }
    }

    #[test]
    fn what_comes_from_outside_stays_on_its_line() {
        assert_eq!(one_line("a\nb\t\x1b[2J"), "a b \\u{1b}[2J");
    }

    #[test]
    fn a_rate_forgets_what_is_long_ago() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut rate = Rate::new(start, 0);
        assert_eq!(rate.of(start + Duration::from_millis(100), 10), None);
        assert_eq!(rate.of(at(1), 1000), Some(1000));
        assert_eq!(rate.of(at(2), 4000), Some(2000));
        assert_eq!(rate.of(at(4), 4000), Some(0));
        assert_eq!(rate.of(at(6), 6000), Some(1000));
    }
}
