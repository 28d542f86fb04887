//! From arguments to a command, or to a text that says why there is none.

use std::ffi::{OsStr, OsString};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgMatches, FromArgMatches as _};

use super::{Arguments, Command, Plugin, completions, dashes, help, manual};

/// A text to show and an exit code, where there is nothing to run.
type Shown = (String, u8);

/// Which streams may be coloured.
#[derive(Clone, Copy, Debug, Default)]
pub struct Colours {
    /// Standard output, where help goes to.
    pub output: bool,
    /// Standard error, where it is told what is wrong with a command line.
    pub errors: bool,
}

/// Reads the arguments, of which the first is the program's name. Texts have no colours.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Arguments, Shown> {
    parse_coloured(arguments, Colours::default())
}

/// The same with colours in the texts for these streams.
pub fn parse_coloured(
    arguments: impl IntoIterator<Item = OsString>,
    colours: Colours,
) -> Result<Arguments, Shown> {
    let given: Vec<OsString> = arguments.into_iter().collect();
    let line = Line {
        program: help::program(given.first().map(OsString::as_os_str)),
        given,
        colours,
    };
    let matches = line.matches()?;
    let shown = |error| line.shown(error);
    if let Some(words) = help_wanted(&matches) {
        return line.help(&words);
    }
    let mut parsed = Arguments::from_arg_matches(&matches).map_err(shown)?;
    if parsed.version {
        return Err((help::version(line.program), 0));
    }
    match &parsed.command {
        None => line.help(&[]),
        // As Glide, these two.
        Some(Command::Plugin(words)) if words.first().is_some_and(|name| name.is_empty()) => {
            line.help(&[])
        }
        Some(Command::Info(info)) if info.format.is_none() => line.help(&["info".to_owned()]),
        Some(Command::Completions(asked)) => {
            Err((completions::script(asked.shell, line.program), 0))
        }
        Some(Command::Man(asked)) if asked.dir.is_none() => line.manual(&asked.command),
        Some(Command::Plugin(words)) => {
            let place = line.given.len().saturating_sub(words.len());
            parsed.plugin = line.plugin(place);
            Ok(parsed)
        }
        Some(_) => {
            if let Some(Command::Man(asked)) = &mut parsed.command {
                asked.pages = manual::pages(line.program);
            }
            Ok(parsed)
        }
    }
}

/// A command line.
struct Line {
    given: Vec<OsString>,
    /// What we are called by.
    program: &'static str,
    colours: Colours,
}

impl Line {
    fn matches(&self) -> Result<ArgMatches, Shown> {
        let mut definitions = help::definitions(self.program);
        let written = dashes::from_go(self.given.iter().cloned(), &definitions);
        definitions
            .try_get_matches_from_mut(written)
            .map_err(|error| self.shown(error))
    }

    /// The help of a command; that of the last one that there is, where words are too many. A
    /// plugin is asked for its own, as Glide does it.
    fn help(&self, words: &[String]) -> Result<Arguments, Shown> {
        let definitions = help::definitions(self.program);
        let mut command = &definitions;
        let mut path = vec![self.program.to_owned()];
        for word in words {
            match command.find_subcommand(word) {
                Some(below) => command = below,
                None if path.len() == 1 => return Ok(self.help_of_plugin(word)),
                None => break,
            }
            path.push(word.clone());
        }
        path.push("--help".to_owned());
        match definitions.clone().try_get_matches_from(path) {
            Err(error) => Err(self.shown(error)),
            Ok(_) => Err((String::new(), 0)),
        }
    }

    /// The manual page of a command, by its name or an alias of it.
    fn manual(&self, words: &[String]) -> Result<Arguments, Shown> {
        let definitions = help::definitions(self.program);
        let mut command = &definitions;
        let mut path = Vec::new();
        for word in words {
            let below = command.find_subcommand(word);
            command = below
                .filter(|below| below.get_name() != "help")
                .ok_or_else(|| {
                    let (program, words) = (self.program, words.join(" "));
                    let text = format!("error: there is no manual page of `{program} {words}`\n");
                    (text, 1)
                })?;
            path.push(command.get_name().to_owned());
        }
        let page = manual::pages(self.program).into_iter();
        let page = page.filter(|page| page.path == path).map(|page| page.text);
        Err((page.collect(), 0))
    }

    fn help_of_plugin(&self, name: &str) -> Arguments {
        let place = self.given.iter().rposition(|word| word == name);
        Arguments {
            global: super::Global::default(),
            version: false,
            command: Some(Command::Plugin(vec![name.into()])),
            plugin: self.plugin(place.unwrap_or(self.given.len())),
        }
    }

    /// The plugin whose name stands at a place.
    fn plugin(&self, place: usize) -> Plugin {
        let mut arguments = self.given.clone();
        let name = if place < arguments.len() {
            arguments.remove(place)
        } else {
            OsString::new()
        };
        Plugin {
            similar: self.similar(&name),
            arguments: arguments.split_off(1.min(arguments.len())),
            name,
            program: self.program,
        }
    }

    /// The command that somebody may have meant.
    fn similar(&self, name: &OsStr) -> Option<String> {
        let definitions = help::definitions(self.program);
        let all = definitions.get_subcommands().cloned();
        let no_plugins = clap::Command::new(self.program);
        let no_plugins = no_plugins.disable_help_subcommand(true).subcommands(all);
        let words = [OsStr::new(self.program), name];
        let error = no_plugins.try_get_matches_from(words).err()?;
        let word = match error.get(ContextKind::SuggestedSubcommand)? {
            ContextValue::String(one) => one,
            // The best one comes last.
            ContextValue::Strings(several) => several.last()?,
            _ => return None,
        };
        // Instead of an alias the name it stands for.
        let command = definitions.find_subcommand(word);
        Some(
            command
                .map_or(word.as_str(), clap::Command::get_name)
                .to_owned(),
        )
    }

    /// How an error of clap's ends, which may be a help text.
    fn shown(&self, mut error: clap::Error) -> Shown {
        if let Some(ContextValue::StyledStrs(mut tips)) = error.remove(ContextKind::Suggested) {
            // No command takes anything that begins with a dash.
            tips.retain(|tip| !tip.to_string().contains("as a value"));
            if !tips.is_empty() {
                error.insert(ContextKind::Suggested, ContextValue::StyledStrs(tips));
            }
        }
        // 2 has a meaning of its own here (an error was reported, the run went on), so a command
        // line that cannot be read ends in 1, as in Glide.
        let is_help = error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
        let code = u8::from(error.use_stderr() && !is_help);
        let coloured = match code {
            0 => self.colours.output,
            _ => self.colours.errors,
        };
        let text = error.render();
        match coloured {
            true => (text.ansi().to_string(), code),
            false => (text.to_string(), code),
        }
    }
}

/// The command whose help somebody asks for with `help`, in words.
fn help_wanted(mut matches: &ArgMatches) -> Option<Vec<String>> {
    let mut words = Vec::new();
    while let Some((name, below)) = matches.subcommand() {
        if name == "help" {
            let asked = below.get_many::<String>("command");
            words.extend(asked.into_iter().flatten().cloned());
            return Some(words);
        }
        words.push(name.to_owned());
        matches = below;
    }
    None
}
