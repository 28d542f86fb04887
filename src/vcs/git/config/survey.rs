//! What in a configuration a person may want to know of, for `doctor`.

use super::{Entry, GitConfig, GitSettings, files};
use crate::fsx;
use crate::http::mask;

/// A value, with what it holds for, and where it stands; secrets are masked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The key, with the address that it holds for where it names one.
    pub key: String,
    /// The value.
    pub value: String,
    /// The file, in backticks, or the environment.
    pub place: String,
}

/// What stands out.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// `url.<base>.insteadOf`: the base as `key`.
    pub rewrites: Vec<Found>,
    /// `http.sslVerify` that is off.
    pub unverified: Vec<Found>,
    /// `http.proxy` that names one; its value is not masked.
    pub proxies: Vec<Found>,
    /// `credential.helper`; its value is as the shell gets it.
    pub helpers: Vec<Found>,
    /// Protocols that are `never` allowed.
    pub forbidden: Vec<Found>,
}

impl GitConfig {
    /// Looks through all entries.
    pub fn survey(&self) -> Survey {
        let mut survey = Survey::default();
        for entry in &self.entries {
            let is_set = !entry.text().is_empty();
            let list = match (entry.section.as_str(), entry.key.as_str()) {
                ("url", "insteadof") => &mut survey.rewrites,
                ("http", "sslverify") if entry.truth() == Some(false) => &mut survey.unverified,
                ("http", "proxy") if is_set => &mut survey.proxies,
                // An empty one takes back those before it.
                ("credential", "helper") if !is_set => {
                    survey.helpers.clear();
                    continue;
                }
                ("credential", "helper") => &mut survey.helpers,
                ("protocol", "allow") if entry.text() == "never" => &mut survey.forbidden,
                _ => continue,
            };
            list.push(entry.found());
        }
        survey
    }
}

impl Entry {
    fn found(&self) -> Found {
        let key = match (self.section.as_str(), &self.subsection) {
            ("url" | "protocol", Some(subsection)) => mask(subsection),
            ("protocol", None) => "*".to_owned(),
            _ => self.name(),
        };
        let value = self.text().to_owned();
        Found {
            key,
            value: if self.section == "url" {
                mask(&value)
            } else {
                value
            },
            place: self.place.clone(),
        }
    }
}

impl GitSettings {
    /// How many files the configuration consists of, those not counted that they include.
    pub fn files_there(&self) -> usize {
        let is_file = |path: &std::path::PathBuf| {
            fsx::stat(path)
                .ok()
                .flatten()
                .is_some_and(|found| found.is_file())
        };
        files(self).iter().filter(|path| is_file(path)).count()
    }
}
