//! The store that a thread has opened last, to go on with: a commit is asked for, looked through
//! for submodules and read one right after the other, and opening a store takes longer than any of
//! these. Nothing is remembered beyond what the folder of packs looked like.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::SystemTime;

use git2::Odb;

use crate::fsx;

/// An open store.
struct Opened {
    objects: PathBuf,
    /// When packs have last come or gone; none is ever changed.
    changed: SystemTime,
    odb: Rc<Odb<'static>>,
}

thread_local! {
    static LAST: RefCell<Option<Opened>> = const { RefCell::new(None) };
}

/// The open store at `objects`, by `open` where this thread has opened another one since, or packs
/// have come or gone. `open` is told whether there are any packs.
pub(super) fn last_or<E>(
    objects: &Path,
    open: impl FnOnce(bool) -> Result<Odb<'static>, E>,
) -> Result<Rc<Odb<'static>>, E> {
    let packs = fsx::stat(&objects.join("pack")).ok().flatten();
    let packs = packs.filter(std::fs::Metadata::is_dir);
    let Some(changed) = packs.and_then(|packs| packs.modified().ok()) else {
        return open(false).map(Rc::new);
    };
    let known = LAST.with_borrow(|last| {
        let last = last.as_ref()?;
        let same = last.objects == objects && last.changed == changed;
        same.then(|| Rc::clone(&last.odb))
    });
    if let Some(odb) = known {
        return Ok(odb);
    }
    let odb = Rc::new(open(true)?);
    let opened = Opened {
        objects: objects.to_owned(),
        changed,
        odb: Rc::clone(&odb),
    };
    // The one before is closed when the place is not borrowed any more.
    let _before = LAST.replace(Some(opened));
    Ok(odb)
}
