//! Makes what was deleted unreadable in the files: deleting alone leaves old versions of rows.

use crate::{Database, DatabaseError};
use sea_orm::ConnectionTrait as _;

impl Database {
    /// Takes what was deleted from some tables out of the files that this service can reach.
    ///
    /// On PostgreSQL the old versions of rows are given up (`VACUUM`), as far as no other
    /// transaction may still see them. On SQLite every deleted byte is overwritten already
    /// (`secure_delete`), so that only the write-ahead log is emptied. Neither reaches archives
    /// and backups. Where it can't be done now, the next call does it.
    pub async fn wipe(&self, tables: &[&str]) -> Result<(), DatabaseError> {
        if self.is_postgres() {
            let statement = format!("VACUUM {}", tables.join(", "));
            self.read().execute_unprepared(&statement).await?;
            return Ok(());
        }
        self.checkpoint().await
    }
}
