//! `rebuild`: builds the dependencies that glide.yaml lists, by `go install`.

use super::project;
use super::{Context, Outcome};
use crate::error::Failure;
use crate::fsx;
use crate::gotool::Go;
use crate::manifest::Dependency;
use crate::resolve::is_sound;

/// Builds what stands in `import`. As with Glide a package that cannot be built is warned of.
pub fn rebuild(context: &Context<'_>) -> Result<Outcome, Failure> {
    let reporter = context.reporter;
    // Glide text
    let warning = "The rebuild command is deprecated and will be removed in a future version";
    reporter.warn(warning);
    reporter.warn("Use the go install command instead"); // Glide text
    let (project, config) = project::config_offline(context)?;
    project.warn_of_place(context, &config);
    reporter.info("Building dependencies."); // Glide text
    if config.imports.is_empty() {
        reporter.info("No dependencies found. Nothing built."); // Glide text
        return Ok(Outcome::default());
    }
    let settings = &context.settings.go;
    let go = Go::new(&settings.name, settings.program.as_deref())?;
    let vendor = project.folder.join("vendor");
    for dependency in &config.imports {
        for path in paths(dependency) {
            let (below, all) = match path.strip_suffix("/...") {
                Some(below) => (below, true),
                None => (path.as_str(), false),
            };
            if let Err(error) = is_sound(below) {
                reporter.warn(format!("Failed to build {path}: {error}")); // Glide text
                continue;
            }
            if !all && !fsx::is_folder(&vendor.join(below)) {
                // Glide text
                let what = format!("Error resolving packages: there is no `vendor/{path}`");
                reporter.warn(format!("{what}; `glide-rs install` fills vendor/"));
                continue;
            }
            reporter.info(format!("Running go build {path}")); // Glide text
            let ran = go.install(&project.folder, &path)?;
            if !ran.succeeded {
                let said = &ran.said;
                // Glide text
                reporter.warn(format!("Failed to run 'go install' for {path}: {said}"));
                if said.contains("go.mod file not found") {
                    reporter.warn("GO111MODULE=off makes Go build from vendor/ without a go.mod");
                }
            }
        }
    }
    Ok(Outcome::default())
}

/// What of a dependency is to be built, below vendor/.
fn paths(dependency: &Dependency) -> Vec<String> {
    let name = &dependency.name;
    if dependency.subpackages.is_empty() {
        return vec![name.clone()];
    }
    let path = |below: &String| match below.as_str() {
        "**" | "..." => format!("{name}/..."),
        "" | "." => name.clone(),
        below => format!("{name}/{}", below.trim_matches('/')),
    };
    dependency.subpackages.iter().map(path).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sub_packages_are_built_where_any_are_listed() {
        #[track_caller]
        fn check(subpackages: &[&str], expected: &[&str]) {
            let dependency = Dependency {
                name: "h/x".to_owned(),
                subpackages: subpackages.iter().map(|&text| text.to_owned()).collect(),
                ..Dependency::default()
            };
            assert_eq!(paths(&dependency), expected, "{subpackages:?}");
        }
        check(&[], &["h/x"]);
        check(&["a/b", "."], &["h/x/a/b", "h/x"]);
        check(&["**", "..."], &["h/x/...", "h/x/..."]);
    }
}
