//! Reads what stands around a plan: who takes part, and what other plans have taken.

use super::{
    affected::Circle,
    claim,
    findings::{Elsewhere, Surroundings, Taken},
    needed, released_session,
};
use crate::{
    audiences::pairs,
    electives, groups,
    plans::{self, draft::Loaded, released},
};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use shared_database::{DatabaseError, column};
use shared_projections::{offices, participations, people};
use shared_types::{
    OrganisationId, PersonId, RoundId, SessionId,
    registration::offices::OfficeKind,
    scheduling::{
        releases::{ReleasedSession, SessionStatus},
        sessions::Audience,
    },
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What stands around a plan whose next release would say `next`.
pub async fn load(
    connection: &impl ConnectionTrait,
    plan: &plans::entity::Model,
    loaded: &Loaded,
    next: &[ReleasedSession],
) -> Result<Surroundings, DatabaseError> {
    let participants = participations::of_round(connection, plan.round_id.into()).await?;
    let mut people: BTreeMap<RoundId, Vec<PersonId>> = BTreeMap::new();
    for part in other_parts(connection, plan, &participants).await? {
        let round = people.entry(part.round_id.into()).or_default();
        round.push(part.person_id.into());
    }
    let mut elsewhere = days(connection, plan, next, (Audience::Participants, &people)).await?;
    let mentors = other_mentors(connection, plan).await?;
    elsewhere.extend(days(connection, plan, next, (Audience::Mentors, &mentors)).await?);
    Ok(Surroundings {
        taken: taken(connection, plan, next).await?,
        elsewhere,
        roster: i32::try_from(participants.len()).unwrap_or(i32::MAX),
        inactive: loaded.inactive.clone(),
        promised: plan.promised_days,
    })
}

/// The first and the last instant of sessions that are held.
fn span(sessions: &[ReleasedSession]) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let live = || {
        let held = |session: &&ReleasedSession| session.status != SessionStatus::Cancelled;
        sessions
            .iter()
            .filter(held)
            .flat_map(|session| &session.days)
    };
    let starts = live().map(|day| day.starts).min()?;
    let ends = live().map(|day| day.ends).max()?;
    Some((starts, ends))
}

/// What other rounds have taken of the rooms and the people that these sessions need.
async fn taken(
    connection: &impl ConnectionTrait,
    plan: &plans::entity::Model,
    next: &[ReleasedSession],
) -> Result<Vec<Taken>, DatabaseError> {
    let needs = next.iter().flat_map(needed::by);
    let wanted: BTreeSet<Uuid> = needs.map(|need| need.resource).collect();
    let Some((starts, ends)) = span(next).filter(|_| !wanted.is_empty()) else {
        return Ok(Vec::new());
    };
    let claims = claim::Entity::find()
        .filter(claim::Column::ResourceId.is_in(wanted))
        .filter(claim::Column::RoundId.ne(plan.round_id))
        .filter(claim::Column::StartsAt.lt(ends))
        .filter(claim::Column::EndsAt.gt(starts))
        .all(connection)
        .await?;
    let own = own_sessions(connection, plan, claims.iter().map(|one| one.session_id)).await?;
    let taken = claims.into_iter().map(|claim| Taken {
        resource: claim.resource_id,
        session: own.get(&claim.session_id).copied(),
        starts: claim.starts_at,
        ends: claim.ends_at,
    });
    Ok(taken.collect())
}

/// Those of some sessions that are of the plan's own organiser: others are not its to know.
async fn own_sessions(
    connection: &impl ConnectionTrait,
    plan: &plans::entity::Model,
    ids: impl Iterator<Item = Uuid>,
) -> Result<BTreeMap<Uuid, SessionId>, DatabaseError> {
    let ids: BTreeSet<Uuid> = ids.collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let found = released_session::Entity::find()
        .filter(released_session::Column::SessionId.is_in(ids))
        .filter(released_session::Column::OrganiserId.eq(plan.organiser_id))
        .all(connection)
        .await?;
    let ids = found.into_iter().map(|row| row.session_id);
    Ok(ids.map(|id| (id, SessionId::from(id))).collect())
}

