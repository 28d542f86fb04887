//! What Go accepts and refuses, in tables. [`ACCEPTED`] and [`REFUSED`] are what Go's own parser
//! says, places included; only where the file ends too soon it names the end of the last line.

use super::lexer::{Kind, Lexer};
use super::{SyntaxError, check, imports};

/// Sources, and the name and path literal of each of their imports.
#[rustfmt::skip]
const ACCEPTED: &[(&[u8], &[&str])] = &[
    (b"package a", &[]),
    (b"package a;", &[]),
    (b"package\na\n", &[]),
    (b"package a\nimport `b\r/c`\n", &["`b/c`"]),
    (b"package a\nimport \"\\x62\\u0063\\144\\U00000065\"\n", &["\"\\x62\\u0063\\144\\U00000065\""]),
    (b"package a\nimport \"\\303\\251\"\n", &["\"\\303\\251\""]),
    (b"package a\nimport(\"b\";c \"d\";)\n", &["\"b\"", "c \"d\""]),
    (b"package a\nimport()\nimport (\n)\n", &[]),
    (b"package a\nimport\n\"b\"\n", &["\"b\""]),
    (b"package a /*\n*/ import \"b\"", &["\"b\""]),
    (b"package a /* * / */ ; /* /* */ import \"b\" // */ \"c\"", &["\"b\""]),
    (b"/**/package a\n//\n/***/import \"b\"/*/*/\n", &["\"b\""]),
    (b"/**/package a\n//\n/***/import \"b\"/*/ */\n", &["\"b\""]),
    (b"\xef\xbb\xbfpackage a\nimport \"b\"\n", &["\"b\""]),
    (b"package \xc3\xa9\nimport \xc3\xb1\xd9\xa3 \"\xe6\x97\xa5\xe6\x9c\xac\"\n", &["ñ٣ \"日本\""]),
    (b"package _\n", &[]),
    (b"//line x:1\npackage a // line x:b\n //line x:b\n", &[]),
    (b"package a\nimport \"a.b/c-d/e_f~g@h+i\"\n", &["\"a.b/c-d/e_f~g@h+i\""]),
    (b"package a\nimport \"../b\"\nimport \"/d\"\n", &["\"../b\"", "\"/d\""]),
    (b"package a\nfunc f() { x := 'a'; y := '\\''; z := \"}\\\"\"; _ = `\"`; x++ }\n", &[]),
    (b"package a\nvar x = []int{1, 0x_f, 1e+3, .5, 0b1, 3i}\nvar y = x[0] + <-c &^ 1\n", &[]),
    (b"package a\nfunc f() {\n\tgoto a\na:\n\treturn\n}\ntype T struct{}\nconst c = 1\n", &[]),
    (b"package a\ntype T interface{ ~int | ~string }\n", &[]),
    (b"package a\nvar x = 1 /* a */ /* b\n */ /* c */ var y = 1\n", &[]),
    (b"package a\nvar x = 1 // /* \n", &[]),
    (b"package a\nimport \"b\" // c", &["\"b\""]),
    (b"package a\nimport \"b\" /* c */ /* d */\n\nvar x int", &["\"b\""]),
    (b"package a\n\nimport (\n\t. \"b\"\n)\nimport _ \"c\"\nimport d \"e\"", &[". \"b\"", "_ \"c\"", "d \"e\""]),
    (b"package a\nimport \"b\"\nfunc f() { for i := range []int{1,2} { i++ } }\nfunc g() int { return 1 }\n", &["\"b\""]),
];

/// Which of the two functions refuses a source.
#[derive(PartialEq)]
enum By {
    /// Both: the mistake is in the import section or right behind it.
    Section,
    /// [`check`] only.
    Whole,
}
use By::{Section, Whole};

