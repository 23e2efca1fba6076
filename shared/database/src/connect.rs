//! Connections: SQLite with one fair writer, or a small PostgreSQL pool.

use crate::{DatabaseError, idempotency::Running};
use sea_orm::{
    ConnectOptions, DatabaseBackend, DatabaseConnection, DatabaseTransaction, IsolationLevel,
    SqliteTransactionMode, TransactionOptions, TransactionTrait as _,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};
use std::{sync::Arc, time::Duration};
use tokio::sync::{Mutex, Notify, OwnedMutexGuard};
use tracing::log::LevelFilter;

/// Connections that read a SQLite file at once.
const SQLITE_READERS: u32 = 4;
/// Connections to PostgreSQL: on one hot row few clients beat many.
const POSTGRES_CONNECTIONS: u32 = 10;

/// How a PostgreSQL server is used. SQLite has one writer and needs none of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections of this process at most.
    pub connections: u32,
    /// How long one statement may take before the server ends it.
    pub statement: Duration,
    /// How long one waits for a row or table that another holds.
    pub lock: Duration,
    /// How long a transaction may do nothing before the server ends it.
    pub idle: Duration,
}

impl Default for Limits {
    /// Shorter than the gateway waits for an answer, so that a service says no by itself.
    fn default() -> Self {
        Self {
            connections: POSTGRES_CONNECTIONS,
            statement: Duration::from_secs(15),
            lock: Duration::from_secs(5),
            idle: Duration::from_secs(30),
        }
    }
}

/// How many connections are open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Connections {
    /// Open and free.
    pub idle: f64,
    /// Open and in use.
    pub used: f64,
    /// As many as there may be.
    pub most: f64,
}

/// A service's own database.
#[derive(Clone, Debug)]
pub struct Database {
    read: DatabaseConnection,
    write: DatabaseConnection,
    /// On SQLite writers wait here, in order; the file's own lock is unfair.
    writer: Option<Arc<Mutex<()>>>,
    pub(crate) running: Running,
    changed: Arc<Notify>,
    /// The owner's name, as the source of its events.
    pub(crate) source: &'static str,
    /// What tests break.
    #[cfg(feature = "sabotage")]
    pub sabotage: crate::sabotage::Sabotage,
}

/// A transaction that writes, and the writer's turn it took.
#[derive(Debug)]
pub struct WriteTransaction {
    pub(crate) transaction: DatabaseTransaction,
    // Given back after the transaction is gone: fields drop in this order.
    _turn: Option<OwnedMutexGuard<()>>,
}

impl Database {
    /// Connects to `sqlite://…` or `postgres://…` as the service called `source`.
    pub async fn connect(url: &str, source: &'static str) -> Result<Self, DatabaseError> {
        Self::connect_within(url, source, Limits::default()).await
    }

    /// The same with other limits.
    pub async fn connect_within(
        url: &str,
        source: &'static str,
        limits: Limits,
    ) -> Result<Self, DatabaseError> {
        let (read, write, writer) = if url.starts_with("sqlite:") {
            let read = open(sqlite(url, SQLITE_READERS)).await?;
            let write = open(sqlite(url, 1)).await?;
            (read, write, Some(Arc::default()))
        } else {
            let pool = open(postgres(url, limits)).await?;
            (pool.clone(), pool, None)
        };
        Ok(Self {
            read,
            write,
            writer,
            running: Running::default(),
            changed: Arc::default(),
            source,
            #[cfg(feature = "sabotage")]
            sabotage: crate::sabotage::Sabotage::default(),
        })
    }

