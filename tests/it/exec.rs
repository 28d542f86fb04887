//! `exec` and `env`: what a command is told, where it runs, how it ends, what is left. No Go is needed:
//! the commands are run by `sh`. What Go makes of it is shown in `exec_go`.

use std::fs;
use std::io::{BufRead, BufReader, Write as _};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::process::{self, Input, Output};
use crate::support::pty::Pty;
use crate::support::sandbox::{PROGRAM, Sandbox};

const YAML: &str = "package: github.com/me/app\nimport: []\n";

/// A project that is not in GOPATH, with a folder in it.
fn outside() -> Sandbox {
    in_folder("work/a checkout")
}

fn in_folder(folder: &str) -> Sandbox {
    let mut sandbox = Sandbox::outside(folder);
    // What a command is told must not hang on the Go of this machine.
    sandbox.set("GLIDE_GO_EXECUTABLE", "/no/such/go");
    sandbox.write("glide.yaml", YAML);
    sandbox.write("cmd/tool/main.go", "package main\n");
    sandbox
}

/// Where private GOPATHs stand.
fn gopaths(sandbox: &Sandbox) -> PathBuf {
    sandbox.glide_home().join("cache/v1/gopath")
}

/// How many of them there are.
fn left(sandbox: &Sandbox) -> usize {
    fs::read_dir(gopaths(sandbox)).map_or(0, Iterator::count)
}

fn sh(sandbox: &Sandbox, script: &str) -> Output {
    sandbox.run(&["exec", "--", "sh", "-c", script])
}

/// Starts a script and waits until it has said `ready`.
fn started(command: &mut Command) -> (Child, BufReader<std::process::ChildStdout>) {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    (child, output)
}

fn kill(signal: &str, id: u32) {
    let mut command = Command::new("kill");
    assert!(
        command
            .args([signal, &id.to_string()])
            .status()
            .unwrap()
            .success()
    );
}

#[test]
fn a_command_runs_where_it_is_called_by_the_way_through_gopath() {
    let sandbox = outside();
    let script = "echo $GOPATH; echo $GO111MODULE $GO15VENDOREXPERIMENT; pwd; pwd -P; ls";
    for (below, names) in [("", "cmd\nglide.yaml\n"), ("/cmd/tool", "main.go\n")] {
        let folder = format!("{}{below}", sandbox.project().display());
        let mut command = sandbox.command(&["exec", "--", "sh", "-c", script]);
        let command = command.current_dir(&folder);
        let output = process::run(command, &Input::Empty, Duration::from_secs(60)).success();
        let mut lines = output.stdout.splitn(5, '\n');
        let gopath = lines.next().unwrap().to_owned();
        assert!(
            Path::new(&gopath).starts_with(gopaths(&sandbox)),
            "{gopath}"
        );
        assert_eq!(lines.next(), Some("off 1"));
        let inside = format!("{gopath}/src/github.com/me/app{below}");
        assert_eq!(lines.next(), Some(inside.as_str()));
        let real = fs::canonicalize(&folder).unwrap();
        assert_eq!(lines.next(), real.to_str());
        assert_eq!(lines.next(), Some(names));
        assert_eq!(output.stderr, "");
        assert!(!gopaths(&sandbox).exists());
    }
}

#[test]
fn arguments_and_streams_are_untouched() {
    let sandbox = outside();
    let words = [
        "", " a  b ", "x\ny", "$HOME", "*", "-q", "--", "--help", "'\"\\",
    ];
    let line = [
        "exec",
        "--",
        "sh",
        "-c",
        "cat; printf '<%s>' \"$@\"; echo no >&2",
        "sh",
    ];
    let mut command = sandbox.command(&[&line[..], &words].concat());
    let input = Input::Text("in\n".to_owned());
    let output = process::run(&mut command, &input, Duration::from_secs(60)).success();
    let shown: String = words.iter().map(|word| ["<", word, ">"].concat()).collect();
    assert_eq!(
        (output.stdout, output.stderr),
        (format!("in\n{shown}"), "no\n".to_owned())
    );
}

