//! What can be asked of a remote without a clone, in how many requests, and what is kept of it.

use std::sync::Arc;
use std::thread;

use glide_rs::cache::Cache;
use glide_rs::http::{Client, NetSettings};
use glide_rs::vcs::git::{Answer, Git, GitConfig, GitSettings, SshOptions, Want, Wire};
use glide_rs::vcs::{Checkout, NodeKind, ObjectId};

use crate::support::repo::{Commit, RepoSpec};
use crate::support::world::{World, sizeable};

const KIT: &str = "github.com/acme/kit";
const URL: &str = "https://github.com/acme/kit";

/// What asks, with the sandbox's cache. `ssh` ends on this machine.
fn git(world: &World) -> (Git, Cache) {
    let settings = GitSettings {
        no_system: true,
        config_global: Some("/dev/null".into()),
        ..GitSettings::default()
    };
    let config = Arc::new(GitConfig::load(&settings).unwrap());
    let net = NetSettings {
        https_proxy: Some(world.server.url()),
        ssl_cert_file: Some(world.server.authority().to_owned()),
        ..NetSettings::default()
    };
    let wire = Wire {
        http: Arc::new(Client::new(net, config.clone())),
        ssh: SshOptions {
            shell_command: Some("run() { for last; do :; done; eval \"$last\"; }; run".to_owned()),
            ..SshOptions::default()
        },
        config,
    };
    let cache = Cache::new(&world.sandbox.glide_home());
    cache.prepare().unwrap();
    (Git::new(wire, cache.clone()), cache)
}

/// A repository of three commits: the tagged one, the one between, and the default branch's.
fn three(old_server: bool) -> (World, [ObjectId; 3]) {
    let (world, ids) = World::new(|remotes| {
        let spec = RepoSpec {
            old_server,
            ..RepoSpec::default()
        };
        remotes.create(KIT, &spec);
        let commits = [
            sizeable(20, 1).tag("v1.0.0"),
            sizeable(20, 2),
            sizeable(20, 3),
        ];
        commits.map(|commit| remotes.commit(KIT, &commit))
    });
    (world, ids.map(|id| ObjectId::parse(&id).unwrap()))
}

fn short(id: ObjectId) -> String {
    id.to_string()[..8].to_owned()
}

#[test]
fn refs_are_one_request_and_a_commit_another_until_it_is_held() {
    let (world, [first, _, last]) = three(false);
    let (git, _) = git(&world);
    let refs = git.refs(URL).unwrap();
    let post = ["POST github.com/acme/kit/git-upload-pack"];
    assert_eq!(world.server.take_requests(), post);
    assert_eq!(refs.default_branch.as_deref(), Some("master"));
    assert_eq!(refs.names(), ["HEAD", "master", "v1.0.0"]);
    assert_eq!(refs.commit("v1.0.0"), Some(first));
    assert_eq!(refs.head, Some(last));
    let want = Want::Commit(first);
    let fetched = git.obtain(URL, &want).unwrap();
    assert_eq!(world.server.take_requests(), post);
    assert_eq!(git.obtain(URL, &want).unwrap().commit, first);
    assert!(world.server.take_requests().is_empty());

    let checkout = Checkout::new(fetched.trees).unwrap();
    assert_eq!(checkout.kind("pkg3"), Some(NodeKind::Folder));
    // A link to pkg0.
    let file = checkout.read("latest/file7.go", 10_000).unwrap().unwrap();
    assert!(file.starts_with(b"package pkg\n"));
    let others = thread::scope(|scope| {
        let read = || checkout.read("tools/run", 100);
        let readers = [0; 4].map(|_| scope.spawn(read));
        readers.map(|reader| reader.join().unwrap().unwrap())
    });
    assert_eq!(others, [0; 4].map(|_| Some(b"#!/bin/sh\n".to_vec())));
    // Whoever has read does not keep others from writing.
    git.obtain(URL, &Want::Commit(last)).unwrap();
    checkout.read("tools/run", 100).unwrap().unwrap();
}

