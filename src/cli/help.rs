//! The help texts, and the definitions with all that is the same for every command put in.

use clap::builder::StyledStr;
use clap::builder::styling::{AnsiColor, Styles};
use clap::{Arg, ArgAction, Command, CommandFactory as _};

use super::{Arguments, texts};

/// The name that we are called by when we stand in for Glide.
const GLIDE: &str = "glide";
/// Our own name.
const OURS: &str = "glide-rs";

/// What a command is, what it does, how it is used, what there is to set, an example.
const TEMPLATE: &str =
    "{about-with-newline}\n{before-help}{usage-heading} {usage}\n\n{all-args}{after-help}";

/// Wider than this no text is read with ease.
const WIDEST: usize = 100;

/// Where there are colours: headings stand out, what is to be typed, and what takes its place.
const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// The name to show: `glide` where we are called so, by a link or a copy.
pub(super) fn program(first: Option<&std::ffi::OsStr>) -> &'static str {
    let called = first.and_then(|path| std::path::Path::new(path).file_stem());
    if called.is_some_and(|name| name == GLIDE) {
        GLIDE
    } else {
        OURS
    }
}

/// What `--version` prints. Scripts that call `glide` read Glide's line.
pub(super) fn version(program: &str) -> String {
    if program == GLIDE {
        "glide version v0.13.3\n".to_owned() // Glide text
    } else {
        format!("{OURS} version {}\n", env!("CARGO_PKG_VERSION"))
    }
}

/// All definitions, for a program of this name.
pub(super) fn definitions(program: &'static str) -> Command {
    let help = Arg::new("help")
        .short('h')
        .long("help")
        .action(ArgAction::HelpShort)
        .global(true)
        .help("Print this help");
    let root = Arguments::command()
        .name(program)
        .bin_name(program)
        .max_term_width(WIDEST)
        .styles(STYLES)
        .arg(help)
        .mut_args(|arg| {
            if arg.is_global_set() {
                arg.help_heading("For all commands")
            } else {
                arg
            }
        });
    finished(root, program, &mut Vec::new())
}

/// A text without the line ends inside its paragraphs, so that it is wrapped to the width that there is.
fn flowing(text: &str) -> String {
    let paragraphs = text.trim().split("\n\n");
    let joined: Vec<String> = paragraphs.map(|lines| lines.replace('\n', " ")).collect();
    joined.join("\n\n")
}

/// Puts texts, and what is the same everywhere, into a command and those below it.
fn finished(command: Command, program: &'static str, path: &mut Vec<String>) -> Command {
    // Only where it is a command to type.
    let addressed = |text: &str| text.replace(&format!("{OURS} "), &format!("{program} "));
    let about = command.get_about().map(StyledStr::to_string);
    let mut command = command
        .about(addressed(&about.unwrap_or_default()))
        .help_template(TEMPLATE)
        .disable_help_flag(true)
        .disable_help_subcommand(true);
    if let Some((does, example)) = texts::of(&path.join(" ")) {
        command = command
            .before_help(addressed(&flowing(does)))
            .after_help(addressed(example.trim_matches('\n')));
    }
    let names: Vec<String> = command
        .get_subcommands()
        .map(|below| below.get_name().to_owned())
        .collect();
    for name in &names {
        path.push(name.clone());
        command = command.mut_subcommand(name, |below| finished(below, program, path));
        path.pop();
    }
    if names.is_empty() {
        return command;
    }
    let which = Arg::new("command").num_args(0..).value_name("COMMAND");
    let help = Command::new("help")
        .visible_alias("h")
        .about("Show this, or the help of a command")
        .arg(which.help("The command"));
    path.push("help".to_owned());
    let help = finished(help, program, path);
    path.pop();
    command.subcommand(help)
}
