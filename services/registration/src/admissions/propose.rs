//! The admission proposal: who gets the free seats, who waits in which order, and why.
//!
//! Pure functions over plain values: no clock, no database. The same input gives the same answer in
//! any order of its rows, so that a municipality that asks "why?" years later can be answered.
//!
//! # What is optimal
//!
//! Lexicographically: (1) most seats filled; (2) fewest missing under floors; (3) mode target:
//! smallest distance outside the tolerance; (4) best rank profile; (5) mode tie-break: smallest
//! imbalance; (6) earliest submissions; (7) smallest ids. Ceilings always hold. A person who states
//! no gender counts for whichever side needs it.
//!
//! # Why the answer is exact
//!
//! *Municipalities form a matroid.* Let `N` be the number of seats that can be filled and `f` what
//! a municipality can still use towards its floor. If the `f` add up to at most `N`, (1) and (2)
//! are optimal exactly when every municipality gets between `f` and its room; otherwise exactly
//! when none gets more than its `f`. Either way the optimal sets are "`N` people, each municipality
//! between two bounds", the bases of a matroid.
//!
//! *Without balance, greedy is right.* (4), (6) and (7) compare how many people a set has at the
//! best rank, then at the next …, likewise for instants and ids. For sets of one size that is a sum
//! of weights, one a person, so taking people by (rank, submission, id) finds the one best basis.
//!
//! *Balance moves one side only.* The distance is a convex function of the women's share, taken at
//! its best over the range that the unstated leave open. So "distance at most d" means "at most a
//! women and at most b men", where a + b is at least everybody: both cannot be exceeded at once,
//! and with exactly a women the men are within b by themselves. What remains is the best basis with
//! a given number of women (or men).
//!
//! *One best swap a step reaches it.* Subtract λ from the weight of every woman and let λ grow from
//! 0. The greedy basis changes only where a woman and someone else trade places in the order, and
//! then by at most that swap; ids make all such λ differ. Hence every number of women down to the
//! possible minimum occurs, each basis on the way is the best with its number (it is the best for
//! its λ), each is worse than the one before, and each is one swap from the one before: the best
//! swap, since all swaps of a woman for another lead to that number. We stop at the first that has
//! the smallest distance. (Gabow and Tarjan, 1984, prove this for all matroids with two colours.)
//!
//! *Tie-break* runs the same steps among the bases of the best rank profile. These are the bases of
//! a matroid too, and its swaps are those between people of equal rank.

mod balance;
mod check;
mod inputs;
mod objective;
mod outlook;
mod queue;
mod reasons;
mod swaps;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use shared_types::{ApplicationId, Gender, OrganisationId};

pub use balance::{Balance, BalanceCount, Side};
pub use check::{Violation, check};
pub use outlook::{Outlook, outlook};
pub use queue::{Movement, move_queue};
pub use reasons::Reason;

use objective::{Frame, Municipality, Selection};

/// The version of these rules, stored with each proposal; it changes when an answer could.
pub const RULE_VERSION: &str = "admission-1";

/// The round's rules for giving out seats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Seats that are free now, without those already taken.
    pub seats: u32,
    /// Seats that each municipality should have at least, taken ones included.
    pub floor: u32,
    /// Seats that a municipality may have at most, taken ones included; `None` is without limit.
    pub ceiling: Option<u32>,
    /// Floors of single municipalities, instead of `floor`.
    pub floors: BTreeMap<OrganisationId, u32>,
    /// Ceilings of single municipalities, instead of `ceiling`.
    pub ceilings: BTreeMap<OrganisationId, u32>,
    /// Whether and how the balance of women and men counts.
    pub balance: Balance,
}

impl Rules {
    /// The floor that holds for one municipality.
    pub fn floor_of(&self, municipality: OrganisationId) -> u32 {
        self.floors
            .get(&municipality)
            .copied()
            .unwrap_or(self.floor)
    }

    /// The ceiling that holds for one municipality, if any.
    pub fn ceiling_of(&self, municipality: OrganisationId) -> Option<u32> {
        self.ceilings.get(&municipality).copied().or(self.ceiling)
    }

    fn without_floors(&self) -> Self {
        Self {
            floor: 0,
            floors: BTreeMap::new(),
            ..self.clone()
        }
    }
}

/// An application that may be admitted: submitted, and endorsed where the round asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The application.
    pub id: ApplicationId,
    /// The applicant's municipality, whose floor and ceiling count.
    pub municipality: OrganisationId,
    /// The gender as the person states it.
    pub gender: Gender,
    /// The director's rank within the municipality; 1 is best, `None` comes after every rank.
    pub rank: Option<u32>,
    /// When the application was submitted.
    pub submitted_at: DateTime<Utc>,
}

impl Candidate {
    /// Sorts unranked people after every rank.
    fn rank_key(&self) -> u64 {
        self.rank.map_or(u64::MAX, u64::from)
    }

    /// The order of people when nothing but the person counts; it is the queue's order too.
    fn merit(&self) -> (u64, DateTime<Utc>, ApplicationId) {
        (self.rank_key(), self.submitted_at, self.id)
    }
}

/// A seat that is already held; it counts for floors, ceilings and balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Taken {
    /// The municipality of the person who holds it.
    pub municipality: OrganisationId,
    /// The gender as that person states it.
    pub gender: Gender,
}

