//! What stands behind a connection: for whoever looks whether all is well.

use crate::{Database, DatabaseError};
use sea_orm::{ConnectionTrait as _, DatabaseBackend, Statement};

/// The database server, or the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    /// PostgreSQL.
    Postgres {
        /// As it numbers itself: 170006 is 17.6.
        version: i64,
        /// Its clock, milliseconds since 1970.
        clock_millis: i64,
    },
    /// A SQLite file.
    Sqlite {
        /// Whether its pages fit together.
        is_sound: bool,
    },
}

impl Database {
    /// What stands behind the connection.
    pub async fn server(&self) -> Result<Server, DatabaseError> {
        if self.is_postgres() {
            let version = "SELECT current_setting('server_version_num')::bigint AS number";
            let clock = "SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::bigint AS number";
            return Ok(Server::Postgres {
                version: self.number(version).await?,
                clock_millis: self.number(clock).await?,
            });
        }
        let faults = "SELECT COUNT(*) AS number FROM pragma_quick_check WHERE quick_check <> 'ok'";
        Ok(Server::Sqlite {
            is_sound: self.number(faults).await? == 0,
        })
    }

    async fn number(&self, query: &str) -> Result<i64, DatabaseError> {
        let backend = if self.is_postgres() {
            DatabaseBackend::Postgres
        } else {
            DatabaseBackend::Sqlite
        };
        let row = self
            .read()
            .query_one_raw(Statement::from_string(backend, query))
            .await?;
        let number = row.map(|row| row.try_get("", "number")).transpose()?;
        Ok(number.unwrap_or(0))
    }
}
