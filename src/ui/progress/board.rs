//! What is under way, and how it looks at a given moment.
//!
//! A headline with the name of the phase, a bar and amounts; below it the downloads that take longest.
//! Amounts stand in columns of their own, so that nothing but digits changes from frame to frame. Time is
//! handed in: the same story gives the same frames.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::measure::{Rate, bytes, clock, fitted, one_line, width};

/// What takes less than this is not shown.
pub(super) const PATIENCE: Duration = Duration::from_millis(250);
/// The same for a single download.
const SLOW: Duration = Duration::from_millis(500);
/// How many downloads are shown.
const SHOWN: usize = 3;
/// More columns than this are left empty.
const WIDEST: usize = 100;
/// With fewer there is the headline alone, without a bar.
const NARROW: usize = 40;
/// With fewer there is no column for rates.
const RATES_FROM: usize = 60;
/// A terminal with fewer lines has room for the headline alone.
const LOW: usize = 8;
/// What an amount takes, the space in front of it included.
const AMOUNT: usize = 11;
/// The same for a rate.
const RATE: usize = 13;
/// A bar shorter than this says nothing.
const SHORTEST_BAR: usize = 8;

const GREEN: &str = "\x1b[32m";
const DIM: &str = "\x1b[2m";
const BOLD: &str = "\x1b[1m";
const PLAIN: &str = "\x1b[m";

/// Names a piece of work or a download.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Id(u64);

/// Everything that is under way.
#[derive(Debug)]
pub(super) struct Board {
    color: bool,
    next: u64,
    /// The last one has the headline.
    work: Vec<Work>,
    downloads: Vec<Download>,
    /// What has come in downloads that are over, and how many these are.
    came: u64,
    answers: usize,
    /// When something was first under way without a pause.
    since: Option<Instant>,
    ended: Option<Instant>,
}

#[derive(Debug)]
struct Work {
    id: Id,
    what: String,
    /// `None` where nobody knows.
    total: Option<usize>,
    done: usize,
    /// The last step that was done.
    last: String,
    started: Instant,
    /// What had come before, and in how many downloads.
    before: u64,
    answers: usize,
    rate: Rate,
}

#[derive(Debug)]
struct Download {
    id: Id,
    from: String,
    started: Instant,
    came: Arc<AtomicU64>,
    rate: Rate,
}

impl Board {
    pub(super) fn new(color: bool) -> Self {
        Self {
            color,
            next: 0,
            work: Vec::new(),
            downloads: Vec::new(),
            came: 0,
            answers: 0,
            since: None,
            ended: None,
        }
    }

    /// Whether there is nothing to show, now or later.
    pub(super) fn is_idle(&self) -> bool {
        self.work.is_empty()
    }

    fn id(&mut self) -> Id {
        self.next += 1;
        Id(self.next)
    }

    /// Begins a piece of work of `total` steps.
    pub(super) fn begin(&mut self, what: &str, total: Option<usize>, now: Instant) -> Id {
        if self.work.is_empty() {
            // What follows at once goes on in the same display.
            let just_now = |ended: Instant| now.duration_since(ended) < PATIENCE;
            if !self.ended.is_some_and(just_now) {
                self.since = Some(now);
            }
        }
        let (id, before) = (self.id(), self.received());
        self.work.push(Work {
            id,
            what: one_line(what),
            total,
            done: 0,
            last: String::new(),
            started: now,
            before,
            answers: self.answers,
            rate: Rate::new(now, before),
        });
        id
    }

    /// A step is done.
    pub(super) fn step(&mut self, id: Id, label: &str) {
        if let Some(work) = self.work.iter_mut().find(|work| work.id == id) {
            work.done += 1;
            label.clone_into(&mut work.last);
        }
    }

    /// Ends a piece of work.
    pub(super) fn end(&mut self, id: Id, now: Instant) {
        self.work.retain(|work| work.id != id);
        if self.work.is_empty() {
            self.ended = Some(now);
        }
    }

    /// Begins a download; what comes is counted in what is given back.
    pub(super) fn download(&mut self, from: &str, now: Instant) -> (Id, Arc<AtomicU64>) {
        let (id, came) = (self.id(), Arc::new(AtomicU64::new(0)));
        self.downloads.push(Download {
            id,
            from: named(from),
            started: now,
            came: Arc::clone(&came),
            rate: Rate::new(now, 0),
        });
        (id, came)
    }

    /// Ends a download.
    pub(super) fn downloaded(&mut self, id: Id) {
        if let Some(place) = self.downloads.iter().position(|known| known.id == id) {
            let over = self.downloads.remove(place);
            self.came += over.came.load(Ordering::Relaxed);
            self.answers += 1;
        }
    }

    /// What has come from remotes so far.
    fn received(&self) -> u64 {
        let coming = self.downloads.iter();
        let coming = coming.map(|download| download.came.load(Ordering::Relaxed));
        self.came + coming.sum::<u64>()
    }

