//! The texts of commands that are for looking, checking and setting up, and of `help`.

use super::Text;

pub(super) const MORE: &[Text] = &[
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
Puts two versions of glide.lock together, repository by repository: as git's merge driver, or where
git has left conflict markers. Where the two sides disagree, both pins are told, their entry is left
in conflict, and the exit code is 1. The hash is that of the merged glide.yaml, so that comes first.
Nothing is resolved anew: `audit drift` tells whether anything is missing.",
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
  glide-rs env --format json
  glide-rs env --format plain >> \"$GITHUB_ENV\"",
    ),
    (
        "completions",
        "
Prints a script for bash, elvish, fish, powershell or zsh, for the name that this program is called
by. It is put where the shell looks for such scripts, or read when the shell starts. zsh looks into
the folders of fpath: `fpath+=~/.zfunc` in ~/.zshrc, before `compinit`.",
        "
Examples:
  glide-rs completions bash > ~/.local/share/bash-completion/completions/glide-rs
  glide-rs completions elvish >> ~/.config/elvish/rc.elv
  glide-rs completions zsh > ~/.zfunc/_glide-rs
  glide-rs completions fish > ~/.config/fish/completions/glide-rs.fish
  glide-rs completions powershell >> $PROFILE",
    ),
    (
        "man",
        "
Prints the page in the language of troff, which `man` shows. With --dir the pages of all commands
are written at once.",
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
