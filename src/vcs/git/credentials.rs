//! git's credential helpers: programs that know, keep or forget users and passwords.
//!
//! A helper is what `credential.helper` says: `!` and a shell command, a program's absolute path,
//! or a name that `git credential-<name>` runs. It is the user's own configuration and runs in
//! the user's shell, as under git; what comes from outside (host, path, user) reaches it on
//! standard input only. Nothing here asks a person: a helper may, where a terminal is allowed.

use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use super::url_match::host_and_port;
use crate::http::{Credential, Url};

/// How long a helper may take; a person may have to type.
const PATIENCE: Duration = Duration::from_secs(300);
/// The same where nobody can be asked.
const PATIENCE_ALONE: Duration = Duration::from_secs(60);
/// The longest answer that is read.
const ANSWER_LIMIT: u64 = 1 << 16;

/// What a helper is asked about, and the helpers.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Question {
    /// The helpers as configured, in order.
    pub(super) helpers: Vec<String>,
    /// The user, where address or configuration names one.
    pub(super) username: Option<String>,
    /// Whether helpers are told the path (`credential.useHttpPath`).
    pub(super) with_path: bool,
    /// Whether a helper may ask the person at the terminal.
    pub(super) terminal: bool,
}

impl Question {
    /// Asks one helper after the other until user and password are known.
    pub(super) fn fill(&self, url: &Url) -> Option<Credential> {
        let mut username = self.username.clone();
        let mut password = None;
        for helper in &self.helpers {
            let lines = self.describe(url, username.as_deref(), password.as_deref())?;
            for (key, value) in self.run(helper, "get", &lines) {
                match key.as_str() {
                    "username" => username = Some(value),
                    "password" => password = Some(value),
                    "quit" if matches!(value.as_str(), "1" | "true" | "yes" | "on") => return None,
                    _ => {}
                }
            }
            if let (Some(username), Some(password)) = (&username, &password) {
                return Some(Credential {
                    username: username.clone(),
                    password: password.clone(),
                });
            }
        }
        None
    }

    /// Tells every helper to keep the credential (`store`) or to forget it (`erase`).
    pub(super) fn tell(&self, url: &Url, credential: &Credential, operation: &str) {
        let (username, password) = (&credential.username, &credential.password);
        if let Some(lines) = self.describe(url, Some(username), Some(password)) {
            for helper in &self.helpers {
                // A helper that fails to keep a password has told its user so.
                self.run(helper, operation, &lines);
            }
        }
    }

    /// The lines a helper reads. `None` where a value has a line break, which would let whoever
    /// wrote the address ask for another host's password.
    fn describe(
        &self,
        url: &Url,
        username: Option<&str>,
        password: Option<&str>,
    ) -> Option<String> {
        let host = host_and_port(url);
        let path = self
            .with_path
            .then(|| String::from_utf8(crate::http::percent_decode(url.path())))
            .transpose()
            .ok()?;
        let pairs = [
            ("protocol", Some(url.scheme())),
            ("host", Some(host.as_str())),
            (
                "path",
                path.as_deref().map(|path| path.trim_start_matches('/')),
            ),
            ("username", username),
            ("password", password),
        ];
        let mut lines = String::new();
        for (key, value) in pairs {
            let Some(value) = value else { continue };
            if value.contains(['\n', '\r', '\0']) {
                return None;
            }
            lines.extend([key, "=", value, "\n"]);
        }
        lines.push('\n');
        Some(lines)
    }

    /// Runs a helper; no pairs where it cannot be run, fails, or takes too long.
    fn run(&self, helper: &str, operation: &str, lines: &str) -> Vec<(String, String)> {
        let mut command = command(helper, operation);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        if !self.terminal {
            // An empty program to ask with keeps git from going on to the next way of asking.
            command
                .env("GIT_TERMINAL_PROMPT", "0")
                .env("GIT_ASKPASS", "")
                .env("SSH_ASKPASS", "")
                .env("GCM_INTERACTIVE", "never")
                .stderr(Stdio::null());
        }
        let Ok(child) = command.spawn() else {
            return Vec::new();
        };
        let patience = if self.terminal {
            PATIENCE
        } else {
            PATIENCE_ALONE
        };
        parse(&converse(child, lines, patience))
    }
}

/// What runs a helper. Windows has no shell outside of Git's own, so that there a helper that is but a name
/// is Git's to run.
fn command(helper: &str, operation: &str) -> Command {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if cfg!(windows) && helper.chars().all(is_name) {
        let mut git = Command::new("git");
        git.args([&format!("credential-{helper}"), operation]);
        return git;
    }
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(shell_line(helper, operation));
    shell
}

