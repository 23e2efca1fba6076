//! A pair as its readers see it.

use super::{
    entity,
    model::{EDGES, Who},
    pulse_entity, steps, store,
};
use crate::{
    known::{self, People, Round},
    runs,
};
use sea_orm::ConnectionTrait;
use shared_database::{DatabaseError, column};
use shared_types::{
    Links, PersonId, Problem,
    mentorship::pairs::{Pair, PairMember, PairState, Pulse},
    transition,
};
use shared_web::Context;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What is shown beside some pairs.
#[derive(Debug)]
pub struct Beside {
    people: People,
    rounds: BTreeMap<Uuid, Option<Round>>,
    pulses: Vec<pulse_entity::Model>,
}

impl Beside {
    /// Reads it.
    pub async fn of(
        connection: &impl ConnectionTrait,
        rows: &[entity::Model],
    ) -> Result<Self, DatabaseError> {
        let people = rows
            .iter()
            .flat_map(|row| [row.mentor_person_id, row.mentee_person_id]);
        let mut rounds = BTreeMap::new();
        for row in rows {
            if let std::collections::btree_map::Entry::Vacant(place) = rounds.entry(row.round_id) {
                place.insert(known::round(connection, row.round_id.into()).await?);
            }
        }
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        Ok(Self {
            people: People::of(connection, people).await?,
            rounds,
            pulses: store::pulses(connection, &ids).await?,
        })
    }
}

/// What the caller is to a pair; a coordinator who is one of the two acts as that one.
pub fn who(row: &entity::Model, context: &Context) -> Who {
    match context.caller.person.map(PersonId::uuid) {
        Some(person) if person == row.mentor_person_id => Who::Mentor,
        Some(person) if person == row.mentee_person_id => Who::Mentee,
        _ => Who::Coordinator,
    }
}

/// A pair on the wire.
pub fn wire(row: &entity::Model, beside: &Beside, context: &Context) -> Result<Pair, Problem> {
    let who = who(row, context);
    let round = beside.rounds.get(&row.round_id).and_then(Option::as_ref);
    let case = steps::case(row, round, who, context.now)?;
    let parts: Vec<runs::outcome::Part> = column::from_json(row.fit.clone())?;
    let flags: Vec<String> = column::from_json(row.flags.clone())?;
    let language = context.language;
    let href = context.href(format!("pairs/{}", row.id));
    Ok(Pair {
        id: row.id.into(),
        round_id: row.round_id.into(),
        mentor_id: row.mentor_id.into(),
        application_id: row.application_id.into(),
        mentor: member(row.mentor_person_id, &row.mentor_answer, beside)?,
        mentee: member(row.mentee_person_id, &row.mentee_answer, beside)?,
        state: case.state,
        ending: row.ending.as_deref().map(column::parse).transpose()?,
        answer_by: row.answer_by,
        fit: runs::words::parts(&parts, language),
        flags: flags
            .iter()
            .map(|code| runs::words::rule(code, language))
            .collect(),
        run_id: row.run_id.into(),
        proposed_at: row.proposed_at,
        active_since: row.active_since,
        ended_at: row.ended_at,
        meetings_held: row.meetings_held,
        pulses: pulses(row, beside, who)?,
        links: transition::allowed(&EDGES, &case, &href, links(who, &href, case.state)),
        transitions: transition::refused(&EDGES, &case, language),
    })
}

fn member(person: Uuid, answer: &str, beside: &Beside) -> Result<PairMember, DatabaseError> {
    Ok(PairMember {
        person_id: person.into(),
        name: beside.people.name(person),
        municipality_id: beside.people.municipality(person),
        municipality: beside.people.municipality_name(person),
        answer: column::parse(answer)?,
    })
}

/// Coordinators see what both say of the fit; each of the two what oneself said.
fn pulses(row: &entity::Model, beside: &Beside, who: Who) -> Result<Vec<Pulse>, DatabaseError> {
    let own = match who {
        Who::Mentor => Some(row.mentor_person_id),
        Who::Mentee => Some(row.mentee_person_id),
        Who::Coordinator | Who::Akademi => None,
    };
    let all = beside.pulses.iter().filter(|pulse| pulse.pair_id == row.id);
    all.filter(|pulse| own.is_none_or(|own| own == pulse.person_id))
        .map(|pulse| {
            Ok(Pulse {
                person_id: pulse.person_id.into(),
                fit: column::parse(&pulse.fit)?,
                given_at: pulse.given_at,
            })
        })
        .collect()
}

fn links(who: Who, href: &str, state: PairState) -> Links {
    let links = Links::to_self(href)
        .with("history", "GET", format!("{href}/history"))
        .with("meetings", "GET", format!("{href}/meetings"));
    if !who.is_member() || state == PairState::Proposed {
        return links;
    }
    ["agreement", "goals", "notes", "messages", "export"]
        .into_iter()
        .fold(links, |links, name| {
            links.with(name, "GET", format!("{href}/{name}"))
        })
}
