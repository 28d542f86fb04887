//! The user's git configuration, as far as fetching is concerned.
//!
//! Read once, from the system's, the XDG and the user's file with all that they include, and
//! from `GIT_CONFIG_COUNT`'s pairs; a project's own `.git/config` does not count, since Glide runs
//! git in its cache. Unknown keys are nobody's business; a file that git could not read, or a
//! value that git would stop at, is an error that names the file.

mod error;
mod survey;

use std::path::{Path, PathBuf};

use super::credentials::Question;
use super::url_match::{self, Fit};
use crate::fsx;
use crate::http::{Credential, Url, UrlConfig, UrlOptions};

pub use error::Error;
pub use survey::{Found, Survey};

/// Where the configuration stands. `Default` is none at all.
#[derive(Clone, Debug, Default)]
pub struct GitSettings {
    /// The user's home folder.
    pub home: Option<PathBuf>,
    /// `XDG_CONFIG_HOME`, where it is set.
    pub xdg_config_home: Option<PathBuf>,
    /// `GIT_CONFIG_GLOBAL`: the one file in place of the user's and the XDG one.
    pub config_global: Option<PathBuf>,
    /// `GIT_CONFIG_SYSTEM`: the file in place of the system's; `None` is libgit2's guess.
    pub config_system: Option<PathBuf>,
    /// `GIT_CONFIG_NOSYSTEM`: the system's file does not count.
    pub no_system: bool,
    /// `GIT_CONFIG_KEY_<n>` and `GIT_CONFIG_VALUE_<n>`, in order.
    pub pairs: Vec<(String, String)>,
    /// `GIT_ALLOW_PROTOCOL`: the only protocols allowed, `:` between them.
    pub allow_protocol: Option<String>,
    /// Whether helpers may ask at the terminal.
    pub terminal: bool,
}

/// One setting, in the order of the files.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    section: String,
    subsection: Option<String>,
    key: String,
    /// `None` for a key that stands alone, which means true.
    value: Option<String>,
    place: String,
}

/// The configuration.
#[derive(Debug, Default)]
pub struct GitConfig {
    entries: Vec<Entry>,
    home: Option<PathBuf>,
    allow_protocol: Option<Vec<String>>,
    terminal: bool,
}

impl GitConfig {
    /// Reads all files.
    pub fn load(settings: &GitSettings) -> Result<Self, Error> {
        let mut config = Self {
            home: settings.home.clone(),
            allow_protocol: settings
                .allow_protocol
                .as_ref()
                .map(|list| list.split(':').map(str::to_owned).collect()),
            terminal: settings.terminal,
            ..Self::default()
        };
        for path in files(settings) {
            let found = fsx::stat(&path).map_err(Error::Unreadable)?;
            // `/dev/null` is how one asks for no file at all.
            if found.is_some_and(|found| found.is_file()) {
                config.read_file(&path)?;
            }
        }
        for (key, value) in &settings.pairs {
            config.add(
                key,
                Some(value.clone()),
                "the environment's GIT_CONFIG_KEY_<n>",
            );
        }
        config.check_values()?;
        Ok(config)
    }

    fn read_file(&mut self, path: &Path) -> Result<(), Error> {
        let malformed = |error: git2::Error| Error::Malformed {
            path: path.to_owned(),
            reason: error.message().to_owned(),
        };
        let place = format!("`{}`", path.display());
        let file = git2::Config::open(&fsx::slashed(path)).map_err(malformed)?;
        let mut entries = file.entries(None).map_err(malformed)?;
        while let Some(entry) = entries.next() {
            let entry = entry.map_err(malformed)?;
            let name = String::from_utf8_lossy(entry.name_bytes()).into_owned();
            let value = entry
                .has_value()
                .then(|| String::from_utf8_lossy(entry.value_bytes()).into_owned());
            self.add(&name, value, &place);
        }
        Ok(())
    }

