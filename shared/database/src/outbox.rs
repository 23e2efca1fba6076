//! Events are written beside the change that they tell of.

use crate::{Change, Database, DatabaseError, idempotency, tables::outbox};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, Statement};
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

/// What stands where a name stood.
const NOBODY: &str = "–";

/// Forgets what is kept of messages to a person, sent or not, and of messages that were sent to
/// others and name the person. One to others that is still to be told is told without the name:
/// it arrives where the person may be forgotten already.
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
    let values = || {
        vec![
            MESSAGE_REQUESTED.into(),
            person.to_string().into(),
            name.clone().into(),
        ]
    };
    delete(change.tx(), &told, values).await?;
    if name.is_empty() {
        return Ok(());
    }
    let (data, holds) = if change.is_postgres() {
        (
            "replace(data::text, $2, $3)::jsonb",
            "position($2 in data::text) > 0",
        )
    } else {
        ("replace(data, $2, $3)", "instr(data, $2) > 0")
    };
    let rename = format!("UPDATE outbox SET data = {data} WHERE kind = $1 AND {holds}");
    let values = [MESSAGE_REQUESTED.into(), name.into(), NOBODY.into()];
    let backend = change.tx().get_database_backend();
    let rename = Statement::from_sql_and_values(backend, rename, values);
    change.tx().execute_raw(rename).await?;
    Ok(())
}

/// Forgets the events of a kind about one subject, delivered or not.
pub async fn forget_of(change: &Change, kind: &str, subject: Uuid) -> Result<(), DatabaseError> {
    let told = "kind = $1 AND subject = $2";
    let values = || vec![kind.into(), subject.to_string().into()];
    delete(change.tx(), told, values).await
}

/// Forgets the events of a kind that every subscriber has, for what is kept no longer than it
/// takes to tell.
pub async fn forget_delivered(database: &Database, kind: &str) -> Result<(), DatabaseError> {
    let is_kind = outbox::Column::Kind.eq(kind);
    let done = outbox::Column::FannedOut.eq(true);
    // A look first: mostly there is nothing, and then no writer needs to wait.
    let some = outbox::Entity::find().filter(is_kind).filter(done);
    if some.one(database.read()).await?.is_none() {
        return Ok(());
    }
    let transaction = database.begin().await?;
    let told = "kind = $1 AND fanned_out = TRUE AND NOT EXISTS \
                (SELECT 1 FROM outbox_deliveries AS waiting WHERE waiting.event_id = outbox.id)";
    delete(transaction.connection(), told, || vec![kind.into()]).await?;
    transaction.commit().await
}

async fn delete(
    connection: &impl ConnectionTrait,
    told: &str,
    values: impl Fn() -> Vec<sea_orm::Value>,
) -> Result<(), DatabaseError> {
    for delete in [
        // Whoever delivers must not look for what is gone.
        format!(
            "DELETE FROM outbox_deliveries WHERE event_id IN (SELECT id FROM outbox WHERE {told})"
        ),
        format!("DELETE FROM outbox WHERE {told}"),
    ] {
        let backend = connection.get_database_backend();
        let delete = Statement::from_sql_and_values(backend, delete, values());
        connection.execute_raw(delete).await?;
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
