//! The files of a database, and which of them say something of a module.
//!
//! A Go vulnerability database has an index (`index/modules.json`), and then only the records of modules
//! that are asked for are read. Any other heap of OSV records (as OSV.dev's export) is read once to make
//! such an index, a record at a time. Everything a database says is bounded before it is believed.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde::Deserialize;

use super::moment;
use super::record::{Range, Record, is_id, shown};
use crate::audit::finding::{Check, Finding, Place, Unchecked};
use crate::audit::rules;

const LONGEST_INDEX: usize = 64 << 20;
const LONGEST_RECORD: usize = 4 << 20;
const LONGEST_STAMP: usize = 64 << 10;
/// How many records, and bytes of them, are read where there is no index.
const MOST_RECORDS: usize = 200_000;
const MOST_BYTES: usize = 1 << 30;
/// How many records that cannot be read are told of one by one.
const MOST_TROUBLES: usize = 20;
/// A database that is older, in days, may lack much.
const OLD: i64 = 90;

const STAMP: &str = "index/db.json";
const MODULES: &str = "index/modules.json";

/// The files of a database, by their names below its top, with `/` between folders.
pub trait Files: Send {
    /// A file's bytes, which are at most `limit`; `None` where there is no such file.
    fn read(&mut self, name: &str, limit: usize) -> Result<Option<Vec<u8>>, String>;

    /// The names of all files.
    fn names(&mut self) -> Result<Vec<String>, String>;
}

/// Why a database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// A file of it cannot be read.
    #[error("cannot read `{name}` of the vulnerability database: {reason}")]
    File {
        /// Which.
        name: String,
        /// Why not.
        reason: String,
    },
    /// There is nothing in it that could be a record.
    #[error("there is no vulnerability database: neither `{MODULES}` nor any record is there")]
    Empty,
    /// Its index is empty, as that of a mirror that was never filled.
    #[error("the vulnerability database has no records: `{MODULES}` lists no module")]
    NoModules,
    /// It has more than is read.
    #[error("the vulnerability database has no index and is too large to be read without")]
    TooLarge,
}

/// A database of known vulnerabilities, being asked.
pub struct Database {
    files: Box<dyn Files>,
    /// Modules as they are spelled and the files of their records, by their names in lower case.
    modules: BTreeMap<String, Vec<(String, Vec<String>)>>,
    /// Records by file, or why they cannot be read.
    records: HashMap<String, Result<Arc<Record>, String>>,
    modified: Option<i64>,
    /// Records whose modules nobody knows, since they cannot be read.
    troubles: Vec<String>,
}

#[derive(Deserialize)]
struct Stamp {
    modified: String,
}

#[derive(Deserialize)]
struct Module {
    path: String,
    #[serde(default)]
    vulns: Option<Vec<Vulnerability>>,
}

#[derive(Deserialize)]
struct Vulnerability {
    id: String,
}

/// What little of a record has to be kept to find it again.
#[derive(Deserialize)]
struct Modified {
    #[serde(default)]
    modified: String,
    #[serde(default)]
    published: String,
}

impl Database {
    /// Reads the index, or makes one.
    pub fn open(mut files: Box<dyn Files>) -> Result<Self, DatabaseError> {
        let index = read(&mut *files, MODULES, LONGEST_INDEX)?;
        let mut database = Self {
            files,
            modules: BTreeMap::new(),
            records: HashMap::new(),
            modified: None,
            troubles: Vec::new(),
        };
        match index {
            Some(index) => database.index(&index)?,
            None => database.scan()?,
        }
        Ok(database)
    }

    /// When the newest record was last changed, in seconds since 1970, as far as the database tells.
    pub fn modified(&self) -> Option<i64> {
        self.modified
    }

    /// A note, where the database may lack what has become known since.
    pub fn age(&self, now: i64) -> Option<Finding> {
        let modified = self.modified?;
        let days = moment::days(modified, now);
        (days > OLD).then(|| {
            let message = format!(
                "the vulnerability database is of {}, {days} days old",
                moment::date(modified)
            );
            Finding::new(&rules::DATABASE_OLD, "", Place::lock(0), message)
                .with_remedy("let `--db` name a newer one")
        })
    }

    /// What nobody knows, whatever is asked for.
    pub fn unchecked(&self) -> Vec<Unchecked> {
        let count = self.troubles.len();
        let mut reasons: Vec<_> = self.troubles.iter().take(MOST_TROUBLES).cloned().collect();
        if count > MOST_TROUBLES {
            let more = count - MOST_TROUBLES;
            reasons.push(format!("{more} more records cannot be read"));
        }
        let unchecked = |reason| Unchecked::new(Check::Vulnerabilities, "", reason);
        reasons.into_iter().map(unchecked).collect()
    }

    fn index(&mut self, index: &[u8]) -> Result<(), DatabaseError> {
        let modules: Vec<Module> =
            serde_json::from_slice(index).map_err(|error| broken(MODULES, &error.to_string()))?;
        if modules.is_empty() {
            return Err(DatabaseError::NoModules);
        }
        for module in modules {
            let ids = module.vulns.unwrap_or_default().into_iter();
            let ids: BTreeSet<_> = ids.map(|vulnerability| vulnerability.id).collect();
            self.note(
                module.path,
                ids.into_iter().map(|id| format!("ID/{id}.json")),
            );
        }
        if let Some(stamp) = read(&mut *self.files, STAMP, LONGEST_STAMP)? {
            let stamp: Stamp = serde_json::from_slice(&stamp)
                .map_err(|error| broken(STAMP, &error.to_string()))?;
            self.modified = moment::seconds(&stamp.modified);
        }
        Ok(())
    }