    /// `section.key` or `section.subsection.key`; the subsection may have dots.
    fn add(&mut self, name: &str, value: Option<String>, place: &str) {
        let Some((section, rest)) = name.split_once('.') else {
            return;
        };
        let (subsection, key) = match rest.rsplit_once('.') {
            Some((subsection, key)) => (Some(subsection.to_owned()), key),
            None => (None, rest),
        };
        self.entries.push(Entry {
            section: section.to_ascii_lowercase(),
            subsection,
            key: key.to_ascii_lowercase(),
            value,
            place: place.to_owned(),
        });
    }

    /// Refuses what git would stop at, so that it is told once and with its file.
    fn check_values(&self) -> Result<(), Error> {
        for entry in &self.entries {
            let reason = match (entry.section.as_str(), entry.key.as_str()) {
                ("http", "sslverify") | ("credential", "usehttppath")
                    if entry.truth().is_none() =>
                {
                    "it is neither true nor false"
                }
                ("protocol", "allow") if !matches!(entry.text(), "always" | "never" | "user") => {
                    "it is not `always`, `never` or `user`"
                }
                _ => continue,
            };
            return Err(Error::Value {
                key: entry.name(),
                place: entry.place.clone(),
                reason,
            });
        }
        Ok(())
    }

    /// The address that git would really use for `url`: the longest `url.<base>.insteadOf` that
    /// it begins with is replaced by the base, once. `pushInsteadOf` is for pushing only.
    pub fn rewrite(&self, url: &str) -> String {
        let mut best: Option<(&str, &str)> = None;
        for entry in self.all("url", "insteadof") {
            let (Some(base), prefix) = (&entry.subsection, entry.text()) else {
                continue;
            };
            let longer = best.is_none_or(|(_, held)| prefix.len() > held.len());
            if url.starts_with(prefix) && longer {
                best = Some((base, prefix));
            }
        }
        match best {
            Some((base, prefix)) => format!("{base}{}", &url[prefix.len()..]),
            None => url.to_owned(),
        }
    }

    /// `core.sshCommand`: the command to use in place of `ssh`, for the shell.
    pub fn ssh_command(&self) -> Option<String> {
        self.plain("core", "sshcommand")
    }

    /// `ssh.variant`: which options that command takes.
    pub fn ssh_variant(&self) -> Option<String> {
        self.plain("ssh", "variant")
    }

    /// Whether a protocol (`https`, `ssh`, `file`, …) may be used; `by_user` is false where the
    /// address comes from a repository, as a submodule's does.
    ///
    /// `GIT_ALLOW_PROTOCOL` decides alone; else `protocol.<name>.allow`, else `protocol.allow`,
    /// else git's own: http, https, git and ssh always, ext never, others by the user only.
    pub fn allows(&self, protocol: &str, by_user: bool) -> bool {
        if let Some(allowed) = &self.allow_protocol {
            return allowed.iter().any(|name| name == protocol);
        }
        let mut named = None;
        let mut general = None;
        for entry in self.all("protocol", "allow") {
            match &entry.subsection {
                Some(name) if name == protocol => named = Some(entry.text()),
                Some(_) => {}
                None => general = Some(entry.text()),
            }
        }
        let policy = named.or(general).unwrap_or(match protocol {
            "http" | "https" | "git" | "ssh" => "always",
            "ext" => "never",
            _ => "user",
        });
        policy == "always" || policy == "user" && by_user
    }

