//! A question with everything by place, and a plan that keeps count of itself.

use super::{Cost, Person, ROUNDS_MOST, Round};
use shared_types::{DepartmentId, PersonId, RoundId};
use std::collections::{BTreeMap, HashMap};

/// Everything about somebody that a plan looks at.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) id: PersonId,
    pub(super) department: Option<usize>,
    /// Rounds that they could be in, as bits.
    pub(super) rounds: u128,
    /// Rounds that they are not away from, locked or not.
    pub(super) free_rounds: u128,
    /// Whether they had a round before, in this plan or not any more.
    pub(super) had_one: bool,
    /// The round that they had before, if it is in the plan.
    pub(super) before: Option<usize>,
    pub(super) is_locked: bool,
    /// Their leader and those whom they lead, as far as they take part.
    pub(super) apart_from: Vec<usize>,
}

/// The question by places, in the order of ids.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) members: Vec<Member>,
    pub(super) rounds: Vec<RoundId>,
    pub(super) capacities: Vec<i32>,
    pub(super) departments_count: usize,
}

impl Frame {
    pub(super) fn of(people: &[Person], rounds: &[Round]) -> Self {
        let rounds: BTreeMap<RoundId, &Round> = rounds.iter().map(|one| (one.id, one)).collect();
        let rounds: Vec<&Round> = rounds.into_values().take(ROUNDS_MOST).collect();
        let people: BTreeMap<PersonId, &Person> = people.iter().map(|one| (one.id, one)).collect();
        let places: HashMap<PersonId, usize> = people.keys().copied().zip(0..).collect();
        let mut departments: BTreeMap<DepartmentId, usize> = people
            .values()
            .filter_map(|one| Some((one.department?, 0)))
            .collect();
        for (place, department) in departments.values_mut().enumerate() {
            *department = place;
        }
        let mut members: Vec<Member> = people
            .values()
            .map(|person| member(person, &rounds, &departments))
            .collect();
        for (place, person) in people.values().enumerate() {
            let leader = person
                .leader
                .and_then(|leader| places.get(&leader).copied());
            for (one, other) in leader
                .filter(|leader| *leader != place)
                .into_iter()
                .flat_map(|leader| [(place, leader), (leader, place)])
            {
                if let Some(member) = members.get_mut(one)
                    && !member.apart_from.contains(&other)
                {
                    member.apart_from.push(other);
                }
            }
        }
        Self {
            members,
            capacities: rounds
                .iter()
                .map(|one| i32::try_from(one.capacity).unwrap_or(i32::MAX))
                .collect(),
            departments_count: departments.len(),
            rounds: rounds.iter().map(|one| one.id).collect(),
        }
    }

    pub(super) fn member(&self, person: usize) -> Option<&Member> {
        self.members.get(person)
    }

    pub(super) fn capacity(&self, round: usize) -> i32 {
        self.capacities.get(round).copied().unwrap_or(0)
    }

    /// What it costs that somebody is in a round, or in none, whoever else is there.
    pub(super) fn own_cost(&self, person: usize, round: Option<usize>) -> Cost {
        let Some(member) = self.member(person) else {
            return Cost::default();
        };
        Cost {
            unplaced: i32::from(round.is_none()),
            moved: i32::from(member.had_one && (round.is_none() || round != member.before)),
            ..Cost::default()
        }
    }
}

/// Rounds of a word, in order.
pub(super) fn bits(mut word: u128) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = word.trailing_zeros();
        (word != 0).then(|| {
            word &= word - 1;
            place as usize
        })
    })
}

fn member(
    person: &Person,
    rounds: &[&Round],
    departments: &BTreeMap<DepartmentId, usize>,
) -> Member {
    let is_away = |round: &Round| {
        let mut pairs = person
            .away
            .iter()
            .flat_map(|away| round.meets.iter().map(move |meets| (away, meets)));
        pairs.any(|(away, meets)| away.from <= meets.to && meets.from <= away.to)
    };
    let before = person.before;
    let before = before.and_then(|id| rounds.iter().position(|round| round.id == id));
    let free_rounds = rounds
        .iter()
        .enumerate()
        .fold(0u128, |word, (place, round)| {
            word | u128::from(!is_away(round)) << place
        });
    let is_locked = person.is_locked && before.is_some();
    let rounds = match before {
        // A lock is kept whatever the person's calendar says: somebody has decided so.
        Some(before) if is_locked => 1 << before,
        _ => free_rounds,
    };
    Member {
        id: person.id,
        department: person
            .department
            .and_then(|id| departments.get(&id).copied()),
        rounds,
        free_rounds,
        had_one: person.before.is_some(),
        before,
        is_locked,
        apart_from: Vec::new(),
    }
}

