//! glide.yaml, the code and glide.lock at odds.

use super::case::Case;

const LOG_LINE: &str = "- name: github.com/acme/log\n";
const CHECK_ENTRY: &str = "- name: github.com/acme/check\n  version: {check@v1.0.0}\n";

pub(super) fn cases() -> Vec<Case> {
    let mut cases = clean();
    cases.extend(hashes());
    cases.extend(versions());
    cases.extend(lists());
    cases.extend(entries());
    cases.extend(imports());
    cases.extend(unreadable());
    cases
}

fn clean() -> Vec<Case> {
    vec![
        Case::installed("nothing"),
        Case::app("what update writes")
            .remove("glide.lock")
            .run(&["--quiet", "update"]),
        Case::app("comments, quotes and another order of keys")
            .write(
                "glide.yaml",
                "# What we need.\nimport:\n- version: '^1.0.0'\n  package: \"github.com/acme/log\"\n\
                 - subpackages: [wrap]\n  version: v1.1.0\n  package: github.com/acme/text\n\
                 testImport:\n- {package: github.com/acme/check}\npackage: github.com/me/app\n",
            )
            .run(&["--quiet", "install"]),
        Case::installed("a branch and a tag that are met")
            .yaml("  version: ^1.0.0", "  version: next")
            .yaml("package: github.com/acme/check\n", "package: github.com/acme/check\n  version: v1.0.0\n")
            .lock("{log@v1.1.0}", "{log@v2.0.0}")
            .run(&["--quiet", "install"]),
        Case::installed_of("a tag that is an object of its own", &["github.com/acme/signed@v1.0.0"])
            .yaml("signed\n", "signed\n  version: v1.0.0\n"),
        Case::installed_of("a range that such a tag meets", &["github.com/acme/signed@v1.0.0"])
            .yaml("signed\n", "signed\n  version: ~1.0 || ^3.0.0\n"),
        Case::installed_of("a branch with a slash in its name", &["github.com/acme/signed@v1.0.0"])
            .yaml("signed\n", "signed\n  version: release/1.x\n"),
        Case::installed("a dependency of a dependency that glide.yaml does not list")
            .yaml("- package: github.com/acme/text\n  version: v1.1.0\n  subpackages:\n  - wrap\n", ""),
        Case::installed("a test dependency that the code needs too")
            .yaml("testImport:\n", "testImport:\n- package: github.com/acme/text\n  version: v1.1.0\n"),
        Case::installed("a dependency twice in glide.yaml")
            .yaml("testImport:\n", "- package: github.com/acme/log\n  version: ^1.0.0\ntestImport:\n"),
        Case::of("no list of test imports", &["github.com/acme/text@v1.1.0"])
            .lock("testImports: []\n", "")
            .run(&["--quiet", "install"]),
        Case::of("a name that its host explains", &["github.com/acme/kit@v1.0.0"])
            .yaml("github.com/acme/kit", "go.acme.dev/kit")
            .lock("name: github.com/acme/kit", "name: go.acme.dev/kit")
            .replace("main.go", "github.com/acme/kit", "go.acme.dev/kit")
            .run(&["--quiet", "install"]),
        Case::installed("a pin behind the tip of its branch")
            .yaml("  version: ^1.0.0", "  version: master"),
        Case::installed("packages that glide.lock does not list of what it has").replace(
            "main.go",
            "text/wrap\"",
            "text/fold\"",
        ),
        Case::installed("imports of Go, C, itself and App Engine").write(
            "more.go",
            "package main\n\nimport (\n\t_ \"C\"\n\t_ \"appengine\"\n\t_ \"net/http\"\n\t_ \"github.com/me/app/own\"\n)\n",
        )
        .write("own/own.go", "package own\n"),
        Case::installed("code in folders that nobody builds")
            .write("testdata/a.go", "package a\n\nimport _ \"example.com/none\"\n")
            .write("_old/a.go", "package a\n\nimport _ \"example.com/none\"\n")
            .write(".git/a.go", "package a\n\nimport _ \"example.com/none\"\n"),
        Case::installed("code in a folder that is excluded")
            .yaml("import:\n- package: github.com/acme/log", "excludeDirs:\n- gen\nimport:\n- package: github.com/acme/log")
            .write("gen/a.go", "package a\n\nimport _ \"example.com/none\"\n"),
        Case::installed("an import that is ignored")
            .yaml("import:\n- package: github.com/acme/log", "ignore:\n- example.com/none\nimport:\n- package: github.com/acme/log")
            .write("a.go", "package main\n\nimport _ \"example.com/none/x\"\n"),
        Case::installed("a package listed in glide.yaml that no code uses")
            .yaml("testImport:\n", "- package: github.com/acme/spare\ntestImport:\n")
            .lock("testImports:\n", "- name: github.com/acme/spare\n  version: {spare@v1.0.0}\ntestImports:\n")
            .run(&["--quiet", "install"]),
        Case::of("the words of an older Glide", &["github.com/acme/text@v1.1.0"])
            .lock("testImports: []\n", "devImports: []\n")
            .yaml("import:\n", "incpath: .\nimport:\n")
            .run(&["--quiet", "install"]),
        Case::installed("carriage returns in glide.lock")
            .replace("glide.lock", "\n", "\r\n"),
    ]
}

