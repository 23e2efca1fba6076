//! Queries of declared conflicts.

use super::entity;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, Select,
};
use shared_database::{Change, DatabaseError};
use shared_types::{Caller, ConflictId, OrganisationId, PersonId, Role};
use uuid::Uuid;

/// The conflicts that a caller may know: those of the organisers whose programmes the caller
/// coordinates, and those that the caller declared.
pub fn scoped(caller: &Caller) -> Select<entity::Entity> {
    let organisers = caller.scope(Role::Coordinator).map(OrganisationId::uuid);
    let mut seen = Condition::any().add(entity::Column::OrganiserId.is_in(organisers));
    if let Some(person) = caller.person {
        seen = seen.add(entity::Column::DeclaredBy.eq(person.uuid()));
    }
    entity::Entity::find().filter(seen)
}

crate::finders!(ConflictId);

/// The two of a conflict, in the order in which they are kept.
pub fn in_order(one: PersonId, other: PersonId) -> (Uuid, Uuid) {
    (one.uuid().min(other.uuid()), one.uuid().max(other.uuid()))
}

/// The conflict of two people in a round.
pub async fn between(
    connection: &impl ConnectionTrait,
    round: Uuid,
    (one, other): (Uuid, Uuid),
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = entity::Entity::find()
        .filter(entity::Column::RoundId.eq(round))
        .filter(entity::Column::OneId.eq(one))
        .filter(entity::Column::OtherId.eq(other));
    Ok(found.one(connection).await?)
}

/// Every conflict of a round.
pub async fn of_round(
    connection: &impl ConnectionTrait,
    round: Uuid,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let all = entity::Entity::find()
        .filter(entity::Column::RoundId.eq(round))
        .order_by_asc(entity::Column::Id);
    Ok(all.all(connection).await?)
}

/// Forgets the conflicts of a person, and says which they were.
pub async fn forget(change: &Change, person: PersonId) -> Result<Vec<Uuid>, DatabaseError> {
    let either = Condition::any()
        .add(entity::Column::OneId.eq(person.uuid()))
        .add(entity::Column::OtherId.eq(person.uuid()));
    let all = entity::Entity::find().filter(either.clone());
    let ids = all.all(change.tx()).await?.into_iter().map(|row| row.id);
    let ids: Vec<Uuid> = ids.collect();
    entity::Entity::delete_many()
        .filter(either)
        .exec(change.tx())
        .await?;
    Ok(ids)
}
