//! The command line: definitions only; the only module that names clap.
//!
//! Names, aliases and flags are Glide's, with some of our own; a command that is none of them is a plugin. Flags
//! that Glide accepted for old times' sake are accepted with its warning. `-v` is the version before a command
//! and `--strip-vendor` behind `install`, as there.

#![expect(
    clippy::doc_markdown,
    reason = "doc comments are the help that a terminal shows"
)]

mod audit;
mod commands;
mod completions;
mod dashes;
mod doctor;
mod exec;
mod help;
mod lock;
mod manual;
mod parse;
mod strict;
mod texts;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use audit::{Audit, Outdated, Why, Written};
pub use commands::{
    Create, Deprecated, Filling, Fmt, From, Get, Import, Imported, Info, Install, List, Mirror,
    MirrorAction, NoVendor, Remove, RemoveMirror, SetMirror, Unread, Update, Walking,
};
pub use completions::Completions;
pub use doctor::Doctor;
pub use exec::{Env, Exec};
pub use lock::{Lock, LockAction, MergeLocks};
pub use manual::{Manual, Page};
pub use parse::{Colours, parse, parse_coloured};
pub use strict::{Reach, Strictness};

/// Flags that count for every command.
#[derive(Args, Debug, Clone, Default)]
pub struct Global {
    /// Use this file instead of glide.yaml
    #[arg(short, long, global = true, value_name = "FILE")]
    pub yaml: Option<String>,
    /// Show warnings and errors only
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Show what is done in detail
    #[arg(long, global = true)]
    pub debug: bool,
    /// Where Glide's files are [env: GLIDE_HOME] [default: ~/.glide]
    #[arg(long, global = true, value_name = "DIR", value_parser = commands::path())]
    pub home: Option<PathBuf>,
    /// Accepted for compatibility; temporary files stand beside what they replace [env: GLIDE_TMP]
    #[arg(long, global = true, value_name = "DIR", value_parser = commands::path())]
    pub tmp: Option<PathBuf>,
    /// Write without colours [env: NO_COLOR]
    #[arg(long, global = true)]
    pub no_color: bool,
    /// How messages are written to standard error: human or json, an object a line (docs/src/events.md)
    #[arg(
        long,
        global = true,
        value_name = "FORMAT",
        default_value = "human",
        hide_default_value = true
    )]
    pub message_format: MessageFormat,
    /// Write messages as JSON to this file, too
    #[arg(long, global = true, value_name = "FILE", value_parser = commands::path())]
    pub message_file: Option<PathBuf>,
}

/// How messages are written.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MessageFormat {
    /// Lines for people.
    #[default]
    Human,
    /// An object a line.
    Json,
}

/// Vendoring for Go projects that have a glide.yaml.
#[derive(Parser, Debug)]
#[command(disable_version_flag = true, args_override_self = true)]
pub struct Arguments {
    /// Flags that count for every command.
    #[command(flatten)]
    pub global: Global,
    /// Print the version
    #[arg(short = 'v', long)]
    pub version: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// What [`Command::Plugin`] stands for.
    #[arg(skip)]
    pub plugin: Plugin,
}

/// A command that is none of ours.
#[derive(Clone, Debug, Default)]
pub struct Plugin {
    /// Its name.
    pub name: OsString,
    /// All other arguments as they were given, also those before the name.
    pub arguments: Vec<OsString>,
    /// The command of ours with a name most like it.
    pub similar: Option<String>,
    /// The name that we are called by.
    pub program: &'static str,
}

