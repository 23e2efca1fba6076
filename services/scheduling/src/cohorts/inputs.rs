//! What a plan is made of: a request and what is known of its people and rounds.

use super::{
    assign::{Person, Round},
    assignment,
};
use crate::dates::propose::Period;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use shared_database::{DatabaseError, column};
use shared_projections::{people, programmes, rounds};
use shared_types::{
    FieldProblem, OrganisationId, Problem, ProgrammeId, codes,
    registration::{
        codes::{PERSON_UNKNOWN, PROGRAMME_UNKNOWN},
        people::PersonKind,
    },
    scheduling::{
        codes::{COHORT_TOO_LARGE, ROUND_UNKNOWN},
        cohorts::{CohortAbsence, CohortLock, CohortPeople, CohortRoundInput},
        sessions,
    },
};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// The most people of one plan.
const PEOPLE_MOST: usize = 1_500;

/// What a request asks to be planned.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The rounds.
    pub rounds: &'a [CohortRoundInput],
    /// Who.
    pub people: &'a CohortPeople,
    /// When they are away.
    pub absences: &'a [CohortAbsence],
    /// Who has to be where.
    pub locks: &'a [CohortLock],
}

/// A round with when it meets, as the wire has it.
#[derive(Clone, Debug)]
pub struct KnownRound {
    /// As it is planned with.
    pub round: Round,
    /// When it meets.
    pub meets: Vec<sessions::Period>,
}

/// Everything that is planned with.
#[derive(Clone, Debug)]
pub struct Inputs {
    /// People.
    pub people: Vec<Person>,
    /// Rounds, in the order of the request.
    pub rounds: Vec<KnownRound>,
}

/// The programme's organiser.
pub async fn organiser(
    connection: &impl ConnectionTrait,
    programme: ProgrammeId,
) -> Result<OrganisationId, Problem> {
    let known = programmes::find(connection, programme).await?;
    let known = known.ok_or_else(|| Problem::of(&PROGRAMME_UNKNOWN))?;
    Ok(known.organiser_id.into())
}

/// Reads what is planned with; `before` are the assignments of the plan so far.
pub async fn read(
    connection: &impl ConnectionTrait,
    programme: ProgrammeId,
    asked: Asked<'_>,
    before: &[assignment::Model],
) -> Result<Inputs, Problem> {
    check(asked)?;
    let rounds = known_rounds(connection, programme, asked.rounds).await?;
    let people = known_people(connection, asked.people, before).await?;
    if people.len() > PEOPLE_MOST {
        return Err(Problem::of(&COHORT_TOO_LARGE)
            .value("count", people.len())
            .value("most", PEOPLE_MOST));
    }
    let people = arrange(people, &rounds, asked, before)?;
    Ok(Inputs { people, rounds })
}

/// What is wrong with the body by itself.
fn check(asked: Asked<'_>) -> Result<(), Problem> {
    let mut errors = Vec::new();
    let mut wrong = |pointer: String, words: &'static str| {
        errors.push(FieldProblem::pointer(pointer, "invalid", words));
    };
    for (place, round) in asked.rounds.iter().enumerate() {
        if asked
            .rounds
            .iter()
            .take(place)
            .any(|one| one.round_id == round.round_id)
        {
            wrong(
                format!("/rounds/{place}/roundId"),
                "The round is named twice.",
            );
        }
        for (number, meets) in round.meets.iter().enumerate() {
            if meets.ends_on < meets.starts_on {
                let pointer = format!("/rounds/{place}/meets/{number}/endsOn");
                wrong(pointer, "The last day is before the first.");
            }
        }
    }
    for (place, absence) in asked.absences.iter().enumerate() {
        if absence.ends_on < absence.starts_on {
            let pointer = format!("/absences/{place}/endsOn");
            wrong(pointer, "The last day is before the first.");
        }
    }
    if asked.people.person_ids.is_empty() && asked.people.organisation_ids.is_empty() {
        wrong("/people".to_owned(), "Name people or organisations.");
    }
    if errors.is_empty() {
        return Ok(());
    }
    Err(Problem::of(&codes::INVALID_BODY).errors(errors))
}

async fn known_rounds(
    connection: &impl ConnectionTrait,
    programme: ProgrammeId,
    asked: &[CohortRoundInput],
) -> Result<Vec<KnownRound>, Problem> {
    let ids = asked.iter().map(|round| round.round_id.uuid());
    let known = rounds::find_all(connection, ids).await?;
    let mut found = Vec::with_capacity(asked.len());
    let mut errors = Vec::new();
    for (place, round) in asked.iter().enumerate() {
        let of_programme = known
            .get(&round.round_id.uuid())
            .filter(|known| known.programme_id == programme.uuid());
        let Some(known) = of_programme else {
            let words = "The programme has no such round that is known here.";
            let pointer = format!("/rounds/{place}/roundId");
            errors.push(FieldProblem::pointer(pointer, ROUND_UNKNOWN.name, words));
            continue;
        };
        let mut meets = round.meets.clone();
        if let (true, Some(starts_on), Some(ends_on)) =
            (meets.is_empty(), known.starts_on, known.ends_on)
        {
            meets.push(sessions::Period { starts_on, ends_on });
        }
        let capacity = round.capacity.unwrap_or(known.seats);
        found.push(KnownRound {
            round: Round {
                id: round.round_id,
                capacity: u32::try_from(capacity).unwrap_or(0),
                meets: meets.iter().map(|one| period(*one)).collect(),
            },
            meets,
        });
    }
    if errors.is_empty() {
        return Ok(found);
    }
    Err(Problem::of(&ROUND_UNKNOWN).errors(errors))
}

