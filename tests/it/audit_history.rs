//! What is known of repositories' pasts: in how many requests, what is kept, what is mended.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use glide_rs::audit::{History, Recorded};
use glide_rs::cache::Cache;
use glide_rs::discover::{Discover, Pages, Policy};
use glide_rs::http::{self, Client, NetSettings};
use glide_rs::live::{Asked, Clients, Remotes};
use glide_rs::manifest::Remote;
use glide_rs::vcs::bzr::Bzr;
use glide_rs::vcs::git::{Error, Git, GitConfig, Served, SshOptions, Wire};
use glide_rs::vcs::hg::Hg;
use glide_rs::vcs::svn::Svn;
use glide_rs::vcs::{Freshness, ObjectId, Past};

use crate::support::repo::{Commit, RepoSpec};
use crate::support::sandbox::Sandbox;
use crate::support::server::{Server, Site};
use crate::support::world::{PROJECT, World, sizeable};

const KIT: &str = "github.com/acme/kit";
const URL: &str = "https://github.com/acme/kit";
const POST: &str = "POST github.com/acme/kit/git-upload-pack";

fn git(server: &Server, home: &Path) -> (Git, Cache) {
    let config = Arc::new(GitConfig::default());
    let net = NetSettings {
        https_proxy: Some(server.url()),
        ssl_cert_file: Some(server.authority().to_owned()),
        ..NetSettings::default()
    };
    let wire = Wire {
        http: Arc::new(Client::new(net, config.clone())),
        ssh: SshOptions::default(),
        config,
    };
    let cache = Cache::new(home);
    cache.prepare().unwrap();
    (Git::new(wire, cache.clone()), cache)
}

/// A repository whose commits are added one by one, and what asks for its past.
struct Scene {
    world: World,
    git: Git,
    cache: Cache,
    count: usize,
}

impl Scene {
    fn new(old_server: bool) -> (Self, [String; 2]) {
        let (world, ids) = World::new(|remotes| {
            let spec = RepoSpec {
                old_server,
                ..RepoSpec::default()
            };
            remotes.create(KIT, &spec);
            let first = remotes.commit(KIT, &sizeable(20, 1).tag("v1.0.0"));
            [first, remotes.commit(KIT, &sizeable(20, 2))]
        });
        let (git, cache) = git(&world.server, &world.sandbox.glide_home());
        let scene = Self {
            world,
            git,
            cache,
            count: 2,
        };
        (scene, ids)
    }

    fn commit(&mut self, tag: Option<&str>) -> String {
        self.count += 1;
        let commit = Commit::new().file("n", format!("{}\n", self.count));
        let commit = tag.into_iter().fold(commit, Commit::tag);
        self.world.remotes.commit(KIT, &commit)
    }

    /// Moves the branch; what stood there is led to by nothing any more.
    fn reset(&self, commit: &str) {
        let id = git2::Oid::from_str(commit).unwrap();
        let store = self.world.remotes.store(KIT);
        store
            .reference("refs/heads/master", id, true, "test")
            .unwrap();
    }

    fn past(&self, freshness: Freshness) -> Option<Past> {
        self.git.past(URL, freshness).unwrap()
    }

    fn ask(&self) -> Recorded {
        Recorded::new(self.past(Freshness::Ask).unwrap())
    }

    fn kept(&self) -> Option<Recorded> {
        self.past(Freshness::Offline).map(Recorded::new)
    }

    fn requests(&self) -> usize {
        self.world.server.take_requests().len()
    }

    fn folder(&self) -> PathBuf {
        self.cache.history(URL).folder().to_owned()
    }

    fn packs(&self) -> usize {
        fs::read_dir(self.folder().join("pack")).unwrap().count() / 2
    }
}

fn id(commit: &str) -> ObjectId {
    ObjectId::parse(commit).unwrap()
}

