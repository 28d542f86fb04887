//! Command lines and what they are read as.

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
