//! The best selection: bounds per municipality, the greedy start, and the swaps for balance.

use std::collections::BTreeMap;

use shared_types::OrganisationId;

use super::balance::BalanceCount;
use super::swaps::{Swap, Swaps};
use super::{Candidate, Rules, Taken};

/// What the rules and the seats already taken mean for one municipality.
#[derive(Clone, Copy, Debug)]
pub(super) struct Municipality {
    pub floor: u32,
    pub ceiling: Option<u32>,
    pub taken: u32,
    pub candidates: u32,
    /// The fewest it gets in every selection that is optimal in seats and floors.
    pub at_least: u32,
    /// The most it gets in every selection that is optimal in seats and floors.
    pub at_most: u32,
}

impl Municipality {
    fn new(rules: &Rules, id: OrganisationId) -> Self {
        Self {
            floor: rules.floor_of(id),
            ceiling: rules.ceiling_of(id),
            taken: 0,
            candidates: 0,
            at_least: 0,
            at_most: 0,
        }
    }

    /// How many of its candidates the ceiling leaves room for.
    fn room(&self) -> u32 {
        let below_ceiling = self
            .ceiling
            .map(|ceiling| ceiling.saturating_sub(self.taken));
        below_ceiling.map_or(self.candidates, |room| room.min(self.candidates))
    }

    /// How many of its candidates would bring it nearer to its floor.
    pub(super) fn usable_floor(&self) -> u32 {
        self.floor.saturating_sub(self.taken).min(self.room())
    }

    pub(super) fn is_full(&self, admitted: u32) -> bool {
        self.ceiling
            .is_some_and(|ceiling| self.taken + admitted >= ceiling)
    }
}

/// The room for selections that are optimal in seats and floors: the bases of the matroid.
#[derive(Debug)]
pub(super) struct Frame<'a> {
    pub rules: &'a Rules,
    /// Those with a candidate, a taken seat or a floor of their own.
    pub municipalities: BTreeMap<OrganisationId, Municipality>,
    /// The seats that every selection fills.
    pub seats: u32,
    pub taken: BalanceCount,
}

impl<'a> Frame<'a> {
    /// `people` must not repeat an application.
    pub(super) fn new(rules: &'a Rules, taken: &[Taken], people: &[Candidate]) -> Self {
        let mut frame = Self {
            rules,
            municipalities: BTreeMap::new(),
            seats: 0,
            taken: taken.iter().map(|seat| seat.gender).collect(),
        };
        for &id in rules.floors.keys() {
            frame.municipality(id);
        }
        for seat in taken {
            frame.municipality(seat.municipality).taken += 1;
        }
        for person in people {
            frame.municipality(person.municipality).candidates += 1;
        }
        frame.bound();
        frame
    }

    fn municipality(&mut self, id: OrganisationId) -> &mut Municipality {
        self.municipalities
            .entry(id)
            .or_insert_with(|| Municipality::new(self.rules, id))
    }

    fn bound(&mut self) {
        let total = |count: fn(&Municipality) -> u32| -> u64 {
            self.municipalities
                .values()
                .map(|municipality| u64::from(count(municipality)))
                .sum()
        };
        let room = total(Municipality::room);
        let floors = total(Municipality::usable_floor);
        self.seats =
            u32::try_from(room).map_or(self.rules.seats, |room| room.min(self.rules.seats));
        let floors_fit = floors <= u64::from(self.seats);
        for municipality in self.municipalities.values_mut() {
            let (room, floor) = (municipality.room(), municipality.usable_floor());
            // With too few seats for all floors, one above a floor would cost another its floor.
            (municipality.at_least, municipality.at_most) = if floors_fit {
                (floor, room)
            } else {
                (0, floor)
            };
        }
    }
}

/// A candidate and where the selection puts them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Person<'a> {
    pub candidate: &'a Candidate,
    pub admitted: bool,
    /// Whether the same rules without balance would admit them.
    pub admitted_without_balance: bool,
}

