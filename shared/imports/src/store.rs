//! Queries of imports, their rows and the keys of things.

use crate::{entity, key_entity, row_entity};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Select,
    sea_query::{Expr, OnConflict},
};
use shared_database::{Change, DatabaseError, column, row};
use shared_types::{
    ImportId,
    imports::{ImportKind, RowOutcome},
};
use std::collections::HashMap;
use uuid::Uuid;

/// The state of a file that has not come whole yet. Nobody sees it.
pub const RECEIVING: &str = "receiving";

/// The imports of some organisations.
pub fn of_organisations(organisations: impl IntoIterator<Item = Uuid>) -> Select<entity::Entity> {
    entity::Entity::find()
        .filter(entity::Column::OrganisationId.is_in(organisations))
        .filter(entity::Column::State.ne(RECEIVING))
}

/// An import of one of some organisations.
pub async fn find(
    connection: &impl ConnectionTrait,
    organisations: Vec<Uuid>,
    id: ImportId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = of_organisations(organisations).filter(entity::Column::Id.eq(id.uuid()));
    Ok(found.one(connection).await?)
}

/// The import that is worked off next: the one that has waited longest.
pub async fn next(
    connection: &impl ConnectionTrait,
) -> Result<Option<entity::Model>, DatabaseError> {
    // In the words of the index, which a parameter would not be.
    let open = Expr::cust("imports.state IN ('waiting', 'running')");
    let first = entity::Entity::find()
        .filter(open)
        .order_by_asc(entity::Column::Id);
    Ok(first.one(connection).await?)
}

/// An import under its lock, so that of several replicas one works at a time.
pub async fn lock(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<entity::Model>, DatabaseError> {
    let select = entity::Entity::find_by_id(id).lock_exclusive();
    Ok(select.one(connection).await?)
}

/// Saves a changed import as its next version.
pub async fn save(
    change: &Change,
    mut import: entity::Model,
) -> Result<entity::Model, DatabaseError> {
    import.version += 1;
    row::update::<entity::Entity>(change.tx(), import).await
}

/// The rows of an import.
pub fn rows(import: Uuid) -> Select<row_entity::Entity> {
    row_entity::Entity::find().filter(row_entity::Column::ImportId.eq(import))
}

/// Rows that wait to be looked at in a pass, or were left over by an earlier one.
pub async fn waiting(
    connection: &impl ConnectionTrait,
    import: Uuid,
    pass: i32,
    most: u64,
) -> Result<Vec<row_entity::Model>, DatabaseError> {
    let waiting = rows(import)
        .filter(row_entity::Column::Outcome.eq(column::text(RowOutcome::Waiting)))
        .filter(row_entity::Column::Pass.lte(pass))
        .order_by_asc(row_entity::Column::Id)
        .limit(most);
    Ok(waiting.all(connection).await?)
}

/// Rows that were decided in a pass, after one of them.
pub async fn decided(
    connection: &impl ConnectionTrait,
    import: Uuid,
    (pass, after): (i32, Uuid),
    most: u64,
) -> Result<Vec<row_entity::Model>, DatabaseError> {
    let decided = rows(import)
        .filter(row_entity::Column::Pass.eq(pass))
        .filter(row_entity::Column::Id.gt(after))
        .order_by_asc(row_entity::Column::Id)
        .limit(most);
    Ok(decided.all(connection).await?)
}

/// Another row of the same file that claims the same, and is not refused.
pub async fn claimed_by_other(
    connection: &impl ConnectionTrait,
    own: &row_entity::Model,
    claimed: &str,
) -> Result<Option<i32>, DatabaseError> {
    let other = rows(own.import_id)
        .filter(row_entity::Column::Claimed.eq(claimed))
        .filter(row_entity::Column::Id.ne(own.id))
        .filter(row_entity::Column::Outcome.ne(column::text(RowOutcome::Refused)));
    Ok(other.one(connection).await?.map(|row| row.line))
}

/// What became so far of the row with a key.
pub async fn outcome_of_key(
    connection: &impl ConnectionTrait,
    import: Uuid,
    key: &str,
) -> Result<Option<RowOutcome>, DatabaseError> {
    let found = rows(import)
        .filter(row_entity::Column::ExternalKey.eq(key))
        .order_by_asc(row_entity::Column::Id)
        .one(connection)
        .await?;
    let outcome = found.map(|row| column::parse(&row.outcome));
    outcome.transpose()
}

/// Forgets what the rows of an import say.
pub async fn forget_contents(
    connection: &impl ConnectionTrait,
    import: Uuid,
) -> Result<(), DatabaseError> {
    row_entity::Entity::update_many()
        .col_expr(
            row_entity::Column::Content,
            Expr::value(None::<serde_json::Value>),
        )
        .col_expr(row_entity::Column::Claimed, Expr::value(None::<String>))
        .filter(row_entity::Column::ImportId.eq(import))
        .exec(connection)
        .await?;
    Ok(())
}

/// What some keys stand for.
pub async fn things(
    connection: &impl ConnectionTrait,
    owner: Uuid,
    kind: ImportKind,
    keys: impl IntoIterator<Item = String>,
) -> Result<HashMap<String, Uuid>, DatabaseError> {
    let found = key_entity::Entity::find()
        .filter(key_entity::Column::OwnerId.eq(owner))
        .filter(key_entity::Column::Kind.eq(column::text(kind)))
        .filter(key_entity::Column::ExternalKey.is_in(keys))
        .all(connection)
        .await?;
    let pairs = found
        .into_iter()
        .map(|row| (row.external_key, row.thing_id));
    Ok(pairs.collect())
}

/// The key by which the owner's other system knows a thing.
pub async fn key_of(
    connection: &impl ConnectionTrait,
    owner: Uuid,
    kind: ImportKind,
    thing: Uuid,
) -> Result<Option<String>, DatabaseError> {
    let found = key_entity::Entity::find()
        .filter(key_entity::Column::OwnerId.eq(owner))
        .filter(key_entity::Column::Kind.eq(column::text(kind)))
        .filter(key_entity::Column::ThingId.eq(thing))
        .one(connection)
        .await?;
    Ok(found.map(|row| row.external_key))
}

/// Notes what a key stands for from now on.
pub async fn remember(
    connection: &impl ConnectionTrait,
    key: key_entity::Model,
) -> Result<(), DatabaseError> {
    let columns = [
        key_entity::Column::OwnerId,
        key_entity::Column::Kind,
        key_entity::Column::ExternalKey,
    ];
    let newest = OnConflict::columns(columns)
        .update_column(key_entity::Column::ThingId)
        .to_owned();
    key_entity::Entity::insert(key.into_active_model())
        .on_conflict(newest)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Forgets every key of a thing: it may be another one's.
pub async fn forget_keys(
    connection: &impl ConnectionTrait,
    thing: Uuid,
) -> Result<(), DatabaseError> {
    key_entity::Entity::delete_many()
        .filter(key_entity::Column::ThingId.eq(thing))
        .exec(connection)
        .await?;
    Ok(())
}

/// Deletes imports with all their rows.
pub async fn delete(
    connection: &impl ConnectionTrait,
    imports: Vec<Uuid>,
) -> Result<(), DatabaseError> {
    row_entity::Entity::delete_many()
        .filter(row_entity::Column::ImportId.is_in(imports.iter().copied()))
        .exec(connection)
        .await?;
    entity::Entity::delete_many()
        .filter(entity::Column::Id.is_in(imports))
        .exec(connection)
        .await?;
    Ok(())
}
