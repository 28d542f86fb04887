//! Failures at the edge: what kind they are, what may help, and which exit code they end in.
//!
//! Modules have error types of their own beside what fails; a command turns them into a
//! [`Failure`] with `?`. Rendering happens in `ui`, once.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

/// What sort of failure it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Something the person can change: a file, a version, a permission.
    User,
    /// A remote did not answer, or answered with a failure.
    Network,
    /// A fault of glide-rs itself.
    Internal,
}

/// Where in a file something is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file: its whole path, or the one below the project's folder.
    pub file: String,
    /// The line, counted from 1, where that is known.
    pub line: Option<usize>,
}

impl Place {
    /// A file, and a line of it.
    pub fn new(file: impl fmt::Display, line: impl Into<Option<usize>>) -> Self {
        Self {
            file: file.to_string(),
            line: line.into(),
        }
    }
}

impl fmt::Display for Place {
    /// As editors and terminals take it: `glide.yaml:4`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        self.line.map_or(Ok(()), |line| write!(f, ":{line}"))
    }
}

/// How an error type says what kind it is and what may help; implemented beside each error type.
pub trait Classify: StdError + Send + Sync + 'static {
    /// The sort of failure.
    fn kind(&self) -> Kind {
        Kind::User
    }

    /// What the person could do about it, one sentence each.
    fn hints(&self) -> Vec<String> {
        Vec::new()
    }

    /// Where in a file it is, if it knows one.
    fn place(&self) -> Option<Place> {
        None
    }
}

/// A command's failure: the error with its chain of causes, its kind and hints, its exit code.
#[derive(Debug)]
pub struct Failure {
    /// The sort of failure.
    pub kind: Kind,
    /// The error itself; its `source()` chain holds the causes.
    pub source: Box<dyn StdError + Send + Sync>,
    /// What the person could do about it.
    pub hints: Vec<String>,
    /// Where in a file it is, for programs: the texts tell it as well.
    pub place: Option<Place>,
    /// The exit code; 1 unless Glide has another one for the case.
    pub code: u8,
}

impl Failure {
    /// A failure that is told by a sentence alone.
    pub fn user(message: impl fmt::Display) -> Self {
        Self {
            kind: Kind::User,
            source: message.to_string().into(),
            hints: Vec::new(),
            place: None,
            code: 1,
        }
    }

    /// The same failure, ending in `code`.
    #[must_use]
    pub fn with_code(mut self, code: u8) -> Self {
        self.code = code;
        self
    }

    /// The same failure, in a file. Its text has to tell that by itself.
    #[must_use]
    pub fn at(mut self, place: impl Into<Option<Place>>) -> Self {
        self.place = place.into();
        self
    }

    /// The same failure as the cause of what was being done.
    #[must_use]
    pub fn about(self, what: impl fmt::Display) -> Self {
        let source = Box::new(While {
            what: what.to_string(),
            source: self.source,
        });
        Self { source, ..self }
    }

    /// The failure as text: the message, its causes, its hints, a line each.
    pub fn render(&self) -> String {
        let mut text = self.to_string();
        for cause in self.causes() {
            text.push_str("\n\tcaused by: ");
            text.push_str(&cause);
        }
        for hint in &self.hints {
            text.push_str("\n\thint: ");
            text.push_str(hint);
        }
        text
    }

    /// What it came of, the nearest cause first; one that says no more than what stands before it is left
    /// out.
    pub fn causes(&self) -> Vec<String> {
        let mut causes = Vec::new();
        let mut last = self.to_string();
        let mut cause = self.source.source();
        while let Some(error) = cause {
            let line = error.to_string();
            if !last.ends_with(&line) {
                causes.push(line.clone());
                last = line;
            }
            cause = error.source();
        }
        causes
    }

    /// The same failure with one more hint.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

/// Hints of failures that are told one after the other, of which many may have the same cause: each is told
/// with the first that has it, and those of several once more where all end.
#[derive(Clone, Debug, Default)]
pub struct Hinted {
    /// Each hint, and how many failures had it.
    told: Vec<(String, usize)>,
}

impl Hinted {
    /// The same failure without the hints that were told before.
    #[must_use]
    pub fn anew(&mut self, mut failure: Failure) -> Failure {
        failure.hints.retain(|hint| self.is_new(hint));
        failure
    }

