//! JSON as Go's encoding/json reads it into structs.
//!
//! `serde_json` knows the grammar. What Go does otherwise is put right here: keys match without
//! regard to case, a key that comes again is read over what is there, `null` leaves a field alone (but
//! empties a list), lone surrogates and invalid UTF-8 become U+FFFD, and what follows the first
//! value does not count.

use std::fmt;

use serde::Deserialize;
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;

use super::error::Error;
use super::text::replace_invalid;

/// Reads the first value of the file into a struct.
pub(super) fn read<T: Fields>(file: &'static str, bytes: &[u8]) -> Result<T, Error> {
    let mut text = replace_invalid(bytes);
    replace_lone_surrogates(&mut text);
    let mut value = T::default();
    let mut deserializer = serde_json::Deserializer::from_str(&text);
    match Over(&mut value).deserialize(&mut deserializer) {
        Ok(()) => Ok(value),
        Err(error) => {
            let (line, column) = (error.line(), error.column());
            let reason = error.to_string();
            let place = format!(" at line {line} column {column}");
            Err(Error::Json {
                file,
                line,
                column,
                reason: reason.strip_suffix(&place).unwrap_or(&reason).to_owned(),
            })
        }
    }
}

/// Something that a value is read over, in place.
pub(super) trait Fill {
    fn fill<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error>;
}

/// A struct that is read key by key.
pub(super) trait Fields: Default {
    /// What it is called in messages: "a dependency".
    const NAME: &'static str;

    /// Reads the value of `key`, which is in lower case, with [`fill`] or [`skip`].
    fn field<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error>;
}

/// Reads the value of a key over what is in `place`.
pub(super) fn fill<'de, A: MapAccess<'de>>(
    place: &mut impl Fill,
    map: &mut A,
) -> Result<(), A::Error> {
    map.next_value_seed(Over(place))
}

/// Passes over the value of a key that is not known.
pub(super) fn skip<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    map.next_value::<IgnoredAny>().map(|_| ())
}

/// Has a struct read by its keys, each given in lower case; others are passed over.
macro_rules! fields {
    ($type:ty, $name:literal, { $($key:literal => $field:ident),+ $(,)? }) => {
        impl $crate::foreign::json::Fields for $type {
            const NAME: &'static str = $name;

            fn field<'de, A: serde::de::MapAccess<'de>>(
                &mut self,
                key: &str,
                map: &mut A,
            ) -> Result<(), A::Error> {
                match key {
                    $($key => $crate::foreign::json::fill(&mut self.$field, map),)+
                    _ => $crate::foreign::json::skip(map),
                }
            }
        }
    };
}
pub(super) use fields;

/// A list as Go keeps one: what has been in its places before is still there when a key comes
/// again, and is read over.
#[derive(Debug, Default)]
pub(super) struct List<T> {
    places: Vec<T>,
    length: usize,
}

impl<T> List<T> {
    /// The items.
    pub(super) fn into_items(mut self) -> Vec<T> {
        self.places.truncate(self.length);
        self.places
    }
}

/// An integer of 64 bits; its value is of no interest here.
#[derive(Debug, Default)]
pub(super) struct Integer;

/// Reads over what it holds.
struct Over<'a, T>(&'a mut T);

impl<'de, T: Fill> DeserializeSeed<'de> for Over<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.0.fill(deserializer)
    }
}

impl Fill for String {
    fn fill<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(Over(self))
    }
}

impl Visitor<'_> for Over<'_, String> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        text.clone_into(self.0);
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

impl Fill for bool {
    fn fill<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        let read = Option::<bool>::deserialize(deserializer)?;
        *self = read.unwrap_or(*self);
        Ok(())
    }
}

impl Fill for Integer {
    fn fill<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        // The text decides: `-0` is an integer to Go, `1.0` and `1e1` are not.
        let text = Box::<RawValue>::deserialize(deserializer)?;
        let text = text.get();
        if text == "null" || text.parse::<i64>().is_ok() {
            Ok(())
        } else {
            Err(D::Error::custom("an integer was expected"))
        }
    }
}

impl<T: Fill + Default> Fill for List<T> {
    fn fill<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(Over(self))
    }
}

impl<'de, T: Fill + Default> Visitor<'de> for Over<'_, List<T>> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let list = self.0;
        list.length = 0;
        loop {
            if list.length == list.places.len() {
                list.places.push(T::default());
            }
            let place = Over(&mut list.places[list.length]);
            if seq.next_element_seed(place)?.is_none() {
                break;
            }
            list.length += 1;
        }
        if list.length == 0 {
            list.places.clear();
        }
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        *self.0 = List {
            places: Vec::new(),
            length: 0,
        };
        Ok(())
    }
}

impl<T: Fields> Fill for T {
    fn fill<'de, D: Deserializer<'de>>(&mut self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(Over(self))
    }
}

impl<'de, T: Fields> Visitor<'de> for Over<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            self.0.field(&fold(&key), &mut map)?;
        }
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// The key as Go compares it: ASCII letters in lower case, and the two other characters of which
/// Unicode says that they are an S and a K.
fn fold(key: &str) -> String {
    let fold = |character| match character {
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        _ => character.to_ascii_lowercase(),
    };
    key.chars().map(fold).collect()
}

