//! What stands behind each command's name.

use std::path::PathBuf;

use clap::{ArgAction, Args, Subcommand};

/// `install`.
#[derive(Args, Debug)]
pub struct Install {
    /// How vendor/ is filled.
    #[command(flatten)]
    pub filling: Filling,
    /// What else stands there.
    #[command(flatten)]
    pub rest: Unread,
}

/// `update`.
#[derive(Args, Debug)]
pub struct Update {
    /// How imports are followed.
    #[command(flatten)]
    pub walking: Walking,
    /// How vendor/ is filled.
    #[command(flatten)]
    pub filling: Filling,
    /// What else stands there.
    #[command(flatten)]
    pub rest: Unread,
}

/// `get`.
#[derive(Args, Debug)]
pub struct Get {
    /// Import paths of packages, with the version where one is wanted
    #[arg(required = true, value_name = "PACKAGE[#VERSION]")]
    pub packages: Vec<String>,
    /// Add them to testImport
    #[arg(long)]
    pub test: bool,
    /// Fetch them by http instead of https
    #[arg(long)]
    pub insecure: bool,
    /// Ask nothing: where no version is given, the default branch is taken
    #[arg(long)]
    pub non_interactive: bool,
    /// How imports are followed.
    #[command(flatten)]
    pub walking: Walking,
    /// How vendor/ is filled.
    #[command(flatten)]
    pub filling: Filling,
}

/// `remove`.
#[derive(Args, Debug)]
pub struct Remove {
    /// Repositories, as glide.yaml lists them
    #[arg(required = true, value_name = "PACKAGE")]
    pub packages: Vec<String>,
    /// Accepted for compatibility; what is no longer needed always goes from vendor/
    #[arg(short, long)]
    pub delete: bool,
}

/// How vendor/ is filled.
#[derive(Args, Debug)]
pub struct Filling {
    /// Accepted for compatibility; repositories that have moved are fetched again anyway
    #[arg(long)]
    pub force: bool,
    /// Leave test dependencies out
    #[arg(long)]
    pub skip_test: bool,
    /// Remove nested vendor and Godeps/_workspace folders
    #[arg(short = 'v', long)]
    pub strip_vendor: bool,
    /// Flags without effect.
    #[command(flatten)]
    pub deprecated: Deprecated,
}

/// How imports are followed.
#[derive(Args, Debug)]
pub struct Walking {
    /// Fetch only what glide.yaml lists, and write no glide.lock
    #[arg(long, visible_alias = "quick")]
    pub no_recursive: bool,
    /// Follow all packages of a dependency, not only those that are imported
    #[arg(long)]
    pub all_dependencies: bool,
    /// Look only at files that are built on this system
    #[arg(long)]
    pub resolve_current: bool,
    /// Take, where glide.yaml leaves it open, releases that this Go can build, by their go.mod
    #[arg(long, value_name = "1.N")]
    pub go_version: Option<String>,
}

/// Arguments that Glide passes over without a word.
#[derive(Args, Debug, Default)]
pub struct Unread {
    #[arg(hide = true, value_name = "ARGUMENT")]
    pub(super) unread: Vec<String>,
}

impl Unread {
    /// What to warn of, if anything.
    pub fn warning(&self) -> Option<String> {
        let words = self.unread.join(" ");
        (!words.is_empty()).then(|| format!("Nothing is done with the arguments: {words}"))
    }
}

/// Flags that Glide has long ignored.
#[derive(Args, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own on the command line"
)]
pub struct Deprecated {
    #[arg(long, hide = true)]
    delete: bool,
    #[arg(short, long, hide = true)]
    update_vendored: bool,
    #[arg(short, long, hide = true, value_name = "FILE")]
    file: Option<String>,
    #[arg(long, hide = true)]
    cache: bool,
    #[arg(long, hide = true)]
    cache_gopath: bool,
    #[arg(long, hide = true)]
    use_gopath: bool,
    #[arg(short, long, hide = true)]
    strip_vcs: bool,
}

