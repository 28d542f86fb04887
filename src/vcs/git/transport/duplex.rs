//! Servers on the other end of a connection that stays open: the user's own `ssh`, and `git://`.
//!
//! `ssh` is started without a shell unless the user's configuration is a shell command, and it
//! never prompts unless there is a terminal to prompt on.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::{Connection, Trouble};
use crate::http;
use crate::vcs::git::SshOptions;
use crate::vcs::git::pktline;
use crate::vcs::git::protocol::{self, Advertisement, Greeting};

/// How long to wait for a server to answer the call.
const CONNECT: Duration = Duration::from_secs(30);
/// How long a transfer may stand still.
const STALL: Duration = Duration::from_secs(60);

/// A connection whose two directions are separate streams.
pub(super) struct DuplexConnection {
    input: Box<dyn Read>,
    output: Box<dyn Write>,
    greeting: Option<Greeting>,
    _process: Option<Process>,
}

/// A child that is waited for, or ended, when the connection is dropped.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // Its pipes are closed by now; one that still runs has nobody left to talk to.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Connection for DuplexConnection {
    fn request(&mut self, request: &[u8]) -> Result<Box<dyn Read + '_>, Trouble> {
        if let Greeting::V0(_) = self.greeting()? {
            return Err(Trouble::NotSpoken(
                "it speaks protocol version 0".to_owned(),
            ));
        }
        self.send(request)
    }

    fn greet(&mut self) -> Result<Greeting, Trouble> {
        Ok(match self.greeting()? {
            Greeting::V2 { filters } => Greeting::V2 { filters: *filters },
            Greeting::V0(server) => Greeting::V0(server.clone()),
        })
    }

    fn request_v0(
        &mut self,
        request: &[u8],
        _server: &Advertisement,
    ) -> Result<Box<dyn Read + '_>, Trouble> {
        self.send(request)
    }
}

impl DuplexConnection {
    fn greeting(&mut self) -> Result<&Greeting, Trouble> {
        match &mut self.greeting {
            Some(greeting) => Ok(greeting),
            empty => Ok(empty.insert(protocol::read_greeting(&mut self.input)?)),
        }
    }

    fn send(&mut self, request: &[u8]) -> Result<Box<dyn Read + '_>, Trouble> {
        self.output.write_all(request)?;
        self.output.flush()?;
        Ok(Box::new(&mut self.input))
    }
}

/// Starts `ssh` and, through it, the other side's `git-upload-pack`.
pub(super) fn ssh(
    options: &SshOptions,
    destination: &str,
    port: Option<u16>,
    path: &str,
) -> Result<DuplexConnection, Trouble> {
    let mut command = ssh_command(options, destination, port, path);
    let mut child = command
        .env("GIT_PROTOCOL", "version=2")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| {
            let program = command.get_program().to_string_lossy().into_owned();
            io::Error::new(error.kind(), format!("cannot run `{program}`: {error}"))
        })?;
    let pipes = child.stdout.take().zip(child.stdin.take());
    let (input, output) = pipes.ok_or_else(|| io::Error::other("ssh has no pipes"))?;
    Ok(DuplexConnection {
        input: Box::new(input),
        output: Box::new(output),
        greeting: None,
        _process: Some(Process(child)),
    })
}

