//! The row of a file that was handed in.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "imports")]
#[expect(
    missing_docs,
    reason = "the columns are described in tables.sql and by the wire type of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: String,
    pub mode: String,
    pub state: String,
    pub organisation_id: Uuid,
    pub owner_id: Uuid,
    pub format: String,
    pub encoding: String,
    pub separator: Option<String>,
    pub ignored_columns: Json,
    pub caller: Json,
    pub rows_count: i32,
    pub created_count: i32,
    pub changed_count: i32,
    pub unchanged_count: i32,
    pub refused_count: i32,
    pub pass: i32,
    pub decided_before: i32,
    pub created_at: ChronoDateTimeUtc,
    pub ended_at: Option<ChronoDateTimeUtc>,
    pub version: i32,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Rows that were decided.
    pub fn decided(&self) -> i32 {
        self.created_count + self.changed_count + self.unchanged_count + self.refused_count
    }
}
