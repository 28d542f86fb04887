//! The manual pages, written out of the definitions and the help texts.

use std::path::PathBuf;

use clap::{Args, Command};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use super::{commands, help, texts};

/// `man`.
#[derive(Args, Debug)]
pub struct Manual {
    /// Write the pages of all commands into this folder
    #[arg(long, value_name = "DIR", value_parser = commands::path(), conflicts_with = "command")]
    pub dir: Option<PathBuf>,
    /// The command whose page is printed [default: that of glide-rs]
    #[arg(value_name = "COMMAND")]
    pub command: Vec<String>,
    /// All pages, where they are to be written.
    #[arg(skip)]
    pub pages: Vec<Page>,
}

/// A page in the language of troff.
#[derive(Clone, Debug)]
pub struct Page {
    /// The name of its file, as `glide-rs-install.1`.
    pub file: String,
    /// The commands that lead to the one it is about.
    pub(super) path: Vec<String>,
    /// What stands in it.
    pub text: String,
}

/// The page of every command, that of the program first.
pub(super) fn pages(program: &'static str) -> Vec<Page> {
    let mut root = help::definitions(program);
    root.build();
    let mut pages = Vec::new();
    collect(&root, &mut Vec::new(), &mut pages);
    pages
}

fn collect(command: &Command, path: &mut Vec<String>, pages: &mut Vec<Page>) {
    pages.push(page(command, path));
    for below in command.get_subcommands() {
        if below.get_name() == "help" {
            continue;
        }
        path.push(below.get_name().to_owned());
        collect(below, path, pages);
        path.pop();
    }
}

fn page(command: &Command, path: &[String]) -> Page {
    let name = command.get_display_name().unwrap_or(command.get_name());
    let (does, example) = texts::of(&path.join(" ")).unwrap_or_default();
    let described = command.clone().long_about(does.trim().to_owned());
    let version = concat!("glide-rs ", env!("CARGO_PKG_VERSION"));
    let man = Man::new(described);
    let mut text = Vec::new();
    let written = man
        .render_name_section(&mut text)
        .and_then(|()| man.render_synopsis_section(&mut text))
        .and_then(|()| man.render_description_section(&mut text))
        .and_then(|()| man.render_options_section(&mut text))
        .and_then(|()| {
            if command.has_subcommands() {
                man.render_subcommands_section(&mut text)
            } else {
                Ok(())
            }
        })
        .and_then(|()| examples(example).to_writer(&mut text));
    written.expect("a list of bytes takes what is written");
    // Pages have no date, so that they are the same whenever they are made. The library leaves an empty one out,
    // and what comes behind it is then taken for it.
    let title = format!(".TH {name} 1 \"\" \"{version}\" \"Commands of glide-rs\"\n");
    Page {
        file: format!("{name}.1"),
        path: path.to_vec(),
        text: tidy(&title, &String::from_utf8_lossy(&text)),
    }
}

/// The page with what the library writes before each section standing once, before the title, and without what
/// formatters warn of: space at the end of lines, and breaks around an empty line.
fn tidy(title: &str, text: &str) -> String {
    let (preamble, lines): (Vec<&str>, Vec<&str>) = text
        .lines()
        .map(str::trim_end)
        .partition(|line| line.contains(" .ds Aq "));
    // Two lines: what an apostrophe is to groff, and to others.
    let preamble = preamble.iter().take(2).map(|line| format!("{line}\n"));
    let lines = lines.iter().map(|line| format!("{line}\n"));
    let page = [title.to_owned()].into_iter().chain(lines);
    let page: String = preamble.chain(page).collect();
    page.replace(".br\n\n.br\n", ".sp\n")
}

/// What the help shows of examples, line by line as it stands there, below a heading of its own.
fn examples(text: &str) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["EXAMPLES"]);
    roff.control("nf", []);
    // The first line is the heading.
    for line in text.trim_matches('\n').lines().skip(1) {
        roff.text([roman(line)]);
    }
    roff.control("fi", []);
    roff
}
