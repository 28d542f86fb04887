//! Progress on a terminal: a few lines below everything else, drawn by a thread of their own.
//!
//! Nothing is drawn for what takes less than a quarter of a second, and nothing at all where standard
//! error is no terminal. [`board`] knows what is under way and makes frames of it, [`canvas`] puts them
//! on the screen, [`measure`] has amounts and columns.

mod board;
mod canvas;
mod measure;
#[cfg(test)]
mod tests;

use std::io::{self, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use terminal_size::{Height, Width, terminal_size_of};

use crate::report::{Download, Hold, Phase, Task, Traffic, Unwatched};
use board::{Board, Id};
use canvas::Canvas;

/// Between two frames.
const FRAME: Duration = Duration::from_millis(100);

/// Where there is no telling how large the terminal is.
const USUAL: (usize, usize) = (80, 24);

/// The terminal, where progress is drawn on it or not.
pub(super) struct Screen(Option<Arc<Shared>>);

struct Shared {
    display: Mutex<Display>,
    /// Something begins, or all is over.
    news: Condvar,
}

struct Display {
    board: Board,
    canvas: Canvas,
    /// The phase that is under way.
    phase: Option<(Phase, Id)>,
    /// How many hold the terminal.
    held: usize,
    ticking: bool,
    closed: bool,
}

impl Screen {
    pub(super) fn new(enabled: bool, color: bool) -> Self {
        Self(enabled.then(|| {
            Arc::new(Shared {
                display: Mutex::new(Display {
                    board: Board::new(color),
                    canvas: Canvas::default(),
                    phase: None,
                    held: 0,
                    ticking: false,
                    closed: false,
                }),
                news: Condvar::new(),
            })
        }))
    }

    /// Writes lines that stay, above whatever is drawn.
    pub(super) fn above(&self, lines: &str) {
        match &self.0 {
            Some(shared) => {
                let mut display = shared.lock();
                let text = display.canvas.above(lines);
                put(&text);
            }
            None => put(lines),
        }
    }

    pub(super) fn task(&self, what: &str, total: usize) -> Box<dyn Task> {
        let shared = self.0.clone();
        let running = shared.map(|shared| (shared.begin(what, Some(total)), shared));
        Box::new(Running(running))
    }

    /// A phase begins.
    pub(super) fn started(&self, phase: Phase) {
        if let Some(shared) = &self.0 {
            let what = match phase {
                Phase::Resolve => "Resolving",
                Phase::Fetch => "Fetching",
                Phase::Write => "Writing",
            };
            let id = shared.begin(what, None);
            shared.lock().phase = Some((phase, id));
        }
    }

    /// A phase is over.
    pub(super) fn finished(&self, phase: Phase) {
        if let Some(shared) = &self.0 {
            let mut display = shared.lock();
            if let Some((_, id)) = display.phase.take_if(|(known, _)| *known == phase) {
                display.end(id);
            }
        }
    }

    pub(super) fn traffic(&self) -> Arc<dyn Traffic> {
        match &self.0 {
            Some(shared) => Arc::new(Watched(Arc::clone(shared))),
            None => Arc::new(Unwatched),
        }
    }

    /// Keeps the terminal free, until the value is dropped.
    pub(super) fn hold(&self) -> Box<dyn Hold> {
        self.traffic().hold()
    }

    /// Removes what is drawn, for good.
    pub(super) fn close(&self) {
        if let Some(shared) = &self.0 {
            let mut display = shared.lock();
            display.closed = true;
            display.erase();
            shared.news.notify_all();
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.close();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Display> {
        self.display.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(self: &Arc<Self>, what: &str, total: Option<usize>) -> Id {
        let mut display = self.lock();
        let id = display.board.begin(what, total, Instant::now());
        if !display.ticking {
            display.ticking = true;
            let shared = Arc::clone(self);
            // Without the thread nothing is drawn, and that is all.
            let _ = thread::Builder::new().spawn(move || shared.tick());
        }
        self.news.notify_all();
        id
    }

    /// Draws frame after frame while something is under way.
    fn tick(&self) {
        let mut display = self.lock();
        while !display.closed {
            display = if display.board.is_idle() {
                let woken = self.news.wait(display);
                woken.unwrap_or_else(PoisonError::into_inner)
            } else {
                display.draw();
                let woken = self.news.wait_timeout(display, FRAME);
                woken.unwrap_or_else(PoisonError::into_inner).0
            };
        }
    }
}

impl Display {
    fn draw(&mut self) {
        if self.held > 0 || self.closed {
            return;
        }
        let size = size();
        let frame = self.board.frame(Instant::now(), size);
        put(&self.canvas.draw(frame, size));
    }

    fn erase(&mut self) {
        put(&self.canvas.erase());
    }

    fn end(&mut self, id: Id) {
        self.board.end(id, Instant::now());
        if self.board.is_idle() {
            self.erase();
        }
    }
}

/// Writes to the terminal at once, so that no half of a frame is ever seen.
fn put(text: &str) {
    if !text.is_empty() {
        // Standard error may be closed; there is nowhere left to say so.
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }
}

/// The columns and lines of the terminal now.
fn size() -> (usize, usize) {
    let size = terminal_size_of(io::stderr());
    size.map_or(USUAL, |(Width(columns), Height(lines))| {
        (usize::from(columns), usize::from(lines))
    })
}

/// A task under way; nothing inside where nothing is drawn.
struct Running(Option<(Id, Arc<Shared>)>);

impl Task for Running {
    fn step(&self, label: &str) {
        if let Some((id, shared)) = &self.0 {
            shared.lock().board.step(*id, label);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some((id, shared)) = &self.0 {
            shared.lock().end(*id);
        }
    }
}

struct Watched(Arc<Shared>);

impl Traffic for Watched {
    fn download(&self, from: &str) -> Box<dyn Download> {
        let (id, came) = self.0.lock().board.download(from, Instant::now());
        let shared = Arc::clone(&self.0);
        Box::new(Coming { id, came, shared })
    }

    fn hold(&self) -> Box<dyn Hold> {
        let mut display = self.0.lock();
        display.held += 1;
        display.erase();
        Box::new(Held(Arc::clone(&self.0)))
    }
}

struct Coming {
    id: Id,
    came: Arc<AtomicU64>,
    shared: Arc<Shared>,
}

impl Download for Coming {
    fn received(&self, bytes: u64) {
        self.came.fetch_add(bytes, Ordering::Relaxed);
    }
}

impl Drop for Coming {
    fn drop(&mut self) {
        self.shared.lock().board.downloaded(self.id);
    }
}

struct Held(Arc<Shared>);

impl Hold for Held {}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.lock().held -= 1;
    }
}
