//! Moves what a SQLite file holds to an empty PostgreSQL database of the same version.
//!
//! The file is locked and the other database is one transaction as long as this lasts: nobody
//! writes on either side, and until the end nothing has happened.

mod contents;
mod shape;

pub use contents::Contents;

use contents::{Row, Rows as _};
use futures_util::TryStreamExt as _;
use sea_orm::sqlx::{
    self, AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection,
    SqliteConnection,
    postgres::PgConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteLockingMode},
};
use shape::Table;
use std::{collections::BTreeMap, fmt, time::Duration};

/// Rows that are on their way at once at most.
const MOST_ROWS: usize = 500;
/// Characters that are on their way at once, unless a single row has more.
const MOST_CHARACTERS: usize = 1 << 20;
/// How long somebody else's connection may take to end.
const PATIENCE: Duration = Duration::from_secs(3);

/// Why something can't be moved.
#[derive(Debug)]
pub enum TransferError {
    /// Somebody uses the file, or the database that it goes to.
    InUse(String),
    /// Tables or columns that are not the same on both sides.
    Shape(String),
    /// A value that the other database has no like of.
    Value(String),
    /// The database says no.
    Database(sqlx::Error),
}

impl fmt::Display for TransferError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InUse(what) => write!(f, "{what} is in use: stop every service first"),
            Self::Shape(what) => write!(f, "the tables differ: {what}"),
            Self::Value(what) => write!(f, "a value that can't be moved: {what}"),
            Self::Database(error) => write!(f, "database: {error}"),
        }
    }
}

impl std::error::Error for TransferError {}

impl From<sqlx::Error> for TransferError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

/// What each table holds, by its name.
pub type Tables = BTreeMap<String, Contents>;

/// A move that is under way. Nothing has happened until it is committed.
#[derive(Debug)]
pub struct Transfer {
    source: SqliteConnection,
    target: PgConnection,
    tables: Vec<Table>,
}

impl Transfer {
    /// Locks the file at `source` (`sqlite://…`) and the database at `target` (`postgres://…`).
    pub async fn begin(source: &str, target: &str) -> Result<Self, TransferError> {
        let mut source = locked(source).await?;
        let mut target = target.parse::<PgConnectOptions>()?.connect().await?;
        let name = shape::name(&mut target).await?;
        alone(&mut target, &name).await?;
        target.execute("BEGIN").await?;
        let tables = shape::tables(&mut source, &mut target).await?;
        target.execute("SET LOCAL lock_timeout = '3s'").await?;
        for table in &tables {
            let lock = format!("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", table.quoted());
            let locked = target.execute(AssertSqlSafe(lock)).await;
            locked.map_err(|_| TransferError::InUse(name.clone()))?;
        }
        Ok(Self {
            source,
            target,
            tables,
        })
    }

    /// What the file holds.
    pub async fn source_contents(&mut self) -> Result<Tables, TransferError> {
        contents::of_all(&mut self.source, &self.tables).await
    }

    /// What the other database holds, read from there.
    pub async fn target_contents(&mut self) -> Result<Tables, TransferError> {
        contents::of_all(&mut self.target, &self.tables).await
    }

    /// Copies every table. What migrations have put into the tables gives way.
    pub async fn copy(&mut self) -> Result<(), TransferError> {
        let references = shape::references(&mut self.target).await?;
        // Rows may refer to rows that come later, of the same table too.
        for (table, constraint) in &references {
            let later = "DEFERRABLE INITIALLY DEFERRED";
            self.alter(table, &format!("ALTER CONSTRAINT {constraint} {later}"))
                .await?;
        }
        let names: Vec<String> = self.tables.iter().map(Table::quoted).collect();
        for table in &names {
            // Such as what sets the time of a change: these changes have theirs.
            self.alter(table, "DISABLE TRIGGER USER").await?;
            let empty = AssertSqlSafe(format!("DELETE FROM {table}"));
            self.target.execute(empty).await?;
        }
        for table in &self.tables {
            copy_table(&mut self.source, &mut self.target, table).await?;
        }
        self.target.execute("SET CONSTRAINTS ALL IMMEDIATE").await?;
        for (table, constraint) in &references {
            let now = format!("ALTER CONSTRAINT {constraint} NOT DEFERRABLE");
            self.alter(table, &now).await?;
        }
        for table in &names {
            self.alter(table, "ENABLE TRIGGER USER").await?;
        }
        Ok(())
    }

