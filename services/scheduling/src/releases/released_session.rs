//! The row of a session as it was last released.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "released_sessions")]
#[expect(
    missing_docs,
    reason = "the columns are the members of the wire type of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub session_id: Uuid,
    pub round_id: Uuid,
    pub organiser_id: Uuid,
    pub kind: String,
    pub status: String,
    pub sequence: i32,
    pub changed_at: ChronoDateTimeUtc,
    pub cancelled_at: Option<ChronoDateTimeUtc>,
    pub starts_at: Option<ChronoDateTimeUtc>,
    pub ends_at: Option<ChronoDateTimeUtc>,
    pub content: Json,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
