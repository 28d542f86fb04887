//! What stands behind each command's name.

use std::path::PathBuf;

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{ArgAction, Args, Subcommand};

use super::strict::{Reach, Strictness};

/// A path that may be empty, which is as good as no flag: scripts write `--home "$UNSET"`.
pub(super) fn path() -> impl TypedValueParser<Value = PathBuf> {
    OsStringValueParser::new().map(PathBuf::from)
}

/// `install`.
#[derive(Args, Debug)]
pub struct Install {
    /// How vendor/ is filled.
    #[command(flatten)]
    pub filling: Filling,
    /// How strict it is.
    #[command(flatten)]
    pub strictness: Strictness,
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
    /// How strict it is.
    #[command(flatten)]
    pub strictness: Strictness,
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
    /// Who may be asked.
    #[command(flatten)]
    pub reach: Reach,
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
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own on the command line"
)]
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
    /// Where a dependency has no file that Glide reads, go by its Gopkg.toml, vendor.json, vendor.conf or
    /// go.mod (no effect on install with a glide.lock)
    #[arg(long)]
    pub import_all: bool,
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
            (
                self.file.as_ref().is_some_and(|file| !file.is_empty()),
                "The --file flag is deprecated.",
            ),
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
    /// What to print: %n name, %d description, %h homepage, %l license
    #[arg(short, long, value_name = "FORMAT", allow_hyphen_values = true)]
    pub format: Option<String>,
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
    /// dep's Gopkg.toml and Gopkg.lock
    Dep(Imported),
    /// govendor's vendor/vendor.json
    Govendor(Imported),
    /// vendor.conf of vndr or trash
    #[command(visible_alias = "trash")]
    Vndr(Imported),
    /// The go command's go.mod
    Gomod(Imported),
}

impl From {
    /// Where it goes, whosever file it is.
    pub fn imported(&self) -> &Imported {
        match self {
            Self::Godep(imported)
            | Self::Gpm(imported)
            | Self::Gb(imported)
            | Self::Gom(imported)
            | Self::Dep(imported)
            | Self::Govendor(imported)
            | Self::Vndr(imported)
            | Self::Gomod(imported) => imported,
        }
    }
}

/// Where what is imported goes.
#[derive(Args, Debug)]
pub struct Imported {
    /// Write the glide.yaml there instead of standard output
    #[arg(short, long, value_name = "FILE", value_parser = path())]
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
    Set(SetMirror),
    /// Forget a mirror
    #[command(visible_alias = "rm")]
    Remove(RemoveMirror),
}

impl MirrorAction {
    /// What stands behind it and is passed over.
    pub(super) fn unread(&self) -> Option<String> {
        match self {
            Self::List(rest) => rest.warning(),
            Self::Set(set) => set.rest.warning(),
            Self::Remove(remove) => remove.rest.warning(),
        }
    }
}

/// `mirror set`. What is missing is told in Glide's words, not by clap.
#[derive(Args, Debug)]
pub struct SetMirror {
    /// The address that is not to be used
    #[arg(value_name = "ORIGINAL", default_value = "", hide_default_value = true)]
    pub original: String,
    /// The address to be used instead
    #[arg(
        value_name = "REPLACEMENT",
        default_value = "",
        hide_default_value = true
    )]
    pub replacement: String,
    /// The version control system there: git, hg, svn or bzr [default: found out]
    #[arg(
        long,
        value_name = "KIND",
        default_value = "",
        hide_default_value = true
    )]
    pub vcs: String,
    /// What else stands there.
    #[command(flatten)]
    pub rest: Unread,
}

/// `mirror remove`.
#[derive(Args, Debug)]
pub struct RemoveMirror {
    /// The address that the mirror stands in for
    #[arg(value_name = "ORIGINAL", default_value = "", hide_default_value = true)]
    pub original: String,
    /// What else stands there.
    #[command(flatten)]
    pub rest: Unread,
}
