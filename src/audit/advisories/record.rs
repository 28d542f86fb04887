//! OSV records: JSON into checked values.
//!
//! Unknown fields are passed over. What decides whether a version is affected has to be understood
//! whole: a record with an unknown kind of range or event, or with a version that is none, is an error,
//! which its reader tells of.

use serde::Deserialize;

use super::names::path_of;
use super::semver::Semver;

/// What is longer is cut off where it is shown.
const LONGEST_TEXT: usize = 300;

/// One known vulnerability.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Record {
    pub(super) id: String,
    /// Whether it has been taken back.
    pub(super) is_withdrawn: bool,
    /// Its other names: CVE and GHSA numbers.
    pub(super) aliases: Vec<String>,
    pub(super) summary: String,
    /// CVSS vectors.
    pub(super) scores: Vec<String>,
    /// The level that the database gives it, in upper case; empty where it gives none.
    pub(super) level: String,
    pub(super) affected: Vec<Affected>,
    /// Where to read about it.
    pub(super) url: String,
    /// Whether nobody at the database has looked at it.
    pub(super) is_unreviewed: bool,
}

/// One package and which versions of it are affected.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Affected {
    /// A Go module, `stdlib` or `toolchain`; empty where the record names none.
    pub(super) module: String,
    pub(super) ranges: Vec<Range>,
    /// Versions that are affected, listed.
    pub(super) versions: Vec<String>,
    /// CVSS vectors.
    pub(super) scores: Vec<String>,
    /// The Go packages that are affected; empty for all.
    pub(super) imports: Vec<Import>,
    /// Ranges over the project's own release numbers, where Go's versions do not follow them.
    pub(super) own_ranges: Vec<Vec<Event>>,
}

/// A run of versions.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Range {
    /// By the order of versions.
    Semver(Vec<Event>),
    /// By ancestry, in the repository at an address.
    Git(String, Vec<Event>),
    /// By an order that only the ecosystem knows; the list of versions stands in for it.
    Ecosystem,
}

/// Where a range begins or ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Introduced(String),
    Fixed(String),
    LastAffected(String),
    Limit(String),
}

