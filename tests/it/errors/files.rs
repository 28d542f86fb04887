//! Files that are missing, broken or out of date; commands that are none.

use std::fs;

use super::{LOG, lists, plain, shown, shown_alone};
use crate::support::sandbox::Sandbox;
use crate::support::world::PROJECT;

type Shown = Option<String>;

pub(super) fn no_glide_yaml() -> Shown {
    shown_alone(&Sandbox::new(PROJECT), &["install"])
}

fn with_yaml(text: &str) -> Shown {
    let sandbox = Sandbox::new(PROJECT);
    sandbox.write("glide.yaml", text);
    shown_alone(&sandbox, &["install"])
}

pub(super) fn glide_yaml_of_the_wrong_type() -> Shown {
    with_yaml("package: github.com/me/app\nimport: github.com/acme/log\n")
}

pub(super) fn glide_yaml_with_a_tab() -> Shown {
    with_yaml("package: github.com/me/app\nimport:\n\t- package: github.com/acme/log\n")
}

pub(super) fn glide_yaml_with_merge_markers() -> Shown {
    with_yaml(
        "package: github.com/me/app\nimport:\n<<<<<<< HEAD\n- package: github.com/acme/log\n=======\n\
         - package: github.com/acme/kit\n>>>>>>> other\n",
    )
}

pub(super) fn glide_yaml_lists_it_twice() -> Shown {
    let world = plain();
    lists(&world.sandbox, &[(LOG, "v1.0.0"), (LOG, "v1.1.0")]);
    shown(&world, &["update"])
}

fn with_lock(text: &str, arguments: &[&str]) -> Shown {
    let world = plain();
    world.sandbox.write("glide.lock", text);
    shown(&world, arguments)
}

pub(super) fn lock_with_merge_markers() -> Shown {
    with_lock(
        "<<<<<<< HEAD\nhash: 11\nupdated: 2020-01-01T00:00:00Z\n=======\nhash: 22\n\
         updated: 2020-01-02T00:00:00Z\n>>>>>>> other\nimports: []\ntestImports: []\n",
        &["install"],
    )
}

/// Of a project that listed the library after the lock was written.
fn out_of_date(arguments: &[&str]) -> Shown {
    let world = plain();
    world.pin(&[]);
    shown(&world, arguments)
}

pub(super) fn lock_out_of_date() -> Shown {
    out_of_date(&["install"])
}

pub(super) fn lock_out_of_date_locked() -> Shown {
    out_of_date(&["install", "--locked"])
}

pub(super) fn lock_is_no_yaml() -> Shown {
    with_lock("hash: 00\nimports:\n- name: [\n", &["install"])
}

pub(super) fn mirrors_are_no_yaml() -> Shown {
    let world = plain();
    let path = world.sandbox.glide_home().join("mirrors.yaml");
    fs::write(path, "repos:\n- original: [\n").unwrap();
    shown(&world, &["update"])
}

pub(super) fn git_configuration_is_broken() -> Shown {
    let world = plain();
    let path = world.sandbox.home().join(".gitconfig");
    fs::write(path, "[user]\n\tname = A\n[http\n").unwrap();
    shown(&world, &["update"])
}

pub(super) fn unknown_command() -> Shown {
    shown_alone(&Sandbox::new(PROJECT), &["instal"])
}

pub(super) fn unknown_flag() -> Shown {
    shown_alone(&Sandbox::new(PROJECT), &["install", "--strip-vender"])
}

pub(super) fn removed_what_is_not_listed() -> Shown {
    shown(&plain(), &["remove", "github.com/acme/lgo"])
}

pub(super) fn glide_yaml_with_texts_for_entries() -> Shown {
    with_yaml("package: github.com/me/app\nimport:\n- github.com/acme/log\n")
}

/// With a good glide.yaml around it.
fn updating(yaml: &str) -> Shown {
    let world = plain();
    world.sandbox.write("glide.yaml", yaml);
    shown(&world, &["update"])
}

pub(super) fn glide_yaml_with_a_misspelt_key() -> Shown {
    updating(
        "package: github.com/me/app\nimport:\n- package: github.com/acme/log\n  verison: ^1.0.0\n",
    )
}

pub(super) fn glide_yaml_entry_without_package() -> Shown {
    updating("package: github.com/me/app\nimport:\n- version: ^1.0.0\n")
}

pub(super) fn glide_yaml_with_an_address() -> Shown {
    updating("package: github.com/me/app\nimport:\n- package: https://github.com/acme/log.git\n")
}

pub(super) fn glide_yaml_repo_with_a_space() -> Shown {
    updating(
        "package: github.com/me/app\nimport:\n- package: github.com/acme/log\n  \
         repo: https://github.com/acme/our log\n  vcs: git\n",
    )
}

pub(super) fn glide_yaml_is_a_folder() -> Shown {
    let sandbox = Sandbox::new(PROJECT);
    sandbox.write("glide.yaml/readme", "");
    shown_alone(&sandbox, &["install"])
}

pub(super) fn lock_leads_out_of_vendor() -> Shown {
    with_lock(
        "hash: x\nupdated: 2020-01-01T00:00:00Z\nimports:\n- name: ../../elsewhere\n  version: \
         0123456789012345678901234567890123456789\n",
        &["install"],
    )
}

pub(super) fn lock_lists_it_twice() -> Shown {
    with_lock(
        "hash: x\nupdated: 2020-01-01T00:00:00Z\nimports:\n- name: github.com/acme/log\n  version: v1.0.0\n\
         testImports:\n- name: github.com/acme/log\n  version: v1.1.0\n",
        &["install"],
    )
}