    fn is_new(&mut self, hint: &str) -> bool {
        let known = self.told.iter_mut().find(|(told, _)| told == hint);
        if let Some((_, times)) = known {
            *times += 1;
            return false;
        }
        self.told.push((hint.to_owned(), 1));
        true
    }

    /// Of failures that are all known before any is told: takes the hints that several have out of them, to be
    /// told at the end alone.
    pub fn take_shared<'f>(failures: impl IntoIterator<Item = &'f mut Failure>) -> Vec<String> {
        let mut failures: Vec<_> = failures.into_iter().collect();
        let mut hinted = Self::default();
        for hint in failures.iter().flat_map(|failure| &failure.hints) {
            hinted.is_new(hint);
        }
        let shared = hinted.shared();
        for failure in &mut failures {
            failure.hints.retain(|hint| !shared.contains(hint));
        }
        shared
    }

    /// The hints of more than one failure, in the order in which they were told.
    pub fn shared(&self) -> Vec<String> {
        let shared = self.told.iter().filter(|(_, times)| *times > 1);
        shared.map(|(hint, _)| hint.clone()).collect()
    }
}

/// What was being done when something failed.
#[derive(Debug)]
struct While {
    what: String,
    source: Box<dyn StdError + Send + Sync>,
}

impl fmt::Display for While {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl StdError for While {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.source)
    }
}

impl<E: Classify> Classify for Arc<E> {
    fn kind(&self) -> Kind {
        E::kind(self)
    }

    fn hints(&self) -> Vec<String> {
        E::hints(self)
    }

    fn place(&self) -> Option<Place> {
        E::place(self)
    }
}

impl<E: Classify> From<E> for Failure {
    fn from(error: E) -> Self {
        let (kind, mut hints) = (error.kind(), error.hints());
        if kind == Kind::Internal {
            hints
                .push("this is a fault of glide-rs; please report it with this message".to_owned());
        }
        Self {
            kind,
            hints,
            place: error.place(),
            source: Box::new(error),
            code: 1,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}

/// The exit code of a run: 0, the failure's own (Glide's `Die` gives 1), or 2 where the run went
/// on after an error was reported (Glide's rule).
pub fn exit_code(result: Result<(), &Failure>, had_error: bool) -> u8 {
    match result {
        Err(failure) => failure.code,
        Ok(()) => 2 * u8::from(had_error),
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("cannot fetch `x`")]
    struct Outer(#[source] io::Error);

    impl super::Classify for Outer {
        fn hints(&self) -> Vec<String> {
            vec!["try `y`".to_owned()]
        }
    }

    #[test]
    fn a_failure_tells_its_causes_and_hints() {
        let failure = Failure::from(Outer(io::Error::other("refused")));
        assert_eq!(
            failure.render(),
            "cannot fetch `x`\n\tcaused by: refused\n\thint: try `y`"
        );
    }

    #[test]
    fn what_helps_many_is_told_with_the_first_and_at_the_end() {
        let mut hinted = Hinted::default();
        let mut told = |hints: &[&str]| {
            let mut failure = Failure::user("x");
            failure.hints = hints.iter().map(|&hint| hint.to_owned()).collect();
            hinted.anew(failure).hints.join(" ")
        };
        assert_eq!(told(&["all", "one"]), "all one");
        assert_eq!(told(&["all"]), "");
        assert_eq!(told(&["two", "all"]), "two");
        assert_eq!(hinted.shared(), ["all"]);
        let mut known = [["all", "one"], ["two", "all"]].map(|hints| {
            let failure = Failure::user("x");
            hints.into_iter().fold(failure, Failure::with_hint)
        });
        assert_eq!(Hinted::take_shared(&mut known), ["all"]);
        assert_eq!(known.map(|failure| failure.hints.join(" ")), ["one", "two"]);
    }

    #[derive(Debug, thiserror::Error)]
    #[error("it cannot be")]
    struct Fault;

    impl super::Classify for Fault {
        fn kind(&self) -> Kind {
            Kind::Internal
        }
    }

    #[test]
    fn a_fault_of_our_own_asks_to_be_reported() {
        let failure = Failure::from(Arc::new(Fault)).about("nothing went well");
        assert!(
            failure
                .render()
                .ends_with("please report it with this message")
        );
    }
}
