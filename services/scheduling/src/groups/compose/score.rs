//! How good groups are, aspect by aspect, and how good they could be at most.

use super::{
    Weights,
    costs::{Facts, Ground, HARD, Table},
    shape::Shape,
};
use shared_types::Gender;
use std::collections::BTreeMap;

/// What a pair can have in common that costs something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    /// Earlier meetings.
    MetBefore,
    /// The municipality.
    Municipality,
    /// The department.
    Department,
    /// Both women, or both men.
    Gender,
}

impl Aspect {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::MetBefore,
        Self::Municipality,
        Self::Department,
        Self::Gender,
    ];

    /// The stable name, in snake case.
    pub const fn code(self) -> &'static str {
        match self {
            Self::MetBefore => "met_before",
            Self::Municipality => "same_municipality",
            Self::Department => "same_department",
            Self::Gender => "same_gender",
        }
    }

    const fn weight(self, weights: Weights) -> u32 {
        match self {
            Self::MetBefore => weights.met_before,
            Self::Municipality => weights.municipality,
            Self::Department => weights.department,
            Self::Gender => weights.gender,
        }
    }

    const fn count(self, facts: Facts) -> u32 {
        match self {
            Self::MetBefore => facts.met,
            Self::Municipality => facts.municipality as u32,
            Self::Department => facts.department as u32,
            Self::Gender => facts.gender as u32,
        }
    }
}

/// One aspect of a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The aspect.
    pub aspect: Aspect,
    /// Pairs in one group that have it in common; for earlier meetings, the meetings of them all.
    pub count: u32,
    /// No division into groups of these sizes has fewer.
    pub least: u32,
    /// What one of them costs.
    pub weight: u32,
}

/// How good groups are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// Pairs in one group that a hard rule keeps apart.
    pub broken: u32,
    /// No division has fewer of them.
    pub least_broken: u32,
    /// The size of the largest group less that of the smallest, beyond what cannot be helped.
    pub unevenness: u32,
    /// The aspects, each once.
    pub parts: Vec<Part>,
    /// What all pairs cost together, hard rules apart: the lower, the better.
    pub penalty: i64,
    /// No division that breaks no more hard rules has a lower penalty.
    pub least: i64,
    /// Whether it is proven that no division is better.
    pub optimal: bool,
}

/// Scores groups of numbers.
pub(super) fn score(ground: &Ground, table: &Table, shape: &Shape, groups: &[Vec<usize>]) -> Score {
    let facts: Vec<Facts> = groups
        .iter()
        .flat_map(|group| pairs(group))
        .map(|(one, other)| ground.facts(one, other))
        .collect();
    let least_broken = least_broken(ground, shape);
    let parts: Vec<Part> = Aspect::ALL
        .into_iter()
        .map(|aspect| Part {
            aspect,
            count: facts.iter().map(|&facts| aspect.count(facts)).sum(),
            least: least_of(aspect, ground, shape),
            weight: aspect
                .weight(ground.task.weights)
                .min(super::LARGEST_WEIGHT),
        })
        .collect();
    let cost = |part: &Part, count: u32| i64::from(part.weight) * i64::from(count);
    let penalty = parts.iter().map(|part| cost(part, part.count)).sum();
    let broken = facts.iter().filter(|facts| facts.is_hard()).count();
    let broken = u32::try_from(broken).unwrap_or(u32::MAX);
    let unevenness = unevenness(shape, groups);
    let bound = bound(ground, table, shape);
    Score {
        least: parts.iter().map(|part| cost(part, part.least)).sum::<i64>(),
        optimal: unevenness == 0 && i64::from(broken) * HARD + penalty <= bound,
        broken,
        least_broken,
        unevenness,
        parts,
        penalty,
    }
}

/// A bound on the costs of all pairs in one group, hard rules included: either from the aspects
/// one by one, or from the people one by one.
pub(super) fn bound(ground: &Ground, table: &Table, shape: &Shape) -> i64 {
    let weights = ground.task.weights;
    let aspects: i64 = Aspect::ALL
        .into_iter()
        .map(|aspect| {
            let weight = aspect.weight(weights).min(super::LARGEST_WEIGHT);
            i64::from(weight) * i64::from(least_of(aspect, ground, shape))
        })
        .sum();
    let aspects = i64::from(least_broken(ground, shape)) * HARD + aspects;
    let people = by_people(ground, shape, |one, other| table.between(one, other));
    aspects.max(people)
}

