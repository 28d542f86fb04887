//! Short texts remembered across runs, one small file each.

use std::path::PathBuf;

use super::{Cache, ROOTS, key};
use crate::fsx;
use crate::model::Memo;

/// Longer answers are not kept; what `discover` remembers is a line or two.
const LONGEST: usize = 16 * 1024;

/// Remembers texts by name. A file that cannot be read is as good as none; one that cannot be
/// written costs a question in the next run.
#[derive(Clone, Debug)]
pub struct FileMemo {
    cache: Cache,
}

impl FileMemo {
    pub(super) fn new(cache: Cache) -> Self {
        Self { cache }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.cache.root.join(ROOTS).join(key(name))
    }
}

impl Memo for FileMemo {
    fn get(&self, name: &str) -> Option<String> {
        let bytes = fsx::read_if_exists(&self.file(name)).ok()??;
        let text = String::from_utf8(bytes)
            .ok()
            .filter(|text| text.len() <= LONGEST)?;
        let (stored, value) = text.split_once('\n')?;
        (stored == name).then(|| value.strip_suffix('\n').map(str::to_owned))?
    }

    fn put(&self, name: &str, value: &str) {
        if !name.contains('\n') && name.len() + value.len() < LONGEST {
            let text = format!("{name}\n{value}\n");
            // Best effort: a cache that cannot be written is told of where it matters.
            let _ = self
                .cache
                .prepare()
                .and_then(|()| fsx::write_atomic(&self.file(name), text.as_bytes()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_comes_back_and_damage_is_as_good_as_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let memo = Cache::new(folder.path()).memo();
        assert_eq!(memo.get("go.acme.dev/log"), None);
        memo.put("go.acme.dev/log", "a b\nc");
        assert_eq!(memo.get("go.acme.dev/log").as_deref(), Some("a b\nc"));
        let file = memo.file("go.acme.dev/log");
        for damaged in [
            &b""[..],
            b"go.acme.dev/log",
            b"go.acme.dev/log\na b",
            b"other\nx\n",
            b"\xff\n\n",
        ] {
            fsx::write_atomic(&file, damaged).unwrap();
            assert_eq!(memo.get("go.acme.dev/log"), None, "{damaged:?}");
        }
    }
}
