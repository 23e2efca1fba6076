//! Short ways to make people; ids say who is who.

use super::*;
use crate::matching::{Form, Mentee, Mentor, Place, Terms};
use shared_types::OrganisationId;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Ids in an order that is not that of their numbers, so that nothing leans on it by chance.
pub(super) fn person(number: u32) -> PersonId {
    Uuid::from_u128(u128::from(number)).into()
}

pub(super) fn number(person: PersonId) -> u32 {
    u32::try_from(Uuid::from(person).as_u128()).unwrap()
}

pub(super) fn municipality(number: u32) -> OrganisationId {
    Uuid::from_u128(u128::from(number) << 64).into()
}

pub(super) fn couple(mentee: u32, mentor: u32) -> Couple {
    Couple {
        mentee: person(mentee),
        mentor: person(mentor),
    }
}

pub(super) fn mentee(id: u32, of: u32) -> Mentee {
    Mentee {
        id: person(id),
        municipality: municipality(of),
        endorsers: BTreeSet::new(),
        managers: BTreeSet::new(),
        wishes: Vec::new(),
        competences: Vec::new(),
        terms: Terms::default(),
    }
}

pub(super) fn mentor(id: u32, of: u32) -> Mentor {
    Mentor {
        id: person(id),
        municipality: municipality(of),
        holds_office: true,
        managers: BTreeSet::new(),
        capacity: 1,
        taken: 0,
        wishes: Vec::new(),
        competences: BTreeSet::new(),
        terms: Terms::default(),
    }
}

/// Mentees 1, 2, … each of a municipality of its own and mentors 101, 102, … of municipalities 2, 3, ….
pub(super) fn small(mentees: u32, mentors: u32) -> Input {
    Input {
        mentees: (1..=mentees).map(|id| mentee(id, 50 + id)).collect(),
        mentors: (1..=mentors).map(|id| mentor(100 + id, 1 + id)).collect(),
        long_journey_minutes: 90,
        ..Input::default()
    }
}

/// Municipalities along a meridian, so many kilometres from its start.
pub(super) fn places(places: &[(u32, i32)]) -> BTreeMap<OrganisationId, Place> {
    let place = |&(number, kilometres): &(u32, i32)| {
        let place = Place {
            latitude_microdegrees: 55_000_000 + kilometres * 8_993,
            longitude_microdegrees: 13_000_000,
        };
        (municipality(number), place)
    };
    places.iter().map(place).collect()
}

/// Whom each mentee gets, by id.
pub(super) fn of(input: &Input) -> Vec<Option<u32>> {
    whom(&solve(input).unwrap(), input)
}

pub(super) fn whom(outcome: &Outcome, input: &Input) -> Vec<Option<u32>> {
    let mut mentees: Vec<PersonId> = input.mentees.iter().map(|mentee| mentee.id).collect();
    mentees.sort();
    let of = |mentee: PersonId| {
        let pair = outcome
            .pairs
            .iter()
            .find(|pair| pair.couple.mentee == mentee);
        pair.map(|pair| number(pair.couple.mentor))
    };
    mentees.into_iter().map(of).collect()
}

/// An input with something everywhere.
pub(super) fn everything() -> Input {
    let mut input = small(2, 2);
    let full = &mut input.mentees[0];
    full.endorsers = BTreeSet::from([person(11)]);
    full.managers = BTreeSet::from([person(12)]);
    full.wishes = vec![person(101), person(102)];
    full.competences = vec!["budget".into()];
    full.terms = Terms {
        languages: vec!["sv".into(), "en".into()],
        forms: vec![Form::InPerson],
        sector: Some("care".into()),
    };
    let full = &mut input.mentors[0];
    full.managers = BTreeSet::from([person(13)]);
    full.wishes = vec![person(1)];
    full.competences = BTreeSet::from(["budget".into()]);
    input.locks.insert(couple(1, 101));
    let couple = couple(2, 101);
    let bar = Bar::Conflict;
    input.barred.insert(Barred { couple, bar });
    input.places = places(&[(51, 0), (2, 40)]);
    input
}

/// Changes that each must give another digest.
pub(super) const CHANGES: [fn(&mut Input); 24] = [
    |input| input.mentees[0].id = person(3),
    |input| input.mentees[0].municipality = municipality(4),
    |input| input.mentees[0].endorsers.clear(),
    |input| input.mentees[0].managers.clear(),
    |input| input.mentees[0].wishes.swap(0, 1),
    |input| input.mentees[0].competences[0] = "crisis".into(),
    |input| input.mentees[0].terms.languages.swap(0, 1),
    |input| input.mentees[0].terms.forms = vec![Form::Digital],
    |input| input.mentees[0].terms.sector = None,
    |input| input.mentors[0].id = person(103),
    |input| input.mentors[0].municipality = municipality(4),
    |input| input.mentors[0].holds_office = false,
    |input| input.mentors[0].managers.clear(),
    |input| input.mentors[0].capacity = 2,
    |input| input.mentors[0].taken = 1,
    |input| input.mentors[0].wishes.clear(),
    |input| input.mentors[0].competences.clear(),
    |input| input.mentors[0].terms.sector = Some("care".into()),
    |input| input.locks.clear(),
    |input| input.barred.clear(),
    |input| input.places.clear(),
    |input| input.long_journey_minutes += 1,
    |input| input.weights = input.weights.with(Criterion::Form, Level::High).unwrap(),
    // Said by the other of two neighbours in the encoding.
    |input| {
        let wishes = std::mem::take(&mut input.mentees[0].wishes);
        input.mentees[1].wishes = wishes;
    },
];
