//! Queries of releases, and of what was last released.

use super::{
    claim, entity,
    needed::{self},
    released_day, released_facilitator, released_session,
};
use crate::{electives, materials, proposals};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _,
    IntoActiveModel as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
};
use shared_database::{Change, DatabaseError, column, row};
use shared_types::{
    RoundId, SessionId,
    scheduling::releases::{ReleasedSession, SessionStatus},
};

/// The releases of a round.
pub fn of_round(round: RoundId) -> Select<entity::Entity> {
    entity::Entity::find().filter(entity::Column::RoundId.eq(round.uuid()))
}

/// A release by its number.
pub async fn find(
    connection: &impl ConnectionTrait,
    round: RoundId,
    number: i32,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = of_round(round).filter(entity::Column::Number.eq(number));
    Ok(found.one(connection).await?)
}

/// The newest release of a round.
pub async fn newest(
    connection: &impl ConnectionTrait,
    round: RoundId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = of_round(round)
        .order_by_desc(entity::Column::Number)
        .limit(1);
    Ok(found.one(connection).await?)
}

/// Whether people have seen a session.
pub async fn was_released(
    connection: &impl ConnectionTrait,
    id: SessionId,
) -> Result<bool, DatabaseError> {
    let found = released_session::Entity::find_by_id(id.uuid());
    Ok(found.one(connection).await?.is_some())
}

/// Forgets what hangs on a session that nobody has seen.
pub async fn forget_extras(change: &Change, id: SessionId) -> Result<(), DatabaseError> {
    let id = id.uuid();
    materials::entity::Entity::delete_many()
        .filter(materials::entity::Column::SessionId.eq(id))
        .exec(change.tx())
        .await?;
    proposals::entity::Entity::delete_many()
        .filter(proposals::entity::Column::SessionId.eq(id))
        .exec(change.tx())
        .await?;
    electives::entity::Entity::delete_many()
        .filter(electives::entity::Column::SessionId.eq(id))
        .exec(change.tx())
        .await?;
    Ok(())
}

/// Brings what people see of a session to a new state.
pub async fn put(change: &Change, session: &ReleasedSession) -> Result<(), DatabaseError> {
    let (tx, id) = (change.tx(), session.id.uuid());
    let row = released_session::Model {
        session_id: id,
        round_id: session.round_id.uuid(),
        organiser_id: session.organiser_id.uuid(),
        kind: column::text(session.kind),
        status: column::text(session.status),
        sequence: session.sequence,
        changed_at: session.changed_at,
        cancelled_at: session.cancelled_at,
        starts_at: session.days.first().map(|day| day.starts),
        ends_at: session.days.last().map(|day| day.ends),
        content: column::json(session),
    };
    let there = released_session::Entity::find_by_id(id).one(tx).await?;
    if there.is_some() {
        row.into_active_model().reset_all().update(tx).await?;
    } else {
        row::insert::<released_session::Entity>(tx, row).await?;
    }
    released_day::Entity::delete_many()
        .filter(released_day::Column::SessionId.eq(id))
        .exec(tx)
        .await?;
    released_facilitator::Entity::delete_many()
        .filter(released_facilitator::Column::SessionId.eq(id))
        .exec(tx)
        .await?;
    claim::Entity::delete_many()
        .filter(claim::Column::SessionId.eq(id))
        .exec(tx)
        .await?;
    let facilitators = session.facilitator_ids.iter();
    let facilitators = facilitators.map(|person| released_facilitator::Model {
        session_id: id,
        person_id: person.uuid(),
    });
    row::insert_all::<released_facilitator::Entity>(tx, facilitators).await?;
    if session.status == SessionStatus::Cancelled {
        return Ok(());
    }
    let days = session.days.iter().map(|day| released_day::Model {
        session_id: id,
        number: day.number,
        round_id: session.round_id.uuid(),
        held_on: day.date,
        starts_at: day.starts,
        ends_at: day.ends,
        counts: session.counts,
    });
    row::insert_all::<released_day::Entity>(tx, days).await?;
    let claims = needed::by(session).into_iter().map(|need| claim::Model {
        resource_id: need.resource,
        session_id: id,
        day: need.day,
        kind: need.kind.word().to_owned(),
        round_id: session.round_id.uuid(),
        starts_at: need.starts,
        ends_at: need.ends,
    });
    row::insert_all::<claim::Entity>(tx, claims).await
}
