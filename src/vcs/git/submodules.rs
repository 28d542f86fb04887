//! Submodules: `.gitmodules` of a commit, relative addresses, and the trees they stand for.
//!
//! All of it comes from a repository and is hostile until checked: addresses go through
//! [`Address`], folders of this machine are refused as Git refuses them, depth is bounded.

use std::sync::Arc;

use super::snapshot::GitSnapshot;
use super::store::Store;
use super::{Address, Error, Fetched, Git, Held};
use crate::http::mask;
use crate::vcs::{Entry, EntryKind, ObjectId, Snapshot};

/// Submodules of submodules of …: deeper than this is a loop.
const MAX_NESTING: usize = 16;

/// A commit with more trees than this below it is an attack: a few repositories that hold each
/// other several times over would otherwise make any number of them.
const MAX_TREES: usize = 1000;

/// The largest `.gitmodules` that is read, in bytes; real ones have a few lines.
const MAX_DECLARATIONS: u64 = 1 << 20;

/// One `[submodule "…"]` section.
#[derive(Debug, Default, PartialEq, Eq)]
struct Declaration {
    path: String,
    url: String,
    update: String,
}

/// Gathers a commit's trees, one submodule after the other.
struct Collector<'a> {
    git: &'a Git,
    /// The folders of the submodules that we are inside of, outermost first.
    at: Vec<Vec<u8>>,
    trees: Vec<(Vec<u8>, Arc<dyn Snapshot>)>,
    /// How many bytes have come for them.
    bytes: u64,
}

impl Git {
    /// The commit's tree and those of its submodules, all of them in the cache when this returns.
    pub(super) fn with_submodules(&self, remote: &str, held: Held) -> Result<Fetched, Error> {
        let mut collector = Collector {
            git: self,
            at: Vec::new(),
            trees: Vec::new(),
            bytes: held.bytes,
        };
        collector.collect(remote, held.commit)?;
        Ok(Fetched {
            commit: held.commit,
            from_cache: held.from_cache,
            bytes: collector.bytes,
            trees: collector.trees,
        })
    }
}

impl Collector<'_> {
    fn collect(&mut self, remote: &str, commit: ObjectId) -> Result<(), Error> {
        let cache = self
            .git
            .cache
            .repository(&self.git.wire.config.rewrite(remote));
        let snapshot = GitSnapshot { cache, commit };
        let read = read_submodules(&snapshot).or_else(|_| {
            // The store is damaged; once more, from the remote.
            snapshot.discard()?;
            self.bytes += self.git.ensure(remote, commit)?.bytes;
            read_submodules(&snapshot).map_err(|source| {
                let remote = mask(remote);
                Error::Incomplete { remote, source }
            })
        });
        let (submodules, declared) = read?;
        self.trees.push((self.at.join(&b'/'), Arc::new(snapshot)));
        for entry in submodules {
            let path = String::from_utf8_lossy(&entry.path).into_owned();
            if let Some(url) = self.submodule_address(remote, &path, &declared)? {
                self.at.push(entry.path);
                let nested = self.submodule(&url, entry.id);
                nested.map_err(|source| Error::Submodule {
                    path,
                    source: Box::new(source),
                })?;
                self.at.pop();
            }
        }
        Ok(())
    }

    fn submodule(&mut self, url: &str, id: ObjectId) -> Result<(), Error> {
        let reason = if self.at.len() > MAX_NESTING {
            Some("is nested too deep")
        } else if self.trees.len() >= MAX_TREES {
            Some("is one too many: no repository has a thousand of them")
        } else {
            None
        };
        if let Some(reason) = reason {
            let path = String::from_utf8_lossy(&self.at.join(&b'/')).into_owned();
            return Err(Error::SubmoduleDeclaration { path, reason });
        }
        let held = self.git.ensure(url, id)?;
        self.bytes += held.bytes;
        self.collect(url, held.commit)
    }

    /// Where a submodule comes from; `None` if the repository says that it is not to be checked
    /// out (`update = none`).
    fn submodule_address(
        &self,
        parent: &str,
        path: &str,
        declared: &[Declaration],
    ) -> Result<Option<String>, Error> {
        let refuse = |reason| {
            Err(Error::SubmoduleDeclaration {
                path: path.to_owned(),
                reason,
            })
        };
        let Some(declaration) = declared.iter().rfind(|known| known.path == path) else {
            return refuse("is not declared in .gitmodules");
        };
        if declaration.update == "none" {
            return Ok(None);
        }
        if declaration.url.is_empty() {
            return refuse("has no url in .gitmodules");
        }
        let Some(url) = resolve(parent, &declaration.url) else {
            return refuse("has a relative url that leaves its host");
        };
        // What a repository names is trusted less than what a person does: Git's configuration
        // decides, which by default lets a repository lead to servers only, and a repository of
        // this machine to its neighbours.
        let parsed = |url: &str| Address::parse(&self.git.wire.config.rewrite(url));
        let protocol = parsed(&url).map_err(Error::Address)?.protocol();
        let neighbour = protocol == "file" && matches!(parsed(parent), Ok(Address::Local(_)));
        if !(neighbour || self.git.wire.config.allows(protocol, false)) {
            return refuse(
                "leads where Git's configuration lets no repository lead (protocol.*.allow)",
            );
        }
        Ok(Some(url))
    }
}

