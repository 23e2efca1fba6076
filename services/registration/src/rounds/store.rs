//! Queries and transactions of rounds.

use super::entity;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _, Select,
    Statement,
};
use shared_database::{Change, DatabaseError, column, row};
use shared_types::{
    Caller, OrganisationId, ProgrammeId, Role, RoundId, registration::rounds::RoundState,
};
use uuid::Uuid;

/// The rounds that a caller may know: all that are announced, and the drafts of the
/// organisers whose programmes the caller coordinates.
pub fn scoped(caller: &Caller) -> Select<entity::Entity> {
    let own = caller.scope(Role::Coordinator).map(OrganisationId::uuid);
    entity::Entity::find().filter(
        Condition::any()
            .add(entity::Column::State.ne(column::text(RoundState::Draft)))
            .add(entity::Column::OrganiserId.is_in(own)),
    )
}

/// Whether a caller may know a round: [`scoped`] for one that is there.
pub fn is_known(caller: &Caller, round: &entity::Model) -> bool {
    round.state != column::text(RoundState::Draft) || caller.coordinates(round.organiser_id.into())
}

/// A round that the caller may know.
pub async fn find(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: RoundId,
) -> Result<Option<entity::Model>, DatabaseError> {
    Ok(scoped(caller)
        .filter(entity::Column::Id.eq(id.uuid()))
        .one(connection)
        .await?)
}

/// A round, whoever asks: for what the system does by itself.
pub async fn find_any(
    connection: &impl ConnectionTrait,
    id: RoundId,
) -> Result<Option<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find_by_id(id.uuid())
        .one(connection)
        .await?)
}

/// A round under its lock, which every change of its seats takes first. On SQLite the write
/// transaction is the lock.
pub async fn lock(change: &Change, id: RoundId) -> Result<Option<entity::Model>, DatabaseError> {
    locked(change, id, LOCK).await
}

/// A round that stays as it is until the change ends, with others who only need that: whoever
/// takes its [`lock`] waits for all of them, and they for it.
pub async fn hold_still(
    change: &Change,
    id: RoundId,
) -> Result<Option<entity::Model>, DatabaseError> {
    locked(change, id, HOLD_STILL).await
}

async fn locked(
    change: &Change,
    id: RoundId,
    lock: &str,
) -> Result<Option<entity::Model>, DatabaseError> {
    if !change.is_postgres() || !super::seats::guarded(id.uuid()) {
        return find_any(change.tx(), id).await;
    }
    let backend = change.tx().get_database_backend();
    let lock = Statement::from_sql_and_values(backend, lock, [id.uuid().into()]);
    let locked = entity::Entity::find().from_raw_sql(lock);
    Ok(locked.one(change.tx()).await?)
}

const HOLD_STILL: &str = "SELECT rounds.* FROM rounds WHERE rounds.id = $1 FOR SHARE";

/// The round, after its programme where that gives one seat a person: whoever holds a round of
/// such a programme holds all of them, so that none waits for another in a circle.
const LOCK: &str = "WITH programme AS MATERIALIZED (
    SELECT programmes.id FROM programmes JOIN rounds ON rounds.programme_id = programmes.id
    WHERE rounds.id = $1 AND rounds.one_seat FOR UPDATE OF programmes
)
SELECT rounds.* FROM rounds WHERE rounds.id = $1 AND (SELECT COUNT(*) FROM programme) >= 0 FOR UPDATE";

/// Whether a round of a programme is announced.
pub async fn announced(
    connection: &impl ConnectionTrait,
    programme: ProgrammeId,
) -> Result<bool, DatabaseError> {
    let announced = entity::Entity::find()
        .filter(entity::Column::ProgrammeId.eq(programme.uuid()))
        .filter(entity::Column::State.ne(column::text(RoundState::Draft)));
    Ok(announced.one(connection).await?.is_some())
}

/// Saves a changed round as its next version.
pub async fn save(
    change: &Change,
    mut round: entity::Model,
) -> Result<entity::Model, DatabaseError> {
    round.version += 1;
    row::update::<entity::Entity>(change.tx(), round).await
}

/// Rounds in a state, for the sweep.
pub async fn in_state(
    connection: &impl ConnectionTrait,
    states: &[RoundState],
) -> Result<Vec<entity::Model>, DatabaseError> {
    let states = states.iter().map(column::text);
    Ok(entity::Entity::find()
        .filter(entity::Column::State.is_in(states))
        .all(connection)
        .await?)
}

/// Names of rounds by id.
pub async fn name(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<serde_json::Value, DatabaseError> {
    let row = entity::Entity::find_by_id(id).one(connection).await?;
    Ok(row.map(|row| row.name).unwrap_or_default())
}
