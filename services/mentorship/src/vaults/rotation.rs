//! Taking a new master key into use: every owner's key is wrapped anew, a batch at a time, beside
//! the running service. Whoever is interrupted starts again and finds what is left.

use super::{entity, store};
use crate::State;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use shared_database::{DatabaseError, row};
use shared_types::Problem;

/// Rows of one batch.
const BATCH: u64 = 100;

/// Wraps what older keys have wrapped by the active one; says how many rows it was.
pub async fn rotate(state: &State) -> Result<u64, Problem> {
    let mut rotated = 0;
    loop {
        let batch = rotate_batch(state).await?;
        rotated += batch;
        if batch == 0 {
            return Ok(rotated);
        }
    }
}

async fn rotate_batch(state: &State) -> Result<u64, Problem> {
    let transaction = state.database.begin().await?;
    let connection = transaction.connection();
    let rows = entity::Entity::find()
        .filter(entity::Column::KeyId.ne(state.pair_keys.active()))
        .order_by_asc(entity::Column::Id)
        .limit(BATCH)
        .lock_exclusive()
        .all(connection)
        .await
        .map_err(DatabaseError::from)?;
    let mut rotated = 0;
    for row in rows {
        let Some(wrapped) = store::wrapped(&row) else {
            continue;
        };
        let anew = state
            .pair_keys
            .rewrap_owner_key(row.id.as_bytes(), &wrapped)
            .map_err(Problem::internal)?;
        let next = entity::Model {
            key_id: Some(anew.key_id),
            wrapped_key: Some(anew.wrapped_key),
            ..row
        };
        row::update::<entity::Entity>(connection, next).await?;
        rotated += 1;
    }
    transaction.commit().await?;
    Ok(rotated)
}
