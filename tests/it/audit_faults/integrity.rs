//! vendor/ other than the pinned commits.

use std::fs;
use std::os::unix::fs::symlink;

use super::case::Case;

const TREE: &[&str] = &["github.com/acme/tree@v1.0.0"];
const PART: &[&str] = &["github.com/acme/part@v1.0.0"];

fn tree(name: &'static str) -> Case {
    Case::installed_of(name, TREE)
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = clean();
    cases.extend(files());
    cases.extend(kinds());
    cases.extend(folders());
    cases.extend(submodules());
    cases
}

fn clean() -> Vec<Case> {
    const NESTED: &[&str] = &["github.com/acme/nested@v1.0.0"];
    const OUTER: &[&str] = &["github.com/acme/outer@v1.0.0"];
    vec![
        tree("files, links and modes as they are"),
        tree("an empty folder that Git would not know").folder(|folder| {
            fs::create_dir_all(folder.join("vendor/github.com/acme/tree/none/at/all")).unwrap();
        }),
        tree("a vendor folder behind a link").folder(|folder| {
            fs::rename(folder.join("vendor"), folder.join("third")).unwrap();
            symlink("third", folder.join("vendor")).unwrap();
        }),
        Case::installed_of("line ends by attributes", &["github.com/acme/ends@v1.0.0"]),
        Case::installed_of("a vendor folder in vendor", NESTED),
        Case::of("a vendor folder stripped from vendor", NESTED).run(&[
            "--quiet",
            "install",
            "--strip-vendor",
        ]),
        Case::installed_of("a submodule", OUTER),
        Case::installed_of(
            "two dependencies, one below the other's host",
            &["github.com/acme/tree@v1.0.0", "github.com/acme/part@v1.0.0"],
        ),
        Case::of("nothing locked and nothing there", &[])
            .yaml("import:\n", "import: []\n")
            .lock("imports:\n", "imports: []\n"),
    ]
}

fn files() -> Vec<Case> {
    const GO: &str = "vendor/github.com/acme/tree/lib.go";
    vec![
        tree("a changed file")
            .write(GO, "package lib // mine\n")
            .finds("high file-changed github.com/acme/tree glide.lock:4 vendor/github.com/acme/tree/lib.go"),
        tree("a file cut off in the middle")
            .write("vendor/github.com/acme/tree/sub/data.txt", "da")
            .finds("high file-changed github.com/acme/tree glide.lock:4 vendor/github.com/acme/tree/sub/data.txt"),
        tree("a file with other line ends")
            .replace("vendor/github.com/acme/tree/sub/sub.go", "\n", "\r\n")
            .finds("high file-changed github.com/acme/tree glide.lock:4 vendor/github.com/acme/tree/sub/sub.go"),
        tree("a file emptied")
            .write("vendor/github.com/acme/tree/empty.go", "")
            .finds("high file-changed github.com/acme/tree glide.lock:4 vendor/github.com/acme/tree/empty.go")
            .unchecked("drift", "github.com/acme/tree", "empty.go"),
        Case::installed_of("a file without the line ends of its attributes", &["github.com/acme/ends@v1.0.0"])
            .write("vendor/github.com/acme/ends/windows.txt", "one\ntwo\n")
            .finds("high file-changed github.com/acme/ends glide.lock:4 vendor/github.com/acme/ends/windows.txt"),
        tree("an added file")
            .write("vendor/github.com/acme/tree/sub/more.go", "package sub\n")
            .finds("high file-added github.com/acme/tree glide.lock:4 vendor/github.com/acme/tree/sub/more.go"),
        tree("an added file that Git would ignore")
            .write("vendor/github.com/acme/tree/.gitignore", "*.o\n")
            .write("vendor/github.com/acme/tree/lib.o", "\x7fELF")
            .finds("high file-added github.com/acme/tree glide.lock:4 vendor/github.com/acme/tree/.gitignore vendor/github.com/acme/tree/lib.o"),
        tree("what somebody's Git has left")
            .write("vendor/github.com/acme/tree/.git/HEAD", "ref: refs/heads/master\n")
            .finds("high file-added github.com/acme/tree glide.lock:4 vendor/github.com/acme/tree/.git/HEAD"),
        tree("a missing file")
            .remove("vendor/github.com/acme/tree/sub/data.txt")
            .finds("high file-missing github.com/acme/tree glide.lock:4 vendor/github.com/acme/tree/sub/data.txt"),
        tree("a file under another name")
            .remove("vendor/github.com/acme/tree/sub/data.txt")
            .write("vendor/github.com/acme/tree/sub/Data.txt", "data\n")
            .finds("high file-missing github.com/acme/tree glide.lock:4 vendor/github.com/acme/tree/sub/data.txt")
            .finds("high file-added github.com/acme/tree glide.lock:4 vendor/github.com/acme/tree/sub/Data.txt"),
        tree("the files of another commit")
            .lock("{github.com/acme/tree@v1.0.0}", "{part@v1.0.0}")
            .unchecked("integrity", "github.com/acme/tree", "github.com/acme/tree")
            .only(&["integrity"]),
        Case::installed_of("the files of the release before", &["github.com/acme/kit@v1.1.0"])
            .lock("v1.1.0", "v1.0.0")
            .finds("high file-changed github.com/acme/kit glide.lock:4 vendor/github.com/acme/kit/lib.go"),
    ]
}

