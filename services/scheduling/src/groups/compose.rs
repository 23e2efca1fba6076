//! Composes groups: who works with whom, and why.
//!
//! Pure functions over plain values: no clock, no database. The same task gives the same groups in
//! any order of its rows, so that a coordinator who asks "why?" later can be answered.
//!
//! # What is optimal
//!
//! Lexicographically: (1) everybody who is locked stays; (2) sizes as even as the locks let them
//! be; (3) fewest pairs in one group that a hard rule keeps apart, which are people in one line of
//! management, however far up, and pairs that the coordinator keeps apart; (4) lowest penalty.
//!
//! The penalty is a sum over the pairs in one group. A pair costs `weights.met_before` for each
//! time that the two were in one group before, `weights.municipality` when they come from one
//! municipality, `weights.department` when from one department, `weights.gender` when both are
//! women or both are men. Counting pairs makes every aspect convex: three of one municipality in
//! one group are three pairs, so the even spread has the fewest, and a second repetition costs
//! twice the first, so that meetings are spread over the whole programme. Who states no gender, or
//! neither, forms no such pair and is never a reason against anyone. All is in whole numbers.
//!
//! # How it is found
//!
//! This is the maximally diverse grouping problem, which is NP-hard. `search` exchanges two
//! people (or one and a vacancy, where sizes differ by one) at a falling threshold, from several
//! starts; an exchange is judged in constant time. The number of steps depends on the task and
//! never on a clock. `exact` then enumerates small tasks with a bound, and so either improves
//! the answer or proves it. `score` knows a lower bound for tasks of every size. `optimal` says
//! whether one of the two proved the answer; otherwise it is the best that was found, and the
//! distance to the bound says how far it can be from the best there is.

mod costs;
mod exact;
mod findings;
mod inputs;
mod random;
mod score;
mod search;
mod shape;
#[cfg(test)]
mod tests;

use shared_types::{DepartmentId, Gender, OrganisationId, PersonId};
use std::collections::{BTreeMap, BTreeSet};

pub use findings::{Cause, Finding};
pub use inputs::inputs_hash;
pub use score::{Aspect, Part, Score};

use costs::{Ground, Table};
use shape::Shape;

/// The version of these rules, stored with each composition; it changes when an answer could.
pub const RULE_VERSION: &str = "groups-1";

/// Most people that are composed at once: what is kept of their pairs grows with the square.
pub const MOST_PEOPLE: usize = 1000;

/// The largest weight: sums stay far below what separates the hard rules from the penalty.
pub const LARGEST_WEIGHT: u32 = 100;

/// What a pair in one group costs, aspect by aspect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weights {
    /// For each time that the two were in one group before.
    pub met_before: u32,
    /// Both from one municipality.
    pub municipality: u32,
    /// Both from one department.
    pub department: u32,
    /// Two women or two men.
    pub gender: u32,
}

impl Default for Weights {
    /// Meeting again is worse than sharing a municipality and a department at once would be alone,
    /// and genders decide between what is equal in that.
    fn default() -> Self {
        Self {
            met_before: 20,
            municipality: 10,
            department: 10,
            gender: 3,
        }
    }
}

/// Two people, the smaller id first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair(PersonId, PersonId);

impl Pair {
    /// The pair of two people, whoever is named first.
    pub fn of(one: PersonId, other: PersonId) -> Self {
        if other < one {
            Self(other, one)
        } else {
            Self(one, other)
        }
    }

    /// The two.
    pub const fn people(self) -> [PersonId; 2] {
        [self.0, self.1]
    }
}

/// Somebody who gets a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// The person.
    pub person: PersonId,
    /// The municipality, if known.
    pub municipality: Option<OrganisationId>,
    /// The department, if known.
    pub department: Option<DepartmentId>,
    /// The gender as the person states it.
    pub gender: Gender,
}

/// What is to be composed, under which conditions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Everybody who gets a group; whoever is listed twice counts once.
    pub members: Vec<Member>,
    /// Whose manager is who, people included who take no part: lines are followed all the way up.
    pub managers: BTreeMap<PersonId, PersonId>,
    /// How many times two people were in one group before.
    pub met: BTreeMap<Pair, u32>,
    /// Pairs that the coordinator keeps apart.
    pub apart: BTreeSet<Pair>,
    /// Who stays in which group, from 0.
    pub locks: BTreeMap<PersonId, usize>,
    /// Number of groups, at least one.
    pub groups: usize,
    /// What a pair costs.
    pub weights: Weights,
    /// Tasks that differ in this alone may get other groups that are about as good.
    pub seed: u64,
}

/// Groups, with their score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composition {
    /// The groups, each sorted by id. Groups in which somebody is locked have the place that the
    /// lock names; the others follow by their first member.
    pub groups: Vec<Vec<PersonId>>,
    /// How good they are.
    pub score: Score,
    /// What [`inputs_hash`] says of the task.
    pub inputs_hash: [u8; 32],
}

/// Groups as they stand, judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// How good they are.
    pub score: Score,
    /// What is not as it should be, and why; group by group.
    pub findings: Vec<Finding>,
}

/// Composes groups; the module's page says by what rules.
pub fn compose(task: &Task) -> Composition {
    let ground = Ground::new(task);
    let shape = Shape::new(&ground);
    let table = Table::new(&ground, &shape);
    let least = score::bound(&ground, &table, &shape);
    let found = search::search(&table, &shape, least, task);
    let (found, proven) = exact::improve(&table, &shape, found, least);
    let groups = in_canonical_order(&ground, &shape, &found);
    let mut score = score::score(&ground, &table, &shape, &groups);
    score.optimal |= proven;
    Composition {
        groups: ground.people(&groups),
        score,
        inputs_hash: inputs_hash(task),
    }
}

/// Judges groups that somebody has changed by hand. People who are not in the task are left out;
/// `proven` says whether these very groups are known to be the best.
pub fn judge(task: &Task, groups: &[Vec<PersonId>], proven: bool) -> Judgement {
    let ground = Ground::new(task);
    let shape = Shape::new(&ground);
    let table = Table::new(&ground, &shape);
    let groups = ground.numbers(groups);
    let mut score = score::score(&ground, &table, &shape, &groups);
    score.optimal |= proven;
    let findings = findings::find(&ground, &shape, &groups, score.optimal);
    Judgement { score, findings }
}

/// Names of groups without a lock mean nothing: equal divisions shall look equal.
fn in_canonical_order(ground: &Ground, shape: &Shape, found: &[usize]) -> Vec<Vec<usize>> {
    let mut groups = vec![Vec::new(); shape.groups()];
    for (person, &group) in found.iter().enumerate().take(ground.len()) {
        if let Some(group) = groups.get_mut(group) {
            group.push(person);
        }
    }
    let is_named = |group: usize| shape.locked.get(group).is_some_and(|&locked| locked > 0);
    let (named, mut others): (Vec<_>, Vec<_>) = groups
        .into_iter()
        .enumerate()
        .partition(|&(group, _)| is_named(group));
    // The empty ones, where there are more groups than people, come last.
    others.sort_by_key(|(_, people)| people.first().copied().unwrap_or(usize::MAX));
    let (mut named, mut others) = (named.into_iter().peekable(), others.into_iter());
    (0..shape.groups())
        .filter_map(|place| {
            named
                .next_if(|&(group, _)| group == place)
                .or_else(|| others.next())
        })
        .map(|(_, people)| people)
        .collect()
}
