//! What file systems make of a name, other than the bytes say: by its bytes alone, on every system, as
//! a project is copied from one to another with its vendor/.

/// Whether HFS+, APFS, a case-folding ext4 or NTFS may open `.git` under this name.
pub fn is_dot_git(name: &[u8]) -> bool {
    // Almost no name has an ignorable character, and most begin otherwise.
    if name.is_ascii() {
        return is_dot_git_on_ntfs(name);
    }
    let Ok(text) = std::str::from_utf8(name) else {
        // Bytes that are no text are never folded; NTFS cannot hold them.
        return is_dot_git_on_ntfs(name);
    };
    let visible: String = text.chars().filter(|&c| !is_ignorable(c)).collect();
    is_dot_git_on_ntfs(visible.as_bytes())
}

/// NTFS drops dots and spaces at the end, knows streams (`name:stream:type`), and gives the
/// first file of the sort the short name `GIT~1`.
fn is_dot_git_on_ntfs(name: &[u8]) -> bool {
    let name = name.split(|byte| *byte == b':').next().unwrap_or(name);
    let kept = name
        .iter()
        .rposition(|byte| !matches!(byte, b'.' | b' '))
        .map_or(0, |last| last + 1);
    let name = &name[..kept];
    name.eq_ignore_ascii_case(b".git") || name.eq_ignore_ascii_case(b"git~1")
}

/// Unicode's default ignorable code points: HFS+ leaves out some of them when it compares names,
/// case-folding ext4 all of them.
pub fn is_ignorable(character: char) -> bool {
    matches!(
        u32::from(character),
        0xAD | 0x34F
            | 0x61C
            | 0x115F..=0x1160
            | 0x17B4..=0x17B5
            | 0x180B..=0x180F
            | 0x200B..=0x200F
            | 0x202A..=0x202E
            | 0x2060..=0x206F
            | 0x3164
            | 0xFE00..=0xFE0F
            | 0xFEFF
            | 0xFFA0
            | 0xFFF0..=0xFFF8
            | 0x1_BCA0..=0x1_BCA3
            | 0x1_D173..=0x1_D17A
            | 0xE_0000..=0xE_0FFF
    )
}

/// Names that are devices on Windows, with whatever extension.
const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

/// Why Windows has no file of this name, or opens another thing under it.
pub fn unfit_for_windows(name: &[u8]) -> Option<&'static str> {
    let Ok(text) = std::str::from_utf8(name) else {
        return Some("it is no text");
    };
    if text.chars().any(|c| c < ' ' || r#"<>:"|?*\"#.contains(c)) {
        return Some("it has a character that no name on Windows may have");
    }
    if text.ends_with(['.', ' ']) {
        return Some("Windows drops a dot or space at its end");
    }
    let stem = text.split('.').next().unwrap_or(text).trim_end();
    let is_port = |kind: &str| {
        let (start, number) = stem.split_at_checked(3).unwrap_or_default();
        // Windows takes the raised digits for digits.
        let digit = |c: char| c.is_ascii_digit() || matches!(c, '\u{b9}' | '\u{b2}' | '\u{b3}');
        let mut rest = number.chars();
        start.eq_ignore_ascii_case(kind) && rest.next().is_some_and(digit) && rest.next().is_none()
    };
    let is_device = DEVICES
        .iter()
        .any(|device| stem.eq_ignore_ascii_case(device));
    (is_device || is_port("COM") || is_port("LPT")).then_some("it is a device on Windows")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn git_is_known_in_every_disguise() {
        for name in [
            ".git",
            ".GIT",
            ".git. .",
            ".git::$INDEX_ALLOCATION",
            "GIT~1 .",
            ".g\u{200c}it",
            ".git\u{206f}",
        ] {
            assert!(is_dot_git(name.as_bytes()), "{name:?}");
        }
        for name in ["git", ".gitignore", "..git", "git~10", "\u{200b}x"] {
            assert!(!is_dot_git(name.as_bytes()), "{name:?}");
        }
    }

    #[test]
    fn what_windows_has_no_file_for_is_told() {
        for (name, why) in [
            ("CON", "device"),
            ("nul.go", "device"),
            ("Aux .tar.gz", "device"),
            ("com1", "device"),
            ("LPT\u{b2}.txt", "device"),
            ("conout$", "device"),
            ("a.", "dot"),
            ("a ", "space"),
            ("...", "dot"),
            ("a:b", "character"),
            ("a\\b", "character"),
            ("what?", "character"),
            ("tab\t", "character"),
        ] {
            let told = unfit_for_windows(name.as_bytes());
            assert!(
                told.is_some_and(|told| told.contains(why)),
                "{name:?}: {told:?}"
            );
        }
        assert!(unfit_for_windows(b"latin-1 \xe9").is_some());
        for name in [
            "console", "com", "com10", "COMA", "null", "a.con", ".con", "aux-x.go", " a", "\u{e9}",
        ] {
            assert_eq!(unfit_for_windows(name.as_bytes()), None, "{name:?}");
        }
    }
}
