//! Events are written beside the change that they tell of.

use crate::tables::outbox;
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
