//! Progress on a real terminal, and what is left of it.

use std::process::{Child, Command, Stdio};
use std::sync::{Condvar, Mutex};

use crate::support::pty::Pty;
use crate::support::sandbox::Sandbox;
use crate::support::server::{Handler, Request};
use crate::support::world::{PROJECT, World, sizeable};

const NAME: &str = "github.com/dep/one";

/// A server that lets nobody fetch before it is told to.
struct Slow {
    gate: &'static (Mutex<bool>, Condvar),
    world: World,
}

impl Slow {
    fn new() -> Self {
        let gate: &'static (Mutex<bool>, Condvar) = Box::leak(Box::default());
        let handler: Handler = Box::new(|request: &Request| {
            let (is_open, changed) = gate;
            if request.path.ends_with("git-upload-pack") {
                let closed = is_open.lock().unwrap();
                drop(changed.wait_while(closed, |is_open| !*is_open).unwrap());
            }
            None
        });
        let sandbox = Sandbox::new(PROJECT);
        let (world, id) = World::with_handler(sandbox, Some(handler), |remotes| {
            remotes.commit(NAME, &sizeable(3, 0))
        });
        world.pin(&[(NAME, &id)]);
        Self { gate, world }
    }

    fn open(&self) {
        *self.gate.0.lock().unwrap() = true;
        self.gate.1.notify_all();
    }

    /// Installs until a download is shown on the terminal.
    fn install(&self, pty: &mut Pty) -> Child {
        let mut command = self.world.sandbox.command(&["install"]);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let child = command.env("TERM", "xterm").stderr(pty.stdio()).spawn();
        // The command has the program's end of the terminal as long as it lives.
        drop(command);
        assert!(
            pty.wait(|screen| screen.contains("waiting")),
            "{}",
            pty.screen()
        );
        child.unwrap()
    }
}

impl Drop for Slow {
    fn drop(&mut self) {
        self.open();
    }
}

#[test]
fn a_display_comes_below_the_messages_and_goes() {
    let slow = Slow::new();
    let mut pty = Pty::open();
    let mut child = slow.install(&mut pty);
    let screen = pty.screen();
    let mut shown = screen
        .lines()
        .map(str::trim_end)
        .skip_while(|line| line.starts_with('['));
    let headline = shown.next().unwrap();
    assert!(headline.starts_with("Fetching ──────────"), "{screen}");
    assert!(headline.contains(" 0/1  0:0"), "{screen}");
    let row = shown.next().unwrap();
    assert!(
        row.starts_with("  github.com/dep/one  ") && row.ends_with("  waiting"),
        "{screen}"
    );
    assert_eq!(shown.next(), None);
    slow.open();
    pty.wait(|_| false);
    assert!(child.wait().unwrap().success());
    let screen = pty.screen();
    let lines: Vec<_> = screen.trim_end().lines().collect();
    assert!(lines.iter().all(|line| line.starts_with('[')), "{screen}");
    assert!(
        lines.last().unwrap().contains("1 dependency in "),
        "{screen}"
    );
    assert!(matches!(pty.cursor(), Some((_, 0))));
}

#[test]
fn nothing_is_drawn_while_the_program_is_stopped() {
    let slow = Slow::new();
    let mut pty = Pty::open();
    let mut child = slow.install(&mut pty);
    let id = child.id();
    let send = |signal: &str| {
        let sent = Command::new("kill")
            .args([signal, id.to_string().as_str()])
            .status();
        assert!(sent.unwrap().success());
    };
    send("-TSTP");
    assert!(pty.wait(|screen| !screen.contains("Fetching")));
    // It is about to stop; what tells it to go on before that would be lost.
    let stat = format!("/proc/{id}/stat");
    while !std::fs::read_to_string(&stat).unwrap().contains(") T ") {
        std::thread::yield_now();
    }
    assert!(
        pty.screen()
            .trim_end()
            .lines()
            .all(|line| line.starts_with('['))
    );
    send("-CONT");
    assert!(pty.wait(|screen| screen.contains("waiting")));
    slow.open();
    pty.wait(|_| false);
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_signal_leaves_the_terminal_as_it_should_be() {
    let slow = Slow::new();
    let mut pty = Pty::open();
    let mut child = slow.install(&mut pty);
    let before = pty.cursor();
    let ended = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(ended.unwrap().success());
    pty.wait(|_| false);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let screen = pty.screen();
    assert!(
        screen.trim_end().lines().all(|line| line.starts_with('[')),
        "{screen}"
    );
    assert!(before.is_some());
    assert_eq!(pty.cursor(), before);
}
