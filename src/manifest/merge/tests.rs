//! What a merge of two locks gives, by tables and by laws.

use proptest::collection::btree_map;
use proptest::prelude::*;
use proptest::sample::subsequence;

use super::*;

/// A lock out of short words: `a@1` is an import, `t:a@1` a test import, `a@1+x,y` has sub-packages, `a@1=r`
/// another repository.
fn lock(text: &str) -> Lock {
    let mut lock = Lock {
        hash: "h".to_owned(),
        ..Lock::default()
    };
    for word in text.split_whitespace() {
        let (tests, word) = match word.strip_prefix("t:") {
            Some(rest) => (true, rest),
            None => (false, word),
        };
        let (word, subpackages) = word.split_once('+').unwrap_or((word, ""));
        let (word, repo) = word.split_once('=').unwrap_or((word, ""));
        let (name, version) = word.split_once('@').unwrap();
        let subpackages = subpackages.split(',').filter(|name| !name.is_empty());
        let list = if tests {
            &mut lock.test_imports
        } else {
            &mut lock.imports
        };
        list.push(LockedDependency {
            name: name.to_owned(),
            version: version.to_owned(),
            repo: repo.to_owned(),
            subpackages: subpackages.map(str::to_owned).collect(),
            ..LockedDependency::default()
        });
    }
    lock
}

fn words(lock: &Lock) -> String {
    let word = |entry: &LockedDependency| {
        let repo = if entry.repo.is_empty() {
            String::new()
        } else {
            format!("={}", entry.repo)
        };
        let mut below = entry.subpackages.join(",");
        if !below.is_empty() {
            below.insert(0, '+');
        }
        format!("{}@{}{repo}{below}", entry.name, entry.version)
    };
    let tests = lock
        .test_imports
        .iter()
        .map(|entry| format!("t:{}", word(entry)));
    lock.imports
        .iter()
        .map(word)
        .chain(tests)
        .collect::<Vec<_>>()
        .join(" ")
}

#[track_caller]
fn check(base: &str, ours: &str, theirs: &str, expected: &str, disagreements: &[&str]) {
    for (one, other) in [(ours, theirs), (theirs, ours)] {
        let merged = merge(Some(&lock(base)), &lock(one), &lock(other)).unwrap();
        assert_eq!(words(&merged.lock), expected, "{one} | {other}");
        let names: Vec<_> = merged
            .disagreements
            .iter()
            .map(|one| one.name.as_str())
            .collect();
        assert_eq!(names, disagreements, "{one} | {other}");
    }
}

#[test]
fn entries_are_merged_by_name() {
    // Both add, move, remove.
    check("", "a@1", "b@1", "a@1 b@1", &[]);
    check("a@1 b@1", "a@2 b@1", "a@1 b@2", "a@2 b@2", &[]);
    check("a@1 b@1 c@1", "a@1 b@1", "a@2 c@1 b@1", "a@2 b@1", &[]);
    check("a@1", "a@2", "a@2", "a@2", &[]);
    check("a@1 b@1", "b@1", "b@1", "b@1", &[]);
    check("", "a@1", "a@1", "a@1", &[]);
    // Order is that of names without regard to case.
    check("", "B@1 c@1", "a@1 D@1", "a@1 B@1 c@1 D@1", &[]);
}

#[test]
fn what_both_moved_elsewhere_is_a_disagreement() {
    check("a@1 b@1", "a@2 b@1", "a@3 b@1", "b@1", &["a"]);
    check("", "a@1 b@1", "a@2 c@1", "b@1 c@1", &["a"]);
    // Moved here, removed there.
    check("a@1", "a@2", "", "", &["a"]);
    // A pin is not taken apart: this would be a commit that nobody chose.
    check("a@1", "a@2", "a@1=fork", "", &["a"]);
}

#[test]
fn properties_of_an_entry_are_merged_one_by_one() {
    check("a@1+x", "a@2+x", "a@1+x,y", "a@2+x,y", &[]);
    check("a@1+x,y", "a@1+x", "a@1+y,z", "a@1+z", &[]);
    check("", "a@1+x", "a@1+y", "a@1+x,y", &[]);
    check("t:a@1", "a@1", "t:a@2", "a@2", &[]);
    check("t:a@1", "a@1+x", "t:a@1+y", "a@1+x,y", &[]);
    check("", "a@1", "t:a@1+x", "a@1+x", &[]);
    check("", "a@1", "t:a@2", "", &["a"]);
}