#[test]
fn a_past_is_asked_for_once_and_known_from_then_on() {
    let (scene, [first, second]) = Scene::new(false);
    assert!(scene.kept().is_none());
    assert_eq!(scene.requests(), 0);
    let past = scene.ask();
    assert_eq!(past.tags(), [("v1.0.0".to_owned(), first.clone())]);
    assert_eq!(past.branches(), [("master".to_owned(), second.clone())]);
    assert_eq!(past.head(), Some(second.as_str()));
    assert!(past.holds(&first) && past.is_whole() && past.asked().is_some());
    assert_eq!(past.moved_to(), None);
    assert!(past.is_ancestor(&first, &second) && !past.is_ancestor(&second, &first));
    assert_eq!(past.distance(&first, &second), Some(1));
    assert_eq!(
        past.time(&second),
        past.time(&first).map(|time| time + 3600)
    );
    assert!(scene.requests() > 1);
    // Commits alone: files are not fetched.
    let packs = fs::read_dir(scene.folder().join("pack")).unwrap();
    let size: u64 = packs
        .map(|file| file.unwrap().metadata().unwrap().len())
        .sum();
    assert!(size < 4000, "{size}");

    scene.ask();
    assert_eq!(scene.world.server.take_requests(), [POST]);
    for freshness in [Freshness::Cached, Freshness::Offline] {
        let known = Recorded::new(scene.past(freshness).unwrap());
        assert!(known.holds(&second));
        assert_eq!(known.tags(), past.tags());
    }
    assert_eq!(scene.requests(), 0);
}

#[test]
fn what_is_new_is_fetched_and_nothing_else() {
    let (mut scene, [first, second]) = Scene::new(false);
    scene.ask();
    let third = scene.commit(Some("v1.1.0"));
    assert!(!scene.kept().unwrap().holds(&third));
    let past = scene.ask();
    assert!(past.is_ancestor(&first, &third) && past.holds(&second));
    let before: Vec<_> = past.tags_up_to(&second).into_iter().cloned().collect();
    assert_eq!(before, [("v1.0.0".to_owned(), first)]);
    assert_eq!(past.tags_up_to(&third).len(), 2);
    assert_eq!(scene.packs(), 2);
    // A tag on what is known needs no pack.
    let store = scene.world.remotes.store(KIT);
    let tagged = store.find_object(git2::Oid::from_str(&second).unwrap(), None);
    store
        .tag_lightweight("v1.0.1", &tagged.unwrap(), false)
        .unwrap();
    assert_eq!(scene.ask().tags_up_to(&third).len(), 3);
    assert_eq!(scene.packs(), 2);
    assert!(scene.kept().unwrap().holds(&third));
}

#[test]
fn what_was_there_once_is_remembered() {
    let (mut scene, [_, second]) = Scene::new(false);
    let third = scene.commit(None);
    let fourth = scene.commit(None);
    assert!(!scene.ask().has_lost(&fourth));
    scene.reset(&second);
    let past = scene.ask();
    for lost in [&third, &fourth] {
        assert!(!past.holds(lost) && past.has_lost(lost), "{lost}");
    }
    assert!(past.holds(&second) && !past.has_lost(&second));
    assert!(!past.has_lost(&"0".repeat(40)));
    // It is not taken for history by others, and is remembered however much else happens.
    assert_eq!(scene.git.expand(URL, &third[..8], None).unwrap(), None);
    scene.commit(None);
    assert!(scene.ask().has_lost(&fourth));
    assert!(scene.kept().unwrap().has_lost(&fourth));
    scene.reset(&third);
    let past = scene.ask();
    assert!(past.holds(&third) && !past.has_lost(&third) && past.has_lost(&fourth));
}

#[test]
fn what_no_name_leads_to_is_served_or_not() {
    let (mut scene, [_, second]) = Scene::new(false);
    let third = scene.commit(None);
    scene.reset(&second);
    let served = |commit: &str| scene.git.serves(URL, id(commit)).unwrap();
    assert!(!scene.ask().holds(&third));
    assert_eq!(served(&third), Served::Yes);
    assert_eq!(served(&second), Served::Yes);
    assert_eq!(served(&"1".repeat(40)), Served::No);
    // To ask leaves nothing behind.
    assert!(!scene.ask().holds(&third));
    let folder = scene.world.remotes.path(KIT);
    let folder = folder.to_str().unwrap();
    let served = |commit: &str| scene.git.serves(folder, id(commit)).unwrap();
    assert_eq!(
        (served(&third), served(&"1".repeat(40))),
        (Served::Yes, Served::No)
    );
}

