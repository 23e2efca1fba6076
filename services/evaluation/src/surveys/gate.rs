//! Who has a survey: many answer it at once, one opens, mixes, closes or changes it.
//!
//! On PostgreSQL these are advisory locks, since they leave no trace in a row; SQLite writes one
//! after the other anyway.

use sea_orm::{ConnectionTrait as _, DatabaseBackend, Statement};
use shared_database::{Change, DatabaseError};
use uuid::Uuid;

/// Shares the survey with others who answer it.
pub async fn share(change: &Change, survey: Uuid) -> Result<(), DatabaseError> {
    lock(change, survey, "pg_advisory_xact_lock_shared").await
}

/// Waits until nobody answers the survey, and keeps others from it until the change ends.
pub async fn alone(change: &Change, survey: Uuid) -> Result<(), DatabaseError> {
    lock(change, survey, "pg_advisory_xact_lock").await
}

async fn lock(change: &Change, survey: Uuid, function: &str) -> Result<(), DatabaseError> {
    if !change.is_postgres() {
        return Ok(());
    }
    let sql = format!("SELECT {function}(hashtextextended($1, 7))");
    let values = [sea_orm::Value::from(format!("survey {survey}"))];
    let statement = Statement::from_sql_and_values(DatabaseBackend::Postgres, sql, values);
    change.tx().execute_raw(statement).await?;
    Ok(())
}
