//! Private GOPATHs: a folder in which there is nothing but a link to a project, at its import path.
//!
//! ```text
//! <home>/cache/v1/gopath/<key>/src/<import path>  leads to the project
//! <home>/cache/v1/gopath/<key>/bin                leads to the user's, so that what `go install` makes stays
//! <home>/cache/v1/gopath/<key>/overlay.json       makes Go take the link for a folder
//! <home>/cache/v1/gopath/<key>/kept               leads to the project; there if it is to outlive its users
//! ```
//!
//! Go's build cache, and binaries that are built without `-trimpath`, hang on where a package lies. So the
//! place is the same each time, and two runs may use it at once: each holds a shared lock on the folder,
//! and the last one to leave removes it, and those that killed runs have left.

use std::path::{Path, PathBuf};

use super::{Cache, GOPATHS, Guard, key};
use crate::fsx::{self, lock};
use crate::model::{VendorPath, sha256_hex};

const KEPT: &str = "kept";
const OVERLAY: &str = "overlay.json";

/// More often than this nobody takes a folder away just when we make what is in it.
const ATTEMPTS: usize = 100;

/// A GOPATH that holds a single project; it goes with its last user, unless it is kept.
#[derive(Debug)]
pub struct PrivateGopath {
    /// `<key>`.
    root: PathBuf,
    /// The project in there.
    link: PathBuf,
    /// The project itself.
    project: PathBuf,
    /// Let go of before anything is swept.
    in_use: Option<Guard>,
}

impl Cache {
    /// The GOPATH for the project in a folder, given without links, that goes by this import path. `bin`
    /// is where the programs go that are installed from there.
    pub fn private_gopath(
        &self,
        project: &Path,
        name: &VendorPath,
        bin: Option<&Path>,
    ) -> fsx::Result<PrivateGopath> {
        let place = sha256_hex(project.as_os_str().as_encoded_bytes());
        let folder = format!("{}-{}", key(name.as_str()), &place[..16]);
        let root = self.root.join(GOPATHS).join(folder);
        let gopath = PrivateGopath {
            in_use: Some(enter(&root)?),
            link: name.below(&root.join("src")),
            root,
            project: project.to_owned(),
        };
        if let Some(around) = gopath.link.parent() {
            fsx::create_dir_all(around)?;
        }
        lead(&gopath.link, project)?;
        if let Some(bin) = bin {
            lead(&gopath.root.join("bin"), bin)?;
        }
        Ok(gopath)
    }
}

impl PrivateGopath {
    /// What `GOPATH` is to be.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where the project stands in there.
    pub fn link(&self) -> &Path {
        &self.link
    }

    /// A file for Go's flag `-overlay`; nothing where its path could not stand in `GOFLAGS`.
    ///
    /// Where Go looks for the packages of a pattern it passes links by. A folder in which the overlay has a
    /// file it takes for one, and lists what is really there as well. So the overlay puts a file into the
    /// project, with a name that Go passes by.
    pub fn overlay(&self) -> fsx::Result<Option<PathBuf>> {
        let path = self.root.join(OVERLAY);
        let file = self.link.join(".glide-rs");
        let plain = |path: &Path| {
            let odd = |c: char| c.is_whitespace() || c.is_control() || "\"'\\".contains(c);
            Some(path.to_str().filter(|text| !text.contains(odd))?.to_owned())
        };
        let (Some(path_text), Some(file)) = (plain(&path), plain(&file)) else {
            return Ok(None);
        };
        let text = format!("{{\"Replace\": {{\"{file}\": \"{path_text}\"}}}}\n");
        if fsx::read_if_exists(&path)?.as_deref() != Some(text.as_bytes()) {
            fsx::replace(&path, text.as_bytes())?;
        }
        Ok(Some(path))
    }

    /// Lets it outlive its users: until the cache is cleared, or the project gone.
    pub fn keep(&self) -> fsx::Result<()> {
        lead(&self.root.join(KEPT), &self.project)
    }
}

impl Drop for PrivateGopath {
    fn drop(&mut self) {
        self.in_use.take();
        if let Some(all) = self.root.parent() {
            sweep(all);
        }
    }
}

/// Makes the folder and takes a share of its lock. The last user of before may remove it at any moment.
fn enter(root: &Path) -> fsx::Result<Guard> {
    let mut attempts = 0;
    loop {
        attempts += 1;
        match fsx::create_dir_all(root).and_then(|()| lock::shared_folder(root)) {
            Ok(Some(guard)) => return Ok(guard),
            Ok(None) => {}
            Err(error) if attempts < ATTEMPTS && (error.is_not_found() || error.is_taken()) => {}
            Err(error) => return Err(error),
        }
    }
}

/// Removes what nobody uses and nothing keeps, as far as that is possible: whatever stays is tried again
/// by the next run.
fn sweep(all: &Path) {
    for entry in fsx::read_dir(all).unwrap_or_default() {
        let root = entry.path();
        if let Ok(Some(_alone)) = lock::unused_folder(&root)
            && !fsx::exists(&root.join(KEPT))
        {
            let _ = fsx::remove_tree(&root);
        }
    }
    let _ = fsx::remove_empty_dir(all);
}

