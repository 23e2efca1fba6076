//! When the database says no.

use sea_orm::{DbErr, RuntimeErr, SqlErr};
use shared_types::{Problem, codes};
use std::fmt;

/// Why a database operation failed.
#[derive(Debug)]
pub enum DatabaseError {
    /// A unique constraint; the text names it.
    Unique(String),
    /// A reference to something that is not there; the text names the constraint.
    Reference(String),
    /// The operation lost against another one or waited too long; it may be repeated.
    Busy(DbErr),
    /// The database can't be reached.
    Unreachable(DbErr),
    /// Anything else: our bug.
    Other(DbErr),
    /// A row that this version can't understand.
    Corrupt(String),
}

impl DatabaseError {
    /// Whether a unique constraint of this table and column was violated. Constraints are
    /// named `uq_{table}__{column}`; SQLite names the column itself.
    pub fn violates(&self, table: &str, column: &str) -> bool {
        let Self::Unique(text) = self else {
            return false;
        };
        text.contains(&format!("uq_{table}__{column}"))
            || text.contains(&format!("{table}.{column}"))
    }
}

impl From<DbErr> for DatabaseError {
    fn from(error: DbErr) -> Self {
        if let Some(SqlErr::UniqueConstraintViolation(text)) = error.sql_err() {
            return Self::Unique(text);
        }
        if let Some(SqlErr::ForeignKeyConstraintViolation(text)) = error.sql_err() {
            return Self::Reference(text);
        }
        match &error {
            DbErr::ConnectionAcquire(_) => Self::Busy(error),
            DbErr::Conn(_) => Self::Unreachable(error),
            DbErr::Query(RuntimeErr::SqlxError(cause))
            | DbErr::Exec(RuntimeErr::SqlxError(cause)) => match cause.as_ref() {
                sea_orm::sqlx::Error::Io(_) | sea_orm::sqlx::Error::PoolClosed => {
                    Self::Unreachable(error)
                }
                sea_orm::sqlx::Error::PoolTimedOut => Self::Busy(error),
                sea_orm::sqlx::Error::Database(database) if is_busy(database.code().as_deref()) => {
                    Self::Busy(error)
                }
                _ => Self::Other(error),
            },
            _ => Self::Other(error),
        }
    }
}

/// PostgreSQL: serialisation failure, deadlock, lock not available, statement or idle transaction
/// out of time, shutting down. SQLite: busy, busy snapshot, locked.
fn is_busy(code: Option<&str>) -> bool {
    matches!(
        code,
        Some(
            "40001"
                | "40P01"
                | "55P03"
                | "57014"
                | "25P03"
                | "57P01"
                | "57P03"
                | "5"
                | "517"
                | "6"
                | "262"
        )
    )
}

/// An error that may say that a transaction gave way to another one: nothing is wrong with it, and
/// done again at once it will probably succeed.
pub trait GaveWay {
    /// Whether it says so.
    fn gave_way(&self) -> bool;
}

impl GaveWay for DatabaseError {
    /// PostgreSQL: serialisation failure and deadlock. SQLite has one writer, which never gives
    /// way.
    fn gave_way(&self) -> bool {
        let Self::Busy(DbErr::Query(cause) | DbErr::Exec(cause)) = self else {
            return false;
        };
        let RuntimeErr::SqlxError(cause) = cause else {
            return false;
        };
        let code = cause.as_database_error();
        let code = code.and_then(sea_orm::sqlx::error::DatabaseError::code);
        matches!(code.as_deref(), Some("40001" | "40P01"))
    }
}

impl GaveWay for Problem {
    fn gave_way(&self) -> bool {
        let cause = self.source().and_then(|source| source.downcast_ref());
        cause.is_some_and(DatabaseError::gave_way)
    }
}

impl fmt::Display for DatabaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unique(text) => write!(f, "unique constraint: {text}"),
            Self::Reference(text) => write!(f, "reference: {text}"),
            Self::Busy(error) => write!(f, "database busy: {error}"),
            Self::Unreachable(error) => write!(f, "database unreachable: {error}"),
            Self::Other(error) => write!(f, "database: {error}"),
            Self::Corrupt(what) => write!(f, "unreadable row: {what}"),
        }
    }
}

impl std::error::Error for DatabaseError {}

impl From<DatabaseError> for Problem {
    fn from(error: DatabaseError) -> Self {
        match error {
            DatabaseError::Unique(_) | DatabaseError::Reference(_) => {
                Self::of(&codes::CONFLICT).caused_by(error)
            }
            DatabaseError::Busy(_) | DatabaseError::Unreachable(_) => Self::of(&codes::UNAVAILABLE)
                .retry_after(1)
                .caused_by(error),
            DatabaseError::Other(_) | DatabaseError::Corrupt(_) => Self::internal(error),
        }
    }
}
