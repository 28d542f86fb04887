//! Real licence texts in many dresses, and hostile files.

use std::collections::BTreeMap;

use spdx::text::{EXCEPTION_TEXTS, LICENSE_TEXTS};

use super::super::policy::{Day, LicenceException, LicencePolicy};
use super::super::subject::Subject;
use super::*;
use crate::manifest::{Lock, Mirrors};

const NAME: &str = "github.com/a/lib";

/// Files in memory.
struct Files(BTreeMap<String, Text>);

impl Texts for Files {
    fn files(&self, _: &Pinned, folder: &str) -> Result<Vec<String>, String> {
        let below = self.0.keys().filter_map(|path| match folder {
            "" => Some(path.as_str()),
            folder => path.strip_prefix(folder)?.strip_prefix('/'),
        });
        Ok(below
            .filter(|name| !name.contains('/'))
            .map(str::to_owned)
            .collect())
    }

    fn read(&self, _: &Pinned, file: &str) -> Result<Text, String> {
        Ok(self.0[file].clone())
    }
}

fn pins() -> Vec<Pinned> {
    let text = format!("hash: 00\nimports:\n- name: {NAME}\n  version: 1\ntestImports: []\n");
    let lock = Lock::parse(text.as_bytes()).unwrap();
    Subject::pins(&lock, text.as_bytes(), &Mirrors::default())
}

fn identified(files: &[(&str, &str)], folders: &[&str]) -> Identified {
    let files = files
        .iter()
        .map(|(name, text)| ((*name).to_owned(), Text::Found(text.as_bytes().to_vec())));
    let folders: Vec<String> = folders.iter().map(|&folder| folder.to_owned()).collect();
    identify(&pins()[0], &folders, &Files(files.collect()), reader()).unwrap()
}

/// One for all tests: what it compares with takes its time to make.
fn reader() -> &'static Reader {
    static READER: std::sync::OnceLock<Reader> = std::sync::OnceLock::new();
    READER.get_or_init(Reader::default)
}

fn text(id: &str) -> &'static str {
    let found = LICENSE_TEXTS.iter().find(|(known, _)| *known == id);
    found.map(|(_, text)| *text).unwrap()
}

/// The text wrapped at a width, as every author's editor does it.
fn wrapped(text: &str, width: usize) -> String {
    let mut out = String::new();
    for paragraph in text.split("\n\n") {
        let mut column = 0;
        for word in paragraph.split_whitespace() {
            if column > 0 && column + word.len() >= width {
                out.push('\n');
                column = 0;
            } else if column > 0 {
                out.push(' ');
            }
            out.push_str(word);
            column += word.len() + 1;
        }
        out.push_str("\n\n");
    }
    out
}

const COMMON: [&str; 26] = [
    "0BSD",
    "AGPL-3.0-only",
    "Apache-2.0",
    "Artistic-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSD-4-Clause",
    "BSL-1.0",
    "CC-BY-4.0",
    "CC-BY-SA-4.0",
    "CC0-1.0",
    "CDDL-1.0",
    "EPL-1.0",
    "EPL-2.0",
    "GPL-2.0-only",
    "GPL-3.0-only",
    "ISC",
    "LGPL-2.1-only",
    "LGPL-3.0-only",
    "MIT",
    "MPL-2.0",
    "NCSA",
    "OFL-1.1",
    "Unlicense",
    "WTFPL",
    "Zlib",
];

#[test]
fn texts_are_known_in_every_dress() {
    for id in COMMON {
        let original = text(id);
        let holder = original
            .replace("<year>", "2014")
            .replace("<owner>", "The Acme Authors")
            .replace("<copyright holders>", "Acme & Sons <a@acme.dev>");
        let commented = format!("// {}", wrapped(&holder, 70).replace('\n', "\n// "));
        let html = wrapped(&holder, 90)
            .replace('&', "&amp;")
            .replace('"', "&quot;")
            .replace('<', "&lt;");
        let dresses = [
            ("as it is", original.to_owned()),
            (
                "by another holder",
                format!("Copyright (c) 2012-2016 Jane Doe. All rights reserved.\n\n{holder}"),
            ),
            ("wrapped", wrapped(&holder, 60)),
            ("with CRLF", wrapped(&holder, 78).replace('\n', "\r\n")),
            ("with a mark", format!("\u{feff}{holder}")),
            ("commented", commented),
            (
                "as HTML",
                format!("<html><body><pre>\n{html}</pre></body></html>"),
            ),
            (
                "as Markdown",
                format!("# License\n\n{}", wrapped(&holder, 100)),
            ),
        ];
        for (dress, text) in dresses {
            let found = identified(&[("LICENSE", &text)], &[""]);
            assert_eq!(
                found.expression.as_deref(),
                Some(id),
                "{id} {dress}: {found:?}"
            );
            assert!(found.unknown.is_empty(), "{id} {dress}: {found:?}");
        }
    }
}

