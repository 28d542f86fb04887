//! The dialect's corners that no field of Glide's files shows, and hostile texts.

use super::{Decoder, Error, Fields, NodeId, parse};

/// A record that shows what was read.
#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    text: String,
    list: Vec<String>,
}

impl Fields for Seen {
    const NAME: &'static str = "a test";

    fn field(&mut self, key: &str, value: NodeId, decoder: &mut Decoder<'_>) -> Result<(), Error> {
        match key {
            "text" => self.text = decoder.text(value)?.unwrap_or_default(),
            "list" => self.list = decoder.texts(value)?.flatten().unwrap_or_default(),
            _ => {}
        }
        Ok(())
    }
}

fn read_bytes(bytes: &[u8]) -> Result<Seen, Error> {
    let document = parse(bytes)?.expect("the test has a document");
    let mut decoder = Decoder::new(&document);
    let mut seen = Seen::default();
    decoder.record(document.root(), &mut seen)?;
    decoder.finish().map(|()| seen)
}

fn read(text: &str) -> Result<Seen, Error> {
    read_bytes(text.as_bytes())
}

#[track_caller]
fn check_text(written: &str, expected: &str) {
    assert_eq!(read(written).unwrap().text, expected, "{written:?}");
}

#[track_caller]
fn check_refused(text: &str, expected: &str) {
    let message = read(text).expect_err(text).to_string();
    assert_eq!(message, expected, "{text:?}");
}

#[test]
fn scalars_keep_their_source_text() {
    check_text("text: 1.10", "1.10");
    check_text("text: 0x1F", "0x1F");
    check_text("text: yes", "yes");
    check_text("text: !!int 5", "5");
    check_text("text: ~", "");
    check_text("text: \"~\"", "~");
    check_text("text: !!binary aGk=", "hi");
}

#[test]
fn later_keys_and_merged_mappings_overwrite_what_stood_before() {
    check_text("text: a\ntext: b", "b");
    check_text("text: a\n<<: {text: m}", "m");
    check_text("<<: [{text: m}, {text: n}]", "m");
    check_text("\"<<\": {text: m}\ntext: a", "a");
    check_refused(
        "<<: text",
        "yaml: line 1: map merge requires map or sequence of maps as the value",
    );
}

#[test]
fn an_alias_stands_for_the_last_definition_of_its_anchor() {
    check_text("text: *a\nx: &a one\ny: &a two", "two");
    check_text("x: [&a one]\n? *a\n: y\ntext: *a", "one");
    check_refused("text: *a", "yaml: line 1: unknown anchor 'a' referenced");
    assert!(
        read("unknown: *a").is_ok(),
        "what is not read is not looked up"
    );
    check_refused(
        "<<: &a\n  <<: *a",
        "yaml: line 2: anchor 'a' value contains itself",
    );
}

#[test]
fn brackets_and_question_marks_read_as_yaml_v2_reads_them() {
    assert_eq!(read("list: [a, 'b', ]").unwrap().list, ["a", "b"]);
    assert_eq!(read("{list: [a\n\n b], text}").unwrap().list, ["a\nb"]);
    assert_eq!(read("? list\n: - a\n  -\n").unwrap().list, ["a", ""]);
    assert!(read("x: [a: b, ? c : d]").is_ok());
    check_refused("text: {a:b}", "yaml: line 1: found unexpected ':'");
    check_refused("list: [a", "yaml: line 2: did not find expected ',' or ']'");
}

#[test]
fn other_encodings_are_known_by_their_mark() {
    let utf16 = |unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
        "\u{FEFF}text: ü😀".encode_utf16().flat_map(unit).collect()
    };
    for bytes in [utf16(u16::to_le_bytes), utf16(u16::to_be_bytes)] {
        assert_eq!(read_bytes(&bytes).unwrap().text, "ü😀");
        assert!(read_bytes(&bytes[..bytes.len() - 1]).is_err());
    }
    let message = read_bytes(b"x: y\ntext: \xFF").unwrap_err().to_string();
    assert_eq!(message, "yaml: line 2: the text is not UTF-8");
    check_refused(
        "text: \x07",
        "yaml: line 1: control characters are not allowed",
    );
}

#[test]
fn aliases_cannot_make_much_of_little() {
    let levels = (1..40).map(|level| {
        let below = level - 1;
        format!("a{level}: &a{level} {{<<: [*a{below}, *a{below}]}}\n")
    });
    let bomb = format!(
        "a0: &a0 {{text: x}}\n{}<<: *a39\n",
        levels.collect::<String>()
    );
    let message = read(&bomb).unwrap_err().to_string();
    assert!(message.contains("excessive aliasing"), "{message}");
}

#[test]
fn long_chains_of_aliases_do_not_use_up_the_stack() {
    let levels = (1..20_000).map(|level| format!("a{level}: &a{level} {{<<: *a{}}}\n", level - 1));
    let chain = format!(
        "a0: &a0 {{text: x}}\n{}<<: *a19999\n",
        levels.collect::<String>()
    );
    let message = read(&chain).unwrap_err().to_string();
    assert!(message.contains("nested too deep"), "{message}");
}

#[test]
fn deep_nesting_is_refused_and_not_a_crash() {
    let deep = 100_000;
    for text in [
        "[".repeat(deep),
        "{a: ".repeat(deep),
        "- ".repeat(deep),
        "? ".repeat(deep),
        "[\n".repeat(deep),
        "<<: {".repeat(deep),
    ] {
        assert!(parse(text.as_bytes()).is_err());
    }
    let allowed = format!("x: {}{}\ntext: a", "[".repeat(90), "]".repeat(90));
    check_text(&allowed, "a");
}

#[test]
fn a_long_text_is_read_in_time_that_grows_with_it() {
    let list = "- a\n".repeat(200_000);
    assert_eq!(read(&format!("list:\n{list}")).unwrap().list.len(), 200_000);
    let text = "word ".repeat(200_000);
    check_text(&format!("text: {text}"), text.trim_end());
}