#[test]
fn an_old_server_and_a_folder_tell_the_same_refs() {
    let (world, _) = three(false);
    let (git, _) = git(&world);
    let refs = git.refs(URL).unwrap();
    let folder = world.remotes.path(KIT);
    let folder = folder.to_str().unwrap();
    assert_eq!(git.refs(folder).unwrap(), refs);
    assert_eq!(git.refs(&format!("file://{folder}")).unwrap(), refs);
    let (old, _) = three(true);
    let (git, _) = self::git(&old);
    assert_eq!(git.refs(URL).unwrap(), refs);
}

#[test]
fn over_ssh_everything_is_the_same() {
    let (world, [first, second, last]) = three(false);
    let (git, _) = git(&world);
    let url = format!("ssh://git@host{}", world.remotes.path(KIT).display());
    let refs = git.refs(&url).unwrap();
    assert_eq!(refs, git.refs(URL).unwrap());
    assert_eq!(
        git.expand(&url, &short(second), None).unwrap(),
        Some(second)
    );
    assert_eq!(git.expand(&url, "00000000", None).unwrap(), None);
    assert_eq!(git.describe(&url, last).unwrap().subject, "change 0");
    let named = Want::Named("v1.0.0".to_owned());
    assert_eq!(git.obtain(&url, &named).unwrap().commit, first);
    assert_eq!(git.obtain(&url, &Want::Default).unwrap().commit, last);
}

#[test]
fn any_number_may_ask_while_the_repository_is_being_written() {
    let (world, [first, ..]) = three(false);
    let (git, cache) = git(&world);
    let _writing = cache.repository(URL).lock_exclusive().unwrap();
    thread::scope(|scope| {
        let ask = || git.refs(URL).unwrap().commit("v1.0.0");
        let asked = [0; 8].map(|_| scope.spawn(ask));
        for answer in asked {
            assert_eq!(answer.join().unwrap(), Some(first));
        }
    });
}

#[track_caller]
fn check_expanding(world: &mut World, [first, second, last]: [ObjectId; 3], fetches: usize) {
    let (git, _) = git(world);
    let refs = git.refs(URL).unwrap();
    assert_eq!(refs.is_reference(&short(second)), Answer::NeedsHistory);
    world.server.take_requests();
    let expand = |prefix: &str| git.expand(URL, prefix, None).unwrap();
    assert_eq!(expand(&short(second)), Some(second));
    assert_eq!(world.server.take_requests().len(), fetches);
    // History is there now.
    assert_eq!(expand(&short(first).to_uppercase()), Some(first));
    assert_eq!(expand(&format!("v1.0.0-2-g{}", short(last))), Some(last));
    assert_eq!(expand("v1.0.0"), None);
    assert!(world.server.take_requests().is_empty());
    // Nothing new upstream: there is nothing to fetch.
    assert_eq!(expand("00000000"), None);
    assert!(world.server.take_requests().len() < fetches);
    let next = world.remotes.commit(KIT, &Commit::new().file("next", ""));
    let next = ObjectId::parse(&next).unwrap();
    assert_eq!(expand(&short(next)), Some(next));
    assert_eq!(expand(&short(second)), Some(second));
    // History of other refs than these gives no answer by itself.
    world.server.take_requests();
    let refs = git.refs(URL).unwrap();
    let newest = world.remotes.commit(KIT, &Commit::new().file("newest", ""));
    assert_eq!(
        git.expand(URL, &newest[..10], Some(&refs)).unwrap(),
        ObjectId::parse(&newest)
    );
    let refs = git.refs(URL).unwrap();
    assert_eq!(
        git.expand(URL, &short(second), Some(&refs)).unwrap(),
        Some(second)
    );
    // A commit without files is none that can be installed.
    world.server.take_requests();
    let named = git.obtain(URL, &Want::Named(short(second))).unwrap();
    assert_eq!(named.commit, second);
    assert!(!named.from_cache && !world.server.take_requests().is_empty());
    let checkout = Checkout::new(named.trees).unwrap();
    assert!(checkout.read("pkg1/file1.go", 10_000).unwrap().is_some());
}