/// The shell command for a helper, as git puts it together.
fn shell_line(helper: &str, operation: &str) -> String {
    if let Some(command) = helper.strip_prefix('!') {
        format!("{command} {operation}")
    } else if helper.starts_with('/') {
        format!("{helper} {operation}")
    } else {
        // glide-rs does without git; helpers are installed beside it under this name as a rule.
        format!(
            "if command -v git >/dev/null 2>&1; then git credential-{helper} {operation}; \
             else git-credential-{helper} {operation}; fi"
        )
    }
}

/// Writes the question and reads the answer; a helper that takes too long is ended.
fn converse(mut child: Child, lines: &str, patience: Duration) -> String {
    if let Some(mut stdin) = child.stdin.take() {
        // A helper that does not read its input has no use for it.
        let _ = stdin.write_all(lines.as_bytes());
    }
    let (sender, receiver) = mpsc::channel();
    if let Some(stdout) = child.stdout.take() {
        std::thread::spawn(move || {
            let mut answer = Vec::new();
            let read = stdout.take(ANSWER_LIMIT).read_to_end(&mut answer);
            // Nobody listens any more when this took too long.
            let _ = sender.send(read.map(|_| answer).unwrap_or_default());
        });
    }
    let Ok(answer) = receiver.recv_timeout(patience) else {
        // Killing fails only if the helper has just ended, which is as good.
        let _ = child.kill();
        let _ = child.wait();
        return String::new();
    };
    match child.wait() {
        Ok(status) if status.success() => String::from_utf8(answer).unwrap_or_default(),
        _ => String::new(),
    }
}

fn parse(answer: &str) -> Vec<(String, String)> {
    answer
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{Question, shell_line};

    fn ask(helpers: &[&str]) -> Question {
        Question {
            helpers: helpers.iter().map(|helper| (*helper).to_owned()).collect(),
            username: None,
            with_path: false,
            terminal: false,
        }
    }

    fn url() -> Url {
        Url::parse("https://h.example:8443/a/b").unwrap()
    }

    #[track_caller]
    fn check(helpers: &[&str], expected: Option<(&str, &str)>) {
        let found = ask(helpers).fill(&url());
        let found = found
            .as_ref()
            .map(|c| (c.username.as_str(), c.password.as_str()));
        assert_eq!(found, expected);
    }

    #[test]
    fn helpers_are_asked_in_turn_until_user_and_password_are_known() {
        check(&[], None);
        check(
            &["!echo username=me; echo password=pw; true"],
            Some(("me", "pw")),
        );
        check(
            &["!echo username=me; true", "!echo password=pw; true"],
            Some(("me", "pw")),
        );
        check(&["!echo username=me; true"], None);
        check(
            &["!false", "!echo username=a; echo password=b; true"],
            Some(("a", "b")),
        );
        check(&["!echo username=a; echo password=b; false"], None);
        check(
            &[
                "!echo quit=1; true",
                "!echo username=a; echo password=b; true",
            ],
            None,
        );
        check(&["/nowhere/helper", "no-such-helper-anywhere"], None);
    }

    #[test]
    fn a_helper_is_told_operation_protocol_and_host() {
        // The helper gives back what it was told, in the place of a password.
        let told = "!f() { echo username=$1; echo password=$(tr '\\n' ' '); }; f";
        check(&[told], Some(("get", "protocol=https host=h.example:8443")));
        let mut question = ask(&[told]);
        question.with_path = true;
        question.username = Some("me".to_owned());
        let password = question.fill(&url()).unwrap().password;
        assert_eq!(
            password,
            "protocol=https host=h.example:8443 path=a/b username=me"
        );
    }

    #[test]
    fn nobody_is_asked_at_the_terminal_unless_that_is_allowed() {
        let told = "!echo username=x; echo password=$GIT_TERMINAL_PROMPT$GIT_ASKPASS; true";
        check(&[told], Some(("x", "0")));
    }

    #[test]
    fn an_address_with_a_line_break_reaches_no_helper() {
        let mut question = ask(&["!echo username=a; echo password=b; true"]);
        question.username = Some("me\nhost=bank.example".to_owned());
        assert_eq!(question.fill(&url()), None);
        let mut question = ask(&["!echo username=a; echo password=b; true"]);
        question.with_path = true;
        let url = Url::parse("https://h.example/a%0ahost=bank.example").unwrap();
        assert_eq!(question.fill(&url), None);
    }

    #[test]
    fn helpers_are_run_as_git_runs_them() {
        assert_eq!(shell_line("!x y", "get"), "x y get");
        assert_eq!(shell_line("/bin/x y", "store"), "/bin/x y store");
        assert!(
            shell_line("cache --timeout=9", "get").contains("git credential-cache --timeout=9 get")
        );
    }
}