/// A package that is affected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Import {
    #[serde(deserialize_with = "some")]
    pub(super) path: String,
    #[serde(deserialize_with = "some")]
    pub(super) symbols: Vec<String>,
    #[serde(deserialize_with = "some")]
    pub(super) goos: Vec<String>,
    #[serde(deserialize_with = "some")]
    pub(super) goarch: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawRecord {
    id: String,
    withdrawn: Option<String>,
    #[serde(deserialize_with = "some")]
    aliases: Vec<String>,
    #[serde(deserialize_with = "some")]
    summary: String,
    #[serde(deserialize_with = "some")]
    details: String,
    #[serde(deserialize_with = "some")]
    severity: Vec<RawSeverity>,
    #[serde(deserialize_with = "some")]
    affected: Vec<RawAffected>,
    #[serde(deserialize_with = "some")]
    references: Vec<RawReference>,
    #[serde(deserialize_with = "some")]
    database_specific: RawDatabase,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawSeverity {
    #[serde(deserialize_with = "some")]
    score: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawReference {
    #[serde(deserialize_with = "some")]
    url: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawDatabase {
    #[serde(deserialize_with = "some")]
    url: String,
    #[serde(deserialize_with = "some")]
    review_status: String,
    #[serde(deserialize_with = "some")]
    severity: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawAffected {
    package: Option<RawPackage>,
    #[serde(deserialize_with = "some")]
    ranges: Vec<RawRange>,
    #[serde(deserialize_with = "some")]
    versions: Vec<String>,
    #[serde(deserialize_with = "some")]
    severity: Vec<RawSeverity>,
    #[serde(deserialize_with = "some")]
    ecosystem_specific: RawGo,
}

#[derive(Deserialize)]
struct RawPackage {
    ecosystem: String,
    name: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawGo {
    #[serde(deserialize_with = "some")]
    imports: Vec<Import>,
    #[serde(deserialize_with = "some")]
    custom_ranges: Vec<RawRange>,
}

#[derive(Deserialize)]
struct RawRange {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default, deserialize_with = "some")]
    repo: String,
    events: Vec<RawEvent>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEvent {
    introduced: Option<String>,
    fixed: Option<String>,
    last_affected: Option<String>,
    limit: Option<String>,
}

/// `null` as good as nothing, as programs in Go write an empty list.
fn some<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

impl Record {
    /// Reads a record; why it cannot be read.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, String> {
        let raw: RawRecord =
            serde_json::from_slice(bytes).map_err(|error| shown(&error.to_string()))?;
        if !is_id(&raw.id) {
            return Err(format!("`{}` is no id of a record", shown(&raw.id)));
        }
        let is_withdrawn = raw.withdrawn.is_some_and(|time| !time.is_empty());
        let affected = if is_withdrawn {
            Vec::new()
        } else {
            let of_go = |raw: &RawAffected| {
                let package = raw.package.as_ref();
                package.is_none_or(|package| package.ecosystem == "Go")
            };
            let affected = raw.affected.into_iter().filter(of_go);
            affected.map(Affected::of).collect::<Result<_, _>>()?
        };
        let title = if raw.summary.trim().is_empty() {
            let mut lines = raw.details.lines();
            lines.find(|line| !line.trim().is_empty()).unwrap_or("")
        } else {
            &raw.summary
        };
        let database = raw.database_specific;
        let mut urls = Some(database.url).into_iter();
        let mut others = raw.references.into_iter().map(|reference| reference.url);
        let is_page = |url: &String| url.starts_with("https://") || url.starts_with("http://");
        let url = urls.find(is_page).or_else(|| others.find(is_page));
        Ok(Self {
            summary: shown(title),
            aliases: raw.aliases.into_iter().filter(|id| is_id(id)).collect(),
            scores: scores(raw.severity),
            level: database.severity.to_ascii_uppercase(),
            url: shown(&url.unwrap_or_default()),
            is_unreviewed: database.review_status == "UNREVIEWED",
            id: raw.id,
            is_withdrawn,
            affected,
        })
    }
}

impl Affected {
    /// Whether it is about a module; one that names none is about the repositories of its ranges.
    pub(super) fn is_about(&self, module: &str) -> bool {
        if !self.module.is_empty() {
            return self.module == module;
        }
        self.ranges.iter().any(|range| match range {
            Range::Git(repo, _) => path_of(repo) == module,
            Range::Semver(_) | Range::Ecosystem => false,
        })
    }

    fn of(raw: RawAffected) -> Result<Self, String> {
        let own = raw.ecosystem_specific.custom_ranges;
        Ok(Self {
            module: raw.package.map(|package| package.name).unwrap_or_default(),
            ranges: raw
                .ranges
                .into_iter()
                .map(Range::of)
                .collect::<Result<_, _>>()?,
            versions: raw.versions,
            scores: scores(raw.severity),
            imports: raw.ecosystem_specific.imports,
            // They only ever make a finding milder: those that say nothing are left out.
            own_ranges: own
                .into_iter()
                .filter_map(|range| semver_events(events(range.events).ok()?).ok())
                .collect(),
        })
    }
}

impl Range {
    fn of(raw: RawRange) -> Result<Self, String> {
        let events = events(raw.events)?;
        match raw.kind.as_str() {
            "SEMVER" => Ok(Self::Semver(semver_events(events)?)),
            "GIT" => Ok(Self::Git(raw.repo, events)),
            "ECOSYSTEM" => Ok(Self::Ecosystem),
            kind => Err(format!("`{}` is no known kind of range", shown(kind))),
        }
    }
}

impl Event {
    /// The version or commit that it names.
    pub(super) fn at(&self) -> &str {
        match self {
            Self::Introduced(at) | Self::Fixed(at) | Self::LastAffected(at) | Self::Limit(at) => at,
        }
    }
}

fn scores(raw: Vec<RawSeverity>) -> Vec<String> {
    raw.into_iter().map(|severity| severity.score).collect()
}

fn events(raw: Vec<RawEvent>) -> Result<Vec<Event>, String> {
    let mut events = Vec::new();
    for event in raw {
        let before = events.len();
        events.extend(event.introduced.map(Event::Introduced));
        events.extend(event.fixed.map(Event::Fixed));
        events.extend(event.last_affected.map(Event::LastAffected));
        events.extend(event.limit.map(Event::Limit));
        if events.len() != before + 1 {
            return Err("an event of a range says not one thing".to_owned());
        }
    }
    if !events
        .iter()
        .any(|event| matches!(event, Event::Introduced(_)))
    {
        return Err("a range does not say where it begins".to_owned());
    }
    Ok(events)
}

/// The same, where each names a version.
fn semver_events(events: Vec<Event>) -> Result<Vec<Event>, String> {
    let is_version = |event: &Event| {
        let is_open = matches!(event, Event::Limit(at) if at == "*");
        is_open || Semver::parse(event.at()).is_some()
    };
    match events.iter().find(|event| !is_version(event)) {
        Some(event) => Err(format!("`{}` is no version", shown(event.at()))),
        None => Ok(events),
    }
}

/// Whether a text can be a record's id: harmless as the name of a file.
pub(super) fn is_id(text: &str) -> bool {
    let is_sound = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
    (1..=64).contains(&text.len()) && !text.starts_with('.') && text.bytes().all(is_sound)
}

/// A text from a database in one line that is not too long.
pub(super) fn shown(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let kept = words.chars().filter(|letter| !letter.is_control());
    let mut line: String = kept.take(LONGEST_TEXT + 1).collect();
    if line.chars().count() > LONGEST_TEXT {
        line.pop();
        line.push('…');
    }
    line
}
