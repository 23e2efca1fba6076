//! Events are written beside the change that they tell of.

use crate::{Change, DatabaseError, idempotency, tables::outbox};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::Value;
use shared_types::{Actor, EventId, PersonId, facts::MESSAGE_REQUESTED};
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

/// Forgets what is kept of messages to a person, sent or not, and of messages that were sent to
/// others and name the person.
pub async fn forget_messages(
    change: &Change,
    person: PersonId,
    name: &str,
) -> Result<(), DatabaseError> {
    let name = idempotency::json_text(name);
    let names = if change.is_postgres() {
        "position($3 in data::text) > 0"
    } else {
        "instr(data, $3) > 0"
    };
    let told = format!(
        "kind = $1 AND (subject = $2 OR ($3 <> '' AND {names} AND fanned_out = TRUE AND NOT EXISTS \
         (SELECT 1 FROM outbox_deliveries AS waiting WHERE waiting.event_id = outbox.id)))"
    );
    for delete in [
        // Whoever delivers must not look for what is gone.
        format!(
            "DELETE FROM outbox_deliveries WHERE event_id IN (SELECT id FROM outbox WHERE {told})"
        ),
        format!("DELETE FROM outbox WHERE {told}"),
    ] {
        let values = [
            MESSAGE_REQUESTED.into(),
            person.to_string().into(),
            name.clone().into(),
        ];
        let backend = change.tx().get_database_backend();
        let delete = Statement::from_sql_and_values(backend, delete, values);
        change.tx().execute_raw(delete).await?;
    }
    Ok(())
}

/// Forgets what was told about a person so far, sent or not: what is told next says that there is
/// nobody any more.
pub async fn forget_facts(change: &Change, person: PersonId) -> Result<(), DatabaseError> {
    let told = "subject = $1 AND kind LIKE 'person.%'";
    for delete in [
        format!(
            "DELETE FROM outbox_deliveries WHERE event_id IN (SELECT id FROM outbox WHERE {told})"
        ),
        format!("DELETE FROM outbox WHERE {told}"),
    ] {
        let backend = change.tx().get_database_backend();
        let values = [person.to_string().into()];
        let delete = Statement::from_sql_and_values(backend, delete, values);
        change.tx().execute_raw(delete).await?;
    }
    Ok(())
}

/// Whom an event concerns stands in its fact.
fn named(data: &Value, member: &str) -> Option<Uuid> {
    data.get(member)?.as_str()?.parse().ok()
}
