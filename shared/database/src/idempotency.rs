//! One effect for a repeated request: the record stands in the effect's own transaction.

use crate::{Database, DatabaseError, tables::idempotency};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseBackend, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, Statement,
};
use shared_types::{Answer, Claim, Problem, codes};
use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
    time::{SystemTime, UNIX_EPOCH},
};

/// Seconds for which an answer is kept.
const KEPT_SECONDS: i64 = 7 * 24 * 3600;

/// Claims whose requests run in this process.
#[derive(Clone, Debug, Default)]
pub(crate) struct Running(Arc<Mutex<HashSet<(String, String, String)>>>);

/// The turn of one running request; given back when dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    running: Running,
    name: (String, String, String),
}

impl Running {
    /// Takes the turn, or refuses while another request with the key runs.
    pub(crate) fn enter(&self, claim: &Claim) -> Result<Turn, Problem> {
        let name = (
            claim.subject.clone(),
            claim.operation.clone(),
            claim.key.clone(),
        );
        let entered = self
            .0
            .lock()
            .is_ok_and(|mut running| running.insert(name.clone()));
        if entered {
            Ok(Turn {
                running: self.clone(),
                name,
            })
        } else {
            Err(still_running())
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Ok(mut running) = self.running.0.lock() {
            running.remove(&self.name);
        }
    }
}

fn still_running() -> Problem {
    Problem::of(&codes::IDEMPOTENCY_RUNNING).retry_after(1)
}

/// The kept answer of an earlier request with this key.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    claim: &Claim,
    postgres: bool,
) -> Result<Option<Answer>, Problem> {
    // Another replica may be working on the same key; on SQLite the write lock says it all.
    if postgres && !try_lock(connection, claim).await? {
        return Err(still_running());
    }
    let key = (
        claim.subject.clone(),
        claim.operation.clone(),
        claim.key.clone(),
    );
    let found = idempotency::Entity::find_by_id(key)
        .one(connection)
        .await
        .map_err(DatabaseError::from)?;
    match found {
        Some(row) if row.fingerprint != claim.fingerprint => {
            Err(Problem::of(&codes::IDEMPOTENCY_REUSED))
        }
        Some(row) => Ok(Some(Answer {
            status: u16::try_from(row.status).unwrap_or(200),
            location: row.location,
            version: row.version,
            body: row.body,
            replayed: true,
        })),
        None => Ok(None),
    }
}

async fn try_lock(connection: &impl ConnectionTrait, claim: &Claim) -> Result<bool, DatabaseError> {
    let name = format!(
        "{}\u{1f}{}\u{1f}{}",
        claim.subject, claim.operation, claim.key
    );
    let sql = "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS taken";
    let statement = Statement::from_sql_and_values(DatabaseBackend::Postgres, sql, [name.into()]);
    let row = connection.query_one_raw(statement).await?;
    Ok(row
        .map(|row| row.try_get("", "taken"))
        .transpose()?
        .unwrap_or(false))
}

/// Keeps the answer beside its effect.
pub(crate) async fn keep(
    connection: &impl ConnectionTrait,
    claim: &Claim,
    answer: &Answer,
) -> Result<(), DatabaseError> {
    let row = idempotency::Model {
        subject: claim.subject.clone(),
        operation: claim.operation.clone(),
        key: claim.key.clone(),
        fingerprint: claim.fingerprint.clone(),
        status: i32::from(answer.status),
        location: answer.location.clone(),
        version: answer.version,
        body: answer.body.clone(),
        expires_at: system_seconds() + KEPT_SECONDS,
    };
    idempotency::Entity::insert(row.into_active_model())
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Forgets answers whose time is over. Looks first, so that nobody waits for a write lock where
/// there is nothing to forget.
pub async fn forget_expired(database: &Database) -> Result<(), DatabaseError> {
    let expired = || idempotency::Column::ExpiresAt.lt(system_seconds());
    let found = idempotency::Entity::find()
        .filter(expired())
        .one(database.read())
        .await?;
    if found.is_none() {
        return Ok(());
    }
    let transaction = database.begin().await?;
    let connection = transaction.connection();
    idempotency::Entity::delete_many()
        .filter(expired())
        .exec(connection)
        .await?;
    transaction.commit().await
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long an answer is kept is the system's time, not the domain's"
)]
fn system_seconds() -> i64 {
    let elapsed = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX)
}
