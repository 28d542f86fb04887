//! What Windows has in place of signals: Ctrl-C, Ctrl-Break, and the end of the console, of the session and
//! of the machine.
//!
//! All that share the console are told at once, so that nothing is passed on to a command that runs in our
//! place: we only do not end before it does.

use std::future::poll_fn;
use std::io;
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_logoff, ctrl_shutdown};

use super::{EXIT_CODE, Ended, Interrupt};

/// What is done about it.
#[derive(Default)]
pub(super) struct Heard {
    listening: OnceLock<()>,
    /// Whether a command runs in our place.
    foreground: AtomicBool,
}

impl Interrupt {
    /// There is no Ctrl-Z here that stops a program.
    pub fn around_stop(&self, _act: impl Fn(&dyn Fn()) + Send + Sync + 'static) {}

    /// Starts listening, which takes a thread, unless that was done before. Where that is not
    /// possible, Ctrl-C ends us at once.
    pub fn listen(&self) {
        self.heard.listening.get_or_init(|| {
            let heard = self.clone();
            // Where it fails, nobody listens.
            if let Ok(wait) = waiting() {
                std::thread::spawn(move || {
                    let mut wait = wait;
                    loop {
                        wait();
                        if !heard.heard.foreground.load(Ordering::SeqCst) {
                            heard.end();
                        }
                    }
                });
            }
        });
    }

    /// Runs a command to its end, with our streams and in our console.
    pub fn run(&self, command: &mut Command) -> io::Result<Ended> {
        self.listen();
        self.heard.foreground.store(true, Ordering::SeqCst);
        let mut run = || {
            if self.requested.load(Ordering::SeqCst) {
                return Ok(Ended::NotStarted);
            }
            let code = command.spawn()?.wait()?.code();
            Ok(Ended::Code(code.map_or(u8::MAX, narrowed)))
        };
        let ended = run();
        self.heard.foreground.store(false, Ordering::SeqCst);
        ended
    }
}

/// Our exit codes have eight bits; of one that has more it has to show that it is not 0.
fn narrowed(code: i32) -> u8 {
    u8::try_from(code).unwrap_or(u8::MAX)
}

/// From now on the console tells us; what is returned waits until it does.
fn waiting() -> io::Result<impl FnMut() + Send> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let mut events = (ctrl_c()?, ctrl_break()?, ctrl_close()?);
    let mut ends = (ctrl_logoff()?, ctrl_shutdown()?);
    Ok(move || {
        let next = poll_fn(|context| {
            let ready = [
                events.0.poll_recv(context),
                events.1.poll_recv(context),
                events.2.poll_recv(context),
                ends.0.poll_recv(context),
                ends.1.poll_recv(context),
            ];
            if ready.iter().any(Poll::is_ready) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        });
        runtime.block_on(next);
    })
}

/// There are no signals; what is returned is the exit code that shells have for one.
pub fn end_by(signal: i32) -> u8 {
    u8::try_from(128 + signal).unwrap_or(EXIT_CODE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_waited_for() {
        let run = |script: &str| {
            let mut command = Command::new("cmd");
            Interrupt::default()
                .run(command.args(["/c", script]))
                .unwrap()
        };
        assert_eq!(run("exit 0"), Ended::Code(0));
        assert_eq!(run("exit 7"), Ended::Code(7));
        for code in ["256", "-1", "-1073741510"] {
            assert_eq!(run(&format!("exit {code}")), Ended::Code(255), "{code}");
        }
        let interrupt = Interrupt::default();
        let missing = || Command::new(r"C:\nowhere\at\all.exe");
        assert!(interrupt.run(&mut missing()).is_err());
        interrupt.requested().store(true, Ordering::SeqCst);
        assert_eq!(interrupt.run(&mut missing()).unwrap(), Ended::NotStarted);
    }
}
