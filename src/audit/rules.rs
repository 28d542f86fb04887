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
    LISTED_TWICE = "listed-twice", Drift, Medium,
        "glide.lock lists a dependency twice",
        "Which of them counts is chance with Glide, and an error with glide-rs where they differ. Run \
         `glide-rs update`.";
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
