//! On which lines keys, and entries of a list, stand.

use crate::yaml;

/// For each item of the list under the outermost key `list`, the text of its `key` and the line that it
/// stands on, counted from 1; an item without it has an empty text and its own line. Nothing where there
/// is no such list. Of a list that stands twice the last one counts, as when it is read.
pub fn lines(bytes: &[u8], list: &str, key: &str) -> Vec<(String, usize)> {
    let Ok(Some(document)) = yaml::parse(bytes) else {
        return Vec::new();
    };
    let entries = document.entries(document.root()).unwrap_or_default();
    let mut entries = entries.iter().rev();
    let found = entries.find(|(name, _)| document.scalar(*name) == Some(list));
    let items = found.and_then(|(_, items)| document.items(*items));
    let line = |item| {
        let pairs = document.entries(item).unwrap_or_default();
        let mut pairs = pairs.iter().rev();
        let pair = pairs.find(|(name, _)| document.scalar(*name) == Some(key));
        match pair {
            Some(&(_, value)) => {
                let text = document.scalar(value).unwrap_or_default();
                (text.to_owned(), document.line(value))
            }
            None => (String::new(), document.line(item)),
        }
    };
    let items = items.unwrap_or_default().iter().copied();
    items.map(line).collect()
}

/// The line that the value of an outermost key stands on, counted from 1; of a key that stands twice the
/// last one.
pub fn line(bytes: &[u8], key: &str) -> Option<usize> {
    let document = yaml::parse(bytes).ok()??;
    let entries = document.entries(document.root())?;
    let mut entries = entries.iter().rev();
    let (_, value) = entries.find(|(name, _)| document.scalar(*name) == Some(key))?;
    Some(document.line(*value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_a_line() {
        assert_eq!(line(b"# x\na: 1\n\npackage: p\n", "package"), Some(4));
        assert_eq!(line(b"a: 1\n", "package"), None);
        assert_eq!(line(b"\t", "package"), None);
    }

    #[test]
    fn lines_count_from_one() {
        let text =
            b"hash: x\nimports:\n- name: a\n  version: 1\n- version: 2\n  name: \"b\"\n- {}\n";
        let expected = [("a", 3), ("b", 6), ("", 7)];
        let found = lines(text, "imports", "name");
        let found: Vec<_> = found
            .iter()
            .map(|(name, line)| (name.as_str(), *line))
            .collect();
        assert_eq!(found, expected);
        assert!(lines(text, "testImports", "name").is_empty());
        assert!(lines(b"\t", "imports", "name").is_empty());
    }
}
