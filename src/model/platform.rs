//! Operating system and architecture, by Go's names.

use std::fmt;

/// A pair that Go builds for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Platform {
    /// `GOOS`.
    pub os: &'static str,
    /// `GOARCH`.
    pub arch: &'static str,
}

impl Platform {
    /// This machine's.
    pub fn current() -> Self {
        let os = match std::env::consts::OS {
            "macos" => "darwin",
            other => other,
        };
        let little = cfg!(target_endian = "little");
        let arch = match (std::env::consts::ARCH, little) {
            ("x86_64", _) => "amd64",
            ("x86", _) => "386",
            ("aarch64", _) => "arm64",
            ("powerpc64", true) => "ppc64le",
            ("powerpc64", false) => "ppc64",
            ("mips", true) => "mipsle",
            ("mips64", true) => "mips64le",
            ("loongarch64", _) => "loong64",
            (other, _) => other,
        };
        Self { os, arch }
    }

    /// Whether filters let this platform pass; an empty list is no filter.
    pub fn is_among(&self, os: &[String], arch: &[String]) -> bool {
        let passes =
            |list: &[String], name| list.is_empty() || list.iter().any(|known| known == name);
        passes(os, self.os) && passes(arch, self.arch)
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.os, self.arch)
    }
}

#[cfg(test)]
mod tests {
    use super::Platform;

    #[test]
    fn filters_are_by_gos_names_and_empty_ones_let_all_pass() {
        let linux = Platform {
            os: "linux",
            arch: "amd64",
        };
        let list = |names: &[&str]| {
            names
                .iter()
                .map(|&name| name.to_owned())
                .collect::<Vec<_>>()
        };
        assert!(linux.is_among(&[], &[]));
        assert!(linux.is_among(&list(&["darwin", "linux"]), &list(&["amd64"])));
        assert!(!linux.is_among(&list(&["darwin"]), &[]));
        assert!(!linux.is_among(&[], &list(&["arm"])));
    }
}
