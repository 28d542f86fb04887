//! What is written in a file, whatever it is dressed in.

/// Names that HTML has for characters that licence texts have.
const ENTITIES: [(&str, &str); 14] = [
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\""),
    ("&apos;", "'"),
    ("&#39;", "'"),
    ("&#34;", "\""),
    ("&ldquo;", "\""),
    ("&rdquo;", "\""),
    ("&lsquo;", "'"),
    ("&rsquo;", "'"),
    ("&copy;", "(c)"),
    ("&nbsp;", " "),
    ("&mdash;", "-"),
    ("&amp;", "&"),
];

/// The text of a file; `None` where it is no text. What is not UTF-8 in it is passed over.
pub(super) fn plain(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.contains(&0) {
        return None;
    }
    let text = String::from_utf8_lossy(bytes);
    let broken = text.chars().filter(|&c| c == char::REPLACEMENT_CHARACTER);
    if broken.count() * 20 > text.len() {
        return None;
    }
    let text = if is_html(&text) {
        without_tags(&text)
    } else {
        text.into_owned()
    };
    // Old systems end lines with a carriage return alone.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    if !text.contains('&') {
        return Some(text);
    }
    let entities = ENTITIES.iter();
    Some(entities.fold(text, |text, (name, is)| text.replace(name, is)))
}

fn is_html(text: &str) -> bool {
    let tags = ["<html", "<body", "<p>", "<br", "<pre", "<div"];
    let text = text.to_ascii_lowercase();
    tags.iter().any(|tag| text.contains(tag))
}

/// Without what stands between `<` and `>`. An address in such brackets is no tag.
fn without_tags(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut left = text;
    while let Some(start) = left.find('<') {
        plain.push_str(&left[..start]);
        left = &left[start..];
        let inside = left[1..].split(['<', '>']).next().unwrap_or_default();
        let is_closed = left[1 + inside.len()..].starts_with('>');
        let is_tag = inside.starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c));
        let is_address = inside.contains(['@', ':']) && !inside.contains('=');
        if is_closed && is_tag && !is_address {
            plain.push('\n');
            left = &left[inside.len() + 2..];
        } else {
            plain.push('<');
            left = &left[1..];
        }
    }
    plain.push_str(left);
    plain
}

/// Whether the text lets its reader choose between licences.
pub(super) fn lets_choose(text: &str) -> bool {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = words.to_ascii_lowercase();
    let choices = [
        "dual licensed",
        "dual-licensed",
        "dual licence",
        "dual license",
        "dual-license",
        "dually licensed",
        "either license",
        "either licence",
        "either of the license",
        "either of these license",
        "under either ",
        "at your option, either",
        "at your choice",
        "your choice of",
        "licensed under either",
        "mit or apache",
        "apache-2.0 or mit",
        "apache 2.0 or mit",
        "mit/apache",
        "apache/mit",
        "one of the following licenses",
        "(at your option)",
        "at your option.",
    ];
    // The licences of the GNU project speak of later versions so.
    let words = words.replace("(at your option) any later version", "");
    choices.iter().any(|choice| words.contains(choice))
}