#[track_caller]
fn check(files: &[(&str, &str)], expression: &str, confidence: Confidence) {
    let found = identified(files, &["", "sub"]);
    let known = found.expression.as_deref().unwrap_or("none");
    assert_eq!(
        (known, found.confidence),
        (expression, confidence),
        "{found:?}"
    );
}

#[test]
fn files_go_together_as_they_say() {
    use Confidence::{High, Low, Medium};
    let (mit, apache, gpl, lgpl, bsd) = (
        text("MIT"),
        text("Apache-2.0"),
        text("GPL-3.0-only"),
        text("LGPL-3.0-only"),
        text("BSD-3-Clause"),
    );
    check(&[("LICENSE", mit), ("COPYING", mit)], "MIT", High);
    check(
        &[("LICENSE-MIT", mit), ("LICENSE-APACHE", apache)],
        "Apache-2.0 AND MIT",
        Low,
    );
    check(
        &[
            ("LICENSE-MIT", mit),
            ("LICENSE-APACHE", apache),
            (
                "README.md",
                "# x\n\n## License\n\nLicensed under either of MIT or Apache 2.0.\n",
            ),
        ],
        "Apache-2.0 OR MIT",
        High,
    );
    check(
        &[
            (
                "LICENSE",
                "This is dual licensed: MIT license or Apache License, at your choice.",
            ),
            ("LICENSE-MIT", mit),
            ("LICENSE-APACHE", apache),
        ],
        "Apache-2.0 OR MIT",
        High,
    );
    let lesser = &lgpl[..lgpl.rfind("GNU GENERAL PUBLIC LICENSE").unwrap()];
    check(
        &[("COPYING", gpl), ("COPYING.LESSER", lesser)],
        "LGPL-3.0-only",
        High,
    );
    check(
        &[("LICENSE", apache), ("LICENSE.third-party", bsd)],
        "Apache-2.0 AND BSD-3-Clause",
        Low,
    );
    check(
        &[("LICENSE", mit), ("sub/LICENSE", bsd)],
        "MIT AND BSD-3-Clause",
        High,
    );
    check(&[("LICENSE", mit), ("other/LICENSE", gpl)], "MIT", High);
    check(&[("LICENSE", "MIT")], "MIT", Medium);
    check(
        &[("LICENSE", "SPDX-License-Identifier: MIT OR ISC")],
        "MIT OR ISC",
        Medium,
    );
    check(
        &[("LICENSE", "Released under the MIT license, see the web.")],
        "MIT",
        Low,
    );
    check(&[("NOTICE", mit), ("license.go", mit)], "none", High);
}

#[test]
fn one_file_may_hold_several_and_more() {
    let two = format!(
        "{}\n\n-----------\n\n{}",
        wrapped(text("Apache-2.0"), 70),
        wrapped(text("MIT"), 70)
    );
    let found = identified(&[("LICENSE", &two)], &[""]);
    assert_eq!(
        found.expression.as_deref(),
        Some("Apache-2.0 AND MIT"),
        "{found:?}"
    );
    let chosen = format!(
        "It is dual-licensed under The MIT License [1] and Apache 2.0 License [2].\n\n[1] which is reproduced \
         below:\n\n~~~~\n{}\n~~~~\n\n[2] <http://www.apache.org>, which is reproduced below:\n\n~~~~\n{}\n~~~~\n",
        wrapped(text("MIT"), 78),
        wrapped(text("Apache-2.0"), 60)
    );
    let found = identified(&[("LICENSE", &chosen)], &[""]);
    assert_eq!(
        found.expression.as_deref(),
        Some("Apache-2.0 OR MIT"),
        "{found:?}"
    );
    let notice = format!(
        "{}\n\n{}",
        wrapped(text("MIT"), 70),
        "You must also send us a postcard of your town. ".repeat(20)
    );
    let found = identified(&[("LICENSE", &notice)], &[""]);
    assert_eq!(found.expression.as_deref(), Some("MIT"), "{found:?}");
    assert_eq!(found.confidence, Confidence::Medium, "{found:?}");
    let clause = format!(
        "\"Commons Clause\" License Condition v1.0\n\nThe Software is provided to you without the right to Sell.\n\n{}",
        text("Apache-2.0")
    );
    let found = identified(&[("LICENSE", &clause)], &[""]);
    assert_eq!(found.unknown.len(), 1, "{found:?}");
}

