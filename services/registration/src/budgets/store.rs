//! Queries of budgets.

use super::entity;
use crate::applications;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
};
use shared_database::{DatabaseError, column};
use shared_types::{RoundId, registration::applications::SeatState};

/// The budget of a round.
pub async fn find(
    connection: &impl ConnectionTrait,
    id: RoundId,
) -> Result<Option<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find_by_id(id.uuid())
        .one(connection)
        .await?)
}

/// How many take part in a round.
pub async fn participants(
    connection: &impl ConnectionTrait,
    id: RoundId,
) -> Result<i32, DatabaseError> {
    use applications::entity::{Column, Entity};
    let seats = [SeatState::Accepted, SeatState::Completed].map(column::text);
    let count = Entity::find()
        .filter(Column::RoundId.eq(id.uuid()))
        .filter(Column::Seat.is_in(seats))
        .count(connection)
        .await?;
    Ok(i32::try_from(count).unwrap_or(i32::MAX))
}
