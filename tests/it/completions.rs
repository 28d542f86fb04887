//! What shells complete command lines by, and the manual pages: read by real shells and real formatters.
//!
//! Bash is everywhere that the tests run. Other shells are asked where they are installed, and the test says
//! where they are not.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::process::{self, Input, Output};
use crate::support::sandbox::{PROGRAM, Sandbox};

/// What bash offers for a command line, the last word of which is being typed.
fn offered(sandbox: &Sandbox, line: &[&str]) -> Vec<String> {
    let script = r#"
        source "$1"; shift
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
        function=$(complete -p glide-rs | sed 's/.* -F \([^ ]*\) .*/\1/')
        "$function" glide-rs "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\n' "${COMPREPLY[@]}"
    "#;
    let file = sandbox.root().join("completions.bash");
    fs::write(
        &file,
        sandbox.run(&["completions", "bash"]).success().stdout,
    )
    .unwrap();
    let mut command = Command::new("bash");
    command.args(["-c", script, "bash"]).arg(&file).args(line);
    command.current_dir(sandbox.project());
    let output = process::run(&mut command, &Input::Empty, Duration::from_secs(60));
    output.stdout.lines().map(str::to_owned).collect()
}

#[test]
fn bash_completes_commands_flags_values_and_files() {
    let sandbox = Sandbox::new("github.com/me/app");
    sandbox.write("glide.yaml", "package: github.com/me/app\n");
    for (line, expected) in [
        (&["glide-rs", "insta"][..], &["install"][..]),
        (&["glide-rs", "mirror", "re"], &["remove"]),
        (&["glide-rs", "install", "--strip"], &["--strip-vendor"]),
        (&["glide-rs", "import", "godep", "--fi"], &["--file"]),
        (&["glide-rs", "audit", "pro"], &["provenance"]),
        (&["glide-rs", "audit", "--format", "s"], &["sarif", "spdx"]),
        (&["glide-rs", "outdated", "--format", "t"], &["table"]),
        (
            &["glide-rs", "list", "-o", "json"],
            &["json", "json-pretty"],
        ),
        (&["glide-rs", "mirror", "set", "--vcs", "b"], &["bzr"]),
        (&["glide-rs", "--yaml", "gl"], &["glide.yaml"]),
        (&["glide-rs", "completions", "f"], &["fish"]),
    ] {
        assert_eq!(offered(&sandbox, line), expected, "{line:?}");
    }
}

/// A lock whose last names are no names: a shell that looked at them would make a file.
fn with_lock(sandbox: &Sandbox) {
    let id = "1".repeat(40);
    let names = [
        "github.com/acme/log",
        "github.com/acme/text",
        "gopkg.in/yaml.v2",
        "github.com/acme/$(touch made)",
        "github.com/acme/`touch made`",
        "github.com/acme/a;touch made",
    ];
    let lock = names.map(|name| format!("- name: {name}\n  version: {id}\n"));
    let lock = format!("hash: x\nimports:\n{}testImports: []\n", lock.concat());
    sandbox.write("glide.lock", &lock);
    sandbox.write("sub/x.go", "package sub\n");
}

const ACME: [&str; 2] = ["github.com/acme/log", "github.com/acme/text"];

#[test]
fn bash_completes_names_of_dependencies() {
    let sandbox = Sandbox::new("github.com/me/app");
    assert_eq!(offered(&sandbox, &["glide-rs", "why", "x"]), [""]);
    with_lock(&sandbox);
    for line in [
        &["glide-rs", "why", "github.com/a"][..],
        &["glide-rs", "-q", "remove", "github.com/a"],
        &["glide-rs", "rm", "gopkg.in/yaml.v2", "github.com/a"],
    ] {
        assert_eq!(offered(&sandbox, line), ACME, "{line:?}");
    }
    let flags = offered(&sandbox, &["glide-rs", "remove", "--del"]);
    assert_eq!(flags, ["--delete"]);
    assert_eq!(
        offered(&sandbox, &["glide-rs", "mirror", "rm", "git"]),
        [""]
    );
    assert!(!sandbox.project().join("made").exists());
}