const fn period(period: sessions::Period) -> Period {
    Period {
        from: period.starts_on,
        to: period.ends_on,
    }
}

/// Those who are named, those whom the filter finds, and those who are published already.
async fn known_people(
    connection: &impl ConnectionTrait,
    asked: &CohortPeople,
    before: &[assignment::Model],
) -> Result<BTreeMap<Uuid, people::Model>, Problem> {
    let named: Vec<Uuid> = asked.person_ids.iter().map(|id| id.uuid()).collect();
    let known = people::find_all(connection, named.iter().copied()).await?;
    let is_missing = |id: &Uuid| known.get(id).is_none_or(|person| !person.active);
    let missing = named.iter().enumerate().filter(|(_, id)| is_missing(id));
    let words = "Nobody active is known here by this id.";
    let errors: Vec<_> = missing
        .map(|(place, _)| {
            let pointer = format!("/people/personIds/{place}");
            FieldProblem::pointer(pointer, PERSON_UNKNOWN.name, words)
        })
        .collect();
    if !errors.is_empty() {
        return Err(Problem::of(&PERSON_UNKNOWN).errors(errors));
    }
    let kinds = if asked.person_kinds.is_empty() {
        vec![column::text(PersonKind::EmployedManager)]
    } else {
        asked.person_kinds.iter().map(column::text).collect()
    };
    let organisations = asked.organisation_ids.iter().map(|id| id.uuid());
    let found = people::Entity::find()
        .filter(people::Column::OrganisationId.is_in(organisations))
        .filter(people::Column::Kind.is_in(kinds))
        .filter(people::Column::Active.eq(true))
        .all(connection)
        .await
        .map_err(DatabaseError::from)?;
    let settled = before.iter().filter(|row| row.is_settled());
    let settled = people::find_all(connection, settled.map(|row| row.person_id)).await?;
    let all = known
        .into_values()
        .chain(found)
        .chain(settled.into_values());
    Ok(all.map(|person| (person.id, person)).collect())
}

/// The people with where they were, what holds them there, and when they are away.
fn arrange(
    known: BTreeMap<Uuid, people::Model>,
    rounds: &[KnownRound],
    asked: Asked<'_>,
    before: &[assignment::Model],
) -> Result<Vec<Person>, Problem> {
    let before: HashMap<Uuid, &assignment::Model> =
        before.iter().map(|row| (row.person_id, row)).collect();
    let mut people: BTreeMap<Uuid, Person> = known
        .into_values()
        .map(|person| {
            let row = before
                .get(&person.id)
                .filter(|row| row.refusal_code.is_none());
            let planned = Person {
                id: person.id.into(),
                department: person.department_id.map(Into::into),
                leader: person.manager_id.map(Into::into),
                away: Vec::new(),
                before: row.and_then(|row| row.round_id).map(Into::into),
                is_locked: row.is_some_and(|row| row.is_settled()),
            };
            (person.id, planned)
        })
        .collect();
    let mut errors = Vec::new();
    let mut wrong = |pointer: String, words: &'static str| {
        errors.push(FieldProblem::pointer(pointer, "invalid", words));
    };
    let is_listed = |id| rounds.iter().any(|known| known.round.id == id);
    let lost = people.values().filter(|person| person.is_locked);
    if lost
        .filter_map(|person| person.before)
        .any(|id| !is_listed(id))
    {
        wrong(
            "/rounds".to_owned(),
            "A round with people who are published is missing.",
        );
    }
    for (place, lock) in asked.locks.iter().enumerate() {
        if !is_listed(lock.round_id) {
            wrong(
                format!("/locks/{place}/roundId"),
                "The plan has no such round.",
            );
        }
        match people.get_mut(&lock.person_id.uuid()) {
            None => wrong(
                format!("/locks/{place}/personId"),
                "The plan has no such person.",
            ),
            Some(person) if person.is_locked && person.before != Some(lock.round_id) => {
                wrong(
                    format!("/locks/{place}"),
                    "The person is in another round for good.",
                );
            }
            Some(person) => {
                person.before = Some(lock.round_id);
                person.is_locked = true;
            }
        }
    }
    for (place, absence) in asked.absences.iter().enumerate() {
        let away = Period {
            from: absence.starts_on,
            to: absence.ends_on,
        };
        match people.get_mut(&absence.person_id.uuid()) {
            Some(person) => person.away.push(away),
            None => wrong(
                format!("/absences/{place}/personId"),
                "The plan has no such person.",
            ),
        }
    }
    if errors.is_empty() {
        return Ok(people.into_values().collect());
    }
    Err(Problem::of(&codes::INVALID_BODY).errors(errors))
}
