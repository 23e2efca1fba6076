//! Checking a selection that a coordinator changed by hand.

use std::collections::{BTreeMap, BTreeSet};

use shared_types::{ApplicationId, OrganisationId};

use super::objective::Frame;
use super::{Candidate, Rules, Taken, in_order_of_merit};

/// What is wrong with a selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Violation {
    /// More people than free seats.
    TooManyAdmitted {
        /// The free seats.
        seats: u32,
        /// The people.
        admitted: u32,
    },
    /// Someone who is not a candidate.
    UnknownCandidate {
        /// The application.
        id: ApplicationId,
    },
    /// Someone who is listed more than once; counted once otherwise.
    RepeatedCandidate {
        /// The application.
        id: ApplicationId,
    },
    /// A municipality gets seats above its ceiling.
    CeilingExceeded {
        /// The municipality.
        municipality: OrganisationId,
        /// The seats that it may have at most.
        ceiling: u32,
        /// The seats that it would have, taken ones included.
        seats: u32,
    },
    /// A municipality stays below its floor, whether or not the floor could be reached.
    FloorMissed {
        /// The municipality.
        municipality: OrganisationId,
        /// The seats that it should have at least.
        floor: u32,
        /// The seats that it would have, taken ones included.
        seats: u32,
    },
}

impl Violation {
    /// The stable name of the violation, in snake case.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooManyAdmitted { .. } => "too_many_admitted",
            Self::UnknownCandidate { .. } => "unknown_candidate",
            Self::RepeatedCandidate { .. } => "repeated_candidate",
            Self::CeilingExceeded { .. } => "ceiling_exceeded",
            Self::FloorMissed { .. } => "floor_missed",
        }
    }
}

/// Everything that is wrong with a selection: seats, then people by id, then municipalities by id.
///
/// Empty when all is well. Balance is not checked: a coordinator may weigh it otherwise.
pub fn check(
    rules: &Rules,
    taken: &[Taken],
    candidates: &[Candidate],
    admitted: &[ApplicationId],
) -> Vec<Violation> {
    let people = in_order_of_merit(candidates);
    let chosen: BTreeSet<ApplicationId> = admitted.iter().copied().collect();
    let mut violations: Vec<Violation> = too_many(rules, &chosen).into_iter().collect();
    violations.extend(wrong_people(&people, admitted));
    violations.extend(wrong_counts(
        &Frame::new(rules, taken, &people),
        &people,
        &chosen,
    ));
    violations
}

fn too_many(rules: &Rules, chosen: &BTreeSet<ApplicationId>) -> Option<Violation> {
    let admitted = u32::try_from(chosen.len()).unwrap_or(u32::MAX);
    let seats = rules.seats;
    (admitted > seats).then_some(Violation::TooManyAdmitted { seats, admitted })
}

fn wrong_people(people: &[Candidate], admitted: &[ApplicationId]) -> Vec<Violation> {
    let known: BTreeSet<ApplicationId> = people.iter().map(|person| person.id).collect();
    let mut times = BTreeMap::<ApplicationId, usize>::new();
    for &id in admitted {
        *times.entry(id).or_default() += 1;
    }
    let wrong = |(id, times)| {
        let unknown = (!known.contains(&id)).then_some(Violation::UnknownCandidate { id });
        let repeated = (times > 1).then_some(Violation::RepeatedCandidate { id });
        unknown.into_iter().chain(repeated)
    };
    times.into_iter().flat_map(wrong).collect()
}

fn wrong_counts(
    frame: &Frame,
    people: &[Candidate],
    chosen: &BTreeSet<ApplicationId>,
) -> Vec<Violation> {
    let mut admitted = BTreeMap::<OrganisationId, u32>::new();
    for person in people.iter().filter(|person| chosen.contains(&person.id)) {
        *admitted.entry(person.municipality).or_default() += 1;
    }
    let wrong = |(&municipality, bounds): (&OrganisationId, &super::Municipality)| {
        let new = admitted.get(&municipality).copied().unwrap_or(0);
        let (seats, floor) = (bounds.taken + new, bounds.floor);
        // Seats that were above the ceiling before are not this selection's doing.
        let exceeded = bounds.ceiling.filter(|&ceiling| new > 0 && seats > ceiling);
        let above = exceeded.map(|ceiling| Violation::CeilingExceeded {
            municipality,
            ceiling,
            seats,
        });
        let below = (seats < floor).then_some(Violation::FloorMissed {
            municipality,
            floor,
            seats,
        });
        above.into_iter().chain(below)
    };
    frame.municipalities.iter().flat_map(wrong).collect()
}