/// Days of other rounds' released plans for those who are of one audience in both.
async fn days(
    connection: &impl ConnectionTrait,
    plan: &plans::entity::Model,
    next: &[ReleasedSession],
    (audience, people): (Audience, &BTreeMap<RoundId, Vec<PersonId>>),
) -> Result<Vec<Elsewhere>, DatabaseError> {
    let Some((starts, ends)) = span(next) else {
        return Ok(Vec::new());
    };
    let rounds: Vec<RoundId> = people.keys().copied().collect();
    let mut found = Vec::new();
    for session in released::of_rounds(connection, &rounds).await? {
        let held = session.status != SessionStatus::Cancelled;
        if !held || !session.audience.contains(&audience) {
            continue;
        }
        let own = session.organiser_id.uuid() == plan.organiser_id;
        let days = session.days.iter();
        let days = days.filter(|day| day.starts < ends && starts < day.ends);
        found.extend(days.map(|day| Elsewhere {
            audience,
            session: own.then_some(session.id),
            starts: day.starts,
            ends: day.ends,
            people: people.get(&session.round_id).cloned().unwrap_or_default(),
        }));
    }
    Ok(found)
}

/// Other rounds in which the round's mentors support somebody, too.
async fn other_mentors(
    connection: &impl ConnectionTrait,
    plan: &plans::entity::Model,
) -> Result<BTreeMap<RoundId, Vec<PersonId>>, DatabaseError> {
    let round = RoundId::from(plan.round_id);
    let mut found: BTreeMap<RoundId, Vec<PersonId>> = BTreeMap::new();
    let mentors: BTreeSet<Uuid> = pairs::mentors_of(connection, round)
        .await?
        .into_iter()
        .collect();
    for mentor in mentors.into_iter().map(PersonId::from) {
        let rounds: BTreeSet<RoundId> = pairs::rounds_of(connection, mentor)
            .await?
            .into_iter()
            .collect();
        for other in rounds.into_iter().filter(|other| *other != round) {
            found.entry(other).or_default().push(mentor);
        }
    }
    Ok(found)
}

/// Parts that a round's participants have in other rounds.
async fn other_parts(
    connection: &impl ConnectionTrait,
    plan: &plans::entity::Model,
    participants: &[participations::Model],
) -> Result<Vec<participations::Model>, DatabaseError> {
    if participants.is_empty() {
        return Ok(Vec::new());
    }
    let ids: BTreeSet<Uuid> = participants.iter().map(|one| one.person_id).collect();
    let parts = participations::Entity::find()
        .filter(participations::Column::PersonId.is_in(ids))
        .filter(participations::Column::RoundId.ne(plan.round_id))
        .all(connection)
        .await?;
    Ok(parts
        .into_iter()
        .filter(participations::Model::takes_part)
        .collect())
}

/// The people around a round.
pub async fn circle(
    connection: &impl ConnectionTrait,
    round: RoundId,
    sessions: &[ReleasedSession],
    now: DateTime<Utc>,
) -> Result<Circle, DatabaseError> {
    let parts = participations::of_round(connection, round).await?;
    let participants: BTreeSet<PersonId> = parts.iter().map(|one| one.person_id.into()).collect();
    let ids = participants.iter().map(|person| person.uuid());
    let known = people::find_all(connection, ids).await?;
    let managers = known.values().filter_map(|person| person.manager_id);
    let municipalities: BTreeSet<Uuid> =
        parts.iter().filter_map(|one| one.municipality_id).collect();
    let mut directors = BTreeSet::new();
    for municipality in municipalities {
        directors.extend(directors_of(connection, municipality.into(), now).await?);
    }
    let mentors = pairs::mentors_of(connection, round).await?;
    let leading = sessions.iter().flat_map(|session| &session.facilitator_ids);
    Ok(Circle {
        facilitators: leading.copied().collect(),
        managers: managers.map(PersonId::from).collect(),
        directors,
        mentors: mentors.into_iter().map(PersonId::from).collect(),
        groups: groups::store::people_by_group(connection, round).await?,
        choices: electives::store::of_round(connection, round).await?,
        participants,
    })
}

/// Who decides for a municipality now.
async fn directors_of(
    connection: &impl ConnectionTrait,
    municipality: OrganisationId,
    now: DateTime<Utc>,
) -> Result<Vec<PersonId>, DatabaseError> {
    let kind = column::text(OfficeKind::MunicipalDirector);
    let mut found = Vec::new();
    for office in offices::of(connection, municipality).await? {
        if office.kind == kind {
            found.extend(office.deciders(now.date_naive())?);
        }
    }
    Ok(found)
}
