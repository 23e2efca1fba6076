//! Queries of holds.

use super::entity;
use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Select, sea_query::Expr,
};
use shared_database::{Change, DatabaseError, column, row};
use shared_types::{Caller, HoldId, OrganisationId, Role, RoundId, registration::holds::HoldState};
use uuid::Uuid;

/// Holds that lapse in one sweep at most; the next one goes on.
const MOST_DUE: u64 = 1000;

/// The holds that a caller may know: those of the organisers whose programmes the caller
/// coordinates, and those for the organisation whose people the caller keeps or decides about.
pub fn scoped(caller: &Caller) -> Select<entity::Entity> {
    let scope = |role| caller.scope(role).map(OrganisationId::uuid);
    let own: Vec<Uuid> = scope(Role::Hr).chain(scope(Role::Director)).collect();
    entity::Entity::find().filter(
        Condition::any()
            .add(entity::Column::OrganiserId.is_in(scope(Role::Coordinator)))
            .add(entity::Column::OrganisationId.is_in(own)),
    )
}

/// A hold that the caller may know.
pub async fn find(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: HoldId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = scoped(caller).filter(entity::Column::Id.eq(id.uuid()));
    Ok(found.one(connection).await?)
}

/// A hold, whoever asks; whoever changes it has the round's lock.
pub async fn find_any(
    connection: &impl ConnectionTrait,
    id: HoldId,
) -> Result<Option<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find_by_id(id.uuid())
        .one(connection)
        .await?)
}

/// The holds of a round whose seats are kept.
pub async fn held(
    connection: &impl ConnectionTrait,
    round: RoundId,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let held = entity::Entity::find()
        .filter(entity::Column::RoundId.eq(round.uuid()))
        .filter(entity::Column::State.eq(column::text(HoldState::Held)))
        .order_by_asc(entity::Column::Id);
    Ok(held.all(connection).await?)
}

/// Holds whose last day may be over: the sweep judges each in its round's zone.
pub async fn due(
    connection: &impl ConnectionTrait,
    tomorrow: NaiveDate,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let due = entity::Entity::find()
        // In so many words: SQLite reads a partial index for a constant only.
        .filter(Expr::cust("state = 'held'"))
        .filter(entity::Column::LapsesOn.lt(tomorrow))
        .order_by_asc(entity::Column::LapsesOn)
        .limit(MOST_DUE);
    Ok(due.all(connection).await?)
}

/// Saves a changed hold as its next version.
pub async fn save(
    change: &Change,
    mut hold: entity::Model,
) -> Result<entity::Model, DatabaseError> {
    hold.version += 1;
    row::update::<entity::Entity>(change.tx(), hold).await
}
