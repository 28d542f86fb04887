//! Files as cases and tests write them down, laid on disk, and read back as a table.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::fs;
use std::marker::PhantomData;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use sha2::{Digest as _, Sha256};

/// A JSON object that keeps its order: commits are dated in the order they are written down.
#[derive(Clone, Debug)]
pub(crate) struct Ordered<T>(pub(crate) Vec<(String, T)>);

impl<T> Default for Ordered<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Ordered<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Pairs<T> {
            type Value = Ordered<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Ordered(pairs))
            }
        }
        deserializer.deserialize_map(Pairs(PhantomData))
    }
}

/// What stands, or shall stand, at a path.
#[derive(Clone, Debug)]
pub(crate) enum FileSpec {
    /// A file with its bytes.
    File {
        /// The content.
        bytes: Vec<u8>,
        /// Mode 755 instead of 644.
        executable: bool,
    },
    /// A symbolic link and where it leads.
    Link(String),
    /// In a commit: another repository's commit.
    Submodule {
        /// The repository's name.
        repo: String,
        /// A revision there.
        at: String,
    },
    /// Nothing: what stands there goes.
    Remove,
}

impl FileSpec {
    /// An ordinary file.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::File {
            bytes: text.into().into_bytes(),
            executable: false,
        }
    }
}

/// The spellings that the case format has for a file.
#[derive(serde::Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Written {
    Text(String),
    Full {
        text: String,
        mode: Option<String>,
        times: Option<usize>,
    },
    Base64 {
        base64: String,
    },
    Link {
        link: String,
    },
    Submodule {
        submodule: String,
        at: Option<String>,
    },
}

impl<'de> Deserialize<'de> for FileSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Option::<Written>::deserialize(deserializer)? {
            None => Self::Remove,
            Some(Written::Text(text)) => Self::text(text),
            Some(Written::Full { text, mode, times }) => Self::File {
                bytes: text.repeat(times.unwrap_or(1)).into_bytes(),
                executable: mode.is_some_and(|mode| mode == "755"),
            },
            Some(Written::Base64 { base64 }) => Self::File {
                bytes: decode_base64(&base64),
                executable: false,
            },
            Some(Written::Link { link }) => Self::Link(link),
            Some(Written::Submodule { submodule, at }) => Self::Submodule {
                repo: submodule,
                at: at.unwrap_or_else(|| "HEAD".to_owned()),
            },
        })
    }
}

/// Reads base64, padding and line ends passed over.
fn decode_base64(text: &str) -> Vec<u8> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let (mut held, mut bits) = (0_u32, 0);
    for digit in text.bytes().filter(|byte| !b"=\r\n".contains(byte)) {
        let value = ALPHABET.iter().position(|&a| a == digit);
        held = held << 6 | u32::try_from(value.expect("a base64 digit")).unwrap();
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).unwrap());
        }
    }
    bytes
}

/// Lays files on disk; a path that ends in `/` is an empty folder.
pub(crate) fn lay(folder: &Path, files: &[(String, FileSpec)]) {
    for (path, spec) in files {
        let target = folder.join(path);
        let standing = fs::symlink_metadata(&target).ok();
        if let FileSpec::Remove = spec {
            match standing {
                Some(data) if data.is_dir() => fs::remove_dir_all(&target).unwrap(),
                Some(_) => fs::remove_file(&target).unwrap(),
                None => {}
            }
            continue;
        }
        if path.ends_with('/') {
            fs::create_dir_all(&target).unwrap();
            continue;
        }
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        if standing.is_some_and(|data| !data.is_dir()) {
            fs::remove_file(&target).unwrap();
        }
        match spec {
            FileSpec::File { bytes, executable } => {
                fs::write(&target, bytes).unwrap();
                let mode = if *executable { 0o755 } else { 0o644 };
                fs::set_permissions(&target, fs::Permissions::from_mode(mode)).unwrap();
            }
            FileSpec::Link(to) => symlink(to, &target).unwrap(),
            FileSpec::Submodule { .. } | FileSpec::Remove => {}
        }
    }
}

/// Every file below a folder: `mode digest`, or where a link leads. `.` is the folder itself
/// where it is a link or a file. `None` where there is no file at all.
pub(crate) fn manifest(folder: &Path) -> Option<BTreeMap<String, String>> {
    let mut seen = BTreeMap::new();
    match fs::symlink_metadata(folder) {
        Ok(data) if data.is_symlink() => {
            let to = fs::read_link(folder).unwrap();
            seen.insert(".".to_owned(), format!("link {}", to.display()));
        }
        Ok(data) if data.is_file() => {
            seen.insert(".".to_owned(), format!("file {}", digest(folder)));
        }
        _ => {}
    }
    if folder.is_dir() {
        gather(folder, "", &mut seen);
    }
    (!seen.is_empty()).then_some(seen)
}

fn gather(folder: &Path, prefix: &str, seen: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            gather(&entry.path(), &format!("{path}/"), seen);
        } else if kind.is_symlink() {
            let to = fs::read_link(entry.path()).unwrap();
            seen.insert(path, format!("link {}", to.display()));
        } else {
            let executable = entry.metadata().unwrap().permissions().mode() & 0o100 != 0;
            let mode = if executable { "755" } else { "644" };
            seen.insert(path, format!("{mode} {}", digest(&entry.path())));
        }
    }
}

/// The first sixteen hex digits of a file's SHA-256.
fn digest(path: &Path) -> String {
    let sum = Sha256::digest(fs::read(path).unwrap());
    let mut digits = String::new();
    for byte in sum.iter().take(8) {
        write!(digits, "{byte:02x}").expect("a string takes all");
    }
    digits
}
