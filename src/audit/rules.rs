//! What can be found: a stable code each, how bad it is, and what it means.
//!
//! The codes are part of the program's interface: policies, baselines and code scanning name them.

use super::finding::{Check, Severity};

/// A kind of finding.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its stable code.
    pub code: &'static str,
    /// The check that looks for it.
    pub check: Check,
    /// How bad it is, unless circumstances make it otherwise.
    pub severity: Severity,
    /// What it is, in a few words.
    pub title: &'static str,
    /// What it means and what to do, in a few sentences.
    pub help: &'static str,
}

macro_rules! rules {
    ($($name:ident = $code:literal, $check:ident, $severity:ident, $title:literal, $help:literal;)*) => {
        $(
            #[doc = $title]
            pub(super) static $name: Rule = Rule {
                code: $code,
                check: Check::$check,
                severity: Severity::$severity,
                title: $title,
                help: $help,
            };
        )*

        /// All rules, in the order of their checks.
        pub static RULES: &[&Rule] = &[$(&$name),*];
    };
}

rules! {
    HASH_COSMETIC = "hash-cosmetic", Drift, Note,
        "The hash is not that of glide.yaml, but all pins still fit",
        "glide.yaml has changed since glide.lock was made, in a way that changes no dependency. \
         `glide-rs update` brings the hash up to date.";
    HASH_MISSING = "hash-missing", Drift, Low,
        "glide.lock has no hash",
        "Without its hash nothing ties glide.lock to glide.yaml. `glide-rs update` writes it.";
    NOT_LOCKED = "not-locked", Drift, High,
        "A dependency of glide.yaml is not in glide.lock",
        "`install` does not install what glide.lock does not list. Run `glide-rs update`.";
    LEFT_OVER = "left-over", Drift, Low,
        "glide.lock lists what nothing needs",
        "Neither glide.yaml nor any code asks for it any more. Run `glide-rs update`.";
    VERSION_UNMET = "version-unmet", Drift, High,
        "A pin does not meet the version that glide.yaml asks for",
        "glide.yaml was changed without an update, or glide.lock by hand. Run `glide-rs update`, or put \
         the version in glide.yaml right.";
    SOURCE_DIFFERS = "source-differs", Drift, High,
        "glide.yaml and glide.lock name different sources",
        "`repo` or `vcs` differ, so the pin is fetched from elsewhere than glide.yaml says. Run \
         `glide-rs update`.";
    PLATFORM_DIFFERS = "platform-differs", Drift, Medium,
        "glide.yaml and glide.lock name different systems",
        "`os` or `arch` differ. Run `glide-rs update`.";
    IGNORED_LOCKED = "ignored-locked", Drift, Low,
        "glide.lock lists what glide.yaml ignores",
        "It is not installed. Run `glide-rs update` to take it out of glide.lock.";
    IMPORT_NOT_LOCKED = "import-not-locked", Drift, High,
        "The code imports a package that glide.lock does not cover",
        "A build from vendor/ alone does not find it. Run `glide-rs update` or `glide-rs get`.";
    HASH_DIFFERS = "hash-differs", Drift, Low,
        "glide.lock was not made from this glide.yaml",
        "glide.yaml has changed since, and what else was found may come of that. Run `glide-rs update`.";
    INEXACT = "inexact", Drift, Medium,
        "A pin is no commit",
        "A branch or tag, or nothing, as the version of a pin means that two installs can differ. Run \
         `glide-rs update`.";
    PACKAGE_MISSING = "package-missing", Drift, High,
        "The pinned commit lacks a package that is imported",
        "A build does not find it. Pin another commit, or stop importing it.";
    MORE_THAN_TESTS = "more-than-tests", Drift, High,
        "The code itself needs what glide.lock has for tests only",
        "`install --skip-test` leaves it out, and the build fails. Run `glide-rs update`.";
    LISTED_TWICE = "listed-twice", Drift, Medium,
        "glide.lock lists a dependency twice",
        "Which of them counts is chance with Glide, and an error with glide-rs where they differ. Run \
         `glide-rs update`.";
    NO_VENDOR = "no-vendor", Integrity, Note,
        "There is no vendor/",
        "Nothing is installed, so there is nothing to compare. `glide-rs install` fills vendor/.";
    NOT_INSTALLED = "not-installed", Integrity, High,
        "A locked dependency is not in vendor/",
        "vendor/ was not filled since glide.lock changed, or somebody removed the folder. Run \
         `glide-rs install`. (What only tests need, or other systems, may be left out on purpose.)";
    FILE_CHANGED = "file-changed", Integrity, High,
        "A file in vendor/ is other than in the pinned commit",
        "Somebody edited vendor/, or it was filled from another commit. See what the change is; keep it as a \
         fork of the dependency (`repo` in glide.yaml), or run `glide-rs install` to undo it.";
    MODE_CHANGED = "mode-changed", Integrity, Medium,
        "A file in vendor/ has another mode than in the pinned commit",
        "Whether the file may be executed differs. Run `glide-rs install` to undo it.";
    FILE_MISSING = "file-missing", Integrity, High,
        "A file of the pinned commit is missing in vendor/",
        "Somebody removed it, or vendor/ is kept in a repository that ignores it. Run `glide-rs install`.";
    FILE_ADDED = "file-added", Integrity, High,
        "A file in vendor/ is not in the pinned commit",
        "Code that nobody pinned is built with the project. See where it comes from, or run \
         `glide-rs install` to remove it.";
    UNKNOWN_PACKAGE = "unknown-package", Integrity, High,
        "A folder in vendor/ belongs to nothing in glide.lock",
        "Code that nobody pinned is there to be built. Add it to glide.yaml with `glide-rs get`, or run \
         `glide-rs install` to remove it.";
    COMMIT_UNREACHABLE = "commit-unreachable", Provenance, Critical,
        "A pinned commit is not in the history of its repository",
        "No branch or tag leads to it, yet the host gives it to whoever asks by its id: hosts do so for \
         commits of forks and pull requests, so that anybody can put code under somebody else's name. See who \
         made it; pin a commit of the repository itself, or name the fork as `repo`.";
    HISTORY_REWRITTEN = "history-rewritten", Provenance, High,
        "A pinned commit was in the history of its repository, and is no more",
        "Its branch was removed or force-pushed since this machine last asked. See why, then pin a commit of the \
         new history.";
    COMMIT_GONE = "commit-gone", Provenance, High,
        "A pinned commit is not in its repository any more",
        "A fresh install cannot fetch it. Keep what vendor/ or the cache has of it, and pin another commit.";
    TAG_MOVED = "tag-moved", Provenance, High,
        "The tag that glide.yaml names is another commit than the locked one",
        "Tags do not move by themselves: somebody has moved it, or glide.lock was edited by hand. See what lies \
         between the two commits before you take either.";
    NAME_GONE = "name-gone", Provenance, Medium,
        "The tag or branch that glide.yaml names is gone",
        "The next update fails. Name another version in glide.yaml.";
    REPOSITORY_MOVED = "repository-moved", Provenance, Low,
        "A repository has moved",
        "Its host sends on whoever asks, for as long as nobody takes the old name. Name the new address as `repo` \
         in glide.yaml.";
    REPOSITORY_GONE = "repository-gone", Provenance, High,
        "A repository is gone",
        "A fresh install fails. Find where it went and name that as `repo`, or keep a copy of your own.";
    INSECURE_SOURCE = "insecure-source", Provenance, Medium,
        "A dependency is fetched over an unprotected connection",
        "Anybody on the way can read and change it. Name an https:// or ssh:// address as `repo`.";
    PASSWORD_IN_SOURCE = "password-in-source", Provenance, High,
        "A password stands in glide.lock",
        "Whoever may read the project's repository, or its past, has it. Withdraw it, name the address without it \
         as `repo`, and let .netrc or git's credential helpers give the new one.";
    HOST_NOT_ALLOWED = "host-not-allowed", Provenance, High,
        "A dependency is fetched from a host that is not allowed",
        "glide-audit.toml lists the hosts that may be used under `allowed-hosts`. Fetch it from one of these, or \
         add the host.";
    SOURCE_CHANGED = "source-changed", Provenance, High,
        "A dependency is fetched from elsewhere than before",
        "Told with `--since`. `repo` or `vcs` of its entry changed, so other people decide what its code is. See whose \
         the new source is and why it is wanted. A note where it is the same place, asked in another way (ssh for https).";
    WENT_BACK = "went-back", Provenance, Medium,
        "A pin went back to an earlier commit",
        "Told with `--since`. The new commit comes before the old one, and what was mended between them is lost. See why.";
    WENT_ASIDE = "went-aside", Provenance, Low,
        "A pin went to a commit that does not come after the old one",
        "Told with `--since`. It is on another branch, or its history does not have the old one any more, so something may \
         be lost. See what lies between the two.";
    PIN_MOVED = "pin-moved", Provenance, Note,
        "A pin is at another commit than before",
        "Told with `--since`. Nothing is wrong with that as such.";
    PIN_ADDED = "pin-added", Provenance, Note,
        "A dependency is new",
        "Told with `--since`. Nothing is wrong with that as such.";
    PIN_REMOVED = "pin-removed", Provenance, Note,
        "A dependency is gone",
        "Told with `--since`. Nothing is wrong with that as such.";
    SCOPE_CHANGED = "scope-changed", Provenance, Note,
        "A dependency is for other uses or systems than before",
        "Told with `--since`. It went from `imports` to `testImports` or back, or its `os` or `arch` changed.";
    LICENCE_DENIED = "licence-denied", Licences, High,
        "A dependency is under a licence that is denied",
        "glide-audit.toml lists it under `deny`, and it cannot be done without it. Replace the dependency, or \
         make an exception that says why.";
    LICENCE_NOT_ALLOWED = "licence-not-allowed", Licences, High,
        "A dependency is under a licence that is not allowed",
        "glide-audit.toml lists others under `allow`. Replace the dependency, allow the licence, or make an \
         exception that says why. Milder where the licence is guessed.";
    LICENCE_UNKNOWN = "licence-unknown", Licences, Medium,
        "A dependency has a licence that nobody knows",
        "A file looks like a licence and is the text of none that is known: somebody has to read it. An \
         exception in glide-audit.toml says what came of that. Milder without a policy.";
    LICENCE_MISSING = "licence-missing", Licences, Medium,
        "A dependency has no licence",
        "No file of its folder, no line of its code and no README names one, so nobody may use it. Ask its authors, \
         or replace it. Milder without a policy.";
    IGNORE_EXPIRED = "ignore-expired", Policy, Medium,
        "An ignore in glide-audit.toml has expired",
        "What it ignores counts again. Mend it, or renew the ignore with a new day.";
    IGNORE_UNUSED = "ignore-unused", Policy, Low,
        "An ignore in glide-audit.toml ignores nothing",
        "What it was about is gone. Take it out, so that it hides nothing later.";
    EXCEPTION_EXPIRED = "exception-expired", Policy, Medium,
        "An exception in glide-audit.toml has expired",
        "The package is held against the lists of licences again. Replace it, or renew the exception with a new \
         day.";
    EXCEPTION_UNUSED = "exception-unused", Policy, Low,
        "An exception in glide-audit.toml excepts nothing",
        "The package is gone, or its licence is allowed. Take it out, so that it hides nothing later.";
    VULNERABLE = "vulnerable", Vulnerabilities, High,
        "A pinned commit has a known vulnerability",
        "The finding names the versions that mend it: put one into glide.yaml and run `glide-rs update`. It is \
         milder where no code uses the packages that are affected, or only tests do.";
    FORK_VULNERABLE = "fork-vulnerable", Vulnerabilities, High,
        "A fork is pinned whose original has a known vulnerability",
        "`repo` names a fork, which no database knows. What is known of the original counts until somebody \
         has seen that the fork mends it; then the id can be ignored in glide-audit.toml, with that reason.";
    VULNERABLE_GO = "vulnerable-go", Vulnerabilities, High,
        "The version of Go has a known vulnerability",
        "The standard library is built into every program. Build with a version of Go that mends it.";
    GO_NOT_CHECKED = "go-not-checked", Vulnerabilities, Note,
        "The version of Go is not known",
        "What is known of Go itself was not looked at. `--go-version` names the version that builds the project.";
    DATABASE_OLD = "database-old", Vulnerabilities, Note,
        "The vulnerability database is old",
        "What became known since is not in it. Let `--db` name a newer one.";
    DATABASE_COPY = "database-copy", Vulnerabilities, Note,
        "The vulnerability database is a copy of an earlier run",
        "It could not be asked whether it has changed since. Run again with a network.";
}

/// Whether it tells of changes: it is only ever broken between one revision and the next.
pub(super) fn is_of_change(rule: &Rule) -> bool {
    let all = [
        &SOURCE_CHANGED,
        &WENT_BACK,
        &WENT_ASIDE,
        &PIN_MOVED,
        &PIN_ADDED,
        &PIN_REMOVED,
        &SCOPE_CHANGED,
    ];
    all.iter().any(|other| other.code == rule.code)
}
