//! The row of a task that makes up for half days.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "make_up_tasks")]
#[expect(
    missing_docs,
    reason = "the columns are described in the migration and by the wire type"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub round_id: Uuid,
    pub organiser_id: Uuid,
    pub title: Json,
    pub description: Option<Json>,
    pub half_days: i32,
    pub due_on: Option<ChronoDate>,
    pub version: i32,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
