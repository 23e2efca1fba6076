//! How long composing groups takes: 200 people into 30 groups are to take less than a second,
//! after any number of sessions.
//!
//! `cargo bench -p scheduling --bench groups` prints the median of some runs of each, and fails
//! where a ceiling is passed.

#![expect(clippy::print_stdout, reason = "a measurement prints what it measured")]

use scheduling::groups::compose::{Member, Pair, Task, Weights, compose};
use shared_types::{Gender, PersonId};
use std::{
    collections::{BTreeMap, BTreeSet},
    hint::black_box,
    time::{Duration, Instant},
};
use uuid::Uuid;

fn person(number: u128) -> PersonId {
    Uuid::from_u128(number + 1).into()
}

/// Municipalities and departments of very different sizes, one boss for every eight.
fn round(people: u128, municipalities: u128, groups: usize) -> Task {
    let member = |number: u128| {
        let municipality = (number * number + 3 * number) % municipalities;
        let department = municipality * 5 + number % 5;
        Member {
            person: person(number),
            municipality: Some(Uuid::from_u128(1000 + municipality).into()),
            department: Some(Uuid::from_u128(2000 + department).into()),
            gender: if number.is_multiple_of(9) || number % 5 < 2 {
                Gender::Woman
            } else {
                Gender::Man
            },
        }
    };
    let led = (0..people).filter(|number| !number.is_multiple_of(8));
    Task {
        members: (0..people).map(member).collect(),
        managers: led
            .map(|number| (person(number), person(number / 8 * 8)))
            .collect(),
        met: BTreeMap::new(),
        apart: BTreeSet::new(),
        locks: BTreeMap::new(),
        groups,
        weights: Weights::default(),
        seed: 1,
    }
}

/// The same people after some sessions in groups that the rules composed.
fn after(sessions: u64, mut task: Task) -> Task {
    for _ in 0..sessions {
        for group in compose(&task).groups {
            for (place, &one) in group.iter().enumerate() {
                for &other in group.iter().take(place) {
                    *task.met.entry(Pair::of(one, other)).or_default() += 1;
                }
            }
        }
        task.seed += 1;
    }
    task
}

/// What up to 200 people may take.
const CEILING: Duration = Duration::from_secs(1);

/// Runs of each; the median tells.
const RUNS: usize = 7;

fn main() {
    let tasks = [
        ("24 people in 6", round(24, 13, 6)),
        (
            "24 people in 6, the seventh session",
            after(6, round(24, 13, 6)),
        ),
        ("200 people in 30", round(200, 40, 30)),
        (
            "200 people in 30, the ninth session",
            after(8, round(200, 40, 30)),
        ),
        // So large that nobody can avoid those they have met: the search goes all its way.
        (
            "200 people in 10, the fifth session",
            after(4, round(200, 40, 10)),
        ),
        ("1000 people in 140", round(1000, 60, 140)),
    ];
    for (name, task) in &tasks {
        let median = median(task);
        println!("{name}: {median:.1?}");
        // What is not optimised is only printed, and so is what nothing is promised of.
        let free = cfg!(debug_assertions) || task.members.len() > 200;
        assert!(free || median < CEILING, "{name} took {median:?}");
    }
}

fn median(task: &Task) -> Duration {
    let mut all = [Duration::ZERO; RUNS];
    for took in &mut all {
        let begun = Instant::now();
        black_box(compose(black_box(task)));
        *took = begun.elapsed();
    }
    all.sort_unstable();
    all[RUNS / 2]
}
