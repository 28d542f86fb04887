//! What a check comes to.

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// As it should be.
    Ok,
    /// It works, and may surprise.
    Warning,
    /// Something will fail.
    Problem,
}

impl Status {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Problem => "problem",
        }
    }
}

/// What one thing was found to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Which thing: `git`, `cache`.
    pub topic: &'static str,
    /// How bad it is.
    pub status: Status,
    /// What was found.
    pub said: String,
    /// What to do about it; empty where nothing has to be done.
    pub next: String,
}

/// The checks so far.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) list: Vec<Check>,
}

impl Notes {
    /// All is well.
    pub(super) fn ok(&mut self, topic: &'static str, said: impl Into<String>) {
        self.push(topic, Status::Ok, said.into(), String::new());
    }

    /// It works, and may surprise.
    pub(super) fn warn(
        &mut self,
        topic: &'static str,
        said: impl Into<String>,
        next: impl Into<String>,
    ) {
        self.push(topic, Status::Warning, said.into(), next.into());
    }

    /// Something will fail.
    pub(super) fn problem(
        &mut self,
        topic: &'static str,
        said: impl Into<String>,
        next: impl Into<String>,
    ) {
        self.push(topic, Status::Problem, said.into(), next.into());
    }

    /// Whether nothing but good has been said of a thing, or nothing at all.
    pub(super) fn is_fine(&self, topic: &str) -> bool {
        let mut of_topic = self.list.iter().filter(|check| check.topic == topic);
        of_topic.all(|check| check.status == Status::Ok)
    }

    fn push(&mut self, topic: &'static str, status: Status, said: String, next: String) {
        self.list.push(Check {
            topic,
            status,
            said,
            next,
        });
    }
}