#[test]
fn exceptions_are_told_with_the_licences_that_they_are_made_for() {
    use Confidence::High;
    let exception = |id: &str| {
        let found = EXCEPTION_TEXTS.iter().find(|(known, _)| *known == id);
        found.map(|(_, text)| *text).unwrap()
    };
    let behind = |licence: &str, added: &str| {
        format!(
            "{}\n\n{}",
            wrapped(text(licence), 72),
            wrapped(exception(added), 76)
        )
    };
    let before = |licence: &str, added: &str| {
        let (added, licence) = (wrapped(exception(added), 70), wrapped(text(licence), 78));
        format!("Copyright 2012 Acme Ltd.\n\n{added}\n\n{licence}")
    };
    for (licence, added) in [
        ("Apache-2.0", "LLVM-exception"),
        ("Apache-2.0", "Swift-exception"),
        ("GPL-2.0-only", "Classpath-exception-2.0"),
        ("GPL-3.0-only", "GCC-exception-3.1"),
        ("LGPL-3.0-only", "LGPL-3.0-linking-exception"),
    ] {
        let expression = format!("{licence} WITH {added}");
        check(&[("LICENSE", &behind(licence, added))], &expression, High);
        check(&[("LICENSE", &before(licence, added))], &expression, High);
        check(
            &[
                ("COPYING", text(licence)),
                ("LICENSE.exception", exception(added)),
            ],
            &expression,
            High,
        );
    }
    // One for another licence changes nothing, and alone it grants nothing.
    check(
        &[
            ("LICENSE", text("MIT")),
            ("LICENSE.x", exception("LLVM-exception")),
        ],
        "MIT",
        High,
    );
    check(&[("LICENSE", exception("LLVM-exception"))], "none", High);
}

#[test]
fn notices_stand_for_their_licences() {
    let apache = "Copyright 2011-2016 Canonical Ltd.\n\nLicensed under the Apache License, Version 2.0 (the \"License\");\n\
        you may not use this file except in compliance with the License.\nYou may obtain a copy of the License at\n\n    \
        http://www.apache.org/licenses/LICENSE-2.0\n\nUnless required by applicable law or agreed to in writing, software\n\
        distributed under the License is distributed on an \"AS IS\" BASIS,\nWITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, \
        either express or implied.\nSee the License for the specific language governing permissions and\nlimitations under \
        the License.\n";
    check(&[("LICENSE", apache)], "Apache-2.0", Confidence::High);
}

#[test]
fn without_a_text_lines_and_readmes_are_asked() {
    use Confidence::{High, Low, Medium};
    let line = "// Copyright me\n// SPDX-License-Identifier: BSD-3-Clause\n\npackage a\n";
    check(&[("a.go", line), ("b.go", line)], "BSD-3-Clause", Medium);
    check(
        &[
            ("a.go", line),
            (
                "sub/b.go",
                "// SPDX-License-Identifier: MIT OR ISC\npackage b\n",
            ),
        ],
        "BSD-3-Clause AND (MIT OR ISC)",
        Medium,
    );
    check(&[("a.go", line), ("LICENSE", text("MIT"))], "MIT", High);
    check(
        &[
            ("a.go", "package a\n"),
            ("README.md", "## License\nMIT licensed\n"),
        ],
        "MIT",
        Low,
    );
    check(
        &[(
            "README.md",
            "## License\nApache 2.0 or MIT license, at your option.\n",
        )],
        "Apache-2.0 OR MIT",
        Low,
    );
    check(
        &[("a.go", "package a\n"), ("README.md", "# a\n")],
        "none",
        High,
    );
}

