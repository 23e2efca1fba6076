//! Fan-out: a row for each subscriber of each new event.
//!
//! Only one replica fans out at a time. Were the new events shared between replicas, one could
//! queue a later event of a subject, and another deliver it, before the earlier was queued.

use super::{Relay, rhythm::system_millis};
use crate::{declares, entity::deliveries};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DatabaseTransaction, EntityTrait as _, IntoActiveModel,
    Order, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select, sea_query::Expr,
};
use shared_database::{
    Database, DatabaseError, connect::WriteTransaction, feed::LOCK, tables::outbox,
};
use uuid::Uuid;

/// Events that are fanned out in one transaction.
const MOST_EVENTS: u64 = 500;
/// Rows of one INSERT; databases bound the number of values.
const MOST_ROWS: usize = 1000;

/// What fan-out needs to know of an event: id, type, subject.
type Head = (Uuid, String, String);

impl Relay {
    /// Queues new events for their subscribers; says how many events it took.
    pub(super) async fn fan_out(&self) -> Result<usize, DatabaseError> {
        let new = outbox::Column::FannedOut.eq(false);
        let waiting = heads(&self.database).filter(new.clone()).limit(1);
        if waiting
            .into_tuple::<Head>()
            .one(self.database.read())
            .await?
            .is_none()
        {
            return Ok(0);
        }
        let transaction = alone(&self.database).await?;
        let connection = transaction.connection();
        let events = heads(&self.database)
            .filter(new)
            .limit(MOST_EVENTS)
            .into_tuple::<Head>()
            .all(connection)
            .await?;
        let subscribers = &self.subscribers;
        let rows = events.iter().flat_map(|(id, kind, subject)| {
            let declaring = subscribers
                .iter()
                .filter(move |subscriber| declares(&subscriber.types, kind));
            declaring.map(move |subscriber| row(*id, &subscriber.name, subject))
        });
        insert(connection, rows.collect()).await?;
        outbox::Entity::update_many()
            .col_expr(outbox::Column::FannedOut, Expr::value(true))
            .filter(outbox::Column::Id.is_in(events.iter().map(|(id, ..)| *id)))
            .exec(connection)
            .await?;
        transaction.commit().await?;
        Ok(events.len())
    }

    /// Queues everything that is still in the outbox for one subscriber, in order; says how
    /// many events that were. Rows of the outbox outlive their delivery, so that a subscriber
    /// that is added later can begin with the past.
    ///
    /// Call it when the subscriber is configured and before relays with it run: an event that
    /// it had got already would stand behind older ones. Called again it queues everything
    /// again, which is harmless: the receiver applies an event once.
    pub async fn backfill(&self, subscriber: &str) -> Result<usize, DatabaseError> {
        let Some(subscriber) = self.subscribers.iter().find(|one| one.name == subscriber) else {
            return Ok(0);
        };
        let transaction = alone(&self.database).await?;
        let connection = transaction.connection();
        deliveries::Entity::delete_many()
            .filter(deliveries::Column::Subscriber.eq(&subscriber.name))
            .exec(connection)
            .await?;
        let events = heads(&self.database)
            .filter(outbox::Column::FannedOut.eq(true))
            .into_tuple::<Head>()
            .all(connection)
            .await?;
        let rows: Vec<_> = events
            .iter()
            .filter(|(_, kind, _)| declares(&subscriber.types, kind))
            .map(|(id, _, subject)| row(*id, &subscriber.name, subject))
            .collect();
        let count = rows.len();
        insert(connection, rows).await?;
        transaction.commit().await?;
        Ok(count)
    }
}

/// A transaction that no other fan-out runs beside: on SQLite every one is.
async fn alone(database: &Database) -> Result<WriteTransaction, DatabaseError> {
    let transaction = database.begin().await?;
    if database.is_postgres() {
        // In a statement of its own: the next one then sees what the last holder committed.
        let lock = format!("SELECT pg_advisory_xact_lock({LOCK})");
        transaction.connection().execute_unprepared(&lock).await?;
    }
    Ok(transaction)
}

fn heads(database: &Database) -> Select<outbox::Entity> {
    outbox::Entity::find()
        .select_only()
        .columns([
            outbox::Column::Id,
            outbox::Column::Kind,
            outbox::Column::Subject,
        ])
        .order_by(Expr::cust(insertion_column(database)), Order::Asc)
}

/// The column that keeps the order of insertion.
pub(crate) fn insertion_column(database: &Database) -> &'static str {
    if database.is_postgres() {
        "sequence"
    } else {
        "rowid"
    }
}

fn row(event_id: Uuid, subscriber: &str, subject: &str) -> deliveries::Model {
    deliveries::Model {
        event_id,
        subscriber: subscriber.to_owned(),
        subject: subject.to_owned(),
        attempts: 0,
        next_attempt_at: system_millis(),
        last_error: None,
    }
}

async fn insert(
    connection: &DatabaseTransaction,
    rows: Vec<deliveries::Model>,
) -> Result<(), DatabaseError> {
    for part in rows.chunks(MOST_ROWS) {
        let part = part.iter().cloned().map(IntoActiveModel::into_active_model);
        deliveries::Entity::insert_many(part)
            .exec_without_returning(connection)
            .await?;
    }
    Ok(())
}
