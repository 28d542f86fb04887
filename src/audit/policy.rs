//! glide-audit.toml: what a team has decided about findings.
//!
//! Unknown keys are errors: a policy with a slip of the pen must not pass for one that says less. An
//! ignore needs a reason, and one that has expired or that ignores nothing is itself a finding.

mod day;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use toml::Spanned;
use toml::value::{Date, Datetime};

use super::finding::{Check, Finding, Place, Severity};
use super::licences::is_id;
use super::report::Report;
use super::rules;

pub use day::Day;

/// The name of the file.
pub const FILE: &str = "glide-audit.toml";

/// A policy that cannot be followed.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// It is no TOML, or has keys or values that mean nothing.
    #[error("{0}")]
    Malformed(String),
    /// It is no text.
    #[error("it is not UTF-8")]
    NotText,
}

/// What is decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// The mildest severity that makes an audit fail.
    pub floor: Option<Severity>,
    /// The checks to run where the command line names none.
    pub checks: Option<Vec<Check>>,
    /// The hosts that repositories may be fetched from; none for any. `*.host` stands for all below.
    pub allowed_hosts: Vec<String>,
    /// What licences are allowed.
    pub licences: LicencePolicy,
    /// Findings that do not count.
    pub ignores: Vec<Ignore>,
}

/// What licences are allowed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LicencePolicy {
    /// SPDX ids; where there are any, others are not allowed.
    pub allow: Vec<String>,
    /// SPDX ids that are not allowed.
    pub deny: Vec<String>,
    /// Packages that may have a licence all the same.
    pub exceptions: Vec<LicenceException>,
}

/// A package that may have a licence that is not allowed otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LicenceException {
    /// Its name in glide.lock.
    pub package: String,
    /// The licence, as an SPDX id; any where it is empty.
    pub licence: String,
    /// Why.
    pub reason: String,
    /// The last day on which it holds.
    pub expires: Option<Day>,
    /// Where it stands in the policy, counted from 1.
    pub line: usize,
}

