//! Queries of sessions in the draft.

use super::entity;
use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, sea_query::Expr,
};
use shared_database::{Change, DatabaseError, row};
use shared_types::{RoundId, SessionId};

/// Reserve dates that lapse in one sweep at most; the next one goes on.
const MOST_DUE: u64 = 1000;

/// The sessions of a round's draft, in the order in which they were made.
pub async fn of_round(
    connection: &impl ConnectionTrait,
    round: RoundId,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let found = entity::Entity::find()
        .filter(entity::Column::RoundId.eq(round.uuid()))
        .order_by_asc(entity::Column::Id);
    Ok(found.all(connection).await?)
}

/// A session, whoever asks; whoever changes it has the plan's lock.
pub async fn find(
    connection: &impl ConnectionTrait,
    id: SessionId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = entity::Entity::find_by_id(id.uuid());
    Ok(found.one(connection).await?)
}

/// Waiting reserve dates whose last day may be over: the sweep judges each in its own zone.
pub async fn due(
    connection: &impl ConnectionTrait,
    tomorrow: NaiveDate,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let due = entity::Entity::find()
        // In so many words: SQLite reads a partial index for a constant only.
        .filter(Expr::cust("lapses_on IS NOT NULL"))
        .filter(entity::Column::LapsesOn.lt(tomorrow))
        .order_by_asc(entity::Column::LapsesOn)
        .limit(MOST_DUE);
    Ok(due.all(connection).await?)
}

/// Saves a changed session as its next version.
pub async fn save(
    change: &Change,
    mut session: entity::Model,
) -> Result<entity::Model, DatabaseError> {
    session.version += 1;
    row::update::<entity::Entity>(change.tx(), session).await
}

/// Deletes a session that nobody has seen.
pub async fn delete(change: &Change, id: SessionId) -> Result<(), DatabaseError> {
    entity::Entity::delete_by_id(id.uuid())
        .exec(change.tx())
        .await?;
    Ok(())
}