/// Who is in which round, with the counts from which its cost follows.
#[derive(Clone, Debug)]
pub(super) struct Plan<'a> {
    frame: &'a Frame,
    places: Vec<Option<usize>>,
    sizes: Vec<i32>,
    /// By department, then round.
    counts: Vec<i32>,
    cost: Cost,
    /// Pairs of a leader and somebody they lead, in one round.
    conflicts: i32,
}

impl<'a> Plan<'a> {
    /// Nobody has a round.
    pub(super) fn empty(frame: &'a Frame) -> Self {
        let none = (0..frame.members.len()).map(|person| frame.own_cost(person, None));
        Self {
            frame,
            places: vec![None; frame.members.len()],
            sizes: vec![0; frame.rounds.len()],
            counts: vec![0; frame.departments_count * frame.rounds.len()],
            cost: none.fold(Cost::default(), |sum, cost| sum + cost),
            conflicts: 0,
        }
    }

    pub(super) fn cost(&self) -> Cost {
        self.cost
    }

    #[cfg(test)]
    pub(super) fn conflicts(&self) -> i32 {
        self.conflicts
    }

    pub(super) fn place(&self, person: usize) -> Option<usize> {
        self.places.get(person).copied().flatten()
    }

    pub(super) fn places(&self) -> &[Option<usize>] {
        &self.places
    }

    pub(super) fn size(&self, round: usize) -> i32 {
        self.sizes.get(round).copied().unwrap_or(0)
    }

    pub(super) fn has_room(&self, round: usize) -> bool {
        self.size(round) < self.frame.capacity(round)
    }

    /// People of somebody's department in a round; nobody where they have none.
    pub(super) fn colleagues(&self, person: usize, round: usize) -> i32 {
        let department = self
            .frame
            .member(person)
            .and_then(|member| member.department);
        let count = department.map(|one| one * self.frame.rounds.len() + round);
        count
            .and_then(|place| self.counts.get(place).copied())
            .unwrap_or(0)
    }

    /// Those in a round from whom somebody has to be apart.
    pub(super) fn conflicts_in(&self, person: usize, round: usize) -> i32 {
        let apart = self
            .frame
            .member(person)
            .into_iter()
            .flat_map(|one| &one.apart_from);
        let here = apart.filter(|other| self.place(**other) == Some(round));
        i32::try_from(here.count()).unwrap_or(i32::MAX)
    }

    /// What changes if somebody goes to another round, or to none: conflicts, then cost.
    pub(super) fn change(&self, person: usize, to: Option<usize>) -> (i32, Cost) {
        let from = self.place(person);
        if from == to {
            return (0, Cost::default());
        }
        let mut cost = self.frame.own_cost(person, to) - self.frame.own_cost(person, from);
        let mut conflicts = 0;
        let has_department = self
            .frame
            .member(person)
            .is_some_and(|one| one.department.is_some());
        if let Some(from) = from {
            cost.together -= self.colleagues(person, from) - i32::from(has_department);
            cost.uneven -= self.size(from) - 1;
            conflicts -= self.conflicts_in(person, from);
        }
        if let Some(to) = to {
            cost.together += self.colleagues(person, to);
            cost.uneven += self.size(to);
            conflicts += self.conflicts_in(person, to);
        }
        (conflicts, cost)
    }

    /// Lets somebody go to another round, or to none.
    pub(super) fn go(&mut self, person: usize, to: Option<usize>) {
        let (conflicts, cost) = self.change(person, to);
        let from = self.place(person);
        self.count(person, from, -1);
        self.count(person, to, 1);
        self.conflicts += conflicts;
        self.cost = self.cost + cost;
        if let Some(place) = self.places.get_mut(person) {
            *place = to;
        }
    }

    fn count(&mut self, person: usize, round: Option<usize>, by: i32) {
        let Some(round) = round else { return };
        if let Some(size) = self.sizes.get_mut(round) {
            *size += by;
        }
        let department = self
            .frame
            .member(person)
            .and_then(|member| member.department);
        let count = department.map(|one| one * self.frame.rounds.len() + round);
        if let Some(count) = count.and_then(|place| self.counts.get_mut(place)) {
            *count += by;
        }
    }
}