#[test]
fn an_abbreviated_id_costs_the_history_once_and_no_files() {
    let (mut world, ids) = three(false);
    world.server.take_bytes();
    check_expanding(&mut world, ids, 3);
    let (world, [_, second, _]) = three(false);
    let (git, _) = git(&world);
    git.refs(URL).unwrap();
    world.server.take_bytes();
    git.expand(URL, &short(second), None).unwrap().unwrap();
    let (_, sent) = world.server.take_bytes();
    assert!(sent < 8000, "{sent} bytes");
}

#[test]
fn servers_that_cannot_leave_files_out_expand_as_well() {
    let (mut world, ids) = three(false);
    let mut config = world.remotes.store(KIT).config().unwrap();
    config.set_bool("uploadpack.allowFilter", false).unwrap();
    check_expanding(&mut world, ids, 3);
    let (mut world, ids) = three(true);
    check_expanding(&mut world, ids, 2);
}

#[test]
fn a_folder_expands_and_describes_without_a_copy() {
    let (world, [first, second, _]) = three(false);
    let (git, cache) = git(&world);
    let folder = world.remotes.path(KIT);
    let folder = folder.to_str().unwrap();
    assert_eq!(
        git.expand(folder, &short(second), None).unwrap(),
        Some(second)
    );
    assert_eq!(git.expand(folder, "00000000", None).unwrap(), None);
    assert_eq!(git.describe(folder, first).unwrap().subject, "change 0");
    let cached = std::fs::read_dir(cache.root().join("git")).unwrap();
    assert_eq!(cached.count(), 0);
}

#[test]
fn damaged_history_is_fetched_again() {
    let (world, [_, second, _]) = three(false);
    let (git, cache) = git(&world);
    git.expand(URL, &short(second), None).unwrap().unwrap();
    let packs = cache.history(URL).objects().join("pack");
    for extension in ["pack", "idx"] {
        for length in [0, 40] {
            for file in std::fs::read_dir(&packs).unwrap() {
                let path = file.unwrap().path();
                if path.extension().is_some_and(|end| end == extension) {
                    let bytes = std::fs::read(&path).unwrap();
                    std::fs::remove_file(&path).unwrap();
                    std::fs::write(&path, &bytes[..length]).unwrap();
                }
            }
            let found = git.expand(URL, &short(second), None).unwrap();
            assert_eq!(found, Some(second), "{extension} of {length} bytes");
        }
    }
}

#[test]
fn a_note_is_a_few_hundred_bytes_and_nothing_once_the_commit_is_held() {
    let (world, [first, second, last]) = three(false);
    let (git, cache) = git(&world);
    git.refs(URL).unwrap();
    world.server.take_bytes();
    let note = git.describe(URL, second).unwrap();
    assert_eq!(note.author, "A <a@example.com>");
    assert_eq!(note.offset, 0);
    assert_eq!(note.subject, "change 0");
    let (_, sent) = world.server.take_bytes();
    assert!(sent < 4000, "{sent} bytes");
    // Nothing is left that could be taken for the commit, or for its history.
    for entry in [cache.repository(URL), cache.history(URL)] {
        let left = std::fs::read_dir(entry.objects());
        assert_eq!(left.map_or(0, Iterator::count), 0);
    }
    git.obtain(URL, &Want::Commit(first)).unwrap();
    world.server.take_requests();
    let held = git.describe(URL, first).unwrap();
    assert!(held.seconds < note.seconds);
    assert!(world.server.take_requests().is_empty());
    git.expand(URL, &short(first), None).unwrap();
    world.server.take_requests();
    git.describe(URL, last).unwrap();
    assert!(world.server.take_requests().is_empty());
    let nobody = git.describe(URL, ObjectId([7; 20])).unwrap_err();
    assert!(nobody.to_string().contains("has no commit"), "{nobody}");

    let (old, [_, second, _]) = three(true);
    let (git, _) = self::git(&old);
    assert_eq!(git.describe(URL, second).unwrap(), note);
}