fn hashes() -> Vec<Case> {
    vec![
        Case::installed("another hash and nothing else")
            .stale()
            .finds("note hash-cosmetic - glide.lock:1"),
        Case::installed("a description since the lock was made")
            .stale()
            .yaml(
                "import:\n- package: github.com/acme/log",
                "description: what it is\nimport:\n- package: github.com/acme/log",
            )
            .finds("note hash-cosmetic - glide.lock:1"),
        Case::installed("no hash")
            .lock("hash: {hash}", "hash: \"\"")
            .finds("low hash-missing - glide.lock:1"),
        Case::installed("a version raised without an update")
            .stale()
            .yaml("^1.0.0", "^2.0.0")
            .finds("high version-unmet github.com/acme/log glide.lock:4")
            .finds("low hash-differs - glide.lock:1"),
    ]
}

fn versions() -> Vec<Case> {
    let unmet = "high version-unmet github.com/acme/log glide.lock:4";
    vec![
        Case::installed("a range that is not met")
            .yaml("^1.0.0", "^2.0.0")
            .finds(unmet),
        Case::installed("a range that is not met by a commit without a tag")
            .lock("{log@v1.1.0}", "{log@tip}")
            .run(&["--quiet", "install"])
            .finds(unmet),
        Case::installed("a lower bound that is not met")
            .yaml("^1.0.0", "'>=1.2.0, <2.0.0'")
            .finds(unmet),
        Case::installed("a tag that is not met, lock older than glide.yaml")
            .stale()
            .yaml("^1.0.0", "v1.0.0")
            .finds(unmet)
            .finds("low hash-differs - glide.lock:1"),
        Case::installed("a branch that does not have the pin")
            .yaml("^1.0.0", "stable")
            .finds(unmet),
        Case::installed("a branch that does not have the pin, lock older than glide.yaml")
            .stale()
            .yaml("^1.0.0", "stable")
            .finds(unmet)
            .finds("low hash-differs - glide.lock:1"),
        Case::installed("a commit other than the one that glide.yaml names")
            .yaml("^1.0.0", "{log@v2.0.0}")
            .finds(unmet),
        Case::installed("a version of a test dependency that is not met")
            .yaml(
                "package: github.com/acme/check\n",
                "package: github.com/acme/check\n  version: ~2.1\n",
            )
            .finds("high version-unmet github.com/acme/check glide.lock:11"),
        Case::installed("a branch instead of a commit in glide.lock")
            .yaml("  version: ^1.0.0", "  version: next")
            .lock("{log@v1.1.0}", "next")
            .run(&["--quiet", "install"])
            .finds("medium inexact github.com/acme/log glide.lock:4"),
        Case::of("no version in glide.lock", &["github.com/acme/text@v1.1.0"])
            .lock("\n  version: {github.com/acme/text@v1.1.0}", "")
            .run(&["--quiet", "install"])
            .finds("medium inexact github.com/acme/text glide.lock:4"),
    ]
}

