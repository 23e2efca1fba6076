//! The best selection: bounds per municipality, the greedy start, and the swaps for balance.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use shared_types::OrganisationId;

use super::balance::{Balance, BalanceCount, Side};
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
        while let Some(overfull) = frame.rules.balance.overfull(selection.balance) {
            let Some(swap) = selection.best_swap(overfull) else {
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

    /// Whether `leaving` can give a seat to `coming` with seats and floors as good as before.
    pub(super) fn can_swap(&self, leaving: &Candidate, coming: &Candidate) -> bool {
        leaving.municipality == coming.municipality
            || (self.can_lose(leaving.municipality) && self.can_gain(coming.municipality))
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

    /// The least loss that takes one from the overfull side; `None` when the floors, ceilings and
    /// (in mode tie-break) ranks leave nobody to swap.
    fn best_swap(&self, overfull: Side) -> Option<Swap<'a>> {
        // Within one scope any pair may swap, so only its last to leave and first to come matter.
        let mut scopes: BTreeMap<Scope, (Option<&Candidate>, Option<&Candidate>)> = BTreeMap::new();
        for person in &self.people {
            let candidate = person.candidate;
            let on_side = Side::of(candidate.gender) == Some(overfull);
            if on_side != person.admitted {
                continue;
            }
            let crosses = if on_side {
                self.can_lose(candidate.municipality)
            } else {
                self.can_gain(candidate.municipality)
            };
            for scope in self.scopes(candidate, crosses) {
                let (leaving, coming) = scopes.entry(scope).or_default();
                if on_side {
                    *leaving = Some(candidate);
                } else {
                    coming.get_or_insert(candidate);
                }
            }
        }
        scopes
            .into_values()
            .filter_map(|(leaving, coming)| {
                Some(Swap {
                    leaving: leaving?,
                    coming: coming?,
                })
            })
            .min_by(Swap::compare)
    }

    /// The groups in which a person may swap: the own municipality, and all if its bounds allow.
    fn scopes(&self, candidate: &Candidate, crosses: bool) -> impl Iterator<Item = Scope> + use<> {
        // Tie-break comes after ranks: it may not change the profile, so only equals swap.
        let rank_key = match self.frame.rules.balance {
            Balance::TieBreak => candidate.rank_key(),
            Balance::Off | Balance::Target { .. } => 0,
        };
        let across = crosses.then_some((rank_key, None));
        [(rank_key, Some(candidate.municipality))]
            .into_iter()
            .chain(across)
    }

    fn apply(&mut self, swap: Swap) {
        for person in &mut self.people {
            if person.candidate.id == swap.leaving.id {
                person.admitted = false;
            } else if person.candidate.id == swap.coming.id {
                person.admitted = true;
            }
        }
        if let Some(count) = self.admitted.get_mut(&swap.leaving.municipality) {
            *count -= 1;
        }
        *self.admitted.entry(swap.coming.municipality).or_default() += 1;
        self.balance = self
            .balance
            .without(swap.leaving.gender)
            .with(swap.coming.gender);
    }
}

/// Rank (in mode tie-break) and municipality (`None`: all that bounds allow) of people who may swap.
type Scope = (u64, Option<OrganisationId>);

#[derive(Clone, Copy, Debug)]
struct Swap<'a> {
    leaving: &'a Candidate,
    coming: &'a Candidate,
}

impl Swap<'_> {
    /// Orders swaps from the same selection by what they make of it, the best first.
    fn compare(&self, other: &Self) -> Ordering {
        self.compare_by(other, Candidate::rank_key)
            .then_with(|| self.compare_by(other, |candidate| candidate.submitted_at))
            .then_with(|| self.compare_by(other, |candidate| candidate.id))
    }

    /// `S − a + b` is better than `S − c + d` exactly when `{b, c}` is better than `{d, a}`: adding
    /// the same people to both sides of a comparison of profiles does not change it.
    fn compare_by<K: Ord>(&self, other: &Self, key: impl Fn(&Candidate) -> K) -> Ordering {
        let mut this = [key(self.coming), key(other.leaving)];
        let mut that = [key(other.coming), key(self.leaving)];
        this.sort();
        that.sort();
        this.cmp(&that)
    }
}
