//! `list`: which packages the code imports, and where they are.

use std::fmt::Write as _;

use super::workspace::workspace;
use super::{Context, Outcome};
use crate::error::Failure;
use crate::workspace::Listing;

/// How to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Text,
    Json,
    JsonPretty,
}

impl Format {
    fn parse(word: &str) -> Result<Self, Failure> {
        match word {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            "json-pretty" => Ok(Self::JsonPretty),
            _ => Err(Failure::user(
                "invalid output format: must be one of: json|json-pretty|text", // Glide text
            )),
        }
    }
}

/// Lists the packages. Where one is missing, or cannot be read, the list is printed all the same
/// and the exit code is Glide's.
pub fn list(context: &Context<'_>, format: &str) -> Result<Outcome, Failure> {
    let format = Format::parse(format)?;
    let listing = workspace(context)
        .list()
        .map_err(|error| Failure::from(error).about("Error listing dependencies"))?; // Glide text
    let reporter = context.reporter;
    for import in &listing.gopath {
        reporter.warn(format!("Package {import} is only on GOPATH.")); // Glide text
    }
    for missing in &listing.missing {
        let by = &missing.by;
        // Glide text
        let what = format!("Package {} is not installed", missing.path);
        reporter.warn(format!("{what}; `{by}` imports it"));
    }
    for broken in listing.broken.iter().chain(&listing.passed_over) {
        reporter.error(broken);
    }
    if !listing.missing.is_empty() {
        let hint = "`glide-rs install` fills vendor/ as glide.lock pins it, `glide-rs update` with all that is imported";
        reporter.info(hint);
    }
    Ok(Outcome {
        output: render(&listing, format).into_bytes(),
        code: u8::from(!listing.missing.is_empty() || !listing.broken.is_empty()),
    })
}

fn render(listing: &Listing, format: Format) -> String {
    let missing = listing.missing.iter().map(|missing| missing.path.as_str());
    let missing: Vec<&str> = missing.collect();
    let lists = [
        ("installed", of(&listing.installed)),
        ("missing", missing),
        ("gopath", of(&listing.gopath)),
    ];
    match format {
        Format::Text => text(&lists),
        Format::Json => {
            let lists = lists.map(|(key, paths)| {
                let paths: Vec<String> = paths.into_iter().map(quoted).collect();
                format!("\"{key}\":[{}]", paths.join(","))
            });
            format!("{{{}}}\n", lists.join(","))
        }
        Format::JsonPretty => {
            let lists = lists.map(|(key, paths)| {
                if paths.is_empty() {
                    return format!("  \"{key}\": []");
                }
                let paths = paths
                    .into_iter()
                    .map(|path| format!("    {}", quoted(path)));
                let paths: Vec<String> = paths.collect();
                format!("  \"{key}\": [\n{}\n  ]", paths.join(",\n"))
            });
            format!("{{\n{}\n}}\n", lists.join(",\n"))
        }
    }
}

fn of(paths: &[String]) -> Vec<&str> {
    paths.iter().map(String::as_str).collect()
}

fn text(lists: &[(&str, Vec<&str>); 3]) -> String {
    let mut text = String::new();
    for (key, paths) in lists {
        // The first heading stands whatever comes below it.
        if *key != "installed" {
            if paths.is_empty() {
                continue;
            }
            text.push('\n');
        }
        text.push_str(&key.to_uppercase());
        text.push_str(" packages:\n");
        for path in paths {
            text.push('\t');
            text.push_str(path);
            text.push('\n');
        }
    }
    text
}

/// A JSON string as Go writes it, which is fit for HTML.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\0'..'\x20' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                // Writing to a string cannot fail.
                let _ = write!(quoted, "\\u{:04x}", u32::from(letter));
            }
            _ => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Missing;

    #[track_caller]
    fn check(installed: &[&str], gopath: &[&str], missing: &[&str], expected: [&str; 3]) {
        let owned = |paths: &[&str]| paths.iter().map(|&path| path.to_owned()).collect();
        let missing = missing.iter().map(|&path| Missing {
            path: path.to_owned(),
            by: "./".to_owned(),
        });
        let listing = Listing {
            installed: owned(installed),
            gopath: owned(gopath),
            missing: missing.collect(),
            ..Listing::default()
        };
        let formats = [Format::Text, Format::Json, Format::JsonPretty];
        assert_eq!(
            formats.map(|format| render(&listing, format)),
            expected.map(str::to_owned)
        );
    }

    #[test]
    fn lists_look_as_glide_prints_them() {
        check(
            &[],
            &[],
            &[],
            [
                "INSTALLED packages:\n",
                "{\"installed\":[],\"missing\":[],\"gopath\":[]}\n",
                "{\n  \"installed\": [],\n  \"missing\": [],\n  \"gopath\": []\n}\n",
            ],
        );
        check(
            &["a", "b"],
            &["c"],
            &["d"],
            [
                "INSTALLED packages:\n\ta\n\tb\n\nMISSING packages:\n\td\n\nGOPATH packages:\n\tc\n",
                "{\"installed\":[\"a\",\"b\"],\"missing\":[\"d\"],\"gopath\":[\"c\"]}\n",
                "{\n  \"installed\": [\n    \"a\",\n    \"b\"\n  ],\n  \"missing\": [\n    \"d\"\n  ],\n  \"gopath\": [\n    \"c\"\n  ]\n}\n",
            ],
        );
    }

    #[test]
    fn strings_are_written_as_go_writes_them() {
        assert_eq!(
            quoted("é/a<b>&\u{2028}"),
            r#""é/a\u003cb\u003e\u0026\u2028""#
        );
        assert_eq!(
            quoted("\"\\\n\r\t\x01\x7f"),
            "\"\\\"\\\\\\n\\r\\t\\u0001\x7f\""
        );
    }

    #[test]
    fn there_are_three_formats() {
        assert_eq!(Format::parse("json").unwrap(), Format::Json);
        for wrong in ["", "xml", "JSON", "text "] {
            assert!(Format::parse(wrong).is_err(), "{wrong}");
        }
    }
}
