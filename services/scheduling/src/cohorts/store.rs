//! Queries of plans of who goes in which round.

use super::{assignment, entity};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Select,
    sea_query::{Expr, LockType},
};
use shared_database::{Change, DatabaseError, row};
use shared_types::{Caller, CohortPlanId, OrganisationId, PersonId, Role};
use uuid::Uuid;

/// The plans that a caller may know: those of the organisers whose programmes they coordinate.
pub fn scoped(caller: &Caller) -> Select<entity::Entity> {
    let own = caller.scope(Role::Coordinator).map(OrganisationId::uuid);
    entity::Entity::find().filter(entity::Column::OrganiserId.is_in(own))
}

/// A plan that the caller may know.
pub async fn find(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: CohortPlanId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = scoped(caller).filter(entity::Column::Id.eq(id.uuid()));
    Ok(found.one(connection).await?)
}

/// A plan, whoever asks, until the end of the change for this change alone.
pub async fn lock(
    change: &Change,
    id: CohortPlanId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let mut found = entity::Entity::find_by_id(id.uuid());
    if change.is_postgres() {
        found = found.lock(LockType::Update);
    }
    Ok(found.one(change.tx()).await?)
}

/// The people of a plan, in the order of their ids.
pub async fn assignments(
    connection: &impl ConnectionTrait,
    id: CohortPlanId,
) -> Result<Vec<assignment::Model>, DatabaseError> {
    let rows = assignment::Entity::find()
        .filter(assignment::Column::PlanId.eq(id.uuid()))
        .order_by_asc(assignment::Column::PersonId);
    Ok(rows.all(connection).await?)
}

/// Puts other people in a plan's place.
pub async fn replace(
    change: &Change,
    id: CohortPlanId,
    rows: Vec<assignment::Model>,
) -> Result<(), DatabaseError> {
    assignment::Entity::delete_many()
        .filter(assignment::Column::PlanId.eq(id.uuid()))
        .exec(change.tx())
        .await?;
    row::insert_all::<assignment::Entity>(change.tx(), rows).await
}

/// Notes that those with a round are published.
pub async fn publish(change: &Change, id: CohortPlanId) -> Result<(), DatabaseError> {
    assignment::Entity::update_many()
        .col_expr(assignment::Column::Published, Expr::value(true))
        .filter(assignment::Column::PlanId.eq(id.uuid()))
        .filter(assignment::Column::RoundId.is_not_null())
        .exec(change.tx())
        .await?;
    Ok(())
}

/// Notes why somebody was refused for a round; `false` where they are not there any more, or
/// where it is known.
pub async fn refuse(
    change: &Change,
    id: CohortPlanId,
    round: Uuid,
    (person, code): (PersonId, String),
) -> Result<bool, DatabaseError> {
    let done = assignment::Entity::update_many()
        .col_expr(assignment::Column::RefusalCode, Expr::value(code))
        .filter(assignment::Column::PlanId.eq(id.uuid()))
        .filter(assignment::Column::PersonId.eq(person.uuid()))
        .filter(assignment::Column::RoundId.eq(round))
        .filter(assignment::Column::Published.eq(true))
        .filter(assignment::Column::RefusalCode.is_null())
        .exec(change.tx())
        .await?;
    Ok(done.rows_affected > 0)
}

/// Forgets where somebody was put.
pub async fn forget(change: &Change, person: PersonId) -> Result<(), DatabaseError> {
    assignment::Entity::delete_many()
        .filter(assignment::Column::PersonId.eq(person.uuid()))
        .exec(change.tx())
        .await?;
    Ok(())
}

/// Saves a changed plan as its next version.
pub async fn save(
    change: &Change,
    mut plan: entity::Model,
) -> Result<entity::Model, DatabaseError> {
    plan.version += 1;
    row::update::<entity::Entity>(change.tx(), plan).await
}