/// A finding that does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignore {
    /// The id of an advisory (or one of its other names), or the code of a rule.
    pub id: String,
    /// The package that it is about, by its name in glide.lock; any where it is empty.
    pub package: String,
    /// Why.
    pub reason: String,
    /// The last day on which it holds.
    pub expires: Option<Day>,
    /// Where it stands in the policy, counted from 1.
    pub line: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    severity: Option<Spanned<String>>,
    checks: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    allowed_hosts: Vec<String>,
    #[serde(default)]
    licences: Licences,
    #[serde(default)]
    ignore: Vec<Spanned<Entry>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Licences {
    #[serde(default)]
    allow: Vec<Spanned<String>>,
    #[serde(default)]
    deny: Vec<Spanned<String>>,
    #[serde(default)]
    exception: Vec<Spanned<Exception>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Exception {
    package: String,
    #[serde(default)]
    licence: String,
    reason: String,
    expires: Option<Spanned<Datetime>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Entry {
    id: String,
    #[serde(default)]
    package: String,
    reason: String,
    expires: Option<Spanned<Datetime>>,
}

impl Policy {
    /// Reads a glide-audit.toml.
    pub fn parse(bytes: &[u8]) -> Result<Self, PolicyError> {
        let text = std::str::from_utf8(bytes).map_err(|_| PolicyError::NotText)?;
        let file: File =
            toml::from_str(text).map_err(|error| PolicyError::Malformed(error.to_string()))?;
        let reader = Reader { text };
        let checks = file.checks.map(|names| {
            let checks = names.into_iter().map(|name| reader.check(&name));
            checks.collect::<Result<Vec<_>, _>>()
        });
        let exceptions = file.licences.exception.into_iter();
        let ignores = file.ignore.into_iter();
        Ok(Self {
            floor: file
                .severity
                .map(|name| reader.severity(&name))
                .transpose()?,
            checks: checks.transpose()?.map(|mut checks| {
                checks.sort_unstable();
                checks.dedup();
                checks
            }),
            allowed_hosts: file.allowed_hosts,
            licences: LicencePolicy {
                allow: reader.licences(file.licences.allow)?,
                deny: reader.licences(file.licences.deny)?,
                exceptions: exceptions
                    .map(|entry| reader.exception(entry))
                    .collect::<Result<_, _>>()?,
            },
            ignores: ignores
                .map(|entry| reader.ignore(entry))
                .collect::<Result<_, _>>()?,
        })
    }

    /// The checks to run where the command line names none, in order.
    pub fn checks_or_all(&self) -> &[Check] {
        match self.checks.as_deref() {
            None | Some([]) => &Check::ALL,
            Some(checks) => checks,
        }
    }

    /// Whether repositories may be fetched from the host.
    pub fn allows_host(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        let is_it = |allowed: &String| {
            let allowed = allowed.to_ascii_lowercase();
            match allowed.strip_prefix("*.") {
                None => allowed == host,
                Some(domain) => {
                    let below = host.strip_suffix(domain);
                    below.is_some_and(|below| below.len() > 1 && below.ends_with('.'))
                }
            }
        };
        self.allowed_hosts.is_empty() || self.allowed_hosts.iter().any(is_it)
    }
}

/// Turns texts of the file into what they mean.
struct Reader<'t> {
    text: &'t str,
}

impl Reader<'_> {
    fn line<T>(&self, part: &Spanned<T>) -> usize {
        let before = self.text.get(..part.span().start).unwrap_or_default();
        before.matches('\n').count() + 1
    }

    fn wrong<T>(&self, part: &Spanned<T>, what: &str) -> PolicyError {
        PolicyError::Malformed(format!("line {}: {what}", self.line(part)))
    }

    fn check(&self, name: &Spanned<String>) -> Result<Check, PolicyError> {
        Check::parse(name.get_ref()).ok_or_else(|| {
            let known = Check::ALL.map(Check::name).join(", ");
            let what = format!("there is no check `{}`; there are {known}", name.get_ref());
            self.wrong(name, &what)
        })
    }

    fn licences(&self, names: Vec<Spanned<String>>) -> Result<Vec<String>, PolicyError> {
        let checked = names.into_iter().map(|name| {
            if is_id(name.get_ref()) {
                return Ok(name.into_inner());
            }
            let what = "is no licence of the SPDX list; see https://spdx.org/licenses";
            Err(self.wrong(&name, &format!("`{}` {what}", name.get_ref())))
        });
        checked.collect()
    }

    fn severity(&self, name: &Spanned<String>) -> Result<Severity, PolicyError> {
        Severity::parse(name.get_ref()).ok_or_else(|| {
            let known = Severity::ALL.map(Severity::name).join(", ");
            let what = format!(
                "there is no severity `{}`; there are {known}",
                name.get_ref()
            );
            self.wrong(name, &what)
        })
    }

    fn day(&self, moment: Option<Spanned<Datetime>>) -> Result<Option<Day>, PolicyError> {
        let Some(moment) = moment else {
            return Ok(None);
        };
        match moment.get_ref().date {
            Some(Date { year, month, day }) => Ok(Some(Day(year, month, day))),
            None => Err(self.wrong(&moment, "`expires` is a day, as 2027-01-31")),
        }
    }

    fn reason<T>(&self, entry: &Spanned<T>, reason: &str) -> Result<(), PolicyError> {
        match reason.trim() {
            "" => Err(self.wrong(entry, "an exception needs a reason")),
            _ => Ok(()),
        }
    }

    fn exception(&self, entry: Spanned<Exception>) -> Result<LicenceException, PolicyError> {
        let line = self.line(&entry);
        self.reason(&entry, &entry.get_ref().reason)?;
        let entry = entry.into_inner();
        Ok(LicenceException {
            package: entry.package,
            licence: entry.licence,
            reason: entry.reason,
            expires: self.day(entry.expires)?,
            line,
        })
    }

    fn ignore(&self, entry: Spanned<Entry>) -> Result<Ignore, PolicyError> {
        let line = self.line(&entry);
        self.reason(&entry, &entry.get_ref().reason)?;
        let entry = entry.into_inner();
        Ok(Ignore {
            id: entry.id,
            package: entry.package,
            reason: entry.reason,
            expires: self.day(entry.expires)?,
            line,
        })
    }
}

