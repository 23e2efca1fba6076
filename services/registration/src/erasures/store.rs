//! Queries of erasures.

use super::{acknowledgement_entity as acknowledgement, entity};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Select, sea_query::Expr,
};
use shared_database::{Change, DatabaseError, row};
use shared_types::{ErasureId, PersonId};
use std::collections::HashMap;
use uuid::Uuid;

/// Erasures that are written to the ledger at once.
const MOST_WRITTEN: u64 = 1000;

/// Those of some organisations' people.
pub fn of_organisations(organisations: impl IntoIterator<Item = Uuid>) -> Select<entity::Entity> {
    entity::Entity::find().filter(entity::Column::OrganisationId.is_in(organisations))
}

/// An erasure.
pub async fn find(
    connection: &impl ConnectionTrait,
    id: ErasureId,
) -> Result<Option<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find_by_id(id.uuid())
        .one(connection)
        .await?)
}

/// The erasure of a person.
pub async fn of_person(
    connection: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Option<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find()
        .filter(entity::Column::PersonId.eq(person.uuid()))
        .one(connection)
        .await?)
}

/// The same under a lock, so that of two acknowledgements one is the last.
pub async fn lock(
    change: &Change,
    person: PersonId,
) -> Result<Option<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find()
        .filter(entity::Column::PersonId.eq(person.uuid()))
        .lock_exclusive()
        .one(change.tx())
        .await?)
}

/// Saves a changed erasure as its next version.
pub async fn save(change: &Change, mut row: entity::Model) -> Result<entity::Model, DatabaseError> {
    row.version += 1;
    row::update::<entity::Entity>(change.tx(), row).await
}

/// What services have said, by erasure.
pub async fn acknowledgements(
    connection: &impl ConnectionTrait,
    erasures: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<acknowledgement::Model>>, DatabaseError> {
    let erasures: Vec<Uuid> = erasures.into_iter().collect();
    if erasures.is_empty() {
        // "In nothing" is a condition that SQLite tries on every row.
        return Ok(HashMap::new());
    }
    let rows = acknowledgement::Entity::find()
        .filter(acknowledgement::Column::ErasureId.is_in(erasures))
        .all(connection)
        .await?;
    let mut said: HashMap<Uuid, Vec<_>> = HashMap::new();
    for row in rows {
        said.entry(row.erasure_id).or_default().push(row);
    }
    Ok(said)
}

/// Erasures that are not in the ledger yet, the oldest first.
pub async fn unwritten(
    connection: &impl ConnectionTrait,
) -> Result<Vec<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find()
        // In so many words: SQLite reads a partial index for a constant only.
        .filter(Expr::cust("in_ledger = FALSE"))
        .order_by_asc(entity::Column::Id)
        .limit(MOST_WRITTEN)
        .all(connection)
        .await?)
}

/// Notes that erasures stand in the ledger.
pub async fn mark_written(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<(), DatabaseError> {
    entity::Entity::update_many()
        .col_expr(entity::Column::InLedger, Expr::value(true))
        .filter(entity::Column::Id.is_in(ids))
        .exec(connection)
        .await?;
    Ok(())
}
