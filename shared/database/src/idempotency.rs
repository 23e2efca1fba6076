//! One effect for a repeated request: the record stands in the effect's own transaction.

use crate::{Change, Database, DatabaseError, tables::idempotency};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseBackend, EntityTrait as _, FromQueryResult as _,
    QueryFilter as _, Statement,
};
use shared_types::{Answer, Claim, Problem, codes};
use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
    time::{SystemTime, UNIX_EPOCH},
};
use uuid::Uuid;

/// Seconds for which an answer is kept.
const KEPT_SECONDS: i64 = 7 * 24 * 3600;

/// The status of an answer that named somebody who was erased.
const FORGOTTEN: i32 = 0;

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
    let found = if postgres {
        lock_and_find(connection, claim).await?
    } else {
        // The write lock says it all.
        let key = (
            claim.subject.clone(),
            claim.operation.clone(),
            claim.key.clone(),
        );
        let found = idempotency::Entity::find_by_id(key).one(connection).await;
        found.map_err(DatabaseError::from)?
    };
    match found {
        Some(row) if row.fingerprint != claim.fingerprint => {
            Err(Problem::of(&codes::IDEMPOTENCY_REUSED))
        }
        Some(row) if row.status == FORGOTTEN => Err(Problem::of(&codes::ANSWER_FORGOTTEN)),
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

/// Another replica may be working on the same key: its lock is tried and the record is read in
/// one statement. A record that was committed between the two is not seen; then the change runs
/// into it, and nothing has happened twice.
async fn lock_and_find(
    connection: &impl ConnectionTrait,
    claim: &Claim,
) -> Result<Option<idempotency::Model>, Problem> {
    let name = format!(
        "{}\u{1f}{}\u{1f}{}",
        claim.subject, claim.operation, claim.key
    );
    let sql = "SELECT turn.taken, kept.* \
               FROM (SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS taken) AS turn \
               LEFT JOIN idempotency AS kept \
               ON kept.subject = $2 AND kept.operation = $3 AND kept.key = $4";
    let values = [
        name,
        claim.subject.clone(),
        claim.operation.clone(),
        claim.key.clone(),
    ];
    let values = values.map(sea_orm::Value::from);
    let statement = Statement::from_sql_and_values(DatabaseBackend::Postgres, sql, values);
    let row = connection.query_one_raw(statement).await;
    let row = row
        .map_err(DatabaseError::from)?
        .ok_or_else(still_running)?;
    if !row
        .try_get::<bool>("", "taken")
        .map_err(DatabaseError::from)?
    {
        return Err(still_running());
    }
    let status: Option<i32> = row.try_get("", "status").map_err(DatabaseError::from)?;
    let kept = status.map(|_| idempotency::Model::from_query_result(&row, ""));
    Ok(kept.transpose().map_err(DatabaseError::from)?)
}

/// The record of an answer, which is kept beside its effect.
pub(crate) fn row(claim: &Claim, answer: &Answer) -> idempotency::Model {
    idempotency::Model {
        subject: claim.subject.clone(),
        operation: claim.operation.clone(),
        key: claim.key.clone(),
        fingerprint: claim.fingerprint.clone(),
        status: i32::from(answer.status),
        location: answer.location.clone(),
        version: answer.version,
        body: answer.body.clone(),
        expires_at: system_seconds() + KEPT_SECONDS,
    }
}

/// Forgets the answers in which one of some words stands: who repeats the request is told that
/// it was done, not what it answered.
pub async fn forget_answers(change: &Change, words: &[&str]) -> Result<(), DatabaseError> {
    let holds = if change.is_postgres() {
        "position($1 in body::text) > 0"
    } else {
        "instr(body, $1) > 0"
    };
    let forget = format!(
        "UPDATE idempotency SET body = '{{}}', location = NULL, status = {FORGOTTEN} WHERE {holds}"
    );
    for word in words.iter().filter(|word| !word.is_empty()) {
        let values = [json_text(word).into()];
        let backend = change.tx().get_database_backend();
        let statement = Statement::from_sql_and_values(backend, &forget, values);
        change.tx().execute_raw(statement).await?;
    }
    Ok(())
}

/// Forgets the answers that showed or made one of some things: what was written about a person
/// stands in them also where the person does not.
pub async fn forget_answers_about(change: &Change, things: &[Uuid]) -> Result<(), DatabaseError> {
    let ids: Vec<String> = things.iter().map(Uuid::to_string).collect();
    let words: Vec<&str> = ids.iter().map(String::as_str).collect();
    forget_answers(change, &words).await
}

/// A text as it stands within a JSON text.
pub fn json_text(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(&quoted)
        .to_owned()
}

/// What a change that could not be committed answers: where somebody else has kept an answer to
/// the same key meanwhile, that it is still being worked on.
pub(crate) fn refused(error: DatabaseError) -> Problem {
    match &error {
        DatabaseError::Unique(text) if text.contains("idempotency") => still_running(),
        _ => error.into(),
    }
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