    /// The lines to show on a terminal of so many columns and lines; none while it is not worth it.
    pub(super) fn frame(&mut self, now: Instant, (columns, lines): (usize, usize)) -> Vec<String> {
        let early = |since: Instant| now.duration_since(since) < PATIENCE;
        // The last column stays free: a terminal may wrap at it.
        let columns = columns.saturating_sub(1).min(WIDEST);
        if self.since.is_none_or(early) || lines < 2 || columns == 0 {
            return Vec::new();
        }
        let received = self.received();
        let (paint, answers) = (Paint(self.color), self.answers);
        let Some(work) = self.work.last_mut() else {
            return Vec::new();
        };
        let came = received.saturating_sub(work.before);
        let rate = work.rate.of(now, received).filter(|_| came > 0);
        let tally = Tally {
            came,
            rate,
            answers: answers - work.answers,
        };
        let mut frame = vec![work.headline(now, columns, &tally, paint)];
        if columns < NARROW || lines < LOW {
            return frame;
        }
        frame.extend(rows(&mut self.downloads, now, columns));
        if frame.len() == 1 && !work.last.is_empty() {
            let last = fitted(&format!("  {}", one_line(&work.last)), columns);
            frame.push(paint.with(DIM, last.trim_end()));
        }
        frame
    }
}

/// The downloads that have been under way for longest, those that nothing comes from last.
fn rows(downloads: &mut [Download], now: Instant, columns: usize) -> Vec<String> {
    let is_slow = |download: &&mut Download| now.duration_since(download.started) >= SLOW;
    let came = |download: &Download| download.came.load(Ordering::Relaxed);
    let mut slow: Vec<_> = downloads.iter_mut().filter(is_slow).collect();
    slow.sort_by_key(|download| (came(download) == 0, download.started));
    let shown = slow.into_iter().take(SHOWN);
    shown
        .map(|download| {
            let count = came(download);
            let rate = download.rate.of(now, count).filter(|_| count > 0);
            let left = columns - amounts_width(columns);
            let name = fitted(&download.from, left - 2);
            let row = format!("  {name}{}", amounts(columns, count, rate, "waiting"));
            row.trim_end().to_owned()
        })
        .collect()
}

/// How many columns amounts take.
fn amounts_width(columns: usize) -> usize {
    if columns < RATES_FROM {
        AMOUNT
    } else {
        AMOUNT + RATE
    }
}

/// The columns of amounts; `nothing` stands where nothing has come.
fn amounts(columns: usize, count: u64, rate: Option<u64>, nothing: &str) -> String {
    let count = match count {
        0 => nothing.to_owned(),
        count => bytes(count),
    };
    let rate = rate.map(|rate| format!("{}/s", bytes(rate)));
    let rate = rate.unwrap_or_default();
    if columns < RATES_FROM {
        format!("{count:>AMOUNT$}")
    } else {
        format!("{count:>AMOUNT$}{rate:>RATE$}")
    }
}

/// What remotes have sent during a piece of work.
struct Tally {
    came: u64,
    rate: Option<u64>,
    answers: usize,
}

impl Work {
    fn headline(&self, now: Instant, columns: usize, tally: &Tally, paint: Paint) -> String {
        let count = self.total.map(|total| {
            let (done, digits) = (self.done.min(total), total.to_string().len());
            format!("{done:>digits$}/{total}")
        });
        if columns < NARROW {
            let counted = count.map(|count| format!(" {count}"));
            let text = format!("{}{}", self.what, counted.unwrap_or_default());
            return fitted(&text, columns).trim_end().to_owned();
        }
        let time = clock(now.duration_since(self.started));
        let count = count.unwrap_or_else(|| match tally.answers {
            0 => String::new(),
            1 => "1 answer".to_owned(),
            answers => format!("{answers} answers"),
        });
        let tail = format!("{count} {time:>5}");
        let left = columns - amounts_width(columns);
        // A space on each side of the bar.
        let room = left.saturating_sub(width(&tail) + 2);
        let what = if width(&self.what) > room {
            fitted(&self.what, room)
        } else {
            self.what.clone()
        };
        let bar = self.bar(room.saturating_sub(width(&what)), paint);
        let what = paint.with(BOLD, &what);
        let amounts = amounts(columns, tally.came, tally.rate, "");
        let headline = format!("{what} {bar} {tail}{amounts}");
        headline.trim_end().to_owned()
    }

    /// How much is done; only room where nobody knows, or where there is too little of it.
    fn bar(&self, length: usize, paint: Paint) -> String {
        let Some(total) = self.total.filter(|_| length >= SHORTEST_BAR) else {
            return " ".repeat(length);
        };
        let filled = length * self.done.min(total) / total.max(1);
        let (done, rest) = ("━".repeat(filled), "─".repeat(length - filled));
        format!("{}{}", paint.with(GREEN, &done), paint.with(DIM, &rest))
    }
}

/// Whether there are colours.
#[derive(Clone, Copy)]
struct Paint(bool);

impl Paint {
    fn with(self, color: &str, text: &str) -> String {
        if self.0 && !text.is_empty() {
            format!("{color}{text}{PLAIN}")
        } else {
            text.to_owned()
        }
    }
}

/// An address as people call it: without the scheme, the user and `.git`.
fn named(address: &str) -> String {
    let address = one_line(address);
    let rest = match address.split_once("://") {
        Some((_, rest)) => rest,
        None => &address,
    };
    let host = rest.split('/').next().unwrap_or_default();
    let user = host.rfind('@').map_or(0, |at| at + 1);
    let rest = rest[user..].trim_end_matches('/');
    rest.strip_suffix(".git").unwrap_or(rest).to_owned()
}