fn kinds() -> Vec<Case> {
    vec![
        tree("a file that may be run")
            .executable("vendor/github.com/acme/tree/sub/data.txt")
            .finds("medium mode-changed github.com/acme/tree glide.lock:4 vendor/github.com/acme/tree/sub/data.txt"),
        tree("a program that may not be run")
            .write("vendor/github.com/acme/tree/tools/run.sh", "#!/bin/sh\n")
            .finds("medium mode-changed github.com/acme/tree glide.lock:4 vendor/github.com/acme/tree/tools/run.sh"),
        tree("a link instead of a file")
            .link("vendor/github.com/acme/tree/sub/data.txt", "../../../../../../data.txt")
            .finds("high file-changed github.com/acme/tree glide.lock:4 vendor/github.com/acme/tree/sub/data.txt"),
        tree("a link that leads elsewhere")
            .link("vendor/github.com/acme/tree/latest", "/etc")
            .finds("high file-changed github.com/acme/tree glide.lock:4 vendor/github.com/acme/tree/latest"),
        tree("a file instead of a link")
            .write("vendor/github.com/acme/tree/latest", "sub")
            .finds("high file-changed github.com/acme/tree glide.lock:4 vendor/github.com/acme/tree/latest"),
        tree("a link that nobody pinned")
            .link("vendor/github.com/acme/tree/out", "/etc/passwd")
            .finds("high file-added github.com/acme/tree glide.lock:4 vendor/github.com/acme/tree/out"),
        tree("a folder instead of a file")
            .remove("vendor/github.com/acme/tree/sub/data.txt")
            .write("vendor/github.com/acme/tree/sub/data.txt/x", "data\n")
            .finds("high file-missing github.com/acme/tree glide.lock:4 vendor/github.com/acme/tree/sub/data.txt")
            .finds("high file-added github.com/acme/tree glide.lock:4 vendor/github.com/acme/tree/sub/data.txt/x"),
        tree("a file instead of a folder")
            .remove("vendor/github.com/acme/tree/tools")
            .write("vendor/github.com/acme/tree/tools", "#!/bin/sh\n")
            .finds("high file-missing github.com/acme/tree glide.lock:4 vendor/github.com/acme/tree/tools/run.sh")
            .finds("high file-added github.com/acme/tree glide.lock:4 vendor/github.com/acme/tree/tools"),
    ]
}