#[test]
fn without_a_base_nothing_is_removed() {
    let merged = merge(None, &lock("a@1 b@1"), &lock("b@1 c@1 d@1")).unwrap();
    assert_eq!(words(&merged.lock), "a@1 b@1 c@1 d@1");
    let merged = merge(None, &lock("a@1"), &lock("a@2")).unwrap();
    assert_eq!(merged.disagreements.len(), 1);
}

#[test]
fn it_tells_which_side_did_what() {
    let merged = merge(
        Some(&lock("a@1 b@1 c@1 d@1")),
        &lock("a@2 b@1 d@1 e@1"),
        &lock("a@1 b@2 c@1"),
    );
    let merged = merged.unwrap();
    assert_eq!(merged.from_ours, ["a", "e"]);
    assert_eq!(merged.from_theirs, ["b"]);
    assert_eq!(merged.removed_by_ours, ["c"]);
    assert_eq!(merged.removed_by_theirs, ["d"]);
}

#[test]
fn the_hash_is_that_of_the_side_which_changed_it() {
    let with = |hash: &str| Lock {
        hash: hash.to_owned(),
        ..Lock::default()
    };
    for (base, ours, theirs, expected, settled) in [
        ("1", "1", "2", "2", true),
        ("1", "2", "1", "2", true),
        ("1", "2", "2", "2", true),
        ("1", "2", "3", "2", false),
    ] {
        let merged = merge(Some(&with(base)), &with(ours), &with(theirs)).unwrap();
        assert_eq!(
            (merged.lock.hash.as_str(), merged.open_hash.is_none()),
            (expected, settled)
        );
    }
    let mut merged = merge(None, &with("1"), &with("2")).unwrap();
    let hashes = merged.open_hash.clone().unwrap();
    assert_eq!(
        (hashes.base, hashes.ours.as_str(), hashes.theirs.as_str()),
        (None, "1", "2")
    );
    merged.settle_hash("3".to_owned());
    assert!(merged.is_settled() && merged.lock.hash == "3");
}

#[test]
fn the_later_moment_counts_in_whatever_zone() {
    let at = |text: &str| Lock {
        updated: text.parse().unwrap(),
        ..Lock::default()
    };
    for (ours, theirs, expected) in [
        (
            "2020-03-01T10:00:00Z",
            "2020-02-29T23:59:59Z",
            "2020-03-01T10:00:00Z",
        ),
        (
            "2020-03-01T10:00:00+02:00",
            "2020-03-01T09:00:00Z",
            "2020-03-01T09:00:00Z",
        ),
        (
            "2021-01-01T00:30:00+01:00",
            "2020-12-31T23:15:00Z",
            "2021-01-01T00:30:00+01:00",
        ),
        (
            "2020-01-01T00:00:00.2Z",
            "2020-01-01T00:00:00.19Z",
            "2020-01-01T00:00:00.2Z",
        ),
        (
            "2100-03-01T00:00:00Z",
            "2100-02-28T23:00:00-02:00",
            "2100-02-28T23:00:00-02:00",
        ),
    ] {
        for (one, other) in [(ours, theirs), (theirs, ours)] {
            let base = at("2000-01-01T00:00:00Z");
            let merged = merge(Some(&base), &at(one), &at(other)).unwrap();
            assert_eq!(merged.lock.updated.to_string(), expected, "{one} {other}");
        }
    }
}

#[test]
fn a_lock_that_contradicts_itself_is_refused() {
    let error = merge(None, &lock("a@1"), &lock("b@1 b@2")).unwrap_err();
    assert_eq!(error.to_string(), "theirs has `b` twice, at `1` and at `2`");
    assert!(merge(None, &lock("a@1 t:a@2"), &lock("")).is_err());
    let merged = merge(None, &lock("a@1 t:a@1 b@1 b@1"), &lock("")).unwrap();
    assert_eq!(words(&merged.lock), "a@1 b@1");
}

