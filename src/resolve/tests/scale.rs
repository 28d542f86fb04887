//! Large worlds: how often repositories are asked, never how long it takes.

use std::fmt::Write as _;
use std::sync::atomic::Ordering;

use super::story::{Story, stories};
use super::{Outcome, outcome};

/// The counts of a story's run.
fn calls(story: &Story) -> (Outcome, [usize; 4]) {
    let came = outcome(story, &story.memory);
    let calls = &story.memory.calls;
    let counts = [&calls.open, &calls.references, &calls.scan, &calls.declared];
    (came, counts.map(|count| count.load(Ordering::Relaxed)))
}

/// A story of `count` repositories, each of which imports some of those after it.
fn world(count: usize, imports: impl Fn(usize) -> Vec<usize>, wants: &str) -> Story {
    let mut text = String::from("\n## large\napp\n  . : acme/r0\nglide.yaml\n  import acme/r0\n");
    for at in 0..count {
        let (mut names, mut asked) = (String::new(), String::new());
        for other in imports(at).into_iter().filter(|&other| other < count) {
            write!(names, " acme/r{other} acme/r{other}/sub").unwrap();
            if !wants.is_empty() {
                write!(asked, " ; wants acme/r{other} {wants}").unwrap();
            }
        }
        writeln!(
            text,
            "repo acme/r{at}\n  v1.0.0 ; . :{names} ; sub :{asked}\n  v1.1.0"
        )
        .unwrap();
    }
    let mut all = stories(&text);
    all.remove(0)
}

#[track_caller]
fn check_linear(imports: impl Fn(usize) -> Vec<usize> + Copy, wants: &str) {
    let [small, large] = [100, 1000].map(|count| {
        let (came, calls) = calls(&world(count, imports, wants));
        assert_eq!(came.failure, None, "{:?}", came.messages.last());
        assert_eq!(came.imports.len(), count);
        calls
    });
    for (small, large) in small.into_iter().zip(large) {
        assert!(large <= 11 * small, "{small} calls became {large}");
        // Every repository has two packages.
        assert!(large <= 1000 * 60, "{large} calls");
    }
}

#[test]
fn a_chain_of_a_thousand_is_linear() {
    check_linear(|at| vec![at + 1], "");
    check_linear(|at| vec![at + 1], "v1.0.0");
}

#[test]
fn a_tree_of_a_thousand_is_linear() {
    check_linear(|at| vec![2 * at + 1, 2 * at + 2], "^1.0.0");
}

#[test]
fn tens_that_all_import_the_next_ten_are_linear() {
    check_linear(
        |at| match at {
            0 => (1..20).collect(),
            _ => (0..10).map(|near| at - at % 10 + 10 + near).collect(),
        },
        "v1.0.0",
    );
}

#[test]
fn one_that_imports_a_thousand_is_linear() {
    check_linear(
        |at| match at {
            0 => (1..1000).collect(),
            _ => Vec::new(),
        },
        "v1.0.0",
    );
}

#[test]
fn a_failure_at_the_end_of_a_long_chain_names_both_ends() {
    let mut text = String::from("\n## deep\napp\n  . : acme/r0\n");
    for at in 0..1000 {
        writeln!(text, "repo acme/r{at}\n  v1.0.0 ; . : acme/r{}", at + 1).unwrap();
    }
    let story = stories(&text).remove(0);
    let (came, _) = calls(&story);
    let (_, message) = came
        .messages
        .iter()
        .find(|(level, _)| *level == "error")
        .unwrap();
    let first = "github.com/acme/r1000, imported by github.com/acme/r999, imported by";
    assert!(message.contains(first), "{message}");
    assert!(
        message.contains("imported by ..., imported by"),
        "{message}"
    );
    assert!(
        message.contains("github.com/acme/r0, imported by the project"),
        "{message}"
    );
    assert!(message.len() < 1000, "{message}");
}

#[test]
fn imports_without_end_are_given_up_and_told_once() {
    let chain = |at: usize| vec![at + 1];
    let tree = |at: usize| (10 * at + 1..10 * at + 11).collect();
    let kinds: [&dyn Fn(usize) -> Vec<usize>; 2] = [&chain, &tree];
    for imports in kinds {
        let (came, calls) = calls(&world(7000, imports, ""));
        let failure = came.failure.unwrap();
        assert!(failure.contains("these imports have no end"), "{failure}");
        assert!(
            failure.contains("imported by github.com/acme/r"),
            "{failure}"
        );
        assert!(came.messages.len() < 100, "{:?}", came.messages.last());
        assert!(calls.iter().all(|&count| count < 100_000), "{calls:?}");
    }
}
