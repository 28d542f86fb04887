//! What stands on a terminal, frame by frame: a terminal in memory is told what a real one would be.

use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::board::{Board, Id};
use super::canvas::Canvas;

/// A terminal, what is under way, and the time.
struct Stage {
    terminal: vt100::Parser,
    board: Board,
    canvas: Canvas,
    now: Instant,
    /// Everything that was written.
    written: String,
}

impl Stage {
    fn new(columns: u16, lines: u16) -> Self {
        Self::colored(columns, lines, false)
    }

    fn colored(columns: u16, lines: u16, color: bool) -> Self {
        Self {
            terminal: vt100::Parser::new(some(lines), some(columns), 100),
            board: Board::new(color),
            canvas: Canvas::default(),
            now: Instant::now(),
            written: String::new(),
        }
    }

    fn put(&mut self, text: &str) {
        self.terminal.process(text.as_bytes());
        self.written.push_str(text);
    }

    /// A frame, so many milliseconds later.
    fn frame(&mut self, later: u64) {
        self.now += Duration::from_millis(later);
        let (lines, columns) = self.terminal.screen().size();
        let size = (usize::from(columns.get()), usize::from(lines.get()));
        let frame = self.board.frame(self.now, size);
        let text = self.canvas.draw(frame, size);
        self.put(&text);
    }

    fn log(&mut self, line: &str) {
        // A terminal makes a line break of what a program writes.
        let text = self.canvas.above(&format!("{line}\r\n"));
        self.put(&text);
    }

    fn erase(&mut self) {
        let text = self.canvas.erase();
        self.put(&text);
    }

    fn begin(&mut self, what: &str, total: Option<usize>) -> Id {
        self.board.begin(what, total, self.now)
    }

    fn download(&mut self, from: &str) -> (Id, Arc<AtomicU64>) {
        self.board.download(from, self.now)
    }

    /// What is to be seen, without what is empty at the end.
    fn shown(&self) -> String {
        let shown = self.terminal.screen().contents();
        let lines: Vec<_> = shown.lines().map(str::trim_end).collect();
        lines.join("\n").trim_end().to_owned()
    }

    #[track_caller]
    fn shows(&self, lines: &[&str]) {
        let shown = self.shown();
        assert_eq!(shown.lines().collect::<Vec<_>>(), lines, "\n{shown}");
    }
}

fn some(count: u16) -> NonZero<u16> {
    NonZero::new(count).expect("a terminal has lines and columns")
}

/// A hundred dependencies, twelve of which are there; five downloads under way.
fn fetching(stage: &mut Stage) -> Vec<(Id, Arc<AtomicU64>)> {
    let task = stage.begin("Fetching", Some(100));
    for _ in 0..12 {
        stage.board.step(task, "github.com/over/already");
    }
    let downloads = [
        ("https://github.com/kubernetes/kubernetes.git", 2_100_000),
        ("git@github.com:aws/aws-sdk-go.git", 640_000),
        ("https://go.googlesource.com/tools", 0),
        ("ssh://user@host.example/a/b", 12_000),
        ("https://github.com/pkg/errors", 900),
    ];
    let downloads = downloads.map(|(from, bytes)| {
        let (id, came) = stage.download(from);
        came.store(bytes, Ordering::Relaxed);
        stage.now += Duration::from_millis(1);
        (id, came)
    });
    downloads.into()
}

#[test]
fn nothing_is_drawn_for_what_is_over_at_once() {
    let mut stage = Stage::new(80, 24);
    let task = stage.begin("Fetching", Some(2));
    stage.frame(0);
    stage.frame(249);
    stage.board.end(task, stage.now);
    stage.frame(1000);
    assert_eq!(stage.written, "");
}

