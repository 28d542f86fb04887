//! What a check gives back.

use std::fmt;

use super::rules::Rule;

/// The checks, in the order in which they run and are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Check {
    /// glide.yaml and the code against glide.lock.
    Drift,
    /// vendor/ against the pinned commits.
    Integrity,
    /// Where the pinned commits come from.
    Provenance,
    /// Known vulnerabilities.
    Vulnerabilities,
    /// Licences.
    Licences,
    /// The policy itself; always looked at where there is one.
    Policy,
}

impl Check {
    /// All that can be asked for, in order.
    pub const ALL: [Self; 5] = [
        Self::Drift,
        Self::Integrity,
        Self::Provenance,
        Self::Vulnerabilities,
        Self::Licences,
    ];

    /// The name on the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Drift => "drift",
            Self::Integrity => "integrity",
            Self::Provenance => "provenance",
            Self::Vulnerabilities => "vulnerabilities",
            Self::Licences => "licences",
            Self::Policy => "policy",
        }
    }

    /// The check of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|check| check.name() == name)
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How bad a finding is. A [`Severity::Note`] never makes an audit fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// To be known, not to be mended.
    Note,
    /// Untidy.
    Low,
    /// To be looked at.
    Medium,
    /// To be mended.
    High,
    /// To be mended at once.
    Critical,
}

impl Severity {
    /// All of them, mildest first.
    pub const ALL: [Self; 5] = [
        Self::Note,
        Self::Low,
        Self::Medium,
        Self::High,
        Self::Critical,
    ];

    /// The name in policies and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The severity of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|severity| severity.name() == name)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where something stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file, below the project's folder, with `/` between names.
    pub file: String,
    /// The line, counted from 1; 0 for the file as a whole.
    pub line: usize,
}

impl Place {
    /// A line of glide.lock.
    pub fn lock(line: usize) -> Self {
        Self::new("glide.lock", line)
    }

    /// A line of a file.
    pub fn new(file: impl Into<String>, line: usize) -> Self {
        Self {
            file: file.into(),
            line,
        }
    }
}

/// Something that a check has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which rule it breaks.
    pub rule: &'static Rule,
    /// How bad it is here: the rule's own severity, or what the circumstances make of it.
    pub severity: Severity,
    /// The repository that it is about, by its name in glide.lock; empty for the project.
    pub package: String,
    /// What tells findings of one rule and package apart, however the words change: the id of an
    /// advisory, a path, a licence; empty where nothing has to.
    pub subject: String,
    /// What was found there, where it may come to be something else that is as bad: the commit, the
    /// host, a name for the bytes of files. What is known of one must not hide another.
    pub state: String,
    /// Other names of the same, as the CVE number of an advisory.
    pub aliases: Vec<String>,
    /// Where it shows.
    pub place: Place,
    /// What is wrong, in a sentence without its full stop.
    pub message: String,
    /// More about it, a line each.
    pub details: Vec<String>,
    /// What to do about it; empty where there is nothing to say.
    pub remedy: String,
}

impl Finding {
    /// A finding with the severity of its rule.
    pub fn new(rule: &'static Rule, package: &str, place: Place, message: String) -> Self {
        Self {
            rule,
            severity: rule.severity,
            package: package.to_owned(),
            subject: String::new(),
            state: String::new(),
            aliases: Vec::new(),
            place,
            message,
            details: Vec::new(),
            remedy: String::new(),
        }
    }

    /// The same, told apart from others of its rule and package.
    #[must_use]
    pub fn about(mut self, subject: impl Into<String>) -> Self {
        self.subject = subject.into();
        self
    }

    /// The same, told apart from what may stand in its place another time.
    #[must_use]
    pub fn in_state(mut self, state: impl Into<String>) -> Self {
        self.state = state.into();
        self
    }

    /// The same, as bad as this.
    #[must_use]
    pub fn of_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The same with one more line.
    #[must_use]
    pub fn with_detail(mut self, line: impl Into<String>) -> Self {
        self.details.push(line.into());
        self
    }

    /// The same with what to do about it.
    #[must_use]
    pub fn with_remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = remedy.into();
        self
    }

    /// What names the finding from one run to the next, for baselines and ignores.
    pub fn key(&self) -> String {
        let key = format!("{} {} {}", self.rule.code, self.package, self.subject);
        if self.state.is_empty() {
            key
        } else {
            format!("{key} {}", self.state)
        }
    }
}

/// Something that could not be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unchecked {
    /// By which check.
    pub check: Check,
    /// The repository, by its name in glide.lock; empty for all.
    pub package: String,
    /// What of it, where there is more than one thing to look at: ids of advisories, a version that is
    /// asked for.
    pub subjects: Vec<String>,
    /// Why not.
    pub reason: String,
}

impl Unchecked {
    /// All of a repository, or of the project where the name is empty.
    pub fn new(check: Check, package: &str, reason: impl Into<String>) -> Self {
        Self {
            check,
            package: package.to_owned(),
            subjects: Vec::new(),
            reason: reason.into(),
        }
    }

    /// The same of these things alone.
    #[must_use]
    pub fn about(mut self, subjects: Vec<String>) -> Self {
        self.subjects = subjects;
        self
    }
}

/// What a check gives back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// What nobody knows.
    pub unchecked: Vec<Unchecked>,
}

impl Checked {
    /// Adds what another check gave back.
    pub fn extend(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.unchecked.extend(other.unchecked);
    }
}
