//! The order in which events are read: a place for each, given after its commit.
//!
//! Ids and sequences are taken before a commit, so that what commits late stands before what
//! was read already, and a reader that goes on from there misses it. Places are given by one
//! holder of a lock at a time to what is committed: a reader that has seen a place has seen all
//! before it.

use crate::{Database, DatabaseError, seal, tables::outbox};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Select, Statement,
};

/// Events that get their places in one transaction.
const MOST_EVENTS: u64 = 1000;
/// Key of the advisory lock that makes ordering, and the relay's fan-out, one instance's work at
/// a time: both write to many events at once.
pub const LOCK: i64 = 0x616b_6665;

/// Gives every committed event its place; says how many those were. Nothing, where another
/// instance is at it.
pub async fn place(database: &Database) -> Result<u64, DatabaseError> {
    let mut placed = 0;
    loop {
        let some = place_some(database).await?;
        placed += some;
        if some < MOST_EVENTS {
            return Ok(placed);
        }
    }
}

async fn place_some(database: &Database) -> Result<u64, DatabaseError> {
    // A look first: an idle instance takes no turn among the writers.
    let unplaced = outbox::Entity::find().filter(outbox::Column::Position.is_null());
    if unplaced.one(database.read()).await?.is_none() {
        return Ok(0);
    }
    let transaction = database.begin().await?;
    let connection = transaction.connection();
    if database.is_postgres() && !seal::try_lock(connection, LOCK).await? {
        return Ok(0);
    }
    let order = if database.is_postgres() {
        "sequence"
    } else {
        "rowid"
    };
    let sql = format!(
        "UPDATE outbox SET position = placed.place FROM (\
         SELECT id, CAST($1 AS BIGINT) + row_number() OVER (ORDER BY {order}) AS place \
         FROM outbox WHERE position IS NULL ORDER BY {order} LIMIT {MOST_EVENTS}) AS placed \
         WHERE outbox.id = placed.id"
    );
    let last = last(connection).await?;
    let backend = connection.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, [last.into()]);
    let placed = connection.execute_raw(statement).await?.rows_affected();
    transaction.commit().await?;
    Ok(placed)
}

/// The last place that was given, 0 before the first. Everything up to it can be read from now
/// on.
pub async fn last(connection: &impl ConnectionTrait) -> Result<i64, DatabaseError> {
    let last = by_position()
        .order_by_desc(outbox::Column::Position)
        .into_tuple::<i64>()
        .one(connection)
        .await?;
    Ok(last.unwrap_or(0))
}

/// The first place that can still be read: all before it were forgotten. Nothing, where there
/// is no event.
pub async fn first(connection: &impl ConnectionTrait) -> Result<Option<i64>, DatabaseError> {
    Ok(by_position()
        .order_by_asc(outbox::Column::Position)
        .into_tuple::<i64>()
        .one(connection)
        .await?)
}

fn by_position() -> Select<outbox::Entity> {
    outbox::Entity::find()
        .select_only()
        .column(outbox::Column::Position)
        .filter(outbox::Column::Position.is_not_null())
}

/// Forgets events from before a time, always from the beginning and never the last, so that
/// readers can tell what they missed; says how many. What is not delivered yet stays: with
/// `relayed`, also what no subscriber has got in its queue.
pub async fn forget(
    database: &Database,
    before: DateTime<Utc>,
    relayed: bool,
) -> Result<u64, DatabaseError> {
    let kept = "SELECT COALESCE(MIN(position), 0) FROM outbox WHERE position IS NOT NULL AND (\
         at >= $1 OR position = (SELECT MAX(position) FROM outbox) \
         OR ($2 AND NOT fanned_out) \
         OR EXISTS (SELECT 1 FROM outbox_deliveries WHERE event_id = outbox.id))";
    // Looked for first, so that nobody waits for a write lock where there is nothing to forget.
    let first = outbox::Entity::find()
        .filter(outbox::Column::Position.is_not_null())
        .order_by_asc(outbox::Column::Position);
    let first = first.one(database.read()).await?;
    if first.is_none_or(|first| first.at >= before) {
        return Ok(0);
    }
    let transaction = database.begin().await?;
    let connection = transaction.connection();
    let statement = Statement::from_sql_and_values(
        connection.get_database_backend(),
        format!("DELETE FROM outbox WHERE position < ({kept})"),
        [before.into(), relayed.into()],
    );
    let forgotten = connection.execute_raw(statement).await?.rows_affected();
    transaction.commit().await?;
    Ok(forgotten)
}
