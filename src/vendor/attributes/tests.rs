//! What can be said without git: the corners of each step, in tables.

#[cfg(unix)]
mod against_git;

use super::parse::{self, Line, State};
use super::{Attributes, wildmatch};
use crate::vcs::ObjectId;

const ID: &str = "0123456789abcdef0123456789abcdef01234567";

/// Converts `text` as the file `a/b.txt` in a tree with one attribute file in its root.
fn convert(attributes: &str, text: &[u8]) -> Vec<u8> {
    let mut all = Attributes::default();
    all.add(b"", attributes.as_bytes());
    let id = ObjectId::parse(ID).unwrap();
    all.conversion(b"a/b.txt").apply(id, text.to_vec())
}

#[track_caller]
fn check(attributes: &str, text: &[u8], expected: &[u8]) {
    let converted = convert(attributes, text);
    assert_eq!(
        String::from_utf8_lossy(&converted),
        String::from_utf8_lossy(expected),
        "{attributes:?} on {:?}",
        String::from_utf8_lossy(text)
    );
}

#[test]
fn without_attributes_every_file_stays() {
    let attributes = Attributes::default();
    assert!(attributes.conversion(b"a/b.txt").is_identity());
    check("", b"a\r\nb\n$Id$\n", b"a\r\nb\n$Id$\n");
}

#[test]
fn attributes_that_say_nothing_about_bytes_leave_the_file() {
    for text in [
        "* -diff export-ignore linguist-vendored=true\n",
        "*.txt filter=lfs diff=lfs merge=lfs -text\n",
        "* text\n",
        "* text=auto\n",
        "* text=auto eol=lf\n",
        "* working-tree-encoding=utf8\n",
        "* binary\n",
        "*.txt eol=crlf -text\n",
        "# * eol=crlf\n",
        "!*.txt eol=crlf\n",
        "*.txt/ eol=crlf\n",
        "/b.txt eol=crlf\n",
        "* eol=crlf ==\n",
        "* eol=CRLF\n",
        "* eol=crlf\n*.txt !eol\n",
    ] {
        let mut all = Attributes::default();
        all.add(b"", text.as_bytes());
        assert!(all.conversion(b"a/b.txt").is_identity(), "{text:?}");
    }
}

#[test]
fn line_ends_become_crlf_where_the_attributes_ask_for_it() {
    check("* eol=crlf", b"a\nb\r\nc", b"a\r\nb\r\nc");
    check("* text eol=crlf", b"a\0\n\r\r\n", b"a\0\r\n\r\r\n");
    check("* text=auto eol=crlf", b"a\nb\n", b"a\r\nb\r\n");
    check("* text=auto eol=crlf", b"a\nb\r\n", b"a\nb\r\n");
    check("* text=auto eol=crlf", b"a\nb\r", b"a\nb\r");
    check("* text=auto eol=crlf", b"a\n\0", b"a\n\0");
    check("* text=auto eol=crlf", b"a\n\x1a", b"a\r\n\x1a");
    check("* text=auto eol=crlf", b"a\n\x01", b"a\n\x01");
    check("* crlf eol=crlf", b"a\n", b"a\r\n");
    check("* -crlf eol=crlf", b"a\n", b"a\n");
    check("* text -crlf eol=crlf", b"a\n", b"a\r\n");
    check("* text=what -crlf eol=crlf", b"a\n", b"a\n");
    check("* crlf=input eol=crlf", b"a\n", b"a\r\n");
}

#[test]
fn later_lines_and_deeper_folders_win() {
    check("* eol=crlf\n*.txt eol=lf\n", b"\n", b"\n");
    check("*.txt eol=lf\n* eol=crlf\n", b"\n", b"\r\n");
    check("* eol=crlf\n*.txt -text\n", b"\n", b"\n");
    check("* eol=lf eol=crlf", b"\n", b"\r\n");

    let mut all = Attributes::default();
    all.add(b"a", b"/b.txt eol=lf\n");
    all.add(b"", b"* eol=crlf\n");
    all.add(b"ab", b"* -text\n");
    assert!(all.conversion(b"a/b.txt").is_identity());
    assert!(!all.conversion(b"a/x/b.txt").is_identity());
    assert!(!all.conversion(b"b.txt").is_identity());
    assert!(all.conversion(b"ab/b.txt").is_identity());
}

#[test]
fn macros_are_expanded_where_they_are_set() {
    check("[attr]dos eol=crlf\n* dos\n", b"\n", b"\r\n");
    check("* dos\n[attr]dos eol=crlf\n", b"\n", b"\r\n");
    check("[attr]dos eol=crlf\n* dos=1\n", b"\n", b"\n");
    check("[attr]dos eol=crlf\n* dos\n*.txt -dos\n", b"\n", b"\n");
    check("[attr]one two\n[attr]two eol=crlf\n* one\n", b"\n", b"\r\n");
    check("[attr]loop loop eol=crlf\n* loop\n", b"\n", b"\r\n");
    check("[attr]binary eol=crlf\n* binary\n", b"\n", b"\r\n");
    check("* eol=crlf binary\n", b"\n", b"\n");

    let mut all = Attributes::default();
    all.add(b"a", b"[attr]dos eol=crlf\n* dos\n");
    assert!(
        all.conversion(b"a/b").is_identity(),
        "only the root's file defines macros"
    );
}