#[test]
fn other_shells_complete_names_of_dependencies() {
    let sandbox = Sandbox::new("github.com/me/app");
    with_lock(&sandbox);
    for (shell, script) in [
        (
            "fish",
            "source $argv[1]; complete -C 'glide-rs why github.com/a'",
        ),
        (
            "zsh",
            r#"compdef() { : }; compadd() { print -l -- ${(M)names:#github.com/a*} }
            source "$1"; whence -f _glide-rs | grep --quiet :_glide__rs_dependencies && _glide__rs_dependencies"#,
        ),
    ] {
        let completions = sandbox.run(&["completions", shell]).success().stdout;
        assert!(completions.contains("__rs_dependencies"), "{shell}");
        if is_there(shell, "--version") {
            let file = sandbox.root().join(shell);
            fs::write(&file, completions).unwrap();
            let mut command = Command::new(shell);
            command.args(["-c", script]);
            if shell == "zsh" {
                command.arg("zsh");
            }
            command.arg(&file).env("HOME", sandbox.home());
            command.current_dir(sandbox.project().join("sub"));
            let output = process::run(&mut command, &Input::Empty, Duration::from_secs(60));
            let offered: Vec<&str> = output.stdout.lines().collect();
            assert_eq!(offered, ACME, "{shell}: {}", output.stderr);
        }
    }
    assert!(!sandbox.project().join("sub/made").exists());
}

#[test]
fn the_values_that_are_offered_are_those_that_are_taken() {
    let sandbox = Sandbox::new("github.com/me/app");
    sandbox.write("glide.yaml", "package: github.com/me/app\n");
    for (line, options) in [
        (
            &["glide-rs", "audit", "--format", ""][..],
            &["audit", "--format", "?"],
        ),
        (
            &["glide-rs", "audit", "--severity", ""],
            &["audit", "--severity", "?"],
        ),
        (
            &["glide-rs", "outdated", "--format", ""],
            &["outdated", "--format", "?"],
        ),
        (
            &["glide-rs", "env", "--format", ""],
            &["env", "--format", "?"],
        ),
    ] {
        let refused = sandbox.run(options).stderr;
        let (_, known) = refused.split_once("there are ").expect(&refused);
        let mut known: Vec<&str> = known.trim().split(", ").collect();
        known.sort_unstable();
        let mut values = offered(&sandbox, line);
        values.sort();
        assert_eq!(values, known, "{line:?}");
    }
}

#[test]
fn scripts_bear_the_name_that_we_are_called_by_and_unknown_shells_are_named() {
    let sandbox = Sandbox::new("github.com/me/app");
    let glide = sandbox.root().join("glide");
    std::os::unix::fs::symlink(PROGRAM, &glide).unwrap();
    let mut command = Command::new(&glide);
    command.args(["completions", "bash"]);
    let output = process::run(&mut command, &Input::Empty, Duration::from_secs(60)).success();
    assert!(
        output.stdout.contains("complete -F _glide_all "),
        "{}",
        output.stdout
    );
    let refused = sandbox.run(&["completions", "tcsh"]).failure();
    assert!(refused.stderr.contains("'tcsh'"), "{}", refused.stderr);
    assert!(refused.stderr.contains("powershell"), "{}", refused.stderr);
}

/// Whether there is a program; says so where there is not.
#[expect(clippy::print_stderr, reason = "the tester should know")]
fn is_there(program: &str, version: &str) -> bool {
    let mut command = Command::new(program);
    command
        .arg(version)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let there = command.status().is_ok_and(|status| status.success());
    if !there {
        eprintln!("no {program} here: its part is not tested");
    }
    there
}

