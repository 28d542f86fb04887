//! The command line as people and scripts write it.

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
fn what_exec_runs_keeps_its_arguments() {
    for (line, expected) in [
        ("g exec -- go build ./...", &["go", "build", "./..."][..]),
        (
            "g -q exec -y o.yaml sh -c -q --home",
            &["sh", "-c", "-q", "--home"],
        ),
        (
            "g exec go -quiet=false --help -- -v",
            &["go", "-quiet=false", "--help", "--", "-v"],
        ),
        ("g exec -- -q", &["-q"]),
        ("g exec -- exec -- help", &["exec", "--", "help"]),
    ] {
        let Some(Command::Exec(exec)) = parsed(line).unwrap().command else {
            panic!("no exec: {line}")
        };
        assert_eq!(exec.command, expected, "{line}");
    }
    for line in ["g exec", "g exec --", "g exec -q"] {
        let (text, code) = parsed(line).unwrap_err();
        assert!(code == 1 && text.contains("required arguments"), "{text}");
    }
    let bytes = OsString::from("é");
    let command = parse([
        OsString::from("g"),
        "exec".into(),
        bytes.clone(),
        "-quiet".into(),
    ]);
    let Some(Command::Exec(exec)) = command.unwrap().command else {
        panic!("no exec")
    };
    assert_eq!(exec.command, [bytes, "-quiet".into()]);
}

#[test]
fn colours_are_for_the_stream_that_may_have_them_and_change_no_word() {
    let errors = Colours {
        errors: true,
        ..Colours::default()
    };
    let output = Colours {
        output: true,
        ..Colours::default()
    };
    for (line, its_own, other) in [
        ("g help mirror set", output, errors),
        ("g mirror", output, errors),
        ("g install --nosuch", errors, output),
    ] {
        let shown = |colours| parse_coloured(line.split(' ').map(Into::into), colours).unwrap_err();
        let plain = parsed(line).unwrap_err();
        assert_eq!(shown(other), plain, "{line}");
        let (coloured, code) = shown(its_own);
        assert!(coloured.contains("\u{1b}["), "{line}: {coloured}");
        let mut pieces = coloured.split("\u{1b}[");
        let first = pieces.next().unwrap_or_default().to_owned();
        let words = pieces.filter_map(|piece| piece.split_once('m'));
        let words = words.fold(first, |text, (_, words)| text + words);
        assert_eq!((words, code), plain, "{line}");
    }
}

#[test]
fn what_somebody_may_have_meant_is_told() {
    for (line, meant) in [
        ("g install --strip-vendr", "--strip-vendor"),
        ("g mirror lst", "'list'"),
        ("g completions fsh", "'fish'"),
        ("g --message-format jsn name", "'json'"),
    ] {
        let (text, code) = parsed(line).unwrap_err();
        assert!(code == 1 && text.contains("similar"), "{line}: {text}");
        assert!(text.contains(meant), "{line}: {text}");
    }
}

#[test]
fn what_scripts_leave_empty_is_as_good_as_not_given() {
    let line = ["glide-rs", "--home", "", "import", "godep", "-f", ""];
    let arguments = parse(line.map(Into::into)).unwrap();
    assert_eq!(arguments.global.home, Some(PathBuf::new()));
    assert_eq!(parse(["glide-rs", ""].map(Into::into)).unwrap_err().1, 0);
}

#[test]
fn what_is_wrong_is_told_by_its_name() {
    for (line, words) in [
        ("glide-rs nv -x=yes", "'yes' for '--no-subdir'"),
        ("glide-rs up -quick=maybe", "'maybe' for '--no-recursive'"),
        ("glide-rs -unknown name", "'--unknown'"),
        ("glide-rs name --nosuch", "'--nosuch'"),
    ] {
        let (text, code) = parsed(line).unwrap_err();
        assert!(code == 1 && text.contains(words), "{text}");
        assert!(!text.contains("as a value"), "{text}");
    }
}

#[test]
fn two_dashes_before_the_command_are_passed_over() {
    let command = parsed("glide-rs -q -- name").unwrap().command;
    assert!(matches!(command, Some(Command::Name(_))));
}

