//! What an admission proposal takes: as many applications as a large round could get, from every
//! municipality of Sweden, in each mode of the balance rule.
//!
//! `cargo bench -p registration --bench admission` prints the median of some runs for each number
//! of applications, and fails where a ceiling is passed.

#![expect(clippy::print_stdout, reason = "a measurement prints what it measured")]

use chrono::{DateTime, TimeDelta};
use registration::admissions::propose::{Balance, Candidate, Rules, propose};
use shared_types::{ApplicationId, Gender, OrganisationId};
use std::{
    collections::BTreeMap,
    hint::black_box,
    time::{Duration, Instant},
};
use uuid::Uuid;

/// Sweden's municipalities.
const MUNICIPALITIES: u128 = 290;

/// Applications, and how long a proposal of them may take.
const CEILINGS: [(u128, Duration); 2] = [
    (1_000, Duration::from_millis(100)),
    (10_000, Duration::from_secs(2)),
];

/// An application in some order that looks like none: municipalities of different sizes, three
/// women to a man, ranks with gaps and ties, handed in over four weeks.
fn candidate(number: u128) -> Candidate {
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 7;
    let municipality = (mixed % MUNICIPALITIES) * (mixed / 7 % MUNICIPALITIES) % MUNICIPALITIES;
    let minutes = i64::try_from(mixed % (28 * 24 * 60)).unwrap_or_default();
    Candidate {
        id: ApplicationId::from(Uuid::from_u128(number)),
        municipality: OrganisationId::from(Uuid::from_u128(municipality)),
        gender: match mixed % 17 {
            0 => Gender::Undisclosed,
            1..=4 => Gender::Man,
            _ => Gender::Woman,
        },
        rank: (!mixed.is_multiple_of(11))
            .then_some(u32::try_from(mixed % 9).unwrap_or_default() + 1),
        submitted_at: DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes),
    }
}

/// A third of all get in; every municipality is to have one seat and may have a hundredth.
fn rules(applications: u128, balance: Balance) -> Rules {
    let seats = u32::try_from(applications / 3).unwrap_or_default();
    Rules {
        seats,
        floor: 1,
        ceiling: Some(2 + seats / 100),
        floors: BTreeMap::new(),
        ceilings: BTreeMap::new(),
        balance,
    }
}

const MODES: [Balance; 3] = [
    Balance::Off,
    Balance::TieBreak,
    Balance::Target {
        women_permille: 500,
        tolerance_permille: 50,
    },
];

/// Proposals of each kind; the median tells.
const RUNS: usize = 7;

fn main() {
    println!("applications  off ms  tie break ms  target ms");
    for applications in [500, 1_000, 2_000, 5_000, 10_000] {
        let candidates: Vec<Candidate> = (1..=applications).map(candidate).collect();
        let medians = MODES.map(|balance| median(&rules(applications, balance), &candidates));
        let [off, tie_break, target] = medians.map(|took| took.as_secs_f64() * 1000.0);
        println!("{applications:12}  {off:6.1}  {tie_break:12.1}  {target:9.1}");
        let slowest = medians.into_iter().max().unwrap_or_default();
        for (_, ceiling) in CEILINGS.iter().filter(|(most, _)| *most == applications) {
            // What is not optimised is only printed.
            assert!(
                cfg!(debug_assertions) || slowest < *ceiling,
                "{applications} applications took {slowest:?}"
            );
        }
    }
}

fn median(rules: &Rules, candidates: &[Candidate]) -> Duration {
    let mut all = [Duration::ZERO; RUNS];
    for took in &mut all {
        let begun = Instant::now();
        let proposal = black_box(propose(black_box(rules), &[], black_box(candidates)));
        *took = begun.elapsed();
        assert_eq!(proposal.rows.len(), candidates.len());
    }
    all.sort_unstable();
    all[RUNS / 2]
}
