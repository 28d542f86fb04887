//! Running a program to its end, with a limit, and typing at it.

use std::io::{Read, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

/// What a program did.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    /// Its exit code; `None` after a signal or when it ran out of time.
    pub(crate) exit: Option<i32>,
    /// All of its standard output.
    pub(crate) stdout: String,
    /// All of its standard error.
    pub(crate) stderr: String,
    /// How long it took.
    pub(crate) took: Duration,
}

impl Output {
    /// Insists on exit code 0.
    #[track_caller]
    pub(crate) fn success(self) -> Self {
        assert_eq!(self.exit, Some(0), "{}{}", self.stdout, self.stderr);
        self
    }

    /// Insists on an ordinary failure.
    #[track_caller]
    pub(crate) fn failure(self) -> Self {
        let ordinary = self.exit.is_some_and(|code| (1..100).contains(&code));
        assert!(ordinary, "{:?} {}{}", self.exit, self.stdout, self.stderr);
        self
    }
}

/// What is given on standard input.
#[derive(Clone, Debug, Default)]
pub(crate) enum Input {
    /// Nothing.
    #[default]
    Empty,
    /// A text, all at once.
    Text(String),
    /// Lines, each typed once the program has written something and then stood still.
    Typed(Vec<String>),
}

enum Event {
    Stdout(Vec<u8>),
    Stderr(Vec<u8>),
    End,
}

/// Runs a program; kills it after `limit`.
pub(crate) fn run(command: &mut Command, input: &Input, limit: Duration) -> Output {
    let started = Instant::now();
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let (sender, events) = mpsc::channel();
    listen(child.stdout.take().unwrap(), Event::Stdout, sender.clone());
    listen(child.stderr.take().unwrap(), Event::Stderr, sender);
    let mut heard = Heard {
        events,
        end: started + limit,
        open: 2,
        stdout: Vec::new(),
        stderr: Vec::new(),
    };
    type_in(&mut child, input, &mut heard);
    while heard.open > 0 && heard.next(limit) {}
    let in_time = heard.open == 0;
    if !in_time {
        child.kill().unwrap();
    }
    let status = child.wait().unwrap();
    Output {
        exit: if in_time { status.code() } else { None },
        stdout: String::from_utf8_lossy(&heard.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&heard.stderr).into_owned(),
        took: started.elapsed(),
    }
}

struct Heard {
    events: Receiver<Event>,
    end: Instant,
    open: usize,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
}

impl Heard {
    /// Takes one event; false when none came within `patience` or the time is up.
    fn next(&mut self, patience: Duration) -> bool {
        let left = self.end.saturating_duration_since(Instant::now());
        match self.events.recv_timeout(patience.min(left)) {
            Ok(Event::Stdout(bytes)) => self.stdout.extend(bytes),
            Ok(Event::Stderr(bytes)) => self.stderr.extend(bytes),
            Ok(Event::End) => self.open -= 1,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return false,
        }
        true
    }
}

fn listen<R: Read + Send + 'static>(mut pipe: R, event: fn(Vec<u8>) -> Event, to: Sender<Event>) {
    thread::spawn(move || {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = pipe.read(&mut buffer) {
            let _ = to.send(event(buffer[..length].to_vec()));
        }
        let _ = to.send(Event::End);
    });
}

fn type_in(child: &mut Child, input: &Input, heard: &mut Heard) {
    let mut stdin = child.stdin.take().unwrap();
    match input {
        Input::Empty => {}
        // A program that does not read is no failure of the harness.
        Input::Text(text) => drop(stdin.write_all(text.as_bytes())),
        Input::Typed(lines) => {
            for line in lines {
                let patience = Instant::now() + Duration::from_secs(3);
                let before = heard.stdout.len() + heard.stderr.len();
                loop {
                    let moved = heard.next(Duration::from_millis(500));
                    let spoke = heard.stdout.len() + heard.stderr.len() > before;
                    if heard.open == 0 || !moved && (spoke || Instant::now() > patience) {
                        break;
                    }
                }
                let _ = writeln!(stdin, "{line}");
            }
        }
    }
}
