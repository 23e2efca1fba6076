//! Queries and transactions of plans.

use super::entity;
use sea_orm::{
    ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QuerySelect as _,
    sea_query::OnConflict,
};
use shared_database::{Change, DatabaseError, row};
use shared_projections::rounds;
use shared_types::{Caller, Problem, RoundId, codes};

/// A round whose organiser's programmes the caller coordinates; of every other it is answered as
/// of one that is not there.
pub async fn coordinated(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: RoundId,
) -> Result<rounds::Model, Problem> {
    let round = rounds::find(connection, id).await?;
    round
        .filter(|round| caller.coordinates(round.organiser_id.into()))
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

/// The plan of a round, whoever asks.
pub async fn find(
    connection: &impl ConnectionTrait,
    round: RoundId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = entity::Entity::find_by_id(round.uuid());
    Ok(found.one(connection).await?)
}

/// The plan of a round under its lock. On SQLite the write transaction is the lock.
pub async fn lock(change: &Change, round: RoundId) -> Result<Option<entity::Model>, DatabaseError> {
    let select = entity::Entity::find_by_id(round.uuid());
    let select = if change.is_postgres() {
        select.lock_exclusive()
    } else {
        select
    };
    Ok(select.one(change.tx()).await?)
}

/// The plan of a round under its lock; made where there is none.
pub async fn lock_or_make(
    change: &Change,
    round: &rounds::Model,
) -> Result<entity::Model, Problem> {
    let blank = entity::Model {
        round_id: round.id,
        organiser_id: round.organiser_id,
        time_zone: round.time_zone.clone(),
        promised_days: None,
        released_number: 0,
        version: 1,
    };
    // Two coordinators may begin at once; the second waits for the first's row.
    let there = OnConflict::column(entity::Column::RoundId)
        .do_nothing()
        .to_owned();
    entity::Entity::insert(blank.into_active_model())
        .on_conflict(there)
        .exec_without_returning(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    let plan = lock(change, round.id.into()).await?;
    plan.ok_or_else(|| Problem::internal("a plan is gone that was there"))
}

/// Saves a changed plan as its next version. Sessions are part of it: whoever changes one saves
/// the plan too.
pub async fn save(
    change: &Change,
    mut plan: entity::Model,
) -> Result<entity::Model, DatabaseError> {
    plan.version += 1;
    row::update::<entity::Entity>(change.tx(), plan).await
}
