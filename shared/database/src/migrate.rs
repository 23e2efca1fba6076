//! Migrations: forward only, written once for both databases, run under a lock.

use crate::{DatabaseError, connect};
use sea_orm::{ConnectionTrait, DatabaseBackend, DatabaseConnection, DbErr, Statement};
use sea_orm_migration::{MigrationName, MigrationTrait, MigratorTrait, SchemaManager, async_trait};
use std::{collections::BTreeSet, fs::File, path::PathBuf};

/// Key of the advisory lock that instances starting at once wait for.
pub(crate) const LOCK: i64 = 0x616b_6164;

/// A migration that is one SQL text.
///
/// The text is written for PostgreSQL; on SQLite its column types get the names that the
/// database layer reads back. A migration runs in one transaction on both.
#[derive(Clone, Copy, Debug)]
pub struct Sql {
    /// Name, in order: `m0001_…`.
    pub name: &'static str,
    /// Statements, each ended by `;` at the end of a line.
    pub text: &'static str,
}

impl MigrationName for Sql {
    fn name(&self) -> &str {
        self.name
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Sql {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let backend = connection.get_database_backend();
        for statement in self
            .text
            .split(";\n")
            .map(str::trim)
            .filter(|statement| !statement.is_empty() && is_for(statement, backend))
        {
            connection
                .execute_unprepared(&in_dialect(statement, backend))
                .await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// The tables that every service has.
pub const COMMON: Sql = Sql {
    name: "m0000_common",
    text: include_str!("migrate/common.sql"),
};

/// The seals of the history, and the order of events; every service has them too.
pub const SEALS: Sql = Sql {
    name: "m0000_seals",
    text: include_str!("migrate/seals.sql"),
};

/// Events that can't have their effect yet; every service has them too.
pub const HELD: Sql = Sql {
    name: "m0000_held",
    text: include_str!("migrate/held.sql"),
};

/// A statement that begins with `-- PostgreSQL:` or `-- SQLite:` is for that one alone: what
/// they have no common words for, such as triggers.
fn is_for(statement: &str, backend: DatabaseBackend) -> bool {
    let other = if backend == DatabaseBackend::Postgres {
        "-- SQLite:"
    } else {
        "-- PostgreSQL:"
    };
    !statement.starts_with(other)
}

fn in_dialect(statement: &str, backend: DatabaseBackend) -> String {
    if backend == DatabaseBackend::Postgres {
        return statement.to_owned();
    }
    let types = [
        (" UUID", " uuid_text"),
        (" TIMESTAMPTZ", " timestamp_with_timezone_text"),
        (" JSONB", " jsonb_text"),
        (" DATE", " date_text"),
    ];
    types
        .iter()
        .fold(statement.to_owned(), |text, (postgres, sqlite)| {
            text.replace(postgres, sqlite)
        })
}

/// Brings the database at `url` to the newest version. Instances that start at once wait for
/// each other; the second finds nothing left to do.
pub async fn run<M: MigratorTrait>(url: &str) -> Result<(), DatabaseError> {
    let file = url.to_owned();
    // Waiting for another instance must not hold the thread that it may need.
    let locked = tokio::task::spawn_blocking(move || lock_file(&file)).await;
    let file_lock =
        locked.map_err(|error| DatabaseError::Other(DbErr::Custom(error.to_string())))??;
    let connection = connect::open_one(url).await?;
    let postgres = connection.get_database_backend() == DatabaseBackend::Postgres;
    if postgres {
        connection
            .execute_unprepared(&format!("SELECT pg_advisory_lock({LOCK})"))
            .await?;
    }
    let outcome = up::<M>(&connection).await;
    if postgres {
        connection
            .execute_unprepared(&format!("SELECT pg_advisory_unlock({LOCK})"))
            .await?;
    }
    connection.close().await?;
    drop(file_lock);
    Ok(outcome?)
}

async fn up<M: MigratorTrait>(connection: &DatabaseConnection) -> Result<(), DbErr> {
    let level = level_of::<M>(connection).await?;
    if let Some(newest) = level.newer.last() {
        if level.pending.is_empty() {
            // Somebody has begun to update, and this version goes on beside the next one.
            tracing::info!(%newest, "the database has had migrations of a newer version");
            return Ok(());
        }
        return Err(DbErr::Custom(format!(
            "the database has had {newest}, which this version does not know, but not {}: it is \
             of another line of versions",
            level.pending.join(", ")
        )));
    }
    M::up(connection, None).await
}

/// Which migrations a database has had, as one version sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Level {
    /// Those of this version that it has not had yet, in their order.
    pub pending: Vec<String>,
    /// Those that it has had and this version does not know.
    pub newer: Vec<String>,
    /// Whether it has had none at all.
    pub is_new: bool,
}

/// Which migrations the database at `url` has had; nothing is changed by asking.
pub async fn level<M: MigratorTrait>(url: &str) -> Result<Level, DatabaseError> {
    let connection = connect::open_one(url).await?;
    let level = level_of::<M>(&connection).await;
    connection.close().await?;
    Ok(level?)
}

async fn level_of<M: MigratorTrait>(connection: &DatabaseConnection) -> Result<Level, DbErr> {
    let backend = connection.get_database_backend();
    let there = if backend == DatabaseBackend::Postgres {
        "SELECT 1 AS one FROM pg_class WHERE oid = to_regclass('seaql_migrations')"
    } else {
        "SELECT 1 AS one FROM sqlite_master WHERE type = 'table' AND name = 'seaql_migrations'"
    };
    let ask = |text| connection.query_all_raw(Statement::from_string(backend, text));
    let mut had = BTreeSet::new();
    if !ask(there).await?.is_empty() {
        for row in ask("SELECT version FROM seaql_migrations").await? {
            had.insert(row.try_get::<String>("", "version")?);
        }
    }
    let is_new = had.is_empty();
    let mut pending = Vec::new();
    for migration in M::migrations() {
        if !had.remove(migration.name()) {
            pending.push(migration.name().to_owned());
        }
    }
    Ok(Level {
        pending,
        newer: had.into_iter().collect(),
        is_new,
    })
}

/// Names of the migrations that the database at `url` has not had yet; nothing is changed by
/// asking.
pub async fn pending<M: MigratorTrait>(url: &str) -> Result<Vec<String>, DatabaseError> {
    Ok(level::<M>(url).await?.pending)
}

fn lock_file(url: &str) -> Result<Option<File>, DatabaseError> {
    let Some(path) = url.strip_prefix("sqlite://") else {
        return Ok(None);
    };
    let path = PathBuf::from(path.split('?').next().unwrap_or(path));
    let locked = || {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let file = File::create(path.with_extension("lock"))?;
        file.lock()?;
        Ok(file)
    };
    let error = |error: std::io::Error| {
        DatabaseError::Unreachable(DbErr::Custom(format!("{}: {error}", path.display())))
    };
    locked().map(Some).map_err(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_for_one_database_is_left_out_on_the_other() {
        let both = [DatabaseBackend::Postgres, DatabaseBackend::Sqlite];
        let on = |statement| both.map(|backend| is_for(statement, backend));
        assert_eq!(on("-- PostgreSQL: x\nSELECT 1"), [true, false]);
        assert_eq!(on("-- SQLite: x\nSELECT 1"), [false, true]);
        assert_eq!(on("-- x\nSELECT 1"), [true, true]);
    }

    #[test]
    fn types_are_named_as_each_database_reads_them() {
        let text = "CREATE TABLE t (id UUID PRIMARY KEY, at TIMESTAMPTZ, on_day DATE)";
        assert_eq!(in_dialect(text, DatabaseBackend::Postgres), text);
        let sqlite = in_dialect(text, DatabaseBackend::Sqlite);
        assert_eq!(
            sqlite,
            "CREATE TABLE t (id uuid_text PRIMARY KEY, at timestamp_with_timezone_text, on_day date_text)"
        );
    }
}
