//! Invites, tells anew, withdraws, and takes answers.

use super::{
    entity,
    model::{self, LINK_KIND},
    store, words,
};
use crate::{
    api,
    audiences::{self, pairs},
    calendars,
    plans::released,
    releases::released_session,
};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use shared_calendar::{Event, Method, Party};
use shared_database::{Change, DatabaseError, column, row};
use shared_projections::{organisations, people};
use shared_types::{
    InvitationId, Language, LinkId, OfficeId, OrganisationId, PersonId, Problem, RoundId, Words,
    codes,
    facts::{MESSAGE_REQUESTED, MessageLink, MessageRequested},
    scheduling::{
        invitations::{InvitationState, InvitedAs, NewInvitationAnswer},
        releases::{ReleasedDay, ReleasedSession},
        sessions::SessionKind,
    },
};
use shared_web::page::figure;
use std::collections::BTreeMap;

/// Invites whoever is to be invited to the sessions of a round, and withdraws what no longer
/// holds: after a release, and when who they are has changed. Nobody is told twice.
pub async fn reconcile(change: &mut Change, round: RoundId) -> Result<(), Problem> {
    let with_guests = ceremonies(change, round).await?;
    if with_guests.is_empty() {
        return Ok(());
    }
    let mentors = pairs::mentors_of(change.tx(), round).await?;
    let mentors: Vec<PersonId> = mentors.into_iter().map(PersonId::from).collect();
    let offices = audiences::store::directors(change.tx(), round).await?;
    for session in with_guests {
        // Who decides on the day: whoever acts then is invited beside the holder.
        let begins = model::begins(&session).unwrap_or(change.actor.at);
        let mut directors: Vec<(OfficeId, PersonId)> = Vec::with_capacity(offices.len());
        for office in &offices {
            let deciders = office.deciders(begins.date_naive())?;
            directors.extend(
                deciders
                    .into_iter()
                    .map(|person| (office.id.into(), person)),
            );
        }
        let guests = model::guests(&session, &mentors, &directors, change.actor.at);
        of_session(change, &session, guests).await?;
    }
    Ok(())
}

/// The released sessions of a round to which guests are invited.
async fn ceremonies(
    change: &Change,
    round: RoundId,
) -> Result<Vec<ReleasedSession>, DatabaseError> {
    let rows = released_session::Entity::find()
        .filter(released_session::Column::RoundId.eq(round.uuid()))
        .filter(released_session::Column::Kind.eq(column::text(SessionKind::Ceremony)))
        .order_by_asc(released_session::Column::SessionId)
        .all(change.tx())
        .await?;
    let sessions: Result<Vec<_>, _> = rows.into_iter().map(released::read).collect();
    let has_guests = |session: &ReleasedSession| model::has_guests(session);
    Ok(sessions?.into_iter().filter(has_guests).collect())
}

async fn of_session(
    change: &mut Change,
    session: &ReleasedSession,
    mut guests: BTreeMap<PersonId, (InvitedAs, Option<OfficeId>)>,
) -> Result<(), Problem> {
    let is_over = model::begins(session).is_some_and(|begins| begins <= change.actor.at);
    for row in store::of_session(change.tx(), session.id).await? {
        let state: InvitationState = column::parse(&row.state)?;
        let guest = guests.remove(&row.person_id.into());
        match (state, guest) {
            (InvitationState::Open, Some(_)) if row.told_sequence != session.sequence => {
                tell_anew(change, session, row).await?;
            }
            (InvitationState::Open, None) if !is_over => withdraw(change, session, row).await?,
            (InvitationState::Withdrawn, Some((invited_as, office))) => {
                // Invited again: by a new link, and asked anew.
                let row = entity::Model {
                    invited_as: column::text(invited_as),
                    office_id: office.map(OfficeId::uuid),
                    link_id: LinkId::new().uuid(),
                    state: column::text(InvitationState::Open),
                    verdict: None,
                    comment: None,
                    answered_at: None,
                    invited_at: change.actor.at,
                    told_sequence: session.sequence,
                    version: row.version + 1,
                    ..row
                };
                invited(change, session, after(row, session)).await?;
            }
            _ => {}
        }
    }
    for (person, (invited_as, office)) in guests {
        let row = entity::Model {
            id: InvitationId::new().uuid(),
            session_id: session.id.uuid(),
            round_id: session.round_id.uuid(),
            organiser_id: session.organiser_id.uuid(),
            person_id: person.uuid(),
            invited_as: column::text(invited_as),
            office_id: office.map(OfficeId::uuid),
            link_id: LinkId::new().uuid(),
            state: column::text(InvitationState::Open),
            verdict: None,
            comment: None,
            answered_at: None,
            invited_at: change.actor.at,
            told_sequence: session.sequence,
            mailed_sequence: session.sequence,
            mailed_days: None,
            version: 1,
        };
        let row = row::insert::<entity::Entity>(change.tx(), row).await?;
        invited(change, session, row).await?;
    }
    Ok(())
}