impl Deprecated {
    /// What to warn of, in Glide's order.
    pub fn warnings(&self) -> Vec<&'static str> {
        const BY_DEFAULT: [&str; 4] = [
            "The --delete flag is deprecated. This now works by default.",
            "The --update-vendored flag is deprecated. This now works by default.",
            "The --cache flag is deprecated. This now works by default.",
            "The --strip-vcs flag is deprecated. This now works by default.",
        ];
        [
            (self.delete, BY_DEFAULT[0]),
            (self.update_vendored, BY_DEFAULT[1]),
            (self.file.is_some(), "The --file flag is deprecated."),
            (self.cache, BY_DEFAULT[2]),
            (self.cache_gopath, "The --cache-gopath flag is deprecated."),
            (
                self.use_gopath,
                "The --use-gopath flag is deprecated. Please see overrides.",
            ),
            (self.strip_vcs, BY_DEFAULT[3]),
        ]
        .into_iter()
        .filter_map(|(given, warning)| given.then_some(warning))
        .collect()
    }
}

/// `info`.
#[derive(Args, Debug)]
pub struct Info {
    /// What to print: %n name, %d description, %h homepage, %l license; nothing unless given
    #[arg(
        short,
        long,
        value_name = "FORMAT",
        default_value = "",
        hide_default_value = true,
        allow_hyphen_values = true
    )]
    pub format: String,
    /// What else stands there.
    #[command(flatten)]
    pub rest: Unread,
}

/// `fmt`.
#[derive(Args, Debug)]
pub struct Fmt {
    /// Change nothing; exit with 1 if the file would change
    #[arg(long, action = ArgAction::SetTrue)]
    pub check: bool,
    /// The file; `-` reads standard input and writes standard output [default: glide.yaml]
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
}

/// `create`.
#[derive(Args, Debug)]
pub struct Create {
    /// Do not look at the files of other dependency managers
    #[arg(long)]
    pub skip_import: bool,
    /// Ask nothing
    #[arg(long)]
    pub non_interactive: bool,
    /// What else stands there.
    #[command(flatten)]
    pub rest: Unread,
}

/// `import`.
#[derive(Args, Debug)]
pub struct Import {
    /// Whose file it is.
    #[command(subcommand)]
    pub from: From,
}

/// What can be imported from.
#[derive(Subcommand, Debug)]
pub enum From {
    /// Godep's Godeps/Godeps.json
    Godep(Imported),
    /// gpm's Godeps and Godeps-Git
    Gpm(Imported),
    /// gb's vendor/manifest
    Gb(Imported),
    /// gom's Gomfile
    Gom(Imported),
}

/// Where what is imported goes.
#[derive(Args, Debug)]
pub struct Imported {
    /// Write the glide.yaml there instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// What else stands there.
    #[command(flatten)]
    pub rest: Unread,
}

/// `novendor`.
#[derive(Args, Debug)]
pub struct NoVendor {
    /// Look in this folder
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    pub dir: PathBuf,
    /// Write no `/...` behind folders
    #[arg(short = 'x', long)]
    pub no_subdir: bool,
    /// What else stands there.
    #[command(flatten)]
    pub rest: Unread,
}

/// `list`.
#[derive(Args, Debug)]
pub struct List {
    /// How to print: text, json or json-pretty
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub output: String,
    /// What else stands there.
    #[command(flatten)]
    pub rest: Unread,
}

/// `mirror`.
#[derive(Args, Debug)]
pub struct Mirror {
    /// What to do with them.
    #[command(subcommand)]
    pub action: MirrorAction,
}

/// What can be done with mirrors.
#[derive(Subcommand, Debug)]
pub enum MirrorAction {
    /// Show the mirrors
    List(Unread),
    /// Fetch a repository from another address
    Set {
        /// The address that is not to be used
        original: String,
        /// The address to be used instead
        replacement: String,
        /// The version control system there: git, hg, svn or bzr; found out unless given
        #[arg(long)]
        vcs: Option<String>,
    },
    /// Forget a mirror
    #[command(visible_alias = "rm")]
    Remove {
        /// The address that the mirror stands in for
        original: String,
    },
}

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
