//! What the help says of each command besides one line and its flags: what it does, and an example.
//!
//! Our own name in a command to type becomes `glide` where that is what we are called by.

/// What a command does and an example of it; the program itself has the empty path.
pub(super) fn of(path: &str) -> Option<(&'static str, &'static str)> {
    let mut all = TEXTS.iter();
    all.find(|(name, _, _)| *name == path)
        .map(|(_, does, example)| (*does, *example))
}

/// The commands that have a text.
#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    TEXTS.iter().map(|(name, _, _)| *name)
}

const TEXTS: &[(&str, &str, &str)] = &[
    (
        "",
        "
This is glide-rs, a drop-in replacement for Glide 0.13.3 that needs neither Go nor a GOPATH.
Dependencies are listed in glide.yaml, pinned in glide.lock and copied to vendor/.",
        "
Examples:
  glide-rs install                 vendor/ as glide.lock pins it
  glide-rs get github.com/a/b      one more dependency
  glide-rs update                  newer versions of all, within what glide.yaml allows

Exit codes: 0 all went well, 1 it failed and nothing was changed, or a check found something,
2 there is no glide.yaml, or not all could be done or checked, 3 glide.yaml is malformed,
130 interrupted.

`glide-rs help COMMAND` tells more. An unknown command NAME runs the program glide-rs-NAME or
glide-NAME from PATH or this folder.",
    ),
    (
        "install",
        "
Each dependency is fetched at the very commit that glide.lock names, and vendor/ is exchanged as a
whole: if anything fails, it stays as it was. Without a glide.lock this is `update`.

With --locked a glide.lock that does not do for glide.yaml and the code is refused, with all
reasons. With --offline what the cache lacks is named.",
        "
Examples:
  glide-rs install --strip-vendor
  glide-rs install --locked            for CI: glide.lock has to do as it is
  glide-rs install --frozen            the same, and nobody is asked for anything",
    ),
    (
        "update",
        "
Starts from what the code imports and what glide.yaml asks for, follows the imports of
dependencies and the versions that they ask for, and picks the highest that all allow. glide.lock
and vendor/ change together or not at all. With --locked they do not change: what would is told.",
        "
Examples:
  glide-rs update
  glide-rs update --locked             fail where anything newer would be locked
  glide-rs update --go-version 1.19    only releases that Go 1.19 builds",
    ),
    (
        "get",
        "
Adds the repositories to glide.yaml, then does what `update` does. In glide.yaml only the lines
change that have to. Where no version is given you are asked whether to use the newest release.",
        "
Examples:
  glide-rs get github.com/a/b
  glide-rs get 'github.com/a/b#^1.2.0' github.com/c/d/sub
  glide-rs get --test --non-interactive github.com/e/f",
    ),
    (
        "remove",
        "
Takes the repositories out of glide.yaml, resolves anew, and drops what nothing needs any more. In
glide.yaml only the lines change that have to.",
        "
Example:
  glide-rs remove github.com/a/b",
    ),
    (
        "create",
        "
For a project without a glide.yaml. Reads the Go files here and below, lists the repositories of
what they import, with versions from the files of godep, gpm, gb or gom where there are any.",
        "
Example:
  glide-rs create --non-interactive && glide-rs install",
    ),
    (
        "config-wizard",
        "
Asks about each entry that could be better: a version where there is none, a release in place of
a commit, a range in place of a release. Nothing is changed that you do not agree to.",
        "
Example:
  glide-rs config-wizard",
    ),
    (
        "import",
        "
Reads the file of another dependency manager and prints the glide.yaml that it makes, together
with what glide.yaml has already. With --file the result goes to that file.",
        "
Example:
  glide-rs import godep --file glide.yaml",
    ),
    (
        "import godep",
        "
Reads Godeps/Godeps.json: a repository for each entry, at the commit that is noted there.",
        "
Example:
  glide-rs import godep --file glide.yaml",
    ),
    (
        "import gpm",
        "
Reads Godeps and Godeps-Git: a line for each package, with a version or commit.",
        "
Example:
  glide-rs import gpm --file glide.yaml",
    ),
    (
        "import gb",
        "
Reads vendor/manifest: a repository for each entry, at the commit that is noted there.",
        "
Example:
  glide-rs import gb --file glide.yaml",
    ),
    (
        "import gom",
        "
Reads Gomfile: `gom` lines with their :tag, :branch or :commit, and groups by system.",
        "
Example:
  glide-rs import gom --file glide.yaml",
    ),
    (
        "import dep",
        "
Reads Gopkg.toml, whose ranges become Glide's, and Gopkg.lock for the commits of what it does not
name. Nothing but a message tells of what glide.yaml cannot say.",
        "
Example:
  glide-rs import dep --file glide.yaml",
    ),
    (
        "import govendor",
        "
Reads vendor/vendor.json: a repository for each package, at the version or commit noted there.",
        "
Example:
  glide-rs import govendor --file glide.yaml",
    ),
    (
        "import vndr",
        "
Reads vendor.conf of vndr or trash: a line for each repository, with a commit or tag.",
        "
Example:
  glide-rs import vndr --file glide.yaml",
    ),
    (
        "import gomod",
        "
Reads go.mod: a repository for each module, at its tag or at the commit of its pseudo-version, from
where `replace` says.",
        "
Example:
  glide-rs import gomod --file glide.yaml",
    ),
    (
        "name",
        "
Prints `package` of the glide.yaml that is found here or above.",
        "
Example:
  glide-rs name",
    ),
    (
        "novendor",
        "
Prints a line for each folder here that holds Go packages, with /... behind it, and leaves out
vendor/. That is for Go programs older than 1.9, whose `./...` goes into vendor/, too.",
        "
Example:
  go test $(glide-rs novendor)",
    ),
    (
        "rebuild",
        "
Deprecated, as in Glide; Go 1.10 and later keep what is built by themselves. This is the one
command that runs `go` (or what GLIDE_GO_EXECUTABLE names).",
        "
Example:
  glide-rs rebuild",
    ),
    (
        "tree",
        "
Deprecated, as in Glide. Follows the imports from the Go files here into vendor/ and further. In a
large project that can be very many lines.",
        "
Example:
  glide-rs tree",
    ),
    (
        "list",
        "
Reads the code here and what it imports from vendor/, not glide.yaml. Packages that are found
nowhere are told apart.",
        "
Examples:
  glide-rs list
  glide-rs list --output json-pretty",
    ),
    (
        "cache-clear",
        "
Removes all that was fetched into Glide's home, by Glide or by glide-rs. The next install fetches
everything anew. Runs that use the cache are waited for. mirrors.yaml stays.",
        "
Example:
  glide-rs cache-clear",
    ),
    (
        "mirror",
        "
A mirror stands in for the address of a repository: a copy in your own network for a build
service, or a folder of this machine to try changes in. Mirrors stand in mirrors.yaml in Glide's
home and count for all projects.",
        "
Example:
  glide-rs mirror set https://github.com/a/b https://git.example.com/a/b",
    ),
    (
        "mirror list",
        "
Shows each address and what stands in for it. Passwords in addresses are not shown.",
        "
Example:
  glide-rs mirror list",
    ),
    (
        "mirror set",
        "
ORIGINAL is what the repository would be fetched from, to the letter: `repo` of glide.yaml, else
https:// and the package's name. A mirror that it has already is changed. In mirrors.yaml only the
lines change that have to.",
        "
Examples:
  glide-rs mirror set https://github.com/a/b https://git.example.com/a/b
  glide-rs mirror set https://github.com/a/b file:///home/me/b --vcs git",
    ),
    (
        "mirror remove",
        "
The repository is then fetched from its own address again.",
        "
Example:
  glide-rs mirror remove https://github.com/a/b",
    ),
    (
        "about",
        "
Tells which version this is, what it stands in for and where to read more.",
        "
Example:
  glide-rs about",
    ),
    (
        "info",
        "
Fills what glide.yaml says into a text: %n is the name, %d the description, %h the home page, %l
the license. Without --format there is only this help.",
        "
Examples:
  glide-rs info -f %n
  glide-rs info -f '%n: %d (%l)'",
    ),
    (
        "lock",
        "
glide.lock is written by `update` and `get`; this is for what else happens to it.",
        "
Example:
  glide-rs lock merge",
    ),
    (
        "lock merge",
        "
Puts two versions of glide.lock together, repository by repository, with the conflict markers that git
has left in it or as git's merge driver. Where the two sides disagree, both pins are told, their
entry is left in conflict, and the exit code is 1. The hash is that of the merged glide.yaml, so
that comes first. Nothing is resolved anew: `audit drift` tells whether anything is missing.",
        "
Examples:
  glide-rs lock merge --install    from now on git merges glide.lock so
  glide-rs lock merge              settle the conflict that git has left in glide.lock
  glide-rs lock merge --theirs     take the pins of the branch that is merged, where they disagree",
    ),
    (
        "hash",
        "
glide.lock carries a hash of the glide.yaml that it was made for; if the two differ, `install`
warns. Comments and order of keys do not count.",
        "
Example:
  glide-rs hash",
    ),
    (
        "fmt",
        "
Glide writes these files in one form only; this is for those who want to see no other. The kind
of file is told by its keys.",
        "
Examples:
  glide-rs fmt --check
  glide-rs fmt - < glide.yaml",
    ),
    (
        "audit",
        "
Looks at glide.lock, at vendor/ and at the repositories of all that is pinned. Without the name of a
check all are run; `--since` has `provenance` tell what a pull request does to glide.lock. The exit
code is 0 where all is clean, 1 where something was found, and 2 where something could not be
checked.",
        "
Examples:
  glide-rs audit
  glide-rs audit drift integrity --offline
  glide-rs audit provenance --since origin/master...
  glide-rs audit --workspace --format sarif --output audit.sarif",
    ),
    (
        "outdated",
        "
Tells for each pin the newest version that glide.yaml allows, the newest there is, how old the pin
is and how many commits it is behind. Nothing is changed: `update` takes what is allowed.",
        "
Examples:
  glide-rs outdated
  glide-rs outdated --exit-code --format json",
    ),
    (
        "why",
        "
For each package at or below the import path that is used: the shortest chain of imports that leads
from the project's code to it. The exit code is 1 where nothing uses it.",
        "
Example:
  glide-rs why github.com/a/b",
    ),
    (
        "doctor",
        "
A line for each thing that an install depends on: ok, warning or problem, and the next step below
it. It works without a project as well. Nothing is changed, and nobody is asked unless --online is
given. The exit code is 1 where there is a problem.",
        "
Examples:
  glide-rs doctor
  glide-rs doctor --online --format json",
    ),
    (
        "exec",
        "
Go without modules builds a project only where its import path leads to it, below GOPATH. If
yours stands elsewhere, COMMAND is given a GOPATH of its own, in Glide's home, with nothing in it
but a link to the project, and runs in there, in the folder that you are in. Nothing is copied,
and the link goes with the command. No shell reads the arguments. The exit code is that of
COMMAND, 127 where there is no such program, 126 where it cannot be run.",
        "
Examples:
  glide-rs exec -- go build ./...
  glide-rs exec -- go test $(glide-rs novendor)
  glide-rs exec -- make static-build",
    ),
    (
        "env",
        "
For a shell in which all commands are to run as with `exec`. It also goes to the project by the
way through GOPATH. A private GOPATH made for that stays until `cache-clear`, or until the project
is gone.",
        "
Examples:
  eval \"$(glide-rs env)\"
  glide-rs env --format fish | source
  glide-rs env --format plain >> \"$GITHUB_ENV\"",
    ),
    (
        "completions",
        "
Prints a script for bash, elvish, fish, powershell or zsh, for the name that this program is called
by. It is put where the shell looks for such scripts, or read when the shell starts.",
        "
Examples:
  glide-rs completions bash > ~/.local/share/bash-completion/completions/glide-rs
  glide-rs completions zsh > \"${fpath[1]}/_glide-rs\"
  glide-rs completions fish > ~/.config/fish/completions/glide-rs.fish
  glide-rs completions powershell >> $PROFILE",
    ),
    (
        "man",
        "
Prints the page in the language of troff, which `man` shows, and installs with --dir the pages of all
commands at once.",
        "
Examples:
  glide-rs man install | man -l -
  glide-rs man --dir ~/.local/share/man/man1",
    ),
    (
        "help",
        "
Without a command this lists all of them.",
        "
Example:
  glide-rs help mirror set",
    ),
    (
        "import help",
        "
Without a command this lists all of them.",
        "
Example:
  glide-rs import help godep",
    ),
    (
        "lock help",
        "
Without a command this lists all of them.",
        "
Example:
  glide-rs lock help merge",
    ),
    (
        "mirror help",
        "
Without a command this lists all of them.",
        "
Example:
  glide-rs mirror help set",
    ),
];
