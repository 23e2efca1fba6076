//! The objective written as plainly as possible, and the best of all sets of pairs by trying each.

use super::*;
use crate::matching::journey::Journey;
use crate::matching::solve::scale;
use crate::matching::{Mentee, Mentor};
use std::cmp::Reverse;

/// The worth of a set of pairs: the larger, the better.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Worth {
    pub pairs: u32,
    pub locks: u32,
    pub score: u64,
    pub long_journeys: Reverse<u32>,
    pub ties: u128,
}

/// Points of the wishes that count, by place in the list and length of the list.
pub(super) type Scheme = fn(usize, usize) -> u32;

/// How points are given, unless a test asks what would be with others.
pub(super) const OURS: Scheme = score::wish_points;

/// Everything about one pair, without tables.
pub(super) struct Oracle<'a> {
    pub input: &'a Input,
    pub scheme: Scheme,
    pub mentees: Vec<&'a Mentee>,
    pub mentors: Vec<&'a Mentor>,
}

impl<'a> Oracle<'a> {
    pub(super) fn new(input: &'a Input, scheme: Scheme) -> Self {
        let mut mentees: Vec<&Mentee> = input.mentees.iter().collect();
        mentees.sort_by_key(|mentee| mentee.id);
        Self {
            input,
            scheme,
            mentees,
            mentors: input.mentors.iter().collect(),
        }
    }

    pub(super) fn may_be(&self, mentee: &Mentee, mentor: &Mentor) -> bool {
        refusals(self.input, mentee, mentor).is_empty()
    }

    fn wish(&self, wishes: &[PersonId], other: PersonId, counts: impl Fn(PersonId) -> bool) -> u32 {
        let mut list: Vec<PersonId> = Vec::new();
        for &wish in wishes {
            if !list.contains(&wish) {
                list.push(wish);
            }
        }
        list.truncate(5);
        list.retain(|&wish| counts(wish));
        let place = list.iter().position(|&wish| wish == other);
        place.map_or(0, |place| (self.scheme)(place, list.len()))
    }

    /// The score of a pair that may be.
    pub(super) fn score(&self, mentee: &Mentee, mentor: &Mentor) -> u32 {
        let points = |criterion| match criterion {
            Criterion::MenteeWish => self.wish(&mentee.wishes, mentor.id, |wish| {
                let mut mentors = self.mentors.iter();
                mentors.any(|other| other.id == wish && self.may_be(mentee, other))
            }),
            Criterion::MentorWish => self.wish(&mentor.wishes, mentee.id, |wish| {
                let mut mentees = self.mentees.iter();
                mentees.any(|other| other.id == wish && self.may_be(other, mentor))
            }),
            other => score::given(self.input, other, (mentee, mentor)).0,
        };
        Criterion::ALL
            .into_iter()
            .map(|criterion| points(criterion) * self.input.weights.level(criterion).factor())
            .sum()
    }

    /// The worth of a pair that may be.
    pub(super) fn worth(&self, mentee: &Mentee, mentor: &Mentor) -> Worth {
        let couple = Couple {
            mentee: mentee.id,
            mentor: mentor.id,
        };
        let journey = Journey::of(self.input, mentee, mentor);
        let tie = scale::tie(scale::tie_of(mentee.id), scale::tie_of(mentor.id));
        Worth {
            pairs: 1,
            locks: u32::from(self.input.locks.contains(&couple)),
            score: self.score(mentee, mentor).into(),
            long_journeys: Reverse(journey.is_long(self.input.long_journey_minutes).into()),
            ties: u128::from(tie >> 16),
        }
    }

    /// The best of all sets: whom each mentee gets, by id.
    pub(super) fn best(&self) -> (Worth, Vec<Option<u32>>) {
        let worths: Vec<Vec<Option<Worth>>> = self
            .mentees
            .iter()
            .map(|mentee| {
                let worth = |mentor: &&Mentor| {
                    let may_be = self.may_be(mentee, mentor);
                    may_be.then(|| self.worth(mentee, mentor))
                };
                self.mentors.iter().map(worth).collect()
            })
            .collect();
        let mut free: Vec<u32> = self.mentors.iter().map(|mentor| mentor.free()).collect();
        let mut best = (Worth::NONE, vec![None; self.mentees.len()]);
        let mut taken = Vec::new();
        self.try_all(&worths, &mut free, &mut taken, &Worth::NONE, &mut best);
        best
    }

    fn try_all(
        &self,
        worths: &[Vec<Option<Worth>>],
        free: &mut [u32],
        taken: &mut Vec<Option<u32>>,
        worth: &Worth,
        best: &mut (Worth, Vec<Option<u32>>),
    ) {
        let Some(own) = worths.get(taken.len()) else {
            if *worth > best.0 {
                *best = (worth.clone(), taken.clone());
            }
            return;
        };
        for (column, pair) in own.iter().enumerate() {
            if let Some(pair) = pair
                && free[column] > 0
            {
                free[column] -= 1;
                taken.push(Some(people::number(self.mentors[column].id)));
                self.try_all(worths, free, taken, &worth.plus(pair), best);
                taken.pop();
                free[column] += 1;
            }
        }
        taken.push(None);
        self.try_all(worths, free, taken, worth, best);
        taken.pop();
    }
}

impl Worth {
    pub(super) const NONE: Self = Self {
        pairs: 0,
        locks: 0,
        score: 0,
        long_journeys: Reverse(0),
        ties: 0,
    };

    pub(super) fn plus(&self, other: &Self) -> Self {
        Self {
            pairs: self.pairs + other.pairs,
            locks: self.locks + other.locks,
            score: self.score + other.score,
            long_journeys: Reverse(self.long_journeys.0 + other.long_journeys.0),
            ties: self.ties + other.ties,
        }
    }
}
