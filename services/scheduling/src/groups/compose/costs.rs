//! What every pair has in common, and what it costs in one group.
#![expect(
    clippy::indexing_slicing,
    reason = "people are numbered here, and every index is such a number"
)]

use super::{LARGEST_WEIGHT, Member, Task, shape::Shape};
use shared_types::{Gender, PersonId};
use std::collections::{BTreeMap, BTreeSet};

/// What one pair kept apart by a hard rule costs: more than all penalties that
/// [`super::MOST_PEOPLE`] can have together.
pub(super) const HARD: i64 = 10_000_000_000;

/// What two vacancies in one group cost, which would make sizes uneven: more than all hard rules.
pub(super) const UNEVEN: i64 = 10_000_000_000_000_000;

/// Meetings of two people that count; more of them change nothing.
const MOST_MEETINGS: u32 = 20;

/// What two people have in common.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Facts {
    pub line: bool,
    pub apart: bool,
    pub met: u32,
    pub municipality: bool,
    pub department: bool,
    pub gender: bool,
}

impl Facts {
    /// Whether a hard rule keeps the two apart.
    pub(super) const fn is_hard(self) -> bool {
        self.line || self.apart
    }
}

/// The people of a task by number, in the order of their ids.
pub(super) struct Ground<'a> {
    pub task: &'a Task,
    pub members: Vec<&'a Member>,
    facts: Vec<Facts>,
}

impl<'a> Ground<'a> {
    pub(super) fn new(task: &'a Task) -> Self {
        let people: BTreeMap<PersonId, &Member> = task
            .members
            .iter()
            .map(|member| (member.person, member))
            .collect();
        let members: Vec<&Member> = people.into_values().collect();
        let mut ground = Self {
            facts: vec![Facts::default(); members.len() * members.len()],
            members,
            task,
        };
        ground.note_what_members_share();
        ground.note_lines();
        ground.note_pairs();
        ground
    }

    pub(super) fn len(&self) -> usize {
        self.members.len()
    }

    pub(super) fn facts(&self, one: usize, other: usize) -> Facts {
        self.facts[one * self.members.len() + other]
    }

    pub(super) fn number(&self, person: PersonId) -> Option<usize> {
        self.members
            .binary_search_by_key(&person, |member| member.person)
            .ok()
    }

    /// Groups of numbers as groups of people.
    pub(super) fn people(&self, groups: &[Vec<usize>]) -> Vec<Vec<PersonId>> {
        let name = |&one: &usize| self.members[one].person;
        groups
            .iter()
            .map(|group| group.iter().map(name).collect())
            .collect()
    }

    /// Groups of people as groups of numbers; who is unknown is left out.
    pub(super) fn numbers(&self, groups: &[Vec<PersonId>]) -> Vec<Vec<usize>> {
        groups
            .iter()
            .map(|group| group.iter().filter_map(|&one| self.number(one)).collect())
            .collect()
    }

    /// Everybody above somebody, up to where the line ends or comes back to itself.
    pub(super) fn superiors(&self, person: PersonId) -> BTreeSet<PersonId> {
        let mut above = BTreeSet::new();
        let mut at = person;
        while let Some(&manager) = self.task.managers.get(&at) {
            if manager == person || !above.insert(manager) {
                break;
            }
            at = manager;
        }
        above
    }

    fn note(&mut self, one: usize, other: usize, mut note: impl FnMut(&mut Facts)) {
        let people = self.members.len();
        note(&mut self.facts[one * people + other]);
        note(&mut self.facts[other * people + one]);
    }

    fn note_what_members_share(&mut self) {
        let same_gender =
            |one: Gender, other: Gender| one == other && matches!(one, Gender::Woman | Gender::Man);
        for one in 0..self.len() {
            for other in 0..one {
                let (a, b) = (self.members[one], self.members[other]);
                let municipality = a.municipality.is_some() && a.municipality == b.municipality;
                let department = a.department.is_some() && a.department == b.department;
                let gender = same_gender(a.gender, b.gender);
                self.note(one, other, |facts| {
                    facts.municipality = municipality;
                    facts.department = department;
                    facts.gender = gender;
                });
            }
        }
    }

    fn note_lines(&mut self) {
        for junior in 0..self.len() {
            for superior in self.superiors(self.members[junior].person) {
                if let Some(senior) = self.number(superior) {
                    self.note(junior, senior, |facts| facts.line = true);
                }
            }
        }
    }

    fn note_pairs(&mut self) {
        let task = self.task;
        for (&pair, &times) in &task.met {
            let [one, other] = pair.people().map(|person| self.number(person));
            if let (Some(one), Some(other)) = (one, other) {
                self.note(one, other, |facts| facts.met = times.min(MOST_MEETINGS));
            }
        }
        for &pair in &task.apart {
            let [one, other] = pair.people().map(|person| self.number(person));
            if let (Some(one), Some(other)) = (one, other)
                && one != other
            {
                self.note(one, other, |facts| facts.apart = true);
            }
        }
    }
}

/// Costs of all pairs of points: first the people, then the vacancies.
pub(super) struct Table {
    pub people: usize,
    pub points: usize,
    costs: Vec<i64>,
}

impl Table {
    pub(super) fn new(ground: &Ground, shape: &Shape) -> Self {
        let (people, points) = (ground.len(), ground.len() + shape.vacancies);
        let mut costs = vec![0; points * points];
        for one in 0..points {
            for other in 0..points {
                let (vacant, filled) = (one.min(other) >= people, one.max(other) < people);
                if one == other {
                    continue;
                }
                if filled {
                    costs[one * points + other] = cost(ground, one, other);
                } else if vacant {
                    costs[one * points + other] = UNEVEN;
                }
            }
        }
        Self {
            people,
            points,
            costs,
        }
    }

    pub(super) fn between(&self, one: usize, other: usize) -> i64 {
        self.costs[one * self.points + other]
    }

    /// Costs of one point with every point.
    pub(super) fn row(&self, point: usize) -> &[i64] {
        &self.costs[point * self.points..(point + 1) * self.points]
    }
}

fn cost(ground: &Ground, one: usize, other: usize) -> i64 {
    let (facts, weights) = (ground.facts(one, other), ground.task.weights);
    let weight = |weight: u32| i64::from(weight.min(LARGEST_WEIGHT));
    let when = |holds: bool, cost: i64| if holds { cost } else { 0 };
    when(facts.is_hard(), HARD)
        + weight(weights.met_before) * i64::from(facts.met)
        + when(facts.municipality, weight(weights.municipality))
        + when(facts.department, weight(weights.department))
        + when(facts.gender, weight(weights.gender))
}
