//! The repositories that worlds pin, all below github.com/acme unless their names say otherwise.

use super::kit::Making;
use crate::audit_licences::{ISC, MIT};
use crate::support::repo::Commit;

/// A commit of a package at the top, under the MIT licence.
fn library(text: &str) -> Commit {
    Commit::new()
        .file("LICENSE", MIT)
        .file("lib.go", format!("package lib // {text}\n"))
}

/// Makes all of them.
pub(super) fn make(making: &mut Making) {
    application(making);
    trees(making);
    histories(making);
    modules(making);
    licences(making);
}

/// What the application of [`super::case::Case::app`] needs.
fn application(making: &mut Making) {
    const LOG: &str = "github.com/acme/log";
    const TEXT: &str = "github.com/acme/text";
    let log = |text: &str| {
        let source = format!("package log // {text}\n\nimport _ \"{TEXT}\"\n");
        Commit::new().file("LICENSE", MIT).file("log.go", source)
    };
    making.release(LOG, "v1.0.0", log("one"));
    making.release(LOG, "v1.1.0", log("two"));
    making.release(LOG, "v2.0.0", log("three"));
    making.point(LOG, "refs/heads/stable", "v1.0.0");
    making.point(LOG, "refs/heads/next", "v2.0.0");
    making.commit(LOG, "tip", &log("four"));

    let text = library("one").file("wrap/wrap.go", "package wrap\n");
    making.release(TEXT, "v1.0.0", text);
    let fold = Commit::new().file("fold/fold.go", "package fold\n").file(
        "fold/testdata/odd.go",
        "package odd\n\nimport _ \"example.com/odd\"\n",
    );
    making.release(TEXT, "v1.1.0", fold);
    making.release("github.com/acme/check", "v1.0.0", library("check"));
    making.commit(
        "github.com/acme/signed",
        "v1.0.0",
        &library("signed").annotated("v1.0.0"),
    );
    making.point("github.com/acme/signed", "refs/heads/release/1.x", "v1.0.0");
    making.release("github.com/acme/spare", "v1.0.0", library("spare"));
}

/// Trees with all that there is.
fn trees(making: &mut Making) {
    making.release("github.com/acme/part", "v1.0.0", library("part"));
    let tree = library("tree")
        .file("sub/sub.go", "package sub\n")
        .file("sub/data.txt", "data\n")
        .file("empty.go", "package lib\n")
        .executable("tools/run.sh", "#!/bin/sh\n")
        .link("latest", "sub");
    making.release("github.com/acme/tree", "v1.0.0", tree);
    let ends = library("ends")
        .file(".gitattributes", "*.txt text eol=crlf\n*.bin -text\n")
        .file("windows.txt", "one\ntwo\n")
        .file("raw.bin", "one\ntwo\n");
    making.release("github.com/acme/ends", "v1.0.0", ends);
    let nested = library("nested").file(
        "vendor/github.com/acme/spare/spare.go",
        "package spare // old\n",
    );
    making.release("github.com/acme/nested", "v1.0.0", nested);
    let modules = "[submodule \"part\"]\n\tpath = part\n\turl = https://github.com/acme/part\n";
    let outer = library("outer")
        .file(".gitmodules", modules)
        .submodule("part", "github.com/acme/part");
    making.release("github.com/acme/outer", "v1.0.0", outer);
}

/// Histories that worlds change, one for each.
fn histories(making: &mut Making) {
    for name in [
        "acme/kit",
        "acme/stray",
        "acme/lost",
        "acme/gone",
        "acme/moving",
        "acme/named",
        "acme/vanished",
        "acme/forced",
        "acme/private",
    ] {
        let name = format!("github.com/{name}");
        making.release(&name, "v1.0.0", library("one"));
        making.release(&name, "v1.1.0", library("two"));
    }
    making.release("insecure.example/kit", "v1.0.0", library("plain"));
    making.release("git.example.org/kit", "v1.0.0", library("elsewhere"));
    // What a host keeps of a fork: no name leads to it.
    making.commit("github.com/acme/stray", "fork", &library("not ours"));
    making.point("github.com/acme/stray", "refs/heads/master", "v1.1.0");
    making.commit("github.com/acme/lost", "later", &library("three"));
    making.commit("github.com/acme/forced", "later", &library("three"));
    making.point("github.com/acme/vanished", "refs/tags/beta", "v1.0.0");
    making.call("github.com/acme/vanished", "nowhere", &"5".repeat(40));
}

