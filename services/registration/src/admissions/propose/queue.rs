//! Moving the queue: who is offered a free seat, and who is passed over.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use shared_types::{ApplicationId, Gender, OrganisationId};

use super::balance::{Balance, BalanceCount, GENDERS, Side};
use super::{Candidate, Reason, Rules, Taken};

/// What happens when free seats go to the queue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Movement {
    /// Who is offered a seat, in the order in which the seats were given.
    pub offers: Vec<ApplicationId>,
    /// Who had a turn for a free seat and ends without one, in the queue's order, each with the
    /// reason of the first time.
    pub passed_over: Vec<(ApplicationId, Reason)>,
}

/// Gives the free seats to the queue, which is in its frozen order; an id listed twice counts once.
///
/// Each seat goes to the first in the queue, except that
/// - whoever's municipality is at its ceiling is passed over;
/// - mode tie-break: one who directly follows among equals, that is with nobody of another rank in
///   between who could take the seat, goes first if the imbalance is then strictly smaller;
/// - mode target: the first behind goes first with whom the end is less far outside the tolerance.
///
/// Whoever states no gender is never passed over for balance: they count for the side that needs
/// it, so nobody behind is better. Floors play no part. No seat stays free that somebody can take.
pub fn move_queue(rules: &Rules, taken: &[Taken], queue: &[Candidate]) -> Movement {
    let mut held = Held::new(rules, taken);
    let mut waiting: VecDeque<&Candidate> = distinct(queue);
    let mut passed_over = BTreeMap::new();
    let mut offers = Vec::new();
    for _ in 0..rules.seats {
        let next = held.next(&waiting);
        let ahead: Vec<&Candidate> = waiting.drain(..next.unwrap_or(waiting.len())).collect();
        for candidate in &ahead {
            if let Some(reason) = held.reason_against(candidate) {
                passed_over.entry(candidate.id).or_insert(reason);
            }
        }
        let Some(candidate) = waiting.pop_front() else {
            break;
        };
        // A ceiling that is reached stays reached, so that those at it are not asked again.
        let again = ahead.into_iter().rev();
        for candidate in again.filter(|candidate| held.reached_ceiling(candidate).is_none()) {
            waiting.push_front(candidate);
        }
        held.add(candidate);
        offers.push(candidate.id);
    }
    // Whoever was passed over and got a later seat of the same movement lost nothing.
    for offered in &offers {
        passed_over.remove(offered);
    }
    let in_order = distinct(queue).into_iter().map(|candidate| candidate.id);
    let passed_over = in_order
        .filter_map(|id| Some((id, passed_over.remove(&id)?)))
        .collect();
    Movement {
        offers,
        passed_over,
    }
}

fn distinct(queue: &[Candidate]) -> VecDeque<&Candidate> {
    let mut seen = BTreeSet::new();
    queue
        .iter()
        .filter(|candidate| seen.insert(candidate.id))
        .collect()
}

/// The seats that are held so far.
struct Held<'a> {
    rules: &'a Rules,
    seats: BTreeMap<OrganisationId, u32>,
    balance: BalanceCount,
}

impl<'a> Held<'a> {
    fn new(rules: &'a Rules, taken: &[Taken]) -> Self {
        let mut seats = BTreeMap::new();
        for seat in taken {
            *seats.entry(seat.municipality).or_default() += 1;
        }
        Self {
            rules,
            seats,
            balance: taken.iter().map(|seat| seat.gender).collect(),
        }
    }

    fn add(&mut self, candidate: &Candidate) {
        *self.seats.entry(candidate.municipality).or_default() += 1;
        self.balance = self.balance.with(candidate.gender);
    }

    /// The ceiling of a candidate's municipality, if it is reached.
    fn reached_ceiling(&self, candidate: &Candidate) -> Option<u32> {
        let seats = self
            .seats
            .get(&candidate.municipality)
            .copied()
            .unwrap_or(0);
        self.rules
            .ceiling_of(candidate.municipality)
            .filter(|&ceiling| seats >= ceiling)
    }

    /// The place of whoever gets the next seat; `None` when nobody can take it.
    fn next(&self, waiting: &VecDeque<&Candidate>) -> Option<usize> {
        let mut able = waiting
            .iter()
            .enumerate()
            .filter(|(_, candidate)| self.reached_ceiling(candidate).is_none());
        let (first_place, first) = able.next()?;
        let distance = self.distance_with(first.gender);
        // The balance sees nothing but genders: where none is nearer, nobody is.
        let nearer: Vec<Gender> = GENDERS
            .into_iter()
            .filter(|gender| self.distance_with(*gender) < distance)
            .collect();
        if nearer.is_empty() {
            return Some(first_place);
        }
        let nearer = |candidate: &Candidate| nearer.contains(&candidate.gender);
        let preferred = match self.rules.balance {
            Balance::Off => None,
            Balance::TieBreak => able
                .take_while(|(_, candidate)| candidate.rank == first.rank)
                .find(|(_, candidate)| nearer(candidate)),
            Balance::Target { .. } => able.find(|(_, candidate)| nearer(candidate)),
        };
        Some(preferred.map_or(first_place, |(place, _)| place))
    }

    fn distance_with(&self, gender: Gender) -> i64 {
        self.rules.balance.distance(self.balance.with(gender))
    }

    /// Why a candidate who stands ahead of the one to be offered the seat does not get it.
    fn reason_against(&self, candidate: &Candidate) -> Option<Reason> {
        if let Some(ceiling) = self.reached_ceiling(candidate) {
            return Some(Reason::CeilingReached { ceiling });
        }
        let needed = Side::of(candidate.gender)?.opposite();
        Reason::of_balance(self.rules.balance, needed, candidate)
    }
}