#[test]
fn other_shells_can_read_their_scripts() {
    let sandbox = Sandbox::new("github.com/me/app");
    for (shell, check) in [("zsh", &["-n"][..]), ("fish", &["--no-execute"])] {
        let script = sandbox.run(&["completions", shell]).success().stdout;
        assert!(
            script.contains("glide-rs") && script.contains("strip-vendor"),
            "{shell}"
        );
        if is_there(shell, "--version") {
            let file = sandbox.root().join(shell);
            fs::write(&file, script).unwrap();
            let mut command = Command::new(shell);
            command.args(check).arg(&file);
            let output = process::run(&mut command, &Input::Empty, Duration::from_secs(60));
            assert_eq!(output.success().stderr, "", "{shell}");
        }
    }
}

/// What elvish has in a terminal only, as far as the script uses it.
const ELVISH: &str = "var edit: = (ns [&complex-candidate~={|text &display=''| echo $text}
    &completion:=(ns [&arg-completer=[&]])])\n";

#[test]
fn elvish_completes_commands_and_flags() {
    let sandbox = Sandbox::new("github.com/me/app");
    let script = sandbox.run(&["completions", "elvish"]).success().stdout;
    assert!(script.contains("set edit:completion:arg-completer[glide-rs]"));
    if !is_there("elvish", "-version") {
        return;
    }
    for (line, offered, not_offered) in [
        ("glide-rs ''", "install", "--strip-vendor"),
        ("glide-rs install ''", "--strip-vendor", "install"),
        ("glide-rs mirror ''", "remove", "update"),
        ("glide-rs mirror set ''", "--vcs", "remove"),
    ] {
        let file = sandbox.root().join("all.elv");
        let call = format!("$edit:completion:arg-completer[glide-rs] {line}\n");
        fs::write(&file, [ELVISH, &script, &call].concat()).unwrap();
        let mut command = Command::new("elvish");
        command.args(["-norc", "-sock", "no"]).arg(&file);
        command.env("HOME", sandbox.home());
        let output = process::run(&mut command, &Input::Empty, Duration::from_secs(60)).success();
        let names: Vec<&str> = output.stdout.lines().collect();
        assert!(names.contains(&offered), "{line}: {names:?}");
        assert!(!names.contains(&not_offered), "{line}: {names:?}");
    }
}

/// What PowerShell's grammar has of a script of ours: its text without what stands in quotes, if these and all
/// brackets are closed. An apostrophe in quotes stands twice.
fn unquoted(script: &str) -> Result<String, String> {
    let (mut rest, mut open) = (String::new(), Vec::new());
    let mut quoted = None;
    for (line, text) in script.lines().enumerate() {
        for c in text.chars() {
            match c {
                '\'' | '"' if quoted.is_none_or(|open| open == c) => {
                    quoted = if quoted.is_none() { Some(c) } else { None };
                }
                _ if quoted.is_some() => {}
                '(' => open.push(')'),
                '{' => open.push('}'),
                '[' => open.push(']'),
                ')' | '}' | ']' if open.pop() != Some(c) => return Err(format!("{line}: {text}")),
                '`' | '#' => return Err(format!("{line}: {text}")),
                _ => {}
            }
            if quoted.is_none() {
                rest.push(c);
            }
        }
        if quoted.is_some() {
            return Err(format!("{line}: {text}"));
        }
        rest.push('\n');
    }
    if open.is_empty() {
        Ok(rest)
    } else {
        Err(format!("{open:?}"))
    }
}

#[test]
fn the_script_for_powershell_is_closed_and_offers_what_there_is() {
    let sandbox = Sandbox::new("github.com/me/app");
    let script = sandbox.run(&["completions", "powershell"]).success().stdout;
    let bare = unquoted(&script).unwrap_or_else(|place| panic!("{place}"));
    assert!(bare.contains("Register-ArgumentCompleter"), "{bare}");
    // Nothing of our descriptions is outside of quotes.
    let offers = bare.lines().filter(|line| line.contains("::new"));
    let offers = offers.map(|line| line.trim().replace("''", "'"));
    let mut kinds: Vec<String> = offers.collect();
    kinds.sort_unstable();
    kinds.dedup();
    let of =
        |kind: &str| format!("[CompletionResult]::new(', ', [CompletionResultType]::{kind}, ')");
    assert_eq!(kinds, [of("ParameterName"), of("ParameterValue")]);
    let (_, case) = script.split_once("'glide-rs;mirror;set' {\n").unwrap();
    let (case, _) = case.split_once("break\n").unwrap();
    assert!(case.contains("::new('--vcs', '--vcs', "), "{case}");
    for broken in ["x 'y", "x 'it's'", "(x", "x)", "{ ( }", "x \"y"] {
        assert!(unquoted(broken).is_err(), "{broken}");
    }
}

