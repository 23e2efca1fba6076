//! Runs too large for trying all sets, against the plainest minimum-cost flow there is.

use super::oracle::{OURS, Oracle, Worth};
use super::people::{municipality, places};
use super::*;
use crate::matching::{Mentee, Mentor, Terms};
use proptest::prelude::*;

/// A worth as a number; small runs leave room for all of it but ties, which are compared as sums.
fn number(worth: &Worth) -> i128 {
    let parts = [
        i128::from(worth.pairs),
        i128::from(worth.locks),
        i128::from(worth.score),
        -i128::from(worth.long_journeys.0),
    ];
    let whole = parts.iter().fold(0_i128, |sum, part| (sum << 20) + part);
    (whole << 60) + i128::try_from(worth.ties).unwrap()
}

/// The largest sum of worths: one mentee after the other by the best path in the residual graph
/// (Bellman and Ford), as long as that adds anything.
fn largest_sum(worths: &[Vec<Option<i128>>], free: &[u32]) -> i128 {
    let (rows, columns) = (worths.len(), free.len());
    let mut of: Vec<Option<usize>> = vec![None; rows];
    let mut sum = 0;
    loop {
        // The best way to each mentor: a new mentee, or over a mentee who moves away from another.
        let mut best: Vec<Option<(i128, usize)>> = vec![None; columns];
        loop {
            let mut changed = false;
            for row in 0..rows {
                let start = match of[row] {
                    None => Some(0),
                    Some(own) => best[own].map(|(gain, _)| gain - worths[row][own].unwrap()),
                };
                let Some(start) = start else { continue };
                for column in (0..columns).filter(|column| of[row] != Some(*column)) {
                    let Some(worth) = worths[row][column] else {
                        continue;
                    };
                    let gain = start + worth;
                    if best[column].is_none_or(|(known, _)| gain > known) {
                        best[column] = Some((gain, row));
                        changed = true;
                    }
                }
            }
            if !changed {
                break;
            }
        }
        let taken = |column| of.iter().filter(|own| **own == Some(column)).count();
        let open = (0..columns).filter(|&column| taken(column) < free[column] as usize);
        let end = open
            .filter_map(|column| Some((best[column]?.0, column)))
            .max();
        let Some((gain, mut column)) = end.filter(|(gain, _)| *gain > 0) else {
            return sum;
        };
        sum += gain;
        loop {
            let row = best[column].unwrap().1;
            match of[row].replace(column) {
                Some(own) => column = own,
                None => break,
            }
        }
    }
}

/// A run with many alike, so that much is contested; `scarce` has half the places.
fn run(seed: u64, mentees: u32, scarce: bool) -> Input {
    let mut state = seed;
    let mut below = move |end: u32| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((state >> 33) % u64::from(end)).unwrap()
    };
    let competences = ["budget", "crisis", "politics", "staff", "digital"];
    let mentors = mentees / 2;
    let mut input = Input {
        places: places(&[(0, 0), (1, 60), (2, 90), (3, 200), (4, 300)]),
        long_journey_minutes: 90,
        ..Input::default()
    };
    for id in 1..=mentors {
        let sector = Some(format!("sector-{}", below(3)));
        input.mentors.push(Mentor {
            municipality: municipality(below(6)),
            capacity: if scarce { 1 } else { 2 + below(2) },
            competences: (0..2)
                .map(|_| competences[below(5) as usize].to_owned())
                .collect(),
            terms: Terms {
                sector,
                ..Terms::default()
            },
            ..mentor(1_000 + id, 0)
        });
    }
    for id in 1..=mentees {
        let sector = Some(format!("sector-{}", below(3)));
        input.mentees.push(Mentee {
            municipality: municipality(below(6)),
            wishes: (0..below(5))
                .map(|_| person(1_001 + below(mentors).min(below(mentors))))
                .collect(),
            competences: vec![competences[below(5) as usize].to_owned()],
            terms: Terms {
                sector,
                ..Terms::default()
            },
            ..mentee(id, 0)
        });
    }
    for _ in 0..mentees / 5 {
        let mentor = 1_001 + below(mentors);
        input.locks.insert(couple(1 + below(mentees), mentor));
    }
    input
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn the_outcome_of_a_larger_run_is_worth_what_the_best_flow_is(
        seed in any::<u64>(),
        mentees in 20..70_u32,
        scarce in any::<bool>(),
    ) {
        let input = run(seed, mentees, scarce);
        let oracle = Oracle::new(&input, OURS);
        let free: Vec<u32> = oracle.mentors.iter().map(|mentor| mentor.free()).collect();
        let worths: Vec<Vec<Option<i128>>> = oracle
            .mentees
            .iter()
            .map(|mentee| {
                let worth = |mentor: &&Mentor| {
                    let may_be = oracle.may_be(mentee, mentor);
                    may_be.then(|| number(&oracle.worth(mentee, mentor)))
                };
                oracle.mentors.iter().map(worth).collect()
            })
            .collect();
        let outcome = solve(&input).unwrap();
        let find = |pair: &Pair| {
            let mentee = oracle.mentees.iter().find(|one| one.id == pair.couple.mentee);
            let mentor = oracle.mentors.iter().find(|one| one.id == pair.couple.mentor);
            oracle.worth(mentee.unwrap(), mentor.unwrap())
        };
        let worth = outcome.pairs.iter().map(find).fold(Worth::NONE, |sum, one| sum.plus(&one));
        prop_assert_eq!(number(&worth), largest_sum(&worths, &free));
    }
}
