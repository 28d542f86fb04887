//! What a policy and a baseline set aside, and what is wrong with them.

use super::case::Case;

const VULNERABLE: &[&str] = &["github.com/acme/lib@v1.2.0"];
const FOUND: &str = "high vulnerable github.com/acme/lib glide.lock:4 GO-1001";

fn vulnerable(name: &'static str) -> Case {
    Case::installed_of(name, VULNERABLE)
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = ignores();
    cases.extend(floors());
    cases.extend(malformed());
    cases.extend(baselines());
    cases
}

fn ignores() -> Vec<Case> {
    vec![
        vulnerable("an advisory that is ignored")
            .policy("[[ignore]]\nid = \"GO-1001\"\nreason = \"not reached\"\nexpires = 2999-01-01\n")
            .set_aside(1),
        vulnerable("an advisory that is ignored of one package")
            .policy("[[ignore]]\nid = \"GO-1001\"\npackage = \"github.com/acme/lib\"\nreason = \"not reached\"\n")
            .set_aside(1),
        vulnerable("an advisory that is ignored of another package")
            .policy("[[ignore]]\nid = \"GO-1001\"\npackage = \"github.com/acme/log\"\nreason = \"not reached\"\n")
            .finds(FOUND)
            .finds("low ignore-unused github.com/acme/log glide-audit.toml:1 GO-1001"),
        vulnerable("an ignore that has expired")
            .policy("# Since long.\n[[ignore]]\nid = \"GO-1001\"\nreason = \"not reached\"\nexpires = 2020-01-01\n")
            .finds(FOUND)
            .finds("medium ignore-expired - glide-audit.toml:2 GO-1001"),
        Case::installed("an ignore of what is not there")
            .policy("[[ignore]]\nid = \"GO-1001\"\nreason = \"not reached\"\n")
            .finds("low ignore-unused - glide-audit.toml:1 GO-1001"),
        Case::installed("an ignore of what does not run")
            .policy("[[ignore]]\nid = \"GO-1001\"\nreason = \"not reached\"\n")
            .only(&["drift"]),
        Case::installed("a rule that is ignored")
            .write("vendor/github.com/acme/log/more.go", "package log\n")
            .policy("[[ignore]]\nid = \"file-added\"\nreason = \"ours\"\n")
            .set_aside(1),
    ]
}

fn floors() -> Vec<Case> {
    let left_over = |name: &'static str| {
        Case::installed(name)
            .lock(
                "testImports:\n",
                "- name: github.com/acme/spare\n  version: {spare@v1.0.0}\ntestImports:\n",
            )
            .run(&["--quiet", "install"])
            .finds("low left-over github.com/acme/spare glide.lock:10")
    };
    vec![
        left_over("a finding below the policy's floor")
            .policy("severity = \"medium\"\n")
            .exits(0),
        left_over("a finding below the floor of the command line")
            .with(&["--severity", "medium"])
            .exits(0),
        left_over("a floor of the command line below that of the policy")
            .policy("severity = \"high\"\n")
            .with(&["--severity", "low"])
            .exits(1),
        Case::installed("checks that the policy leaves out")
            .write("vendor/github.com/acme/log/more.go", "package log\n")
            .policy("checks = [\"drift\"]\n")
            // Which keeps it out of the run over all projects, where checks of policies add up.
            .with(&["--severity", "low"]),
    ]
}

fn malformed() -> Vec<Case> {
    let with = |name: &'static str, text: &'static str, part: &'static str| {
        Case::installed(name).policy(text).refused(part)
    };
    vec![
        with(
            "a policy that is no TOML",
            "severity = high\n",
            "glide-audit.toml",
        ),
        with(
            "a policy with a key that nobody knows",
            "\nseverty = \"high\"\n",
            "severty",
        ),
        with(
            "a policy with a severity that nobody knows",
            "\nseverity = \"awful\"\n",
            "line 2: there is no severity `awful`",
        ),
        with(
            "an ignore without a reason",
            "[[ignore]]\nid = \"GO-1001\"\n",
            "reason",
        ),
        with(
            "an ignore with an empty reason",
            "[[ignore]]\nid = \"GO-1001\"\nreason = \" \"\n",
            "line 1: an exception needs a reason",
        ),
        with(
            "a policy with a licence that nobody knows",
            "[licences]\nallow = [\"Appache\"]\n",
            "line 2: `Appache`",
        ),
    ]
}

fn baselines() -> Vec<Case> {
    const MINE: &str = "package log // mine\n";
    vec![
        Case::installed("a finding that the baseline knows")
            .write("vendor/github.com/acme/log/log.go", MINE)
            .baseline()
            .in_baseline(1),
        Case::installed("a finding that the baseline knows, and a new one")
            .write("vendor/github.com/acme/text/more.go", "package lib\n")
            .baseline()
            .write("vendor/github.com/acme/text/again.go", "package lib\n")
            .finds("high file-added github.com/acme/text glide.lock:6 vendor/github.com/acme/text/again.go vendor/github.com/acme/text/more.go"),
        Case::installed("a finding of the baseline that stands on another line by now")
            .stale()
            .yaml("testImport:\n", "- package: github.com/acme/spare\ntestImport:\n")
            .baseline()
            .yaml("import:\n- package: github.com/acme/log", "# More to come.\nimport:\n- package: github.com/acme/log")
            .in_baseline(2),
        Case::installed("a baseline that is no report")
            .write("known.json", "{}")
            .with(&["--baseline", "known.json"])
            .refused("known.json"),
    ]
}
