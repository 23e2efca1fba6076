//! Copies of SQLite files that are in use.

use crate::{Database, DatabaseError, connect};
use sea_orm::{ConnectionTrait as _, DatabaseBackend, Statement};
use std::path::Path;

impl Database {
    /// Copies what a SQLite file holds at this moment to a file that is not there yet. Others read
    /// and write meanwhile; who wants several databases as of one moment holds a transaction of
    /// each.
    pub async fn copy_to(&self, file: &Path) -> Result<(), DatabaseError> {
        let file = file.to_string_lossy().into_owned();
        let copy = Statement::from_sql_and_values(
            DatabaseBackend::Sqlite,
            "VACUUM INTO $1",
            [file.into()],
        );
        self.read().execute_raw(copy).await?;
        Ok(())
    }
}

/// Whether the pages of a SQLite file that nobody uses fit together. The file stays as it is.
pub async fn is_sound(file: &Path) -> Result<bool, DatabaseError> {
    let connection = connect::open_copy(file).await?;
    let faults =
        "SELECT 1 AS one FROM pragma_integrity_check WHERE integrity_check <> 'ok' LIMIT 1";
    let faults = Statement::from_string(DatabaseBackend::Sqlite, faults);
    let found = connection.query_one_raw(faults).await;
    connection.close().await?;
    Ok(found?.is_none())
}