async fn invited(
    change: &mut Change,
    session: &ReleasedSession,
    row: entity::Model,
) -> Result<(), Problem> {
    let row = entity::Model {
        mailed_days: Some(column::json(&session.days)),
        ..row
    };
    let row = row::update::<entity::Entity>(change.tx(), row).await?;
    change.record("invitation", row.id, "invitation.sent", None);
    let why = match column::parse(&row.invited_as)? {
        InvitedAs::Mentor => words::AS_MENTOR,
        InvitedAs::Director => words::AS_DIRECTOR,
    };
    let said = Said {
        subject: words::SUBJECT,
        paragraphs: vec![why, words::PLEASE_ANSWER],
        method: Method::Request,
    };
    tell(change, session, &row, said).await
}

/// An invitation of which one more mail is about to go out: its appointments bear a higher number
/// than all before, whether the session has changed or only who is invited.
fn after(row: entity::Model, session: &ReleasedSession) -> entity::Model {
    entity::Model {
        mailed_sequence: session.sequence.max(row.mailed_sequence + 1),
        ..row
    }
}

/// The days that were mailed to somebody; of those who were invited before it was kept, the
/// session's.
fn mailed(
    row: &entity::Model,
    session: &ReleasedSession,
) -> Result<Vec<ReleasedDay>, DatabaseError> {
    let mailed = row.mailed_days.clone().map(column::from_json);
    Ok(mailed.transpose()?.unwrap_or_else(|| session.days.clone()))
}

async fn tell_anew(
    change: &mut Change,
    session: &ReleasedSession,
    row: entity::Model,
) -> Result<(), Problem> {
    let before = mailed(&row, session)?;
    let row = entity::Model {
        told_sequence: session.sequence,
        mailed_days: Some(column::json(&session.days)),
        ..after(row, session)
    };
    let row = row::update::<entity::Entity>(change.tx(), row).await?;
    change.record("invitation", row.id, "invitation.told_anew", None);
    // Days are appointments of their own: one that is gone is taken back by itself.
    let is_there = |day: &ReleasedDay| session.days.iter().any(|one| one.number == day.number);
    let gone = ReleasedSession {
        days: before.into_iter().filter(|day| !is_there(day)).collect(),
        ..session.clone()
    };
    if !gone.days.is_empty() {
        let said = Said {
            subject: words::CANCELLED,
            paragraphs: vec![words::DAYS_GONE],
            method: Method::Cancel,
        };
        tell(change, &gone, &row, said).await?;
    }
    let said = Said {
        subject: words::MOVED,
        paragraphs: vec![words::NEW_TIMES],
        method: Method::Request,
    };
    tell(change, session, &row, said).await
}

async fn withdraw(
    change: &mut Change,
    session: &ReleasedSession,
    row: entity::Model,
) -> Result<(), Problem> {
    let told = ReleasedSession {
        days: mailed(&row, session)?,
        ..session.clone()
    };
    let row = entity::Model {
        state: column::text(InvitationState::Withdrawn),
        mailed_days: Some(column::json(&Vec::<ReleasedDay>::new())),
        version: row.version + 1,
        ..after(row, session)
    };
    let row = row::update::<entity::Entity>(change.tx(), row).await?;
    change.record("invitation", row.id, "invitation.withdrawn", None);
    let said = Said {
        subject: words::CANCELLED,
        paragraphs: vec![words::NO_LONGER],
        method: Method::Cancel,
    };
    tell(change, &told, &row, said).await
}

/// What a message says.
struct Said {
    subject: Words,
    paragraphs: Vec<Words>,
    method: Method,
}

