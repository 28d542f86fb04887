//! `doctor`: looks at what stands around the project, and says what is in the way.
//!
//! Nothing is changed, and nobody is asked unless that is wanted. What cannot be read is a finding and no
//! failure, so that one thing that is broken does not hide the others.

mod around;
mod project;

use super::network::Network;
use super::{Context, Outcome};
use crate::discover::Policy;
use crate::doctor::{self, Check, Facts, Status};
use crate::error::Failure;

/// What `doctor` is asked to do.
#[derive(Clone, Copy, Debug, Default)]
pub struct DoctorOptions {
    /// Whether repositories are asked.
    pub online: bool,
    /// Whether it is written as JSON, else as text.
    pub json: bool,
}

impl DoctorOptions {
    /// The options, with the name of the format as the person wrote it.
    pub fn new(online: bool, format: &str) -> Result<Self, Failure> {
        let json = match format {
            "text" => false,
            "json" => true,
            other => {
                let message = format!("`--format` is `{other}`");
                return Err(Failure::user(message).with_hint("it has to be text or json"));
            }
        };
        Ok(Self { online, json })
    }
}

/// Tells what was found, with exit code 1 where something will fail.
pub fn doctor(context: &Context<'_>, options: DoctorOptions) -> Result<Outcome, Failure> {
    let checks = doctor::examine(&gathered(context, options.online));
    let output = if options.json {
        doctor::json(&checks).map_err(Failure::user)?
    } else {
        doctor::text(&checks).into_bytes()
    };
    let is_bad = |check: &Check| check.status == Status::Problem;
    let code = u8::from(checks.iter().any(is_bad));
    Ok(Outcome { output, code })
}

fn gathered(context: &Context<'_>, online: bool) -> Facts {
    let settings = context.settings;
    let network = Network::new(settings, Policy::Remember);
    let found = project::find(context);
    let mirrors = project::mirrors(&settings.home);
    let (git, config) = around::git(settings);
    let remotes = found.remotes(&mirrors.mirrors);
    let answers = online.then(|| project::ask(context, &network, &remotes));
    Facts {
        programs: around::programs(settings, &network, config.as_ref(), &remotes),
        git,
        proxies: around::proxies(&settings.net),
        certificates: around::certificates(settings, config.as_ref()),
        home: around::home(&settings.home),
        cache: around::cache(&network.cache, found.folder.as_deref()),
        disks: around::disks(&settings.home, found.folder.as_deref()),
        mirrors: mirrors.trouble,
        mirror_targets: mirrors.targets,
        mirror_count: mirrors.mirrors.repos.len(),
        may_ask: settings.may_ask,
        go: around::go(settings),
        project: found.project,
        answers,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_have_names() {
        assert!(DoctorOptions::new(false, "json").unwrap().json);
        assert!(!DoctorOptions::new(true, "text").unwrap().json);
        let failure = DoctorOptions::new(true, "xml").unwrap_err().render();
        assert!(
            failure.contains("`xml`") && failure.contains("json"),
            "{failure}"
        );
    }
}
