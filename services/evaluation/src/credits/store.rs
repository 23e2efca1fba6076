//! Queries of credits and of who registers them.

use super::{entity, provider_entity};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _,
    Select, sea_query::Expr,
};
use shared_database::{Change, DatabaseError, row};
use shared_types::{CreditId, PersonId, ProgrammeId};
use uuid::Uuid;

/// Who registers a programme's credits, where somebody was named.
pub async fn provider(
    connection: &impl ConnectionTrait,
    programme: ProgrammeId,
) -> Result<Option<provider_entity::Model>, DatabaseError> {
    let found = provider_entity::Entity::find_by_id(programme.uuid());
    Ok(found.one(connection).await?)
}

/// The credits of a participation.
pub fn of_participation(participation: Uuid) -> Select<entity::Entity> {
    entity::Entity::find().filter(entity::Column::ApplicationId.eq(participation))
}

/// Tenths of credits of a participation that are not revoked.
pub async fn sum(
    connection: &impl ConnectionTrait,
    participation: Uuid,
) -> Result<i64, DatabaseError> {
    let rows = of_participation(participation)
        .filter(entity::Column::RevokedAt.is_null())
        .all(connection)
        .await?;
    Ok(rows.iter().map(|row| i64::from(row.credits_tenths)).sum())
}

/// Credits, whoever asks.
pub async fn find_any(
    connection: &impl ConnectionTrait,
    id: CreditId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = entity::Entity::find_by_id(id.uuid());
    Ok(found.one(connection).await?)
}

/// Credits, whoever asks, kept from others until the change ends.
pub async fn lock(change: &Change, id: CreditId) -> Result<Option<entity::Model>, DatabaseError> {
    let select = entity::Entity::find_by_id(id.uuid());
    let select = if change.is_postgres() {
        select.lock_exclusive()
    } else {
        select
    };
    Ok(select.one(change.tx()).await?)
}

/// Saves changed credits as their next version.
pub async fn save(
    change: &Change,
    mut credits: entity::Model,
) -> Result<entity::Model, DatabaseError> {
    credits.version += 1;
    credits.modified_at = change.actor.at;
    row::update::<entity::Entity>(change.tx(), credits).await
}

/// Forgets by what a person's credits are found elsewhere; says which they are.
pub async fn forget(change: &Change, person: PersonId) -> Result<Vec<Uuid>, DatabaseError> {
    entity::Entity::update_many()
        .col_expr(entity::Column::Reference, Expr::value(None::<String>))
        .filter(entity::Column::PersonId.eq(person.uuid()))
        .exec(change.tx())
        .await?;
    let own = entity::Entity::find()
        .select_only()
        .column(entity::Column::Id)
        .filter(entity::Column::PersonId.eq(person.uuid()));
    Ok(own.into_tuple().all(change.tx()).await?)
}