    fn all<'a>(&'a self, section: &'a str, key: &'a str) -> impl Iterator<Item = &'a Entry> {
        self.entries
            .iter()
            .filter(move |entry| entry.section == section && entry.key == key)
    }

    fn plain(&self, section: &str, key: &str) -> Option<String> {
        self.all(section, key)
            .filter(|entry| entry.subsection.is_none())
            .last()
            .map(|entry| entry.text().to_owned())
            .filter(|value| !value.is_empty())
    }

    /// The `http` entries of a key that hold for the URL. git reads its files in order and takes
    /// each entry that fits at least as closely as those taken before.
    fn http<'a>(&'a self, key: &'a str, url: &'a Url) -> impl Iterator<Item = &'a Entry> {
        let mut closest = Fit::default();
        self.all("http", key).filter(move |entry| {
            let fit = match &entry.subsection {
                Some(pattern) => url_match::fit(pattern, url),
                None => Some(Fit::default()),
            };
            match fit {
                Some(fit) if fit >= closest => {
                    closest = fit;
                    true
                }
                _ => false,
            }
        })
    }

    fn http_text(&self, key: &str, url: &Url) -> Option<String> {
        self.http(key, url)
            .last()
            .map(|entry| entry.text().to_owned())
    }

    fn http_path(&self, key: &str, url: &Url) -> Option<PathBuf> {
        let text = self.http_text(key, url).filter(|text| !text.is_empty())?;
        match (text.strip_prefix("~/"), &self.home) {
            (Some(rest), Some(home)) => Some(home.join(rest)),
            _ => Some(PathBuf::from(text)),
        }
    }

    /// What to ask which helpers. All entries that fit count, in order; an empty helper
    /// clears the list.
    fn question(&self, url: &Url) -> Question {
        let mut question = Question {
            helpers: Vec::new(),
            username: None,
            with_path: false,
            terminal: self.terminal,
        };
        for entry in self
            .entries
            .iter()
            .filter(|entry| entry.section == "credential")
        {
            let fits = |pattern: &String| url_match::fits_credential(pattern, url);
            if !entry.subsection.as_ref().is_none_or(fits) {
                continue;
            }
            match entry.key.as_str() {
                "helper" if entry.text().is_empty() => question.helpers.clear(),
                "helper" => question.helpers.push(entry.text().to_owned()),
                "username" => question.username = Some(entry.text().to_owned()),
                "usehttppath" => question.with_path = entry.truth() == Some(true),
                _ => {}
            }
        }
        let named = String::from_utf8(crate::http::percent_decode(url.username()));
        if let Some(named) = named.ok().filter(|named| !named.is_empty()) {
            question.username = Some(named);
        }
        question
    }
}

impl UrlConfig for GitConfig {
    fn options(&self, url: &Url) -> UrlOptions {
        let mut extra_headers = Vec::new();
        for entry in self.http("extraheader", url) {
            match entry.text() {
                "" => extra_headers.clear(),
                header => extra_headers.push(header.to_owned()),
            }
        }
        UrlOptions {
            proxy: self.http_text("proxy", url),
            ca_file: self.http_path("sslcainfo", url),
            ca_folder: self.http_path("sslcapath", url),
            verify: self.http("sslverify", url).last().and_then(Entry::truth),
            extra_headers,
            http1_only: self.http_text("version", url).as_deref() == Some("HTTP/1.1"),
        }
    }

    fn fill(&self, url: &Url) -> Option<Credential> {
        self.question(url).fill(url)
    }

    fn approve(&self, url: &Url, credential: &Credential) {
        self.question(url).tell(url, credential, "store");
    }

    fn reject(&self, url: &Url, credential: &Credential) {
        self.question(url).tell(url, credential, "erase");
    }
}

impl Entry {
    fn text(&self) -> &str {
        self.value.as_deref().unwrap_or_default()
    }

    fn truth(&self) -> Option<bool> {
        match &self.value {
            None => Some(true),
            Some(value) => git2::Config::parse_bool(value.as_str()).ok(),
        }
    }

    fn name(&self) -> String {
        match &self.subsection {
            Some(subsection) => format!(
                "{}.{}.{}",
                self.section,
                crate::http::mask(subsection),
                self.key
            ),
            None => format!("{}.{}", self.section, self.key),
        }
    }
}

/// The files to read, the least important first.
fn files(settings: &GitSettings) -> Vec<PathBuf> {
    let mut files = Vec::new();
    if !settings.no_system {
        let system = settings.config_system.clone();
        files.extend(system.or_else(|| git2::Config::find_system().ok()));
    }
    if let Some(global) = &settings.config_global {
        files.push(global.clone());
        return files;
    }
    let xdg = match (&settings.xdg_config_home, &settings.home) {
        (Some(folder), _) => Some(folder.clone()),
        (None, Some(home)) => Some(home.join(".config")),
        (None, None) => None,
    };
    files.extend(xdg.map(|folder| folder.join("git").join("config")));
    files.extend(settings.home.as_ref().map(|home| home.join(".gitconfig")));
    files
}

#[cfg(test)]
mod tests;