#[test]
fn hostile_files_are_unknown_and_quick() {
    let mut files: Vec<(&str, Text)> = vec![
        ("LICENSE", Text::TooLarge),
        ("LICENSE.bin", Text::Found([0, 1, 2, 255].repeat(1000))),
        ("LICENSE.link", Text::Elsewhere),
        ("LICENSE.utf8", Text::Found(vec![0xff; 4000])),
        (
            "COPYING",
            Text::Found(b"All rights reserved. Call our lawyers.".to_vec()),
        ),
    ];
    for (name, unit) in [
        ("LICENSE-a", "a\n"),
        ("LICENSE-b", "(((((((( <<<<< &&&& \n"),
        ("LICENSE-c", "the software "),
        (
            "LICENSE-d",
            "permission is hereby granted free of charge\n\n",
        ),
        ("LICENSE-e", "\r"),
    ] {
        files.push((
            name,
            Text::Found(unit.repeat((256 << 10) / unit.len()).into_bytes()),
        ));
    }
    let many = files.len();
    let files = Files(
        files
            .into_iter()
            .map(|(name, text)| (name.to_owned(), text))
            .collect(),
    );
    let found = identify(&pins()[0], &[String::new()], &files, reader()).unwrap();
    assert_eq!(
        (found.expression, found.unknown.len()),
        (None, many),
        "{:?}",
        found.unknown
    );
}

#[test]
fn what_was_told_is_remembered_and_damage_is_not() {
    let first = Reader::default();
    let told = first.read(text("ISC").as_bytes()).unwrap();
    let kept = first.remembered().unwrap();
    let second = Reader::new(&kept);
    assert_eq!(second.read(text("ISC").as_bytes()), Some(told));
    assert_eq!(second.remembered(), None);
    let lines = String::from_utf8(kept.clone()).unwrap();
    let garbled = [
        Vec::new(),
        b"\xff".to_vec(),
        lines.replace("ISC", "NONSENSE").into_bytes(),
        lines.replacen('3', "4", 1).into_bytes(),
        lines.replace(':', " ").into_bytes(),
    ];
    for bytes in garbled {
        let told = Reader::new(&bytes).read(text("ISC").as_bytes()).unwrap();
        assert_eq!(told.ids, [("ISC".to_owned(), 100)]);
    }
}

fn judged(expression: &str, policy: &LicencePolicy) -> (Vec<&'static str>, BTreeSet<usize>) {
    let lock = "hash: 00\nimports:\n- name: github.com/a/lib\n  version: 1\ntestImports: []\n";
    let parsed = Lock::parse(lock.as_bytes()).unwrap();
    let subject = Subject {
        name: String::new(),
        folder: std::path::PathBuf::new(),
        manifest: None,
        pins: Subject::pins(&parsed, lock.as_bytes(), &Mirrors::default()),
        lock: parsed,
        lock_text: lock.into(),
        usage: None,
    };
    let identified = Identified {
        expression: Some(expression.to_owned()).filter(|text| !text.is_empty()),
        ..Identified::default()
    };
    let identities = Identities::from([(NAME.to_owned(), Ok(identified))]);
    let (checked, needed) = licences(&subject, &identities, policy, Day(2026, 6, 1));
    assert!(checked.unchecked.is_empty());
    let codes = checked.findings.iter().map(|finding| finding.rule.code);
    (codes.collect(), needed)
}

fn policy(allow: &str, deny: &str) -> LicencePolicy {
    let list = |text: &str| {
        text.split(',')
            .filter(|id| !id.is_empty())
            .map(str::to_owned)
            .collect()
    };
    LicencePolicy {
        allow: list(allow),
        deny: list(deny),
        exceptions: Vec::new(),
    }
}

