//! The sealer: chains what is committed of the history, in batches, so that nobody can rewrite
//! it unnoticed.
//!
//! A chain written inside each change would make all changes wait for each other. Instead each
//! change queues its rows in `unsealed_changes`, in its own transaction, and once a second one
//! instance takes what is committed by then: it gives each row its place, writes a seal over
//! the batch and over the seal before, and empties the queue. A change that commits late is
//! sealed late, whatever its id; nothing relies on the order of ids.
//!
//! Places are given by one holder of a lock at a time, after the commit. Whoever reads by them
//! (the audit feed) therefore never has to look back.

use crate::{
    Database, DatabaseError, feed,
    history::hex,
    tables::{changes, sealed_changes, seals, unsealed_changes},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseBackend, DatabaseTransaction, EntityTrait as _,
    IntoActiveModel as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _,
    Statement,
};
use sha2::{Digest as _, Sha256};
use std::{collections::HashMap, time::Duration};
use uuid::Uuid;

/// Rows of one seal at most.
const MOST_ROWS: usize = 1000;
/// Key of the advisory lock that makes sealing one instance's work at a time.
const LOCK: i64 = 0x616b_7365;
/// How often what is committed is usually sealed.
pub const EVERY: Duration = Duration::from_secs(1);
/// How long to wait when the database says no.
const AFTER_FAILURE: Duration = Duration::from_secs(10);

/// Seals the history and orders the events of a service until `stop` resolves. Every instance
/// runs it; any moment is a good one to die.
pub async fn keep_sealing(
    database: Database,
    every: Duration,
    now: impl Fn() -> DateTime<Utc>,
    stop: impl Future<Output = ()>,
) {
    let mut stop = std::pin::pin!(stop);
    let mut pause = every;
    loop {
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(pause) => {}
        }
        let done = async {
            seal(&database, now()).await?;
            feed::place(&database).await
        };
        pause = match done.await {
            Ok(_) => every,
            Err(error) => {
                tracing::warn!(%error, "sealing waits");
                AFTER_FAILURE
            }
        };
    }
}

/// Seals everything that is committed; says how many changes that were. Nothing, where another
/// instance is at it.
pub async fn seal(database: &Database, now: DateTime<Utc>) -> Result<usize, DatabaseError> {
    let mut sealed = 0;
    loop {
        let batch = seal_batch(database, now).await?;
        sealed += batch;
        if batch < MOST_ROWS {
            return Ok(sealed);
        }
    }
}

async fn seal_batch(database: &Database, now: DateTime<Utc>) -> Result<usize, DatabaseError> {
    // A look first: an idle sealer takes no turn among the writers.
    if waiting(database.read(), 1).await?.is_empty() {
        return Ok(0);
    }
    let transaction = database.begin().await?;
    let connection = transaction.connection();
    if database.is_postgres() && !try_lock(connection, LOCK).await? {
        return Ok(0);
    }
    let rows = rows(connection, waiting(connection, MOST_ROWS).await?).await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let head = seals::Entity::find()
        .order_by_desc(seals::Column::Number)
        .one(connection)
        .await?;
    let (seal, places) = next(head.as_ref(), &rows, now);
    let first = seal.first_position;
    seals::Entity::insert(seal.into_active_model())
        .exec_without_returning(connection)
        .await?;
    let places = places
        .into_iter()
        .map(sea_orm::IntoActiveModel::into_active_model);
    sealed_changes::Entity::insert_many(places)
        .exec_without_returning(connection)
        .await?;
    empty_queue(connection, first).await?;
    transaction.commit().await?;
    Ok(rows.len())
}

/// Takes a transaction's lock where nobody holds it.
pub(crate) async fn try_lock(
    connection: &DatabaseTransaction,
    key: i64,
) -> Result<bool, DatabaseError> {
    let sql = "SELECT pg_try_advisory_xact_lock($1) AS taken";
    let statement = Statement::from_sql_and_values(DatabaseBackend::Postgres, sql, [key.into()]);
    let row = connection.query_one_raw(statement).await?;
    Ok(row
        .map(|row| row.try_get("", "taken"))
        .transpose()?
        .unwrap_or(false))
}

async fn waiting(
    connection: &impl ConnectionTrait,
    most: usize,
) -> Result<Vec<Uuid>, DatabaseError> {
    Ok(unsealed_changes::Entity::find()
        .select_only()
        .column(unsealed_changes::Column::ChangeId)
        .order_by_asc(unsealed_changes::Column::ChangeId)
        .limit(u64::try_from(most).unwrap_or(1))
        .into_tuple()
        .all(connection)
        .await?)
}

