//! How the report of an audit is written, and where; the earlier report that it is compared with.

use std::path::{Path, PathBuf};

use super::super::{Context, Outcome};
use crate::audit::render::{self, Facts, Format, Snapshot};
use crate::audit::{Baseline, Report};
use crate::error::Failure;
use crate::fsx;
use crate::settings::BuildSettings;

/// How a report is written.
#[derive(Clone, Debug, Default)]
pub struct Writing {
    /// In which format.
    pub format: Format,
    /// To which file; to standard output where there is none.
    pub output: Option<PathBuf>,
    /// The commit that was built, for a snapshot; the build service's where there is none.
    pub sha: Option<String>,
    /// The branch or tag that was built, likewise.
    pub reference: Option<String>,
    /// What runs of the same kind share, likewise.
    pub job: Option<String>,
}

impl Writing {
    /// Which build the report belongs to, where the format wants to know.
    pub(super) fn snapshot(&self, build: &BuildSettings) -> Result<Option<Snapshot>, Failure> {
        if self.format != Format::Github {
            return Ok(None);
        }
        let told =
            |flag: &Option<String>, of_build: &Option<String>, name: &str, variable: &str| {
                let value = flag.clone().or_else(|| of_build.clone());
                value.ok_or_else(|| {
                    Failure::user(format!("a snapshot for GitHub needs {name}")).with_hint(format!(
                        "GitHub Actions sets {variable}; elsewhere use the flag"
                    ))
                })
            };
        let sha = told(&self.sha, &build.sha, "the commit (--sha)", "GITHUB_SHA")?;
        let reference = told(
            &self.reference,
            &build.reference,
            "the branch or tag (--ref)",
            "GITHUB_REF",
        )?;
        if sha.len() != 40 || !sha.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            let message = format!("`{sha}` is no commit: GitHub wants all 40 digits of its id");
            return Err(Failure::user(message));
        }
        if !reference.starts_with("refs/") {
            return Err(
                Failure::user(format!("`{reference}` is no ref that GitHub takes"))
                    .with_hint(format!("write `refs/heads/{reference}` for a branch")),
            );
        }
        let correlator = self.job.clone().or_else(|| build.correlator.clone());
        Ok(Some(Snapshot {
            sha,
            reference,
            job: build.run.clone().unwrap_or_else(|| "0".to_owned()),
            correlator: correlator.unwrap_or_else(|| "glide-rs audit".to_owned()),
            page: build.page.clone(),
        }))
    }

    /// Writes the report. What it comes to is told besides where no person reads it as it is.
    pub(super) fn write(
        &self,
        context: &Context<'_>,
        report: &Report,
        facts: &Facts,
    ) -> Result<Outcome, Failure> {
        let bytes = render::render(self.format, report, facts)
            .map_err(|error| Failure::user(error.to_string()))?;
        let code = report.verdict(facts.floor).exit_code();
        let output = match &self.output {
            None => bytes,
            Some(path) => {
                fsx::write_atomic(&context.settings.folder.join(path), &bytes)?;
                Vec::new()
            }
        };
        if self.output.is_some() || self.format != Format::Table {
            context.reporter.info(render::summary(report, facts));
        }
        Ok(Outcome { output, code })
    }
}

/// Reads an earlier report.
pub(super) fn baseline(
    context: &Context<'_>,
    path: Option<&Path>,
) -> Result<Option<Baseline>, Failure> {
    let Some(path) = path else {
        return Ok(None);
    };
    let full = context.settings.folder.join(path);
    let baseline =
        Baseline::parse(&fsx::read_up_to(&full, Baseline::LARGEST)?).map_err(|error| {
            let message = format!("cannot take {} as a baseline: {error}", full.display());
            Failure::user(message)
                .with_hint("write it with `glide-rs audit --format json --output FILE`")
        })?;
    Ok(Some(baseline))
}