#[test]
fn a_wrong_line_ends_in_1_and_help_in_0() {
    assert_eq!(parsed("glide-rs install --nonsense").unwrap_err().1, 1);
    for (line, words) in [
        ("glide-rs get --test", "required arguments"),
        ("glide-rs rm", "required arguments"),
        ("glide-rs mirror nonsense", "unrecognized subcommand"),
        ("glide-rs mirror -q", "requires a subcommand"),
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

/// All commands and those below them, each with its path.
fn all(command: &clap::Command, path: &str) -> Vec<(String, clap::Command)> {
    let mut found = Vec::new();
    for below in command.get_subcommands() {
        let path = format!("{path} {}", below.get_name()).trim().to_owned();
        found.push((path.clone(), below.clone()));
        found.extend(all(below, &path));
    }
    found
}

#[test]
fn every_command_has_a_text_and_every_text_a_command() {
    let root = help::definitions("glide-rs");
    let mut names: Vec<String> = all(&root, "").into_iter().map(|(path, _)| path).collect();
    names.push(String::new());
    for name in &names {
        let (does, example) = texts::of(name).unwrap_or_else(|| panic!("{name} has no text"));
        let long = [does, example].concat();
        assert!(
            long.lines().all(|line| line.chars().count() <= 100),
            "{name}"
        );
        assert!(
            example.contains("Example") && !long.contains(['{', '}']),
            "{name}"
        );
    }
    for name in texts::names() {
        assert!(
            names.iter().any(|known| known == name),
            "{name} is no command"
        );
    }
}

#[test]
fn help_and_version_bear_the_name_that_we_are_called_by() {
    let shown = |line: &str| parsed(line).unwrap_err();
    assert_eq!(
        shown("/usr/bin/glide -v"),
        ("glide version v0.13.3\n".to_owned(), 0)
    );
    assert_eq!(shown("glide.exe --version").0, "glide version v0.13.3\n");
    for name in ["glide", "glide-rs", "other"] {
        let (text, code) = shown(&format!("{name} help mirror set"));
        let program = if name == "glide" { "glide" } else { "glide-rs" };
        assert_eq!(code, 0);
        assert!(
            text.contains(&format!("Usage: {program} mirror set ")),
            "{text}"
        );
        assert!(
            text.contains(&format!("\n  {program} mirror set http")),
            "{text}"
        );
    }
    assert!(shown("glide").0.contains("This is glide-rs, "));
}

#[test]
fn all_ways_to_ask_for_help_give_the_same() {
    let shown = |line: &str| parsed(line).unwrap_err();
    for (line, expected) in [
        ("g", "g --help"),
        ("g help", "g -h"),
        ("g h", "g -help"),
        ("g mirror", "g mirror -h"),
        ("g help mirror", "g mirror --help"),
        ("g mirror help", "g -q -h mirror --help"),
        ("g h mirror rm", "g mirror remove --help"),
        ("g mirror h rm", "g mirror rm -h"),
        ("g help mirror nonsense", "g mirror -h"),
        ("g info", "g info -h"),
        ("g help cw", "g config-wizard -h"),
        ("g import", "g help import"),
    ] {
        let expected = if expected.contains("-h mirror") {
            "g mirror -h"
        } else {
            expected
        };
        assert_eq!(shown(line), shown(expected), "{line}");
        assert_eq!(shown(line).1, 0, "{line}");
    }
}

#[track_caller]
fn check_plugin(line: &str, name: &str, arguments: &[&str], similar: Option<&str>) {
    let parsed = parsed(line).unwrap();
    assert!(matches!(parsed.command, Some(Command::Plugin(_))), "{line}");
    let plugin = parsed.plugin;
    assert_eq!(plugin.name, name, "{line}");
    assert_eq!(plugin.arguments, arguments, "{line}");
    assert_eq!(plugin.similar.as_deref(), similar, "{line}");
}

#[test]
fn what_is_no_command_is_a_plugin_with_all_arguments_but_its_name() {
    for (line, arguments) in [
        ("g zonk a -x --help b", &["a", "-x", "--help", "b"][..]),
        (
            "g -q --home h zonk -quiet=false",
            &["-q", "--home", "h", "-quiet=false"],
        ),
        ("g -y zonk zonk zonk", &["-y", "zonk", "zonk"]),
        ("g zonk install --nonsense", &["install", "--nonsense"]),
        ("g zonk -- -v", &["--", "-v"]),
        ("g help zonk", &["help"]),
    ] {
        check_plugin(line, "zonk", arguments, None);
    }
    for (name, similar) in [
        ("instal", Some("install")),
        ("upp", Some("update")),
        ("cache", Some("cache-clear")),
        ("mirrors", Some("mirror")),
        ("a/b", None),
    ] {
        check_plugin(&format!("g {name}"), name, &[], similar);
    }
}

/// What Glide 0.13.3 has: commands, their aliases, their flags.
const GLIDES: &[(&str, &str, &str)] = &[
    ("create", "init", "skip-import non-interactive"),
    ("config-wizard", "cw", ""),
    (
        "get",
        "",
        "test insecure no-recursive quick force all-dependencies update-vendored u cache cache-gopath \
         use-gopath resolve-current strip-vcs s strip-vendor v non-interactive skip-test",
    ),
    ("remove", "rm", "delete d"),
    ("import", "", ""),
    ("import godep", "", "file f"),
    ("import gpm", "", "file f"),
    ("import gb", "", "file f"),
    ("import gom", "", "file f"),
    ("name", "", ""),
    ("novendor", "nv", "dir d no-subdir x"),
    ("rebuild", "", ""),
    (
        "install",
        "i",
        "delete force update-vendored u file f cache cache-gopath use-gopath strip-vcs s strip-vendor v \
         skip-test",
    ),
    (
        "update",
        "up",
        "delete no-recursive quick force all-dependencies update-vendored u file f cache cache-gopath \
         use-gopath resolve-current strip-vcs s strip-vendor v skip-test",
    ),
    ("tree", "", ""),
    ("list", "", "output o"),
    ("info", "", "format f"),
    ("cache-clear", "cc", ""),
    ("about", "", ""),
    ("mirror", "", ""),
    ("mirror list", "", ""),
    ("mirror set", "", "vcs"),
    ("mirror remove", "rm", ""),
    ("help", "h", ""),
];

/// The flags of a command: long names, short ones, aliases.
fn flags(command: &clap::Command, hidden: bool) -> Vec<String> {
    let mut flags = Vec::new();
    for arg in command
        .get_arguments()
        .filter(|arg| arg.is_hide_set() == hidden)
    {
        flags.extend(arg.get_short().map(|letter| format!("-{letter}")));
        let long = arg
            .get_long()
            .into_iter()
            .chain(arg.get_all_aliases().into_iter().flatten());
        flags.extend(long.map(|name| format!("--{name}")));
    }
    flags
}

#[test]
fn all_of_glides_commands_and_flags_are_there() {
    let all = all(&help::definitions("glide-rs"), "");
    for (path, alias, names) in GLIDES {
        let found = all.iter().find(|(known, _)| known == path);
        let command = &found.unwrap_or_else(|| panic!("{path}")).1;
        assert!(
            alias.is_empty() || command.get_all_aliases().any(|known| known == *alias),
            "{path}"
        );
        let known = [flags(command, false), flags(command, true)].concat();
        for name in names.split_whitespace() {
            let dashes = if name.len() == 1 { "-" } else { "--" };
            assert!(known.contains(&format!("{dashes}{name}")), "{path} {name}");
        }
    }
}

/// The rows of README's table of commands and flags: the command, then the flags that it lists.
fn rows() -> Vec<(String, Vec<String>)> {
    let page = include_str!("../../README.md");
    let start = "| command | Glide's flags | more here |";
    let lines = page.lines().skip_while(|line| *line != start).skip(2);
    let rows = lines.take_while(|line| line.starts_with('|')).map(|line| {
        let mut words = line.split('`').skip(1).step_by(2).map(str::to_owned);
        let name = words.next().unwrap_or_default();
        (name, words.collect())
    });
    rows.collect()
}

#[test]
fn readme_lists_all_commands_and_flags_and_no_others() {
    let root = help::definitions("glide-rs");
    let mut rows = rows();
    assert!(rows.len() > 20, "the table was not found");
    let mut commands = all(&root, "");
    commands.retain(|(path, _)| !path.ends_with(" help"));
    commands.push(("glide-rs".to_owned(), root));
    for (path, command) in commands {
        let place = rows.iter().position(|(name, _)| *name == path);
        let (_, mut listed) =
            rows.remove(place.unwrap_or_else(|| panic!("README: no row for {path}")));
        let mut expected: Vec<String> = command
            .get_all_aliases()
            .map(str::to_owned)
            .chain(flags(&command, false))
            .collect();
        listed.sort();
        expected.sort();
        assert_eq!(listed, expected, "README: the row of {path}");
    }
    assert!(rows.is_empty(), "README: {rows:?}");
}

#[test]
fn readme_lists_the_flags_without_effect() {
    let page = include_str!("../../README.md");
    let install = all(&help::definitions("glide-rs"), "")
        .into_iter()
        .find(|(path, _)| path == "install");
    for flag in flags(&install.unwrap().1, true) {
        assert!(page.contains(&format!("`{flag}")), "README: {flag}");
    }
}

#[test]
fn what_shells_are_told_of_values_is_of_arguments_that_there_are() {
    let commands = all(&help::definitions("glide-rs"), "");
    for (of, argument, values) in completions::values() {
        let (_, command) = commands.iter().find(|(path, _)| path == of).expect(of);
        let mut arguments = command.get_arguments();
        assert!(
            arguments.any(|arg| arg.get_id() == *argument),
            "{of} {argument}"
        );
        assert!(values.len() > 1, "{of} {argument}");
    }
}