#[test]
fn old_servers_and_folders_have_the_same_past() {
    let (mut old, [first, second]) = Scene::new(true);
    assert!(old.ask().is_ancestor(&first, &second));
    let third = old.commit(Some("v2.0.0"));
    let past = old.ask();
    assert_eq!(past.tags_up_to(&third).len(), 2);
    assert!(old.kept().unwrap().holds(&third));
    assert_eq!(
        old.git.serves(URL, id(&"1".repeat(40))).unwrap(),
        Served::Untold
    );

    let folder = old.world.remotes.path(KIT);
    let local = |freshness| {
        let past = old.git.past(folder.to_str().unwrap(), freshness);
        Recorded::new(past.unwrap().unwrap())
    };
    // There is nobody to be asked for what stands on this machine.
    assert_eq!(local(Freshness::Offline).tags(), past.tags());
    assert!(local(Freshness::Ask).is_ancestor(&first, &third));
    old.reset(&first);
    let store = old.world.remotes.store(KIT);
    let mut tag = store.find_reference("refs/tags/v2.0.0").unwrap();
    tag.delete().unwrap();
    for past in [local(Freshness::Ask), old.ask()] {
        assert!(past.holds(&first) && !past.holds(&third));
        assert!(past.has_lost(&third) && past.has_lost(&second));
    }
}

#[test]
fn an_empty_repository_has_an_empty_past() {
    let (world, ()) = World::new(|remotes| remotes.create(KIT, &RepoSpec::default()));
    let (git, _) = git(&world.server, &world.sandbox.glide_home());
    let past = Recorded::new(git.past(URL, Freshness::Ask).unwrap().unwrap());
    assert_eq!((past.tags().len(), past.head()), (0, None));
    assert!(past.is_whole() && !past.holds(&"1".repeat(40)));
}

#[test]
fn whatever_is_damaged_is_made_or_fetched_anew() {
    let (mut scene, [first, second]) = Scene::new(false);
    scene.ask();
    let mut files: Vec<PathBuf> = Vec::new();
    for folder in [scene.folder(), scene.folder().join("pack")] {
        let entries = fs::read_dir(folder).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        files.extend(paths.filter(|path| path.is_file()));
    }
    assert_eq!(files.len(), 5, "{files:?}");
    let mut newest = second;
    let mut check = |scene: &mut Scene, file: &Path| {
        // Packs are called otherwise once they have been fetched again.
        if file.parent().is_some_and(|folder| folder.ends_with("pack")) && !file.exists() {
            return;
        }
        for moves in [false, true] {
            if let Some(kept) = scene.kept() {
                assert!(kept.is_ancestor(&first, &newest), "{}", file.display());
            }
            if moves {
                newest = scene.commit(None);
            }
            let past = scene.ask();
            assert!(past.is_ancestor(&first, &newest), "{}", file.display());
            assert!(past.is_whole());
            assert!(scene.kept().unwrap().holds(&newest));
        }
    };
    for file in &files {
        if let Ok(bytes) = fs::read(file) {
            fs::remove_file(file).unwrap();
            check(&mut scene, file);
            let half = &bytes[..bytes.len() / 2];
            // A pack is read-only.
            let _ = fs::remove_file(file);
            fs::write(file, half).unwrap();
            check(&mut scene, file);
            let mut garbled = bytes.clone();
            let middle = garbled.len() / 2;
            garbled[middle..].iter_mut().for_each(|byte| *byte ^= 0x55);
            let _ = fs::remove_file(file);
            fs::write(file, garbled).unwrap();
            check(&mut scene, file);
        }
    }
    // With sound packs, the graph is made from these, without a request; with others by asking.
    assert!(scene.kept().unwrap().holds(&newest));
    fs::remove_dir_all(scene.folder()).unwrap();
    scene.ask();
    fs::remove_file(scene.folder().join("graph")).unwrap();
    scene.requests();
    assert!(scene.kept().unwrap().holds(&newest));
    assert_eq!(scene.requests(), 0);
    // A folder where a file belongs is an error, or mended, and no panic.
    fs::remove_file(scene.folder().join("graph")).unwrap();
    fs::create_dir(scene.folder().join("graph")).unwrap();
    assert!(scene.git.past(URL, Freshness::Cached).is_err());
}

