//! Keys of owners: made with the first text, opened for reading, dropped to erase.

use super::entity;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, EntityTrait as _, QuerySelect as _};
use serde::{Serialize, de::DeserializeOwned};
use shared_database::{Change, row};
use shared_envelope::{Keys, OwnerKey, WrappedKey};
use shared_types::Problem;
use uuid::Uuid;

/// The key of an owner; `None` where nothing was ever sealed, or where it was dropped.
pub async fn find(
    connection: &impl ConnectionTrait,
    keys: &Keys,
    owner: Uuid,
) -> Result<Option<OwnerKey>, Problem> {
    let row = entity::Entity::find_by_id(owner)
        .one(connection)
        .await
        .map_err(shared_database::DatabaseError::from)?;
    row.as_ref()
        .and_then(wrapped)
        .map(|wrapped| keys.open_owner_key(owner.as_bytes(), &wrapped))
        .transpose()
        .map_err(Problem::internal)
}

/// The key of an owner for writing, made where there is none yet; `None` where it was dropped.
/// The row stays locked until the change ends, so that nobody drops it meanwhile.
pub async fn ready(change: &Change, keys: &Keys, owner: Uuid) -> Result<Option<OwnerKey>, Problem> {
    let select = entity::Entity::find_by_id(owner);
    let select = if change.is_postgres() {
        select.lock_exclusive()
    } else {
        select
    };
    let found = select
        .one(change.tx())
        .await
        .map_err(shared_database::DatabaseError::from)?;
    let wrapped = match found {
        Some(row) => wrapped(&row),
        None => Some(make(change, keys, owner).await?),
    };
    wrapped
        .map(|wrapped| keys.open_owner_key(owner.as_bytes(), &wrapped))
        .transpose()
        .map_err(Problem::internal)
}

async fn make(change: &Change, keys: &Keys, owner: Uuid) -> Result<WrappedKey, Problem> {
    let made = keys
        .new_owner_key(owner.as_bytes())
        .map_err(Problem::internal)?;
    let row = entity::Model {
        id: owner,
        key_id: Some(made.key_id.clone()),
        wrapped_key: Some(made.wrapped_key.clone()),
        dropped_at: None,
    };
    row::insert::<entity::Entity>(change.tx(), row).await?;
    Ok(made)
}

/// Drops the key of an owner: what was sealed by it can't be read by anybody any more.
pub async fn drop_key(change: &Change, owner: Uuid, now: DateTime<Utc>) -> Result<(), Problem> {
    let gone = entity::Model {
        id: owner,
        key_id: None,
        wrapped_key: None,
        dropped_at: Some(now),
    };
    let found = entity::Entity::find_by_id(owner)
        .one(change.tx())
        .await
        .map_err(shared_database::DatabaseError::from)?;
    if found.is_some() {
        row::update::<entity::Entity>(change.tx(), gone).await?;
    } else {
        row::insert::<entity::Entity>(change.tx(), gone).await?;
    }
    Ok(())
}

/// Seals a body for its row.
pub fn seal(key: &OwnerKey, row: Uuid, body: &impl Serialize) -> Result<String, Problem> {
    let text = serde_json::to_vec(body).map_err(Problem::internal)?;
    key.seal(row.as_bytes(), &text).map_err(Problem::internal)
}

/// Opens the body of a row. What can't be read is never told, to the log either.
pub fn open<T: DeserializeOwned>(key: &OwnerKey, row: Uuid, body: &str) -> Result<T, Problem> {
    let text = key.open(row.as_bytes(), body).map_err(Problem::internal)?;
    serde_json::from_slice(&text).map_err(|_| Problem::internal("a sealed body of another shape"))
}

/// The wrapped key of a row, unless it was dropped.
pub(super) fn wrapped(row: &entity::Model) -> Option<WrappedKey> {
    Some(WrappedKey {
        key_id: row.key_id.clone()?,
        wrapped_key: row.wrapped_key.clone()?,
    })
}
