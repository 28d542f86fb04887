//! `audit licences` over small worlds with one fault each, or none; what bills of materials say of them.

use std::fs;
use std::os::unix::fs::symlink;

use crate::support::process::Output;
use crate::support::repo::Commit;
use crate::support::world::World;

const LIBRARY: &str = "github.com/a/lib";

pub(crate) const MIT: &str = "The MIT License (MIT)\n\nCopyright (c) 2015 Jane Doe\n\n\
    Permission is hereby granted, free of charge, to any person obtaining a copy of this software and \
    associated documentation files (the \"Software\"), to deal in the Software without restriction, \
    including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, \
    and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, \
    subject to the following conditions:\n\nThe above copyright notice and this permission notice shall be \
    included in all copies or substantial portions of the Software.\n\nTHE SOFTWARE IS PROVIDED \"AS IS\", \
    WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF \
    MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR \
    COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, \
    TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS \
    IN THE SOFTWARE.\n";

pub(crate) const ISC: &str = "Copyright (c) 2012-2013 Dave Collins <dave@davec.name>\n\n\
    Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is \
    hereby granted, provided that the above copyright notice and this permission notice appear in all \
    copies.\n\nTHE SOFTWARE IS PROVIDED \"AS IS\" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS \
    SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE \
    LIABLE FOR ANY SPECIAL, DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING \
    FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, \
    ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.\n";

/// A world whose project uses the library and its folder `sub`.
fn world(files: &[(&str, &str)]) -> (World, String) {
    let commit = Commit::new()
        .file("lib.go", "package lib\n")
        .file("sub/sub.go", "package sub\n");
    let commit = files
        .iter()
        .fold(commit, |commit, (name, text)| commit.file(name, *text));
    let (world, id) = World::new(|remotes| remotes.commit(LIBRARY, &commit));
    world.pin(&[(LIBRARY, &id)]);
    let main = format!("package main\n\nimport _ \"{LIBRARY}\"\nimport _ \"{LIBRARY}/sub\"\n");
    world.sandbox.write("main.go", &main);
    (world, id)
}

fn policy(world: &World, text: &str) {
    world.sandbox.write("glide-audit.toml", text);
}

fn audit(world: &World) -> Output {
    world.sandbox.run(&["audit", "licences"])
}

#[track_caller]
fn insist(output: &Output, exit: i32, parts: &[&str]) {
    let all = format!("{}{}", output.stdout, output.stderr);
    assert_eq!(output.exit, Some(exit), "{all}");
    let words = all.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in parts {
        assert!(words.contains(part), "`{part}` is missing:\n{all}");
    }
}

#[test]
fn texts_of_the_pinned_tree_and_of_vendor_count() {
    let (world, _) = world(&[("LICENSE", MIT)]);
    insist(&audit(&world), 0, &["clean: 1 dependency (licences)"]);
    policy(&world, "[licences]\nallow = [\"MIT\"]\n");
    insist(&audit(&world), 0, &[]);
    policy(&world, "[licences]\nallow = [\"ISC\"]\n");
    let words = [
        "github.com/a/lib is under MIT; MIT is not allowed [licence-not-allowed]",
        "glide.lock:4",
        "LICENSE is MIT",
        "confidence: high",
    ];
    insist(&audit(&world), 1, &words);
    policy(&world, "[licences]\ndeny = [\"MIT\"]\n");
    insist(&audit(&world), 1, &["MIT is denied [licence-denied]"]);
    insist(&world.sandbox.run(&["install"]), 0, &[]);
    world.sandbox.write("vendor/github.com/a/lib/LICENSE", ISC);
    insist(&audit(&world), 0, &[]);
}

#[test]
fn used_folders_count_and_others_do_not() {
    let (world, _) = world(&[
        ("LICENSE", MIT),
        ("sub/COPYING", ISC),
        ("other/LICENSE", "Mine alone."),
    ]);
    policy(&world, "[licences]\nallow = [\"MIT\"]\n");
    insist(
        &audit(&world),
        1,
        &[
            "is under MIT AND ISC; ISC is not allowed",
            "sub/COPYING is ISC",
        ],
    );
}

#[test]
fn nothing_and_the_unknown_are_told() {
    let (world, _) = world(&[]);
    insist(
        &audit(&world),
        1,
        &["low", "has no licence that can be found [licence-missing]"],
    );
    insist(
        &world
            .sandbox
            .run(&["audit", "licences", "--severity", "medium"]),
        0,
        &[],
    );
    policy(&world, "[licences]\nallow = [\"MIT\"]\n");
    insist(&audit(&world), 1, &["medium", "[licence-missing]"]);
}

