//! The program is killed at random instants: vendor/ is always one tree or the other, whole.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::support::sandbox::Sandbox;
use crate::support::world::{PROJECT, World, sizeable};

const ROUNDS: usize = 200;
const REPOSITORIES: usize = 5;
const FILES: usize = 40;

/// Numbers that look random and are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        // xorshift64
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

/// Starts the program and kills it after `delay`; whether it was still running by then.
fn kill_after(world: &World, delay: Duration) -> bool {
    let mut command = world.sandbox.command(&["install"]);
    let command = command.stdin(Stdio::null()).stdout(Stdio::null());
    let started = Instant::now();
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    // Spinning hits the instant better than sleeping, and puts load on the machine.
    while started.elapsed() < delay {
        std::hint::spin_loop();
    }
    let running = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    running
}

#[test]
fn whenever_it_is_killed_vendor_is_whole_and_the_next_run_leaves_no_litter() {
    let name = |number: usize| format!("github.com/acme/part{number}");
    let (world, ids) = World::within(Sandbox::in_memory(PROJECT), |remotes| {
        let mut ids = [Vec::new(), Vec::new()];
        for number in 0..REPOSITORIES {
            for (side, ids) in ids.iter_mut().enumerate() {
                let commit = sizeable(FILES, side * 7 + number);
                ids.push((name(number), remotes.commit(&name(number), &commit)));
            }
        }
        ids
    });
    let pin = |side: usize| {
        let pins: Vec<_> = ids[side]
            .iter()
            .map(|(n, id)| (n.as_str(), id.as_str()))
            .collect();
        world.pin(&pins);
    };
    let mut trees: Vec<BTreeMap<String, String>> = Vec::new();
    let mut longest = Duration::ZERO;
    for side in [0, 1] {
        pin(side);
        world.sandbox.run(&["install"]).success();
        trees.push(world.sandbox.vendor().unwrap());
    }
    for side in [0, 1] {
        pin(side);
        longest = longest.max(world.sandbox.run(&["install"]).success().took);
    }
    assert_ne!(trees[0], trees[1]);
    let names = world.sandbox.project_names();
    assert_eq!(names, ["glide.lock", "glide.yaml", "vendor"]);

    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (mut standing, mut killed, mut old, mut littered) = (1, 0, 0, 0);
    for round in 0..ROUNDS {
        let wanted = 1 - standing;
        pin(wanted);
        let micros = u64::try_from(longest.as_micros()).unwrap();
        let running = kill_after(&world, Duration::from_micros(random.below(micros)));
        killed += usize::from(running);
        let found = world.sandbox.vendor().unwrap_or_default();
        let side = trees.iter().position(|tree| *tree == found);
        standing = side.unwrap_or_else(|| panic!("round {round}: vendor/ is neither tree"));
        old += usize::from(standing != wanted);
        let litter = world.sandbox.project_names() != names;
        littered += usize::from(litter);
        // Where nothing was left behind, the next round's run is the next run.
        if litter || round % 5 == 0 {
            world.sandbox.run(&["install"]).success();
            assert!(
                world.sandbox.vendor().unwrap() == trees[wanted],
                "round {round}"
            );
            assert_eq!(world.sandbox.project_names(), names, "round {round}");
            standing = wanted;
        }
    }
    // If hardly any run was hit while it was at work, nothing was shown.
    let hits = format!("{killed} killed, {old} before the swap, {littered} left litter");
    assert!(killed > ROUNDS / 4 && old > 0 && littered > 0, "{hits}");
}