#[test]
fn the_end_of_the_command_is_ours() {
    let sandbox = outside();
    for code in [0, 1, 2, 99, 126, 255] {
        let output = sh(&sandbox, &format!("exit {code}"));
        assert_eq!((output.exit, output.stderr.as_str()), (Some(code), ""));
    }
    for (name, signal) in [("TERM", 15), ("INT", 2), ("KILL", 9), ("SEGV", 11)] {
        let script = format!("ulimit -c 0; kill -{name} $$");
        let status = sandbox
            .command(&["exec", "--", "sh", "-c", &script])
            .status()
            .unwrap();
        assert_eq!(status.signal(), Some(signal), "{status}");
        assert!(!status.core_dumped());
    }
    assert_eq!(left(&sandbox), 0);
}

#[test]
fn a_command_that_fails_for_want_of_vendor_is_told_of_it() {
    let sandbox = outside();
    let vendor = sandbox.project().join("vendor");
    let lock = crate::support::world::lock(&[("github.com/acme/log", &"1".repeat(40))]);
    sandbox.write("glide.lock", &lock);
    let warned = "[WARN]\tthere is a glide.lock and no vendor/; `glide-rs install` fills it\n";
    for (script, code, expected) in [("exit 3", 3, warned), ("exit 0", 0, "")] {
        let output = sh(&sandbox, script);
        assert_eq!(
            (output.exit, output.stderr.as_str()),
            (Some(code), expected)
        );
    }
    fs::create_dir(vendor).unwrap();
    assert_eq!(sh(&sandbox, "exit 3").stderr, "");
}

#[test]
fn what_cannot_be_run_is_told_as_shells_do() {
    let sandbox = outside();
    sandbox.write("text", "no program\n");
    sandbox.write("odd", "#!/no/such/program\n");
    let odd = sandbox.project().join("odd");
    fs::set_permissions(odd, fs::Permissions::from_mode(0o755)).unwrap();
    for (name, code, words) in [
        (
            "no-such-program",
            127,
            "no folder of PATH has a program `no-such-program`",
        ),
        ("./none", 127, "the file is missing"),
        ("", 127, "cannot run ``"),
        ("./odd", 127, "the program that its first line names"),
        ("./text", 126, "Permission denied"),
        ("./cmd", 126, "cannot run `./cmd`"),
    ] {
        let output = sandbox.run(&["exec", "--", name]);
        assert_eq!(output.exit, Some(code), "{name}: {}", output.stderr);
        assert!(output.stderr.contains(words), "{name}: {}", output.stderr);
    }
    assert_eq!(left(&sandbox), 0);
}

#[test]
fn signals_are_passed_on_and_what_was_made_goes() {
    let sandbox = outside();
    for signal in ["-TERM", "-INT", "-HUP", "-QUIT", "-USR1", "-USR2"] {
        let name = &signal[1..];
        let script =
            format!("trap 'echo {name}; exit 7' {name}; echo ready; while read x; do :; done");
        let mut command = sandbox.command(&["exec", "--", "sh", "-c", &script]);
        let (mut child, mut output) = started(&mut command);
        let _open = child.stdin.take();
        assert_eq!(left(&sandbox), 1);
        kill(signal, child.id());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        assert_eq!(line.trim_end(), name);
        assert_eq!(child.wait().unwrap().code(), Some(7));
        assert_eq!(left(&sandbox), 0);
    }
    // One that nobody catches ends the command, and with it us.
    let mut command = sandbox.command(&["exec", "--", "sh", "-c", "echo ready; read x"]);
    let (mut child, _output) = started(&mut command);
    // To wait would close it, and `read` would end before the signal is there.
    let _open = child.stdin.take();
    kill("-TERM", child.id());
    assert_eq!(child.wait().unwrap().signal(), Some(15));
    assert_eq!(left(&sandbox), 0);
}

