//! `why`: who brings a package, or a repository, into the project.

use std::fmt::Write as _;

use super::audit::{ProjectCode, Trees};
use super::network::Network;
use super::project::{self, Project};
use super::{Context, Outcome};
use crate::audit::{self, Subject, Usage, Use};
use crate::discover::Policy;
use crate::error::Failure;
use crate::fsx;
use crate::manifest::{Config, Lock};

/// Prints, for each package at or below the import path that is used, the shortest chain of imports
/// that leads to it. Exits with 1 where nothing is used.
pub fn why(context: &Context<'_>, package: &str) -> Result<Outcome, Failure> {
    let network = Network::new(context.settings, Policy::Remember);
    let project = Project::find(context)?;
    let config = project.config(&network)?;
    let mirrors = project::mirrors(&context.settings.home)?;
    let remotes = network.remotes()?;
    let trees = Trees::new(project.folder.join("vendor"), Some(&remotes));
    let code = ProjectCode::new(context.settings, &project.folder, &config, &trees);
    let pins = match fsx::read_text_if_exists(&project.lock_path())? {
        Some(text) => Subject::pins(&project.lock()?, &text, &mirrors),
        None => Subject::pins(&Lock::default(), b"", &mirrors),
    };
    let (usage, unread) = audit::usage(&code, &pins).map_err(Failure::user)?;
    for unread in unread {
        let message = format!("{} is not followed: {}", unread.package, unread.reason);
        context.reporter.warn(message);
    }
    let text = told(&usage, &config, package);
    Ok(Outcome {
        code: u8::from(usage_of(&usage, package).next().is_none()),
        output: text.into_bytes(),
    })
}

fn usage_of<'a>(usage: &'a Usage, package: &'a str) -> impl Iterator<Item = (&'a String, &'a Use)> {
    let is_it = move |path: &str| {
        let below = path.strip_prefix(package);
        below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
    };
    let all = usage.packages.iter().chain(&usage.standard);
    all.filter(move |(path, _)| is_it(path))
}

fn told(usage: &Usage, config: &Config, package: &str) -> String {
    let mut text = String::new();
    for (path, used) in usage_of(usage, package) {
        let chain = used.chain.iter().map(String::as_str);
        let chain: Vec<_> = chain.chain([path.as_str()]).collect();
        let tests = if used.for_tests { "  (tests only)" } else { "" };
        // A text in memory takes all that it is given.
        let _ = writeln!(text, "{}{tests}", chain.join(" → "));
    }
    if text.is_empty() {
        let listed = if config.has_dependency(package) {
            ", but glide.yaml lists it"
        } else {
            ""
        };
        let _ = writeln!(text, "nothing imports {package}{listed}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_are_lines_and_nothing_is_said() {
        let mut usage = Usage::default();
        for (path, for_tests, chain) in [
            ("a.b/c", false, vec!["me"]),
            ("a.b/c/d", true, vec!["me/sub", "x.y/z"]),
            ("a.b/cd", false, vec!["me"]),
        ] {
            let used = Use {
                for_tests,
                chain: chain.into_iter().map(str::to_owned).collect(),
                ..Use::default()
            };
            usage.packages.insert(path.to_owned(), used);
        }
        let told = |package| told(&usage, &Config::default(), package);
        assert_eq!(
            told("a.b/c"),
            "me → a.b/c\nme/sub → x.y/z → a.b/c/d  (tests only)\n"
        );
        assert_eq!(
            told("a.b"),
            "me → a.b/c\nme/sub → x.y/z → a.b/c/d  (tests only)\nme → a.b/cd\n"
        );
        assert_eq!(told("q"), "nothing imports q\n");
    }
}