/// Asks for the messages: one for each day, since an appointment in a mail has one event; without
/// days one, without an appointment.
async fn tell(
    change: &mut Change,
    session: &ReleasedSession,
    row: &entity::Model,
    said: Said,
) -> Result<(), Problem> {
    let Some(person) = people::find(change.tx(), row.person_id.into()).await? else {
        // Whoever is not known yet can't be written to; the API shows the invitation.
        return Ok(());
    };
    if !person.active {
        return Ok(());
    }
    let language: Language = column::parse(&person.language)?;
    let organiser = organisations::find(change.tx(), session.organiser_id).await?;
    let organiser = organiser.map_or_else(|| "Akademi".to_owned(), |known| known.name);
    let organiser = Party::known(session.organiser_id, organiser);
    let attendee = Party::known(person.id, person.name);
    let numbered = ReleasedSession {
        sequence: row.mailed_sequence,
        ..session.clone()
    };
    let events = calendars::model::events(&numbered, language);
    let objects: Vec<Option<String>> = if events.is_empty() {
        vec![None]
    } else {
        let object = |event: &Event| {
            let parties = (&organiser, &attendee);
            shared_calendar::message(said.method, event, parties, language, change.actor.at)
        };
        events.iter().map(|event| Some(object(event))).collect()
    };
    for calendar in objects {
        let message = MessageRequested {
            person_id: row.person_id.into(),
            organiser_id: Some(session.organiser_id),
            template: "session_invitation".to_owned(),
            subject: subject(session, &said, language),
            text: text(session, &said, language),
            link: (said.method == Method::Request).then(|| MessageLink {
                service: api::NAME.to_owned(),
                kind: LINK_KIND.to_owned(),
                link_id: row.link_id.into(),
            }),
            calendar,
        };
        change.publish(MESSAGE_REQUESTED, row.person_id, column::json(&message));
    }
    Ok(())
}

fn subject(session: &ReleasedSession, said: &Said, language: Language) -> String {
    let name = session.name.best(language).to_owned();
    said.subject.fill(language, &[("name", name)])
}

fn text(session: &ReleasedSession, said: &Said, language: Language) -> String {
    let mut paragraphs: Vec<String> = said
        .paragraphs
        .iter()
        .map(|words| words.get(language).to_owned())
        .collect();
    paragraphs.insert(1.min(paragraphs.len()), when(session, language).join("\n"));
    paragraphs.join("\n\n")
}

/// When a session is, a line for each day.
pub(super) fn when(session: &ReleasedSession, language: Language) -> Vec<String> {
    if session.days.is_empty() {
        return vec![words::NO_DAYS.get(language).to_owned()];
    }
    let line = |day: &ReleasedDay| {
        let (from, to) = (
            day.starts_at.0.format("%H.%M"),
            day.ends_at.0.format("%H.%M"),
        );
        format!("{}, {from}–{to}", figure::date(day.date, language))
    };
    session.days.iter().map(line).collect()
}

/// An invitation under its lock, with its session.
pub async fn locked(
    change: &Change,
    id: InvitationId,
) -> Result<(entity::Model, ReleasedSession), Problem> {
    let missing = || Problem::of(&codes::NOT_FOUND);
    let row = entity::Entity::find_by_id(id.uuid())
        .lock_exclusive()
        .one(change.tx())
        .await
        .map_err(DatabaseError::from)?
        .ok_or_else(missing)?;
    let session = released::find(change.tx(), row.session_id.into()).await?;
    Ok((row, session.ok_or_else(missing)?))
}

/// Takes an answer that was judged; the same answer again changes nothing.
pub async fn answer(
    change: &mut Change,
    row: entity::Model,
    body: NewInvitationAnswer,
) -> Result<entity::Model, Problem> {
    let verdict = column::text(body.verdict);
    if row.verdict.as_ref() == Some(&verdict) && row.comment == body.comment {
        return Ok(row);
    }
    let edge = format!("invitation.answered_{verdict}");
    let row = entity::Model {
        verdict: Some(verdict),
        comment: body.comment,
        answered_at: Some(change.actor.at),
        version: row.version + 1,
        ..row
    };
    let row = row::update::<entity::Entity>(change.tx(), row).await?;
    change.record("invitation", row.id, &edge, None);
    let organiser = OrganisationId::from(row.organiser_id);
    let fact = serde_json::json!({
        "invitationId": row.id, "sessionId": row.session_id, "roundId": row.round_id,
        "organiserId": organiser, "personId": row.person_id, "invitedAs": row.invited_as,
        "verdict": row.verdict, "version": row.version,
    });
    change.publish("invitation.answered", row.id, fact);
    Ok(row)
}
