//! What people read when something goes wrong: the commonest failures, each made to happen, and what is
//! said then held against fixtures/errors. After a change on purpose, `WRITE_ERRORS=1 cargo test --test it
//! errors` writes it anew; the difference is to be read then: cause, place and next step must all be there.

mod disk;
mod files;
mod names;
mod network;
mod versions;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::support::process::{self, Input, Output};
use crate::support::repo::{Commit, Remotes};
use crate::support::sandbox::Sandbox;
use crate::support::server::{Page, Server, Site};
use crate::support::world::{PROJECT, World};

/// The library that most projects here use: v1.0.0, v1.1.0, v1.2.3 and v2.0.0, then one more commit.
const LOG: &str = "github.com/acme/log";

/// A test for each case, and the list of them all.
macro_rules! cases {
    ($($group:ident: $($name:ident)*;)*) => {
        $($(
            #[test]
            fn $name() {
                let shown: Option<String> = $group::$name();
                if let Some(shown) = shown {
                    compare(stringify!($name), &shown);
                }
            }
        )*)*

        const NAMES: &[&str] = &[$($(stringify!($name)),*),*];
    };
}

cases! {
    files:
        no_glide_yaml glide_yaml_of_the_wrong_type glide_yaml_with_a_tab glide_yaml_with_merge_markers
        glide_yaml_lists_it_twice lock_with_merge_markers lock_out_of_date lock_out_of_date_locked
        lock_is_no_yaml mirrors_are_no_yaml git_configuration_is_broken unknown_command unknown_flag
        removed_what_is_not_listed glide_yaml_with_texts_for_entries glide_yaml_with_a_misspelt_key
        glide_yaml_entry_without_package glide_yaml_with_an_address glide_yaml_repo_with_a_space
        glide_yaml_is_a_folder lock_leads_out_of_vendor lock_lists_it_twice;
    names:
        typo_in_a_name typo_in_a_host typo_in_a_listed_host typo_in_a_folder no_go_import_page wrong_case own_package_missing
        import_path_is_none
        host_has_closed bitbucket_has_it_no_more no_version_at_gopkg_in;
    versions:
        no_such_tag no_such_branch no_such_tag_by_get range_matches_nothing range_is_none
        pinned_commit_is_gone conflict_of_ranges conflict_of_tags two_libraries_disagree;
    network:
        private_repository password_refused ssh_key_refused proxy_does_not_answer proxy_makes_no_sense
        proxy_wants_a_password certificate_not_trusted certificates_missing certificates_are_none
        rate_limit server_is_down connection_breaks offline_and_not_in_the_cache moved_elsewhere
        no_repository_there program_missing many_by_a_dead_proxy many_offline;
    disk:
        no_permission_in_the_project no_permission_in_the_home disk_full vendor_is_a_file
        mirror_target_missing home_is_a_file;
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/errors")
}

/// Holds what was shown against what is written down.
#[track_caller]
fn compare(name: &str, shown: &str) {
    let path = folder().join(format!("{name}.txt"));
    if std::env::var_os("WRITE_ERRORS").is_some() {
        fs::create_dir_all(folder()).unwrap();
        fs::write(&path, shown).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(shown, written, "fixtures/errors/{name}.txt");
}

#[test]
fn each_case_is_written_down_and_nothing_else() {
    let entries = fs::read_dir(folder()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let written: BTreeSet<String> = names.collect();
    let expected: BTreeSet<String> = NAMES.iter().map(|name| format!("{name}.txt")).collect();
    assert_eq!(written, expected);
}

#[test]
fn every_failure_says_what_to_do_next() {
    for name in NAMES {
        let text = fs::read_to_string(folder().join(format!("{name}.txt"))).unwrap();
        let next = [
            "hint: ",
            "try ",
            "You may need to run",
            "--help",
            "did you mean",
            "should do",
            "Keeping",
        ];
        assert!(
            next.iter().any(|words| text.contains(words)),
            "{name}: {text}"
        );
        assert!(
            !text.contains("/tmp/") && !text.contains("panicked"),
            "{name}: {text}"
        );
    }
}

/// The command, its standard error and its exit code, with what differs from run to run replaced.
fn shown(world: &World, arguments: &[&str]) -> Option<String> {
    told(world, arguments, &world.sandbox.run(arguments))
}

/// The same for a run in a sandbox without remotes.
#[expect(
    clippy::unnecessary_wraps,
    reason = "every failure is shown in this form"
)]
fn shown_alone(sandbox: &Sandbox, arguments: &[&str]) -> Option<String> {
    let text = text(sandbox.root(), arguments, &sandbox.run(arguments));
    Some(text)
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "every failure is shown in this form"
)]
fn told(world: &World, arguments: &[&str], output: &Output) -> Option<String> {
    let text = text(world.sandbox.root(), arguments, output);
    let proxy = world.server.url();
    let (_, place) = proxy.split_once("://").unwrap();
    Some(text.replace(place, "PROXY"))
}

