//! Commits of others, histories that change, addresses that nobody should trust.

use super::case::Case;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = clean();
    cases.extend(commits());
    cases.extend(names());
    cases.extend(addresses());
    cases
}

/// The first pin with this address instead of the one that its name says.
fn from(case: Case, address: &str) -> Case {
    let line = |text: &str, at: usize| format!("{}\n", text.lines().nth(at).unwrap());
    let (listed, pinned) = (line(&case.files[0].1, 2), line(&case.files[1].1, 4));
    let with = |line: &str| format!("{line}  repo: {address}\n  vcs: git\n");
    let (new, pin) = (with(&listed), with(&pinned));
    case.replace("glide.yaml", listed, new)
        .replace("glide.lock", pinned, pin)
}

fn clean() -> Vec<Case> {
    vec![
        Case::installed_of(
            "a commit that only a tag leads to",
            &["github.com/acme/named@v1.1.0"],
        )
        .remote(|kit| kit.point("github.com/acme/named", "refs/heads/master", "v1.0.0")),
        Case::installed("a branch that has moved on")
            .yaml("  version: ^1.0.0", "  version: master"),
        from(
            Case::of(
                "a fork that is named as such",
                &["github.com/acme/lib@v1.3.0"],
            ),
            "https://github.com/fork/lib",
        )
        .lock(
            "{github.com/acme/lib@v1.3.0}",
            "{github.com/fork/lib@v1.3.0}",
        )
        .run(&["--quiet", "install"]),
        from(
            Case::of(
                "the name of a user in an address",
                &["github.com/acme/private@v1.0.0"],
            ),
            "https://robot@github.com/acme/private",
        )
        .run(&["--quiet", "install"]),
        Case::installed("hosts that are allowed by name")
            .policy("allowed-hosts = [\"GitHub.com\"]\n"),
        from(
            Case::of(
                "hosts that are allowed by their domain",
                &["github.com/acme/kit@v1.0.0"],
            ),
            "https://git.example.org/kit",
        )
        .lock(
            "{github.com/acme/kit@v1.0.0}",
            "{git.example.org/kit@v1.0.0}",
        )
        .policy("allowed-hosts = [\"*.example.org\"]\n")
        .run(&["--quiet", "install"]),
    ]
}

fn commits() -> Vec<Case> {
    vec![
        Case::installed_of(
            "a commit of somebody's fork",
            &["github.com/acme/stray@fork"],
        )
        .finds("critical commit-unreachable github.com/acme/stray glide.lock:4"),
        Case::installed_of(
            "a history that was rewritten",
            &["github.com/acme/forced@later"],
        )
        .audited()
        .remote(|kit| kit.point("github.com/acme/forced", "refs/heads/master", "v1.1.0"))
        .finds("high history-rewritten github.com/acme/forced glide.lock:4"),
        Case::installed_of(
            "a history that was rewritten before anybody looked",
            &["github.com/acme/lost@later"],
        )
        .remote(|kit| kit.point("github.com/acme/lost", "refs/heads/master", "v1.1.0"))
        .finds("critical commit-unreachable github.com/acme/lost glide.lock:4"),
        Case::of(
            "a commit that nobody has",
            &["github.com/acme/vanished@nowhere"],
        )
        .only(&["provenance"])
        .finds("high commit-gone github.com/acme/vanished glide.lock:4"),
        Case::installed_of(
            "a repository that is gone",
            &["github.com/acme/gone@v1.0.0"],
        )
        .remote(|kit| kit.server.gone(&["github.com/acme/gone".to_owned()]))
        .finds("high repository-gone github.com/acme/gone glide.lock:4"),
        from(
            Case::of(
                "a repository that has moved",
                &["github.com/acme/kit@v1.0.0"],
            ),
            "https://github.com/old/kit",
        )
        .run(&["--quiet", "install"])
        .finds("low repository-moved github.com/acme/kit glide.lock:4"),
    ]
}

fn names() -> Vec<Case> {
    vec![
        Case::installed_of("a tag that was moved", &["github.com/acme/moving@v1.0.0"])
            .yaml("moving\n", "moving\n  version: v1.0.0\n")
            .audited()
            .remote(|kit| kit.point("github.com/acme/moving", "refs/tags/v1.0.0", "v1.1.0"))
            .finds("high tag-moved github.com/acme/moving glide.lock:4 v1.0.0"),
        Case::installed("a tag that the lock was edited away from")
            .yaml("^1.0.0", "v1.0.0")
            .finds("high tag-moved github.com/acme/log glide.lock:4 v1.0.0"),
        Case::installed_of("a tag that is gone", &["github.com/acme/vanished@v1.0.0"])
            .yaml("vanished\n", "vanished\n  version: beta\n")
            .audited()
            .remote(|kit| kit.forget("github.com/acme/vanished", "refs/tags/beta"))
            .finds("medium name-gone github.com/acme/vanished glide.lock:4 beta"),
    ]
}

fn addresses() -> Vec<Case> {
    const KIT: &[&str] = &["github.com/acme/kit@v1.0.0"];
    vec![
        from(
            Case::of(
                "a password in an address",
                &["github.com/acme/private@v1.0.0"],
            ),
            "https://robot:hunter2@github.com/acme/private",
        )
        .run(&["--quiet", "install"])
        .hides("hunter2")
        .finds("high password-in-source github.com/acme/private glide.lock:4"),
        from(
            Case::of(
                "a password in the address of what is not there",
                &["github.com/acme/private@v1.0.0"],
            ),
            "https://robot:hunter2@github.com/acme/none",
        )
        .only(&["provenance"])
        .hides("hunter2")
        .finds("high password-in-source github.com/acme/private glide.lock:4")
        .finds("high repository-gone github.com/acme/private glide.lock:4"),
        from(
            Case::of("an address without encryption", KIT),
            "http://insecure.example/kit",
        )
        .lock(
            "{github.com/acme/kit@v1.0.0}",
            "{insecure.example/kit@v1.0.0}",
        )
        .run(&["--quiet", "install"])
        .finds("medium insecure-source github.com/acme/kit glide.lock:4"),
        from(
            Case::installed_of("an address of Git's own protocol", KIT),
            "git://127.0.0.1:9/kit",
        )
        .only(&["provenance"])
        .finds("medium insecure-source github.com/acme/kit glide.lock:4")
        .unchecked("provenance", "github.com/acme/kit", "git://"),
        Case::installed("a host that is not allowed")
            .policy("allowed-hosts = [\"git.example.org\"]\n")
            .finds("high host-not-allowed github.com/acme/log glide.lock:4")
            .finds("high host-not-allowed github.com/acme/text glide.lock:6")
            .finds("high host-not-allowed github.com/acme/check glide.lock:11"),
        from(
            Case::of("a host that only looks like one that is allowed", KIT),
            "https://git.example.org/kit",
        )
        .lock(
            "{github.com/acme/kit@v1.0.0}",
            "{git.example.org/kit@v1.0.0}",
        )
        .policy("allowed-hosts = [\"example.org\", \"*.git.example.org\"]\n")
        .run(&["--quiet", "install"])
        .finds("high host-not-allowed github.com/acme/kit glide.lock:4"),
    ]
}
