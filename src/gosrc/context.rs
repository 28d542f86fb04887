//! What a build is for, and which names and tags that lets pass. Pure.
//!
//! Answers to `Context` of Go 1.19's `go/build`.

use super::platforms::{ARCHITECTURES, SYSTEMS, has, is_unix};

/// The constraints that decide which files of a folder count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildContext {
    /// The operating system by Go's name; empty for none, as in Glide's scan tag by tag.
    pub goos: String,
    /// The architecture by Go's name; empty for none.
    pub goarch: String,
    /// The tags that are set for this build.
    pub tags: Vec<String>,
    /// The tags that the Go tool chain sets.
    pub tool_tags: Vec<String>,
    /// The release: the tags `go1.1` up to `go1.N` are set for N.
    pub go_minor: u32,
    /// Whether files that import "C" count.
    pub cgo: bool,
    /// Whether all files count, whatever their names and constraints say. A constraint that cannot be
    /// read is an error all the same.
    pub use_all_files: bool,
}

/// The release whose `go/build` this room answers to.
const GO_MINOR: u32 = 19;

impl BuildContext {
    /// All files, as Glide scans unless told otherwise. The platform hardly matters then: conditions
    /// of `#cgo` lines are asked of it, so it is the same one everywhere.
    pub fn all_files() -> Self {
        Self {
            use_all_files: true,
            ..Self::current("linux", "amd64", true, GO_MINOR)
        }
    }

    /// The files for one platform and the release `go1.N`: Glide's `--resolve-current`.
    pub fn current(goos: &str, goarch: &str, cgo: bool, go_minor: u32) -> Self {
        let by_register = matches!(goarch, "amd64" | "arm64" | "ppc64" | "ppc64le" | "riscv64");
        let tool_tags: &[&str] = if by_register {
            &["goexperiment.regabiwrappers", "goexperiment.regabiargs"]
        } else {
            &[]
        };
        Self {
            goos: goos.to_owned(),
            goarch: goarch.to_owned(),
            tags: Vec::new(),
            tool_tags: tool_tags.iter().map(|tag| (*tag).to_owned()).collect(),
            go_minor,
            cgo,
            use_all_files: false,
        }
    }

    /// Whether a build tag is set.
    pub fn satisfies(&self, tag: &str) -> bool {
        match tag {
            "cgo" if self.cgo => return true,
            "gc" => return true,
            _ if tag == self.goos || tag == self.goarch => return true,
            _ => {}
        }
        match (self.goos.as_str(), tag) {
            ("android", "linux") | ("illumos", "solaris") | ("ios", "darwin") => return true,
            (goos, "unix") if is_unix(goos) => return true,
            _ => {}
        }
        let tag = match tag {
            "boringcrypto" => "goexperiment.boringcrypto",
            same => same,
        };
        let given = self.tags.iter().chain(&self.tool_tags);
        self.has_release(tag) || given.into_iter().any(|given| given == tag)
    }

    fn has_release(&self, tag: &str) -> bool {
        let Some(minor) = tag.strip_prefix("go1.") else {
            return false;
        };
        let plain = minor.bytes().all(|byte| byte.is_ascii_digit()) && !minor.starts_with('0');
        plain && minor.parse().is_ok_and(|minor: u32| minor <= self.go_minor)
    }

    /// Whether the platform named at the end of a file's name, if there is one, is this one.
    pub(super) fn allows_name(&self, file: &str) -> bool {
        let stem = file.split('.').next().unwrap_or(file);
        let Some(underscore) = stem.find('_') else {
            return true;
        };
        let mut parts = stem[underscore..].rsplit('_').peekable();
        parts.next_if(|part| *part == "test");
        let last = parts.next().unwrap_or_default();
        let before = parts.next().unwrap_or_default();
        if has(SYSTEMS, before) && has(ARCHITECTURES, last) {
            return self.satisfies(last) && self.satisfies(before);
        }
        let known = has(SYSTEMS, last) || has(ARCHITECTURES, last);
        !known || self.satisfies(last)
    }
}

#[cfg(test)]
mod tests {
    use super::BuildContext;

    #[track_caller]
    fn names(goos: &str, goarch: &str, pass: &[&str], fail: &[&str]) {
        let context = BuildContext::current(goos, goarch, true, 19);
        for name in pass {
            assert!(context.allows_name(name), "{name} on {goos}/{goarch}");
        }
        for name in fail {
            assert!(!context.allows_name(name), "{name} on {goos}/{goarch}");
        }
    }

    #[test]
    fn file_names_end_in_platforms() {
        names(
            "linux",
            "amd64",
            &[
                "linux.go",
                "windows.go",
                "a_linux.go",
                "a_linux_amd64.go",
                "a_amd64_test.go",
                "a_linux_test.go",
                "a_unix.go",
                "a_windows_x.go",
                "a_test.go",
                "a_windows_linux.go",
                "a_386_linux.go",
                "amd64_linux.go",
                "a_linux.windows.go",
                "a_test_test.go",
            ],
            &[
                "a_windows.go",
                "a_windows_amd64.go",
                "a_linux_386.go",
                "a_windows_test.go",
                "a_js.go",
                "a_wasm.s",
                "x_386.c",
                "a_zos_test.go",
                "linux_arm.go",
                "a_windows.b.go",
                "x_windows_test.go",
            ],
        );
        names(
            "android",
            "arm64",
            &["a_linux.go", "a_android.go", "a_linux_arm64.go"],
            &["a_arm.go"],
        );
        names("ios", "arm64", &["a_darwin.go"], &["a_linux.go"]);
        names("illumos", "amd64", &["a_solaris.go"], &["a_linux.go"]);
        names(
            "",
            "",
            &["a.go", "a_b.go"],
            &["a_linux.go", "a_amd64.go", "a_linux_amd64.go"],
        );
    }

    #[test]
    fn tags_follow_from_the_platform_the_release_and_the_list() {
        let mut context = BuildContext::current("linux", "amd64", false, 19);
        context.tags = vec!["x".to_owned(), "goexperiment.boringcrypto".to_owned()];
        let set = [
            "linux",
            "amd64",
            "unix",
            "gc",
            "go1.1",
            "go1.19",
            "x",
            "boringcrypto",
        ];
        for tag in set.iter().chain(&["goexperiment.regabiargs"]) {
            assert!(context.satisfies(tag), "{tag}");
        }
        for tag in [
            "cgo", "windows", "gccgo", "go1.20", "go1.0", "go1.01", "go1.", "go1.+1", "go1",
            "ignore", "",
        ] {
            assert!(!context.satisfies(tag), "{tag}");
        }
        let context = BuildContext::current("windows", "386", true, 5);
        assert!(context.satisfies("cgo") && !context.satisfies("unix"));
        assert!(!context.satisfies("go1.6") && context.tool_tags.is_empty());
    }
}
