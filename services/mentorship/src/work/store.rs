//! Queries of what pairs write: rows whose bodies are sealed.

use super::{entity, share_entity};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Select,
};
use shared_database::{Change, DatabaseError};
use uuid::Uuid;

/// The rows of a pair of one kind.
pub fn of_pair(pair: Uuid, kind: &str) -> Select<entity::Entity> {
    entity::Entity::find()
        .filter(entity::Column::PairId.eq(pair))
        .filter(entity::Column::Kind.eq(kind))
}

/// The first rows of a pair of one kind, in the order in which they were written.
pub async fn first(
    connection: &impl ConnectionTrait,
    (pair, kind): (Uuid, &str),
    most: u64,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let rows = of_pair(pair, kind).order_by_asc(entity::Column::Id);
    Ok(rows.limit(most).all(connection).await?)
}

/// A row, whoever asks.
pub async fn find_any(
    connection: &impl ConnectionTrait,
    id: Uuid,
    kind: &str,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = entity::Entity::find_by_id(id).filter(entity::Column::Kind.eq(kind));
    Ok(found.one(connection).await?)
}

/// The row that a request wrote.
pub async fn of_request(
    connection: &impl ConnectionTrait,
    request: &str,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = entity::Entity::find().filter(entity::Column::Request.eq(request));
    Ok(found.one(connection).await?)
}

/// With which later pairs a pair's notes are shared.
pub async fn shares_of(
    connection: &impl ConnectionTrait,
    pair: Uuid,
) -> Result<Vec<share_entity::Model>, DatabaseError> {
    let found = share_entity::Entity::find().filter(share_entity::Column::PairId.eq(pair));
    Ok(found.all(connection).await?)
}

/// Deletes the sealed rows of a pair, and what is sealed of its meetings; their key is gone.
pub async fn forget(change: &Change, pair: Uuid) -> Result<(), DatabaseError> {
    entity::Entity::delete_many()
        .filter(entity::Column::PairId.eq(pair))
        .exec(change.tx())
        .await?;
    crate::meetings::store::forget_bodies(change, pair).await
}
