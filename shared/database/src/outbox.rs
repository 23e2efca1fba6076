//! Events are written beside the change that they tell of.

use crate::{DatabaseError, tables::outbox};
use sea_orm::{ConnectionTrait, EntityTrait as _};
use serde_json::Value;
use shared_types::{Actor, EventId};
use uuid::Uuid;

/// Rows that one statement inserts at most.
const MOST_INSERTED: usize = 1000;

pub(crate) fn row(kind: &str, subject: Uuid, data: Value, actor: &Actor) -> outbox::Model {
    outbox::Model {
        id: EventId::new().uuid(),
        subject: subject.to_string(),
        kind: kind.to_owned(),
        at: actor.at,
        trace: actor.trace.clone(),
        organiser_id: named(&data, "organiserId"),
        organisation_id: named(&data, "organisationId"),
        data,
        fanned_out: false,
        position: None,
    }
}

/// Whom an event concerns stands in its fact.
fn named(data: &Value, member: &str) -> Option<Uuid> {
    data.get(member)?.as_str()?.parse().ok()
}

pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    rows: Vec<outbox::Model>,
) -> Result<(), DatabaseError> {
    let rows: Vec<_> = rows
        .into_iter()
        .map(sea_orm::IntoActiveModel::into_active_model)
        .collect();
    // In slices, since databases limit the values of one statement.
    for slice in rows.chunks(MOST_INSERTED) {
        outbox::Entity::insert_many(slice.to_vec())
            .exec_without_returning(connection)
            .await?;
    }
    Ok(())
}