/// The command line, as Git makes it: the user's own command where there is one, else `ssh`.
fn ssh_command(options: &SshOptions, destination: &str, port: Option<u16>, path: &str) -> Command {
    let mut arguments: Vec<String> = Vec::new();
    let plink = options.is_plink();
    if !plink {
        arguments.extend(["-o", "SendEnv=GIT_PROTOCOL"].map(str::to_owned));
        if !options.may_prompt {
            arguments.extend(["-o", "BatchMode=yes"].map(str::to_owned));
        }
        let seconds = CONNECT.as_secs();
        arguments.extend(["-o".to_owned(), format!("ConnectTimeout={seconds}")]);
        arguments.extend(["-o", "ServerAliveInterval=20"].map(str::to_owned));
    } else if !options.may_prompt {
        arguments.push("-batch".to_owned());
    }
    if let Some(port) = port {
        arguments.extend([if plink { "-P" } else { "-p" }.to_owned(), port.to_string()]);
    }
    arguments.push(destination.to_owned());
    arguments.push(format!("git-upload-pack {}", quote(path)));
    let mut command = match (&options.shell_command, &options.program) {
        (Some(line), _) => {
            let mut shell = Command::new("sh");
            shell.arg("-c").arg(format!("{line} \"$@\"")).arg(line);
            shell
        }
        (None, Some(program)) => Command::new(program),
        (None, None) => Command::new("ssh"),
    };
    command.args(arguments);
    command
}

/// Quotes for the shell on the other side: everything between single quotes, these and `!` apart.
fn quote(text: &str) -> String {
    let mut quoted = String::from("'");
    for character in text.chars() {
        match character {
            '\'' | '!' => quoted.extend(["'\\", character.encode_utf8(&mut [0; 4]), "'"]),
            _ => quoted.push(character),
        }
    }
    quoted.push('\'');
    quoted
}

/// Connects to a `git://` server.
pub(super) fn daemon(host: &str, port: u16, path: &str) -> Result<DuplexConnection, Trouble> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, format!("`{host}` has no address"));
    for address in http::addresses(host, port)? {
        match TcpStream::connect_timeout(&address, CONNECT) {
            Ok(stream) => return greet_daemon(stream, host, path),
            Err(error) => last = error,
        }
    }
    Err(last.into())
}

fn greet_daemon(stream: TcpStream, host: &str, path: &str) -> Result<DuplexConnection, Trouble> {
    stream.set_read_timeout(Some(STALL))?;
    stream.set_write_timeout(Some(STALL))?;
    let mut output = stream.try_clone()?;
    let mut call = Vec::new();
    pktline::write(
        &mut call,
        &format!("git-upload-pack {path}\0host={host}\0\0version=2\0"),
    );
    output.write_all(&call)?;
    Ok(DuplexConnection {
        input: Box::new(stream),
        output: Box::new(output),
        greeting: None,
        _process: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(options: &SshOptions, port: Option<u16>, path: &str) -> Vec<String> {
        let command = ssh_command(options, "git@h", port, path);
        std::iter::once(command.get_program())
            .chain(command.get_args())
            .map(|word| word.to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn ssh_never_prompts_unless_it_may() {
        let words = line(&SshOptions::default(), Some(22), "/a b");
        assert_eq!(words[0], "ssh");
        assert!(words.contains(&"BatchMode=yes".to_owned()));
        assert_eq!(
            words[words.len() - 4..],
            ["-p", "22", "git@h", "git-upload-pack '/a b'"]
        );
        let asking = SshOptions {
            may_prompt: true,
            ..SshOptions::default()
        };
        assert!(!line(&asking, None, "/a").contains(&"BatchMode=yes".to_owned()));
    }

    #[test]
    fn the_users_own_command_is_run_by_a_shell_and_a_program_is_not() {
        let command = SshOptions {
            shell_command: Some("ssh -i 'k k'".into()),
            ..SshOptions::default()
        };
        assert_eq!(
            line(&command, None, "a")[..3],
            ["sh", "-c", "ssh -i 'k k' \"$@\""]
        );
        let program = SshOptions {
            program: Some("/opt/plink".into()),
            ..SshOptions::default()
        };
        let words = line(&program, Some(7), "a");
        assert_eq!(
            words,
            [
                "/opt/plink",
                "-batch",
                "-P",
                "7",
                "git@h",
                "git-upload-pack 'a'"
            ]
        );
    }

    #[test]
    fn a_path_cannot_leave_its_quotes() {
        assert_eq!(quote("a'; id; '!"), r"'a'\''; id; '\'''\!''");
    }
}