/// One selection that fills the frame's seats.
#[derive(Clone, Debug)]
pub(super) struct Selection<'a> {
    frame: &'a Frame<'a>,
    people: Vec<Person<'a>>,
    admitted: BTreeMap<OrganisationId, u32>,
    balance: BalanceCount,
}

impl<'a> Selection<'a> {
    /// The optimal selection; `people` are in order of merit.
    pub(super) fn best(frame: &'a Frame<'a>, people: &'a [Candidate]) -> Self {
        let mut selection = Self::greedy(frame, people);
        let balance = frame.rules.balance;
        let Some(overfull) = balance.overfull(selection.balance) else {
            return selection;
        };
        let mut swaps = Swaps::new(frame, &selection, overfull);
        // A swap brings the balance nearer, so that the way back never does: one side leaves.
        while balance.overfull(selection.balance) == Some(overfull) {
            let Some(swap) = swaps.take_best(&selection.people) else {
                break;
            };
            selection.apply(swap);
        }
        selection
    }

    /// In order of merit.
    pub(super) fn people(&self) -> impl Iterator<Item = &Person<'a>> {
        self.people.iter()
    }

    /// Women and men among the taken and the admitted.
    pub(super) fn balance(&self) -> BalanceCount {
        self.balance
    }

    pub(super) fn admitted_of(&self, municipality: OrganisationId) -> u32 {
        self.admitted.get(&municipality).copied().unwrap_or(0)
    }

    /// Whether a person can trade places with one of another municipality whose bounds allow it
    /// too, with seats and floors as good as before. Within one municipality everybody can.
    pub(super) fn can_cross(&self, person: &Person) -> bool {
        let municipality = person.candidate.municipality;
        if person.admitted {
            self.can_lose(municipality)
        } else {
            self.can_gain(municipality)
        }
    }

    fn can_lose(&self, id: OrganisationId) -> bool {
        let bounds = self.frame.municipalities.get(&id);
        bounds.is_some_and(|bounds| self.admitted_of(id) > bounds.at_least)
    }

    fn can_gain(&self, id: OrganisationId) -> bool {
        let bounds = self.frame.municipalities.get(&id);
        bounds.is_some_and(|bounds| self.admitted_of(id) < bounds.at_most)
    }

    /// The best by merit alone: each in turn who fits beside the seats kept for floors.
    fn greedy(frame: &'a Frame<'a>, people: &'a [Candidate]) -> Self {
        let mut selection = Self {
            frame,
            people: Vec::with_capacity(people.len()),
            admitted: BTreeMap::new(),
            balance: frame.taken,
        };
        let kept: u32 = frame
            .municipalities
            .values()
            .map(|municipality| municipality.at_least)
            .sum();
        let mut open = frame.seats.saturating_sub(kept);
        for candidate in people {
            let id = candidate.municipality;
            let bounds = frame.municipalities.get(&id);
            let for_floor =
                bounds.is_some_and(|bounds| selection.admitted_of(id) < bounds.at_least);
            let fits = for_floor || (open > 0 && selection.can_gain(id));
            if fits {
                open -= u32::from(!for_floor);
                *selection.admitted.entry(id).or_default() += 1;
                selection.balance = selection.balance.with(candidate.gender);
            }
            selection.people.push(Person {
                candidate,
                admitted: fits,
                admitted_without_balance: fits,
            });
        }
        selection
    }

    fn apply(&mut self, swap: Swap) {
        for (place, admitted) in [(swap.leaving, false), (swap.coming, true)] {
            let Some(person) = self.people.get_mut(place) else {
                continue;
            };
            person.admitted = admitted;
            let Candidate {
                municipality,
                gender,
                ..
            } = *person.candidate;
            let count = self.admitted.entry(municipality).or_default();
            (*count, self.balance) = if admitted {
                (*count + 1, self.balance.with(gender))
            } else {
                (count.saturating_sub(1), self.balance.without(gender))
            };
        }
    }
}
