//! Queries of meetings.

use super::entity;
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Select, sea_query::Expr,
};
use shared_database::{Change, DatabaseError, column, row};
use shared_types::mentorship::meetings::PairMeetingState;
use uuid::Uuid;

/// The meetings of a pair.
pub fn of_pair(pair: Uuid) -> Select<entity::Entity> {
    entity::Entity::find().filter(entity::Column::PairId.eq(pair))
}

/// The first meetings of a pair, in the order in which they were planned.
pub async fn first(
    connection: &impl ConnectionTrait,
    pair: Uuid,
    most: u64,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let rows = of_pair(pair).order_by_asc(entity::Column::Id);
    Ok(rows.limit(most).all(connection).await?)
}

crate::finders!();

/// The meeting that a request planned.
pub async fn of_request(
    connection: &impl ConnectionTrait,
    request: &str,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = entity::Entity::find().filter(entity::Column::Request.eq(request));
    Ok(found.one(connection).await?)
}

/// The meetings of a pair that are planned for later than an instant.
pub async fn planned_after(
    connection: &impl ConnectionTrait,
    pair: Uuid,
    instant: DateTime<Utc>,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let planned = of_pair(pair)
        .filter(entity::Column::State.eq(column::text(PairMeetingState::Planned)))
        .filter(entity::Column::StartsAt.gt(instant))
        .order_by_asc(entity::Column::Id);
    Ok(planned.all(connection).await?)
}

/// The meetings of some pairs that are to come, the nearest first.
pub async fn upcoming(
    connection: &impl ConnectionTrait,
    pairs: &[Uuid],
    now: DateTime<Utc>,
    most: u64,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let planned = entity::Entity::find()
        .filter(entity::Column::PairId.is_in(pairs.iter().copied()))
        .filter(entity::Column::State.eq(column::text(PairMeetingState::Planned)))
        .filter(entity::Column::StartsAt.gt(now))
        .order_by_asc(entity::Column::StartsAt)
        .order_by_asc(entity::Column::Id)
        .limit(most);
    Ok(planned.all(connection).await?)
}

/// Drops what is sealed of a pair's meetings.
pub async fn forget_bodies(change: &Change, pair: Uuid) -> Result<(), DatabaseError> {
    entity::Entity::update_many()
        .col_expr(entity::Column::Body, Expr::value(None::<String>))
        .filter(entity::Column::PairId.eq(pair))
        .exec(change.tx())
        .await?;
    Ok(())
}

/// Saves a changed meeting as its next version.
pub async fn save(
    change: &Change,
    mut meeting: entity::Model,
) -> Result<entity::Model, DatabaseError> {
    meeting.version += 1;
    row::update::<entity::Entity>(change.tx(), meeting).await
}
