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

/// Rows that one statement inserts: databases limit its values.
const MOST_INSERTED: usize = 500;

/// Inserts many rows, some hundreds a statement.
pub async fn insert_all<E>(
    connection: &impl ConnectionTrait,
    rows: impl IntoIterator<Item = E::Model>,
) -> Result<(), DatabaseError>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model);
    loop {
        let slice: Vec<E::ActiveModel> = rows.by_ref().take(MOST_INSERTED).collect();
        if slice.is_empty() {
            return Ok(());
        }
        E::insert_many(slice)
            .exec_without_returning(connection)
            .await?;
    }
}
