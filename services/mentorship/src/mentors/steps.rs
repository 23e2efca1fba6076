//! What is done to mentors: each step in an open change.

use super::{entity, store};
use crate::{
    alarms,
    known::{People, Round},
    mentees::wishes,
};
use serde_json::json;
use shared_database::{Change, column, row};
use shared_types::{
    Language, MentorId, PersonId, Problem, RoundId,
    mentorship::{
        codes::{MENTOR_EXISTS, MENTOR_PERSON_UNKNOWN},
        mentors::{MentorChange, NewMentor},
        profiles::Profile,
    },
};
use uuid::Uuid;

/// Takes a person into a round's pool.
pub async fn insert(
    change: &mut Change,
    round: &Round,
    body: NewMentor,
) -> Result<entity::Model, Problem> {
    let people = People::of(change.tx(), [body.person_id.uuid()]).await?;
    if people.get(body.person_id.uuid()).is_none() {
        return Err(Problem::of(&MENTOR_PERSON_UNKNOWN));
    }
    if store::of_person(change.tx(), round.id, body.person_id)
        .await?
        .is_some()
    {
        return Err(Problem::of(&MENTOR_EXISTS));
    }
    let mentor = entity::Model {
        id: MentorId::new().uuid(),
        round_id: round.id.uuid(),
        organiser_id: round.organiser_id.uuid(),
        person_id: body.person_id.uuid(),
        capacity: body.capacity,
        profile: column::json(&body.profile),
        wishes: json!([]),
        modified_at: change.actor.at,
        version: 1,
    };
    let mentor = row::insert::<entity::Entity>(change.tx(), mentor).await?;
    tell(change, &mentor, "mentor.joined");
    Ok(mentor)
}

/// Changes what is said of a mentor.
pub async fn revise(
    change: &mut Change,
    mut row: entity::Model,
    body: MentorChange,
    language: Language,
) -> Result<entity::Model, Problem> {
    if let Some(wanted) = body.wishes {
        wishes::judge_mentor(change.tx(), &row, &wanted, language).await?;
        row.wishes = column::json(&wanted);
    }
    row.capacity = body.capacity.unwrap_or(row.capacity);
    if let Some(profile) = body.profile {
        row.profile = column::json(&profile);
    }
    let row = store::save(change, row).await?;
    tell(change, &row, "mentor.changed");
    alarms::steps::review(change, row.round_id.into()).await?;
    Ok(row)
}

/// Forgets what is said of a person in every pool, where the person takes nobody any more; says
/// which places it were.
pub async fn forget(change: &mut Change, person: PersonId) -> Result<Vec<Uuid>, Problem> {
    let mut ids = Vec::new();
    for mut mentor in store::of_anybody(change.tx(), person.uuid()).await? {
        mentor.capacity = 0;
        mentor.profile = column::json(&Profile::default());
        mentor.wishes = json!([]);
        let mentor = store::save(change, mentor).await?;
        tell(change, &mentor, "mentor.changed");
        ids.push(mentor.id);
    }
    Ok(ids)
}

/// Ends the pool of a round that will not be held: its mentors take nobody any more. What they said
/// of themselves stays theirs. Doing it again changes nothing.
pub async fn end_pool(change: &mut Change, round: RoundId) -> Result<(), Problem> {
    let pool = store::of_round(change.tx(), round.uuid()).await?;
    for mut mentor in pool.into_iter().filter(|mentor| mentor.capacity > 0) {
        mentor.capacity = 0;
        let mentor = store::save(change, mentor).await?;
        tell(change, &mentor, "mentor.changed");
    }
    alarms::steps::review(change, round).await
}

fn tell(change: &mut Change, mentor: &entity::Model, edge: &str) {
    change.record("mentor", mentor.id, edge, None);
    change.publish(
        edge,
        mentor.id,
        json!({
            "mentorId": mentor.id, "roundId": mentor.round_id, "personId": mentor.person_id,
            "organiserId": mentor.organiser_id, "capacity": mentor.capacity, "version": mentor.version,
        }),
    );
}
