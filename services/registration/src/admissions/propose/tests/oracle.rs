//! The objective written as plainly as possible, and the best of all subsets by trying each.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::*;

/// Inputs of one proposal.
#[derive(Clone, Debug)]
pub(super) struct Inputs {
    pub rules: Rules,
    pub taken: Vec<Taken>,
    pub candidates: Vec<Candidate>,
}

/// Objectives 1 to 5: what an equal swap must leave as it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Fairness {
    seats: Reverse<usize>,
    missing: u32,
    outside_target: i64,
    ranks: Vec<Reverse<usize>>,
    imbalance: i64,
}

/// The whole objective; the smaller, the better.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Score {
    pub fairness: Fairness,
    submissions: Vec<DateTime<Utc>>,
    ids: Vec<ApplicationId>,
}

pub(super) type Set = BTreeSet<ApplicationId>;

impl Inputs {
    fn chosen(&self, set: &Set) -> Vec<&Candidate> {
        self.candidates
            .iter()
            .filter(|person| set.contains(&person.id))
            .collect()
    }

    /// Seats by municipality, taken and chosen, with a zero for those that merely matter.
    pub(super) fn seats(&self, set: &Set) -> BTreeMap<OrganisationId, u32> {
        let mut seats: BTreeMap<_, u32> = self.rules.floors.keys().map(|&id| (id, 0)).collect();
        for person in &self.candidates {
            *seats.entry(person.municipality).or_default() += u32::from(set.contains(&person.id));
        }
        for seat in &self.taken {
            *seats.entry(seat.municipality).or_default() += 1;
        }
        seats
    }

    /// Women, men and others, taken and chosen.
    pub(super) fn genders(&self, set: &Set) -> (i64, i64, i64) {
        let chosen = self.chosen(set).into_iter().map(|person| person.gender);
        let all: Vec<_> = chosen
            .chain(self.taken.iter().map(|seat| seat.gender))
            .collect();
        genders(&all)
    }

    fn is_feasible(&self, set: &Set) -> bool {
        let seats = self.seats(set);
        let within_ceiling = |person: &&Candidate| {
            let limit = self
                .rules
                .ceiling_of(person.municipality)
                .unwrap_or(u32::MAX);
            seats
                .get(&person.municipality)
                .is_some_and(|&seats| seats <= limit)
        };
        let chosen = self.chosen(set);
        chosen.len() <= self.rules.seats as usize && chosen.iter().all(within_ceiling)
    }

    /// The score of a set; `None` if it breaks a ceiling or has more people than seats.
    pub(super) fn score(&self, set: &Set) -> Option<Score> {
        if !self.is_feasible(set) {
            return None;
        }
        let chosen = self.chosen(set);
        let missing = |(&id, &seats): (&_, &u32)| self.rules.floor_of(id).saturating_sub(seats);
        let distance = distance(self.rules.balance, self.genders(set));
        let target = matches!(self.rules.balance, Balance::Target { .. });
        let ranks: BTreeSet<_> = self
            .candidates
            .iter()
            .filter_map(|person| person.rank)
            .collect();
        let of_rank = |rank| {
            chosen
                .iter()
                .filter(|person| person.rank == Some(rank))
                .count()
        };
        let mut submissions: Vec<_> = chosen.iter().map(|person| person.submitted_at).collect();
        submissions.sort();
        let fairness = Fairness {
            seats: Reverse(chosen.len()),
            missing: self.seats(set).iter().map(missing).sum(),
            outside_target: if target { distance } else { 0 },
            ranks: ranks
                .into_iter()
                .map(|rank| Reverse(of_rank(rank)))
                .collect(),
            imbalance: if target { 0 } else { distance },
        };
        Some(Score {
            fairness,
            submissions,
            ids: set.iter().copied().collect(),
        })
    }

    /// The best of all subsets.
    pub(super) fn best(&self) -> (Option<Score>, Set) {
        let subsets = (0_u32..1 << self.candidates.len()).map(|mask| {
            let chosen = (0..)
                .zip(&self.candidates)
                .filter(|(bit, _)| mask >> bit & 1 == 1);
            chosen.map(|(_, person)| person.id).collect::<Set>()
        });
        let scored = subsets.filter_map(|set| Some((Some(self.score(&set)?), set)));
        scored.min().unwrap_or_default()
    }

    pub(super) fn with_rules(&self, rules: Rules) -> Self {
        Self {
            rules,
            ..self.clone()
        }
    }
}

pub(super) fn genders(all: &[Gender]) -> (i64, i64, i64) {
    let count = |wanted: &[Gender]| {
        all.iter()
            .filter(|gender| wanted.contains(gender))
            .map(|_| 1_i64)
            .sum()
    };
    (
        count(&[Woman]),
        count(&[Man]),
        count(&[Gender::Other, Undisclosed]),
    )
}

/// The distance outside the tolerance (target) or |women − men| (tie-break), the best over every
/// way to count those who state no gender.
pub(super) fn distance(balance: Balance, (women, men, others): (i64, i64, i64)) -> i64 {
    let total = women + men + others;
    let one_way = |as_women: i64| match balance {
        Balance::Off => 0,
        Balance::TieBreak => (women + as_women - (men + others - as_women)).abs(),
        Balance::Target {
            women_permille,
            tolerance_permille,
        } => {
            let (target, tolerance) = (i64::from(women_permille), i64::from(tolerance_permille));
            let too_many = 1000 * (women + as_women) - (target + tolerance) * total;
            let too_few = (target - tolerance) * total - 1000 * (women + as_women);
            too_many.max(too_few).max(0)
        }
    };
    (0..=others).map(one_way).min().unwrap_or(0)
}
