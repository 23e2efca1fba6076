//! Whole rows in and out: what most stores do with one thing.

use crate::DatabaseError;
use sea_orm::{ActiveModelTrait as _, ConnectionTrait, EntityTrait, IntoActiveModel};

/// Inserts a row.
pub async fn insert<E>(
    connection: &impl ConnectionTrait,
    row: E::Model,
) -> Result<E::Model, DatabaseError>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    Ok(E::insert(row.into_active_model())
        .exec_with_returning(connection)
        .await?)
}

/// Saves every column of a row that is there.
pub async fn update<E>(
    connection: &impl ConnectionTrait,
    row: E::Model,
) -> Result<E::Model, DatabaseError>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    Ok(E::update(row.into_active_model().reset_all())
        .exec(connection)
        .await?)
}
