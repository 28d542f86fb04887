//! Reading TOML, with errors that name file and place.

use toml::{Table, Value};

use super::error::Error;

/// Reads a file.
pub(super) fn read(file: &'static str, bytes: &[u8]) -> Result<Table, Error> {
    let refused = |place: usize, reason: String| Error::Toml {
        file,
        line: bytes[..place.min(bytes.len())]
            .split(|byte| *byte == b'\n')
            .count(),
        reason,
    };
    let text = std::str::from_utf8(bytes)
        .map_err(|error| refused(error.valid_up_to(), "the text is not UTF-8".to_owned()))?;
    text.parse::<Table>().map_err(|error| {
        let place = error.span().map_or(0, |span| span.start);
        refused(place, error.message().trim().replace('\n', ", "))
    })
}

/// The text of a key; empty where there is none.
pub(super) fn text(file: &'static str, table: &Table, key: &'static str) -> Result<String, Error> {
    match table.get(key) {
        None => Ok(String::new()),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(wrong(file, key, "a text")),
    }
}

/// The texts of a key.
pub(super) fn texts(
    file: &'static str,
    table: &Table,
    key: &'static str,
) -> Result<Vec<String>, Error> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match table.get(key) {
        None => Ok(Vec::new()),
        Some(Value::Array(values)) => {
            let texts: Option<Vec<_>> = values.iter().map(text).collect();
            texts.ok_or_else(|| wrong(file, key, "a list of texts"))
        }
        Some(_) => Err(wrong(file, key, "a list of texts")),
    }
}

/// The tables of a key, each written `[[key]]`.
pub(super) fn tables<'a>(
    file: &'static str,
    table: &'a Table,
    key: &'static str,
) -> Result<Vec<&'a Table>, Error> {
    match table.get(key) {
        None => Ok(Vec::new()),
        Some(Value::Array(values)) => {
            let tables: Option<Vec<_>> = values.iter().map(Value::as_table).collect();
            tables.ok_or_else(|| wrong(file, key, "a list of tables"))
        }
        Some(_) => Err(wrong(file, key, "a list of tables")),
    }
}

fn wrong(file: &'static str, key: &'static str, expected: &'static str) -> Error {
    Error::TomlType {
        file,
        key,
        expected,
    }
}

#[cfg(test)]
mod tests {
    use super::{read, tables, text, texts};

    #[track_caller]
    fn check_refused(bytes: &[u8], start: &str) {
        let error = read("F", bytes).unwrap_err().to_string();
        assert!(error.starts_with(start) && !error.contains('\n'), "{error}");
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        check_refused(b"a = 1\nb = \n", "F:2: ");
        check_refused(b"a = 1\n\na = 2\n", "F:3: duplicate key");
        check_refused(b"a = '\xff'", "F:1: the text is not UTF-8");
        check_refused(&[b"a = ".to_vec(), vec![b'['; 100_000]].concat(), "F:1: ");
    }

    #[test]
    fn types_are_checked() {
        let table = read("F", b"\xef\xbb\xbfa = 1\r\nb = [2]\r\n").unwrap();
        assert_eq!(text("F", &table, "x"), Ok(String::new()));
        let message = |error: super::Error| error.to_string();
        assert_eq!(
            text("F", &table, "a").map_err(message),
            Err("F: `a` must be a text".to_owned())
        );
        assert!(texts("F", &table, "b").is_err());
        assert!(texts("F", &table, "a").is_err());
        assert!(tables("F", &table, "b").is_err());
        assert!(tables("F", &table, "a").is_err());
    }
}
