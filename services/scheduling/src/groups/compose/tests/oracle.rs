//! The slow truth: every division of a small task, by plain recursion over plain values.

use super::super::*;

/// The fewest broken hard rules of all divisions with the most even sizes, and the lowest penalty
/// among the divisions that break as few. Shares nothing with the search but the task.
pub(super) fn best(task: &Task) -> (u32, i64) {
    let mut groups = vec![Vec::new(); task.groups];
    for (&person, &group) in &task.locks {
        groups[group].push(find(task, person));
    }
    let waiting: Vec<&Member> = task
        .members
        .iter()
        .filter(|member| !task.locks.contains_key(&member.person))
        .collect();
    let mut oracle = Oracle { task, best: None };
    oracle.go(&waiting, &mut groups);
    let (_, broken, penalty) = oracle.best.unwrap();
    (broken, penalty)
}

fn find(task: &Task, person: PersonId) -> &Member {
    task.members
        .iter()
        .find(|one| one.person == person)
        .unwrap()
}

struct Oracle<'a> {
    task: &'a Task,
    /// Sum of squared sizes, broken rules, penalty.
    best: Option<(usize, u32, i64)>,
}

impl<'a> Oracle<'a> {
    fn go(&mut self, waiting: &[&'a Member], groups: &mut Vec<Vec<&'a Member>>) {
        let Some((&next, rest)) = waiting.split_first() else {
            let squares = groups.iter().map(|group| group.len() * group.len()).sum();
            let (mut broken, mut penalty) = (0, 0);
            for group in groups.iter() {
                for (place, &one) in group.iter().enumerate() {
                    for &other in &group[..place] {
                        broken += u32::from(self.is_hard(one, other));
                        penalty += self.cost(one, other);
                    }
                }
            }
            let found = (squares, broken, penalty);
            self.best = Some(self.best.map_or(found, |best| best.min(found)));
            return;
        };
        let mut tried_an_empty_one = false;
        for group in 0..groups.len() {
            // Of empty groups, one stands for all.
            let is_empty = groups[group].is_empty();
            if is_empty && tried_an_empty_one {
                continue;
            }
            tried_an_empty_one |= is_empty;
            groups[group].push(next);
            self.go(rest, groups);
            groups[group].pop();
        }
    }

    fn is_hard(&self, one: &Member, other: &Member) -> bool {
        self.leads(one, other)
            || self.leads(other, one)
            || self
                .task
                .apart
                .contains(&Pair::of(one.person, other.person))
    }

    fn leads(&self, senior: &Member, junior: &Member) -> bool {
        let mut at = junior.person;
        for _ in 0..self.task.managers.len() {
            match self.task.managers.get(&at) {
                Some(&manager) if manager == senior.person => return true,
                Some(&manager) => at = manager,
                None => return false,
            }
        }
        false
    }

    fn cost(&self, one: &Member, other: &Member) -> i64 {
        let weights = self.task.weights;
        let same = |holds: bool, weight: u32| if holds { i64::from(weight) } else { 0 };
        let pair = Pair::of(one.person, other.person);
        let met = self.task.met.get(&pair).copied().unwrap_or(0);
        let stated = [Gender::Woman, Gender::Man].contains(&one.gender);
        i64::from(met * weights.met_before)
            + same(
                one.municipality.is_some() && one.municipality == other.municipality,
                weights.municipality,
            )
            + same(
                one.department.is_some() && one.department == other.department,
                weights.department,
            )
            + same(stated && one.gender == other.gender, weights.gender)
    }
}