fn lists() -> Vec<Case> {
    vec![
        Case::installed("a dependency that was never locked")
            .yaml(
                "testImport:\n",
                "- package: github.com/acme/spare\ntestImport:\n",
            )
            .finds("high not-locked github.com/acme/spare glide.yaml:9"),
        Case::installed("a test dependency that was never locked")
            .yaml(
                "- package: github.com/acme/check\n",
                "- package: github.com/acme/check\n- package: github.com/acme/spare/sub\n",
            )
            .finds("high not-locked github.com/acme/spare glide.yaml:11"),
        Case::installed("a lock entry that nothing needs")
            .lock(
                "testImports:\n",
                "- name: github.com/acme/spare\n  version: {spare@v1.0.0}\ntestImports:\n",
            )
            .run(&["--quiet", "install"])
            .finds("low left-over github.com/acme/spare glide.lock:10"),
        Case::installed("a test entry that nothing needs")
            .replace(
                "glide.lock",
                CHECK_ENTRY,
                format!(
                    "{CHECK_ENTRY}- name: github.com/acme/spare\n  version: {{spare@v1.0.0}}\n"
                ),
            )
            .run(&["--quiet", "install"])
            .finds("low left-over github.com/acme/spare glide.lock:13"),
        Case::installed("an entry twice")
            .replace(
                "glide.lock",
                CHECK_ENTRY,
                format!("{CHECK_ENTRY}{CHECK_ENTRY}"),
            )
            .finds("low listed-twice github.com/acme/check glide.lock:13"),
        Case::installed("an entry twice, at two versions")
            .replace(
                "glide.lock",
                "testImports:\n",
                format!("{LOG_LINE}  version: {{log@v2.0.0}}\ntestImports:\n"),
            )
            .finds("high listed-twice github.com/acme/log glide.lock:10"),
    ]
}

fn entries() -> Vec<Case> {
    let ignored = "import:\n- package: github.com/acme/log";
    vec![
        Case::installed("another repository in glide.yaml")
            .yaml(
                "  version: ^1.0.0\n",
                "  version: ^1.0.0\n  repo: https://github.com/me/log\n",
            )
            .finds("high source-differs github.com/acme/log glide.lock:4 repo"),
        Case::installed("another repository in glide.lock")
            .lock(
                "  version: {log@v1.1.0}\n",
                "  version: {log@v1.1.0}\n  repo: https://github.com/acme/log.git\n",
            )
            .finds("high source-differs github.com/acme/log glide.lock:4 repo"),
        Case::installed("another system in glide.yaml")
            .yaml("  version: ^1.0.0\n", "  version: ^1.0.0\n  vcs: git\n")
            .finds("high source-differs github.com/acme/log glide.lock:4 vcs"),
        Case::installed("other operating systems")
            .yaml(
                "package: github.com/acme/check\n",
                "package: github.com/acme/check\n  os:\n  - linux\n",
            )
            .finds("medium platform-differs github.com/acme/check glide.lock:11 os"),
        Case::installed("other architectures")
            .lock(
                "  version: {log@v1.1.0}\n",
                "  version: {log@v1.1.0}\n  arch:\n  - amd64\n",
            )
            .finds("medium platform-differs github.com/acme/log glide.lock:4 arch"),
        Case::installed("an entry that glide.yaml ignores")
            .yaml(
                ignored,
                "ignore:\n- github.com/acme/spare\nimport:\n- package: github.com/acme/log",
            )
            .lock(
                "testImports:\n",
                "- name: github.com/acme/spare\n  version: {spare@v1.0.0}\ntestImports:\n",
            )
            .run(&["--quiet", "install"])
            .finds("low ignored-locked github.com/acme/spare glide.lock:10"),
    ]
}

