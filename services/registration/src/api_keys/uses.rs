//! When keys were last used, to the hour: noted in memory where a caller is looked up, written in
//! the background, once for a key and an hour.

use super::entity;
use crate::State;
use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, sea_query::Expr};
use shared_database::DatabaseError;
use std::{
    collections::BTreeMap,
    mem,
    sync::{Mutex, PoisonError},
};
use uuid::Uuid;

/// Hours of use by key, still to be written.
#[derive(Debug, Default)]
pub struct Uses(Mutex<BTreeMap<Uuid, DateTime<Utc>>>);

impl Uses {
    /// Notes that a key is used, where its row does not say so yet.
    pub fn note(&self, key: &entity::Model, now: DateTime<Utc>) {
        let hour = now.duration_trunc(TimeDelta::hours(1)).unwrap_or(now);
        if key.last_used_at.is_none_or(|known| known < hour) {
            let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.insert(key.id, hour);
        }
    }

    fn take(&self) -> BTreeMap<Uuid, DateTime<Utc>> {
        mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Writes what was noted. It is no change of the key: neither history nor version tell of it.
/// What can't be written is forgotten, until the key is used again.
pub async fn write(state: &State) -> Result<(), DatabaseError> {
    let waiting = state.key_uses.take();
    if waiting.is_empty() {
        return Ok(());
    }
    let transaction = state.database.begin().await?;
    for (key, hour) in waiting {
        // Another replica may know of a later hour.
        let earlier = Condition::any()
            .add(entity::Column::LastUsedAt.is_null())
            .add(entity::Column::LastUsedAt.lt(hour));
        entity::Entity::update_many()
            .col_expr(entity::Column::LastUsedAt, Expr::value(hour))
            .filter(entity::Column::Id.eq(key))
            .filter(earlier)
            .exec(transaction.connection())
            .await?;
    }
    transaction.commit().await
}
