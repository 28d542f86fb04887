//! What all worlds share: the repositories, who serves them, and a database of vulnerabilities.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use glide_rs::manifest::Timestamp;
use serde_json::json;

use super::repositories;
use super::vulnerabilities::records;
use crate::support::repo::{Commit, Remotes};
use crate::support::sandbox::Sandbox;
use crate::support::server::{Server, Site, Tags};

/// The repositories, served.
pub(crate) struct Kit {
    /// The home and environment of all runs.
    pub(crate) sandbox: Sandbox,
    pub(crate) server: Server,
    /// The vulnerability database, a folder.
    pub(crate) database: PathBuf,
    /// Commits by `repository@revision`, and by `repository@revision/pseudo` their versions.
    commits: BTreeMap<String, String>,
}

/// Repositories being made, with names for their commits.
pub(crate) struct Making {
    pub(crate) remotes: Remotes,
    commits: BTreeMap<String, String>,
}

impl Making {
    /// Adds a commit that is called `label`.
    pub(crate) fn commit(&mut self, repository: &str, label: &str, commit: &Commit) {
        let id = self.remotes.commit(repository, commit);
        let made = {
            let store = self.remotes.store(repository);
            let found = store.find_commit(git2::Oid::from_str(&id).unwrap());
            found.unwrap().time().seconds()
        };
        let pseudo = pseudo_version(made, &id);
        self.call(repository, &format!("{label}/pseudo"), &pseudo);
        self.call(repository, label, &id);
    }

    /// Adds a commit with a tag.
    pub(crate) fn release(&mut self, repository: &str, tag: &str, commit: Commit) {
        self.commit(repository, tag, &commit.tag(tag));
    }

    /// Lets a branch or tag lead to a commit.
    pub(crate) fn point(&self, repository: &str, reference: &str, label: &str) {
        let store = self.remotes.store(repository);
        point(store, reference, &self.commits[&key(repository, label)]);
    }

    /// Gives a commit one more name.
    pub(crate) fn call(&mut self, repository: &str, label: &str, commit: &str) {
        self.commits
            .insert(key(repository, label), commit.to_owned());
    }
}

impl Kit {
    /// Makes everything.
    pub(crate) fn new() -> Self {
        let mut sandbox = Sandbox::in_memory("github.com/me/none");
        let mut making = Making {
            remotes: Remotes::new(&sandbox.repos()),
            commits: BTreeMap::new(),
        };
        repositories::make(&mut making);
        let Making { remotes, commits } = making;
        let mut site = Site::of(&remotes);
        site.moved
            .insert("github.com/old/kit".into(), "github.com/acme/kit".into());
        let vanity = "go.acme.dev/kit git https://github.com/acme/kit";
        site.meta
            .insert("go.acme.dev/kit".into(), Tags::One(vanity.into()));
        site.plain_http.insert("insecure.example".into());
        for (name, text) in database(|text| filled(text, &commits, "")) {
            site.pages.insert(
                format!("vuln.go.dev/{name}"),
                serde_json::from_value(json!(text)).unwrap(),
            );
            let path = sandbox.root().join("db").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let server = Server::start(&sandbox.root().join("tls"), site);
        sandbox.use_server(&server);
        Self {
            database: sandbox.root().join("db"),
            sandbox,
            server,
            commits,
        }
    }

    /// The text with its commits and hash filled in.
    pub(crate) fn filled(&self, text: &str, hash: &str) -> String {
        filled(text, &self.commits, hash)
    }

    /// The store of a repository.
    pub(crate) fn store(&self, name: &str) -> git2::Repository {
        git2::Repository::open(self.sandbox.repos().join(name)).unwrap()
    }

    /// Lets a branch or tag lead elsewhere.
    pub(crate) fn point(&self, repository: &str, reference: &str, label: &str) {
        let commit = &self.commits[&key(repository, label)];
        point(&self.store(repository), reference, commit);
    }

    /// Removes a branch or tag.
    pub(crate) fn forget(&self, repository: &str, reference: &str) {
        let store = self.store(repository);
        let mut found = store.find_reference(reference).unwrap();
        found.delete().unwrap();
    }
}

/// The version that Go gives to a commit without any tag before it.
fn pseudo_version(made: i64, id: &str) -> String {
    let moment = Timestamp::from_unix(made, 0).to_string();
    let digits: String = moment.chars().filter(char::is_ascii_digit).collect();
    format!("0.0.0-{}-{}", &digits[..14], &id[..12])
}

fn key(repository: &str, label: &str) -> String {
    format!("{repository}@{label}")
}

fn point(store: &git2::Repository, reference: &str, commit: &str) {
    let id = git2::Oid::from_str(commit).unwrap();
    store.reference(reference, id, true, "test").unwrap();
}

/// A text with `{repository@label}` and `{hash}` filled in; names without a host are below github.com/acme.
fn filled(text: &str, commits: &BTreeMap<String, String>, hash: &str) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let word = after.split('}').next().unwrap_or_default();
        let commit = commits
            .get(word)
            .or_else(|| commits.get(&format!("github.com/acme/{word}")));
        match (word, commit) {
            ("hash", _) => filled.push_str(hash),
            (_, Some(commit)) => filled.push_str(commit),
            (_, None) => {
                // JSON has braces of its own.
                let is_of_names =
                    |letter: char| letter.is_alphanumeric() || "./@-_".contains(letter);
                let is_commit = word.contains('@') && word.chars().all(is_of_names);
                assert!(!is_commit, "there is no commit {word}");
                filled.push('{');
                rest = after;
                continue;
            }
        }
        rest = &after[word.len() + 1..];
    }
    filled + rest
}

/// The files of the database.
fn database(fill: impl Fn(&str) -> String) -> Vec<(String, String)> {
    let mut modules: BTreeMap<String, Vec<serde_json::Value>> = BTreeMap::new();
    let mut files = vec![(
        "index/db.json".to_owned(),
        json!({"modified": "2999-01-01T00:00:00Z"}).to_string(),
    )];
    for record in records() {
        let id = record["id"].as_str().unwrap();
        for affected in record["affected"].as_array().unwrap() {
            let module = affected["package"]["name"].as_str().unwrap();
            let known = modules.entry(module.to_owned()).or_default();
            known.push(json!({"id": id}));
        }
        files.push((format!("ID/{id}.json"), fill(&record.to_string())));
    }
    let modules = modules.into_iter();
    let modules: Vec<_> = modules
        .map(|(path, vulns)| json!({"path": path, "vulns": vulns}))
        .collect();
    let index = ("index/modules.json".to_owned(), json!(modules).to_string());
    files.push(index);
    files
}
