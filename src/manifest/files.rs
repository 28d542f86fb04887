//! Telling the files apart by what is in them, and writing them anew.

use crate::model::Roots;
use crate::yaml;

use super::config::Config;
use super::error::Error;
use super::lock::Lock;

/// Which of Glide's two project files a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// glide.yaml.
    Config,
    /// glide.lock.
    Lock,
}

/// The keys that a glide.yaml may have at the outermost level, `<<` for any of them.
const CONFIG_KEYS: &[&str] = &[
    "package",
    "description",
    "homepage",
    "license",
    "owners",
    "ignore",
    "excludeDirs",
    "import",
    "testImport",
    "<<",
];
/// Those of a glide.lock.
const LOCK_KEYS: &[&str] = &["hash", "updated", "imports", "testImports"];

impl FileKind {
    /// Tells by the outermost keys: those of a lock and none of `package` and `import` make a lock.
    ///
    /// Keys none of which belong to either file are an error: as a glide.yaml such a file is an
    /// empty one, and writing that in its place would destroy a mirrors.yaml.
    pub fn of(bytes: &[u8]) -> Result<Self, Error> {
        let document = yaml::parse(bytes).map_err(|error| {
            // Lines that only one of the two files has.
            let is_lock = bytes
                .split(|byte| *byte == b'\n')
                .any(|line| line.starts_with(b"updated:"));
            let file = if is_lock { Self::Lock } else { Self::Config };
            Error::reading(error, bytes, file)
        })?;
        let keys: Vec<&str> = document.iter().flat_map(yaml::Document::top_keys).collect();
        let has = |names: &[&str]| keys.iter().any(|key| names.contains(key));
        if has(LOCK_KEYS) && !has(&["package", "import"]) {
            Ok(Self::Lock)
        } else if keys.is_empty() || has(CONFIG_KEYS) {
            Ok(Self::Config)
        } else {
            Err(Error::NeitherFile)
        }
    }
}

/// The text that Glide would write for a glide.yaml or glide.lock.
pub fn reformat(bytes: &[u8], roots: &dyn Roots) -> Result<String, Error> {
    match FileKind::of(bytes)? {
        FileKind::Config => Ok(Config::read(bytes, roots)?.to_yaml()),
        FileKind::Lock => Lock::parse(bytes)?.to_yaml(),
    }
}