/// Puts `\ufffd` in place of each escape that is one half of a surrogate pair.
fn replace_lone_surrogates(text: &mut String) {
    let mut lone = Vec::new();
    let mut from = 0;
    while let Some(place) = text[from..].find('\\').map(|place| from + place) {
        from = match escaped_unit(text, place) {
            Some(0xd800..0xdc00)
                if matches!(escaped_unit(text, place + 6), Some(0xdc00..0xe000)) =>
            {
                place + 12
            }
            Some(0xd800..0xe000) => {
                lone.push(place);
                place + 6
            }
            // What comes after the backslash may be another one, or the first byte of many.
            _ => place + 1 + text[place + 1..].chars().next().map_or(0, char::len_utf8),
        };
    }
    for place in lone {
        text.replace_range(place..place + 6, "\\ufffd");
    }
}

/// The UTF-16 unit that is escaped at the place.
fn escaped_unit(text: &str, place: usize) -> Option<u16> {
    let digits = text.get(place..place + 6)?.strip_prefix("\\u")?;
    let all_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u16::from_str_radix(digits, 16).ok().filter(|_| all_hex)
}

#[cfg(test)]
mod tests {
    use super::{Integer, List, read};

    #[derive(Debug, Default)]
    struct Pair {
        key: String,
        some: String,
    }

    fields!(Pair, "a pair", { "key" => key, "some" => some });

    #[derive(Debug, Default)]
    struct Pairs {
        number: Integer,
        pairs: List<Pair>,
    }

    fields!(Pairs, "pairs", { "number" => number, "pairs" => pairs });

    fn pairs(text: &[u8]) -> Result<Vec<String>, String> {
        let pairs: Pairs = read("F", text).map_err(|error| error.to_string())?;
        let pairs = pairs.pairs.into_items().into_iter();
        Ok(pairs
            .map(|pair| format!("{}={}", pair.key, pair.some))
            .collect())
    }

    #[track_caller]
    fn check(text: impl AsRef<[u8]>, expected: &[&str]) {
        assert_eq!(pairs(text.as_ref()).unwrap(), expected);
    }

    #[track_caller]
    fn check_refused(text: impl AsRef<[u8]>, expected: &str) {
        assert_eq!(pairs(text.as_ref()).unwrap_err(), expected);
    }

    #[test]
    fn keys_match_without_regard_to_case_and_the_last_one_wins() {
        check(r#"{"PAIRS":[{"KEY":"a","sOmE":"b"}]}"#, &["a=b"]);
        check(
            "{\"pair\u{17f}\":[{\"\u{212a}ey\":\"a\",\"key\":\"b\"}]}",
            &["b="],
        );
        check(
            r#"{"pairs":[{"key":"a","Key":null,"x":{"key":[1e999]}}]}x"#,
            &["a="],
        );
    }

    #[test]
    fn a_list_that_comes_again_is_read_over_the_first() {
        let first = r#"{"pairs":[{"key":"a","some":"b"},{"key":"c"}]"#;
        check(format!(r#"{first},"pairs":[{{"key":"d"}}]}}"#), &["d=b"]);
        check(
            format!(r#"{first},"pairs":[null,null,null]}}"#),
            &["a=b", "c=", "="],
        );
        check(
            format!(r#"{first},"pairs":[{{}}],"pairs":[{{}},{{"some":"e"}}]}}"#),
            &["a=b", "c=e"],
        );
        check(format!(r#"{first},"pairs":[],"pairs":[{{}}]}}"#), &["="]);
        check(format!(r#"{first},"pairs":null,"pairs":[{{}}]}}"#), &["="]);
        check(format!(r#"{first},"pairs":null}}"#), &[]);
    }

    #[test]
    fn text_that_is_no_unicode_is_replaced() {
        check(
            b"{\"pairs\":[{\"key\":\"\xff\xe2\x82\"}]}",
            &["\u{fffd}\u{fffd}\u{fffd}="],
        );
        check(
            r#"{"pairs":[{"key":"\ud800\ud83d\uDE00\udc00x\\ud800"}]}"#,
            &["\u{fffd}\u{1f600}\u{fffd}x\\ud800="],
        );
        check(r#"{"\ud800":1}"#, &[]);
    }

    #[test]
    fn integers_are_told_by_their_text() {
        for number in [
            "0",
            "-0",
            "9223372036854775807",
            "-9223372036854775808",
            "null",
        ] {
            check(format!(r#"{{"number": {number} }}"#), &[]);
        }
        for number in [
            "1.0",
            "1e1",
            "-0.0",
            "9223372036854775808",
            "\"0\"",
            "true",
            "[]",
        ] {
            assert!(
                pairs(format!(r#"{{"number":{number}}}"#).as_bytes()).is_err(),
                "{number}"
            );
        }
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        check("null and so on", &[]);
        check_refused("", "F:1:0: EOF while parsing a value");
        check_refused("\u{feff}{}", "F:1:1: expected value");
        check_refused(
            "{\n\"pairs\": 1}",
            "F:2:10: invalid type: integer `1`, expected a list",
        );
        check_refused(
            "{\"pairs\":\n[{\"key\":[]}]}",
            "F:2:10: invalid type: sequence, expected a text",
        );
        check_refused("[]", "F:1:2: invalid type: sequence, expected pairs");
        check_refused("{\"pairs\":[],}", "F:1:13: trailing comma");
        check_refused(
            "{\"x\":\"a\nb\"}",
            "F:1:7: control character (\\u0000-\\u001F) found while parsing a string",
        );
    }
}
