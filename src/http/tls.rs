//! Which certificates are trusted.
//!
//! The system's, or those of `SSL_CERT_FILE` and `SSL_CERT_DIR` in their place; to these git's
//! own (`GIT_SSL_CAINFO`, `http.sslCAInfo`) are added. Added, not put in their place, because one
//! client serves git and go-import pages, and because that is what git itself does wherever its
//! curl knows a folder of system certificates beside the file.

use std::path::{Path, PathBuf};

use reqwest::Certificate;
use reqwest::blocking::ClientBuilder;

use super::error::Error;
use super::settings::NetSettings;
use crate::fsx;

/// What decides whether a server is trusted; part of what tells two connections pools apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Trust {
    /// Whether certificates are checked at all.
    pub(super) verify: bool,
    /// A PEM file of further roots.
    pub(super) file: Option<PathBuf>,
    /// A folder of further roots.
    pub(super) folder: Option<PathBuf>,
}

/// Sets the roots on a client under construction.
pub(super) fn configure(
    builder: ClientBuilder,
    settings: &NetSettings,
    trust: &Trust,
) -> Result<ClientBuilder, Error> {
    // Another part of the process may have installed a provider already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = builder.tls_backend_rustls();
    if !trust.verify {
        return Ok(builder.tls_danger_accept_invalid_certs(true));
    }
    let mut further = match &trust.file {
        Some(path) => file(path)?,
        None => Vec::new(),
    };
    if let Some(path) = &trust.folder {
        further.append(&mut folder(path)?);
    }
    match named(settings)? {
        Some(mut certificates) => {
            certificates.append(&mut further);
            Ok(builder.tls_certs_only(certificates))
        }
        None if further.is_empty() => Ok(builder),
        None => Ok(builder.tls_certs_merge(further)),
    }
}

/// The roots that stand in for the system's, if any are named.
fn named(settings: &NetSettings) -> Result<Option<Vec<Certificate>>, Error> {
    if settings.ssl_cert_file.is_none() && settings.ssl_cert_dir.is_none() {
        return Ok(None);
    }
    let mut certificates = match &settings.ssl_cert_file {
        Some(path) => file(path)?,
        None => Vec::new(),
    };
    for path in settings
        .ssl_cert_dir
        .as_deref()
        .unwrap_or_default()
        .split(':')
    {
        // OpenSSL and Go pass over folders that are not there; lists of likely ones are common.
        if !path.is_empty() && fsx::exists(Path::new(path)) {
            certificates.append(&mut folder(Path::new(path))?);
        }
    }
    Ok(Some(certificates))
}

/// The roots that servers are trusted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roots {
    /// Where they come from.
    pub source: String,
    /// How many there are.
    pub count: usize,
}

/// Where roots come from: those that environment and system give, and `further` ones of git's.
pub(super) fn sources(settings: &NetSettings, further: [Option<&Path>; 2]) -> Vec<String> {
    let mut sources = Vec::new();
    let file = settings.ssl_cert_file.as_ref();
    sources.extend(file.map(|path| format!("SSL_CERT_FILE ({})", path.display())));
    let folders = settings.ssl_cert_dir.as_ref();
    sources.extend(folders.map(|folders| format!("SSL_CERT_DIR ({folders})")));
    if sources.is_empty() {
        sources.push("the system".to_owned());
    }
    // GIT_SSL_CAINFO and SSL_CERT_FILE are often the same.
    let further = further.into_iter().flatten();
    let further = further.filter(|path| file.is_none_or(|file| file != path));
    sources.extend(further.map(|path| format!("`{}`", path.display())));
    sources
}

/// Looks up the roots that connections would be made with; `further` are git's own file and folder.
pub fn roots(settings: &NetSettings, further: [Option<&Path>; 2]) -> Result<Roots, Error> {
    let mut count = match named(settings)? {
        Some(certificates) => certificates.len(),
        None => rustls_native_certs::load_native_certs().certs.len(),
    };
    let [its_file, its_folder] = further;
    let its_file = its_file.filter(|path| settings.ssl_cert_file.as_deref() != Some(path));
    if let Some(path) = its_file {
        count += file(path)?.len();
    }
    if let Some(path) = its_folder {
        count += folder(path)?.len();
    }
    Ok(Roots {
        source: sources(settings, further).join(", "),
        count,
    })
}

fn file(path: &Path) -> Result<Vec<Certificate>, Error> {
    let bytes = fsx::read(path).map_err(Error::CertificateFile)?;
    let unusable = |reason: String| Error::Certificates {
        path: path.to_owned(),
        reason,
    };
    let certificates =
        Certificate::from_pem_bundle(&bytes).map_err(|error| unusable(error.to_string()))?;
    if certificates.is_empty() {
        return Err(unusable("there is no `BEGIN CERTIFICATE` in it".to_owned()));
    }
    Ok(certificates)
}

/// Every certificate in the folder's files; files that hold none are passed over, since such
/// folders hold read-me files, keys and links that lead nowhere.
fn folder(path: &Path) -> Result<Vec<Certificate>, Error> {
    let mut certificates = Vec::new();
    for entry in fsx::read_dir(path).map_err(Error::CertificateFile)? {
        if let Ok(mut more) = file(&entry.path()) {
            certificates.append(&mut more);
        }
    }
    Ok(certificates)
}

/// Sets no roots, for connections that need none; loading the system's takes a while.
pub(super) fn without_roots(builder: ClientBuilder) -> ClientBuilder {
    let _ = rustls::crypto::ring::default_provider().install_default();
    builder.tls_backend_rustls().tls_certs_only([])
}