/// Sources, where Go sees the (first) mistake, and who must see it here.
#[rustfmt::skip]
const REFUSED: &[(&[u8], &str, By)] = &[
    (b"package a\nimport b\n\"c\"\n", "2:9", Section),
    (b"package /* import \"x\" */ a /* ;*/ /* **/ import \"b\"", "1:42", Section),
    (b"#!/bin/sh\npackage a\n", "1:1", Section),
    (b"package a\nimport \"a.b/c-d/e_f~g@h+i|j\"\n", "2:8", Section),
    (b"package a; import \"b\" /* x\n */ ; import \"c\"\n", "2:5", Whole),
    (b"package a\n\n;\n", "3:1", Whole),
    (b"package a\nimport \"b\"\n\x00", "3:1", Section),
    (b"package a\nimport \"b\" // \x00\n", "2:15", Section),
    (b"package a\nimport \"b\" // \xff\n", "2:15", Section),
    (b"package a\nimport \"b\xff\"\n", "2:10", Section),
    (b"package a\nimport \"b\"\nvar x = \"\xff\"\n", "3:10", Whole),
    (b"package a\nimport \"b\"\nvar x = `\x00`\n", "3:10", Whole),
    (b"package a // \xef\xbb\xbf\n", "1:14", Section),
    (b"package a\n\xef\xbb\xbf\n", "2:1", Section),
    (b" \xef\xbb\xbfpackage a\n", "1:2", Section),
    (b"", "1:1", Section),
    (b"\n", "2:1", Section),
    (b"// only a comment\n", "2:1", Section),
    (b"import \"b\"\n", "1:1", Section),
    (b"package\n", "2:1", Section),
    (b"package \"a\"\n", "1:9", Section),
    (b"package func\n", "1:9", Section),
    (b"package a import \"b\"\n", "1:11", Section),
    (b"package a\nimport\n", "3:1", Section),
    (b"package a\nimport b\n", "2:9", Section),
    (b"package a\nimport 'b'\n", "2:8", Section),
    (b"package a\nimport 1\n", "2:8", Section),
    (b"package a\nimport \"\"\n", "2:8", Section),
    (b"package a\nimport ``\n", "2:8", Section),
    (b"package a\nimport \"a b\"\n", "2:8", Section),
    (b"package a\nimport \"a\\x00\"\n", "2:8", Section),
    (b"package a\nimport \"a\\xff\"\n", "2:8", Section),
    (b"package a\nimport \"a!b\"\n", "2:8", Section),
    (b"package a\nimport \"a:b\"\n", "2:8", Section),
    (b"package a\nimport \"a`b\"\n", "2:8", Section),
    (b"package a\nimport \"a\\\\b\"\n", "2:8", Section),
    (b"package a\nimport \"a\\qb\"\n", "2:11", Section),
    (b"package a\nimport \"a\\xg0\"\n", "2:12", Section),
    (b"package a\nimport \"a\\ud800\"\n", "2:11", Section),
    (b"package a\nimport \"a\\400\"\n", "2:11", Section),
    (b"package a\nimport \"a\\'\"\n", "2:11", Section),
    (b"package a\nimport \"a\n\"\n", "2:8", Section),
    (b"package a\nimport \"a", "2:8", Section),
    (b"package a\nimport `a", "2:8", Section),
    (b"package a\nimport (\"b\"\n", "3:1", Section),
    (b"package a\nimport (\"b\" \"c\")\n", "2:13", Section),
    (b"package a\nimport (\"b\", \"c\")\n", "2:12", Section),
    (b"package a\nimport \"b\" \"c\"\n", "2:12", Section),
    (b"package a\nimport \"b\" import \"c\"\n", "2:12", Section),
    (b"package a\nimport a b \"c\"\n", "2:10", Section),
    (b"package a\nimport a.b \"c\"\n", "2:9", Section),
    (b"package a\nimport func \"c\"\n", "2:8", Section),
    (b"package a\nimport \"b\")\n", "2:11", Whole),
    (b"package a\nimport (\"b\"}\n", "2:12", Section),
    (b"package a\nimport (\n;\n)\n", "3:1", Section),
    (b"package a\nimport ((\"b\"))\n", "2:9", Section),
    (b"package a /* x", "1:11", Section),
    (b"package a /*/", "1:11", Section),
    (b"package a /", "1:11", Section),
    (b"package a\nvar x = 'a\n'\n", "2:9", Whole),
    (b"package a\nvar x = \"a\n\"\n", "2:9", Whole),
    (b"package a\nvar x = `a\n", "2:9", Whole),
    (b"package a\nvar x = 1 /* \n", "2:11", Whole),
    (b"package a\nvar x = 1 # 2\n", "2:11", Whole),
    (b"package a\nvar x = 1 ? 2 : 3\n", "2:11", Whole),
    (b"package a\nvar x = @a\n", "2:9", Whole),
    (b"package a\nvar x = $a\n", "2:9", Whole),
    (b"package a\nvar \xe2\x80\x9cx\xe2\x80\x9d = 1\n", "2:5", Whole),
    (b"package a\nfunc f() {\n", "3:1", Whole),
    (b"package a\nfunc f() { ) }\n", "2:12", Whole),
    (b"package a\n}\n", "2:1", Whole),
    (b"package a\nx := 1\n", "2:1", Whole),
    (b"package a\nvar x = 1\nimport \"b\"\n", "3:1", Whole),
    (b"package a\nvar x = ''\n", "2:9", Whole),
    (b"package a\nvar x = 'ab'\n", "2:9", Whole),
    (b"package a\nvar x = '\n", "2:9", Whole),
    (b"package a\nvar x = '\\\"'\n", "2:11", Whole),
    (b"package a\nimport \"a\\u200bb\"\n", "2:8", Section),
    (b"package a\nimport \"a\xc2\xa0b\"\n", "2:8", Section),
    (b"package a\nimport \"a\xef\xbf\xbdb\"\n", "2:8", Section),
    (b"package a\nimport \"a\rb\"\n", "2:8", Section),
    (b"package a\nimport \"b\";;\n", "2:12", Whole),
    (b"package a\nimport \"b\"\n\x0cvar x int\n", "3:1", Section),
    (b"package a;;\n", "1:11", Whole),
    (b"//line x:b\npackage a\n", "1:10", Section),
    (b"package a /*line x:0*/\n", "1:20", Section),
    (b"package a\nvar\xef\xbb\xbf x int\n", "2:4", Section),
    (b"package a\nif\xff\n", "2:3", Section),
    (b"package a\nimport .. \"b\"\n", "2:9", Section),
];

