//! The row of an employer or organiser.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organisations")]
#[expect(
    missing_docs,
    reason = "the columns are the members of the wire type of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: String,
    pub name: String,
    pub official_code: Option<String>,
    pub parent_id: Option<Uuid>,
    pub municipality_id: Option<Uuid>,
    pub language: String,
    pub time_zone: String,
    pub created_at: ChronoDateTimeUtc,
    /// The organiser that keeps its data as long as nobody of its own does.
    pub keeper_id: Option<Uuid>,
    pub version: i32,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
