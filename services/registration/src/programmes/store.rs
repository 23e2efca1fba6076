//! Queries of programmes.

use super::entity;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QuerySelect as _, Select,
};
use shared_database::{DatabaseError, column};
use shared_types::{Caller, ProgrammeId, Role, registration::programmes::ProgrammeState};
use uuid::Uuid;

/// The programmes that a caller may see: the published ones, and all of one's own organisers'.
pub fn scoped(caller: &Caller) -> Select<entity::Entity> {
    let organisers = caller.scope(Role::Coordinator).map(Uuid::from);
    let seen = Condition::any()
        .add(entity::Column::State.eq(column::text(ProgrammeState::Published)))
        .add(entity::Column::OrganiserId.is_in(organisers));
    entity::Entity::find().filter(seen)
}

/// A programme.
pub async fn find(
    connection: &impl ConnectionTrait,
    id: ProgrammeId,
) -> Result<Option<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find_by_id(id.uuid())
        .one(connection)
        .await?)
}

/// A programme that the caller may see.
pub async fn seen(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: ProgrammeId,
) -> Result<Option<entity::Model>, DatabaseError> {
    Ok(scoped(caller)
        .filter(entity::Column::Id.eq(id.uuid()))
        .one(connection)
        .await?)
}

/// A programme that the caller may see and that this transaction changes: others wait until it
/// is done.
pub async fn lock(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: ProgrammeId,
) -> Result<Option<entity::Model>, DatabaseError> {
    Ok(scoped(caller)
        .filter(entity::Column::Id.eq(id.uuid()))
        .lock_exclusive()
        .one(connection)
        .await?)
}

/// A programme under its lock, whoever asks: for what the system does by itself.
pub async fn lock_any(
    connection: &impl ConnectionTrait,
    id: ProgrammeId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let select = entity::Entity::find_by_id(id.uuid()).lock_exclusive();
    Ok(select.one(connection).await?)
}