fn least_broken(ground: &Ground, shape: &Shape) -> u32 {
    let hard = |one, other| i64::from(ground.facts(one, other).is_hard());
    let locked: i64 = locked_pairs(shape)
        .map(|(one, other)| hard(one, other))
        .sum();
    u32::try_from(by_people(ground, shape, hard).max(locked)).unwrap_or(u32::MAX)
}

/// Pairs that the locks put into one group.
fn locked_pairs(shape: &Shape) -> impl Iterator<Item = (usize, usize)> {
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (person, group) in shape.lock_of.iter().enumerate() {
        if let Some(group) = group {
            groups.entry(*group).or_default().push(person);
        }
    }
    groups
        .into_values()
        .flat_map(|people| pairs(&people).collect::<Vec<_>>())
}

/// Everybody has at least `level - 1` others in the group, and pays at least for the cheapest; each
/// pair is paid for twice.
fn by_people(ground: &Ground, shape: &Shape, cost: impl Fn(usize, usize) -> i64) -> i64 {
    let others = shape.level.saturating_sub(1);
    let twice: i64 = (0..ground.len())
        .map(|one| {
            let mut costs: Vec<i64> = (0..ground.len())
                .filter(|&other| other != one)
                .map(|other| cost(one, other))
                .collect();
            costs.sort_unstable();
            costs.iter().take(others).sum::<i64>()
        })
        .sum();
    (twice + 1) / 2
}

fn least_of(aspect: Aspect, ground: &Ground, shape: &Shape) -> u32 {
    match aspect {
        Aspect::MetBefore => {
            let met = |one, other| i64::from(ground.facts(one, other).met);
            u32::try_from(by_people(ground, shape, met)).unwrap_or(u32::MAX)
        }
        Aspect::Municipality => spread(shape, ground.members.iter().map(|one| one.municipality)),
        Aspect::Department => spread(shape, ground.members.iter().map(|one| one.department)),
        Aspect::Gender => spread(shape, ground.members.iter().map(|one| stated(one.gender))),
    }
}

/// The gender that counts, for those who state one of the two.
pub(super) const fn stated(gender: Gender) -> Option<Gender> {
    match gender {
        Gender::Woman | Gender::Man => Some(gender),
        Gender::Other | Gender::Undisclosed => None,
    }
}

/// Pairs of one kind in one group when each kind is spread as evenly as can be.
fn spread<K: Ord>(shape: &Shape, kinds: impl Iterator<Item = Option<K>>) -> u32 {
    let mut counts: BTreeMap<K, usize> = BTreeMap::new();
    for kind in kinds.flatten() {
        *counts.entry(kind).or_default() += 1;
    }
    let groups = shape.groups();
    let pairs = |people: usize| people * people.saturating_sub(1) / 2;
    let least = counts.into_values().map(|count| {
        let (each, more) = (count / groups, count % groups);
        (groups - more) * pairs(each) + more * pairs(each + 1)
    });
    u32::try_from(least.sum::<usize>()).unwrap_or(u32::MAX)
}

/// Every two of a group.
pub(super) fn pairs(group: &[usize]) -> impl Iterator<Item = (usize, usize)> {
    group.iter().enumerate().flat_map(|(place, &one)| {
        let later = group.iter().skip(place + 1);
        later.map(move |&other| (one, other))
    })
}

/// Groups that the locks make larger are no fault; everything else is.
fn unevenness(shape: &Shape, groups: &[Vec<usize>]) -> u32 {
    let excess = |(group, people): (usize, &Vec<usize>)| {
        let locked = shape.locked.get(group).copied().unwrap_or(0);
        let most = shape.most().max(locked);
        people.len().saturating_sub(most)
    };
    let above = groups.iter().enumerate().map(excess).max().unwrap_or(0);
    let smallest = groups.iter().map(Vec::len).min().unwrap_or(0);
    u32::try_from(above + shape.level.saturating_sub(smallest)).unwrap_or(u32::MAX)
}
