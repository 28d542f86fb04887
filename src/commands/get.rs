//! `get`: packages into glide.yaml, with all that they need into glide.lock and vendor/.
//!
//! What is asked for is first put into the configuration as it was read, then everything is resolved
//! anew, and only when all of it is there do glide.yaml, glide.lock and vendor/ change.

mod listed;

use super::project::{Opened, Project};
use super::questions;
use super::renew::{Renewal, now, renew};
use super::update::UpdateOptions;
use super::{Context, Outcome};
use crate::discover::Policy;
use crate::error::Failure;
use crate::manifest::{self, Dependency};
use crate::model::VendorPath;
use crate::report::Questions;
use crate::version::{self, Version};
use listed::{Told, already_listed};

/// What `get` is asked to do.
#[derive(Clone, Debug, Default)]
pub struct GetOptions {
    /// What it shares with `update`.
    pub update: UpdateOptions,
    /// Import paths, each with `#` and a version where one is wanted.
    pub packages: Vec<String>,
    /// Whether they go into `testImport`.
    pub for_tests: bool,
    /// Whether they are fetched by http.
    pub insecure: bool,
    /// Whether nothing is to be asked.
    pub silent: bool,
}

/// Adds packages to the project.
pub fn get(context: &Context<'_>, options: &GetOptions) -> Result<Outcome, Failure> {
    let now = now(context);
    let mut opened = Project::find(context)?.open(context, Policy::Ask)?;
    let count = options.packages.len();
    let packages = if count == 1 { "package" } else { "packages" };
    // Glide text
    let message = format!("Preparing to install {count} {packages}.");
    context.reporter.info(message);
    let mut getting = Getting {
        context,
        opened: &mut opened,
        options,
        changes: 0,
    };
    for package in &options.packages {
        let failed = |failure: Failure| failure.about("Failed to get new packages"); // Glide text
        getting.add(package).map_err(failed)?;
    }
    if getting.changes == 0 {
        context.reporter.warn("Nothing to do"); // Glide text
        return Ok(Outcome::default());
    }
    let manifest = opened.edited(context)?;
    let renewal = Renewal {
        opened: &opened,
        options: options.update,
        now,
        imported: None,
        manifest: Some(manifest),
    };
    renew(context, renewal)?.tell(context);
    Ok(Outcome::default())
}

/// A configuration while packages are put into it.
struct Getting<'a> {
    context: &'a Context<'a>,
    opened: &'a mut Opened,
    options: &'a GetOptions,
    /// How many changes there are.
    changes: usize,
}

