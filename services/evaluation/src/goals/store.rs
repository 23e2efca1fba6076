//! Queries of goals.

use super::entity;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _, Select,
};
use shared_database::{Change, DatabaseError, row};
use shared_types::{ProgrammeGoalId, ProgrammeId};

/// The goals of a programme.
pub fn of_programme(programme: ProgrammeId) -> Select<entity::Entity> {
    entity::Entity::find().filter(entity::Column::ProgrammeId.eq(programme.uuid()))
}

/// A goal, whoever asks.
pub async fn find_any(
    connection: &impl ConnectionTrait,
    id: ProgrammeGoalId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = entity::Entity::find_by_id(id.uuid());
    Ok(found.one(connection).await?)
}

/// A goal, whoever asks, kept from others until the change ends.
pub async fn lock(
    change: &Change,
    id: ProgrammeGoalId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let select = entity::Entity::find_by_id(id.uuid());
    let select = if change.is_postgres() {
        select.lock_exclusive()
    } else {
        select
    };
    Ok(select.one(change.tx()).await?)
}

/// Saves a changed goal as its next version.
pub async fn save(
    change: &Change,
    mut goal: entity::Model,
) -> Result<entity::Model, DatabaseError> {
    goal.version += 1;
    goal.modified_at = change.actor.at;
    row::update::<entity::Entity>(change.tx(), goal).await
}
