//! What people see of plans: sessions as they were last released. Calendars, rosters, attendance
//! and invitations read this and never the draft.

use crate::releases::{released_day, released_facilitator, released_session};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};
use shared_database::{DatabaseError, column};
use shared_types::{RoundId, SessionId, scheduling::releases::ReleasedSession};
use uuid::Uuid;

/// The session of a row.
pub fn read(row: released_session::Model) -> Result<ReleasedSession, DatabaseError> {
    column::from_json(row.content)
}

/// A released session.
pub async fn find(
    connection: &impl ConnectionTrait,
    id: SessionId,
) -> Result<Option<ReleasedSession>, DatabaseError> {
    let row = released_session::Entity::find_by_id(id.uuid());
    row.one(connection).await?.map(read).transpose()
}

/// The released sessions of some rounds, cancelled ones included, in the order of their days;
/// those without days stand last.
pub async fn of_rounds(
    connection: &impl ConnectionTrait,
    rounds: &[RoundId],
) -> Result<Vec<ReleasedSession>, DatabaseError> {
    if rounds.is_empty() {
        return Ok(Vec::new());
    }
    let rounds = rounds.iter().map(|round| round.uuid());
    let rows = released_session::Entity::find()
        .filter(released_session::Column::RoundId.is_in(rounds))
        .all(connection)
        .await?;
    ordered(rows)
}

/// The released sessions that one of some people leads, cancelled ones included, in the order of
/// their days.
pub async fn led_by(
    connection: &impl ConnectionTrait,
    people: &[Uuid],
) -> Result<Vec<ReleasedSession>, DatabaseError> {
    let led = released_facilitator::Entity::find()
        .filter(released_facilitator::Column::PersonId.is_in(people.iter().copied()))
        .all(connection)
        .await?;
    if led.is_empty() {
        return Ok(Vec::new());
    }
    let ids = led.into_iter().map(|row| row.session_id);
    let rows = released_session::Entity::find()
        .filter(released_session::Column::SessionId.is_in(ids))
        .all(connection)
        .await?;
    ordered(rows)
}

/// The days of a round's sessions that are held, in their order.
pub async fn days_of(
    connection: &impl ConnectionTrait,
    round: RoundId,
) -> Result<Vec<released_day::Model>, DatabaseError> {
    let days = released_day::Entity::find()
        .filter(released_day::Column::RoundId.eq(round.uuid()))
        .order_by_asc(released_day::Column::StartsAt)
        .order_by_asc(released_day::Column::SessionId)
        .order_by_asc(released_day::Column::Number);
    Ok(days.all(connection).await?)
}

fn ordered(rows: Vec<released_session::Model>) -> Result<Vec<ReleasedSession>, DatabaseError> {
    let mut rows = rows;
    rows.sort_by_key(|row| place(row.starts_at, row.session_id));
    rows.into_iter().map(read).collect()
}

/// Where a session stands among others: by its first instant, those without one last.
pub fn place(starts_at: Option<DateTime<Utc>>, id: Uuid) -> (bool, Option<DateTime<Utc>>, Uuid) {
    (starts_at.is_none(), starts_at, id)
}
