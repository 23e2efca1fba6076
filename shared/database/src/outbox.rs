//! Events are written beside the change that they tell of.

use crate::{DatabaseError, tables::outbox};
use sea_orm::{ConnectionTrait, EntityTrait as _};
use serde_json::Value;
use shared_types::{Actor, EventId};
use uuid::Uuid;

pub(crate) fn row(kind: &str, subject: Uuid, data: Value, actor: &Actor) -> outbox::Model {
    outbox::Model {
        id: EventId::new().uuid(),
        subject: subject.to_string(),
        kind: kind.to_owned(),
        at: actor.at,
        trace: actor.trace.clone(),
        data,
        fanned_out: false,
    }
}

pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    rows: Vec<outbox::Model>,
) -> Result<(), DatabaseError> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows = rows
        .into_iter()
        .map(sea_orm::IntoActiveModel::into_active_model);
    outbox::Entity::insert_many(rows)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}