fn imports() -> Vec<Case> {
    let none = "package main\n\nimport _ \"example.com/none/x\"\n";
    vec![
        Case::installed("an import that nothing provides")
            .write("sub/a.go", none)
            .finds("high import-not-locked - glide.lock:1 example.com/none/x"),
        Case::installed("an import in another case than that of glide.lock")
            .write("a.go", "package main\n\nimport _ \"github.com/Acme/log\"\n")
            .finds("high import-not-locked - glide.lock:1 github.com/Acme/log"),
        Case::installed("an import of a test that nothing provides")
            .write("a_test.go", none)
            .finds("medium import-not-locked - glide.lock:1 example.com/none/x"),
        Case::installed("an import of an external test that nothing provides")
            .write(
                "a_test.go",
                none.replace("package main", "package main_test"),
            )
            .finds("medium import-not-locked - glide.lock:1 example.com/none/x"),
        Case::installed("an import behind a build constraint that nothing provides")
            .write("a.go", format!("// +build windows\n\n{none}"))
            .finds("high import-not-locked - glide.lock:1 example.com/none/x"),
        Case::of(
            "an import of a dependency that nothing provides",
            &["github.com/acme/log@v1.1.0"],
        )
        .run(&["--quiet", "install"])
        .finds("medium import-not-locked - glide.lock:1 github.com/acme/text"),
        Case::installed("a package that the pinned commit does not have")
            .replace("main.go", "text/wrap\"", "text/bold\"")
            .finds(
                "high package-missing github.com/acme/text glide.lock:6 github.com/acme/text/bold",
            ),
        Case::installed("a package that a later release has")
            .yaml("v1.1.0", "v1.0.0")
            .lock("{text@v1.1.0}", "{text@v1.0.0}")
            .run(&["--quiet", "install"])
            .replace("main.go", "text/wrap\"", "text/fold\"")
            .finds(
                "high package-missing github.com/acme/text glide.lock:6 github.com/acme/text/fold",
            ),
        Case::installed("code that needs what is locked for tests")
            .write(
                "a.go",
                "package main\n\nimport _ \"github.com/acme/check\"\n",
            )
            .finds(
                "high more-than-tests github.com/acme/check glide.lock:11 github.com/acme/check",
            ),
    ]
}

fn unreadable() -> Vec<Case> {
    vec![
        Case::installed("no YAML in glide.lock")
            .lock("imports:\n", "imports:\n\t- x\n")
            .unchecked("drift", "-", "line 4"),
        Case::installed("a conflict of a merge in glide.lock")
            .lock(
                "- name: github.com/acme/text\n",
                "<<<<<<< HEAD\n- name: github.com/acme/text\n=======\n>>>>>>> x\n",
            )
            .unchecked("drift", "-", "glide.lock"),
        Case::installed("a conflict of a merge in glide.yaml")
            .yaml(
                "  version: ^1.0.0\n",
                "<<<<<<< HEAD\n  version: ^1.0.0\n=======\n  version: ^2.0.0\n>>>>>>> x\n",
            )
            .unchecked("drift", "-", "glide.yaml"),
        Case::installed("no YAML in glide.yaml")
            .yaml("import:\n-", "import: [\n-")
            .unchecked("drift", "-", "line"),
        Case::installed("no glide.yaml")
            .remove("glide.yaml")
            .refused("Failed to find glide.yaml"),
        Case::installed("no glide.yaml in a folder that is named")
            .stale()
            .remove("glide.yaml")
            .with(&["."])
            .unchecked("drift", "-", "there is no glide.yaml"),
        Case::installed("no glide.lock")
            .remove("glide.lock")
            .unchecked("drift", "-", "glide.lock"),
        Case::installed("code that is none")
            .write("broken.go", "package main\n\nimport \"unfinished\n")
            .unchecked("drift", "-", "broken.go"),
    ]
}
