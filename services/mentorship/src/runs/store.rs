//! Queries of matching runs, their terms and constraints.

use super::{constraint_entity, entity, guard, terms_entity};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Select,
};
use shared_database::{Change, DatabaseError, row};
use shared_types::{Caller, MatchingRunId, OrganisationId, Role, RoundId};
use uuid::Uuid;

/// The runs that a caller may know: those of the organisers whose programmes the caller
/// coordinates.
pub fn scoped(caller: &Caller) -> Select<entity::Entity> {
    let organisers = caller.scope(Role::Coordinator).map(OrganisationId::uuid);
    entity::Entity::find().filter(entity::Column::OrganiserId.is_in(organisers))
}

/// A run that the caller may know.
pub async fn find(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: MatchingRunId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = scoped(caller).filter(entity::Column::Id.eq(id.uuid()));
    Ok(found.one(connection).await?)
}

/// A run, kept from others until the change ends.
pub async fn lock(change: &Change, id: Uuid) -> Result<Option<entity::Model>, DatabaseError> {
    let select = entity::Entity::find_by_id(id);
    let select = if change.is_postgres() {
        select.lock_exclusive()
    } else {
        select
    };
    Ok(select.one(change.tx()).await?)
}

/// A round's terms; the usual ones where it has none of its own.
pub async fn terms(
    connection: &impl ConnectionTrait,
    round: RoundId,
    organiser: OrganisationId,
) -> Result<terms_entity::Model, DatabaseError> {
    let found = terms_entity::Entity::find_by_id(round.uuid())
        .one(connection)
        .await?;
    Ok(found.unwrap_or_else(|| guard::usual(round, organiser)))
}

/// The constraints of a round, by id.
pub async fn constraints_of(
    connection: &impl ConnectionTrait,
    round: Uuid,
) -> Result<Vec<constraint_entity::Model>, DatabaseError> {
    let all = constraint_entity::Entity::find()
        .filter(constraint_entity::Column::RoundId.eq(round))
        .order_by_asc(constraint_entity::Column::Id);
    Ok(all.all(connection).await?)
}

/// Saves changed terms as their next version.
pub async fn save_terms(
    change: &Change,
    mut terms: terms_entity::Model,
) -> Result<terms_entity::Model, DatabaseError> {
    terms.version += 1;
    row::update::<terms_entity::Entity>(change.tx(), terms).await
}

/// Saves a changed run as its next version.
pub async fn save(change: &Change, mut run: entity::Model) -> Result<entity::Model, DatabaseError> {
    run.version += 1;
    row::update::<entity::Entity>(change.tx(), run).await
}