/// Tells who has started it, then counts signals until it reads `end`; says `got` for each.
const COUNTING: &str = "n=0; trap 'n=$((n+1)); echo got' INT; echo $PPID; x=;
    while test \"$x\" != end; do read x; done; echo $n times";
/// How often each is sent: two that come at once may pass for one, but not always.
const ROUNDS: usize = 20;

/// Insists on one `got` for each signal that is sent, and no more.
#[track_caller]
fn counted_once(send: impl Fn(), output: &mut impl BufRead, end: impl FnOnce()) {
    let mut next = || {
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    };
    for _ in 0..ROUNDS {
        send();
        assert_eq!(next(), "got");
    }
    end();
    assert_eq!(next(), format!("{ROUNDS} times"));
}

/// A shell in a session of its own that runs a command which counts, as build services do it, or a terminal.
fn counting(sandbox: &Sandbox, flags: &[&str], stdin: Stdio) -> (Child, impl BufRead, u32) {
    // The shell stays for the end of the command.
    let script = "trap : INT; \"$0\" exec -- sh -c \"$1\"; exit";
    let mut command = Command::new("setsid");
    command
        .args(flags)
        .args(["sh", "-c", script, PROGRAM, COUNTING])
        .current_dir(sandbox.project());
    for (name, value) in sandbox.command(&[]).get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    let mut child = command.stdin(stdin).stdout(Stdio::piped()).spawn().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    let ours = line.trim_end().parse().unwrap();
    (child, output, ours)
}

/// The process group of a process.
fn group_of(id: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
    let (_, rest) = stat.rsplit_once(')').unwrap();
    rest.split_whitespace().nth(2)?.parse().ok()
}

