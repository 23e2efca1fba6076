//! The row of a row: what it says until it is decided, and what became of it.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import_rows")]
#[expect(
    missing_docs,
    reason = "the columns are described in tables.sql and by the wire type of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub import_id: Uuid,
    pub line: i32,
    pub external_key: Option<String>,
    pub content: Option<Json>,
    pub claimed: Option<String>,
    pub pass: i32,
    pub outcome: String,
    pub thing_id: Option<Uuid>,
    pub problems: Option<Json>,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
