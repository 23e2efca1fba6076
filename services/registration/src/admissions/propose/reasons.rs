//! The reasons behind a proposal, as codes with data; texts for people are made elsewhere.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use shared_types::{Gender, OrganisationId};

use super::balance::GENDERS;
use super::objective::{Frame, Person, Selection};
use super::{Balance, Candidate, Side, Taken};

/// Why someone is admitted, waits, or is passed over in the queue.
///
/// "Could swap" below means: the two are of one municipality, or the floors and ceilings of both
/// allow that one goes and the other comes with as many seats filled and floors reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Waits or is passed over; the municipality's taken and new seats are at its ceiling.
    CeilingReached {
        /// The seats that the municipality may have at most.
        ceiling: u32,
    },
    /// Admitted; nobody has to wait.
    SeatsForAll,
    /// Admitted; the same rules without any floor would not admit this person, and without this
    /// person the municipality would be below its floor.
    FloorOfMunicipality {
        /// The seats that the municipality should have at least.
        floor: u32,
    },
    /// Waits; the same rules without any floor would admit this person.
    DisplacedForFloor,
    /// Mode tie-break. Admitted, where the same rules without balance would not; or waits where
    /// they would admit; or is passed over in the queue for someone of equal rank.
    BalanceTieBreak {
        /// The side of which more were needed.
        needed: Side,
        /// The equal rank at which the balance decided.
        rank: Option<u32>,
    },
    /// Mode target. Admitted, where the same rules without balance would not; or waits where they
    /// would admit; or is passed over in the queue, because the end would be farther outside.
    BalanceTarget {
        /// The side of which more were needed.
        needed: Side,
        /// The wanted share of women in thousandths.
        women_permille: u32,
        /// How far from it is still good, in thousandths to either side.
        tolerance_permille: u32,
    },
    /// Waits; every free seat is proposed for someone.
    NoSeatLeft {
        /// The seats that were free.
        seats: u32,
    },
    /// Admitted or waits; the director ranked the person so.
    Rank {
        /// The rank within the municipality, 1 is best.
        rank: u32,
    },
    /// Admitted or waits; the director gave no rank, which comes after every rank.
    Unranked,
    /// Admitted; someone who waits has equal rank, could swap and would leave the balance as good,
    /// but submitted later.
    EarlierSubmission {
        /// When this person submitted.
        submitted_at: DateTime<Utc>,
    },
    /// Waits; someone admitted has equal rank, could swap and would leave the balance as good, but
    /// submitted earlier.
    LaterSubmission {
        /// When this person submitted.
        submitted_at: DateTime<Utc>,
    },
    /// Admitted or waits; someone on the other side of the line has equal rank, could swap, would
    /// leave the balance as good and submitted at the same instant: the smaller id got the seat.
    OrderOfIds,
}

impl Reason {
    /// The stable name of the reason, in snake case.
    pub fn code(&self) -> &'static str {
        match self {
            Self::CeilingReached { .. } => "ceiling_reached",
            Self::SeatsForAll => "seats_for_all",
            Self::FloorOfMunicipality { .. } => "floor_of_municipality",
            Self::DisplacedForFloor => "displaced_for_floor",
            Self::BalanceTieBreak { .. } => "balance_tie_break",
            Self::BalanceTarget { .. } => "balance_target",
            Self::NoSeatLeft { .. } => "no_seat_left",
            Self::Rank { .. } => "rank",
            Self::Unranked => "unranked",
            Self::EarlierSubmission { .. } => "earlier_submission",
            Self::LaterSubmission { .. } => "later_submission",
            Self::OrderOfIds => "order_of_ids",
        }
    }

    /// The reason of the balance rule that decided for or against a candidate.
    pub(super) fn of_balance(rule: Balance, needed: Side, candidate: &Candidate) -> Option<Self> {
        match rule {
            Balance::Off => None,
            Balance::TieBreak => Some(Self::BalanceTieBreak {
                needed,
                rank: candidate.rank,
            }),
            Balance::Target {
                women_permille,
                tolerance_permille,
            } => Some(Self::BalanceTarget {
                needed,
                women_permille,
                tolerance_permille,
            }),
        }
    }
}

/// The reasons of every person of a selection, in its order.
pub(super) fn explain(
    frame: &Frame,
    selection: &Selection,
    taken: &[Taken],
    people: &[Candidate],
) -> Vec<Vec<Reason>> {
    let rules = frame.rules.without_floors();
    let frame_without_floors = Frame::new(&rules, taken, people);
    let without_floors = Selection::best(&frame_without_floors, people);
    let case = Case {
        frame,
        selection,
        needed: needed(selection),
        equals: Equals::of(selection),
        all_admitted: selection.people().all(|person| person.admitted),
    };
    selection
        .people()
        .zip(without_floors.people())
        .map(|(person, unfloored)| case.explain(person, unfloored.admitted))
        .collect()
}

/// The side that the balance rule brought in; `None` if it changed nothing.
fn needed(selection: &Selection) -> Option<Side> {
    // The swaps for balance all go one way, so one who gave way tells for all.
    let gave_way = selection
        .people()
        .find(|person| person.admitted_without_balance && !person.admitted)?;
    Side::of(gave_way.candidate.gender).map(Side::opposite)
}

