//! The best swap, again and again: who leaves and who comes so that the balance gets nearer at the
//! least loss.
//!
//! Only one side ever leaves and only others come, so of the people of one rank and municipality
//! those who may leave go from the worst upwards and those who may come from the best downwards:
//! both lists only get shorter. A step looks at the ends of the lists and not at the people.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use shared_types::OrganisationId;

use super::Candidate;
use super::balance::{Balance, Side};
use super::objective::{Frame, Person, Selection};

/// Two people, by their places in the selection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Swap {
    pub leaving: usize,
    pub coming: usize,
}

/// Everybody who may still be swapped.
#[derive(Debug)]
pub(super) struct Swaps {
    /// By rank, where ranks count, then by municipality.
    groups: Vec<Group>,
    homes: Vec<Home>,
}

/// People of one municipality, and in mode tie-break of one rank.
#[derive(Debug)]
struct Group {
    rank_key: u64,
    home: usize,
    /// In order of merit: the last leaves first.
    leaving: Vec<usize>,
    /// Against the order of merit: the last comes first.
    coming: Vec<usize>,
}

/// What a municipality has and may have.
#[derive(Debug)]
struct Home {
    admitted: u32,
    at_least: u32,
    at_most: u32,
}

impl Home {
    fn can_lose(&self) -> bool {
        self.admitted > self.at_least
    }

    fn can_gain(&self) -> bool {
        self.admitted < self.at_most
    }
}

impl Swaps {
    /// All swaps that take one from the overfull side.
    pub(super) fn new(frame: &Frame, selection: &Selection, overfull: Side) -> Self {
        let mut homes = Vec::with_capacity(frame.municipalities.len());
        let mut home_of: BTreeMap<OrganisationId, usize> = BTreeMap::new();
        for (&id, bounds) in &frame.municipalities {
            home_of.insert(id, homes.len());
            homes.push(Home {
                admitted: selection.admitted_of(id),
                at_least: bounds.at_least,
                at_most: bounds.at_most,
            });
        }
        let mut groups: BTreeMap<(u64, usize), Group> = BTreeMap::new();
        for (place, person) in selection.people().enumerate() {
            let candidate = person.candidate;
            let on_side = Side::of(candidate.gender) == Some(overfull);
            let Some(&home) = home_of.get(&candidate.municipality) else {
                continue;
            };
            if on_side != person.admitted {
                continue;
            }
            // Tie-break comes after ranks: it may not change the profile, so only equals swap.
            let rank_key = match frame.rules.balance {
                Balance::TieBreak => candidate.rank_key(),
                Balance::Off | Balance::Target { .. } => 0,
            };
            let group = groups.entry((rank_key, home)).or_insert_with(|| Group {
                rank_key,
                home,
                leaving: Vec::new(),
                coming: Vec::new(),
            });
            let list = if on_side {
                &mut group.leaving
            } else {
                &mut group.coming
            };
            list.push(place);
        }
        let mut groups: Vec<Group> = groups.into_values().collect();
        for group in &mut groups {
            group.coming.reverse();
        }
        Self { groups, homes }
    }

    /// Takes out the swap of the least loss; `None` when the floors, ceilings and (in mode
    /// tie-break) ranks leave nobody to swap.
    pub(super) fn take_best(&mut self, people: &[Person]) -> Option<Swap> {
        let mut best: Option<(Swap, (usize, usize))> = None;
        for run in self.groups_by_rank() {
            let (mut leaving, mut coming) = (None, None);
            for (number, group, home) in run {
                let (last, first) = (group.leaving.last(), group.coming.last());
                if let (Some(&last), Some(&first)) = (last, first) {
                    consider(&mut best, people, (last, number), (first, number));
                }
                if let Some(&last) = last.filter(|_| home.can_lose()) {
                    leaving = leaving.max(Some((last, number)));
                }
                if let Some(&first) = first.filter(|_| home.can_gain()) {
                    coming = Some(coming.map_or((first, number), |known: (usize, usize)| {
                        known.min((first, number))
                    }));
                }
            }
            if let (Some(leaving), Some(coming)) = (leaving, coming) {
                consider(&mut best, people, leaving, coming);
            }
        }
        let (swap, (from, to)) = best?;
        self.leave(from);
        self.come(to);
        Some(swap)
    }

    /// Groups with their numbers and municipalities, those of one rank together.
    fn groups_by_rank(&self) -> impl Iterator<Item = impl Iterator<Item = (usize, &Group, &Home)>> {
        let mut start = 0;
        self.groups
            .chunk_by(|one, other| one.rank_key == other.rank_key)
            .map(move |run| {
                let first = start;
                start += run.len();
                run.iter().zip(first..).filter_map(|(group, number)| {
                    Some((number, group, self.homes.get(group.home)?))
                })
            })
    }

    fn leave(&mut self, number: usize) {
        if let Some(group) = self.groups.get_mut(number) {
            group.leaving.pop();
            if let Some(home) = self.homes.get_mut(group.home) {
                home.admitted -= 1;
            }
        }
    }

    fn come(&mut self, number: usize) {
        if let Some(group) = self.groups.get_mut(number) {
            group.coming.pop();
            if let Some(home) = self.homes.get_mut(group.home) {
                home.admitted += 1;
            }
        }
    }
}

/// Keeps the better swap, with the groups that its two are of.
fn consider(
    best: &mut Option<(Swap, (usize, usize))>,
    people: &[Person],
    (leaving, from): (usize, usize),
    (coming, to): (usize, usize),
) {
    let swap = Swap { leaving, coming };
    let is_better = best.is_none_or(|(known, _)| swap.compare(&known, people) == Ordering::Less);
    if is_better {
        *best = Some((swap, (from, to)));
    }
}

impl Swap {
    /// Orders swaps from the same selection by what they make of it, the best first.
    fn compare(&self, other: &Self, people: &[Person]) -> Ordering {
        let at = |place: usize| people.get(place).map(|person| person.candidate);
        let (Some(coming), Some(leaving)) = (at(self.coming), at(self.leaving)) else {
            return Ordering::Equal;
        };
        let (Some(their_coming), Some(their_leaving)) = (at(other.coming), at(other.leaving))
        else {
            return Ordering::Equal;
        };
        let (this, that) = ((coming, their_leaving), (their_coming, leaving));
        compare_by(this, that, Candidate::rank_key)
            .then_with(|| compare_by(this, that, |candidate| candidate.submitted_at))
            .then_with(|| compare_by(this, that, |candidate| candidate.id))
    }
}

/// `S − a + b` is better than `S − c + d` exactly when `{b, c}` is better than `{d, a}`: adding
/// the same people to both sides of a comparison of profiles does not change it.
fn compare_by<K: Ord>(
    this: (&Candidate, &Candidate),
    that: (&Candidate, &Candidate),
    key: impl Fn(&Candidate) -> K,
) -> Ordering {
    let mut this = [key(this.0), key(this.1)];
    let mut that = [key(that.0), key(that.1)];
    this.sort();
    that.sort();
    this.cmp(&that)
}
