//! The row of a release, which never changes.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "releases")]
#[expect(
    missing_docs,
    reason = "the columns are the members of the wire type of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub round_id: Uuid,
    pub number: i32,
    pub released_at: ChronoDateTimeUtc,
    pub released_by: String,
    pub content: Json,
    pub findings: Json,
    pub affected_count: i32,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