/// Where there are no pages.
struct NoPages;

impl Pages for NoPages {
    fn page(&self, url: &str) -> Result<Vec<u8>, http::Error> {
        panic!("nobody should ask for {url}");
    }
}

fn remotes(git: Git, cache: &Cache) -> Remotes {
    let discover = Discover::new(Arc::new(NoPages), Arc::new(cache.memo()), Policy::Remember);
    let clients = Clients {
        git,
        hg: Hg::new(cache.clone(), false),
        svn: Svn::new(cache.clone(), None),
        bzr: Bzr::new(cache.clone(), false),
    };
    Remotes::new(Arc::new(discover), clients)
}

fn remote(location: &str, vcs: &str) -> Remote {
    Remote {
        location: location.to_owned(),
        vcs: vcs.to_owned(),
        mirror: None,
    }
}

#[test]
fn a_repository_that_has_moved_or_gone_is_told_apart_from_one_out_of_reach() {
    let sandbox = Sandbox::new(PROJECT);
    let mut remotes = crate::support::repo::Remotes::new(&sandbox.repos());
    let commit = remotes.commit(KIT, &sizeable(3, 1));
    let mut site = Site::of(&remotes);
    for old in ["github.com/old/kit", "git.example.org/kit"] {
        site.moved.insert(old.to_owned(), KIT.to_owned());
    }
    let server = Server::start(&sandbox.root().join("tls"), site);
    let (git, cache) = git(&server, &sandbox.glide_home());
    let remotes = self::remotes(git, &cache);
    let ask = |url: &str, vcs: &str, freshness| {
        remotes.past("github.com/acme/kit", &remote(url, vcs), freshness)
    };
    let told = |url: &str, freshness| match ask(url, "git", freshness) {
        Asked::Told(past, asked) => {
            assert_eq!(asked, url);
            let past = Recorded::new(*past);
            assert!(past.holds(&commit));
            past.moved_to().map(str::to_owned)
        }
        Asked::Gone(failure) | Asked::Unreachable(failure) | Asked::Failed(failure) => {
            panic!("{}", failure.render())
        }
        _ => panic!("{url}"),
    };
    assert_eq!(told(URL, Freshness::Ask), None);
    for moved in ["https://github.com/old/kit", "https://git.example.org/kit"] {
        assert!(matches!(
            ask(moved, "git", Freshness::Offline),
            Asked::Unknown
        ));
        assert_eq!(told(moved, Freshness::Ask).as_deref(), Some(URL), "{moved}");
        assert_eq!(
            told(moved, Freshness::Offline).as_deref(),
            Some(URL),
            "{moved}"
        );
    }
    let gone = ask("https://github.com/acme/gone", "git", Freshness::Ask);
    assert!(matches!(gone, Asked::Gone(_)));
    let far = ask("https://nowhere.example/kit", "git", Freshness::Ask);
    assert!(matches!(far, Asked::Unreachable(_)));
    let bad = ask("ext::sh -c x", "git", Freshness::Ask);
    assert!(matches!(bad, Asked::Failed(_)));
    let line = ask("https://svn.example/kit", "svn", Freshness::Ask);
    assert!(matches!(line, Asked::Untold(_)));
    // A name whose host would have to be asked for its repository.
    let vanity = ask("https://go.acme.dev/kit", "", Freshness::Offline);
    assert!(matches!(vanity, Asked::Unknown));
    let remote = remote(URL, "git");
    let answer = |commit: &str| remotes.serves(KIT, &remote, commit).unwrap();
    assert_eq!(
        (answer(&commit), answer(&"1".repeat(40))),
        (Served::Yes, Served::No)
    );
}

#[test]
fn a_missing_folder_is_a_missing_repository() {
    let (scene, _) = Scene::new(false);
    let missing = scene.world.sandbox.root().join("nothing");
    let asked = scene.git.past(missing.to_str().unwrap(), Freshness::Ask);
    assert!(matches!(asked, Err(Error::Missing { .. })));
}
