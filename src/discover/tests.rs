//! Roots and remotes over a table of pages.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::{Discover, Pages, Policy, RemoteKind, Source};
use crate::error::{Classify as _, Kind};
use crate::http::{self, DisplayUrl};
use crate::model::{InMemory, Memo};
use crate::model::{Roots as _, VcsKind};

/// Pages by host and path; every other host is down.
#[derive(Default)]
struct Table {
    pages: BTreeMap<&'static str, String>,
    asked: Mutex<Vec<String>>,
}

impl Pages for Table {
    fn page(&self, url: &str) -> Result<Vec<u8>, http::Error> {
        self.asked.lock().unwrap().push(url.to_owned());
        let name = url.strip_prefix("https://").unwrap();
        let name = name.split(['?', '&']).next().unwrap();
        let page = self.pages.get(name);
        page.map(|page| page.clone().into_bytes())
            .ok_or_else(|| http::Error::Connect {
                by_proxy: None,
                host: name.to_owned(),
                url: DisplayUrl::new(url),
                reason: "no such host".to_owned(),
            })
    }
}

/// A world of pages, each given as the name asked for and the tags on its page.
struct World {
    table: Arc<Table>,
    memo: Arc<InMemory>,
}

impl World {
    fn new(pages: &[(&'static str, &[&str])]) -> Self {
        let page = |tags: &[&str]| {
            let tags = tags
                .iter()
                .map(|tag| format!("<meta name=go-import content='{tag}'>"));
            tags.collect::<Vec<_>>().concat()
        };
        let pages = pages
            .iter()
            .map(|(name, tags)| (*name, page(tags)))
            .collect();
        Self {
            table: Arc::new(Table {
                pages,
                asked: Mutex::default(),
            }),
            memo: Arc::default(),
        }
    }

    fn discover(&self, policy: Policy) -> Discover {
        Discover::new(
            Arc::clone(&self.table) as _,
            Arc::clone(&self.memo) as _,
            policy,
        )
    }

    /// The same memory with every host gone.
    fn without_hosts(&self) -> Self {
        Self {
            table: Arc::default(),
            memo: Arc::clone(&self.memo),
        }
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.table.asked.lock().unwrap())
    }
}

fn remote(discover: &Discover, remote: &str) -> (VcsKind, String, Source) {
    let RemoteKind { kind, url, source } = discover.remote_kind(remote).unwrap();
    (kind, url, source)
}

fn git(url: &str, source: Source) -> (VcsKind, String, Source) {
    (VcsKind::Git, url.to_owned(), source)
}

#[test]
fn known_names_need_nobody() {
    let world = World::new(&[]);
    let discover = world.discover(Policy::Ask);
    for (name, root) in [
        ("github.com/a/b/c", "github.com/a/b"),
        ("github.com\\a\\b\\c", "github.com/a/b"),
        ("github.com/a/b/", "github.com/a/b"),
        ("golang.org/x/net/html", "golang.org/x/net"),
        ("gopkg.in/yaml.v2/x", "gopkg.in/yaml.v2"),
        ("h.example/x.git/y", "h.example/x.git"),
        ("git@github.com:a/b", "git@github.com:a/b"),
        ("https://github.com/a/b", "https://github.com/a/b"),
        ("net/http", "net/http"),
        ("y", "y"),
        ("", ""),
        ("a b\n", "a b\n"),
    ] {
        assert_eq!(discover.root_of(name), root);
    }
    assert_eq!(
        remote(&discover, "https://golang.org/x/net"),
        git("https://go.googlesource.com/net", Source::Table)
    );
    assert_eq!(
        remote(&discover, "git@github.com:a/b"),
        git("git@github.com:a/b", Source::Address)
    );
    assert!(world.asked().is_empty());
}

#[test]
fn other_names_are_asked_for_once_and_their_answer_serves_names_below() {
    let world = World::new(&[("h.example/log/sub", &["h.example/log git https://g/log"])]);
    let discover = world.discover(Policy::Ask);
    assert_eq!(discover.root_of("h.example/log/sub"), "h.example/log");
    assert_eq!(discover.root_of("h.example/log/sub"), "h.example/log");
    assert_eq!(discover.root_of("h.example/log/sub/deep"), "h.example/log");
    // The root was not asked for, but its tag has been seen.
    assert_eq!(
        remote(&discover, "https://h.example/log"),
        git("https://g/log", Source::Asked)
    );
    assert_eq!(world.asked(), ["https://h.example/log/sub?go-get=1"]);
}

#[test]
fn a_name_without_an_answer_is_its_own_root_and_serves_names_below() {
    let world = World::new(&[("h.example/empty", &[])]);
    let discover = world.discover(Policy::Ask);
    assert_eq!(discover.root_of("h.example/empty"), "h.example/empty");
    assert_eq!(discover.root_of("gone.example/a/b"), "gone.example/a/b");
    assert_eq!(discover.root_of("gone.example/a/b/c"), "gone.example/a/b");
    assert_eq!(discover.root_of("gone.example/a"), "gone.example/a");
    assert_eq!(discover.root_of("gone.example/a/b/d"), "gone.example/a/b");
    assert_eq!(world.asked().len(), 3);
}

#[test]
fn the_table_takes_part_in_what_a_run_keeps() {
    // golang.org/x/net asked for first would be golang.org/x/net; after a failure above it, Glide
    // takes the failure for an answer, which its locks show.
    let world = World::new(&[]);
    let discover = world.discover(Policy::Ask);
    assert_eq!(discover.root_of("golang.org/x"), "golang.org/x");
    assert_eq!(discover.root_of("golang.org/x/net"), "golang.org/x");
}

#[test]
fn of_several_tags_the_one_that_fits_counts() {
    let tags: &[&str] = &[
        "h.example/one git https://g/one",
        "h.example/two mod https://proxy",
        "h.example/two hg https://g/two",
        "h.example/three git file:///etc",
    ];
    let world = World::new(&[
        ("h.example/two", tags),
        ("h.example/three", tags),
        ("h.example/four", tags),
    ]);
    let discover = world.discover(Policy::Ask);
    assert_eq!(discover.root_of("h.example/two"), "h.example/two");
    assert_eq!(
        remote(&discover, "https://h.example/two"),
        (VcsKind::Hg, "https://g/two".to_owned(), Source::Asked)
    );
    for (remote, part) in [
        ("https://h.example/three", "cannot be fetched"),
        ("https://h.example/four", "no go-import tag"),
    ] {
        let error = discover.remote_kind(remote).unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn an_unreachable_host_and_an_address_that_tells_nothing_are_errors() {
    let world = World::new(&[]);
    let discover = world.discover(Policy::Ask);
    let error = discover
        .remote_kind("https://me:pw@gone.example/x")
        .unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("Cannot detect VCS of `https://me:***@gone"),
        "{error}"
    );
    assert_eq!(error.kind(), Kind::Network);
    let error = discover.remote_kind("ext::sh -c true").unwrap_err();
    assert!(
        error.to_string().starts_with("Cannot detect VCS"),
        "{error}"
    );
    assert_eq!(error.kind(), Kind::User);
    assert!(!error.hints().is_empty());
}

#[test]
fn what_an_earlier_run_was_answered_counts_where_the_policy_says_so() {
    let world = World::new(&[("h.example/log", &["h.example/log git https://g/log"])]);
    world.discover(Policy::Ask).root_of("h.example/log");
    world.asked();

    let later = world.without_hosts();
    let discover = later.discover(Policy::Remember);
    assert_eq!(discover.root_of("h.example/log"), "h.example/log");
    assert_eq!(
        remote(&discover, "https://h.example/log"),
        git("https://g/log", Source::Remembered)
    );
    assert!(later.asked().is_empty());
    assert!(discover.ask_remote("https://h.example/log").is_err());
    assert_eq!(later.asked().len(), 1);

    assert!(
        later
            .discover(Policy::Ask)
            .remote_kind("https://h.example/log")
            .is_err()
    );
}

#[test]
fn the_host_is_asked_past_table_and_memory_on_demand() {
    let world = World::new(&[
        ("h.example/log", &["h.example/log git https://g/new"]),
        (
            "golang.org/x/net",
            &["golang.org/x/net git https://mirror/net"],
        ),
    ]);
    world
        .memo
        .put("h.example/log", "h.example/log git https://g/old");
    let discover = world.discover(Policy::Remember);
    let name = "https://h.example/log";
    assert_eq!(
        remote(&discover, name),
        git("https://g/old", Source::Remembered)
    );
    assert_eq!(discover.ask_remote(name).unwrap().url, "https://g/new");
    assert_eq!(
        world.memo.get("h.example/log").unwrap(),
        "h.example/log git https://g/new"
    );
    let net = discover.ask_remote("https://golang.org/x/net").unwrap();
    assert_eq!(net.url, "https://mirror/net");
}

#[test]
fn a_memory_that_does_not_fit_is_not_believed() {
    let world = World::new(&[]);
    for (key, value) in [
        ("h.example/a", "other.example/a git https://g/a"),
        ("h.example/b", "h.example/b git"),
        ("h.example/c", "h.example/c git ext::sh"),
    ] {
        world.memo.put(key, value);
        let discover = world.discover(Policy::Remember);
        assert!(
            discover.remote_kind(&format!("https://{key}")).is_err(),
            "{value}"
        );
    }
}

#[test]
fn a_folder_is_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let remote = format!("file://{}", folder.path().display());
    let discover = World::new(&[]).discover(Policy::Ask);
    assert!(discover.remote_kind(&remote).is_err());
    for name in ["HEAD", "objects", "refs"] {
        crate::fsx::create_dir(&folder.path().join(name)).unwrap();
    }
    assert_eq!(discover.remote_kind(&remote).unwrap().kind, VcsKind::Git);
    let checkout = folder.path().join("co");
    crate::fsx::create_dir_all(&checkout.join(".hg")).unwrap();
    let kind = discover.remote_kind(&format!("{remote}/co")).unwrap().kind;
    assert_eq!(kind, VcsKind::Hg);
}

#[test]
fn prefetching_asks_for_what_would_be_asked_and_nothing_else() {
    let world = World::new(&[("h.example/log", &["h.example/log git https://g/log"])]);
    world
        .memo
        .put("h.example/old", "h.example/old git https://g/old");
    let discover = world.discover(Policy::Remember);
    let names = [
        "h.example/log",
        "h.example/log",
        "h.example/log/sub",
        "gone.example/x",
        "h.example/old",
        "github.com/a/b",
        "golang.org/x/net",
        "net/http",
        "git@h.example:x",
    ];
    discover.prefetch(&names, 8);
    let mut asked = world.asked();
    asked.sort();
    let expected = [
        "https://gone.example/x?go-get=1",
        "https://h.example/log?go-get=1",
    ];
    assert_eq!(asked, expected);
    assert_eq!(discover.root_of("h.example/log"), "h.example/log");
    assert_eq!(discover.root_of("gone.example/x"), "gone.example/x");
    assert!(world.asked().is_empty());
}

#[test]
fn threads_that_ask_for_the_same_name_share_one_answer() {
    let world = World::new(&[("h.example/log", &["h.example/log git https://g/log"])]);
    let discover = world.discover(Policy::Ask);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| discover.remote_kind("https://h.example/log").unwrap());
        }
    });
    assert_eq!(world.asked().len(), 1);
}