fn text(root: &Path, arguments: &[&str], output: &Output) -> String {
    let exit = output
        .exit
        .map_or("none".to_owned(), |exit| exit.to_string());
    let said = output.stderr.replace(root.to_str().unwrap(), "$ROOT");
    let lines = said.lines().map(|line| format!("{}\n", steady(line)));
    format!(
        "$ glide-rs {}\n{}exit code {exit}\n",
        arguments.join(" "),
        lines.collect::<String>()
    )
}

/// A line without times, and without names made up for folders.
fn steady(line: &str) -> String {
    let mut line = line.to_owned();
    if let Some((before, _)) = line
        .split_once(" in ")
        .filter(|_| line.ends_with(" s)") || line.ends_with(" ms)"))
    {
        line = format!("{before} in TIME");
    }
    if let Some((before, after)) = line.split_once(".glide-rs-vendor-") {
        line = format!(
            "{before}.glide-rs-vendor-XXXXXXXX{}",
            after.get(8..).unwrap_or_default()
        );
    }
    line
}

/// Runs a command that was prepared otherwise than the sandbox does.
fn run(command: &mut Command) -> Output {
    process::run(command, &Input::Empty, Duration::from_secs(120))
}

/// The library, with more that the test needs, behind a server with more that it needs.
fn world(build: impl FnOnce(&mut Remotes), dress: impl FnOnce(&mut Site)) -> World {
    let mut sandbox = Sandbox::new(PROJECT);
    let mut remotes = Remotes::new(&sandbox.repos());
    for tag in ["v1.0.0", "v1.1.0", "v1.2.3", "v2.0.0"] {
        let text = format!("package log\n\nconst Version = {tag:?}\n");
        remotes.commit(LOG, &Commit::new().file("log.go", text).tag(tag));
    }
    remotes.commit(LOG, &Commit::new().file("doc.go", "package log\n"));
    build(&mut remotes);
    let mut site = Site::of(&remotes);
    dress(&mut site);
    let server = Server::start(&sandbox.root().join("tls"), site);
    sandbox.use_server(&server);
    let world = World {
        sandbox,
        remotes,
        server,
    };
    imports(&world.sandbox, &[LOG]);
    lists(&world.sandbox, &[(LOG, "")]);
    world
}

/// The library and nothing else.
fn plain() -> World {
    world(|_| (), |_| ())
}

/// The library where a page stands in its place.
fn paged(status: u16, headers: &serde_json::Value) -> World {
    let page = serde_json::json!({"status": status, "headers": headers});
    let page: Page = serde_json::from_value(page).unwrap();
    world(|_| (), |site| drop(site.pages.insert(LOG.to_owned(), page)))
}

/// Writes the project's code.
fn imports(sandbox: &Sandbox, packages: &[&str]) {
    let imports = packages
        .iter()
        .map(|package| format!("import _ {package:?}\n"));
    let imports: String = imports.collect();
    sandbox.write(
        "main.go",
        &format!("package main\n\n{imports}\nfunc main() {{}}\n"),
    );
}

/// Writes glide.yaml.
fn lists(sandbox: &Sandbox, dependencies: &[(&str, &str)]) {
    let mut text = format!("package: {PROJECT}\nimport:\n");
    for (name, version) in dependencies {
        writeln!(text, "- package: {name}").unwrap();
        if !version.is_empty() {
            writeln!(text, "  version: {version}").unwrap();
        }
    }
    sandbox.write("glide.yaml", &text);
}