impl Ignore {
    fn is_about(&self, finding: &Finding) -> bool {
        let mut names = finding.aliases.iter();
        let fits = finding.rule.code == self.id
            || finding.subject == self.id
            || names.any(|name| *name == self.id);
        fits && (self.package.is_empty() || self.package == finding.package)
    }

    /// Whether the checks that ran would have found what it is about.
    fn could_apply(&self, checks: &BTreeSet<Check>) -> bool {
        let rule = rules::RULES.iter().find(|rule| rule.code == self.id);
        if rule.is_some_and(|rule| rules::is_of_change(rule)) {
            // What it is about is gone as soon as it has been taken, and may come again.
            return false;
        }
        let check = rule.map_or(Check::Vulnerabilities, |rule| rule.check);
        checks.contains(&check)
    }
}

/// Sets aside the findings of these projects that a policy ignores, and adds what is wrong with the
/// ignores themselves to the first project. `file` is the policy's path in reports.
pub fn apply(policy: &Policy, file: &str, projects: &[usize], report: &mut Report, today: Day) {
    let mut used: BTreeMap<usize, bool> = BTreeMap::new();
    let audited = projects.iter().filter_map(|at| report.projects.get(*at));
    let checks: BTreeSet<_> = audited.flat_map(|it| it.checks.iter().copied()).collect();
    for &at in projects {
        let Some(project) = report.projects.get_mut(at) else {
            continue;
        };
        let before = project.findings.len();
        project.findings.retain(|finding| {
            let mut kept = true;
            for (number, ignore) in policy.ignores.iter().enumerate() {
                if ignore.is_about(finding) {
                    used.insert(number, true);
                    kept &= ignore.expires.is_some_and(|last| last < today);
                }
            }
            kept
        });
        project.set_aside += before - project.findings.len();
    }
    let mut found = Vec::new();
    for (number, ignore) in policy.ignores.iter().enumerate() {
        let place = Place::new(file, ignore.line);
        let is_used = used.contains_key(&number);
        if let Some(last) = ignore.expires.filter(|last| *last < today) {
            let message = format!("the ignore of {} has expired on {last}", ignore.id);
            let finding = Finding::new(&rules::IGNORE_EXPIRED, &ignore.package, place, message);
            let finding = finding.with_detail(format!("its reason: {}", ignore.reason));
            found.push(
                finding
                    .about(&ignore.id)
                    .with_remedy("mend what it was about, or renew it"),
            );
        } else if !is_used && ignore.could_apply(&checks) {
            let message = format!("the ignore of {} ignores nothing", ignore.id);
            let finding = Finding::new(&rules::IGNORE_UNUSED, &ignore.package, place, message);
            found.push(finding.about(&ignore.id).with_remedy("take it out"));
        }
    }
    if checks.contains(&Check::Licences) {
        let audited = projects.iter().filter_map(|at| report.projects.get(*at));
        let needed = audited.flat_map(|project| project.excepted.iter().copied());
        found.extend(exceptions(policy, file, &needed.collect(), today));
    }
    let first = projects.first().and_then(|at| report.projects.get_mut(*at));
    if let Some(first) = first {
        first.findings.extend(found);
        first.sort();
    }
}

/// What is wrong with the exceptions for licences, of which some are needed.
fn exceptions(policy: &Policy, file: &str, needed: &BTreeSet<usize>, today: Day) -> Vec<Finding> {
    let mut found = Vec::new();
    for (number, exception) in policy.licences.exceptions.iter().enumerate() {
        let package = &exception.package;
        let place = Place::new(file, exception.line);
        if let Some(last) = exception.expires.filter(|last| *last < today) {
            let message =
                format!("the exception for the licence of {package} has expired on {last}");
            let finding = Finding::new(&rules::EXCEPTION_EXPIRED, package, place, message);
            let finding = finding.with_detail(format!("its reason: {}", exception.reason));
            let remedy = "replace the package, or renew the exception";
            found.push(finding.about(&exception.licence).with_remedy(remedy));
        } else if !needed.contains(&number) {
            let message = format!("the exception for the licence of {package} excepts nothing");
            let finding = Finding::new(&rules::EXCEPTION_UNUSED, package, place, message);
            found.push(finding.about(&exception.licence).with_remedy("take it out"));
        }
    }
    found
}

#[cfg(test)]
mod tests;