/// The gitlinks of a commit and what `.gitmodules` says of them.
fn read_submodules(
    snapshot: &GitSnapshot,
) -> Result<(Vec<Entry>, Vec<Declaration>), crate::vcs::ReadError> {
    let _reading = snapshot
        .cache
        .lock_shared()
        .map_err(|error| crate::vcs::ReadError::Store {
            reason: error.to_string(),
        })?;
    let store = Store::open(snapshot.cache.objects())?;
    let mut file = None;
    let mut submodules = Vec::new();
    store.each_entry(snapshot.commit, &mut |path, kind, id| {
        if kind == EntryKind::Submodule {
            let path = path.to_vec();
            submodules.push(Entry { path, kind, id });
        } else if path == b".gitmodules" && kind != EntryKind::Symlink {
            file = Some(id);
        }
        Ok(())
    })?;
    let declared = match file {
        Some(id) if !submodules.is_empty() => {
            parse(&String::from_utf8_lossy(&store.blob(id, MAX_DECLARATIONS)?))
        }
        _ => Vec::new(),
    };
    Ok((submodules, declared))
}

/// Reads `.gitmodules`: Git's configuration format, of which only a few keys matter here.
fn parse(text: &str) -> Vec<Declaration> {
    let mut declared: Vec<Declaration> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    let mut current = None;
    let joined = text.replace("\r\n", "\n").replace("\\\n", "");
    for line in joined.lines().map(str::trim) {
        if let Some(header) = line.strip_prefix('[') {
            current = section_name(header).map(|name| {
                names
                    .iter()
                    .position(|known| *known == name)
                    .unwrap_or_else(|| {
                        names.push(name);
                        declared.push(Declaration::default());
                        declared.len() - 1
                    })
            });
            continue;
        }
        let Some(section) = current.and_then(|index| declared.get_mut(index)) else {
            continue;
        };
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        let value = unquote(value.trim());
        match key.trim().to_ascii_lowercase().as_str() {
            "path" => value.trim_end_matches('/').clone_into(&mut section.path),
            "url" => section.url = value,
            "update" => section.update = value,
            _ => {}
        }
    }
    declared
}

/// The name in `submodule "name"]`.
fn section_name(header: &str) -> Option<String> {
    let rest = header.trim_start();
    let (kind, rest) = rest.split_at_checked("submodule".len())?;
    if !kind.eq_ignore_ascii_case("submodule") {
        return None;
    }
    let quoted = rest.trim().strip_prefix('"')?;
    let end = quoted.rfind('"')?;
    Some(quoted[..end].replace("\\\"", "\"").replace("\\\\", "\\"))
}

/// A value without its quotes, its escapes undone, a comment behind it dropped.
fn unquote(value: &str) -> String {
    let mut text = String::new();
    let mut quoted = false;
    let mut kept = 0;
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => quoted = !quoted,
            '#' | ';' if !quoted => break,
            '\\' => match characters.next() {
                Some('n') => text.push('\n'),
                Some('t') => text.push('\t'),
                Some(other) => text.push(other),
                None => {}
            },
            other => text.push(other),
        }
        if quoted || !character.is_whitespace() {
            kept = text.len();
        }
    }
    text.truncate(kept);
    text
}

/// A submodule's address; `./` and `../` count from the parent repository's own address.
fn resolve(parent: &str, url: &str) -> Option<String> {
    if !url.starts_with("./") && !url.starts_with("../") {
        return Some(url.to_owned());
    }
    let (mut base, mut rest) = (parent.trim_end_matches('/'), url);
    // What must stay: scheme and host, or the host of an scp-like address.
    let floor = match base.find("://") {
        Some(start) => start + 3 + base[start + 3..].find('/')?,
        None => base.find(':').map_or(0, |colon| colon + 1),
    };
    let mut separator = '/';
    loop {
        if let Some(tail) = rest.strip_prefix("./") {
            rest = tail;
        } else if let Some(tail) = rest.strip_prefix("../") {
            rest = tail;
            match base.get(floor..)?.rfind('/') {
                Some(slash) => base = &base[..floor + slash],
                None if base.len() > floor && floor > 0 && !parent.contains("://") => {
                    base = &base[..floor - 1];
                    separator = ':';
                }
                None => return None,
            }
        } else {
            break;
        }
    }
    Some(format!("{base}{separator}{}", rest.trim_end_matches('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_read_as_git_reads_them() {
        let text = "[submodule \"a b\"]\n\tpath = lib/a\r\n\turl = \"https://h/a#x\" ; note\n\
                    [core]\n path = no\n[Submodule \"c\"]\nURL=../c # rel\nPath = c/\nupdate = none\n";
        assert_eq!(
            parse(text),
            [
                Declaration {
                    path: "lib/a".into(),
                    url: "https://h/a#x".into(),
                    update: String::new()
                },
                Declaration {
                    path: "c".into(),
                    url: "../c".into(),
                    update: "none".into()
                },
            ]
        );
    }

    #[test]
    fn relative_addresses_count_from_the_parent() {
        for (parent, url, expected) in [
            ("https://h/a/b", "../c", Some("https://h/a/c")),
            (
                "https://h/a/b.git",
                "../../x/c.git",
                Some("https://h/x/c.git"),
            ),
            ("https://h/a/b", "./c", Some("https://h/a/b/c")),
            ("https://h/a/b/", "../c/", Some("https://h/a/c")),
            ("https://h/a/b", "../../../c", None),
            ("git@h:a/b.git", "../c.git", Some("git@h:a/c.git")),
            ("git@h:b.git", "../c.git", Some("git@h:c.git")),
            ("/srv/a", "../b", Some("/srv/b")),
            ("file:///srv/a", "../b", Some("file:///srv/b")),
            ("https://h/a", "https://o/b", Some("https://o/b")),
        ] {
            assert_eq!(resolve(parent, url).as_deref(), expected, "{parent} {url}");
        }
    }
}