/// What the rules make of the candidates, with a reason for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// One row a candidate: the admitted by rank, submission and id, then the queue in its order.
    pub rows: Vec<Row>,
    /// Floors that are not reached, with the causes; the best possible selection still misses them.
    pub missing_floors: Vec<MissingFloor>,
    /// Women and men among the taken seats and all candidates: before anyone is chosen.
    pub before: BalanceCount,
    /// Women and men among the taken seats and the admitted.
    pub after: BalanceCount,
    /// SHA-256 over rule version, rules, taken seats and candidates, whatever their order.
    pub inputs_hash: [u8; 32],
}

/// The proposal for one candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The application.
    pub id: ApplicationId,
    /// Seat or queue.
    pub verdict: Verdict,
    /// Why, the most decisive first.
    pub reasons: Vec<Reason>,
}

/// Seat or queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The candidate is proposed for a seat.
    Admit,
    /// The candidate waits.
    Queue {
        /// The place in the queue, from 1.
        position: u32,
    },
}

/// A floor that the proposal does not reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingFloor {
    /// The municipality.
    pub municipality: OrganisationId,
    /// The seats it should have at least.
    pub floor: u32,
    /// The seats it held before.
    pub taken: u32,
    /// Its candidates.
    pub candidates: u32,
    /// How many of them are admitted.
    pub admitted: u32,
    /// Everything that stands in the way, never empty.
    pub causes: Vec<FloorCause>,
}

/// Why a floor is not reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FloorCause {
    /// Its taken seats and all its candidates together are fewer than the floor.
    TooFewCandidates,
    /// Its ceiling is below its floor.
    CeilingBelowFloor,
    /// Its candidates and its ceiling would allow more towards the floor, but the free seats are
    /// too few for all floors together.
    TooFewSeats,
}

impl FloorCause {
    /// The stable name of the cause, in snake case.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooFewCandidates => "too_few_candidates",
            Self::CeilingBelowFloor => "ceiling_below_floor",
            Self::TooFewSeats => "too_few_seats",
        }
    }
}

/// Proposes who gets the free seats and orders the rest; the module's page says by what rules.
///
/// An application that is listed twice counts once.
pub fn propose(rules: &Rules, taken: &[Taken], candidates: &[Candidate]) -> Proposal {
    let people = in_order_of_merit(candidates);
    let frame = Frame::new(rules, taken, &people);
    let selection = Selection::best(&frame, &people);
    Proposal {
        rows: rows(&frame, &selection, taken, &people),
        missing_floors: missing_floors(&frame, &selection),
        before: people
            .iter()
            .fold(frame.taken, |count, person| count.with(person.gender)),
        after: selection.balance(),
        inputs_hash: inputs::hash(rules, taken, candidates),
    }
}

fn in_order_of_merit(candidates: &[Candidate]) -> Vec<Candidate> {
    let mut people = in_canonical_order(candidates);
    people.dedup_by_key(|person| person.id);
    people.sort_by_key(Candidate::merit);
    people
}

/// By id, then by everything else, so that even rows with a repeated id come in one order.
fn in_canonical_order(candidates: &[Candidate]) -> Vec<Candidate> {
    let mut people = candidates.to_vec();
    people.sort_by_key(|person| {
        (
            person.id,
            person.merit(),
            person.municipality,
            person.gender,
        )
    });
    people
}

fn rows(frame: &Frame, selection: &Selection, taken: &[Taken], people: &[Candidate]) -> Vec<Row> {
    let reasons = reasons::explain(frame, selection, taken, people);
    let (admitted, queued): (Vec<_>, Vec<_>) = selection
        .people()
        .zip(reasons)
        .partition(|(person, _)| person.admitted);
    let admitted = admitted.into_iter().map(|(person, reasons)| Row {
        id: person.candidate.id,
        verdict: Verdict::Admit,
        reasons,
    });
    let queued = (1..).zip(queued).map(|(position, (person, reasons))| Row {
        id: person.candidate.id,
        verdict: Verdict::Queue { position },
        reasons,
    });
    admitted.chain(queued).collect()
}

fn missing_floors(frame: &Frame, selection: &Selection) -> Vec<MissingFloor> {
    frame
        .municipalities
        .iter()
        .filter_map(|(&id, municipality)| {
            let admitted = selection.admitted_of(id);
            (municipality.taken + admitted < municipality.floor).then(|| MissingFloor {
                municipality: id,
                floor: municipality.floor,
                taken: municipality.taken,
                candidates: municipality.candidates,
                admitted,
                causes: floor_causes(municipality, admitted),
            })
        })
        .collect()
}

fn floor_causes(municipality: &Municipality, admitted: u32) -> Vec<FloorCause> {
    let reachable = municipality.taken + municipality.candidates;
    [
        (reachable < municipality.floor, FloorCause::TooFewCandidates),
        (
            municipality
                .ceiling
                .is_some_and(|ceiling| ceiling < municipality.floor),
            FloorCause::CeilingBelowFloor,
        ),
        (
            admitted < municipality.usable_floor(),
            FloorCause::TooFewSeats,
        ),
    ]
    .into_iter()
    .filter_map(|(holds, cause)| holds.then_some(cause))
    .collect()
}
