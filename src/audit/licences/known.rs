//! The licence texts that are known: those of the SPDX list that code in public repositories has, the
//! notices that stand in for some of them, and exceptions that are added to them.

use std::io::Read as _;

use flate2::read::DeflateDecoder;
use spdx::detection::{Store, TextData};

/// Their SPDX ids. Where a text is that of several ids, the one that grants the least.
const IDS: [&str; 82] = [
    "0BSD",
    "AFL-2.1",
    "AFL-3.0",
    "AGPL-3.0-only",
    "Apache-1.0",
    "Apache-1.1",
    "Apache-2.0",
    "Artistic-1.0",
    "Artistic-1.0-Perl",
    "Artistic-2.0",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-2-Clause-Patent",
    "BSD-3-Clause",
    "BSD-3-Clause-Clear",
    "BSD-4-Clause",
    "BSD-4-Clause-UC",
    "BSL-1.0",
    "BUSL-1.1",
    "Beerware",
    "BlueOak-1.0.0",
    "CC-BY-3.0",
    "CC-BY-4.0",
    "CC-BY-NC-4.0",
    "CC-BY-NC-SA-4.0",
    "CC-BY-SA-3.0",
    "CC-BY-SA-4.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "CDDL-1.0",
    "CDDL-1.1",
    "CECILL-2.1",
    "CPL-1.0",
    "ECL-2.0",
    "EPL-1.0",
    "EPL-2.0",
    "EUPL-1.1",
    "EUPL-1.2",
    "FTL",
    "GPL-1.0-only",
    "GPL-2.0-only",
    "GPL-3.0-only",
    "HPND",
    "ICU",
    "IJG",
    "ISC",
    "JSON",
    "LGPL-2.0-only",
    "LGPL-2.1-only",
    "LGPL-3.0-only",
    "Libpng",
    "MIT",
    "MIT-0",
    "MPL-1.0",
    "MPL-1.1",
    "MPL-2.0",
    "MS-PL",
    "MS-RL",
    "MulanPSL-2.0",
    "NCSA",
    "NTP",
    "ODbL-1.0",
    "OFL-1.1",
    "OSL-3.0",
    "OpenSSL",
    "PostgreSQL",
    "Python-2.0",
    "QPL-1.0",
    "Ruby",
    "SSPL-1.0",
    "UPL-1.0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Vim",
    "W3C",
    "WTFPL",
    "X11",
    "ZPL-2.1",
    "Zlib",
    "bzip2-1.0.6",
    "curl",
];

/// Exceptions: the name of the text in the list, the SPDX id, and how the licences begin that it is
/// added to.
const EXCEPTIONS: [(&str, &str, &str); 11] = [
    ("Classpath-exception-2.0", "Classpath-exception-2.0", "GPL-"),
    (
        "Classpath-exception-2.0-short",
        "Classpath-exception-2.0",
        "GPL-",
    ),
    ("Font-exception-2.0", "Font-exception-2.0", "GPL-"),
    ("GCC-exception-3.1", "GCC-exception-3.1", "GPL-3.0"),
    (
        "LGPL-3.0-linking-exception",
        "LGPL-3.0-linking-exception",
        "LGPL-3.0",
    ),
    ("LLVM-exception", "LLVM-exception", "Apache-2.0"),
    ("Linux-syscall-note", "Linux-syscall-note", "GPL-2.0"),
    (
        "OCaml-LGPL-linking-exception",
        "OCaml-LGPL-linking-exception",
        "LGPL-2",
    ),
    ("Swift-exception", "Swift-exception", "Apache-2.0"),
    (
        "WxWindows-exception-3.1",
        "WxWindows-exception-3.1",
        "LGPL-2",
    ),
    (
        "openvpn-openssl-exception",
        "openvpn-openssl-exception",
        "GPL-2.0",
    ),
];

/// The texts in the order of [`IDS`], then those of [`EXCEPTIONS`], a NUL behind each, deflated: as they are they
/// would make up a tenth of the program. A test holds them against those of `spdx`, and writes the file anew when it is told to.
const DEFLATED: &[u8] = include_bytes!("texts.deflate");

/// The texts, in the order of [`IDS`] and then of [`EXCEPTIONS`].
fn texts() -> Vec<String> {
    let mut all = String::new();
    let read = DeflateDecoder::new(DEFLATED).read_to_string(&mut all);
    debug_assert!(read.is_ok(), "a test has read the same bytes");
    all.split_terminator('\0').map(str::to_owned).collect()
}

