//! Short texts remembered across runs, one small file each.

use std::path::PathBuf;

use super::key;
use crate::fsx;
use crate::model::Memo;

/// Longer answers are not kept; what `discover` remembers is a line or two.
const LONGEST: usize = 16 * 1024;

/// Remembers texts by name. A file that cannot be read is as good as none; one that cannot be
/// written costs a question in the next run.
#[derive(Clone, Debug)]
pub struct FileMemo {
    folder: PathBuf,
}

impl FileMemo {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }
}

impl Memo for FileMemo {
    fn get(&self, name: &str) -> Option<String> {
        let bytes = fsx::read_if_exists(&self.folder.join(key(name))).ok()??;
        let text = String::from_utf8(bytes)
            .ok()
            .filter(|text| text.len() <= LONGEST)?;
        let (stored, value) = text.split_once('\n')?;
        (stored == name).then(|| value.strip_suffix('\n').map(str::to_owned))?
    }

    fn put(&self, name: &str, value: &str) {
        if !name.contains('\n') && name.len() + value.len() < LONGEST {
            // Best effort: a cache that cannot be written is told of where it matters.
            let _ = fsx::write_atomic(
                &self.folder.join(key(name)),
                format!("{name}\n{value}\n").as_bytes(),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_comes_back_and_damage_is_as_good_as_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let memo = FileMemo::new(folder.path().to_owned());
        assert_eq!(memo.get("go.acme.dev/log"), None);
        memo.put("go.acme.dev/log", "a b\nc");
        assert_eq!(memo.get("go.acme.dev/log").as_deref(), Some("a b\nc"));
        let file = folder.path().join(key("go.acme.dev/log"));
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
