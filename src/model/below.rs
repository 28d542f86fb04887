//! Import paths by whole elements: `a/bc` is not below `a/b`.

/// What leads from one import path to another at or below it; empty for the path itself.
pub fn below<'p>(path: &'p str, above: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(above)?;
    if rest.is_empty() {
        return Some(rest);
    }
    rest.strip_prefix('/')
}

/// Whether an import path is another one, or below it.
pub fn is_at_or_below(path: &str, above: &str) -> bool {
    path == above || is_below(path, above)
}

/// Whether an import path is below another one.
pub fn is_below(path: &str, above: &str) -> bool {
    let rest = path.strip_prefix(above);
    rest.is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_elements_count() {
        for (path, above, expected) in [
            ("a/b/c", "a/b", Some("c")),
            ("a/b/", "a/b", Some("")),
            ("a/b", "a/b", Some("")),
            ("a/bc", "a/b", None),
            ("a", "a/b", None),
            ("/a", "", Some("a")),
            ("a", "", None),
        ] {
            assert_eq!(below(path, above), expected, "{path} {above}");
            assert_eq!(
                is_at_or_below(path, above),
                expected.is_some(),
                "{path} {above}"
            );
        }
        assert!(is_below("a/b", "a") && !is_below("a", "a") && !is_below("ab", "a"));
    }
}
