//! What is done to interviews: each step in an open change.

use super::{coding_entity, entity, interviewee_entity, model, store};
use crate::parts::Round;
use chrono::NaiveDate;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use shared_database::{Change, DatabaseError, column, row};
use shared_envelope::Keys;
use shared_projections::{participations, people};
use shared_types::{
    ApplicationId, InterviewId, PersonId, Problem,
    evaluation::{
        codes::{
            INTERVIEW_HELD, INTERVIEW_NOT_AGREED, INTERVIEW_ONE, INTERVIEW_QUOTE_NAMES,
            PARTICIPATION_UNKNOWN, THEME_UNKNOWN,
        },
        interviews::{Consent, InterviewCoding, InterviewKind, InterviewState, NewInterview},
    },
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Plans an interview and asks its participants for their consent.
pub async fn plan(
    change: &mut Change,
    round: &Round,
    body: &NewInterview,
) -> Result<entity::Model, Problem> {
    let asked: BTreeSet<Uuid> = body.application_ids.iter().map(|id| id.uuid()).collect();
    if body.kind == InterviewKind::Individual && asked.len() != 1 {
        return Err(Problem::of(&INTERVIEW_ONE));
    }
    let rows = participations::of_round(change.tx(), round.id).await?;
    let persons: BTreeMap<Uuid, Uuid> = rows
        .into_iter()
        .filter(|row| asked.contains(&row.id))
        .map(|row| (row.id, row.person_id))
        .collect();
    if persons.len() < asked.len() {
        return Err(Problem::of(&PARTICIPATION_UNKNOWN));
    }
    let interview = entity::Model {
        id: InterviewId::new().uuid(),
        round_id: round.id.uuid(),
        organiser_id: round.organiser_id.uuid(),
        kind: column::text(body.kind),
        guide: column::json(&body.guide_questions),
        state: column::text(InterviewState::Planned),
        day: body.planned_on,
        key_id: None,
        wrapped_key: None,
        notes: None,
        modified_at: change.actor.at,
        version: 1,
    };
    let interview = row::insert::<entity::Entity>(change.tx(), interview).await?;
    let interviewees =
        persons
            .into_iter()
            .map(|(application_id, person_id)| interviewee_entity::Model {
                interview_id: interview.id,
                application_id,
                person_id,
                consent: column::text(Consent::Asked),
            });
    row::insert_all::<interviewee_entity::Entity>(change.tx(), interviewees).await?;
    change.record("interview", interview.id, "interview.planned", None);
    Ok(interview)
}

/// Takes a participant's answer. Who takes back what was given, or refuses, has what was written
/// of the own interview erased; of a group's what was noted as said by oneself.
pub async fn consent(
    change: &mut Change,
    mut interview: entity::Model,
    mut own: interviewee_entity::Model,
    given: bool,
) -> Result<entity::Model, Problem> {
    let consent = if given {
        Consent::Given
    } else {
        Consent::Refused
    };
    own.consent = column::text(consent);
    let participation = own.application_id;
    row::update::<interviewee_entity::Entity>(change.tx(), own).await?;
    let edge = if given {
        "interview.consent_given"
    } else {
        erase(change, &mut interview, participation).await?;
        "interview.consent_refused"
    };
    change.record("interview", interview.id, edge, None);
    Ok(store::save(change, interview).await?)
}

async fn erase(
    change: &Change,
    interview: &mut entity::Model,
    participation: Uuid,
) -> Result<(), DatabaseError> {
    let kind: InterviewKind = column::parse(&interview.kind)?;
    if kind == InterviewKind::Individual {
        interview.key_id = None;
        interview.wrapped_key = None;
        interview.notes = None;
    }
    store::forget_codings(change, interview.id, Some(participation)).await
}

/// Notes that an interview was held.
pub async fn hold(
    change: &mut Change,
    mut interview: entity::Model,
    day: NaiveDate,
) -> Result<entity::Model, Problem> {
    if interview.state == column::text(InterviewState::Held) {
        return Err(Problem::of(&INTERVIEW_HELD));
    }
    check_agreed(change, &interview).await?;
    interview.state = column::text(InterviewState::Held);
    interview.day = Some(day);
    change.record("interview", interview.id, "interview.held", None);
    Ok(store::save(change, interview).await?)
}

/// Writes the notes anew.
pub async fn write(
    change: &mut Change,
    keys: &Keys,
    mut interview: entity::Model,
    text: &str,
) -> Result<entity::Model, Problem> {
    check_agreed(change, &interview).await?;
    let key = store::ready(keys, &mut interview)?;
    let sealed = key.seal(interview.id.as_bytes(), text.as_bytes());
    interview.notes = Some(sealed.map_err(Problem::internal)?);
    change.record("interview", interview.id, "interview.notes_written", None);
    Ok(store::save(change, interview).await?)
}

/// Says anew which places belong to which themes.
pub async fn code(
    change: &mut Change,
    keys: &Keys,
    mut interview: entity::Model,
    codings: &[InterviewCoding],
) -> Result<entity::Model, Problem> {
    let agreed = agreed(change, &interview).await?;
    let known = store::themes(interview.round_id.into());
    let known = known.all(change.tx()).await.map_err(DatabaseError::from)?;
    let known: BTreeSet<Uuid> = known.into_iter().map(|theme| theme.id).collect();
    let names = names(change, interview.round_id).await?;
    let key = store::ready(keys, &mut interview)?;
    let mut rows = Vec::with_capacity(codings.len());
    for (number, coding) in (1..).zip(codings) {
        if !known.contains(&coding.theme_id.uuid()) {
            return Err(Problem::of(&THEME_UNKNOWN));
        }
        if !agreed.contains(&coding.application_id) {
            return Err(Problem::of(&INTERVIEW_NOT_AGREED));
        }
        let quote = coding.quote.as_deref();
        if quote.is_some_and(|quote| model::names_somebody(quote, &names)) {
            return Err(Problem::of(&INTERVIEW_QUOTE_NAMES));
        }
        let place = place(interview.id, number);
        let sealed = quote.map(|quote| key.seal(&place, quote.as_bytes()));
        rows.push(coding_entity::Model {
            interview_id: interview.id,
            number,
            theme_id: coding.theme_id.uuid(),
            application_id: coding.application_id.uuid(),
            quote: sealed.transpose().map_err(Problem::internal)?,
        });
    }
    store::forget_codings(change, interview.id, None).await?;
    row::insert_all::<coding_entity::Entity>(change.tx(), rows).await?;
    change.record("interview", interview.id, "interview.coded", None);
    Ok(store::save(change, interview).await?)
}

/// To which row a sealed quote belongs.
pub fn place(interview: Uuid, number: i32) -> Vec<u8> {
    [interview.as_bytes().as_slice(), &number.to_be_bytes()].concat()
}

/// Forgets what was written of a person, and that the person was asked.
pub async fn forget(change: &mut Change, person: PersonId) -> Result<(), Problem> {
    for own in store::of_person(change.tx(), person).await? {
        let interview = store::lock(change, own.interview_id).await?;
        if let Some(mut interview) = interview {
            erase(change, &mut interview, own.application_id).await?;
            change.record("interview", interview.id, "interview.person_erased", None);
            store::save(change, interview).await?;
        }
    }
    interviewee_entity::Entity::delete_many()
        .filter(interviewee_entity::Column::PersonId.eq(person.uuid()))
        .exec(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    Ok(())
}

async fn check_agreed(change: &Change, interview: &entity::Model) -> Result<(), Problem> {
    let interviewees = store::interviewees(change.tx(), &[interview.id]).await?;
    let consents = interviewees
        .values()
        .flatten()
        .map(|one| column::parse(&one.consent))
        .collect::<Result<Vec<Consent>, _>>()?;
    if model::may_write(column::parse(&interview.kind)?, &consents) {
        Ok(())
    } else {
        Err(Problem::of(&INTERVIEW_NOT_AGREED))
    }
}

async fn agreed(
    change: &Change,
    interview: &entity::Model,
) -> Result<BTreeSet<ApplicationId>, Problem> {
    check_agreed(change, interview).await?;
    let given = column::text(Consent::Given);
    let interviewees = store::interviewees(change.tx(), &[interview.id]).await?;
    let agreed = interviewees.into_values().flatten();
    let agreed = agreed.filter(|one| one.consent == given);
    Ok(agreed.map(|one| one.application_id.into()).collect())
}

/// The names of everybody who takes part in a round.
async fn names(change: &Change, round: Uuid) -> Result<Vec<String>, DatabaseError> {
    let rows = participations::of_round(change.tx(), round.into()).await?;
    let persons: Vec<Uuid> = rows.into_iter().map(|row| row.person_id).collect();
    let people = people::find_all(change.tx(), persons).await?;
    Ok(people.into_values().map(|person| person.name).collect())
}
