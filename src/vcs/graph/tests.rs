//! Graphs of a few commits, whole and damaged.

use std::convert::Infallible;

use super::*;

fn id(number: u32) -> ObjectId {
    let mut id = [0; 20];
    // Ids are in another order than commits.
    id[..4].copy_from_slice(&number.wrapping_mul(2_654_435_761).to_be_bytes());
    id[16..].copy_from_slice(&number.to_be_bytes());
    ObjectId(id)
}

/// `commits[n]` are the parents of commit `n`.
fn graph(commits: &[&[u32]], tips: &[u32]) -> Graph {
    let gathered = Graph::gather(tips.iter().copied().map(id), |asked| {
        let number = u32::from_be_bytes(asked.0[16..].try_into().unwrap());
        let parents = commits.get(number as usize);
        let link = parents.map(|parents| Link {
            time: 100 + i64::from(number),
            parents: parents.iter().copied().map(id).collect(),
        });
        Ok::<_, Infallible>(link)
    });
    let Ok(graph) = gathered;
    graph
}

/// A fork and a merge: 0 ← 1 ← 2 ← 4 and 1 ← 3 ← 4; 5 stands alone.
const COMMITS: &[&[u32]] = &[&[], &[0], &[1], &[1], &[2, 3], &[]];

#[test]
fn commits_are_found_with_their_times_and_parents() {
    let graph = graph(COMMITS, &[4, 5, 4]);
    assert_eq!((graph.len(), graph.is_cut()), (6, false));
    for (number, parents) in (0..).zip(COMMITS) {
        let found = graph.find(id(number)).unwrap();
        assert_eq!(graph.id(found), id(number));
        let expected = Link {
            time: 100 + i64::from(number),
            parents: parents.iter().copied().map(id).collect(),
        };
        assert_eq!(graph.link(found), expected);
        assert!(graph.parents(found).all(|parent| parent < found));
    }
    assert_eq!(graph.find(id(6)), None);
    assert_eq!(graph.find(ObjectId([0xff; 20])), None);
}

#[test]
fn what_comes_before_a_commit_is_known() {
    let graph = graph(COMMITS, &[4, 5]);
    let set = |tip: u32| graph.up_to(graph.find(id(tip)).unwrap());
    let members = |tip: u32| -> Vec<u32> {
        let set = set(tip);
        let found = (0..6).filter(|other| set.holds(graph.find(id(*other)).unwrap()));
        let found: Vec<u32> = found.collect();
        assert_eq!(set.len(), found.len());
        found
    };
    assert_eq!(members(0), [0]);
    assert_eq!(members(3), [0, 1, 3]);
    assert_eq!(members(4), [0, 1, 2, 3, 4]);
    assert_eq!(members(5), [5]);
    assert_eq!(set(4).without(&set(2)), 2);
    assert_eq!(set(2).without(&set(4)), 0);
    assert_eq!(set(5).without(&set(4)), 1);
}

#[test]
fn only_what_tips_lead_to_is_held_and_missing_commits_are_told() {
    let some = graph(COMMITS, &[2]);
    assert_eq!((some.len(), some.find(id(3))), (3, None));
    assert!(!some.is_cut());
    let cut = graph(&[&[7], &[0]], &[1]);
    assert!(cut.is_cut());
    assert_eq!(cut.len(), 2);
    assert_eq!(cut.parents(cut.find(id(0)).unwrap()).count(), 0);
    assert!(graph(COMMITS, &[9]).is_cut());
    let none = graph(COMMITS, &[]);
    assert!(none.is_empty() && !none.is_cut());
    assert_eq!(none.find(id(0)), None);
}

#[test]
fn a_graph_comes_back_from_its_bytes_and_from_no_others() {
    for graph in [
        graph(COMMITS, &[4, 5]),
        graph(&[&[7]], &[0]),
        graph(&[], &[]),
    ] {
        let read = Graph::read(graph.bytes().to_vec()).unwrap();
        assert_eq!(read.bytes(), graph.bytes());
        assert_eq!((read.len(), read.is_cut()), (graph.len(), graph.is_cut()));
        assert!(read.ids().eq(graph.ids()));
        for length in 0..graph.bytes().len() {
            assert!(Graph::read(graph.bytes()[..length].to_vec()).is_none());
        }
    }
    // Whatever byte is wrong, what is read back makes some sense: nothing panics, nothing circles.
    let good = graph(COMMITS, &[4, 5]).bytes().to_vec();
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 0xff;
        if let Some(read) = Graph::read(bad) {
            for id in read.ids().collect::<Vec<_>>() {
                let found = read.find(id).unwrap();
                assert!(read.up_to(found).holds(found));
            }
        }
    }
    let mut large = good;
    large[16..24].fill(0xff);
    assert!(Graph::read(large).is_none());
}

#[test]
fn a_long_history_needs_no_deep_stack() {
    let count = 200_000;
    let gathered = Graph::gather([id(count)], |asked| {
        let number = u32::from_be_bytes(asked.0[16..].try_into().unwrap());
        let parents = number.checked_sub(1).map(id).into_iter().collect();
        Ok::<_, Infallible>(Some(Link { time: 0, parents }))
    });
    let Ok(graph) = gathered;
    let last = graph.find(id(count)).unwrap();
    assert_eq!(graph.up_to(last).len(), count as usize + 1);
}