struct Case<'a> {
    frame: &'a Frame<'a>,
    selection: &'a Selection<'a>,
    needed: Option<Side>,
    equals: Equals,
    all_admitted: bool,
}

impl Case<'_> {
    fn explain(&self, person: &Person, admitted_without_floors: bool) -> Vec<Reason> {
        let rank = person.candidate.rank;
        [
            self.ceiling(person),
            (person.admitted && self.all_admitted).then_some(Reason::SeatsForAll),
            self.floor(person, admitted_without_floors),
            self.balance(person),
            self.seats(person),
            Some(rank.map_or(Reason::Unranked, |rank| Reason::Rank { rank })),
        ]
        .into_iter()
        .flatten()
        .chain(self.order(person))
        .collect()
    }

    fn ceiling(&self, person: &Person) -> Option<Reason> {
        let id = person.candidate.municipality;
        let municipality = self.frame.municipalities.get(&id)?;
        let full = municipality.is_full(self.selection.admitted_of(id));
        let ceiling = municipality.ceiling?;
        (!person.admitted && full).then_some(Reason::CeilingReached { ceiling })
    }

    fn floor(&self, person: &Person, admitted_without_floors: bool) -> Option<Reason> {
        if person.admitted == admitted_without_floors {
            return None;
        }
        if !person.admitted {
            return Some(Reason::DisplacedForFloor);
        }
        let id = person.candidate.municipality;
        let municipality = self.frame.municipalities.get(&id)?;
        let seats = municipality.taken + self.selection.admitted_of(id);
        let floor = municipality.floor;
        (seats <= floor).then_some(Reason::FloorOfMunicipality { floor })
    }

    fn balance(&self, person: &Person) -> Option<Reason> {
        if person.admitted == person.admitted_without_balance {
            return None;
        }
        Reason::of_balance(self.frame.rules.balance, self.needed?, person.candidate)
    }

    fn seats(&self, person: &Person) -> Option<Reason> {
        let seats = self.frame.rules.seats;
        (!person.admitted && self.frame.seats == seats).then_some(Reason::NoSeatLeft { seats })
    }

    /// Whether the instant of submission, or the id, decided between this person and an equal: one
    /// across the line with whom nothing but instant and id decides.
    fn order(&self, person: &Person) -> impl Iterator<Item = Reason> + use<> {
        let submitted_at = person.candidate.submitted_at;
        let (mut other_instant, mut same_instant) = (false, false);
        for gender in GENDERS {
            if !self.leaves_balance(person, gender) {
                continue;
            }
            for instants in self.equals.across(person, gender, self.selection) {
                same_instant |= instants.binary_search(&submitted_at).is_ok();
                let ends = [instants.first(), instants.last()];
                other_instant |= ends.into_iter().flatten().any(|end| *end != submitted_at);
            }
        }
        let by_instant = if person.admitted {
            Reason::EarlierSubmission { submitted_at }
        } else {
            Reason::LaterSubmission { submitted_at }
        };
        let by_instant = other_instant.then_some(by_instant);
        by_instant
            .into_iter()
            .chain(same_instant.then_some(Reason::OrderOfIds))
    }

    /// Whether the balance stays as good if this person trades places with one of a gender.
    fn leaves_balance(&self, person: &Person, other: Gender) -> bool {
        let own = person.candidate.gender;
        let (leaving, coming) = if person.admitted {
            (own, other)
        } else {
            (other, own)
        };
        let rule = self.frame.rules.balance;
        let balance = self.selection.balance();
        let swapped = balance.without(leaving).with(coming);
        rule.distance(swapped) == rule.distance(balance)
    }
}

/// When people submitted, in order, by what they have in common: seat or none, rank, gender, and
/// the municipality (`None`: all whose municipality's bounds allow a trade with another's).
struct Equals(BTreeMap<Alike, Vec<DateTime<Utc>>>);

type Alike = (bool, Option<u32>, Gender, Option<OrganisationId>);

impl Equals {
    fn of(selection: &Selection) -> Self {
        let mut instants: BTreeMap<Alike, Vec<DateTime<Utc>>> = BTreeMap::new();
        for person in selection.people() {
            let candidate = person.candidate;
            let everywhere = selection.can_cross(person).then_some(None);
            for place in [Some(candidate.municipality)].into_iter().chain(everywhere) {
                let alike = (person.admitted, candidate.rank, candidate.gender, place);
                let known = instants.entry(alike).or_default();
                known.push(candidate.submitted_at);
            }
        }
        for known in instants.values_mut() {
            known.sort_unstable();
        }
        Self(instants)
    }

    /// The instants of those on the other side of the line who have equal rank and could trade
    /// places with this person.
    fn across(
        &self,
        person: &Person,
        gender: Gender,
        selection: &Selection,
    ) -> impl Iterator<Item = &Vec<DateTime<Utc>>> {
        let candidate = person.candidate;
        let everywhere = selection.can_cross(person).then_some(None);
        let (admitted, rank) = (!person.admitted, candidate.rank);
        [Some(candidate.municipality)]
            .into_iter()
            .chain(everywhere)
            .filter_map(move |place| self.0.get(&(admitted, rank, gender, place)))
    }
}