fn show(source: &[u8]) -> String {
    source.escape_ascii().to_string()
}

#[test]
fn what_go_accepts_is_accepted_and_its_imports_are_found() {
    for (source, expected) in ACCEPTED {
        for section in [imports(source), check(source)] {
            let section = section.unwrap_or_else(|error| panic!("{}: {error}", show(source)));
            let found: Vec<_> = section
                .specs()
                .map(|spec| {
                    // Go takes carriage returns out of raw strings.
                    let text = String::from_utf8_lossy(&source[spec.span()]).replace('\r', "");
                    assert_eq!(spec.span().end, spec.literal.end);
                    text
                })
                .collect();
            assert_eq!(&found, expected, "{}", show(source));
        }
    }
}

#[test]
fn what_go_refuses_is_refused_at_the_same_place() {
    let place = |error: &SyntaxError| format!("{}:{}", error.line, error.column);
    for (source, expected, by) in REFUSED {
        let error = check(source).expect_err(&show(source));
        assert_eq!(place(&error), *expected, "{}: {error}", show(source));
        let refused = imports(source).is_err();
        assert_eq!(refused, *by == Section, "{}", show(source));
    }
}

#[test]
fn spans_lead_to_every_part_of_a_declaration() {
    let source = "// +build x\n\npackage p // c\n\nimport a \"b\"\nimport (\n\t. `d` // e\n)\n// f\nvar x = 1 // g\n";
    let section = imports(source.as_bytes()).unwrap();
    let text = |span: &super::Span| &source[span.clone()];
    assert_eq!(section.package, "p");
    let comments: Vec<_> = section.comments.iter().map(text).collect();
    assert_eq!(comments, ["// +build x", "// c", "// e", "// f"]);
    let [single, group] = section.declarations.as_slice() else {
        panic!("{section:?}");
    };
    assert_eq!(single.group, None);
    assert_eq!(single.specs[0].name.as_ref().map(text), Some("a"));
    assert_eq!(text(&single.specs[0].literal), "\"b\"");
    assert_eq!(group.group.as_ref().map(text), Some("(\n\t. `d` // e\n)"));
    assert_eq!(text(&group.specs[0].span()), ". `d`");
    assert_eq!(group.specs[0].path, "d");
}

