//! What is forgotten of imports: reports after their time, files that never came whole, and
//! people.

use crate::{KEPT_DAYS, entity, store};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait as _, EntityTrait as _, QueryFilter as _,
    QuerySelect as _, Statement,
};
use shared_database::{Change, Database, DatabaseError, idempotency};
use uuid::Uuid;

/// Imports that are forgotten at once.
const MOST_AT_ONCE: u64 = 20;
/// How long a file may take to come; what is older has been given up.
const MOST_RECEIVING: TimeDelta = TimeDelta::hours(2);

/// Forgets reports whose time is over. Looks first, so that nobody waits for a write lock where
/// there is nothing to forget.
pub async fn forget_ended(database: &Database, now: DateTime<Utc>) -> Result<(), DatabaseError> {
    use entity::Column::{CreatedAt, EndedAt, State};
    let ended = EndedAt.lt(now - TimeDelta::days(KEPT_DAYS));
    let given_up = Condition::all()
        .add(State.eq(store::RECEIVING))
        .add(CreatedAt.lt(now - MOST_RECEIVING));
    let over: Vec<Uuid> = entity::Entity::find()
        .select_only()
        .column(entity::Column::Id)
        .filter(Condition::any().add(ended).add(given_up))
        .limit(MOST_AT_ONCE)
        .into_tuple()
        .all(database.read())
        .await?;
    if over.is_empty() {
        return Ok(());
    }
    let transaction = database.begin().await?;
    store::delete(transaction.connection(), over).await?;
    transaction.commit().await
}

/// Forgets a person who is erased: what rows say that are not decided yet, the key, and what the
/// report says of the person. `words` are the texts that stand for the person in a cell. A row
/// that still waits is refused when its turn comes.
pub async fn forget_person(
    change: &Change,
    person: Uuid,
    words: &[&str],
) -> Result<(), DatabaseError> {
    store::forget_keys(change.tx(), person).await?;
    let own = "UPDATE import_rows SET content = NULL, claimed = NULL, external_key = NULL, \
               problems = NULL WHERE thing_id = $1";
    run(change, own, person.into()).await?;
    let said = if change.is_postgres() {
        "position(lower($1) in lower(content::text)) > 0"
    } else {
        "instr(lower(content), lower($1)) > 0"
    };
    let named = format!(
        "UPDATE import_rows SET content = NULL, claimed = NULL, external_key = NULL \
         WHERE content IS NOT NULL AND {said}"
    );
    let id = person.to_string();
    let words = words.iter().copied().chain([id.as_str()]);
    for word in words.filter(|word| !word.is_empty()) {
        // The whole of a cell, with its quotes: a name within another one's is not the person's.
        let cell = format!("\"{}\"", idempotency::json_text(word));
        run(change, &named, cell.into()).await?;
    }
    Ok(())
}

async fn run(change: &Change, sql: &str, value: sea_orm::Value) -> Result<(), DatabaseError> {
    let backend = change.tx().get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, [value]);
    change.tx().execute_raw(statement).await?;
    Ok(())
}