    /// The owner's name.
    pub fn source(&self) -> &'static str {
        self.source
    }

    /// How many connections are open; on SQLite those that read.
    pub fn connections(&self) -> Connections {
        let (open, idle, most) = if self.is_postgres() {
            let pool = self.read.get_postgres_connection_pool();
            (
                pool.size(),
                pool.num_idle(),
                pool.options().get_max_connections(),
            )
        } else {
            let pool = self.read.get_sqlite_connection_pool();
            (
                pool.size(),
                pool.num_idle(),
                pool.options().get_max_connections(),
            )
        };
        let idle = u32::try_from(idle).unwrap_or(u32::MAX);
        Connections {
            idle: idle.into(),
            used: open.saturating_sub(idle).into(),
            most: most.into(),
        }
    }

    /// The connection for reading.
    pub fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// Whether this is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.read.get_database_backend() == DatabaseBackend::Postgres
    }

    /// Whether the database answers.
    pub async fn is_reachable(&self) -> bool {
        self.read.ping().await.is_ok()
    }

    /// Begins a transaction that writes: on SQLite it takes the file's write lock at once,
    /// since one that reads first and writes later fails where it should wait.
    pub async fn begin(&self) -> Result<WriteTransaction, DatabaseError> {
        let turn = match &self.writer {
            Some(writer) => Some(Arc::clone(writer).lock_owned().await),
            None => None,
        };
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let transaction = self.write.begin_with_options(options).await?;
        Ok(WriteTransaction {
            transaction,
            _turn: turn,
        })
    }

    /// A transaction that reads one moment of the database, whatever is committed meanwhile.
    pub async fn snapshot(&self) -> Result<DatabaseTransaction, DatabaseError> {
        // SQLite has only this kind and understands no words for it.
        let level = self.is_postgres().then_some(IsolationLevel::RepeatableRead);
        let options = TransactionOptions {
            isolation_level: level,
            ..TransactionOptions::default()
        };
        Ok(self.read.begin_with_options(options).await?)
    }

    /// Resolves after the next committed change of this process: relays and mailers wait here
    /// instead of asking again and again.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Brings SQLite's write-ahead log into the file and empties it, as far as nobody reads it.
    pub(crate) async fn checkpoint(&self) -> Result<(), DatabaseError> {
        use sea_orm::ConnectionTrait as _;
        let _turn = match &self.writer {
            Some(writer) => Some(Arc::clone(writer).lock_owned().await),
            None => None,
        };
        let statement = "PRAGMA wal_checkpoint(TRUNCATE)";
        self.write.execute_unprepared(statement).await?;
        Ok(())
    }

    pub(crate) fn note_change(&self) {
        self.changed.notify_waiters();
    }
}

impl WriteTransaction {
    /// Makes the transaction's changes last.
    pub async fn commit(self) -> Result<(), DatabaseError> {
        Ok(self.transaction.commit().await?)
    }

    /// The open transaction.
    pub fn connection(&self) -> &DatabaseTransaction {
        &self.transaction
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where databases are opened"
)]
async fn open(options: ConnectOptions) -> Result<DatabaseConnection, DatabaseError> {
    let connection = sea_orm::Database::connect(options).await?;
    #[cfg(feature = "sabotage")]
    let connection = crate::sabotage::watched(connection);
    Ok(connection)
}

pub(crate) fn sqlite(url: &str, connections: u32) -> ConnectOptions {
    let mut options = common(url, connections);
    options.map_sqlx_sqlite_opts(|sqlite| {
        sqlite
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            // What was confirmed must survive a power cut.
            .synchronous(SqliteSynchronous::Full)
            // What is deleted is overwritten: nothing that was erased can be read from the file.
            .pragma("secure_delete", "ON")
            .busy_timeout(Duration::from_secs(5))
    });
    options
}

fn postgres(url: &str, limits: Limits) -> ConnectOptions {
    let mut options = common(url, limits.connections);
    let millis = |time: Duration| time.as_millis().to_string();
    options.map_sqlx_postgres_opts(move |postgres| {
        postgres.application_name("akademi").options([
            ("statement_timeout", millis(limits.statement)),
            ("lock_timeout", millis(limits.lock)),
            ("idle_in_transaction_session_timeout", millis(limits.idle)),
        ])
    });
    options
}

fn common(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url.to_owned());
    options
        .max_connections(connections)
        .min_connections(0)
        .acquire_timeout(Duration::from_secs(10))
        .sqlx_logging_level(LevelFilter::Debug);
    options
}

/// Opens a SQLite file for reading alone, as one that nobody writes.
pub(crate) async fn open_copy(file: &std::path::Path) -> Result<DatabaseConnection, DatabaseError> {
    let mut options = common(&format!("sqlite://{}", file.display()), 1);
    options.map_sqlx_sqlite_opts(|sqlite| sqlite.read_only(true).immutable(true));
    open(options).await
}

pub(crate) async fn open_one(url: &str) -> Result<DatabaseConnection, DatabaseError> {
    open(if url.starts_with("sqlite:") {
        sqlite(url, 1)
    } else {
        // A migration takes as long as it takes, and waits for whoever migrates.
        common(url, 1)
    })
    .await
}