/// Parts of texts that stand for a licence by themselves: the licence whose text has it, what the part
/// stands for, and the words that it begins and ends with (the end of the text where there are none).
const PARTS: [(&str, &str, &str, &str); 8] = [
    (
        "Apache-2.0",
        "Apache-2.0",
        "Licensed under the Apache License, Version 2.0",
        "limitations under the License.",
    ),
    (
        "MPL-2.0",
        "MPL-2.0",
        "This Source Code Form is subject to the terms",
        "obtain one at",
    ),
    (
        "GPL-2.0-only",
        "GPL-2.0-or-later",
        "This program is free software; you can redistribute",
        "You should have received",
    ),
    (
        "GPL-3.0-only",
        "GPL-3.0-or-later",
        "This program is free software: you can redistribute",
        "You should have received",
    ),
    (
        "AGPL-3.0-only",
        "AGPL-3.0-or-later",
        "This program is free software: you can redistribute",
        "You should have received",
    ),
    (
        "LGPL-2.1-only",
        "LGPL-2.1-or-later",
        "This library is free software; you can redistribute",
        "You should have received",
    ),
    // The list has the GPL, which it adds to, behind it.
    (
        "LGPL-3.0-only",
        "LGPL-3.0-only",
        "GNU LESSER",
        "GNU GENERAL PUBLIC LICENSE",
    ),
    // Without the advice on how to use it.
    ("CC0-1.0", "CC0-1.0", "Statement of Purpose", ""),
];

/// What texts are compared with. Making it takes a tenth of a second, so it is made once, when it is
/// first needed. Names are SPDX ids; those of parts have `/` and a number behind them.
pub(super) fn store() -> Store {
    let mut store = Store::new();
    let texts = texts();
    let (licences, exceptions) = texts.split_at_checked(IDS.len()).unwrap_or_default();
    for (id, text) in IDS.iter().zip(licences) {
        store.add_license((*id).to_owned(), TextData::new(text).without_text());
    }
    for (number, (whole, id, first, last)) in PARTS.iter().enumerate() {
        let at = IDS.iter().position(|known| known == whole);
        let text = at.and_then(|at| licences.get(at));
        if let Some(part) = text.and_then(|text| part(text, first, last)) {
            store.add_license(format!("{id}/{number}"), TextData::new(part).without_text());
        }
    }
    for (number, ((_, id, _), text)) in EXCEPTIONS.iter().zip(exceptions).enumerate() {
        store.add_license(format!("{id}/{number}"), TextData::new(text).without_text());
    }
    store
}

/// How the licences begin that an exception of that id is added to; `None` for what is no exception.
pub(super) fn excepts_from(id: &str) -> Option<&'static str> {
    let known = EXCEPTIONS.iter().find(|(_, known, _)| *known == id);
    known.map(|(_, _, licence)| *licence)
}

/// What the words stand around, both included.
fn part<'t>(text: &'t str, first: &str, last: &str) -> Option<&'t str> {
    let text = &text[text.find(first)?..];
    if last.is_empty() {
        return Some(text);
    }
    let end = text[first.len()..].find(last)? + first.len() + last.len();
    text.get(..end)
}

/// The SPDX id of a name in the store.
pub(super) fn id(name: &str) -> &str {
    name.split_once('/').map_or(name, |(id, _)| id)
}

/// Names the texts and how they are compared, for whoever remembers what came of it.
pub(super) fn edition() -> String {
    format!("{} 3", spdx::license_version())
}

#[cfg(test)]
#[expect(
    clippy::disallowed_methods,
    reason = "a test writes the file that the program holds"
)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::DeflateEncoder;
    use spdx::text::{EXCEPTION_TEXTS, LICENSE_TEXTS};

    use super::*;

    #[test]
    fn the_texts_are_those_of_the_spdx_list() {
        let of = |list: &[(&str, &'static str)], id: &str| {
            let mut listed = list.iter().filter(|(listed, _)| *listed == id);
            listed
                .next()
                .unwrap_or_else(|| panic!("{id} is not on the list"))
                .1
        };
        let licences = IDS.iter().map(|id| of(LICENSE_TEXTS, id));
        let exceptions = EXCEPTIONS
            .iter()
            .map(|(name, _, _)| of(EXCEPTION_TEXTS, name));
        let expected: Vec<_> = licences.chain(exceptions).collect();
        if std::env::var_os("UPDATE_LICENCES").is_some() {
            let path = concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/src/audit/licences/texts.deflate"
            );
            let mut deflated = DeflateEncoder::new(Vec::new(), Compression::best());
            for text in &expected {
                deflated.write_all(text.as_bytes()).unwrap();
                deflated.write_all(b"\0").unwrap();
            }
            std::fs::write(path, deflated.finish().unwrap()).unwrap();
            return;
        }
        assert!(
            texts() == expected,
            "`UPDATE_LICENCES=1 cargo test texts_are` writes them anew"
        );
    }

    #[test]
    fn all_parts_are_there_and_all_ids_are_spdx_ids() {
        assert_eq!(store().len(), IDS.len() + PARTS.len() + EXCEPTIONS.len());
        for name in store().licenses() {
            let id = id(name);
            let is_exception = spdx::exception_id(id).is_some();
            assert!(is_exception || spdx::license_id(id).is_some(), "{name}");
            assert_eq!(excepts_from(id).is_some(), is_exception, "{name}");
        }
    }
}
