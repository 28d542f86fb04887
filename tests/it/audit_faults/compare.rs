//! What the audit finds beside what is planted.

use glide_rs::audit::RULES;
use serde_json::Value;

use super::case::Case;
use super::kit::Kit;
use crate::support::process::Output;

/// What is planted, and how it is looked for.
pub(super) struct Planted<'a> {
    pub(super) case: &'a Case,
    pub(super) kit: &'a Kit,
    /// Without a network, nothing that is known of provenance counts.
    pub(super) is_offline: bool,
}

impl Planted<'_> {
    /// Compares what an audit wrote, and its exit code.
    pub(super) fn judged(&self, output: &Output) -> Result<(), String> {
        if let Some(secret) = self.case.secret {
            let all = format!("{}{}", output.stdout, output.stderr);
            if all.contains(secret) {
                return Err(format!("`{secret}` is told: {all}"));
            }
        }
        if let Some(part) = self.case.refused {
            let told = output.stderr.contains(part) && output.exit == Some(2);
            return told.then_some(()).ok_or(format!("{output:?}"));
        }
        let report: Value = serde_json::from_str(&output.stdout)
            .map_err(|error| format!("no report: {error}: {output:?}"))?;
        self.compared(&report["projects"][0])?;
        let expected = self.case.exit_code();
        let is_same = output.exit == Some(expected);
        // Without a network, less is known of where pins come from, and other things of some worlds.
        if is_same
            || self.is_offline
                && (self.tells_of_provenance() || !self.case.unchecked_offline.is_empty())
        {
            return Ok(());
        }
        Err(format!("exit code {:?} and not {expected}", output.exit))
    }

    fn tells_of_provenance(&self) -> bool {
        let found = self.case.findings.iter();
        let mut checks = found
            .map(|line| check_of(line))
            .chain(self.case.unchecked.iter().map(|(check, ..)| *check));
        checks.any(|check| check == "provenance") || !self.case.offline.is_empty()
    }

    /// Compares a project's findings with those planted.
    pub(super) fn compared(&self, project: &Value) -> Result<(), String> {
        let mut troubles: Vec<String> = self.findings(project).into_iter().collect();
        troubles.extend(self.not_looked_at(project));
        let aside = [&project["set_aside"], &project["in_baseline"]].map(Value::as_u64);
        let (ignored, known) = self.case.aside;
        if aside != [Some(ignored), Some(known)] && !(self.is_offline && self.tells_of_provenance())
        {
            troubles.push(format!("set aside {aside:?} and not {:?}", self.case.aside));
        }
        if troubles.is_empty() {
            return Ok(());
        }
        Err(troubles.join("\n"))
    }

    /// What is missing of the findings, or found besides.
    fn findings(&self, project: &Value) -> Option<String> {
        let lines = |lines: &[&str]| -> Vec<String> {
            lines.iter().map(|line| self.kit.filled(line, "")).collect()
        };
        let mut expected = lines(&self.case.findings);
        let mut found: Vec<String> = list(project, "findings").map(line).collect();
        if self.is_offline {
            expected.extend(lines(&self.case.offline));
            expected.retain(|line| check_of(line) != "provenance");
            found.retain(|line| check_of(line) != "provenance");
        }
        expected.sort();
        found.sort();
        let told = |mark: &str, lines: &[String], others: &[String]| -> String {
            let only = lines.iter().filter(|line| !others.contains(line));
            only.flat_map(|line| ["\n  ", mark, " ", line]).collect()
        };
        let (missing, besides) = (
            told("missing", &expected, &found),
            told("besides", &found, &expected),
        );
        // One that is found twice shows in neither.
        (expected != found).then(|| {
            format!(
                "findings: {} and not {}{missing}{besides}",
                found.len(),
                expected.len()
            )
        })
    }

    /// What is wrong with what could not be looked at.
    fn not_looked_at(&self, project: &Value) -> Option<String> {
        let is_meant = |check: &str| !(self.is_offline && check == "provenance");
        let told = list(project, "unchecked").filter(|told| is_meant(word(told, "check")));
        let told: Vec<_> = told.collect();
        let more: &[_] = if self.is_offline {
            &self.case.unchecked_offline
        } else {
            &[]
        };
        let wanted = self.case.unchecked.iter().chain(more);
        let wanted: Vec<_> = wanted.filter(|(check, ..)| is_meant(check)).collect();
        let is_it = |told: &Value, (check, package, part): &(&str, &str, &str)| {
            let reason = word(told, "reason");
            // Without a network, why is another matter.
            let fits = self.is_offline || reason.contains(part);
            word(told, "check") == *check && or_dash(word(told, "package")) == *package && fits
        };
        let all = wanted
            .iter()
            .all(|wanted| told.iter().any(|told| is_it(told, wanted)));
        let fits = all && wanted.len() == told.len();
        (!fits).then(|| format!("not looked at: {told:?} and not {wanted:?}"))
    }
}

/// What a report says could not be looked at, as `check package`, each once.
pub(crate) fn unknown(output: &Output) -> Vec<String> {
    let report: Value = serde_json::from_str(&output.stdout).unwrap();
    let told = list(&report["projects"][0], "unchecked");
    let told = told.map(|told| {
        let package = or_dash(word(told, "package"));
        format!("{} {package}", word(told, "check"))
    });
    let mut told: Vec<_> = told.collect();
    told.sort();
    told.dedup();
    told
}

fn list<'v>(project: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    project[name].as_array().unwrap().iter()
}

fn word<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap()
}

fn or_dash(text: &str) -> &str {
    if text.is_empty() { "-" } else { text }
}

/// A finding as a world writes it down.
fn line(found: &Value) -> String {
    let files = list(found, "details").map(|line| line.as_str().unwrap());
    let files: Vec<_> = files.filter(|line| line.starts_with("vendor/")).collect();
    let place = &found["place"];
    // In a run over many projects, places begin with the project's folder.
    let file = word(place, "file");
    let file = file.rsplit_once("/me/app/").map_or(file, |(_, file)| file);
    let about = match word(found, "check") {
        "integrity" => files.join(" "),
        _ => word(found, "subject").to_owned(),
    };
    let line = format!(
        "{} {} {} {file}:{} {about}",
        word(found, "severity"),
        word(found, "rule"),
        or_dash(word(found, "package")),
        place["line"],
    );
    line.trim_end().to_owned()
}

/// The check of the rule that a line names.
fn check_of(line: &str) -> &'static str {
    let code = rule_of(line);
    let rule = RULES.iter().find(|rule| rule.code == code);
    rule.unwrap_or_else(|| panic!("{line}: no such rule"))
        .check
        .name()
}

/// The rule that a line names.
pub(crate) fn rule_of(line: &str) -> &str {
    line.split(' ').nth(1).unwrap()
}