#[test]
fn eighty_columns_hold_the_bar_and_the_slowest_downloads() {
    let mut stage = Stage::new(80, 24);
    let downloads = fetching(&mut stage);
    stage.log("[INFO]\tDownloading dependencies. Please wait...");
    stage.frame(245);
    // Downloads have to be slow to be shown.
    stage.shows(&[
        "[INFO]  Downloading dependencies. Please wait...",
        "Fetching ━━━─────────────────────────────  12/100  0:00    2.75 MB",
        "  github.com/over/already",
    ]);
    stage.frame(750);
    stage.shows(&[
        "[INFO]  Downloading dependencies. Please wait...",
        "Fetching ━━━─────────────────────────────  12/100  0:01    2.75 MB    2.75 MB/s",
        "  github.com/kubernetes/kubernetes                         2.10 MB    2.10 MB/s",
        "  github.com:aws/aws-sdk-go                              640.00 kB  640.64 kB/s",
        "  host.example/a/b                                        12.00 kB   12.04 kB/s",
    ]);
    for (id, came) in &downloads[..2] {
        came.fetch_add(3_000_000, Ordering::Relaxed);
        stage.board.downloaded(*id);
    }
    stage.frame(1000);
    stage.shows(&[
        "[INFO]  Downloading dependencies. Please wait...",
        "Fetching ━━━─────────────────────────────  12/100  0:02    8.75 MB    4.38 MB/s",
        "  host.example/a/b                                        12.00 kB    6.01 kB/s",
        "  github.com/pkg/errors                                      900 B      450 B/s",
        "  go.googlesource.com/tools                                waiting",
    ]);
}

#[test]
fn fewer_columns_hold_less() {
    let mut stage = Stage::new(50, 24);
    fetching(&mut stage);
    stage.frame(1000);
    stage.shows(&[
        "Fetching ━──────────────  12/100  0:01    2.75 MB",
        "  github.com/kubernetes/kubernetes        2.10 MB",
        "  github.com:aws/aws-sdk-go             640.00 kB",
        "  host.example/a/b                       12.00 kB",
    ]);
    for (columns, lines, expected) in [
        (45, 24, "Fetching ━─────────  12/100  0:01    2.75 MB"),
        (41, 24, "Fetching         12/100  0:01    2.75 MB"),
        (40, 24, "Fetching  12/100"),
        (12, 24, "…ng  12/100"),
        (80, 4, "Fetching ━━━──"),
    ] {
        let mut stage = Stage::new(columns, lines);
        fetching(&mut stage);
        stage.frame(1000);
        let shown = stage.shown();
        assert!(shown.starts_with(expected), "{columns}: {shown}");
        assert!(columns > 40 && lines > 4 || shown.lines().count() == 1);
    }
    let mut stage = Stage::new(80, 1);
    fetching(&mut stage);
    stage.frame(1000);
    assert_eq!(stage.written, "");
}

#[test]
fn what_has_no_known_end_has_no_bar() {
    let mut stage = Stage::new(80, 24);
    stage.begin("Resolving", None);
    let (id, came) = stage.download("https://github.com/golang/net");
    came.store(5000, Ordering::Relaxed);
    stage.frame(600);
    stage.board.downloaded(id);
    stage.frame(64_400);
    stage.shows(&[
        "Resolving                                1 answer  1:05    5.00 kB       76 B/s",
    ]);
}

#[test]
fn a_task_has_the_headline_of_its_phase() {
    let mut stage = Stage::new(80, 24);
    let phase = stage.begin("Writing", None);
    let task = stage.begin("Exporting", Some(2));
    stage.board.step(task, "a.example/b\x1b[2J\nc");
    stage.frame(300);
    stage.shows(&[
        "Exporting ━━━━━━━━━━━━━━━━━────────────────── 1/2  0:00",
        "  a.example/b\\u{1b}[2J c",
    ]);
    stage.board.end(task, stage.now);
    stage.frame(100);
    stage.shows(&["Writing                                            0:00"]);
    stage.board.end(phase, stage.now);
    assert!(stage.board.is_idle());
    stage.erase();
    stage.shows(&[]);
}

#[test]
fn what_follows_at_once_goes_on_in_the_same_display() {
    let mut stage = Stage::new(80, 24);
    let first = stage.begin("Fetching", Some(1));
    stage.frame(1000);
    stage.board.end(first, stage.now);
    stage.erase();
    stage.begin("Writing", Some(1));
    stage.frame(10);
    assert!(stage.shown().starts_with("Writing"), "{}", stage.shown());
}