/// Makes a link that leads there, also where one that leads elsewhere is in its place.
fn lead(link: &Path, to: &Path) -> fsx::Result<()> {
    match fsx::leads_to(link, to) {
        Ok(true) => return Ok(()),
        Ok(false) => fsx::remove_link(link)?,
        Err(_) => {}
    }
    match fsx::link_folder(to, link) {
        // Another run was faster.
        Err(error) if error.is_taken() && fsx::leads_to(link, to).is_ok_and(|same| same) => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct World {
        root: tempfile::TempDir,
        cache: Cache,
    }

    impl World {
        fn new() -> Self {
            let root = tempfile::tempdir().unwrap();
            for folder in ["project", "other", "bin"] {
                fsx::create_dir(&root.path().join(folder)).unwrap();
            }
            let cache = Cache::new(&root.path().join("home"));
            Self { root, cache }
        }

        fn enter(&self, project: &str) -> PrivateGopath {
            let at = |name: &str| self.root.path().join(name);
            let name = VendorPath::new("github.com/me/app").unwrap();
            self.cache
                .private_gopath(&at(project), &name, Some(&at("bin")))
                .unwrap()
        }

        fn left(&self) -> usize {
            let all = self.cache.root().join(GOPATHS);
            fsx::read_dir(&all).map_or(0, |entries| entries.len())
        }
    }

    #[test]
    fn it_stands_at_the_same_place_each_time_and_goes_with_its_last_user() {
        let world = World::new();
        let (one, two) = (world.enter("project"), world.enter("project"));
        let place = one.link().to_owned();
        assert_eq!(place, two.link());
        assert!(place.ends_with("src/github.com/me/app"));
        fsx::write_new(&place.join("made"), b"").unwrap();
        fsx::write_new(&one.root().join("bin/tool"), b"").unwrap();
        drop(one);
        assert!(fsx::exists(&place));
        drop(two);
        assert!(!fsx::exists(&world.cache.root().join(GOPATHS)));
        for path in ["project/made", "bin/tool"] {
            assert!(fsx::exists(&world.root.path().join(path)), "{path}");
        }
        assert_eq!(world.enter("project").link(), place);
        assert_ne!(world.enter("other").link(), place);
    }

    #[test]
    fn what_a_killed_run_has_left_goes_and_what_is_used_or_kept_stays() {
        let world = World::new();
        let killed = world.enter("project");
        let place = killed.link().to_owned();
        // A killed run lets go of its lock, and that is all that it does.
        let mut killed = std::mem::ManuallyDrop::new(killed);
        killed.in_use.take();
        let used = world.enter("other");
        assert_eq!(world.left(), 2);
        drop(world.enter("bin"));
        assert!(!fsx::exists(&place));
        assert_eq!(world.left(), 1);
        used.keep().unwrap();
        used.keep().unwrap();
        drop(used);
        drop(world.enter("project"));
        assert_eq!(world.left(), 1);
        fsx::remove_tree(&world.root.path().join("other")).unwrap();
        drop(world.enter("project"));
        assert_eq!(world.left(), 0);
    }

    #[test]
    fn users_that_come_and_go_at_once_do_not_disturb_each_other() {
        let world = World::new();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        let gopath = world.enter("project");
                        assert!(fsx::is_folder(gopath.link()));
                        assert!(fsx::is_folder(&gopath.root().join("bin")));
                    }
                });
            }
        });
        assert_eq!(world.left(), 0);
    }

    #[test]
    fn links_that_lead_elsewhere_are_put_right() {
        let world = World::new();
        let gopath = world.enter("project");
        fsx::remove_file(gopath.link()).unwrap();
        fsx::symlink(Path::new("/"), gopath.link()).unwrap();
        let again = world.enter("project");
        let project = world.root.path().join("project");
        assert_eq!(fsx::read_link(again.link()).unwrap(), project);
    }

    #[test]
    fn an_overlay_is_for_paths_that_need_no_quotes() {
        let world = World::new();
        let overlay = world.enter("project").overlay().unwrap().unwrap();
        assert!(overlay.ends_with("overlay.json"));
        let spaced = Cache::new(&world.root.path().join("ho me"));
        let name = VendorPath::new("a").unwrap();
        let gopath = spaced.private_gopath(world.root.path(), &name, None);
        assert_eq!(gopath.unwrap().overlay().unwrap(), None);
    }

    #[test]
    fn clearing_the_cache_leaves_what_is_used() {
        let world = World::new();
        world.cache.prepare().unwrap();
        let kept = world.enter("other");
        kept.keep().unwrap();
        drop(kept);
        let used = world.enter("project");
        let cache = Cache::new(&world.root.path().join("home"));
        drop(world.cache);
        let cleared = cache.clear(|| {}).unwrap();
        assert_eq!((cleared.used, cleared.failures.len()), (1, 0));
        assert!(fsx::exists(used.link()));
        drop(used);
        assert!(!fsx::exists(&cache.root().join(GOPATHS)));
    }
}
