//! From an address to a file name: readable, unique, harmless; pure.

use crate::model::sha256_hex;

/// How much of the address stays readable in a key, in bytes.
const READABLE: usize = 60;

/// The name under which what belongs to `address` is kept: its readable part, then 16 hex digits
/// of its SHA-256.
///
/// Spellings of one repository share a key: a user name and password, a final slash, `.git` and
/// the case of the host do not count. What is stored is named by content, so sharing is safe.
pub fn key(address: &str) -> String {
    let canonical = canonical(address);
    let readable = canonical
        .split_once("://")
        .map_or(canonical.as_str(), |(_, rest)| rest);
    let mut name: String = readable
        .trim_matches('/')
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') {
                c
            } else {
                '-'
            }
        })
        .collect();
    let excess = name.len().saturating_sub(READABLE);
    name.drain(..excess);
    let name = name.trim_start_matches(['.', '-']);
    let digest = sha256_hex(canonical.as_bytes());
    format!("{name}-{}", &digest[..16])
}

fn canonical(address: &str) -> String {
    let trimmed = address.trim_end_matches('/');
    let trimmed = trimmed
        .strip_suffix(".git")
        .unwrap_or(trimmed)
        .trim_end_matches('/');
    let Some((scheme, rest)) = trimmed.split_once("://") else {
        return trimmed.to_owned();
    };
    let scheme = scheme.to_ascii_lowercase();
    let (authority, path) = match rest.find('/') {
        Some(slash) => rest.split_at(slash),
        None => (rest, ""),
    };
    let host = match scheme.as_str() {
        "http" | "https" => authority.rsplit('@').next().unwrap_or(authority),
        _ => authority,
    };
    format!("{scheme}://{}{path}", host.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn spellings_of_one_repository_share_a_key() {
        let expected = key("https://github.com/a/b");
        for same in [
            "https://github.com/a/b.git",
            "https://github.com/a/b/",
            "https://GitHub.com/a/b",
            "HTTPS://me:secret@github.com/a/b.git/",
        ] {
            assert_eq!(key(same), expected, "{same}");
        }
        assert!(expected.starts_with("github.com-a-b-"), "{expected}");
    }

    #[test]
    fn other_repositories_have_other_keys() {
        let keys = [
            "https://github.com/a/b",
            "http://github.com/a/b",
            "https://github.com/A/b",
            "https://github.com/a-b",
            "git@github.com:a/b",
            "/srv/a",
        ]
        .map(key);
        for (index, one) in keys.iter().enumerate() {
            assert!(!keys[index + 1..].contains(one), "{one}");
        }
    }

    #[test]
    fn no_key_can_leave_its_folder_or_be_too_long() {
        for hostile in [
            "../../etc",
            "/",
            "",
            "..",
            &"x/".repeat(5000),
            "a\u{0}b",
            "https://../..",
        ] {
            let key = key(hostile);
            assert!(
                key.len() < 100 && !key.contains('/') && !key.starts_with('.'),
                "{key}"
            );
        }
    }
}
