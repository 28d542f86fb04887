//! What stands behind `audit` and `why`.

use std::path::PathBuf;

use clap::Args;

/// `audit`.
#[derive(Args, Debug)]
pub struct Audit {
    /// Checks to run (drift, integrity, provenance, vulnerabilities, licences; all unless any is
    /// named) and the folders of projects [default: the project around the working folder]
    #[arg(value_name = "CHECK|PATH")]
    pub what: Vec<String>,
    /// Audit every project with a glide.lock at or below these folders
    #[arg(long)]
    pub workspace: bool,
    /// Go by this policy instead of each project's glide-audit.toml
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// Fail for findings of this severity and worse: low, medium, high or critical
    #[arg(long, value_name = "SEVERITY")]
    pub severity: Option<String>,
    /// Ask nobody: what cannot be told from the cache is not checked
    #[arg(long)]
    pub offline: bool,
    /// Look vulnerabilities up there: a zip file, a folder or an address, laid out as the Go
    /// vulnerability database [default: https://vuln.go.dev]
    #[arg(long = "db", value_name = "PATH|URL")]
    pub database: Option<String>,
    /// Look for vulnerabilities of this version of Go, too (as 1.19.3)
    #[arg(long, value_name = "VERSION")]
    pub go_version: Option<String>,
    /// Tell what has become of the pins since this revision of the project's repository: a branch,
    /// tag or commit; `REV...` for where HEAD has left it
    #[arg(long, value_name = "REV")]
    pub since: Option<String>,
    /// Set aside what stands in this earlier report of `--format json`
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// How the report is written.
    #[command(flatten)]
    pub written: Written,
}

/// How `audit` writes its report.
#[derive(Args, Debug)]
pub struct Written {
    /// The form of the report: table, json, sarif, cyclonedx, spdx, github or osv
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: String,
    /// Write the report to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// For `--format github`: the commit that was built [default: `$GITHUB_SHA`]
    #[arg(long, value_name = "COMMIT")]
    pub sha: Option<String>,
    /// For `--format github`: its branch or tag, as refs/heads/master [default: `$GITHUB_REF`]
    #[arg(long = "ref", value_name = "REF")]
    pub reference: Option<String>,
    /// For `--format github`: what runs of the same kind share [default: workflow and job]
    #[arg(long, value_name = "NAME")]
    pub job: Option<String>,
}

/// `outdated`.
#[derive(Args, Debug)]
pub struct Outdated {
    /// List pins that have nothing newer, too
    #[arg(long)]
    pub all: bool,
    /// How it is written: table or json
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: String,
    /// Exit with 1 where there is something newer
    #[arg(long)]
    pub exit_code: bool,
    /// Ask nobody: what cannot be told from the cache is unknown
    #[arg(long)]
    pub offline: bool,
}

/// `why`.
#[derive(Args, Debug)]
pub struct Why {
    /// The import path of a package, or of all packages below it
    #[arg(value_name = "PACKAGE")]
    pub package: String,
}
