//! The best plans: a best-first search that follows an exact bound for every partial plan.

use super::{
    Plan, Question,
    calendar::Days,
    grid::{Grid, NONE, points},
};
use std::{cmp::Reverse, collections::BinaryHeap};

/// Partial plans that are looked at for each further plan, at most.
const LOOKED_AT_MOST: usize = 200_000;

/// What the search found.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) plans: Vec<Plan>,
    pub(super) is_cut: bool,
}

/// Looks for the best plans.
pub(super) fn best(question: &Question) -> Found {
    let days = Days::of(question, question.window);
    let grid = Grid::of(question, &days);
    let mut plans: Vec<Vec<usize>> = Vec::new();
    let mut is_cut = false;
    // With fewer occasions than that they differ in all.
    let differ_in = question.differ_in.clamp(1, question.occasions.len().max(1));
    while plans.len() < question.plans_count.max(1) {
        match grid.next(&plans, differ_in) {
            Next::Plan(path) => plans.push(path),
            Next::None => break,
            Next::Cut => {
                is_cut = true;
                break;
            }
        }
    }
    Found {
        plans: plans.iter().map(|path| grid.plan(path, &days)).collect(),
        is_cut,
    }
}

/// What comes next.
enum Next {
    Plan(Vec<usize>),
    None,
    Cut,
}

/// A partial plan in the queue: cheapest first, then the longest, then the oldest.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Waiting {
    bound: Reverse<u32>,
    length: usize,
    number: Reverse<usize>,
}

/// A partial plan: the last day, how it came there, and what it has cost by last venue.
struct Partial {
    before: Option<usize>,
    place: usize,
    costs: Vec<u32>,
    /// How many occasions it shares with each earlier plan.
    shared: Vec<usize>,
}

/// Partial plans, and the queue of those that are still to be continued.
#[derive(Default)]
struct Open {
    partials: Vec<Partial>,
    queue: BinaryHeap<Waiting>,
}

impl Open {
    fn push(&mut self, partial: Partial, bound: u32, length: usize) {
        self.queue.push(Waiting {
            bound: Reverse(bound),
            length,
            number: Reverse(self.partials.len()),
        });
        self.partials.push(partial);
    }
}

impl Grid<'_> {
    /// The best plan that differs enough from those before.
    fn next(&self, earlier: &[Vec<usize>], differ_in: usize) -> Next {
        let count = self.question.occasions.len();
        let shared_most = count.saturating_sub(differ_in);
        let mut open = Open::default();
        let add = |open: &mut Open, partial: Partial, length: usize| {
            let bound = self.bound(&partial, length);
            if bound != NONE && partial.shared.iter().all(|shared| *shared <= shared_most) {
                open.push(partial, bound, length);
            }
        };
        let none = self.question.venues.len();
        let mut nothing = vec![NONE; self.venues()];
        if let Some(cost) = nothing.get_mut(none) {
            *cost = 0;
        }
        for place in 0..self.starts.first().map_or(0, Vec::len) {
            let shared = vec![0; earlier.len()];
            if let Some(partial) = self.step(None, &nothing, &shared, (0, place), 0, earlier) {
                add(&mut open, partial, 1);
            }
        }
        while let Some(waiting) = open.queue.pop() {
            let Reverse(number) = waiting.number;
            if waiting.length == count {
                return Next::Plan(path(&open.partials, number));
            }
            if open.partials.len() > LOOKED_AT_MOST {
                return Next::Cut;
            }
            let Some(partial) = open.partials.get(number) else {
                continue;
            };
            let occasion = waiting.length - 1;
            let (costs, shared) = (partial.costs.clone(), partial.shared.clone());
            let place = partial.place;
            for (day, spacing) in self.ways_on(occasion, place) {
                let to = (occasion + 1, day);
                if let Some(next) = self.step(Some(number), &costs, &shared, to, spacing, earlier) {
                    add(&mut open, next, waiting.length + 1);
                }
            }
        }
        Next::None
    }

    fn step(
        &self,
        before: Option<usize>,
        costs: &[u32],
        shared: &[usize],
        (occasion, place): (usize, usize),
        spacing: u32,
        earlier: &[Vec<usize>],
    ) -> Option<Partial> {
        let start = self.start(occasion, place)?;
        let own = points(&self.day_parts(occasion, start)).saturating_add(spacing);
        let mut next = vec![NONE; self.venues()];
        for (last, cost) in costs.iter().enumerate().filter(|(_, cost)| **cost != NONE) {
            for (venue, choice) in self.venue_choices(occasion, start, last) {
                if let Some(best) = next.get_mut(venue) {
                    *best = (*best).min(cost.saturating_add(choice).saturating_add(own));
                }
            }
        }
        let same = |path: &Vec<usize>| usize::from(path.get(occasion) == Some(&place));
        Some(Partial {
            before,
            place,
            costs: next,
            shared: shared
                .iter()
                .zip(earlier)
                .map(|(shared, path)| shared + same(path))
                .collect(),
        })
    }

    /// What the cheapest completion costs in all, exactly.
    fn bound(&self, partial: &Partial, length: usize) -> u32 {
        let rest = self
            .rest
            .get(length - 1)
            .and_then(|rest| rest.get(partial.place));
        let sums = partial.costs.iter().zip(rest.into_iter().flatten());
        sums.map(|(cost, rest)| cost.saturating_add(*rest))
            .min()
            .unwrap_or(NONE)
    }
}

fn path(partials: &[Partial], last: usize) -> Vec<usize> {
    let mut path = Vec::new();
    let mut next = partials.get(last);
    while let Some(partial) = next {
        path.push(partial.place);
        next = partial.before.and_then(|before| partials.get(before));
    }
    path.reverse();
    path
}