/// Licences that a README names, as SPDX ids in byte order. Only lines close to the word count.
pub(super) fn mentioned(text: &str) -> Vec<&'static str> {
    let lower = text.to_ascii_lowercase();
    let lines: Vec<&str> = lower.lines().collect();
    let mut near = String::new();
    let mut until = 0;
    for (at, line) in lines.iter().enumerate() {
        if line.contains("licen") {
            until = at + 8;
        }
        if at < until {
            near.push_str(line);
            near.push(' ');
        }
    }
    let words: Vec<&str> = near
        .split(|c: char| !(c.is_alphanumeric() || c == '.'))
        .map(|word| word.trim_matches('.'))
        .filter(|word| !word.is_empty())
        .collect();
    let near = format!(" {} ", words.join(" "));
    let mut ids: Vec<&str> = MENTIONS
        .iter()
        .filter(|(words, _)| near.contains(&format!(" {words} ")))
        .map(|(_, id)| *id)
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// How licences are named, in small letters and without punctuation.
const MENTIONS: [(&str, &str); 42] = [
    ("mit license", "MIT"),
    ("mit licence", "MIT"),
    ("mit licensed", "MIT"),
    ("license mit", "MIT"),
    ("licence mit", "MIT"),
    ("under mit", "MIT"),
    ("under the mit", "MIT"),
    ("apache license", "Apache-2.0"),
    ("apache licence", "Apache-2.0"),
    ("apache 2", "Apache-2.0"),
    ("apache 2.0", "Apache-2.0"),
    ("apache v2", "Apache-2.0"),
    ("apache2", "Apache-2.0"),
    ("2 clause bsd", "BSD-2-Clause"),
    ("bsd 2 clause", "BSD-2-Clause"),
    ("simplified bsd", "BSD-2-Clause"),
    ("3 clause bsd", "BSD-3-Clause"),
    ("bsd 3 clause", "BSD-3-Clause"),
    ("new bsd", "BSD-3-Clause"),
    ("modified bsd", "BSD-3-Clause"),
    ("isc license", "ISC"),
    ("isc licence", "ISC"),
    ("license isc", "ISC"),
    ("mpl 2", "MPL-2.0"),
    ("mpl 2.0", "MPL-2.0"),
    ("mpl v2", "MPL-2.0"),
    ("mplv2", "MPL-2.0"),
    ("mozilla public license", "MPL-2.0"),
    ("gplv3", "GPL-3.0-only"),
    ("gpl v3", "GPL-3.0-only"),
    ("gpl 3", "GPL-3.0-only"),
    ("gpl 3.0", "GPL-3.0-only"),
    ("gplv2", "GPL-2.0-only"),
    ("gpl v2", "GPL-2.0-only"),
    ("gpl 2", "GPL-2.0-only"),
    ("gpl 2.0", "GPL-2.0-only"),
    ("lgplv3", "LGPL-3.0-only"),
    ("lgpl v3", "LGPL-3.0-only"),
    ("agplv3", "AGPL-3.0-only"),
    ("agpl 3.0", "AGPL-3.0-only"),
    ("unlicense", "Unlicense"),
    ("wtfpl", "WTFPL"),
];

/// The expressions of `SPDX-License-Identifier` lines in a file's beginning.
pub(super) fn identifiers(source: &str) -> impl Iterator<Item = &str> {
    let lines = source.lines().filter_map(|line| {
        let (before, after) = line.split_once("SPDX-License-Identifier:")?;
        let is_comment =
            before.trim_start().starts_with(['/', '*', '#']) || before.trim().is_empty();
        is_comment.then(|| after.trim().trim_end_matches("*/").trim())
    });
    lines.filter(|expression| !expression.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_lose_what_they_are_dressed_in() {
        #[track_caller]
        fn check(bytes: &[u8], expected: Option<&str>) {
            assert_eq!(plain(bytes).as_deref(), expected);
        }
        check(b"\xef\xbb\xbfa\r\nb\rc", Some("a\nb\nc"));
        check(b"a\0b", None);
        check(&[0x81; 100], None);
        check(
            b"caf\xe9, and so on and so on, for a while",
            Some("caf\u{fffd}, and so on and so on, for a while"),
        );
        check(b"say &quot;x&quot; &amp;lt;", Some("say \"x\" &lt;"));
        check(
            b"<html><body class=\"a\">A &copy; B<br/>C <a@b.c> < d",
            Some("\n\nA (c) B\nC <a@b.c> < d"),
        );
        check(b"if a < b and c > d", Some("if a < b and c > d"));
        check(b"<p>open <", Some("\nopen <"));
    }

    #[test]
    fn choices_and_mentions_are_told_from_their_words() {
        assert!(lets_choose("This is dual\n  licensed under MIT and Apache"));
        assert!(!lets_choose(
            "version 2, or (at your option) any later version."
        ));
        let check = |text: &str, expected: &[&str]| assert_eq!(mentioned(text), expected, "{text}");
        check("# Licence\n\nMIT licensed.", &["MIT"]);
        check("License: **MIT**", &["MIT"]);
        check(
            "License\n===\nEither [Apache 2.0](x) or\nMIT License.",
            &["Apache-2.0", "MIT"],
        );
        check("We love the new bsd kernel.\nNo word of terms.", &[]);
        check("License: see permit licenses", &[]);
        check("License: BSD", &[]);
        check(
            "Built on Apache 2.0 servers\n\n\n\n\n\n\n\n\n\nLicense\nGPLv3",
            &["GPL-3.0-only"],
        );
    }

    #[test]
    fn identifiers_stand_in_comments() {
        let found: Vec<_> = identifiers(
            "// SPDX-License-Identifier: MIT OR Apache-2.0\n/* SPDX-License-Identifier: ISC */\n\
             var x = \"SPDX-License-Identifier: GPL\"\n * SPDX-License-Identifier:\n",
        )
        .collect();
        assert_eq!(found, ["MIT OR Apache-2.0", "ISC"]);
    }
}