#[test]
fn lines_that_stay_go_above_and_scroll() {
    let mut stage = Stage::new(80, 10);
    fetching(&mut stage);
    stage.frame(1000);
    for number in 0..30 {
        stage.log(&format!("[INFO]\t--> Fetched {number}"));
    }
    let shown = stage.shown();
    let lines: Vec<_> = shown.lines().collect();
    assert_eq!(lines.len(), 10, "{shown}");
    assert_eq!(lines[5], "[INFO]  --> Fetched 29");
    assert!(lines[6].starts_with("Fetching"));
    assert_eq!(stage.terminal.screen().cursor_position(), (6, 0));
    stage.erase();
    let shown = stage.shown();
    assert_eq!(shown.lines().last(), Some("[INFO]  --> Fetched 29"));
    assert_eq!(stage.terminal.screen().cursor_position(), (6, 0));
}

#[test]
fn nothing_is_cleared_before_it_is_written_over() {
    let mut stage = Stage::new(80, 24);
    let downloads = fetching(&mut stage);
    stage.frame(1000);
    let before = stage.written.len();
    stage.frame(0);
    assert_eq!(stage.written.len(), before, "nothing has changed");
    downloads[0].1.fetch_add(1_000_000, Ordering::Relaxed);
    stage.frame(100);
    let frame = &stage.written[before..];
    let text = frame.find("Fetching").unwrap();
    assert!(frame.find('\x1b').unwrap() > text, "{frame:?}");
    assert!(!frame.contains("\x1b[?25l"), "the cursor stays visible");
}

#[test]
fn a_resize_leaves_nothing_behind() {
    for (columns, lines) in [(60, 24), (45, 24), (30, 24), (120, 24), (80, 6)] {
        let mut stage = Stage::new(80, 24);
        stage.log("[INFO]\tbefore");
        fetching(&mut stage);
        stage.frame(1000);
        stage
            .terminal
            .screen_mut()
            .set_size(some(lines), some(columns));
        stage.frame(100);
        let shown = stage.shown();
        assert_eq!(shown.matches("Fetching").count(), 1, "{shown}");
        assert_eq!(shown.lines().next(), Some("[INFO]  before"));
        stage.erase();
        stage.shows(&["[INFO]  before"]);
    }
}

#[test]
fn colours_are_there_only_where_they_are_wanted() {
    let mut plain = Stage::new(80, 24);
    let mut colored = Stage::colored(80, 24, true);
    for stage in [&mut plain, &mut colored] {
        fetching(stage);
        stage.frame(1000);
    }
    assert_eq!(plain.shown(), colored.shown());
    // All that is left are clearing and going up.
    let mut sequences = plain.written.split("\x1b[").skip(1);
    assert!(sequences.all(|rest| rest.starts_with(['K', 'J']) || rest.starts_with("3A")));
    assert!(
        colored
            .written
            .contains("\x1b[1mFetching\x1b[m \x1b[32m━━━\x1b[m\x1b[2m──")
    );
}

#[test]
fn names_of_any_kind_stay_in_their_columns() {
    let mut stage = Stage::new(60, 24);
    stage.begin("Fetching", Some(3));
    let long = format!("https://example.com/{}end", "long/".repeat(30));
    for from in [
        &*long,
        "https://例え.example/世界/包",
        "https://a/\x1b]0;x\x07\u{202e}",
    ] {
        stage.download(from);
    }
    stage.frame(1000);
    let shown = stage.shown();
    let lines: Vec<_> = shown.lines().collect();
    assert_eq!(lines.len(), 4, "{shown}");
    assert!(lines[1].starts_with("  …") && lines[1].ends_with("/long/end    waiting"));
    assert!(lines[2].contains("例え.example/世界/包"));
    assert!(lines[3].contains("a/\\u{1b}]0;x\\u{7}\\u{202e}"), "{shown}");
}
