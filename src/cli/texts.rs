//! What the help says of each command besides one line and its flags: what it does, and an example.
//!
//! Our own name in a command to type becomes `glide` where that is what we are called by.

mod more;

use more::MORE;

/// What a command does and an example of it; the program itself has the empty path.
pub(super) fn of(path: &str) -> Option<(&'static str, &'static str)> {
    let mut all = TEXTS.iter().chain(MORE);
    all.find(|(name, _, _)| *name == path)
        .map(|(_, does, example)| (*does, *example))
}

/// The commands that have a text.
#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    TEXTS.iter().chain(MORE).map(|(name, _, _)| *name)
}

/// A command, what it does, an example.
type Text = (&'static str, &'static str, &'static str);

const TEXTS: &[Text] = &[
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

`glide-rs help install` tells more of a command. An unknown command NAME runs the program
glide-rs-NAME or glide-NAME from PATH or this folder.",
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
];
