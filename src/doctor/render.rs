//! What was found, as text for people and as JSON for programs.

use std::fmt::Write as _;

use serde::Serialize;

use super::notes::{Check, Status};

/// A line for each check, the next step below it.
pub fn text(checks: &[Check]) -> String {
    let mut text = String::new();
    for check in checks {
        let status = check.status.as_str();
        // A text in memory takes all that it is given.
        let _ = writeln!(
            text,
            "{status:<8} {:<12}  {}",
            check.topic,
            lines(&check.said)
        );
        if !check.next.is_empty() {
            let _ = writeln!(text, "{:23}next: {}", "", lines(&check.next));
        }
    }
    text
}

/// A message of several lines, indented so that it stays with its check. Names out of files that anybody may
/// have written get no control over the terminal.
fn lines(said: &str) -> String {
    let mut text = String::with_capacity(said.len());
    for letter in said.chars() {
        match letter {
            '\n' => {
                let _ = write!(text, "\n{:23}", "");
            }
            letter if letter.is_control() => text.extend(letter.escape_debug()),
            letter => text.push(letter),
        }
    }
    text
}

#[derive(Serialize)]
struct Page<'a> {
    status: &'a str,
    checks: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    topic: &'a str,
    status: &'a str,
    said: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    next: &'a str,
}

fn row(check: &Check) -> Row<'_> {
    Row {
        topic: check.topic,
        status: check.status.as_str(),
        said: &check.said,
        next: &check.next,
    }
}

/// An object with the worst status, and all checks in order.
pub fn json(checks: &[Check]) -> serde_json::Result<Vec<u8>> {
    let worst = checks.iter().map(|check| check.status).max();
    let page = Page {
        status: worst.unwrap_or(Status::Ok).as_str(),
        checks: checks.iter().map(row).collect(),
    };
    let mut bytes = serde_json::to_vec_pretty(&page)?;
    bytes.push(b'\n');
    Ok(bytes)
}