#[test]
fn a_text_of_nobody_is_unknown() {
    let (world, _) = world(&[(
        "LICENSE.txt",
        "You may use this on Sundays. Call us first.\n",
    )]);
    insist(
        &audit(&world),
        1,
        &[
            "the licence of github.com/a/lib in LICENSE.txt is not known: it is the text of no licence that is known [licence-unknown]",
        ],
    );
    policy(
        &world,
        "[[licences.exception]]\npackage = \"github.com/a/lib\"\nreason = \"we called them\"\n",
    );
    insist(&audit(&world), 0, &[]);
}

#[test]
fn exceptions_expire_and_are_told_when_unused() {
    let (world, _) = world(&[("LICENSE", MIT)]);
    let with = |package: &str, expires: &str| {
        policy(
            &world,
            &format!(
                "[licences]\nallow = [\"ISC\"]\n\n[[licences.exception]]\npackage = \"{package}\"\nlicence = \"MIT\"\n\
                 reason = \"lawyers say so\"\n{expires}\n"
            ),
        );
        audit(&world)
    };
    insist(&with(LIBRARY, "expires = 2999-01-01"), 0, &[]);
    insist(
        &with(LIBRARY, "expires = 2001-01-01"),
        1,
        &[
            "[licence-not-allowed]",
            "has expired on 2001-01-01 [exception-expired]",
            "lawyers say so",
        ],
    );
    insist(
        &with("github.com/a/other", ""),
        1,
        &[
            "[licence-not-allowed]",
            "excepts nothing [exception-unused]",
            "glide-audit.toml:4",
        ],
    );
    let drift = world.sandbox.run(&["audit", "drift"]);
    assert!(
        !drift.stdout.contains("exception-unused"),
        "{}",
        drift.stdout
    );
}

#[test]
fn a_policy_with_a_licence_of_no_list_is_refused() {
    let (world, _) = world(&[("LICENSE", MIT)]);
    policy(
        &world,
        "[licences]\nallow = [\n  \"MIT\",\n  \"Appache\",\n]\n",
    );
    insist(
        &audit(&world),
        2,
        &["line 4: `Appache` is no licence of the SPDX list"],
    );
}

#[test]
fn hostile_files_in_vendor_are_not_followed() {
    let (world, _) = world(&[]);
    insist(&world.sandbox.run(&["install"]), 0, &[]);
    let library = world.sandbox.project().join("vendor").join(LIBRARY);
    let outside = world.sandbox.root().join("MIT.txt");
    fs::write(&outside, MIT).unwrap();
    symlink(&outside, library.join("LICENSE")).unwrap();
    fs::create_dir(library.join("COPYING")).unwrap();
    fs::write(library.join("LICENSE.huge"), MIT.repeat(10_000)).unwrap();
    fs::write(
        library.join("LICENSE.bin"),
        [0u8, 159, 146, 150].repeat(100),
    )
    .unwrap();
    symlink("LICENSE.loop", library.join("LICENSE.loop")).unwrap();
    let found = audit(&world);
    insist(
        &found,
        1,
        &[
            "in LICENSE is not known: it is a link that leads out of the package, or nowhere",
            "in LICENSE.loop is not known: it is a link",
            "in LICENSE.huge is not known: it is too large to be a licence",
            "in LICENSE.bin is not known: it is no text",
        ],
    );
}

#[test]
fn what_cannot_be_fetched_is_unknown_and_never_clean() {
    let (world, _) = world(&[("LICENSE", MIT)]);
    world.pin(&[(LIBRARY, &"1".repeat(40))]);
    let found = audit(&world);
    insist(
        &found,
        2,
        &[
            "licences of github.com/a/lib",
            "not known to be clean: 1 could not be checked",
        ],
    );
}

#[test]
fn reports_and_bills_of_materials_name_licences_and_damage_is_mended() {
    let (world, _) = world(&[("LICENSE", MIT)]);
    let json = world
        .sandbox
        .run(&["audit", "licences", "--format", "json"]);
    assert!(
        json.stdout.contains("\"licence\": \"MIT\""),
        "{}",
        json.stdout
    );
    let kept = world.sandbox.glide_home().join("cache/v1/licences");
    assert!(fs::read_to_string(&kept).unwrap().contains(" MIT:"));
    for damage in ["", "garbage", "MIT"] {
        fs::write(&kept, damage).unwrap();
        let bom = world.sandbox.run(&["audit", "drift", "--format", "spdx"]);
        assert!(bom.stdout.contains("\"MIT\""), "{}", bom.stdout);
    }
}