/// Repositories of modules that the database knows.
fn modules(making: &mut Making) {
    const UNTAGGED: &str = "github.com/acme/untagged";
    const BARE: &str = "github.com/acme/bare";
    const MAJOR: &str = "github.com/acme/major";
    const UPPER: &str = "github.com/Acme/Upper";
    const NEST: &str = "github.com/acme/nest";
    let lib = |text: &str| library(text).file("x/x.go", format!("package x // {text}\n"));
    for name in ["github.com/acme/lib", "github.com/fork/lib"] {
        making.release(name, "v1.0.0", lib("one"));
        making.commit(name, "between", &lib("between"));
        making.release(name, "v1.1.0", lib("two"));
        making.commit(name, "after", &lib("after"));
        making.release(name, "v1.2.0", lib("three"));
        making.release(name, "v1.3.0", lib("four"));
    }
    for tag in ["v0.8.0", "v1.0.0", "v1.0.1"] {
        making.release("github.com/acme/last", tag, library(tag));
    }
    making.commit(UNTAGGED, "bad", &library("one"));
    making.commit(UNTAGGED, "good", &library("two"));
    making.commit(UNTAGGED, "better", &library("three"));
    making.commit(BARE, "first", &library("one"));
    making.commit(BARE, "bad", &library("two"));
    making.commit(BARE, "worse", &library("three"));
    making.commit(BARE, "good", &library("four"));
    making.release(MAJOR, "v1.0.0", library("one"));
    let module = "module github.com/acme/major/v2\n";
    making.release(MAJOR, "v2.0.0", library("two").file("go.mod", module));
    making.release(MAJOR, "v2.1.0", library("three"));
    for tag in ["v2.0.0", "v2.1.0"] {
        making.release("gopkg.in/acme/pkg.v2", tag, library(tag));
    }
    making.release(UPPER, "v1.0.0", library("one"));
    making.release(UPPER, "v1.1.0", library("two"));
    let nest = |text: &str| {
        let api = format!("package api // {text}\n");
        library(text)
            .file("api/api.go", api)
            .file("api/go.mod", "module github.com/acme/nest/api\n")
    };
    making.release(NEST, "v1.0.0", nest("one").tag("api/v0.1.0"));
    making.release(NEST, "v1.1.0", nest("two").tag("api/v0.2.0"));
    making.release("github.com/golang/net", "v0.1.0", library("net"));
    making.release("github.com/golang/net", "v0.2.0", library("net two"));
}

/// Repositories under all kinds of licences.
fn licences(making: &mut Making) {
    let with = |name: &str, text: &str| {
        let commit = Commit::new().file("lib.go", "package lib\n");
        if name.is_empty() {
            commit
        } else {
            commit.file(name, text)
        }
    };
    let dual = "// SPDX-License-Identifier: MIT OR GPL-3.0-only\n\npackage lib\n";
    let both = "// SPDX-License-Identifier: MIT AND GPL-3.0-only\n\npackage lib\n";
    for (name, file, text) in [
        ("isc", "LICENSE", ISC),
        ("unlicensed", "", ""),
        (
            "odd",
            "LICENSE.txt",
            "You may use this on Sundays. Call us first.\n",
        ),
        ("dual", "lib.go", dual),
        ("both", "lib.go", both),
        (
            "told",
            "README.md",
            "# Told\n\n## License\n\nMIT licensed\n",
        ),
        ("inner", "sub/COPYING", ISC),
    ] {
        let name = format!("github.com/acme/{name}");
        let commit = with(file, text);
        let commit = if file.starts_with("sub/") {
            commit
                .file("LICENSE", MIT)
                .file("sub/sub.go", "package sub\n")
        } else {
            commit
        };
        making.release(&name, "v1.0.0", commit);
    }
}