/// What a formatter of manual pages makes of one, with its warnings.
fn formatted(page: &str) -> Output {
    let mut command = Command::new("groff");
    command.args(["-man", "-ww", "-Tutf8", "-rLL=100n", "-P-cbou"]);
    process::run(
        &mut command,
        &Input::Text(page.to_owned()),
        Duration::from_secs(60),
    )
    .success()
}

/// What mandoc would have otherwise and we do not: dates would make each build another one, commands are called by
/// names in lower case, and nobody reads the lines of the source.
const HOUSE_STYLE: [&str; 3] = [
    "WARNING: missing date, using",
    "STYLE: lower case character in document title",
    "STYLE: input text line longer than 80 bytes",
];

/// What mandoc has to say of a page.
fn linted(page: &Path) -> String {
    let mut command = Command::new("mandoc");
    command.arg("-Tlint").arg(page);
    process::run(&mut command, &Input::Empty, Duration::from_secs(60)).stdout
}

#[test]
fn every_command_has_a_manual_page_that_formatters_read_without_a_warning() {
    let sandbox = Sandbox::new("github.com/me/app");
    let folder = sandbox.project().join("share/man1");
    sandbox.run(&["man", "--dir", "share/man1"]).success();
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    for expected in ["glide-rs.1", "glide-rs-install.1", "glide-rs-mirror-set.1"] {
        assert!(names.iter().any(|name| name == expected), "{names:?}");
    }
    assert!(names.len() > 30, "{names:?}");
    let groff = is_there("groff", "--version");
    let mandoc = is_there("mandoc", "/dev/null");
    for name in &names {
        let page = fs::read_to_string(folder.join(name)).unwrap();
        assert!(
            page.contains(".SH NAME") && page.contains(".SH EXAMPLES"),
            "{name}"
        );
        if groff {
            let output = formatted(&page);
            assert_eq!(output.stderr, "", "{name}");
            let last = output.stdout.trim_end().lines().last().unwrap();
            let words: Vec<&str> = last.split_whitespace().collect();
            let title = name.replace(".1", "(1)");
            let version = env!("CARGO_PKG_VERSION");
            assert_eq!(words, ["glide-rs", version, &title], "{name}");
        }
        if mandoc {
            let told = linted(&folder.join(name));
            let told: Vec<&str> = told
                .lines()
                .filter(|line| !HOUSE_STYLE.iter().any(|known| line.contains(known)))
                .collect();
            assert!(told.is_empty(), "{name}: {told:#?}");
        }
    }
}

#[test]
fn a_page_is_asked_for_by_name_or_alias() {
    let sandbox = Sandbox::new("github.com/me/app");
    let page = |line: &[&str]| sandbox.run(line).success().stdout;
    assert_eq!(page(&["man", "i"]), page(&["man", "install"]));
    assert_eq!(
        page(&["man", "mirror", "rm"]),
        page(&["man", "mirror", "remove"])
    );
    assert!(page(&["man"]).contains("SUBCOMMANDS"));
    let refused = sandbox.run(&["man", "mirror", "zonk"]).failure();
    assert!(
        refused.stderr.contains("`glide-rs mirror zonk`"),
        "{}",
        refused.stderr
    );
    let refused = sandbox.run(&["man", "--dir", "x", "install"]).failure();
    assert!(
        refused.stderr.contains("cannot be used with"),
        "{}",
        refused.stderr
    );
}