/// The commands.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Fill vendor/ with what glide.lock pins
    #[command(visible_alias = "i")]
    Install(Install),
    /// Find versions for all that the project imports, write glide.lock and fill vendor/
    #[command(visible_alias = "up")]
    Update(Update),
    /// Add packages to glide.yaml, and all that they need to glide.lock and vendor/
    Get(Get),
    /// Take packages out of glide.yaml, and what nothing else needs out of glide.lock and vendor/
    #[command(visible_alias = "rm")]
    Remove(Remove),
    /// Make a glide.yaml out of what the code imports
    #[command(visible_alias = "init")]
    Create(Create),
    /// Go through glide.yaml and propose better versions
    #[command(visible_alias = "cw")]
    ConfigWizard(Unread),
    /// Add what files of other dependency managers list, and show the glide.yaml
    Import(Import),
    /// Print the project's name
    Name(Unread),
    /// List the project's own packages, for `go test $(glide-rs novendor)`
    #[command(visible_alias = "nv")]
    Novendor(NoVendor),
    /// Build the dependencies of glide.yaml with `go install` (deprecated)
    Rebuild(Unread),
    /// Print the imports of the project as a tree (deprecated)
    Tree(Unread),
    /// List the packages that the code imports, and where they are
    List(List),
    /// Empty the cache
    #[command(visible_alias = "cc")]
    CacheClear(Unread),
    /// Show and change where repositories are fetched from
    Mirror(Mirror),
    /// Tell which program this is, and where to read more
    About(Unread),
    /// Print what glide.yaml says of the project
    Info(Info),
    /// Check glide.lock and vendor/: what is stale, tampered with, vulnerable, unlicensed
    Audit(Audit),
    /// Tell which pins have something newer, how old they are, and how far behind
    Outdated(Outdated),
    /// Tell who brings a package into the project: the chain of imports
    Why(Why),
    /// Look at git's configuration, proxies, certificates, cache, disk, Go, and tell what is in the way
    Doctor(Doctor),
    /// Merge two versions of glide.lock
    Lock(Lock),
    /// Print the hash of glide.yaml that glide.lock must carry
    Hash,
    /// Rewrite a glide.yaml or glide.lock as Glide would write it, without its comments
    Fmt(Fmt),
    /// Run a command as if the project lay in GOPATH: `glide-rs exec -- go build ./...`
    Exec(Exec),
    /// Print what `exec` tells its command, for `eval "$(glide-rs env)"`
    Env(Env),
    /// Print what makes a shell complete command lines
    Completions(Completions),
    /// Print the manual page of a command, or write all pages to a folder
    Man(Manual),
    /// Another command, for a program to carry out.
    #[command(external_subcommand)]
    Plugin(Vec<OsString>),
}

impl Command {
    /// Whether it is told to ask nobody.
    pub fn is_offline(&self) -> bool {
        match self {
            Self::Install(install) => install.strictness.is_offline(),
            Self::Update(update) => update.strictness.is_offline(),
            Self::Get(get) => get.reach.offline,
            Self::Audit(audit) => audit.offline,
            Self::Outdated(outdated) => outdated.offline,
            _ => false,
        }
    }

    /// The name, as it is listed.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Install(_) => "install",
            Self::Update(_) => "update",
            Self::Get(_) => "get",
            Self::Remove(_) => "remove",
            Self::Create(_) => "create",
            Self::ConfigWizard(_) => "config-wizard",
            Self::Import(_) => "import",
            Self::Name(_) => "name",
            Self::Novendor(_) => "novendor",
            Self::Rebuild(_) => "rebuild",
            Self::Tree(_) => "tree",
            Self::List(_) => "list",
            Self::CacheClear(_) => "cache-clear",
            Self::Mirror(_) => "mirror",
            Self::About(_) => "about",
            Self::Info(_) => "info",
            Self::Audit(_) => "audit",
            Self::Outdated(_) => "outdated",
            Self::Why(_) => "why",
            Self::Doctor(_) => "doctor",
            Self::Lock(_) => "lock",
            Self::Hash => "hash",
            Self::Fmt(_) => "fmt",
            Self::Exec(_) => "exec",
            Self::Env(_) => "env",
            Self::Completions(_) => "completions",
            Self::Man(_) => "man",
            Self::Plugin(_) => "plugin",
        }
    }

    /// What stands behind the command and is passed over.
    pub fn unread(&self) -> Option<String> {
        match self {
            Self::Install(install) => install.rest.warning(),
            Self::Update(update) => update.rest.warning(),
            Self::Info(info) => info.rest.warning(),
            Self::Create(create) => create.rest.warning(),
            Self::Novendor(novendor) => novendor.rest.warning(),
            Self::List(list) => list.rest.warning(),
            Self::Import(import) => import.from.imported().rest.warning(),
            Self::Name(rest)
            | Self::ConfigWizard(rest)
            | Self::Rebuild(rest)
            | Self::Tree(rest)
            | Self::CacheClear(rest)
            | Self::About(rest) => rest.warning(),
            Self::Audit(_)
            | Self::Outdated(_)
            | Self::Why(_)
            | Self::Doctor(_)
            | Self::Lock(_)
            | Self::Hash
            | Self::Fmt(_)
            | Self::Exec(_)
            | Self::Env(_)
            | Self::Completions(_)
            | Self::Man(_)
            | Self::Get(_)
            | Self::Remove(_)
            | Self::Plugin(_) => None,
            Self::Mirror(mirror) => mirror.action.unread(),
        }
    }
}

#[cfg(test)]
mod tests;
