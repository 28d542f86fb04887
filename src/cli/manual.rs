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
    let man = Man::new(described).title(name).source(version);
    let mut text = Vec::new();
    let written = man
        .render_title(&mut text)
        .and_then(|()| man.render_name_section(&mut text))
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
    Page {
        file: format!("{name}.1"),
        path: path.to_vec(),
        text: String::from_utf8_lossy(&text).into_owned(),
    }
}

/// What the help shows of examples, line by line as it stands there.
fn examples(text: &str) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["EXAMPLES"]);
    roff.control("nf", []);
    for line in text.trim_matches('\n').lines() {
        roff.text([roman(line)]);
    }
    roff.control("fi", []);
    roff
}