#[test]
fn policies_are_kept() {
    #[track_caller]
    fn check(expression: &str, allow: &str, deny: &str, expected: &[&str]) {
        assert_eq!(judged(expression, &policy(allow, deny)).0, expected);
    }
    let (denied, not_allowed) = (&["licence-denied"], &["licence-not-allowed"]);
    check("MIT", "", "", &[]);
    check("GPL-3.0-only", "", "", &[]);
    check("MIT", "MIT", "", &[]);
    check("ISC", "MIT", "", not_allowed);
    check("MIT AND ISC", "MIT", "", not_allowed);
    check("MIT OR ISC", "MIT", "", &[]);
    check("GPL-3.0-only", "", "GPL-3.0-only", denied);
    check("GPL-3.0-or-later", "", "GPL-3.0", denied);
    check("GPL-3.0-only", "", "GPL-3.0", denied);
    check("AGPL-3.0-only", "", "GPL-3.0", &[]);
    check("GPL-3.0-or-later", "", "GPL-3.0-only", &[]);
    check("MIT OR GPL-3.0-only", "", "GPL-3.0-only", &[]);
    check("MIT AND GPL-3.0-only", "", "GPL-3.0-only", denied);
    check("MIT AND GPL-3.0-only", "MIT", "GPL-3.0-only", denied);
    check(
        "MIT OR GPL-3.0-only",
        "Apache-2.0",
        "GPL-3.0-only",
        not_allowed,
    );
    check(
        "GPL-2.0-only WITH Classpath-exception-2.0",
        "",
        "GPL-2.0-only",
        denied,
    );
    check(
        "GPL-2.0-only WITH Classpath-exception-2.0",
        "GPL-2.0-only WITH Classpath-exception-2.0",
        "GPL-2.0-only",
        &[],
    );
    check("", "MIT", "", &["licence-missing"]);
    check("mit", "MIT", "", &[]);
}

#[test]
fn exceptions_hold_for_their_package_licence_and_time() {
    #[track_caller]
    fn check(
        expression: &str,
        (package, licence, expires): (&str, &str, Option<Day>),
        expected: (bool, bool),
    ) {
        let mut policy = policy("MIT", "GPL-3.0-only");
        policy.exceptions.push(LicenceException {
            package: package.to_owned(),
            licence: licence.to_owned(),
            reason: "r".to_owned(),
            expires,
            line: 1,
        });
        let (findings, needed) = judged(expression, &policy);
        assert_eq!((findings.is_empty(), needed.contains(&0)), expected);
    }
    check("GPL-3.0-only", (NAME, "GPL-3.0-only", None), (true, true));
    check("GPL-3.0-only", (NAME, "", None), (true, true));
    check("", (NAME, "", None), (true, true));
    check("", (NAME, "MIT", None), (false, false));
    check("GPL-3.0-only", (NAME, "ISC", None), (false, false));
    check(
        "GPL-3.0-only",
        ("github.com/a/other", "", None),
        (false, false),
    );
    check(
        "ISC AND GPL-3.0-only",
        (NAME, "GPL-3.0-only", None),
        (false, false),
    );
    check(
        "MIT AND GPL-3.0-only",
        (NAME, "GPL-3.0-only", None),
        (true, true),
    );
    check(
        "ISC AND GPL-3.0-only",
        (NAME, "ISC AND GPL-3.0-only", None),
        (true, true),
    );
    check(
        "GPL-3.0-only",
        (NAME, "", Some(Day(2026, 6, 1))),
        (true, true),
    );
    check(
        "GPL-3.0-only",
        (NAME, "", Some(Day(2026, 5, 31))),
        (false, true),
    );
    check("MIT", (NAME, "", None), (true, false));
}

#[test]
fn used_folders_and_those_between_count() {
    use super::super::subject::{Usage, Use};
    let mut usage = Usage::default();
    for path in [NAME, "github.com/a/lib/x/y/z", "github.com/a/lib2/q"] {
        let root = if path.contains("lib2") {
            "github.com/a/lib2"
        } else {
            NAME
        };
        let used = Use {
            root: Some(root.to_owned()),
            ..Use::default()
        };
        usage.packages.insert(path.to_owned(), used);
    }
    let subject = Subject {
        name: String::new(),
        folder: std::path::PathBuf::new(),
        manifest: None,
        pins: Vec::new(),
        lock: Lock::default(),
        lock_text: Vec::new(),
        usage: Some(usage),
    };
    assert_eq!(folders(&subject, &pins()[0]), ["", "x", "x/y", "x/y/z"]);
}

#[test]
fn policies_name_licences_of_the_list() {
    for name in [
        "MIT",
        "GPL-3.0",
        "GPL-3.0-only",
        "LicenseRef-Ours",
        "GPL-2.0-only WITH Classpath-exception-2.0",
    ] {
        assert!(is_id(name), "{name}");
    }
    for name in ["", "Apache2x", "MIT OR ISC", "proprietary"] {
        assert!(!is_id(name), "{name}");
    }
}
