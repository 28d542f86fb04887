//! Where a vulnerability database comes from: a zip file, a folder, or an address.

use std::io::{Cursor, Read as _};
use std::path::{Component, Path, PathBuf};

use super::download::{Downloads, now};
use crate::audit::advisories::{Archive, Database, Files, date};
use crate::commands::network::Network;
use crate::fsx;
use crate::http::{mask, percent_decode};

/// The Go project's own.
pub(super) const DEFAULT: &str = "https://vuln.go.dev";

const LONGEST_ZIP: usize = 256 << 20;
const STAMP: &str = "index/db.json";
/// How many files of a folder are looked at.
const MOST_FILES: usize = 250_000;

/// A database, and what is to be told of where it comes from.
pub(super) struct Opened {
    pub(super) database: Database,
    /// Whether it is the copy of an earlier run, and why.
    pub(super) copy: Option<String>,
}

/// Opens what `--db` names; why it cannot be had.
pub(super) fn open(
    place: &str,
    folder: &Path,
    (network, offline): (&Network, bool),
) -> Result<Opened, String> {
    if place.starts_with("https://") || place.starts_with("http://") {
        return remote(place, network, offline);
    }
    let path = match place.strip_prefix("file://") {
        Some(path) => fsx::path_of_url(&String::from_utf8_lossy(&percent_decode(path))),
        None => PathBuf::from(place),
    };
    let path = folder.join(path);
    let files = local(&path).map_err(|reason| format!("`{}`: {reason}", path.display()))?;
    opened(files, None)
}

fn opened(files: Box<dyn Files>, copy: Option<String>) -> Result<Opened, String> {
    let database = Database::open(files).map_err(|error| error.to_string())?;
    Ok(Opened { database, copy })
}

fn local(path: &Path) -> Result<Box<dyn Files>, String> {
    let metadata = fsx::stat(path).map_err(|error| error.source.to_string())?;
    match metadata {
        None => Err("there is no such file or folder".to_owned()),
        Some(metadata) if metadata.is_dir() => Ok(Box::new(Folder(path.to_owned()))),
        Some(metadata) if metadata.is_file() => {
            let file = fsx::open(path).map_err(|error| error.source.to_string())?;
            let reader = std::io::BufReader::new(file);
            Ok(Box::new(Archive::open(reader)?))
        }
        Some(_) => Err("it is neither a file nor a folder".to_owned()),
    }
}

/// A zip file at the address, or below it; else the files below it, one by one.
fn remote(address: &str, network: &Network, offline: bool) -> Result<Opened, String> {
    let base = address.trim_end_matches('/');
    let client = (!offline).then(|| network.client());
    let client = client.transpose().map_err(|failure| failure.render())?;
    let downloads = Downloads::new(client, network.cache.clone());
    let is_zip = Path::new(base)
        .extension()
        .is_some_and(|end| end.eq_ignore_ascii_case("zip"));
    let zip = if is_zip {
        base.to_owned()
    } else {
        format!("{base}/vulndb.zip")
    };
    let is_archive = |bytes: &[u8]| Archive::open(Cursor::new(bytes)).map(drop);
    let unreachable = |reason: String| format!("cannot get {}: {reason}", mask(base));
    let unless_zip = match downloads.get(&zip, LONGEST_ZIP, "", is_archive) {
        Ok(Some(download)) => {
            let copy = download.obstacle.as_ref();
            let copy = copy.map(|why| copied(base, download.fetched, why));
            let archive = Archive::open(Cursor::new(download.bytes)).map_err(unreachable)?;
            return opened(Box::new(archive), copy);
        }
        Ok(None) => "there is no such file".to_owned(),
        Err(reason) => reason,
    };
    if is_zip {
        return Err(unreachable(unless_zip));
    }
    let files = Below::new(downloads, base).map_err(|_| unreachable(unless_zip))?;
    let copy = files.obstacle.as_ref();
    let copy = copy.map(|(fetched, why)| copied(base, *fetched, why));
    opened(Box::new(files), copy)
}