#[test]
fn the_identifier_is_expanded() {
    let id = format!("$Id: {ID} $");
    check("* ident", b"a $Id$ b", format!("a {id} b").as_bytes());
    check("* ident", b"$Id: old $", id.as_bytes());
    check("* ident", b"$Id: a.c 1.2 joe $", b"$Id: a.c 1.2 joe $");
    check("* ident", b"$Id: a\n$", b"$Id: a\n$");
    check("* ident=1", b"$Id$", b"$Id$");
    check("* -ident", b"$Id$", b"$Id$");
    check(
        "* ident eol=crlf",
        b"$Id$\n",
        format!("{id}\r\n").as_bytes(),
    );
    check("* ident", b"$$Id$", b"$$Id$");
    check("* ident text=auto", b"$$Id$", format!("${id}").as_bytes());
    check("* ident", b"$Id$Id$", format!("{id}Id$").as_bytes());
    check("* ident", b"$I", b"$I");
    check("* ident", b"$Id", b"$Id");
    check("* ident", b"$Id\0$", b"$Id\0$");
    check("* ident", b"$Id:", b"$Id:");
    check("* ident text=auto", b"$Id:$", id.as_bytes());
}

#[test]
fn encodings_are_those_of_the_c_library() {
    check("* working-tree-encoding=UTF-16", b"a\n", b"\xff\xfea\0\n\0");
    check("* working-tree-encoding=utf16le-bom", b"a", b"\xff\xfea\0");
    check("* working-tree-encoding=UTF-16LE", b"a", b"a\0");
    check("* working-tree-encoding=UTF-16BE", b"a", b"\0a");
    check(
        "* working-tree-encoding=UTF-32",
        b"a",
        b"\xff\xfe\0\0a\0\0\0",
    );
    check("* working-tree-encoding=UTF-32BE", b"a", b"\0\0\0a");
    check("* working-tree-encoding=latin-1", "é".as_bytes(), b"\xe9");
    check(
        "* working-tree-encoding=latin-1",
        "€".as_bytes(),
        "€".as_bytes(),
    );
    check("* working-tree-encoding=UTF-16", b"\xff", b"\xff");
    check("* working-tree-encoding=UTF-16", b"", b"");
    check("* working-tree-encoding=no-such", b"a", b"a");
    check(
        "* working-tree-encoding=UTF-16BE eol=crlf",
        b"\n",
        b"\0\r\0\n",
    );
}

#[test]
fn lines_are_read_as_git_reads_them() {
    #[track_caller]
    fn pattern_matches(line: &str, path: &str, expected: bool) {
        let matched = match parse::line(line.as_bytes()) {
            Some(Line::Rule(pattern, _)) => pattern.matches(path.as_bytes()),
            _ => false,
        };
        assert_eq!(matched, expected, "{line:?} on {path:?}");
    }
    pattern_matches("\"a b\" x", "a b", true);
    pattern_matches("\"a\\040b\"x", "a b", true);
    pattern_matches("\"a\\tb\" x", "a\tb", true);
    pattern_matches("\"ab x", "\"ab", true);
    pattern_matches("\"a\\qb\" x", "aqb", false);
    pattern_matches("  a x", "a", true);
    pattern_matches("a\tx", "a", true);
    pattern_matches("a x\r", "a", true);
    pattern_matches("\\!a x", "!a", true);
    pattern_matches("\\#a x", "#a", true);
    pattern_matches("a\0b x", "a", true);
    pattern_matches("a -x=1", "a", true);
    pattern_matches("a --x", "a", false);
    pattern_matches("a builtin_x", "a", false);
    pattern_matches("a x/y", "a", false);
    pattern_matches(&format!("a {}", "x".repeat(2045)), "a", true);
    pattern_matches(&format!("a {}", "x".repeat(2046)), "a", false);
    assert_eq!(
        parse::line(b"[attr]m a=1 -b !c d=\n"),
        Some(Line::Macro(
            b"m".to_vec(),
            vec![
                (b"a".as_slice(), State::Value(b"1".as_slice().into())),
                (b"b", State::Unset),
                (b"c", State::Unspecified),
                (b"d", State::Value(b"".as_slice().into())),
            ]
        ))
    );
}

#[test]
fn a_byte_order_mark_at_the_start_is_passed_over() {
    check("\u{feff}b.txt eol=crlf", b"\n", b"\r\n");
}

#[test]
fn a_pattern_made_to_blow_up_is_answered_at_once() {
    let pattern = "**/a*".repeat(300) + "b";
    let text = "a/".repeat(1000) + "c";
    assert!(!wildmatch::matches(
        pattern.as_bytes(),
        text.as_bytes(),
        true
    ));
}