#[test]
fn a_side_decides_disagreements() {
    let locks = [lock("a@1 b@1"), lock("a@2 b@1"), lock("a@3")];
    for (side, expected) in [
        (Side::Ours, "a@2"),
        (Side::Theirs, "a@3"),
        (Side::Base, "a@1"),
    ] {
        let mut merged = merge(Some(&locks[0]), &locks[1], &locks[2]).unwrap();
        merged.decide(side);
        assert_eq!(words(&merged.lock), expected);
        assert!(merged.disagreements.is_empty());
    }
}

prop_compose! {
    fn placed()(
        version in 1..4_u8, fork in prop::bool::weighted(0.2), tests in prop::bool::weighted(0.3),
        subpackages in subsequence(vec!["x", "y", "z"], 0..=3),
        os in subsequence(vec!["linux", "plan9"], 0..=2),
    ) -> (bool, LockedDependency) {
        let entry = LockedDependency {
            version: version.to_string(),
            repo: if fork { "https://fork.example".to_owned() } else { String::new() },
            subpackages: subpackages.into_iter().map(str::to_owned).collect(),
            os: os.into_iter().map(str::to_owned).collect(),
            ..LockedDependency::default()
        };
        (tests, entry)
    }
}

prop_compose! {
    fn any_lock()(
        entries in btree_map("[a-f]", placed(), 0..6), hash in "[1-4]", second in 0..50_i64,
    ) -> Lock {
        let mut lock = Lock { hash, updated: super::super::Timestamp::from_unix(second, 60), ..Lock::default() };
        for (name, (tests, entry)) in entries {
            let list = if tests { &mut lock.test_imports } else { &mut lock.imports };
            list.push(LockedDependency { name, ..entry });
        }
        lock
    }
}

proptest! {
    #[test]
    fn a_side_that_changed_nothing_gives_way(base in any_lock(), other in any_lock()) {
        for (ours, theirs) in [(&other, &other), (&base, &other), (&other, &base)] {
            let merged = merge(Some(&base), ours, theirs).unwrap();
            prop_assert!(merged.disagreements.is_empty() && merged.open_hash.is_none());
            prop_assert_eq!(&merged.lock, &other);
        }
    }

    #[test]
    fn sides_may_be_exchanged(base in any_lock(), ours in any_lock(), theirs in any_lock()) {
        let one = merge(Some(&base), &ours, &theirs).unwrap();
        let mut other = merge(Some(&base), &theirs, &ours).unwrap();
        for disagreement in &mut other.disagreements {
            std::mem::swap(&mut disagreement.ours, &mut disagreement.theirs);
        }
        if one.open_hash.is_some() {
            other.lock.hash.clone_from(&one.lock.hash);
        }
        // The same moment in another zone may stand there.
        other.lock.updated = one.lock.updated;
        prop_assert_eq!(one.lock, other.lock);
        prop_assert_eq!(one.disagreements, other.disagreements);
        prop_assert_eq!(one.from_ours, other.from_theirs);
        prop_assert_eq!(one.removed_by_ours, other.removed_by_theirs);
    }

    #[test]
    fn what_was_merged_merges_with_its_sides_into_itself(
        base in any_lock(), ours in any_lock(), theirs in any_lock(),
    ) {
        let mut merged = merge(Some(&base), &ours, &theirs).unwrap();
        merged.decide(Side::Ours);
        for side in [&ours, &theirs] {
            let again = merge(Some(side), &merged.lock, side).unwrap();
            prop_assert_eq!(&again.lock, &merged.lock);
        }
    }

    #[test]
    fn no_entry_is_lost_and_none_is_invented(
        base in any_lock(), ours in any_lock(), theirs in any_lock(),
    ) {
        let merged = merge(Some(&base), &ours, &theirs).unwrap();
        let [before, our, their] = [&base, &ours, &theirs].map(|lock| entries(lock, Side::Base).unwrap());
        let result = entries(&merged.lock, Side::Base).unwrap();
        for (name, placed) in &result {
            let version = |side: &BTreeMap<String, Placed>| side.get(name).map(|found| found.entry.version.clone());
            let version_here = Some(placed.entry.version.clone());
            prop_assert!([version(&our), version(&their)].contains(&version_here));
        }
        for name in our.keys().chain(their.keys()) {
            let told = merged.disagreements.iter().any(|one| one.name == *name);
            let removed = before.contains_key(name) && !(our.contains_key(name) && their.contains_key(name));
            prop_assert!(result.contains_key(name) || told || removed, "{}", name);
        }
    }
}