#[test]
fn paths_are_what_their_literals_mean() {
    for (literal, path) in [
        (r#""b""#, "b"),
        ("`b`", "b"),
        ("`b\r/c`", "b/c"),
        (r#""\x62\u00e9\144\U0001F600""#, "b\u{e9}d\u{1f600}"),
        (r#""\303\251""#, "\u{e9}"),
        (r#""a\u0301""#, "a\u{301}"),
    ] {
        let source = format!("package p\nimport {literal}\n");
        let section = imports(source.as_bytes()).unwrap();
        let found: Vec<_> = section.specs().map(|spec| spec.path.as_str()).collect();
        assert_eq!(found, [path], "{literal}");
    }
}

#[test]
fn semicolons_stand_at_line_ends_where_go_puts_them() {
    #[track_caller]
    fn check(source: &str, expected: &str) {
        let mut lexer = Lexer::new(source.as_bytes());
        let mut found = String::new();
        loop {
            let token = lexer.next_token().unwrap();
            match token.kind {
                Kind::End => break,
                Kind::Semicolon => found.push_str("; "),
                _ => {
                    found.push_str(std::str::from_utf8(lexer.text(&token)).unwrap());
                    found.push(' ');
                }
            }
        }
        assert_eq!(found.trim_end(), expected, "{source:?}");
    }
    check("a\n\nb", "a ; b ;");
    check("a +\nb", "a + b ;");
    check("return\nif\nx", "return ; if x ;");
    check("x++\ny--\n", "x ++ ; y -- ;");
    check("f()\n[1]\n{}\n", "f ( ) ; [ 1 ] ; { } ;");
    check("1\n'a'\n\"b\"\n`c`\n", "1 ; 'a' ; \"b\" ; `c` ;");
    check("a // b\nc", "a // b ; c ;");
    check("a /* b */ c", "a /* b */ c ;");
    check("a /* b */ // c\n d", "a /* b */ // c ; d ;");
    check("a /*\n*/ b", "a ; /*\n*/ b ;");
    check("x.1e-3+y", "x .1e-3 + y ;");
}

proptest::proptest! {
    #[test]
    fn no_source_makes_the_lexer_panic_or_hang(source: Vec<u8>) {
        let _ = check(&source);
    }

    #[test]
    fn nothing_near_go_makes_the_parser_panic(
        parts in proptest::collection::vec(
            proptest::sample::select(vec![
                "package", " ", "p", "\n", "import", "(", ")", "\"a\"", "`b`", ";", "//", "/*", "*/",
                "\"", "`", "'", "\\", "\r", "\0", "\u{feff}", "\u{e9}", ".", "_", "x", "{", "}", "1",
            ]),
            0..24,
        )
    ) {
        let source = format!("package p\n{}", parts.concat());
        if let Ok(section) = check(source.as_bytes()) {
            for spec in section.specs() {
                let again = format!("package q; import {}", &source[spec.span()]);
                let again = imports(again.as_bytes()).unwrap();
                let found = again.specs().next().map(|spec| spec.path.clone());
                proptest::prop_assert_eq!(found.as_ref(), Some(&spec.path));
            }
        }
    }
}