#[test]
fn what_is_sent_to_the_group_or_to_us_arrives_once() {
    let sandbox = outside();
    for to_group in [true, false] {
        let (mut child, mut output, ours) = counting(&sandbox, &[], Stdio::piped());
        let mut input = child.stdin.take().unwrap();
        let target = if to_group {
            // Ours leaves the group only when the command has been started.
            let deadline = Instant::now() + Duration::from_secs(60);
            while group_of(ours) != Some(ours) {
                assert!(Instant::now() < deadline, "it stays in the group");
                std::thread::yield_now();
            }
            format!("-{}", child.id())
        } else {
            ours.to_string()
        };
        let send = || {
            let sent = Command::new("kill").args(["-INT", "--", &target]).status();
            assert!(sent.unwrap().success());
        };
        let end = || input.write_all(b"end\n").unwrap();
        counted_once(send, &mut output, end);
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(left(&sandbox), 0);
}

#[test]
fn at_a_terminal_ctrl_c_arrives_once_and_so_does_what_is_sent_to_us() {
    let sandbox = outside();
    for by_key in [true, false] {
        let mut terminal = Pty::open();
        let (mut child, mut output, ours) = counting(&sandbox, &["--ctty"], terminal.stdio());
        let keys = std::cell::RefCell::new(terminal);
        let send = || {
            if by_key {
                keys.borrow_mut().type_in("\x03");
            } else {
                kill("-INT", ours);
            }
        };
        counted_once(send, &mut output, || keys.borrow_mut().type_in("end\n"));
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(left(&sandbox), 0);
}

#[test]
fn what_was_to_be_ignored_stays_so() {
    let sandbox = outside();
    let run = |before: &str| {
        let script = format!(
            "{before} exec \"$0\" exec -- sh -c 'kill -HUP $PPID; echo ready; read x; exit 5'"
        );
        let environment = sandbox.command(&[]);
        let mut command = Command::new("sh");
        command
            .args(["-c", &script, PROGRAM])
            .current_dir(sandbox.project());
        for (name, value) in environment.get_envs() {
            command.env(name, value.unwrap_or_default());
        }
        command.stdin(Stdio::piped()).stdout(Stdio::null());
        command.spawn().unwrap()
    };
    let mut child = run("trap '' HUP;");
    child.stdin.take().unwrap().write_all(b"go on\n").unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(5));
    let mut child = run("");
    let _open = child.stdin.take();
    assert_eq!(child.wait().unwrap().signal(), Some(1));
}

#[test]
fn two_at_once_share_and_the_last_one_cleans() {
    let sandbox = outside();
    let line = [
        "exec",
        "--",
        "sh",
        "-c",
        "echo ready; read x; test -f glide.yaml && echo $GOPATH",
    ];
    let (mut one, mut output) = started(&mut sandbox.command(&line));
    let other = sh(&sandbox, "echo $GOPATH").success().stdout;
    assert_eq!(left(&sandbox), 1);
    one.stdin.take().unwrap().write_all(b"\n").unwrap();
    let mut gopath = String::new();
    output.read_line(&mut gopath).unwrap();
    assert_eq!(gopath, other);
    assert!(one.wait().unwrap().success());
    assert_eq!(left(&sandbox), 0);
}

#[test]
fn what_a_killed_run_has_left_goes_with_the_next() {
    let sandbox = outside();
    let line = ["exec", "--", "sh", "-c", "echo ready; read x"];
    let (mut child, mut output) = started(&mut sandbox.command(&line));
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(left(&sandbox), 1);
    drop(child.stdin.take());
    // Until its command is gone, too.
    output.read_line(&mut String::new()).unwrap();
    let other = sandbox.root().join("other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("glide.yaml"), "package: other\n").unwrap();
    let mut command = sandbox.command(&["exec", "--", "true"]);
    assert!(command.current_dir(other).status().unwrap().success());
    assert_eq!(left(&sandbox), 0);
}

#[test]
fn a_project_in_gopath_is_used_as_it_is() {
    let mut sandbox = Sandbox::new("github.com/me/app");
    sandbox.write("glide.yaml", YAML);
    let second = sandbox.root().join("second");
    let gopath = sandbox.root().join("gopath");
    let both = format!("{}:{}", second.display(), gopath.display());
    sandbox.set("GOPATH", &both);
    let elsewhere = sandbox.root().join("link");
    symlink(sandbox.project(), &elsewhere).unwrap();
    let place = sandbox.project().display().to_string();
    for folder in [sandbox.project(), &elsewhere] {
        let mut command = sandbox.command(&["exec", "--", "sh", "-c", "echo $GOPATH; pwd"]);
        command.current_dir(folder).env("PWD", folder);
        let output = process::run(&mut command, &Input::Empty, Duration::from_secs(60)).success();
        assert_eq!(output.stdout, format!("{both}\n{place}\n"));
    }
    assert!(!sandbox.glide_home().join("cache").exists());
    // Another project of that name hides it.
    fs::create_dir_all(second.join("src/github.com/me/app")).unwrap();
    let output = sh(&sandbox, "echo $GOPATH").success();
    assert!(
        output.stdout.contains("cache/v1/gopath"),
        "{}",
        output.stdout
    );
}

#[test]
fn what_is_installed_stays() {
    let sandbox = outside();
    sh(&sandbox, "echo made > $GOPATH/bin/tool").success();
    let tool = sandbox.root().join("gopath/bin/tool");
    assert_eq!(fs::read_to_string(tool).unwrap(), "made\n");
    assert_eq!(left(&sandbox), 0);
}

#[test]
fn glide_rs_works_in_there_and_may_even_clear_the_cache() {
    let sandbox = outside();
    let script = "\"$0\" exec -- sh -c 'echo $GOPATH; pwd'; \"$0\" name; \"$0\" novendor; \"$0\" cache-clear; pwd -P";
    let output = sandbox
        .run(&[
            "exec",
            "--",
            "sh",
            "-c",
            &format!("echo $GOPATH; pwd; {script}"),
            PROGRAM,
        ])
        .success();
    let lines: Vec<_> = output.stdout.lines().collect();
    assert_eq!(lines[..2], lines[2..4]);
    assert_eq!(lines[4..6], ["github.com/me/app", "./cmd/..."]);
    assert_eq!(
        Path::new(lines[6]),
        fs::canonicalize(sandbox.project()).unwrap()
    );
    assert_eq!(left(&sandbox), 0);
}

#[test]
fn flags_for_modules_are_not_passed_on() {
    let mut sandbox = outside();
    sandbox.set("GOFLAGS", "-v -mod=vendor -modfile=x.mod");
    let output = sh(&sandbox, "echo \"$GOFLAGS\"").success();
    assert_eq!(output.stdout, "-v\n");
    let words = "[WARN]\tGOFLAGS is passed on without -mod=vendor -modfile=x.mod";
    assert!(output.stderr.starts_with(words), "{}", output.stderr);
    sandbox.set("GOFLAGS", "-v  -tags=a");
    let output = sh(&sandbox, "echo \"$GOFLAGS\"").success();
    assert_eq!(
        (output.stdout.as_str(), output.stderr.as_str()),
        ("-v  -tags=a\n", "")
    );
}

#[test]
fn a_go_that_knows_overlays_gets_one_and_an_older_one_a_warning() {
    let mut sandbox = in_folder("work/checkout");
    let root = sandbox.root().join("go");
    fs::create_dir_all(root.join("src/fmt")).unwrap();
    sandbox.set("GOROOT", &root);
    sandbox.set("GLIDE_GO_EXECUTABLE", "/bin/sh");
    let script = "echo $GOFLAGS; cat \"${GOFLAGS#-overlay=}\"";
    let pattern = "github.com/me/app/cmd/...";
    let line = ["exec", "--", "sh", "-c", script, pattern];
    fs::write(root.join("VERSION"), "go1.16\ntime 2021\n").unwrap();
    let output = sandbox.run(&line).success();
    let (flags, overlay) = output.stdout.split_once('\n').unwrap();
    let file = flags.strip_prefix("-overlay=").unwrap();
    let gopath = Path::new(file).parent().unwrap();
    assert_eq!(gopath.parent().unwrap(), gopaths(&sandbox));
    let overlay: serde_json::Value = serde_json::from_str(overlay).unwrap();
    let inside = gopath.join("src/github.com/me/app/.glide-rs");
    assert_eq!(overlay["Replace"][inside.to_str().unwrap()], file);
    assert_eq!(output.stderr, "");
    assert!(!gopath.exists());
    fs::write(root.join("VERSION"), "go1.15.15").unwrap();
    let output = sandbox.run(&["exec", "--", "sh", "-c", "echo $GOFLAGS", pattern]);
    assert_eq!(output.success().stdout, "\n");
    let output = sandbox.run(&["exec", "--", "true", pattern]).success();
    let words =
        "[WARN]\tGo does not follow the link to the project for `github.com/me/app/cmd/...`";
    assert!(output.stderr.starts_with(words), "{}", output.stderr);
}

#[test]
fn what_is_no_project_or_has_no_import_path_is_told() {
    let sandbox = Sandbox::outside("work");
    for command in [&["exec", "--", "true"][..], &["env"]] {
        let output = sandbox.run(command);
        assert_eq!(output.exit, Some(2));
        assert!(
            output.stderr.contains("Failed to find glide.yaml"),
            "{}",
            output.stderr
        );
    }
    for (text, code, words) in [
        ("package: [\n", 3, "Failed to parse"),
        (
            "# x\npackage: ../../x\n",
            1,
            "glide.yaml:2: `package:` is \"../../x\", which is no import path",
        ),
        ("package: /etc\n", 1, "\"/etc\""),
        ("package: .\n", 1, "\".\""),
        ("package: ''\n", 1, "`package:` is \"\""),
        ("import: []\n", 1, "`package:` is \"\""),
        ("package: \"a\\e[2Jb\"\n", 1, "which is no import path"),
    ] {
        sandbox.write("glide.yaml", text);
        let output = sandbox.run(&["exec", "--", "touch", "ran"]);
        assert_eq!(output.exit, Some(code), "{text}: {}", output.stderr);
        assert!(output.stderr.contains(words), "{text}: {}", output.stderr);
        assert!(!output.stderr.contains('\u{1b}'));
    }
    assert_eq!(sandbox.project_names(), ["glide.yaml"]);
    assert_eq!(left(&sandbox), 0);
}

#[test]
fn a_home_that_cannot_hold_it_is_told() {
    let mut sandbox = outside();
    let home = sandbox.root().join("a:b");
    sandbox.set("GLIDE_HOME", &home);
    let output = sandbox.run(&["exec", "--", "true"]);
    assert_eq!(output.exit, Some(1));
    assert!(
        output.stderr.contains("cannot be GOPATH"),
        "{}",
        output.stderr
    );
    let file = sandbox.root().join("file");
    fs::write(&file, "").unwrap();
    sandbox.set("GLIDE_HOME", &file);
    let output = sandbox.run(&["exec", "--", "true"]);
    assert_eq!(output.exit, Some(1));
    for words in [
        "no private GOPATH can be made for github.com/me/app",
        "GLIDE_HOME",
    ] {
        assert!(output.stderr.contains(words), "{}", output.stderr);
    }
}

/// Runs a script in the project's folder with the program as `$0`.
fn shell(sandbox: &Sandbox, script: &str) -> String {
    let environment = sandbox.command(&[]);
    let mut command = Command::new("sh");
    command
        .args(["-euc", script, PROGRAM])
        .current_dir(sandbox.project())
        .env_clear();
    for (name, value) in environment.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    let output = process::run(&mut command, &Input::Empty, Duration::from_secs(60));
    output.success().stdout
}

#[test]
fn what_env_prints_is_for_a_shell_whatever_the_folder_is_called() {
    let folder = "work/it's $(touch evil) `touch evil`\n\"\\ end";
    let sandbox = in_folder(folder);
    let hostile = sandbox.root().join("ho'me $(touch evil)\n");
    fs::create_dir(&hostile).unwrap();
    let home = format!(
        "--home '{}'",
        hostile.display().to_string().replace('\'', "'\\''")
    );
    let script = format!(
        "eval \"$(\"$0\" env {home})\"; pwd; \"$0\" env {home} | cksum; eval \"$(\"$0\" env {home})\"
         \"$0\" env {home} | cksum; cd cmd/tool; pwd; ls; \"$0\" exec {home} -- sh -c 'echo $GO111MODULE'"
    );
    let shown = shell(&sandbox, &script);
    let key = fs::read_dir(hostile.join("cache/v1/gopath")).unwrap();
    let gopath = key.last().unwrap().unwrap().path();
    let inside = gopath.join("src/github.com/me/app").display().to_string();
    let rest = shown.strip_prefix(&format!("{inside}\n")).unwrap();
    let (first, rest) = rest.split_once('\n').unwrap();
    let (second, rest) = rest.split_once('\n').unwrap();
    assert_eq!(first, second);
    assert_eq!(rest, format!("{inside}/cmd/tool\nmain.go\noff\n"));
    assert_eq!(sandbox.project_names(), ["cmd", "glide.yaml"]);
    let plain = sandbox.run(&[
        "env",
        "--format",
        "plain",
        "--home",
        hostile.to_str().unwrap(),
    ]);
    assert_eq!(plain.exit, Some(1));
    assert!(
        plain.stderr.contains("more than a line"),
        "{}",
        plain.stderr
    );
}

/// Shells, how they are given a script, the format that is for them, and a script that takes it over and then
/// tells all that programs are told.
const SHELLS: [(&str, &str, &str, &str); 6] = [
    (
        "sh",
        "-euc",
        "sh",
        "eval \"$(\"$PROGRAM\" env --format sh)\" && env -0",
    ),
    (
        "bash",
        "-euc",
        "sh",
        "eval \"$(\"$PROGRAM\" env --format sh)\" && env -0",
    ),
    (
        "dash",
        "-euc",
        "sh",
        "eval \"$(\"$PROGRAM\" env --format sh)\" && env -0",
    ),
    (
        "zsh",
        "-feuc",
        "sh",
        "eval \"$(\"$PROGRAM\" env --format sh)\" && env -0",
    ),
    (
        "fish",
        "-Nc",
        "fish",
        "$PROGRAM env --format fish | source; and env -0",
    ),
    (
        "pwsh",
        "-NoProfile -NonInteractive -Command",
        "powershell",
        "& $env:PROGRAM env --format powershell | Out-String | Invoke-Expression; env -0",
    ),
];

#[test]
fn every_shell_that_is_here_takes_the_values_over_to_the_byte() {
    let folder = "work/it's \u{2019} $(touch evil) `touch evil`\n\"\\ !x $HOME * ~ end\n";
    let sandbox = in_folder(folder);
    let home = sandbox.root().join("ho'me \\' $(touch evil) \n \\");
    fs::create_dir(&home).unwrap();
    let wanted = sandbox.run(&["env", "--format", "json", "--home", home.to_str().unwrap()]);
    let wanted: serde_json::Value = serde_json::from_str(&wanted.success().stdout).unwrap();
    let wanted = wanted.as_object().unwrap();
    assert!(
        wanted["PWD"]
            .as_str()
            .unwrap()
            .contains("\n \\/cache/v1/gopath/"),
        "{wanted:?}"
    );
    let mut seen = 0;
    for (shell, flags, format, script) in SHELLS {
        let mut command = Command::new(shell);
        command
            .args(flags.split(' '))
            .arg(script)
            .current_dir(sandbox.project());
        let environment = sandbox.command(&[]);
        command.env_clear();
        for (name, value) in environment.get_envs() {
            command.env(name, value.unwrap_or_default());
        }
        command
            .env("PROGRAM", PROGRAM)
            .env("GLIDE_HOME", &home)
            .env("LC_ALL", "C.UTF-8");
        if let Err(error) = command.stdin(Stdio::null()).output() {
            eprintln!("{shell} cannot be run ({error}): `--format {format}` is not tested with it");
            continue;
        }
        let output = process::run(&mut command, &Input::Empty, Duration::from_secs(60)).success();
        for (name, value) in wanted {
            let value = value.as_str().unwrap();
            let told = output
                .stdout
                .split('\0')
                .find_map(|one| one.strip_prefix(name)?.strip_prefix('='));
            assert_eq!(told, Some(value), "{shell}: {name}\n{}", output.stderr);
        }
        seen += 1;
    }
    assert!(seen > 0, "there is not even `sh`");
    assert_eq!(sandbox.project_names(), ["cmd", "glide.yaml"]);
}

#[test]
fn what_env_has_made_stays_until_the_cache_is_cleared() {
    let sandbox = outside();
    let plain = sandbox.run(&["env", "--format", "plain"]).success().stdout;
    let value = |name: &str| {
        let mut lines = plain.lines();
        let line = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        line.unwrap_or_else(|| panic!("{plain}"))
    };
    assert_eq!(
        value("PWD"),
        format!("{}/src/github.com/me/app", value("GOPATH"))
    );
    assert_eq!(
        (value("GO111MODULE"), value("GO15VENDOREXPERIMENT")),
        ("off", "1")
    );
    assert_eq!(plain.lines().count(), 4);
    // The same place as with `exec`, which leaves it alone.
    assert_eq!(
        sh(&sandbox, "pwd").success().stdout,
        format!("{}\n", value("PWD"))
    );
    assert!(Path::new(value("PWD")).join("glide.yaml").is_file());
    let fish = sandbox.run(&["env", "--format", "fish"]).success().stdout;
    assert!(fish.starts_with("set -gx GOPATH '/"), "{fish}");
    let wrong = sandbox.run(&["env", "--format", "cmd"]);
    assert_eq!(wrong.exit, Some(1));
    assert!(
        wrong
            .stderr
            .contains("there are sh, fish, powershell, json, plain"),
        "{}",
        wrong.stderr
    );
    sandbox.run(&["cache-clear"]).success();
    assert!(!gopaths(&sandbox).exists());
    assert_eq!(sandbox.project_names(), ["cmd", "glide.yaml"]);
}