    /// Makes it last.
    pub async fn commit(mut self) -> Result<(), TransferError> {
        self.target.execute("COMMIT").await?;
        // For whoever asks first; it is no fault of the move where it can't be done.
        let _ = self.target.execute("ANALYZE").await;
        self.target.close().await?;
        Ok(self.source.close().await?)
    }

    async fn alter(&mut self, table: &str, change: &str) -> Result<(), TransferError> {
        let change = format!("ALTER TABLE {table} {change}");
        self.target.execute(AssertSqlSafe(change)).await?;
        Ok(())
    }
}

/// What a SQLite file holds that nobody uses, table by table, without comparing it to anything.
pub async fn contents_of_file(url: &str, like: &Transfer) -> Result<Tables, TransferError> {
    let mut file = locked(url).await?;
    let contents = contents::of_all(&mut file, &like.tables).await?;
    file.close().await?;
    Ok(contents)
}

/// Opens a SQLite file for ourselves alone, until the connection is closed.
async fn locked(url: &str) -> Result<SqliteConnection, TransferError> {
    let options = url.parse::<SqliteConnectOptions>()?;
    let mut connection = options
        .create_if_missing(false)
        .locking_mode(SqliteLockingMode::Exclusive)
        .busy_timeout(PATIENCE)
        .connect()
        .await?;
    // A connection that others keep open is enough for this to fail.
    let locked = connection.execute("BEGIN EXCLUSIVE").await;
    locked.map_err(|error| in_use(url, error))?;
    Ok(connection)
}

fn in_use(url: &str, error: sqlx::Error) -> TransferError {
    let code = error.as_database_error();
    let code = code.and_then(sqlx::error::DatabaseError::code);
    // SQLite: busy, locked.
    match code.as_deref() {
        Some("5" | "6" | "261" | "517") => TransferError::InUse(url.to_owned()),
        _ => error.into(),
    }
}

/// Waits a little until no process of Akademi is connected there, and sees that none migrates it.
async fn alone(target: &mut PgConnection, name: &str) -> Result<(), TransferError> {
    let others = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() \
         AND pid <> pg_backend_pid() AND application_name = 'akademi'";
    let started = std::time::Instant::now();
    loop {
        let count: i64 = sqlx::query_scalar(others).fetch_one(&mut *target).await?;
        if count == 0 {
            break;
        }
        if started.elapsed() > PATIENCE {
            return Err(TransferError::InUse(name.to_owned()));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let lock = format!("SELECT pg_try_advisory_lock({})", crate::migrate::LOCK);
    let ours: bool = sqlx::query_scalar(AssertSqlSafe(lock))
        .fetch_one(target)
        .await?;
    if ours {
        Ok(())
    } else {
        Err(TransferError::InUse(name.to_owned()))
    }
}

async fn copy_table(
    source: &mut SqliteConnection,
    target: &mut PgConnection,
    table: &Table,
) -> Result<(), TransferError> {
    let insert = table.insert();
    let mut waiting: Vec<Row> = Vec::new();
    let mut characters = 0;
    let mut rows = source.rows(table);
    while let Some(row) = rows.try_next().await? {
        characters += row.iter().flatten().map(String::len).sum::<usize>();
        waiting.push(row);
        if waiting.len() == MOST_ROWS || characters > MOST_CHARACTERS {
            send(target, &insert, table, std::mem::take(&mut waiting)).await?;
            characters = 0;
        }
    }
    send(target, &insert, table, waiting).await?;
    for restart in table.restarts() {
        target.execute(AssertSqlSafe(restart)).await?;
    }
    Ok(())
}

/// Inserts rows by one statement, a list of values for each column.
async fn send(
    target: &mut PgConnection,
    insert: &str,
    table: &Table,
    rows: Vec<Row>,
) -> Result<(), TransferError> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut columns: Vec<Vec<Option<String>>> = Vec::new();
    columns.resize_with(table.columns.len(), || Vec::with_capacity(rows.len()));
    for row in rows {
        for (column, value) in columns.iter_mut().zip(row) {
            column.push(value);
        }
    }
    let mut query = sqlx::query(AssertSqlSafe(insert.to_owned()));
    for (values, column) in columns.into_iter().zip(&table.columns) {
        query = query.bind(contents::as_sent(column.kind, values));
    }
    query.execute(target).await?;
    Ok(())
}

/// Names of the tables of a PostgreSQL database, whoever made them.
pub async fn tables_there(url: &str) -> Result<Vec<String>, TransferError> {
    let mut target = url.parse::<PgConnectOptions>()?.connect().await?;
    let names = shape::names(&mut target).await?;
    target.close().await?;
    Ok(names)
}
