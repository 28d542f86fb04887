//! The command line: definitions only; the only module that names clap.
//!
//! Names, aliases and flags are Glide's. Flags that Glide accepted for old times' sake are
//! accepted with its warning. `-v` is the version before a command and `--strip-vendor` behind
//! `install`, as there.

#![expect(
    clippy::doc_markdown,
    reason = "doc comments are the help that a terminal shows"
)]

mod dashes;

use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue};
use clap::{ArgAction, Args, CommandFactory as _, Parser, Subcommand};

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
    #[arg(long, global = true, value_name = "DIR")]
    pub home: Option<PathBuf>,
    /// Accepted for compatibility; temporary files stand beside what they replace [env: GLIDE_TMP]
    #[arg(long, global = true, value_name = "DIR")]
    pub tmp: Option<PathBuf>,
    /// Write without colours [env: NO_COLOR]
    #[arg(long, global = true)]
    pub no_color: bool,
}

/// Vendoring for Go projects that have a glide.yaml.
#[derive(Parser, Debug)]
#[command(
    name = "glide-rs",
    bin_name = "glide-rs",
    disable_version_flag = true,
    args_override_self = true
)]
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
    /// Print the project's name
    Name(Unread),
    /// Print what glide.yaml says of the project
    Info(Info),
    /// Print the hash of glide.yaml that glide.lock must carry
    Hash,
    /// Rewrite a glide.yaml or glide.lock as Glide would write it, without its comments
    Fmt(Fmt),
}

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
    unread: Vec<String>,
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

impl Command {
    /// What stands behind the command and is passed over.
    pub fn unread(&self) -> Option<String> {
        match self {
            Self::Install(install) => install.rest.warning(),
            Self::Update(update) => update.rest.warning(),
            Self::Name(rest) => rest.warning(),
            Self::Info(info) => info.rest.warning(),
            Self::Hash | Self::Fmt(_) | Self::Get(_) | Self::Remove(_) => None,
        }
    }
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

/// Reads the arguments; a text to show and an exit code where there is nothing to run.
pub fn parse(
    arguments: impl IntoIterator<Item = std::ffi::OsString>,
) -> Result<Arguments, (String, u8)> {
    let arguments = dashes::from_go(arguments, &Arguments::command());
    let parsed = Arguments::try_parse_from(arguments).map_err(|error| {
        if let Some(command) = unwritten(&error) {
            let text = format!("error: `{command}` of Glide is not in this version yet\n");
            return (text, 1);
        }
        // 2 has a meaning of its own here (an error was reported, the run went on), so a command
        // line that cannot be read ends in 1, as in Glide.
        let code = u8::from(error.use_stderr());
        (error.render().to_string(), code)
    })?;
    if parsed.version {
        return Err((
            format!("glide-rs version {}\n", env!("CARGO_PKG_VERSION")),
            0,
        ));
    }
    if parsed.command.is_none() {
        return Err((help(), 0));
    }
    Ok(parsed)
}

/// The command of Glide that was asked for and that there is none of here yet.
fn unwritten(error: &clap::Error) -> Option<&'static str> {
    const COMMANDS: &[&str] = &[
        "about",
        "cache-clear",
        "cc",
        "config-wizard",
        "create",
        "cw",
        "import",
        "init",
        "list",
        "mirror",
        "novendor",
        "nv",
        "rebuild",
        "tree",
    ];
    let ContextValue::String(name) = error.get(ContextKind::InvalidSubcommand)? else {
        return None;
    };
    COMMANDS.iter().find(|command| *command == name).copied()
}

/// The help text, which is also what no arguments at all give.
fn help() -> String {
    Arguments::command().render_help().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Arguments, (String, u8)> {
        parse(line.split(' ').map(Into::into))
    }

    #[test]
    fn glides_flags_are_taken_before_and_behind_the_command() {
        let arguments = parsed("glide-rs -q --home /h install -v --skip-test -y o.yaml").unwrap();
        assert!(arguments.global.quiet);
        assert_eq!(arguments.global.yaml.as_deref(), Some("o.yaml"));
        let Some(Command::Install(install)) = arguments.command else {
            panic!("no install")
        };
        let filling = install.filling;
        assert!(filling.strip_vendor && filling.skip_test && !filling.force);
    }

    #[test]
    fn old_flags_only_warn() {
        let Some(Command::Install(install)) =
            parsed("glide-rs i --delete -u -f x --cache --cache-gopath --use-gopath -s")
                .unwrap()
                .command
        else {
            panic!("no install")
        };
        assert_eq!(install.filling.deprecated.warnings().len(), 7);
    }

    #[test]
    fn arguments_too_many_only_warn_and_flags_may_come_twice() {
        let command = parsed("glide-rs -q -q install a --force b --force")
            .unwrap()
            .command
            .unwrap();
        assert!(command.unread().is_some_and(|text| text.ends_with(": a b")));
        assert_eq!(
            parsed("glide-rs name").unwrap().command.unwrap().unread(),
            None
        );
    }

    #[test]
    fn a_wrong_line_ends_in_1_and_help_in_0() {
        assert_eq!(parsed("glide-rs install --nonsense").unwrap_err().1, 1);
        for (line, words) in [
            ("glide-rs cc", "`cc` of Glide is not in this version yet"),
            ("glide-rs get --test", "required arguments"),
            ("glide-rs rm", "required arguments"),
            ("glide-rs upp", "unrecognized subcommand"),
        ] {
            let (text, code) = parsed(line).unwrap_err();
            assert!(code == 1 && text.contains(words), "{text}");
        }
        assert_eq!(parsed("glide-rs --help").unwrap_err().1, 0);
        assert_eq!(parsed("glide-rs").unwrap_err().1, 0);
        assert!(
            parsed("glide-rs -v")
                .unwrap_err()
                .0
                .starts_with("glide-rs version ")
        );
    }
}
