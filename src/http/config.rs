//! What the user's git configuration says about one address; `vcs::git` implements it.

use std::path::PathBuf;

use url::Url;

use super::auth::Credential;

/// git's `http.*` options that hold for one URL.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UrlOptions {
    /// `http.proxy`; empty asks for a direct connection, `None` leaves it to the environment.
    pub proxy: Option<String>,
    /// `http.sslCAInfo`: a PEM file of further roots.
    pub ca_file: Option<PathBuf>,
    /// `http.sslCAPath`: a folder of further roots.
    pub ca_folder: Option<PathBuf>,
    /// `http.sslVerify`, where it is set.
    pub verify: Option<bool>,
    /// `http.extraHeader`, each as `Name: value`, in order.
    pub extra_headers: Vec<String>,
    /// `http.version` asks for HTTP/1.1.
    pub http1_only: bool,
}

/// Answers what holds for a URL, and knows the user's credential helpers.
pub trait UrlConfig: Send + Sync {
    /// The options for the URL.
    fn options(&self, url: &Url) -> UrlOptions;

    /// Asks the credential helpers for a user and password.
    fn fill(&self, url: &Url) -> Option<Credential>;

    /// Tells the helpers that the server took what they gave.
    fn approve(&self, url: &Url, credential: &Credential);

    /// Tells the helpers that the server refused what they gave.
    fn reject(&self, url: &Url, credential: &Credential);
}

/// No configuration at all.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoUrlConfig;

impl UrlConfig for NoUrlConfig {
    fn options(&self, _url: &Url) -> UrlOptions {
        UrlOptions::default()
    }

    fn fill(&self, _url: &Url) -> Option<Credential> {
        None
    }

    fn approve(&self, _url: &Url, _credential: &Credential) {}

    fn reject(&self, _url: &Url, _credential: &Credential) {}
}
