//! What a change writes last: rows that nobody reads before, sent at once.
//!
//! Under a lock every round trip is a wait for others. PostgreSQL takes the inserts into several
//! tables as one statement; SQLite has no such statement, and no round trips either.

use crate::DatabaseError;
use sea_orm::{
    ConnectionTrait, DatabaseBackend, EntityTrait, IntoActiveModel, QueryTrait as _,
    sea_query::{CommonTableExpression, InsertStatement, WithClause},
};

/// Rows that one statement inserts at most: databases limit its values.
const MOST_INSERTED: usize = 1000;

/// Inserts into one table after the other.
#[derive(Debug, Default)]
pub(crate) struct Tail {
    inserts: Vec<InsertStatement>,
    rows: usize,
}

impl Tail {
    /// Adds rows of one table.
    pub(crate) fn add<E>(&mut self, rows: impl IntoIterator<Item = E::Model>)
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        let rows = rows.into_iter().map(IntoActiveModel::into_active_model);
        let rows: Vec<E::ActiveModel> = rows.collect();
        self.rows += rows.len();
        for slice in rows.chunks(MOST_INSERTED) {
            let insert = E::insert_many(slice.iter().cloned());
            self.inserts.push(insert.into_query());
        }
    }

    /// Adds what another one has.
    pub(crate) fn append(&mut self, other: Self) {
        self.rows += other.rows;
        self.inserts.extend(other.inserts);
    }

    /// Sends all of it.
    pub(crate) async fn write(
        self,
        connection: &impl ConnectionTrait,
    ) -> Result<(), DatabaseError> {
        let together = connection.get_database_backend() == DatabaseBackend::Postgres
            && self.rows <= MOST_INSERTED;
        let mut inserts = self.inserts;
        let last = if together { inserts.pop() } else { None };
        let Some(last) = last else {
            for insert in &inserts {
                connection.execute(insert).await?;
            }
            return Ok(());
        };
        if inserts.is_empty() {
            connection.execute(&last).await?;
            return Ok(());
        }
        let mut with = WithClause::new();
        for (number, insert) in inserts.into_iter().enumerate() {
            let mut table = CommonTableExpression::new();
            table.table_name(format!("inserted_{number}")).query(insert);
            with.cte(table);
        }
        connection.execute(&last.with(with)).await?;
        Ok(())
    }
}
