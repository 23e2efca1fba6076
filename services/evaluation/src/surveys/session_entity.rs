//! The row of a session, as far as surveys wait for it.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "survey_sessions")]
#[expect(
    missing_docs,
    reason = "the columns are described in the migration and by the wire type of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub round_id: Uuid,
    pub cancelled: bool,
    pub ends_at: Option<ChronoDateTimeUtc>,
    pub version: i32,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