fn copied(base: &str, fetched: i64, why: &str) -> String {
    let days = (now() - fetched).max(0) / 86_400;
    format!(
        "{} cannot be asked, so its copy of {} counts, {days} days old ({})",
        mask(base),
        date(fetched),
        mask(why)
    )
}

/// The files of a folder.
struct Folder(PathBuf);

impl Files for Folder {
    fn read(&mut self, name: &str, limit: usize) -> Result<Option<Vec<u8>>, String> {
        let is_below = Path::new(name)
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        if !is_below {
            return Err("its name leads out of the database".to_owned());
        }
        let path = self.0.join(name);
        let io = |error: fsx::Error| error.source.to_string();
        match fsx::stat(&path).map_err(io)? {
            None => return Ok(None),
            Some(metadata) if !metadata.is_file() => return Err("it is no file".to_owned()),
            Some(_) => {}
        }
        let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        let mut bytes = Vec::new();
        let file = fsx::open(&path).map_err(io)?;
        let read = file.take(most).read_to_end(&mut bytes);
        read.map_err(|error| error.to_string())?;
        if bytes.len() > limit {
            return Err(format!("it is longer than {limit} bytes"));
        }
        Ok(Some(bytes))
    }

    /// Those of the folder itself and of the folders in it; links to folders are not followed.
    fn names(&mut self) -> Result<Vec<String>, String> {
        let mut names = Vec::new();
        let io = |error: fsx::Error| error.source.to_string();
        for entry in fsx::read_dir(&self.0).map_err(io)? {
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            if !fsx::file_type(&entry).map_err(io)?.is_dir() {
                names.push(name);
                continue;
            }
            for inner in fsx::read_dir(&entry.path()).map_err(io)? {
                let inner = inner.file_name().into_string();
                names.extend(inner.into_iter().map(|inner| format!("{name}/{inner}")));
                if names.len() > MOST_FILES {
                    return Err("it has too many files".to_owned());
                }
            }
        }
        Ok(names)
    }
}

/// The files below an address. Its stamp tells whether any has changed since they were kept.
struct Below {
    downloads: Downloads,
    base: String,
    /// The bytes of its stamp, and the same as a line.
    stamp: (Vec<u8>, String),
    /// Since when nobody could be asked, and why, if so.
    obstacle: Option<(i64, String)>,
}

impl Below {
    fn new(downloads: Downloads, base: &str) -> Result<Self, String> {
        let url = format!("{base}/{STAMP}");
        let download = downloads.get(&url, 1 << 16, "", |_| Ok(()))?;
        let Some(download) = download else {
            return Err(format!("neither `vulndb.zip` nor `{STAMP}` is there"));
        };
        let text = String::from_utf8_lossy(&download.bytes);
        let line = text.split_whitespace().collect();
        Ok(Self {
            obstacle: download.obstacle.map(|why| (download.fetched, why)),
            base: base.to_owned(),
            stamp: (download.bytes, line),
            downloads,
        })
    }
}

impl Files for Below {
    fn read(&mut self, name: &str, limit: usize) -> Result<Option<Vec<u8>>, String> {
        let (stamp, line) = &self.stamp;
        if name == STAMP {
            return Ok(Some(stamp.clone()));
        }
        let url = format!("{}/{name}", self.base);
        let kept = self.downloads.kept(&url);
        if let Some(kept) = kept.filter(|kept| kept.mark == *line && kept.bytes.len() <= limit) {
            return Ok(Some(kept.bytes));
        }
        let download = self.downloads.get(&url, limit, line, |_| Ok(()))?;
        Ok(download.map(|download| download.bytes))
    }

    fn names(&mut self) -> Result<Vec<String>, String> {
        Err("it has no index".to_owned())
    }
}