impl Getting<'_> {
    /// Adds a package, where it is not there yet.
    fn add(&mut self, asked: &str) -> Result<(), Failure> {
        let (context, options) = (self.context, self.options);
        let (name, version) = split_version(asked);
        // Glide text
        let message = format!("Attempting to get package {name}");
        context.reporter.info(message);
        let (root, below) = self.split(asked, name)?;
        if self.opened.config.has_dependency(&root) {
            let config = &mut self.opened.config;
            let told = already_listed(config, &root, &below, version, options.for_tests);
            for Told {
                level,
                message,
                is_change,
            } in told
            {
                context.reporter.log(level, &message);
                self.changes += usize::from(is_change);
            }
            return Ok(());
        }
        if self.opened.config.has_ignore(&root) {
            // Glide text
            context.reporter.warn(format!(
                "--> Package {root:?} is set to be ignored in glide.yaml. Skipping"
            ));
            return Ok(());
        }
        if root == self.opened.config.package {
            let message = format!("--> Package {root:?} is the project itself. Skipping");
            context.reporter.warn(message);
            return Ok(());
        }
        let mut entry = Dependency::named(&root);
        if options.insecure {
            entry.repo = format!("http://{root}");
        }
        entry.reference = match context.questions.filter(|_| !options.silent) {
            _ if !version.is_empty() => version.to_owned(),
            Some(questions) => self.ask(questions, &entry)?,
            None => String::new(),
        };
        entry.subpackages = Some(below)
            .filter(|name| !name.is_empty())
            .into_iter()
            .collect();
        // Glide text
        let mut message = format!("--> Adding {root} to your configuration");
        if !entry.reference.is_empty() {
            message = format!("{message} with the version {}", entry.reference);
        }
        context.reporter.info(message);
        let list = if options.for_tests {
            &mut self.opened.config.test_imports
        } else {
            &mut self.opened.config.imports
        };
        list.push(entry);
        self.changes += 1;
        Ok(())
    }

    /// Splits a name into the root of its repository and what lies below.
    fn split(&self, asked: &str, name: &str) -> Result<(String, String), Failure> {
        if name.is_empty() {
            // Glide text
            let message = format!("Package name is required for {asked:?}.");
            return Err(Failure::user(message).with_hint("as in `get github.com/a/b#^1.0.0`"));
        }
        if name.contains("://") {
            let bare = name.split("://").nth(1).unwrap_or_default();
            return Err(Failure::user(format!("`{name}` is no import path"))
                .with_hint(format!("without the scheme it may be one: `{bare}`")));
        }
        if let Some((bare, version)) = module_version(name) {
            return Err(Failure::user(format!("`{name}` is no import path"))
                .with_hint(format!("a version stands behind `#`: `{bare}#{version}`")));
        }
        if name.split('/').any(|element| element == "...") {
            return Err(Failure::user(format!("`{name}` is a pattern"))
                .with_hint("name the package; all of its repository is fetched"));
        }
        if manifest::is_standard(name) {
            let message = format!("`{name}` is a package of Go itself, which is never vendored");
            return Err(Failure::user(message).with_hint("the code can import it as it is"));
        }
        let (root, below) = manifest::split_name(name, &*self.opened.network.discover);
        self.opened.network.settled()?;
        VendorPath::new(&root)?;
        if !below.is_empty() {
            VendorPath::new(&below)?;
        }
        Ok((root, below))
    }

    /// The version that somebody chooses among the newest release, a range of it, and none.
    fn ask(&self, questions: &dyn Questions, entry: &Dependency) -> Result<String, Failure> {
        let name = &entry.name;
        // Glide text
        let message = format!("--> Gathering release information for {name}");
        self.context.reporter.info(message);
        let remotes = self.opened.network.remotes()?;
        let tags = remotes
            .tags(name, &entry.remote(&self.opened.mirrors))
            .map_err(|failure| failure.about(format!("cannot tell which releases {name} has")))?;
        let Some(release) = version::latest(tags.iter().map(String::as_str)) else {
            return Ok(String::new());
        };
        if !questions::use_release(questions, name, release) {
            return Ok(String::new());
        }
        let version = Version::parse(release);
        let range = version.and_then(|version| questions::range(questions, name, &version));
        Ok(range.unwrap_or_else(|| release.to_owned()))
    }
}

/// Splits `NAME#VERSION`; slashes at the end of the name do not count.
fn split_version(asked: &str) -> (&str, &str) {
    let (name, rest) = asked.split_once('#').unwrap_or((asked, ""));
    let version = rest.split('#').next().unwrap_or(rest);
    (name.trim_end_matches('/'), version)
}

/// Name and version where these are written as for modules, `NAME@VERSION`; no import path has an `@`.
fn module_version(name: &str) -> Option<(&str, &str)> {
    let (bare, version) = name.split_once('@')?;
    let is_version = !version.is_empty() && !version.contains([':', '/', '@']);
    (is_version && bare.contains('/')).then_some((bare, version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_as_for_modules_is_known() {
        for (name, expected) in [
            ("a.b/c@v1.2.0", Some(("a.b/c", "v1.2.0"))),
            ("a.b/c", None),
            ("a.b/c@", None),
            ("git@a.b:c/d", None),
            ("user@a.b/c", None),
            ("a.b/c@d/e", None),
        ] {
            assert_eq!(module_version(name), expected, "{name}");
        }
    }

    #[test]
    fn a_version_stands_behind_the_hash_sign() {
        for (asked, expected) in [
            ("a.b/c", ("a.b/c", "")),
            ("a.b/c/#v1", ("a.b/c", "v1")),
            ("a.b/c#", ("a.b/c", "")),
            ("a.b/c#>=1, <2#x", ("a.b/c", ">=1, <2")),
            ("#v1", ("", "v1")),
        ] {
            assert_eq!(split_version(asked), expected);
        }
    }
}
