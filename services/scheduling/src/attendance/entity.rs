//! The row of a mark: whether somebody was there for half a day.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attendance_marks")]
#[expect(
    missing_docs,
    reason = "the columns are described in the migration and by the wire type"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub session_id: Uuid,
    pub round_id: Uuid,
    pub person_id: Uuid,
    pub day: i32,
    pub half: String,
    pub status: String,
    pub site_id: Option<Uuid>,
    pub marked_at: ChronoDateTimeUtc,
    pub version: i32,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