async fn rows(
    connection: &DatabaseTransaction,
    ids: Vec<Uuid>,
) -> Result<Vec<changes::Model>, DatabaseError> {
    let count = ids.len();
    let rows = changes::Entity::find()
        .filter(changes::Column::Id.is_in(ids))
        .order_by_asc(changes::Column::Id)
        .all(connection)
        .await?;
    if rows.len() < count {
        // They stay in the queue, so that the verification names them.
        let gone = count - rows.len();
        tracing::error!(gone, "changes are gone before they were sealed");
    }
    Ok(rows)
}

/// Takes what is sealed from a place on out of the queue.
async fn empty_queue(connection: &DatabaseTransaction, first: i64) -> Result<(), DatabaseError> {
    let held = sealed_changes::Entity::find()
        .select_only()
        .column(sealed_changes::Column::ChangeId)
        .filter(sealed_changes::Column::Position.gte(first));
    unsealed_changes::Entity::delete_many()
        .filter(unsealed_changes::Column::ChangeId.in_subquery(held.into_query()))
        .exec(connection)
        .await?;
    Ok(())
}

/// The seal over these rows that follows on `head`, and the rows' places.
fn next(
    head: Option<&seals::Model>,
    rows: &[changes::Model],
    now: DateTime<Utc>,
) -> (seals::Model, Vec<sealed_changes::Model>) {
    let number = head.map_or(1, |head| head.number + 1);
    let first = head.map_or(1, |head| head.last_position + 1);
    let places: Vec<_> = rows
        .iter()
        .zip(first..)
        .map(|(row, position)| sealed_changes::Model {
            position,
            change_id: row.id,
            seal: number,
            digest: row_digest(row),
        })
        .collect();
    let mut seal = seals::Model {
        number,
        first_position: first,
        last_position: places.last().map_or(first - 1, |last| last.position),
        digest: batch_digest(places.iter()),
        previous: head.map(|head| head.hash.clone()).unwrap_or_default(),
        hash: String::new(),
        // As the database keeps it.
        sealed_at: DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now),
    };
    seal.hash = seal_hash(&seal);
    (seal, places)
}

/// Digest over parts: each with its length, so that no two lists of parts look the same.
#[derive(Default)]
struct Parts(Sha256);

impl Parts {
    fn bytes(mut self, bytes: &[u8]) -> Self {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.0.update([1]);
        self.0.update(length.to_be_bytes());
        self.0.update(bytes);
        self
    }

    fn optional(self, bytes: Option<&[u8]>) -> Self {
        match bytes {
            Some(bytes) => self.bytes(bytes),
            None => Self(self.0.chain_update([0])),
        }
    }

    fn number(self, number: i64) -> Self {
        self.bytes(&number.to_be_bytes())
    }

    fn hex(self) -> String {
        hex(&self.0.finalize())
    }
}

/// Digest of one change, all its columns included. The reason's text is in it by its digest
/// alone, so that it can be erased.
pub(crate) fn row_digest(row: &changes::Model) -> String {
    Parts::default()
        .bytes(row.id.as_bytes())
        .number(row.at.timestamp_micros())
        .bytes(row.kind.as_bytes())
        .bytes(row.thing_id.as_bytes())
        .bytes(row.edge.as_bytes())
        .bytes(row.actor.as_bytes())
        .optional(row.on_behalf_of.as_ref().map(|id| id.as_bytes().as_slice()))
        .optional(row.reason_digest.as_ref().map(String::as_bytes))
        .hex()
}

/// Digest of a batch: of its rows' digests in the order of their places.
pub(crate) fn batch_digest<'a>(places: impl Iterator<Item = &'a sealed_changes::Model>) -> String {
    places
        .fold(Parts::default(), |parts, place| {
            parts.number(place.position).bytes(place.digest.as_bytes())
        })
        .hex()
}

/// Hash of a seal, all its other columns included.
pub(crate) fn seal_hash(seal: &seals::Model) -> String {
    Parts::default()
        .number(seal.number)
        .number(seal.first_position)
        .number(seal.last_position)
        .bytes(seal.digest.as_bytes())
        .bytes(seal.previous.as_bytes())
        .number(seal.sealed_at.timestamp_micros())
        .hex()
}

/// Changes by their ids.
pub async fn changes_of(
    connection: &impl ConnectionTrait,
    places: &[sealed_changes::Model],
) -> Result<HashMap<Uuid, changes::Model>, DatabaseError> {
    let ids = places.iter().map(|place| place.change_id);
    let rows = changes::Entity::find()
        .filter(changes::Column::Id.is_in(ids))
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}
