//! The systems and architectures that Go knows by name, and which of them Glide knows. Pure.
//!
//! Answers to `syslist.go` of Go 1.19's `go/build` and to the lists of Glide's `dependency/scan.go`.

/// A name, and what there is to know of it.
#[derive(Clone, Copy)]
pub(super) struct Named {
    /// The name in `GOOS` or `GOARCH`.
    pub(super) name: &'static str,
    /// Whether Glide knows it, too. Its lists stand in this order.
    pub(super) in_glide: bool,
    /// Whether the tag `unix` is set for it.
    unix: bool,
}

const fn old(name: &'static str) -> Named {
    Named {
        name,
        in_glide: true,
        unix: false,
    }
}

const fn new(name: &'static str) -> Named {
    Named {
        in_glide: false,
        ..old(name)
    }
}

const fn unix(system: Named) -> Named {
    Named {
        unix: true,
        ..system
    }
}

/// The operating systems.
pub(super) const SYSTEMS: &[Named] = &[
    unix(new("aix")),
    unix(old("android")),
    unix(old("darwin")),
    unix(old("dragonfly")),
    unix(old("freebsd")),
    unix(new("hurd")),
    unix(new("illumos")),
    unix(new("ios")),
    new("js"),
    unix(old("linux")),
    old("nacl"),
    unix(old("netbsd")),
    unix(old("openbsd")),
    old("plan9"),
    unix(old("solaris")),
    old("windows"),
    new("zos"),
];

/// The architectures.
pub(super) const ARCHITECTURES: &[Named] = &[
    old("386"),
    old("amd64"),
    old("amd64p32"),
    old("arm"),
    old("armbe"),
    old("arm64"),
    old("arm64be"),
    new("loong64"),
    old("ppc64"),
    old("ppc64le"),
    old("mips"),
    old("mipsle"),
    old("mips64"),
    old("mips64le"),
    old("mips64p32"),
    old("mips64p32le"),
    old("ppc"),
    new("riscv"),
    new("riscv64"),
    old("s390"),
    old("s390x"),
    old("sparc"),
    old("sparc64"),
    new("wasm"),
];

/// Whether a list has the name.
pub(super) fn has(list: &[Named], name: &str) -> bool {
    list.iter().any(|known| known.name == name)
}

/// Whether the tag `unix` is set for a system.
pub(super) fn is_unix(system: &str) -> bool {
    SYSTEMS
        .iter()
        .any(|known| known.unix && known.name == system)
}

#[cfg(test)]
mod tests {
    use super::{ARCHITECTURES, Named, SYSTEMS, has, is_unix};

    #[test]
    fn glide_knows_the_older_names_in_its_own_order() {
        #[track_caller]
        fn check(list: &[Named], expected: &str) {
            let names = list.iter().filter(|known| known.in_glide);
            let names: Vec<_> = names.map(|known| known.name).collect();
            assert_eq!(names.join(" "), expected);
        }
        check(
            SYSTEMS,
            "android darwin dragonfly freebsd linux nacl netbsd openbsd plan9 solaris windows",
        );
        check(
            ARCHITECTURES,
            "386 amd64 amd64p32 arm armbe arm64 arm64be ppc64 ppc64le mips mipsle mips64 mips64le \
             mips64p32 mips64p32le ppc s390 s390x sparc sparc64",
        );
    }

    #[test]
    fn names_are_known_and_some_systems_are_unix() {
        assert!(has(SYSTEMS, "js") && has(ARCHITECTURES, "wasm"));
        assert!(!has(SYSTEMS, "unix") && !has(ARCHITECTURES, ""));
        assert!(is_unix("ios") && !is_unix("plan9") && !is_unix(""));
    }
}