    fn note(&mut self, path: String, files: impl Iterator<Item = String>) {
        let spellings = self.modules.entry(path.to_ascii_lowercase()).or_default();
        match spellings.iter_mut().find(|(known, _)| *known == path) {
            Some((_, known)) => known.extend(files),
            None => spellings.push((path, files.collect())),
        }
    }

    /// Reads every record there is.
    fn scan(&mut self) -> Result<(), DatabaseError> {
        let names = self.files.names().map_err(|reason| broken("", &reason))?;
        let is_record = |name: &String| {
            let file = name.rsplit('/').next().unwrap_or(name);
            file.strip_suffix(".json").is_some_and(is_id) && !name.starts_with("index/")
        };
        let mut names: Vec<_> = names.into_iter().filter(is_record).collect();
        names.sort();
        match names.len() {
            0 => return Err(DatabaseError::Empty),
            count if count > MOST_RECORDS => return Err(DatabaseError::TooLarge),
            _ => {}
        }
        let mut left = MOST_BYTES;
        for name in names {
            let bytes = match self.files.read(&name, LONGEST_RECORD) {
                Ok(Some(bytes)) => bytes,
                Ok(None) => continue,
                Err(reason) => {
                    self.troubles.push(unreadable(&name, &reason));
                    continue;
                }
            };
            left = left
                .checked_sub(bytes.len())
                .ok_or(DatabaseError::TooLarge)?;
            match Record::parse(&bytes) {
                Ok(record) => self.note_record(&name, &bytes, &record),
                Err(reason) => self.troubles.push(unreadable(&name, &reason)),
            }
        }
        Ok(())
    }

    fn note_record(&mut self, name: &str, bytes: &[u8], record: &Record) {
        let stamp: Option<Modified> = serde_json::from_slice(bytes).ok();
        for time in stamp
            .iter()
            .flat_map(|stamp| [&stamp.modified, &stamp.published])
        {
            self.modified = self.modified.max(moment::seconds(time));
        }
        let mut modules = BTreeSet::new();
        for affected in &record.affected {
            if !affected.module.is_empty() {
                modules.insert(affected.module.clone());
                continue;
            }
            // A record that names no package is about the repositories of its ranges.
            for range in &affected.ranges {
                if let Range::Git(repo, _) = range {
                    modules.insert(super::names::path_of(repo));
                }
            }
        }
        for module in modules {
            self.note(module, std::iter::once(name.to_owned()));
        }
    }

    /// The modules of which records exist whose names in lower case begin with `prefix`, in order.
    pub(super) fn modules(&self, prefix: &str) -> impl Iterator<Item = &str> {
        let from = self.modules.range(prefix.to_owned()..);
        let prefix = prefix.to_owned();
        from.take_while(move |(lower, _)| lower.starts_with(&prefix))
            .flat_map(|(_, spellings)| spellings.iter().map(|(path, _)| path.as_str()))
    }

    /// The records of a module as it is spelled; for each that cannot be read, why.
    pub(super) fn records(&mut self, module: &str) -> Vec<Result<Arc<Record>, String>> {
        let spellings = self.modules.get(&module.to_ascii_lowercase());
        let spelled = spellings.and_then(|all| all.iter().find(|(path, _)| path == module));
        let names = spelled.map(|(_, names)| names.clone()).unwrap_or_default();
        let records = names.iter().map(|name| {
            let record = self.record(name)?;
            let is_about = record.is_withdrawn
                || record
                    .affected
                    .iter()
                    .any(|affected| affected.is_about(module));
            if is_about {
                Ok(record)
            } else {
                let reason = format!("it says nothing of {module}, for which the index lists it");
                Err(unreadable(name, &reason))
            }
        });
        records.collect()
    }

    fn record(&mut self, name: &str) -> Result<Arc<Record>, String> {
        if let Some(known) = self.records.get(name) {
            return known.clone();
        }
        let record = self.read_record(name);
        let record = record.map_err(|reason| unreadable(name, &reason));
        self.records.insert(name.to_owned(), record.clone());
        record
    }

    fn read_record(&mut self, name: &str) -> Result<Arc<Record>, String> {
        let file = name.rsplit('/').next().unwrap_or(name);
        let id = file.strip_suffix(".json").unwrap_or(file);
        let depth = name.matches('/').count();
        if !is_id(id) || (name.starts_with("ID/") && depth != 1) {
            return Err("its id is none".to_owned());
        }
        let bytes = self.files.read(name, LONGEST_RECORD)?;
        let record = Record::parse(&bytes.ok_or("the index lists it, and it is not there")?)?;
        if record.id != id {
            return Err(format!("it is the record `{}`", record.id));
        }
        Ok(Arc::new(record))
    }
}

/// The note that a database is the copy of an earlier run.
pub fn copy(message: String) -> Finding {
    Finding::new(&rules::DATABASE_COPY, "", Place::lock(0), message)
        .with_remedy("run again with a network")
}

fn read(files: &mut dyn Files, name: &str, limit: usize) -> Result<Option<Vec<u8>>, DatabaseError> {
    let bytes = files.read(name, limit);
    bytes.map_err(|reason| broken(name, &reason))
}

fn broken(name: &str, reason: &str) -> DatabaseError {
    DatabaseError::File {
        name: name.to_owned(),
        reason: shown(reason),
    }
}

fn unreadable(name: &str, reason: &str) -> String {
    format!(
        "the record `{}` cannot be read: {}",
        shown(name),
        shown(reason)
    )
}
