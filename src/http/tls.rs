//! Which certificates are trusted.
//!
//! The system's, or those of `SSL_CERT_FILE` and `SSL_CERT_DIR` in their place; to these git's
//! own (`GIT_SSL_CAINFO`, `http.sslCAInfo`) are added. Added, not put in their place, because one
//! client serves git and go-import pages, and because that is what git itself does wherever its
//! curl knows a folder of system certificates beside the file.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use reqwest::Certificate;
use reqwest::blocking::ClientBuilder;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

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
        Some(mut roots) => {
            roots.append(&mut further);
            Ok(builder.tls_certs_only(certificates(roots)))
        }
        None if further.is_empty() => Ok(builder),
        None => Ok(builder.tls_certs_merge(certificates(further))),
    }
}

/// The roots that stand in for the system's, if any are named.
fn named(settings: &NetSettings) -> Result<Option<Vec<Root>>, Error> {
    if settings.ssl_cert_file.is_none() && settings.ssl_cert_dir.is_none() {
        return Ok(None);
    }
    let mut roots = match &settings.ssl_cert_file {
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
            roots.append(&mut folder(Path::new(path))?);
        }
    }
    Ok(Some(roots))
}

/// The roots that servers are trusted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roots {
    /// Where they come from.
    pub source: String,
    /// How many different ones there are.
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
    // Of what two of them hold one counts: git's own are often the system's once more.
    let mut known: HashSet<Vec<u8>> = HashSet::new();
    if let Some(roots) = named(settings)? {
        known.extend(roots.into_iter().map(|root| root.der));
    } else {
        let system = rustls_native_certs::load_native_certs().certs;
        known.extend(system.iter().map(|root| root.to_vec()));
    }
    let [its_file, its_folder] = further;
    let mut more = Vec::new();
    if let Some(path) = its_file {
        more.append(&mut file(path)?);
    }
    if let Some(path) = its_folder {
        more.append(&mut folder(path)?);
    }
    known.extend(more.into_iter().map(|root| root.der));
    Ok(Roots {
        source: sources(settings, further).join(", "),
        count: known.len(),
    })
}

/// A certificate that is trusted.
struct Root {
    /// What it is, byte for byte.
    der: Vec<u8>,
    certificate: Certificate,
}

fn certificates(roots: Vec<Root>) -> Vec<Certificate> {
    roots.into_iter().map(|root| root.certificate).collect()
}

fn file(path: &Path) -> Result<Vec<Root>, Error> {
    let bytes = fsx::read(path).map_err(Error::CertificateFile)?;
    let unusable = |reason: String| Error::Certificates {
        path: path.to_owned(),
        reason,
    };
    let mut roots = Vec::new();
    for der in CertificateDer::pem_slice_iter(&bytes) {
        let der = der.map_err(|error| unusable(error.to_string()))?.to_vec();
        let certificate = Certificate::from_der(&der);
        let certificate = certificate.map_err(|error| unusable(error.to_string()))?;
        roots.push(Root { der, certificate });
    }
    if roots.is_empty() {
        return Err(unusable("there is no `BEGIN CERTIFICATE` in it".to_owned()));
    }
    Ok(roots)
}

/// Every certificate in the folder's files; files that hold none are passed over, since such
/// folders hold read-me files, keys and links that lead nowhere.
fn folder(path: &Path) -> Result<Vec<Root>, Error> {
    let mut roots = Vec::new();
    for entry in fsx::read_dir(path).map_err(Error::CertificateFile)? {
        if let Ok(mut more) = file(&entry.path()) {
            roots.append(&mut more);
        }
    }
    Ok(roots)
}

/// Sets no roots, for connections that need none; loading the system's takes a while.
pub(super) fn without_roots(builder: ClientBuilder) -> ClientBuilder {
    let _ = rustls::crypto::ring::default_provider().install_default();
    builder.tls_backend_rustls().tls_certs_only([])
}