fn folders() -> Vec<Case> {
    vec![
        Case::of("no vendor folder", PART).finds("note no-vendor - vendor:0"),
        Case::of("an empty vendor folder", PART)
            .folder(|folder| fs::create_dir(folder.join("vendor")).unwrap())
            .finds("high not-installed github.com/acme/part glide.lock:4"),
        Case::installed_of("the folder of a pin removed", &["github.com/acme/part@v1.0.0", "github.com/acme/tree@v1.0.0"])
            .remove("vendor/github.com/acme/tree")
            .finds("high not-installed github.com/acme/tree glide.lock:6"),
        Case::app("tests left out on purpose")
            .run(&["--quiet", "install", "--skip-test"])
            .finds("note not-installed github.com/acme/check glide.lock:11"),
        Case::of("what other systems need left out", PART)
            .yaml("part\n", "part\n  os:\n  - plan9\n")
            .lock("@v1.0.0}\n", "@v1.0.0}\n  os:\n  - plan9\n")
            .run(&["--quiet", "install"])
            .folder(|folder| fs::create_dir_all(folder.join("vendor")).unwrap())
            .finds("note not-installed github.com/acme/part glide.lock:4"),
        tree("only a folder of the repository")
            .folder(|folder| {
                let tree = folder.join("vendor/github.com/acme/tree");
                for name in ["LICENSE", "empty.go", "latest"] {
                    fs::remove_file(tree.join(name)).unwrap();
                }
                fs::remove_dir_all(tree.join("tools")).unwrap();
            })
            .finds("high file-missing github.com/acme/tree glide.lock:4 vendor/github.com/acme/tree/LICENSE \
                    vendor/github.com/acme/tree/empty.go vendor/github.com/acme/tree/latest \
                    vendor/github.com/acme/tree/tools/run.sh")
            .finds("low licence-missing github.com/acme/tree glide.lock:4"),
        tree("a package that nobody pinned")
            .write("vendor/example.com/evil/deep/a.go", "package deep\n")
            .finds("high unknown-package - vendor/example.com:0"),
        tree("a package that nobody pinned beside one that is")
            .write("vendor/github.com/acme/evil/a.go", "package evil\n")
            .write("vendor/github.com/acme/evil/b.go", "package evil\n")
            .finds("high unknown-package - vendor/github.com/acme/evil:0"),
        tree("a file at the top of vendor")
            .write("vendor/a.go", "package a\n")
            .finds("high unknown-package - vendor/a.go:0"),
        tree("a vendor folder that belongs to no commit")
            .write("vendor/github.com/acme/tree/vendor/example.com/x/x.go", "package x\n")
            .finds("high file-added github.com/acme/tree glide.lock:4 vendor/github.com/acme/tree/vendor/example.com/x/x.go"),
    ]
}

fn submodules() -> Vec<Case> {
    const OUTER: &[&str] = &["github.com/acme/outer@v1.0.0"];
    const FILE: &str = "vendor/github.com/acme/outer/part/lib.go";
    vec![
        Case::installed_of("a changed file of a submodule", OUTER)
            .write(FILE, "package lib // mine\n")
            .finds("high file-changed github.com/acme/outer glide.lock:4 vendor/github.com/acme/outer/part/lib.go"),
        Case::installed_of("a submodule left out", OUTER)
            .remove("vendor/github.com/acme/outer/part")
            .finds("high file-missing github.com/acme/outer glide.lock:4 vendor/github.com/acme/outer/part/LICENSE vendor/github.com/acme/outer/part/lib.go"),
        Case::installed_of("a changed file of a vendor folder in vendor", &["github.com/acme/nested@v1.0.0"])
            .write("vendor/github.com/acme/nested/vendor/github.com/acme/spare/spare.go", "package spare // new\n")
            .finds("high file-changed github.com/acme/nested glide.lock:4 vendor/github.com/acme/nested/vendor/github.com/acme/spare/spare.go"),
        Case::of("a changed file in a stripped vendor", &["github.com/acme/nested@v1.0.0"])
            .run(&["--quiet", "install", "--strip-vendor"])
            .write("vendor/github.com/acme/nested/lib.go", "package lib // mine\n")
            .finds("high file-changed github.com/acme/nested glide.lock:4 vendor/github.com/acme/nested/lib.go"),
    ]
}
