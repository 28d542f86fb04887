//! The licences of what is pinned: files from vendor/ or the cache for the check to read, and what earlier
//! runs found out about texts.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::super::{Context, parallel};
use super::shared;
use super::trees::Trees;
use crate::audit::{self, Identities, LicenceReader, Pinned, Subject, Text, Texts};
use crate::cache::{self, Cache};
use crate::fsx;
use crate::vcs::{NodeKind, ReadError};

/// Longer texts are no licences.
const LONGEST: u64 = 256 << 10;

/// What identifies texts, and the file that keeps what it found out.
pub(super) struct Licences {
    reader: LicenceReader,
    file: PathBuf,
}

impl Licences {
    /// Reads what earlier runs found out. A damaged file is as good as none.
    pub(super) fn open(cache: &Cache) -> Self {
        let file = cache.licences();
        let kept = cache::read_sealed(&file).ok().flatten();
        Self {
            reader: LicenceReader::new(&kept.unwrap_or_default()),
            file,
        }
    }

    /// Keeps what this run found out. It costs the next run some time if that fails.
    pub(super) fn keep(&self) {
        if let Some(bytes) = self.reader.remembered() {
            let _ = cache::write_sealed(&self.file, &bytes);
        }
    }

    /// The licences of a project's pins.
    pub(super) fn identify(
        &self,
        context: &Context<'_>,
        subject: &Subject,
        trees: &Trees<'_>,
    ) -> Identities {
        let pins: BTreeMap<_, _> = subject
            .pins
            .iter()
            .map(|pin| (pin.entry.name.clone(), pin))
            .collect();
        let wanted: Vec<_> = pins.values().collect();
        let found = parallel::map(&wanted, context.settings.fetches, |pin| {
            let folders = audit::folders(subject, pin);
            if trees.in_vendor(pin).is_some() {
                return audit::identify(pin, &folders, trees, &self.reader);
            }
            let known = &trees.shared().licences;
            known.get((shared::key(pin), folders.clone()), || {
                audit::identify(pin, &folders, trees, &self.reader)
            })
        });
        pins.into_keys().zip(found).collect()
    }
}

impl Texts for Trees<'_> {
    fn files(&self, pin: &Pinned, folder: &str) -> Result<Vec<String>, String> {
        let Some(place) = self.in_vendor(pin) else {
            let names = self.checkout(pin)?.folder(folder).unwrap_or_default();
            let files = names
                .into_iter()
                .filter(|(_, kind)| *kind == NodeKind::File);
            return Ok(files.map(|(name, _)| name).collect());
        };
        let Some(folder) = inside(&place, folder) else {
            return Ok(Vec::new());
        };
        let entries = fsx::read_dir(&folder).map_err(|error| error.to_string())?;
        let mut names = Vec::new();
        for entry in entries {
            let kind = fsx::file_type(&entry).map_err(|error| error.to_string())?;
            // Names that are not UTF-8 are no names of licences.
            let name = entry.file_name().into_string().ok();
            names.extend(name.filter(|_| kind.is_file() || kind.is_symlink()));
        }
        Ok(names)
    }

    fn read(&self, pin: &Pinned, file: &str) -> Result<Text, String> {
        let Some(place) = self.in_vendor(pin) else {
            return match self.checkout(pin)?.read(file, LONGEST) {
                Ok(found) => Ok(found.map_or(Text::Elsewhere, Text::Found)),
                Err(ReadError::TooLarge { .. }) => Ok(Text::TooLarge),
                Err(error) => Err(error.to_string()),
            };
        };
        let Some(path) = inside(&place, file) else {
            return Ok(Text::Elsewhere);
        };
        let told = |error: fsx::Error| error.to_string();
        // A pipe would be waited for.
        if !fsx::stat(&path)
            .map_err(told)?
            .is_some_and(|found| found.is_file())
        {
            return Ok(Text::Elsewhere);
        }
        let mut bytes = Vec::new();
        let mut start = fsx::open(&path).map_err(told)?.take(LONGEST + 1);
        start
            .read_to_end(&mut bytes)
            .map_err(|error| format!("cannot read `{}`: {error}", path.display()))?;
        if bytes.len() as u64 > LONGEST {
            return Ok(Text::TooLarge);
        }
        Ok(Text::Found(bytes))
    }
}

/// Where a path leads, links followed; `None` where that is outside of the folder, or nowhere.
fn inside(folder: &Path, path: &str) -> Option<PathBuf> {
    let folder = fsx::canonicalize(folder).ok()?;
    let found = fsx::canonicalize(&folder.join(path)).ok()?;
    found.starts_with(&folder).then_some(found)
}
